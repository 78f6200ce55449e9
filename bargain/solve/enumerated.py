"""A finite feasible set, every outcome of which is looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.model import BargainingProblem
from bargain.solve.agreeable import (
    agreeable_utilities,
    original_rows,
    outcome_counts,
    outcomes_counted,
)
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.solution import Lottery, certain
from bargain.solve.ties import lexicographic_best, ties_with_best

COMPILED_FROM = 100_000
"""Rows from which on the frontier is worth compiled kernels.

Loading them takes half a second, once in a process; just below this the frontier of random points
takes 10 to 50 ms without them (benchmarks/frontier.py). Once loaded they pay from 5,000 rows on.
"""


def efficient_rows(
    utilities: NDArray[np.float64], *, keep_duplicates: bool = False
) -> NDArray[np.intp]:
    """Return the rows that no other row dominates, best for the first party first.

    A row dominates another if it is at least as good for everybody and better for somebody;
    compared exactly. Of equal rows the lowest is kept, or all of them on request.

    From `COMPILED_FROM` rows on, compiled passes first drop what a few good rows dominate, O(n)
    (`kernels.dominance`). What is left is sorted and swept: two parties with a running maximum,
    three with a tree of maxima (few rows: `moocore`), O(n log n). More: `moocore`,
    O(n log^(p-2) n).
    """
    points, rows = utilities, None
    if len(points) >= COMPILED_FROM:
        from bargain.kernels.dominance import candidate_rows

        points = np.ascontiguousarray(points)
        rows = candidate_rows(points)
        points = points[rows]
    swept = points.shape[1] == 2 or (points.shape[1] == 3 and len(points) >= COMPILED_FROM)
    if not swept and len(points) > 0:
        import moocore

        found = np.flatnonzero(
            moocore.is_nondominated(np.ascontiguousarray(points), maximise=True, keep_weakly=True)
        )
        points, rows = points[found], found if rows is None else rows[found]
    order = _best_first(points)
    points, rows = points[order], order if rows is None else rows[order]
    new = np.ones(len(points), dtype=np.bool_)
    new[1:] = (points[1:] != points[:-1]).any(axis=1)
    distinct = points if new.all() else points[new]
    efficient = _swept(distinct) if swept else np.ones(len(distinct), dtype=np.bool_)
    return rows[efficient[np.cumsum(new) - 1]] if keep_duplicates else rows[new][efficient]


def _best_first(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """Sort rows, best for the first party first; of equals best for the next; then the lowest.

    Where the first party is seldom indifferent this takes half the time of a plain `np.lexsort`.
    """
    order = np.argsort(points[:, 0])[::-1]
    first = points[order, 0]
    same = first[1:] == first[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
        rows = np.sort(order[tied])
        order[tied] = rows[np.lexsort(-points[rows].T[::-1])]
    return order


def _swept(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which of distinct points of 2 or 3 parties, sorted best first, are efficient."""
    efficient = np.ones(len(points), dtype=np.bool_)
    if points.shape[1] == 2:
        second = points[:, 1]
        efficient[1:] = second[1:] > np.maximum.accumulate(second)[:-1]
        return efficient
    from bargain.kernels.dominance import sweep_three

    places = np.unique(-points[:, 1], return_inverse=True)[1]
    tree = np.full(len(points) + 1, -np.inf)
    sweep_three(places, np.ascontiguousarray(points[:, 2]), tree, efficient)
    return efficient


def rational_rows(problem: BargainingProblem) -> NDArray[np.intp]:
    """Return the rows that may be agreed and give every party its disagreement utility, exactly.

    Raises
    ------
    NoAgreementZoneError
        If there is none.
    InfeasibleProblemError
        If no outcome meets the constraints.
    """
    utilities = agreeable_utilities(problem)
    rows = np.flatnonzero((utilities >= problem.disagreement_point).all(axis=1))
    if len(rows) == 0:
        best = ", ".join(f"{value:.6g}" for value in utilities.max(axis=0))
        point = ", ".join(f"{value:.6g}" for value in problem.disagreement_point)
        raise NoAgreementZoneError(
            f"no agreement zone: none of {outcomes_counted(problem)} gives every party its "
            f"disagreement utility ({point}); the best each can have is ({best})"
        )
    return original_rows(problem, rows)


class EnumeratedSet:
    """The efficient individually rational outcomes of a finite problem.

    Ties are broken by the lowest row, where rows tie to within `ties.TIE_TOLERANCE`.
    """

    ideals: tuple[Ideal, ...] = ()

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        utilities = problem.utilities()
        rational = rational_rows(problem)
        self.rows = np.sort(rational[efficient_rows(utilities[rational])])
        self.utilities = utilities[self.rows]
        self.gains = self.utilities - problem.disagreement_point

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party, shape (n_parties,)."""
        ideal: NDArray[np.float64] = self.gains.max(axis=0)
        return ideal

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i.

        Where no outcome gives every (weighted) party a positive gain the product is 0
        everywhere; then the largest number of parties gain, and among those outcomes the product
        over the parties that gain is largest (Caragiannis et al. 2019, The Unreasonable Fairness
        of Maximum Nash Welfare, section 2). Different parties may gain in different outcomes, so
        gains then count as shares of the ideal gains, which keeps the choice free of scale.
        """
        counted = weights > 0
        gains, weights = self.gains[:, counted], weights[counted]
        positive = gains > 0
        winners = positive.sum(axis=1)
        most = int(winners.max())
        if most < len(weights):
            ideal = gains.max(axis=0)
            gains = gains / np.where(ideal > 0, ideal, 1.0)
        with np.errstate(divide="ignore"):
            logs = np.where(positive, np.log(np.where(positive, gains, 1.0)), 0.0) @ weights
        logs[winners < most] = -np.inf
        note = ""
        if most < len(weights):
            note = (
                "degenerate: no outcome gives every party a positive gain; the most parties "
                f"that can gain together are {most}"
            )
        return self._pick(ties_with_best(logs), note)

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the sorted vector of gain / scale lexicographically, the least first.

        A party whose scale is 0 can gain nothing anywhere and is left out.
        """
        counted = scales > 0
        note = "" if counted.all() else "degenerate: a party cannot gain anything"
        if not counted.any():
            return self._pick(np.ones(len(self.rows), dtype=bool), note)
        ratios = np.sort(self.gains[:, counted] / scales[counted], axis=1)
        return self._pick(lexicographic_best(ratios, size=self._size(scales)), note)

    def _size(self, scales: NDArray[np.float64]) -> float:
        """Return the smallest of the largest gains above 0 as a share of their scales.

        Rounding moves a least gain that is nearly 0 by a share of the utilities it is a
        difference of, not of itself, so it is measured by what its party can gain; by the party
        that can gain the least, so that nobody's real differences count as ties.
        """
        ideal = self.ideal_gains()
        counted = (scales > 0) & (ideal > 0)
        return float((ideal[counted] / scales[counted]).min()) if counted.any() else 0.0

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains; of those that tie, the one nearest to equal gains."""
        tied = ties_with_best(self.gains.sum(axis=1))
        count = int(tied.sum())
        note = "" if count == 1 else f"{count} tied: the one with the largest least gain"
        size = self._size(np.ones(self.gains.shape[1]))
        even = lexicographic_best(np.sort(self.gains, axis=1), tied, size=size)
        return self._pick(even, note, tied=count)

    def _pick(
        self, best: NDArray[np.bool_], note: str, *, tied: int | None = None
    ) -> tuple[Lottery, Certificate]:
        row = int(self.rows[np.flatnonzero(best)[0]])
        evidence = {
            **outcome_counts(self.problem),
            "efficient": len(self.rows),
            "tied": int(best.sum()) if tied is None else tied,
            "row": row,
        }
        certificate = Certificate("exact", "enumeration of all outcomes", 0.0, evidence, note)
        return certain(self.problem.space.outcome(row)), certificate
