"""Where a rising function of one number crosses zero, to the last bit that floats can tell."""

from __future__ import annotations

from collections.abc import Callable

HUGE = 1e300
"""Infinite values count as this, so that interpolation stays finite."""

STEPS = 300
"""More than bisection alone takes over any range of floats that occurs here."""


def crossing(
    function: Callable[[float], float], low: float, high: float, resolution: float = 0.0
) -> tuple[float, float]:
    """Return neighbouring numbers below < above with function(below) < 0 <= function(above).

    If the function is >= 0 at `low` already both are `low`; if it stays below 0 both are `high`;
    where it is seen to be exactly 0 both are that number.
    Inverse quadratic interpolation where it is safe, bisection elsewhere (Chandrupatla 1997, A New
    Hybrid Quadratic/Bisection Algorithm, Advances in Engineering Software 28): about ten
    evaluations on smooth functions, never more than bisection needs several times over.

    Parameters
    ----------
    function : callable
        Non-decreasing up to rounding; may be infinite, not NaN.
    low, high : float
        low <= high.
    resolution : float
        How far apart the two may stay, beside the spacing of floats.
    """
    at_low = _finite(function(low))
    if at_low >= 0.0 or low == high:
        return low, low
    at_high = _finite(function(high))
    if at_high <= 0.0:
        return high, high
    below, under, above, over = low, at_low, high, at_high
    # the point before the last one, on the far side of the newest
    far, at_far = high, at_high
    share = 0.5
    for _ in range(STEPS):
        trial = below + share * (above - below)
        if not below < trial < above:
            trial = 0.5 * (below + above)
            if not below < trial < above:
                break
        value = _finite(function(trial))
        if value == 0.0:
            return trial, trial
        if value < 0.0:
            far, at_far, below, under = below, under, trial, value
        else:
            far, at_far, above, over = above, over, trial, value
        width = above - below
        near = max(abs(below), abs(above))
        if width <= max(resolution, 4.5e-16 * near):
            break
        share = _next_share(below, under, above, over, far, at_far)
        # never so near an end that the bracket could not close from both sides
        least = min(0.5, 2.2e-16 * near / width)
        share = min(max(share, least), 1.0 - least)
    return below, above


def _next_share(
    below: float, under: float, above: float, over: float, far: float, at_far: float
) -> float:
    """Return where between `below` and `above` to look next, as a share of the way."""
    newest_is_below = far < below
    new, at_new = (below, under) if newest_is_below else (above, over)
    old, at_old = (above, over) if newest_is_below else (below, under)
    if at_far in (at_new, at_old) or far == old:
        return 0.5
    xi = (new - old) / (far - old)
    phi = (at_new - at_old) / (at_far - at_old)
    if not phi**2 < xi or not (1.0 - phi) ** 2 < 1.0 - xi:
        return 0.5
    share = at_new / (at_old - at_new) * at_far / (at_old - at_far) + (far - new) / (
        old - new
    ) * at_new / (at_far - at_new) * at_old / (at_far - at_old)
    return share if newest_is_below else 1.0 - share


def _finite(value: float) -> float:
    return min(max(value, -HUGE), HUGE)
