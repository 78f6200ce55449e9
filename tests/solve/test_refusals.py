"""What a solver refuses says what it really is that it cannot take, and what to do about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bargain as bg
import bargain.solve

OPTIONS: dict[str, dict[str, Any]] = {
    "best_offer": {"party": 0, "at_least": 0.5},
    "BestOffers": {"party": 0},
}


def takes_a_problem(name: str) -> bool:
    value = getattr(bargain.solve, name)
    parameters = list(inspect.signature(value).parameters)
    return bool(parameters) and parameters[0] == "problem"


FUNCTIONS = [name for name in bargain.solve.__all__ if takes_a_problem(name)]


def test_the_functions_that_take_a_problem_are_found() -> None:
    assert {"nash_solution", "pareto_frontier", "best_offer", "BestOffers"} <= set(FUNCTIONS)
    assert len(FUNCTIONS) == 12


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("given", ["rental", Path("rental"), None, [1, 2]])
def test_what_is_no_problem_is_refused_in_one_line(name: str, given: Any) -> None:
    solve: Callable[..., Any] = getattr(bg, name)
    with pytest.raises(bg.InvalidArgumentError, match=r"^problem: expected a Bargain") as refused:
        solve(given, **OPTIONS.get(name, {}))
    named = isinstance(given, str | Path)
    assert str(refused.value).endswith("loaded with bargain.load('rental')") == named


@pytest.mark.parametrize(
    "given", ["rental", Path("rental"), ["rental"], ["rental", bg.load("rental")]]
)
@pytest.mark.parametrize("solve", [bg.solve_many, bg.CurvedIssues.of])
def test_names_among_many_problems_are_told_how_they_are_loaded(
    solve: Callable[..., Any], given: Any
) -> None:
    with pytest.raises(bg.InvalidArgumentError, match=r"^problems\[0\]: .*bargain\.load\('rental"):
        solve(given)


def test_a_grid_of_a_name_and_a_saved_name_are_refused_too(tmp_path: Path) -> None:
    with pytest.raises(bg.InvalidArgumentError, match=r"bargain\.load\('chair'\)"):
        bg.discretized("chair")  # type: ignore[arg-type]
    with pytest.raises(bg.InvalidArgumentError, match=r"bargain\.load\('chair'\)"):
        bg.save("chair", tmp_path / "chair.json")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
