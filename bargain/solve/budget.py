"""The search within a budget of regret.

Prices lambda >= 0 turn an outcome into one number, lambda . gains. Its best is S, reached by the
best value of every issue; any other outcome falls short of S by its regret, the sum over issues of
what its values are worth less than the best. A score bounds lambda . gains from below, so an
outcome better than the best one known has at most a certain regret: the budget.

The alternatives within the budget are combined in two halves of the issues, and the halves joined
by trees of boxes, which skip what leaves some party short of the best score known. Smaller budgets
come first: they find better outcomes, and what they find shrinks the budget that a proof needs.
What comes out is proven, whatever the prices were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.solve.folding import SLACK, Folded, Folding
from bargain.solve.prices import AdditiveSpace
from bargain.solve.ties import TIE_TOLERANCE

Kind = Literal["minimum", "sum", "product"]
CODES: dict[Kind, int] = {"minimum": 0, "sum": 1, "product": 2}

LABEL_LIMITS = (500, 4_000, 30_000, 400_000)
"""Most combinations in one half of the issues, step by step as budgets grow."""

MANY_PARTIES_LABEL_LIMITS = (500, 4_000, 30_000, 100_000)
"""The same for more than three parties, of whom few answers to the least gain can be proven."""

WORK_LIMIT = 3_000_000
"""Pairs of boxes, and quarters of pairs of combinations, that are looked at in one search."""

NEAR = 96
"""Alternatives of least regret that are tried in pairs to improve an outcome."""

TIES = 4_096
"""Outcomes that tie with the best before only the fairest of them is kept."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What is looked for, in scaled gains.

    Attributes
    ----------
    kind : {"minimum", "sum", "product"}
        The score: the least gain / factor over the parties with a factor above 0, the sum of
        factor * gain, or the sum of factor * log gain.
    factors : ndarray, shape (n_parties,)
    prices : ndarray, shape (n_parties,)
        >= 0; for "minimum" prices . factors is 1.
    floors : ndarray, shape (n_parties,)
        >= 0: gains below them are not allowed. At 0 the disagreement point decides, exactly.
    last : int, optional
        The party whose gain decides between outcomes that are equal in all else.
    """

    kind: Kind
    factors: NDArray[np.float64]
    prices: NDArray[np.float64]
    floors: NDArray[np.float64]
    last: int | None = None

    @property
    def allowed(self) -> NDArray[np.float64]:
        """The floors, where they are 0 less what rounding may take away."""
        return np.where(self.floors > 0, self.floors, -SLACK)

    @property
    def shift(self) -> float:
        """What lies between a score and the least prices . gains of an outcome that has it."""
        if self.kind == "product":
            # the best of sum w log g on the plane prices . g = B is at g_i = w_i B / lambda_i
            return float(self.factors @ np.log(self.factors / self.prices))
        if self.kind == "sum":
            return float((self.prices - self.factors) @ self.floors)
        return float(self.prices[self.factors == 0] @ self.floors[self.factors == 0])

    def least(self, score: float) -> float:
        """Return the least prices . gains of any outcome that reaches a score."""
        return float(np.exp(score - self.shift)) if self.kind == "product" else score + self.shift

    def bound(self, total: float) -> float:
        """Return the largest score of any outcome whose prices . gains is so much."""
        if self.kind == "product":
            return float(np.log(max(total, np.finfo(float).tiny))) + self.shift
        return total - self.shift

    def lowest(self) -> float:
        """Return a score that every allowed outcome reaches."""
        if self.kind == "sum":
            return float(self.factors @ self.allowed)
        if self.kind == "product":
            return -np.inf
        counted = self.factors > 0
        return float((self.allowed[counted] / self.factors[counted]).min())

    def preferences(self, gains: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return columns that decide between gains (k, n_parties) with equal scores, (k, m)."""
        if self.kind == "product":
            return np.empty((len(gains), 0))
        if self.kind == "sum":
            # factors are the parties' ranges, up to one scale for all
            return np.sort(gains * self.factors, axis=1)
        counted = self.factors > 0
        ratios = np.sort(gains[:, counted] / self.factors[counted], axis=1)
        return ratios if self.last is None else np.column_stack([ratios, gains[:, self.last]])


@dataclass(frozen=True, eq=False)
class Found:
    """The best outcome within the budget.

    Attributes
    ----------
    picks : ndarray, shape (n_issues,)
        The value positions of the best outcome, or of the best known if the search was cut off.
    allowed : bool
        Whether it is individually rational, exactly, and reaches the floors; if not, none
        within the budget does.
    score : float
    gap : float
        What is not proven, in units of the score; 0 when all is.
    budget : float
        The regret up to which all outcomes were considered, at the prices.
    labels : int
        Combinations kept in the two halves.
    free : int
        Issues that the budget leaves open.
    tied : int
        Outcomes found to have the best score.
    all_ties : bool
        Whether all outcomes that tie with it were looked at.
    """

    picks: NDArray[np.int64]
    allowed: bool
    score: float
    gap: float
    budget: float = 0.0
    labels: int = 1
    free: int = 0
    tied: int = 1
    all_ties: bool = False


class Search:
    """The search for the allowed outcome with the best score; see the module."""

    def __init__(self, space: AdditiveSpace, goal: Goal) -> None:
        self.space, self.goal = space, goal
        values = space.worths @ goal.prices + space.absent
        self.best: NDArray[np.int64] = values.argmax(axis=1)
        self.regrets = values[space.rows, self.best][:, None] - values
        self.base = space.gains(self.best)
        self.total = float(goal.prices @ self.base)
        self.room = SLACK * max(float(goal.prices.sum()), 1e-300) * len(self.best)
        self.folding = Folding(space, self.best, self.regrets)

    def run(
        self,
        starts: list[NDArray[np.int64]],
        *,
        limits: tuple[int, ...] | None = None,
        work: int = WORK_LIMIT,
    ) -> Found:
        """Search within budgets that grow until nothing better can be beyond them.

        Parameters
        ----------
        starts : list of ndarray
            Outcomes to begin with, by value positions.
        limits : tuple of int
            Most labels in a half, budget after budget; by default by the number of parties.
        work : int
            Pairs of boxes, and quarters of pairs of labels, that may be looked at in all.
        """
        if limits is None:
            limits = LABEL_LIMITS if len(self.base) <= 3 else MANY_PARTIES_LABEL_LIMITS
        known = self.climbed(starts)
        closed = -np.inf
        for limit in limits:
            needed = self._needed(known)
            if needed <= closed:
                break
            folded = self.folding.widest(needed, closed, limit)
            if folded is None:
                # more ties than fit: at the next limit, if there is something to look for
                if known.allowed and self.reaches_bound(known.score, self.total):
                    break
                continue
            known, work = self._joined(known, folded, work)
            if work < 0:
                break
            closed = folded.budget
        proven = self._needed(known) <= closed
        gap = 0.0
        beyond = self.total - max(closed, 0.0)
        if not proven and not (known.allowed and self.reaches_bound(known.score, beyond)):
            reached = known.score if known.allowed else self.goal.lowest()
            gap = max(self.goal.bound(beyond) - reached, 0.0)
        return replace(known, gap=gap, budget=max(closed, 0.0), all_ties=proven)

    def free_values(self, budget: float) -> NDArray[np.bool_]:
        """Mark the values that regret no more than a budget, the best ones included."""
        marked: NDArray[np.bool_] = self.regrets <= budget
        return marked

    def reaches_bound(self, score: float, total: float) -> bool:
        """Return whether a score ties with all that prices . gains of a total leaves possible."""
        return self.goal.bound(total) - score <= TIE_TOLERANCE * max(1.0, abs(score))

    def _needed(self, known: Found) -> float:
        """Return the regret up to which there may be something as good as what is known."""
        aim = known.score if known.allowed else self.goal.lowest()
        near = aim - TIE_TOLERANCE * max(1.0, abs(aim)) if np.isfinite(aim) else aim
        return self.total - self.goal.least(near) + self.room

    def climbed(self, starts: list[NDArray[np.int64]]) -> Found:
        """Return the best of some outcomes, each improved by swaps."""
        from bargain.kernels.budget import climb

        space, goal = self.space, self.goal
        cheapest = np.argsort(self.regrets, axis=None, kind="stable")[: NEAR + len(self.best)]
        issues, values = np.unravel_index(cheapest, self.regrets.shape)
        near = np.column_stack([issues, values])[self.folding.others[issues, values]][:NEAR]
        known = Found(self.best, False, -np.inf, np.inf)
        strictly = goal.kind == "product"
        for start in starts:
            picks = start.copy()
            gains = space.gains(picks)
            code = CODES[goal.kind]
            climb(
                code,
                goal.factors,
                goal.allowed,
                TIE_TOLERANCE,
                space.worths,
                space.absent,
                near,
                picks,
                gains,
            )
            for found in (picks, start):
                score = self._score(found)
                if score > known.score and space.is_rational(found, strictly=strictly):
                    known = Found(found, True, score, np.inf)
        return known

    def _score(self, picks: NDArray[np.int64]) -> float:
        from bargain.kernels.budget import score_of

        goal = self.goal
        gains = self.space.gains(picks)
        return float(score_of(CODES[goal.kind], goal.factors, goal.allowed, gains))

    def _joined(self, known: Found, folded: Folded, work: int) -> tuple[Found, int]:
        """Return the best pair of labels of the two halves, and what is left of the work.

        Less than 0 is left if not all pairs were looked at.
        """
        from bargain.kernels.budget import join_halves, pick_values

        space, goal = self.space, self.goal
        pairs, scores = np.empty((TIES, 2), dtype=np.int64), np.empty(TIES)
        alternatives = folded.alternatives
        tree = folded.parents, folded.chosen, alternatives.issues, alternatives.values
        first, second = folded.halves
        found, left, score = join_halves(
            CODES[goal.kind],
            goal.factors,
            goal.allowed,
            SLACK,
            TIE_TOLERANCE,
            self.base,
            self.best,
            space.raw,
            space.problem.disagreement_point,
            self.total,
            known.score if known.allowed else -np.inf,
            first.boxes(),
            second.boxes(),
            *tree,
            work,
            goal.shift,
            self.room,
            -1 if goal.last is None else goal.last,
            pairs,
            scores,
        )
        labels = len(first.spent) + len(second.spent)
        known = replace(known, labels=labels, free=len(np.unique(alternatives.issues)))
        scores = scores[:found]
        rows = np.flatnonzero(scores >= score - TIE_TOLERANCE * max(1.0, abs(score)))
        if len(rows) > 0:
            outcomes = np.tile(self.best, (len(rows), 1))
            for picks, (one, two) in zip(outcomes, pairs[rows], strict=True):
                pick_values(picks, first.nodes[one], *tree)
                pick_values(picks, second.nodes[two], *tree)
            gains = space.worths[space.rows, outcomes].sum(axis=1) - space.point
            tied = np.ones(len(rows), dtype=bool)
            for column in goal.preferences(gains).T:
                tied = near_best(column, tied)
            chosen = int(np.flatnonzero(tied)[0])
            best = outcomes[chosen]
            known = replace(
                known, picks=best, allowed=True, score=self._score(best), tied=len(rows)
            )
        return known, left


def near_best(values: NDArray[np.float64], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark what ties with the largest; values are shares of ranges, so 1 is their scale."""
    best = values[among].max()
    near: NDArray[np.bool_] = among & (values >= best - TIE_TOLERANCE * max(1.0, abs(best)))
    return near
