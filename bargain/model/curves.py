"""What the values of a numeric issue are worth along a curve: four families of smooth shapes.

A value function of this module is a formula over the range of its issue. Below, x is where a value
lies between the issue's ends, 0 at the least value and 1 at the largest. A curve that rises or
falls all the way (`Power`, `Logarithmic`, `Exponential`) is given by what the two ends are worth
and by one number for its bend, and is measured from the end that is worth less: with t = x if
`at_low <= at_high` and t = 1 - x otherwise,

    worth = worst + (best - worst) * shape(t),    shape(0) = 0, shape(1) = 1.

So the bend says the same whether a party wants much or little: below, the first of two numbers is
the worth at the issue's least value, and both parties have decreasing marginal worth.

    Power(0, 1, 0.5)    sqrt(x)            Power(1, 0, 0.5)    sqrt(1 - x)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError
from bargain.model.issues import Issue
from bargain.model.numbers import finite_number

Reals = NDArray[np.float64]

EXPONENTS = (0.05, 20.0)
"""Exponents of `Power`: below, a float next to the worst end would already be worth a sixth."""

GROWTHS = (-0.999999, 1e12)
"""Growths of `Logarithmic`."""

RATES = (-700.0, 700.0)
"""Rates of `Exponential`: beyond, exp() leaves float64."""

LEAST_BEND = 1e-6
"""A growth or rate nearer to 0 bends the curve by less than a part in a million: use `Linear`."""

STRAIGHT = 1e-12
"""A parabola whose middle is off the straight line by a smaller share of its worths is a line."""


class Curve(Protocol):
    """A smooth value function over the range of a numeric issue."""

    @property
    def is_concave(self) -> bool:
        """Whether every further step is worth at most as much as the one before."""

    @property
    def is_straight(self) -> bool:
        """Whether the curve is a straight line."""

    def check(self, issue: Issue) -> None:
        """Raise InvalidProblemError unless the issue is numeric."""

    def at(self, issue: Issue) -> Reals:
        """Return the worth of each value of a finite issue, shape (issue.size,)."""

    def worth(self, values: Reals, low: float, high: float) -> Reals:
        """Return the worth of values between low and high, in the shape of `values`."""

    def slope(self, value: float, low: float, high: float) -> float:
        """Return the derivative at a value, at an end the one-sided one; may be infinite there."""

    def turn(self, low: float, high: float) -> float | None:
        """Return where the curve turns inside (low, high), if it rises and falls."""

    def ends(self) -> tuple[float, float]:
        """Return what the least and the largest value are worth."""


@dataclass(frozen=True)
class _Monotone:
    """What `Power`, `Logarithmic` and `Exponential` share; see the module's docstring."""

    at_low: float
    at_high: float

    def __post_init__(self) -> None:
        kind = type(self).__name__.lower()
        object.__setattr__(self, "at_low", finite_number(f"{kind}.at[0]", self.at_low))
        object.__setattr__(self, "at_high", finite_number(f"{kind}.at[1]", self.at_high))

    def check(self, issue: Issue) -> None:
        _check_numeric(self, issue)

    def at(self, issue: Issue) -> Reals:
        return self.worth(issue.numbers(), *issue.bounds)

    def worth(self, values: Reals, low: float, high: float) -> Reals:
        if low == high:
            return np.full(np.shape(values), self.at_low)
        rising = self.at_low <= self.at_high
        # the distance from the worst end itself: 1 - x would lose what is small near it
        t = (values - low if rising else high - values) / (high - low)
        shape = self._shape(t)
        worst, best = sorted((self.at_low, self.at_high))
        worths: Reals = worst * (1.0 - shape) + best * shape
        return worths

    def slope(self, value: float, low: float, high: float) -> float:
        if low == high or self.at_low == self.at_high:
            return 0.0
        rising = self.at_low < self.at_high
        t = (value - low if rising else high - value) / (high - low)
        return (self.at_high - self.at_low) / (high - low) * self._steepness(t)

    def turn(self, low: float, high: float) -> float | None:
        return None

    def ends(self) -> tuple[float, float]:
        return self.at_low, self.at_high

    @property
    def is_straight(self) -> bool:
        return self.at_low == self.at_high

    def _shape(self, t: Reals) -> Reals:
        raise NotImplementedError

    def _steepness(self, t: float) -> float:
        raise NotImplementedError


@dataclass(frozen=True)
class Power(_Monotone):
    """A power of the distance from the worse end: worst + (best - worst) * t^exponent.

    t runs from 0 at the end that is worth less to 1 at the other. Exponents below 1 are concave:
    0.5 is a square root, and 1 a straight line.

    Attributes
    ----------
    at_low, at_high : float
        Worth at the issue's least and largest value.
    exponent : float
        From 0.05 to 20.

    Examples
    --------
    >>> wine = Issue.integer("bottles", 0, 4)
    >>> Power(0, 1, 0.5).at(wine), Power(1, 0, 0.5).at(wine)
    (array([0. , 0.5 , 0.70710678, 0.8660254 , 1. ]),
     array([1. , 0.8660254 , 0.70710678, 0.5 , 0. ]))
    """

    exponent: float

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(
            self, "exponent", _between("power.exponent", self.exponent, EXPONENTS, lambda _: True)
        )

    @property
    def is_concave(self) -> bool:
        """Whether every further step is worth at most as much as the one before."""
        return self.exponent <= 1.0 or self.is_straight

    @property
    def is_straight(self) -> bool:
        """Whether the curve is a straight line."""
        return self.exponent == 1.0 or self.at_low == self.at_high

    def _shape(self, t: Reals) -> Reals:
        shape: Reals = np.power(t, self.exponent)
        return shape

    def _steepness(self, t: float) -> float:
        if t <= 0.0 and self.exponent < 1.0:
            return math.inf
        return float(self.exponent * t ** (self.exponent - 1.0))


@dataclass(frozen=True)
class Logarithmic(_Monotone):
    """A logarithm: worst + (best - worst) * log(1 + growth t) / log(1 + growth).

    t runs from 0 at the end that is worth less to 1 at the other; `Logarithmic(0, log(1 + k), k)`
    is log(1 + k x). A growth above 0 is concave: with 9, the first ninth of the way is worth as
    much as log(2) / log(10), three tenths, of the whole. Below 0 it is convex.

    Attributes
    ----------
    at_low, at_high : float
        Worth at the issue's least and largest value.
    growth : float
        From -0.999999 to 10^12, at least 10^-6 from 0.
    """

    growth: float

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(
            self, "growth", _between("logarithmic.growth", self.growth, GROWTHS, _bends)
        )

    @property
    def is_concave(self) -> bool:
        """Whether every further step is worth at most as much as the one before."""
        return self.growth > 0.0 or self.is_straight

    def _shape(self, t: Reals) -> Reals:
        shape: Reals = np.log1p(self.growth * t) / np.log1p(self.growth)
        return shape

    def _steepness(self, t: float) -> float:
        return self.growth / (1.0 + self.growth * t) / math.log1p(self.growth)


@dataclass(frozen=True)
class Exponential(_Monotone):
    """Constant risk aversion: worst + (best - worst) * (1 - exp(-rate t)) / (1 - exp(-rate)).

    t runs from 0 at the end that is worth less to 1 at the other; `Exponential(0, 1 - exp(-k), k)`
    is 1 - exp(-k x). Rates above 0 are concave, and are the absolute risk aversion (Arrow 1965,
    Pratt 1964) per range of the issue; below 0 they are convex.

    Attributes
    ----------
    at_low, at_high : float
        Worth at the issue's least and largest value.
    rate : float
        From -700 to 700, at least 10^-6 from 0.
    """

    rate: float

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "rate", _between("exponential.rate", self.rate, RATES, _bends))

    @property
    def is_concave(self) -> bool:
        """Whether every further step is worth at most as much as the one before."""
        return self.rate > 0.0 or self.is_straight

    def _shape(self, t: Reals) -> Reals:
        shape: Reals = np.expm1(-self.rate * t) / np.expm1(-self.rate)
        return shape

    def _steepness(self, t: float) -> float:
        if self.rate < 0.0:
            # the same, without the overflow of exp(-rate) squared
            return self.rate * math.exp(self.rate * (1.0 - t)) / math.expm1(self.rate)
        return -self.rate * math.exp(-self.rate * t) / math.expm1(-self.rate)


@dataclass(frozen=True)
class Quadratic:
    """The parabola through what the two ends and the middle of the issue are worth.

    at_low (1 - x) (1 - 2 x) + 4 at_middle x (1 - x) + at_high x (2 x - 1), the polynomial of
    Lagrange through x = 0, 1/2 and 1. Concave where the middle is worth at least the mean of the
    ends; `Quadratic(0, 1, 0)` has its peak in the middle, and a peak of height h at x = p with a
    fall of f (x - p)^2 is `Quadratic(h - f p**2, h - f (0.5 - p)**2, h - f (1 - p)**2)`.

    Attributes
    ----------
    at_low, at_middle, at_high : float
        Worth at the issue's least value, half-way, and at its largest value.

    Examples
    --------
    >>> Quadratic(0, 1, 0).at(Issue.integer("degrees", 16, 24, step=2))
    array([0. , 0.75, 1. , 0.75, 0. ])
    """

    at_low: float
    at_middle: float
    at_high: float

    def __post_init__(self) -> None:
        for i, name in enumerate(("at_low", "at_middle", "at_high")):
            worth = finite_number(f"quadratic.at[{i}]", getattr(self, name))
            if abs(worth) > 1e307:
                raise InvalidProblemError.at(f"quadratic.at[{i}]", "a worth up to 1e307", worth)
            object.__setattr__(self, name, worth)

    @property
    def is_concave(self) -> bool:
        """Whether every further step is worth at most as much as the one before."""
        return self.is_straight or self._bend < 0.0

    @property
    def is_straight(self) -> bool:
        """Whether the parabola is a straight line, to one part in 10^12 of its worths."""
        largest = max(abs(self.at_low), abs(self.at_middle), abs(self.at_high))
        return abs(self._bend) <= STRAIGHT * largest

    @property
    def _bend(self) -> float:
        """The second difference, half the second derivative by x divided by 2."""
        return (self.at_low - self.at_middle) + (self.at_high - self.at_middle)

    def check(self, issue: Issue) -> None:
        """Raise InvalidProblemError unless the issue is numeric."""
        _check_numeric(self, issue)

    def at(self, issue: Issue) -> Reals:
        """Return the worth of each value of a finite issue, shape (issue.size,)."""
        return self.worth(issue.numbers(), *issue.bounds)

    def worth(self, values: Reals, low: float, high: float) -> Reals:
        """Return the worth of values between low and high, in the shape of `values`."""
        if low == high:
            return np.full(np.shape(values), self.at_low)
        x, rest = (values - low) / (high - low), (high - values) / (high - low)
        if self.is_straight:
            straight: Reals = self.at_low * rest + self.at_high * x
            return straight
        worths: Reals = (
            self.at_low * rest * (rest - x)
            + 4.0 * self.at_middle * x * rest
            + self.at_high * x * (x - rest)
        )
        return worths

    def slope(self, value: float, low: float, high: float) -> float:
        """Return the derivative at a value, at an end the one-sided one."""
        if low == high:
            return 0.0
        if self.is_straight:
            return (self.at_high - self.at_low) / (high - low)
        # by the distance from the turning point, which loses nothing near it
        return 4.0 * self._bend * ((value - low) / (high - low) - self._vertex) / (high - low)

    def turn(self, low: float, high: float) -> float | None:
        """Return where the curve turns inside (low, high), if it rises and falls."""
        if low == high or self.is_straight or not 0.0 < self._vertex < 1.0:
            return None
        return low + self._vertex * (high - low)

    def ends(self) -> tuple[float, float]:
        """Return what the least and the largest value are worth."""
        return self.at_low, self.at_high

    @property
    def _vertex(self) -> float:
        """Where the slope is 0, as a share of the range; may lie outside it."""
        return 0.5 - (self.at_high - self.at_low) / (4.0 * self._bend)


def check_numeric(issue: Issue, what: str) -> None:
    """Raise InvalidProblemError unless the values of an issue are numbers."""
    if not issue.is_numeric:
        raise InvalidProblemError.at(f"issue {issue.name!r}", f"numbers for {what}", issue.values)


def _check_numeric(curve: Any, issue: Issue) -> None:
    check_numeric(issue, f"{type(curve).__name__.lower()} values")


def _bends(number: float) -> bool:
    return abs(number) >= LEAST_BEND


def _between(
    where: str, given: Any, limits: tuple[float, float], holds: Callable[[float], bool]
) -> float:
    number = finite_number(where, given)
    low, high = limits
    if not low <= number <= high or not holds(number):
        away = "" if holds(0.0) else f", at least {LEAST_BEND:g} from 0"
        raise InvalidProblemError.at(where, f"a number from {low:g} to {high:g}{away}", given)
    return number
