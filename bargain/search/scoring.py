"""What candidates score, here or on workers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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
    """What gives vectors their scores: all that a worker must hold of a search."""

    trials: Trials
    space: PolicySpace
    objective: Objective

    def __call__(self, values: Reals, start: int, stop: int) -> dict[str, NDArray[Any]]:
        """Return what the objective asks of the sessions of vectors in seats start to stop."""
        seats = self.trials.seats(start, stop)
        return seats.measured(self.space.candidates(values), self.objective)

    def scores(self, values: Reals, workers: Workers | None = None) -> Reals:
        """Return the score of each vector, shape (n,), whoever else is among them.

        By workers who do this, or here if that is too little to send. Parts are as many as the
        work is worth, however many workers there are; of seats rather than of vectors, as laying
        out a seat takes as long for few vectors as for many.
        """
        n, n_seats = len(values), len(self.trials.fitnesses)
        n_parts = 0 if workers is None else int(self._milliseconds(values) / MILLISECONDS)
        if workers is None or n_parts < 2:
            return self.trials.scores(self.space.candidates(values), self.objective)
        n_parts = min(n_parts, MOST_PARTS)
        columns = _ends(n_seats, min(n_parts, n_seats))
        rows = _ends(n, min(-(-n_parts // len(columns)), n))
        parts = [(values[a:b], *seats) for a, b in rows for seats in columns]
        found = list(workers.results(parts))
        width = len(columns)
        lines = [found[i : i + width] for i in range(0, len(found), width)]
        measured = {
            name: np.concatenate(
                [np.concatenate([part[name] for part in line], axis=1) for line in lines]
            )
            for name in found[0]
        }
        return self.trials.scored(measured, self.objective)

    def _milliseconds(self, values: Reals) -> float:
        """Return about how long candidates take on one thread."""
        planned = bool(self.space.candidates(values).is_planned.all())
        total = 0.0
        for fitness in self.trials.fitnesses:
            steps = len(values) * fitness.sessions_each * len(fitness.arena.times)
            known = planned and not fitness.others.size
            total += steps / (STEPS_PER_THREAD if known else STEPS_AT_TABLE)
        return total


def _ends(count: int, n_parts: int) -> list[tuple[int, int]]:
    """Return where each of so many parts of range(count) starts and stops."""
    return list(pairwise(count * i // n_parts for i in range(n_parts + 1)))
