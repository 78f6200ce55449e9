"""Folding an issue into a frontier against its slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.kernels.additive import fold_issue
from tests.reference import folded_labels

WORTHS = st.one_of(
    st.integers(-5, 5).map(float), st.floats(-2, 2, width=16), st.sampled_from([0.1, 0.2, 0.3])
)


def fold(u1, u2, w1, w2, least1=-np.inf, below2=-np.inf, width=0.0, capacity=None):
    room = len(u1) * len(w1) if capacity is None else capacity
    out1, out2 = np.empty(room), np.empty(room)
    parents, values = np.empty(room, np.int32), np.empty(room, np.uint8)
    u1, u2 = np.append(u1, -np.inf), np.append(u2, np.inf)
    count = fold_issue(u1, u2, w1, w2, least1, below2, width, out1, out2, parents, values)
    if count < 0:
        return None
    columns = (out1, out2, parents, values)
    return list(zip(*(column[:count].tolist() for column in columns), strict=True))


@st.composite
def staircases(draw, most):
    first = draw(st.lists(WORTHS, min_size=1, max_size=most, unique=True))
    second = draw(st.lists(WORTHS, min_size=len(first), max_size=len(first), unique=True))
    return np.sort(first)[::-1].copy(), np.sort(second)


@given(
    labels=staircases(30),
    issue=staircases(40),
    least1=st.one_of(st.just(-np.inf), WORTHS),
    below2=st.one_of(st.just(-np.inf), WORTHS),
    width=st.sampled_from([0.0, 0.0, 0.1, 0.5, 3.0]),
)
def test_folding_keeps_the_sums_that_nothing_dominates(labels, issue, least1, below2, width):
    found = fold(*labels, *issue, least1, below2, width)
    pairs, sums = folded_labels(*(a.tolist() for a in (*labels, *issue)), least1, below2, width)
    assert [label[:2] for label in found] == pairs
    assert set(found) <= set(sums)


@pytest.mark.parametrize("n_values", [15, 16, 17, 32, 33, 250])
def test_any_number_of_values_finds_the_same(n_values):
    generator = np.random.default_rng(n_values)
    first, second = generator.random((2, n_values))
    w1, w2 = np.sort(first)[::-1].copy(), np.sort(second)
    u1, u2 = 0.1 * w1[:13], 0.1 * w2[:13]
    pairs, _ = folded_labels(*(a.tolist() for a in (u1, u2, w1, w2)), 0.2, 0.3)
    assert [label[:2] for label in fold(u1, u2, w1, w2, 0.2, 0.3)] == pairs


def test_more_labels_than_there_is_room_for_are_refused():
    up, down = np.array([2.0, 1.0, 0.0]), np.array([0.0, 1.0, 2.0])
    assert len(fold(up, down, up, down, capacity=5)) == 5
    assert fold(up, down, up, down, capacity=4) is None


def test_no_labels_stay_no_labels():
    none = np.empty(0)
    assert fold(none, none, np.array([1.0]), np.array([1.0]), capacity=1) == []
