"""What is worth more to another party than what: learned from what it turned down and chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import Issue, Outcome, OutcomeSpace
from bargain.play.models import Estimate

SLACK = 0.02
"""How much more something may be worth and yet not be taken for better: the scale of doubt."""

OF_WEIGHTS = 0.3
"""How far weights may be from what was estimated, as a part of equal weights."""

OF_WORTHS = 0.3
"""How far what a value adds may be from what was estimated, in the same unit."""

REACH = 0.4
"""How far, as a part of an issue's range, numbers speak for each other."""

MOST_PAIRS = 128
"""Most comparisons that count, the last of them: each costs as much as all before it."""

STEPS = 50


@dataclass(frozen=True)
class Pair:
    """Two outcomes of which the first is worth more to a party, by what it did."""

    better: Outcome
    worse: Outcome


def revised(estimate: Estimate, pairs: Sequence[Pair]) -> Estimate:
    """Return an estimate that agrees with comparisons, as far as there is reason to.

    What the values of issue j add, t_j(x), is normal around what was estimated, with covariances

        k_j(x, y) = (OF_WEIGHTS / n)^2 v_j(x) v_j(y) + (OF_WORTHS / n)^2 c_j(x, y),

    v_j the estimated worths less their mean, n the number of issues, and c_j 1 for equal values of
    a choice and else 0; for numbers exp(-(x - y)^2 / (2 REACH^2)) over the range scaled to [0, 1].
    The first part moves the weight of an issue, the second single values. That a is worth more
    than b has probability 1 / (1 + exp(-(u(a) - u(b)) / SLACK)). Returned is the most probable
    utility, at least 0 and at most 1: a convex problem, solved by Newton's method in as many
    variables as there are pairs, so that nothing is enumerated.

    Parameters
    ----------
    estimate : Estimate
        What was known without the comparisons.
    pairs : sequence of Pair
        Outcomes of its space. Of more than `MOST_PAIRS` the last count; two that are equal say
        nothing.

    References
    ----------
    Chu and Ghahramani, "Preference learning with Gaussian processes", ICML 2005, section 2: the
    most probable utility given comparisons; they take a normal for the logistic distribution.
    The covariances and the constants are ours: chosen on two packaged problems and 16 random ones,
    by rank correlation and by what is left of the other's gain in packages made from the estimate.
    """
    space, n = estimate.space, len(estimate.space.issues)
    kept = [pair for pair in pairs if pair.better != pair.worse][-MOST_PAIRS:]
    if not kept:
        return estimate
    better = _positions(space, [pair.better for pair in kept])
    worse = _positions(space, [pair.worse for pair in kept])
    before, among = np.zeros(len(kept)), np.zeros((len(kept), len(kept)))
    moves: list[NDArray[np.float64]] = []
    for j, (issue, worths, term) in enumerate(
        zip(space.issues, estimate.worths, estimate.terms, strict=True)
    ):
        above, below = better[:, j], worse[:, j]
        before += term[above] - term[below]
        values = worths - worths.mean()
        move = (OF_WEIGHTS / n) ** 2 * np.outer(values[above] - values[below], values)
        alike = _alike(issue)
        move += (OF_WORTHS / n) ** 2 * (_rows(alike, above) - _rows(alike, below))
        among += move[:, above] - move[:, below]
        moves.append(move)
    pulls = _most_probable(before, among)
    # the same to the last digits that a linear solver may leave open
    terms = [
        term + (pulls @ move).round(12) for term, move in zip(estimate.terms, moves, strict=True)
    ]
    return _estimate(space, terms)


def _most_probable(before: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how strongly each comparison pulls, shape (n_pairs,).

    Differences of utility are g = before + among @ pulls; minimised is
    pulls' among pulls / 2 + sum log(1 + exp(-g / SLACK)).
    """
    pulls = np.zeros(len(before))
    apart, cost = before, _cost(pulls, before, among)
    for _ in range(STEPS):
        doubt = 1.0 / (1.0 + np.exp(np.clip(apart / SLACK, -700.0, 700.0)))
        curvature = doubt * (1.0 - doubt) / SLACK**2
        right = curvature * (apart - before) + doubt / SLACK
        step = np.linalg.solve(np.eye(len(before)) + curvature[:, None] * among, right) - pulls
        size = 1.0
        while True:
            tried = pulls + size * step
            found = before + among @ tried
            least = _cost(tried, found, among)
            if least <= cost or size < 1e-6:
                break
            size /= 2
        is_done = not least < cost - 1e-10 * abs(cost)
        if least <= cost:
            pulls, apart, cost = tried, found, least
        if is_done:
            break
    return pulls


def _cost(
    pulls: NDArray[np.float64], apart: NDArray[np.float64], among: NDArray[np.float64]
) -> float:
    return float(0.5 * pulls @ among @ pulls + np.logaddexp(0.0, -apart / SLACK).sum())


def _positions(space: OutcomeSpace, outcomes: Sequence[Outcome]) -> NDArray[np.int64]:
    rows = [[i.index(each[i.name]) for i in space.issues] for each in outcomes]
    return np.array(rows, dtype=np.int64).reshape(len(outcomes), len(space.issues))


def _alike(issue: Issue) -> NDArray[np.float64] | int:
    """Return the numbers of an issue, scaled to [0, 1]; how many values there are of a choice."""
    size = int(issue.size)
    if issue.kind == "choice":
        return size
    numbers = np.asarray(issue.numbers(), dtype=np.float64)
    spread = float(np.ptp(numbers))
    return (numbers - numbers.min()) / spread if spread > 0 else np.zeros(size)


def _rows(alike: NDArray[np.float64] | int, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much some values of an issue speak for each of its values."""
    if isinstance(alike, int):
        return np.asarray(at[:, None] == np.arange(alike)[None, :], dtype=np.float64)
    return np.asarray(np.exp(-0.5 * ((alike[at][:, None] - alike[None, :]) / REACH) ** 2))


def _estimate(space: OutcomeSpace, terms: list[NDArray[np.float64]]) -> Estimate:
    terms = [term - min(float(term.min()), 0.0) for term in terms]
    most = np.array([float(term.max()) for term in terms])
    worths = [
        term / top if top > 0 else np.zeros(len(term))
        for term, top in zip(terms, most, strict=True)
    ]
    total = float(most.sum())
    if not total > 0:
        return Estimate(space, np.full(len(terms), 1.0 / len(terms)), tuple(worths))
    # on the scale of what was estimated, unless it would be above 1
    scale = min(total, 1.0)
    weights = most / total
    return Estimate(
        space, weights / max(float(weights.sum()), 1.0), tuple(scale * each for each in worths)
    )
