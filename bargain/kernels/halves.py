"""The least sum of two numbers, one from each of two lists, that reaches a target."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def least_pairs(
    first: Reals, second: Reals, ranks: Integers, targets: Reals, found: Integers
) -> None:
    """Find the pair of each target; found (n_targets, 2) is modified in place.

    first (n,), second (m,) increase strictly; ranks (n,) say which of `first` is taken of equal
    sums: the lowest. Where no sum reaches the target, it is the largest. O(n + m) a target, as in
    the two lists of Horowitz and Sahni (1974), section 3.
    """
    n, m = first.shape[0], second.shape[0]
    for t in range(targets.shape[0]):
        target = targets[t]
        best_first, best_second = n - 1, m - 1
        least = first[n - 1] + second[m - 1]
        j = m
        for i in range(n):
            # the larger the first number, the smaller the least second that is enough
            while j > 0 and first[i] + second[j - 1] >= target:
                j -= 1
            if j < m:
                total = first[i] + second[j]
                if total < least or (total == least and ranks[i] < ranks[best_first]):
                    best_first, best_second, least = i, j, total
        found[t, 0] = best_first
        found[t, 1] = best_second
