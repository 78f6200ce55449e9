"""Outcomes of additive spaces that cannot be laid out, found by what one party has of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_SUMS = 4096
"""Most sums that are kept of half of the issues."""

MOST_WHOLE = 100_000
"""Most outcomes of half of the issues for which all sums are kept where it matters most."""

MOST_CANDIDATES = 1 << 20
"""Most sums looked at when an issue is added."""


@dataclass(frozen=True, eq=False)
class Half:
    """Sums of worths over some issues, in increasing order, and the outcomes that have them.

    Attributes
    ----------
    sums : ndarray, shape (n,)
        Added up issue by issue.
    positions : ndarray of int64, shape (n, n_issues)
        Position of each issue's value.
    ranks : ndarray of int64, shape (n,)
        Place of each in the order of positions.
    is_whole : bool
        Whether nothing was left out that could matter to a whole sum.
    """

    sums: Reals
    positions: Integers
    ranks: Integers
    is_whole: bool

    @classmethod
    def of(cls, worths: Sequence[Reals], *, most: int = MOST_SUMS, starts: bool = True) -> Half:
        """Add up issues one by one.

        Parameters
        ----------
        worths : sequence of ndarray
        most : int
            Where there are more sums, the least in each of so many equal intervals is kept, and
            the largest.
        starts : bool
            Whether whole sums start with these issues. Of equal sums the first in the order of
            positions is enough then; when these are added to others, rounding may tell apart what
            is equal by itself, and equals are kept as long as there are few.
        """
        half = cls(np.zeros(1), np.zeros((1, 0), dtype=np.int64), np.zeros(1, dtype=np.int64), True)
        for added in worths:
            half = half._with(np.asarray(added), most, starts=starts)
        return half

    def _with(self, worths: Reals, most: int, *, starts: bool) -> Half:
        values, value_places = _distinct(worths, np.arange(len(worths)))
        kept = _spread(values, MOST_CANDIDATES // 2)
        is_whole = self.is_whole and len(kept) == len(values)
        values, value_places = values[kept], value_places[kept]
        mine = _spread(self.sums, max(MOST_CANDIDATES // len(values), 2))
        is_whole = is_whole and len(mine) == len(self.sums)
        sums = (self.sums[mine, None] + values).ravel()
        # first in the order of positions: by the issues so far, then by the new one
        places = (self.ranks[mine, None] * len(worths) + value_places).ravel()
        if starts or len(sums) > most:
            count = len(sums)
            sums, places = _distinct(sums, places)
            few = _spread(sums, most)
            is_whole = is_whole and (len(few) == len(sums) if starts else len(few) == count)
            sums, places = sums[few], places[few]
        else:
            order = np.lexsort((places, sums))
            sums, places = sums[order], places[order]
        before = np.argsort(self.ranks)[places // len(worths)]
        positions = np.column_stack([self.positions[before], places % len(worths)])
        return Half(sums, positions, _ranks(places), is_whole)


@dataclass(frozen=True, eq=False)
class Sums:
    """What one party has of the outcomes of an additive space, however many there are.

    The issues are halved, and only sums over each half are laid out, a few thousand at most: an
    outcome is a pair of them, and what it comes to is added up as `problem.evaluate` does it, to
    the last bit. So the work for a target and the memory do not depend on the number of outcomes.
    """

    first: Half
    second: Half
    worths: Reals
    """What each issue of the second half adds to each outcome of it, (n_second, n_issues)."""

    slack: float
    """How far rounding may take sums apart that are added up in another order."""

    exponent: int
    """Worths are divided by two to this, so that no sum overflows."""

    @classmethod
    def of(cls, worths: Sequence[Reals], *, most: int = MOST_SUMS) -> Sums:
        """Prepare the search; worths holds what each value of each issue adds, weight included."""
        largest = max(float(np.abs(issue).max()) for issue in worths)
        exponent = int(np.frexp(largest)[1]) + len(worths).bit_length() if largest > 0 else 0
        scaled = [np.ldexp(issue, -exponent) for issue in worths]
        middle = _middle([len(issue) for issue in worths])
        first = Half.of(scaled[:middle], most=most)
        second = Half.of(scaled[middle:], most=most, starts=False)
        added = np.empty((len(second.sums), len(worths) - middle))
        for k, issue in enumerate(scaled[middle:]):
            added[:, k] = issue[second.positions[:, k]]
        # (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.2), twice over
        size = sum(float(np.abs(issue).max()) for issue in scaled)
        slack = 2.0 * len(worths) * float(np.finfo(np.float64).eps) * size
        return cls(first, second, added, slack, exponent)

    @classmethod
    def whole(cls, worths: Sequence[Reals]) -> Sums | None:
        """Prepare the search with all sums of both halves, None if they are too many."""
        sizes = [len(issue) for issue in worths]
        middle = _middle(sizes)
        most = max(prod(sizes[:middle]), prod(sizes[middle:]))
        return cls.of(worths, most=most) if most <= MOST_WHOLE else None

    @property
    def is_exact(self) -> bool:
        """Whether no sum was left out, so that what is found is the nearest there is."""
        return self.first.is_whole and self.second.is_whole

    def at_least(self, targets: Reals) -> Integers:
        """Return the outcome with the least sum found at or above each target.

        Of equal sums the one of the lowest row.

        Returns
        -------
        ndarray of int64, shape (n_targets, n_issues)
            Position of each issue's value; -1 where no sum reaches the target.
        """
        from bargain.kernels.halves import least_pairs

        found = np.empty((len(targets), 2), dtype=np.int64)
        scaled = np.ldexp(np.asarray(targets, dtype=np.float64), -self.exponent)
        first, second = self.first, self.second
        halves = (first.sums, first.ranks, second.sums, second.ranks)
        least_pairs(*halves, self.worths, self.slack, scaled, found)
        parts = (self.first.positions[found[:, 0]], self.second.positions[found[:, 1]])
        positions = np.concatenate(parts, axis=1)
        positions[found[:, 0] < 0] = -1
        return positions


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
