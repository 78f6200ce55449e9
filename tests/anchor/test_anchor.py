"""The anchor at the table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor import history_from_json
from tests.problems import additive_problems, one_choice


@pytest.fixture(scope="module")
def rental():
    return bg.load("rental")


def outcome_of(package):
    return {term.issue: term.value for term in package.terms}


@settings(max_examples=100, deadline=None)
@given(
    problem=additive_problems(),
    betas=st.tuples(*[st.sampled_from([0.2, 1.0, 5.0])] * 2),
    deadline=st.integers(1, 9),
    first=st.integers(0, 1),
)
def test_the_anchor_accepts_exactly_where_its_policy_would(problem, betas, deadline, first):
    policies = [bg.TimeDependent(beta=beta) for beta in betas]
    session = bg.alternating_offers(problem, policies, deadline=deadline, first=first)
    anchors = [bg.Anchor(problem, party=i, policy=policies[i], deadline=deadline) for i in range(2)]
    for i in range(session.rounds):
        answering = anchors[1 - problem.party_index(session.offers[i].party)]
        decision = answering.advise(session.offers[: i + 1]).decision
        agreed = session.agreement is not None and i == session.rounds - 1
        assert (decision == "accept") == agreed


def test_packages_reach_the_target_and_leave_the_other_as_much_as_possible(rental):
    anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(), deadline=11)
    stingy = (3900, 2500, "May 1", "2 years")
    advice = anchor.advise([bg.Offer("landlord", stingy, round=r) for r in (0, 2, 4)])
    assert advice.decision == "counter"
    target = advice.private.target
    best = bg.best_offer(rental, party="tenant", at_least=target)
    assert outcome_of(advice.public.packages[0]) == best
    assert min(advice.private.package_values) >= target
    assert len({tuple(package.terms) for package in advice.public.packages}) == 3


def test_packages_are_worth_nearly_the_same_to_me_and_differ(rental):
    anchor = bg.Anchor(rental, party="landlord", policy=bg.TimeDependent(), deadline=21)
    for number in range(2, 21, 2):
        stingy = (3100, 500, "July 1", "2 years")
        advice = anchor.advise([bg.Offer("tenant", stingy, round=number - 1)])
        if advice.decision == "accept":
            break
        values = advice.private.package_values
        top = max(values[0], advice.private.target)
        assert max(values) <= top + 0.02 * 3900 + 1e-9
        assert min(values) >= advice.private.target
    assert number > 10


def test_one_package_is_offered_when_one_is_asked_for(rental):
    anchor = bg.Anchor(rental, party=0, policy=bg.TimeDependent(), deadline=9, packages=1)
    assert len(anchor.advise().public.packages) == 1


def test_what_the_other_offered_before_comes_back_when_it_is_good_enough(rental):
    anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(beta=0.2), deadline=10)
    generous, mean = (3100, 500, "July 1", "2 years"), (3900, 2500, "May 1", "1 month")
    history = [
        bg.Offer("landlord", generous, round=0),
        bg.Offer("tenant", (3100, 500, "July 1", "1 month"), round=1),
        bg.Offer("landlord", mean, round=6),
    ]
    advice = anchor.advise(history)
    assert "returns_their_earlier_offer" in advice.reasons
    assert outcome_of(advice.public.packages[0]) == rental.space.validate(generous)


@pytest.mark.parametrize("other", ["believed", "exact", "unknown"])
def test_what_stands_beside_their_earlier_offer_is_worth_as_much(rental, other):
    policy = bg.TimeDependent(beta=1)
    anchor = bg.Anchor(rental, party="tenant", policy=policy, deadline=12, other=other)
    history = [
        bg.Offer("landlord", (3500, 500, "June 1", "1 year"), round=0),
        bg.Offer("landlord", (3900, 2500, "May 1", "2 years"), round=6),
    ]
    advice = anchor.advise(history)
    assert "returns_their_earlier_offer" in advice.reasons
    first, *others = advice.private.package_values
    assert first == 2675
    assert others
    assert all(2675 <= worth <= 2675 + 0.02 * 3900 for worth in others)


def test_an_earlier_offer_better_than_the_grid_has_stands_alone():
    price = bg.Issue.continuous("price", 0, 1)
    parties = {
        "me": bg.AdditiveUtility({"price": bg.Quadratic(0, 1, 0)}),
        "you": bg.AdditiveUtility({"price": bg.Linear(0, 1)}),
    }
    problem = bg.BargainingProblem([price], parties)
    anchor = bg.Anchor(problem, party="me", policy=bg.TimeDependent(), deadline=9, grid=4)
    generous, mean = {"price": 0.5}, {"price": 0.0}
    history = [bg.Offer("you", generous, round=0), bg.Offer("you", mean, round=6)]
    advice = anchor.advise(history)
    assert advice.private.package_values == (problem.evaluate(generous)[0],)


def test_the_last_offer_is_taken_or_left(rental):
    anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(floor=0.5), deadline=4)
    low, high = (3900, 2500, "May 1", "2 years"), (3300, 2500, "July 1", "1 month")
    assert anchor.advise([bg.Offer("landlord", low, round=3)]).decision == "walk"
    assert anchor.advise([bg.Offer("landlord", high, round=3)]).decision == "accept"
    assert anchor.advise([bg.Offer("landlord", high, round=4)]).reasons == ("deadline_passed",)


def test_a_clock_moves_the_target(rental):
    anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(), deadline=100)
    early, late = anchor.advise(now=0.1), anchor.advise(now=0.9)
    assert early.private.target > late.private.target
    assert (early.private.time, late.private.time) == (0.1, 0.9)
    assert anchor.advise(now=1.01).decision == "walk"


def test_a_continuous_contract_gets_an_efficient_package_and_others_worth_the_same():
    problem = bg.load("supply_contract")
    frontier = bg.pareto_frontier(problem).utilities[::-1]
    anchor = bg.Anchor(problem, party="buyer", policy=bg.TimeDependent(), deadline=7)
    counts = []
    for number in range(0, 7, 2):
        history = [bg.Offer("supplier", problem.space.sample(1, seed=0)[0], round=number)]
        advice = anchor.advise(history)
        if advice.decision != "counter":
            continue
        package, *others = advice.public.packages
        buyer, supplier = problem.evaluate(outcome_of(package))
        for other in others:
            worths = problem.evaluate(outcome_of(other))
            assert worths[0] == pytest.approx(buyer, abs=1e-9)
            assert 0.75 * supplier <= worths[1] <= supplier + 1e-9
            assert other != package
        counts.append(len(others))
        if buyer <= frontier[-1, 0]:
            assert supplier == pytest.approx(np.interp(buyer, *frontier.T), abs=1e-9)
    assert max(counts) == 2


def test_two_anchors_close_a_deal_better_for_both_than_two_plain_policies(rental):
    policies = [bg.TimeDependent(beta=0.5)] * 2
    plain = bg.alternating_offers(rental, policies, deadline=20)
    anchors = [bg.Anchor(rental, party=i, policy=policies[i], deadline=20) for i in range(2)]
    history = []
    for number in range(21):
        advice = anchors[number % 2].advise(history)
        if advice.decision != "counter":
            break
        outcome = outcome_of(advice.public.packages[0])
        history.append(bg.Offer(number % 2, outcome, round=number))
    assert advice.decision == "accept"
    worth = rental.evaluate(history[-1].outcome)
    assert worth.sum() >= plain.utilities.sum()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"party": "nobody"}, "party"),
        ({"deadline": 0}, "deadline"),
        ({"deadline": float("nan")}, "deadline"),
        ({"policy": "tough"}, "policy"),
        ({"policy": bg.RandomOffers()}, "policy: expected a policy that does not draw"),
        ({"packages": 4}, "packages"),
        ({"packages": 0}, "packages"),
        ({"problem": "rental"}, "problem"),
    ],
)
def test_anchors_that_cannot_be_are_refused(rental, options, match):
    given_ = {"problem": rental, "party": 0, "policy": bg.TimeDependent(), "deadline": 5} | options
    with pytest.raises(bg.InvalidArgumentError, match=match):
        bg.Anchor(given_.pop("problem"), **given_)


def test_a_mixed_problem_offers_from_a_grid_but_takes_any_price():
    issues = [bg.Issue.continuous("price", 0, 10), bg.Issue.choice("gift", ["no", "yes"])]
    seller = bg.AdditiveUtility({"price": bg.Linear(0, 1), "gift": {"no": 0.3}})
    buyer = bg.AdditiveUtility({"price": bg.Linear(1, 0), "gift": {"yes": 0.5}})
    problem = bg.BargainingProblem(
        issues, {"seller": seller, "buyer": buyer}, disagreement_point=(0.3, 0.3)
    )
    anchor = bg.Anchor(problem, party="seller", policy=bg.TimeDependent(), deadline=10, grid=5)
    counter = anchor.advise()
    assert outcome_of(counter.public.packages[0])["price"] in (0, 2.5, 5, 7.5, 10)
    odd = {"price": 8.123, "gift": "yes"}
    assert anchor.advise([bg.Offer("buyer", odd, round=8)]).decision == "accept"
    low = {"price": 2.99, "gift": "yes"}
    assert anchor.advise([bg.Offer("buyer", low, round=9)]).decision == "walk"


def test_an_offer_that_is_no_outcome_is_refused_with_the_reason(rental):
    anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(), deadline=10)
    offer = {"rent": "3500 USD", "deposit": 500, "start": "May 1", "length": "1 year"}
    advice = anchor.advise([bg.Offer("landlord", offer)])
    assert advice.private.offer_problem.startswith("issue 'rent': expected one of 3100")
    assert "issue 'rent'" in str(advice)
    assert "issue 'rent'" not in str(advice.to_dict()["public"])


@pytest.mark.parametrize(
    ("history", "match"),
    [
        ("hello", "history"),
        ([5], r"history\[0\]"),
        ([{"party": "tenant"}], "outcome"),
        ([{"party": "x", "outcome": {}}], "party"),
        ([{"party": 0, "outcome": {}, "worth": 3}], "worth"),
        ([{"party": 0, "outcome": {}, "round": -1}], "round"),
        ([{"party": 0, "outcome": {}, "round": 10**7}], r"history\[0\].round"),
    ],
)  # fmt: skip
def test_histories_that_are_none_are_refused(rental, history, match):
    anchor = bg.Anchor(rental, party=0, policy=bg.TimeDependent(), deadline=5)
    with pytest.raises(bg.InvalidArgumentError, match=match):
        anchor.advise(history)


@pytest.mark.parametrize(
    "text", ["", "{}", "[", '[{"party": 0}]', '[{"party": 0, "outcome": {}, "x": 1}]', "[NaN]"]
)
def test_bad_history_files_get_one_line(text):
    with pytest.raises(bg.FileFormatError) as caught:
        history_from_json(text, "history.json")
    assert str(caught.value).startswith("history.json: ")
    assert "\n" not in str(caught.value)


def test_three_parties_are_advised_too():
    problem = one_choice([(1, 1, 1), (3, 0, 0), (2, 2, 1), (0, 3, 3)])
    anchor = bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=3)
    advice = anchor.advise([bg.Offer(1, {"pick": "o3"}), bg.Offer(2, {"pick": "o0"})])
    assert advice.decision == "accept"
    assert set(advice.private.other_values) == {"p1", "p2"}


def test_three_parties_with_mixed_issues_are_advised_from_a_grid():
    issues = [bg.Issue.choice("c", ["a", "b"]), bg.Issue.continuous("x", 0, 1)]
    parties = {
        "p": bg.AdditiveUtility({"x": bg.Linear(0, 1), "c": {"a": 1}}),
        "q": bg.AdditiveUtility({"x": bg.Linear(1, 0), "c": {"b": 1}}),
        "r": bg.AdditiveUtility({"x": bg.Linear(0.5, 0.5)}),
    }
    problem = bg.BargainingProblem(issues, parties)
    anchor = bg.Anchor(problem, party="p", policy=bg.TimeDependent(), deadline=3, grid=5)
    advice = anchor.advise()
    assert advice.decision == "counter"
    assert "no_agreement_zone" not in advice.reasons


@pytest.mark.parametrize("deadline", [4, 10])
def test_who_takes_what_stands_is_taken_at_its_word_though_rounds_are_over(deadline):
    rental = bg.load("rental")
    policy = bg.TimeDependent(beta=0.2, floor=0.6)
    anchor = bg.Anchor(rental, party="tenant", policy=policy, deadline=deadline)
    low = (3900, 2500, "May 1", "1 month")
    history, state = [], None
    for _ in range(0, deadline, 2):
        history.append(bg.Offer("landlord", low))
        advice = anchor.advise(history, state=state)
        packages = [tuple(term.value for term in p.terms) for p in advice.public.packages]
        history.append(bg.Offer("tenant", packages[0]))
        state = advice.private.state
    assert history[-1].party == "tenant"
    for package in packages:
        taken = anchor.advise([*history, bg.Offer("landlord", package)], state=state)
        assert (taken.decision, taken.reasons) == ("accept", ("returns_own_offer",))
        (public,) = taken.public.packages
        assert tuple(term.value for term in public.terms) == package
    # anything else comes too late, and so does what stood before something else was said
    late = anchor.advise([*history, bg.Offer("landlord", low)], state=state)
    assert (late.decision, late.reasons) == ("walk", ("deadline_passed",))
    twice = [*history, bg.Offer("landlord", low), bg.Offer("landlord", packages[0])]
    assert anchor.advise(twice, state=state).decision == "walk"
    # time that is past is past
    assert anchor.advise([*history, bg.Offer("landlord", packages[0])], now=1.1).decision == "walk"
