"""The largest product of gains over a convex set: a conic program, then Newton steps.

An interior point method says which corners matter to about eight digits. Newton steps on those
alone (weights of corners, and the values of curved issues themselves) give the rest; they are
taken back where they do not bring the proven gap down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError

if TYPE_CHECKING:
    from bargain.solve.corners import CornerSet

Reals = NDArray[np.float64]

POLISHING_STEPS = 12
"""Newton steps after each program; each may drop a corner from the support."""

PROGRAMS = 40
"""Conic programs at most, each with the corners that the one before asked for."""

GOOD_ENOUGH = 1e-13
"""Gaps of the logarithm below this are rounding."""

NEARLY_THERE = 1e-5
"""Gaps of the logarithm below which Newton steps on curved issues are worth a try."""

NO_SHARE = 1e-6
"""Weights below this are what an interior point method leaves on corners that don't matter."""

EQUAL = 1e-15
"""Weights that differ by less are equal."""


def largest_product(feasible: CornerSet, weights: Reals, able: NDArray[np.bool_]) -> Reals:
    """Return corner weights that maximise sum w_i log g_i over the parties that can gain.

    Raises
    ------
    ConvergenceError
        If the conic solver fails.
    """
    best, least = np.empty(0), np.inf
    for _ in range(PROGRAMS):
        found = feasible.normalized(_conic_program(feasible, weights, able))
        trials = [found]
        if not np.isfinite(feasible.limits).any():
            trials.append(_polished(feasible, found, weights, able))
            if feasible.curved and _gap(feasible, found, weights, able) < NEARLY_THERE:
                trials.append(_settled(feasible, trials[-1], weights, able))
        before = least
        for trial in trials:
            gap = _gap(feasible, trial, weights, able)
            if gap < least or len(best) == 0:
                best, least = trial, gap
        if not feasible.curved or least <= GOOD_ENOUGH:
            break
        gains = feasible.gains(found)
        if (gains[able] <= 0).any():
            break
        # with the corners that the program's own prices ask for, the next can only be better
        more = feasible.add_asked(np.where(able, weights / np.where(able, gains, 1.0), 0.0))
        if more <= GOOD_ENOUGH or (least < 1e-9 and least >= before):
            break
    return feasible.normalized(best)


def _conic_program(feasible: CornerSet, weights: Reals, able: NDArray[np.bool_]) -> Reals:
    """Maximise the geometric mean where weights are equal, and the logarithm otherwise.

    Second-order cones, all that a mean of equal weights needs, end where the exponential cones of
    a logarithm sometimes don't.
    """
    import cvxpy

    n, k = feasible.matrix.shape
    corner_weights = cvxpy.Variable(k, nonneg=True)
    gains = cvxpy.Variable(n)
    constraints = [
        gains <= feasible.matrix @ corner_weights - feasible.point,
        gains >= 0,
        feasible.totals() @ corner_weights == 1,
    ]
    capped = np.flatnonzero(np.isfinite(feasible.limits))
    if len(capped):
        constraints.append(gains[capped] <= feasible.limits[capped])
    counted = gains[np.flatnonzero(able)]
    shares = weights[able] / weights[able].sum()
    # one party alone needs no mean
    mean = cvxpy.geo_mean(counted) if len(shares) > 1 else counted[0]
    if np.ptp(shares) < EQUAL:
        objectives = [mean, cvxpy.sum(cvxpy.log(counted))]
    else:
        objectives = [shares @ cvxpy.log(counted)]
    reason: object = ""
    for objective in objectives:
        program = cvxpy.Problem(cvxpy.Maximize(objective), constraints)
        try:
            program.solve(solver=cvxpy.CLARABEL)
        except cvxpy.SolverError as error:
            reason = error
            continue
        if corner_weights.value is not None:
            return np.asarray(corner_weights.value, dtype=np.float64)
        reason = program.status
    raise ConvergenceError(f"convex program: expected an optimum, got {reason}")


def _polished(feasible: CornerSet, found: Reals, weights: Reals, able: NDArray[np.bool_]) -> Reals:
    """Take Newton steps on the weights of the support that the interior point method points to."""
    best, best_gap = found, _gap(feasible, found, weights, able)
    trial = feasible.normalized(np.where(found > NO_SHARE, found, 0.0))
    every_total = feasible.totals()
    blocks = len(every_total)
    for _ in range(POLISHING_STEPS):
        support = np.flatnonzero(trial)
        totals = every_total[:, support]
        matrix, shares = feasible.matrix[:, support][able], weights[able]
        gains = matrix @ trial[support] - feasible.point[able]
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
        trial = feasible.normalized(trial)
        gap = _gap(feasible, trial, weights, able)
        if gap < best_gap:
            best, best_gap = trial, gap
    return best


def _settled(feasible: CornerSet, found: Reals, weights: Reals, able: NDArray[np.bool_]) -> Reals:
    """Take Newton steps on the values of curved issues and the weights of the other corners.

    A curved issue whose best value at the prices of the moment is a corner of a straight term, or
    an end, takes that value; the others move with the curvature that their slopes show.
    """
    shares = weights[able]
    kept = feasible.normalized(np.where(found > NO_SHARE, found, 0.0))
    theta = np.where(np.isin(feasible.owner, feasible.curved), 0.0, kept)
    values = {j: feasible.average(j, kept) for j in feasible.curved}
    totals_of = feasible.totals()
    straight = [j for j in range(len(feasible.blocks)) if j not in feasible.curved]
    best, best_gap = found, _gap(feasible, found, weights, able)
    for _ in range(POLISHING_STEPS):
        support = np.flatnonzero(theta)
        worth = feasible.matrix[:, support] @ theta[support] - feasible.point
        for j, value in values.items():
            worth = worth + feasible.worths_of(j, value)
        gains = worth[able]
        if (gains <= 0).any():
            break
        prices = np.where(able, weights / np.where(able, worth, 1.0), 0.0)
        columns = [feasible.matrix[:, support][able]]
        bends = [np.zeros(len(support))]
        moving: list[tuple[int, float, float]] = []
        for j in values:
            piece = feasible.piece_of(j, prices, values[j])
            if piece is None:
                values[j] = feasible.asked(j, prices)[0]
                continue
            low, high = piece
            values[j] = min(max(values[j], low), high)
            slopes, bend = feasible.slopes_of(j, values[j], low, high)
            if not np.isfinite(slopes).all() or not np.isfinite(bend).all():
                values[j] = feasible.asked(j, prices)[0]
                continue
            moving.append((j, low, high))
            columns.append(slopes[able][:, None])
            bends.append(np.array([prices @ bend]))
        matrix = np.hstack(columns)
        totals = np.hstack(
            [totals_of[straight][:, support], np.zeros((len(straight), len(moving)))]
        )
        slope = matrix.T @ (shares / gains)
        curve = -(matrix.T * (shares / gains**2)) @ matrix + np.diag(np.concatenate(bends))
        system = np.block([[curve, totals.T], [totals, np.zeros((len(straight), len(straight)))]])
        target = np.concatenate([-slope, np.zeros(len(straight))])
        step = np.linalg.lstsq(system, target, rcond=None)[0][: matrix.shape[1]]
        own = step[: len(support)]
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(own < 0, -theta[support] / own, np.inf)
        length = min(1.0, float(room.min(initial=np.inf)))
        theta[support] = np.where(room <= length, 0.0, theta[support] + length * own)
        for (j, low, high), change in zip(moving, step[len(support) :], strict=True):
            goal = values[j] + length * float(change)
            # half-way to an end at most: near it slopes change by any factor
            values[j] = min(max(goal, 0.5 * (values[j] + low)), 0.5 * (values[j] + high))
        trial = theta.copy()
        for j, value in values.items():
            k = feasible.add_corner(j, value)
            trial = np.append(trial, 0.0)
            theta = np.append(theta, 0.0)
            totals_of = feasible.totals()
            trial[k] = 1.0
        trial = feasible.normalized(trial)
        gap = _gap(feasible, trial, weights, able)
        if gap <= best_gap:
            best, best_gap = trial, gap
    return best


def _gap(
    feasible: CornerSet, corner_weights: Reals, weights: Reals, able: NDArray[np.bool_]
) -> float:
    """Return the proven gap of the logarithm; infinity where the weights are no answer."""
    gains = feasible.gains(corner_weights)
    if (gains[able] <= 0).any() or (gains < -1e-9).any():
        return np.inf
    prices = np.where(able, weights / np.where(able, gains, 1.0), 0.0)
    return max(float(feasible.bound(prices) - prices @ gains), 0.0)
