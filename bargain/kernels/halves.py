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
    worths: Reals,
    second_ranks: Integers,
    targets: Reals,
    found: Integers,
) -> None:
    """Find the pair with the least total at or above each target; found (n_targets, 2) is modified.

    first (n,) increases strictly; worths (m, n_issues) should be in the order of their sums. Of
    equal totals the pair is taken with the lowest rank of the first, then of the second; -1 where
    no total reaches the target. As in the two lists of Horowitz and Sahni (1974), section 3, but
    with every total added up to the last bit as the whole sum would be: rounding shifts the place
    in the first list by a little, and the search walks there. O((n + m) n_issues) a target.
    """
    n, m = first.shape[0], worths.shape[0]
    for t in range(targets.shape[0]):
        target = targets[t]
        best_first, best_second, least = -1, -1, np.inf
        i = n - 1
        for j in range(m):
            reached = total(first[i], worths, j)
            while reached < target and i < n - 1:
                i += 1
                reached = total(first[i], worths, j)
            if reached < target:
                continue
            while i > 0:
                lower = total(first[i - 1], worths, j)
                if lower < target:
                    break
                i -= 1
                reached = lower
            if reached > least:
                continue
            # rounding may leave no difference to the next of the first
            end, beyond = i + 1, n
            if end < n and total(first[end], worths, j) > reached:
                beyond = end
            while end < beyond:
                middle = (end + beyond) // 2
                if total(first[middle], worths, j) > reached:
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
