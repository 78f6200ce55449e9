"""Plain data of a JSON file, taken apart with errors that name the place."""

from __future__ import annotations

import math
from typing import Any

from bargain.errors import FileFormatError, shown
from bargain.model.numbers import is_number


def mapping(data: Any, where: str) -> dict[str, Any]:
    """Return data that must be a mapping."""
    if not isinstance(data, dict):
        raise FileFormatError(f"{where}: expected a mapping, got {shown(data)}")
    return data


def member(data: Any, key: str, where: str) -> Any:
    """Return what a mapping has under a key that must be there."""
    if key not in mapping(data, where):
        raise FileFormatError(f"{where}: expected the field {key}, got nothing")
    return data[key]


def number(data: Any, where: str) -> float:
    """Return data that must be a finite number."""
    try:
        value = float(data) if is_number(data) else math.nan
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise FileFormatError(f"{where}: expected a finite number, got {shown(data)}")
    return value
