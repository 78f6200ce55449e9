"""One party's seat at the table of one problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError, UnsupportedProblemError
from bargain.model.problem import BargainingProblem
from bargain.play.session import round_times
from bargain.play.view import PartyView
from bargain.search.waiting import waiting_of
from bargain.solve.agreeable import outcomes_counted

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Arena:
    """One party's seat at the table of one problem.

    Attributes
    ----------
    problem : BargainingProblem
    index : int
        Position of the party that is searched for.
    own, other : PartyView
    times : ndarray, shape (deadline,)
    discounts : ndarray, shape (deadline, 2)
        What is left in each round of one unit of utility to (own, other).
    paid : ndarray, shape (deadline, 2)
        What (own, other) have paid for waiting by each round.
    opens : ndarray of bool, shape (n_starts,)
        Whether the party proposes in round 0, for each way to start that counts.
    """

    problem: BargainingProblem
    index: int
    own: PartyView
    other: PartyView
    times: Reals
    discounts: Reals
    paid: Reals
    opens: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        problem: BargainingProblem,
        party: int | str,
        *,
        deadline: int,
        first: int | str | Literal["both"] = "both",
    ) -> Arena:
        """Take a seat.

        Raises
        ------
        UnsupportedProblemError
            If there are more than two parties or an issue is continuous.
        NoAgreementZoneError
            If there is nothing to gain: no outcome is worth more to the party than having none,
            or none is rational for both.
        InvalidArgumentError
            If `party` or `first` is not a party.
        TooLargeError, InfeasibleProblemError
            As `PartyView.of`.
        """
        if problem.n_parties != 2:
            raise UnsupportedProblemError.at("evolve", "two parties", problem.n_parties)
        index = problem.party_index(party)
        own, other = PartyView.of(problem, index), PartyView.of(problem, 1 - index)
        if isinstance(first, str) and first == "both" and "both" not in problem.parties:
            opens = np.array([True, False])
        else:
            opens = np.array([problem.party_index(first, where="first") == index])
        check_zone(problem, own, other)
        times = round_times(deadline)
        discounts, paid = waiting_of(problem, index, times)
        return cls(problem, index, own, other, times, discounts, paid, opens)

    def raised(self, share: float) -> Arena:
        """Return the same seat with the other side's reservation raised.

        Parameters
        ----------
        share : float
            Part of the way from its reservation to its best outcome, in [0, 1). There need not be
            an outcome that is rational for both then.
        """
        if share == 0.0:
            return self
        other = self.other
        reservation = (1.0 - share) * other.reservation + share * other.best
        return replace(self, other=replace(other, reservation=reservation))

    @cached_property
    def is_patient(self) -> bool:
        """Whether waiting costs nobody anything."""
        return self.problem.is_patient

    @cached_property
    def share_limits(self) -> tuple[float, float]:
        """Least and largest share that a session may leave the party.

        Nobody agrees on less than it has without an agreement, so that is the least in every
        round, and the best outcome the most: 0 and 1 where waiting costs nothing.
        """
        if self.is_patient:
            return 0.0, 1.0
        left, paid = self.discounts[:, 0], self.paid[:, 0]
        with np.errstate(over="ignore", invalid="ignore"):
            least = self.own.shares(self.own.reservation * left - paid)
            most = self.own.shares(self.own.best * left - paid)
        return float(least.min()), float(most.max())

    def delayed(self, utilities: Reals, rounds: NDArray[np.int64]) -> Reals:
        """Return utilities of (own, other) after waiting, as `BargainingProblem.delayed`.

        From the tables of all rounds: searching asks this for every session that it plays.

        Parameters
        ----------
        utilities : ndarray, shape (..., 2)
        rounds : ndarray of int64, shape (...)
        """
        return np.asarray(utilities * self.discounts[rounds] - self.paid[rounds])


def check_zone(problem: BargainingProblem, own: PartyView, other: PartyView) -> None:
    """Raise unless there is something to gain for a party, and to agree on for both.

    Raises
    ------
    NoAgreementZoneError
    """
    if own.best <= own.reservation:
        raise NoAgreementZoneError.at(
            f"outcomes for {own.party}",
            f"one worth more than no agreement ({own.reservation:g})",
            own.best,
        )
    both = (own.utilities >= own.reservation) & (other.utilities >= other.reservation)
    if not both.any():
        raise NoAgreementZoneError(
            f"outcomes: expected one that is worth at least no agreement to both "
            f"{own.party} and {other.party}, got none of {outcomes_counted(problem)}"
        )
