"""Prices at which the best lottery over a huge additive space is found, by column generation.

At given prices (one per party) the best outcome of an additive space is the best value of every
issue on its own. That oracle is all that is asked of the space: a small program over the outcomes
found so far gives new prices, the prices a new outcome, until none improves.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError
from bargain.model import BargainingProblem

ROUNDS = 500
CLOSE_ENOUGH = 1e-9
"""Gap, in shares of a party's range, at which prices are good enough: any prices prove a bound."""


class PricedSpace:
    """A finite additive space as arrays, every party's gains in shares of its own range.

    Attributes
    ----------
    worths : ndarray, shape (n_issues, largest issue, n_parties)
        What each value adds to each party's gain; padded with 0.
    absent : ndarray, shape (n_issues, largest issue)
        0 where there is a value, else -inf.
    point : ndarray, shape (n_parties,)
        The disagreement point, scaled.
    """

    def __init__(
        self,
        worths: NDArray[np.float64],
        absent: NDArray[np.float64],
        point: NDArray[np.float64],
    ) -> None:
        self.worths, self.absent, self.point = worths, absent, point
        self.rows = np.arange(len(worths))

    def best(self, prices: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the value of every issue that is best at the prices, shape (n_issues,)."""
        from bargain.kernels.prices import best_values

        picks = np.empty(len(self.rows), dtype=np.int64)
        best_values(self.worths, self.absent, prices, picks, np.empty(len(prices)))
        return picks

    def gains(self, picks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scaled gains of an outcome given by its value positions."""
        total: NDArray[np.float64] = self.worths[self.rows, picks].sum(axis=0) - self.point
        return total


class AdditiveSpace(PricedSpace):
    """The space of a problem, without values that another value of their issue dominates.

    Attributes
    ----------
    raw : ndarray, shape (n_issues, largest issue, n_parties)
        What each value is worth in utilities.
    scale : ndarray, shape (n_parties,)
        Utilities per share.
    """

    def __init__(self, problem: BargainingProblem) -> None:
        from bargain.kernels.prices import undominated

        self.problem = problem
        sizes = np.array([int(size) for size in problem.space.sizes])
        raw = np.zeros((len(sizes), int(sizes.max()), problem.n_parties))
        for i, terms in enumerate(problem.terms):
            for j, term in enumerate(terms):
                raw[j, : sizes[j], i] = term.worths
        present = np.arange(raw.shape[1]) < sizes[:, None]
        lowest = np.where(present[:, :, None], raw, np.inf).min(axis=1).sum(axis=0)
        highest = np.where(present[:, :, None], raw, -np.inf).max(axis=1).sum(axis=0)
        spread = highest - lowest
        size = np.maximum(np.abs(highest), np.abs(lowest))
        self.scale = np.where(spread > 0, spread, np.where(size > 0, size, 1.0))
        self.raw = raw
        # sums of floats are monotone: what is dominated in an issue is so in the whole
        kept = np.zeros_like(present)
        undominated(raw, sizes, kept)
        point = problem.disagreement_point / self.scale
        super().__init__(raw / self.scale, np.where(kept, 0.0, -np.inf), point)

    def limited(self, kept: NDArray[np.bool_]) -> AdditiveSpace:
        """Return the part of the space with the marked values, shape (n_issues, largest issue)."""
        part = copy.copy(self)
        part.absent = np.where(kept, self.absent, -np.inf)
        return part

    def is_rational(self, picks: NDArray[np.int64], *, strictly: bool = False) -> bool:
        """Whether everybody has its disagreement utility (or more), to the bit as evaluate()."""
        from bargain.kernels.budget import is_rational

        return bool(is_rational(self.raw, self.problem.disagreement_point, picks, strictly))


@dataclass(frozen=True, eq=False)
class Lead:
    """Where column generation ended.

    Attributes
    ----------
    prices : ndarray, shape (n_parties,)
        >= 0.
    value : float
        What the best lottery found is worth.
    picks : list of ndarray
        The outcomes in that lottery, by value positions.
    shares : ndarray
        Their probabilities.
    """

    prices: NDArray[np.float64]
    value: float
    picks: list[NDArray[np.int64]]
    shares: NDArray[np.float64]

    def rounded(self, size: int) -> NDArray[np.int64]:
        """Return the most probable value of every issue, of at most so many, (n_issues,)."""
        likely = np.zeros((len(self.picks[0]), size))
        for picks, share in zip(self.picks, self.shares, strict=True):
            likely[np.arange(len(picks)), picks] += share
        rounded: NDArray[np.int64] = likely.argmax(axis=1)
        return rounded


def linear_lead(
    space: PricedSpace,
    *,
    sums: NDArray[np.float64] | None = None,
    shares: NDArray[np.float64] | None = None,
    floors: NDArray[np.float64] | None = None,
    close: float = CLOSE_ENOUGH,
    known: Sequence[NDArray[np.int64]] = (),
) -> Lead:
    """Maximise sums . gains, or t with gains >= floors + t shares; other gains >= floors.

    The floors are 0 by default. The value of the first is at most prices . gains of the best
    outcome at the returned prices; for the second prices . shares is 1. `known` are outcomes that
    may be part of the answer, such as those of programs that differed little: where programs are
    solved round by round they save rounds.
    """
    from bargain.kernels.prices import generated_columns

    n, m = len(space.point), len(space.rows)
    aims = np.zeros(n) if shares is None else shares
    worth = np.zeros(n) if sums is None else sums
    limits = np.zeros(n) if floors is None else floors
    basis, levels, prices = np.zeros(n + 1, dtype=np.int64), np.zeros(n + 1), np.zeros(n)
    columns, gains = np.zeros((ROUNDS, m), dtype=np.int64), np.zeros((ROUNDS, n))
    start = worth + np.where(aims > 0, 1.0, 1e-6)
    found = generated_columns(
        space.worths,
        space.absent,
        space.point,
        worth,
        limits,
        aims,
        start,
        SHORTFALL_PRICE,
        close,
        basis,
        levels,
        prices,
        columns,
        gains,
    )
    if found < 0:
        return _lead_by_programs(space, sums, shares, limits, known)
    used = basis > 2 * n
    rows = basis[used] - 2 * n - 1
    value = float(levels[used] @ (gains[rows] @ worth))
    if shares is not None:
        value = float(levels[basis == 2 * n][0])
        prices /= prices @ shares
    kept = levels[used] > 0
    picks = [columns[row] for row in rows[kept]]
    return Lead(prices + worth, value, picks, levels[used][kept])


def _lead_by_programs(
    space: PricedSpace,
    sums: NDArray[np.float64] | None,
    shares: NDArray[np.float64] | None,
    floors: NDArray[np.float64],
    known: Sequence[NDArray[np.int64]],
) -> Lead:
    """Do what `linear_lead` does with a library's program in each round: slower, but sturdier."""
    n = len(space.point)
    aims = np.zeros(n) if shares is None else shares
    start = np.ones(n) if sums is None else sums + 1e-3
    columns = [*known, *(space.best(prices) for prices in (start, *np.eye(n) + 1e-6))]
    points = [space.gains(picks) for picks in columns]
    for _ in range(ROUNDS):
        value, prices, weights = _linear_master(np.array(points), sums, shares, floors)
        picks = space.best(prices)
        gains = space.gains(picks)
        limit = value if sums is None else value + (prices - sums) @ floors
        if sums is None:
            limit = value * float(prices @ aims) + prices @ floors
        # the program's own tolerance can hide what a known outcome would still add
        again = any(np.array_equal(picks, column) for column in columns)
        if again or prices @ gains - limit <= CLOSE_ENOUGH * max(1.0, abs(value)):
            used = np.flatnonzero(weights > 1e-9)
            if shares is not None:
                prices = prices / max(float(prices @ aims), np.finfo(float).tiny)
            return Lead(prices, value, [columns[row] for row in used], weights[used])
        columns.append(picks)
        points.append(gains)
    raise ConvergenceError(f"prices: expected an optimum in {ROUNDS} rounds, got none")


def _linear_master(
    points: NDArray[np.float64],
    sums: NDArray[np.float64] | None,
    shares: NDArray[np.float64] | None,
    limits: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Solve the linear program over the outcomes found: weights, shortfalls at a price, t.

    Shortfalls below a floor cost a fixed high price, so that there always is an answer.
    """
    from scipy.optimize import linprog

    m, n = points.shape
    floors = np.zeros(n) if shares is None else shares
    objective = np.zeros(m) if sums is None else points @ sums
    dear = SHORTFALL_PRICE
    aimed = shares is not None
    cost = np.concatenate([-objective, [-1.0 if aimed else 0.0]])
    left = np.column_stack([-points.T, floors])
    slack = np.zeros(0)
    if not aimed or (floors == 0).any():
        short = np.eye(n)[floors == 0] if aimed else np.eye(n)
        left = np.column_stack([left, -short.T])
        slack = np.full(len(short), dear)
    program = partial(
        linprog,
        np.concatenate([cost, slack]),
        A_ub=left,
        b_ub=-limits,
        A_eq=np.concatenate([np.ones(m), np.zeros(1 + len(slack))])[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None) if aimed else (0, 0)] + [(0, None)] * len(slack),
    )
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    solution: Any = program(method="highs-ds", options=tight)
    if solution.status != 0:
        # any prices prove a bound, so looser ones will do where these are out of reach
        solution = program(method="highs")
    if solution.status != 0:
        raise ConvergenceError(f"prices: expected an optimum, got {solution.message}")
    duals = np.maximum(-solution.ineqlin.marginals, 0.0)
    prices = duals if sums is None else duals + sums
    return -float(solution.fun), prices, solution.x[:m]


SHORTFALL_PRICE = 1e4
"""What a share of a party's range below its floor costs in the linear programs."""


def product_lead(
    space: PricedSpace,
    weights: NDArray[np.float64],
    start: Lead,
    *,
    close: float = CLOSE_ENOUGH,
) -> Lead:
    """Maximise sum w_i log g_i over lotteries; at the one to start with all gains must be > 0.

    Simplicial decomposition (von Hohenbalken 1977): Newton steps over the outcomes found, which
    drop those whose weight would turn negative, and a new outcome at the prices w_i / g_i.
    """
    columns = list(start.picks)
    points = np.array([space.gains(picks) for picks in columns])
    shares = start.shares / start.shares.sum()
    if not (shares @ points > 0).all():
        raise ConvergenceError("prices: expected a lottery with gains for all, got none")
    for _ in range(ROUNDS):
        shares = newton_shares(points, shares, weights, close / 10)
        keep = shares > 0
        columns = [column for column, kept in zip(columns, keep, strict=True) if kept]
        points, shares = points[keep], shares[keep]
        gains = shares @ points
        prices = weights / gains
        picks = space.best(prices)
        fresh = space.gains(picks)
        # in units of the logarithm: prices . gains is 1 at the lottery itself
        if prices @ fresh - 1.0 <= close:
            break
        if any(np.array_equal(picks, column) for column in columns):
            break
        columns.append(picks)
        points = np.vstack([points, fresh])
        step = _line_step(gains, fresh - gains, weights)
        shares = np.append(shares * (1.0 - step), step)
    gains = shares @ points
    return Lead(weights / gains, float(weights @ np.log(gains)), columns, shares)


def _line_step(
    gains: NDArray[np.float64], direction: NDArray[np.float64], weights: NDArray[np.float64]
) -> float:
    """Return the step in (0, 1) along a direction that is best for sum w log g."""
    falling = direction < 0
    top = min(1.0, float((gains[falling] / -direction[falling]).min(initial=np.inf))) * 0.999
    low, high = 0.0, top
    for _ in range(40):
        middle = (low + high) / 2
        if weights @ (direction / (gains + middle * direction)) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def newton_shares(
    points: NDArray[np.float64],
    shares: NDArray[np.float64],
    weights: NDArray[np.float64],
    close: float,
) -> NDArray[np.float64]:
    """Return the shares of points whose mixture has the largest sum w log g, by Newton steps.

    points (k, n): gains; shares (k,): where to start, with a mixture above 0 for everybody. Those
    that would turn negative become 0.
    """
    shares = shares.copy()
    for _ in range(50):
        used = np.flatnonzero(shares)
        active = points[used]
        gains = shares[used] @ active
        slope = active @ (weights / gains)
        if len(used) == 1 or np.ptp(slope) <= close:
            break
        curve = -(active * (weights / gains**2)) @ active.T
        ones = np.ones((len(used), 1))
        system = np.block([[curve, ones], [ones.T, np.zeros((1, 1))]])
        step = np.linalg.lstsq(system, np.append(-slope, 0.0), rcond=None)[0][:-1]
        change = step @ active
        if not weights @ (change / gains) > 0:
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(step < 0, -shares[used] / step, np.inf)
        limit = float(room.min())
        length = min(1.0, limit)
        # never so far that a gain reaches 0, and never past the best point of the step
        if (gains + length * change <= 0).any() or weights @ (
            change / (gains + length * change)
        ) < 0:
            length = min(length, _line_step(gains, change, weights))
        shares[used] = np.where(room <= length, 0.0, np.maximum(shares[used] + length * step, 0.0))
        shares /= shares.sum()
    return shares
