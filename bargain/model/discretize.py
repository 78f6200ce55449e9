"""A finite problem that stands in for a continuous one at the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bargain.errors import InvalidArgumentError, TooLargeError
from bargain.model.issues import Issue
from bargain.model.numbers import whole_number
from bargain.model.problem import BargainingProblem
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import VALUES_LIMIT


def discretized(problem: BargainingProblem, *, points: int = 11) -> BargainingProblem:
    """Replace each continuous issue by evenly spaced values, ends included.

    Sessions are played over finite spaces; this makes one, visibly. Solutions of the original
    problem don't need it: they are exact without a grid.

    Parameters
    ----------
    problem : BargainingProblem
    points : int
        Values per continuous issue, >= 2.

    Returns
    -------
    BargainingProblem
        The same problem if no issue is continuous. A disagreement outcome becomes the
        reservation value it stands for, since it need not lie on the grid.
    """
    points = whole_number("points", points, at_least=2, error=InvalidArgumentError)
    if points > VALUES_LIMIT:
        raise TooLargeError.at("points", f"at most {VALUES_LIMIT} values", points)
    if problem.space.is_finite:
        return problem
    issues = [
        issue
        if issue.is_finite
        else Issue.choice(issue.name, np.linspace(*issue.bounds, points), unit=issue.unit)
        for issue in problem.space.issues
    ]
    profiles = [
        replace(profile, reservation_value=value, disagreement=None)
        for profile, value in zip(problem.profiles, problem.disagreement_point, strict=True)
    ]
    return BargainingProblem(
        OutcomeSpace(issues),
        profiles,
        constraints=problem.constraints,
        name=problem.name,
        source=problem.source,
    )
