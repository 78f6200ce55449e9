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


PRICE, DAYS = bg.Issue.continuous("price", 0, 10), bg.Issue.continuous("days", 0, 5)
COLOUR = bg.Issue.choice("colour", ["red", "blue"])


def worths(price: tuple[float, float], days: tuple[float, float]) -> bg.AdditiveUtility:
    return bg.AdditiveUtility({"price": bg.Linear(*price), "days": bg.Linear(*days)})


SELLER, BUYER = worths((0, 1), (0, 0.5)), worths((1, 0), (0.2, 0))
TWO = {"seller": SELLER, "buyer": BUYER}
THREE = {**TWO, "agent": worths((0, 0.3), (0.2, 0))}
BUDGET = bg.Budget({"price": 1, "days": 1}, at_most=8)
ALTERNATIVE = bg.Implication({"price": {"at_least": 5}}, {"days": {"at_most": 2}})
MIXED = {
    "seller": bg.AdditiveUtility({"price": bg.Linear(0, 1), "colour": {"red": 0, "blue": 1}}),
    "buyer": bg.AdditiveUtility({"price": bg.Linear(1, 0), "colour": {"red": 1, "blue": 0}}),
}
CAPPED = bg.AdditiveUtility(
    {"price": bg.Linear(0, 1), "colour": {"red": 0, "blue": 1}}, ceiling=1.5
)
MANY = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(8)]


def problem(
    issues: list[bg.Issue], parties: dict[str, Any], *constraints: bg.Budget | bg.Implication
) -> bg.BargainingProblem:
    return bg.BargainingProblem(issues, parties, constraints=constraints)


def huge(n_parties: int) -> bg.BargainingProblem:
    return problem(
        MANY,
        {
            f"p{k}": bg.AdditiveUtility(
                {issue.name: {v: (v * (k + 2)) % 10 for v in range(10)} for issue in MANY}
            )
            for k in range(n_parties)
        },
        bg.Budget({issue.name: 1 for issue in MANY[:2]}, at_most=9),
    )


FRONTIERS: dict[str, tuple[bg.BargainingProblem, dict[str, Any], str, str]] = {
    "continuous under a budget": (
        problem([PRICE, DAYS], TWO, BUDGET),
        {},
        "expected no constraints over continuous issues, got the constraint '1 price + 1 days at",
        "discretized",
    ),
    "continuous under alternatives": (
        problem([PRICE, DAYS], TWO, ALTERNATIVE, BUDGET),
        {"lotteries": True},
        "expected no constraints over continuous issues, got the constraint 'if price",
        "discretized",
    ),
    "three parties": (
        problem([PRICE, DAYS], THREE),
        {},
        "expected two parties with continuous issues, got 3",
        "discretized",
    ),
    "three parties under a budget": (
        problem([PRICE, DAYS], THREE, BUDGET),
        {},
        "expected two parties with continuous issues, got 3",
        "discretized",
    ),
    "three parties with lotteries": (
        problem([COLOUR], {k: bg.AdditiveUtility({"colour": {"red": 1}}) for k in "abc"}),
        {"lotteries": True},
        "expected two parties with lotteries=True, got 3",
        "lotteries=False",
    ),
    "attitudes to risk": (
        problem([PRICE, DAYS], {**TWO, "seller": bg.CRRA(SELLER, 0.5)}),
        {},
        "expected additive utilities over continuous issues, got the CRRA of 'seller'",
        "discretized",
    ),
    "mixed without lotteries": (
        problem([PRICE, COLOUR], MIXED),
        {},
        "expected lotteries=True over choices mixed with continuous issues, got False",
        "discretized",
    ),
    "mixed with a ceiling": (
        problem([PRICE, COLOUR], {**MIXED, "seller": CAPPED}),
        {"lotteries": True},
        "expected utilities without a ceiling over choices mixed with continuous issues, got the "
        "ceiling of 'seller'",
        "discretized",
    ),
    "duplicates of a chain": (
        problem([PRICE, DAYS], TWO),
        {"keep_duplicates": True},
        "keep_duplicates=True: expected a finite problem without lotteries, got continuous issues",
        "discretized",
    ),
    "irrational lotteries": (
        problem([COLOUR], {k: bg.AdditiveUtility({"colour": {"red": 1}}) for k in "ab"}),
        {"individually_rational": False, "lotteries": True},
        "individually_rational=False: expected a finite problem without lotteries, got "
        "lotteries=True",
        "lotteries=False",
    ),
}


def out_of_it(
    message: str, refused: bg.BargainingProblem, options: dict[str, Any]
) -> tuple[bg.BargainingProblem, dict[str, Any]]:
    """Do what a message says can be done."""
    way = message[message.index("; try ") :]
    if "lotteries=False" in way or "without lotteries" in way:
        options = {**options, "lotteries": False}
    if "bargain.discretized(problem, points=11)" in way:
        refused = bg.discretized(refused, points=11)
    return refused, options


@pytest.mark.parametrize("case", FRONTIERS.values(), ids=FRONTIERS)
def test_a_frontier_without_a_method_says_why_and_the_way_out_leads_out(
    case: tuple[bg.BargainingProblem, dict[str, Any], str, str],
) -> None:
    given, options, why, way = case
    with pytest.raises(bg.UnsupportedProblemError) as refused:
        bg.pareto_frontier(given, **options)
    message = str(refused.value)
    assert message.startswith("pareto_frontier: ")
    assert why in message
    assert way in message
    given, options = out_of_it(message, given, options)
    assert len(bg.pareto_frontier(given, **options)) > 0


def test_the_frontier_of_three_under_constraints_names_both_where_outcomes_are_too_many() -> None:
    expected = r"expected two parties, or no constraints over more than 6666666 outcomes, got 3 "
    with pytest.raises(bg.UnsupportedProblemError, match=expected + "parties and the constraint"):
        bg.pareto_frontier(huge(3))
    with pytest.raises(bg.TooLargeError, match="keep_duplicates=True: expected at most 10000000"):
        bg.pareto_frontier(huge(2), keep_duplicates=True)


SOLUTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "nash_solution": ("lotteries=True", {"lotteries": True}),
    "egalitarian_solution": ("lotteries=True", {"lotteries": True}),
    "ideal_point": ("lotteries=True", {"lotteries": True}),
    "raiffa_solution": ("raiffa_solution", {}),
    "perles_maschler_solution": ("perles_maschler_solution", {}),
    "rubinstein_solution": ("rubinstein_solution", {"discount_factors": (0.9, 0.9)}),
}


@pytest.mark.parametrize("name", SOLUTIONS)
@pytest.mark.parametrize(
    "given",
    [
        problem([PRICE, DAYS], TWO, ALTERNATIVE),
        problem([PRICE, DAYS], {**TWO, "buyer": bg.CARA(BUYER, 0.5)}),
        problem([PRICE, COLOUR], {**MIXED, "seller": CAPPED}),
    ],
    ids=["alternatives", "risk", "ceiling"],
)
def test_a_solution_without_a_method_names_who_asked_and_the_way_out_leads_out(
    name: str, given: bg.BargainingProblem
) -> None:
    who, options = SOLUTIONS[name]
    solve = getattr(bg, name)
    with pytest.raises(bg.UnsupportedProblemError, match=f"^{who}: expected .* got .*; try ") as e:
        solve(given, **options)
    assert "outcomes to look at" not in str(e.value)
    # the first way that is named, then the other one
    first, *_ = str(e.value).partition("; try ")[2].split(" or ")
    again, options = out_of_it(f"; try {first}", given, options)
    assert solve(again, **options) is not None
    assert solve(bg.discretized(given, points=11), **SOLUTIONS[name][1]) is not None


def test_a_budget_is_named_by_who_needs_a_convex_frontier_of_its_own() -> None:
    bound = problem([PRICE, DAYS], THREE, BUDGET)
    for solve in (
        bg.raiffa_solution,
        lambda given: bg.rubinstein_solution(given, (0.9, 0.9, 0.9)),
    ):
        with pytest.raises(bg.UnsupportedProblemError, match="got the constraint '1 price"):
            solve(bound)


def test_several_constraints_are_counted_and_a_long_one_is_cut() -> None:
    long = bg.Budget({"price": 1, "days": 1}, at_most=8, name="no more than we have " * 20)
    with pytest.raises(bg.UnsupportedProblemError, match=r"\.\.\.' and 2 more; try") as refused:
        bg.pareto_frontier(problem([PRICE, DAYS], TWO, long, BUDGET, ALTERNATIVE))
    assert len(str(refused.value)) < 300
