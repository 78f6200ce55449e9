"""Problems and deadlines, one or several, as a user gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.given import check_problem
from bargain.model.problem import BargainingProblem
from bargain.play.session import checked_deadline

Problems = BargainingProblem | Iterable[BargainingProblem]


def checked_deadlines(given: int | Sequence[int]) -> tuple[int, ...]:
    """Return one deadline or several, each from 1 on."""
    several = isinstance(given, Sequence | np.ndarray) and not isinstance(given, str)
    listed: Sequence[int] = given if several else [given]  # type: ignore[assignment,list-item]
    deadlines = tuple(checked_deadline(rounds, at_least=1) for rounds in listed)
    if not deadlines:
        raise InvalidArgumentError.at("deadline", "at least one", given)
    return deadlines


def checked_problems(where: str, given: Any) -> tuple[BargainingProblem, ...]:
    """Return one problem or several."""
    if isinstance(given, BargainingProblem):
        return (given,)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidArgumentError.at(where, "a problem or several", given)
    problems = tuple(given)
    for i, problem in enumerate(problems):
        check_problem(problem, f"{where}[{i}]")
    if not problems:
        raise InvalidArgumentError.at(where, "at least one problem", problems)
    return problems


def title_of(problems: Sequence[BargainingProblem], deadlines: Sequence[int]) -> str:
    """Say where something was played: "rental, deadline 8, 40"."""
    where = f"{len(problems)} problems"
    if len(problems) == 1:
        where = problems[0].name or "one problem"
    return f"{where}, deadline {', '.join(str(rounds) for rounds in deadlines)}"
