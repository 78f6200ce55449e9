"""What candidates score, here or on workers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bargain.play.workers import Workers
from bargain.search.objective import Objective
from bargain.search.spaces import PolicySpace
from bargain.search.trials import STEPS_AT_TABLE, STEPS_PER_THREAD, Trials

Reals = NDArray[np.float64]

MILLISECONDS = 5.0
"""Least work of a part: sending one and its scores costs 0.2 ms, by dask 2 ms."""

MOST_PARTS = 64
"""Of a generation."""


@dataclass(frozen=True, eq=False)
class Scoring:
    """Gives vectors their scores: all that a worker must hold of a search."""

    trials: Trials
    space: PolicySpace
    objective: Objective

    def __call__(self, values: Reals) -> Reals:
        """Return the score of each vector, shape (n,), whoever else is among them."""
        return self.trials.scores(self.space.candidates(values), self.objective)

    def spread(self, values: Reals, workers: Workers) -> Reals:
        """Return the same, from workers who do this; here if it is too little to send.

        Parts are as many as the work is worth, however many workers there are.
        """
        n = len(values)
        n_parts = min(MOST_PARTS, n, int(self._milliseconds(values) / MILLISECONDS))
        if n_parts < 2:
            return self(values)
        ends = [n * i // n_parts for i in range(n_parts + 1)]
        parts = [(values[start:stop],) for start, stop in pairwise(ends)]
        return np.concatenate(list(workers.results(parts)))

    def _milliseconds(self, values: Reals) -> float:
        """Return about how long candidates take on one thread."""
        planned = bool(self.space.candidates(values).is_planned.all())
        total = 0.0
        for fitness in self.trials.fitnesses:
            steps = len(values) * fitness.sessions_each * len(fitness.arena.times)
            known = planned and not fitness.others.size
            total += steps / (STEPS_PER_THREAD if known else STEPS_AT_TABLE)
        return total
