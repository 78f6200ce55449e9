"""What is given in place of a problem is refused, and the message says how to get one."""

from __future__ import annotations

from pathlib import Path

import pytest

import bargain as bg
from bargain.model.given import check_problem


def test_a_problem_is_taken() -> None:
    check_problem(bg.load("rental"))


@pytest.mark.parametrize("given", ["rental", Path("rental")])
def test_a_name_or_path_is_told_how_it_is_loaded(given: object) -> None:
    with pytest.raises(
        bg.InvalidArgumentError, match=r"^problem: expected a BargainingProblem"
    ) as e:
        check_problem(given)
    assert str(e.value).endswith("; a name or path is loaded with bargain.load('rental')")


@pytest.mark.parametrize("given", [None, 3, {"issues": []}, [bg.Issue.integer("n", 0, 1)]])
def test_anything_else_is_shown_by_its_place(given: object) -> None:
    with pytest.raises(
        bg.InvalidArgumentError, match=r"^problems\[2\]: expected a Bargaining"
    ) as e:
        check_problem(given, "problems[2]")
    assert "load" not in str(e.value)
    assert "\n" not in str(e.value)
