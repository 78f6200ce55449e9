"""What an anchor's policy would do at the table: against this the anchor is held under attack.

It is worked out here once more, offer by offer, not by what the anchor itself goes by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from bargain.anchor.anchor import Anchor
from bargain.anchor.follow import has_outcomes, is_planned
from bargain.anchor.history import Heard, heard
from bargain.anchor.limits import bound
from bargain.play import Adaptive, MiCRO, PartyView, Scripted, TitForTat, round_times
from bargain.play.table import answered, offered, seated
from bargain.play.time_based import TimeBased
from bargain.play.turn import Answer, Responsive, Turn


@dataclass(frozen=True)
class AtTable:
    """What a policy does after a history.

    Attributes
    ----------
    accepts : bool
        Whether it says yes to the last offer.
    target : float or None
        Own utility of what it offers next; None if it leaves, or it is not its turn.
    """

    accepts: bool
    target: float | None


def asks_by_itself(policy: Any) -> bool:
    """Whether nothing that is offered moves what a policy asks, whatever it accepts."""
    if isinstance(policy, Adaptive) and type(policy).offer is Adaptive.offer:
        return not policy.responds
    follows_curve = isinstance(policy, TimeBased) and type(policy).offer is TimeBased.offer
    return is_planned(policy) or follows_curve or type(policy) is Scripted


def answers_concessions(policy: Any, *, outcomes: bool) -> bool:
    """Whether only a difference between two offers moves what a policy asks.

    Then a first offer moves nothing, whatever it is, nor does the same offer again. Where there
    are no outcomes to choose from, an `Adaptive` does not look for what suits the other side.
    """
    if type(policy) is Adaptive:
        return policy.by in ("closest", "known") or not outcomes
    return type(policy) in (TitForTat, MiCRO)


class Replay:
    """The policy of an anchor at the table, alone with a history.

    Parameters
    ----------
    anchor : Anchor
        With a deadline, without a clock and a grid; of outcomes that are listed.
    """

    def __init__(self, anchor: Anchor, party: int) -> None:
        limited = bound(anchor.problem, party, anchor.limits)
        self.problem, self.party = limited, party
        self.view = PartyView.of(limited, party)
        self.times = round_times(anchor.deadline or 1)
        policy: Any = anchor.policy
        self.player: Responsive = seated(policy, party, self.view, self.times, 0)

    @classmethod
    def of(cls, anchor: Anchor, party: int) -> Replay | None:
        """Return the policy at the table, None where the table does not say what it does."""
        is_timed = anchor.clock is None and anchor.deadline is not None
        if not is_timed or anchor.grid is not None or not has_outcomes(anchor.problem):
            return None
        replay = cls(anchor, party)
        return replay if replay.view.has_rational_outcome else None

    def after(self, entries: Iterable[Any]) -> AtTable | None:
        """Return what the policy does after a history; None if that cannot be or is over."""
        story = heard(self.problem, entries)
        number = story.offers[-1].round + 1 if story.offers else 0
        if story.conflict is not None or number > len(self.times):
            return None
        said: list[tuple[int, int, int]] = []
        memory: dict[Any, Any] = {}

        def turn(round_: int, *, is_answer: bool) -> Turn:
            rows, seats, rounds = ([each[k] for each in said] for k in range(3))
            return _Turn(
                self.view, self.party, round_, self.times, rows, seats, is_answer, 0, memory,
                rounds=rounds,
            )  # fmt: skip

        accepts = False
        for offer, following in zip_longest(story.offers, story.offers[1:]):
            accepts = False
            if offer.party == self.party:
                row = offered(self.player, turn(offer.round, is_answer=False))
                if row is None:
                    return AtTable(False, None)
                said.append((row, self.party, offer.round))
            elif offer.outcome is not None and offer.problem is None:
                # the limits are constraints of this problem
                said.append((self.view.row(offer.outcome), offer.party, offer.round))
                if not self._is_asked(offer, following):
                    continue
                answer = answered(self.player, turn(offer.round, is_answer=True))
                if answer is Answer.LEAVE:
                    return AtTable(False, None)
                accepts = answer is Answer.ACCEPT
        is_mine = not story.offers or story.offers[-1].party != self.party
        if not is_mine or number == len(self.times):
            return AtTable(accepts, None)
        row = offered(self.player, turn(number, is_answer=False))
        return AtTable(accepts, None if row is None else float(self.view.utilities[row]))

    def _is_asked(self, offer: Heard, following: Heard | None) -> bool:
        """Whether nobody who is asked before the party was the next to speak."""
        n = self.problem.n_parties
        before = [(offer.party + step) % n for step in range(1, n)]
        before = before[: before.index(self.party)]
        return following is None or following.party not in before


@dataclass(frozen=True, eq=False, kw_only=True)
class _Turn(Turn):
    """A turn after offers that may have been made in any rounds."""

    rounds: Sequence[int]

    @cached_property
    def received_rounds(self) -> list[int]:
        """The round of each offer in `received`."""
        return [self.rounds[i] for i, seat in enumerate(self.proposers) if seat != self.seat]

    def draw(self) -> float:
        """Return the largest number that is drawn: the least that MiCRO has offered."""
        return math.nextafter(1.0, 0.0)
