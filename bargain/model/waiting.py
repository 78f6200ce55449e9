"""What waiting costs a party: a discount factor or a fixed cost, per round or per session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, InvalidProblemError
from bargain.model.numbers import finite_number, whole_number

LARGEST_COST = 1e300
"""Largest cost of waiting: what the longest session costs still is a finite number."""


def waiting_cost(where: str, value: Any) -> float:
    """Return a cost of waiting, a number from 0 to `LARGEST_COST`."""
    cost = finite_number(where, value, at_least=0)
    if cost > LARGEST_COST:
        raise InvalidProblemError.at(where, f"a cost up to {LARGEST_COST:g}", value)
    return cost


def elapsed(units: Sequence[str], round: int, time: float) -> NDArray[np.float64]:
    """Return how much has gone by in the unit of each party, "round" or "session"."""
    round = whole_number("round", round, at_least=0, error=InvalidArgumentError)
    time = finite_number("time", time, at_least=0, error=InvalidArgumentError)
    if time > 1:
        raise InvalidArgumentError.at("time", "a number from 0 to 1", time)
    return np.array([round if unit == "round" else time for unit in units], dtype=np.float64)
