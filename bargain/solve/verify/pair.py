"""Bounds for two parties, at prices found here by bisection.

Every bound is the least of a function of one price (or ratio of prices) that falls and then
rises, and any price gives a valid bound, so that bisection can be loose but not wrong. Gains are
in shares of the parties' ranges; each bound is one number a row, for as many rows as there are
offsets.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bargain.solve.verify.support import Support

STEPS = 72
"""Halvings of the interval below: down to the last digits of a logarithm."""

AT_ONCE = 6
"""Halvings that are done by one look at all the places where they could end, where there is only
one row: what takes time is the number of looks."""

WIDEST = 80.0
"""Largest logarithm of a ratio of prices; beyond e^80 one of the parties no longer counts."""

Reals = NDArray[np.float64]


class PairBounds:
    """What two parties can reach at most.

    Parameters
    ----------
    support : Support
    offsets : ndarray, shape (r, 2), optional
        Gains to be added: one row for each combination of choices that was left out.
    """

    def __init__(self, support: Support, offsets: Reals | None = None) -> None:
        self.support = support
        self.offsets = np.zeros((1, 2)) if offsets is None else offsets
        self.ends: tuple[Reals, Reals] | None = None
        limits = support.limits
        if np.isfinite(limits).any():
            rows = len(self.offsets)
            both = [np.full(rows, limits[i]) for i in range(2)]
            # where one party is at its limit, the most that leaves for the other
            left = [
                np.minimum(self.most(i, both[1 - i]), both[i])
                if np.isfinite(limits[1 - i])
                else np.zeros(rows)
                for i in range(2)
            ]
            self.ends = (
                np.column_stack([both[0], left[1]]),
                np.column_stack([left[0], both[1]]),
            )

    def best(self, prices: Reals) -> Reals:
        """Return the best gains at a row of prices for each offset, shape (r, 2)."""
        gains = self.support.best(prices) + self.offsets
        if self.ends is not None:
            for i, end in enumerate(self.ends):
                gains = np.where(gains[:, i, None] > self.support.limits[i], end, gains)
        return gains

    def most(self, party: int, other: Reals | float = 0.0) -> Reals:
        """Return the most a party can gain where the other gains at least this much, (r,).

        Minus infinity, or nearly, where the other can't gain that much.
        """
        return self.raised(np.eye(2)[party], 1 - party, other)

    def largest_sum(self) -> Reals:
        """Return the largest sum of utilities gained where nobody gains below 0, shape (r,)."""
        ones = self.support.scale / self.support.scale.max()
        shares: Reals = np.minimum(self.raised(ones, 0), self.raised(ones, 1))
        return shares * float(self.support.scale.max())

    def raised(self, prices: Reals, party: int, floor: Reals | float = 0.0) -> Reals:
        """Return the least of S(prices + m e_party) - m floor over m >= 0, shape (r,)."""
        rows = len(self.offsets)
        floor = np.broadcast_to(np.asarray(floor, dtype=np.float64), (rows,))

        def at(more: Reals) -> tuple[Reals, Reals]:
            paid = np.tile(prices, (len(more), 1))
            paid[:, party] += more
            gains = self.best(paid)
            # prices . gains - m floor, without the large numbers that cancel
            return gains @ prices + more * (gains[:, party] - floor), gains[:, party] - floor

        found = at(np.zeros(rows))[0]
        low, high = _halved(lambda z: at(np.exp(z))[1], rows)
        for z in (low, high):
            found = np.minimum(found, at(np.exp(z))[0])
        return found

    def largest_minimum(self, scales: Reals) -> Reals:
        """Return the largest least gain / scale, shape (r,); scales in shares, some above 0."""
        counted = np.flatnonzero(scales > 0)
        if len(counted) == 1:
            return self.most(int(counted[0])) / float(scales[counted[0]])

        def slope(z: Reals) -> Reals:
            prices = _paired(z) / scales
            gains = self.best(prices)
            # d S / dz, where the prices of what is shared out sum to 1
            shares = gains / scales
            rise: Reals = shares[:, 0] - shares[:, 1]
            return rise

        rows = len(self.offsets)
        alone = [self.best(np.tile(np.eye(2)[i], (rows, 1)))[:, i] / scales[i] for i in range(2)]
        found: Reals = np.minimum(alone[0], alone[1])
        for z in _halved(slope, rows):
            prices = _paired(z) / scales
            found = np.minimum(found, (prices * self.best(prices)).sum(axis=1))
        return found

    def largest_log_product(self, weights: Reals) -> Reals:
        """Return the largest sum of weights times log gains (shares), both weights > 0, (r,)."""
        weights = weights / weights.sum()

        def at(z: Reals) -> tuple[Reals, Reals]:
            prices = _paired(z)
            paid = prices * self.best(prices)
            with np.errstate(divide="ignore"):
                total = np.log(np.maximum(paid.sum(axis=1), 0.0))
            bound = total + np.log(weights / prices) @ weights
            return bound, paid[:, 0] * weights[1] - paid[:, 1] * weights[0]

        found = np.full(len(self.offsets), np.inf)
        for z in _halved(lambda z: at(z)[1], len(self.offsets)):
            found = np.minimum(found, at(z)[0])
        return found


def _paired(z: Reals) -> Reals:
    """Return prices that sum to 1 and whose ratio has this logarithm, shape (r, 2)."""
    return np.column_stack([1.0 / (1.0 + np.exp(-z)), 1.0 / (1.0 + np.exp(z))])


def _halved(slope: Callable[[Reals], Reals], rows: int) -> tuple[Reals, Reals]:
    """Return where a slope turns from negative to positive, from both sides."""
    low, high = np.full(rows, -WIDEST), np.full(rows, WIDEST)
    if rows == 1:
        parts = 2**AT_ONCE
        for _ in range(STEPS // AT_ONCE):
            between = np.linspace(low[0], high[0], parts + 1)
            rising = slope(between[1:-1]) > 0
            above = int(rising.argmax()) if rising.any() else parts - 1
            low, high = between[above : above + 1], between[above + 1 : above + 2]
        return low, high
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        rising = slope(middle) > 0
        high = np.where(rising, middle, high)
        low = np.where(rising, low, middle)
    return low, high
