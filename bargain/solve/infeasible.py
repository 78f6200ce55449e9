"""What is said where nothing can be agreed because no outcome meets all the constraints."""

from __future__ import annotations

from typing import NoReturn

from bargain.errors import InfeasibleProblemError
from bargain.model import BargainingProblem

MOST_NAMED = 8
"""Constraints named in a message."""


def refuse_infeasible(problem: BargainingProblem) -> NoReturn:
    """Raise for a problem none of whose outcomes meets all its constraints.

    Raises
    ------
    InfeasibleProblemError
        Naming a smallest set of constraints that conflict.
    """
    # integer programs build on what calls this
    from bargain.solve.conflicts import refuse_conflicts

    refuse_conflicts(problem)
    named = "; ".join(str(constraint) for constraint in problem.constraints[:MOST_NAMED])
    if len(problem.constraints) > MOST_NAMED:
        named += f"; and {len(problem.constraints) - MOST_NAMED} more"
    raise InfeasibleProblemError(f"no outcome meets all the constraints: {named}")
