"""What a side offers by its rule: what it holds out for, and which of such outcomes it picks.

Arrays and their names are those of `bargain.kernels.table`. Callers validate; nothing here checks
anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import merged
from bargain.kernels.draws import uniform
from bargain.kernels.sides import (
    ABSOLUTE,
    ADAPTIVE,
    AVERAGED,
    BAND,
    BEST_UTILITY,
    CLOSEST,
    DELAY,
    DISTINCT,
    FLOOR,
    KNOWN,
    LAST_RECEIVED,
    LAST_SENT,
    MATCHING,
    NOISE,
    PICK,
    PLAN,
    RANDOM,
    RANKED,
    RECEIVED,
    RECIPROCITY,
    RESERVATION,
    RULE,
    SCRIPT,
    SENT,
    SIMILAR,
)
from bargain.kernels.targets import rank_at, share_of, window_end

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@merged
def imitated(
    rule: int, q: int, n: int, own: float, delay: int, noise: float, draw: float, received: Reals
) -> float:
    """Return the share that a form of tit-for-tat holds out for, before its limits.

    received (n_parties, at least n): what the others' offers left party q, as shares, in order;
    own is the share of its own last offer; delay is delta of Faratin et al., or gamma for the
    average.
    """
    if n < 2 or (rule != AVERAGED and n < delay + 1):
        return own
    if rule == AVERAGED:
        before, after = received[q, max(n - 1 - delay, 0)], received[q, n - 1]
    else:
        before, after = received[q, n - 1 - delay], received[q, n - delay]
    if rule == ABSOLUTE:
        return own - (after - before) + noise * (2.0 * draw - 1.0)
    return own if before >= 1.0 else own * ((1.0 - after) / (1.0 - before))


@merged
def likeness(row: int, other: int, digits: Integers, spans: Reals) -> float:
    """Return how alike two rows are, in [0, n_issues]: an issue of a scale counts by distance.

    spans (n_issues,): steps between the ends of a scale; 0 where values are equal or not.
    """
    total = 0.0
    for j in range(digits.shape[1]):
        apart = abs(digits[row, j] - digits[other, j])
        if spans[j] > 0.0:
            total += 1.0 - apart / spans[j]
        elif apart == 0:
            total += 1.0
    return total


@merged
def picked(
    pick: int,
    q: int,
    rank: int,
    end: int,
    last: int,
    order: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    model: Reals,
) -> int:
    """Return the row that party q offers of those from a rank to an end; of equals the first.

    last is the last row received, -1 for none.
    """
    chosen, liked = rank, -1.0
    if pick != CLOSEST and last >= 0:
        n_issues = digits.shape[1]
        n_values = offsets[n_issues]
        for k in range(rank, end):
            row = order[q, k]
            if pick == SIMILAR:
                worth = likeness(row, last, digits, spans)
            else:
                worth = 0.0
                for j in range(n_issues):
                    worth += model[q, n_values + offsets[j] + digits[row, j]]
            if worth > liked:
                chosen, liked = k, worth
    return order[q, chosen]


@merged
def micro_next(
    q: int, ends: Reals, utilities: Reals, ranking: Integers, counters: Integers
) -> tuple[int, float]:
    """Return the next row of q's ranking, -1 if it is not to be offered, and what it accepts."""
    k = counters[q, RANKED]
    reservation = ends[q, RESERVATION]
    row, least = -1, reservation
    if k > counters[q, DISTINCT]:
        least = max(utilities[q, ranking[q, k - 1]], reservation)
    elif k < ranking.shape[1] and utilities[q, ranking[q, k]] >= reservation:
        row, least = ranking[q, k], utilities[q, ranking[q, k]]
    return row, least


@merged
def returned(
    q: int,
    s: int,
    r: int,
    ends: Reals,
    ascending: Reals,
    params: Reals,
    least: Reals,
    counters: Integers,
    received: Reals,
) -> tuple[int, int]:
    """Return the rank of an ADAPTIVE side's target in round r, and the rank after it.

    See `bargain.play.adaptive`.
    """
    share, n = least[s, r], counters[q, RECEIVED]
    if params[s, RECIPROCITY] > 0.0 and n > 0:
        share -= params[s, RECIPROCITY] * max(received[q, n - 1] - received[q, 0], 0.0)
    rank = rank_at(min(max(share, params[s, FLOOR]), 1.0), q, ends, ascending)
    if params[s, MATCHING] > 0.0:
        best = ascending.shape[1] - 1
        new = min(counters[q, DISTINCT], counters[q, SENT])
        matched = best - int(min(params[s, MATCHING] * new, float(best)))
        if matched < rank:
            rank = max(matched, rank_at(params[s, FLOOR], q, ends, ascending))
    return rank, rank + 1


@merged
def offered(
    q: int,
    s: int,
    r: int,
    key: int,
    ends: Reals,
    utilities: Reals,
    ascending: Reals,
    order: Integers,
    suited: Integers,
    digits: Integers,
    offsets: Integers,
    spans: Reals,
    codes: Integers,
    params: Reals,
    windows: Integers,
    rows: Integers,
    least: Reals,
    counters: Integers,
    received: Reals,
    model: Reals,
) -> int:
    """Return the row that party q offers by side s, were it to propose in round r.

    Not for MICRO, nor for plans whose rows are known.
    """
    rule, sent = codes[s, RULE], counters[q, SENT]
    row = 0
    if rule == SCRIPT:
        row = rows[s, min(sent, rows.shape[1] - 1)]
    elif rule == RANDOM:
        low = windows[s, r, 0]
        row = order[q, low + int(uniform(key, q, sent) * (order.shape[1] - low))]
    else:
        pick, rank, end = codes[s, PICK], windows[s, r, 0], windows[s, r, 1]
        if rule == ADAPTIVE:
            rank, end = returned(q, s, r, ends, ascending, params, least, counters, received)
            if pick > KNOWN:
                end = window_end(q, rank, params[s, BAND], ends, ascending)
        elif rule != PLAN:
            share = 1.0
            if sent > 0:
                own = utilities[q, counters[q, LAST_SENT]]
                share = share_of(own, ends[q, RESERVATION], ends[q, BEST_UTILITY])
            draw = uniform(key, q, sent) if rule == ABSOLUTE else 0.0
            n = counters[q, RECEIVED]
            noise = params[s, NOISE]
            share = imitated(rule, q, n, share, codes[s, DELAY], noise, draw, received)
            rank = rank_at(min(max(share, params[s, FLOOR]), 1.0), q, ends, ascending)
            end = rank + 1
            if pick != CLOSEST:
                end = window_end(q, rank, params[s, BAND], ends, ascending)
        if pick == KNOWN:
            row = suited[q, rank]
        else:
            row = picked(
                pick, q, rank, end, counters[q, LAST_RECEIVED], order, digits, offsets, spans, model
            )
    return row
