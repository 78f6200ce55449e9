"""Games of the literature, and the definitions of equilibrium word for word."""

from __future__ import annotations

from itertools import combinations

import numpy as np

PRISONERS = [[3, 0], [5, 1]]
"""Cooperate, defect (Tucker 1950)."""

CHICKEN = [[6, 2], [7, 0]]
"""Dove, hawk (Aumann 1974, section 2c)."""

STAG_HUNT = [[4, 0], [3, 3]]
"""Stag, hare: the best for both, and the safe one."""

ROCK = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
BAD_ROCK = [[0, -2, 1], [1, 0, -2], [-2, 1, 0]]
"""Losing costs more than winning brings: populations spiral out (Hofbauer, Sigmund 1998, 7.7)."""

GOOD_ROCK = [[0, -1, 2], [2, 0, -1], [-1, 2, 0]]
"""Winning brings more: they spiral in."""

PENNIES = ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SEXES = ([[2, 0], [0, 1]], [[1, 0], [0, 2]])
"""Luce and Raiffa 1957, 5.3."""

SHAPLEY = ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
"""One equilibrium, which fictitious play never finds (Shapley 1964)."""

VON_STENGEL = ([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
"""Three equilibria (von Stengel 2007, in Nisan and others, Algorithmic Game Theory, (3.3))."""


def regret(a, b, x, y):
    """The most that somebody gains by another strategy, by the definition."""
    n, m = len(a), len(a[0])
    own = sum(x[i] * y[j] * a[i][j] for i in range(n) for j in range(m))
    other = sum(x[i] * y[j] * b[i][j] for i in range(n) for j in range(m))
    best = max(sum(y[j] * a[i][j] for j in range(m)) for i in range(n))
    other_best = max(sum(x[i] * b[i][j] for i in range(n)) for j in range(m))
    return max(best - own, other_best - other)


def all_by_supports(a, b):
    """Equilibria with supports of one size, by solving for each pair of supports in turn."""
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    found = []
    for size in range(1, min(a.shape) + 1):
        for rows in combinations(range(a.shape[0]), size):
            for columns in combinations(range(a.shape[1]), size):
                y = indifferent(a[np.ix_(rows, columns)])
                x = indifferent(b[np.ix_(rows, columns)].T)
                if x is None or y is None:
                    continue
                whole = np.zeros(a.shape[0]), np.zeros(a.shape[1])
                whole[0][list(rows)], whole[1][list(columns)] = x, y
                if regret(a, b, *whole) <= 1e-9:
                    found.append(whole)
    return found


def indifferent(payoffs):
    """Probabilities above 0 that make all rows equally good, or None."""
    k = len(payoffs)
    system = np.block([[payoffs, -np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])
    if abs(np.linalg.det(system)) < 1e-10:
        return None
    chances = np.linalg.solve(system, np.append(np.zeros(k), 1.0))[:k]
    return chances if chances.min() > 0 else None


def as_set(profiles):
    return {tuple((np.round(np.concatenate(both), 6) + 0.0).tolist()) for both in profiles}
