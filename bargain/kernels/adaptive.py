"""Curves of knots: what policies hold out for in every round. Callers validate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]

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
            shares[i, r] = share
