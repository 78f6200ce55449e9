"""Roots of rising functions, to the last bit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.solve.crossing import crossing


@pytest.mark.parametrize(
    ("function", "low", "high", "root"),
    [
        (lambda x: x * x - 2, 0.0, 2.0, math.sqrt(2)),
        (lambda x: math.log(x) if x > 0 else -math.inf, 0.0, 50.0, 1.0),
        (lambda x: math.exp(x) - 5, -700.0, 700.0, math.log(5)),
        (lambda x: -1.0 if x < 0.3 else 1.0, 0.0, 1.0, 0.3),
        (lambda x: math.copysign(abs(x - 0.7) ** 9, x - 0.7), 0.0, 1.0, 0.7),
        (lambda x: 1e300 * (x - 0.7), 0.0, 1.0, 0.7),
        (lambda x: x - 1e-200, 0.0, 1.0, 1e-200),
    ],
)
def test_a_root_is_found_to_the_last_bits(function, low, high, root):
    calls = []
    below, above = crossing(lambda x: calls.append(x) or function(x), low, high)
    assert below <= above
    assert below == pytest.approx(root, rel=1e-15, abs=1e-300)
    assert above == pytest.approx(root, rel=1e-15, abs=1e-300)
    assert function(above) >= 0 >= function(below)
    assert len(calls) < 200


@given(
    root=st.floats(-1, 1),
    power=st.sampled_from([1, 3, 0.3]),
    size=st.sampled_from([1e-30, 1.0, 1e30]),
)
def test_the_sign_changes_between_the_two(root, power, size):
    def function(x):
        return math.copysign(size * abs(x - root) ** power, x - root)

    below, above = crossing(function, -2.0, 2.0)
    assert function(below) <= 0 <= function(above)
    assert above - below <= 1e-15 * max(abs(root), 1e-3) or function(above) == 0.0


def test_ends_are_the_answer_where_there_is_no_root():
    assert crossing(lambda x: x + 1, 0.0, 1.0) == (0.0, 0.0)
    assert crossing(lambda x: x - 2, 0.0, 1.0) == (1.0, 1.0)
    assert crossing(lambda x: x - 2, 1.0, 1.0) == (1.0, 1.0)
