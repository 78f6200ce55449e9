"""A small problem, and policies of your own, that tournaments are tested with."""

from __future__ import annotations

import numpy as np

import bargain as bg
from tests.problems import one_choice

POINTS = [(10, 0), (8, 4), (5, 5), (0, 8), (4, 4), (2, 1)]


class Fixed:
    """Offer one row and accept whatever is worth as much as another; say nothing of itself."""

    def __init__(self, row, least):
        self.row, self.least = row, least

    def plan(self, view, times):
        n = len(times)
        return bg.Plan(np.full(n, self.row), np.full(n, view.utilities[self.least]))


def pie(name="", d=(0, 0)):
    problem = one_choice(POINTS, d)
    return bg.BargainingProblem(problem.space, problem.profiles, name=name)
