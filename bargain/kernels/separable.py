"""Many two-party problems whose issues are linear for both: the frontier issue by issue.

Each issue is a segment between its two ends. Where the parties want different ends it is an edge
of the frontier; all edges, sorted by slope, are the frontier (a Minkowski sum of segments), and
each concept has a closed form on an edge. Callers validate; nothing here checks anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.many import PRODUCT, SHARES, SUM

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@compiled
def solve_linear(
    start: int,
    stop: int,
    at_low: Reals,
    at_high: Reals,
    points: Reals,
    weights: Reals,
    maximand: int,
    tolerance: float,
    settled: Reals,
    utilities: Reals,
    agreed: Flags,
    degenerate: Flags,
) -> None:
    """Settle every issue of a slice of problems; the last four arrays are modified in place.

    at_low, at_high (n_problems, n_issues, 2): what an issue's ends are worth; NaN where a problem
    has fewer issues. points, weights (n_problems, 2): disagreement points, and weights that sum
    to 1. settled (n_problems, n_issues): from 0 (low) to 1 (high). utilities (n_problems, 2).
    agreed (n_problems,): false where there is no agreement zone. O(n_issues log n_issues) each.
    """
    for i in range(start, stop):
        agreed[i], degenerate[i] = _settled(
            at_low[i], at_high[i], points[i], weights[i], maximand, tolerance,
            settled[i], utilities[i],
        )  # fmt: skip


@compiled
def _settled(
    at_low: Reals,
    at_high: Reals,
    point: Reals,
    weights: Reals,
    maximand: int,
    tolerance: float,
    settled: Reals,
    utilities: Reals,
) -> tuple[bool, bool]:
    """Settle one problem; the last two arrays are modified in place.

    Returns whether there is an agreement zone, and whether a party cannot gain in it.
    """
    n_issues = at_low.shape[0]
    order = np.empty(n_issues, np.int64)
    corners = np.empty((n_issues + 1, 2))
    n_edges = _frontier(at_low, at_high, settled, order, corners)
    corners = corners[: n_edges + 1]
    marks = np.empty(n_edges + 3)
    gains = np.empty((n_edges + 3, 2))
    count = _rational(corners, point, tolerance, marks, gains)
    if count == 0:
        return False, False
    marks, gains = marks[:count], gains[:count]
    degenerate = False
    if maximand == PRODUCT:
        mark, degenerate = _product_mark(marks, gains, weights)
    elif maximand == SUM:
        mark = _sum_mark(marks, gains, tolerance)
    else:
        scales = np.ones(2)
        if maximand == SHARES:
            scales[0], scales[1] = gains[:, 0].max(), gains[:, 1].max()
        degenerate = scales[0] <= 0 or scales[1] <= 0
        mark = _even_mark(marks, gains, scales)
    for edge in range(n_edges):
        share = min(max(mark - edge, 0.0), 1.0)
        issue = order[edge]
        settled[issue] = share if settled[issue] == 0.0 else 1.0 - share
    for k in range(2):
        utilities[k] = 0.0
        for j in range(n_issues):
            share = settled[j]
            if share == share:
                low, high = at_low[j, k], at_high[j, k]
                utilities[k] += high if share == 1.0 else low + share * (high - low)
    return True, degenerate


@compiled
def _frontier(
    at_low: Reals, at_high: Reals, settled: Reals, order: Integers, corners: Reals
) -> int:
    """Settle every issue for the second party, and sort those where the first wants otherwise.

    settled (n_issues,), order (n_issues,) and corners (n_issues + 1, 2) are modified in place.
    Returns how many edges there are.
    """
    n_edges = 0
    start = np.zeros(2)
    largest = np.zeros(2)
    for j in range(at_low.shape[0]):
        if at_low[j, 0] != at_low[j, 0]:
            settled[j] = np.nan
            continue
        first = at_high[j, 0] - at_low[j, 0]
        second = at_high[j, 1] - at_low[j, 1]
        opposed = (first > 0 and second < 0) or (first < 0 and second > 0)
        if opposed:
            order[n_edges] = j
            n_edges += 1
            largest[0] = max(largest[0], abs(first))
            largest[1] = max(largest[1], abs(second))
        to_high = second > 0 or (second == 0 and first > 0)
        settled[j] = 1.0 if to_high else 0.0
        for k in range(2):
            start[k] += at_high[j, k] if to_high else at_low[j, k]
    slopes = np.empty(n_edges)
    for edge in range(n_edges):
        j = order[edge]
        # in shares of the largest step: slopes of raw utilities can under- or overflow
        first = abs(at_high[j, 0] - at_low[j, 0]) / largest[0]
        second = abs(at_high[j, 1] - at_low[j, 1]) / largest[1]
        slopes[edge] = second / first
    by_slope = np.argsort(slopes, kind="mergesort")
    unsorted = order[:n_edges].copy()
    for edge in range(n_edges):
        order[edge] = unsorted[by_slope[edge]]
    for k in range(2):
        corners[0, k] = start[k]
    for edge in range(n_edges):
        j = order[edge]
        corners[edge + 1, 0] = corners[edge, 0] + abs(at_high[j, 0] - at_low[j, 0])
        corners[edge + 1, 1] = corners[edge, 1] - abs(at_high[j, 1] - at_low[j, 1])
    return n_edges


@compiled
def _rational(corners: Reals, point: Reals, tolerance: float, marks: Reals, gains: Reals) -> int:
    """Cut the frontier to what gives both their disagreement utilities.

    marks (m,), gains (m, 2) are modified in place: where the corners of the rest lie (corner k at
    mark k), and their gains. Returns how many there are; 0 if nothing is left.
    """
    last = corners.shape[0] - 1
    start = 0.0
    if corners[0, 0] < point[0]:
        edge = 0
        while edge < last and corners[edge + 1, 0] < point[0]:
            edge += 1
        start = float(last)
        if edge < last:
            step = corners[edge + 1, 0] - corners[edge, 0]
            start = edge + (point[0] - corners[edge, 0]) / step
    stop = float(last)
    if corners[last, 1] < point[1]:
        edge = last
        while edge > 0 and corners[edge - 1, 1] < point[1]:
            edge -= 1
        stop = 0.0
        if edge > 0:
            step = corners[edge - 1, 1] - corners[edge, 1]
            stop = edge - (point[1] - corners[edge, 1]) / step
    for k in range(2):
        slack = tolerance * (np.abs(corners[:, k]).max() + abs(point[k]))
        # where the first party reaches its disagreement utility the second has the most it can
        if _at(corners, start, k) < point[k] - slack:
            return 0
    stop = max(start, stop)
    count = 0
    mark = start
    while True:
        marks[count] = mark
        for k in range(2):
            gains[count, k] = max(_at(corners, mark, k) - point[k], 0.0)
        count += 1
        if mark >= stop:
            return count
        mark = min(np.floor(mark) + 1.0, stop)


@compiled
def _at(corners: Reals, mark: float, k: int) -> float:
    edge = min(int(mark), corners.shape[0] - 1)
    share = mark - edge
    if share <= 0.0:
        return float(corners[edge, k])
    return float(corners[edge, k] + share * (corners[edge + 1, k] - corners[edge, k]))


@compiled
def _product_mark(marks: Reals, gains: Reals, weights: Reals) -> tuple[float, bool]:
    """Return where w_1 log g_1 + w_2 log g_2 is largest, and whether a product is 0 even there."""
    chosen = marks[0]
    best = -np.inf
    positive = False
    for at in range(marks.shape[0]):
        share = 0.0
        x, y = gains[at]
        dx = dy = 0.0
        if at + 1 < marks.shape[0]:
            dx, dy = gains[at + 1, 0] - x, y - gains[at + 1, 1]
            # d/ds of w_1 log(x + s dx) + w_2 log(y - s dy) is 0 at s = w_1 y / dy - w_2 x / dx
            share = weights[0] * y / dy - weights[1] * x / dx
            # an edge too short to divide by is one point
            share = min(max(share, 0.0), 1.0) if share == share else 0.0
        x, y = x + share * dx, y - share * dy
        value = 0.0
        if weights[0] > 0:
            value += weights[0] * np.log(x) if x > 0 else -np.inf
        if weights[1] > 0:
            value += weights[1] * np.log(y) if y > 0 else -np.inf
        if value > best:
            best = value
            positive = True
            length = marks[at + 1] - marks[at] if at + 1 < marks.shape[0] else 0.0
            chosen = marks[at] + share * length
    return chosen, not positive


@compiled
def _even_mark(marks: Reals, gains: Reals, scales: Reals) -> float:
    """Return where gain / scale is the same for both, or the end nearest to it."""
    last = marks.shape[0] - 1
    if scales[0] <= 0.0:
        return float(marks[0])
    if scales[1] <= 0.0:
        return float(marks[last])
    before = gains[0, 0] / scales[0] - gains[0, 1] / scales[1]
    if before >= 0.0:
        return float(marks[0])
    for at in range(1, last + 1):
        lead = gains[at, 0] / scales[0] - gains[at, 1] / scales[1]
        if lead >= 0.0:
            share = -before / (lead - before)
            return float(marks[at - 1] + share * (marks[at] - marks[at - 1]))
        before = lead
    return float(marks[last])


@compiled
def _sum_mark(marks: Reals, gains: Reals, tolerance: float) -> float:
    """Return where the sum is largest; along tied edges, as near to equal gains as they allow."""
    sums = gains[:, 0] + gains[:, 1]
    least = sums.max() - tolerance * sums.max()
    first = 0
    while sums[first] < least:
        first += 1
    last = marks.shape[0] - 1
    while sums[last] < least:
        last -= 1
    return float(min(max(_even_mark(marks, gains, np.ones(2)), marks[first]), marks[last]))
