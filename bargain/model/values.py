"""What the values of one issue are worth: a table, a line, a chain of lines, or a curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError, shown
from bargain.model.curves import (
    Exponential,
    Logarithmic,
    Power,
    Quadratic,
    check_numeric,
)
from bargain.model.issues import Issue, Value
from bargain.model.numbers import finite_number
from bargain.model.outcomes import FrozenMapping


@dataclass(frozen=True)
class Table:
    """A worth for each value of a choice or integer issue; a value not listed is worth 0.

    Examples
    --------
    >>> Table({"none": 0, "1y": 0.6, "2y": 1}).at(Issue.choice("warranty", ["none", "1y", "2y"]))
    array([0. , 0.6, 1. ])
    """

    entries: Mapping[Value, float]

    def __post_init__(self) -> None:
        if not isinstance(self.entries, Mapping):
            raise InvalidProblemError.at("table", "a mapping from values to worths", self.entries)
        entries = {
            value: finite_number(f"table[{shown(value)}]", worth)
            for value, worth in self.entries.items()
        }
        object.__setattr__(self, "entries", FrozenMapping(entries))

    def check(self, issue: Issue) -> None:
        """Raise InvalidProblemError unless every listed value is one of the issue's."""
        if not issue.is_finite:
            raise InvalidProblemError.at(
                f"issue {issue.name!r}", "a line or a curve (continuous)", "a table"
            )
        for value in self.entries:
            if value not in issue:
                raise InvalidProblemError.at(f"issue {issue.name!r}", issue.describe(), value)

    def at(self, issue: Issue) -> NDArray[np.float64]:
        """Return the worth of each value of a finite issue, shape (issue.size,)."""
        worths = np.zeros(int(issue.size))
        for value, worth in self.entries.items():
            worths[issue.index(value)] = worth
        return worths


@dataclass(frozen=True)
class Linear:
    """A straight line over a numeric issue, from its least value to its largest.

    Attributes
    ----------
    at_low, at_high : float
        Worth at the issue's least and largest value.
    """

    at_low: float
    at_high: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "at_low", finite_number("linear[0]", self.at_low))
        object.__setattr__(self, "at_high", finite_number("linear[1]", self.at_high))

    def check(self, issue: Issue) -> None:
        """Raise InvalidProblemError unless the issue is numeric."""
        check_numeric(issue, "linear values")

    def at(self, issue: Issue) -> NDArray[np.float64]:
        """Return the worth of each value of a finite issue, shape (issue.size,)."""
        positions, worths = self.breakpoints(issue)
        return np.interp(issue.numbers(), positions, worths)

    def breakpoints(self, issue: Issue) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where the line starts and ends: positions (2,) and worths (2,)."""
        low, high = issue.bounds
        if low == high:
            return np.array([low]), np.array([self.at_low])
        return np.array([low, high]), np.array([self.at_low, self.at_high])


@dataclass(frozen=True)
class PiecewiseLinear:
    """Straight lines between points over a numeric issue.

    Attributes
    ----------
    points : tuple of (value, worth)
        Strictly increasing in value; the first and last must cover the issue's range.
    """

    points: tuple[tuple[float, float], ...]

    def __init__(self, points: Iterable[Iterable[float]]) -> None:
        if not isinstance(points, Iterable):
            raise InvalidProblemError.at("piecewise_linear", "a sequence of points", points)
        pairs: list[tuple[float, float]] = []
        for i, point in enumerate(points):
            pair: tuple[Any, ...] = tuple(point) if isinstance(point, Iterable) else ()
            if len(pair) != 2:
                raise InvalidProblemError.at(
                    f"piecewise_linear[{i}]", "a pair (value, worth)", point
                )
            position = finite_number(f"piecewise_linear[{i}][0]", pair[0])
            worth = finite_number(f"piecewise_linear[{i}][1]", pair[1])
            if pairs and position <= pairs[-1][0]:
                raise InvalidProblemError.at(
                    f"piecewise_linear[{i}][0]", f"a value above {pairs[-1][0]:g}", position
                )
            pairs.append((position, worth))
        if len(pairs) < 2:
            raise InvalidProblemError.at("piecewise_linear", "at least two points", pairs)
        object.__setattr__(self, "points", tuple(pairs))

    def check(self, issue: Issue) -> None:
        """Raise InvalidProblemError unless the points cover the range of a numeric issue."""
        check_numeric(issue, "piecewise linear values")
        low, high = issue.bounds
        first, last = self.points[0][0], self.points[-1][0]
        if first > low or last < high:
            raise InvalidProblemError.at(
                f"issue {issue.name!r}", f"points covering {low:g} to {high:g}", (first, last)
            )

    def at(self, issue: Issue) -> NDArray[np.float64]:
        """Return the worth of each value of a finite issue, shape (issue.size,)."""
        positions, worths = np.array(self.points).T
        worth: NDArray[np.float64] = np.interp(issue.numbers(), positions, worths)
        return worth

    def breakpoints(self, issue: Issue) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the corners of the chain over the issue's range, its ends included."""
        positions, worths = np.array(self.points).T
        low, high = issue.bounds
        inside = positions[(positions > low) & (positions < high)]
        corners = np.unique(np.concatenate([[low], inside, [high]]))
        return corners, np.interp(corners, positions, worths)


ValueFunction = Table | Linear | PiecewiseLinear | Quadratic | Power | Logarithmic | Exponential
