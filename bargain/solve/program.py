"""Solutions by integer programs, where neither enumeration nor folding nor chains apply.

Constraints, worths of pairs and of boxes, ceilings, choices mixed with continuous issues, any
number of parties: all of it is written as one mixed-integer linear program (see `encoding`) and
given to HiGHS. The Nash solution takes tangents of the logarithm, refined where answers touch
them. Every answer is evaluated again; what it may be short of the best is stated, never as less
than the solver's own tolerance, unless all that comes near was looked at.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.model import BargainingProblem
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.conflicts import refuse_conflicts
from bargain.solve.integer_program import Affine, Hood
from bargain.solve.program_search import RELIABLE, Found, Known, ProgramSearch, Score
from bargain.solve.solution import Lottery, certain
from bargain.solve.ties import lexicographic_best

FAIR_ENOUGH = 0.01
"""Least gain, as a share of a range, at which a first outcome is good enough."""

NO_GAIN = 1e-9
"""A gain of a smaller share of a party's range counts as none."""

NEAR_TIES = 8
"""Most outcomes close to the best one that are looked at for a proof."""

ABOVE = 0.1
"""How far a column reaches above what its rows allow: a bound within the solver's tolerance of what
is best makes HiGHS take back what it finds."""

TANGENTS = 12
"""Where the logarithm gets its first tangents."""


class ProgramSet:
    """The individually rational outcomes of any problem without lotteries; see the module."""

    ideals: tuple[Ideal, ...] = ()

    def __init__(self, problem: BargainingProblem, *, time_limit: float | None = None) -> None:
        self.problem = problem
        self.search = ProgramSearch(problem, time_limit=time_limit)
        self.program = self.search.program
        self.gains = self.search.gains
        self._ideal: NDArray[np.float64] | None = None
        self._ideal_gap = 0.0
        self.search.ask(problem.disagreement_point)
        found = self._fairest(range(problem.n_parties))
        if found.best is None and (refusal := self._nothing(found)) is not None:
            raise refusal

    def _fairest(self, parties: range | tuple[int, ...]) -> Found:
        """Maximise the least gain of some parties, up to where it is good enough."""
        mark = self.program.mark()
        level = self.program.column(-np.inf, FAIR_ENOUGH)
        for i in parties:
            self.program.row(self.gains[i] - level, at_least=0.0)
        chosen = list(parties)
        found = self.search.maximize(
            level, lambda gains: min(float(gains[chosen].min()), FAIR_ENOUGH)
        )
        self.program.back_to(mark)
        return found

    def _nothing(self, found: Found) -> Exception | None:
        """Tell why there is no individually rational outcome, or None where one turns up.

        HiGHS may take what gives somebody just its disagreement utility for infeasible.
        """
        search, problem = self.search, self.problem
        if not found.is_done:
            return search.undecided()
        search.ask(np.full(problem.n_parties, -np.inf))
        short = self._fairest(range(problem.n_parties))
        point = problem.disagreement_point
        search.known = [known for known in search.known if (known.utilities >= point).all()]
        if search.known:
            search.ask(point)
            return None
        if short.best is None and short.is_done:
            refuse_conflicts(problem)
        if short.best is None or short.bound > -RELIABLE:
            return NoAgreementZoneError(
                "no agreement zone: no outcome gives every party its disagreement utility"
            )
        return NoAgreementZoneError(
            "no agreement zone: no outcome gives every party its disagreement utility; somebody "
            f"is always {-short.bound:.3g} of its range short"
        )

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party, shape (n_parties,): one program a party."""
        if self._ideal is None:
            n = self.problem.n_parties
            ideal, gaps = np.zeros(n), np.zeros(n)
            largest = np.zeros(n)
            for i in range(n):
                score = _own(i)
                found = self.search.maximize(
                    self.gains[i], score, share=1.0 / (2 * n - i), is_feasible=True
                )
                best = self._best(score)
                ideal[i] = max(best.gains[i], 0.0)
                # as utilities say: shares of a range, multiplied back, are off by a rounding
                largest[i] = max(best.utilities[i] - self.problem.disagreement_point[i], 0.0)
                gaps[i] = max(found.bound - best.gains[i], RELIABLE)
                if gaps[i] < self.search.steps[i] / self.search.scale[i] / 2.0 < np.inf:
                    gaps[i] = 0.0
            # what a ratio to these gains may be too large by, as they may be too small
            self._ideal_gap = float((gaps / np.where(ideal > 0, ideal, 1.0)).max())
            self._ideal = largest
        return self._ideal

    def most(self, party: int) -> float:
        """Return the largest utility of a party."""
        score = _own(party)
        self.search.maximize(self.gains[party], score, is_feasible=True)
        return float(self._best(score).utilities[party])

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i.

        Where the product is 0 everywhere the most parties gain, and of those outcomes the one
        with the largest product over the parties that do, in shares of their ideal gains, as in
        `EnumeratedSet`.
        """
        counted = tuple(np.flatnonzero(weights > 0).tolist())
        unit = "the logarithm of the weighted product"
        if self._can_all_gain(counted):
            return self._answer(*self._product(weights, counted), unit)
        ideal = self.ideal_gains() / self.search.scale
        able = tuple(i for i in counted if ideal[i] > NO_GAIN)
        for most in range(len(able), 0, -1):
            groups = [g for g in combinations(able, most) if self._can_all_gain(g)]
            if not groups:
                continue
            tried = [self._product(weights, group) for group in groups]
            # each is solved with weights that sum to 1 in its group; here they are as given
            powers = np.array([weights[list(g)].sum() for g in groups])
            whole = np.array([np.log(ideal[list(g)]) @ weights[list(g)] for g in groups])
            at = int(np.argmax(powers * [t[1](t[0].gains) for t in tried] - whole))
            bound = (powers * [t[2].bound for t in tried] - whole).max()
            best, score, found, _ = tried[at]
            note = (
                "degenerate: no outcome gives every party a positive gain; the most parties that "
                f"can gain together are {most}"
            )
            wide = Found(found.best, float((bound + whole[at]) / powers[at]), found.is_done)
            return self._answer(best, score, wide, False, unit, note)
        note = "degenerate: no outcome gives anybody a positive gain"
        return self._answer(*self._sum(), unit, note)

    def _can_all_gain(self, parties: tuple[int, ...]) -> bool:
        chosen = list(parties)
        if any(known.gains[chosen].min() > NO_GAIN for known in self.search.known):
            return True
        self._fairest(parties)
        return any(known.gains[chosen].min() > NO_GAIN for known in self.search.known)

    def _product(
        self, weights: NDArray[np.float64], parties: tuple[int, ...]
    ) -> tuple[Known, Score, Found, bool]:
        chosen = list(parties)
        shares = weights[chosen] / weights[chosen].sum()

        def score(gains: NDArray[np.float64]) -> float:
            if not (gains[chosen] > 0).all():
                return -np.inf
            return float(np.log(gains[chosen]) @ shares)

        start = self._best(score)
        reached = score(start.gains)
        tops = np.log(np.maximum(self.search.highest[chosen], NO_GAIN))
        mark = self.program.mark()
        hoods: list[Hood] = []
        parts = []
        for i, share, top in zip(chosen, shares.tolist(), tops.tolist(), strict=True):
            # a party that gets less makes the product smaller than the one at hand
            least = (reached - float(tops @ shares) + share * top) / share
            least = min(max(least, np.log(NO_GAIN)), top) - RELIABLE
            height = self.program.column(least - 2.0, top + ABOVE)
            ends = float(np.exp(least)), float(np.exp(top)) * 2.0
            hood = Hood(height, self.gains[i], np.log, lambda gain: 1.0 / gain, *ends)
            hoods.append(hood)
            for place in np.exp(np.linspace(least, top, TANGENTS)):
                hood.touch(self.program, float(place))
            parts.append((height, share))
        objective = Affine.total(parts)
        found = self.search.maximize(
            objective, score, hoods=hoods, share=0.7, is_feasible=bool(np.isfinite(reached))
        )
        best = self._best(score)
        proven = self._proven(objective, score, found, hoods)
        best = self._best(score)
        self.program.back_to(mark)
        if len(chosen) < self.problem.n_parties:
            best = self._improved(best, score)
        return best, score, found, proven

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the sorted vector of gain / scale lexicographically, the least first.

        The sum of the k least ratios is largest where k t - sum of max(t - ratio, 0) is, over t
        (Ogryczak & Tamir 2003, Minimizing the Sum of the k Largest Functions in Linear Time); for
        k = 1, 2, ... these are linear programs in the gains, convex set or not.
        """
        given = scales / self.search.scale
        counted = np.flatnonzero(given > 0)
        note = "" if len(counted) == len(given) else "degenerate: a party cannot gain anything"
        if len(counted) == 0:
            return self._answer(*self._sum(), "the sum of gains", note)
        largest = float(given.max())
        shares = given[counted] / largest
        found, proven = self._levels(counted, shares)

        def score(gains: NDArray[np.float64]) -> float:
            return float((gains[counted] / shares).min())

        best = self._fairest_known(counted, shares)
        if len(counted) < len(given):
            best = self._improved(best, score)
        if self._ideal is not None and self._ideal_gap > 0 and np.array_equal(scales, self._ideal):
            if self._ideal_gap > 10.0 * RELIABLE:
                note = "; ".join(filter(None, [note, "the ideal point itself is known to a gap"]))
            wide = found.bound + self._ideal_gap * largest
            found, proven = Found(found.best, wide, found.is_done), False
        unit = "the least gain ratio"
        return self._answer(best, score, found, proven, unit, note, per=largest)

    def _levels(self, counted: NDArray[np.intp], shares: NDArray[np.float64]) -> tuple[Found, bool]:
        """Maximise the least ratio, then the sum of the two least, and so on."""
        mark = self.program.mark()
        first = Found(None, np.inf, False)
        proven = False
        for k in range(1, len(counted) + 1):
            total, score = self._least(k, counted, shares)
            found = self.search.maximize(total, score, share=0.5, is_feasible=True)
            reached = score(self._fairest_known(counted, shares).gains)
            if k == 1:
                first = found
                proven = self._proven(total, score, found)
                reached = score(self._fairest_known(counted, shares).gains)
            if k < len(counted):
                self.program.row(total, at_least=reached)
        self.program.back_to(mark)
        return first, proven

    def _least(
        self, k: int, counted: NDArray[np.intp], shares: NDArray[np.float64]
    ) -> tuple[Affine, Score]:
        """Return the sum of the k least ratios, as an expression and as a function."""
        # nobody's ratio is larger than its best, so the least is not; out of time that is a bound
        most = float((self.search.highest[counted] / shares).min()) + ABOVE
        level = self.program.column(-np.inf, most if k == 1 else np.inf)
        if k == 1:
            for i, share in zip(counted, shares.tolist(), strict=True):
                self.program.row(self.gains[i] - level * share, at_least=0.0)
            total = level
        else:
            short = []
            for i, share in zip(counted, shares.tolist(), strict=True):
                below = self.program.column(0.0, np.inf)
                row = Affine.total([(self.gains[i], 1.0), (below, share), (level, -share)])
                self.program.row(row, at_least=0.0)
                short.append((below, -1.0))
            total = Affine.total([(level, float(k)), *short])
        return total, lambda gains: float(np.sort(gains[counted] / shares)[:k].sum())

    def _fairest_known(self, counted: NDArray[np.intp], shares: NDArray[np.float64]) -> Known:
        gains = np.array([known.gains for known in self.search.known])
        ratios = np.sort(gains[:, counted] / shares, axis=1)
        return self.search.known[int(np.flatnonzero(lexicographic_best(ratios))[0])]

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains; of those that tie and are known, the most equal one."""
        best, score, found, proven = self._sum()
        unit, per = "the sum of gains", 1.0 / float(self.search.scale.max())
        return self._answer(best, score, found, proven, unit, per=per)

    def _sum(self) -> tuple[Known, Score, Found, bool]:
        sums = self.search.scale / self.search.scale.max()
        objective = Affine.total(zip(self.gains, sums.tolist(), strict=True))

        def score(gains: NDArray[np.float64]) -> float:
            return float(gains @ sums)

        found = self.search.maximize(objective, score, share=0.5, is_feasible=True)
        proven = self._proven(objective, score, found)
        gains = np.array([known.gains for known in self.search.known]) * sums
        columns = np.column_stack([gains.sum(axis=1), np.sort(gains, axis=1)])
        best = self.search.known[int(np.flatnonzero(lexicographic_best(columns))[0])]
        return best, score, found, proven

    def _best(self, score: Score) -> Known:
        return max(self.search.known, key=lambda known: score(known.gains))

    def _improved(self, best: Known, score: Score) -> Known:
        """Return an outcome that nobody can improve on, at least as good for everybody."""
        floors = self.search.floors
        self.search.ask(np.maximum(floors, best.utilities))
        total = Affine.total((gain, 1.0) for gain in self.gains)
        found = self.search.maximize(total, lambda gains: float(gains.sum()), share=0.5)
        self.search.ask(floors)
        improved = found.best
        return best if improved is None or score(improved.gains) < score(best.gains) else improved

    def _proven(
        self, objective: Affine, score: Score, found: Found, hoods: list[Hood] | None = None
    ) -> bool:
        """Look at all outcomes that come near the best one; False if there are too many.

        The best known is excluded, then the next, until the rest is worse by more than the
        solver's tolerance. What was found in between is known, and compared exactly. Where
        utilities come in steps all outcomes that are nowhere better are excluded along with one.
        """
        if not self.problem.space.is_finite or not found.is_done or found.best is None:
            return False
        best = self._best(score)
        limit = score(best.gains) - 2.0 * _blurred(score, best)
        mark = self.program.mark()
        near: Known | None = found.best
        proven = False
        for _ in range(NEAR_TIES):
            search = self.search
            if near is None or not (search.beyond(near) or search.encoding.exclude(near.point)):
                break
            again = self.search.maximize(
                objective, score, hoods=hoods or (), share=0.5, enough=limit
            )
            if again.is_done and (again.best is None or again.bound < limit):
                proven = True
                break
            near = again.best
        self.program.back_to(mark)
        return proven

    def _answer(
        self,
        best: Known,
        score: Score,
        found: Found,
        proven: bool,
        unit: str,
        note: str = "",
        *,
        per: float = 1.0,
    ) -> tuple[Lottery, Certificate]:
        """Return an outcome with its certificate; `per` divides the gap into stated units."""
        program = self.search.program
        reached = score(best.gains)
        evidence = {
            "programs": self.search.programs,
            "columns": len(program.lower),
            "whole_columns": sum(program.whole),
            "in_time": found.is_done,
        }
        if proven:
            method = "integer programs (HiGHS), everything that comes near looked at"
            return certain(best.outcome), Certificate("exact", method, 0.0, evidence, note)
        gap = max(found.bound - reached, _blurred(score, best)) / per
        method = "integer programs (HiGHS)"
        return certain(best.outcome), Certificate("gap", method, gap, evidence, note, unit=unit)


def _own(party: int) -> Score:
    return lambda gains: float(gains[party])


def _blurred(score: Score, best: Known) -> float:
    """Return by how much a score can be wrong where gains are wrong by the solver's tolerance."""
    reached = score(best.gains)
    wrong = abs(score(best.gains + RELIABLE) - reached) if np.isfinite(reached) else 0.0
    return max(wrong, RELIABLE * max(1.0, abs(reached)))
