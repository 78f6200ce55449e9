"""What the others want, learned from their offers and from what oneself wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, OutcomeSpace
from bargain.play.models import Estimate
from bargain.play.models.counts import Counts
from bargain.play.models.frequency import reweighted
from bargain.play.models.model import LearningModel
from bargain.solve.structure import is_enumerable

SPREAD = 0.35
"""How far what is asked may be from the best, as if it were the standard deviation."""

PATIENCE = 10.0
"""Offers after which what was counted and what was opposed at first have as much to say."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What is known of another party.

    Attributes
    ----------
    counts : tuple of ndarray, one an issue
        How often each value was asked for: 1, 1/2, 1/3, ... for the first, second, third offer.
    weights : tuple of float
        As HardHeaded's frequency model has them.
    last : sequence of int or None
        Positions of the last offer.
    offers : int
    """

    counts: Counts
    weights: tuple[float, ...]
    last: Sequence[int] | None
    offers: int


@dataclass(frozen=True, eq=False)
class OpposedModel(LearningModel):
    """Take the others to want the opposite on each issue, until they ask for something else.

    On an issue where the party gains from r(x), in [0, 1], there are two hypotheses, as likely at
    first: the other is opposed, so that a value x is worth 1 - r(x) to it; or it is not, so that
    nothing follows. The k-th offer counts 1/k: whoever concedes asks for the best first. With c(x)
    the counts and H their sum, the chance of being opposed is

        p = L / (L + M),   L = exp(-sum_x c(x) r(x)^2 / (2 SPREAD^2)),
        M = (mean over x of exp(-r(x)^2 / (2 SPREAD^2)))^H.

    The worth of a value after n offers is a mean of two: 1 - r(x) with weight
    p PATIENCE / (PATIENCE + n), and (1 + c(x)) / (1 + the largest c). An issue's weight is
    HardHeaded's times the mean worth of what was asked there: who gives way on an issue, or did
    not ask for the best there, cares less about it.

    Parameters
    ----------
    own : tuple of ndarray, one an issue
        r: what each value is worth to the party itself, from 0 to 1; all 0 where it is indifferent
        or that is not known.

    References
    ----------
    Hindriks and Tykhonov, "Opponent modelling in automated multi-issue negotiation using Bayesian
    learning", AAMAS 2008, for a normal likelihood around what a rational side asks. van Krimpen,
    Looije and Hajizadeh, "HardHeaded" (2013), for counts and weights. The hypothesis of opposed
    wants, the counts that fade, and both constants are ours: chosen on three packaged problems and
    24 random ones, half-way opposed or less and more, by rank correlation after 1 to 10 offers.
    """

    own: tuple[NDArray[np.float64], ...]

    @classmethod
    def of(cls, problem: BargainingProblem, party: int) -> OpposedModel:
        """Make it from what a party wants, issue by issue; its issues must be finite."""
        return cls(tuple(_scaled(worths) for worths in own_worths(problem, party)))

    def start(self, space: OutcomeSpace) -> Asked:
        n = len(space.issues)
        return Asked(tuple(np.zeros(int(i.size)) for i in space.issues), (1.0 / n,) * n, None, 0)

    def learned(self, known: Asked, positions: Sequence[int], time: float) -> Asked:
        counts = tuple(each.copy() for each in known.counts)
        for each, position in zip(counts, positions, strict=True):
            each[position] += 1.0 / (known.offers + 1)
        weights = reweighted(known.weights, positions, known.last)
        return Asked(counts, weights, positions, known.offers + 1)

    def read(self, space: OutcomeSpace, known: Asked) -> Estimate:
        share = PATIENCE / (PATIENCE + known.offers)
        worths, weights = [], np.array(known.weights)
        for j, (own, counts) in enumerate(zip(self.own, known.counts, strict=True)):
            opposed = share * chance_opposed(own, counts)
            counted = (1.0 + counts) / (1.0 + counts.max())
            worths.append(opposed * (1.0 - own) + (1.0 - opposed) * counted)
            if known.offers:
                weights[j] *= float(counts @ worths[j]) / counts.sum()
        return Estimate(space, weights / weights.sum(), tuple(worths))


def chance_opposed(own: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Return how likely another party wants the opposite on an issue.

    Parameters
    ----------
    own : ndarray, shape (n_values,)
        What each value is worth to oneself, from 0 to 1. All 0: nothing can be opposed.
    counts : ndarray, shape (n_values,)
        How often each was asked for.
    """
    if not own.any():
        return 0.0
    log = -0.5 * (own / SPREAD) ** 2
    opposed = float(counts @ log)
    other = float(counts.sum() * np.log(np.exp(log).mean()))
    # the smaller exponent overflows nothing
    return float(np.exp(opposed - np.logaddexp(opposed, other)))


def own_worths(problem: BargainingProblem, party: int) -> list[NDArray[np.float64]]:
    """Return what each value of each issue is worth to a party, up to a constant an issue.

    Where issues add up, what they add; else the mean over all outcomes with the value; zeros where
    there are too many outcomes for that.
    """
    form = problem.forms[party]
    if form is not None and form.is_separable:
        return [np.asarray(term.worths, dtype=np.float64) for term in form.terms]
    sizes = [int(issue.size) for issue in problem.space.issues]
    if not is_enumerable(problem):
        return [np.zeros(size) for size in sizes]
    table: Any = problem.profiles[party].utility.utilities(problem.space).reshape(sizes)
    axes = range(len(sizes))
    return [table.mean(axis=tuple(k for k in axes if k != j)) for j in axes]


def _scaled(worths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return worths from 0 to 1; all 0 where they are equal."""
    spread = float(np.ptp(worths))
    if not (spread > 0 and np.isfinite(spread)):
        return np.zeros(len(worths))
    return np.asarray(np.clip((worths - worths.min()) / spread, 0.0, 1.0))
