"""The values of outcomes by issue, numbered: what models and likeness look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bargain.errors import TooLargeError
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.model.space import OutcomeSpace


@dataclass(frozen=True, eq=False)
class IssueValues:
    """Which value each outcome of a finite space has on each issue.

    Attributes
    ----------
    digits : ndarray of int64, shape (n_outcomes, n_issues)
        Position of the issue's value.
    offsets : ndarray of int64, shape (n_issues + 1,)
        Where each issue's values start, were all numbered through.
    spans : ndarray, shape (n_issues,)
        Steps between the ends of an issue of numbers; 0 where values are equal or not.
    """

    digits: NDArray[np.int64]
    offsets: NDArray[np.int64]
    spans: NDArray[np.float64]

    @classmethod
    def of(cls, space: OutcomeSpace) -> IssueValues:
        """Lay out a finite space; O(n_outcomes n_issues) time and memory, kept for the last ones.

        Raises
        ------
        TooLargeError
            If it would take more than `ENUMERATION_LIMIT` numbers.
        """
        return _laid_out(space)

    @classmethod
    def at(cls, space: OutcomeSpace, digits: NDArray[np.int64]) -> IssueValues:
        """Make it of some outcomes of a finite space, given by the positions of their values."""
        sizes = [int(issue.size) for issue in space.issues]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        spans = [float(issue.size - 1) if issue.is_numeric else 0.0 for issue in space.issues]
        values = cls(np.ascontiguousarray(digits), offsets, np.array(spans))
        for array in (values.digits, values.offsets, values.spans):
            array.setflags(write=False)
        return values

    def likeness(self, row: int, other: int) -> float:
        """Return how alike two outcomes are, in [0, n_issues].

        Each issue adds 1 for equal values; between values that differ, an issue of numbers adds 1
        less their distance in steps over the steps of its scale, any other nothing.
        """
        total = 0.0
        for j, span in enumerate(self.spans):
            apart = abs(int(self.digits[row, j]) - int(self.digits[other, j]))
            if span > 0:
                total += 1.0 - apart / float(span)
            elif apart == 0:
                total += 1.0
        return total


@lru_cache(maxsize=8)
def _laid_out(space: OutcomeSpace) -> IssueValues:
    sizes = [int(issue.size) for issue in space.issues]
    if int(space.size) * len(sizes) > ENUMERATION_LIMIT:
        raise TooLargeError.at(
            "values of outcomes",
            f"at most {ENUMERATION_LIMIT // len(sizes)} outcomes of {len(sizes)} issues",
            space.size,
        )
    digits = np.empty((int(space.size), len(sizes)), dtype=np.int64)
    for j, column in enumerate(np.unravel_index(np.arange(int(space.size)), sizes)):
        digits[:, j] = column
    return IssueValues.at(space, digits)
