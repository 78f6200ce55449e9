"""A finite feasible set, every outcome of which is looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.model import BargainingProblem
from bargain.solve.certificate import Certificate
from bargain.solve.solution import Lottery, certain
from bargain.solve.ties import lexicographic_best, ties_with_best


def efficient_rows(
    utilities: NDArray[np.float64], *, keep_duplicates: bool = False
) -> NDArray[np.intp]:
    """Return the rows that no other row dominates, best for the first party first.

    A row dominates another if it is at least as good for everybody and better for somebody;
    compared exactly. Of equal rows the lowest is kept, or all of them on request.

    Two parties: one sort and a running maximum, O(n log n). More: `moocore`, O(n log^(p-2) n).
    """
    if len(utilities) == 0:
        return np.empty(0, dtype=np.intp)
    if utilities.shape[1] == 2:
        # best for the first party first; of equals the lowest row, since lexsort is stable
        order = np.lexsort((-utilities[:, 1], -utilities[:, 0]))
        second = utilities[order, 1]
        efficient = second > np.concatenate([[-np.inf], np.maximum.accumulate(second)[:-1]])
        if not keep_duplicates:
            kept: NDArray[np.intp] = order[efficient]
            return kept
        leader = order[np.maximum.accumulate(np.where(efficient, np.arange(len(order)), 0))]
        same: NDArray[np.intp] = order[(utilities[order] == utilities[leader]).all(axis=1)]
        return same

    import moocore

    points = np.ascontiguousarray(utilities)
    rows = np.flatnonzero(
        moocore.is_nondominated(points, maximise=True, keep_weakly=keep_duplicates)
    )
    keys = [-utilities[rows, party] for party in reversed(range(utilities.shape[1]))]
    return rows[np.lexsort(keys)]


def rational_rows(problem: BargainingProblem) -> NDArray[np.intp]:
    """Return the rows at which every party has at least its disagreement utility, exactly."""
    rational = (problem.utilities() >= problem.disagreement_point).all(axis=1)
    return np.flatnonzero(rational)


class EnumeratedSet:
    """The efficient individually rational outcomes of a finite problem.

    Ties are broken by the lowest row, where rows tie to within `ties.TIE_TOLERANCE`.
    """

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        utilities = problem.utilities()
        rational = rational_rows(problem)
        if len(rational) == 0:
            best = ", ".join(f"{value:.6g}" for value in utilities.max(axis=0))
            point = ", ".join(f"{value:.6g}" for value in problem.disagreement_point)
            raise NoAgreementZoneError(
                f"no agreement zone: none of {len(utilities)} outcomes gives every party its "
                f"disagreement utility ({point}); the best each can have is ({best})"
            )
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
        return self._pick(lexicographic_best(ratios), note)

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains; of those that tie, the one nearest to equal gains."""
        tied = ties_with_best(self.gains.sum(axis=1))
        count = int(tied.sum())
        note = "" if count == 1 else f"{count} tied: the one with the largest least gain"
        return self._pick(lexicographic_best(np.sort(self.gains, axis=1), tied), note, tied=count)

    def _pick(
        self, best: NDArray[np.bool_], note: str, *, tied: int | None = None
    ) -> tuple[Lottery, Certificate]:
        row = int(self.rows[np.flatnonzero(best)[0]])
        evidence = {
            "outcomes": len(self.problem.utilities()),
            "efficient": len(self.rows),
            "tied": int(best.sum()) if tied is None else tied,
            "row": row,
        }
        certificate = Certificate("exact", "enumeration of all outcomes", 0.0, evidence, note)
        return certain(self.problem.space.outcome(row)), certificate
