"""One turn of a best response: what is known by then, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Decision = Literal["offer", "accept", "refuse", "answer", "settle", "leave"]


@dataclass(frozen=True, eq=False)
class Step:
    """One turn, reached if everything before was refused.

    Attributes
    ----------
    round : int
    decision : {"offer", "accept", "refuse", "answer", "settle", "leave"}
        "answer" where what the other side offers is drawn: accept what is worth `least`, refuse
        the rest; "settle": accept what is worth `least`, else leave.
    row : int or None
        The outcome to offer, or the one that is offered.
    least : float
        Least own utility to accept, undiscounted: what refusing is worth. NaN in own rounds.
    value : float
        Expected own utility after waiting, from here on.
    reached : float
        Chance that it comes to this turn.
    possible : ndarray of int64
        Positions of the opponents it can still be; empty where opponents have no types.
    previous : int or None
        Position of the turn before among all steps.
    """

    round: int
    decision: Decision
    row: int | None
    least: float
    value: float
    reached: float
    possible: NDArray[np.int64]
    previous: int | None
