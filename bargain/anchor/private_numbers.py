"""The numbers of an advice that only the principal may see."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class PrivateNumbers:
    """Numbers by where they stand in the private half of an advice."""

    by_place: Mapping[str, float]

    def knows(self, number: Decimal) -> bool:
        """Whether a number is a private one, also rounded to its digits, as a share or percent."""
        near = 0.06 * abs(float(number))  # rounded to two digits, a number is off by 5 % at most
        return any(
            abs(float(number) - shown) <= near and _is_rounded(number, shown)
            for shown in self._shown
        )

    @cached_property
    def _shown(self) -> frozenset[float]:
        values = self.by_place.values()
        return frozenset(s for v in values for s in (v, -v, *_other_scales(v)))


def private_numbers(private: Any) -> PrivateNumbers:
    """Collect every number in the private half of an advice, whatever fields it has."""
    return PrivateNumbers(dict(_numbers("", private)))


def _other_scales(value: float) -> tuple[float, ...]:
    """Return a number as a percentage and as a share; none of 0, 1 and 100, which tell nothing."""
    return () if abs(value) in (0.0, 1.0, 100.0) else (100 * value, value / 100)


def _numbers(where: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        if math.isfinite(value):
            yield where, float(value)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _numbers(f"{where}.{field.name}".lstrip("."), getattr(value, field.name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _numbers(f"{where}.{name}", item)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _numbers(f"{where}[{i}]", item)


def _is_rounded(number: Decimal, value: float) -> bool:
    if float(number) == value:
        return True
    digits = len(number.normalize().as_tuple().digits)
    return digits >= 2 and float(f"{value:.{digits}g}") == float(number)
