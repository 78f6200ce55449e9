"""One thing to settle, and the values it can take."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    InvalidArgumentError,
    InvalidOutcomeError,
    InvalidProblemError,
    UnsupportedProblemError,
    shown,
)
from bargain.model.numbers import finite_number, is_number, whole_number

Value = str | int | float | bool
Kind = Literal["choice", "integer", "continuous"]

LARGEST_INTEGER = 2**53
"""Largest magnitude of an integer issue's values: all of them are exact as floats."""


@dataclass(frozen=True)
class Issue:
    """One thing to settle: a choice among values, a whole number, or a real number.

    Build one with `Issue.choice`, `Issue.integer` or `Issue.continuous`.

    Attributes
    ----------
    name : str
        Unique within its outcome space.
    kind : {"choice", "integer", "continuous"}
    values : sequence
        The values of a choice issue in their declared order, a tuple; those of an integer issue,
        a `range`, however many they are. Empty for a continuous issue, whose values can't be
        listed.
    low, high : int or float or None
        Inclusive bounds of an integer or continuous issue.
    step : int or None
        Distance between neighbouring values of an integer issue.
    unit : str or None
        What the numbers are counted in, such as "EUR" or "days".

    Examples
    --------
    >>> days = Issue.integer("payment_days", 30, 90, step=15, unit="days")
    >>> days.size, days.value(2), days.index(60), list(days.values)
    (5, 60, 2, [30, 45, 60, 75, 90])
    """

    name: str
    kind: Kind
    values: Sequence[Value] = ()
    low: float | None = None
    high: float | None = None
    step: int | None = None
    unit: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise InvalidProblemError.at("issue name", "a non-empty string", self.name)
        if self.unit is not None and not isinstance(self.unit, str):
            raise InvalidProblemError.at(f"issue {self.name!r}: unit", "a string", self.unit)
        if self.kind == "choice":
            self._check_choice()
        elif self.kind == "integer":
            self._check_integer()
        elif self.kind == "continuous":
            self._check_continuous()
        else:
            raise InvalidProblemError.at(
                f"issue {self.name!r}: kind", "'choice', 'integer' or 'continuous'", self.kind
            )

    @classmethod
    def choice(cls, name: str, values: Iterable[Value], *, unit: str | None = None) -> Issue:
        """Make an issue settled by choosing one of some values (text, numbers, true/false).

        Two values that are equal or read the same as text are refused as duplicates, so that
        every value survives a trip through a file.
        """
        return cls(name, "choice", values, unit=unit)  # type: ignore[arg-type]

    @classmethod
    def integer(
        cls, name: str, low: int, high: int, step: int = 1, *, unit: str | None = None
    ) -> Issue:
        """Make an issue settled by a whole number: low, low + step, ..., high (inclusive)."""
        return cls(name, "integer", low=low, high=high, step=step, unit=unit)

    @classmethod
    def continuous(cls, name: str, low: float, high: float, *, unit: str | None = None) -> Issue:
        """Make an issue settled by a real number between low and high, both included."""
        return cls(name, "continuous", low=low, high=high, unit=unit)

    def _check_choice(self) -> None:
        where = f"issue {self.name!r}: values"
        if isinstance(self.values, str | bytes) or not isinstance(self.values, Iterable):
            raise InvalidProblemError.at(where, "a sequence of values", self.values)
        object.__setattr__(self, "values", tuple(_plain(value) for value in self.values))
        if not self.values:
            raise InvalidProblemError.at(where, "at least one value", self.values)
        seen: dict[Any, Value] = {}
        for value in self.values:
            if not isinstance(value, str | int | float):
                raise InvalidProblemError.at(where, "text, numbers or true/false", value)
            # an int can be too large for a float
            if not isinstance(value, str) and not abs(value) <= sys.float_info.max:
                raise InvalidProblemError.at(where, "finite numbers", value)
            for key in {value, str(value)}:
                if key in seen:
                    raise InvalidProblemError(
                        f"{where}: expected distinct values, got {shown(seen[key])} and "
                        f"{shown(value)}"
                    )
            seen[value] = seen[str(value)] = value

    def _check_integer(self) -> None:
        where = f"issue {self.name!r}"
        low = whole_number(f"{where}: low", self.low)
        high = whole_number(f"{where}: high", self.high, at_least=low)
        step = whole_number(f"{where}: step", self.step, at_least=1)
        largest = max(low, high, step, key=abs)
        if abs(largest) > LARGEST_INTEGER:
            raise InvalidProblemError.at(where, f"whole numbers up to {LARGEST_INTEGER}", largest)
        if (high - low) % step:
            raise InvalidProblemError(
                f"{where}: expected high = low + a multiple of step, got low {low}, high {high}, "
                f"step {step}"
            )
        for attribute, value in (("low", low), ("high", high), ("step", step)):
            object.__setattr__(self, attribute, value)
        object.__setattr__(self, "values", range(low, high + 1, step))

    def _check_continuous(self) -> None:
        where = f"issue {self.name!r}"
        low = finite_number(f"{where}: low", self.low)
        high = finite_number(f"{where}: high", self.high)
        if not low < high or not math.isfinite(high - low):
            raise InvalidProblemError.at(f"{where}: low < high", "low below high", (low, high))
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "values", ())

    @property
    def is_finite(self) -> bool:
        """Whether the issue has finitely many values."""
        return self.kind != "continuous"

    @property
    def size(self) -> int | float:
        """Number of values; infinity for a continuous issue."""
        if self.kind == "choice":
            return len(self.values)
        if self.kind == "integer":
            return int(self.high - self.low) // self.step + 1  # type: ignore[operator]
        return math.inf

    @property
    def is_numeric(self) -> bool:
        """Whether every value is a number, so that linear value functions apply."""
        return self.kind != "choice" or all(is_number(value) for value in self.values)

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and largest value of a numeric issue."""
        if self.kind == "choice":
            numbers = [float(value) for value in self.values]
            return min(numbers), max(numbers)
        return self.low, self.high  # type: ignore[return-value]

    def numbers(self) -> NDArray[np.float64]:
        """Return every value of a finite numeric issue as a float, shape (size,)."""
        if self.kind == "choice":
            return np.array(self.values, dtype=np.float64)
        steps: NDArray[np.float64] = np.arange(int(self.size), dtype=np.float64)
        return float(self.low or 0) + steps * float(self.step or 1)

    def value(self, index: int) -> Value:
        """Return the value at a position, 0 <= index < size, of a finite issue."""
        self._check_finite("value()")
        if not 0 <= index < self.size:
            raise InvalidArgumentError.at(
                f"issue {self.name!r}: index", f"a position from 0 to {self.size - 1}", index
            )
        if self.kind == "choice":
            return self.values[index]
        return int(self.low) + index * self.step  # type: ignore[arg-type,operator]

    def index(self, value: Any) -> int:
        """Return the position of a value of a finite issue.

        Raises
        ------
        InvalidOutcomeError
            If the issue does not have that value.
        UnsupportedProblemError
            If the issue is continuous.
        """
        self._check_finite("index()")
        value = self.normalize(value)
        if self.kind == "choice":
            return self._positions[value]
        return int(value - self.low) // self.step  # type: ignore[operator]

    def normalize(self, value: Any) -> Value:
        """Return a value in the issue's own type (`numpy.int64(3)` as 3), or raise.

        Raises
        ------
        InvalidOutcomeError
            If the value is not one of the issue's: wrong type, out of bounds, off the step.
        """
        value = _plain(value)
        if self.kind == "choice":
            position = self._positions.get(value) if isinstance(value, str | int | float) else None
            # True == 1 and 1.0 == 1 in Python; a truth value is not a number here
            if position is not None:
                found = self.values[position]
                if isinstance(found, bool) == isinstance(value, bool):
                    return found
        elif is_number(value) and self.low <= value <= self.high:
            if self.kind == "continuous":
                return float(value)
            if float(value).is_integer() and (int(value) - self.low) % self.step == 0:  # type: ignore[operator]
                return int(value)
        raise InvalidOutcomeError.at(f"issue {self.name!r}", self.describe(), value)

    def _check_finite(self, what: str) -> None:
        if not self.is_finite:
            raise UnsupportedProblemError.at(
                f"issue {self.name!r}: {what}", "a finite issue", self.kind
            )

    def __contains__(self, value: object) -> bool:
        """Whether the issue can take the value."""
        try:
            self.normalize(value)
        except InvalidOutcomeError:
            return False
        return True

    @cached_property
    def _positions(self) -> dict[Value, int]:
        return {value: position for position, value in enumerate(self.values)}

    def describe(self) -> str:
        """Say in words which values the issue takes."""
        unit = f" {self.unit}" if self.unit else ""
        if self.kind == "choice":
            some = ", ".join(shown(value) for value in self.values[:8])
            return f"one of {some}{', ...' if len(self.values) > 8 else ''}{unit}"
        if self.kind == "integer":
            step = f" in steps of {self.step}" if self.step != 1 else ""
            return f"a whole number from {self.low} to {self.high}{step}{unit}"
        return f"a number from {self.low:g} to {self.high:g}{unit}"


def _plain(value: Any) -> Any:
    """Turn a numpy scalar or a `Decimal` into the Python value it stands for."""
    if isinstance(value, Decimal):
        return _number(value)
    item = getattr(value, "item", None)
    return item() if item is not None and getattr(value, "shape", None) == () else value


def _number(value: Decimal) -> int | float:
    """Return a number as it is counted in; signalling NaN as NaN."""
    if value.is_nan():
        return math.nan
    if value.is_finite() and abs(value) < LARGEST_INTEGER and value == value.to_integral_value():
        return int(value)
    return float(value)
