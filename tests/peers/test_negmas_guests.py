"""Guests in both directions play as they do at home."""

from __future__ import annotations

import warnings
from itertools import product

import numpy as np
import pytest

import bargain as bg
from tests.peers.sessions import our_session, peer_session, random_problem

negmas = pytest.importorskip("negmas", reason="NegMAS, an optional peer, is not installed")

from bargain.adapters.negmas import (  # noqa: E402
    AnchorNegotiator,
    Guest,
    PolicyNegotiator,
    from_negmas,
    sao_times,
    to_negmas,
)

KINDS = [
    negmas.BoulwareTBNegotiator,
    negmas.ConcederTBNegotiator,
    negmas.AspirationNegotiator,
    negmas.NaiveTitForTatNegotiator,
    negmas.ToughNegotiator,
    negmas.NiceNegotiator,
]
POLICIES = {
    "planned": bg.TimeDependent(beta=0.5, floor=0.2),
    "responsive": bg.TitForTat("averaged", delay=2),
    "looks at the offers": bg.TradeOff(bg.TimeDependent(beta=0.7), "smith"),
    "mixture": bg.Mixture(["linear"], [1.0]),
    "script": bg.Scripted([("v0", "v1")]),
}


@pytest.mark.parametrize("n_steps", [1, 2, 10, 37])
@pytest.mark.parametrize("seed", range(3))
def test_two_guests_at_our_table_are_two_negotiators_at_home(seed, n_steps):
    problem = random_problem(seed, 3)
    for first, second in zip(KINDS, KINDS[1:] + KINDS[:1], strict=True):
        if negmas.NiceNegotiator in (first, second):
            continue  # it draws its offers
        theirs, agreed = peer_session(problem, (first, second), n_steps)
        ours, our_agreed = our_session(problem, (Guest(first), Guest(second)), n_steps)
        assert our_agreed == agreed
        assert ours == (theirs if agreed is not None else theirs[: 2 * n_steps - 1])


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("kind", KINDS[:4], ids=lambda kind: kind.__name__)
def test_a_policy_meets_a_negotiator_the_same_at_both_tables(name, kind):
    problem = random_problem(1, 2)
    policy = POLICIES[name]
    for n_steps in (1, 2, 3, 20):
        for ours_first in (True, False):
            guest, visitor = Guest(kind), PolicyNegotiator(policy=policy)
            there = (visitor, kind) if ours_first else (kind, visitor)
            here = (policy, guest) if ours_first else (guest, policy)
            theirs, agreed = peer_session(problem, there, n_steps)
            ours, our_agreed = our_session(problem, here, n_steps)
            assert our_agreed == agreed
            assert ours == (theirs if agreed is not None else theirs[: 2 * n_steps - 1])


def test_two_policies_play_in_their_mechanism_as_at_our_table():
    problem = random_problem(2, 3)
    for first in POLICIES.values():
        if isinstance(first, bg.Scripted):
            continue
        for second in (bg.TimeDependent(beta=2), bg.AcceptAbove(0.5)):
            if isinstance(second, bg.AcceptAbove):
                second = bg.TradeOff(bg.TimeDependent(beta=0.7), acceptance=second)
            ours, agreed = our_session(problem, (first, second), 12)
            visitors = [PolicyNegotiator(policy=first), PolicyNegotiator(policy=second)]
            theirs, their_agreed = peer_session(problem, visitors, 12)
            assert their_agreed == agreed
            assert theirs[: len(ours)] == ours


def test_an_anchor_follows_its_advice_in_their_mechanism():
    rental = bg.load("rental")
    n_steps = 20
    anchor = bg.Anchor(
        rental, "tenant", bg.TimeDependent(beta=0.5), deadline=len(sao_times(n_steps))
    )
    rows, agreed = peer_session(
        rental, (negmas.BoulwareTBNegotiator, AnchorNegotiator(anchor=anchor)), n_steps
    )
    history = []
    for r, row in enumerate(rows):
        advice = anchor.advise(history)
        if r % 2:  # the anchor's turn to propose
            assert advice.decision == "counter"
            offered = {term.issue: term.value for term in advice.public.packages[0].terms}
            assert rental.space.row(offered) == row
        history.append(bg.Offer(r % 2, rental.space.outcome(row), round=r))
    assert agreed is not None
    assert rental.utilities()[agreed, 1] >= rental.disagreement_point[1]
    by_anchor = anchor.advise(history).decision == "accept"
    assert by_anchor == (len(rows) % 2 == 1)


def cautious(negotiator):
    """Return an anchor for the side that a negotiator plays, the other believed to be opposed."""
    space, own = negotiator.nmi.outcome_space, negotiator.ufun
    opposed = negmas.MappingUtilityFunction(
        lambda outcome: 1.0 - float(own(outcome)), outcome_space=space, reserved_value=0.0
    )
    problem = from_negmas(space, [own, opposed], parties=["own", "other"])
    return bg.Anchor(problem, "own", bg.TimeDependent(beta=0.5), deadline=negotiator.n_rounds)


def test_a_policy_and_an_anchor_play_in_their_tournaments():
    from negmas.inout import Scenario
    from negmas.tournaments.neg import cartesian_tournament

    problem = random_problem(0, 2, reservations=(0.0,))
    space, ufuns = to_negmas(problem, additive=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = cartesian_tournament(
            [PolicyNegotiator, AnchorNegotiator, negmas.ConcederTBNegotiator],
            [Scenario(space, tuple(ufuns))],
            competitor_params=[{"policy": "boulware"}, {"anchor": cautious}, {}],
            competitor_names=["policy", "anchor", "conceder"],
            n_steps=20,
            njobs=-1,
            verbosity=0,
            path=None,
        )
    assert not found.details["has_error"].any()
    pairs = {tuple(pair) for pair in found.details["partners"]}
    assert pairs == set(product(("policy", "anchor", "conceder"), repeat=2))
    scores = dict(zip(found.final_scores["strategy"], found.final_scores["score"], strict=True))
    # who concedes late gets more of who concedes at once
    assert scores["policy"] > scores["conceder"]
    assert scores["anchor"] > scores["conceder"]


@pytest.mark.parametrize("seed", range(4))
def test_problems_survive_the_round_trip(seed):
    problem = random_problem(seed, 3)
    space, ufuns = to_negmas(problem)
    back = from_negmas(space, ufuns)
    assert back.parties == problem.parties
    assert back.space == problem.space
    np.testing.assert_array_equal(back.utilities(), problem.utilities())
    np.testing.assert_array_equal(back.disagreement_point, problem.disagreement_point)


def test_additive_utilities_of_published_cases_stay_the_same():
    problem = bg.load("rental")
    space, ufuns = to_negmas(problem, additive=True)
    back = from_negmas(space, ufuns)
    assert back.is_additive
    np.testing.assert_allclose(back.utilities(), problem.utilities(), rtol=1e-14)
    np.testing.assert_array_equal(back.disagreement_point, problem.disagreement_point)


def test_whole_numbers_keep_their_order_and_their_kind():
    issues = [
        bg.Issue.integer("price", 3, 6),
        bg.Issue.integer("days", 30, 90, step=30),
        bg.Issue.choice("gift", [True, "no", 2.5]),
        bg.Issue.integer("one", 7, 7),
    ]
    wants = bg.AdditiveUtility({"price": bg.Linear(0, 1), "gift": {"no": 0.3}})
    problem = bg.BargainingProblem(issues, {"a": wants, "b": bg.AdditiveUtility({})})
    space, ufuns = to_negmas(problem)
    assert list(space.enumerate()) == [tuple(outcome.values()) for outcome in problem.space]
    back = from_negmas(space, ufuns)
    assert [tuple(o.values()) for o in back.space] == [tuple(o.values()) for o in problem.space]
    np.testing.assert_array_equal(back.utilities(), problem.utilities())


def test_linear_additive_utilities_stay_additive():
    issues = [negmas.make_issue(["a", "b"], "x"), negmas.make_issue((1, 3), "y")]
    ufun = negmas.LinearAdditiveUtilityFunction(
        values={"x": {"a": 0.2, "b": 1.0}, "y": lambda value: value / 3},
        weights={"x": 0.25, "y": 0.75},
        issues=issues,
        name="ann",
    )
    problem = from_negmas(issues, [ufun, ufun], parties=["ann", "bob"])
    assert problem.is_additive
    expected = [float(ufun(tuple(outcome.values()))) for outcome in problem.space]
    np.testing.assert_allclose(problem.utilities()[:, 0], expected, atol=1e-15)
    # no reservation value in NegMAS: everything is better than no agreement
    assert problem.disagreement_point[0] == problem.utilities()[:, 0].min()


def pie():
    taken = bg.AdditiveUtility({"slices": bg.Linear(0, 1)})
    left = bg.AdditiveUtility({"slices": bg.Linear(1, 0)})
    return bg.BargainingProblem([bg.Issue.integer("slices", 0, 4)], {"a": taken, "b": left})


def test_what_cannot_be_translated_is_refused():
    price = bg.Issue.continuous("price", 0, 1)
    profit = bg.AdditiveUtility({"price": bg.Linear(0, 1)})
    with pytest.raises(bg.UnsupportedProblemError, match="finite issues"):
        to_negmas(bg.BargainingProblem([price], {"a": profit, "b": profit}))
    half = bg.BargainingProblem(
        pie().space, pie().profiles, constraints=[bg.Forbidden({"slices": 4})]
    )
    with pytest.raises(bg.UnsupportedProblemError, match="without constraints"):
        to_negmas(half)
    with pytest.raises(bg.UnsupportedProblemError, match="without constraints"):
        bg.alternating_offers(half, (Guest(negmas.ToughNegotiator), "linear"), deadline=5)
    many = bg.OutcomeSpace([bg.Issue.integer(f"i{k}", 0, 9) for k in range(7)])
    huge = bg.BargainingProblem(many, {"a": bg.AdditiveUtility({}), "b": bg.AdditiveUtility({})})
    with pytest.raises(bg.TooLargeError, match="1000000 outcomes"):
        to_negmas(huge)
    with pytest.raises(bg.UnsupportedProblemError, match="finite issue"):
        from_negmas([negmas.make_issue((0.0, 1.0), "price")], [])
    space, ufuns = to_negmas(pie())
    with pytest.raises(bg.InvalidArgumentError, match="2 names"):
        from_negmas(space, ufuns, parties=["a"])
    nan = negmas.MappingUtilityFunction(lambda outcome: float("nan"), outcome_space=space)
    with pytest.raises(bg.InvalidProblemError, match="'a', outcome 0: expected a finite number"):
        from_negmas(space, [nan, nan], parties=["a", "b"])


def test_a_guest_that_says_nothing_walks_away():
    class Silent(negmas.SAONegotiator):
        def propose(self, state, dest=None):
            return None

    session = bg.alternating_offers(pie(), ("hardliner", Guest(Silent)), deadline=5)
    assert (session.ended, session.left_by, session.rounds) == ("walk_away", "b", 1)


def test_guests_need_a_negotiator_and_two_parties():
    with pytest.raises(bg.InvalidArgumentError, match="make"):
        Guest("boulware")
    with pytest.raises(bg.InvalidArgumentError, match="a negotiator of NegMAS"):
        bg.alternating_offers(pie(), (Guest(dict), "linear"), deadline=5)
    wants = pie().profiles[0].utility
    three = bg.BargainingProblem(pie().space, dict.fromkeys("abc", wants))
    guest = Guest(negmas.ToughNegotiator)
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.alternating_offers(three, ("linear", "linear", guest), deadline=5)


def test_an_anchor_of_another_deadline_is_refused():
    space, ufuns = to_negmas(pie())
    anchor = bg.Anchor(pie(), "a", bg.TimeDependent(), deadline=10)
    mechanism = negmas.SAOMechanism(outcome_space=space, n_steps=10)
    mechanism.add(AnchorNegotiator(anchor=anchor), ufun=ufuns[0])
    mechanism.add(negmas.ToughNegotiator(), ufun=ufuns[1])
    with pytest.raises(bg.InvalidArgumentError, match="19 rounds, got 10"):
        mechanism.run()
    with pytest.raises(bg.InvalidArgumentError, match="an Anchor"):
        AnchorNegotiator(anchor="boulware")
    mechanism = negmas.SAOMechanism(outcome_space=space, n_steps=10)
    for ufun in ufuns:
        mechanism.add(AnchorNegotiator(anchor=lambda negotiator: None), ufun=ufun)
    with pytest.raises(bg.InvalidArgumentError, match="a function that returns one, got None"):
        mechanism.run()


def test_a_mechanism_without_steps_is_refused():
    space, ufuns = to_negmas(pie())
    mechanism = negmas.SAOMechanism(outcome_space=space, time_limit=1)
    for ufun in ufuns:
        mechanism.add(PolicyNegotiator(policy="linear"), ufun=ufun)
    with pytest.raises(bg.UnsupportedProblemError, match="number of steps"):
        mechanism.run()
