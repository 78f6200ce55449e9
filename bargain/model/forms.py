"""The arithmetic of a utility, laid open for solvers that don't look at every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bargain.model.utilities import Term


@dataclass(frozen=True, eq=False)
class Pair:
    """What the values of two finite issues add together, beside what each adds alone.

    Attributes
    ----------
    first, second : int
        Positions of the issues, first < second.
    worths : ndarray, shape (size of first, size of second)
    """

    first: int
    second: int
    worths: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Payment:
    """A worth that is added where issues lie within bounds, or where they don't.

    Attributes
    ----------
    worth : float
        May be negative.
    allowed : mapping from issue position to ndarray of bool, shape (size,)
        Finite issues: for which values the bound is met.
    ranges : mapping from issue position to (low, high)
        Continuous issues: from where to where, ends included.
    outside : bool
        False: paid where all bounds are met (always, if there are none). True: paid where at
        least one is not.
    """

    worth: float
    allowed: Mapping[int, NDArray[np.bool_]]
    ranges: Mapping[int, tuple[float, float]]
    outside: bool = False


class Shape(Protocol):
    """A non-decreasing function that a sum is put through: a ceiling, an attitude to risk."""

    @property
    def is_concave(self) -> bool:
        """Whether it is concave."""

    def __call__(self, utilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what sums become, element by element."""

    def slope(self, utilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the slope there, >= 0; of two at a kink the one to the right."""

    def least(self, shaped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the least sum that becomes at least this much; infinity where none does."""


@dataclass(frozen=True, eq=False)
class Ceiling:
    """Sums above a limit count as it."""

    limit: float

    @property
    def is_concave(self) -> bool:
        """It is."""
        return True

    def __call__(self, utilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cut off."""
        return np.minimum(utilities, self.limit)

    def slope(self, utilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return 1 below the limit and 0 from there on."""
        return np.where(np.asarray(utilities) < self.limit, 1.0, 0.0)

    def least(self, shaped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the same number up to the limit, infinity beyond."""
        return np.where(np.asarray(shaped) <= self.limit, shaped, np.inf)


@dataclass(frozen=True, eq=False)
class Divided:
    """Sums are counted in units of so much.

    Attributes
    ----------
    divisor : float
        Above 0.
    """

    divisor: float

    @property
    def is_concave(self) -> bool:
        """It is, being a straight line."""
        return True

    def __call__(self, utilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Divide."""
        return utilities / self.divisor

    def slope(self, utilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the same everywhere."""
        return np.full(np.shape(utilities), 1.0 / self.divisor)

    def least(self, shaped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Multiply."""
        return np.asarray(shaped) * self.divisor


@dataclass(frozen=True, eq=False)
class Form:
    """A utility as shapes, one after the other, of a sum of terms, pairs and payments.

    Attributes
    ----------
    terms : tuple of Term
        What each issue adds on its own, in issue order.
    pairs : tuple of Pair
    payments : tuple of Payment
    shapes : tuple of Shape
        Applied to the sum in this order.
    """

    terms: tuple[Term, ...]
    pairs: tuple[Pair, ...] = ()
    payments: tuple[Payment, ...] = ()
    shapes: tuple[Shape, ...] = ()

    @property
    def is_separable(self) -> bool:
        """Whether the sum is of issues one by one."""
        return not self.pairs and not self.payments


def sum_limits(form: Form) -> tuple[float, float]:
    """Return what the sum is at least and at most, before shapes."""
    tables = [term.worths for term in form.terms] + [pair.worths for pair in form.pairs]
    worths = [payment.worth for payment in form.payments]
    low = sum(float(table.min()) for table in tables) + sum(min(worth, 0.0) for worth in worths)
    high = sum(float(table.max()) for table in tables) + sum(max(worth, 0.0) for worth in worths)
    return low, high
