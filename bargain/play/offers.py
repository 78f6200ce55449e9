"""An offer: what a history is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import InvalidArgumentError, InvalidOutcomeError, shown
from bargain.model.numbers import finite_number, whole_number
from bargain.model.outcomes import Outcome
from bargain.model.space import OutcomeSpace


@dataclass(frozen=True)
class Offer:
    """An outcome that a party put on the table.

    Whether the party and the outcome exist is checked by whoever has the problem.

    Attributes
    ----------
    party : str or int
        Name or position of the party that made the offer, as given.
    outcome : Outcome or tuple
        What was offered: a mapping from issues to values is kept as an `Outcome`, a sequence of
        values in issue order as a tuple.
    round : int or None
        The round it was made in, >= 0.
    at : float or None
        The time it was made; in a session relative time, from 0 to 1.

    Raises
    ------
    InvalidArgumentError
        Naming the field that is wrong.

    Examples
    --------
    >>> Offer("buyer", {"price": 95}, round=3)
    Offer(party='buyer', outcome=Outcome({'price': 95}), round=3, at=None)
    """

    party: str | int
    outcome: Any
    round: int | None = None
    at: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.party, str):
            party = whole_number("offer: party", self.party, at_least=0, error=InvalidArgumentError)
            object.__setattr__(self, "party", party)
        if isinstance(self.outcome, Mapping):
            object.__setattr__(self, "outcome", Outcome(self.outcome))
        elif isinstance(self.outcome, Sequence) and not isinstance(self.outcome, str | bytes):
            object.__setattr__(self, "outcome", tuple(self.outcome))
        else:
            raise InvalidArgumentError.at(
                "offer: outcome", "a mapping or a sequence of values", self.outcome
            )
        if self.round is not None:
            number = whole_number(
                "offer: round", self.round, at_least=0, error=InvalidArgumentError
            )
            object.__setattr__(self, "round", number)
        if self.at is not None:
            moment = finite_number("offer: at", self.at, error=InvalidArgumentError)
            object.__setattr__(self, "at", moment)


def row_given(where: str, given: Any) -> int | None:
    """Return a row given as a whole number, None for anything else, or raise below 0."""
    if not isinstance(given, int | np.integer) or isinstance(given, bool):
        return None
    return whole_number(where, given, at_least=0, error=InvalidArgumentError)


def outcome_in(space: OutcomeSpace, where: str, given: Any) -> Outcome:
    """Return the outcome that a row, an outcome or an `Offer` stands for in a finite space.

    Raises
    ------
    InvalidArgumentError, InvalidOutcomeError
        At `where`, if it is not in the space.
    """
    row = row_given(where, given)
    if row is not None:
        if row >= space.size:
            raise InvalidArgumentError.at(where, f"a row below {shown(space.size)}", row)
        return space.outcome(row)
    try:
        return space.validate(given.outcome if isinstance(given, Offer) else given)
    except InvalidOutcomeError as error:
        raise InvalidOutcomeError(f"{where}: {error}") from None
