"""Prices at which the best lottery over a huge additive space is found, by column generation.

At given prices (one per party) the best outcome of an additive space is the best value of every
issue on its own. That oracle is all that is asked of the space: a small program over the outcomes
found so far gives new prices, the prices a new outcome, until none improves.
"""

from __future__ import annotations

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


class AdditiveSpace:
    """A finite additive space as arrays, every party's gains in shares of its own range.

    Attributes
    ----------
    worths : ndarray, shape (n_issues, largest issue, n_parties)
        What each value adds to each party's gain; padded with 0.
    absent : ndarray, shape (n_issues, largest issue)
        0 where there is a value, -inf where there is padding.
    point : ndarray, shape (n_parties,)
        The disagreement point, scaled.
    scale : ndarray, shape (n_parties,)
        Utilities per share.
    """

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        sizes = [int(size) for size in problem.space.sizes]
        n = problem.n_parties
        raw = np.zeros((len(sizes), max(sizes), n))
        self.absent = np.full(raw.shape[:2], -np.inf)
        for j, size in enumerate(sizes):
            self.absent[j, :size] = 0.0
            for i in range(n):
                raw[j, :size, i] = problem.terms[i][j].worths
        present = self.absent[:, :, None] == 0.0
        lowest = np.where(present, raw, np.inf).min(axis=1).sum(axis=0)
        highest = np.where(present, raw, -np.inf).max(axis=1).sum(axis=0)
        spread = highest - lowest
        size = np.maximum(np.abs(highest), np.abs(lowest))
        self.scale = np.where(spread > 0, spread, np.where(size > 0, size, 1.0))
        self.worths = raw / self.scale
        self.point = problem.disagreement_point / self.scale
        self.rows = np.arange(len(sizes))

    def best(self, prices: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the value of every issue that is best at the prices, shape (n_issues,)."""
        picks: NDArray[np.intp] = np.argmax(self.worths @ prices + self.absent, axis=1)
        return picks

    def gains(self, picks: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the scaled gains of an outcome given by its value positions."""
        total: NDArray[np.float64] = self.worths[self.rows, picks].sum(axis=0) - self.point
        return total


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
    """

    prices: NDArray[np.float64]
    value: float
    picks: list[NDArray[np.intp]]


def linear_lead(
    space: AdditiveSpace,
    *,
    sums: NDArray[np.float64] | None = None,
    shares: NDArray[np.float64] | None = None,
) -> Lead:
    """Maximise sums . gains, or t with gains >= t shares; all gains of other parties >= 0.

    The value is at most prices . gains of the best outcome at the returned prices.
    """
    n = len(space.point)
    start = np.ones(n) if sums is None else sums + 1e-3
    columns = [space.best(prices) for prices in (start, *np.eye(n) + 1e-6)]
    points = [space.gains(picks) for picks in columns]
    lead = None
    for _ in range(ROUNDS):
        value, prices, weights = _linear_master(np.array(points), sums, shares)
        picks = space.best(prices)
        gains = space.gains(picks)
        used = [column for column, weight in zip(columns, weights, strict=True) if weight > 1e-9]
        lead = Lead(prices, value, used)
        if prices @ gains - value <= CLOSE_ENOUGH * max(1.0, abs(value)):
            return lead
        # the program's own tolerance can hide what a known outcome would still add
        if any(np.array_equal(picks, column) for column in columns):
            return lead
        columns.append(picks)
        points.append(gains)
    raise ConvergenceError(f"prices: expected an optimum in {ROUNDS} rounds, got none")


def _linear_master(
    points: NDArray[np.float64],
    sums: NDArray[np.float64] | None,
    shares: NDArray[np.float64] | None,
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
        b_ub=np.zeros(n),
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
    space: AdditiveSpace, weights: NDArray[np.float64], start: list[NDArray[np.intp]]
) -> Lead:
    """Maximise sum w_i log g_i over lotteries; the start must contain one with gains above 0.

    Simplicial decomposition (von Hohenbalken 1977): Newton steps over the outcomes found, which
    drop those whose weight would turn negative, and a new outcome at the prices w_i / g_i.
    """
    columns = list(start)
    points = np.array([space.gains(picks) for picks in columns])
    shares = np.full(len(columns), 1.0 / len(columns))
    shares = _lifted(points, shares)
    for _ in range(ROUNDS):
        shares = _newton(points, shares, weights)
        keep = shares > 0
        columns = [column for column, kept in zip(columns, keep, strict=True) if kept]
        points, shares = points[keep], shares[keep]
        gains = shares @ points
        prices = weights / gains
        picks = space.best(prices)
        fresh = space.gains(picks)
        # in units of the logarithm: prices . gains is 1 at the lottery itself
        if prices @ fresh - 1.0 <= CLOSE_ENOUGH:
            break
        if any(np.array_equal(picks, column) for column in columns):
            break
        columns.append(picks)
        points = np.vstack([points, fresh])
        step = _line_step(gains, fresh - gains, weights)
        shares = np.append(shares * (1.0 - step), step)
    gains = shares @ points
    return Lead(weights / gains, float(weights @ np.log(gains)), columns)


def _lifted(points: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights at which every gain is positive."""
    from scipy.optimize import linprog

    if (shares @ points > 0).all():
        return shares
    m, n = points.shape
    solution: Any = linprog(
        np.concatenate([np.zeros(m), [-1.0]]),
        A_ub=np.column_stack([-points.T, np.ones(n)]),
        b_ub=np.zeros(n),
        A_eq=np.concatenate([np.ones(m), [0.0]])[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
        method="highs-ds",
    )
    if solution.status != 0 or solution.x[m] <= 0:
        raise ConvergenceError("prices: expected a lottery with gains for all, got none")
    lifted: NDArray[np.float64] = np.maximum(solution.x[:m], 0.0)
    lifted /= lifted.sum()
    return lifted


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


def _newton(
    points: NDArray[np.float64], shares: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    shares = shares.copy()
    for _ in range(50):
        used = np.flatnonzero(shares)
        active = points[used]
        gains = shares[used] @ active
        slope = active @ (weights / gains)
        if len(used) == 1 or np.ptp(slope) <= CLOSE_ENOUGH / 10:
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
