from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.kernels.halves import least_pairs

numbers = st.lists(st.integers(-6, 6), min_size=1, max_size=8, unique=True)


@given(numbers, numbers, st.lists(st.integers(-20, 20), max_size=6), st.randoms())
def test_pairs_are_those_of_the_least_sum_at_or_above_the_target(first, second, targets, random):
    first, second = sorted(first), sorted(second)
    ranks = list(range(len(first)))
    random.shuffle(ranks)
    found = np.empty((len(targets), 2), dtype=np.int64)
    asked = np.array(targets, dtype=float)
    least_pairs(
        np.array(first, dtype=float), np.array(second, dtype=float), np.array(ranks), asked, found
    )
    pairs = [(i, j) for i in range(len(first)) for j in range(len(second))]
    for target, pair in zip(targets, found.tolist(), strict=True):
        enough = [(i, j) for i, j in pairs if first[i] + second[j] >= target]
        if enough:
            expected = min(enough, key=lambda ij: (first[ij[0]] + second[ij[1]], ranks[ij[0]]))
        else:
            expected = (len(first) - 1, len(second) - 1)
        assert tuple(pair) == expected


def test_targets_between_sums_that_cannot_be_told_apart():
    # 1 + 1e-17 is 1: the sum reaches 1, though the target less the second would not be met
    found = np.empty((1, 2), dtype=np.int64)
    first, second = np.array([0.0, 1.0]), np.array([-1e-17, 1.0])
    least_pairs(first, second, np.arange(2), np.array([1.0]), found)
    assert first[found[0, 0]] + second[found[0, 1]] == 1.0
