"""Many two-party problems with curved concave issues: the frontier by prices, issue by issue.

The compiled counterpart of `solve.arcs`: from the value that is best for the second party to the
one that is best for the first, what the second loses for what the first gains never falls. Its
logarithm is the *rate*. As the rate rises, straight stretches move one after the other (edges of
the frontier) and bent ones together (arcs). A place on this walk is one number in one segment of
it, and what a concept asks for is the root of a monotone function of that number.

Values are shares of an issue's range, 0 to 1. Callers validate; nothing here checks anything.
Four arrays describe a problem, so that kernels pass little:

functions (n_issues, 2, 4 + 2 n_points): kind, worth at 0 and at 1, and the exponent, growth, rate,
    or worth in the middle; then values and worths of PIECEWISE corners, NaN behind the last. The
    kind is NaN where there is no issue.
stretches (n_stretches, COLUMNS): see the names of columns below.
segments (n_segments, 3): rates from and to, and which stretch is the edge; -1 for an arc.
ask (7,): the disagreement point; weights or scales; what is added to rates; worth of all starts.
places (PLACES, 5): where the walk begins and ends, where it is rational, what was found, and
    between which places it is tied: segment, share of the edge or rate on the arc, utilities, and
    how much farther than rates can say.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.many import PRODUCT, SHARES, SUM

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

LINEAR, POWER, LOGARITHMIC, EXPONENTIAL, QUADRATIC, PIECEWISE = range(6)
"""Kinds of value functions."""

STEEPEST = 700.0
"""Largest rate, in either direction."""

NEARLY_EVEN = 1e-6
"""Edges whose rate is this near to that of equal prices are looked at for ties in the sum."""

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

# in `places`
# (of one type with numbers computed: kernels are compiled anew for each plain constant they get)
_NUMBERED: Any = np.arange(8)
OPENING, CLOSING, FROM, UNTIL, FOUND, LOWER, UPPER, ONE = _NUMBERED
PLACES = 9

# what is searched for: where the first reaches its disagreement utility and the second falls to
# its own; the largest product, equal shares of the scales, the largest sum
FIRST_REACHES, SECOND_FALLS, BALANCED, EVEN, PRICED = range(5)


@compiled
def solve_curved(
    start: int,
    stop: int,
    functions: Reals,
    points: Reals,
    weights: Reals,
    maximand: int,
    tolerance: float,
    settled: Reals,
    utilities: Reals,
    gaps: Reals,
    agreed: Flags,
    degenerate: Flags,
) -> None:
    """Settle every issue of a slice of problems; the last five arrays are modified in place.

    functions (n_problems, n_issues, 2, 4 + 2 n_points): see the module. points, weights
    (n_problems, 2): disagreement points, and weights that sum to 1. settled (n_problems,
    n_issues): from 0 (low) to 1 (high). utilities (n_problems, 2). gaps (n_problems,): proven as
    in `solve.arc_set`; 0 within rounding. agreed (n_problems,): false where there is no agreement
    zone. O(n_issues log n_issues) evaluations of an issue each.
    """
    for i in range(start, stop):
        agreed[i], degenerate[i], gaps[i] = _settled(
            functions[i], points[i], weights[i], maximand, tolerance, settled[i], utilities[i]
        )


@compiled
def _settled(
    functions: Reals,
    point: Reals,
    weights: Reals,
    maximand: int,
    tolerance: float,
    settled: Reals,
    utilities: Reals,
) -> tuple[bool, bool, float]:
    """Settle one problem; the last two arrays are modified in place.

    Returns whether there is an agreement zone, whether a party cannot gain in it, and the gap.
    """
    n_issues = functions.shape[0]
    # at most one stretch more than corners within the way
    stretches = np.empty((n_issues * (functions.shape[2] - 3) + 1, COLUMNS))
    ask, places = np.zeros(7), np.zeros((PLACES, 5))
    count = _ways(functions, settled, stretches, ask)
    stretches = stretches[:count]
    segments = np.empty((3 * count + 1, 3))
    count = _walk(stretches, segments)
    segments = segments[:count]
    for k in range(2):
        ask[k] = point[k]
        ask[SCALES + k] = weights[k] if maximand == PRODUCT else 1.0
    # one of several numbers: constants would have every kernel compiled for each of them
    mode = EVEN
    if maximand == PRODUCT:
        mode = BALANCED
    elif maximand == SUM:
        mode = PRICED
    for side in range(2):
        _end(stretches, segments, ask, places, side * (count - 1), side, side)
    _find(stretches, segments, ask, places, mode, maximand == SHARES, tolerance)
    if places[FOUND, 0] < 0:
        return False, False, np.nan
    _settle(stretches, segments, ask, places, settled)
    stuck = maximand == SHARES and min(ask[SCALES], ask[SCALES + 1]) <= 0.0
    for k in range(2):
        utilities[k] = 0.0
        for j in range(n_issues):
            if settled[j] == settled[j]:
                utilities[k] += _worth(functions, j, k, settled[j])
        # a party without a weight need not gain
        stuck = stuck or (maximand == PRODUCT and weights[k] > 0 and utilities[k] <= point[k])
    if stuck:
        return True, True, 0.0
    gap = _gap(stretches, segments, ask, places, utilities, maximand, tolerance)
    return True, False, gap


@compiled
def _gap(
    stretches: Reals,
    segments: Reals,
    ask: Reals,
    places: Reals,
    utilities: Reals,
    maximand: int,
    tolerance: float,
) -> float:
    """Return how much is proven to be missing at most: p . u <= M(p) at prices of the place.

    The same bounds as those of `solve.arc_set.ArcSet`.
    """
    x, y = max(utilities[0] - ask[0], 0.0), max(utilities[1] - ask[1], 0.0)
    own = _rate_at(segments, int(places[FOUND, 0]), places[FOUND, 1])
    shift = ask[SHIFT]
    p = q = 1.0
    at_end = _same(places, FOUND, FROM) or _same(places, FOUND, UNTIL)
    beside = 0.0
    if maximand == PRODUCT and not at_end:
        # at prices of the place itself: others, however near, ask for another place; with
        # p . g = 1, log g_i = log(w_i / p_i) + log(p_i g_i / w_i), and the sum of w_i times the
        # last is at most log(p . g)
        own = math.log(ask[SCALES] / x) - math.log(ask[SCALES + 1] / y) + shift
        least, largest = _supporting(segments, places)
        own = min(max(own, least), largest)
        p, q = _prices(own - shift, x, y)
        reached = 1.0
        beside = ask[SCALES] * math.log(ask[SCALES] / (p * x))
        beside += ask[SCALES + 1] * math.log(ask[SCALES + 1] / (q * y))
    elif maximand == PRODUCT:
        p = ask[SCALES] / x if ask[SCALES] > 0.0 else 0.0
        q = ask[SCALES + 1] / y if ask[SCALES + 1] > 0.0 else 0.0
        reached = p * x + q * y
    elif maximand == SUM:
        reached = x + y
    else:
        first, second = x / ask[SCALES], y / ask[SCALES + 1]
        reached = min(first, second)
        p, q = _prices(own - shift, ask[SCALES], ask[SCALES + 1])
        if at_end:
            # one party alone holds the ratio back; which, rounding must not decide
            alone = first <= second
            if not (_same(places, FOUND, FROM) and _same(places, FOUND, UNTIL)):
                alone = _same(places, FOUND, UNTIL)
            p = 1.0 / ask[SCALES] if alone else 0.0
            q = 0.0 if alone else 1.0 / ask[SCALES + 1]
    rate = STEEPEST
    if p > 0.0 and q > 0.0 and not (at_end or maximand == SUM):
        rate = own
    elif p <= 0.0:
        rate = -STEEPEST
    elif q > 0.0:
        rate = min(max(math.log(p) - math.log(q) + shift, -STEEPEST), STEEPEST)
    # where a floor ends the frontier the price of that constraint is added to its party's
    more_p = more_q = 0.0
    if rate > own and _same(places, FOUND, UNTIL) and not _same(places, UNTIL, CLOSING):
        more_q = max(math.exp(math.log(p) + shift - own) - q, 0.0)
        rate = own
    elif rate < own and _same(places, FOUND, FROM) and not _same(places, FROM, OPENING):
        more_p = max(math.exp(math.log(q) + own - shift) - p, 0.0)
        rate = own
    most = -more_p * ask[0] - more_q * ask[1]
    for i in range(2):
        total = ask[BASE + i]
        for k in range(stretches.shape[0]):
            if stretches[k, BENT] > 0.0:
                _move(stretches, k, rate, shift)
                total += _gone(stretches, k, i)
            elif stretches[k, HIGHEST] <= rate:
                at = WORTHS + 2 * i
                total += stretches[k, at + 1] - stretches[k, at]
        most += (p + more_p if i == 0 else q + more_q) * total
    most = min(most, p * places[CLOSING, 2] + q * places[OPENING, 3]) - p * ask[0] - q * ask[1]
    size = p * (x + 2 * abs(ask[0])) + q * (y + 2 * abs(ask[1]))
    gap = most - reached + beside
    return 0.0 if gap <= tolerance * size else gap


@compiled
def _prices(rate: float, first: float, second: float) -> tuple[float, float]:
    """Return prices of a rate at which amounts of both parties are worth 1 together."""
    # in logarithms, as the parties' units can be apart by more than floats hold
    log_first, log_second = rate + math.log(first), math.log(second)
    most = max(log_first, log_second)
    total = most + math.log(math.exp(log_first - most) + math.exp(log_second - most))
    return math.exp(rate - total), math.exp(-total)


@compiled
def _supporting(segments: Reals, places: Reals) -> tuple[float, float]:
    """Return the least and the largest rate at whose prices the place found is the best."""
    segment, at = int(places[FOUND, 0]), places[FOUND, 1]
    low, high = segments[segment, 0], segments[segment, 1]
    edge = segments[segment, 2] >= 0
    least = most = low if edge else at + places[FOUND, 4]
    # at a corner there are all those in between
    if at >= (1.0 if edge else high):
        most = segments[segment + 1, 0] if segment + 1 < segments.shape[0] else STEEPEST
    if at <= (0.0 if edge else low):
        least = segments[segment - 1, 1] if segment > 0 else -STEEPEST
    return least, most


@compiled
def _find(
    stretches: Reals,
    segments: Reals,
    ask: Reals,
    places: Reals,
    mode: int,
    shares: bool,
    tolerance: float,
) -> None:
    """Find the place that a concept asks for; places is modified, its segment is -1 without one.

    Once along the whole walk: what is found is mostly rational, and then nothing outside of the
    rational part is better. Otherwise that part's ends are found, then what is best between.
    """
    ties = False
    for k in range(segments.shape[0]):
        near = abs(segments[k, 0] - ask[SHIFT]) <= NEARLY_EVEN
        ties = ties or (mode == PRICED and near and segments[k, 2] >= 0)
    for turn in range(5):
        goal, begin, end, found = mode, FROM, UNTIL, FOUND
        if turn == 0:
            if shares or ties or min(ask[SCALES], ask[SCALES + 1]) <= 0.0:
                continue
            begin, end = OPENING, CLOSING
        elif turn == 1:
            goal, begin, end, found = FIRST_REACHES, OPENING, CLOSING, FROM
        elif turn == 2:
            goal, begin, end, found = SECOND_FALLS, OPENING, CLOSING, UNTIL
        elif turn == 3 and shares:
            ask[SCALES] = max(places[UNTIL, 2] - ask[0], 0.0)
            ask[SCALES + 1] = max(places[FROM, 3] - ask[1], 0.0)
            if min(ask[SCALES], ask[SCALES + 1]) <= 0.0:
                _copy(places, FROM if ask[SCALES] <= 0.0 else UNTIL, FOUND)
                return
        elif turn == 4:
            if not ties or not _tied(stretches, segments, ask, places, tolerance):
                return
            goal = EVEN
        _search(stretches, segments, ask, places, goal, begin, end, found)
        if turn == 0 and places[FOUND, 2] > ask[0] and places[FOUND, 3] > ask[1]:
            _copy(places, OPENING, FROM)
            _copy(places, CLOSING, UNTIL)
            return
        for k in range(2):
            best = places[CLOSING, 2] if k == 0 else places[OPENING, 3]
            slack = tolerance * (abs(best) + abs(ask[k]))
            # where the first reaches its disagreement utility the second has the most it can
            if turn == 1 and places[FROM, 2 + k] < ask[k] - slack:
                places[FOUND, 0] = -1.0
                return
        if turn == 2 and _before(places, UNTIL, FROM):
            _copy(places, FROM, UNTIL)
    if _before(places, FOUND, LOWER):
        _copy(places, LOWER, FOUND)
    if _before(places, UPPER, FOUND):
        _copy(places, UPPER, FOUND)


@compiled
def _tied(stretches: Reals, segments: Reals, ask: Reals, places: Reals, tolerance: float) -> bool:
    """Find between which places the sum is as large as where it is largest; places is modified.

    Returns whether there is more than one.
    """
    _copy(places, FOUND, LOWER)
    _copy(places, FOUND, UPPER)
    best = max(places[FOUND, 2] - ask[0], 0.0) + max(places[FOUND, 3] - ask[1], 0.0)
    for k in range(int(places[FROM, 0]), int(places[UNTIL, 0]) + 1):
        if segments[k, 2] < 0 or abs(segments[k, 0] - ask[SHIFT]) > NEARLY_EVEN:
            continue
        least = np.inf
        for side in range(2):
            trial = ONE + side
            _end(stretches, segments, ask, places, k, side, trial)
            if k == places[FROM + side, 0]:
                _copy(places, FROM + side, trial)
            u, v = places[trial, 2], places[trial, 3]
            least = min(least, max(u - ask[0], 0.0) + max(v - ask[1], 0.0))
        if least >= best - tolerance * abs(best) and _before(places, ONE, ONE + 1):
            if _before(places, ONE, LOWER):
                _copy(places, ONE, LOWER)
            if _before(places, UPPER, ONE + 1):
                _copy(places, ONE + 1, UPPER)
    return _before(places, LOWER, UPPER)


@compiled
def _search(
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
    rate = _rate_at(segments, low, places[begin, 1])
    if _rising(mode, rate, places[begin, 2], places[begin, 3], ask) >= 0.0:
        _copy(places, begin, found)
        return
    rate = _rate_at(segments, high, places[end, 1])
    if _rising(mode, rate, places[end, 2], places[end, 3], ask) < 0.0:
        _copy(places, end, found)
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
            _evaluate(stretches, segments, ask, middle, at, state)
            rate = _rate_at(segments, middle, at)
            if _rising(mode, rate, state[0], state[1], ask) >= 0.0:
                high = middle
            else:
                low = middle + 1
            continue
        _evaluate(stretches, segments, ask, low, at, state)
        value = _rising(mode, _rate_at(segments, low, at), state[0], state[1], ask)
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


@compiled
def _evaluate(
    stretches: Reals, segments: Reals, ask: Reals, segment: int, at: float, state: Reals
) -> None:
    """Compute utilities and, on an arc, their derivatives by the rate; state (4,) is modified."""
    rate = _rate_at(segments, segment, at)
    state[0], state[1], state[2], state[3] = ask[BASE], ask[BASE + 1], 0.0, 0.0
    for k in range(stretches.shape[0]):
        share = 1.0
        if stretches[k, BENT] > 0.0:
            if rate <= stretches[k, LOWEST]:
                continue
            if rate < stretches[k, HIGHEST]:
                _move(stretches, k, rate, ask[SHIFT])
                for i in range(2):
                    state[i] += _gone(stretches, k, i)
                    state[2 + i] += stretches[k, MOVES] * _slope(stretches, k, i)
                continue
        elif stretches[k, SEGMENT] > segment:
            continue
        elif stretches[k, SEGMENT] == segment:
            share = at
        for i in range(2):
            at_start = stretches[k, WORTHS + 2 * i]
            state[i] += share * (stretches[k, WORTHS + 2 * i + 1] - at_start)


@compiled
def _end(
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
    _evaluate(stretches, segments, ask, segment, at, state)
    places[place, 0], places[place, 1], places[place, 4] = segment, at, 0.0
    places[place, 2], places[place, 3] = state[0], state[1]


@compiled
def _settle(stretches: Reals, segments: Reals, ask: Reals, places: Reals, settled: Reals) -> None:
    """Settle the issues as they are at the place found; settled is modified in place."""
    segment, at, more = int(places[FOUND, 0]), places[FOUND, 1], 0.0
    rate = _rate_at(segments, segment, at)
    if segments[segment, 2] < 0:
        # by what the place is worth: a rate alone can be too coarse
        state = np.empty(4)
        _evaluate(stretches, segments, ask, segment, at, state)
        more = (places[FOUND, 2] - state[0]) / state[2] if state[2] > 0.0 else 0.0
    for k in range(stretches.shape[0]):
        start, stop = stretches[k, START], stretches[k, STOP]
        value = stop
        if stretches[k, BENT] > 0.0:
            if rate <= stretches[k, LOWEST]:
                continue
            if rate < stretches[k, HIGHEST]:
                _move(stretches, k, rate, stretches[k, SEGMENT])
                value = stretches[k, VALUE] + more * stretches[k, MOVES]
        elif stretches[k, SEGMENT] > segment:
            continue
        elif stretches[k, SEGMENT] == segment and at < 1.0:
            value = start + at * (stop - start)
        settled[int(stretches[k, ISSUE])] = min(max(value, min(start, stop)), max(start, stop))


@compiled
def _walk(stretches: Reals, segments: Reals) -> int:
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
def _rate_at(segments: Reals, segment: int, at: float) -> float:
    return at if segments[segment, 2] < 0 else float(segments[segment, 0])


@compiled
def _before(places: Reals, one: int, other: int) -> bool:
    if places[one, 0] != places[other, 0]:
        return bool(places[one, 0] < places[other, 0])
    return bool(places[one, 1] < places[other, 1])


@compiled
def _same(places: Reals, one: int, other: int) -> bool:
    return bool(places[one, 0] == places[other, 0] and places[one, 1] == places[other, 1])


@compiled
def _copy(places: Reals, one: int, other: int) -> None:
    """Copy one place to another; places is modified."""
    for i in range(5):
        places[other, i] = places[one, i]


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
def _slope(stretches: Reals, k: int, party: int) -> float:
    """Return a party's slope where a bent stretch is now."""
    size = math.exp(_log_slope(stretches, k, party, stretches[k, VALUE]))
    upwards = stretches[k, START] < stretches[k, STOP]
    return size if upwards == (party == 0) else -size


@compiled
def _gone(stretches: Reals, k: int, party: int) -> float:
    """Return what a bent stretch has been worth to a party from its start to where it is now."""
    at, x = FUNCTION + party * WIDTH, stretches[k, VALUE]
    kind, number = stretches[k, at], stretches[k, at + 2]
    a, b, c = stretches[k, at + 4], stretches[k, at + 5], stretches[k, at + 6]
    if kind == LINEAR:
        return float(b * (x - stretches[k, START]))
    t = 1.0 - x if stretches[k, at + 3] > 0 else x
    worth = _parabola(a, b, c, x) if kind == QUADRATIC else a + b * _shape(kind, number, t, c)
    return float(worth - stretches[k, WORTHS + 2 * party])


@compiled
def _shape(kind: float, number: float, t: float, whole: float) -> float:
    """Return the shape of a monotone curve; `whole` is its logarithm or exponential at 1."""
    if kind == POWER:
        return math.sqrt(t) if number == 0.5 else t**number
    if kind == LOGARITHMIC:
        return math.log1p(number * t) / whole
    return math.expm1(-number * t) / whole


@compiled
def _whole(kind: float, number: float) -> float:
    if kind == LOGARITHMIC:
        return math.log1p(number)
    if kind == EXPONENTIAL:
        return math.expm1(-number)
    return 1.0


@compiled
def _parabola(at_low: float, at_middle: float, at_high: float, x: float) -> float:
    rest = 1.0 - x
    return at_low * rest * (rest - x) + 4.0 * at_middle * x * rest + at_high * x * (x - rest)


@compiled
def _move(stretches: Reals, k: int, rate: float, shift: float) -> None:
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


@compiled
def _ways(functions: Reals, settled: Reals, stretches: Reals, ask: Reals) -> int:
    """Go through every issue from the second party's best value to the first's.

    settled, stretches and ask (what the starts are worth, and what makes rates those of utilities
    in shares of each party's largest range on an issue) are modified in place. Returns how many
    stretches there are.
    """
    for k in range(2):
        size = 0.0
        for j in range(functions.shape[0]):
            if functions[j, k, 0] == functions[j, k, 0]:
                size = max(size, _range(functions, j, k))
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
            ask[BASE + k] += _worth(functions, j, k, values[0])
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
        begin, end = _worth(functions, j, k, start), _worth(functions, j, k, stop)
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
            a, b, c = min(low, high), abs(high - low), _whole(kind, number)
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
        low, high = _best(functions, j, k)
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
def _best(functions: Reals, j: int, k: int) -> tuple[float, float]:
    """Return between which values a function is largest."""
    kind, low, high = functions[j, k, 0], functions[j, k, 1], functions[j, k, 2]
    if kind == PIECEWISE:
        most, first, last = -np.inf, 0.0, 0.0
        for i in range(4, functions.shape[2], 2):
            x, worth = functions[j, k, i], functions[j, k, i + 1]
            if worth > most:
                most, first = worth, x
            if worth == most:
                last = x
        return first, last
    if kind == QUADRATIC:
        vertex = _vertex(low, functions[j, k, 3], high)
        if 0.0 < vertex < 1.0:
            return vertex, vertex
    elif low == high:
        return 0.0, 1.0
    return (0.0, 0.0) if low >= high else (1.0, 1.0)


@compiled
def _vertex(low: float, middle: float, high: float) -> float:
    return 0.5 - (high - low) / (4.0 * ((low - middle) + (high - middle)))


@compiled
def _range(functions: Reals, j: int, k: int) -> float:
    """Return how far apart the least and the largest worth are."""
    best = _worth(functions, j, k, _best(functions, j, k)[0])
    return float(best - min(functions[j, k, 1], functions[j, k, 2]))


@compiled
def _worth(functions: Reals, j: int, k: int, x: float) -> float:
    """Return what a value is worth."""
    kind, low, high = functions[j, k, 0], functions[j, k, 1], functions[j, k, 2]
    number = functions[j, k, 3]
    if kind == LINEAR:
        return float(high if x == 1.0 else low + x * (high - low))
    if kind == QUADRATIC:
        return _parabola(low, number, high, x)
    if kind == PIECEWISE:
        for i in range(6, functions.shape[2], 2):
            left, right = functions[j, k, i - 2], functions[j, k, i]
            here, there = functions[j, k, i - 1], functions[j, k, i + 1]
            if x == right:
                return float(there)
            if x < right:
                return float(here + (x - left) * ((there - here) / (right - left)))
        return float(high)
    shape = _shape(kind, number, 1.0 - x if low > high else x, _whole(kind, number))
    return float(min(low, high) * (1.0 - shape) + max(low, high) * shape)
