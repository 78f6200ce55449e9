"""The two-party frontier where value functions are curved: straight edges and smooth arcs.

As on a chain of straight edges, what is efficient in the whole space is what is efficient in every
issue at the same prices. So the frontier is a walk over rising rates (see `stretches`): at the rate
of a straight stretch only that issue moves, from one of its ends to the other, and between such
rates every issue with a bent stretch moves along it, each to where its own slopes match the rate.
Nothing is put on a grid: a place on the walk is one number in one segment of it, both parties'
utilities are monotone along it, and whatever is looked for is the root of a monotone function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Issue, Value
from bargain.solve.chain import Parts, upper_hull
from bargain.solve.crossing import crossing
from bargain.solve.stretches import (
    STEEPEST,
    Bent,
    Straight,
    Stretch,
    check_concave,
    issue_path,
)

Reals = NDArray[np.float64]


class Place(NamedTuple):
    """A point of the frontier: a segment, and the share of its edge or the rate on its arc."""

    segment: int
    at: float


class _Segment(NamedTuple):
    """A part of the walk: from one rate to another, along an edge or an arc.

    done (2,): worth of everything that does not move. moving: the bent stretches under way.
    """

    low: float
    high: float
    edge: int | None
    done: Reals
    moving: tuple[int, ...]


class ArcPath:
    """The efficient outcomes of some issues of a two-party problem, second party's best first.

    Parameters
    ----------
    problem : BargainingProblem
    issues : sequence of Issue
        Those to walk over; the others are left out.

    Raises
    ------
    NotConcaveError
        Naming the issue and party whose value function is not concave.
    """

    def __init__(self, problem: BargainingProblem, issues: Sequence[Issue]) -> None:
        chosen = [
            (issue, (problem.terms[0][i], problem.terms[1][i]))
            for i, issue in enumerate(problem.space.issues)
            if issue in issues
        ]
        for issue, terms in chosen:
            if not issue.is_finite:
                check_concave(problem, issue, terms)
        # rates are those of utilities in shares of each party's largest range on an issue
        sizes = [max(float(np.ptp(terms[i].worths)) for _, terms in chosen) for i in (0, 1)]
        self.shift = math.log(sizes[0] or 1.0) - math.log(sizes[1] or 1.0)
        self.ways = [issue_path(issue, terms, self.shift, upper_hull) for issue, terms in chosen]
        self.stretches: list[Stretch] = [s for way in self.ways for s in way.stretches]
        self.segments = self._walk()
        self._span = self._spans()
        self.first = Place(0, self._begin(0))
        self.last = Place(len(self.segments) - 1, self._finish(len(self.segments) - 1))

    @property
    def reach(self) -> Reals:
        """Most that each party can have, shape (2,)."""
        return np.array([self.utilities(self.last)[0], self.utilities(self.first)[1]])

    def rate(self, place: Place) -> float:
        """Return the logarithm of the ratio of prices, shifted, at which a place is best."""
        segment = self.segments[place.segment]
        return place.at if segment.edge is None else segment.low

    def prices(self, rate: float) -> Reals:
        """Return prices of both parties' utilities, the larger 1, that have this rate."""
        logarithm = rate - self.shift
        return np.array([math.exp(min(logarithm, 0.0)), math.exp(min(-logarithm, 0.0))])

    def rate_of(self, prices: Reals) -> float:
        """Return the rate of some prices, not both 0."""
        if prices[0] <= 0.0 or prices[1] <= 0.0:
            return -STEEPEST if prices[0] <= 0.0 else STEEPEST
        rate = math.log(prices[0]) - math.log(prices[1]) + self.shift
        return min(max(rate, -STEEPEST), STEEPEST)

    def utilities(self, place: Place) -> Reals:
        """Return what a place is worth to both parties, shape (2,)."""
        segment = self.segments[place.segment]
        total = segment.done
        for k in segment.moving:
            stretch = self.stretches[k]
            if isinstance(stretch, Bent):
                total = total + (stretch.at(self.rate(place))[1] - stretch.worths[0])
        if segment.edge is not None:
            edge = self.stretches[segment.edge].worths
            total = total + place.at * (edge[1] - edge[0])
        return total

    def most(self, prices: Reals) -> float:
        """Return the largest sum of priced utilities: the proof of every bound.

        At prices >= 0 what is best in every issue on its own is best altogether, and what a rate
        is best at was found issue by issue.
        """
        rate = self.rate_of(prices)
        total = 0.0
        for way in self.ways:
            worths = way.worths
            for stretch in way.stretches:
                if isinstance(stretch, Bent):
                    worths = stretch.at(rate)[1]
                elif stretch.last <= rate:
                    worths = stretch.worths[1]
                if rate < stretch.last:
                    break
            total += float(prices @ worths)
        return total

    def search(
        self, rising: Callable[[Place], float], begin: Place, end: Place
    ) -> tuple[Place, Place]:
        """Return neighbouring places between which a function that never falls reaches 0.

        Both are `begin` if it is >= 0 there, and both `end` if it is below 0 even there. The
        second of the two is where it is >= 0.
        """
        if rising(begin) >= 0.0:
            return begin, begin
        if rising(end) < 0.0:
            return end, end

        def finish(segment: int) -> Place:
            return end if segment == end.segment else Place(segment, self._finish(segment))

        # the first segment at whose end it has come up to 0
        found = self._first_segment(rising, begin.segment, end.segment)
        low = begin.at if found == begin.segment else self._begin(found)
        high = finish(found).at
        below, above = crossing(lambda at: rising(Place(found, at)), low, high)
        return Place(found, below), Place(found, above)

    def realize(self, place: Place) -> Parts:
        """Return (partial) outcomes with probabilities; only an edge of choices needs two."""
        here: dict[str, Value] = {}
        other: tuple[str, Value, float] | None = None
        rate, offset = self.rate(place), 0
        for way in self.ways:
            value = way.start
            spans = self._span[offset : offset + len(way.stretches)]
            offset += len(way.stretches)
            for stretch, (begins, ends) in zip(way.stretches, spans, strict=True):
                if place.segment < begins:
                    break
                if place.segment > ends:
                    value = stretch.values[1]
                elif isinstance(stretch, Bent):
                    value = stretch.at(rate)[0]
                elif way.issue.is_finite:
                    value = stretch.values[0]
                    other = (way.issue.name, stretch.values[1], place.at)
                else:
                    value = _between(stretch, place.at)
            here[way.issue.name] = value
        if other is None or other[2] <= 0.0:
            return [(here, 1.0)]
        name, moved, share = other
        return [(here, 1.0 - share), ({**here, name: moved}, share)]

    def _first_segment(self, rising: Callable[[Place], float], low: int, high: int) -> int:
        """Return the first segment at whose end a function is >= 0; at the last one's it is."""
        while low < high:
            middle = (low + high) // 2
            if rising(Place(middle, self._finish(middle))) >= 0.0:
                high = middle
            else:
                low = middle + 1
        return low

    def _begin(self, segment: int) -> float:
        return 0.0 if self.segments[segment].edge is not None else self.segments[segment].low

    def _finish(self, segment: int) -> float:
        return 1.0 if self.segments[segment].edge is not None else self.segments[segment].high

    def _walk(self) -> list[_Segment]:
        edges = [k for k, s in enumerate(self.stretches) if isinstance(s, Straight)]
        edges.sort(key=lambda k: self.stretches[k].first)
        bent = [k for k, s in enumerate(self.stretches) if isinstance(s, Bent)]
        marks = sorted({rate for s in self.stretches for rate in (s.first, s.last)})
        opening: dict[float, list[int]] = {}
        closing: dict[float, list[int]] = {}
        for k in bent:
            opening.setdefault(self.stretches[k].first, []).append(k)
            closing.setdefault(self.stretches[k].last, []).append(k)
        done = np.sum([way.worths for way in self.ways], axis=0) if self.ways else np.zeros(2)
        moving: dict[int, None] = {}
        segments: list[_Segment] = []
        next_edge = 0
        for i, mark in enumerate(marks):
            for k in closing.get(mark, []):
                done = done + (self.stretches[k].worths[1] - self.stretches[k].worths[0])
                moving.pop(k)
            while next_edge < len(edges) and self.stretches[edges[next_edge]].first <= mark:
                k = edges[next_edge]
                segments.append(_Segment(mark, mark, k, done, tuple(moving)))
                done = done + (self.stretches[k].worths[1] - self.stretches[k].worths[0])
                next_edge += 1
            moving.update(dict.fromkeys(opening.get(mark, [])))
            if moving and i + 1 < len(marks):
                segments.append(_Segment(mark, marks[i + 1], None, done, tuple(moving)))
        return segments or [_Segment(0.0, 0.0, None, done, ())]

    def _spans(self) -> list[tuple[int, int]]:
        """Return the first and the last segment in which each stretch moves."""
        spans = [(len(self.segments), -1)] * len(self.stretches)
        for position, segment in enumerate(self.segments):
            movers = segment.moving if segment.edge is None else (*segment.moving, segment.edge)
            for k in movers:
                spans[k] = (min(spans[k][0], position), position)
        return spans


def _between(stretch: Straight, share: float) -> float:
    start, stop = (float(value) for value in stretch.values)
    low, high = sorted((start, stop))
    return min(max(start + share * (stop - start), low), high)
