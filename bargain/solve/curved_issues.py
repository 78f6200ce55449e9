"""Many two-party problems with curved continuous issues, given as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, NotConcaveError, UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.curves import (
    EXPONENTS,
    GROWTHS,
    LEAST_BEND,
    RATES,
    STRAIGHT,
    Exponential,
    Logarithmic,
    Power,
    Quadratic,
)
from bargain.model.given import check_problem
from bargain.model.utilities import LARGEST_UTILITY, Term
from bargain.solve.many_problems import (
    Reals,
    both_ends,
    broadcast,
    disagreement_rows,
    end_faults,
    faults,
    reals,
)
from bargain.solve.structure import is_continuous

KINDS = ("linear", "power", "logarithmic", "exponential", "quadratic", "piecewise_linear")
"""Kinds of value functions, in the order of `kernels.curved_values`."""

LINEAR, POWER, LOGARITHMIC, EXPONENTIAL, QUADRATIC, PIECEWISE = range(6)


@dataclass(frozen=True, eq=False)
class CurvedIssues:
    """Many two-party problems whose issues are numbers with concave value functions.

    Entry (i, j, k) of an array is about problem i, its issue j, and what that is worth to party k,
    the weight of the issue included. A utility is the sum over issues. Problems with fewer issues
    are filled up with NaN in `at_low` and `at_high`.

    Attributes
    ----------
    kinds : array-like of str, broadcast to (n_problems, n_issues, 2)
        "linear", "power", "logarithmic", "exponential", "quadratic" or "piecewise_linear".
    at_low, at_high : array-like, shape (n_problems, n_issues, 2)
        Worth at the issue's lower and upper end.
    bends : array-like, broadcast to (n_problems, n_issues, 2)
        The exponent of a power, the growth of a logarithm, the rate of an exponential, what the
        middle of a quadratic is worth; as in `Power`, `Logarithmic`, `Exponential` and
        `Quadratic`. Of the others nothing.
    corners : array-like, shape (n_problems, n_issues, 2, n_corners, 2), optional
        Values and worths of the points of piecewise linear functions, from one end of the issue to
        the other, filled up with NaN.
    low, high : array-like, broadcast to (n_problems, n_issues)
        The ends themselves, low <= high; 0 and 1 by default.
    disagreement_points : array-like, broadcast to (n_problems, 2)
        What each party has without an agreement, where `solve_many` is told nothing else; 0 by
        default.

    Examples
    --------
    A dollar, x of it to the first party, who has sqrt(x), and the rest to the second: Nash's
    product sqrt(x) (1 - x) is largest at a third.

    >>> import bargain as bg
    >>> dollar = bg.CurvedIssues([[["power", "linear"]]], [[(0, 1)]], [[(1, 0)]], bends=0.5)
    >>> bg.solve_many(dollar).values.round(6)
    array([[0.333333]])
    """

    kinds: Any
    at_low: Any
    at_high: Any
    bends: Any = np.nan
    corners: Any = None
    low: Any = 0.0
    high: Any = 1.0
    disagreement_points: Any = 0.0
    functions: Reals = field(init=False, repr=False)
    """What the kernels read, shape (n_problems, n_issues, 2, 4 + 2 n_corners)."""

    def __post_init__(self) -> None:
        low, high = both_ends(self.at_low, self.at_high)
        shape = low.shape
        kinds = _kinds(self.kinds, shape)
        bends = broadcast("bends", self.bends, shape, "(n_problems, n_issues, 2)")
        ends = [
            broadcast(name, getattr(self, name), shape[:2], "(n_problems, n_issues)")
            for name in ("low", "high")
        ]
        corners = _corners(self.corners, shape, kinds)
        functions = np.full((*shape, 4 + 2 * corners.shape[3]), np.nan)
        present = ~np.isnan(low)
        functions[..., 0] = np.where(present, _straightened(kinds, low, high, bends), np.nan)
        functions[..., 1], functions[..., 2], functions[..., 3] = low, high, bends
        if corners.shape[3]:
            length = np.where(ends[1] > ends[0], ends[1] - ends[0], 1.0)[:, :, None, None]
            functions[..., 4::2] = (corners[..., 0] - ends[0][:, :, None, None]) / length
            functions[..., 5::2] = corners[..., 1]
        kept = {
            "kinds": np.array(KINDS)[kinds], "at_low": low.copy(), "at_high": high.copy(),
            "bends": bends, "corners": corners, "low": ends[0], "high": ends[1],
            "disagreement_points": disagreement_rows(self.disagreement_points, (len(low), 2)),
            "functions": functions,
        }  # fmt: skip
        for name, array in kept.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @classmethod
    def of(cls, problems: Sequence[BargainingProblem]) -> CurvedIssues:
        """Read problems of two parties whose issues are all continuous, disagreement points too.

        Raises
        ------
        UnsupportedProblemError, NotConcaveError
            Naming the first problem that has choices, constraints, ceilings, other than two
            parties, or utilities that are not additive and concave.
        """
        if isinstance(problems, str | Path):
            check_problem(problems, "problems[0]")
        if isinstance(problems, BargainingProblem) or not isinstance(problems, Sequence):
            raise InvalidArgumentError.at("problems", "a sequence of problems", problems)
        for i, problem in enumerate(problems):
            _check(f"problems[{i}]", problem)
        n_issues = max((len(problem.space.issues) for problem in problems), default=0)
        terms = [term for p in problems for pair in p.terms for term in pair]
        n_corners = max((_n_corners(term) for term in terms), default=0)
        shape = (len(problems), n_issues, 2)
        kinds = np.full(shape, LINEAR)
        numbers = np.full((*shape, 3), np.nan)
        corners = np.full((*shape, n_corners, 2), np.nan)
        ends = np.zeros((*shape[:2], 2))
        ends[..., 1] = 1.0
        for i, problem in enumerate(problems):
            for j, issue in enumerate(problem.space.issues):
                ends[i, j] = issue.bounds
                for k in range(2):
                    term = problem.terms[k][j]
                    kinds[i, j, k], numbers[i, j, k] = _read(term)
                    if n := _n_corners(term):
                        corners[i, j, k, :n, 0] = term.positions
                        corners[i, j, k, :n, 1] = term.worths
        named = np.array(KINDS)[kinds]
        return cls(
            named, numbers[..., 0], numbers[..., 1], numbers[..., 2],
            corners if n_corners else None, ends[..., 0], ends[..., 1],
            [problem.disagreement_point for problem in problems] if problems else 0.0,
        )  # fmt: skip

    def faults(self, points: Reals) -> list[str]:
        """Return for each problem what is wrong with its numbers; nothing where all is well."""
        texts = faults("at_low", [self.at_low, self.at_high], points, "issues")
        kind, bend = self.functions[..., 0], self.functions[..., 3]
        low, high = self.at_low, self.at_high
        limit = LARGEST_UTILITY / max(1, low.shape[1])
        with np.errstate(invalid="ignore", over="ignore"):
            checks = [
                (kind == POWER, bend >= EXPONENTS[0], bend <= 1.0, "an exponent from 0.05 to 1"),
                (
                    kind == LOGARITHMIC, bend >= LEAST_BEND, bend <= GROWTHS[1],
                    f"a growth from {LEAST_BEND:g} to {GROWTHS[1]:g}",
                ),
                (
                    kind == EXPONENTIAL, bend >= LEAST_BEND, bend <= RATES[1],
                    f"a rate from {LEAST_BEND:g} to {RATES[1]:g}",
                ),
                (
                    kind == QUADRATIC, bend >= 0.5 * low + 0.5 * high, np.abs(bend) <= limit / 8,
                    "a middle worth at least the mean of the ends",
                ),
            ]  # fmt: skip
        for mine, above, below, expected in checks:
            for i, j, k in zip(*np.nonzero(mine & ~(above & below)), strict=True):
                texts[i] = texts[i] or (
                    f"bends[{i}, {j}, {k}]: expected {expected} (concave), got {bend[i, j, k]:g}"
                )
        end_faults(texts, self.low, self.high, ~np.isnan(kind[..., 0]))
        for i, j, k in zip(*np.nonzero(kind == PIECEWISE), strict=True):
            wrong = _wrong_corners(self.functions[i, j, k], limit)
            if wrong:
                texts[i] = texts[i] or f"corners[{i}, {j}, {k}]: expected {wrong}"
        return texts


def _kinds(given: Any, shape: tuple[int, ...]) -> NDArray[np.int64]:
    names = np.asarray(given)
    try:
        names = np.broadcast_to(names, shape)
    except ValueError:
        raise InvalidArgumentError.at(
            "kinds", f"something that broadcasts to (n_problems, n_issues, 2) = {shape}",
            names.shape,
        ) from None  # fmt: skip
    kinds = np.full(shape, -1)
    for number, name in enumerate(KINDS):
        kinds[names == name] = number
    for i, j, k in zip(*np.nonzero(kinds < 0), strict=True):
        raise InvalidArgumentError.at(
            f"kinds[{i}, {j}, {k}]", f"one of {', '.join(KINDS)}", names[i, j, k].item()
        )
    return kinds


def _corners(given: Any, shape: tuple[int, ...], kinds: NDArray[np.int64]) -> Reals:
    if given is None:
        if (kinds == PIECEWISE).any():
            raise InvalidArgumentError.at("corners", "points of piecewise linear functions", None)
        return np.empty((*shape, 0, 2))
    corners = reals("corners", given)
    if corners.ndim != 5 or corners.shape[:3] != shape or corners.shape[4] != 2:
        raise InvalidArgumentError.at("corners", f"shape {shape} + (n_corners, 2)", corners.shape)
    return corners.copy()


def _straightened(
    kinds: NDArray[np.int64], low: Reals, high: Reals, bends: Reals
) -> NDArray[np.int64]:
    """Return the kinds as curves treat them: what does not bend is a line."""
    monotone = (kinds == POWER) | (kinds == LOGARITHMIC) | (kinds == EXPONENTIAL)
    with np.errstate(invalid="ignore", over="ignore"):
        largest = np.maximum(np.maximum(np.abs(low), np.abs(high)), np.abs(bends))
        flat = np.abs((low - bends) + (high - bends)) <= STRAIGHT * largest
    straight = (monotone & (low == high)) | ((kinds == POWER) & (bends == 1.0))
    straight |= (kinds == QUADRATIC) & flat
    return np.where(straight, LINEAR, kinds)


def _wrong_corners(function: Reals, limit: float) -> str:
    """Return what is expected of the points of a piecewise linear function, if they are not so."""
    values, worths = function[4::2], function[5::2]
    count = int(np.sum(~np.isnan(values)))
    if count < 2 or np.isnan(values[:count]).any() or not (np.abs(worths[:count]) <= limit).all():
        return f"at least two points of numbers up to {limit:g}, then NaN"
    values, worths = values[:count], worths[:count]
    if values[0] != 0.0 or values[-1] != 1.0 or not (np.diff(values) > 0).all():
        return "increasing values from the issue's lower end to its upper end"
    if worths[0] != function[1] or worths[-1] != function[2]:
        return "worths of at_low and at_high at the ends"
    slopes = np.diff(worths) / np.diff(values)
    if (np.diff(slopes) > 1e-12 * np.abs(slopes).max()).any():
        return "slopes that never increase (concave)"
    return ""


def _check(where: str, problem: Any) -> None:
    check_problem(problem, where)
    expected = [
        (problem.n_parties == 2, "two parties", problem.n_parties),
        (is_continuous(problem), "continuous issues only", problem.space),
        (not problem.constraints, "no constraints", len(problem.constraints)),
        (problem.is_additive, "additive utilities", problem),
        (bool(np.isinf(problem.ceilings).all()), "utilities without a ceiling", problem.ceilings),
    ]
    for holds, words, got in expected:
        if not holds:
            raise UnsupportedProblemError.at(where, words, got)
    for party, terms in zip(problem.parties, problem.terms, strict=True):
        for issue, term in zip(problem.space.names, terms, strict=True):
            if not term.is_concave:
                raise NotConcaveError(
                    f"{where}: issue {issue!r}: expected concave value functions, got one of "
                    f"{party!r} whose slope increases"
                )


def _n_corners(term: Term) -> int:
    return len(term.worths) if term.curve is None and len(term.worths) > 2 else 0


def _read(term: Term) -> tuple[int, tuple[float, float, float]]:
    """Return the kind of a term, what its ends are worth, and its bend."""
    curve, weight = term.curve, term.weight
    if curve is None:
        kind = PIECEWISE if _n_corners(term) else LINEAR
        return kind, (float(term.worths[0]), float(term.worths[-1]), np.nan)
    low, high = (weight * worth for worth in curve.ends())
    if isinstance(curve, Quadratic):
        return QUADRATIC, (low, high, weight * curve.at_middle)
    if isinstance(curve, Power):
        return POWER, (low, high, curve.exponent)
    if isinstance(curve, Logarithmic):
        return LOGARITHMIC, (low, high, curve.growth)
    if isinstance(curve, Exponential):
        return EXPONENTIAL, (low, high, curve.rate)
    raise UnsupportedProblemError.at("problems", f"curves of the kinds {', '.join(KINDS)}", curve)
