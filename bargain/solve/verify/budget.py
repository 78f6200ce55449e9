"""A finite additive space too large to enumerate: what the prices leave possible, looked at.

At prices p the best values of all issues are worth S together. An outcome that beats the answer
is worth at least the objective's least sum, so its values fall short of the best ones by at most
the difference. Values that alone fall short by more are out, and so are combinations; whatever is
left is compared with the answer. A party's best offer in turn bounds from both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.solve.ties import TIE_TOLERANCE
from bargain.solve.verify.measure import Measure
from bargain.solve.verify.objective import Objective, beaten_by
from bargain.solve.verify.support import upper_right_rows
from bargain.solve.verify.verification import Refuted

MOST_COMBINATIONS = {2: 400_000}
MANY_PARTIES_MOST_COMBINATIONS = 60_000
"""Most combinations that are held at a time, by the number of parties, so that a search ends in
seconds; beyond, the prices alone bound what is possible."""

FEW_COMBINATIONS = 5_000
"""The same where only a gap is claimed, so that there were too many already."""

PROBED = 500
"""Combinations that are followed at first, to find out soon if the answer is much too low."""

PIVOTS = 400
"""Combinations with the largest sums that are tried against all others, to drop what they beat."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Searched:
    """What came out.

    Attributes
    ----------
    compared : int or None
        Combinations that were compared with the answer; None where there are too many.
    bound : float
        The largest value of the objective that the prices leave possible.
    total : float
        What the best values of all issues are worth at the prices.
    """

    compared: int | None
    bound: float
    total: float


def most_combinations(problem: BargainingProblem) -> int:
    """Return how many combinations may be held at a time."""
    return MOST_COMBINATIONS.get(problem.n_parties, MANY_PARTIES_MOST_COMBINATIONS)


def search(
    problem: BargainingProblem,
    measure: Measure,
    objective: Objective,
    gains: Reals,
    prices: Reals,
    limit: int,
    *,
    ties: bool = True,
) -> Searched:
    """Look for a better outcome than one with these gains, or refute that there is none.

    Parameters
    ----------
    gains : ndarray, shape (n_parties,)
        In utilities.
    prices : ndarray, shape (n_parties,)
        For utilities, >= 0.
    limit : int
        Most combinations that are held at a time.
    ties : bool
        Whether an outcome that is better among equals refutes.
    """
    worths = [
        np.column_stack([terms[j].worths for terms in problem.terms])
        for j in range(len(problem.space.issues))
    ]
    at_prices = [each @ prices for each in worths]
    best = [int(values.argmax()) for values in at_prices]
    base = np.sum([each[at] for each, at in zip(worths, best, strict=True)], axis=0)
    base = base - problem.disagreement_point
    total = float(prices @ base)
    value = objective.value(gains)
    rounding = measure.slack * measure.scale
    # a tie may be up to so much less, and a sum be rounded
    slack = 4.0 * max(TIE_TOLERANCE * max(1.0, abs(value)), objective.slack(gains, rounding))
    budget = total - objective.least_sum(value - slack, prices) + float(prices @ rounding)
    bound = objective.bound(total, prices)
    if not np.isfinite(budget):
        return Searched(None, bound, total)
    short = [values[at] - values for values, at in zip(at_prices, best, strict=True)]
    steps = [each - each[at] for each, at in zip(worths, best, strict=True)]
    # a much better outcome is soon found among the least short, before all are looked at
    for most, cut in ((PROBED, True), (limit, False)):
        left = _within(steps, short, budget, measure, most, cut=cut)
        if left is None:
            return Searched(None, bound, total)
        reached = base + left.change
        columns = objective.columns(reached)
        mine = objective.columns(gains[None, :])[0]
        if objective.kind != "product" and not ties:
            columns, mine = columns[:, :1], mine[:1]
        scale = np.maximum(np.abs(mine), np.abs(columns).max(axis=0, initial=0.0))
        scale = np.maximum(scale, 1.0) if objective.kind == "product" else scale
        better = beaten_by(columns, mine, np.maximum(TIE_TOLERANCE * scale, slack))
        # a sum may be a little too small by rounding, never by more; who has too little, exactly
        better &= (reached >= -rounding).all(axis=1)
        for row in np.flatnonzero(better):
            picks = left.picks(int(row), best)
            pairs = zip(problem.space.issues, picks, strict=True)
            utilities = problem.evaluate([issue.value(at) for issue, at in pairs])
            if (utilities >= problem.disagreement_point).all():
                raise Refuted(f"another outcome, worth {utilities.tolist()}, is better")
        if left.complete:
            break
    return Searched(len(reached), bound, total)


@dataclass(frozen=True, eq=False)
class _Left:
    """Combinations within the budget: what each changes, and which values it takes.

    change (k, n_parties); made: for each issue its position, and for each combination then the
    combination before and the value; complete: whether they are all there are.
    """

    complete: bool
    change: Reals
    made: list[tuple[int, NDArray[np.intp], NDArray[np.intp]]]

    def picks(self, row: int, best: list[int]) -> list[int]:
        """Return the position of every issue's value at a combination."""
        picks = list(best)
        for issue, parents, values in reversed(self.made):
            picks[issue] = int(values[row])
            row = int(parents[row])
        return picks


def _within(
    steps: list[Reals],
    short: list[Reals],
    budget: float,
    measure: Measure,
    limit: int,
    *,
    cut: bool,
) -> _Left | None:
    """Return the combinations within the budget; the least short, or None, if there are too many.

    Those that another one beats for everybody, whatever comes after, are left out.
    """
    open_issues = [j for j, each in enumerate(short) if (each <= budget).sum() > 1]
    # the dearest second value first
    open_issues.sort(key=lambda j: -float(np.partition(short[j], 1)[1]))
    change, spent = np.zeros((1, len(measure.scale))), np.zeros(1)
    made, complete = [], True
    for j in open_issues:
        options = np.flatnonzero(short[j] <= budget)
        if not cut and len(change) * len(options) > 5 * limit:
            return None
        sums = spent[:, None] + short[j][options]
        parents, chosen = np.nonzero(sums <= budget)
        values = options[chosen]
        change = change[parents] + steps[j][values]
        kept = _undominated(change / measure.scale)
        if len(kept) > limit:
            if not cut:
                return None
            kept = kept[np.argsort(sums[parents[kept], chosen[kept]], kind="stable")[:limit]]
            complete = False
        change, spent = change[kept], sums[parents[kept], chosen[kept]]
        made.append((j, parents[kept], values[kept]))
    return _Left(complete, change, made)


def _undominated(points: Reals) -> NDArray[np.intp]:
    """Return rows, among them all that nothing dominates; of equal rows at least one."""
    if points.shape[1] == 2:
        return upper_right_rows(points)
    if len(points) < 2 * PIVOTS:
        return np.arange(len(points))
    alive = np.ones(len(points), dtype=np.bool_)
    for pivot in np.argsort(-points.sum(axis=1), kind="stable")[:PIVOTS]:
        if alive[pivot]:
            alive &= ~(points <= points[pivot]).all(axis=1)
            alive[pivot] = True
    return np.flatnonzero(alive)
