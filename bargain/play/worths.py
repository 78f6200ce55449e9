"""What outcomes are worth, also in spaces too large to lay out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.sums import best_positions
from bargain.solve.agreeable import agreeable_utilities
from bargain.solve.structure import is_enumerable, is_separable

Reals = NDArray[np.float64]


def utilities_at(problem: BargainingProblem, rows: NDArray[Any]) -> Reals:
    """Return what the outcomes at some rows of the space are worth, shape (n, n_parties)."""
    if is_enumerable(problem):
        return problem.utilities()[rows.astype(np.int64)]
    distinct, places = np.unique(rows, return_inverse=True)
    worths = [problem.evaluate(problem.space.outcome(row)) for row in distinct.tolist()]
    return np.reshape(worths, (-1, problem.n_parties))[places]


def best_utilities(problem: BargainingProblem) -> Reals:
    """Return each party's largest utility of any outcome that may be agreed, (n_parties,).

    Raises
    ------
    UnsupportedProblemError, TooLargeError, InfeasibleProblemError
        If an issue is continuous, there are too many outcomes (unless utilities are additive,
        without constraints or ceilings), or none may be agreed.
    """
    if is_enumerable(problem) or not (problem.space.is_finite and is_separable(problem)):
        return np.asarray(agreeable_utilities(problem).max(axis=0))
    best = []
    for terms in problem.terms:
        position = best_positions([term.worths for term in terms], 1)[0]
        best.append(sum(float(t.worths[k]) for t, k in zip(terms, position, strict=True)))
    return np.array(best)
