"""Many enumerated problems at once: what `EnumeratedSet` picks, problem after problem.

Utilities are (n_problems, n_outcomes, n_parties), float64; a row of NaN is no outcome. Problems
are independent, so threads share nothing. Callers validate; nothing here checks anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

PRODUCT, SHARES, LEAST, SUM = range(4)
"""What is largest: the weighted product of gains, the least share of the ideal gain, the least
gain, the sum of gains."""

SORTED_FROM = 64
"""Rows from which on two parties' frontier is found by sorting: pairs are compared below."""


@compiled
def solve_enumerated(
    start: int,
    stop: int,
    utilities: Reals,
    points: Reals,
    weights: Reals,
    maximand: int,
    tolerance: float,
    rows: Integers,
    degenerate: Flags,
) -> None:
    """Choose one row a problem of a slice; rows, degenerate (n_problems,) are modified in place.

    points, weights (n_problems, n_parties): disagreement points, and weights that sum to 1.
    tolerance: how near to the best, relative to the largest magnitude compared, counts as tied.
    A row is -1 where nothing is individually rational. A problem costs O(n_outcomes n_parties)
    and, for the F outcomes that one good outcome does not dominate, O(F log F) for two parties
    and O(F^2 n_parties) at worst for more.
    """
    for i in range(start, stop):
        rows[i], degenerate[i] = _chosen(utilities[i], points[i], weights[i], maximand, tolerance)


@compiled
def _chosen(
    utilities: Reals, point: Reals, weights: Reals, maximand: int, tolerance: float
) -> tuple[int, bool]:
    """Return one problem's row, or -1, and whether a party cannot gain there."""
    n_outcomes, n_parties = utilities.shape
    kept = np.empty(n_outcomes, np.int64)
    count = _efficient(utilities, point, kept)
    if count == 0:
        return -1, False
    gains = np.empty((count, n_parties))
    for at in range(count):
        for k in range(n_parties):
            gains[at, k] = utilities[kept[at], k] - point[k]
    best = np.ones(count, np.bool_)
    degenerate = False
    if maximand == PRODUCT:
        degenerate = _best_product(gains, weights, tolerance, best)
    elif maximand == SUM:
        sums = np.zeros(count)
        for at in range(count):
            for k in range(n_parties):
                sums[at] += gains[at, k]
        _keep_ties(sums, tolerance, best)
        _keep_best_minima(gains, np.ones(n_parties), tolerance, best)
    else:
        scales = np.ones(n_parties)
        if maximand == SHARES:
            scales = _largest(gains)
            degenerate = scales.min() <= 0
        _keep_best_minima(gains, scales, tolerance, best)
    at = 0
    while not best[at]:
        at += 1
    return kept[at], degenerate


@compiled
def _efficient(utilities: Reals, point: Reals, kept: Integers) -> int:
    """Find the efficient ones among the individually rational rows; of equals the lowest.

    kept (n_outcomes,) is modified in place: the rows, ascending. Returns how many there are.
    """
    n_outcomes, n_parties = utilities.shape
    count = 0
    most = np.full(n_parties, -np.inf)
    for row in range(n_outcomes):
        rational = True
        for k in range(n_parties):
            # NaN compares as false
            rational &= utilities[row, k] >= point[k]
        if rational:
            kept[count] = row
            count += 1
            for k in range(n_parties):
                most[k] = max(most[k], utilities[row, k])
    if count < 2:
        return count
    # one good outcome, the best in shares of the ideal gains, dominates most others
    pivot = kept[0]
    best = -np.inf
    for at in range(count):
        total = 0.0
        for k in range(n_parties):
            if most[k] > point[k]:
                total += (utilities[kept[at], k] - point[k]) / (most[k] - point[k])
        if total > best:
            best = total
            pivot = kept[at]
    left = 0
    for at in range(count):
        row = kept[at]
        weakly = True
        strictly = False
        for k in range(n_parties):
            weakly &= utilities[pivot, k] >= utilities[row, k]
            strictly |= utilities[pivot, k] > utilities[row, k]
        if not (weakly and strictly):
            kept[left] = row
            left += 1
    if n_parties == 2 and left >= SORTED_FROM:
        return _swept(utilities, kept, left)
    return _compared(utilities, kept, left)


@compiled
def _compared(utilities: Reals, kept: Integers, count: int) -> int:
    """Keep the efficient ones of ascending rows, comparing each with those kept so far."""
    n_parties = utilities.shape[1]
    front = 0
    for at in range(count):
        row = kept[at]
        beaten = False
        for other in range(front):
            beaten = True
            for k in range(n_parties):
                beaten &= utilities[kept[other], k] >= utilities[row, k]
            if beaten:
                break
        if beaten:
            continue
        stays = 0
        for other in range(front):
            beaten = True
            for k in range(n_parties):
                beaten &= utilities[row, k] >= utilities[kept[other], k]
            if not beaten:
                kept[stays] = kept[other]
                stays += 1
        kept[stays] = row
        front = stays + 1
    return front


@compiled
def _swept(utilities: Reals, kept: Integers, count: int) -> int:
    """Keep the efficient ones of two parties' rows: best for the first, then a running maximum."""
    first = np.empty(count)
    for at in range(count):
        first[at] = -utilities[kept[at], 0]
    order = np.argsort(first)
    efficient = np.zeros(count, np.bool_)
    running = -np.inf
    at = 0
    while at < count:
        chosen = order[at]
        same = at + 1
        while same < count and first[order[same]] == first[order[at]]:
            other = order[same]
            ahead = utilities[kept[other], 1] - utilities[kept[chosen], 1]
            # the lowest of equal rows, in whatever order they were sorted
            if ahead > 0 or (ahead == 0 and other < chosen):
                chosen = other
            same += 1
        if utilities[kept[chosen], 1] > running:
            running = utilities[kept[chosen], 1]
            efficient[chosen] = True
        at = same
    front = 0
    for at in range(count):
        if efficient[at]:
            kept[front] = kept[at]
            front += 1
    return front


@compiled
def _largest(gains: Reals) -> Reals:
    largest: Reals = gains[0].copy()
    for at in range(1, gains.shape[0]):
        for k in range(gains.shape[1]):
            largest[k] = max(largest[k], gains[at, k])
    return largest


@compiled
def _best_product(gains: Reals, weights: Reals, tolerance: float, best: Flags) -> bool:
    """Mark the rows with the largest weighted product; `best` (n_rows,) is modified in place.

    Where nothing gives every party of weight > 0 a gain, the most parties gain, by the largest
    product of their shares of their ideal gains. Returns whether that was so.
    """
    n_rows, n_parties = gains.shape
    counted = 0
    for k in range(n_parties):
        counted += weights[k] > 0
    winners = np.zeros(n_rows, np.int64)
    for at in range(n_rows):
        for k in range(n_parties):
            winners[at] += weights[k] > 0 and gains[at, k] > 0
    most = winners.max()
    scales = np.ones(n_parties)
    if most < counted:
        scales = _largest(gains)
    logs = np.zeros(n_rows)
    for at in range(n_rows):
        best[at] = winners[at] == most
        if best[at]:
            for k in range(n_parties):
                if weights[k] > 0 and gains[at, k] > 0:
                    logs[at] += weights[k] * np.log(gains[at, k] / scales[k])
    _keep_ties(logs, tolerance, best)
    return bool(most < counted)


@compiled
def _keep_best_minima(gains: Reals, scales: Reals, tolerance: float, best: Flags) -> None:
    """Keep the marked rows whose sorted gains / scales are lexicographically largest.

    Columns of scale 0 are left out. `best` (n_rows,) is modified in place.
    """
    n_rows, n_parties = gains.shape
    ratios = np.empty((n_parties, n_rows))
    counted = 0
    for k in range(n_parties):
        if scales[k] > 0:
            for at in range(n_rows):
                # inserted where it belongs among the ratios of its row so far
                value = gains[at, k] / scales[k]
                place = counted
                while place > 0 and ratios[place - 1, at] > value:
                    ratios[place, at] = ratios[place - 1, at]
                    place -= 1
                ratios[place, at] = value
            counted += 1
    for k in range(counted):
        _keep_ties(ratios[k], tolerance, best)


@compiled
def _keep_ties(values: Reals, tolerance: float, best: Flags) -> None:
    """Keep the marked rows that tie with the largest; `best` (n_rows,) is modified in place."""
    largest = -np.inf
    scale = 0.0
    for at in range(values.shape[0]):
        if best[at]:
            largest = max(largest, values[at])
            scale = max(scale, abs(values[at]))
    least = largest - tolerance * scale
    for at in range(values.shape[0]):
        best[at] &= values[at] >= least
