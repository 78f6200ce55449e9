"""What a search may change: bounded, named parameters, as a vector of any real numbers.

An optimiser that works on all of R^n needs no bounds of its own (which are slow in `cmaes`):
each coordinate goes through a sigmoid into its interval. The sigmoid is stretched by 1 % and cut
off, so that the bounds themselves, where optima often lie, belong to finite coordinates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number
from bargain.play.acceptance import AcceptNext
from bargain.play.time_dependent import TimeDependent

STRETCH = 0.01
"""How far, in widths of the interval, the sigmoid reaches beyond each bound."""


@dataclass(frozen=True)
class Parameter:
    """One number that a search may choose.

    Attributes
    ----------
    name : str
    low, high : float
        Inclusive bounds, finite, low < high; both above 0 on a logarithmic scale.
    scale : {"linear", "log"}
        Whether equal steps or equal ratios count as equally far.
    """

    name: str
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    def __post_init__(self) -> None:
        low = finite_number(f"{self.name}: low", self.low, error=InvalidArgumentError)
        high = finite_number(f"{self.name}: high", self.high, error=InvalidArgumentError)
        if not low < high or (self.scale == "log" and low <= 0):
            above = " above 0" if self.scale == "log" else ""
            raise InvalidArgumentError.at(self.name, f"bounds low < high{above}", (low, high))
        if self.scale not in ("linear", "log"):
            raise InvalidArgumentError.at(f"{self.name}: scale", "'linear' or 'log'", self.scale)

    def value_at(self, shares: ArrayLike) -> NDArray[np.float64]:
        """Return the values at shares in [0, 1] of the way from low to high, ends exact."""
        s = np.asarray(shares, dtype=np.float64)
        if self.scale == "linear":
            values = (1.0 - s) * self.low + s * self.high
        else:
            values = np.exp((1.0 - s) * math.log(self.low) + s * math.log(self.high))
        values = np.where(s == 0.0, self.low, np.where(s == 1.0, self.high, values))
        return np.clip(values, self.low, self.high)

    def share_of(self, value: float) -> float:
        """Return how far, in [0, 1], a value lies from low to high.

        Raises
        ------
        InvalidArgumentError
            If it is out of bounds.
        """
        if not self.low <= value <= self.high:
            raise InvalidArgumentError.at(
                self.name, f"a number in [{self.low:g}, {self.high:g}]", value
            )
        if value in (self.low, self.high):
            return float(value == self.high)
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


TIME_DEPENDENT = (
    Parameter("beta", 0.02, 20.0, "log"),
    Parameter("floor", 0.0, 1.0),
    Parameter("k", 0.0, 0.5),
    Parameter("scale", 0.5, 2.0, "log"),
    Parameter("offset", -0.5, 0.5),
)
"""`TimeDependent` with `AcceptNext`, by name; 5 numbers."""


def values_at(vectors: ArrayLike) -> NDArray[np.float64]:
    """Return the parameter values at points of R^5.

    Parameters
    ----------
    vectors : array_like, shape (n, 5)

    Returns
    -------
    ndarray, shape (n, 5)
        In the order of `TIME_DEPENDENT`, within its bounds.
    """
    x = np.asarray(vectors, dtype=np.float64)
    # The logistic function by tanh, which cannot overflow.
    sigmoid = 0.5 + 0.5 * np.tanh(0.5 * x)
    shares = np.clip((1.0 + 2.0 * STRETCH) * sigmoid - STRETCH, 0.0, 1.0)
    columns = [p.value_at(shares[..., i]) for i, p in enumerate(TIME_DEPENDENT)]
    return np.stack(columns, axis=-1)


def values_in_box(shares: ArrayLike) -> NDArray[np.float64]:
    """Return the parameter values at points of the unit cube, shape (n, 5)."""
    s = np.asarray(shares, dtype=np.float64)
    return np.stack([p.value_at(s[..., i]) for i, p in enumerate(TIME_DEPENDENT)], axis=-1)


def policy_of(values: ArrayLike) -> TimeDependent:
    """Return the policy with parameter values in the order of `TIME_DEPENDENT`, shape (5,)."""
    beta, floor, k, scale, offset = np.asarray(values, dtype=np.float64).tolist()
    return TimeDependent(beta=beta, floor=floor, k=k, acceptance=AcceptNext(scale, offset))


def policy_at(vector: ArrayLike) -> TimeDependent:
    """Return the policy at a point of R^5, shape (5,)."""
    return policy_of(values_at(vector))


def vector_of(policy: TimeDependent) -> NDArray[np.float64]:
    """Return a point of R^5 whose policy is this one, shape (5,).

    `policy_at` gives the policy back: exactly where a parameter is at a bound, elsewhere to
    about one part in 10^12 (of the width of the interval where it is linear).

    Raises
    ------
    InvalidArgumentError
        If a parameter is out of bounds, or the policy accepts by something else than
        `AcceptNext`.
    """
    if not isinstance(policy.acceptance, AcceptNext):
        raise InvalidArgumentError.at("acceptance", "AcceptNext", policy.acceptance)
    acceptance = policy.acceptance
    values = (policy.beta, policy.floor, policy.k, acceptance.scale, acceptance.offset)
    return np.array(
        [
            _coordinate(parameter.share_of(value))
            for parameter, value in zip(TIME_DEPENDENT, values, strict=True)
        ]
    )


def _coordinate(share: float) -> float:
    # A bound is taken from the middle of the stretch beyond it, where the cut makes it exact.
    if share in (0.0, 1.0):
        share += (share - 0.5) * STRETCH
    sigmoid = (share + STRETCH) / (1.0 + 2.0 * STRETCH)
    return math.log(sigmoid / (1.0 - sigmoid))
