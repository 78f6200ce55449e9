"""Arrays that are handed out and must not be written to."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = TypeVar("Array", bound=NDArray[Any])


def frozen(array: Array) -> Array:
    """Make an array of our own read-only, and return it."""
    array.setflags(write=False)
    return array


def fixed(values: Any) -> NDArray[np.float64]:
    """Return numbers as a new array of float64 that is read-only."""
    return frozen(np.array(values, dtype=np.float64))
