"""Partial agreements that are kept while a frontier is folded together, issue by issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.solve.enumerated import efficient_rows

MOST_SUMS = 2_000_000
"""Most sums that are laid out at a time for three and more parties."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Issue:
    """The efficient values of an issue, best for the first party first.

    worths (k, n_parties); rows (k,): their positions among all values; spread (n_parties,): the
    distance between best and worst over all values.
    """

    worths: Reals
    rows: NDArray[np.intp]
    spread: Reals

    @classmethod
    def of(cls, worths: Reals) -> Issue:
        """Sort out what all values of an issue are worth, shape (size, n_parties)."""
        rows = efficient_rows(worths)
        # halves, since the distance itself may overflow
        return cls(worths[rows], rows, np.ptp(0.5 * worths, axis=0))

    def mirrored(self) -> Issue:
        """Return the same with two parties in the other order."""
        return Issue(self.worths[::-1, ::-1], self.rows[::-1], self.spread[::-1])


@dataclass(frozen=True, eq=False)
class Step:
    """Where labels come from: label `parents` before, and the issue's efficient value `values`.

    A step that only thins or reorders gives no issue a value: `rows` is None.
    """

    before: Step | None
    parents: NDArray[np.signedinteger]
    values: NDArray[Any]
    issue: int
    rows: NDArray[np.intp] | None


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels: sums (n_parties, n), the step that made them, how many there were in all."""

    sums: Reals
    last: Step | None = None
    made: int = 0

    def __len__(self) -> int:
        """Return the number of labels."""
        return int(self.sums.shape[1])


def fold_two(
    labels: Labels, issue: Issue, position: int, least: Reals, width: float, capacity: int
) -> Labels | None:
    """Return the labels with one more issue, or None where more than `capacity` are left.

    Two parties; labels are sorted, the first party's best first.
    """
    # numba takes half a second to load
    from bargain.kernels.additive import fold_issue

    room = min(len(labels) * len(issue.worths), capacity)
    if width > 0.0 and len(labels):
        # those kept are further apart than the width
        across = labels.sums[0, 0] - labels.sums[0, -1] + 2.0 * issue.spread[0]
        room = min(room, int(min(float(across) / width, 2e9)) + 2)
    sums = np.empty((2, room))
    parents = np.empty(room, dtype=np.int32)
    values = np.empty(room, dtype=np.uint8 if len(issue.worths) <= 256 else np.int32)
    count = fold_issue(
        np.append(labels.sums[0], -np.inf),
        np.append(labels.sums[1], np.inf),
        np.ascontiguousarray(issue.worths[:, 0]),
        np.ascontiguousarray(issue.worths[:, 1]),
        least[0],
        np.nextafter(least[1], -np.inf),
        width,
        sums[0],
        sums[1],
        parents,
        values,
    )
    if count < 0:
        return None
    # copies, so that what was not needed is given back
    step = Step(labels.last, parents[:count].copy(), values[:count].copy(), position, issue.rows)
    return Labels(sums[:, :count], step, labels.made + count)


def fold_several(
    labels: Labels, issue: Issue, position: int, least: Reals, width: float, capacity: int
) -> Labels | None:
    """Return the same for any number of parties, by filtering all sums; never thinned."""
    n_values = len(issue.worths)
    if len(labels) * n_values > MOST_SUMS:
        return None
    sums = (labels.sums[:, :, None] + issue.worths.T[:, None, :]).reshape(len(least), -1).T
    kept = np.flatnonzero((sums >= least).all(axis=1))
    kept = kept[efficient_rows(sums[kept])]
    if len(kept) > capacity:
        return None
    parents, values = np.divmod(kept, n_values)
    step = Step(labels.last, parents.astype(np.int32), values, position, issue.rows)
    return Labels(sums[kept].T, step, labels.made + len(kept))


def settled_values(
    labels: Labels, issues: list[Issue], n_values: int
) -> NDArray[np.unsignedinteger]:
    """Return the position of the value of each issue at each label, shape (n_issues, n)."""
    choices = np.empty((len(issues), len(labels)), dtype=np.min_scalar_type(n_values - 1))
    at = np.arange(len(labels))
    step = labels.last
    while step is not None:
        if step.rows is not None:
            choices[step.issue] = step.rows[step.values[at]]
        at = step.parents[at]
        step = step.before
    return choices


def least_on_the_way(issues: list[Issue], point: Reals) -> Reals:
    """Return what a label must have to reach the point with the best of the issues to come.

    Row t is for labels of t issues. Every label that can reach the point has as much: float
    rounding is allowed for, and the last row, the point itself, is compared exactly.
    """
    least = np.empty((len(issues) + 1, len(point)))
    least[-1] = point
    for t in reversed(range(len(issues))):
        best = issues[t].worths.max(axis=0)
        with np.errstate(over="ignore", invalid="ignore"):
            need = least[t + 1] - best
            slack = 1e-15 * (np.abs(least[t + 1]) + np.abs(best))
            least[t] = np.where(np.isfinite(need), need - slack, need)
    return least
