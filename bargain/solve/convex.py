"""Three and more parties settling continuous issues or lotteries: linear and convex programs.

Every issue contributes a polytope: the hull of its values' worths, or of the corners of its
concave value functions. What can be agreed is their Minkowski sum, described by weights on the
corners of each issue; nothing is enumerated and the programs stay as small as the issues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, NoAgreementZoneError, UnsupportedProblemError
from bargain.model import BargainingProblem, Issue, Outcome, Value
from bargain.solve.agreeable import (
    agreeable_utilities,
    original_rows,
    outcomes_counted,
    refuse_constraints,
)
from bargain.solve.certificate import Certificate
from bargain.solve.chain import common_corners
from bargain.solve.claims import Ideal
from bargain.solve.enumerated import efficient_rows
from bargain.solve.feasible import is_enumerable
from bargain.solve.solution import Lottery, mixture

SOLVER_TOLERANCE = 1e-10
"""Feasibility and optimality tolerance asked of HiGHS, on utilities scaled to about 1."""

NO_WEIGHT = 1e-14
"""A corner with no more probability than this is left out."""

POLISHING_STEPS = 12
"""Newton steps after the interior point method; each may drop a corner from the support."""

RESOLUTION = 1e-9
"""Gains smaller than this share of a party's range count as none."""


@dataclass(frozen=True, eq=False)
class Block:
    """One issue's corners: worths (k, n_parties) and, for each corner, the outcome's part."""

    worths: NDArray[np.float64]
    parts: list[dict[str, Value]]
    blend: str | None = None
    """Name of the continuous issue whose values average, instead of being drawn by lot."""


class ConvexSet:
    """The convex feasible set of any number of parties, by linear and convex programs."""

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        self.ideals: tuple[Ideal, ...] = ()
        self.blocks = _blocks(problem)
        lowest = np.sum([block.worths.min(axis=0) for block in self.blocks], axis=0)
        highest = np.sum([block.worths.max(axis=0) for block in self.blocks], axis=0)
        # every party's gains are counted in shares of its own range, to keep programs well scaled
        spread = highest - lowest
        self.scale = np.where(spread > 0, spread, np.maximum(np.abs(highest), 1.0))
        # and from each block's least worth, so that a large constant costs no digits
        centred = [block.worths - block.worths.min(axis=0) for block in self.blocks]
        self.matrix = np.concatenate(centred).T / self.scale[:, None]
        self.point = (problem.disagreement_point - lowest) / self.scale
        # in a finite space whole outcomes were cut off already: see _blocks
        limits = np.inf if problem.space.is_finite else problem.ceilings
        self.limits = (limits - problem.disagreement_point) / self.scale
        sizes = [len(block.worths) for block in self.blocks]
        self.edges = np.concatenate([[0], np.cumsum(sizes)])
        least = self._maximin(np.ones(problem.n_parties), np.zeros(problem.n_parties))[0]
        if least < -RESOLUTION:
            among = ""
            if problem.constraints and problem.space.is_finite:
                among = f" over {outcomes_counted(problem)},"
            raise NoAgreementZoneError(
                f"no agreement zone: no agreement{among} gives every party its disagreement "
                "utility; "
                f"somebody is always {-least:.3g} of its range short"
            )

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
            return lottery, Certificate(
                certificate.kind, certificate.method, certificate.gap, certificate.evidence, note
            )
        corner_weights = self._normalized(self._product_program(weights, able))
        gains = self._gains(corner_weights)
        prices = np.where(able, weights / np.where(able, gains, 1.0), 0.0)
        # log g <= log g* + g / g* - 1, so the best sum at these prices bounds the log product
        gap = max(float(self._bound(prices) - prices @ gains), 0.0)
        evidence = {"supporting_weights": (prices / self.scale).tolist()}
        method = "convex program (cvxpy); gap in the logarithm of the weighted product"
        return self.lottery(corner_weights), Certificate("gap", method, gap, evidence, note)

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the next: one linear program a step."""
        counted = scales > 0
        note = "" if counted.all() else "degenerate: a party cannot gain anything"
        shares = np.where(counted, scales, 0.0) / self.scale
        largest = max(float(shares.max()), np.finfo(float).tiny)
        shares = shares / largest
        floors = np.zeros(len(scales))
        free = counted.copy()
        corner_weights, bound = None, np.inf
        evidence: dict[str, Any] = {}
        while free.any():
            # only ratios matter, and HiGHS takes tiny coefficients for none
            size = float(shares[free].max())
            level, corner_weights, prices = self._maximin(
                np.where(free, shares / size, 0.0), np.where(free, -np.inf, floors)
            )
            if bound == np.inf and prices @ shares > 0:
                bound = float(self._bound(prices / (prices @ shares)))
                evidence = {"supporting_weights": (prices / self.scale).tolist()}
            floors = np.where(free, level * shares / size, floors)
            # who can't rise above the level while nobody falls below it is settled
            stuck = [
                i
                for i in np.flatnonzero(free)
                if self.maximize(np.eye(len(scales))[i], floors)[0] <= floors[i] + RESOLUTION
            ]
            if not stuck:
                break
            free[stuck] = False
        if corner_weights is None:
            corner_weights, counted = self.maximize(np.ones(len(scales)), floors)[1], ~counted
            shares, bound = np.ones(len(scales)), 0.0
        corner_weights = self._normalized(corner_weights)
        reached = float((self._gains(corner_weights)[counted] / shares[counted]).min())
        gap = max(bound - reached, 0.0) / largest if bound > 0 else 0.0
        method = "linear programs (HiGHS), least first; gap in the least gain ratio"
        return self.lottery(corner_weights), Certificate("gap", method, gap, evidence, note)

    def equal_share(self, scales: NDArray[np.float64]) -> float:
        """Return the largest share of its scale that every party can gain at once."""
        shares = scales / self.scale
        largest = float(shares.max())
        if largest <= 0.0:
            return 0.0
        return self._maximin(shares / largest, np.zeros(len(scales)))[0] / largest

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains: one linear program."""
        largest = self.scale.max()
        sums = self.scale / largest
        _, found, duals = self.maximize(sums, np.zeros(len(self.scale)))
        corner_weights = self._normalized(found)
        # gains are >= 0, so adding the duals to the prices can only raise the sum
        reached = float(sums @ self._gains(corner_weights))
        gap = max(self._bound(sums + duals) - reached, 0.0) * largest
        evidence = {"supporting_weights": ((sums + duals) * (largest / self.scale)).tolist()}
        method = "linear program (HiGHS); gap in the sum of gains"
        return self.lottery(corner_weights), Certificate("gap", method, gap, evidence)

    def _gains(self, corner_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        gains: NDArray[np.float64] = np.minimum(
            self.matrix @ corner_weights - self.point, self.limits
        )
        return gains

    def _bound(self, prices: NDArray[np.float64]) -> float:
        """Return the largest sum of gains at given prices, from each issue's best corner."""
        values = prices @ self.matrix
        starts = self.edges[:-1]
        return float(np.maximum.reduceat(values, starts).sum() - prices @ self.point)

    def maximize(
        self, prices: NDArray[np.float64], floors: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Maximise prices . gains with gains >= floors, all in shares of the parties' ranges.

        Returns the value, the weights on the corners, and the duals of the floors.
        """
        n, k = self.matrix.shape
        # variables: corner weights, then the gains themselves (at most their ceilings)
        rows = [np.hstack([-self.matrix, np.eye(n)])]
        solution = self._linear_program(
            np.concatenate([np.zeros(k), -prices]), rows, [-self.point], floors, extra=0
        )
        return -solution.fun, solution.x[:k], np.maximum(solution.lower.marginals[k : k + n], 0.0)

    def _maximin(
        self, shares: NDArray[np.float64], floors: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Maximise t with gains >= t * shares where shares > 0, and gains >= floors."""
        n, k = self.matrix.shape
        aimed = np.flatnonzero(shares > 0)
        rows = [
            np.hstack([-self.matrix, np.eye(n), np.zeros((n, 1))]),
            np.hstack([np.zeros((len(aimed), k)), -np.eye(n)[aimed], shares[aimed, None]]),
        ]
        solution = self._linear_program(
            np.concatenate([np.zeros(k + n), [-1.0]]),
            rows,
            [-self.point, np.zeros(len(aimed))],
            np.where(shares > 0, -np.inf, floors),
            extra=1,
        )
        prices = np.zeros(n)
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
        totals = np.zeros((len(self.blocks), k + n + extra))
        for j in range(len(self.blocks)):
            totals[j, self.edges[j] : self.edges[j + 1]] = 1.0
        # floors that an earlier program reached can be out of reach by its tolerance
        for slack in (0.0, RESOLUTION):
            bounds: list[tuple[float | None, float | None]] = [(0.0, None)] * k
            bounds += list(zip((floors - slack).tolist(), self.limits.tolist(), strict=True))
            bounds += [(None, None)] * extra
            solution = linprog(
                cost,
                A_ub=np.vstack(rows),
                b_ub=np.concatenate(limits),
                A_eq=totals,
                b_eq=np.ones(len(self.blocks)),
                bounds=bounds,
                method="highs-ds",
                options={
                    "primal_feasibility_tolerance": SOLVER_TOLERANCE,
                    "dual_feasibility_tolerance": SOLVER_TOLERANCE,
                },
            )
            if solution.status == 0:
                return solution
        raise ConvergenceError(f"linear program: expected an optimum, got {solution.message}")

    def _product_program(
        self, weights: NDArray[np.float64], able: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        import cvxpy

        n, k = self.matrix.shape
        corner_weights = cvxpy.Variable(k, nonneg=True)
        gains = cvxpy.Variable(n)
        constraints = [gains <= self.matrix @ corner_weights - self.point, gains >= 0]
        constraints += [
            cvxpy.sum(corner_weights[self.edges[j] : self.edges[j + 1]]) == 1
            for j in range(len(self.blocks))
        ]
        capped = np.flatnonzero(np.isfinite(self.limits))
        if len(capped):
            constraints.append(gains[capped] <= self.limits[capped])
        objective = cvxpy.Maximize(weights[able] @ cvxpy.log(gains[np.flatnonzero(able)]))
        program = cvxpy.Problem(objective, constraints)
        try:
            program.solve(solver=cvxpy.CLARABEL)
        except cvxpy.SolverError as error:
            raise ConvergenceError(f"convex program: expected an optimum, got {error}") from None
        if corner_weights.value is None:
            raise ConvergenceError(f"convex program: expected an optimum, got {program.status}")
        found = self._normalized(corner_weights.value)
        if len(capped):
            return found
        return self._polished(found, weights, able)

    def _normalized(self, corner_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        cleaned = np.where(corner_weights > NO_WEIGHT, corner_weights, 0.0)
        for start, stop in zip(self.edges[:-1], self.edges[1:], strict=True):
            cleaned[start:stop] /= cleaned[start:stop].sum()
        return cleaned

    def _polished(
        self, found: NDArray[np.float64], weights: NDArray[np.float64], able: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Take Newton steps on the support that the interior point method points to."""
        best, best_gap = found, self._product_gap(found, weights, able)
        trial = self._normalized(np.where(found > 1e-6, found, 0.0))
        blocks = len(self.blocks)
        for _ in range(POLISHING_STEPS):
            support = np.flatnonzero(trial)
            owner = np.searchsorted(self.edges, support, side="right") - 1
            totals = (owner[None, :] == np.arange(blocks)[:, None]).astype(np.float64)
            matrix, shares = self.matrix[:, support][able], weights[able]
            gains = matrix @ trial[support] - self.point[able]
            if (gains <= 0).any():
                break
            slope = matrix.T @ (shares / gains)
            curve = -(matrix.T * (shares / gains**2)) @ matrix
            system = np.block([[curve, totals.T], [totals, np.zeros((blocks, blocks))]])
            target = np.concatenate([-slope, np.zeros(blocks)])
            step = np.linalg.lstsq(system, target, rcond=None)[0][: len(support)]
            # as far as the step goes before a weight turns negative; that weight leaves
            with np.errstate(divide="ignore", invalid="ignore"):
                room = np.where(step < 0, -trial[support] / step, np.inf)
            length = min(1.0, float(room.min()))
            moved = np.where(room <= length, 0.0, trial[support] + length * step)
            trial = trial.copy()
            trial[support] = moved
            trial = self._normalized(trial)
            gap = self._product_gap(trial, weights, able)
            if gap < best_gap:
                best, best_gap = trial, gap
        return best

    def _product_gap(
        self,
        corner_weights: NDArray[np.float64],
        weights: NDArray[np.float64],
        able: NDArray[np.bool_],
    ) -> float:
        gains = self._gains(corner_weights)
        if (gains[able] <= 0).any() or (gains < -RESOLUTION).any():
            return np.inf
        prices = np.where(able, weights / np.where(able, gains, 1.0), 0.0)
        return float(self._bound(prices) - prices @ gains)

    def lottery(self, corner_weights: NDArray[np.float64]) -> Lottery:
        """Turn weights on the corners of every issue into outcomes with probabilities.

        Continuous issues take their average value. The draws of the others are coupled through
        one common uniform number, so at most (corners with weight - issues + 1) outcomes occur.
        """
        corner_weights = self._normalized(corner_weights)
        fixed: dict[str, Value] = {}
        draws: list[tuple[NDArray[np.float64], list[dict[str, Value]]]] = []
        for j, block in enumerate(self.blocks):
            shares = corner_weights[self.edges[j] : self.edges[j + 1]]
            if block.blend is not None:
                corners = np.array([part[block.blend] for part in block.parts], dtype=np.float64)
                fixed[block.blend] = float(np.clip(shares @ corners, corners[0], corners[-1]))
                continue
            used = np.flatnonzero(shares)
            ends = np.cumsum(shares[used])
            ends[-1] = 1.0
            draws.append((ends, [block.parts[i] for i in used]))
        cuts = np.unique(np.concatenate([[1.0], *(ends for ends, _ in draws)]))
        parts, start = [], 0.0
        for cut in cuts:
            outcome = dict(fixed)
            for ends, options in draws:
                outcome.update(options[int(np.searchsorted(ends, cut))])
            names = self.problem.space.names
            parts.append((Outcome({name: outcome[name] for name in names}), float(cut - start)))
            start = float(cut)
        return mixture(parts)


def _blocks(problem: BargainingProblem) -> list[Block]:
    issues = problem.space.issues
    if problem.constraints and problem.space.is_finite and is_enumerable(problem):
        return [_whole_outcomes(problem)]
    refuse_constraints(problem, "continuous issues, or lotteries over too many outcomes")
    if np.isinf(problem.ceilings).all() or not any(issue.is_finite for issue in issues):
        return [_issue_block(problem, issue, i) for i, issue in enumerate(issues)]
    if not problem.space.is_finite:
        raise UnsupportedProblemError(
            "expected utilities without a ceiling for lotteries over mixed issues, got a ceiling"
        )
    return [_whole_outcomes(problem)]


def _whole_outcomes(problem: BargainingProblem) -> Block:
    """Look at all outcomes, as a ceiling on the sum or a constraint couples the issues."""
    rows = original_rows(problem, efficient_rows(agreeable_utilities(problem)))
    parts = [dict(problem.space.outcome(int(row))) for row in rows]
    return Block(problem.utilities()[rows], parts)


def _issue_block(problem: BargainingProblem, issue: Issue, position: int) -> Block:
    terms = [terms[position] for terms in problem.terms]
    if not issue.is_finite:
        corners, worths = common_corners(problem, issue, terms)
        return Block(worths, [{issue.name: float(corner)} for corner in corners], issue.name)
    worths = np.column_stack([term.worths for term in terms])
    rows = efficient_rows(worths)
    return Block(worths[rows], [{issue.name: issue.value(int(row))} for row in rows])
