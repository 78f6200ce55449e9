"""Exact solutions on additive spaces of any size: search within a budget of regret.

Prices lambda >= 0 turn an outcome into one number, lambda . gains. Its best is S, reached by the
best value of every issue; any other outcome falls short of S by its regret, the sum over issues of
what its values are worth less than the best. A concept's value bounds lambda . gains from below,
so an outcome better than the best one known has at most a certain regret: the budget. Prices from
the best lottery make the budget small; every issue whose second value already exceeds it is
settled, and the few combinations left are enumerated. What comes out is proven, whatever the
prices were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, NoAgreementZoneError, shown
from bargain.model import BargainingProblem, Outcome
from bargain.solve.agreeable import refuse_constraints
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.enumerated import efficient_rows
from bargain.solve.prices import AdditiveSpace, Lead, linear_lead, product_lead
from bargain.solve.solution import Lottery, certain
from bargain.solve.ties import TIE_TOLERANCE

LABEL_LIMITS = {2: 400_000, 3: 60_000}
MANY_PARTIES_LABEL_LIMIT = 20_000
"""Most combinations within the budget that are kept at once, by the number of parties, so that a
search ends in well under a second; beyond, the best outcome known is returned with a proven gap."""

OPEN_LIMITS = {2: 10_000, 3: 150}
MANY_PARTIES_OPEN_LIMIT = 48
"""Most issues left open for which it is worth beginning; more never end within the label limit."""

SLACK = 1e-11
"""Share of a range by which rounding may move a sum; the budget is widened by it."""

FILTER_ABOVE = 256
"""Combinations kept before dominated ones are dropped."""

SWAPS = 96
"""Alternatives of least regret that are tried in pairs to improve an outcome."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What is looked for.

    Attributes
    ----------
    prices : ndarray, shape (n_parties,)
    score : callable
        Scaled gains (k, n_parties) -> (k,), larger is better, -inf where not allowed.
    least : callable
        A score -> the least prices . gains of any outcome that reaches it.
    bound : callable
        prices . gains -> the largest score any outcome with it can have.
    prefer : callable
        Scaled gains (k, n_parties) -> columns (k, m) that decide between equal scores.
    """

    prices: NDArray[np.float64]
    score: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    least: Callable[[float], float]
    bound: Callable[[float], float]
    prefer: Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Found:
    """The best outcomes within the budget.

    Attributes
    ----------
    picks : ndarray, shape (n_issues,)
        The value positions of the best outcome, or of the best known if the search was cut off.
    rational : bool
        Whether it is individually rational, exactly; if not, none within the budget is.
    score : float
    gap : float
        What is not proven, in units of the score; 0 when all is.
    labels : int
        Combinations kept at the end.
    free : int
        Issues that the budget leaves open.
    """

    picks: NDArray[np.intp]
    rational: bool
    score: float
    gap: float
    labels: int
    free: int


class RegretSet:
    """A finite additive feasible set that is too large to enumerate; see the module."""

    def __init__(self, problem: BargainingProblem) -> None:
        refuse_constraints(problem, "a space too large to enumerate")
        self.problem = problem
        self.space = AdditiveSpace(problem)
        n = problem.n_parties
        lead = linear_lead(self.space, shares=np.ones(n))
        if lead.value < -SLACK:
            raise NoAgreementZoneError(
                f"no agreement zone: none of {shown(problem.space.size)} outcomes, and no lottery "
                "over them, gives every party its disagreement utility"
            )
        self._start = lead.picks
        self._ideal, self._ideal_gap = np.zeros(n), 0.0
        self.ideals: tuple[Ideal, ...] = ()
        self._positive = lead.value > SLACK
        goal = self._minimum_goal(lead, np.ones(n))
        regrets = self._regrets(goal)[1]
        improved = [self._improved(goal, picks, regrets) for picks in lead.picks]
        rational = [picks for picks in improved if self._is_rational(picks)]
        self._fair = rational[0] if rational else self._searched(goal, improved)

    def _searched(self, goal: Goal, starts: list[NDArray[np.intp]]) -> NDArray[np.intp]:
        """Return an individually rational outcome, or raise with a proof that there is none."""
        problem = self.problem
        found = self._search(goal, starts)
        if found.rational:
            return found.picks
        if found.gap > 0.0:
            raise ConvergenceError(
                "expected an individually rational outcome or a proof that there is none among "
                f"{shown(problem.space.size)}, got neither; a lottery is (lotteries=True)"
            )
        raise NoAgreementZoneError(
            f"no agreement zone: none of {shown(problem.space.size)} outcomes gives every party "
            "its disagreement utility"
        )

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party over the individually rational outcomes."""
        n = self.problem.n_parties
        ideal, gaps, proofs = np.empty(n), np.empty(n), []
        for i in range(n):
            lead = linear_lead(self.space, sums=np.eye(n)[i])
            found = self._search(self._sum_goal(lead, np.eye(n)[i]), [*lead.picks, self._fair])
            ideal[i] = max(self.space.gains(found.picks)[i], 0.0)
            gaps[i] = found.gap
            lottery = certain(self._outcome(found.picks))
            proofs.append(Ideal(lottery, lead.prices / self.space.scale))
        self.ideals = tuple(proofs)
        # what a ratio to these gains may be too large by, as they may be too small
        self._ideal = ideal * self.space.scale
        self._ideal_gap = float((gaps / np.where(ideal > 0, ideal, 1.0)).max())
        return self._ideal

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i."""
        weights = weights / weights.sum()
        if (weights == 0).any() or not self._positive:
            return self._degenerate()
        lead = product_lead(self.space, weights, [*self._start, self._fair])
        found = self._search(self._product_goal(lead, weights), [*lead.picks, self._fair])
        if not np.isfinite(found.score):
            return self._degenerate()
        return self._answer(found, lead, "the logarithm of the weighted product")

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the sorted vector of gain / scale lexicographically, the least first."""
        shares = scales / self.space.scale
        counted = shares > 0
        note = "" if counted.all() else "degenerate: a party cannot gain anything"
        if not counted.any():
            shares = np.ones(len(scales))
        largest = float(shares.max())
        shares = shares / largest
        lead = linear_lead(self.space, shares=shares)
        found = self._search(self._minimum_goal(lead, shares), [*lead.picks, self._fair])
        # in units of gain / scale, as the ideal gap is
        found = replace(found, gap=found.gap / largest)
        if self._ideal_gap > 0.0 and np.array_equal(scales, self._ideal):
            note = "; ".join(filter(None, [note, "the ideal point itself is known to a gap"]))
            found = replace(found, gap=found.gap + self._ideal_gap)
        return self._answer(found, lead, "the least gain ratio", note)

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains."""
        sums = self.space.scale / self.space.scale.max()
        lead = linear_lead(self.space, sums=sums)
        found = self._search(self._sum_goal(lead, sums), [*lead.picks, self._fair])
        return self._answer(found, lead, "the sum of gains, as a share of the largest range")

    def _degenerate(self) -> tuple[Lottery, Certificate]:
        lottery, certificate = self.best_minimum(self.space.scale)
        note = "degenerate: no outcome is known to give every party a gain; the least is largest"
        return lottery, Certificate(
            "heuristic", certificate.method, certificate.gap, certificate.evidence, note
        )

    def _minimum_goal(self, lead: Lead, shares: NDArray[np.float64]) -> Goal:
        counted = shares > 0
        # t <= sum lambda_i g_i once the prices of what is shared out sum to 1
        prices = lead.prices / max(float(lead.prices @ shares), np.finfo(float).tiny)

        def score(gains: NDArray[np.float64]) -> NDArray[np.float64]:
            least: NDArray[np.float64] = (gains[:, counted] / shares[counted]).min(axis=1)
            least[np.any(gains[:, ~counted] < -SLACK, axis=1)] = -np.inf
            return least

        def prefer(gains: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.sort(gains[:, counted] / shares[counted], axis=1)

        return Goal(prices, score, lambda value: value, lambda total: total, prefer)

    def _sum_goal(self, lead: Lead, sums: NDArray[np.float64]) -> Goal:
        def score(gains: NDArray[np.float64]) -> NDArray[np.float64]:
            total: NDArray[np.float64] = gains @ sums
            total[np.any(gains < -SLACK, axis=1)] = -np.inf
            return total

        def prefer(gains: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.sort(gains * (self.space.scale / self.space.scale.max()), axis=1)

        return Goal(lead.prices, score, lambda value: value, lambda total: total, prefer)

    def _product_goal(self, lead: Lead, weights: NDArray[np.float64]) -> Goal:
        # the best of sum w log g on the plane prices . g = B is at g_i = w_i B / lambda_i
        shift = float(weights @ np.log(weights / lead.prices))

        def score(gains: NDArray[np.float64]) -> NDArray[np.float64]:
            positive = np.all(gains > 0, axis=1)
            logs: NDArray[np.float64] = np.log(np.where(positive[:, None], gains, 1.0)) @ weights
            logs[~positive] = -np.inf
            return logs

        return Goal(
            lead.prices,
            score,
            lambda value: float(np.exp(value - shift)),
            lambda total: float(np.log(max(total, np.finfo(float).tiny))) + shift,
            lambda gains: np.empty((len(gains), 0)),
        )

    def _search(self, goal: Goal, starts: list[NDArray[np.intp]]) -> Found:
        """Return the individually rational outcome with the best score, proven by the budget."""
        space = self.space
        best, regrets = self._regrets(goal)
        total = float(goal.prices @ space.gains(best))
        improved = [self._improved(goal, picks, regrets) for picks in [best, *starts]]
        candidates = [*improved, *starts]
        rational = [picks for picks in candidates if self._is_rational(picks)]
        known = max(rational or candidates, key=lambda picks: self._score(goal, picks))
        reached = self._score(goal, known)
        # whatever may be rational within rounding has to be within the budget
        aim = reached if rational else min(reached, -SLACK)
        slack = SLACK * max(float(goal.prices.sum()), 1e-300) * len(best)
        budget = total - goal.least(aim) + slack
        labels = _within(space, best, regrets, budget)
        free = int(((regrets <= budget).sum(axis=1) > 1).sum())
        if labels is None:
            gap = max(goal.bound(total) - reached, 0.0)
            return Found(known, bool(rational), reached, gap, _label_limit(space), free)
        gains = np.array([space.gains(picks) for picks in labels])
        scores = np.where(self._are_rational(labels, gains), goal.score(gains), -np.inf)
        if not np.isfinite(scores).any():
            return Found(known, bool(rational), reached, 0.0, len(labels), free)
        tied = _near_best(scores, np.ones(len(scores), dtype=bool))
        for column in goal.prefer(gains).T:
            tied = _near_best(column, tied)
        chosen = int(np.flatnonzero(tied)[0])
        return Found(labels[chosen], True, float(scores[chosen]), 0.0, len(labels), free)

    def _are_rational(
        self, labels: NDArray[np.intp], gains: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell which outcomes are individually rational, exactly where rounding could matter."""
        allowed: NDArray[np.bool_] = np.all(gains >= SLACK, axis=1)
        for k in np.flatnonzero(~allowed & np.all(gains >= -SLACK, axis=1)):
            allowed[k] = self._is_rational(labels[k])
        return allowed

    def _is_rational(self, picks: NDArray[np.intp]) -> bool:
        utilities = self.problem.evaluate(self._outcome(picks))
        return bool((utilities >= self.problem.disagreement_point).all())

    def _regrets(self, goal: Goal) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the best value of every issue at the prices, and what the others fall short."""
        values = self.space.worths @ goal.prices + self.space.absent
        best: NDArray[np.intp] = values.argmax(axis=1)
        return best, values[self.space.rows, best][:, None] - values

    def _score(self, goal: Goal, picks: NDArray[np.intp]) -> float:
        return float(goal.score(self.space.gains(picks)[None, :])[0])

    def _improved(
        self, goal: Goal, picks: NDArray[np.intp], regrets: NDArray[np.float64]
    ) -> NDArray[np.intp]:
        """Swap one value, or two, as long as that helps.

        Outcomes that are not allowed are compared by their least gain, so that they move
        towards what is.
        """
        space = self.space
        order = np.argsort(regrets, axis=None)[: SWAPS + len(picks)]
        issues, values = np.unravel_index(order, regrets.shape)
        real = np.isfinite(regrets[issues, values])
        issues, values = issues[real], values[real]
        every_issue, every_value = np.nonzero(np.isfinite(regrets))
        while True:
            gains = space.gains(picks)
            singles = gains + space.worths[every_issue, every_value]
            singles -= space.worths[every_issue, picks[every_issue]]
            best = self._better(goal, gains, singles)
            if best is not None:
                picks = picks.copy()
                picks[every_issue[best]] = every_value[best]
                continue
            change = space.worths[issues, values] - space.worths[issues, picks[issues]]
            first, second = np.triu_indices(len(issues), 1)
            distinct = issues[first] != issues[second]
            first, second = first[distinct], second[distinct]
            best = self._better(goal, gains, gains + change[first] + change[second])
            if best is None:
                return picks
            picks = picks.copy()
            picks[issues[first[best]]] = values[first[best]]
            picks[issues[second[best]]] = values[second[best]]

    def _better(
        self, goal: Goal, gains: NDArray[np.float64], others: NDArray[np.float64]
    ) -> int | None:
        """Return which of some gains is best, if it beats those at hand by more than rounding."""
        if len(others) == 0:
            return None
        now = float(goal.score(gains[None, :])[0])
        scores = goal.score(others)
        if now == -np.inf and scores.max() == -np.inf:
            scores, now = others.min(axis=1), float(gains.min())
        best = int(scores.argmax())
        return best if scores[best] > now + TIE_TOLERANCE * max(1.0, abs(now)) else None

    def _outcome(self, picks: NDArray[np.intp]) -> Outcome:
        issues = self.problem.space.issues
        return Outcome(
            {issue.name: issue.value(int(pick)) for issue, pick in zip(issues, picks, strict=True)}
        )

    def _answer(
        self,
        found: Found,
        lead: Lead,
        unit: str,
        note: str = "",
    ) -> tuple[Lottery, Certificate]:
        size = int(self.problem.space.size)
        evidence = {
            # Python writes no longer ints
            "outcomes": size if size < 10**4000 else shown(size),
            "prices": (lead.prices / self.space.scale).tolist(),
            "issues_left_open": found.free,
            "combinations": found.labels,
        }
        method = f"regret budget at the prices of the best lottery; gap in {unit}"
        kind = "exact" if found.gap == 0.0 else "gap"
        certificate = Certificate(kind, method, found.gap, evidence, note)  # type: ignore[arg-type]
        return certain(self._outcome(found.picks)), certificate


def _near_best(values: NDArray[np.float64], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark what ties with the largest; values are shares of ranges, so 1 is their scale."""
    best = values[among].max()
    near: NDArray[np.bool_] = among & (values >= best - TIE_TOLERANCE * max(1.0, abs(best)))
    return near


def _label_limit(space: AdditiveSpace) -> int:
    return LABEL_LIMITS.get(len(space.point), MANY_PARTIES_LABEL_LIMIT)


def _within(
    space: AdditiveSpace,
    best: NDArray[np.intp],
    regrets: NDArray[np.float64],
    budget: float,
) -> NDArray[np.intp] | None:
    """Return the efficient combinations with at most so much regret; None if there are too many."""
    limit = _label_limit(space)
    open_issues = np.flatnonzero((regrets <= budget).sum(axis=1) > 1)
    if len(open_issues) > OPEN_LIMITS.get(len(space.point), MANY_PARTIES_OPEN_LIMIT):
        return None
    # those with the dearest second value first: they multiply what is kept the least
    second = np.sort(np.where(regrets > 0, regrets, np.inf), axis=1)[:, 0]
    order = open_issues[np.argsort(-second[open_issues], kind="stable")]
    change = np.zeros((1, len(space.point)))
    spent = np.zeros(1)
    back: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for issue in order:
        options = np.flatnonzero(regrets[issue] <= budget)
        sums = spent[:, None] + regrets[issue, options]
        parents, choices = np.nonzero(sums <= budget)
        if len(parents) > limit:
            return None
        values = options[choices]
        step = space.worths[issue, values] - space.worths[issue, best[issue]]
        change = change[parents] + step
        spent = sums[parents, choices]
        if len(parents) > FILTER_ABOVE:
            # rounding must not decide: what is dropped is worse by more than it, or equal
            kept = np.sort(efficient_rows(np.round(change / SLACK) * SLACK))
            parents, values = parents[kept], values[kept]
            change, spent = change[kept], spent[kept]
        back.append((parents, values))
    labels = np.tile(best, (len(spent), 1))
    rows = np.arange(len(spent))
    for issue, (parents, values) in zip(order[::-1], back[::-1], strict=True):
        labels[:, issue] = values[rows]
        rows = parents[rows]
    return labels
