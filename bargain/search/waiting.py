"""What waiting leaves of utilities in every round, tabulated once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem

Reals = NDArray[np.float64]


def waiting_of(problem: BargainingProblem, index: int, times: Reals) -> tuple[Reals, Reals]:
    """Return what is left of a unit and what has been paid in each round, by (own, other).

    Parameters
    ----------
    problem : BargainingProblem
        Two parties.
    index : int
        Position of the party that comes first here.
    times : ndarray, shape (n_rounds,)
        Relative time of each round.

    Returns
    -------
    left, paid : ndarray, shape (n_rounds, 2)
    """
    if problem.is_patient or not len(times):
        return np.ones((len(times), 2)), np.zeros((len(times), 2))
    seats = [index, 1 - index]
    moments = [(r, float(time)) for r, time in enumerate(times)]
    left = np.array([problem.discounts(round=r, time=time) for r, time in moments])
    paid = np.array([problem.costs_paid(round=r, time=time) for r, time in moments])
    return np.ascontiguousarray(left[:, seats]), np.ascontiguousarray(paid[:, seats])
