"""Many policies that follow a curve of knots, and how they fare against MiCRO. Callers validate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled
from bargain.kernels.draws import uniform

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

BETA, K, FLOOR, FINAL, PATIENCE, KNOTS = range(6)
"""Columns of `curves`; from KNOTS on the share conceded by each knot."""


@compiled
def fill_curves(curves: Reals, times: Reals, shares: Reals) -> None:
    """Find what curves hold out for in each round; shares (n, n_rounds) is modified in place.

    curves (n, 5 + n_knots), columns as above; see `bargain.play.Adaptive` for the formula. What
    lies between knots is added to s itself, so that knots on the diagonal leave t^(1/beta) as it
    is to the last bit.
    """
    n_rounds, n_knots = times.shape[0], curves.shape[1] - KNOTS
    for i in range(curves.shape[0]):
        exponent = 1.0 / curves[i, BETA]
        k, floor = curves[i, K], curves[i, FLOOR]
        held = 1.0
        for r in range(n_rounds):
            s = times[r] ** exponent
            if n_knots > 0:
                # knot j lies at j / (n_knots + 1); the first and the last are the ends
                place = s * (n_knots + 1)
                j = min(int(place), n_knots)
                before, after = 0.0, 0.0
                if j > 0:
                    before = curves[i, KNOTS + j - 1] - j / (n_knots + 1)
                if j < n_knots:
                    after = curves[i, KNOTS + j] - (j + 1) / (n_knots + 1)
                part = place - j
                s = min(max(s + ((1.0 - part) * before + part * after), 0.0), 1.0)
            share = min(floor + (1.0 - floor) * ((1.0 - k) * (1.0 - s)), 1.0)
            if n_rounds - r <= curves[i, PATIENCE]:
                share = min(share, curves[i, FINAL])
            # never rising, whatever rounding does
            held = min(held, share)
            shares[i, r] = held


@compiled
def play_ranked(
    start: int,
    stop: int,
    planned: NDArray[np.bool_],
    rows: Integers,
    least: Reals,
    own: Reals,
    ranking: Integers,
    other: Reals,
    reservation: float,
    seat: int,
    against: Integers,
    opens: NDArray[np.bool_],
    keys: Integers,
    results: Integers,
) -> None:
    """Play candidates from start to stop whose course is known against MiCRO.

    As `table.play_table` would, but what MiCRO remembers is three numbers: a candidate that never
    asks for more has offered another outcome whenever its row is not the one before. rows, least
    (n_candidates, n_rounds) as in `sessions.tabulate`; own, other (n_outcomes,) what rows are
    worth to the candidate and to MiCRO; ranking, reservation, seat are MiCRO's. against (n,): its
    places in keys (n_opponents, n_starts, n_repetitions) and in results (n_candidates,
    n_opponents, n_starts, n_repetitions, 2), which is modified in place: the round in which it
    ended and the row agreed on, or -1.
    """
    n_rounds, n_allowed = rows.shape[1], ranking.shape[0]
    for c in range(start, stop):
        if not planned[c]:
            continue
        for o in against:
            for s in range(opens.shape[0]):
                for t in range(keys.shape[2]):
                    mine, last, distinct, ranked, sent = opens[s], -1, 0, 0, 0
                    agreed, row, r = False, -1, 0
                    while r < n_rounds and not agreed:
                        if mine:
                            row = rows[c, r]
                            if row != last:
                                distinct += 1
                                last = row
                        # what it would offer next, and so the least that it accepts
                        goes_on, accepted = False, reservation
                        if ranked > distinct:
                            accepted = max(other[ranking[ranked - 1]], reservation)
                        elif ranked < n_allowed and other[ranking[ranked]] >= reservation:
                            goes_on, accepted = True, other[ranking[ranked]]
                        if mine:
                            agreed = other[row] >= accepted
                        else:
                            if goes_on:
                                row = ranking[ranked]
                            else:
                                row = ranking[int(uniform(keys[o, s, t], seat, sent) * ranked)]
                            if ranked < n_allowed and ranking[ranked] == row:
                                ranked += 1
                            sent += 1
                            agreed = own[row] >= least[c, r]
                        mine = not mine
                        r += 1
                    results[c, o, s, t, 0] = r - 1
                    results[c, o, s, t, 1] = row if agreed else -1
