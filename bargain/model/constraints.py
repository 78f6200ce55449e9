"""What may not be agreed, whatever it is worth: combinations, implications, budgets, duties.

Outcomes are judged by the normal form in `rules`, which says how the ends of ranges are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError, shown
from bargain.model.issues import LARGEST_INTEGER, Issue, Value
from bargain.model.numbers import finite_number
from bargain.model.outcomes import FrozenMapping
from bargain.model.rules import BUDGET_TOLERANCE, Clause, Line, Literal, merged
from bargain.model.space import OutcomeSpace


@runtime_checkable
class Constraint(Protocol):
    """What every constraint can say about itself."""

    @property
    def name(self) -> str:
        """What it is called; empty if it has no name."""

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless the constraint fits the space."""

    def clauses(self, space: OutcomeSpace) -> tuple[Clause, ...]:
        """Return the clauses it stands for; an empty clause can never hold."""

    def lines(self, space: OutcomeSpace) -> tuple[Line, ...]:
        """Return the budget lines it stands for."""


@dataclass(frozen=True)
class Condition:
    """Some values of one issue, or a range of a numeric one, ends included.

    Attributes
    ----------
    values : tuple or None
    at_least, at_most : float or None
    """

    values: tuple[Value, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None

    @classmethod
    def of(cls, where: str, given: Any) -> Condition:
        """Read a value, a sequence of values, or {"at_least": ..., "at_most": ...}."""
        if isinstance(given, Condition):
            return given
        if isinstance(given, Mapping):
            if not given or set(given) - {"at_least", "at_most"}:
                raise InvalidProblemError.at(where, "at_least, at_most or both", dict(given))
            low, high = (
                finite_number(f"{where}.{side}", given[side]) if side in given else None
                for side in ("at_least", "at_most")
            )
            if low is not None and high is not None and low > high:
                raise InvalidProblemError.at(where, "at_least up to at_most", dict(given))
            return cls(at_least=low, at_most=high)
        listed = isinstance(given, Iterable) and not isinstance(given, str | bytes)
        # numpy gives arrays without axes an __iter__ that raises
        listed = listed and getattr(given, "shape", None) != ()
        values = tuple(given) if listed else (given,)
        if not values:
            raise InvalidProblemError.at(where, "at least one value", given)
        return cls(values=values)

    def check(self, issue: Issue) -> None:
        """Raise InvalidProblemError unless the condition fits the issue."""
        where = f"issue {issue.name!r}"
        if self.values is None:
            if not issue.is_numeric:
                raise InvalidProblemError.at(where, "numbers for at_least and at_most", str(self))
            return
        if not issue.is_finite and len(self.values) > 1:
            raise InvalidProblemError.at(
                where, "one value, or at_least and at_most (continuous)", self.values
            )
        for value in self.values:
            if value not in issue:
                raise InvalidProblemError.at(where, issue.describe(), value)

    def literals(self, issue: Issue, position: int, *, negated: bool = False) -> list[Literal]:
        """Return what makes the condition, or its opposite, true; see the module for ends."""
        if issue.is_finite:
            allowed = np.zeros(int(issue.size), dtype=np.bool_)
            if self.values is not None:
                allowed[[issue.index(value) for value in self.values]] = True
            else:
                low, high = self._range()
                numbers = issue.numbers()
                allowed = (numbers >= low) & (numbers <= high)
            return [Literal(position, allowed ^ negated)]
        low, high = self._range() if self.values is None else (float(self.values[0]),) * 2
        intervals = [Literal(position, low=low, high=high)]
        if negated:
            if low == high:
                raise InvalidProblemError.at(
                    f"issue {issue.name!r}", "a range to avoid on a continuous issue", low
                )
            intervals = [Literal(position, high=low), Literal(position, low=high)]
        least, most = issue.bounds
        # what no value of the issue meets would hide that a clause can never hold
        return [part for part in intervals if part.low <= most and part.high >= least]

    def _range(self) -> tuple[float, float]:
        low = -np.inf if self.at_least is None else self.at_least
        return low, np.inf if self.at_most is None else self.at_most

    def __str__(self) -> str:
        """Say it in words."""
        if self.values is not None:
            return " or ".join(str(value) for value in self.values)
        sides = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{side} {bound:.12g}" for side, bound in sides if bound is not None)


Conditions = Mapping[str, Any]
"""For some issues, by name: a value, several values, or {"at_least": ..., "at_most": ...}."""


@dataclass(frozen=True)
class Mandatory:
    """These conditions must all hold.

    Examples
    --------
    >>> print(Mandatory({"warranty": ["1y", "2y"], "price": {"at_least": 95}}))
    warranty is 1y or 2y, price is at least 95
    """

    conditions: Mapping[str, Condition]
    name: str = ""

    def __init__(self, conditions: Conditions, *, name: str = "") -> None:
        object.__setattr__(self, "conditions", _conditions("mandatory", conditions))
        object.__setattr__(self, "name", str(name))

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless every condition fits its issue."""
        _check(self.conditions, space)

    def clauses(self, space: OutcomeSpace) -> tuple[Clause, ...]:
        """Return one clause a condition."""
        return tuple(merged(literals) for literals in _all(self.conditions, space))

    def lines(self, space: OutcomeSpace) -> tuple[Line, ...]:
        """Return none."""
        return ()

    @property
    def words(self) -> str:
        """What it says, whatever it is called."""
        return _words(self.conditions, ", ")

    def __str__(self) -> str:
        """Call it by its name, or say it in words."""
        return self.name or self.words


@dataclass(frozen=True)
class Forbidden:
    """These conditions may not all hold at once.

    Examples
    --------
    >>> print(Forbidden({"payment_days": 90, "warranty": "2y"}))
    not both: payment_days is 90, warranty is 2y
    """

    conditions: Mapping[str, Condition]
    name: str = ""

    def __init__(self, conditions: Conditions, *, name: str = "") -> None:
        object.__setattr__(self, "conditions", _conditions("forbidden", conditions))
        object.__setattr__(self, "name", str(name))

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless every condition fits its issue."""
        _check(self.conditions, space)
        self.clauses(space)

    def clauses(self, space: OutcomeSpace) -> tuple[Clause, ...]:
        """Return the one clause: some condition fails."""
        return (merged([lit for literals in _none(self.conditions, space) for lit in literals]),)

    def lines(self, space: OutcomeSpace) -> tuple[Line, ...]:
        """Return none."""
        return ()

    @property
    def words(self) -> str:
        """What it says, whatever it is called."""
        several = {1: "not", 2: "not both:"}.get(len(self.conditions), "not all:")
        return f"{several} {_words(self.conditions, ', ')}"

    def __str__(self) -> str:
        """Call it by its name, or say it in words."""
        return self.name or self.words


@dataclass(frozen=True)
class Implication:
    """Where all `given` conditions hold, all `then` conditions must.

    Examples
    --------
    >>> print(Implication({"payment_days": 90}, {"price": {"at_least": 95}}))
    if payment_days is 90 then price is at least 95
    """

    given: Mapping[str, Condition]
    then: Mapping[str, Condition]
    name: str = ""

    def __init__(self, given: Conditions, then: Conditions, *, name: str = "") -> None:
        object.__setattr__(self, "given", _conditions("if", given))
        object.__setattr__(self, "then", _conditions("then", then))
        object.__setattr__(self, "name", str(name))

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless every condition fits its issue."""
        _check(self.given, space)
        _check(self.then, space)
        self.clauses(space)

    def clauses(self, space: OutcomeSpace) -> tuple[Clause, ...]:
        """Return a clause for each consequence: it holds, or something given does not."""
        avoided = [literal for literals in _none(self.given, space) for literal in literals]
        return tuple(merged([*avoided, *literals]) for literals in _all(self.then, space))

    def lines(self, space: OutcomeSpace) -> tuple[Line, ...]:
        """Return none."""
        return ()

    @property
    def words(self) -> str:
        """What it says, whatever it is called."""
        given, then = _words(self.given, " and "), _words(self.then, " and ")
        return f"if {given} then {then}"

    def __str__(self) -> str:
        """Call it by its name, or say it in words."""
        return self.name or self.words


@dataclass(frozen=True)
class Budget:
    """A limit on a weighted sum of numeric issues.

    Met exactly where all that is summed is whole, to within `BUDGET_TOLERANCE` otherwise.

    Examples
    --------
    >>> print(Budget({"rent": 12, "deposit": 1}, at_most=40_000))
    12 rent + 1 deposit at most 40000
    """

    coefficients: Mapping[str, float]
    at_most: float | None = None
    at_least: float | None = None
    name: str = ""

    def __init__(
        self,
        coefficients: Mapping[str, float],
        *,
        at_most: float | None = None,
        at_least: float | None = None,
        name: str = "",
    ) -> None:
        if not isinstance(coefficients, Mapping) or not coefficients:
            raise InvalidProblemError.at(
                "budget", "a mapping from issues to coefficients", coefficients
            )
        checked = {
            issue: finite_number(f"budget[{issue!r}]", coefficient)
            for issue, coefficient in coefficients.items()
        }
        object.__setattr__(self, "coefficients", FrozenMapping(checked))
        for side, bound in (("at_most", at_most), ("at_least", at_least)):
            number = None if bound is None else finite_number(f"budget.{side}", bound)
            object.__setattr__(self, side, number)
        if self.at_most is None and self.at_least is None:
            raise InvalidProblemError.at("budget", "at_most, at_least or both", None)
        if None not in (self.at_least, self.at_most) and self.at_least > self.at_most:  # type: ignore[operator]
            raise InvalidProblemError.at(
                "budget", "at_least up to at_most", (self.at_least, self.at_most)
            )
        object.__setattr__(self, "name", str(name))

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless every issue is numeric."""
        for name in self.coefficients:
            issue = space.issues[_position(name, space)]
            if not issue.is_numeric:
                raise InvalidProblemError.at(
                    f"issue {name!r}", "numbers for a budget", issue.values
                )
        if not np.isfinite(self._reach(space)):
            raise InvalidProblemError.at("budget", "finite sums", self._reach(space))

    def clauses(self, space: OutcomeSpace) -> tuple[Clause, ...]:
        """Return none."""
        return ()

    def lines(self, space: OutcomeSpace) -> tuple[Line, ...]:
        """Return the one line."""
        uses: dict[int, NDArray[np.float64] | float] = {}
        for name, coefficient in self.coefficients.items():
            position = _position(name, space)
            issue = space.issues[position]
            uses[position] = coefficient * issue.numbers() if issue.is_finite else coefficient
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        reach = self._reach(space)
        whole = all(isinstance(use, np.ndarray) and not (use % 1.0).any() for use in uses.values())
        # sums of whole numbers are exact, and a tolerance could let a whole unit pass
        slack = 0.0 if whole and reach <= LARGEST_INTEGER else BUDGET_TOLERANCE * reach
        return (Line(uses, low, high, slack),)

    def _reach(self, space: OutcomeSpace) -> float:
        """Return the largest magnitude that the sum can have."""
        return sum(
            abs(coefficient) * max(abs(bound) for bound in space.issues[position].bounds)
            for name, coefficient in self.coefficients.items()
            for position in [_position(name, space)]
        )

    @property
    def words(self) -> str:
        """What it says, whatever it is called."""
        total = " + ".join(f"{number:.12g} {issue}" for issue, number in self.coefficients.items())
        sides = (("at least", self.at_least), ("at most", self.at_most))
        limits = " and ".join(f"{side} {bound:.12g}" for side, bound in sides if bound is not None)
        return f"{total} {limits}"

    def __str__(self) -> str:
        """Call it by its name, or say it in words."""
        return self.name or self.words


def _conditions(where: str, given: Any) -> FrozenMapping[str, Condition]:
    if not isinstance(given, Mapping) or not given:
        raise InvalidProblemError.at(where, "a mapping from issues to conditions", given)
    return FrozenMapping(
        {name: Condition.of(f"{where}[{shown(name)}]", wanted) for name, wanted in given.items()}
    )


def _position(name: str, space: OutcomeSpace) -> int:
    if name not in space.names:
        raise InvalidProblemError.at("issue", f"one of {', '.join(space.names)}", name)
    return space.names.index(name)


def _check(conditions: Mapping[str, Condition], space: OutcomeSpace) -> None:
    for name, condition in conditions.items():
        condition.check(space.issues[_position(name, space)])


def _all(conditions: Mapping[str, Condition], space: OutcomeSpace) -> list[list[Literal]]:
    return _each(conditions, space, negated=False)


def _none(conditions: Mapping[str, Condition], space: OutcomeSpace) -> list[list[Literal]]:
    return _each(conditions, space, negated=True)


def _each(
    conditions: Mapping[str, Condition], space: OutcomeSpace, *, negated: bool
) -> list[list[Literal]]:
    placed = [(_position(name, space), condition) for name, condition in conditions.items()]
    return [
        condition.literals(space.issues[position], position, negated=negated)
        for position, condition in placed
    ]


def _words(conditions: Mapping[str, Condition], joint: str) -> str:
    return joint.join(f"{name} is {condition}" for name, condition in conditions.items())
