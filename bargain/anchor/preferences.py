"""What is worth more to another party than what: learned from what it turned down and chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.comparisons import most_probable
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


@dataclass(frozen=True)
class Pair:
    """Two outcomes of which the first is worth more to a party, by what it did."""

    better: Outcome
    worse: Outcome


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Pairs that count, as positions of values.

    Attributes
    ----------
    better, worse : ndarray of int64, shape (n_pairs, n_issues)
    """

    better: NDArray[np.int64]
    worse: NDArray[np.int64]

    @classmethod
    def of(cls, space: OutcomeSpace, pairs: Sequence[Pair]) -> Comparisons:
        """Read pairs: of more than `MOST_PAIRS` the last; two that are equal say nothing.

        Parameters
        ----------
        space : OutcomeSpace
            Finite.
        pairs : sequence of Pair
            Outcomes of the space, or of the one that it is a grid of.
        """
        rows: list[tuple[list[int], list[int]]] = []
        for pair in reversed(pairs):
            better, worse = _positions(space, pair.better), _positions(space, pair.worse)
            if better != worse:
                rows.append((better, worse))
            if len(rows) == MOST_PAIRS:
                break
        shape = (len(rows), 2, len(space.issues))
        found = np.array(rows[::-1], dtype=np.int64).reshape(shape)
        return cls(found[:, 0], found[:, 1])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.better)


def revised(estimate: Estimate, comparisons: Comparisons) -> Estimate:
    """Return an estimate that agrees with comparisons, as far as there is reason to.

    What the values of issue j add, t_j(x), is normal around what was estimated, with covariances

        k_j(x, y) = (OF_WEIGHTS / n)^2 v_j(x) v_j(y) + (OF_WORTHS / n)^2 c_j(x, y),

    v_j the estimated worths less their mean, n the number of issues, and c_j 1 for equal values
    and else 0; for numbers, to choose from or in a range, exp(-(x - y)^2 / (2 REACH^2)) over the
    range scaled to [0, 1]. The first part moves the weight of an issue, the second single
    values. That a is worth more than b has probability 1 / (1 + exp(-(u(a) - u(b)) / SLACK)).
    Returned is the most probable utility, at least 0 and at most 1: a convex problem, solved by
    Newton's method in as many variables as there are pairs, so that nothing is enumerated.

    Parameters
    ----------
    estimate : Estimate
        What was known without the comparisons.
    comparisons : Comparisons
        Of outcomes of its space.

    References
    ----------
    Chu and Ghahramani, "Preference learning with Gaussian processes", ICML 2005, section 2: the
    most probable utility given comparisons; they take a normal for the logistic distribution.
    The covariances and the constants are ours: chosen on two packaged problems and 16 random ones,
    by rank correlation and by what is left of the other's gain in packages made from the estimate.
    """
    space, n = estimate.space, len(estimate.space.issues)
    count = len(comparisons)
    if not count:
        return estimate
    before, among = np.zeros(count), np.zeros((count, count))
    moves: list[NDArray[np.float64]] = []
    for j, (issue, worths, term) in enumerate(
        zip(space.issues, estimate.worths, estimate.terms, strict=True)
    ):
        above, below = comparisons.better[:, j], comparisons.worse[:, j]
        before += term[above] - term[below]
        values = worths - worths.mean()
        move = (OF_WEIGHTS / n) ** 2 * np.outer(values[above] - values[below], values)
        alike = _alike(issue)
        move += (OF_WORTHS / n) ** 2 * (_rows(alike, above) - _rows(alike, below))
        among += move[:, above] - move[:, below]
        moves.append(move)
    pulls = most_probable(before, among, SLACK)
    # no matrix product: its last digits depend on how many threads there are
    terms = [
        term + np.einsum("i,ij->j", pulls, move)
        for term, move in zip(estimate.terms, moves, strict=True)
    ]
    return _estimate(space, terms)


def _positions(space: OutcomeSpace, outcome: Outcome) -> list[int]:
    """Return the positions of values; of a number between two of the grid, the nearest."""
    return [nearest_position(issue, outcome[issue.name]) for issue in space.issues]


def nearest_position(issue: Issue, value: Any) -> int:
    """Return the position of a value of an issue, or of the number nearest to it."""
    if value in issue:
        return int(issue.index(value))
    return int(np.argmin(np.abs(issue.numbers() - float(value))))


def _alike(issue: Issue) -> NDArray[np.float64] | int:
    """Return the numbers of an issue, scaled to [0, 1]; how many values there are of others."""
    size = int(issue.size)
    if not issue.is_numeric:
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
