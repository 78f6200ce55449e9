"""Attitudes to risk: a utility put through a curve that bends it.

Constant relative and constant absolute risk aversion are the two families for which the measures
of Pratt 1964, "Risk aversion in the small and in the large" (Econometrica 32), and Arrow 1965,
"Aspects of the theory of risk-bearing", are constant:

    relative  -x v''(x) / v'(x) = aversion,    absolute  -v''(u) / v'(u) = aversion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError
from bargain.model.forms import Form, sum_limits
from bargain.model.issues import Value
from bargain.model.numbers import finite_number
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import LARGEST_UTILITY, Utility

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Isoelastic:
    """The curve of constant relative risk aversion; see `CRRA`."""

    aversion: float
    wealth: float = 0.0

    @property
    def is_concave(self) -> bool:
        """Whether it is averse to risk, or neutral."""
        return self.aversion >= 0.0

    def __call__(self, utilities: Reals) -> Reals:
        """Return (wealth + u)^(1 - aversion) / (1 - aversion), or log(wealth + u)."""
        base = np.asarray(utilities, dtype=np.float64) + self.wealth
        power = 1.0 - self.aversion
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            shaped: Reals = np.log(base) if power == 0.0 else base**power / power
        return shaped

    def slope(self, utilities: Reals) -> Reals:
        """Return (wealth + u)^-aversion; infinity where wealth + u is 0 and aversion above."""
        base = np.asarray(utilities, dtype=np.float64) + self.wealth
        with np.errstate(divide="ignore", over="ignore"):
            slope: Reals = base**-self.aversion
        return slope

    def least(self, shaped: Reals) -> Reals:
        """Return the inverse: -wealth below all values, infinity above."""
        wanted, power = np.asarray(shaped, dtype=np.float64), 1.0 - self.aversion
        with np.errstate(divide="ignore", over="ignore"):
            if power == 0.0:
                sums: Reals = np.exp(wanted) - self.wealth
                return sums
            base = wanted * power
            if power < 0.0:
                # all values are below 0
                return np.where(base > 0.0, np.abs(base) ** (1.0 / power), np.inf) - self.wealth
            return np.maximum(base, 0.0) ** (1.0 / power) - self.wealth

    def domain_error(self, low: float) -> str | None:
        """Return what sums must be at least or above, if the least of them isn't."""
        base, least = low + self.wealth, 0.0 - self.wealth
        if self.aversion >= 1.0 and not base > 0.0:
            return f"utilities above {least:g}, where constant relative aversion is defined"
        if not base >= 0.0:
            return f"utilities of at least {least:g}, where it is defined"
        return None


@dataclass(frozen=True)
class Saturating:
    """The curve of constant absolute risk aversion; see `CARA`."""

    aversion: float

    @property
    def is_concave(self) -> bool:
        """Whether it is averse to risk, or neutral."""
        return self.aversion >= 0.0

    def __call__(self, utilities: Reals) -> Reals:
        """Return (1 - exp(-aversion u)) / aversion, or u."""
        given = np.asarray(utilities, dtype=np.float64)
        if self.aversion == 0.0:
            return given
        with np.errstate(over="ignore"):
            shaped: Reals = -np.expm1(-self.aversion * given) / self.aversion
        return shaped

    def slope(self, utilities: Reals) -> Reals:
        """Return exp(-aversion u)."""
        with np.errstate(over="ignore"):
            slope: Reals = np.exp(-self.aversion * np.asarray(utilities, dtype=np.float64))
        return slope

    def least(self, shaped: Reals) -> Reals:
        """Return the inverse: infinity above all values, -infinity below."""
        wanted = np.asarray(shaped, dtype=np.float64)
        if self.aversion == 0.0:
            return wanted
        with np.errstate(divide="ignore"):
            inside = np.maximum(-self.aversion * wanted, -1.0)
            sums: Reals = -np.log1p(inside) / self.aversion
        return sums

    def domain_error(self, low: float) -> str | None:
        """Return nothing: it is defined everywhere."""
        return None


@dataclass(frozen=True)
class _Bent:
    """What `CRRA` and `CARA` share: a utility put through a curve."""

    inner: Utility

    def _curve(self) -> Isoelastic | Saturating:
        raise NotImplementedError

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless the inner utility fits and the curve is defined."""
        self.inner.check(space)
        curve, (low, high) = self._curve(), self._limits(space)
        reason = curve.domain_error(low)
        if reason is not None:
            raise InvalidProblemError.at(type(self).__name__, reason, low)
        ends = curve(np.array([low, high]))
        if not (np.abs(ends) <= LARGEST_UTILITY).all():
            raise InvalidProblemError.at(
                type(self).__name__, f"utilities up to {LARGEST_UTILITY:g}", ends.tolist()
            )

    def form(self, space: OutcomeSpace) -> Form | None:
        """Return the inner form with one more shape, or None where it has none."""
        form = self.inner.form(space)
        return None if form is None else replace(form, shapes=(*form.shapes, self._curve()))

    def utilities(self, space: OutcomeSpace) -> Reals:
        """Return the utility of every outcome of a finite space, shape (n_outcomes,)."""
        return self._curve()(self.inner.utilities(space))

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        """Return the utility of one outcome that is known to be in the space."""
        # as an array: numpy's functions of scalars may differ in the last bit
        return float(self._curve()(np.array([self.inner.evaluate(space, outcome)]))[0])

    def _limits(self, space: OutcomeSpace) -> tuple[float, float]:
        """Return bounds of the inner utility: what its sum can be, or what outcomes are worth."""
        form = self.inner.form(space)
        if form is None:
            utilities = self.inner.utilities(space)
            return float(utilities.min()), float(utilities.max())
        low, high = (np.array([end]) for end in sum_limits(form))
        for shape in form.shapes:
            low, high = shape(low), shape(high)
        return float(low[0]), float(high[0])


@dataclass(frozen=True)
class CRRA(_Bent):
    """Constant relative risk aversion over another utility.

    v = (wealth + u)^(1 - aversion) / (1 - aversion), and log(wealth + u) for an aversion of 1
    (Arrow 1965, Pratt 1964). What a party has without an agreement is in units of v.

    Parameters
    ----------
    inner : Utility
        Its values u, by the bounds of its sum, must make wealth + u > 0; for aversions below 1
        wealth + u = 0 is defined too. The bounds are those of the worths added up one by one: they
        may lie below what any outcome is worth.
    aversion : float
        Finite. 0 is neutral; below 0 risk is sought, and nothing but enumeration solves it.
    wealth : float
        What the party has beside the agreement, in units of u.

    Examples
    --------
    >>> import bargain as bg
    >>> pie = bg.OutcomeSpace([bg.Issue.continuous("share", 0, 1)])
    >>> careful = bg.CRRA(bg.AdditiveUtility({"share": bg.Linear(0, 1)}), 0.5)
    >>> careful.evaluate(pie, pie.validate([0.25]))
    1.0
    """

    aversion: float
    wealth: float = 0.0

    def __post_init__(self) -> None:
        _check_inner(self.inner)
        object.__setattr__(self, "aversion", finite_number("aversion", self.aversion))
        object.__setattr__(self, "wealth", finite_number("wealth", self.wealth))

    def _curve(self) -> Isoelastic:
        return Isoelastic(self.aversion, self.wealth)


@dataclass(frozen=True)
class CARA(_Bent):
    """Constant absolute risk aversion over another utility.

    v = (1 - exp(-aversion u)) / aversion, and u for an aversion of 0 (Arrow 1965, Pratt 1964). What
    a party has without an agreement is in units of v, which has v(0) = 0.

    Parameters
    ----------
    inner : Utility
    aversion : float
        Finite, per unit of u. Below 0 risk is sought, and nothing but enumeration solves it.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace([bg.Issue.choice("gift", ["no", "yes"])])
    >>> bg.CARA(bg.AdditiveUtility({"gift": {"yes": 1}}), 2).utilities(space).round(4)
    array([0.    , 0.4323])
    """

    aversion: float

    def __post_init__(self) -> None:
        _check_inner(self.inner)
        object.__setattr__(self, "aversion", finite_number("aversion", self.aversion))

    def _curve(self) -> Saturating:
        return Saturating(self.aversion)


def _check_inner(inner: object) -> None:
    if not isinstance(inner, Utility) or isinstance(inner, type):
        raise InvalidProblemError.at("inner", "a utility function", inner)
