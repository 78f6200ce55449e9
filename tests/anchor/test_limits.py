"""What a principal allows its agent, and what a person has to approve."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.problems import additive_problems, one_choice


@pytest.fixture(scope="module")
def rental():
    return bg.load("rental")


LOW = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}


def tenant(rental, **options):
    options = {"policy": bg.TimeDependent(), "deadline": 11} | options
    return bg.Anchor(rental, party="tenant", **options)


def outcomes(packages):
    return [{term.issue: term.value for term in package.terms} for package in packages]


@pytest.mark.parametrize("name", ["reservation", "alternative", "floor"])
def test_the_line_is_the_largest_of_reservation_alternative_and_floor(rental, name):
    anchor = tenant(rental, limits=bg.Limits(**{name: 3100.0}))
    assert anchor.guard.reservation == 3100
    advice = anchor.advise([bg.Offer("landlord", LOW, round=8)])
    assert advice.private.reservation == 3100
    assert min(advice.private.package_values) >= 3100
    both = bg.Limits(reservation=10, alternative=3100, floor=20)
    assert tenant(rental, limits=both).guard.reservation == 3100


def test_a_limit_below_what_no_agreement_is_worth_lowers_nothing():
    problem = one_choice([(1, 9), (5, 5), (9, 0)], disagreement_point=(4, 0))
    limits = bg.Limits(reservation=-3, floor=0)
    anchor = bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=3, limits=limits)
    assert anchor.guard.reservation == 4
    assert anchor.advise([bg.Offer(1, {"pick": "o0"}, round=2)]).decision == "walk"


def test_only_allowed_concessions_are_made_and_taken(rental):
    limits = bg.Limits(allowed={"start": ["June 15", "July 1"]}, forbidden=[{"length": "2 years"}])
    anchor = tenant(rental, limits=limits)
    for number in range(0, 11, 2):
        history = [bg.Offer("landlord", LOW, round=number - 1)] if number else []
        for offered in outcomes(anchor.advise(history).public.packages):
            assert offered["start"] in ("June 15", "July 1")
            assert offered["length"] != "2 years"
    gift = {"rent": 3100, "deposit": 500, "start": "May 1", "length": "1 month"}
    refused = anchor.advise([bg.Offer("landlord", gift, round=3)])
    assert refused.decision == "counter"
    assert refused.reasons[0] == "offer_beyond_limits"
    assert "limit" not in str(refused.public)


def test_no_step_is_larger_than_the_largest_concession(rental):
    limits = bg.Limits(largest_concession=100)
    anchor = tenant(rental, policy=bg.TimeDependent(beta=20), limits=limits)
    history, before = [], None
    for number in range(0, 11, 2):
        advice = anchor.advise(history)
        worth = min(advice.private.package_values)
        assert before is None or worth >= before - 100
        before = advice.private.package_values[0]
        (first, *_) = outcomes(advice.public.packages)
        history += [bg.Offer("tenant", first, round=number), bg.Offer("landlord", LOW)]
    assert "largest_concession_reached" in advice.reasons


def test_an_offer_that_is_a_larger_concession_is_not_accepted(rental):
    dear = {"rent": 3500, "deposit": 2500, "start": "May 1", "length": "6 months"}
    mine = {"rent": 3100, "deposit": 500, "start": "July 1", "length": "1 month"}
    history = [bg.Offer("tenant", mine, round=8), bg.Offer("landlord", dear, round=9)]
    assert tenant(rental).advise(history).decision == "accept"
    held = tenant(rental, limits=bg.Limits(largest_concession=100)).advise(history)
    assert (held.decision, held.reasons[0]) == ("counter", "offer_beyond_limits")


def test_what_is_below_the_approval_threshold_waits_for_a_person(rental):
    anchor = tenant(rental, limits=bg.Limits(approval_below=2500))
    history = [bg.Offer("landlord", LOW, round=4)]
    asked = anchor.advise(history)
    assert (asked.decision, asked.private.pending_decision) == ("escalate", "counter")
    assert "needs_approval" in asked.reasons
    # the other side sees nothing of it
    assert asked.public == bg.anchor.advice.PublicAdvice("hold", ())
    pending = outcomes(asked.private.pending)
    assert all(value < 2500 for value in asked.private.pending_values)
    told = anchor.advise(history, approved=pending[:1])
    assert (told.decision, outcomes(told.public.packages)) == ("counter", pending[:1])


def test_accepting_waits_for_approval_too(rental):
    offer = {"rent": 3300, "deposit": 500, "start": "July 1", "length": "2 years"}
    limits = bg.Limits(approval_for=[{"length": ["1 year", "2 years"]}])
    anchor = tenant(rental, limits=limits, policy=bg.policy_from_name("conceder"))
    history = [bg.Offer("landlord", offer, round=5)]
    asked = anchor.advise(history)
    assert (asked.decision, asked.private.pending_decision) == ("escalate", "accept")
    assert "asks a person to approve: accept" in str(asked)
    assert anchor.advise(history, approved=[offer]).decision == "accept"
    # approval is no licence to go below the line
    poor = [bg.Offer("landlord", LOW, round=0)]
    assert anchor.advise(poor, approved=[LOW]).decision == "counter"


def test_limits_that_leave_nothing_are_refused_at_once(rental):
    with pytest.raises(bg.InfeasibleProblemError):
        tenant(rental, limits=bg.Limits(allowed={"rent": 3100}, forbidden=[{"rent": 3100}]))
    with pytest.raises(bg.InfeasibleProblemError):
        tenant(rental, limits=bg.Limits(allowed={"rent": 3900}, floor=4000))


@pytest.mark.parametrize("name", ["floor", "reservation"])
@pytest.mark.parametrize("other", ["believed", bg.FrequencyModel()])
def test_a_line_that_nothing_reaches_is_refused_with_the_best_there_is(rental, name, other):
    best = tenant(rental, other=other).advise().private.best
    with pytest.raises(bg.InfeasibleProblemError) as error:
        tenant(rental, limits=bg.Limits(**{name: best + 1}), other=other)
    told = f"limits: {name}: expected at most {best}, the most that tenant can get, got {best + 1}"
    assert str(error.value) == told
    reached = tenant(rental, limits=bg.Limits(**{name: best}), other=other)
    assert reached.advise().decision == "counter"


def test_who_can_have_more_elsewhere_walks_away(rental):
    best = tenant(rental).advise().private.best
    advice = tenant(rental, limits=bg.Limits(alternative=best + 1)).advise()
    assert (advice.decision, advice.reasons) == ("walk", ("nothing_at_or_above_reservation",))


def test_a_line_beyond_the_grid_is_refused():
    price = bg.Issue.continuous("price", 0, 1)
    peak = bg.AdditiveUtility({"price": bg.Quadratic(0, 1, 0)})
    problem = bg.BargainingProblem(
        [price], {"me": peak, "you": bg.AdditiveUtility({"price": bg.Linear(0, 1)})}
    )
    build = {"party": "me", "policy": "linear", "deadline": 5, "limits": bg.Limits(floor=0.9)}
    assert bg.Anchor(problem, **build).advise().decision == "counter"
    with pytest.raises(bg.InfeasibleProblemError, match=r"floor: expected at most 0\.88"):
        bg.Anchor(problem, **build, grid=4)


def test_what_limits_leave_is_named_where_it_is_not_worth_enough():
    problem = one_choice([(2, 9), (5, 5), (9, 0)], disagreement_point=(4, 0))
    build = {"party": 0, "policy": "linear", "deadline": 5}
    allowed = {problem.space.issues[0].name: problem.space.issues[0].values[0]}
    with pytest.raises(bg.InfeasibleProblemError, match=r"^limits: allowed: .* 4.0 .* got 2.0"):
        bg.Anchor(problem, **build, limits=bg.Limits(allowed=allowed))


@pytest.mark.parametrize("limits", [bg.Limits(), bg.Limits(floor=20)])
def test_where_the_problem_itself_has_no_zone_the_advice_is_to_walk(limits):
    problem = one_choice([(2, 9), (5, 5), (9, 0)], disagreement_point=(10, 0))
    anchor = bg.Anchor(problem, party=0, policy="linear", deadline=5, limits=limits)
    told = anchor.advise()
    assert (told.decision, told.reasons) == ("walk", ("nothing_at_or_above_reservation",))


@pytest.mark.parametrize(
    ("given_", "match"),
    [
        ({"floor": float("nan")}, "limits: floor"),
        ({"floor": "3100"}, "limits: floor"),
        ({"floor": True}, "limits: floor"),
        ({"largest_concession": -1}, "limits: largest_concession"),
        ({"allowed": "rent"}, "limits: allowed"),
        ({"forbidden": {"rent": 3100}}, "limits: forbidden"),
        ({"forbidden": [{}]}, r"limits: forbidden\[0\]: expected conditions on some issue, got n"),
        (
            {"approval_for": [{"rent": 3100}, {"length": "7 years"}]},
            r"limits: approval_for\[1\]: issue 'length': expected one of",
        ),
        ({"allowed": {"rnt": 3100}}, "limits: allowed: issue: expected one of rent, deposit"),
        ({"allowed": {"length": {"at_least": 1}}}, "limits: allowed: issue 'length'.*'at least"),
        ({"forbidden": ["rent"]}, r"limits: forbidden\[0\]"),
        ({"allowed": {"rent": {"around": 3}}}, "limits"),
        ({"forbidden": [{"wage": 3}]}, "limits: .*wage"),
        ({"approval_for": [{"rent": 77}]}, "limits: .*rent"),
        ({"ceiling": 3}, "ceiling"),
    ],
)
def test_limits_that_are_none_are_refused(rental, given_, match):
    with pytest.raises(bg.InvalidArgumentError, match=match):
        tenant(rental, limits=bg.Limits.from_dict(given_))


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_random_limits_hold_whatever_is_offered(data):
    problem = data.draw(additive_problems())
    issue = problem.space.issues[0]
    values = list(issue.values)
    number = st.one_of(st.none(), st.integers(-6, 12))
    limits = bg.Limits(
        floor=data.draw(number),
        alternative=data.draw(number),
        allowed={issue.name: data.draw(st.lists(st.sampled_from(values), min_size=1))},
        largest_concession=data.draw(st.one_of(st.none(), st.integers(0, 3))),
        approval_below=data.draw(number),
    )
    beta = data.draw(st.sampled_from([0.2, 1.0, 20.0]))
    policy = bg.TimeDependent(beta=beta)
    least = problem.disagreement_point[0]
    without = least if limits.alternative is None else max(least, limits.alternative)
    line = without if limits.floor is None else max(without, limits.floor)
    left = [o for o in problem.space if o[issue.name] in limits.allowed[issue.name]]
    has_zone = any(problem.evaluate(outcome)[0] >= without for outcome in problem.space)
    if has_zone and all(problem.evaluate(outcome)[0] < line for outcome in left):
        with pytest.raises(bg.InfeasibleProblemError, match="limits: "):
            bg.Anchor(problem, party=0, policy=policy, deadline=8, limits=limits)
        return
    anchor = bg.Anchor(problem, party=0, policy=policy, deadline=8, limits=limits)
    history, before = [], None
    for number in range(0, 8, 2):
        advice = anchor.advise(history)
        shown = outcomes(advice.public.packages)
        for outcome in shown:
            worth = problem.evaluate(outcome)[0]
            assert worth >= line
            assert outcome[issue.name] in limits.allowed[issue.name]
            assert limits.approval_below is None or worth >= limits.approval_below
            if before is not None and limits.largest_concession is not None:
                assert worth >= before - limits.largest_concession
        if advice.decision != "counter":
            break
        before = problem.evaluate(shown[0])[0]
        seed = data.draw(st.integers(0, 10**6))
        history += [
            bg.Offer(0, shown[0], round=number),
            bg.Offer(1, problem.space.sample(1, seed=seed)[0]),
        ]
