"""What outcomes are worth to one party."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError, TooLargeError, UnsupportedProblemError
from bargain.model.curves import Curve
from bargain.model.forms import Ceiling, Form
from bargain.model.issues import Issue, Value
from bargain.model.numbers import finite_number
from bargain.model.outcomes import FrozenMapping
from bargain.model.space import OutcomeSpace
from bargain.model.values import Linear, PiecewiseLinear, Table, ValueFunction

LARGEST_UTILITY = 1e307
"""Largest sum of the magnitudes of a party's worths: differences of utilities stay finite."""

VALUES_LIMIT = 10_000_000
"""Most values of one finite issue that a utility function lays out as an array."""


@runtime_checkable
class Utility(Protocol):
    """What every utility function can do. A problem checks it against its space once."""

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless the utility fits the space."""

    def utilities(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return the utility of every outcome of a finite space, shape (n_outcomes,)."""

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        """Return the utility of one outcome that is known to be in the space.

        To the last bit what `utilities` has in its row.
        """

    def form(self, space: OutcomeSpace) -> Form | None:
        """Return the arithmetic of the utility, or None where there is none to show."""


@dataclass(frozen=True, eq=False)
class Term:
    """What one issue contributes to a utility, weight included.

    Attributes
    ----------
    worths : ndarray
        Finite issue: worth of each value, shape (size,). Continuous: worth at each position.
    positions : ndarray or None
        Continuous issue: where the corners lie, increasing, with straight lines between them; of
        a curve the ends of the issue and where it turns, so that the least and the largest of
        `worths` are those of the whole term. None for a finite issue.
    curve : Curve or None
        What runs between the positions, if it is not straight; before the weight.
    weight : float
        What the curve is multiplied by.
    """

    worths: NDArray[np.float64]
    positions: NDArray[np.float64] | None = None
    curve: Curve | None = None
    weight: float = 1.0

    @classmethod
    def on_curve(cls, curve: Curve, issue: Issue, weight: float) -> Term:
        """Return what a curve contributes on a continuous issue."""
        low, high = issue.bounds
        turn = curve.turn(low, high)
        inside = [] if turn is None else [turn]
        positions = np.array([low, *inside, high])
        if curve.is_straight or weight == 0.0:
            return cls(weight * np.array(curve.ends()), np.array([low, high]))
        return cls(weight * curve.worth(positions, low, high), positions, curve, weight)

    @property
    def is_curved(self) -> bool:
        """Whether a continuous term is anything but straight lines between its positions."""
        return self.curve is not None

    @property
    def slopes(self) -> NDArray[np.float64]:
        """Slope of each line of a continuous term; none for a finite issue.

        Raises
        ------
        UnsupportedProblemError
            For a curve, which has a slope of its own everywhere: see `slope`.
        """
        if self.positions is None:
            return np.empty(0)
        if self.curve is not None:
            raise UnsupportedProblemError.at("slopes", "straight lines", self.curve)
        return np.diff(self.worths) / np.diff(self.positions)

    @property
    def is_concave(self) -> bool:
        """Whether the slopes of a continuous term never increase, to one part in 10^12."""
        if self.curve is not None:
            return self.curve.is_concave
        slopes = self.slopes
        if len(slopes) < 2:
            return True
        return bool(np.all(np.diff(slopes) <= 1e-12 * np.abs(slopes).max()))

    def at(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the worth of values of a continuous issue, weight included, in their shape."""
        if self.positions is None:
            raise UnsupportedProblemError.at("at()", "a continuous issue", "a finite one")
        if self.curve is None:
            worths: NDArray[np.float64] = np.interp(values, self.positions, self.worths)
            return worths
        return self.weight * self.curve.worth(
            np.asarray(values, dtype=np.float64), *self.positions[[0, -1]].tolist()
        )

    def slope(self, value: float) -> float:
        """Return the slope at a value of a continuous issue, weight included.

        A supergradient where the term is concave: at a corner the slope to the right, at the ends
        the one-sided slope, which a root has infinite at its worse end.
        """
        if self.positions is None:
            raise UnsupportedProblemError.at("slope()", "a continuous issue", "a finite one")
        if self.curve is not None:
            low, high = self.positions[[0, -1]].tolist()
            return self.weight * self.curve.slope(float(value), low, high)
        line = int(np.searchsorted(self.positions, value, side="right")) - 1
        return float(self.slopes[min(max(line, 0), len(self.positions) - 2)])

    @property
    def steepest(self) -> float:
        """Largest mean slope between neighbouring positions of a continuous term, 0 for a finite.

        Finite for every term that may be computed with, also where a curve starts steeper.
        """
        if self.positions is None:
            return 0.0
        return float(np.abs(np.diff(self.worths) / np.diff(self.positions)).max(initial=0.0))


@dataclass(frozen=True)
class AdditiveUtility:
    """A weighted sum of what each issue's value is worth.

    u(outcome) = sum over issues of weight * worth(value), added in the order of the space's
    issues, and cut off at `ceiling` if there is one. Nothing is normalised: weights may sum to
    anything, worths may be negative.

    Parameters
    ----------
    values : mapping from issue name to value function
        A `Table` (or a plain mapping from value to worth), `Linear`, `PiecewiseLinear`, or a
        curve: `Quadratic`, `Power`, `Logarithmic`, `Exponential`. An issue that is not listed is
        worth 0 whatever its value, and so is a value that a table does not list.
    weights : mapping from issue name to float, optional
        Finite and >= 0; an issue that is not listed has weight 1.
    ceiling : float, optional
        Largest utility; sums above it count as it (the GENIUS formats define one).

    Examples
    --------
    >>> import bargain as bg
    >>> price, gift = bg.Issue.continuous("price", 80, 120), bg.Issue.choice("gift", ["no", "yes"])
    >>> space = bg.OutcomeSpace([price, gift])
    >>> buyer = bg.AdditiveUtility({"price": bg.Linear(1, 0), "gift": {"yes": 0.5}})
    >>> buyer.evaluate(space, space.validate([90, "yes"]))
    1.25
    """

    values: Mapping[str, ValueFunction]
    weights: Mapping[str, float]
    ceiling: float | None = None

    def __init__(
        self,
        values: Mapping[str, ValueFunction | Mapping[Any, float]],
        weights: Mapping[str, float] | None = None,
        *,
        ceiling: float | None = None,
    ) -> None:
        if not isinstance(values, Mapping):
            raise InvalidProblemError.at("values", "a mapping from issues to worths", values)
        if weights is not None and not isinstance(weights, Mapping):
            raise InvalidProblemError.at("weights", "a mapping from issues to weights", weights)
        functions = {name: _value_function(name, given) for name, given in values.items()}
        checked = {
            name: finite_number(f"{name}.weight", weight, at_least=0)
            for name, weight in (weights or {}).items()
        }
        ceiling = checked_ceiling(ceiling)
        object.__setattr__(self, "values", FrozenMapping(functions))
        object.__setattr__(self, "weights", FrozenMapping(checked))
        object.__setattr__(self, "ceiling", ceiling)

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless the utility fits the space."""
        for field_, listed in (("values", self.values), ("weights", self.weights)):
            for name in listed:
                if name not in space.names:
                    raise InvalidProblemError.at(
                        field_, f"only the issues {', '.join(space.names)}", name
                    )
        for issue in space.issues:
            check_size(issue)
            if issue.name in self.values:
                self.values[issue.name].check(issue)
        with np.errstate(over="ignore"):
            terms = self.terms(space)
            largest = sum(float(np.abs(term.worths).max()) for term in terms)
            steepest = max(term.steepest for term in terms)
        if not largest <= LARGEST_UTILITY:
            raise InvalidProblemError.at("values", f"utilities up to {LARGEST_UTILITY:g}", largest)
        if not np.isfinite(steepest):
            raise InvalidProblemError.at("values", "slopes below 1e308", steepest)

    def terms(self, space: OutcomeSpace) -> tuple[Term, ...]:
        """Return what each issue contributes, weight included, in issue order."""
        terms = []
        for issue in space.issues:
            function = self.values.get(issue.name)
            weight = self.weights.get(issue.name, 1.0)
            if issue.is_finite:
                worths = np.zeros(int(issue.size)) if function is None else function.at(issue)
                terms.append(Term(weight * worths))
            elif function is None or isinstance(function, Table):
                terms.append(Term(np.zeros(2), np.array(issue.bounds)))
            elif isinstance(function, Linear | PiecewiseLinear):
                positions, worths = function.breakpoints(issue)
                terms.append(Term(weight * worths, positions))
            else:
                terms.append(Term.on_curve(function, issue, weight))
        return tuple(terms)

    def form(self, space: OutcomeSpace) -> Form:
        """Return the terms and the ceiling."""
        shapes = () if self.ceiling is None else (Ceiling(self.ceiling),)
        return Form(self.terms(space), shapes=shapes)

    def utilities(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return the utility of every outcome of a finite space, shape (n_outcomes,)."""
        total = np.zeros(1)
        for term in self.terms(space):
            total = np.add.outer(total, term.worths).ravel()
        return total if self.ceiling is None else np.minimum(total, self.ceiling)

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        """Return the utility of one outcome that is known to be in the space."""
        return self.evaluate_terms(space, self.terms(space), outcome)

    def evaluate_terms(
        self, space: OutcomeSpace, terms: tuple[Term, ...], outcome: Mapping[str, Value]
    ) -> float:
        """Evaluate with the terms at hand; added in issue order, to the last bit as utilities()."""
        total = 0.0
        for issue, term in zip(space.issues, terms, strict=True):
            value = outcome[issue.name]
            if term.positions is None:
                total += float(term.worths[issue.index(value)])
            elif term.curve is None:
                total += float(np.interp(float(value), term.positions, term.worths))
            else:
                total += float(term.at(np.array(value)))
        return total if self.ceiling is None else min(total, self.ceiling)


def _value_function(name: str, given: Any) -> ValueFunction:
    if isinstance(given, ValueFunction):
        return given
    if isinstance(given, Mapping):
        return Table(given)
    raise InvalidProblemError.at(
        f"values[{name!r}]", "a mapping, Table, Linear, PiecewiseLinear or a curve", given
    )


def check_size(issue: Issue) -> None:
    """Raise TooLargeError if an issue has more values than are laid out as an array."""
    if issue.is_finite and issue.size > VALUES_LIMIT:
        raise TooLargeError.at(
            f"issue {issue.name!r}",
            f"at most {VALUES_LIMIT} values (or a continuous issue)",
            issue.size,
        )


def checked_ceiling(ceiling: float | None) -> float | None:
    """Return the largest utility there is to be, or raise unless it is a finite number or None."""
    # + 0.0 makes -0.0 a 0.0: two ways to take a minimum differ between them
    return None if ceiling is None else finite_number("ceiling", ceiling) + 0.0
