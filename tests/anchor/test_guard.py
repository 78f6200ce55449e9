"""Never below the reservation, whatever is on the table and whoever asks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor.packages import EnumeratedMenu
from tests.problems import (
    additive_problems,
    constrained_problems,
    continuous_problems,
    one_choice,
    with_constraints,
)

policies = st.builds(
    bg.TimeDependent,
    beta=st.sampled_from([0.02, 0.2, 1.0, 5.0, 20.0]),
    floor=st.sampled_from([0.0, 0.3, 1.0]),
    k=st.sampled_from([0.0, 0.5, 1.0]),
    acceptance=st.builds(
        bg.AcceptNext,
        scale=st.sampled_from([0.5, 1.0, 100.0]),
        offset=st.sampled_from([-1.0, 0.0, 0.4, 1e6]),
    ),
)

JUNK = [
    "everything", None, 7, True, [], {}, {"i0": "v0", "x": 1}, {"i0": float("nan")}, [1e308],
    {"pick": "12,5"}, float("inf"), ["v0"] * 50, {"i0": 10**400},
]  # fmt: skip


def check(problem, anchor, history, now=None):
    """Advise, and hold every package of the answer against the reservation."""
    me = problem.party_index(anchor.party)
    advice = anchor.advise(history, now=now)
    for package, value in zip(advice.public.packages, advice.private.package_values, strict=True):
        outcome = {term.issue: term.value for term in package.terms}
        assert problem.broken_by(outcome) == ()
        worth = problem.evaluate(outcome)[me]
        assert worth >= problem.disagreement_point[me]
        assert worth == value
    if advice.decision == "accept":
        assert advice.public.packages[0].terms == tuple(
            type(term)(term.issue, problem.space.validate(history[-1]["outcome"])[term.issue],
                       term.unit)
            for term in advice.public.packages[0].terms
        )  # fmt: skip
    return advice


@st.composite
def histories(draw, problem):
    length = draw(st.integers(0, 6))
    history = []
    number = 0
    for _ in range(length):
        number += draw(st.integers(0, 3))
        outcome = draw(
            st.one_of(
                st.sampled_from(JUNK),
                st.integers(0, 10**6).map(lambda s: dict(problem.space.sample(1, seed=s)[0])),
            )
        )
        history.append({"party": draw(st.sampled_from(problem.parties)), "outcome": outcome,
                        "round": number})  # fmt: skip
        number += 1
    return history


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_nothing_below_the_reservation_is_offered_or_accepted(data):
    problem = data.draw(additive_problems(data.draw(st.sampled_from([2, 3]))))
    anchor = bg.Anchor(
        problem,
        party=data.draw(st.integers(0, problem.n_parties - 1)),
        policy=data.draw(policies),
        deadline=data.draw(st.sampled_from([1, 2, 5, 12])),
    )
    history = data.draw(histories(problem))
    now = data.draw(st.sampled_from([None, 0.0, 0.5, 1.0, 1.5]))
    check(problem, anchor, history, now)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_nothing_that_breaks_a_constraint_is_offered_or_accepted(data):
    n_parties = data.draw(st.sampled_from([2, 3]))
    problem, allowed = data.draw(constrained_problems(n_parties))
    assume(any(allowed))
    anchor = bg.Anchor(
        problem,
        party=data.draw(st.integers(0, n_parties - 1)),
        policy=data.draw(policies),
        deadline=data.draw(st.sampled_from([1, 2, 5, 12])),
    )
    history = data.draw(histories(problem))
    advice = check(problem, anchor, history, data.draw(st.sampled_from([None, 0.0, 0.5, 1.5])))
    standing = [problem.parties.index(offer["party"]) for offer in history]
    if advice.reasons[0] == "offer_not_allowed":
        row = problem.space.row(history[-1]["outcome"])
        assert not allowed[row]
        assert standing[-1] != problem.parties.index(anchor.party)
        assert advice.decision != "accept"
        assert advice.private.offer_problem.startswith("it breaks ")


@given(drawn=constrained_problems(3), party=st.integers(0, 2))
def test_a_menu_judges_packages_in_shares_of_all_that_the_others_could_have(drawn, party):
    problem, allowed = drawn
    assume(any(allowed))
    everything, others = problem.utilities(), [i for i in range(3) if i != party]
    spread = np.ptp(everything, axis=0)
    shares = (everything - everything.min(axis=0)) / np.where(spread > 0, spread, 1)
    found = EnumeratedMenu(problem, party).worth_to_others
    expected = np.where(allowed, shares[:, others].min(axis=1), -np.inf)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


@settings(max_examples=30, deadline=None)
@given(
    policy=policies,
    price=st.floats(80, 120),
    late=st.booleans(),
    round=st.integers(0, 4),
)
def test_a_menu_from_a_grid_keeps_the_constraints_of_the_original(policy, price, late, round):
    space = [bg.Issue.continuous("price", 80, 120), bg.Issue.choice("late", [False, True])]
    parties = {
        "buyer": bg.AdditiveUtility({"price": bg.Linear(1, 0), "late": {True: 0.5}}),
        "seller": bg.AdditiveUtility({"price": bg.Linear(0, 1), "late": {False: 0.3}}),
    }
    dear = bg.Implication({"late": True}, {"price": {"at_least": 97.5}})
    unlucky = bg.Forbidden({"price": {"at_least": 100, "at_most": 110}})
    problem = bg.BargainingProblem(space, parties, constraints=[dear, unlucky])
    anchor = bg.Anchor(problem, party="buyer", policy=policy, deadline=5, grid=7)
    offer = {"party": "seller", "outcome": {"price": price, "late": late}, "round": round}
    advice = check(problem, anchor, [offer])
    forbidden = (late and price < 97.5) or 100 < price < 110
    assert ("offer_not_allowed" in advice.reasons) == forbidden


def test_a_forbidden_offer_is_refused_however_good_it_is_and_named_in_private():
    rental = bg.load("rental")
    gift = dict(rental.space.outcome(int(rental.utilities()[:, 1].argmax())))
    rule = bg.Forbidden(gift, name="too good to be true")
    problem = with_constraints(rental, rule)
    anchor = bg.Anchor(problem, party="tenant", policy=bg.policy_from_name("conceder"), deadline=9)
    offers = [bg.Offer("landlord", gift, round=0), bg.Offer("landlord", gift, round=2)]
    for history in (offers[:1], offers):
        advice = check(problem, anchor, history)
        assert (advice.decision, advice.reasons) == ("counter", ("offer_not_allowed",))
        assert advice.private.offer_problem == "it breaks too good to be true"
        assert advice.private.offer_value == rental.utilities()[:, 1].max()
        assert "cannot be agreed: it breaks too good to be true" in str(advice)
        assert "too good" not in str(advice.public)
    assert not bg.Guard(problem, 1).allows(gift)
    assert bg.Guard(problem, 1).broken_by(gift) == (rule,)
    unbound = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(), deadline=9)
    assert unbound.advise(offers[:1]).decision == "accept"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_below_the_reservation_on_continuous_issues(data):
    problem = data.draw(continuous_problems())
    party = data.draw(st.integers(0, 1))
    anchor = bg.Anchor(problem, party=party, policy=data.draw(policies), deadline=5)
    check(problem, anchor, data.draw(histories(problem)))


@given(offset=st.integers(-3, 3), scale=st.sampled_from([1e-300, 1.0, 1e300]))
def test_float_noise_at_the_reservation_is_not_enough(offset, scale):
    reservation = 0.3 * scale
    worth = reservation
    for _ in range(abs(offset)):
        worth = float(np.nextafter(worth, np.inf if offset > 0 else -np.inf))
    problem = one_choice([(worth, scale), (scale, 0)], disagreement_point=(reservation, 0))
    greedy = bg.TimeDependent(beta=20, acceptance=bg.AcceptNext(offset=1e9))
    anchor = bg.Anchor(problem, party=0, policy=greedy, deadline=2)
    history = [{"party": "p1", "outcome": {"pick": "o0"}, "round": 1}]
    advice = check(problem, anchor, history)
    assert (advice.decision == "accept") == (worth >= reservation)


def test_a_policy_that_would_give_everything_away_is_held_back():
    class GivesAway:
        def plan(self, view, times):
            from bargain.play import Plan

            worst = int(np.argmin(view.utilities))
            return Plan(np.full(len(times), worst), np.full(len(times), -np.inf))

    problem = one_choice([(0, 9), (5, 5), (9, 0)], disagreement_point=(4, 0))
    anchor = bg.Anchor(problem, party=0, policy=GivesAway(), deadline=6)
    refused = check(problem, anchor, [{"party": "p1", "outcome": {"pick": "o0"}}])
    assert "offer_below_reservation" in refused.reasons
    assert refused.private.package_values == (5.0,)


def test_an_outcome_is_worth_what_it_is_and_not_what_is_said_of_it():
    guard = bg.Guard(one_choice([(1, 1), (3, 0)], disagreement_point=(2, 0)), 0)
    assert guard.worth({"pick": "o1"}) == 3
    assert guard.worth({"pick": "o1", "worth": 99}) is None
    assert not guard.allows({"pick": "o0"})
    assert guard.allows({"pick": "o1"})


def test_the_guard_stands_where_no_outcome_is_good_enough():
    problem = one_choice([(0, 1), (1, 0)], disagreement_point=(2, 0))
    anchor = bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=5)
    advice = anchor.advise([bg.Offer("p1", {"pick": "o1"})])
    assert (advice.decision, advice.reasons) == ("walk", ("nothing_at_or_above_reservation",))


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_on_the_table_is_refused_and_answered(junk):
    problem = bg.load("rental")
    anchor = bg.Anchor(problem, party="tenant", policy=bg.TimeDependent(), deadline=5)
    advice = anchor.advise([{"party": "landlord", "outcome": junk}])
    assert advice.decision == "counter"
    assert advice.reasons[0] == "offer_not_in_space"
