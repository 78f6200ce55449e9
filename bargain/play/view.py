"""What a party sees of a problem when it plays: its own side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import TooLargeError, UnsupportedProblemError
from bargain.model.given import check_problem
from bargain.model.outcomes import Outcome
from bargain.model.problem import ENUMERATION_LIMIT, BargainingProblem
from bargain.model.space import OutcomeSpace
from bargain.play.models.values import IssueValues
from bargain.solve.agreeable import agreeable_rows
from bargain.solve.structure import is_enumerable


@dataclass(frozen=True, eq=False)
class PartyView:
    """One party's own utilities, sorted once, and its reservation.

    Attributes
    ----------
    party : str
    utilities : ndarray
        Own utility of every outcome, by row, shape (n_outcomes,); minus infinity at outcomes that
        break a constraint, which may not be offered.
    reservation : float
        Own utility without an agreement.
    order : ndarray of int64
        Rows that may be agreed, from the least own utility to the largest, ties by the lowest
        row, (n_allowed,).
    ascending : ndarray
        Own utilities in that order, (n_allowed,).
    space : OutcomeSpace or None
        What the rows stand for; None for a view of levels of utility alone.
    theirs : ndarray or None
        What the problem says each outcome is worth to the other of two parties, (n_outcomes,).
        Few policies look at it.
    """

    party: str
    utilities: NDArray[np.float64]
    reservation: float
    order: NDArray[np.int64]
    ascending: NDArray[np.float64]
    space: OutcomeSpace | None = None
    theirs: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, problem: BargainingProblem, party: int | str) -> PartyView:
        """Take one party's side of a finite problem. O(n log n) in the number of outcomes.

        Raises
        ------
        UnsupportedProblemError
            If an issue is continuous.
        TooLargeError
            If there are more outcomes than are ever laid out as an array.
        InfeasibleProblemError
            If no outcome meets the constraints.
        """
        check_problem(problem)
        if not problem.space.is_finite:
            raise UnsupportedProblemError.at(
                "a session",
                "a finite outcome space (use bargain.discretized(problem, points=...))",
                problem,
            )
        if not is_enumerable(problem):
            raise TooLargeError.at(
                "a session",
                f"at most {ENUMERATION_LIMIT // problem.n_parties} outcomes to choose offers from",
                problem.space.size,
            )
        index = problem.party_index(party)
        utilities = np.ascontiguousarray(problem.utilities()[:, index])
        rows = agreeable_rows(problem)
        if rows is None:
            order = np.argsort(utilities, kind="stable").astype(np.int64)
        else:
            own = utilities[rows]
            order = rows[np.argsort(own, kind="stable")].astype(np.int64)
            utilities = np.full(len(utilities), -np.inf)
            utilities[rows] = own
        ascending = utilities[order]
        for array in (utilities, order, ascending):
            array.setflags(write=False)
        reservation = float(problem.disagreement_point[index])
        theirs = None
        if problem.n_parties == 2:
            theirs = np.ascontiguousarray(problem.utilities()[:, 1 - index])
            theirs.setflags(write=False)
        name = problem.parties[index]
        return cls(name, utilities, reservation, order, ascending, problem.space, theirs)

    @cached_property
    def ranking(self) -> NDArray[np.int64]:
        """Rows that may be agreed, from the best down, ties by the lowest row, (n_allowed,)."""
        rows = np.sort(self.order)
        ranking = rows[np.argsort(-self.utilities[rows], kind="stable")]
        ranking.setflags(write=False)
        return ranking

    @cached_property
    def suited(self) -> NDArray[np.int64]:
        """What to offer for the least own utility of each rank, (n_allowed,): of the outcomes from
        that rank on the best for the other side, of equals the best for itself, then the lowest
        row. A view of levels alone has nothing to choose from.

        Raises
        ------
        UnsupportedProblemError
            If what the other side wants is not known: for more than two parties.
        """
        if self.space is None:
            return self.order
        if self.theirs is None:
            raise UnsupportedProblemError.at(
                "a policy that offers what suits the other side",
                "a problem of two parties",
                "a view without the other's utilities",
            )
        theirs = self.theirs[self.order]
        within = np.lexsort((-self.order, theirs, self.ascending))
        theirs = theirs[within]
        # from the best for itself down: the last that was better for the other than all before
        most = np.maximum.accumulate(theirs[::-1])
        record = np.concatenate([[True], most[1:] > most[:-1]])
        last = np.maximum.accumulate(np.where(record, np.arange(len(record)), 0))
        suited = self.order[within][::-1][last][::-1]
        suited.setflags(write=False)
        return suited

    @property
    def best(self) -> float:
        """Largest own utility of any outcome that may be agreed."""
        return float(self.ascending[-1])

    @property
    def has_rational_outcome(self) -> bool:
        """Whether some outcome that may be agreed is worth the reservation; compared exactly."""
        return self.best >= self.reservation

    def rows_at(self, aspirations: ArrayLike) -> NDArray[np.int64]:
        """Return what to offer at each aspiration.

        Parameters
        ----------
        aspirations : array_like of float, any shape
            Shares of the attainable gain, in [0, 1].

        Returns
        -------
        ndarray of int64, the same shape
            The row with the smallest own utility at or above r + a (u_max - r), to within 1e-12
            of the larger of |r| and |u_max|, ties by the lowest row; never one below the
            reservation r, compared exactly. -1 if no outcome reaches the reservation.
        """
        from bargain.kernels.sessions import offer_ranks

        shares = np.ascontiguousarray(aspirations, dtype=np.float64)
        if not self.has_rational_outcome:
            return np.full(shares.shape, -1, dtype=np.int64)
        ranks = np.empty(shares.shape, dtype=np.int64)
        offer_ranks(shares.ravel(), self.ascending, self.reservation, ranks.ravel())
        return self.order[ranks]

    def rank_below_best(self, places: float) -> int:
        """Return the place in `ascending` of the outcome so many whole places below the best."""
        best = len(self.ascending) - 1
        return best - int(min(places, float(best)))

    @cached_property
    def issue_values(self) -> IssueValues:
        """Which value each outcome has on each issue."""
        return IssueValues.of(self._known_space)

    def row(self, outcome: Any) -> int:
        """Return the row of an outcome of the space."""
        return self._known_space.row(outcome)

    def outcome(self, row: int) -> Outcome:
        """Return the outcome at a row."""
        return self._known_space.outcome(row)

    def space_rows(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return where rows of this view stand in the space: here at the same places."""
        return rows

    @property
    def _known_space(self) -> OutcomeSpace:
        if self.space is None:
            raise UnsupportedProblemError.at("outcomes", "a view of outcomes", "a view of levels")
        return self.space

    def shares(self, utilities: ArrayLike) -> NDArray[np.float64]:
        """Return utilities as shares of the attainable gain, (u - r) / (u_max - r).

        0 is the reservation, 1 the best outcome. All 0 where there is nothing to gain
        (u_max <= r).
        """
        return attainable_shares(utilities, self.reservation, self.best)


def attainable_shares(utilities: ArrayLike, reservation: float, best: float) -> NDArray[np.float64]:
    """Return utilities as shares of a party's attainable gain, as `PartyView.shares`."""
    given = np.asarray(utilities, dtype=np.float64)
    if best <= reservation:
        return np.zeros(given.shape)
    if best - reservation == np.inf:
        best, reservation, given = 0.5 * best, 0.5 * reservation, 0.5 * given
    with np.errstate(over="ignore"):
        return np.asarray((given - reservation) / (best - reservation))


def targets_at(
    aspirations: NDArray[np.float64], reservation: float, best: float
) -> NDArray[np.float64]:
    """Return the least utility to offer at each aspiration, as `kernels.sessions.offer_ranks`."""
    from bargain.kernels.sessions import TARGET_TOLERANCE

    slack = TARGET_TOLERANCE * max(abs(reservation), abs(best))
    targets = (1.0 - aspirations) * reservation + aspirations * best - slack
    targets = np.where(aspirations < 1.0, targets, best)
    return np.asarray(np.minimum(np.maximum(targets, reservation), best))
