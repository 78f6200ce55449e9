"""Column generation over sums of issues: which prices the best lottery has.

Callers validate; nothing here checks anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]

FEASIBLE = 1e-12
"""Least pivot and least reduced cost that count, for utilities scaled to about 1."""

REFRESHED = 40
"""Pivots after which the basis is inverted anew."""


@compiled
def undominated(worths: Reals, sizes: Whole, keep: NDArray[np.bool_]) -> None:
    """Mark the values of every issue that no other value of it dominates; `keep` is modified.

    worths (m, k, n) are padded, sizes (m,) says how many values are real. Of values equal for
    everybody the first is kept. O(m k^2 n).
    """
    m, _, n = worths.shape
    for j in range(m):
        for v in range(sizes[j]):
            keep[j, v] = True
            for other in range(sizes[j]):
                if other == v:
                    continue
                above = True
                same = True
                for i in range(n):
                    if worths[j, other, i] < worths[j, v, i]:
                        above = False
                        break
                    if worths[j, other, i] > worths[j, v, i]:
                        same = False
                if above and (not same or other < v):
                    keep[j, v] = False
                    break


@compiled
def best_values(worths: Reals, absent: Reals, prices: Reals, picks: Whole, gains: Reals) -> None:
    """Find the best value of every issue at the prices, the first of equals.

    picks (m,) and gains (n,), the sum of their worths, are modified in place.
    """
    m, k, n = worths.shape
    for i in range(n):
        gains[i] = 0.0
    for j in range(m):
        best = -np.inf
        for v in range(k):
            if absent[j, v] < 0.0:
                continue
            value = 0.0
            for i in range(n):
                value += worths[j, v, i] * prices[i]
            if value > best:
                best = value
                picks[j] = v
        for i in range(n):
            gains[i] += worths[j, picks[j], i]


@compiled
def generated_columns(
    worths: Reals,
    absent: Reals,
    point: Reals,
    sums: Reals,
    floors: Reals,
    shares: Reals,
    start: Reals,
    dear: float,
    close: float,
    basis: Whole,
    levels: Reals,
    prices: Reals,
    columns: Whole,
    gains: Reals,
) -> int:
    """Maximise sums . g + t over lotteries with g >= floors + t shares, by the simplex method.

    The rows of the program are one per party and the sum of the probabilities; its columns are
    the outcomes found, one free t (if any share is not 0), what a party has beyond its floor, and
    what it is short of it, at the price `dear` each (where its share is 0). A new outcome is the
    best of every issue at the prices (Dantzig and Wolfe 1960, Decomposition Principle for Linear
    Programs, Operations Research 8), begun with the best one at `start`.

    basis, levels (n + 1,), prices (n,), columns (rounds, m) and gains (rounds, n) are modified
    in place: at the end basis[r] >= 2 n + 1 is outcome basis[r] - 2 n - 1 with probability
    levels[r], basis[r] = 2 n is t. Returns how many outcomes were found once none beats the
    lottery by more than `close`, or minus that number if the method did not get there.
    """
    n = point.shape[0]
    size = n + 1
    rounds = columns.shape[0]
    matrix = np.zeros((size, size))
    cost = np.zeros(size)
    # number by number: arrays handled as one take three times as long to compile
    right = np.ones(size)
    best_values(worths, absent, start, columns[0], gains[0])
    found = 1
    tight = -1
    level = np.inf
    aimed = False
    for i in range(n):
        right[i] = floors[i]
        gains[0, i] -= point[i]
        aimed = aimed or shares[i] > 0.0
        if shares[i] > 0.0 and (gains[0, i] - floors[i]) / shares[i] < level:
            level = (gains[0, i] - floors[i]) / shares[i]
            tight = i
    for i in range(n):
        beyond = gains[0, i] - floors[i]
        if aimed:
            beyond -= level * shares[i]
        if i == tight:
            basis[i] = 2 * n
        elif beyond >= 0.0 or shares[i] > 0.0:
            basis[i] = i
        else:
            basis[i] = n + i
    basis[n] = 2 * n + 1
    entering = np.zeros(size)
    asked = np.empty(n)
    pivots = 0
    inverse = np.zeros((size, size))
    stale = True
    checked = False
    while pivots < 40 * rounds:
        if stale:
            for r in range(size):
                for i in range(size):
                    matrix[i, r] = 0.0
                cost[r] = 0.0
                b = basis[r]
                if b < n:
                    matrix[b, r] = -1.0
                elif b < 2 * n:
                    matrix[b - n, r] = 1.0
                    cost[r] = -dear
                elif b == 2 * n:
                    for i in range(n):
                        matrix[i, r] = -shares[i]
                    cost[r] = 1.0
                else:
                    for i in range(n):
                        matrix[i, r] = gains[b - 2 * n - 1, i]
                        cost[r] += sums[i] * gains[b - 2 * n - 1, i]
                    matrix[n, r] = 1.0
            anew = np.linalg.inv(matrix)
            for r in range(size):
                levels[r] = 0.0
                for i in range(size):
                    inverse[r, i] = anew[r, i]
                    levels[r] += inverse[r, i] * right[i]
                if basis[r] != 2 * n:
                    levels[r] = max(levels[r], 0.0)
            stale = False
        # what the rows are worth: the prices, and what the lottery is worth at them
        for i in range(size):
            worth = 0.0
            for r in range(size):
                worth += cost[r] * inverse[r, i]
            if i < n:
                prices[i] = -worth
            else:
                value = worth
        best = FEASIBLE
        enters = -1
        for i in range(n):
            if -prices[i] > best:
                best = -prices[i]
                enters = i
            if shares[i] == 0.0 and prices[i] - dear > best:
                best = prices[i] - dear
                enters = n + i
        for c in range(found):
            reduced = -value
            for i in range(n):
                reduced += (sums[i] + prices[i]) * gains[c, i]
            if reduced > best:
                best = reduced
                enters = 2 * n + 1 + c
        if enters < 0:
            for i in range(n):
                prices[i] = max(prices[i], 0.0)
            if found == rounds:
                return -found
            for i in range(n):
                asked[i] = sums[i] + prices[i]
            best_values(worths, absent, asked, columns[found], gains[found])
            reduced = -value
            for i in range(n):
                gains[found, i] -= point[i]
                reduced += (sums[i] + prices[i]) * gains[found, i]
            if reduced <= close:
                if checked or pivots % REFRESHED == 0:
                    return found
                # once more with a basis inverted anew, lest rounding ends it
                checked = True
                stale = True
                pivots += 1
                continue
            enters = 2 * n + 1 + found
            found += 1
        checked = False
        for i in range(size):
            entering[i] = 0.0
        gain = 0.0
        if enters < n:
            entering[enters] = -1.0
        elif enters < 2 * n:
            entering[enters - n] = 1.0
            gain = -dear
        else:
            for i in range(n):
                entering[i] = gains[enters - 2 * n - 1, i]
                gain += sums[i] * entering[i]
            entering[n] = 1.0
        leaves = -1
        length = np.inf
        pivot = 0.0
        for r in range(size):
            if basis[r] == 2 * n:
                continue
            change = 0.0
            for i in range(size):
                change += inverse[r, i] * entering[i]
            if change > 1e-10:
                ratio = levels[r] / change
                if ratio < length - 1e-15 or (ratio < length + 1e-15 and change > pivot):
                    length = min(ratio, length)
                    leaves = r
                    pivot = change
        if leaves < 0:
            return -found
        for i in range(size):
            inverse[leaves, i] /= pivot
        for r in range(size):
            if r == leaves:
                continue
            # the row has not been changed yet: its product with the column that enters
            change = 0.0
            for i in range(size):
                change += inverse[r, i] * entering[i]
            levels[r] -= length * change
            if levels[r] < 0.0 and basis[r] != 2 * n:
                levels[r] = 0.0
            for i in range(size):
                inverse[r, i] -= change * inverse[leaves, i]
        levels[leaves] = length
        basis[leaves] = enters
        cost[leaves] = gain
        pivots += 1
        stale = pivots % REFRESHED == 0
    return -found
