"""Lotteries over finite additive spaces: programs over issues' corners, by column generation.

The same answers as the linear programs over all corners at once, in milliseconds where these take
seconds, since the outcomes that matter are few (`prices`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError
from bargain.solve.prices import Lead, PricedSpace, linear_lead, product_lead

EXACT_ENOUGH = 1e-13
"""Gap, in shares of a party's range, at which lotteries are taken for the best."""

REMEMBERED = 64
"""Outcomes of answers that the next programs begin with."""

FEASIBLE = 1e-10
"""What a gain may lack of its floor, in shares of the party's range."""


class ColumnPrograms:
    """Programs over the corners of issues (see `convex.ConvexSet`), all drawn by lot.

    Parameters
    ----------
    matrix : ndarray, shape (n_parties, n_corners)
        What each corner is worth, scaled.
    owner : ndarray of int, shape (n_corners,)
        Which issue a corner is of, in order.
    point : ndarray, shape (n_parties,)
        The disagreement point, scaled.
    """

    def __init__(
        self, matrix: NDArray[np.float64], owner: NDArray[np.intp], point: NDArray[np.float64]
    ) -> None:
        sizes = np.bincount(owner)
        present = np.arange(int(sizes.max())) < sizes[:, None]
        worths = np.zeros((*present.shape, len(matrix)))
        worths[present] = matrix.T
        self.firsts, self.n_corners = np.cumsum(sizes) - sizes, matrix.shape[1]
        self.space = PricedSpace(worths, np.where(present, 0.0, -np.inf), point)
        self._known: dict[bytes, NDArray[np.int64]] = {}

    def maximize(
        self, prices: NDArray[np.float64], floors: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]] | None:
        """Maximise prices . gains with gains >= floors: value, corner weights, duals.

        None where the floors are out of reach, or where that takes prices out of range.
        """
        lead = self._lead(sums=prices, floors=floors)
        if (self._gains(lead) < floors - FEASIBLE).any():
            return None
        return lead.value, self._weights(lead), np.maximum(lead.prices - prices, 0.0)

    def maximin(
        self, shares: NDArray[np.float64], floors: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]] | None:
        """Maximise t with gains >= t shares, for shares of 0 gains >= floors; as `maximize`."""
        limits = np.where(shares > 0, 0.0, floors)
        lead = self._lead(shares=shares, floors=limits)
        if (self._gains(lead) < limits + lead.value * shares - FEASIBLE).any():
            return None
        return lead.value, self._weights(lead), lead.prices

    def best_product(self, weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return the corner weights with the largest sum w log g; None where nobody starts."""
        start = linear_lead(self.space, shares=np.ones(len(weights)))
        try:
            return self._weights(product_lead(self.space, weights, start, close=EXACT_ENOUGH))
        except ConvergenceError:
            return None

    def _lead(
        self,
        *,
        floors: NDArray[np.float64],
        sums: NDArray[np.float64] | None = None,
        shares: NDArray[np.float64] | None = None,
    ) -> Lead:
        """Solve a program that begins with the outcomes of the ones before."""
        known = list(self._known.values())
        lead = linear_lead(
            self.space, sums=sums, shares=shares, floors=floors, close=EXACT_ENOUGH, known=known
        )
        for picks in lead.picks:
            self._known[picks.tobytes()] = picks
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return lead

    def _gains(self, lead: Lead) -> NDArray[np.float64]:
        points = np.array([self.space.gains(picks) for picks in lead.picks])
        gains: NDArray[np.float64] = lead.shares @ points
        return gains

    def _weights(self, lead: Lead) -> NDArray[np.float64]:
        weights = np.zeros(self.n_corners)
        for picks, share in zip(lead.picks, lead.shares, strict=True):
            weights[self.firsts + picks] += share
        return weights
