from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.kernels.sessions import TARGET_TOLERANCE
from bargain.play import AcceptNext, PartyView, TimeDependent, policy_from_name, round_times
from bargain.solve.ties import TIE_TOLERANCE
from tests import reference
from tests.problems import additive_problems, one_choice

rates = st.floats(1e-3, 1e3)
unit = st.floats(0, 1)


@pytest.mark.parametrize(("beta", "expected"), [(0.2, 1 - 0.5**5), (1.0, 0.5), (5.0, 1 - 0.5**0.2)])
def test_aspiration_at_half_time_is_one_minus_a_half_to_one_over_beta(beta, expected):
    assert TimeDependent(beta=beta).aspiration(0.5) == pytest.approx(expected, abs=1e-15)


def test_time_dependent_target_of_faratin_sierra_and_jennings():
    # min + (1 - F)(max - min) with min = 20 (the reservation), max = 100, F = .1 + .9 sqrt(.25)
    policy = TimeDependent(beta=2.0, k=0.1)
    target = 20 + (1 - (0.1 + 0.9 * 0.5)) * 80
    assert target == pytest.approx(56)
    points = [[u, 0] for u in (100, 57, 56.5, 55.5, 20, 0)]
    view = PartyView.of(one_choice(points, disagreement_point=[20, 0]), "p0")
    times = np.array([0.0, 0.25, 1.0])
    assert view.utilities[policy.plan(view, times).rows].tolist() == [100, 56.5, 20]


@given(rates, unit, unit, unit)
def test_aspiration_agrees_with_the_formula(beta, floor, k, time):
    expected = floor + (1 - floor) * (1 - reference.conceded(time, beta, k))
    got = TimeDependent(beta, floor, k).aspiration(time)
    assert got == pytest.approx(expected, abs=1e-14)


@given(st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False), unit, unit)
def test_aspiration_falls_from_its_start_to_its_floor_and_stays_in_bounds(beta, floor, k):
    policy = TimeDependent(beta, floor, k)
    times = [0.0, 5e-324, 1e-9, 0.25, 0.5, 1 - 1e-9, 1.0]
    shares = policy.aspiration(times)
    assert (np.diff(shares) <= 0).all()
    assert shares[0] == pytest.approx(1 - k * (1 - floor), abs=1e-15)
    assert shares[-1] == floor
    assert shares.max() <= 1
    assert [policy.aspiration(t) for t in times] == shares.tolist()


def test_the_extremes_of_beta_are_steps():
    assert TimeDependent(beta=5e-324).aspiration([0, 0.999, 1]).tolist() == [1, 1, 0]
    assert TimeDependent(beta=1.7e308).aspiration([0, 1e-9, 1]).tolist() == [1, 0, 0]


def test_aspiration_keeps_the_shape_of_the_times():
    assert TimeDependent().aspiration([[0, 1], [0.5, 0.25]]).tolist() == [[1, 0], [0.5, 0.75]]
    assert TimeDependent().aspiration([]).shape == (0,)
    assert isinstance(TimeDependent().aspiration(0.5), float)


@pytest.mark.parametrize("time", [-1e-9, 1.1, float("nan"), [0, 2]])
def test_time_outside_0_to_1_is_refused(time):
    with pytest.raises(InvalidArgumentError, match=r"time: expected relative time in \[0, 1\]"):
        TimeDependent().aspiration(time)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("beta", bad) for bad in (0, -1, float("nan"), float("inf"), "1", None, True, 10**400)),
        *((name, bad) for name in ("floor", "k") for bad in (-0.1, 1.1, float("nan"), "0")),
        *(("acceptance", bad) for bad in (None, 1, AcceptNext)),
    ],
)
def test_parameters_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(InvalidArgumentError, match=field):
        TimeDependent(**{field: value})


def test_presets_follow_one_convention():
    assert policy_from_name("boulware") == TimeDependent(beta=0.2)
    assert policy_from_name("linear") == TimeDependent(beta=1)
    assert policy_from_name("conceder") == TimeDependent(beta=5)
    assert policy_from_name("hardliner").aspiration([0, 0.5, 1]).tolist() == [1, 1, 1]
    for name in ("Boulware", "", None, 3):
        with pytest.raises(InvalidArgumentError, match="boulware"):
            policy_from_name(name)


def test_rounding_does_not_decide_what_a_linear_policy_offers():
    slices = PartyView.of(one_choice([[s, 10 - s] for s in range(11)]), 0)
    rows = TimeDependent().plan(slices, round_times(11)).rows
    assert rows.tolist() == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert TARGET_TOLERANCE == TIE_TOLERANCE


def test_ties_are_offered_by_the_lowest_row():
    view = PartyView.of(one_choice([[1, 0], [3, 0], [2, 0], [3, 1], [2, 1], [1, 1]]), 0)
    assert view.rows_at([1.0, 0.6, 0.0]).tolist() == [1, 2, 0]


@given(additive_problems(), rates, unit, unit, st.integers(1, 12))
def test_no_offer_and_no_threshold_is_below_the_reservation(problem, beta, floor, k, deadline):
    acceptance = AcceptNext(1.1, 0.3)
    for party in (0, 1):
        view = PartyView.of(problem, party)
        plan = TimeDependent(beta, floor, k, acceptance).plan(view, round_times(deadline))
        if plan.stays == 0:
            assert view.utilities.max() < view.reservation
            continue
        assert (view.utilities[plan.rows] >= view.reservation).all()
        assert (plan.thresholds >= view.reservation).all()


@given(
    st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=8),
    st.floats(-1e300, 1e300),
    st.lists(unit, min_size=1, max_size=5),
)
def test_rounding_never_offers_below_the_reservation(utilities, reservation, aspirations):
    problem = one_choice([[u, 0] for u in utilities], disagreement_point=[reservation, 0])
    view = PartyView.of(problem, 0)
    rows = view.rows_at(aspirations)
    assert (rows >= 0).all() == view.has_rational_outcome
    if view.has_rational_outcome:
        assert (view.utilities[rows] >= reservation).all()


@given(st.sampled_from([2.0**900, 2.0**-900, 1.0]), additive_problems(), rates, unit)
def test_a_change_of_scale_changes_no_offer(scale, problem, beta, floor):
    points = problem.utilities()
    scaled = one_choice(points * scale, disagreement_point=problem.disagreement_point * scale)
    times = round_times(7)
    for party in (0, 1):
        policy = TimeDependent(beta, floor, 0.1, AcceptNext(1.2, -0.05))
        plain = policy.plan(PartyView.of(problem, party), times)
        other = policy.plan(PartyView.of(scaled, party), times)
        assert plain.rows.tolist() == other.rows.tolist()
        assert (plain.thresholds * scale).tolist() == other.thresholds.tolist()
