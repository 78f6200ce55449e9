"""All combinations of values within a budget of regret, in two halves of the issues.

Joined, the halves are as many combinations as their product, of which few have to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bargain.solve.enumerated import efficient_rows
from bargain.solve.prices import AdditiveSpace

if TYPE_CHECKING:
    from bargain.kernels.budget import Boxes

SLACK = 1e-11
"""Share of a range by which rounding may move a sum; the budget is widened by it."""

JUDGED_UP_TO = 4_000
"""Label limit up to which it is tried anew whether dropping dominated combinations pays."""

SMALL = 512
"""Labels that are never filtered; for two parties, where that is cheap, all that is more is."""

FILTERED_PARTIES = 3
"""Most parties for which dominated combinations are looked for; for more only equal ones are."""


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The values other than the best that a budget allows, by issue.

    Attributes
    ----------
    issues, values : ndarray of int, shape (n_alternatives,)
    regrets : ndarray, shape (n_alternatives,)
        Rising within an issue.
    changes : ndarray, shape (n_alternatives, n_parties)
        What they change in the gains.
    starts : ndarray of int, shape (n_open_issues + 1,)
        Where each open issue begins, dearest first; the even ones are the first half.
    halves : tuple of two ndarrays
        The same for the issues of each half.
    """

    issues: NDArray[np.int64]
    values: NDArray[np.int64]
    regrets: NDArray[np.float64]
    changes: NDArray[np.float64]
    halves: tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Labels:
    """Combinations of the alternatives of one half of the issues; nodes say of which."""

    spent: NDArray[np.float64]
    changed: NDArray[np.float64]
    nodes: NDArray[np.int64]

    def boxes(self) -> Boxes:
        """Return the tree over the labels that `join_halves` takes, the labels included."""
        from bargain.kernels.folding import grow_tree

        count, n = self.changed.shape
        bounds, children = (np.empty((2 * count, 2), dtype=np.int64) for _ in range(2))
        top = np.empty((2 * count, n + 1))
        grow_tree(self.spent, self.changed, self.nodes, bounds, children, top)
        return self.spent, self.changed, bounds, children, top, self.nodes


@dataclass(frozen=True, eq=False)
class Folded:
    """All combinations within a budget, in two halves."""

    budget: float
    alternatives: Alternatives
    halves: tuple[Labels, Labels]
    parents: NDArray[np.int64]
    chosen: NDArray[np.int64]


class Folding:
    """Folds the values of a space that regret little into labels, for growing budgets.

    Parameters
    ----------
    space : AdditiveSpace
    best : ndarray of int, shape (n_issues,)
        The best value of every issue at some prices.
    regrets : ndarray, shape (n_issues, largest issue)
        What each value is worth less than the best; inf where there is none.
    """

    def __init__(
        self, space: AdditiveSpace, best: NDArray[np.int64], regrets: NDArray[np.float64]
    ) -> None:
        self.worths, self.best, self.regrets = space.worths, best, regrets
        self.others = np.isfinite(regrets)
        self.others[space.rows, best] = False
        # regrets at which a budget allows one value more
        self.levels = np.sort(regrets[self.others])
        self.filtering = True

    def widest(self, needed: float, closed: float, limit: int) -> Folded | None:
        """Return what the budget needed allows, or the largest one whose halves fit the limit.

        Budgets up to `closed` are of no use; None if no other fits.
        """
        self.filtering = self.filtering or limit <= JUDGED_UP_TO
        folded = self._folded(needed, limit)
        if folded is not None:
            return folded
        # budgets end just below the regret of one more alternative
        levels = self.levels
        low = int(np.searchsorted(levels, max(closed, 0.0), side="right"))
        high = int(np.searchsorted(levels, needed, side="right"))
        scratch = np.empty(limit)
        while low < high:
            middle = min((low + high) // 2, low + 32)
            budget = float(np.nextafter(levels[middle], -np.inf))
            tried = None
            if self.filtering or self._fits(budget, scratch):
                tried = self._folded(budget, limit)
            if tried is None:
                high = middle
            else:
                folded, low = tried, middle + 1
        return folded

    def _fits(self, budget: float, scratch: NDArray[np.float64]) -> bool:
        from bargain.kernels.folding import fits

        alternatives = self._alternatives(budget)
        return all(
            fits(starts, alternatives.regrets, budget, scratch) for starts in alternatives.halves
        )

    def _alternatives(self, budget: float) -> Alternatives:
        allowed = self.others & (self.regrets <= budget)
        issues, values = np.nonzero(allowed)
        regrets = self.regrets[issues, values]
        opened = np.unique(issues)
        cheapest = np.where(allowed, self.regrets, np.inf).min(axis=1)
        # those whose second value is dearest first: they multiply what is kept the least
        rank = np.empty(len(self.best), dtype=np.int64)
        rank[opened[np.argsort(-cheapest[opened], kind="stable")]] = np.arange(len(opened))
        # every other issue in the second half
        half = rank[issues] % 2
        order = np.lexsort((regrets, rank[issues], half))
        issues, values, regrets = issues[order], values[order], regrets[order]
        changes = self.worths[issues, values] - self.worths[issues, self.best[issues]]
        edges = np.append(np.flatnonzero(np.diff(issues, prepend=-1)), len(issues))
        middle = int((half == 0).sum())
        halves = edges[edges <= middle], edges[edges >= middle]
        return Alternatives(issues, values, regrets, changes, halves)

    def _folded(self, budget: float, limit: int) -> Folded | None:
        """Combine the alternatives of each half; None if there are too many."""
        alternatives = self._alternatives(budget)
        parents, chosen = (np.empty(6 * limit, dtype=np.int64) for _ in range(2))
        halves, nodes = [], 0
        for starts in alternatives.halves:
            labels, nodes = self._half(alternatives, starts, budget, limit, parents, chosen, nodes)
            if labels is None:
                return None
            halves.append(labels)
        return Folded(budget, alternatives, (halves[0], halves[1]), parents, chosen)

    def _half(
        self,
        alternatives: Alternatives,
        starts: NDArray[np.int64],
        budget: float,
        limit: int,
        parents: NDArray[np.int64],
        chosen: NDArray[np.int64],
        n_nodes: int,
    ) -> tuple[Labels | None, int]:
        from bargain.kernels.folding import fold_issues

        n = self.worths.shape[2]
        spent, changed = np.zeros(limit), np.zeros((limit, n))
        nodes = np.full(limit, -1, dtype=np.int64)
        first = SMALL if n == 2 else limit // 3
        issue, count, enough = 0, 1, first if self.filtering or n == 2 else limit
        while issue < len(starts) - 1:
            issue, count, n_nodes = fold_issues(
                issue,
                starts,
                alternatives.regrets,
                alternatives.changes,
                budget,
                enough,
                count,
                spent,
                changed,
                nodes,
                parents,
                chosen,
                n_nodes,
            )
            if count < 0:
                return None, n_nodes
            if count > enough:
                kept = _worth_keeping(changed[:count])
                self.filtering = len(kept) < 0.8 * count
                if self.filtering:
                    enough = max(SMALL, 2 * len(kept))
                else:
                    enough = 4 * count if n == 2 else limit
                count = len(kept)
                for labels in (spent, changed, nodes):
                    labels[:count] = labels[kept]
        return Labels(spent[:count], changed[:count], nodes[:count]), n_nodes


def _factors(n: int) -> NDArray[np.uint64]:
    """Return odd numbers that mix bits well (Knuth's multiplicative hashing), shape (n,)."""
    return (np.uint64(0x9E3779B97F4A7C15) ** np.arange(1, n + 1, dtype=np.uint64)) | np.uint64(1)


def _worth_keeping(changed: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the rows of labels that are not dominated, or for many parties, not repeated."""
    # rounding must not decide: what is dropped is worse by more than it, or equal
    rounded = np.round(changed / SLACK)
    if changed.shape[1] <= FILTERED_PARTIES:
        return np.sort(efficient_rows(rounded))
    marks = (rounded.view(np.uint64) * _factors(changed.shape[1])).sum(axis=1, dtype=np.uint64)
    order = np.argsort(marks, kind="stable")
    new = np.ones(len(order), dtype=bool)
    new[1:] = (rounded[order[1:]] != rounded[order[:-1]]).any(axis=1)
    return np.sort(order[new])
