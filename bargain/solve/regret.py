"""Exact solutions on additive spaces of any size, by the search within a budget of regret.

Column generation finds the best lottery and the prices at which it is best (`prices`); the search
for the best outcome then goes through little more than what these prices leave open (`budget`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, NoAgreementZoneError, shown
from bargain.model import BargainingProblem, Outcome
from bargain.model.numbers import large_number
from bargain.solve.budget import MANY_PARTIES_LABEL_LIMITS, WORK_LIMIT, Found, Goal, Search
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.folding import SLACK
from bargain.solve.prices import AdditiveSpace, Lead, linear_lead, product_lead
from bargain.solve.refusals import refuse_bound_issues
from bargain.solve.solution import Lottery, certain
from bargain.solve.ties import NEXT_OPEN, SUM_TIES_OPEN, TIE_TOLERANCE

IDEAL_LIMITS = MANY_PARTIES_LABEL_LIMITS[:-1]
"""Label limits of the searches for the ideal points of more than three parties, which are many."""


@dataclass(frozen=True, eq=False)
class Fairest:
    """An outcome with the largest least ratio, and how that is known."""

    found: Found
    goal: Goal
    refined: bool
    """Whether the next least, and so on, is the largest as well."""


class RegretSet:
    """A finite additive feasible set that is too large to enumerate; see the module."""

    def __init__(self, problem: BargainingProblem) -> None:
        refuse_bound_issues(problem, "a search")
        self.problem = problem
        self.space = AdditiveSpace(problem)
        n = problem.n_parties
        shares, floors = np.ones(n), np.zeros(n)
        self._lead = linear_lead(self.space, shares=shares)
        search = Search(self.space, Goal("minimum", shares, self._lead.prices, floors))
        # no outcome and no lottery is worth more at the prices than the best value of every issue
        if search.total < -SLACK * float(self._lead.prices.sum()):
            size = large_number(problem.space.size)
            raise NoAgreementZoneError(
                f"no agreement zone: none of {size} outcomes, and no lottery over them, "
                "gives every party its disagreement utility"
            )
        self._ideal, self._ideal_gap = np.zeros(n), 0.0
        self.ideals: tuple[Ideal, ...] = ()
        found = search.climbed([self._rounded(self._lead)])
        if not found.allowed:
            found = self._searched(search)
        self._fair = found.picks

    def _searched(self, search: Search) -> Found:
        """Return an individually rational outcome, or raise with a proof that there is none."""
        size = shown(self.problem.space.size)
        found = search.run([self._rounded(self._lead), *self._lead.picks])
        if not found.allowed and found.gap > 0.0:
            raise ConvergenceError(
                "expected an individually rational outcome or a proof that there is none among "
                f"{size}, got neither; a lottery is (lotteries=True)"
            )
        if not found.allowed:
            raise NoAgreementZoneError(
                f"no agreement zone: none of {size} outcomes gives every party its disagreement "
                "utility"
            )
        return found

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party over the individually rational outcomes."""
        n = self.problem.n_parties
        ideal, gaps, proofs = np.empty(n), np.empty(n), []
        for i in range(n):
            own = np.eye(n)[i]
            lead = linear_lead(self.space, shares=own)
            search = Search(self.space, Goal("minimum", own, lead.prices, np.zeros(n)))
            starts = [self._rounded(lead), self._fair]
            if n <= 3:
                found = search.run(starts)
            else:
                found = search.run(starts, limits=IDEAL_LIMITS, work=WORK_LIMIT // n)
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
        if (weights == 0).any() or not self._lead.value > SLACK:
            return self._degenerate()
        lead = product_lead(self.space, weights, self._lead)
        goal = Goal("product", weights, lead.prices, np.zeros(len(weights)))
        found = Search(self.space, goal).run([self._rounded(lead), self._fair])
        if not np.isfinite(found.score):
            return self._degenerate()
        return self._answer(found, goal, "the logarithm of the weighted product")

    def best_minimum(
        self, scales: NDArray[np.float64], *, last: int | None = None
    ) -> tuple[Lottery, Certificate]:
        """Maximise the sorted vector of gain / scale lexicographically, the least first.

        Of what is equal, the best for the party `last`.
        """
        shares = scales / self.space.scale
        counted = shares > 0
        note = "" if counted.all() else "degenerate: a party cannot gain anything"
        if not counted.any():
            shares = np.ones(len(scales))
        largest = float(shares.max())
        shares = shares / largest
        fairest = self._fairest(self.space, shares, np.zeros(len(shares)), [self._fair], last)
        # in units of gain / scale, as the ideal gap is
        found = replace(fairest.found, gap=fairest.found.gap / largest)
        if not fairest.refined and found.gap == 0.0:
            note = "; ".join(filter(None, [note, NEXT_OPEN]))
        if self._ideal_gap > 0.0 and np.array_equal(scales, self._ideal):
            note = "; ".join(filter(None, [note, "the ideal point itself is known to a gap"]))
            found = replace(found, gap=found.gap + self._ideal_gap)
        return self._answer(found, fairest.goal, "the least gain ratio", note)

    def _fairest(
        self,
        space: AdditiveSpace,
        shares: NDArray[np.float64],
        floors: NDArray[np.float64],
        starts: list[NDArray[np.int64]],
        last: int | None,
    ) -> Fairest:
        """Maximise the least gain / share above the floors, then the next.

        If the outcome reaches what lotteries reach, all outcomes that do as well consist of the
        values that are best at the prices, and leave the parties with a price exactly as much as
        it does: where they are too many, the search goes on among them for the others.
        """
        lead = linear_lead(space, shares=shares, floors=floors)
        goal = Goal("minimum", shares, lead.prices, floors, last)
        search = Search(space, goal)
        found = search.run([self._rounded(lead), *starts])
        if found.gap > 0.0 or found.all_ties:
            return Fairest(found, goal, found.all_ties)
        settled = (shares > 0) & (lead.prices > SLACK * lead.prices.max())
        part = space.limited(search.free_values(search.room))
        near = found.score - TIE_TOLERANCE * max(1.0, abs(found.score))
        limits = np.where(settled, np.maximum(near * shares, 0.0), floors)
        others = np.where(settled, 0.0, shares)
        if (others > 0).any():
            largest = float(others.max())
            next_least = self._fairest(part, others / largest, limits, [found.picks], last)
            refined = next_least.refined
            picks = next_least.found.picks if next_least.found.allowed else found.picks
        elif last is not None:
            own = np.eye(len(shares))[last]
            lead = linear_lead(part, sums=own, floors=limits)
            mine = Search(part, Goal("sum", own, lead.prices, limits)).run(
                [self._rounded(lead), found.picks]
            )
            refined = mine.gap == 0.0
            picks = mine.picks if mine.allowed else found.picks
        else:
            refined, picks = True, found.picks
        return Fairest(replace(found, picks=picks), goal, refined)

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains; of those that tie, the one nearest to equal gains."""
        sums = self.space.scale / self.space.scale.max()
        lead = linear_lead(self.space, sums=sums)
        floors = np.zeros(len(sums))
        goal = Goal("sum", sums, lead.prices, floors)
        search = Search(self.space, goal)
        found = search.run([self._rounded(lead), self._fair])
        note = ""
        if found.gap == 0.0 and not found.all_ties:
            note = SUM_TIES_OPEN
            plain = Search(self.space, replace(goal, prices=sums))
            if plain.reaches_bound(found.score, plain.total):
                # then the ties are the outcomes of the values that add up to most
                part = self.space.limited(plain.free_values(plain.room))
                shares = sums.min() / sums
                fairest = self._fairest(part, shares, floors, [found.picks], None)
                if fairest.found.allowed:
                    found = replace(found, picks=fairest.found.picks)
                if fairest.refined:
                    note = ""
        unit = "the sum of gains, as a share of the largest range"
        return self._answer(found, goal, unit, note)

    def _rounded(self, lead: Lead) -> NDArray[np.int64]:
        return lead.rounded(self.space.absent.shape[1])

    def _degenerate(self) -> tuple[Lottery, Certificate]:
        lottery, certificate = self.best_minimum(self.space.scale)
        note = "degenerate: no outcome is known to give every party a gain; the least is largest"
        return lottery, replace(certificate, kind="heuristic", note=note)

    def _outcome(self, picks: NDArray[np.int64]) -> Outcome:
        issues = self.problem.space.issues
        return Outcome(
            {issue.name: issue.value(int(pick)) for issue, pick in zip(issues, picks, strict=True)}
        )

    def _answer(
        self, found: Found, goal: Goal, unit: str, note: str = ""
    ) -> tuple[Lottery, Certificate]:
        size = int(self.problem.space.size)
        evidence = {
            # Python writes no longer ints
            "outcomes": size if size < 10**4000 else shown(size),
            "prices": (goal.prices / self.space.scale).tolist(),
            "budget": found.budget,
            "issues_left_open": found.free,
            "combinations": found.labels,
            "tied": found.tied,
        }
        method = "regret budget at the prices of the best lottery"
        kind: Literal["exact", "gap"] = "exact" if found.gap == 0.0 else "gap"
        certificate = Certificate(kind, method, found.gap, evidence, note, unit=unit)
        return certain(self._outcome(found.picks)), certificate
