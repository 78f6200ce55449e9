"""What the best agreement is at given prices: the only question asked of a convexified space.

Utilities are sums over issues, so the best agreement at prices is the best of every issue, and no
lottery does better. All gains here are in shares of the parties' ranges.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Issue
from bargain.model.utilities import Term
from bargain.solve.verify.enumeration import outcome_blocks
from bargain.solve.verify.measure import Measure
from bargain.solve.verify.verification import Unchecked

AT_ONCE = 2_000_000
"""Numbers laid out at a time."""

TENTHS = 25
"""Steps by tenths to the best value of a curve, to a fifth of the way each: as far as floats go."""

STOPS = np.linspace(0.0, 1.0, 11)

Reals = NDArray[np.float64]


class Support:
    """The best gains at prices, over all lotteries on what may be agreed.

    Parameters
    ----------
    problem : BargainingProblem
    measure : Measure
    only_continuous : bool
        Leave out the finite issues (what they add is for the caller to say).

    Attributes
    ----------
    limits : ndarray, shape (n_parties,)
        Gains beyond these count as these (ceilings that the corners do not have yet).
    """

    def __init__(
        self, problem: BargainingProblem, measure: Measure, *, only_continuous: bool = False
    ) -> None:
        self.scale = measure.scale
        self.point = problem.disagreement_point / measure.scale
        capped = bool(np.isfinite(problem.ceilings).any())
        whole = problem.space.is_finite and (
            capped or not problem.is_additive or bool(problem.constraints)
        )
        if problem.constraints and not problem.space.is_finite:
            raise Unchecked("constraints on continuous issues can't be checked by prices")
        self.limits = np.full(problem.n_parties, np.inf)
        self.curved: list[list[Term]] = []
        if whole:
            blocks = [_corners_of_all(problem)]
        else:
            self.limits = problem.ceilings / measure.scale - self.point
            of_issues = [
                (issue, [terms[j] for terms in problem.terms])
                for j, issue in enumerate(problem.space.issues)
                if not (only_continuous and issue.is_finite)
            ]
            bent = [any(term.is_curved for term in terms) for _, terms in of_issues]
            self.curved = [terms for (_, terms), is_ in zip(of_issues, bent, strict=True) if is_]
            blocks = [_corners(*each) for each, is_ in zip(of_issues, bent, strict=True) if not is_]
        alike: dict[int, list[Reals]] = defaultdict(list)
        for block in blocks:
            alike[len(block)].append(block / measure.scale)
        self.groups = [np.array(group) for group in alike.values()]

    def best(self, prices: Reals) -> Reals:
        """Return the gains that are best at each row of prices >= 0, both shape (t, n_parties)."""
        total = np.tile(-self.point, (len(prices), 1))
        for group in self.groups:
            n_issues, n_values, n = group.shape
            step = max(1, AT_ONCE // (n_issues * n_values))
            flat = group.reshape(-1, n)
            for start in range(0, len(prices), step):
                some = prices[start : start + step]
                worths = (some @ flat.T).reshape(len(some), n_issues, n_values)
                picks = worths.argmax(axis=2) + np.arange(n_issues) * n_values
                total[start : start + step] += flat[picks].sum(axis=1)
        for terms in self.curved:
            total += _best_on_curve(terms, prices / self.scale) / self.scale
        return total

    def most(self, prices: Reals) -> float:
        """Return what the best agreement is worth at prices, shape (n_parties,), in shares."""
        return float(prices @ self.best(prices[None, :])[0])


def _best_on_curve(terms: list[Term], prices: Reals) -> Reals:
    """Return the worths of the best value of a curved issue at each row of prices.

    Concave worths have a concave sum: its best value lies next to the best of a grid. None of the
    slopes that found the answer are used.
    """
    least, most = _bounds(terms)
    low, high = np.full(len(prices), least), np.full(len(prices), most)
    rows = np.arange(len(prices))
    for _ in range(TENTHS):
        grid = low[:, None] + (high - low)[:, None] * STOPS
        grid = np.clip(grid, least, most)
        total = sum(prices[:, i, None] * term.at(grid) for i, term in enumerate(terms))
        best = np.argmax(total, axis=1)
        found = grid[rows, best]
        low, high = grid[rows, np.maximum(best - 1, 0)], grid[rows, np.minimum(best + 1, 10)]
    return np.column_stack([term.at(found) for term in terms])


def _bounds(terms: list[Term]) -> tuple[float, float]:
    positions = terms[0].positions if terms[0].positions is not None else np.zeros(1)
    return float(positions[0]), float(positions[-1])


def _corners(issue: Issue, terms: list[Term]) -> Reals:
    """Return worths among which every price finds its best, shape (k, n_parties)."""
    if issue.is_finite:
        return np.column_stack([term.worths for term in terms])
    lines = [(term.positions, term.worths) for term in terms if term.positions is not None]
    corners = np.unique(np.concatenate([positions for positions, _ in lines]))
    # a sum of lines is straight between the corners of all of them
    return np.column_stack([np.interp(corners, positions, worths) for positions, worths in lines])


def _corners_of_all(problem: BargainingProblem) -> Reals:
    """Return the utilities of all outcomes that may be agreed, shape (k, n_parties).

    Those that an earlier block already beats for everybody are left out: no price picks them.
    """
    kept = np.empty((0, problem.n_parties))
    for _, utilities in outcome_blocks(problem):
        joined = np.concatenate([kept, utilities])
        pair = problem.n_parties == 2
        kept = joined[upper_right_rows(joined)] if pair else np.unique(joined, axis=0)
    return kept


def upper_right_rows(points: Reals) -> NDArray[np.intp]:
    """Return the rows of two parties that nothing dominates, best for the first party first.

    Of equal rows one.
    """
    order = np.lexsort((-points[:, 1], -points[:, 0]))
    second = points[order, 1]
    best_before = np.concatenate([[-np.inf], np.maximum.accumulate(second)[:-1]])
    rows: NDArray[np.intp] = order[second > best_before]
    return rows
