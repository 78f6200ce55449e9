"""What counts as a number in a problem, checked in one place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from bargain.errors import BargainError, InvalidProblemError, shown


def is_number(value: Any) -> bool:
    """Tell whether a value is a real number; truth values and text are not."""
    return isinstance(value, Real) and type(value).__name__ not in ("bool", "bool_")


def finite_number(
    where: str,
    value: Any,
    *,
    at_least: float = -math.inf,
    error: type[BargainError] = InvalidProblemError,
) -> float:
    """Return a value as a float, or raise an error that names the place."""
    bound = "" if at_least == -math.inf else f" >= {at_least:g}"
    # float() of a huge int overflows rather than giving infinity
    try:
        number = float(value) if is_number(value) else math.nan
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or number < at_least:
        raise error.at(where, f"a finite number{bound}", value)
    return number


def whole_number(
    where: str,
    value: Any,
    *,
    at_least: int | None = None,
    error: type[BargainError] = InvalidProblemError,
) -> int:
    """Return a value as an int, or raise an error that names the place."""
    whole = is_number(value) and (
        isinstance(value, Integral) or (math.isfinite(value) and float(value).is_integer())
    )
    if not whole or (at_least is not None and int(value) < at_least):
        bound = "" if at_least is None else f" >= {shown(at_least)}"
        raise error.at(where, f"a whole number{bound}", value)
    return int(value)


def large_number(count: float) -> str:
    """Show how many there are: up to a million million in full, beyond by the power of ten."""
    if count <= 1e12 or count == math.inf:
        return f"{count}"
    power = math.floor(math.log10(count))
    leading = f"{10 ** (math.log10(count) - power):.2g}"
    if leading == "10":  # 9.96 rounded
        power, leading = power + 1, "1"
    return f"10^{power}" if leading == "1" else f"{leading} * 10^{power}"


def counted(count: int, what: str) -> str:
    """Return a number of things, in words: 1 issue, 2 issues."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def per_party(
    where: str,
    values: Any,
    parties: Sequence[str],
    *,
    error: type[BargainError] = InvalidProblemError,
) -> list[Any]:
    """Return one value per party, in party order, from a sequence or a mapping by name."""
    if isinstance(values, Mapping):
        if set(values) != set(parties):
            raise error.at(where, f"one for each of {', '.join(parties)}", dict(values))
        return [values[party] for party in parties]
    try:
        listed = [] if isinstance(values, str | bytes) else list(values)
    except TypeError:  # among others an array of no dimensions, which says it is iterable
        listed = []
    if len(listed) != len(parties):
        raise error.at(where, f"{len(parties)} numbers, one per party", values)
    return listed


def discount_factor(
    where: str, value: Any, *, error: type[BargainError] = InvalidProblemError
) -> float:
    """Return a discount factor, a number in (0, 1]."""
    number = finite_number(where, value, error=error)
    if not 0.0 < number <= 1.0:
        raise error.at(where, "a discount factor in (0, 1]", value)
    return number


def unit_number(
    where: str, value: Any, *, error: type[BargainError] = InvalidProblemError
) -> float:
    """Return a number in [0, 1]."""
    number = finite_number(where, value, error=error)
    if not 0.0 <= number <= 1.0:
        raise error.at(where, "a number in [0, 1]", value)
    return number


def inner_number(
    where: str, value: Any, *, error: type[BargainError] = InvalidProblemError
) -> float:
    """Return a number between 0 and 1, neither of them, such as a level of confidence."""
    number = finite_number(where, value, error=error)
    if not 0.0 < number < 1.0:
        raise error.at(where, "a number between 0 and 1", value)
    return number


def positive_number(
    where: str, value: Any, *, error: type[BargainError] = InvalidProblemError
) -> float:
    """Return a finite number above 0."""
    number = finite_number(where, value, error=error)
    if number <= 0.0:
        raise error.at(where, "a finite number > 0", value)
    return number
