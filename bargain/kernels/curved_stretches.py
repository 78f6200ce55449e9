"""The ways issues go from the second party's best value to the first's, stretch by stretch.

A stretch is straight for both parties or bent; where a bent one is best at a rate is the root of a
monotone function. Arrays are those of `bargain.kernels.curved`. Callers validate; nothing here
checks anything.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.curved_values import (
    LINEAR,
    LOGARITHMIC,
    PIECEWISE,
    POWER,
    QUADRATIC,
    best_between,
    parabola,
    range_of,
    shape_at,
    whole_of,
    worth_of,
)

Reals = NDArray[np.float64]

STEEPEST = 700.0
"""Largest rate, in either direction."""

CLOSE = 1e-9
"""A Newton step that moves no more than this share of what there is to move is the last one: what
is missing after it is about the square of that."""

STEPS = 400
"""More steps than bisection needs for any float; ten are enough."""

# a stretch's issue, values and rates at both ends, and worths there to both parties
ISSUE, START, STOP, LOWEST, HIGHEST, WORTHS = 0, 1, 2, 3, 4, 5
# whether it is bent; in which segment a straight one moves; where a bent one is now, at which rate,
# and how fast it moves with that
BENT, SEGMENT, VALUE, RATE, MOVES = 9, 10, 11, 12, 13
# each party's function: kind, logarithm of the slope's constant, exponent or growth or rate or
# turning point, whether it is measured from above, and three numbers that make worths of shapes
FUNCTION, WIDTH = 14, 7
COLUMNS = FUNCTION + 2 * WIDTH

# in `ask`
SCALES, SHIFT, BASE = 2, 4, 5


@compiled
def ways(functions: Reals, settled: Reals, stretches: Reals, ask: Reals) -> int:
    """Go through every issue from the second party's best value to the first's.

    settled, stretches and ask (what the starts are worth, and what makes rates those of utilities
    in shares of each party's largest range on an issue) are modified in place. Returns how many
    stretches there are.
    """
    for k in range(2):
        size = 0.0
        for j in range(functions.shape[0]):
            if functions[j, k, 0] == functions[j, k, 0]:
                size = max(size, range_of(functions, j, k))
        if size > 0.0:
            ask[SHIFT] += math.log(size) if k == 0 else -math.log(size)
    values = np.empty(functions.shape[2])
    count = 0
    for j in range(functions.shape[0]):
        settled[j] = np.nan
        if functions[j, 0, 0] != functions[j, 0, 0]:
            continue
        n_values = _values(functions, j, values)
        settled[j] = values[0]
        for k in range(2):
            ask[BASE + k] += worth_of(functions, j, k, values[0])
        last = -np.inf
        for i in range(n_values - 1):
            _stretch(functions, j, values[i], values[i + 1], ask[SHIFT], stretches, count)
            # rounding must not reorder the stretches of one issue
            first = max(stretches[count, LOWEST], last)
            last = max(stretches[count, HIGHEST], first)
            stretches[count, LOWEST], stretches[count, HIGHEST] = first, last
            if first == last:
                stretches[count, BENT] = 0.0
            count += 1
    return count


@compiled
def _stretch(
    functions: Reals,
    j: int,
    start: float,
    stop: float,
    shift: float,
    stretches: Reals,
    s: int,
) -> None:
    """Write down one stretch of an issue; row s of stretches is modified."""
    stretches[s, ISSUE], stretches[s, START], stretches[s, STOP] = j, start, stop
    stretches[s, BENT], stretches[s, SEGMENT] = 0.0, shift
    stretches[s, VALUE], stretches[s, RATE] = 0.5 * (start + stop), np.nan
    stretches[s, MOVES] = 0.0
    for k in range(2):
        kind, low, high = functions[j, k, 0], functions[j, k, 1], functions[j, k, 2]
        number, at = functions[j, k, 3], FUNCTION + k * WIDTH
        begin, end = worth_of(functions, j, k, start), worth_of(functions, j, k, stop)
        stretches[s, WORTHS + 2 * k], stretches[s, WORTHS + 2 * k + 1] = begin, end
        straight = kind in (LINEAR, PIECEWISE)
        constant, a, b, c, above = -np.inf, 0.0, 0.0, 0.0, 0.0
        if straight:
            kind = float(LINEAR)
            b = (end - begin) / (stop - start)
            constant = math.log(abs(b)) if b != 0.0 else -np.inf
        elif kind == QUADRATIC:
            bend = (low - number) + (high - number)
            constant = math.log(4.0 * abs(bend))
            a, b, c = low, number, high
            number = 0.5 - (high - low) / (4.0 * bend)
        else:
            above = 1.0 if low > high else 0.0
            a, b, c = min(low, high), abs(high - low), whole_of(kind, number)
            constant = math.log(b) + math.log(number if kind == POWER else number / abs(c))
        stretches[s, at], stretches[s, at + 1], stretches[s, at + 2] = kind, constant, number
        stretches[s, at + 3], stretches[s, at + 4] = above, a
        stretches[s, at + 5], stretches[s, at + 6] = b, c
        if not straight:
            stretches[s, BENT] = 1.0
    for side in range(2):
        gain = loss = -np.inf
        for k in range(2):
            size = -np.inf
            if stretches[s, BENT] > 0.0:
                size = _log_slope(stretches, s, k, start if side == 0 else stop)
            else:
                more = stretches[s, WORTHS + 2 * k + 1] - stretches[s, WORTHS + 2 * k]
                more = more if k == 0 else -more
                size = math.log(more) if more > 0.0 else -np.inf
            gain, loss = (size, loss) if k == 0 else (gain, size)
        # where the first gains nothing more, or the second loses nothing yet
        if gain == -np.inf or loss == np.inf:
            rate = STEEPEST
        elif loss == -np.inf or gain == np.inf:
            rate = -STEEPEST
        else:
            rate = min(max(loss - gain + shift, -STEEPEST), STEEPEST)
        stretches[s, LOWEST + side] = rate


@compiled
def _values(functions: Reals, j: int, values: Reals) -> int:
    """Return how many corners there are on the way; values is modified: the way itself."""
    low_1 = high_1 = low_2 = high_2 = 0.0
    for k in range(2):
        low, high = best_between(functions, j, k)
        if k == 0:
            low_1, high_1 = low, high
        else:
            low_2, high_2 = low, high
    if max(low_1, low_2) <= min(high_1, high_2):
        values[0] = max(low_1, low_2)
        return 1
    up = high_2 < low_1
    values[0], values[1] = (high_2, low_1) if up else (high_1, low_2)
    count = 2
    for k in range(2):
        if functions[j, k, 0] != PIECEWISE:
            continue
        for i in range(4, functions.shape[2], 2):
            x = functions[j, k, i]
            if not (values[0] < x < values[count - 1]):
                continue
            at = count
            while values[at - 1] > x:
                at -= 1
            if values[at - 1] < x:
                for later in range(count, at, -1):
                    values[later] = values[later - 1]
                values[at] = x
                count += 1
    if not up:
        for i in range(count // 2):
            values[i], values[count - 1 - i] = values[count - 1 - i], values[i]
    return count


@compiled
def _log_slope(stretches: Reals, k: int, party: int, x: float) -> float:
    """Return the logarithm of the size of a slope."""
    at = FUNCTION + party * WIDTH
    kind, constant, number = stretches[k, at], stretches[k, at + 1], stretches[k, at + 2]
    if kind == LINEAR:
        return float(constant)
    if kind == QUADRATIC:
        far = abs(x - number)
        return float(constant + math.log(far)) if far > 0.0 else -np.inf
    t = 1.0 - x if stretches[k, at + 3] > 0 else x
    if kind == POWER:
        return float(constant + (number - 1.0) * math.log(t)) if t > 0.0 else np.inf
    if kind == LOGARITHMIC:
        return float(constant - math.log1p(number * t))
    return float(constant - number * t)


@compiled
def _log_bend(stretches: Reals, k: int, party: int, x: float) -> float:
    """Return the derivative of the logarithm of the size of a slope."""
    at = FUNCTION + party * WIDTH
    kind, number = stretches[k, at], stretches[k, at + 2]
    if kind == LINEAR:
        return 0.0
    if kind == QUADRATIC:
        return float(1.0 / (x - number)) if x != number else np.inf
    falls = stretches[k, at + 3] > 0
    t = 1.0 - x if falls else x
    if kind == POWER:
        bend = (number - 1.0) / t if t > 0.0 else -np.inf
    elif kind == LOGARITHMIC:
        bend = -number / (1.0 + number * t)
    else:
        bend = -number
    return float(-bend if falls else bend)


@compiled
def slope_of(stretches: Reals, k: int, party: int) -> float:
    """Return a party's slope where a bent stretch is now."""
    size = math.exp(_log_slope(stretches, k, party, stretches[k, VALUE]))
    upwards = stretches[k, START] < stretches[k, STOP]
    return size if upwards == (party == 0) else -size


@compiled
def worth_gone(stretches: Reals, k: int, party: int) -> float:
    """Return what a bent stretch has been worth to a party from its start to where it is now."""
    at, x = FUNCTION + party * WIDTH, stretches[k, VALUE]
    kind, number = stretches[k, at], stretches[k, at + 2]
    a, b, c = stretches[k, at + 4], stretches[k, at + 5], stretches[k, at + 6]
    if kind == LINEAR:
        return float(b * (x - stretches[k, START]))
    t = 1.0 - x if stretches[k, at + 3] > 0 else x
    worth = parabola(a, b, c, x) if kind == QUADRATIC else a + b * shape_at(kind, number, t, c)
    return float(worth - stretches[k, WORTHS + 2 * party])


@compiled
def move_to(stretches: Reals, k: int, rate: float, shift: float) -> None:
    """Move a bent stretch to where it is best at a rate; VALUE and MOVES are modified.

    Newton steps on rate(x) = rate; one that leaves the bracket is taken in the logarithm of the
    distance from the end it went for, in which the rate of a root is straight.
    """
    start, stop = stretches[k, START], stretches[k, STOP]
    if rate <= stretches[k, LOWEST] or rate >= stretches[k, HIGHEST]:
        stretches[k, VALUE] = start if rate <= stretches[k, LOWEST] else stop
        stretches[k, RATE], stretches[k, MOVES] = np.nan, 0.0
        return
    if rate == stretches[k, RATE]:
        return
    # rates rise from near to far
    near, far = start, stop
    x = stretches[k, VALUE] + stretches[k, MOVES] * (rate - stretches[k, RATE])
    if not (min(start, stop) < x < max(start, stop)):
        x = stretches[k, VALUE]
    if not (min(start, stop) < x < max(start, stop)):
        x = 0.5 * (start + stop)
    bend = 1.0
    for _ in range(STEPS):
        value, bend = shift - rate, 0.0
        for i in range(2):
            side = -1.0 if i == 0 else 1.0
            value += side * _log_slope(stretches, k, i, x)
            bend += side * _log_bend(stretches, k, i, x)
        if value < 0.0:
            near = x
        else:
            far = x
        if value == 0.0:
            break
        # next to the end of a root bends leave float64
        useful = bend != 0.0 and abs(bend) < np.inf
        step = -value / bend if useful else stop - start
        if useful and abs(step) <= CLOSE * min(abs(x - start), abs(stop - x)):
            x += step
            break
        trial = x + step
        if not (min(near, far) < trial < max(near, far)):
            end = start if (step < 0) == (start < stop) else stop
            trial = end + (x - end) * math.exp(max(step / (x - end), -STEEPEST))
            if not useful or not (min(near, far) < trial < max(near, far)):
                trial = 0.5 * (near + far)
                if not (min(near, far) < trial < max(near, far)):
                    break
        x = trial
    stretches[k, VALUE], stretches[k, RATE] = min(max(x, min(start, stop)), max(start, stop)), rate
    stretches[k, MOVES] = 1.0 / bend if bend != 0.0 else 0.0
