"""Many problems given as arrays, and what can be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.utilities import LARGEST_UTILITY

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearIssues:
    """Many two-party problems whose issues are numbers and linear for both parties.

    Problem i and its issue j are worth `at_low[i, j]` to the two parties at the issue's lower
    end, `at_high[i, j]` at its upper end, and in proportion between. A utility is the sum over
    issues. Problems with fewer issues are filled up with NaN.

    Attributes
    ----------
    at_low, at_high : array-like, shape (n_problems, n_issues, 2)
    low, high : array-like, broadcast to (n_problems, n_issues)
        The ends themselves, for the answer's `values`, low <= high; 0 and 1 by default.
    disagreement_points : array-like, broadcast to (n_problems, 2)
        What each party has without an agreement, where `solve_many` is told nothing else; 0 by
        default.
    """

    at_low: Any
    at_high: Any
    low: Any = 0.0
    high: Any = 1.0
    disagreement_points: Any = 0.0

    def __post_init__(self) -> None:
        low, high = both_ends(self.at_low, self.at_high)
        for name, array in (("at_low", low), ("at_high", high)):
            kept = array.copy()
            kept.setflags(write=False)
            object.__setattr__(self, name, kept)
        for name in ("low", "high"):
            ends = broadcast(name, getattr(self, name), low.shape[:2], "(n_problems, n_issues)")
            object.__setattr__(self, name, ends)
        points = disagreement_rows(self.disagreement_points, (len(low), 2))
        points.setflags(write=False)
        object.__setattr__(self, "disagreement_points", points)

    def faults(self, points: Reals) -> list[str]:
        """Return for each problem what is wrong with its numbers; nothing where all is well."""
        texts = faults("at_low", [self.at_low, self.at_high], points, "issues")
        end_faults(texts, self.low, self.high, ~np.isnan(self.at_low[..., 0]))
        return texts


def reals(name: str, given: Any) -> Reals:
    """Return an array of numbers, C-ordered; the caller's own where it is one already."""
    try:
        return np.ascontiguousarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError.at(name, "an array of numbers", given) from None


def both_ends(at_low: Any, at_high: Any) -> tuple[Reals, Reals]:
    """Return what issues are worth at both ends, two arrays (n_problems, n_issues, 2), or raise."""
    low, high = reals("at_low", at_low), reals("at_high", at_high)
    for name, array in (("at_low", low), ("at_high", high)):
        if array.ndim != 3 or array.shape[2] != 2 or array.shape != low.shape:
            raise InvalidArgumentError.at(
                name, "shape (n_problems, n_issues, 2), the same for both ends", array.shape
            )
    return low, high


def broadcast(name: str, given: Any, shape: tuple[int, ...], words: str) -> Reals:
    """Return an array of a shape, a copy; `words` name the shape."""
    array = reals(name, given)
    try:
        # always a copy of its own: kernels are compiled anew for read-only views
        return np.array(np.broadcast_to(array, shape), order="C")
    except ValueError:
        raise InvalidArgumentError.at(
            name, f"something that broadcasts to {words} = {shape}", array.shape
        ) from None


def disagreement_rows(given: Any, shape: tuple[int, int]) -> Reals:
    """Return disagreement points, one row a problem; 0 by default."""
    words = "(n_problems, n_parties)"
    return broadcast("disagreement_points", 0.0 if given is None else given, shape, words)


def weight_rows(given: Any, shape: tuple[int, int]) -> Reals:
    """Return weights that sum to 1, one row a problem."""
    powers = broadcast("weights", 1.0 if given is None else given, shape, "(n_problems, n_parties)")
    right = np.isfinite(powers) & (powers >= 0)
    wrong = np.flatnonzero(~right.all(axis=1) | ~(powers > 0).any(axis=1))
    if len(wrong):
        raise InvalidArgumentError.at(
            "weights", "finite numbers >= 0, at least one above 0", powers[wrong[0]].tolist()
        )
    # first by the largest, since the sum of weights near 1e308 would overflow
    powers = powers / powers.max(axis=1, keepdims=True)
    normalized: Reals = powers / powers.sum(axis=1, keepdims=True)
    return normalized


def faults(name: str, arrays: list[Reals], points: Reals, what: str) -> list[str]:
    """Return for each problem what is wrong with its numbers; nothing where all is well."""
    texts = [""] * len(points)
    # a sum over issues must not overflow either
    limit = LARGEST_UTILITY if what == "outcomes" else LARGEST_UTILITY / max(1, arrays[0].shape[1])
    plain = all(
        array.size > 0 and array.min() >= -limit and array.max() <= limit
        for array in (*arrays, points)
    )
    if plain:
        return texts
    # an outcome or an issue is a row of numbers, or all NaN where there is none
    missing = np.all([np.isnan(array).all(axis=2) for array in arrays], axis=0)
    whole = np.all([(np.abs(array) <= limit).all(axis=2) for array in arrays], axis=0)
    for i, j in zip(*np.nonzero(~(missing | whole)), strict=True):
        if not texts[i]:
            got = ", ".join(str(array[i, j].tolist()) for array in arrays)
            texts[i] = f"{name}[{i}, {j}]: expected numbers up to {limit:g} or all NaN, got {got}"
    for i in np.flatnonzero(missing.all(axis=1)):
        texts[i] = texts[i] or f"{name}[{i}]: expected {what}, got none"
    for i in np.flatnonzero(~(np.abs(points) <= LARGEST_UTILITY).all(axis=1)):
        got = points[i].tolist()
        texts[i] = texts[i] or (
            f"disagreement_points[{i}]: expected numbers up to {LARGEST_UTILITY:g}, got {got}"
        )
    return texts


def end_faults(texts: list[str], low: Reals, high: Reals, present: NDArray[np.bool_]) -> None:
    """Say of problems without a fault so far where an issue's ends are none, in place.

    low, high, present (n_problems, n_issues): the ends, and whether there is such an issue.
    """
    fit = np.isfinite(low) & np.isfinite(high) & (low <= high)
    for i, j in zip(*np.nonzero(~fit & present), strict=True):
        texts[i] = texts[i] or (
            f"low[{i}, {j}]: expected finite ends, low <= high, got "
            f"{low[i, j]:g} and {high[i, j]:g}"
        )
