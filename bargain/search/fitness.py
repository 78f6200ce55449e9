"""What candidates are worth: every session of a generation in one compiled call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, NoAgreementZoneError, UnsupportedProblemError
from bargain.model.problem import BargainingProblem
from bargain.play.acceptance import AcceptNext
from bargain.play.labels import label
from bargain.play.policy import Policy, plan_of
from bargain.play.session import round_times
from bargain.play.time_dependent import TimeDependent
from bargain.play.view import PartyView
from bargain.search.measures import Encounter, Performance
from bargain.search.waiting import waiting_of
from bargain.solve.agreeable import outcomes_counted

Reals = NDArray[np.float64]

STEPS_PER_THREAD = 500_000
"""Rounds (sessions times deadline) worth a thread: about a millisecond."""


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
        """
        if problem.n_parties != 2:
            raise UnsupportedProblemError.at("evolve", "two parties", problem.n_parties)
        index = problem.party_index(party)
        own, other = PartyView.of(problem, index), PartyView.of(problem, 1 - index)
        if isinstance(first, str) and first == "both" and "both" not in problem.parties:
            opens = np.array([True, False])
        else:
            opens = np.array([problem.party_index(first, where="first") == index])
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
        times = round_times(deadline)
        discounts, paid = waiting_of(problem, index, times)
        return cls(problem, index, own, other, times, discounts, paid, opens)

    def delayed(self, utilities: Reals, rounds: NDArray[np.int64]) -> Reals:
        """Return utilities of (own, other) after waiting, as `BargainingProblem.delayed`.

        From the tables of all rounds: searching asks this for every session that it plays.

        Parameters
        ----------
        utilities : ndarray, shape (..., 2)
        rounds : ndarray of int64, shape (...)
        """
        return np.asarray(utilities * self.discounts[rounds] - self.paid[rounds])


@dataclass(frozen=True, eq=False)
class Fitness:
    """Opponents tabulated once, to play candidates against.

    Attributes
    ----------
    arena : Arena
    labels : tuple of str
    rows, worth, least : ndarray, shape (n_opponents, deadline)
        What they offer, what that is worth to the party undiscounted, and the least they accept.
    stays : ndarray of int64, shape (n_opponents,)
        Rounds before an opponent walks away.
    """

    arena: Arena
    labels: tuple[str, ...]
    rows: NDArray[np.int64]
    worth: Reals
    least: Reals
    stays: NDArray[np.int64]

    @classmethod
    def against(cls, arena: Arena, opponents: Sequence[Policy]) -> Fitness:
        """Tabulate opponents."""
        plans = [plan_of(policy, arena.other, arena.times) for policy in opponents]
        rows = np.array([plan.rows for plan in plans])
        return cls(
            arena=arena,
            labels=tuple(label(policy) for policy in opponents),
            rows=rows,
            worth=arena.own.utilities[rows],
            least=np.array([plan.thresholds for plan in plans]),
            stays=np.array([plan.stays for plan in plans], dtype=np.int64),
        )

    @property
    def sessions_each(self) -> int:
        """Sessions that each candidate plays."""
        return len(self.labels) * len(self.arena.opens)

    def play(self, candidates: Sequence[TimeDependent]) -> NDArray[np.int64]:
        """Play every candidate against every opponent in every way to start.

        Returns
        -------
        ndarray of int64, shape (n_candidates, n_opponents, n_starts, 2)
            Round of agreement and row agreed on; (-1, -1) for no agreement. The same whatever
            the number of threads.
        """
        from bargain.kernels.sessions import play_candidates
        from bargain.kernels.threads import threads_for

        aspirations = np.array([policy.aspiration(self.arena.times) for policy in candidates])
        accepts = [_accept_next(policy) for policy in candidates]
        results = np.empty(
            (len(candidates), len(self.labels), len(self.arena.opens), 2), dtype=np.int64
        )
        steps = results.size // 2 * len(self.arena.times)
        with threads_for(steps, steps_per_thread=STEPS_PER_THREAD):
            play_candidates(
                aspirations,
                np.array([accept.scale for accept in accepts]),
                np.array([accept.offset for accept in accepts]),
                self.arena.own.ascending,
                self.arena.own.order,
                self.arena.other.utilities,
                self.arena.own.reservation,
                self.rows,
                self.worth,
                self.least,
                self.stays,
                self.arena.opens,
                results,
            )
        return results

    def utilities(self, results: NDArray[np.int64]) -> Reals:
        """Return utilities after waiting of (own, other), shape (*results.shape[:-1], 2)."""
        rounds, rows = results[..., 0], results[..., 1]
        agreed = rounds >= 0
        own, other = self.arena.own, self.arena.other
        # Without an agreement the session ends when the opponent leaves, or in the last round.
        last = np.minimum(self.stays, len(self.arena.times) - 1)
        ends = np.where(agreed, rounds, last[:, None])
        worth = np.stack(
            [
                np.where(agreed, own.utilities[rows], own.reservation),
                np.where(agreed, other.utilities[rows], other.reservation),
            ],
            axis=-1,
        )
        return self.arena.delayed(worth, ends)

    def scores(self, candidates: Sequence[TimeDependent]) -> Reals:
        """Return each candidate's mean share of its attainable gain, shape (n_candidates,)."""
        own = self.utilities(self.play(candidates))[..., 0]
        shares = self.arena.own.shares(own).reshape(len(candidates), -1)
        return np.asarray(shares.mean(axis=1))

    def performance(self, candidate: TimeDependent) -> Performance:
        """Return everything there is to say about one candidate."""
        with np.errstate(over="ignore"):
            return self._performance(self.play([candidate]))

    def _performance(self, results: NDArray[np.int64]) -> Performance:
        utilities = self.utilities(results)[0]
        shares = self.arena.own.shares(utilities[..., 0])
        agreed = results[0, ..., 0] >= 0
        reservations = np.array([self.arena.own.reservation, self.arena.other.reservation])
        joint = (utilities - reservations).sum(axis=-1)
        columns = [
            [float(row.mean()) for row in measure]
            for measure in (shares, utilities[..., 0], agreed, joint)
        ]
        rows = zip(self.labels, *columns, strict=True)
        return Performance(
            float(shares.reshape(-1).mean()),
            float(utilities[..., 0].reshape(-1).mean()),
            float(agreed.reshape(-1).mean()),
            float(joint.reshape(-1).mean()),
            against=tuple(Encounter(*row) for row in rows),
        )

    def bound(self) -> float:
        """Return a mean share that no policy can exceed against these opponents.

        It is what a party would get that knew each opponent: the best, over the rounds, of what
        the opponent accepts when the party proposes, and of what it offers when it does not. One
        policy has to serve against all of them, so it is seldom reached.
        O(n_outcomes log n_outcomes + n_opponents deadline log n_outcomes).
        """
        arena = self.arena
        rounds = np.arange(len(arena.times))
        # Best own utility among outcomes worth at least so much to the other.
        best_own = np.maximum.accumulate(arena.own.utilities[arena.other.order][::-1])[::-1]
        best_own = np.append(best_own, -np.inf)
        asked = best_own[np.searchsorted(arena.other.ascending, self.least)]
        last = np.minimum(self.stays, len(rounds) - 1)
        # without an agreement: at the end, or at once by walking away
        kept = arena.own.reservation
        left, paid = arena.discounts[:, 0], arena.paid[:, 0]
        nothing = np.maximum(kept * left[last] - paid[last], kept * left[0] - paid[0])
        playable = rounds < self.stays[:, None]
        shares = []
        for opens in arena.opens:
            mine = (rounds % 2 == 0) == opens
            worth = np.where(mine, asked, self.worth)
            reached = playable & (worth >= arena.own.reservation)
            # after long waiting nothing is left, and 0 times infinity would be no number
            late = np.where(reached, worth, 0.0) * left - paid
            best = np.where(reached, late, -np.inf).max(axis=1)
            shares.append(arena.own.shares(np.maximum(best, nothing)))
        # Opponents first, then starts: summed in the order of `scores`.
        return float(np.stack(shares, axis=-1).reshape(-1).mean())


def _accept_next(policy: TimeDependent) -> AcceptNext:
    if not isinstance(policy.acceptance, AcceptNext):
        raise InvalidArgumentError.at("candidate: acceptance", "AcceptNext", policy.acceptance)
    return policy.acceptance
