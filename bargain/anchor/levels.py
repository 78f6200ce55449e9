"""Levels of own utility that stand for outcomes that nobody lists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.play import PartyView
from bargain.play.sums import best_positions
from bargain.solve.structure import is_separable, sum_bounds

LADDER = 100_001
"""Levels of own utility that stand for a problem that is not enumerated when a policy is asked.

What a policy asks is rounded up to one of them, and a policy that goes on from its own last offer,
such as tit-for-tat, would concede nothing to concessions smaller than a step.
"""

LISTED = 2_000
"""Best outcomes of a problem that is not enumerated whose worths are the levels at the top."""


def ladder(problem: BargainingProblem, party: int, best: float) -> PartyView:
    """Return even levels of own utility, up to the best, as the view that a policy plans by.

    They begin at the reservation, or where the worths that a utility is made of begin. At the top
    they are what the best `LISTED` outcomes are worth, where these can be named.
    """
    reservation, form = float(problem.disagreement_point[party]), problem.forms[party]
    least = reservation if form is None else max(reservation, sum_bounds(form)[0])
    levels = np.linspace(min(least, best), best, LADDER)
    if can_rank(problem):
        # there are few at the top, and none is asked for between two of them
        top = np.unique(best_worths(problem, party, LISTED))
        top = top[top >= least]
        levels = np.concatenate([levels[levels < top[0]], top]) if len(top) else levels
    levels.setflags(write=False)
    return PartyView(problem.parties[party], levels, reservation, np.arange(len(levels)), levels)


def can_rank(problem: BargainingProblem) -> bool:
    """Whether a party's best outcomes can be named without listing all."""
    return problem.space.is_finite and is_separable(problem)


def best_worths(problem: BargainingProblem, party: int, count: int) -> NDArray[np.float64]:
    """Return what a party's best outcomes are worth to it, the best first."""
    terms = problem.terms[party]
    positions = best_positions([term.worths for term in terms], count)
    total = np.zeros(len(positions))
    for j, term in enumerate(terms):
        total += term.worths[positions[:, j]]
    return total
