"""Other curves to concede along: exponential, Bezier, by what is left of a resource."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.time_based import (
    TimeBased,
    check_acceptance,
    keep_positive,
    keep_shares,
    relative_times,
)


@dataclass(frozen=True)
class ExponentialConcession(TimeBased):
    """Concede along F(t) = exp((1 - t)^beta ln k), whatever the other side does.

    The share it holds out for is a(t) = floor + (1 - floor) (1 - F(t)), as for `TimeDependent`:
    F(0) = k is conceded at once and everything at the deadline. beta > 1 concedes early here,
    beta < 1 late.

    Parameters
    ----------
    beta : float
        Finite, > 0.
    k : float
        Share conceded at once, in (0, 1]. The smaller it is, the later the rest is conceded.
    floor : float
        Share of the attainable gain it still demands at the deadline, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents",
    Robotics and Autonomous Systems 24 (1998), exponential time-dependent tactics.

    Examples
    --------
    >>> ExponentialConcession(k=0.25).aspiration([0, 0.5, 1])
    array([0.75, 0.5 , 0.  ])
    """

    beta: float = 1.0
    k: float = 0.05
    floor: float = 0.0
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        keep_positive(self, "beta")
        k = finite_number("k", self.k, error=InvalidArgumentError)
        if not 0 < k <= 1:
            raise InvalidArgumentError.at("k", "a number in (0, 1]", self.k)
        object.__setattr__(self, "k", k)
        keep_shares(self, "floor")
        check_acceptance(self.acceptance)

    def aspiration(self, time: Any) -> Any:
        """Return the share of its attainable gain it holds out for, in [floor, 1]."""
        times = relative_times(time)
        log = math.log(self.k)
        conceded = np.array([math.exp((1.0 - t) ** self.beta * log) for t in times.ravel()])
        return _in_shape(self.floor + (1.0 - self.floor) * (1.0 - conceded), times)


@dataclass(frozen=True)
class BezierConcession(TimeBased):
    """Concede along a curve through two ends, bent by a point between them.

    The share it holds out for is a(t) = (1 - t)^2 start + 2 t (1 - t) bend + t^2 end.

    Parameters
    ----------
    start, bend, end : float
        Shares of the attainable gain, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    References
    ----------
    Tunali, Aydogan and Sanchez-Anguix, "Rethinking frequency opponent modeling in automated
    negotiation", PRIMA 2017, the concession curve of their agents.

    Examples
    --------
    >>> BezierConcession(1, 0.75, 0.5).aspiration([0, 0.5, 1])
    array([1.  , 0.75, 0.5 ])
    """

    start: float = 1.0
    bend: float = 0.75
    end: float = 0.5
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        keep_shares(self, "start", "bend", "end")
        check_acceptance(self.acceptance)

    def aspiration(self, time: Any) -> Any:
        """Return the share of its attainable gain it holds out for, in [0, 1]."""
        t = relative_times(time)
        left = 1.0 - t
        shares = left * left * self.start + 2.0 * t * left * self.bend + t * t * self.end
        return _in_shape(np.clip(shares, 0.0, 1.0), t)


@dataclass(frozen=True)
class ResourceDependent(TimeBased):
    """Concede as a resource runs out: F = k + (1 - k) exp(-resource).

    The resource is what is left of the time, `patience` at the start and 0 at the deadline:
    resource(t) = patience (1 - t). The share it holds out for is floor + (1 - floor) (1 - F).

    Parameters
    ----------
    patience : float
        Finite, >= 0: how much of the resource there is at the start.
    k : float
        Share conceded at once, in [0, 1].
    floor : float
        Share of the attainable gain it still demands at the deadline, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents",
    Robotics and Autonomous Systems 24 (1998), resource-dependent tactics.

    Examples
    --------
    >>> ResourceDependent(patience=3).aspiration([0, 0.5, 1]).round(3)
    array([0.95 , 0.777, 0.   ])
    """

    patience: float = 5.0
    k: float = 0.0
    floor: float = 0.0
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        patience = finite_number("patience", self.patience, error=InvalidArgumentError)
        if patience < 0:
            raise InvalidArgumentError.at("patience", "a finite number >= 0", self.patience)
        object.__setattr__(self, "patience", patience)
        keep_shares(self, "k", "floor")
        check_acceptance(self.acceptance)

    def aspiration(self, time: Any) -> Any:
        """Return the share of its attainable gain it holds out for, in [floor, 1]."""
        times = relative_times(time)
        spent = np.array([math.exp(-self.patience * (1.0 - t)) for t in times.ravel()])
        held = (1.0 - self.k) * (1.0 - spent)
        return _in_shape(self.floor + (1.0 - self.floor) * held, times)


def _in_shape(shares: Any, times: Any) -> Any:
    return float(shares.reshape(-1)[0]) if times.ndim == 0 else shares.reshape(times.shape)
