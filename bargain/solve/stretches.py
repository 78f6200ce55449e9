"""The efficient way through one issue, for two parties: straight and bent stretches.

From the value that is best for the second party to the one that is best for the first, the first
party gains all the way and the second loses. How much the second loses for what the first gains
never falls on the way, since both worths are concave. Its logarithm is the *rate* here: at prices
whose ratio (the first party's over the second's) has a smaller logarithm than the rate from some
value on, it does not pay to go on beyond that value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NotConcaveError
from bargain.model import BargainingProblem, Issue, Value
from bargain.model.utilities import Term
from bargain.solve.crossing import crossing
from bargain.solve.enumerated import efficient_rows

Reals = NDArray[np.float64]

STEEPEST = 700.0
"""Largest logarithm of a ratio of prices, in either direction; exp() of it is still a float."""

REMEMBERED = 4096
"""Values that a stretch remembers the answer for."""


@dataclass(frozen=True, eq=False)
class Straight:
    """A line between two values of an issue, or between two of its lotteries.

    worths (2, 2): of the start and of the stop, to each party.
    """

    values: tuple[Value, Value]
    worths: Reals
    first: float
    last: float


@dataclass(frozen=True, eq=False)
class Bent:
    """A stretch of a continuous issue along which the rate rises from `first` to `last`.

    worths (2, 2): of the start and of the stop, to each party. `terms` are the two parties';
    `slopes` their slopes at a value inside; `shift` is added to the logarithm.
    """

    values: tuple[float, float]
    worths: Reals
    first: float
    last: float
    terms: tuple[Term, Term]
    slopes: tuple[Callable[[float], float], Callable[[float], float]]
    shift: float
    _known: dict[float, tuple[float, Reals]] = field(default_factory=dict)

    def at(self, rate: float) -> tuple[float, Reals]:
        """Return the best value at prices with this rate, and its worths, shape (2,)."""
        if rate <= self.first or rate <= -STEEPEST:
            return self.values[0], self.worths[0]
        if rate >= self.last or rate >= STEEPEST:
            return self.values[1], self.worths[1]
        found = self._known.get(rate)
        if found is None:
            value = self._value(rate)
            worths = np.array([float(term.at(np.array(value))) for term in self.terms])
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[rate] = (value, worths)
        return found

    def _value(self, rate: float) -> float:
        """Solve rate_of(value) = rate, in the logit of the way gone.

        Near an end a rate may depend on the logarithm of the distance from it (a root's does), so
        that no step of the value itself would be right.
        """
        start, stop = self.values
        length = stop - start

        def value_at(logit: float) -> float:
            if logit < 0.0:
                return start + length * (math.exp(logit) / (1.0 + math.exp(logit)))
            return stop - length * (math.exp(-logit) / (1.0 + math.exp(-logit)))

        def beyond(logit: float) -> float:
            return self.rate_of(value_at(logit)) - rate

        # nearly always within the first; the last holds every float
        for reach in (8.0, 45.0, 745.0):
            if beyond(-reach) < 0.0 <= beyond(reach) or reach == 745.0:
                break
        below, above = crossing(beyond, -reach, reach)
        return value_at(0.5 * (below + above))

    def rate_of(self, value: float) -> float:
        """Return the logarithm of what the second loses for what the first gains, scaled."""
        first, second = self.slopes
        return _rate(first(value), second(value), self.values, self.shift)


Stretch = Straight | Bent


@dataclass(frozen=True, eq=False)
class IssuePath:
    """The stretches of one issue in order; where there is none, `start` is all there is."""

    issue: Issue
    start: Value
    worths: Reals
    stretches: tuple[Stretch, ...]


def check_concave(problem: BargainingProblem, issue: Issue, terms: Sequence[Term]) -> None:
    """Raise NotConcaveError, naming the issue and party, unless every term is concave."""
    for name, term in zip(problem.parties, terms, strict=True):
        if not term.is_concave:
            raise NotConcaveError(
                f"issue {issue.name!r}: expected concave value functions, got one of {name!r} "
                "whose slope increases (see discretized())"
            )


def issue_path(
    issue: Issue, terms: tuple[Term, Term], shift: float, hull: Callable[[Reals], list[int]]
) -> IssuePath:
    """Return the efficient way through an issue whose continuous terms are concave.

    Parameters
    ----------
    issue : Issue
    terms : pair of Term
    shift : float
        Added to all rates: the logarithm of the ratio of the units of both utilities.
    hull : callable
        Which efficient points (first column increasing) are corners of their upper hull.
    """
    if issue.is_finite:
        table = np.column_stack([term.worths for term in terms])
        rows = efficient_rows(table)[::-1]
        rows = rows[hull(table[rows])]
        values: list[Value] = [issue.value(int(row)) for row in rows]
        corners = table[rows]
    else:
        way = _corners_on_the_way(terms)
        values = list(way)
        corners = np.column_stack([term.at(np.array(way)) for term in terms])
    stretches: list[Stretch] = []
    last = -math.inf
    for k in range(len(values) - 1):
        ends, worths = (values[k], values[k + 1]), corners[k : k + 2]
        if issue.is_finite or not any(term.is_curved for term in terms):
            gain, loss = float(worths[1, 0] - worths[0, 0]), float(worths[1, 1] - worths[0, 1])
            # rounding must not reorder the stretches of one issue
            last = max(_rate(gain, loss, (0.0, 1.0), shift), last)
            stretches.append(Straight(ends, worths, last, last))
            continue
        numbers = (float(values[k]), float(values[k + 1]))
        slopes = _slopes(terms, numbers)
        rates = [_rate(slopes[0](end), slopes[1](end), numbers, shift) for end in numbers]
        first = max(rates[0], last)
        last = max(rates[1], first)
        if first == last:
            # bent by less than rounding
            stretches.append(Straight(ends, worths, last, last))
        else:
            stretches.append(Bent(numbers, worths, first, last, terms, slopes, shift))
    return IssuePath(issue, values[0], corners[0], tuple(stretches))


def best_values(term: Term) -> tuple[float, float]:
    """Return between which values a concave continuous term is largest."""
    positions = np.zeros(1) if term.positions is None else term.positions
    best = np.flatnonzero(term.worths == term.worths.max())
    if term.is_curved:
        best = best[:1]
    return float(positions[best[0]]), float(positions[best[-1]])


def _corners_on_the_way(terms: tuple[Term, Term]) -> list[float]:
    """Return the values where a term has a corner, from the second party's best to the first's."""
    (low_1, high_1), (low_2, high_2) = (best_values(term) for term in terms)
    if max(low_1, low_2) <= min(high_1, high_2):
        return [max(low_1, low_2)]
    start, stop = (high_2, low_1) if high_2 < low_1 else (low_2, high_1)
    corners = {start, stop}
    for term in terms:
        if not term.is_curved and term.positions is not None:
            inside = (term.positions > min(start, stop)) & (term.positions < max(start, stop))
            corners.update(term.positions[inside].tolist())
    return sorted(corners, reverse=start > stop)


def _slopes(
    terms: tuple[Term, Term], ends: tuple[float, float]
) -> tuple[Callable[[float], float], Callable[[float], float]]:
    def slope_of(term: Term) -> Callable[[float], float]:
        if term.curve is None or term.positions is None:
            constant = term.slope(0.5 * ends[0] + 0.5 * ends[1])
            return lambda _: constant
        curve, weight = term.curve, term.weight
        low, high = float(term.positions[0]), float(term.positions[-1])
        return lambda value: weight * curve.slope(value, low, high)

    return slope_of(terms[0]), slope_of(terms[1])


def _rate(slope_1: float, slope_2: float, way: tuple[float, float], shift: float) -> float:
    """Return log(-slope_2 / slope_1) along the way, at most `STEEPEST` either way."""
    gain, loss = (slope_1, -slope_2) if way[0] < way[1] else (-slope_1, slope_2)
    # where the first gains nothing more, or the second loses nothing yet, up to rounding
    if gain <= 0.0 or loss == math.inf:
        return STEEPEST
    if loss <= 0.0 or gain == math.inf:
        return -STEEPEST
    return min(max(math.log(loss) - math.log(gain) + shift, -STEEPEST), STEEPEST)
