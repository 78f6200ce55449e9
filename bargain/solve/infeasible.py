"""What is said where nothing can be agreed because no outcome meets all the constraints."""

from __future__ import annotations

from typing import NoReturn

from bargain.errors import InfeasibleProblemError
from bargain.model import BargainingProblem


def refuse_infeasible(problem: BargainingProblem) -> NoReturn:
    """Raise for a problem none of whose outcomes meets all its constraints.

    Raises
    ------
    InfeasibleProblemError
        Naming the constraints.
    """
    named = "; ".join(str(constraint) for constraint in problem.constraints)
    raise InfeasibleProblemError(f"no outcome meets all the constraints: {named}")
