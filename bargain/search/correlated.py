"""The correlated equilibrium with the largest welfare, by a linear program.

Aumann, "Subjectivity and correlation in randomized strategies", Journal of Mathematical Economics
1 (1974) 67-96.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import ConvergenceError, InvalidArgumentError
from bargain.model.arrays import frozen
from bargain.model.numbers import finite_number
from bargain.search.bimatrix import Bimatrix, Reals, Rows
from bargain.search.profiles import Names, pair_of

MOST_ITERATIONS = 2500
"""Iterations of the simplex method before another one takes over."""


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
        of payoff, before it is told anything: 0 to about 1e-8 of the payoff range.
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


def checked_weights(given: Any) -> tuple[float, float]:
    """Return the weights of both roles' payoffs, >= 0 and not both 0."""
    first, second = (
        finite_number(f"weights[{i}]", weight, at_least=0.0, error=InvalidArgumentError)
        for i, weight in enumerate(pair_of("weights", given))
    )
    if not first + second > 0:
        raise InvalidArgumentError.at("weights", "one of them above 0", given)
    return first, second


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

    A linear program of n m variables and n (n - 1) + m (m - 1) constraints; in a symmetric game
    with equal weights of half as many of both, as the mean of a distribution and its mirror image
    is as good. The dual simplex method of HiGHS solves it in tenths of a second for 50 strategies,
    but not in minutes where the game is almost zero-sum. After 2500 iterations the interior point
    method of Clarabel takes over, which takes seconds whatever the game.

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
    n, m = game.shape
    welfare = (weights[0] * game.rows + weights[1] * game.columns).ravel()
    if n == m == 1:
        return np.ones((1, 1)), float(welfare[0])
    gains, spread = _obedience(game, alike=game.symmetric and weights[0] == weights[1])
    worth = welfare @ spread
    found = _by_simplex(worth, gains)
    shares, multipliers = _by_interior_point(worth, gains) if found is None else found
    p = (spread @ shares).reshape(n, m)
    bound = float((worth - gains.T @ multipliers).max())
    return p / p.sum(), bound


def _obedience(game: Bimatrix, *, alike: bool) -> tuple[Any, Any]:
    """Return the gains of disobeying, and the pairs that each variable stands for.

    Returns
    -------
    gains : sparse array, shape (n_constraints, n_variables)
        What playing k when told i gains for each unit of a variable; their sum is to be <= 0.
    spread : sparse array, shape (n m, n_variables)
        The part of a variable that each pair has: all of it, or if both roles are to be treated
        alike half of it each for a pair and its mirror image.
    """
    from scipy.sparse import coo_array, eye_array, vstack

    n, m = game.shape
    blocks = []
    for payoffs, transposed in ((game.rows, False), (game.columns.T, True))[: 1 if alike else 2]:
        own, other = payoffs.shape
        # told i, playing k instead gains sum_j p_ij (A_kj - A_ij) <= 0
        i, k = np.nonzero(~np.eye(own, dtype=bool))
        j = np.arange(other)
        cells = i[:, None] + m * j if transposed else i[:, None] * m + j
        constraint = np.repeat(np.arange(len(i)), other)
        shape = (len(i), n * m)
        values = (payoffs[k] - payoffs[i]).ravel()
        blocks.append(coo_array((values, (constraint, cells.ravel())), shape=shape))
    gains = vstack(blocks).tocsr()
    if not alike:
        return gains, eye_array(n * m, format="csr")
    i, j = np.triu_indices(n)
    pairs = np.arange(len(i))
    places = np.concatenate([i * n + j, j * n + i]), np.concatenate([pairs, pairs])
    # a pair that is its own mirror image has both halves
    spread = coo_array((np.full(2 * len(i), 0.5), places), shape=(n * n, len(i))).tocsr()
    return gains @ spread, spread


def _by_simplex(worth: Reals, gains: Any) -> tuple[Reals, Reals] | None:
    """Return shares and multipliers, None if it takes too many iterations."""
    from scipy.optimize import linprog

    solve: Any = linprog  # its stubs know no sparse matrices
    found = solve(
        -worth,
        A_ub=gains,
        b_ub=np.zeros(gains.shape[0]),
        A_eq=np.ones((1, len(worth))),
        b_eq=[1.0],
        bounds=(0.0, None),
        method="highs-ds",
        options={"maxiter": MOST_ITERATIONS},
    )
    if found.x is None or found.status != 0:
        return None
    shares = np.where(found.x > 1e-12, found.x, 0.0)
    return shares, np.maximum(-found.ineqlin.marginals, 0.0)


def _by_interior_point(worth: Reals, gains: Any) -> tuple[Reals, Reals]:
    """Return shares and multipliers."""
    import cvxpy as cp

    shares = cp.Variable(len(worth), nonneg=True)
    obeyed = gains @ shares <= 0
    problem = cp.Problem(cp.Maximize(worth @ shares), [obeyed, cp.sum(shares) == 1])
    problem.solve(solver=cp.CLARABEL)
    if problem.status != cp.OPTIMAL:
        raise ConvergenceError.at("correlated_equilibrium()", "an optimum", problem.status)
    # what is left of shares that are 0 is below the accuracy
    found = np.where(shares.value > 1e-9, shares.value, 0.0)
    return found, np.maximum(obeyed.dual_value, 0.0)


def obedience_regret(game: Bimatrix, p: Reals) -> float:
    """Return the most that a role gains by a rule "if told i, play k", before it is told."""
    worst = 0.0
    for payoffs, q in ((game.rows, p), (game.columns.T, p.T)):
        # told i: what k would give, less what i gives
        instead = q @ payoffs.T
        worst = max(worst, float((instead - np.diag(instead)[:, None]).max()))
    return worst
