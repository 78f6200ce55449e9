"""Offer what a script says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.kernels import sides as codes
from bargain.model.outcomes import Outcome
from bargain.model.space import OutcomeSpace
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.offers import Offer, outcome_in, row_given
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.time_based import check_acceptance
from bargain.play.turn import Turn
from bargain.play.view import PartyView


@dataclass(frozen=True)
class Scripted(LibraryPolicy):
    """Offer given outcomes in order, one at each own turn; the last one again and again.

    Parameters
    ----------
    outcomes : sequence of outcomes or rows
        Each a mapping, a sequence of values, an `Offer`, or a row of the space as a whole number;
        at least one. They may lie below the reservation: what a script says is offered.
    acceptance : Acceptance
        When it says yes; it still never accepts below the reservation.
    """

    outcomes: Sequence[Any]
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        given: Any = self.outcomes
        if isinstance(given, np.ndarray) and given.ndim == 1:
            given = given.tolist()
        if isinstance(given, str | bytes) or not isinstance(given, Sequence):
            raise InvalidArgumentError.at("outcomes", "a sequence of outcomes or rows", given)
        if not given:
            raise InvalidArgumentError.at("outcomes", "at least one outcome", given)
        checked = tuple(_kept(f"outcomes[{i}]", outcome) for i, outcome in enumerate(given))
        object.__setattr__(self, "outcomes", checked)
        check_acceptance(self.acceptance)

    def outcomes_in(self, space: OutcomeSpace) -> list[Outcome]:
        """Return the outcomes as they are in a finite space.

        Raises
        ------
        InvalidOutcomeError, InvalidArgumentError
            Naming the one that is not in the space.
        """
        return [outcome_in(space, f"outcomes[{i}]", one) for i, one in enumerate(self.outcomes)]

    def rows(self, view: PartyView) -> list[int]:
        """Return the rows of the outcomes.

        Raises
        ------
        InvalidOutcomeError, InvalidArgumentError
            Naming the one that is not in the space, or may not be agreed.
        """
        if view.space is None:
            raise UnsupportedProblemError.at("a script", "a view of outcomes", "levels")
        outcomes = self.outcomes_in(view.space)
        rows = [view.row(outcome) for outcome in outcomes]
        for i, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
            if view.utilities[row] == -np.inf:
                raise InvalidArgumentError.at(
                    f"outcomes[{i}]", "an outcome that meets the constraints", outcome
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


def _kept(where: str, given: Any) -> Outcome | tuple[Any, ...] | int:
    """Return an outcome or row as it can be kept, or raise an error that names the place."""
    row = row_given(where, given)
    if row is not None:
        return row
    if isinstance(given, Offer):
        given = given.outcome
    if isinstance(given, Mapping):
        return Outcome(given)
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return tuple(given)
    raise InvalidArgumentError.at(
        where, "a mapping, a sequence of values, an Offer or a row", given
    )
