"""What the constraints of a problem leave to be agreed, where every outcome can be looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.model.numbers import large_number
from bargain.solve.conflicts import refuse_infeasible


def agreeable_rows(problem: BargainingProblem) -> NDArray[np.intp] | None:
    """Return the rows that break no constraint, increasing; None where no row breaks any.

    Raises
    ------
    InfeasibleProblemError
        If every row breaks one.
    TooLargeError, UnsupportedProblemError
        Where `BargainingProblem.utilities` raises them, if there are constraints.
    """
    rows = problem.allowed_rows
    if rows is None or len(rows) == problem.space.size:
        return None
    if len(rows) == 0:
        refuse_infeasible(problem)
    return rows


def agreeable_utilities(problem: BargainingProblem) -> NDArray[np.float64]:
    """Return the utilities of the outcomes that may be agreed, in row order, (n, n_parties)."""
    rows = agreeable_rows(problem)
    return problem.utilities() if rows is None else problem.utilities()[rows]


def original_rows(problem: BargainingProblem, positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the rows of outcomes given by their positions among those that may be agreed."""
    rows = agreeable_rows(problem)
    return positions if rows is None else rows[positions]


def outcome_counts(problem: BargainingProblem) -> dict[str, int]:
    """Return how many outcomes were looked at, and allowed if some are not, as evidence."""
    rows = agreeable_rows(problem)
    counts = {"outcomes": int(problem.space.size)}
    return counts if rows is None else {**counts, "allowed": len(rows)}


def outcomes_counted(problem: BargainingProblem) -> str:
    """Say how many outcomes there are, and how many of them may be agreed."""
    rows, size = agreeable_rows(problem), large_number(problem.space.size)
    if rows is None:
        return f"{size} outcomes"
    return f"{len(rows)} outcomes that meet the constraints ({size} in all)"
