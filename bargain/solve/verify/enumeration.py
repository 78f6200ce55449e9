"""Every outcome of a finite space, in blocks, against what is claimed of all of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.solve.ties import TIE_TOLERANCE
from bargain.solve.verify.objective import Objective, beaten_by
from bargain.solve.verify.verification import Refuted

BLOCK = 200_000
"""Outcomes that are laid out at a time."""

Reals = NDArray[np.float64]


def outcome_blocks(problem: BargainingProblem) -> Iterator[tuple[NDArray[np.intp], Reals]]:
    """Yield the rows that may be agreed and their utilities, some at a time."""
    allowed = problem.allowed_rows
    sizes = [int(size) for size in problem.space.sizes]
    count = int(problem.space.size) if allowed is None else len(allowed)
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        rows = np.arange(start, stop) if allowed is None else allowed[start:stop]
        if not problem.is_additive:
            yield rows, problem.utilities()[rows]
            continue
        picks = _unravelled(rows, sizes)
        utilities = np.zeros((len(rows), problem.n_parties))
        for i, terms in enumerate(problem.terms):
            for term, at in zip(terms, picks, strict=True):
                utilities[:, i] += term.worths[at]
        yield rows, np.minimum(utilities, problem.ceilings)


def rational_blocks(problem: BargainingProblem) -> Iterator[tuple[NDArray[np.intp], Reals]]:
    """Yield the rows at which nobody has less than without an agreement, and their utilities."""
    for rows, utilities in outcome_blocks(problem):
        rational = (utilities >= problem.disagreement_point).all(axis=1)
        yield rows[rational], utilities[rational]


def ideal_gains(problem: BargainingProblem) -> Reals:
    """Return the largest gain of each party over the individually rational outcomes."""
    best = np.zeros(problem.n_parties)
    for _, utilities in rational_blocks(problem):
        best = np.maximum(best, (utilities - problem.disagreement_point).max(axis=0, initial=0.0))
    return best


def compare_with_all(problem: BargainingProblem, objective: Objective, answer: Reals) -> int:
    """Return how many rational outcomes there are, or refute that none beats the answer.

    Parameters
    ----------
    answer : ndarray, shape (n_parties,)
        Its utilities.
    """
    point = problem.disagreement_point
    mine = objective.columns((answer - point)[None, :])[0]
    largest = np.abs(mine)
    if objective.kind != "product":
        # no finer than what tells apart the gains of the party with the smallest range
        counted = (objective.parameters > 0) & (objective.ideals > 0)
        shares = objective.ideals[counted] / objective.parameters[counted]
        largest = np.maximum(largest, shares.min(initial=np.inf) if counted.any() else 0.0)
    count = 0
    for _, utilities in rational_blocks(problem):
        count += len(utilities)
        columns = np.abs(objective.columns(utilities - point))
        largest = np.maximum(largest, columns.max(axis=0, initial=0.0))
    slack = TIE_TOLERANCE * largest
    for rows, utilities in rational_blocks(problem):
        better = beaten_by(objective.columns(utilities - point), mine, slack)
        better |= (utilities >= answer).all(axis=1) & (utilities > answer).any(axis=1)
        if better.any():
            row = int(rows[np.flatnonzero(better)[0]])
            raise Refuted(f"the outcome of row {row} is better")
    return count


def _unravelled(rows: NDArray[np.intp], sizes: list[int]) -> tuple[NDArray[np.intp], ...]:
    # np.unravel_index stops at 64 issues
    picks = []
    for size in reversed(sizes):
        rows, at = np.divmod(rows, size)
        picks.append(at)
    return tuple(reversed(picks))
