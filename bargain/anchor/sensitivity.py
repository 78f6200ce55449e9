"""How far the Nash solution moves when a weight, or what is believed of the others, is off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bargain.errors import BargainError
from bargain.model import AdditiveUtility, BargainingProblem, Outcome, Party
from bargain.solve import nash_solution


@dataclass(frozen=True)
class Sensitivity:
    """What one change of the problem does to its Nash solution.

    Attributes
    ----------
    path : what is changed
    change : the share by which: of the weight, or of the range from no agreement to ideal
    outcome_changes : whether another outcome is the solution; None if there is none any more
    moved : largest change of any party's utility at the solution, in parts of its range, judged
        by the utilities as they are given; None if there is no solution any more
    """

    path: str
    change: float
    outcome_changes: bool | None
    moved: float | None


def sensitivities(
    problem: BargainingProblem,
    solution: Outcome,
    spread: NDArray[np.float64],
    *,
    change: float,
    seconds: float,
) -> tuple[tuple[Sensitivity, ...], bool]:
    """Return what each weight and each reservation value does to the Nash solution.

    Parameters
    ----------
    problem : BargainingProblem
    solution : Outcome
        The Nash solution as things are.
    spread : ndarray, shape (n_parties,)
        Ranges from no agreement to ideal.
    change : float
        Share that is added and taken away.
    seconds : float
        When to stop; solving once is never cut short.

    Returns
    -------
    found : tuple of Sensitivity
    complete : bool
        Whether all were looked at in time.
    """
    before = problem.evaluate(solution)
    scale = np.where(spread > 0, spread, 1.0)
    found: list[Sensitivity] = []
    until = time.monotonic() + seconds
    for path, share, other in _variants(problem, spread, change):
        if time.monotonic() > until:
            return tuple(found), False
        try:
            outcome = nash_solution(other).outcome
        except BargainError:
            found.append(Sensitivity(path, share, None, None))
            continue
        if outcome is not None:
            moved = float((np.abs(problem.evaluate(outcome) - before) / scale).max())
            found.append(Sensitivity(path, share, outcome != solution, moved))
    return tuple(found), True


def _variants(
    problem: BargainingProblem, spread: NDArray[np.float64], change: float
) -> Iterator[tuple[str, float, BargainingProblem]]:
    """Yield every weight and reservation value changed both ways."""
    for i, profile in enumerate(problem.profiles):
        path = f"parties[{i}]"
        if spread[i] > 0:
            for share in (-change, change):
                moved = float(problem.disagreement_point[i] + share * spread[i])
                other = replace(profile, reservation_value=moved, disagreement=None)
                yield f"{path}.reservation_value", share, _with(problem, i, other)
        utility = profile.utility
        if not isinstance(utility, AdditiveUtility):
            continue
        for issue, term in zip(problem.space.issues, utility.terms(problem.space), strict=True):
            if not np.ptp(term.worths) > 0:
                continue
            for share in (-change, change):
                weights = dict(utility.weights)
                weights[issue.name] = weights.get(issue.name, 1.0) * (1.0 + share)
                changed = AdditiveUtility(utility.values, weights, ceiling=utility.ceiling)
                other = replace(profile, utility=changed)
                weight = f"{path}.utility.additive.{issue.name}.weight"
                yield weight, share, _with(problem, i, other)


def _with(problem: BargainingProblem, position: int, party: Party) -> BargainingProblem:
    profiles = list(problem.profiles)
    profiles[position] = party
    return BargainingProblem(problem.space, profiles, constraints=problem.constraints)
