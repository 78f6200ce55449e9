"""The most probable utility given comparisons, by Newton's method. Callers validate.

Not with numpy.linalg, whose last digits depend on how many threads it may use.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]

STEPS = 100
CLOSE = 1e-10
"""How much a difference of utilities may change in a last step."""


@compiled
def most_probable(before: Reals, among: Reals, slack: float) -> Reals:
    """Return how strongly each comparison pulls, shape (n_pairs,).

    Differences of utility are g = before + among @ pulls, among (n_pairs, n_pairs) their
    covariances; minimised is pulls' among pulls / 2 + sum log(1 + exp(-g / slack)). Newton's step
    with W the curvatures and s their roots, in the form that stays stable where W is large or
    among singular (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006,
    algorithm 3.1):

        b = W (g - before) + doubt / slack,  pulls = b - s (I + s among s)^-1 s among b.
    """
    n = before.shape[0]
    pulls, moved = np.zeros(n), np.zeros(n)
    right, root, step, turned = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    tried, found = np.empty(n), np.empty(n)
    upper = np.empty((n, n))
    cost = _cost(pulls, moved, before, slack)
    for _ in range(STEPS):
        for i in range(n):
            doubt = 1.0 / (1.0 + np.exp((before[i] + moved[i]) / slack))
            curvature = doubt * (1.0 - doubt) / slack**2
            right[i] = curvature * moved[i] + doubt / slack
            root[i] = np.sqrt(curvature)
        _times(among, right, step)
        for i in range(n):
            step[i] *= root[i]
        for i in range(n):
            for j in range(i, n):
                upper[i, j] = root[i] * among[i, j] * root[j]
            upper[i, i] += 1.0
        _solve(upper, step)
        for i in range(n):
            step[i] = right[i] - root[i] * step[i] - pulls[i]
        _times(among, step, turned)
        size = 1.0
        while True:
            for i in range(n):
                tried[i] = pulls[i] + size * step[i]
                found[i] = moved[i] + size * turned[i]
            least = _cost(tried, found, before, slack)
            # near the end all that is left is rounding
            if least <= cost + 1e-12 * cost or size < 1e-6:
                break
            size /= 2.0
        if size < 1e-6:
            break
        cost = least
        change = 0.0
        for i in range(n):
            change = max(change, abs(found[i] - moved[i]))
            pulls[i] = tried[i]
        # anew, so that no rounding piles up
        _times(among, pulls, moved)
        if change <= CLOSE:
            break
    return pulls


@compiled
def _cost(pulls: Reals, moved: Reals, before: Reals, slack: float) -> float:
    total = 0.0
    for i in range(pulls.shape[0]):
        x = -(before[i] + moved[i]) / slack
        total += 0.5 * pulls[i] * moved[i] + max(x, 0.0) + np.log1p(np.exp(-abs(x)))
    return total


@compiled
def _times(matrix: Reals, vector: Reals, product: Reals) -> None:
    """Multiply a symmetric matrix with a vector; product is modified in place."""
    product[:] = 0.0
    for i in range(vector.shape[0]):
        for j in range(vector.shape[0]):
            product[j] += matrix[i, j] * vector[i]


@compiled
def _solve(upper: Reals, vector: Reals) -> None:
    """Solve A x = vector for a positive definite A, by Cholesky; both are modified in place.

    Of A the upper triangle is given in `upper`, which becomes its root.
    """
    n = vector.shape[0]
    for k in range(n):
        pivot = np.sqrt(upper[k, k])
        for j in range(k, n):
            upper[k, j] /= pivot
        for i in range(k + 1, n):
            factor = upper[k, i]
            for j in range(i, n):
                upper[i, j] -= factor * upper[k, j]
    for i in range(n):
        vector[i] /= upper[i, i]
        for j in range(i + 1, n):
            vector[j] -= upper[i, j] * vector[i]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            vector[i] -= upper[i, j] * vector[j]
        vector[i] /= upper[i, i]
