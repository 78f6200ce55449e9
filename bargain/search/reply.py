"""Policies that play what was computed against known opponents."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.play.policy import Plan
from bargain.play.turn import Answer, Turn
from bargain.play.view import PartyView
from bargain.search.steps import Step


@dataclass(frozen=True, eq=False)
class PlannedReply:
    """Offer given rows and accept from given levels, by round.

    What a best response is where the opponents cannot be told apart before they accept: nothing
    that they do before changes what to do. It holds for the deadline that it was made for.

    Attributes
    ----------
    rows : ndarray of int64, shape (deadline,)
    least : ndarray, shape (deadline,)
        Least own utility accepted.
    stays : int or None
        The round in which it walks away.
    """

    rows: NDArray[np.int64]
    least: NDArray[np.float64]
    stays: int | None = None

    def plan(self, view: PartyView, times: NDArray[np.float64]) -> Plan:
        """Return the plan; the session must have as many rounds."""
        if len(times) != len(self.rows):
            raise InvalidArgumentError.at("deadline", f"{len(self.rows)} rounds", len(times))
        return Plan(self.rows, self.least, self.stays)


@dataclass(frozen=True, eq=False)
class SettlingReply:
    """Follow a plan up to the answer in one round: what is not accepted there is left.

    Attributes
    ----------
    planned : PlannedReply
    round : int
    """

    planned: PlannedReply
    round: int
    draws: ClassVar[bool] = False

    def act(self, turn: Turn) -> Answer | int:
        """Propose, accept, refuse or walk away."""
        if turn.round > self.round:
            return Answer.LEAVE
        if not turn.is_answer:
            return int(self.planned.rows[turn.round])
        if turn.utility(turn.rows[-1]) >= self.planned.least[turn.round]:
            return Answer.ACCEPT
        return Answer.LEAVE if turn.round == self.round else Answer.REJECT


@dataclass(frozen=True, eq=False)
class InformedReply:
    """Follow the steps of a best response, by what the other side has offered and refused.

    After an offer that none of the opponents makes, or one of its own that it was not to make,
    it knows nothing any more: it repeats the last outcome that it was to offer, its best one if
    there is none, and accepts what is worth as much.

    Attributes
    ----------
    steps : tuple of Step
    """

    steps: tuple[Step, ...] = field(repr=False)
    draws: ClassVar[bool] = False

    def act(self, turn: Turn) -> Answer | int:
        """Propose, accept, refuse or walk away."""
        place, lost = self._place(turn)
        if lost or place is None:
            return self._unprepared(turn, place)
        step = self.steps[place]
        if step.row is None or step.decision == "leave":
            return Answer.LEAVE
        if turn.is_answer:
            return Answer.ACCEPT if step.decision == "accept" else Answer.REJECT
        return step.row

    def _place(self, turn: Turn) -> tuple[int | None, bool]:
        """Return the step that the offers so far lead to, and whether they have left the steps."""
        since, place, lost = turn.memory.get("place", (0, None, False))
        for r in range(since, turn.round + 1):
            offered = turn.rows[r] if r < len(turn.rows) else None
            own = offered is None or turn.proposers[r] == turn.seat
            found = None if lost else self._following.get((place, None if own else offered))
            if found is None:
                lost = True
                break
            place = found
            if own and offered is not None and offered != self.steps[place].row:
                lost = True
        turn.memory["place"] = (turn.round + 1, place, lost)
        return place, lost

    def _unprepared(self, turn: Turn, place: int | None) -> Answer | int:
        row = int(turn.view.ranking[0])
        while place is not None:
            step = self.steps[place]
            if step.decision == "offer" and step.row is not None:
                row = step.row
                break
            place = step.previous
        if not turn.is_answer:
            return row
        least = max(turn.utility(row), turn.view.reservation)
        return Answer.ACCEPT if turn.utility(turn.rows[-1]) >= least else Answer.REJECT

    @cached_property
    def _following(self) -> dict[tuple[int | None, int | None], int]:
        """The step after a step, by what is offered to it; None for an own turn to propose."""
        return {
            (step.previous, None if math.isnan(step.least) else step.row): place
            for place, step in enumerate(self.steps)
        }


@dataclass(frozen=True, eq=False)
class OwnOffers:
    """Offer given rows, one at each own turn, and walk away when there is none left.

    It accepts what is worth as much as its own next offer, and never less than its reservation.

    Attributes
    ----------
    rows : tuple of int
    """

    rows: tuple[int, ...]
    draws: ClassVar[bool] = False

    def act(self, turn: Turn) -> Answer | int:
        """Propose, accept, refuse or walk away."""
        row = self.rows[len(turn.sent)] if len(turn.sent) < len(self.rows) else None
        if not turn.is_answer:
            return Answer.LEAVE if row is None else row
        least = turn.view.reservation
        if row is not None:
            least = max(least, turn.utility(row))
        return Answer.ACCEPT if turn.utility(turn.rows[-1]) >= least else Answer.REJECT


def reply_of(steps: tuple[Step, ...], view: PartyView, deadline: int) -> Any:
    """Return a policy that plays steps: planned where no two of them share a round."""
    if len({step.round for step in steps}) < len(steps):
        return InformedReply(steps)
    rows = np.full(deadline, -1, dtype=np.int64)
    least = np.full(deadline, np.nan)
    stays = None
    for step in steps:
        if step.decision == "leave":
            stays = step.round
        elif step.decision == "offer" and step.row is not None:
            rows[step.round] = step.row
        else:
            least[step.round] = _decided(step, view)
    best = int(view.ranking[0])
    rows = _filled(rows, rows >= 0, best)
    least = _filled(least, ~np.isnan(least), float(view.utilities[best]))
    for array in (rows, least):
        array.setflags(write=False)
    planned = PlannedReply(rows, least, stays)
    settles = bool(steps) and steps[-1].decision == "settle"
    return SettlingReply(planned, steps[-1].round) if settles else planned


def _decided(step: Step, view: PartyView) -> float:
    """Return the least utility to accept, on the side of the offer that was decided on.

    The level is computed back from a value after waiting, and rounding must not decide.
    """
    if step.row is None:
        return step.least
    offered = float(view.utilities[step.row])
    if step.decision == "accept":
        return min(step.least, offered)
    return max(step.least, float(np.nextafter(offered, np.inf)))


def _filled(given: NDArray[Any], known: NDArray[np.bool_], otherwise: float) -> NDArray[Any]:
    """Fill gaps with what comes next, at the end with what came last."""
    places = np.flatnonzero(known)
    if not len(places):
        return np.full_like(given, otherwise)
    following = np.searchsorted(places, np.arange(len(given)))
    return np.asarray(given[places[np.minimum(following, len(places) - 1)]])
