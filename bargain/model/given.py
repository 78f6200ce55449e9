"""What callers give in place of a problem, refused in one place and with a way out."""

from __future__ import annotations

from os import PathLike
from typing import Any

from bargain.errors import InvalidArgumentError, shown
from bargain.model.problem import BargainingProblem


def check_problem(given: Any, where: str = "problem") -> None:
    """Refuse what is no problem, in one line that says how a name or path becomes one.

    Parameters
    ----------
    given : object
        What a caller passed as a problem.
    where : str
        The argument's name, with its position where it is one of several.

    Raises
    ------
    InvalidArgumentError
    """
    if isinstance(given, BargainingProblem):
        return
    hint = ""
    if isinstance(given, str | PathLike):
        hint = f"; a name or path is loaded with bargain.load({shown(str(given))})"
    raise InvalidArgumentError(f"{where}: expected a BargainingProblem, got {shown(given)}{hint}")
