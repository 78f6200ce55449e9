"""Two payoff matrices: what the algorithms for equilibria work on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Rows = NDArray[np.intp]

TOLERANCE = 1e-9
"""Largest regret, in parts of a role's payoff range, that counts as none."""

SAME = 1e-12
"""How far payoffs may differ that count as equal, in parts of a role's payoff range."""


@dataclass(frozen=True, eq=False)
class Bimatrix:
    """A game of two roles.

    Attributes
    ----------
    rows, columns : ndarray, shape (n, m)
        What the row and the column role get where strategy i meets strategy j. Finite.
    symmetric : bool
        The roles are the same: `columns` is the transpose of `rows`.
    """

    rows: Reals
    columns: Reals
    symmetric: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        n, m = self.rows.shape
        return n, m

    @cached_property
    def scaled(self) -> Bimatrix:
        """The game with the payoffs of each role from 0 to 1: its equilibria are the same.

        All payoffs of a role that are equal are 0.
        """
        return Bimatrix(_scaled(self.rows), _scaled(self.columns), self.symmetric)

    @cached_property
    def ranges(self) -> tuple[float, float]:
        """Largest less smallest payoff of each role."""
        return float(np.ptp(self.rows)), float(np.ptp(self.columns))

    def part(self, rows: Rows, columns: Rows) -> Bimatrix:
        """Return the game in which only some strategies may be played."""
        here = np.ix_(rows, columns)
        return Bimatrix(self.rows[here], self.columns[here], self.symmetric)

    def payoffs(self, x: Reals, y: Reals) -> tuple[float, float]:
        """Return what each role gets in a profile, 0 where nothing but rounding is left."""
        first, second = (float(x @ payoffs @ y) for payoffs in (self.rows, self.columns))
        small = [1e-15 * float(np.abs(payoffs).max()) for payoffs in (self.rows, self.columns)]
        return first if abs(first) > small[0] else 0.0, second if abs(second) > small[1] else 0.0

    def gains(self, x: Reals, y: Reals) -> tuple[Reals, Reals]:
        """Return what each role would gain by each of its strategies, shapes (n,) and (m,)."""
        by_row, by_column = self.rows @ y, x @ self.columns
        return by_row - x @ by_row, by_column - by_column @ y

    def regret(self, x: Reals, y: Reals) -> float:
        """Return the most that a role can gain by deviating alone, >= 0."""
        by_row, by_column = self.gains(x, y)
        return max(float(by_row.max()), float(by_column.max()), 0.0)


def _scaled(payoffs: Reals) -> Reals:
    spread = np.ptp(payoffs)
    # not by a factor of 1 / spread, which a tiny spread makes infinite
    return (payoffs - payoffs.min()) / spread if spread > 0 else np.zeros_like(payoffs)


def by_role(payoffs: Reals, *, symmetric: bool) -> tuple[Reals, Reals]:
    """Return the matrices of the row and of the column role, shape (..., n, m) each.

    Parameters
    ----------
    payoffs : ndarray, shape (..., n, n) in a symmetric game, (..., n, m, 2) otherwise
    """
    if symmetric:
        return payoffs, payoffs.swapaxes(-1, -2)
    return payoffs[..., 0], payoffs[..., 1]
