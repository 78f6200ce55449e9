"""What a search may change: bounded, named numbers.

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

STRETCH = 0.01
"""How far, in widths of the interval, the sigmoid reaches beyond each bound."""


@dataclass(frozen=True)
class Parameter:
    """One number that a search may choose.

    Attributes
    ----------
    name : str
    low, high : float
        Inclusive bounds, finite, low < high; both above 0 on a logarithmic scale, whole numbers
        on the scale of these.
    scale : {"linear", "log", "whole"}
        Whether equal steps or equal ratios count as equally far; whole numbers are equally likely.
    unit : str
        What it counts.
    """

    name: str
    low: float
    high: float
    scale: Literal["linear", "log", "whole"] = "linear"
    unit: str = "share of the attainable gain"

    def __post_init__(self) -> None:
        low = finite_number(f"{self.name}: low", self.low, error=InvalidArgumentError)
        high = finite_number(f"{self.name}: high", self.high, error=InvalidArgumentError)
        if not low < high or (self.scale == "log" and low <= 0):
            above = " above 0" if self.scale == "log" else ""
            raise InvalidArgumentError.at(self.name, f"bounds low < high{above}", (low, high))
        if self.scale not in ("linear", "log", "whole"):
            expected = "'linear', 'log' or 'whole'"
            raise InvalidArgumentError.at(f"{self.name}: scale", expected, self.scale)
        if self.scale == "whole" and not (low.is_integer() and high.is_integer()):
            raise InvalidArgumentError.at(self.name, "bounds that are whole numbers", (low, high))

    def value_at(self, shares: ArrayLike) -> NDArray[np.float64]:
        """Return the values at shares in [0, 1] of the way from low to high, ends exact."""
        s = np.asarray(shares, dtype=np.float64)
        if self.scale == "linear":
            values = (1.0 - s) * self.low + s * self.high
        elif self.scale == "log":
            values = np.exp((1.0 - s) * math.log(self.low) + s * math.log(self.high))
        else:
            values = np.floor(self.low + s * (self.high - self.low + 1.0))
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
        if self.scale == "whole":
            return (value - self.low + 0.5) / (self.high - self.low + 1.0)
        return (value - self.low) / (self.high - self.low)


def shares_at(points: ArrayLike) -> NDArray[np.float64]:
    """Return the points of the unit cube that belong to points of R^n, the same shape."""
    x = np.asarray(points, dtype=np.float64)
    # The logistic function by tanh, which cannot overflow.
    sigmoid = 0.5 + 0.5 * np.tanh(0.5 * x)
    return np.clip((1.0 + 2.0 * STRETCH) * sigmoid - STRETCH, 0.0, 1.0)


def point_of(shares: ArrayLike) -> NDArray[np.float64]:
    """Return a point of R^n that belongs to one of the unit cube, the same shape.

    `shares_at` gives it back: exactly at 0 and 1, elsewhere to about one part in 10^12.
    """
    s = np.asarray(shares, dtype=np.float64)
    # A bound is taken from the middle of the stretch beyond it, where the cut makes it exact.
    s = np.where((s == 0.0) | (s == 1.0), s + (s - 0.5) * STRETCH, s)
    sigmoid = (s + STRETCH) / (1.0 + 2.0 * STRETCH)
    return np.asarray(np.log(sigmoid / (1.0 - sigmoid)))
