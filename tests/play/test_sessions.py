from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play import AcceptNext, Plan, TimeDependent, alternating_offers
from tests import reference
from tests.problems import additive_problems, one_choice

policies = st.builds(
    TimeDependent,
    beta=st.floats(0.05, 20),
    floor=st.sampled_from([0.0, 0.3, 1.0]),
    k=st.sampled_from([0.0, 0.2, 1.0]),
    acceptance=st.builds(
        AcceptNext, st.sampled_from([1.0, 0.9, 1.5]), st.sampled_from([0.0, 0.1, -0.2])
    ),
)
deadlines = st.sampled_from([0, 1, 2, 3, 37, 40])


def played_by_hand(problem, pair, deadline, first):
    shares = [
        policy.aspiration([r / (deadline - 1) if deadline > 1 else 1.0 for r in range(deadline)])
        for policy in pair
    ]
    acceptances = [(policy.acceptance.scale, policy.acceptance.offset) for policy in pair]
    return reference.session(
        problem.utilities().tolist(),
        problem.disagreement_point.tolist(),
        shares,
        acceptances,
        deadline,
        first,
    )


@settings(max_examples=200)
@given(additive_problems(), st.tuples(policies, policies), deadlines, st.integers(0, 1))
def test_a_session_is_what_playing_round_by_round_gives(problem, pair, deadline, first):
    session = alternating_offers(problem, pair, deadline=deadline, first=first)
    ended, row, rows, left = played_by_hand(problem, pair, deadline, first)
    assert session.ended == ended
    assert session.offer_rows.tolist() == rows
    assert session.left_by == (None if left is None else problem.parties[left])
    if row is None:
        assert session.agreement is None
        assert session.utilities.tolist() == problem.disagreement_point.tolist()
    else:
        assert session.agreement == problem.space.outcome(row)
        assert session.utilities.tolist() == problem.utilities()[row].tolist()
    assert (session.gains >= 0).all()


@pytest.mark.parametrize("scale", [1e300, 1e-300, -1.0])
@pytest.mark.parametrize("deadline", [1, 2, 37, 40])
def test_extreme_scales_are_played_like_any_other(scale, deadline):
    points = np.array([[9, 0], [7, 4], [4, 7], [0, 9], [4, 4]], dtype=float)
    problem = one_choice(points * abs(scale) + (scale < 0) * -20, [-20, -20] if scale < 0 else None)
    plain = alternating_offers(one_choice(points), ("linear", "boulware"), deadline=deadline)
    session = alternating_offers(problem, ("linear", "boulware"), deadline=deadline)
    assert session.offer_rows.tolist() == plain.offer_rows.tolist()
    assert session.ended == plain.ended == "agreement"


@pytest.mark.parametrize("points", [[[5, 5]], [[5, 5], [5, 5]], [[-3, -3], [-3, -3]]])
def test_one_outcome_or_constant_utilities_agree_at_once_if_rational(points):
    session = alternating_offers(one_choice(points), ("boulware", "hardliner"), deadline=9)
    if points[0][0] >= 0:
        assert (session.ended, session.rounds, session.offer_rows.tolist()) == ("agreement", 1, [0])
    else:
        assert (session.ended, session.left_by, session.rounds) == ("walk_away", "p0", 0)


def test_boulware_against_boulware_on_rental_splits_the_gain():
    session = alternating_offers(bg.load("rental"), ("boulware", "boulware"), deadline=40)
    assert session.ended == "agreement"
    assert session.problem.name == "rental"
    # Nothing is below what either demanded at the time, and the ideal of neither is met.
    assert (session.gains > 0).all()


def test_a_session_says_how_it_ended_in_a_few_lines():
    pie = one_choice([[3, 0], [2, 1], [0, 3]])
    agreed = alternating_offers(pie, ("conceder", "hardliner"), deadline=4)
    assert str(agreed) == agreed.summary()
    assert str(agreed).splitlines() == [
        "p0 | p1, deadline 4, p0 first",
        "agreement in round 3 (t = 1.00): pick o2",
        "  p0  0  (gain 0)",
        "  p1  3  (gain 3)",
    ]
    failed = alternating_offers(pie, ("hardliner", "hardliner"), deadline=4)
    assert "no agreement: the deadline passed after 4 offers" in str(failed)
    hopeless = one_choice([[3, 0]], [0, 1])
    assert "p1 walked away after 1 offers" in str(
        alternating_offers(hopeless, ("linear", "linear"), deadline=4)
    )
    assert repr(agreed) == "Session(agreement in round 3 (t = 1.00): pick o2)"


def test_a_session_goes_to_json():
    session = alternating_offers(bg.load("rental"), ("boulware", "conceder"), deadline=40)
    record = json.loads(json.dumps(session.to_dict(), allow_nan=False))
    assert record["ended"] == "agreement"
    assert record["policies"][0]["beta"] == 0.2
    assert record["offers"][-1]["outcome"] == record["agreement"]
    assert record["offers"][-1]["utilities"] == record["utilities"]
    assert [offer["round"] for offer in record["offers"]] == list(range(record["rounds"]))


def test_the_arrays_of_a_session_cannot_be_changed():
    session = alternating_offers(one_choice([[1, 1]]), ("linear", "linear"), deadline=1)
    arrays = [session.utilities, session.discounted_utilities, session.times]
    for array in [*arrays, session.offer_utilities, session.offer_rows]:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


class TakesTurns:
    """A policy of one's own: offers rows in turn, accepts the best only, leaves in round 6."""

    def plan(self, view, times):
        rows = np.arange(len(times)) % len(view.utilities)
        return Plan(rows, np.full(len(times), view.best), stays=6)


def test_a_policy_is_anything_with_a_plan():
    pie = one_choice([[3, 0], [2, 1], [0, 3]])
    session = alternating_offers(pie, (TakesTurns(), "hardliner"), deadline=10)
    assert (session.ended, session.rounds) == ("agreement", 3)
    assert session.offer_rows.tolist() == [0, 2, 2]
    far = one_choice([[3, 0], [2, 1], [1, 2], [0, 3]])
    left = alternating_offers(far, (TakesTurns(), "hardliner"), deadline=10)
    assert (left.ended, left.left_by, left.rounds) == ("walk_away", "p0", 6)
    assert isinstance(left.to_dict()["policies"][0], str)


@pytest.mark.parametrize(
    "plan",
    [
        None,
        Plan(np.array([0]), np.zeros(3)),
        Plan(np.array([0, 1, 9]), np.zeros(3)),
        Plan(np.array([0, 1, -1]), np.zeros(3)),
        Plan(np.array([0.5, 1, 2]), np.zeros(3)),
        Plan(np.array([0, 1, 2]), np.array([0, 1, np.nan])),
        Plan(np.array([0, 1, 2]), np.zeros(3), stays=-1),
        Plan(np.array([0, 1, 2]), np.zeros(3), stays="x"),
        Plan("abc", np.zeros(3)),
    ],
)
def test_a_plan_that_cannot_be_played_is_refused(plan):
    class Broken:
        def plan(self, view, times):
            return plan

    with pytest.raises(InvalidArgumentError, match="plan of p1 by Broken"):
        alternating_offers(one_choice([[1, 1]] * 3), ("linear", Broken()), deadline=3)


@pytest.mark.parametrize("seed", [-1, "x", 1.5, True])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(InvalidArgumentError, match="seed"):
        alternating_offers(one_choice([[1, 1]]), ("linear", "linear"), deadline=3, seed=seed)


def test_importing_the_play_layer_loads_nothing_heavy():
    code = "import bargain.play, sys; print({'numba', 'pydantic', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
