"""Outcomes of additive spaces that cannot be laid out, found by what one party has of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SUMS = 4096
"""Most sums that are kept of half of the issues."""

MOST_CANDIDATES = 1 << 20
"""Most sums looked at when an issue is added."""


@dataclass(frozen=True, eq=False)
class Half:
    """Sums of worths over some issues, one outcome for each, increasing.

    Attributes
    ----------
    sums : ndarray, shape (n,)
    positions : ndarray of int64, shape (n, n_issues)
        Position of each issue's value. Of equal sums the first in this order is kept.
    ranks : ndarray of int64, shape (n,)
        Place of each in the order of positions.
    is_whole : bool
        Whether every sum that exists is here.
    """

    sums: Reals
    positions: Integers
    ranks: Integers
    is_whole: bool

    @classmethod
    def of(cls, worths: Sequence[Reals]) -> Half:
        """Add up issues one by one; where there are too many sums, keep the least in each of
        `MOST_SUMS` equal intervals, and the largest.
        """
        half = cls(np.zeros(1), np.zeros((1, 0), dtype=np.int64), np.zeros(1, dtype=np.int64), True)
        for added in worths:
            half = half._with(np.asarray(added))
        return half

    def _with(self, worths: Reals) -> Half:
        values, value_places = _distinct(worths, np.arange(len(worths)))
        kept = _spread(values, MOST_CANDIDATES // 2)
        is_whole = self.is_whole and len(kept) == len(values)
        values, value_places = values[kept], value_places[kept]
        mine = _spread(self.sums, max(MOST_CANDIDATES // len(values), 2))
        total = (self.sums[mine, None] + values).ravel()
        # first in the order of positions: by the issues so far, then by the new one
        places = (self.ranks[mine, None] * len(worths) + value_places).ravel()
        sums, chosen = _distinct(total, places)
        few = _spread(sums, MOST_SUMS)
        is_whole = is_whole and len(mine) == len(self.sums) and len(few) == len(sums)
        sums, chosen = sums[few], chosen[few]
        before = np.argsort(self.ranks)[chosen // len(worths)]
        positions = np.column_stack([self.positions[before], chosen % len(worths)])
        return Half(sums, positions, _ranks(chosen), is_whole)


@dataclass(frozen=True, eq=False)
class Sums:
    """What one party has of the outcomes of an additive space, however many there are.

    The issues are halved, and only sums over each half are laid out, `MOST_SUMS` at most: an
    outcome is a pair of them. So O(MOST_SUMS) is what a target takes, and memory does not
    depend on the number of outcomes.
    """

    first: Half
    second: Half
    exponent: int
    """Worths are divided by two to this, so that no sum overflows."""

    @classmethod
    def of(cls, worths: Sequence[Reals]) -> Sums:
        """Prepare the search; worths holds what each value of each issue adds, weight included."""
        largest = max(float(np.abs(issue).max()) for issue in worths)
        exponent = int(np.frexp(largest)[1]) + len(worths).bit_length() if largest > 0 else 0
        scaled = [np.ldexp(issue, -exponent) for issue in worths]
        middle = _middle([len(issue) for issue in worths])
        return cls(Half.of(scaled[:middle]), Half.of(scaled[middle:]), exponent)

    @property
    def is_exact(self) -> bool:
        """Whether no sum was left out, so that what is found is the nearest there is."""
        return self.first.is_whole and self.second.is_whole

    def at_least(self, targets: Reals) -> Integers:
        """Return the outcome with the least sum found at or above each target.

        Of equal sums the one of the lowest row; the best outcome where the target is above it.

        Returns
        -------
        ndarray of int64, shape (n_targets, n_issues)
            Position of each issue's value.
        """
        from bargain.kernels.halves import least_pairs

        found = np.empty((len(targets), 2), dtype=np.int64)
        scaled = np.ldexp(np.asarray(targets, dtype=np.float64), -self.exponent)
        least_pairs(self.first.sums, self.second.sums, self.first.ranks, scaled, found)
        parts = (self.first.positions[found[:, 0]], self.second.positions[found[:, 1]])
        return np.concatenate(parts, axis=1)


def best_positions(worths: Sequence[Reals], count: int) -> Integers:
    """Return the outcomes with the largest sums, the best first, ties by the lowest row.

    Parameters
    ----------
    worths : sequence of ndarray
        What each value of each issue adds.
    count : int
        How many, at least 1; fewer are returned where there are fewer.

    Returns
    -------
    ndarray of int64, shape (n, n_issues)

    Notes
    -----
    The i-th best of some issues goes with the j-th best value of the next only if (i + 1)(j + 1)
    is at most `count`, as so many sums are no worse: O(count log count) an issue.
    """
    sums, positions = np.zeros(1), np.zeros((1, 0), dtype=np.int64)
    ranks = np.zeros(1, dtype=np.int64)
    for added in worths:
        liked = np.argsort(-added, kind="stable")[:count]
        pairs = [
            (np.arange(min(len(sums), count // (j + 1))), value) for j, value in enumerate(liked)
        ]
        before = np.concatenate([places for places, _ in pairs])
        value = np.repeat(liked, [len(places) for places, _ in pairs])
        total = sums[before] + added[value]
        places = ranks[before] * len(added) + value
        order = np.lexsort((places, -total))[:count]
        sums, ranks = total[order], _ranks(places[order])
        positions = np.column_stack([positions[before[order]], value[order]])
    return positions


def _middle(sizes: Sequence[int]) -> int:
    """Return where the larger half of the issues is smallest by its number of outcomes."""
    logs = np.log(np.array(sizes, dtype=np.float64))
    ends = np.cumsum(logs)
    larger = np.maximum(ends, ends[-1] - ends)
    return int(np.argmin(larger)) + 1


def _ranks(places: Integers) -> Integers:
    """Return the rank of each of some different numbers, shape (n,)."""
    ranks = np.empty(len(places), dtype=np.int64)
    ranks[np.argsort(places)] = np.arange(len(places))
    return ranks


def _distinct(sums: Reals, places: Integers) -> tuple[Reals, Integers]:
    """Return different sums, increasing, and the lowest place of each."""
    order = np.lexsort((places, sums))
    ordered = sums[order]
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first], places[order[first]]


def _spread(sums: Reals, most: int) -> NDArray[np.intp]:
    """Return which of some increasing sums to keep: all, or the least of each interval."""
    if len(sums) <= most:
        return np.arange(len(sums))
    # the largest has an interval of its own
    intervals = ((sums - sums[0]) / (sums[-1] - sums[0]) * (most - 1)).astype(np.int64)
    first = np.ones(len(sums), dtype=bool)
    first[1:] = intervals[1:] != intervals[:-1]
    return np.flatnonzero(first)
