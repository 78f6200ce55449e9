"""One equilibrium of a bimatrix game from each label, by complementary pivoting.

The path of Lemke and Howson alternates between two tableaus; in a symmetric game one tableau that
stands for both leads to a symmetric equilibrium. Pivots are normalised (each pivot row is divided
by its pivot) and ties are broken lexicographically, so that the path of a degenerate game ends,
too.

References
----------
Lemke and Howson, "Equilibrium points of bimatrix games", SIAM Journal 12 (1964) 413-423.
von Stengel, "Computing equilibria for two-person games", Handbook of Game Theory 3 (2002), ch. 45.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.search.bimatrix import Bimatrix, Reals

SMALL = 1e-11
"""Entries of a tableau up to this size are rounding."""


def lemke_howson(game: Bimatrix, label: int) -> tuple[Reals, Reals] | None:
    """Return the equilibrium at the end of the path that drops a label.

    Parameters
    ----------
    game : Bimatrix
        With payoffs from 0 to 1.
    label : int
        A strategy of the row role (0 to n - 1), or of the column role (n to n + m - 1).

    Returns
    -------
    x, y : ndarray, shapes (n,) and (m,)
        None if the path did not end within 100 + 20 (n + m) pivots, or was lost to rounding.
    """
    n = len(game.rows)
    # x >= 0, B^T x <= 1 and y >= 0, A y <= 1, bounded as all entries are above 0
    first, second = _Tableau.of(game.columns.T + 1.0), _Tableau.of(game.rows + 1.0)
    ended = _follow(first, second, label) if label < n else _follow(second, first, label - n)
    if not ended:
        return None
    x, y = first.point(), second.point()
    if not (x.sum() > 0 and y.sum() > 0):
        return None
    return polished(game, x / x.sum(), y / y.sum())


def symmetric_lemke_howson(game: Bimatrix, label: int) -> tuple[Reals, Reals] | None:
    """Return the symmetric equilibrium at the end of the path that drops a label.

    As `lemke_howson`, for a symmetric game and a label from 0 to n - 1.
    """
    tableau = _Tableau.of(game.rows + 1.0)
    if not _follow(tableau, tableau, label):
        return None
    x = tableau.point()
    if not x.sum() > 0:
        return None
    return polished(game, x / x.sum(), x / x.sum())


@dataclass(frozen=True, eq=False)
class _Tableau:
    """A basis of M z + s = 1, z and s >= 0, for M of shape (k, d); it changes in place.

    Attributes
    ----------
    entries : ndarray, shape (k, d + k + 1)
        Columns are z, s and the right-hand side. Those of s are the inverse of the basis.
    basis : ndarray of int, shape (k,)
        The column that each row stands for.
    """

    entries: Reals
    basis: NDArray[np.intp]

    @classmethod
    def of(cls, matrix: Reals) -> _Tableau:
        """Make the tableau of z = 0."""
        k, d = matrix.shape
        entries = np.hstack([matrix, np.eye(k), np.ones((k, 1))])
        return cls(entries, np.arange(d, d + k))

    @property
    def dimension(self) -> int:
        """Return d."""
        return int(self.entries.shape[1]) - len(self.basis) - 1

    def enter(self, column: int) -> int | None:
        """Bring a column into the basis and return the one that leaves, None if none can."""
        row = self._leaving(column)
        if row is None:
            return None
        entries = self.entries
        entries[row] /= entries[row, column]
        factors = entries[:, column].copy()
        factors[row] = 0.0
        entries -= factors[:, None] * entries[row]
        entries[:, column] = 0.0
        entries[row, column] = 1.0
        left = int(self.basis[row])
        self.basis[row] = column
        return left

    def _leaving(self, column: int) -> int | None:
        """Return the row with the lexicographically smallest ratio (von Stengel 2002, 2.6)."""
        entries = self.entries[:, column]
        rows = np.flatnonzero(entries > SMALL)
        d = self.dimension
        for compared in (-1, *range(d, d + len(entries))):
            if len(rows) < 2:
                break
            ratios = self.entries[rows, compared] / entries[rows]
            rows = rows[ratios <= ratios.min() + SMALL]
        return int(rows[0]) if len(rows) else None

    def point(self) -> Reals:
        """Return z, shape (d,)."""
        values = np.zeros(self.entries.shape[1] - 1)
        values[self.basis] = self.entries[:, -1]
        return np.asarray(np.maximum(values[: self.dimension], 0.0))


def _follow(here: _Tableau, there: _Tableau, label: int) -> bool:
    """Pivot from the origin until the dropped label is back; tell whether it is.

    Strategy i is column z_i of one tableau and a row of the other, whose slack is its complement:
    on the path at most one of the two is above 0, but for the label.

    Parameters
    ----------
    here, there : _Tableau
        Where the label is a column, and where its slack is; one and the same in a symmetric game.
    label : int
        Column in `here`.
    """
    tableau, entering = here, label
    for _ in range(100 + 20 * (here.dimension + there.dimension)):
        left = tableau.enter(entering)
        if left is None:
            return False
        other = there if tableau is here else here
        if left < tableau.dimension:
            if tableau is here and left == label:
                return True
            entering = other.dimension + left
        else:
            entering = left - tableau.dimension
            if tableau is there and entering == label:
                return True
        tableau = other
    return False


def polished(game: Bimatrix, x: Reals, y: Reals) -> tuple[Reals, Reals]:
    """Return a profile with its probabilities solved for anew, if that lowers its regret.

    The strategies that are played have to be equally good: a linear system for each role, of
    which many pivots leave less rounding if it is solved at once.
    """
    rows, columns = np.flatnonzero(x > SMALL), np.flatnonzero(y > SMALL)
    if len(rows) != len(columns):
        return x, y
    new_y = _indifferent(game.rows[np.ix_(rows, columns)])
    new_x = _indifferent(game.columns[np.ix_(rows, columns)].T)
    if new_x is None or new_y is None:
        return x, y
    better_x, better_y = np.zeros_like(x), np.zeros_like(y)
    better_x[rows], better_y[columns] = new_x, new_y
    if game.regret(better_x, better_y) <= game.regret(x, y):
        return better_x, better_y
    return x, y


def _indifferent(payoffs: Reals) -> NDArray[np.float64] | None:
    """Return probabilities of the columns that make all rows equally good, if there are such."""
    k = len(payoffs)
    system = np.ones((k + 1, k + 1))
    system[:k, :k] = payoffs
    system[:k, k] = -1.0
    system[k, k] = 0.0
    try:
        found = np.linalg.solve(system, np.append(np.zeros(k), 1.0))[:k]
    except np.linalg.LinAlgError:
        return None
    if not (np.isfinite(found).all() and found.min() >= 0 and found.sum() > 0):
        return None
    return np.asarray(found / found.sum())
