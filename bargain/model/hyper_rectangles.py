"""Worths of regions: what a party is paid where several issues lie within bounds at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError, UnsupportedProblemError
from bargain.model.constraints import Condition, Conditions
from bargain.model.forms import Ceiling, Divided, Form, Payment
from bargain.model.issues import Value
from bargain.model.numbers import finite_number
from bargain.model.outcomes import FrozenMapping
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import LARGEST_UTILITY, Term, check_size, checked_ceiling


@dataclass(frozen=True)
class HyperRectangle:
    """A worth that is paid in a region: where all bounds hold, or where at least one doesn't.

    Parameters
    ----------
    worth : float
        May be negative.
    bounds : mapping from issue name to bound, optional
        A bound is {"at_least": ..., "at_most": ...} with one or both ends, which are included, a
        value, or several values; a continuous issue takes a range or one value. Without bounds the
        region is the whole space.
    weight : float
        What the worth is multiplied by; finite and >= 0.
    outside : bool
        False: paid where all bounds hold. True: paid where at least one is violated, so never if
        there are none.

    Examples
    --------
    >>> HyperRectangle(39, {"days": {"at_least": 0, "at_most": 5}}, weight=2).paid
    78.0
    """

    worth: float
    bounds: Mapping[str, Condition]
    weight: float = 1.0
    outside: bool = False

    def __init__(
        self,
        worth: float,
        bounds: Conditions | None = None,
        *,
        weight: float = 1.0,
        outside: bool = False,
    ) -> None:
        bounds = {} if bounds is None else bounds
        if not isinstance(bounds, Mapping):
            raise InvalidProblemError.at("bounds", "a mapping from issues to bounds", bounds)
        if not isinstance(outside, bool):
            raise InvalidProblemError.at("outside", "true or false", outside)
        checked = {name: Condition.of(f"bounds[{name!r}]", each) for name, each in bounds.items()}
        object.__setattr__(self, "worth", finite_number("worth", worth))
        object.__setattr__(self, "bounds", FrozenMapping(checked))
        object.__setattr__(self, "weight", finite_number("weight", weight, at_least=0))
        object.__setattr__(self, "outside", outside)

    @property
    def paid(self) -> float:
        """What is paid: the worth times the weight."""
        return self.worth * self.weight

    def payment(self, space: OutcomeSpace) -> Payment:
        """Return what is paid where, by positions of issues."""
        allowed: dict[int, NDArray[np.bool_]] = {}
        ranges: dict[int, tuple[float, float]] = {}
        for name, condition in self.bounds.items():
            position = space.names.index(name)
            literals = condition.literals(space.issues[position], position)
            if not literals:  # a range that no value of a continuous issue lies in
                ranges[position] = (np.inf, -np.inf)
            elif literals[0].allowed is not None:
                allowed[position] = literals[0].allowed
            else:
                ranges[position] = (literals[0].low, literals[0].high)
        return Payment(self.paid, allowed, ranges, self.outside)


@dataclass(frozen=True)
class HyperRectangleUtility:
    """The worths of all regions that an outcome lies in, added up.

    u(outcome) = sum of worth * weight over the hyper-rectangles that pay, in their order, divided
    by `scale` and cut off at `ceiling`. Such constraint-based utilities are due to Ito, Hattori
    and Klein 2007, "Multi-issue negotiation protocol for agents: exploring nonlinear utility
    spaces", IJCAI; `scale` and `ceiling` are those of the nonlinear GENIUS profiles.

    Parameters
    ----------
    rectangles : iterable of HyperRectangle
        At least one. An outcome that lies in none is worth 0.
    scale : float
        Finite and > 0.
    ceiling : float, optional
        Largest utility, after the division.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace([bg.Issue.integer("days", 0, 9), bg.Issue.integer("lots", 0, 9)])
    >>> soon = bg.HyperRectangle(6, {"days": {"at_most": 3}})
    >>> soon_and_large = bg.HyperRectangle(9, {"days": {"at_most": 3}, "lots": {"at_least": 5}})
    >>> utility = bg.HyperRectangleUtility([soon, soon_and_large], scale=10, ceiling=1)
    >>> [utility.evaluate(space, space.validate(o)) for o in ([4, 9], [3, 4], [3, 5])]
    [0.0, 0.6, 1.0]
    """

    rectangles: tuple[HyperRectangle, ...]
    scale: float = 1.0
    ceiling: float | None = None

    def __init__(
        self,
        rectangles: Iterable[HyperRectangle],
        *,
        scale: float = 1.0,
        ceiling: float | None = None,
    ) -> None:
        if not isinstance(rectangles, Iterable):
            raise InvalidProblemError.at("rectangles", "some HyperRectangle", rectangles)
        rectangles = tuple(rectangles)
        if not rectangles:
            raise InvalidProblemError.at("rectangles", "at least one HyperRectangle", rectangles)
        for i, each in enumerate(rectangles):
            if not isinstance(each, HyperRectangle):
                raise InvalidProblemError.at(f"rectangles[{i}]", "a HyperRectangle", each)
        scale = finite_number("scale", scale)
        if scale <= 0.0:
            raise InvalidProblemError.at("scale", "a number > 0", scale)
        ceiling = checked_ceiling(ceiling)
        object.__setattr__(self, "rectangles", rectangles)
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "ceiling", ceiling)

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless the utility fits the space."""
        for issue in space.issues:
            check_size(issue)
        for i, rectangle in enumerate(self.rectangles):
            for name, condition in rectangle.bounds.items():
                if name not in space.names:
                    raise InvalidProblemError.at(
                        f"rectangles[{i}].bounds", f"only the issues {', '.join(space.names)}", name
                    )
                condition.check(space.issues[space.names.index(name)])
        largest = sum(abs(rectangle.paid) for rectangle in self.rectangles)
        if not max(largest, largest / self.scale) <= LARGEST_UTILITY:
            raise InvalidProblemError.at(
                "rectangles", f"utilities up to {LARGEST_UTILITY:g}", largest / self.scale
            )

    def form(self, space: OutcomeSpace) -> Form:
        """Return the payments, the division and the ceiling."""
        terms = tuple(
            Term(np.zeros(int(issue.size)))
            if issue.is_finite
            else Term(np.zeros(2), np.array(issue.bounds))
            for issue in space.issues
        )
        shapes = () if self.scale == 1.0 else (Divided(self.scale),)
        if self.ceiling is not None:
            shapes = (*shapes, Ceiling(self.ceiling))
        return Form(terms, payments=self._payments(space), shapes=shapes)

    def utilities(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return the utility of every outcome of a finite space, shape (n_outcomes,)."""
        if not space.is_finite:
            raise UnsupportedProblemError.at("utilities()", "a finite space", space)
        total = np.zeros(int(space.size))
        for payment in self._payments(space):
            masks = [
                payment.allowed.get(position, np.ones(int(issue.size), dtype=np.bool_))
                for position, issue in enumerate(space.issues)
            ]
            inside = reduce(lambda left, right: np.logical_and.outer(left, right).ravel(), masks)
            total += np.where(inside != payment.outside, payment.worth, 0.0)
        total = total / self.scale
        return total if self.ceiling is None else np.minimum(total, self.ceiling)

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        """Return the utility of one outcome that is known to be in the space."""
        total = 0.0
        for rectangle in self.rectangles:
            inside = all(
                _holds(condition, outcome[name]) for name, condition in rectangle.bounds.items()
            )
            total += rectangle.paid if inside != rectangle.outside else 0.0
        total = total / self.scale
        return total if self.ceiling is None else min(total, self.ceiling)

    def _payments(self, space: OutcomeSpace) -> tuple[Payment, ...]:
        return tuple(rectangle.payment(space) for rectangle in self.rectangles)


def _holds(condition: Condition, value: Any) -> bool:
    if condition.values is not None:
        return value in condition.values
    at_least, at_most = condition.at_least, condition.at_most
    return (at_least is None or at_least <= value) and (at_most is None or value <= at_most)
