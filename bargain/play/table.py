"""One session at the table, played turn by turn: any policies, any number of parties.

`bargain.kernels.table` plays the library's policies by the same rules, compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, InvalidOutcomeError
from bargain.kernels.sides import NATURE
from bargain.play.mixture import Mixture
from bargain.play.policy import Plan, Policy, plan_of
from bargain.play.turn import Answer, Responsive, Turn
from bargain.play.view import PartyView

Ending = Literal["agreement", "deadline", "walk_away", "breakdown"]

MIXTURES = NATURE + 1
"""First of the streams that draw what mixtures play, one a seat."""


@dataclass(frozen=True, eq=False)
class Course:
    """What happened.

    Attributes
    ----------
    ended : {"agreement", "deadline", "walk_away", "breakdown"}
    round : int
        The last round that was begun, 0 if there was none.
    left_by : int or None
        Seat that walked away.
    rows, proposers : sequence of int
        Every offer and the seat that made it.
    """

    ended: Ending
    round: int
    left_by: int | None
    rows: Sequence[int] | NDArray[np.int64]
    proposers: Sequence[int] | NDArray[np.int64]


def played(
    players: Sequence[Responsive],
    views: Sequence[PartyView],
    times: NDArray[np.float64],
    *,
    first: int,
    key: int = 0,
    breakdown: float = 0.0,
) -> Course:
    """Play one session. `key` is what all draws in it derive from."""
    from bargain.kernels.draws import uniform

    n = len(players)
    if n == 2 and breakdown == 0:
        first_plan, second_plan = (
            player.plan if isinstance(player, Planned) else None for player in players
        )
        if first_plan is not None and second_plan is not None:
            return _along(first_plan, second_plan, views, len(times), first)
    rows: list[int] = []
    proposers: list[int] = []
    memories: list[dict[Any, Any]] = [{} for _ in players]

    def turn(seat: int, round: int, *, is_answer: bool) -> Turn:
        said = (rows, proposers)
        return Turn(views[seat], seat, round, times, *said, is_answer, key, memories[seat])

    speaker = first
    for round in range(len(times)):
        offer = offered(players[speaker], turn(speaker, round, is_answer=False))
        if offer is None:
            return Course("walk_away", round, speaker, rows, proposers)
        rows.append(offer)
        proposers.append(speaker)
        for step in range(1, n):
            seat = (speaker + step) % n
            answer = answered(players[seat], turn(seat, round, is_answer=True))
            if answer is Answer.LEAVE:
                return Course("walk_away", round, seat, rows, proposers)
            if answer is Answer.REJECT:
                break
        else:
            return Course("agreement", round, None, rows, proposers)
        if breakdown > 0 and uniform(key, NATURE, round) < breakdown:
            return Course("breakdown", round, None, rows, proposers)
        speaker = seat
    return Course("deadline", max(len(times) - 1, 0), None, rows, proposers)


def _along(
    first_plan: Plan, second_plan: Plan, views: Sequence[PartyView], n_rounds: int, first: int
) -> Course:
    """Play two parties whose courses are known: at once, whatever the deadline."""
    from bargain.kernels.sessions import meeting_round

    plans = (first_plan, second_plan)
    worth = [
        np.ascontiguousarray(views[1 - seat].utilities[plan.rows])
        for seat, plan in enumerate(plans)
    ]
    stays = [n_rounds if plan.stays is None else plan.stays for plan in plans]
    a, b = first, 1 - first
    end = min(stays)
    agreed = int(meeting_round(worth[a], plans[a].thresholds, worth[b], plans[b].thresholds, end))
    ended: Ending = "agreement"
    left_by: int | None = None
    if agreed >= 0:
        n_offers, spent = agreed + 1, agreed
    elif end < n_rounds:
        ended, spent = "walk_away", end
        speaker = (first + spent) % 2
        left_by = speaker if stays[speaker] == spent else 1 - speaker
        n_offers = spent + (left_by != speaker)
    else:
        ended, n_offers, spent = "deadline", n_rounds, max(n_rounds - 1, 0)
    proposers = (first + np.arange(n_offers)) % 2
    rows = np.where(proposers == 0, plans[0].rows[:n_offers], plans[1].rows[:n_offers])
    return Course(ended, spent, left_by, rows, proposers)


class Planned:
    """A policy that knows its whole course beforehand, asked turn by turn."""

    def __init__(self, policy: Policy, view: PartyView, times: NDArray[np.float64]) -> None:
        self.plan: Plan = plan_of(policy, view, times)

    def act(self, turn: Turn) -> Answer | int:
        """Follow the plan."""
        if self.plan.stays is not None and turn.round >= self.plan.stays:
            return Answer.LEAVE
        if not turn.is_answer:
            return int(self.plan.rows[turn.round])
        accepted = turn.utility(turn.rows[-1]) >= self.plan.thresholds[turn.round]
        return Answer.ACCEPT if accepted else Answer.REJECT


def drawn(policy: Any, seat: int, key: int) -> Any:
    """Return what plays in a seat in one session: of a mixture the policy drawn, else itself."""
    from bargain.kernels.draws import uniform

    if not isinstance(policy, Mixture):
        return policy
    return policy.pure[policy.pick(uniform(key, MIXTURES + seat, 0))][0]


def seated(
    policy: Any, seat: int, view: PartyView, times: NDArray[np.float64], key: int
) -> Responsive:
    """Return what plays a policy in a seat in one session; of a mixture, what is drawn."""
    policy = drawn(policy, seat, key)
    is_planned = isinstance(policy, Policy) and getattr(policy, "is_planned", True)
    return Planned(policy, view, times) if is_planned else policy


def offered(player: Responsive, turn: Turn) -> int | None:
    """Return the row that a player offers at its turn, None if it leaves, or raise."""
    said = player.act(turn)
    where = f"what {turn.view.party} says in round {turn.round}"
    if said is Answer.LEAVE:
        return None
    if isinstance(said, Answer):
        raise InvalidArgumentError.at(where, "an offer", said)
    if isinstance(said, int | np.integer) and not isinstance(said, bool):
        row = int(said)
        if not 0 <= row < len(turn.view.utilities):
            raise InvalidArgumentError.at(where, f"a row below {len(turn.view.utilities)}", row)
    elif turn.view.space is None:
        raise InvalidArgumentError.at(where, "a row or an Answer", said)
    else:
        try:
            row = turn.view.row(said)
        except InvalidOutcomeError as error:
            raise InvalidArgumentError(f"{where}: {error}") from error
    if np.isneginf(turn.view.utilities[row]):
        raise InvalidArgumentError.at(where, "an outcome that meets the constraints", said)
    return row


def answered(player: Responsive, turn: Turn) -> Answer:
    """Return what a player answers at its turn, or raise."""
    said = player.act(turn)
    if not isinstance(said, Answer):
        where = f"what {turn.view.party} answers in round {turn.round}"
        raise InvalidArgumentError.at(where, "Answer.ACCEPT, REJECT or LEAVE", said)
    return said
