"""One concept on many problems at once, such as a buyer's two thousand suppliers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    BargainError,
    InvalidArgumentError,
    InvalidProblemError,
    NoAgreementZoneError,
    NotConcaveError,
    UnsupportedProblemError,
)
from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.solve.curved_issues import CurvedIssues
from bargain.solve.egalitarian import egalitarian_solution
from bargain.solve.kalai_smorodinsky import kalai_smorodinsky_solution
from bargain.solve.many_problems import (
    LinearIssues,
    Reals,
    disagreement_rows,
    faults,
    reals,
    weight_rows,
)
from bargain.solve.many_solutions import ManySolutions
from bargain.solve.nash import nash_solution
from bargain.solve.perles_maschler import perles_maschler_solution
from bargain.solve.raiffa import raiffa_solution
from bargain.solve.rubinstein import rubinstein_solution
from bargain.solve.solution import Solution
from bargain.solve.ties import TIE_TOLERANCE
from bargain.solve.utilitarian import utilitarian_solution

CONCEPTS: Mapping[str, Callable[..., Solution]] = {
    "nash": nash_solution,
    "kalai_smorodinsky": kalai_smorodinsky_solution,
    "egalitarian": egalitarian_solution,
    "utilitarian": utilitarian_solution,
    "raiffa": raiffa_solution,
    "perles_maschler": perles_maschler_solution,
    "rubinstein": rubinstein_solution,
}

COMPILED = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
"""Concepts with a compiled form for arrays, in the order of the kernels' maximands."""

STEPS_PER_THREAD = 200_000
"""Utilities that one thread looks at in about a millisecond."""

CURVES_PER_THREAD = 1_000
"""Curved value functions that one thread looks at in about a millisecond."""


def solve_many(
    problems: Sequence[BargainingProblem] | LinearIssues | CurvedIssues | Any,
    concept: str = "nash",
    *,
    weights: Any = None,
    disagreement_points: Any = None,
    lotteries: bool | None = None,
    errors: Literal["raise", "report"] = "raise",
) -> ManySolutions:
    """Solve many problems by one concept and return the answers as arrays.

    Parameters
    ----------
    problems : sequence of BargainingProblem, array-like, LinearIssues or CurvedIssues
        Problems of any structure are solved one after the other by the ordinary functions. An
        array of utilities, shape (n_problems, n_outcomes, n_parties), is solved by compiled code
        as if each slice were a problem with so many outcomes: the same row, ties included;
        rows of NaN are no outcomes, so that problems can differ in size. `LinearIssues` and
        `CurvedIssues` are solved by compiled code too; `CurvedIssues.of` makes these of problems.
    concept : str
        "nash", "kalai_smorodinsky", "egalitarian" or "utilitarian"; for problems also "raiffa",
        "perles_maschler" and "rubinstein", with the problems' discount factors.
    weights : sequence of float, optional
        Bargaining power for "nash", one a party, finite, >= 0, not all 0; for arrays also one
        row a problem, shape (n_problems, n_parties).
    disagreement_points : array-like, optional
        For arrays: what each party has without an agreement, broadcast to (n_problems,
        n_parties). By default 0, or what `LinearIssues` and `CurvedIssues` say themselves;
        `CurvedIssues.of` takes it from the problems.
    lotteries : bool, optional
        For problems: passed to the ordinary function, whose own default holds otherwise.
    errors : {"raise", "report"}
        What becomes of a problem that has no answer: the first one is raised, or each gets NaN
        and its error's text.

    Returns
    -------
    ManySolutions
        The same bytes whatever the number of threads.

    Raises
    ------
    InvalidArgumentError
        For an unknown concept, and arrays of the wrong shape.
    BargainError
        With errors="raise": what the first failing problem raises, its position named first.

    Notes
    -----
    Arrays cost O(n_outcomes n_parties) a problem plus the comparison of what one good outcome
    does not dominate: O(F log F) for two parties, O(F^2 n_parties) for more. The first call in a
    process loads compiled code, about 1 s; where there is no cache yet it is compiled, once, in 15
    to 30 s (curved issues: 30 to 60 s).

    Examples
    --------
    Two problems of three outcomes; the second has only two, and its parties hold out for 2.

    >>> import numpy as np
    >>> import bargain as bg
    >>> utilities = [[(4, 1), (3, 3), (1, 4)], [(9, 2), (4, 4), (np.nan, np.nan)]]
    >>> many = bg.solve_many(utilities, "nash", disagreement_points=[(0, 0), (2, 2)])
    >>> many.rows
    array([1, 1])
    >>> many.gains
    array([[3., 3.], [2., 2.]])
    """
    if concept not in CONCEPTS:
        raise InvalidArgumentError.at("concept", f"one of {', '.join(CONCEPTS)}", concept)
    if errors not in ("raise", "report"):
        raise InvalidArgumentError.at("errors", "'raise' or 'report'", errors)
    if weights is not None and concept != "nash":
        raise InvalidArgumentError.at("weights", "the concept 'nash'", concept)
    listed = _listed(problems)
    if listed is not None:
        if disagreement_points is not None:
            raise InvalidArgumentError(
                "disagreement_points: expected arrays of utilities, got problems, which have "
                "their own"
            )
        options = {"weights": weights} if concept == "nash" else {}
        if lotteries is not None:
            options["lotteries"] = lotteries
        return _one_by_one(listed, concept, options, reported=errors == "report")
    if concept not in COMPILED:
        raise UnsupportedProblemError.at(
            "concept", f"one of {', '.join(COMPILED)} for arrays", concept
        )
    if lotteries:
        raise UnsupportedProblemError("lotteries: expected False for arrays, got True")
    if isinstance(problems, LinearIssues):
        answer = _linear(problems, concept, weights, disagreement_points)
    elif isinstance(problems, CurvedIssues):
        answer = _curved(problems, concept, weights, disagreement_points)
    else:
        answer = _enumerated(problems, concept, weights, disagreement_points)
    if errors == "raise":
        for i in np.flatnonzero(~answer.solved):
            text = answer.errors[i]
            zone = text.startswith("no agreement zone")
            kind: type[BargainError] = NoAgreementZoneError if zone else InvalidProblemError
            if "(concave)" in text:
                kind = NotConcaveError
            raise kind(f"problems[{i}]: {text}")
    return answer


def _listed(problems: Any) -> list[BargainingProblem] | None:
    """Return a sequence of problems as a list, and None for arrays."""
    if isinstance(problems, BargainingProblem):
        raise InvalidArgumentError.at("problems", "a sequence of problems", problems)
    if isinstance(problems, str | Path):
        check_problem(problems, "problems[0]")
    arrays = isinstance(problems, LinearIssues | CurvedIssues | np.ndarray)
    if arrays or not isinstance(problems, Sequence):
        return None
    listed = list(problems)
    # names, too, are meant to be problems, and are told how they become some
    kinds = BargainingProblem | str | Path
    if listed and not any(isinstance(problem, kinds) for problem in listed):
        return None
    for i, problem in enumerate(listed):
        check_problem(problem, f"problems[{i}]")
    return listed


def _one_by_one(
    problems: list[BargainingProblem], concept: str, options: dict[str, Any], *, reported: bool
) -> ManySolutions:
    solve = CONCEPTS[concept]
    n_problems = len(problems)
    n_parties = max((problem.n_parties for problem in problems), default=0)
    utilities = np.full((n_problems, n_parties), np.nan)
    gains, gaps = utilities.copy(), np.full(n_problems, np.nan)
    rows, degenerate = np.full(n_problems, -1), np.zeros(n_problems, dtype=np.bool_)
    solutions: list[Solution | None] = []
    texts = []
    for i, problem in enumerate(problems):
        try:
            solution = solve(problem, **options)
        except BargainError as error:
            if not reported:
                raise type(error)(f"problems[{i}]: {error}") from error
            solutions.append(None)
            texts.append(str(error))
            continue
        certificate = solution.certificate
        utilities[i, : problem.n_parties] = solution.utilities
        gains[i, : problem.n_parties] = solution.gains
        rows[i] = certificate.evidence.get("row", -1)
        gaps[i] = np.nan if certificate.kind == "heuristic" else certificate.gap
        degenerate[i] = "degenerate" in certificate.note
        solutions.append(solution)
        texts.append("")
    return ManySolutions(
        concept, utilities, gains, rows, None, gaps, degenerate, tuple(texts), tuple(solutions)
    )


def _enumerated(given: Any, concept: str, weights: Any, points: Any) -> ManySolutions:
    from bargain.kernels.many import solve_enumerated
    from bargain.kernels.threads import in_slices

    utilities = reals("utilities", given)
    if utilities.ndim != 3 or utilities.shape[2] < 2:
        raise InvalidArgumentError.at(
            "utilities", "shape (n_problems, n_outcomes, n_parties >= 2)", utilities.shape
        )
    n_problems, n_parties = utilities.shape[0], utilities.shape[2]
    points = disagreement_rows(points, (n_problems, n_parties))
    powers = weight_rows(weights, (n_problems, n_parties))
    texts = faults("utilities", [utilities], points, "outcomes")
    fit = _fit(texts)
    looked_at = _read_only(utilities[fit])
    found = np.empty(len(looked_at), dtype=np.int64)
    stuck = np.empty(len(looked_at), dtype=np.bool_)
    problems = (looked_at, points[fit], powers[fit], COMPILED.index(concept), TIE_TOLERANCE)

    def solve(start: int, stop: int) -> None:
        solve_enumerated(start, stop, *problems, found, stuck)

    in_slices(solve, len(looked_at), steps=looked_at.size, steps_per_thread=STEPS_PER_THREAD)
    rows, degenerate = np.full(n_problems, -1), np.zeros(n_problems, dtype=np.bool_)
    rows[fit], degenerate[fit] = found, stuck
    solved = rows >= 0
    chosen = np.full((n_problems, n_parties), np.nan)
    chosen[solved] = utilities[solved, rows[solved]]
    _no_zone(texts, solved, points)
    return _answer(concept, chosen, points, rows, None, degenerate, texts)


def _linear(issues: LinearIssues, concept: str, weights: Any, points: Any) -> ManySolutions:
    from bargain.kernels.separable import solve_linear
    from bargain.kernels.threads import in_slices

    at_low, at_high = issues.at_low, issues.at_high
    n_problems, _, n_parties = at_low.shape
    points = issues.disagreement_points if points is None else points
    points = disagreement_rows(points, (n_problems, n_parties))
    powers = weight_rows(weights, (n_problems, n_parties))
    texts = issues.faults(points)
    fit = _fit(texts)
    lows, highs = _read_only(at_low[fit]), _read_only(at_high[fit])
    shares, worths = np.empty(lows.shape[:2]), np.empty((len(lows), n_parties))
    agreed, stuck = np.empty((2, len(lows)), dtype=np.bool_)
    problems = (lows, highs, points[fit], powers[fit], COMPILED.index(concept), TIE_TOLERANCE)

    def solve(start: int, stop: int) -> None:
        solve_linear(start, stop, *problems, shares, worths, agreed, stuck)

    in_slices(solve, len(lows), steps=lows.size, steps_per_thread=STEPS_PER_THREAD // 8)
    return _settled(concept, issues, points, texts, shares, worths, agreed, stuck)


def _curved(issues: CurvedIssues, concept: str, weights: Any, points: Any) -> ManySolutions:
    from bargain.kernels.curved import solve_curved
    from bargain.kernels.threads import in_slices

    n_problems, _, n_parties = issues.functions.shape[:3]
    points = issues.disagreement_points if points is None else points
    points = disagreement_rows(points, (n_problems, n_parties))
    powers = weight_rows(weights, (n_problems, n_parties))
    texts = issues.faults(points)
    fit = _fit(texts)
    functions = _read_only(issues.functions[fit])
    shares, worths = np.empty(functions.shape[:2]), np.empty((len(functions), n_parties))
    proven = np.empty(len(functions))
    agreed, stuck = np.empty((2, len(functions)), dtype=np.bool_)
    problems = (functions, points[fit], powers[fit], COMPILED.index(concept), TIE_TOLERANCE)

    def solve(start: int, stop: int) -> None:
        solve_curved(start, stop, *problems, shares, worths, proven, agreed, stuck)

    steps = functions[..., 0].size
    in_slices(solve, len(functions), steps=steps, steps_per_thread=CURVES_PER_THREAD)
    return _settled(concept, issues, points, texts, shares, worths, agreed, stuck, proven)


def _settled(
    concept: str,
    issues: LinearIssues | CurvedIssues,
    points: Reals,
    texts: list[str],
    shares: Reals,
    worths: Reals,
    agreed: NDArray[np.bool_],
    stuck: NDArray[np.bool_],
    proven: Reals | None = None,
) -> ManySolutions:
    """Return what kernels found of the problems without faults, which the last arrays are about.

    shares (n_fit, n_issues): from 0 (low) to 1 (high). worths (n_fit, n_parties). agreed, stuck,
    proven (n_fit,): whether there is an agreement, whether it is degenerate, and its gap.
    """
    n_problems, n_parties = points.shape
    fit = _fit(texts)
    solved, degenerate = np.zeros((2, n_problems), dtype=np.bool_)
    settled = np.full((n_problems, shares.shape[1]), np.nan)
    utilities = np.full((n_problems, n_parties), np.nan)
    solved[fit], degenerate[fit] = agreed, stuck
    settled[fit] = np.where(agreed[:, None], shares, np.nan)
    utilities[fit] = np.where(agreed[:, None], worths, np.nan)
    gaps = None
    if proven is not None:
        gaps = np.full(n_problems, np.nan)
        gaps[fit] = proven
    values = np.where(
        settled == 1.0, issues.high, issues.low + settled * (issues.high - issues.low)
    )
    _no_zone(texts, solved, points)
    rows = np.full(n_problems, -1)
    return _answer(concept, utilities, points, rows, values, degenerate, texts, gaps)


def _answer(
    concept: str,
    utilities: Reals,
    points: Reals,
    rows: NDArray[np.int64],
    values: Reals | None,
    degenerate: NDArray[np.bool_],
    texts: list[str],
    gaps: Reals | None = None,
) -> ManySolutions:
    if gaps is None:
        gaps = np.where(np.isnan(utilities[:, 0]), np.nan, 0.0)
    return ManySolutions(
        concept, utilities, utilities - points, rows, values, gaps, degenerate, tuple(texts)
    )


def _fit(texts: list[str]) -> slice | NDArray[np.intp]:
    """Return which problems the kernels may look at; mostly all, then without a copy."""
    if not any(texts):
        return slice(None)
    return np.flatnonzero([not text for text in texts])


def _read_only(array: Reals) -> Reals:
    """Return an array as kernels always see it here; else they are compiled for both kinds."""
    view = array.view()
    view.setflags(write=False)
    return view


def _no_zone(texts: list[str], solved: NDArray[np.bool_], points: Reals) -> None:
    for i in np.flatnonzero(~solved):
        wanted = ", ".join(f"{value:.6g}" for value in points[i])
        texts[i] = texts[i] or (
            f"no agreement zone: nothing gives every party its disagreement utility ({wanted})"
        )
