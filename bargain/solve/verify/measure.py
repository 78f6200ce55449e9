"""The measure of each party's utilities, and how exact recomputed numbers can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.solve.structure import needs_programs, shown_forms, sum_bounds

CLOSE = 1e-8
"""Share of a party's range by which numbers from linear and convex programs may be off. The
programs are solved to 1e-10 and count gains below 1e-9 of a range as none."""

CLOSE_PAIR = 1e-10
"""The same for two parties, whose frontiers are computed in closed form and only rounded."""


@dataclass(frozen=True, eq=False)
class Measure:
    """In what units utilities are compared.

    Attributes
    ----------
    scale : ndarray, shape (n_parties,)
        Distance between a party's best and worst utility (its magnitude where it is constant).
    slack : ndarray, shape (n_parties,)
        Share of the scale by which a recomputed gain may differ.
    """

    scale: NDArray[np.float64]
    slack: NDArray[np.float64]

    @classmethod
    def of(cls, problem: BargainingProblem, close: float = 0.0) -> Measure:
        """Measure a problem; `close` is added to what rounding alone can do."""
        lows, highs, terms = _extremes(problem)
        size = np.maximum(
            np.maximum(np.abs(lows), np.abs(highs)), np.abs(problem.disagreement_point)
        )
        with np.errstate(over="ignore"):
            spread = highs - lows
        scale = np.where(spread > 0, spread, np.where(size > 0, size, 1.0))
        return cls(scale, close + 4.0 * np.finfo(float).eps * terms * size / scale)


def _extremes(
    problem: BargainingProblem,
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    if not problem.is_additive and needs_programs(problem):
        bounds = np.array([sum_bounds(form) for form in shown_forms(problem)])
        return bounds[:, 0], bounds[:, 1], 4 + len(problem.space.issues)
    if not problem.is_additive:
        utilities = problem.utilities()
        return utilities.min(axis=0), utilities.max(axis=0), 4
    lows = [sum(float(term.worths.min()) for term in terms) for terms in problem.terms]
    highs = [sum(float(term.worths.max()) for term in terms) for terms in problem.terms]
    return np.array(lows), np.array(highs), 2 + len(problem.space.issues)
