"""The walk of all issues together as the rate rises, and where on it something comes up to 0.

Arrays are those of `bargain.kernels.curved`. Callers validate; nothing here checks anything.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.curved_stretches import (
    BASE,
    BENT,
    CLOSE,
    HIGHEST,
    LOWEST,
    MOVES,
    SCALES,
    SEGMENT,
    SHIFT,
    STEPS,
    WORTHS,
    move_to,
    slope_of,
    worth_gone,
)

Reals = NDArray[np.float64]

# in `places`
# (of one type with numbers computed: kernels are compiled anew for each plain constant they get)
_NUMBERED: Any = np.arange(8)
OPENING, CLOSING, FROM, UNTIL, FOUND, LOWER, UPPER, ONE = _NUMBERED
PLACES = 9

# what is searched for: where the first reaches its disagreement utility and the second falls to
# its own; the largest product, equal shares of the scales, the largest sum
FIRST_REACHES, SECOND_FALLS, BALANCED, EVEN, PRICED = range(5)


@compiled
def walk(stretches: Reals, segments: Reals) -> int:
    """Sort the stretches by rates into segments, which is modified; returns how many there are."""
    n = stretches.shape[0]
    if n == 0:
        segments[0, 0], segments[0, 1], segments[0, 2] = 0.0, 0.0, -1.0
        return 1
    # there are few of them, and ties stay in the order of the issues
    marks = np.empty(2 * n)
    straight = np.empty(n, np.int64)
    n_marks = n_edges = 0
    for k in range(n):
        for side in range(2):
            rate = stretches[k, LOWEST + side]
            at = n_marks
            while at > 0 and marks[at - 1] > rate:
                at -= 1
            if at > 0 and marks[at - 1] == rate:
                continue
            for i in range(n_marks, at, -1):
                marks[i] = marks[i - 1]
            marks[at] = rate
            n_marks += 1
        if stretches[k, BENT] == 0.0:
            at = n_edges
            while at > 0 and stretches[straight[at - 1], LOWEST] > stretches[k, LOWEST]:
                straight[at] = straight[at - 1]
                at -= 1
            straight[at] = k
            n_edges += 1
    count, edge = 0, 0
    for i in range(n_marks):
        while edge < n_edges and stretches[straight[edge], LOWEST] <= marks[i]:
            segments[count, 0], segments[count, 1] = marks[i], marks[i]
            segments[count, 2] = straight[edge]
            stretches[straight[edge], SEGMENT] = count
            count += 1
            edge += 1
        moving = False
        for k in range(n):
            opens, closes = stretches[k, LOWEST], stretches[k, HIGHEST]
            moving = moving or (stretches[k, BENT] > 0 and opens <= marks[i] < closes)
        if moving:
            segments[count, 0], segments[count, 1] = marks[i], marks[i + 1]
            segments[count, 2] = -1.0
            count += 1
    return count


@compiled
def rate_at(segments: Reals, segment: int, at: float) -> float:
    """Return the rate of a place in a segment: on an arc it is the place itself."""
    return at if segments[segment, 2] < 0 else float(segments[segment, 0])


@compiled
def is_before(places: Reals, one: int, other: int) -> bool:
    """Tell whether the walk comes through one place before another."""
    if places[one, 0] != places[other, 0]:
        return bool(places[one, 0] < places[other, 0])
    return bool(places[one, 1] < places[other, 1])


@compiled
def is_same(places: Reals, one: int, other: int) -> bool:
    """Tell whether two places are the same."""
    return bool(places[one, 0] == places[other, 0] and places[one, 1] == places[other, 1])


@compiled
def copy_place(places: Reals, one: int, other: int) -> None:
    """Copy one place to another; places is modified."""
    for i in range(5):
        places[other, i] = places[one, i]


@compiled
def evaluate(
    stretches: Reals, segments: Reals, ask: Reals, segment: int, at: float, state: Reals
) -> None:
    """Compute utilities and, on an arc, their derivatives by the rate; state (4,) is modified."""
    rate = rate_at(segments, segment, at)
    state[0], state[1], state[2], state[3] = ask[BASE], ask[BASE + 1], 0.0, 0.0
    for k in range(stretches.shape[0]):
        share = 1.0
        if stretches[k, BENT] > 0.0:
            if rate <= stretches[k, LOWEST]:
                continue
            if rate < stretches[k, HIGHEST]:
                move_to(stretches, k, rate, ask[SHIFT])
                for i in range(2):
                    state[i] += worth_gone(stretches, k, i)
                    state[2 + i] += stretches[k, MOVES] * slope_of(stretches, k, i)
                continue
        elif stretches[k, SEGMENT] > segment:
            continue
        elif stretches[k, SEGMENT] == segment:
            share = at
        for i in range(2):
            at_start = stretches[k, WORTHS + 2 * i]
            state[i] += share * (stretches[k, WORTHS + 2 * i + 1] - at_start)


@compiled
def end_of(
    stretches: Reals,
    segments: Reals,
    ask: Reals,
    places: Reals,
    segment: int,
    side: int,
    place: int,
) -> None:
    """Make a place of the beginning (side 0) or the end (side 1) of a segment."""
    state = np.empty(4)
    at = float(side)
    if segments[segment, 2] < 0:
        at = segments[segment, side]
    evaluate(stretches, segments, ask, segment, at, state)
    places[place, 0], places[place, 1], places[place, 4] = segment, at, 0.0
    places[place, 2], places[place, 3] = state[0], state[1]


@compiled
def search(
    stretches: Reals,
    segments: Reals,
    ask: Reals,
    places: Reals,
    mode: int,
    begin: int,
    end: int,
    found: int,
) -> None:
    """Find where a function that never falls along the walk comes up to 0.

    `begin` if it is >= 0 there, `end` if it is below 0 even there. `places[found]` is modified.

    Newton steps on an arc, bisection where these leave the bracket; closed forms on an edge. Where
    an arc is nearly an edge a rate is too coarse to say where on it: what is missing then moves
    the values themselves.
    """
    low, high = int(places[begin, 0]), int(places[end, 0])
    rate = rate_at(segments, low, places[begin, 1])
    if _rising(mode, rate, places[begin, 2], places[begin, 3], ask) >= 0.0:
        copy_place(places, begin, found)
        return
    rate = rate_at(segments, high, places[end, 1])
    if _rising(mode, rate, places[end, 2], places[end, 3], ask) < 0.0:
        copy_place(places, end, found)
        return
    opened, closed = low, high
    lower = upper = at = step = close = 0.0
    state = np.empty(4)
    # first the segment at whose end it has come up to 0, then where in it
    searching = True
    # whether nothing was evaluated at the beginning of the arc yet
    untouched = False
    for _ in range(2 * STEPS):
        if searching and low == high:
            searching = False
            edge = segments[low, 2] >= 0
            lower = 0.0 if edge else segments[low, 0]
            upper = 1.0 if edge else segments[low, 1]
            untouched = low != opened
            if low == opened:
                lower = places[begin, 1]
            if low == closed:
                upper = places[end, 1]
            at = lower if edge else 0.5 * (lower + upper)
            close = CLOSE * min(1.0, upper - lower)
            if not edge and upper - lower > 40.0:
                at = min(max(ask[SHIFT], lower + 1.0), upper - 1.0)
        if searching:
            middle = (low + high) // 2
            at = 1.0 if segments[middle, 2] >= 0 else segments[middle, 1]
            evaluate(stretches, segments, ask, middle, at, state)
            rate = rate_at(segments, middle, at)
            if _rising(mode, rate, state[0], state[1], ask) >= 0.0:
                high = middle
            else:
                low = middle + 1
            continue
        evaluate(stretches, segments, ask, low, at, state)
        value = _rising(mode, rate_at(segments, low, at), state[0], state[1], ask)
        if segments[low, 2] >= 0:
            k = int(segments[low, 2])
            du = stretches[k, WORTHS + 1] - stretches[k, WORTHS]
            dv = stretches[k, WORTHS + 3] - stretches[k, WORTHS + 2]
            step = _step_on_edge(mode, value, state[0], state[1], du, dv, ask)
            at = min(at + step, upper) if step > 0.0 else at
            step = max(at - lower, 0.0)
            state[0], state[1] = state[0] + step * du, state[1] + step * dv
            step = 0.0
            break
        if untouched and at == lower:
            untouched = False
            if value >= 0.0:
                # a corner: nothing of this arc
                step = 0.0
                break
        if value < 0.0:
            lower = at
        else:
            upper = at
        slope = _steepness(mode, state, ask)
        step = -value / slope if slope > 0.0 else 0.0
        # the logarithm of a gain bends within the rates in which that gain changes a lot
        near = close if mode != BALANCED else close * min(1.0, _reach(state, ask))
        trial = at + step
        if value == 0.0 or (slope > 0.0 and (abs(step) <= near or trial == at)):
            break
        if untouched and trial <= lower:
            trial = lower
        elif not (lower < trial < upper):
            trial = 0.5 * (lower + upper)
            if not (lower < trial < upper):
                step = 0.0 if abs(step) > 1e-12 * max(abs(at), 1.0) else step
                break
        at = trial
    places[found, 0], places[found, 1], places[found, 4] = low, at, step
    places[found, 2], places[found, 3] = state[0] + step * state[2], state[1] + step * state[3]


@compiled
def _step_on_edge(
    mode: int, value: float, u: float, v: float, du: float, dv: float, ask: Reals
) -> float:
    """Return how far along an edge to go from a place with utilities u and v."""
    if value >= 0.0:
        return 0.0
    if mode == FIRST_REACHES:
        return (ask[0] - u) / du
    if mode == SECOND_FALLS:
        return (ask[1] - v) / dv
    if mode == EVEN:
        return -value / (du / ask[SCALES] - dv / ask[SCALES + 1])
    if mode == BALANCED:
        # d/ds of w_1 log(x + s du) + w_2 log(y - s |dv|) is 0 at s = w_1 y / |dv| - w_2 x / du
        return ask[SCALES] * (v - ask[1]) / -dv - ask[SCALES + 1] * (u - ask[0]) / du
    return 0.0


@compiled
def _rising(mode: int, rate: float, u: float, v: float, ask: Reals) -> float:
    """Return what is looked for the root of; it never falls along the walk."""
    x, y = u - ask[0], v - ask[1]
    if mode == FIRST_REACHES:
        return float(x)
    if mode == SECOND_FALLS:
        return float(-y)
    if mode == PRICED:
        return float(rate - ask[SHIFT])
    w, z = ask[SCALES], ask[SCALES + 1]
    if mode == EVEN:
        return float(x / w - y / z)
    # the limits as a gain or a weight goes to 0: move towards whoever still counts
    if w <= 0.0 or (y <= 0.0 and z > 0.0):
        return np.inf
    if z <= 0.0 or x <= 0.0:
        return -np.inf
    return float(rate - ask[SHIFT] - math.log(w) + math.log(z) + math.log(x) - math.log(y))


@compiled
def _steepness(mode: int, state: Reals, ask: Reals) -> float:
    """Return the derivative of `_rising` by the rate on an arc."""
    if mode == FIRST_REACHES:
        return float(state[2])
    if mode == SECOND_FALLS:
        return float(-state[3])
    if mode == PRICED:
        return 1.0
    if mode == EVEN:
        return float(state[2] / ask[SCALES] - state[3] / ask[SCALES + 1])
    x, y = state[0] - ask[0], state[1] - ask[1]
    return float(1.0 + state[2] / x - state[3] / y) if x > 0.0 and y > 0.0 else 0.0


@compiled
def _reach(state: Reals, ask: Reals) -> float:
    """Return the change of the rate that, linearly, takes one of the gains away."""
    reach = np.inf
    for k in range(2):
        if state[2 + k] != 0.0:
            reach = min(reach, abs((state[k] - ask[k]) / state[2 + k]))
    return reach
