"""The range of a party's utility, of which what is offered to it is a share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.solve.structure import shown_forms, sum_bounds


def utility_ranges(problem: BargainingProblem) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the largest utility of each party, each shape (n_parties,).

    They are those of the sums of worths that its utility is made of, whatever constraints leave:
    what a party is offered is then the same share of its range whether or not outcomes can be
    looked at one by one, and a constraint that nobody runs into changes nothing. Only for a
    utility that is a function of the caller's own it is the least and the largest of all outcomes.

    Raises
    ------
    UnsupportedProblemError
        If a utility does not show its arithmetic, and outcomes can't be looked at.
    """
    if problem.space.is_finite and any(form is None for form in problem.forms):
        utilities = problem.utilities()
        bounds = [
            (float(own.min()), float(own.max())) if form is None else sum_bounds(form)
            for form, own in zip(problem.forms, utilities.T, strict=True)
        ]
    else:
        bounds = [sum_bounds(form) for form in shown_forms(problem)]
    lowest, highest = np.array(bounds).T
    return lowest, highest


def without_disagreement(problem: BargainingProblem) -> BargainingProblem:
    """Return the problem with a disagreement point below everything."""
    lowest, highest = utility_ranges(problem)
    # of about the size of the utilities, so that differences from it are exact enough
    size = np.maximum(highest - lowest, 1e-3 * np.abs(lowest))
    return with_point(problem, lowest - np.where(size > 0, size, 1.0))


def with_point(problem: BargainingProblem, point: NDArray[np.float64]) -> BargainingProblem:
    """Return the problem with another disagreement point."""
    utilities = [profile.utility for profile in problem.profiles]
    return BargainingProblem(
        problem.space,
        dict(zip(problem.parties, utilities, strict=True)),
        disagreement_point=point,
        constraints=problem.constraints,
    )
