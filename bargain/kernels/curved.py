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
stretches (n_stretches, COLUMNS): see the names of columns in `curved_stretches`.
segments (n_segments, 3): rates from and to, and which stretch is the edge; -1 for an arc.
ask (7,): the disagreement point; weights or scales; what is added to rates; worth of all starts.
places (PLACES, 5): where the walk begins and ends, where it is rational, what was found, and
    between which places it is tied: segment, share of the edge or rate on the arc, utilities, and
    how much farther than rates can say.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.curved_stretches import (
    BASE,
    BENT,
    COLUMNS,
    HIGHEST,
    ISSUE,
    LOWEST,
    MOVES,
    SCALES,
    SEGMENT,
    SHIFT,
    START,
    STEEPEST,
    STOP,
    VALUE,
    WORTHS,
    move_to,
    ways,
    worth_gone,
)
from bargain.kernels.curved_values import worth_of
from bargain.kernels.curved_walk import (
    BALANCED,
    CLOSING,
    EVEN,
    FIRST_REACHES,
    FOUND,
    FROM,
    LOWER,
    ONE,
    OPENING,
    PLACES,
    PRICED,
    SECOND_FALLS,
    UNTIL,
    UPPER,
    copy_place,
    end_of,
    evaluate,
    is_before,
    is_same,
    rate_at,
    search,
    walk,
)
from bargain.kernels.many import PRODUCT, SHARES, SUM

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEARLY_EVEN = 1e-6
"""Edges whose rate is this near to that of equal prices are looked at for ties in the sum."""


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
    count = ways(functions, settled, stretches, ask)
    stretches = stretches[:count]
    segments = np.empty((3 * count + 1, 3))
    count = walk(stretches, segments)
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
        end_of(stretches, segments, ask, places, side * (count - 1), side, side)
    _find(stretches, segments, ask, places, mode, maximand == SHARES, tolerance)
    if places[FOUND, 0] < 0:
        return False, False, np.nan
    _settle(stretches, segments, ask, places, settled)
    stuck = maximand == SHARES and min(ask[SCALES], ask[SCALES + 1]) <= 0.0
    for k in range(2):
        utilities[k] = 0.0
        for j in range(n_issues):
            if settled[j] == settled[j]:
                utilities[k] += worth_of(functions, j, k, settled[j])
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
    own = rate_at(segments, int(places[FOUND, 0]), places[FOUND, 1])
    shift = ask[SHIFT]
    p = q = 1.0
    at_end = is_same(places, FOUND, FROM) or is_same(places, FOUND, UNTIL)
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
            if not (is_same(places, FOUND, FROM) and is_same(places, FOUND, UNTIL)):
                alone = is_same(places, FOUND, UNTIL)
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
    if rate > own and is_same(places, FOUND, UNTIL) and not is_same(places, UNTIL, CLOSING):
        more_q = max(math.exp(math.log(p) + shift - own) - q, 0.0)
        rate = own
    elif rate < own and is_same(places, FOUND, FROM) and not is_same(places, FROM, OPENING):
        more_p = max(math.exp(math.log(q) + own - shift) - p, 0.0)
        rate = own
    most = -more_p * ask[0] - more_q * ask[1]
    for i in range(2):
        total = ask[BASE + i]
        for k in range(stretches.shape[0]):
            if stretches[k, BENT] > 0.0:
                move_to(stretches, k, rate, shift)
                total += worth_gone(stretches, k, i)
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
                copy_place(places, FROM if ask[SCALES] <= 0.0 else UNTIL, FOUND)
                return
        elif turn == 4:
            if not ties or not _tied(stretches, segments, ask, places, tolerance):
                return
            goal = EVEN
        search(stretches, segments, ask, places, goal, begin, end, found)
        if turn == 0 and places[FOUND, 2] > ask[0] and places[FOUND, 3] > ask[1]:
            copy_place(places, OPENING, FROM)
            copy_place(places, CLOSING, UNTIL)
            return
        for k in range(2):
            best = places[CLOSING, 2] if k == 0 else places[OPENING, 3]
            slack = tolerance * (abs(best) + abs(ask[k]))
            # where the first reaches its disagreement utility the second has the most it can
            if turn == 1 and places[FROM, 2 + k] < ask[k] - slack:
                places[FOUND, 0] = -1.0
                return
        if turn == 2 and is_before(places, UNTIL, FROM):
            copy_place(places, FROM, UNTIL)
    if is_before(places, FOUND, LOWER):
        copy_place(places, LOWER, FOUND)
    if is_before(places, UPPER, FOUND):
        copy_place(places, UPPER, FOUND)


@compiled
def _tied(stretches: Reals, segments: Reals, ask: Reals, places: Reals, tolerance: float) -> bool:
    """Find between which places the sum is as large as where it is largest; places is modified.

    Returns whether there is more than one.
    """
    copy_place(places, FOUND, LOWER)
    copy_place(places, FOUND, UPPER)
    best = max(places[FOUND, 2] - ask[0], 0.0) + max(places[FOUND, 3] - ask[1], 0.0)
    for k in range(int(places[FROM, 0]), int(places[UNTIL, 0]) + 1):
        if segments[k, 2] < 0 or abs(segments[k, 0] - ask[SHIFT]) > NEARLY_EVEN:
            continue
        least = np.inf
        for side in range(2):
            trial = ONE + side
            end_of(stretches, segments, ask, places, k, side, trial)
            if k == places[FROM + side, 0]:
                copy_place(places, FROM + side, trial)
            u, v = places[trial, 2], places[trial, 3]
            least = min(least, max(u - ask[0], 0.0) + max(v - ask[1], 0.0))
        if least >= best - tolerance * abs(best) and is_before(places, ONE, ONE + 1):
            if is_before(places, ONE, LOWER):
                copy_place(places, ONE, LOWER)
            if is_before(places, UPPER, ONE + 1):
                copy_place(places, ONE + 1, UPPER)
    return is_before(places, LOWER, UPPER)


@compiled
def _settle(stretches: Reals, segments: Reals, ask: Reals, places: Reals, settled: Reals) -> None:
    """Settle the issues as they are at the place found; settled is modified in place."""
    segment, at, more = int(places[FOUND, 0]), places[FOUND, 1], 0.0
    rate = rate_at(segments, segment, at)
    if segments[segment, 2] < 0:
        # by what the place is worth: a rate alone can be too coarse
        state = np.empty(4)
        evaluate(stretches, segments, ask, segment, at, state)
        more = (places[FOUND, 2] - state[0]) / state[2] if state[2] > 0.0 else 0.0
    for k in range(stretches.shape[0]):
        start, stop = stretches[k, START], stretches[k, STOP]
        value = stop
        if stretches[k, BENT] > 0.0:
            if rate <= stretches[k, LOWEST]:
                continue
            if rate < stretches[k, HIGHEST]:
                move_to(stretches, k, rate, stretches[k, SEGMENT])
                value = stretches[k, VALUE] + more * stretches[k, MOVES]
        elif stretches[k, SEGMENT] > segment:
            continue
        elif stretches[k, SEGMENT] == segment and at < 1.0:
            value = start + at * (stop - start)
        settled[int(stretches[k, ISSUE])] = min(max(value, min(start, stop)), max(start, stop))
