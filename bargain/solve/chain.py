"""The two-party frontier of a convex feasible set: a chain of straight edges.

The per-issue frontiers of an additive problem (of the concave curve a continuous issue draws, or
of the hull of a finite issue's points) are chains. Their Minkowski sum, the frontier of the whole
space, is all their edges sorted by slope. Nothing is enumerated and nothing is put on a grid: the
cost is that of sorting the corners of the issues.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Issue, Value
from bargain.model.utilities import Term
from bargain.solve.agreeable import agreeable_utilities, original_rows
from bargain.solve.enumerated import efficient_rows
from bargain.solve.stretches import check_concave

Parts = list[tuple[dict[str, Value], float]]


@dataclass(frozen=True, eq=False)
class Chain:
    """A concave chain of efficient utility pairs, from the second party's best to the first's.

    Attributes
    ----------
    points : ndarray, shape (m, 2)
        Corners: the first column strictly increases, the second strictly decreases.
    realize : callable
        Turns a position in [0, m - 1] (corner k is position k, the middle of the edge behind it
        k + 1/2) into (partial) outcomes with probabilities.
    """

    points: NDArray[np.float64]
    realize: Callable[[float], Parts]

    @property
    def reach(self) -> NDArray[np.float64]:
        """Most that each party can have, shape (2,)."""
        most: NDArray[np.float64] = self.points.max(axis=0)
        return most


def additive_chain(problem: BargainingProblem, issues: Sequence[Issue]) -> Chain:
    """Return the chain of some of a problem's issues, the others left out.

    Raises
    ------
    NotConcaveError
        Naming the issue and party whose value function is not concave.
    """
    chosen = [(i, issue) for i, issue in enumerate(problem.space.issues) if issue in issues]
    chains = [_issue_chain(problem, issue, i) for i, issue in chosen]
    start = np.sum([worths[0] for worths, _ in chains], axis=0) if chains else np.zeros(2)
    owner = np.repeat(np.arange(len(chains)), [len(worths) - 1 for worths, _ in chains])
    steps = np.concatenate([np.empty((0, 2)), *(np.diff(worths, axis=0) for worths, _ in chains)])
    # in shares of each party's largest step: slopes of raw utilities can under- or overflow
    size = np.abs(steps).max(axis=0, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    slopes = np.concatenate(
        [np.empty(0), *(_concave_slopes(np.diff(worths, axis=0) / size) for worths, _ in chains)]
    )
    order = np.argsort(-slopes, kind="stable")
    owner = owner[order]
    points = np.concatenate([start[None, :], start + np.cumsum(steps[order], axis=0)])

    def realize(position: float) -> Parts:
        edge = min(int(position), len(order))
        done = np.bincount(owner[:edge], minlength=len(chains))
        here = {
            issue.name: values[k]
            for (_, issue), (_, values), k in zip(chosen, chains, done, strict=True)
        }
        share = position - edge
        if share <= 0.0:
            return [(here, 1.0)]
        moving = owner[edge]
        issue, values, k = chosen[moving][1], chains[moving][1], done[moving]
        if issue.is_finite:
            return [(here, 1.0 - share), ({**here, issue.name: values[k + 1]}, share)]
        low, high = sorted((float(values[k]), float(values[k + 1])))
        between = float(values[k]) + share * (float(values[k + 1]) - float(values[k]))
        return [({**here, issue.name: min(max(between, low), high)}, 1.0)]

    return Chain(points, realize)


def enumerated_chain(problem: BargainingProblem) -> Chain:
    """Return the chain of lotteries over all outcomes of a finite problem that may be agreed."""
    utilities = problem.utilities()
    rows = original_rows(problem, efficient_rows(agreeable_utilities(problem)))[::-1]
    rows = rows[upper_hull(utilities[rows])]

    def realize(position: float) -> Parts:
        edge = min(int(position), len(rows) - 1)
        share = position - edge
        parts: Parts = [(dict(problem.space.outcome(int(rows[edge]))), 1.0 - share)]
        if share > 0.0:
            parts.append((dict(problem.space.outcome(int(rows[edge + 1]))), share))
        return parts

    return Chain(utilities[rows], realize)


def _issue_chain(
    problem: BargainingProblem, issue: Issue, position: int
) -> tuple[NDArray[np.float64], list[Value]]:
    """Return one issue's efficient corners, second party's best first: worths and values."""
    first, second = (terms[position] for terms in problem.terms)
    if issue.is_finite:
        worths = np.column_stack([first.worths, second.worths])
        rows = efficient_rows(worths)[::-1]
        rows = rows[upper_hull(worths[rows])]
        return worths[rows], [issue.value(int(row)) for row in rows]
    corners, worths = common_corners(problem, issue, (first, second))
    # both are concave, so between their maxima one rises while the other falls: all efficient
    best_first = np.flatnonzero(worths[:, 0] == worths[:, 0].max())
    best_second = np.flatnonzero(worths[:, 1] == worths[:, 1].max())
    shared = np.intersect1d(best_first, best_second)
    if len(shared):
        path = shared[:1]
    elif best_second[-1] < best_first[0]:
        path = np.arange(best_second[-1], best_first[0] + 1)
    else:
        path = np.arange(best_second[0], best_first[-1] - 1, -1)
    return worths[path], [float(corner) for corner in corners[path]]


def common_corners(
    problem: BargainingProblem, issue: Issue, terms: Sequence[Term]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of all parties' concave terms on a continuous issue, and their worths.

    Returns
    -------
    corners : ndarray, shape (k,)
    worths : ndarray, shape (k, n_parties)
    """
    check_concave(problem, issue, terms)
    lines = [(term.positions, term.worths) for term in terms if term.positions is not None]
    corners = np.unique(np.concatenate([positions for positions, _ in lines]))
    columns = [np.interp(corners, positions, worths) for positions, worths in lines]
    return corners, np.column_stack(columns)


def _concave_slopes(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    # rounding must not reorder the edges of one issue
    return np.minimum.accumulate(steps[:, 1] / steps[:, 0])


def upper_hull(points: NDArray[np.float64]) -> list[int]:
    """Return which efficient points (first column increasing) are corners of their hull."""
    hull: list[int] = []
    # in shares of the range: differences of utilities can under- and overflow when multiplied
    spread = np.ptp(points, axis=0)
    points = (points - points.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    for i, (x, y) in enumerate(points):
        while len(hull) >= 2:
            (x0, y0), (x1, y1) = points[hull[-2]], points[hull[-1]]
            if (y1 - y0) * (x - x1) > (y - y1) * (x1 - x0):
                break
            hull.pop()
        hull.append(i)
    return hull
