"""How the value of one issue is written in an integer program.

Three ways: one binary a value (`Chosen`), one binary a threshold (`Stepped`: is the value at
least the k-th? A range is then the difference of two binaries, and branching halves ranges), or a
number (`Measured`). Values that nothing tells apart, neither a utility nor a constraint, share a
binary.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bargain.model import Issue, Value
from bargain.solve.integer_program import Affine, IntegerProgram

MARGIN = 1e-9
"""Share of a continuous issue's range that is kept away from the end of what is to be avoided."""

SNAP = 0.4 * MARGIN
"""A continuous value this near, as a share of the range, to the end of what is asked is the end."""

STRAIGHT = 1e-12
"""Slopes of a chain of lines that differ by a smaller share of the steepest are one line."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """A finite issue by binaries for its classes of values.

    Attributes
    ----------
    issue : Issue
    first : ndarray, shape (n_classes,)
        The lowest position in each class.
    class_of : ndarray, shape (size,)
    shares : list of Affine
        Of each class: 1 if the value is in it, else 0.
    """

    issue: Issue
    first: NDArray[np.intp]
    class_of: NDArray[np.intp]
    shares: list[Affine]

    def within(self, allowed: NDArray[np.bool_]) -> Affine:
        """Return 1 where the value is among those marked, else 0."""
        return self.worth(allowed.astype(np.float64))

    def worth(self, worths: NDArray[np.float64]) -> Affine:
        """Return what the value is worth; worths (size,) must be the same within a class."""
        return Affine.total(zip(self.shares, worths[self.first].tolist(), strict=True))

    def picked(self, point: NDArray[np.float64]) -> int:
        """Return which class is chosen."""
        return int(np.argmax([share.at(point) for share in self.shares]))

    def value(self, point: NDArray[np.float64]) -> Value:
        """Return the value at a point: the lowest of its class."""
        return self.issue.value(int(self.first[self.picked(point)]))


def chosen(program: IntegerProgram, issue: Issue, questions: NDArray[np.float64]) -> Chosen:
    """Write a finite issue by binaries.

    Parameters
    ----------
    questions : ndarray, shape (size, k)
        All that utilities and constraints ask about each value.
    """
    size = int(issue.size)
    if questions.shape[1] == 0:
        one = np.zeros(size, dtype=np.intp)
        return Chosen(issue, one[:1], one, [Affine(constant=1.0)])
    _, first, class_of = np.unique(questions, axis=0, return_index=True, return_inverse=True)
    class_of = class_of.reshape(size)
    # classes in the order of their lowest values
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    first, class_of = first[order], place[class_of]
    starts = np.flatnonzero(np.append(True, class_of[1:] != class_of[:-1]))
    if issue.is_numeric and 2 < len(starts) == len(first):
        # whether the value is at least the k-th start
        steps = [Affine(constant=1.0), *(program.binary() for _ in starts[1:]), Affine()]
        for earlier, later in pairwise(steps[1:-1]):
            program.row(earlier - later, at_least=0.0)
        shares = [a - b for a, b in pairwise(steps)]
    elif len(first) <= 2:
        last = [program.binary() for _ in first[1:]]
        shares = [Affine.total([(share, -1.0) for share in last], 1.0), *last]
    else:
        shares = [program.binary() for _ in first]
        program.row(Affine.total([(share, 1.0) for share in shares]), 1.0, 1.0)
    return Chosen(issue, first, class_of, shares)


class Measured:
    """A numeric issue as a number: where its value lies in its range, from 0 to 1."""

    def __init__(self, program: IntegerProgram, issue: Issue) -> None:
        self.program, self.issue = program, issue
        low, high = issue.bounds
        self.low, self.spread = float(low), float(high) - float(low)
        self.share = program.column(0.0, 1.0)
        if issue.is_finite:
            steps = program.column(0.0, float(issue.size) - 1.0, whole=True)
            last = max(float(issue.size) - 1.0, 1.0)
            program.row(self.share - steps * (1.0 / last), 0.0, 0.0)
        self._ends: dict[float, float] = {}
        self._inside: dict[tuple[float, float], Affine] = {}
        self._near: dict[tuple[float, float], Affine] = {}

    def value(self, point: NDArray[np.float64]) -> Value:
        """Return the value at a point."""
        share = min(max(self.share.at(point), 0.0), 1.0)
        if self.issue.is_finite:
            return self.issue.value(round(share * (int(self.issue.size) - 1)))
        for place, end in self._ends.items():
            if abs(share - place) <= SNAP:
                return end
        value = self.low + share * self.spread
        return min(max(value, self.low), self.low + self.spread)

    def place(self, value: float) -> float:
        """Return where in the range a value lies."""
        return (value - self.low) / self.spread if self.spread > 0 else 0.0

    def within(self, low: float, high: float) -> Affine:
        """Return an expression that is 1 only where the value lies from low to high."""
        start, end = max(self.place(low), 0.0), min(self.place(high), 1.0)
        for bound in (low, high):
            if 0.0 <= self.place(bound) <= 1.0:
                self._ends[self.place(bound)] = bound
        if start > end:
            return Affine()
        if start <= 0.0 and end >= 1.0:
            return Affine(constant=1.0)
        if (start, end) not in self._inside:
            inside = self.program.binary()
            if start > 0.0:
                self.program.row(self.share - inside * start, at_least=0.0)
            if end < 1.0:
                self.program.row(self.share + inside * (1.0 - end), at_most=1.0)
            self._inside[start, end] = inside
        return self._inside[start, end]

    def near(self, low: float, high: float) -> Affine:
        """Return an expression that is 0 only where the value is outside, by `MARGIN` at least."""
        start, end = self.place(low), self.place(high)
        if start > 1.0 or end < 0.0 or start > end:
            return Affine()
        if start <= 0.0 and end >= 1.0:
            return Affine(constant=1.0)
        if (start, end) not in self._near:
            below = self.program.binary() if start - MARGIN >= 0.0 else Affine()
            above = self.program.binary() if end + MARGIN <= 1.0 else Affine()
            near = self.program.binary()
            self.program.row(self.share + below * (1.0 - start + MARGIN), at_most=1.0)
            self.program.row(self.share - above * (end + MARGIN), at_least=0.0)
            self.program.row(Affine.total([(e, 1.0) for e in (below, above, near)]), at_least=1.0)
            self._near[start, end] = near
        return self._near[start, end]

    def lines(self, positions: NDArray[np.float64], worths: NDArray[np.float64]) -> Affine:
        """Return what the value is worth at most, by straight lines between positions in [0, 1].

        Lines whose slopes fall are left to the maximum; where a slope rises a binary sees to it
        that the lines before are used up first.
        """
        lengths = np.diff(positions)
        slopes = np.diff(worths) / lengths
        flat = STRAIGHT * np.abs(slopes).max(initial=0.0)
        rises = np.flatnonzero(np.diff(slopes) > flat) + 1
        if len(rises) == 0 and len(slopes) <= 1:
            slope = float(slopes[0]) if len(slopes) else 0.0
            return self.share * slope + (float(worths[0]) - slope * float(positions[0]))
        if len(rises) == 0:
            height = self.program.column(float(worths.min()), float(worths.max()))
            for k, slope in enumerate(slopes.tolist()):
                level = float(worths[k]) - slope * float(positions[k])
                self.program.row(height - self.share * slope, at_most=level)
            return height
        pieces = [self.program.column(0.0, length) for length in lengths.tolist()]
        self.program.row(
            Affine.total([(piece, -1.0) for piece in pieces]) + self.share,
            float(positions[0]),
            float(positions[0]),
        )
        runs = np.split(np.arange(len(pieces)), rises)
        for run, after in pairwise(runs):
            passed = self.program.binary()
            for k in run:
                self.program.row(pieces[k] - passed * float(lengths[k]), at_least=0.0)
            for k in after:
                self.program.row(pieces[k] - passed * float(lengths[k]), at_most=0.0)
        return Affine.total(zip(pieces, slopes.tolist(), strict=True), float(worths[0]))


def tabulated(worths: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of a table over evenly spaced values: positions in [0, 1], worths."""
    if len(worths) < 3:
        return np.linspace(0.0, 1.0, len(worths)), worths
    bend = np.abs(np.diff(worths, 2)) > STRAIGHT * 10 * np.abs(worths).max()
    corners = np.flatnonzero(np.concatenate([[True], bend, [True]]))
    return corners / (len(worths) - 1), worths[corners]
