"""The correlated equilibrium with the largest welfare, by a linear program.

Aumann, "Subjectivity and correlation in randomized strategies", Journal of Mathematical Economics
1 (1974) 67-96.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import ConvergenceError
from bargain.search.bimatrix import Bimatrix, Reals, Rows
from bargain.search.profiles import Names, frozen


@dataclass(frozen=True, eq=False)
class CorrelatedEquilibrium:
    """A distribution over pairs of policies that a mediator draws and both follow.

    Attributes
    ----------
    probabilities : ndarray, shape (n, m)
        Of each pair, read-only.
    names : tuple of tuple of str
    payoffs : tuple of float
        Expected payoff of each role.
    welfare : float
        Weighted sum of the payoffs.
    welfare_bound : float
        What no correlated equilibrium exceeds, by the dual of the linear program.
    regret : float
        The most that a role can expect to gain by a rule of the form "if told i, play k", in units
        of payoff, before it is told anything: 0 to rounding.
    """

    probabilities: Reals
    names: tuple[Names, Names]
    payoffs: tuple[float, float]
    welfare: float
    welfare_bound: float
    regret: float

    @property
    def support(self) -> dict[tuple[str, str], float]:
        """The pairs that are drawn, the most likely first."""
        rows, columns = self.names
        pairs = {
            (rows[i], columns[j]): float(self.probabilities[i, j])
            for i, j in np.argwhere(self.probabilities > 0)
        }
        return dict(sorted(pairs.items(), key=lambda item: -item[1]))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        return {
            "support": [
                {"policies": list(pair), "probability": chance}
                for pair, chance in self.support.items()
            ],
            "payoffs": list(self.payoffs),
            "welfare": self.welfare,
            "welfare_bound": self.welfare_bound,
            "regret": self.regret,
        }


def correlated(
    game: Bimatrix,
    kept: tuple[Rows, Rows],
    weights: tuple[float, float],
    names: tuple[Names, Names],
) -> CorrelatedEquilibrium:
    """Return the correlated equilibrium of a game with the largest weighted sum of payoffs.

    Only strategies that survive the elimination of strictly dominated ones can be played in one.
    """
    here = np.ix_(*kept)
    small = game.part(*kept)
    spans = np.array(small.ranges)
    # in the scaled game, a unit of a role's payoff is worth its range
    largest = float((np.array(weights) * spans).max()) or 1.0
    worth = np.array(weights) * spans / largest
    found, bound = best_correlated(small.scaled, (float(worth[0]), float(worth[1])))
    p = np.zeros(game.shape)
    p[here] = found
    payoffs = float((p * game.rows).sum()), float((p * game.columns).sum())
    welfare = weights[0] * payoffs[0] + weights[1] * payoffs[1]
    lowest = weights[0] * small.rows.min() + weights[1] * small.columns.min()
    return CorrelatedEquilibrium(
        probabilities=frozen(p),
        names=names,
        payoffs=payoffs,
        welfare=welfare,
        welfare_bound=max(float(lowest + largest * bound), welfare),
        regret=obedience_regret(game, p),
    )


def best_correlated(game: Bimatrix, weights: tuple[float, float]) -> tuple[Reals, float]:
    """Return the distribution with the largest weighted sum of payoffs, and a bound on that sum.

    One linear program by HiGHS: n m variables, n (n - 1) + m (m - 1) constraints.

    Parameters
    ----------
    game : Bimatrix
        With payoffs from 0 to 1.
    weights : tuple of float
        >= 0, of the payoffs of the game given.

    Returns
    -------
    probabilities : ndarray, shape (n, m)
    bound : float
        Of the weighted sum.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    n, m = game.shape
    welfare = weights[0] * game.rows + weights[1] * game.columns
    if n == m == 1:
        return np.ones((1, 1)), float(welfare[0, 0])
    blocks = []
    for payoffs, transposed in ((game.rows, False), (game.columns.T, True)):
        own, other = payoffs.shape
        # told i, playing k instead gains sum_j p_ij (A_kj - A_ij) <= 0
        i, k = np.nonzero(~np.eye(own, dtype=bool))
        gains = payoffs[k] - payoffs[i]
        j = np.arange(other)
        cells = i[:, None] + m * j if transposed else i[:, None] * m + j
        constraint = np.repeat(np.arange(len(i)), other)
        shape = (len(i), n * m)
        blocks.append(coo_array((gains.ravel(), (constraint, cells.ravel())), shape=shape))
    above = vstack(blocks).tocsr()
    solve: Any = linprog  # its stubs know no sparse matrices
    found = solve(
        -welfare.ravel(),
        A_ub=above,
        b_ub=np.zeros(above.shape[0]),
        A_eq=np.ones((1, n * m)),
        b_eq=[1.0],
        bounds=(0.0, None),
        method="highs",
    )
    if not found.success:
        raise ConvergenceError.at("correlated_equilibrium()", "an optimum", found.message)
    p = np.maximum(found.x, 0.0).reshape(n, m)
    if game.symmetric and weights[0] == weights[1]:
        # as good for both together, and the same to both
        p = 0.5 * (p + p.T)
    p[p < 1e-12] = 0.0
    return p / p.sum(), _dual_bound(welfare.ravel(), above, found)


def _dual_bound(welfare: Reals, above: Any, found: Any) -> float:
    """Return the bound that multipliers >= 0 of the constraints prove, whoever found them."""
    multipliers = np.maximum(-found.ineqlin.marginals, 0.0)
    return float((welfare - above.T @ multipliers).max())


def obedience_regret(game: Bimatrix, p: Reals) -> float:
    """Return the most that a role gains by a rule "if told i, play k", before it is told."""
    worst = 0.0
    for payoffs, q in ((game.rows, p), (game.columns.T, p.T)):
        # told i: what k would give, less what i gives
        instead = q @ payoffs.T
        worst = max(worst, float((instead - np.diag(instead)[:, None]).max()))
    return worst
