"""Three and more parties settling continuous issues or lotteries: linear and convex programs.

Every issue contributes a polytope: the hull of its values' worths, or of the corners of its
concave value functions. What can be agreed is their Minkowski sum, described by weights on the
corners of each issue; nothing is enumerated and the programs stay as small as the issues.

Curved value functions have a corner everywhere. A program is solved over those known so far; its
prices ask every curved issue for its best value, found exactly; what is worth more than the program
knew becomes a corner, until nothing is (column generation: Dantzig & Wolfe 1960, Decomposition
Principle for Linear Programs). What prices can ask for bounds everything that can be agreed, so
the same numbers that drive the search prove its answer.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, NoAgreementZoneError
from bargain.model import BargainingProblem
from bargain.solve.agreeable import outcomes_counted
from bargain.solve.certificate import LOGARITHM, Certificate
from bargain.solve.claims import Ideal
from bargain.solve.columns import ColumnPrograms
from bargain.solve.convex_product import largest_product
from bargain.solve.corners import CornerSet
from bargain.solve.solution import Lottery

SOLVER_TOLERANCE = 1e-10
"""Feasibility and optimality tolerance asked of HiGHS, on utilities scaled to about 1."""

MISSING = 1e-11
"""New corners that add no more than this to a program's value end the search for them."""

ROUNDS = 100
"""Programs that are solved for one answer at most; about ten are enough."""

NO_PRICE = 1e-6
"""Prices below this share of all prices may be what a solver's tolerance left of 0."""

SECONDS = 20.0
"""What one linear program may take; a simplex method can cycle where all is next to nothing."""

ONLY_THE_LEAST = "the least gain ratio is settled, the next least perhaps not"
"""What a certificate says where the linear programs after the first found no optimum."""

INFEASIBLE = 2
"""What scipy's linprog calls a program without a feasible point."""

RESOLUTION = 1e-9
"""Gains smaller than this share of a party's range count as none."""


def noted(*notes: str) -> str:
    """Return notes of a certificate as one; empty ones are left out."""
    return "; ".join(note for note in notes if note)


class ConvexSet(CornerSet):
    """The convex feasible set of any number of parties, by linear and convex programs.

    Parameters
    ----------
    problem : BargainingProblem
    may_be_empty : bool
        Leave it to the caller to look at `shortage`.

    Attributes
    ----------
    shortage : float
        How far below its disagreement utility somebody is at best, in shares of its range; at most
        `RESOLUTION` if there is something to agree on. With `may_be_empty` no more is known then.
    short_of : ndarray, shape (n_parties,)
        The prices that prove a shortage, of gains in shares of ranges.
    """

    def __init__(self, problem: BargainingProblem, *, may_be_empty: bool = False) -> None:
        super().__init__(problem)
        self.ideals: tuple[Ideal, ...] = ()
        self.columns = None
        drawn = all(block.blend is None for block in self.blocks)
        if drawn and np.isinf(self.limits).all():
            self.columns = ColumnPrograms(self.matrix, self.owner, self.point)
        self._measure(np.inf if not may_be_empty else 0.0)
        if self.shortage > RESOLUTION and not may_be_empty:
            among = ""
            if problem.constraints and problem.space.is_finite:
                among = f" over {outcomes_counted(problem)},"
            raise NoAgreementZoneError(
                f"no agreement zone: no agreement{among} gives every party its disagreement "
                "utility; "
                f"somebody is always {self.shortage:.3g} of its range short"
            )

    def _measure(self, enough: float) -> None:
        n = self.problem.n_parties
        least, _, self.short_of = self.least(np.ones(n), np.zeros(n), enough=enough)
        self.shortage = -least

    def demanding(self, point: NDArray[np.float64]) -> ConvexSet:
        """Return the set above another disagreement point, which may be empty.

        Corners of curved issues that were found are kept.
        """
        other = copy(self)
        other.parts, other.ideals = list(self.parts), ()
        before = self.point * self.scale + self.lowest
        other.point = (point - self.lowest) / self.scale
        other.limits = self.limits + (before - point) / self.scale
        if self.columns is not None:
            other.columns = ColumnPrograms(other.matrix, other.owner, other.point)
        other._measure(0.0)
        return other

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party, shape (n_parties,)."""
        n = self.problem.n_parties
        floors = np.zeros(n)
        best = [self.maximize(np.eye(n)[i], floors) for i in range(n)]
        # the duals of the floors are what it costs a party that nobody else falls below 0
        self.ideals = tuple(
            Ideal(self.lottery(found), (np.eye(n)[i] + duals) / self.scale)
            for i, (_, found, duals) in enumerate(best)
        )
        values = np.array([value for value, _, _ in best])
        ideal: NDArray[np.float64] = np.maximum(values, 0.0) * self.scale
        return ideal

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i: a convex program, polished by Newton steps on its support."""
        weights = weights / weights.sum()
        able = (self.ideal_gains() / self.scale > RESOLUTION) & (weights > 0)
        note = "" if able[weights > 0].all() else "degenerate: a party cannot gain anything"
        if not able.any():
            lottery, certificate = self.best_minimum(np.ones(len(weights)))
            return lottery, replace(certificate, note=note)
        found = self.columns.best_product(weights) if self.columns and able.all() else None
        method = "convex program (cvxpy)" if found is None else "simplicial decomposition"
        corner_weights = largest_product(self, weights, able) if found is None else found
        gains = self.gains(corner_weights)
        prices = np.where(able, weights / np.where(able, gains, 1.0), 0.0)
        # log g <= log g* + g / g* - 1, so the best sum at these prices bounds the log product
        gap = max(float(self.bound(prices) - prices @ gains), 0.0)
        evidence = {"supporting_weights": (prices / self.scale).tolist()}
        return self.lottery(corner_weights), Certificate(
            "gap", method, gap, evidence, note, unit=LOGARITHM
        )

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the next: one linear program a step."""
        corner_weights, certificate = self.least_first(scales)
        return self.lottery(corner_weights), certificate

    def least_first(self, scales: NDArray[np.float64]) -> tuple[NDArray[np.float64], Certificate]:
        """Do as `best_minimum`, and return corner weights."""
        counted = scales > 0
        note = "" if counted.all() else "degenerate: a party cannot gain anything"
        shares = np.where(counted, scales, 0.0) / self.scale
        largest = max(float(shares.max()), np.finfo(float).tiny)
        shares = shares / largest
        floors = np.zeros(len(scales))
        free = counted.copy()
        corner_weights, bound = None, np.inf
        evidence: dict[str, Any] = {}
        try:
            while free.any():
                # only ratios matter, and HiGHS takes tiny coefficients for none
                size = float(shares[free].max())
                level, corner_weights, prices = self.least(
                    np.where(free, shares / size, 0.0), np.where(free, -np.inf, floors)
                )
                if bound == np.inf and prices @ shares > 0:
                    bound = float(self.bound(prices / (prices @ shares)))
                    evidence = {"supporting_weights": (prices / self.scale).tolist()}
                floors = np.where(free, level * shares / size, floors)
                # who has a price is at the level in every optimum (complementary slackness); of the
                # others, who can't rise above the level while nobody falls below it is settled too
                if self.curved and not self._hold(corner_weights, prices):
                    break
                priced = prices * shares > NO_PRICE * float(prices @ shares)
                stuck = [
                    i
                    for i in np.flatnonzero(free)
                    if priced[i]
                    or self.maximize(np.eye(len(scales))[i], floors)[0] <= floors[i] + RESOLUTION
                ]
                if not stuck:
                    break
                free[stuck] = False
        except ConvergenceError:
            if corner_weights is None:
                raise
            note = noted(note, ONLY_THE_LEAST)
        finally:
            self.closed = np.zeros(0, dtype=bool)
        if corner_weights is None:
            corner_weights, counted = self.maximize(np.ones(len(scales)), floors)[1], ~counted
            shares, bound = np.ones(len(scales)), 0.0
        corner_weights = self.normalized(corner_weights)
        reached = float((self.gains(corner_weights)[counted] / shares[counted]).min())
        gap = max(bound - reached, 0.0) / largest if bound > 0 else 0.0
        method = "linear programs (HiGHS), least first"
        return corner_weights, Certificate(
            "gap", method, gap, evidence, note, unit="the least gain ratio"
        )

    def _hold(self, corner_weights: NDArray[np.float64], prices: NDArray[np.float64]) -> bool:
        """Hold curved issues where they are if only one value is best at some prices.

        It is so wherever somebody with a price has a curved worth. What is still open must keep
        to it, and a program that left it to floors to say so could not: next to its best value a
        curve costs next to nothing. Returns whether an issue is left to decide on.
        """
        corner_weights = self.normalized(corner_weights)
        priced = np.flatnonzero(prices > NO_PRICE * prices.max())
        held: dict[int, int] = {}
        for j in self.curved:
            way = self.blocks[j].curved
            if way is not None and any(way.terms[i].is_curved for i in priced):
                held[j] = self.add_corner(j, self.average(j, corner_weights))
        self.closed = np.isin(self.owner, list(held))
        self.closed[list(held.values())] = False
        return len(held) < len(self.blocks)

    def equal_share(self, scales: NDArray[np.float64]) -> float:
        """Return the largest share of its scale that every party can gain at once."""
        shares = scales / self.scale
        largest = float(shares.max())
        if largest <= 0.0:
            return 0.0
        return self.least(shares / largest, np.zeros(len(scales)))[0] / largest

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains: one linear program."""
        corner_weights, certificate = self.largest_sum(np.ones(len(self.scale), dtype=bool))
        return self.lottery(corner_weights), certificate

    def largest_sum(self, counted: NDArray[np.bool_]) -> tuple[NDArray[np.float64], Certificate]:
        """Maximise the sum of some parties' gains, and return corner weights."""
        largest = self.scale[counted].max()
        sums = np.where(counted, self.scale / largest, 0.0)
        _, found, duals = self.maximize(sums, np.zeros(len(self.scale)))
        corner_weights = self.normalized(found)
        # gains are >= 0, so adding the duals to the prices can only raise the sum
        reached = float(sums @ self.gains(corner_weights))
        gap = max(self.bound(sums + duals) - reached, 0.0) * largest
        evidence = {"supporting_weights": ((sums + duals) * (largest / self.scale)).tolist()}
        method = "linear program (HiGHS)"
        return corner_weights, Certificate("gap", method, gap, evidence, unit="the sum of gains")

    def maximize(
        self, prices: NDArray[np.float64], floors: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Maximise prices . gains with gains >= floors, all in shares of the parties' ranges.

        Returns the value, the weights on the corners, and the duals of the floors.
        """
        generated = self.columns.maximize(prices, floors) if self.columns else None
        if generated is not None:
            return generated
        n = len(prices)
        for _ in range(ROUNDS):
            k = self.matrix.shape[1]
            # variables: corner weights, then the gains themselves (at most their ceilings)
            rows = [np.hstack([-self.matrix, np.eye(n)])]
            cost = np.concatenate([np.zeros(k), -prices])
            solution = self._linear_program(cost, rows, [-self.point], floors, extra=0)
            if solution is None:
                # no mixture of the corners known reaches the floors: look for corners that do
                short = -self.least(np.ones(n), np.full(n, -np.inf), start=floors)[0]
                if short > RESOLUTION or self.matrix.shape[1] == k:
                    raise ConvergenceError(
                        f"linear program: expected gains above their floors, got {short:.1e} less"
                    )
            elif self.add_asked(-solution.ineqlin.marginals[:n]) <= MISSING:
                break
        if solution is None:
            raise ConvergenceError("linear program: expected an optimum, got none")
        return -solution.fun, solution.x[:k], np.maximum(solution.lower.marginals[k : k + n], 0.0)

    def least(
        self,
        shares: NDArray[np.float64],
        floors: NDArray[np.float64],
        *,
        start: NDArray[np.float64] | None = None,
        enough: float = np.inf,
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Maximise t with gains >= start + t * shares where shares > 0, and gains >= floors.

        Any t of at least `enough` will do, and the prices then prove nothing.
        """
        generated = self.columns.maximin(shares, floors) if self.columns else None
        if generated is not None and start is None:
            return generated
        n = len(shares)
        aimed = np.flatnonzero(shares > 0)
        begin = np.zeros(len(aimed)) if start is None else start[aimed]
        for _ in range(ROUNDS):
            k = self.matrix.shape[1]
            rows = [
                np.hstack([-self.matrix, np.eye(n), np.zeros((n, 1))]),
                np.hstack([np.zeros((len(aimed), k)), -np.eye(n)[aimed], shares[aimed, None]]),
            ]
            solution = self._linear_program(
                np.concatenate([np.zeros(k + n), [-1.0]]),
                rows,
                [-self.point, -begin],
                np.where(shares > 0, -np.inf, floors),
                extra=1,
            )
            if solution is None:
                raise ConvergenceError("linear program: expected an optimum, got none")
            if -solution.fun >= enough:
                break
            if self.add_asked(-solution.ineqlin.marginals[:n]) <= MISSING:
                break
        # who has no aim has a price where its floor is in the way of the others
        prices = np.where(shares > 0, 0.0, -solution.ineqlin.marginals[:n])
        prices[aimed] = -solution.ineqlin.marginals[n:]
        return -solution.fun, solution.x[:k], np.maximum(prices, 0.0)

    def _linear_program(
        self,
        cost: NDArray[np.float64],
        rows: list[NDArray[np.float64]],
        limits: list[NDArray[np.float64]],
        floors: NDArray[np.float64],
        *,
        extra: int,
    ) -> Any:
        from scipy.optimize import linprog

        n, k = self.matrix.shape
        totals = np.hstack([self.totals(), np.zeros((len(self.blocks), n + extra))])
        # floors that an earlier program reached can be out of reach by its tolerance; and where
        # corners lie close together the simplex method may stop without an answer
        attempts: list[tuple[float, Literal["highs-ds", "highs-ipm"]]] = [
            (0.0, "highs-ds"),
            (RESOLUTION, "highs-ds"),
            (RESOLUTION, "highs-ipm"),
        ]
        for slack, method in attempts:
            bounds: list[tuple[float | None, float | None]] = [(0.0, None)] * k
            for closed in np.flatnonzero(self.closed):
                bounds[closed] = (0.0, 0.0)
            bounds += list(zip((floors - slack).tolist(), self.limits.tolist(), strict=True))
            bounds += [(None, None)] * extra
            solution = linprog(
                cost,
                A_ub=np.vstack(rows),
                b_ub=np.concatenate(limits),
                A_eq=totals,
                b_eq=np.ones(len(self.blocks)),
                bounds=bounds,
                method=method,
                options={
                    "primal_feasibility_tolerance": SOLVER_TOLERANCE,
                    "dual_feasibility_tolerance": SOLVER_TOLERANCE,
                    "time_limit": SECONDS,
                },
            )
            if solution.status == 0:
                return solution
        if self.curved and solution.status == INFEASIBLE:
            return None
        raise ConvergenceError(
            f"linear program: expected an optimum, got {solution.message} (gains may be lost in "
            "the solver's tolerance where the disagreement point is next to the frontier)"
        )
