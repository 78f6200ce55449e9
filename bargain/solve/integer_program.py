"""A mixed-integer linear program, put together row by row and handed to HiGHS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.solve.quiet import without_stray_lines

LINEAR_TOLERANCE = 1e-10
"""Feasibility and optimality tolerance of linear programs; scipy lets nobody choose that of
integer programs, which is 1e-6."""

HALVINGS = 50
"""Most times that a distance is halved in looking for a tangent."""

LOOSE = 1e-7
"""By how much rows are loosened where HiGHS takes its answer back: a tenth of its tolerance."""

SHORTEST = 0.05
"""Seconds that a program gets at least, even when none is left."""


@dataclass(frozen=True, eq=False)
class Affine:
    """A constant plus a sum of coefficients times columns."""

    parts: Mapping[int, float] = field(default_factory=dict)
    constant: float = 0.0

    @classmethod
    def total(cls, weighted: Iterable[tuple[Affine, float]], constant: float = 0.0) -> Affine:
        """Return constant + sum of weight * expression."""
        parts: dict[int, float] = {}
        for expression, weight in weighted:
            if weight == 0.0:
                continue
            constant += weight * expression.constant
            for column, coefficient in expression.parts.items():
                parts[column] = parts.get(column, 0.0) + weight * coefficient
        return cls({column: part for column, part in parts.items() if part != 0.0}, constant)

    def __add__(self, other: Affine | float) -> Affine:
        """Add an expression or a number."""
        if isinstance(other, Affine):
            return Affine.total([(self, 1.0), (other, 1.0)])
        return Affine(self.parts, self.constant + other)

    def __sub__(self, other: Affine | float) -> Affine:
        """Subtract an expression or a number."""
        return self + other * -1.0

    def __mul__(self, factor: float) -> Affine:
        """Multiply by a number."""
        return Affine.total([(self, factor)])

    def at(self, point: NDArray[np.float64]) -> float:
        """Return the value at a point of the program."""
        return self.constant + sum(part * float(point[c]) for c, part in self.parts.items())


@dataclass(frozen=True, eq=False)
class Answer:
    """What came of a program.

    Attributes
    ----------
    status : {"optimal", "infeasible", "stopped"}
        "stopped": by the time limit, or because HiGHS gave up.
    point : ndarray, shape (n_columns,), or None
        The best point found.
    bound : float
        No point is worth more, up to the solver's tolerance; -inf if infeasible.
    """

    status: Literal["optimal", "infeasible", "stopped"]
    point: NDArray[np.float64] | None
    bound: float


class IntegerProgram:
    """Columns with bounds, some of them whole numbers, and rows that bind them.

    The last rows and columns can be taken back: see `mark`.
    """

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self._rows: list[tuple[Mapping[int, float], float, float]] = []
        self._impossible = 0

    def column(self, lower: float, upper: float, *, whole: bool = False) -> Affine:
        """Add a column and return it as an expression."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return Affine({len(self.lower) - 1: 1.0})

    def binary(self) -> Affine:
        """Add a column that is 0 or 1."""
        return self.column(0.0, 1.0, whole=True)

    def row(self, left: Affine, at_least: float = -np.inf, at_most: float = np.inf) -> None:
        """Demand at_least <= left <= at_most."""
        low, high = at_least - left.constant, at_most - left.constant
        if not left.parts:
            self._impossible += not low <= 0.0 <= high
            low, high = -np.inf, np.inf
        self._rows.append((left.parts, low, high))

    def mark(self) -> tuple[int, int, int]:
        """Return where the program stands, for `back_to`."""
        return len(self.lower), len(self._rows), self._impossible

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Take back the rows and columns added since a mark."""
        columns, rows, self._impossible = mark
        del self.lower[columns:], self.upper[columns:], self.whole[columns:]
        del self._rows[rows:]

    def maximize(
        self, objective: Affine, *, time_limit: float, is_feasible: bool = False
    ) -> Answer:
        """Solve the program; scale objectives to about 1, since absolute gaps of 1e-6 end it.

        Where it is known to be feasible, an answer that it is not is not believed: HiGHS can take
        back all that it finds because presolve left it infeasible by a hair.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        if self._impossible:
            return Answer("infeasible", None, -np.inf)
        if not self.lower:
            return Answer("optimal", np.empty(0), objective.constant)
        matrix, low, high = self._matrix()
        seconds = max(time_limit, SHORTEST)
        solution: Any = None
        for presolve, loose in ((True, 0.0), (False, 0.0), (True, LOOSE)):
            with without_stray_lines():
                solution = milp(
                    -self._cost(objective),
                    integrality=np.array(self.whole, dtype=np.int64),
                    bounds=Bounds(self.lower, self.upper),
                    constraints=LinearConstraint(matrix, low - loose, high + loose)
                    if len(low)
                    else None,
                    options={"mip_rel_gap": 0.0, "time_limit": seconds, "presolve": presolve},
                )
            # status 4: HiGHS stumbled, or took back its answer. What is best with looser rows is no
            # less than what is best
            if solution.status != 4 and not (solution.status == 2 and is_feasible):
                break
        if solution.status == 2 and not is_feasible:
            return Answer("infeasible", None, -np.inf)
        bound: Any = getattr(solution, "mip_dual_bound", None)
        is_bounded = bound is not None and bool(np.isfinite(bound))
        reach = -bound if is_bounded else np.inf
        if solution.status == 0 and solution.x is not None:
            # a program without whole columns has no dual bound of its own
            best = -float(solution.fun)
            bound = max(reach, best) if is_bounded else best
            return Answer("optimal", solution.x, bound + objective.constant)
        reach = min(reach, self._most(objective))
        return Answer("stopped", solution.x, reach + objective.constant)

    def maximize_around(
        self, objective: Affine, point: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        """Solve the linear program that is left when the whole columns stay as they are."""
        from scipy.optimize import linprog
        from scipy.sparse import vstack

        lower, upper = np.array(self.lower), np.array(self.upper)
        whole = np.array(self.whole)
        lower[whole] = upper[whole] = np.round(point[whole])
        matrix, low, high = self._matrix()
        above, below = np.isfinite(high), np.isfinite(low)
        program: Any = linprog
        solution = program(
            -self._cost(objective),
            A_ub=vstack([matrix[above], -matrix[below]]),
            b_ub=np.concatenate([high[above], -low[below]]),
            bounds=np.column_stack([lower, upper]),
            method="highs-ds",
            options={
                "primal_feasibility_tolerance": LINEAR_TOLERANCE,
                "dual_feasibility_tolerance": LINEAR_TOLERANCE,
            },
        )
        return np.asarray(solution.x) if solution.status == 0 else None

    def _most(self, objective: Affine) -> float:
        """Return what the bounds of the columns alone allow, without the constant."""
        return sum(
            (part * (self.upper if part > 0.0 else self.lower)[column])
            for column, part in objective.parts.items()
            if part != 0.0
        )

    def _cost(self, objective: Affine) -> NDArray[np.float64]:
        cost = np.zeros(len(self.lower))
        for column, part in objective.parts.items():
            cost[column] = part
        return cost

    def _matrix(self) -> tuple[Any, NDArray[np.float64], NDArray[np.float64]]:
        from scipy.sparse import csr_matrix

        columns = [np.fromiter(parts, dtype=np.int64) for parts, _, _ in self._rows]
        values = [np.fromiter(parts.values(), dtype=np.float64) for parts, _, _ in self._rows]
        starts = np.cumsum([0, *(len(part) for part in columns)])
        flat = np.concatenate([np.empty(0, dtype=np.int64), *columns])
        matrix = csr_matrix(
            (np.concatenate([np.empty(0), *values]), flat, starts),
            shape=(len(self._rows), len(self.lower)),
        )
        low = np.array([low for _, low, _ in self._rows])
        return matrix, low, np.array([high for _, _, high in self._rows])


@dataclass(frozen=True, eq=False)
class Hood:
    """An expression held below a concave function of another, by as many tangents as it takes.

    Attributes
    ----------
    output, given : Affine
        output <= function(given).
    at, slope : callable
        The function and its slope, float -> float.
    low, high : float
        No tangents are needed outside.
    """

    output: Affine
    given: Affine
    at: Callable[[float], float]
    slope: Callable[[float], float]
    low: float
    high: float

    def touch(self, program: IntegerProgram, place: float) -> None:
        """Add the tangent at a place; nothing where the function is vertical."""
        height, slope = float(self.at(place)), float(self.slope(place))
        if np.isfinite(height) and np.isfinite(slope):
            # divided by the slope's size, so that a steep row is no larger than a flat one
            size = max(1.0, abs(slope))
            left = Affine.total([(self.output, 1.0 / size), (self.given, -slope / size)])
            program.row(left, at_most=(height - slope * place) / size)

    def excess(self, point: NDArray[np.float64]) -> float:
        """Return by how much a point passes the function."""
        return self.output.at(point) - float(self.at(self._place(point)))

    def bend(self, program: IntegerProgram, point: NDArray[np.float64]) -> None:
        """Add a tangent that takes at least half of a point's excess away."""
        place = self._place(point)
        wanted = float(self.at(place)) + self.excess(point) / 2.0
        # beside a place where the function is vertical, as near as it takes
        nearer = [0.0, *0.5 ** np.arange(1, HALVINGS)]
        for step in nearer:
            for end in (self.high, self.low):
                beside = place + step * (end - place) if step else place
                slope = float(self.slope(beside))
                if np.isfinite(slope) and self.at(beside) + slope * (place - beside) <= wanted:
                    self.touch(program, beside)
                    return

    def _place(self, point: NDArray[np.float64]) -> float:
        return min(max(self.given.at(point), self.low), self.high)
