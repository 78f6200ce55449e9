"""Best response to opponents whose whole course is known, but not which one it is.

Nothing the party does changes what they do; what they offer, refuse and outstay says who they can
still be. So what is known is a round and a set of opponents, and dynamic programming over these
is exact over all policies, also those that look back: two histories that leave the same set are
worth the same. Sets that cannot come up are never made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bargain.errors import TooLargeError
from bargain.play.policy import Plan
from bargain.play.progress import Report, silent
from bargain.search.seat import Seat
from bargain.search.steps import Decision, Step

Reals = NDArray[np.float64]

LARGEST_GAME = 1_000_000
"""Most moves that are looked at: less than a minute, and about 1 GB."""

LEAVE, REFUSE, ACCEPT = -1, -2, -3
"""Choices besides the number of an offer."""


@dataclass(frozen=True, eq=False)
class _Offers:
    """What the party can offer in one round, and who accepts it.

    Attributes
    ----------
    order : list of int
        Opponents by what they accept, the softest first.
    levels : list of float
        The least utility each accepts, in that order.
    best : list of float, one more
        The best own utility of outcomes worth less than the first level to the other side, at
        least the first and less than the second, and so on.
    """

    order: list[int]
    levels: list[float]
    best: list[float]


class _Move(NamedTuple):
    """An offer, by who accepts it.

    Attributes
    ----------
    worth : float
        To the party, undiscounted.
    accepted : float
        Weight of those who accept.
    rest : int
        Those who refuse.
    rest_weight : float
    low, high : float
        What it is worth to the other side: at least low, less than high.
    """

    worth: float
    accepted: float
    rest: int
    rest_weight: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class BeliefGame:
    """A party against one of several plans.

    A set of opponents is an int, one bit each. A turn of the party is a round and a set: before
    it proposes those it may face, before it answers those that would have made the offer.

    Attributes
    ----------
    seat : Seat
        With a round or more.
    weights : sequence of float
        Chance of each opponent, > 0, adding up to 1.
    plans : sequence of Plan
        Their courses, `stays` filled in.
    mine : ndarray of bool, shape (deadline,)
        Whether the party proposes.
    """

    seat: Seat
    weights: Sequence[float]
    plans: Sequence[Plan]
    mine: NDArray[np.bool_]

    def solve(self, report: Report = silent) -> tuple[float, list[Step]]:
        """Return the best expected utility after waiting, and the turns that reach it.

        Reports twice as many rounds as there are.

        Raises
        ------
        TooLargeError
            If there are too many sets of opponents to tell apart.
        """
        everybody = (1 << len(self.weights)) - 1
        starts, turns = self._reachable(everybody, report)
        choices: list[dict[int, _Choice]] = [{}] * len(turns)
        entering: dict[int, float] = {}
        for r in reversed(range(len(turns))):
            choices[r] = {known: self._best(r, known, entering) for known in turns[r]}
            values = {known: choice.value for known, choice in choices[r].items()}
            entering = {start: self._entering(r, start, values) for start in starts[r]}
            report(2 * len(turns) - r)
        return entering[everybody], self._steps(everybody, choices)

    def _reachable(self, everybody: int, report: Report) -> tuple[list[set[int]], list[set[int]]]:
        """Return all sets that some policy can face, at the start of each round and its turns."""
        starts: list[set[int]] = [{everybody}]
        turns: list[set[int]] = []
        moves = 0
        for r in range(self.seat.deadline):
            turns.append({known for start in starts[r] for known in self._told_apart(r, start)})
            following: set[int] = set()
            for known in turns[r]:
                rests = [known]
                if self.mine[r]:
                    rests = [move.rest for move in self._moves(r, known)]
                following.update(rests)
                moves += len(rests) + 1
                if moves > LARGEST_GAME:
                    raise TooLargeError(
                        f"opponents: expected at most {LARGEST_GAME} moves over all that can be "
                        f"known of them, got more by round {r} of {self.seat.deadline}"
                    )
            starts.append(following - {0})
            report(r + 1)
        return starts, turns

    def _best(self, r: int, known: int, entering: Mapping[int, float]) -> _Choice:
        """Return what to do in a turn; values are times the weight of the set."""
        quits, weight = float(self.seat.quits[r]), self._weight(known)
        leaving = weight * quits
        if not self.mine[r]:
            accepting = weight * self._offered_worth(r, known)
            going_on = self._going_on(r, known, weight, entering)
            held = max(going_on, leaving)
            if accepting >= held:
                return _Choice(accepting, ACCEPT, held / weight)
            return _Choice(held, REFUSE if going_on >= leaving else LEAVE, held / weight)
        gone = self._weight(known & self._leavers[r]) * quits
        best = _Choice(-np.inf, LEAVE)
        for i, move in enumerate(self._moves(r, known)):
            value = gone + self._going_on(r, move.rest, move.rest_weight, entering)
            if move.accepted:
                value += move.accepted * self.seat.after_waiting(move.worth, r)
            if value >= best.value:
                best = _Choice(value, i)
        return _Choice(leaving, LEAVE) if leaving > best.value else best

    def _going_on(self, r: int, rest: int, weight: float, entering: Mapping[int, float]) -> float:
        """Return what is left after a round without an agreement, times its weight."""
        if not rest:
            return 0.0
        quits = weight * float(self.seat.quits[r])
        if r + 1 == self.seat.deadline:
            return quits
        chance = self.seat.breakdown
        return (1.0 - chance) * entering[rest] + chance * quits

    def _entering(self, r: int, start: int, values: Mapping[int, float]) -> float:
        """Return the value of a round with a set, times its weight."""
        total = sum(values[known] for known in self._told_apart(r, start))
        if not self.mine[r]:
            total += self._weight(start & self._leavers[r]) * float(self.seat.quits[r])
        return total

    def _told_apart(self, r: int, start: int) -> list[int]:
        """Return the sets that the party may know itself to face at its turn in a round."""
        if self.mine[r]:
            return [start]
        return [start & group for group in self._groups[r] if start & group]

    def _moves(self, r: int, known: int) -> list[_Move]:
        """Return the best offer for each set that can be made to accept, the smallest first."""
        offers = self._offers[r]
        staying = known & ~self._leavers[r]
        members = [(p, i) for p, i in enumerate(offers.order) if staying >> i & 1]
        if not members:
            return [_Move(-np.inf, 0.0, 0, 0.0, -np.inf, np.inf)]
        # by adding up from behind: what is left is never the difference of large weights
        rests = [0.0]
        for _, i in reversed(members):
            rests.append(rests[-1] + self.weights[i])
        moves: list[_Move] = []
        accepted, start, low, rest = 0.0, 0, -np.inf, staying
        for n in range(len(members) + 1):
            last = n == len(members)
            stop = len(offers.best) if last else members[n][0] + 1
            high = np.inf if last else offers.levels[members[n][0]]
            worth = max(offers.best[start:stop])
            if worth > -np.inf:
                moves.append(_Move(worth, accepted, rest, rests[-1 - n], low, high))
            if not last:
                accepted += self.weights[members[n][1]]
                rest &= ~(1 << members[n][1])
                start, low = stop, high
        return moves

    def _steps(self, everybody: int, choices: Sequence[Mapping[int, _Choice]]) -> list[Step]:
        """Follow the choices from the first round on, and value each turn from the last back."""
        found: list[_Turn] = []
        starts: list[tuple[int, int | None]] = [(everybody, None)]
        for r in range(len(choices)):
            following: list[tuple[int, int | None]] = []
            for start, previous in starts:
                for known in self._told_apart(r, start):
                    turn = self._turn(r, known, choices[r][known], previous)
                    found.append(turn)
                    if turn.rest:
                        following.append((turn.rest, len(found) - 1))
            starts = following
        values = [0.0] * len(found)
        children: list[dict[int, float]] = [{} for _ in found]
        for place, turn in reversed(list(enumerate(found))):
            values[place] = turn.settled
            if turn.rest:
                r, weight = turn.round, self._weight(turn.rest)
                entering = {}
                if r + 1 < self.seat.deadline:
                    entering[turn.rest] = self._entering(r + 1, turn.rest, children[place])
                values[place] += self._going_on(r, turn.rest, weight, entering)
            if turn.previous is not None:
                children[turn.previous][turn.known] = values[place]
        return [self._step(turn, value) for turn, value in zip(found, values, strict=True)]

    def _turn(self, r: int, known: int, chosen: _Choice, previous: int | None) -> _Turn:
        """Return what a choice settles, and who is left."""
        place = (r, known, previous)
        quits, weight = float(self.seat.quits[r]), self._weight(known)
        if not self.mine[r]:
            row = int(self.plans[_members(known)[0]].rows[r])
            if chosen.choice == ACCEPT:
                settled = weight * self._offered_worth(r, known)
                return _Turn(*place, "accept", row, settled, 0, chosen.held)
            if chosen.choice == REFUSE:
                return _Turn(*place, "refuse", row, 0.0, known, chosen.held)
            return _Turn(*place, "leave", row, weight * quits, 0, chosen.held)
        if chosen.choice == LEAVE:
            return _Turn(*place, "leave", None, weight * quits, 0)
        move = self._moves(r, known)[chosen.choice]
        row = self.seat.row_between(move.low, move.high)
        settled = self._weight(known & self._leavers[r]) * quits
        if move.accepted:
            settled += move.accepted * self.seat.after_waiting(move.worth, r)
        return _Turn(*place, "offer", row, settled, move.rest)

    def _step(self, turn: _Turn, value: float) -> Step:
        r, weight = turn.round, self._weight(turn.known)
        least = np.nan if turn.held is None else self.seat.least_worth(turn.held, r)
        return Step(
            round=r,
            decision=turn.decision,
            row=turn.row,
            least=least,
            value=value / weight,
            reached=weight * (1.0 - self.seat.breakdown) ** r,
            possible=np.array(_members(turn.known), dtype=np.int64),
            previous=turn.previous,
        )

    def _offered_worth(self, r: int, known: int) -> float:
        row = self.plans[_members(known)[0]].rows[r]
        return self.seat.after_waiting(float(self.seat.own.utilities[row]), r)

    def _weight(self, known: int) -> float:
        return sum(self.weights[i] for i in _members(known))

    @cached_property
    def _leavers(self) -> list[int]:
        """The opponents that walk away in each round or have done so before."""
        return [
            sum(1 << i for i, plan in enumerate(self.plans) if (plan.stays or 0) <= r)
            for r in range(self.seat.deadline)
        ]

    @cached_property
    def _groups(self) -> dict[int, list[int]]:
        """Those who offer the same and stay, in the rounds of the other side."""
        groups = {}
        for r in np.flatnonzero(~self.mine).tolist():
            by_row: dict[int, int] = {}
            for i in _members(~self._leavers[r] & (1 << len(self.plans)) - 1):
                row = int(self.plans[i].rows[r])
                by_row[row] = by_row.get(row, 0) | 1 << i
            groups[r] = list(by_row.values())
        return groups

    @cached_property
    def _offers(self) -> dict[int, _Offers]:
        """What can be offered, in the party's own rounds."""
        least = np.array([plan.thresholds for plan in self.plans])
        offers = {}
        for r in np.flatnonzero(self.mine).tolist():
            order = np.argsort(least[:, r], kind="stable")
            levels = least[order, r]
            best = self.seat.best_between(levels)
            offers[r] = _Offers(order.tolist(), levels.tolist(), best.tolist())
        return offers


class _Choice(NamedTuple):
    """What is best in a turn, its value, and what refusing an offer would be worth."""

    value: float
    choice: int
    held: float | None = None


@dataclass(frozen=True)
class _Turn:
    """One turn of the best policy: what it settles times its weight, and who is left."""

    round: int
    known: int
    previous: int | None
    decision: Decision
    row: int | None
    settled: float
    rest: int
    held: float | None = None


def _members(known: int) -> list[int]:
    """Return the positions of the bits that are set."""
    members = []
    while known:
        lowest = known & -known
        members.append(lowest.bit_length() - 1)
        known ^= lowest
    return members
