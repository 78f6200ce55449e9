"""Policies that concede with time alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.time_based import (
    TimeBased,
    check_acceptance,
    keep_positive,
    keep_shares,
    relative_times,
)


@dataclass(frozen=True)
class TimeDependent(TimeBased):
    """Concede along F(t) = k + (1 - k) t^(1/beta), whatever the other side does.

    At relative time t the policy holds out for the share

        a(t) = floor + (1 - floor) (1 - F(t))

    of its attainable gain: the target is r + a(t) (u_max - r), with r its disagreement utility
    and u_max its best. It offers the outcome with the smallest own utility at or above the
    target (to within 1e-12 of the larger of |r| and |u_max|, so that rounding does not decide),
    ties by the lowest row, and never one below r, compared exactly. With no outcome at
    or above r it walks away. What waiting costs does not enter. Over a space too large to
    enumerate the outcome is the nearest that `play.sums.Sums` finds, mostly within 1e-6 of the
    range of sums above the target, more near the best, where there are few outcomes. At the
    reservation it is exactly that outcome up to about 10^10 outcomes, and beyond where few sums
    differ (as where worths are round numbers): there an outcome worth r to the last bit is found,
    unless rounding puts it above all others that are worth the same.

    Parameters
    ----------
    beta : float
        Concession rate, finite and > 0: below 1 Boulware (firm, concedes late), 1 linear, above
        1 conceder.
    floor : float
        Share of the attainable gain it still demands at the deadline, in [0, 1].
    k : float
        Share of what it may concede that it concedes at once, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    Raises
    ------
    InvalidArgumentError
        Naming the parameter out of range.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents",
    Robotics and Autonomous Systems 24 (1998), polynomial time-dependent tactics.

    Examples
    --------
    >>> TimeDependent(beta=0.2).aspiration(0.5)
    0.96875
    >>> TimeDependent(beta=1, floor=0.5).aspiration([0, 0.5, 1])
    array([1.  , 0.75, 0.5 ])
    """

    beta: float = 1.0
    floor: float = 0.0
    k: float = 0.0
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        keep_positive(self, "beta")
        keep_shares(self, "floor", "k")
        check_acceptance(self.acceptance)

    @overload
    def aspiration(self, time: float) -> float: ...
    @overload
    def aspiration(self, time: NDArray[np.float64] | list[float]) -> NDArray[np.float64]: ...
    def aspiration(self, time: ArrayLike) -> float | NDArray[np.float64]:
        """Return the share of its attainable gain it holds out for, in [floor, 1].

        Parameters
        ----------
        time : float or array_like of float
            Relative time, in [0, 1].

        Returns
        -------
        float or ndarray of the same shape
            1 - k (1 - floor) at time 0, exactly `floor` at time 1, never increasing.

        Raises
        ------
        InvalidArgumentError
            If a time is outside [0, 1].
        """
        times = relative_times(time)
        exponent = 1.0 / self.beta
        # One by one: numpy's vectorised power may differ in the last bit from its scalar one.
        conceded = np.array([t**exponent for t in times.ravel().tolist()])
        # (1 - k)(1 - t^(1/beta)) is 1 - F(t), and exactly 0 at t = 1.
        held = (1.0 - self.k) * (1.0 - conceded)
        shares = np.minimum(self.floor + (1.0 - self.floor) * held, 1.0)
        return float(shares[0]) if times.ndim == 0 else shares.reshape(times.shape)
