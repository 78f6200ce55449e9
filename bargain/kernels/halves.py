"""The least sum that reaches a target, of pairs of partial sums, added up in a given order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def total(start: float, worths: Reals, j: int) -> float:
    """Return a sum to which worths (m, n_issues) at j are added one after the other.

    As rounding never reorders, this never falls where `start` rises.
    """
    for k in range(worths.shape[1]):
        start += worths[j, k]
    return start


@compiled
def least_pairs(
    first: Reals,
    first_ranks: Integers,
    second: Reals,
    second_ranks: Integers,
    worths: Reals,
    slack: float,
    targets: Reals,
    found: Integers,
) -> None:
    """Find the pair with the least total at or above each target; found (n_targets, 2) is modified.

    first (n,) increases strictly; second (m,), which never falls, is what worths (m, n_issues)
    add up to by themselves; first + second is within `slack` of `total`, which counts. Of equal
    totals the pair is taken with the lowest rank of the first, then of the second; -1 where no
    total reaches the target. As in the two lists of Horowitz and Sahni (1974), section 3, but that
    totals are added up to the last bit where the two sums alone do not tell. O(n + m) a target,
    and O(n_issues) for each of the few pairs that may be the best.
    """
    n, m = first.shape[0], second.shape[0]
    for t in range(targets.shape[0]):
        target = targets[t]
        best_first, best_second, least = -1, -1, np.inf
        low = n
        for j in range(m):
            # the larger the second number, the smaller the least first that may be enough
            while low > 0 and first[low - 1] + second[j] >= target - slack:
                low -= 1
            if low == n or first[low] + second[j] - slack > least:
                continue
            i = low
            reached = total(float(first[i]), worths, j)
            while reached < target and i < n - 1:
                i += 1
                reached = total(float(first[i]), worths, j)
            if reached < target or reached > least:
                continue
            # rounding may leave no difference to the next of the first
            end, beyond = i + 1, n
            if end < n and total(float(first[end]), worths, j) > reached:
                beyond = end
            while end < beyond:
                middle = (end + beyond) // 2
                if total(float(first[middle]), worths, j) > reached:
                    beyond = middle
                else:
                    end = middle + 1
            mine = i
            for k in range(i + 1, end):
                if first_ranks[k] < first_ranks[mine]:
                    mine = k
            if reached < least:
                best_first, best_second, least = mine, j, reached
            elif first_ranks[mine] < first_ranks[best_first] or (
                mine == best_first and second_ranks[j] < second_ranks[best_second]
            ):
                best_first, best_second = mine, j
        found[t, 0] = best_first
        found[t, 1] = best_second
