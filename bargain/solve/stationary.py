"""The stationary equilibrium of alternating offers among three and more parties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError
from bargain.solve.certificate import Certificate
from bargain.solve.convex import ConvexSet
from bargain.solve.solution import Lottery

STEPS = 100
ACCURACY = 1e-9
"""Largest difference, in shares of a party's range, between a proposal and what it should be."""


def stationary_proposal(
    feasible: ConvexSet, deltas: NDArray[np.float64], leader: int
) -> tuple[tuple[Lottery, ...], Certificate]:
    """Return what each party proposes when all must agree and who refuses proposes next.

    Party i's proposal gives every other party j what waiting is worth to it, delta_j a_j, and
    itself the most that leaves, a_i (Osborne & Rubinstein 1990, section 3.13, there for a pie).
    The a_i are found by Newton steps; each value and its slopes come from one linear program.

    Raises
    ------
    ConvergenceError
        If the steps do not settle.
    """
    n = feasible.problem.n_parties
    # half-way to the ideal point's share that everybody can have: everybody can be kept waiting
    ideal = feasible.ideal_gains()
    level = feasible.equal_share(ideal)
    asks = level * ideal / feasible.scale
    error, best, plans, prices = np.inf, asks, [], np.eye(n)
    length = 1.0
    goal = asks
    for _ in range(STEPS):
        trial = best + length * (goal - best)
        try:
            values, slopes, found = _responses(feasible, deltas, np.maximum(trial, 0.0))
        except ConvergenceError:
            length /= 2
            continue
        trial_error = float(np.abs(values - trial).max())
        if trial_error >= error:
            length /= 2
            continue
        error, best, plans, length = trial_error, trial, found, 1.0
        prices = (np.eye(n) + slopes) / feasible.scale
        if error <= ACCURACY / 10:
            break
        # a_i + sum_j slope_ij delta_j a_j is the same constant near the trial
        system = np.eye(n) + slopes * deltas
        # singular where several parties lose nothing by waiting
        goal = np.linalg.lstsq(system, values + (slopes * deltas) @ trial, rcond=None)[0]
    if error > ACCURACY:
        raise ConvergenceError(f"stationary equilibrium: expected {ACCURACY:g}, got {error:.1e}")
    method = "stationary equilibrium by linear programs"
    gains = best * feasible.scale
    evidence = {
        "discount_factors": deltas.tolist(),
        "first": feasible.problem.parties[leader],
        "own_gains_when_proposing": gains.tolist(),
        "supporting_weights": dict(zip(feasible.problem.parties, prices.tolist(), strict=True)),
    }
    certificate = Certificate("gap", method, error, evidence, unit="shares of a party's range")
    return tuple(feasible.lottery(plan) for plan in plans), certificate


def _responses(
    feasible: ConvexSet, deltas: NDArray[np.float64], asks: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[NDArray[np.float64]]]:
    """Return the most each party can propose for itself, how that falls with the asks, and how."""
    n = len(asks)
    values, slopes, plans = np.empty(n), np.zeros((n, n)), []
    for i in range(n):
        floors = deltas * asks
        floors[i] = 0.0
        values[i], plan, duals = feasible.maximize(np.eye(n)[i], floors)
        slopes[i] = duals
        slopes[i, i] = 0.0
        plans.append(plan)
    return values, slopes, plans
