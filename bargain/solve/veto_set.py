"""What parties can agree on where convex constraints bind continuous issues: see `vetoes`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome, Party
from bargain.solve.certificate import LOGARITHM, Certificate
from bargain.solve.claims import Ideal
from bargain.solve.conflicts import refuse_conflicts, refuse_infeasible
from bargain.solve.convex import ONLY_THE_LEAST, RESOLUTION, ConvexSet, noted
from bargain.solve.prices import newton_shares
from bargain.solve.solution import Lottery, mixture
from bargain.solve.vetoes import with_vetoes

Reals = NDArray[np.float64]

ROUNDS = 100
"""Linear programs for one product at most; a few more than there are parties are enough for lines,
about ten for curves."""

CLOSE_ENOUGH = 1e-13
"""Gap of the logarithm at which a product is taken for the largest."""

NEXT_TO_NOTHING = 5e-9
"""Who is proven to gain no more than this share of its range counts as gaining nothing."""


class VetoSet:
    """Feasible set of continuous issues under convex constraints."""

    ideals: tuple[Ideal, ...] = ()

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        self.n = problem.n_parties
        among = with_vetoes(problem)
        if among is None:
            refuse_infeasible(problem)
        try:
            self.convex = ConvexSet(among)
        except NoAgreementZoneError:
            refuse_conflicts(problem)
            raise NoAgreementZoneError(
                "no agreement zone: no outcome that meets the constraints gives every party its "
                f"disagreement utility; somebody is always {_shortage(problem):.3g} of its range "
                "short"
            ) from None
        self.everybody = self.convex.problem.n_parties
        self._ideal: Reals | None = None

    def ideal_gains(self) -> Reals:
        """Return the largest gain of each party, shape (n_parties,): one linear program each.

        Who is proven to gain next to nothing counts as gaining nothing, without a program: where
        the disagreement point lies on the frontier, programs would only find their tolerance.
        """
        if self._ideal is None:
            nothing, ideals = np.zeros(self.everybody), self._stuck()
            values = np.zeros(self.n)
            for i in range(self.n):
                if i not in ideals:
                    own = np.eye(self.everybody)[i]
                    values[i], found, duals = self.convex.maximize(own, nothing)
                    ideals[i] = Ideal(self._agreed(found), (own + duals) / self.convex.scale)
            self.ideals = tuple(ideals[i] for i in range(self.n))
            self._ideal = np.maximum(values, 0.0) * self.convex.scale[: self.n]
        return self._ideal

    def _stuck(self) -> dict[int, Ideal]:
        """Return who can't gain, and why: prices at which nothing is left to distribute."""
        stuck: dict[int, Ideal] = {}
        while len(stuck) < self.n:
            aims = np.array([float(i < self.n and i not in stuck) for i in range(self.everybody)])
            _, found, prices = self.convex.least(aims, np.zeros(self.everybody))
            most = max(self.convex.bound(prices), 0.0)
            priced = np.flatnonzero((aims > 0) & (prices > 0)).tolist()
            more = [i for i in priced if most <= NEXT_TO_NOTHING * prices[i]]
            if not more:
                break
            agreed = self._agreed(self.convex.normalized(found))
            stuck.update({i: Ideal(agreed, prices / self.convex.scale) for i in more})
        return stuck

    def best_product(self, weights: Reals) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i by simplicial decomposition (von Hohenbalken 1977).

        Each linear program maximises prices w_i / g_i over the set; its answer joins those that
        are mixed so that the product is largest. The prices and the multipliers of all floors
        bound the logarithm: log g <= log g* + g / g* - 1.
        """
        ideal = self.ideal_gains() / self.convex.scale[: self.n]
        able = np.flatnonzero((ideal > RESOLUTION) & (weights > 0))
        note = ""
        if len(able) < np.count_nonzero(weights):
            note = "degenerate: a party cannot gain anything"
        if len(able) == 0:
            lottery, certificate = self.best_minimum(np.ones(self.n))
            return lottery, replace(certificate, note=note)
        power = weights[able] / weights[able].sum()
        nothing = np.zeros(self.everybody)
        aims = np.isin(np.arange(self.everybody), able).astype(np.float64)
        mixes = [self.convex.normalized(self.convex.least(aims, nothing)[1])]
        shares = np.ones(1)
        best, least, supporting = mixes[0], np.inf, nothing
        stalled = 0
        for _ in range(ROUNDS):
            # values that are averaged are worth at least as much as their parts
            whole = self._mixed(mixes, shares)
            gains = self.convex.gains(whole)[able]
            if not (gains > 0).all():
                raise ConvergenceError(
                    "Nash solution: expected an outcome with gains for all who can gain, got "
                    f"{gains.min():.1e} of a range"
                )
            prices = nothing.copy()
            prices[able] = power / gains
            # only ratios matter, and programs take no numbers beyond 1e15
            size = prices.max()
            try:
                _, found, duals = self.convex.maximize(prices / size, nothing)
            except ConvergenceError:
                if np.isinf(least):
                    raise
                break
            floors = prices + duals * size
            gap = max(self.convex.bound(floors / size) * size - float(prices[able] @ gains), 0.0)
            if gap < least:
                stalled = 0 if gap < 0.5 * least else stalled + 1
                best, least, supporting = whole, gap, floors
            else:
                stalled += 1
            if least <= CLOSE_ENOUGH or stalled > 3:
                break
            mixes = [whole, *mixes, self.convex.normalized(found)]
            points = np.array([self.convex.gains(mix)[able] for mix in mixes])
            start = np.zeros(len(mixes))
            start[0], start[-1] = 0.5, 0.5
            start[1:-1] = 1e-3 * shares
            shares = newton_shares(points, start / start.sum(), power, CLOSE_ENOUGH / 10)
            kept = np.flatnonzero(shares > 0)
            mixes, shares = [mixes[k] for k in kept], shares[kept]
        evidence = {"supporting_weights": (supporting / self.convex.scale).tolist()}
        method = "linear programs (HiGHS), simplicial decomposition, constraints as vetoes"
        return self._agreed(best), Certificate("gap", method, least, evidence, note, unit=LOGARITHM)

    def best_minimum(self, scales: Reals) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the next; vetoes have no scale."""
        everybody = np.concatenate([scales, np.zeros(self.everybody - self.n)])
        corner_weights, certificate = self.convex.least_first(everybody)
        # that vetoes have no scale is no news
        note = "" if (scales > 0).all() else "degenerate: a party cannot gain anything"
        if certificate.note.endswith(ONLY_THE_LEAST):
            note = noted(note, ONLY_THE_LEAST)
        return self._agreed(corner_weights), replace(certificate, note=note)

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of the parties' gains: one linear program."""
        counted = np.arange(self.everybody) < self.n
        corner_weights, certificate = self.convex.largest_sum(counted)
        return self._agreed(corner_weights), certificate

    def _mixed(self, mixes: list[Reals], shares: Reals) -> Reals:
        padded = [self.convex.padded(mix) for mix in mixes]
        total: Reals = np.asarray(shares @ np.array(padded), dtype=np.float64)
        return self.convex.normalized(total)

    def _agreed(self, corner_weights: Reals) -> Lottery:
        """Return the outcome; its ranges are those of the issues."""
        ((outcome, _),) = self.convex.lottery(corner_weights)
        names = self.problem.space.names
        return mixture([(Outcome({name: float(outcome[name]) for name in names}), 1.0)])


def _shortage(problem: BargainingProblem) -> float:
    """Return how far below its disagreement utility somebody is at best, in shares of ranges."""
    lowest = [float(sum(term.worths.min() for term in terms)) for terms in problem.terms]
    modest = [
        Party(party.name, party.utility, low)
        for party, low in zip(problem.profiles, lowest, strict=True)
    ]
    among = with_vetoes(BargainingProblem(problem.space, modest, constraints=problem.constraints))
    if among is None:
        refuse_infeasible(problem)
    convex = ConvexSet(among)
    aims, start = np.zeros(len(convex.scale)), np.zeros(len(convex.scale))
    aims[: problem.n_parties] = 1.0
    wanted = problem.disagreement_point - np.array(lowest)
    start[: problem.n_parties] = wanted / convex.scale[: problem.n_parties]
    return -convex.least(aims, np.zeros(len(aims)), start=start)[0]
