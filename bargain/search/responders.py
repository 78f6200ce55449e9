"""What may be assumed of how the other side answers, where it is no policy of the library.

The party makes all offers. `MemorylessResponder` can make offers of its own, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number

Reals = NDArray[np.float64]

MASS_TOLERANCE = 1e-9
"""How far chances that should add up to 1 may be off; they are scaled to do so."""


@dataclass(frozen=True, eq=False)
class MemorylessResponder:
    """Accept by chance, each time anew, whatever was offered before.

    Parameters
    ----------
    acceptance : array_like of float, shape (n_outcomes,) or (deadline, n_outcomes)
        Chance in [0, 1] that an outcome is accepted, by row; in each round, if there are two
        dimensions.
    offers : array_like of float, the same two shapes, optional
        Chance that it offers an outcome, by row, where it proposes; adds up to 1. With them
        the parties take turns, without the party makes all offers.
    """

    acceptance: ArrayLike
    offers: ArrayLike | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "acceptance", _chances("acceptance", self.acceptance))
        if self.offers is not None:
            offers = _chances("offers", self.offers)
            _check_total("offers", offers.sum(axis=-1))
            object.__setattr__(self, "offers", offers)


@dataclass(frozen=True, eq=False)
class ThresholdResponders:
    """One of several types, drawn before the first offer, that accepts what is worth enough to it.

    A type accepts an outcome in round r if and only if its utility to the responder, as the
    problem has it, is at least the type's threshold in that round.

    Parameters
    ----------
    thresholds : array_like of float, shape (n_types,) or (n_types, deadline)
        Least utility accepted, the same in all rounds or by round; infinity accepts nothing.
    masses : array_like of float, shape (n_types,), optional
        Chance of each type, >= 0, adding up to 1; equal by default.
    """

    thresholds: ArrayLike
    masses: ArrayLike | None = None

    def __post_init__(self) -> None:
        thresholds = _reals("thresholds", self.thresholds)
        if thresholds.ndim not in (1, 2) or not len(thresholds):
            raise InvalidArgumentError.at(
                "thresholds", "shape (n_types,) or (n_types, deadline)", thresholds.shape
            )
        if np.isnan(thresholds).any():
            raise InvalidArgumentError.at("thresholds", "no NaN", thresholds)
        object.__setattr__(self, "thresholds", thresholds)
        n = len(thresholds)
        given = np.full(n, 1.0 / n) if self.masses is None else self.masses
        masses = _chances("masses", given)
        if masses.shape != (n,):
            raise InvalidArgumentError.at("masses", f"shape ({n},)", masses.shape)
        _check_total("masses", masses.sum())
        object.__setattr__(self, "masses", masses)


@dataclass(frozen=True)
class ReservationBelief:
    """One responder with a reservation value that stays, unknown, uniform over an interval.

    It accepts what is worth at least its reservation value to it, in every round. A reservation
    value that is one of a few numbers is `ThresholdResponders(numbers, chances)`.

    Parameters
    ----------
    low, high : float
        Ends of the interval, finite, low <= high, in the responder's utility. What the problem
        says of its reservation value does not count.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            number = finite_number(name, getattr(self, name), error=InvalidArgumentError)
            object.__setattr__(self, name, number)
        if self.low > self.high:
            raise InvalidArgumentError.at("low", f"at most high ({self.high:g})", self.low)

    def accepts(self, utilities: Reals) -> Reals:
        """Return the chance that outcomes worth so much to the responder are accepted."""
        if self.low == self.high:
            return np.where(utilities >= self.low, 1.0, 0.0)
        # by halves, so that no difference overflows
        below = 0.5 * np.clip(utilities, self.low, self.high) - 0.5 * self.low
        return np.asarray(below / (0.5 * self.high - 0.5 * self.low))

    def as_types(self, levels: Reals) -> ThresholdResponders:
        """Return the same belief as types that some levels of utility can tell apart.

        Parameters
        ----------
        levels : ndarray, shape (n,)
            The responder's utilities that outcomes have, increasing.
        """
        masses = np.diff(self.accepts(levels), prepend=0.0)
        never = 1.0 - masses.sum()
        if never > 0:
            levels, masses = np.append(levels, np.inf), np.append(masses, never)
        some = masses > 0
        return ThresholdResponders(levels[some], masses[some])


def _reals(where: str, given: Any) -> Reals:
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError.at(where, "an array of numbers", given) from None
    array.setflags(write=False)
    return array


def _chances(where: str, given: Any) -> Reals:
    array = _reals(where, given)
    if array.ndim not in (1, 2):
        raise InvalidArgumentError.at(where, "one or two dimensions", f"shape {array.shape}")
    wrong = ~((array >= 0.0) & (array <= 1.0))
    if wrong.any():
        raise InvalidArgumentError.at(where, "chances in [0, 1]", float(array[wrong][0]))
    return array


def _check_total(where: str, totals: Any) -> None:
    off = np.abs(np.asarray(totals) - 1.0)
    if off.size and off.max() > MASS_TOLERANCE:
        wrong = np.atleast_1d(totals)[np.atleast_1d(off).argmax()]
        raise InvalidArgumentError.at(where, "chances that add up to 1", float(wrong))
