"""One party's seat at the table: what it sees, and what waiting leaves of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import UnsupportedProblemError
from bargain.model.given import check_problem
from bargain.model.problem import BargainingProblem
from bargain.play.protocol import checked_times
from bargain.play.view import PartyView
from bargain.search.waiting import waiting_of

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Seat:
    """What a best response is computed for.

    Attributes
    ----------
    problem : BargainingProblem
    index : int
    own, other : PartyView
    times : ndarray, shape (deadline,)
    left, paid : ndarray, shape (deadline,)
        What waiting leaves of a unit of own utility by each round, and has cost.
    breakdown : float
        Chance that talks end after a round without an agreement.
    """

    problem: BargainingProblem
    index: int
    own: PartyView
    other: PartyView
    times: Reals
    left: Reals
    paid: Reals
    breakdown: float

    @classmethod
    def of(
        cls,
        caller: str,
        problem: BargainingProblem,
        party: int | str,
        *,
        deadline: int,
        breakdown: float = 0.0,
        times: ArrayLike | None = None,
    ) -> Seat:
        """Take a seat; `caller` is named where there are not two parties."""
        check_problem(problem)
        if problem.n_parties != 2:
            raise UnsupportedProblemError.at(caller, "two parties", problem.n_parties)
        index = problem.party_index(party)
        own, other = PartyView.of(problem, index), PartyView.of(problem, 1 - index)
        schedule = checked_times(times, deadline)
        left, paid = waiting_of(problem, index, schedule)
        return cls(problem, index, own, other, schedule, left[:, 0], paid[:, 0], breakdown)

    @property
    def deadline(self) -> int:
        return len(self.times)

    @cached_property
    def quits(self) -> Reals:
        """What having no agreement is worth in each round, shape (deadline,)."""
        return np.asarray(self.own.reservation * self.left - self.paid)

    @cached_property
    def without_rounds(self) -> float:
        """What the party has where no round is played."""
        point = self.problem.delayed(self.problem.disagreement_point, round=0, time=1.0)
        return float(point[self.index])

    def after_waiting(self, utility: float, round: int) -> float:
        """Return what an own utility is worth in a round; minus infinity stays so."""
        if utility == -np.inf:
            return -np.inf
        return float(utility * self.left[round] - self.paid[round])

    def least_worth(self, value: float, round: int) -> float:
        """Return the least own utility that is worth a value after waiting until a round."""
        left, value = float(self.left[round]), float(value) + float(self.paid[round])
        if left == 0.0:
            return np.inf if value > 0 else -np.inf
        return value / left

    @cached_property
    def allowed(self) -> Integers:
        """Rows that may be agreed, increasing."""
        return np.sort(self.own.order)

    @cached_property
    def own_by_other(self) -> Reals:
        """Own utilities in the order of the other side's, as `other.order`."""
        return np.ascontiguousarray(self.own.utilities[self.other.order])

    def best_between(self, levels: Reals) -> Reals:
        """Return the best own utility between neighbouring levels of the other side's.

        Parameters
        ----------
        levels : ndarray, shape (n,)
            Utilities of the other side, increasing.

        Returns
        -------
        ndarray, shape (n + 1,)
            Of outcomes worth less than the first level to the other side; at least the first and
            less than the second; ...; at least the last. Minus infinity where there is none.
            O(n_outcomes + n log n_outcomes).
        """
        ends = np.searchsorted(self.other.ascending, levels)
        starts = np.concatenate([[0], ends])
        filled = starts < np.concatenate([ends, [len(self.own_by_other)]])
        best = np.full(len(levels) + 1, -np.inf)
        if filled.any():
            best[filled] = np.maximum.reduceat(self.own_by_other, starts[filled])
        return best

    def row_between(self, low: float, high: float) -> int:
        """Return the best own row worth at least low and less than high to the other side.

        Ties by the lowest row. There must be one.
        """
        start, stop = np.searchsorted(self.other.ascending, [low, high])
        own = self.own_by_other[start:stop]
        return int(self.other.order[start:stop][own == own.max()].min())
