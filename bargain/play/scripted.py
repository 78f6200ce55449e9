"""Offer what a script says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.model.outcomes import Outcome
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.offers import Offer
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.time_based import check_acceptance
from bargain.play.turn import Turn
from bargain.play.view import PartyView


@dataclass(frozen=True)
class Scripted(LibraryPolicy):
    """Offer given outcomes in order, one at each own turn; the last one again and again.

    Parameters
    ----------
    outcomes : sequence of outcomes
        Mappings or sequences of values, at least one. They may lie below the reservation: what a
        script says is offered.
    acceptance : Acceptance
        When it says yes; it still never accepts below the reservation.
    """

    outcomes: Sequence[Any]
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        if isinstance(self.outcomes, str) or not isinstance(self.outcomes, Sequence):
            raise InvalidArgumentError.at("outcomes", "a sequence of outcomes", self.outcomes)
        if not self.outcomes:
            raise InvalidArgumentError.at("outcomes", "at least one outcome", self.outcomes)
        checked: list[Outcome | tuple[Any, ...]] = []
        for outcome in self.outcomes:
            checked.append(Offer("script", outcome).outcome)
        object.__setattr__(self, "outcomes", tuple(checked))
        check_acceptance(self.acceptance)

    def rows(self, view: PartyView) -> list[int]:
        """Return the rows of the outcomes.

        Raises
        ------
        InvalidOutcomeError
            If one is not in the space.
        InvalidArgumentError
            If one may not be agreed.
        """
        rows = [view.row(outcome) for outcome in self.outcomes]
        for row, outcome in zip(rows, self.outcomes, strict=True):
            if view.utilities[row] == -np.inf:
                raise InvalidArgumentError.at(
                    "outcomes", "outcomes that meet the constraints", outcome
                )
        return rows

    @property
    def draws(self) -> bool:
        return False

    def offer(self, turn: Turn) -> int:
        if "rows" not in turn.memory:
            turn.memory["rows"] = self.rows(turn.view)
        rows = turn.memory["rows"]
        return int(rows[min(len(turn.sent), len(rows) - 1)])

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side:
        rows = self.rows(view)
        turns = np.minimum(np.arange(len(times)), len(rows) - 1)
        return Side(codes.SCRIPT, rows=np.array(rows)[turns], program=self.acceptance.program())
