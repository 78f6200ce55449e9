"""Shares of what a party can gain, and the ranks of the outcomes that are worth them.

Arrays and their names are those of `bargain.kernels.table`. Callers validate; nothing here checks
anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled, merged, uncounted
from bargain.kernels.sides import BEST_UTILITY, RESERVATION

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

TARGET_TOLERANCE = 1e-12
"""As in `bargain.kernels.sessions`."""

CANDIDATES = 64
"""Most outcomes looked at for one offer by likeness or model."""


@compiled
def share_of(utility: float, reservation: float, best: float) -> float:
    """Return (u - r) / (u_max - r), also where u_max - r overflows; 0 where there is no gain."""
    if best <= reservation:
        return 0.0
    half = 0.5 * best - 0.5 * reservation
    if half > 4e307:
        return (0.5 * utility - 0.5 * reservation) / half
    return (utility - reservation) / (best - reservation)


@merged
def rank_at(share: float, q: int, ends: Reals, ascending: Reals) -> int:
    """Return the rank of party q's least utility at a target: see `sessions.offer_ranks`."""
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    target = best
    if share < 1.0:
        slack = TARGET_TOLERANCE * max(abs(reservation), abs(best))
        target = (1.0 - share) * reservation + share * best - slack
    target = min(max(target, reservation), best)
    low, high = 0, ascending.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if ascending[q, middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@merged
def window_end(q: int, rank: int, band: float, ends: Reals, ascending: Reals) -> int:
    """Return the rank after the last one that party q looks at for an offer from `rank` on.

    Looked at are the first CANDIDATES outcomes up to `band`, a share of the attainable gain, above
    the least of them.
    """
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    top = share_of(ascending[q, rank], reservation, best) + band
    end = rank + 1
    most = min(rank + CANDIDATES, ascending.shape[1])
    while end < most and share_of(ascending[q, end], reservation, best) <= top:
        end += 1
    return end


@uncounted
def fill_windows(
    q: int, shares: Reals, band: float, ends: Reals, ascending: Reals, windows: Integers
) -> None:
    """Find the ranks party q looks at for each target; windows (n, 2), from and to, is modified."""
    for r in range(shares.shape[0]):
        rank = rank_at(shares[r], q, ends, ascending)
        windows[r, 0] = rank
        windows[r, 1] = window_end(q, rank, band, ends, ascending)
