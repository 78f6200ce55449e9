from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.kernels.halves import least_pairs

whole = st.integers(-6, 6).map(float)
# sums of tenths round otherwise in every order; sums with 1e17 hardly tell tenths apart
rough = st.one_of(st.integers(-20, 20).map(lambda n: n * 0.1), st.sampled_from([1e17, -1e17]))


@st.composite
def halves(draw):
    numbers = draw(st.sampled_from([whole, rough]))
    first = sorted(set(draw(st.lists(numbers, min_size=1, max_size=8))))
    width = draw(st.integers(1, 3))
    row = st.lists(numbers, min_size=width, max_size=width)
    second = sorted(draw(st.lists(row, min_size=1, max_size=8)), key=alone)
    ranks = [draw(st.permutations(range(len(half)))) for half in (first, second)]
    targets = draw(st.lists(st.integers(-200, 200).map(lambda n: n * 0.1), max_size=4))
    totals = [added(one, two) for one in first for two in second]
    return first, second, *ranks, targets + totals[:3]


def alone(worths):
    return added(0.0, worths)


def added(start, worths):
    for worth in worths:
        start += worth
    return start


@given(halves())
def test_pairs_are_those_of_the_least_total_at_or_above_the_target(given):
    first, second, first_ranks, second_ranks, targets = given
    found = np.empty((len(targets), 2), dtype=np.int64)
    worths = np.array(second)
    size = max(map(abs, first)) + np.abs(worths).max(axis=0).sum()
    slack = 2 * (worths.shape[1] + 1) * np.finfo(float).eps * size
    halves = (np.array(first), np.array(first_ranks), np.array(list(map(alone, second))))
    asked = np.array(targets, dtype=float)
    least_pairs(*halves, np.array(second_ranks), worths, slack, asked, found)
    pairs = [(i, j) for i in range(len(first)) for j in range(len(second))]

    def order(pair):
        i, j = pair
        return added(first[i], second[j]), first_ranks[i], second_ranks[j]

    for target, pair in zip(targets, found.tolist(), strict=True):
        enough = [(i, j) for i, j in pairs if added(first[i], second[j]) >= target]
        assert tuple(pair) == min(enough, key=order, default=(-1, -1))
