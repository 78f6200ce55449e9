"""What each issue adds to what can be agreed by lot or on average: corners, and curves between.

A finite issue gives the hull of its values' worths, a continuous one with straight lines the hull
of its corners. A curved one has a corner everywhere; those that matter are found when prices ask
for them (`CurvedWay.best`), each exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Issue, Value
from bargain.model.utilities import Term
from bargain.solve.agreeable import agreeable_utilities, original_rows
from bargain.solve.chain import common_corners
from bargain.solve.crossing import crossing
from bargain.solve.enumerated import efficient_rows
from bargain.solve.refusals import refuse_lotteries
from bargain.solve.stretches import check_concave
from bargain.solve.structure import is_listed_for_lotteries

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CurvedWay:
    """The worths of a continuous issue to all parties, some of them curved, all concave."""

    terms: tuple[Term, ...]
    corners: Reals
    """Ends of the issue and corners of the straight terms, increasing."""

    def worths(self, value: float) -> Reals:
        """Return what a value is worth, shape (n_parties,)."""
        return np.array([float(term.at(np.array(value))) for term in self.terms])

    def slopes(self, value: float, low: float, high: float) -> Reals:
        """Return the slopes at a value between two neighbouring corners, shape (n_parties,)."""
        middle = 0.5 * low + 0.5 * high
        return np.array([term.slope(value if term.is_curved else middle) for term in self.terms])

    def best(self, prices: Reals) -> float:
        """Return the value with the largest sum of priced worths, prices >= 0.

        The sum is concave: its slope falls, within a piece and from piece to piece, so the answer
        is the corner where it changes sign or its root in a piece.
        """
        used = np.flatnonzero(prices > 0)

        def slope(value: float, low: float, high: float) -> float:
            # an infinite slope upwards and one downwards never meet: they are at opposite ends
            return float(prices[used] @ self.slopes(value, low, high)[used])

        first, last = 0, len(self.corners) - 1
        # the last corner that it still pays to go beyond
        while first < last:
            middle = (first + last) // 2
            low, high = self.corners[middle : middle + 2].tolist()
            if slope(high, low, high) < 0.0:
                last = middle
            else:
                first = middle + 1
        if first == len(self.corners) - 1:
            return float(self.corners[-1])
        low, high = self.corners[first : first + 2].tolist()
        if not slope(low, low, high) > 0.0:
            return float(low)
        below, above = crossing(lambda value: -slope(value, low, high), low, high)
        return 0.5 * (below + above)


@dataclass(frozen=True, eq=False)
class Block:
    """One issue's corners: worths (k, n_parties) and, for each corner, the outcome's part."""

    worths: Reals
    parts: list[dict[str, Value]]
    blend: str | None = None
    """Name of the continuous issue whose values average, instead of being drawn by lot."""
    curved: CurvedWay | None = None


def blocks_of(problem: BargainingProblem) -> list[Block]:
    """Return what each issue adds; one block where whole outcomes matter.

    Raises
    ------
    NotConcaveError, UnsupportedProblemError
    """
    issues = problem.space.issues
    if is_listed_for_lotteries(problem):
        return [_whole_outcomes(problem)]
    refuse_lotteries(problem)
    if np.isinf(problem.ceilings).all() or not any(issue.is_finite for issue in issues):
        return [_issue_block(problem, issue, i) for i, issue in enumerate(issues)]
    return [_whole_outcomes(problem)]


def _whole_outcomes(problem: BargainingProblem) -> Block:
    """Look at all outcomes, as a ceiling on the sum or a constraint couples the issues."""
    rows = original_rows(problem, efficient_rows(agreeable_utilities(problem)))
    parts = [dict(problem.space.outcome(int(row))) for row in rows]
    return Block(problem.utilities()[rows], parts)


def _issue_block(problem: BargainingProblem, issue: Issue, position: int) -> Block:
    terms = tuple(terms[position] for terms in problem.terms)
    if any(term.is_curved for term in terms):
        return _curved_block(problem, issue, terms)
    if not issue.is_finite:
        corners, worths = common_corners(problem, issue, terms)
        return Block(worths, [{issue.name: float(corner)} for corner in corners], issue.name)
    worths = np.column_stack([term.worths for term in terms])
    rows = efficient_rows(worths)
    return Block(worths[rows], [{issue.name: issue.value(int(row))} for row in rows])


def _curved_block(problem: BargainingProblem, issue: Issue, terms: Sequence[Term]) -> Block:
    check_concave(problem, issue, terms)
    straight = [term.positions for term in terms if not term.is_curved]
    corners = np.unique(np.concatenate([issue.bounds, *(p for p in straight if p is not None)]))
    way = CurvedWay(tuple(terms), corners)
    # to begin with, also what is best for each party alone
    bests = [way.best(np.eye(len(terms))[i]) for i in range(len(terms))]
    values = sorted({*corners.tolist(), *bests})
    worths = np.array([way.worths(value) for value in values])
    return Block(worths, [{issue.name: value} for value in values], issue.name, way)
