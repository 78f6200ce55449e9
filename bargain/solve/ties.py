"""The one tolerance by which two utilities, ratios or log-products count as tied."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TIE_TOLERANCE = 1e-12
"""Relative to the largest magnitude compared, or to a stated size if that is larger. Only ties
between candidates for a solution use it: individual rationality and dominance are compared
exactly, in float64."""

SUM_TIES_OPEN = "the sum is proven, what is nearest to equal gains among its ties is not"
NEXT_OPEN = "the least ratio is proven, the next are not"
"""What certificates note where ties are too many to tell which is the best of them."""


def ties_are_open(note: str) -> bool:
    """Return whether a certificate's note leaves open which of the ties is the best."""
    return note.endswith(SUM_TIES_OPEN) or NEXT_OPEN in note


def lexicographic_best(
    columns: NDArray[np.float64],
    among: NDArray[np.bool_] | None = None,
    *,
    size: float = 0.0,
) -> NDArray[np.bool_]:
    """Mark the rows whose first entry ties with the largest, of these the second, and so on.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
    among : ndarray of bool, shape (n,), optional
        Rows to choose from; all by default.
    size : float
        What numbers in the columns are measured by at least: differences of numbers that are all
        near 0 may be rounding and nothing else.
    """
    best = np.ones(len(columns), dtype=bool) if among is None else among.copy()
    for column in range(columns.shape[1]):
        best &= ties_with_best(np.where(best, columns[:, column], -np.inf), size=size)
    return best


def ties_with_best(values: NDArray[np.float64], *, size: float = 0.0) -> NDArray[np.bool_]:
    """Mark the entries that tie with the largest; entries may be -inf, not NaN."""
    best = values.max()
    scale = np.abs(values[np.isfinite(values)]).max(initial=size)
    mask: NDArray[np.bool_] = (values >= best - TIE_TOLERANCE * scale) | (values == best)
    return mask
