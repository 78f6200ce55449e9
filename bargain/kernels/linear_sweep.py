"""Two parties dividing linear continuous issues: every concept by one sweep over sorted slopes.

An issue's line is given by its worths at both ends. Issues on which the parties agree are settled
at the end both want. Every other one is an edge of the frontier, along which the first party gains
a and the second loses b; from the second party's best on, edges are taken by rising b / a until the
concept says stop, at a share of the last one that has a closed form. These are the separable duals
of the programs: one price ratio decides all issues at once. O(n log n) a problem for n issues,
O(n) more memory. Callers validate; nothing here checks anything.

Arrays: at_low, at_high (m, n, 2): worths to the two parties of each issue's ends, weights included,
for m problems. point (m, 2): the disagreement points. Returned: values (m, n), where between its
ends each issue is settled, from 0 to 1; gains (m, 2). Problems without a zone get NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]

FEW = 48
"""Up to so many edges insertion sort beats numpy's sort."""

EVEN = 1e-12
"""Relative difference of a and b below which an edge is tied for the sum."""


@compiled
def nash_linear(at_low: Reals, at_high: Reals, point: Reals, weights: Reals) -> tuple[Reals, Reals]:
    """Maximise sum w_i log g_i; weights (m, 2), >= 0, not both 0.

    On an edge from gains (g1, g2) the derivative is 0 at the share w1 g2 / b - w2 g1 / a for
    weights that sum to 1.
    """
    m, n = at_low.shape[0], at_low.shape[1]
    values, gains = np.empty((m, n)), np.empty((m, 2))
    edges, ratios, order = np.empty((n, 2)), np.empty(n), np.empty(n, np.int64)
    for k in range(m):
        count = _prepare(at_low[k], at_high[k], point[k], values[k], gains[k], edges, ratios, order)
        total = weights[k, 0] + weights[k, 1]
        _sweep_product(
            weights[k, 0] / total, weights[k, 1] / total, values[k], gains[k], edges, order, count
        )
        _refuse(point[k], values[k], gains[k])
    return values, gains


@compiled
def egalitarian_linear(at_low: Reals, at_high: Reals, point: Reals) -> tuple[Reals, Reals]:
    """Make gains equal, or as near to it as the frontier goes."""
    m, n = at_low.shape[0], at_low.shape[1]
    values, gains = np.empty((m, n)), np.empty((m, 2))
    edges, ratios, order = np.empty((n, 2)), np.empty(n), np.empty(n, np.int64)
    for k in range(m):
        count = _prepare(at_low[k], at_high[k], point[k], values[k], gains[k], edges, ratios, order)
        _sweep_ray(1.0, 1.0, values[k], gains[k], edges, order, count)
        _refuse(point[k], values[k], gains[k])
    return values, gains


@compiled
def kalai_smorodinsky_linear(at_low: Reals, at_high: Reals, point: Reals) -> tuple[Reals, Reals]:
    """Make gains equal shares of what each can have at best."""
    m, n = at_low.shape[0], at_low.shape[1]
    values, gains = np.empty((m, n)), np.empty((m, 2))
    edges, ratios, order = np.empty((n, 2)), np.empty(n), np.empty(n, np.int64)
    spare, start = np.empty(n), np.empty(2)
    for k in range(m):
        count = _prepare(at_low[k], at_high[k], point[k], values[k], gains[k], edges, ratios, order)
        spare[:], start[:] = values[k], gains[k]
        # all the weight on one party: as far as the other's disagreement utility allows
        _sweep_product(1.0, 0.0, spare, start, edges, order, count)
        best_1, left_2 = start[0], start[1]
        spare[:], start[:] = values[k], gains[k]
        _sweep_product(0.0, 1.0, spare, start, edges, order, count)
        best_2, left_1 = start[1], start[0]
        if (
            min(best_1, best_2, left_1 + _slack(point[k], start), left_2 + _slack(point[k], start))
            < 0
        ):
            gains[k] = -1.0
        elif best_1 <= 0.0:
            values[k], gains[k] = spare, start
        elif best_2 <= 0.0:
            _sweep_product(1.0, 0.0, values[k], gains[k], edges, order, count)
        else:
            _sweep_ray(best_1, best_2, values[k], gains[k], edges, order, count)
        _refuse(point[k], values[k], gains[k])
    return values, gains


@compiled
def utilitarian_linear(at_low: Reals, at_high: Reals, point: Reals) -> tuple[Reals, Reals]:
    """Maximise the sum of gains; along a tied edge, as near to equal gains as it allows."""
    m, n = at_low.shape[0], at_low.shape[1]
    values, gains = np.empty((m, n)), np.empty((m, 2))
    edges, ratios, order = np.empty((n, 2)), np.empty(n), np.empty(n, np.int64)
    for k in range(m):
        count = _prepare(at_low[k], at_high[k], point[k], values[k], gains[k], edges, ratios, order)
        for e in range(count):
            i = order[e]
            a, b = edges[i, 0], edges[i, 1]
            share = 1.0
            if b > a * (1.0 + EVEN):
                share = 0.0
            elif b >= a * (1.0 - EVEN):
                share = (gains[k, 1] - gains[k, 0]) / (a + b)
            # nobody below its disagreement utility: the first's comes up, the second's holds
            share = max(share, -gains[k, 0] / a)
            share = min(max(min(share, gains[k, 1] / b), 0.0), 1.0)
            _take(share, i, values[k], gains[k], edges)
            if share < 1.0:
                break
        _refuse(point[k], values[k], gains[k])
    return values, gains


@compiled
def _prepare(
    low: Reals,
    high: Reals,
    point: Reals,
    values: Reals,
    gains: Reals,
    edges: Reals,
    ratios: Reals,
    order: NDArray[np.int64],
) -> int:
    """Settle all issues as the second party wants them and sort the edges; return their number.

    values (n,), gains (2,), edges (n, 2), ratios (n,) and order (n,) are modified in place.
    """
    gains[0], gains[1] = -point[0], -point[1]
    count = 0
    for i in range(low.shape[0]):
        rise_1, rise_2 = high[i, 0] - low[i, 0], high[i, 1] - low[i, 1]
        upwards = rise_2 > 0.0 or (rise_2 == 0.0 and rise_1 > 0.0)
        values[i] = 1.0 if upwards else 0.0
        gains[0] += high[i, 0] if upwards else low[i, 0]
        gains[1] += high[i, 1] if upwards else low[i, 1]
        if rise_1 * rise_2 < 0.0:
            edges[i, 0], edges[i, 1] = abs(rise_1), abs(rise_2)
            ratios[i] = edges[i, 1] / edges[i, 0]
            order[count] = i
            count += 1
    if count <= FEW:
        for e in range(1, count):
            i = order[e]
            f = e - 1
            while f >= 0 and ratios[order[f]] > ratios[i]:
                order[f + 1] = order[f]
                f -= 1
            order[f + 1] = i
    else:
        chosen = order[:count].copy()
        order[:count] = chosen[np.argsort(ratios[chosen], kind="mergesort")]
    return count


@compiled
def _sweep_product(
    w1: float,
    w2: float,
    values: Reals,
    gains: Reals,
    edges: Reals,
    order: NDArray[np.int64],
    count: int,
) -> None:
    """Take edges while the weighted product rises; values (n,), gains (2,) modified in place."""
    for e in range(count):
        i = order[e]
        share = w1 * gains[1] / edges[i, 1] - w2 * gains[0] / edges[i, 0]
        share = min(max(share, 0.0), 1.0)
        _take(share, i, values, gains, edges)
        if share < 1.0:
            break


@compiled
def _sweep_ray(
    c1: float,
    c2: float,
    values: Reals,
    gains: Reals,
    edges: Reals,
    order: NDArray[np.int64],
    count: int,
) -> None:
    """Take edges up to where g1 / c1 = g2 / c2; values (n,), gains (2,) modified in place."""
    for e in range(count):
        i = order[e]
        lead = gains[1] / c2 - gains[0] / c1
        share = min(max(lead / (edges[i, 0] / c1 + edges[i, 1] / c2), 0.0), 1.0)
        _take(share, i, values, gains, edges)
        if share < 1.0:
            break


@compiled
def _take(share: float, i: int, values: Reals, gains: Reals, edges: Reals) -> None:
    """Move a share of the way along an edge; values (n,), gains (2,) modified in place."""
    gains[0] += share * edges[i, 0]
    gains[1] -= share * edges[i, 1]
    values[i] = 1.0 - share if values[i] == 1.0 else share


@compiled
def _slack(point: Reals, gains: Reals) -> float:
    """Return what rounding may have taken from a gain of 0: 1e-12 of the largest utility."""
    slack: float = 1e-12 * (abs(point[0]) + abs(point[1]) + abs(gains[0]) + abs(gains[1]))
    return slack


@compiled
def _refuse(point: Reals, values: Reals, gains: Reals) -> None:
    """Write NaN where somebody falls short, 0 for rounding; values, gains modified in place."""
    slack = _slack(point, gains)
    if gains[0] < -slack or gains[1] < -slack:
        values[:] = np.nan
        gains[:] = np.nan
    else:
        gains[0], gains[1] = max(gains[0], 0.0), max(gains[1], 0.0)
