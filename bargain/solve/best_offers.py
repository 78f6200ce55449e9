"""Best reply offers at many levels, prepared once and looked up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    InvalidArgumentError,
    NoAgreementZoneError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.model import BargainingProblem, Outcome
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number
from bargain.solve.agreeable import agreeable_utilities, original_rows
from bargain.solve.best_offer import preferences
from bargain.solve.frontier import pareto_frontier
from bargain.solve.structure import is_enumerable


class BestOffers:
    """`best_offer` for every level at once: sorted when made, a binary search when asked.

    Policies and anchors ask for the best reply offer in their inner loops. For two parties the
    best reply at a level is a point of the Pareto frontier, so a space of any size is prepared
    by its frontier; an enumerated problem of more parties by a running best.

    Parameters
    ----------
    problem : BargainingProblem
        Finite: up to the enumeration limit any number of parties, beyond it two.
    party : int or str
        Me, by position or name.
    max_labels : int, optional
        As in `pareto_frontier`, for spaces too large to enumerate.

    Attributes
    ----------
    levels : ndarray, shape (k,)
        My own utilities at which the answer changes or an outcome lies, increasing.

    Raises
    ------
    UnsupportedProblemError
        For continuous issues, or more than two parties beyond the enumeration limit.
    InfeasibleProblemError
        If no outcome meets the constraints.
    TooLargeError
        If the frontier of a huge space has too many labels.

    Notes
    -----
    Preparing takes O(n log n) for n outcomes enumerated; asking O(log n).

    Examples
    --------
    >>> import bargain as bg
    >>> offers = bg.BestOffers(bg.load("rental"), party="tenant")
    >>> offers.most, offers.problem.evaluate(offers.at_least(3100))
    (3900.0, array([3100., 3100.]))
    """

    def __init__(
        self, problem: BargainingProblem, *, party: int | str, max_labels: int | None = None
    ) -> None:
        check_problem(problem)
        self.problem = problem
        self.party = problem.party_index(party)
        if not problem.space.is_finite:
            raise UnsupportedProblemError.at(
                "BestOffers", "a finite problem (see best_offer for continuous ones)", problem
            )
        if is_enumerable(problem):
            self._enumerate()
        elif problem.n_parties == 2:
            self._fold(max_labels)
        else:
            raise TooLargeError.at(
                "BestOffers",
                "at most two parties beyond the enumeration limit (see best_offer)",
                problem.n_parties,
            )
        self.levels.setflags(write=False)

    def _enumerate(self) -> None:
        utilities = agreeable_utilities(self.problem)
        own = utilities[:, self.party]
        wishes = preferences(self.problem, utilities, self.party)
        # best last: by wishes, then the lowest row
        liked = np.lexsort((-np.arange(len(own)), *wishes.T[::-1]))
        rank = np.empty(len(own), dtype=np.intp)
        rank[liked] = np.arange(len(own))
        order = np.argsort(own, kind="stable")
        self.levels: NDArray[np.float64] = own[order]
        best = np.maximum.accumulate(rank[order][::-1])[::-1]
        self._rows: NDArray[np.intp] | None = original_rows(self.problem, liked[best])

    def _fold(self, max_labels: int | None) -> None:
        frontier = pareto_frontier(self.problem, individually_rational=False, max_labels=max_labels)
        order = slice(None, None, -1) if self.party == 0 else slice(None)
        self.levels = np.ascontiguousarray(frontier.utilities[order, self.party])
        self._rows = None
        self._frontier = frontier

    @property
    def most(self) -> float:
        """The largest utility I can ask."""
        return float(self.levels[-1])

    def position(self, at_least: float) -> int:
        """Return where in `levels` the best reply for a floor is looked up.

        Raises
        ------
        NoAgreementZoneError
            If no outcome gives me that much.
        """
        floor = finite_number("at_least", at_least, error=InvalidArgumentError)
        position = int(np.searchsorted(self.levels, floor))
        if position == len(self.levels):
            raise NoAgreementZoneError(
                f"no offer: expected at most {self.most:.6g} for "
                f"{self.problem.parties[self.party]}, got at_least {floor:.6g}"
            )
        return position

    def at_least(self, utility: float) -> Outcome:
        """Return the best outcome for the others that gives me at least so much."""
        return self.outcome(self.position(utility))

    def outcome(self, position: int) -> Outcome:
        """Return the best reply at a position in `levels`."""
        if self._rows is not None:
            return self.problem.space.outcome(int(self._rows[position]))
        index = len(self.levels) - 1 - position if self.party == 0 else position
        outcome = self._frontier.outcomes[index]
        if outcome is None:  # a frontier of outcomes has no lotteries
            raise UnsupportedProblemError.at("BestOffers", "outcomes", "a lottery")
        return outcome

    def __len__(self) -> int:
        """Return the number of levels."""
        return len(self.levels)
