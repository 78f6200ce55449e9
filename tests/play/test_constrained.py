"""What may not be agreed is not offered, not agreed on, and counts for nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.play.test_sessions import policies
from tests.problems import constrained_problems, with_constraints, without_the_forbidden


@settings(max_examples=100)
@given(
    drawn=constrained_problems(),
    pair=st.tuples(policies, policies),
    deadline=st.sampled_from([0, 1, 2, 9]),
    first=st.integers(0, 1),
)
def test_a_session_is_that_over_the_outcomes_left(drawn, pair, deadline, first):
    problem, allowed = drawn
    if not any(allowed):
        with pytest.raises(bg.InfeasibleProblemError):
            bg.alternating_offers(problem, pair, deadline=deadline, first=first)
        return
    left, rows = without_the_forbidden(problem, allowed)
    found = bg.alternating_offers(problem, pair, deadline=deadline, first=first)
    expected = bg.alternating_offers(left, pair, deadline=deadline, first=first)
    assert found.offer_rows.tolist() == rows[expected.offer_rows].tolist()
    assert (found.ended, found.left_by) == (expected.ended, expected.left_by)
    assert found.utilities.tolist() == expected.utilities.tolist()


@given(drawn=constrained_problems(), party=st.integers(0, 1))
def test_a_party_sees_what_may_be_agreed(drawn, party):
    problem, allowed = drawn
    assume(any(allowed))
    view = bg.PartyView.of(problem, party)
    own = problem.utilities()[:, party]
    assert sorted(view.order.tolist()) == np.flatnonzero(allowed).tolist()
    assert view.ascending.tolist() == sorted(own[allowed])
    assert view.best == own[allowed].max()
    assert view.utilities.tolist() == [
        u if fine else -np.inf for u, fine in zip(own, allowed, strict=True)
    ]


def test_a_policy_that_offers_what_is_forbidden_is_named():
    class Stubborn:
        def plan(self, view, times):
            return bg.Plan(np.full(len(times), 3), np.full(len(times), np.inf))

    rental = bg.load("rental")
    problem = with_constraints(rental, bg.Forbidden(rental.space.outcome(3)))
    played = bg.alternating_offers(rental, (Stubborn(), "linear"), deadline=3)
    assert played.offers[0].outcome == rental.space.outcome(3)
    with pytest.raises(bg.InvalidArgumentError, match=r"landlord by Stubborn: rows: .*constraints"):
        bg.alternating_offers(problem, (Stubborn(), "linear"), deadline=3)


def test_evolving_counts_only_what_may_be_agreed():
    problem = bg.load("framework_contract")
    left, _ = without_the_forbidden(problem, [not problem.broken_by(o) for o in problem.space])
    options = {"party": 0, "deadline": 12, "seed": 5, "evaluations": 48}
    opponents = ["boulware", bg.TimeDependent(beta=3.0, floor=0.4)]
    found = bg.evolve(problem, opponents=opponents, **options)
    expected = bg.evolve(left, opponents=opponents, **options)
    assert found.policy == expected.policy
    assert found.train == expected.train
    assert found.held_out == expected.held_out
    assert found.bound == expected.bound
    free = bg.BargainingProblem(problem.space, problem.profiles)
    assert bg.evolve(free, opponents=opponents, **options).bound != found.bound
