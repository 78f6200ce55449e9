"""A party's turn to speak: what it knows then, and what it may answer."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bargain.model.outcomes import Outcome
from bargain.play.view import PartyView


class Answer(enum.Enum):
    """What to say to the offer on the table."""

    ACCEPT = "accept"
    REJECT = "reject"
    LEAVE = "leave"
    """Walk away; also instead of an offer."""


@dataclass(frozen=True, eq=False)
class Turn:
    """One party's turn to propose, or to answer the offer that was just made.

    Attributes
    ----------
    view : PartyView
        The party's own side of the problem.
    seat : int
        Its position.
    round : int
    times : ndarray, shape (deadline,)
        Relative time of every round.
    rows : sequence of int
        The row of every offer so far, in order; offer i was made in round i. To answer is to
        answer the last one. Not to be changed or kept: the session adds to it.
    proposers : sequence of int
        The seat that made each offer.
    is_answer : bool
        Whether there is an offer to answer; else it is the party's turn to propose.
    key : int
        What the party's draws in this session derive from.
    memory : dict
        The same object in all turns of a party in one session, empty at first: what a policy
        wants to keep is kept here, so that the policy itself never changes.
    """

    view: PartyView
    seat: int
    round: int
    times: NDArray[np.float64]
    rows: Sequence[int]
    proposers: Sequence[int]
    is_answer: bool
    key: int = 0
    memory: dict[Any, Any] = field(default_factory=dict)

    @property
    def time(self) -> float:
        """Relative time now, in [0, 1]."""
        return float(self.times[self.round])

    @property
    def next_round(self) -> int:
        """The round in which the party would propose if it refused now, at most the last."""
        return min(self.round + 1, len(self.times) - 1) if self.is_answer else self.round

    @cached_property
    def sent(self) -> list[int]:
        """Rows of the party's own offers, in order."""
        pairs = zip(self.rows, self.proposers, strict=True)
        return [row for row, seat in pairs if seat == self.seat]

    @cached_property
    def received(self) -> list[int]:
        """Rows of all the others' offers, in order, the one to answer included."""
        pairs = zip(self.rows, self.proposers, strict=True)
        return [row for row, seat in pairs if seat != self.seat]

    @cached_property
    def received_rounds(self) -> list[int]:
        """The round of each offer in `received`."""
        return [i for i, seat in enumerate(self.proposers) if seat != self.seat]

    @property
    def offer(self) -> int | None:
        """Row of the offer to answer; None when it is the party's turn to propose."""
        return self.rows[-1] if self.is_answer else None

    def utility(self, row: int) -> float:
        """Return the party's own utility of a row; minus infinity if it may not be agreed."""
        return float(self.view.utilities[row])

    def share(self, row: int) -> float:
        """Return a row's share of the party's attainable gain, (u - r) / (u_max - r)."""
        from bargain.kernels.targets import share_of

        return float(share_of(self.utility(row), self.view.reservation, self.view.best))

    def outcome(self, row: int) -> Outcome:
        """Return the outcome of a row."""
        return self.view.outcome(row)

    def draw(self) -> float:
        """Return the number in [0, 1) that belongs to the party's next own offer.

        The same until that offer has been made.
        """
        from bargain.kernels.draws import uniform

        return float(uniform(self.key, self.seat, len(self.sent)))


@runtime_checkable
class Responsive(Protocol):
    """A policy that looks at the other side. Write your own with this one method."""

    def act(self, turn: Turn) -> Any:
        """Say what to do.

        Parameters
        ----------
        turn : Turn

        Returns
        -------
        Answer, outcome or row
            An `Answer` where `turn.is_answer`; else what to offer, as an outcome (a mapping or a
            sequence of values) or its row, or `Answer.LEAVE`.
        """
        ...
