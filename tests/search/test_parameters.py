from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.play import AcceptNext, TimeDependent
from bargain.search.parameters import (
    TIME_DEPENDENT,
    Parameter,
    policy_at,
    values_at,
    values_in_box,
    vector_of,
)

within = [st.floats(p.low, p.high) for p in TIME_DEPENDENT]
candidates = st.builds(
    lambda beta, floor, k, scale, offset: TimeDependent(beta, floor, k, AcceptNext(scale, offset)),
    *within,
)


def numbers(policy):
    accept = policy.acceptance
    return [policy.beta, policy.floor, policy.k, accept.scale, accept.offset]


@given(candidates)
def test_a_policy_becomes_a_vector_and_comes_back(policy):
    vector = vector_of(policy)
    assert np.isfinite(vector).all()
    widths = [p.high - p.low for p in TIME_DEPENDENT]
    back = np.array(numbers(policy_at(vector)))
    assert (np.abs(back - numbers(policy)) <= 1e-12 * np.array(widths)).all()


@pytest.mark.parametrize("end", ["low", "high"])
def test_bounds_come_back_exactly(end):
    ends = [getattr(p, end) for p in TIME_DEPENDENT]
    policy = TimeDependent(*ends[:3], AcceptNext(*ends[3:]))
    assert policy_at(vector_of(policy)) == policy


@given(st.lists(st.floats(-1e300, 1e300), min_size=5, max_size=5))
def test_every_vector_is_a_policy_within_bounds(vector):
    values = numbers(policy_at(vector))
    for parameter, value in zip(TIME_DEPENDENT, values, strict=True):
        assert parameter.low <= value <= parameter.high


def test_the_centre_is_the_middle_of_each_scale():
    assert values_at(np.zeros((1, 5)))[0].tolist() == pytest.approx(
        [(0.02 * 20) ** 0.5, 0.5, 0.25, 1.0, 0.0], abs=1e-15
    )
    assert values_in_box(np.full((1, 5), 0.5)).tolist() == values_at(np.zeros((1, 5))).tolist()


@pytest.mark.parametrize(
    "arguments", [(1, 1), (2, 1), (0, 1, "log"), (0, float("inf")), (0, 1, "cubic"), (None, 1)]
)
def test_bounds_that_bound_nothing_are_refused(arguments):
    with pytest.raises(InvalidArgumentError, match="beta"):
        Parameter("beta", *arguments)


def test_a_policy_out_of_bounds_has_no_vector():
    with pytest.raises(InvalidArgumentError, match="beta"):
        vector_of(TimeDependent(beta=1000))

    class Never:
        def thresholds(self, view, times, rows):
            return np.full(len(times), np.inf)

    with pytest.raises(InvalidArgumentError, match="acceptance"):
        vector_of(TimeDependent(acceptance=Never()))
