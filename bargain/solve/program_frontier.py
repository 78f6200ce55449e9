"""The frontier of two parties by integer programs, box by box.

Between two neighbouring efficient outcomes lies a box in which anything else efficient must be. A
program looks for the largest weighted sum inside it: what it finds is efficient and splits the
box; if it finds nothing, the box is empty, proven. So every outcome costs one program and every
gap between neighbours another, and whenever time runs out what was found is kept, with the boxes
nobody has looked into.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Outcome
from bargain.solve.certificate import RANGES, Certificate
from bargain.solve.conflicts import refuse_conflicts
from bargain.solve.enumerated import efficient_rows
from bargain.solve.integer_program import Affine
from bargain.solve.program import ProgramSet
from bargain.solve.program_search import RELIABLE, Known, ProgramSearch

NEAREST = 2.0 * RELIABLE
"""Utilities nearer to one another than this share of a range are not told apart, unless they are
known to come in larger steps."""

LISTED = 20
"""Most open boxes that a certificate lists."""

LARGEST_INDEX = 2**63


@dataclass(frozen=True, eq=False)
class ProgramFrontier:
    """Efficient outcomes, best for the first party first.

    Attributes
    ----------
    outcomes : tuple of Outcome
    utilities : ndarray, shape (n, 2)
    certificate : Certificate
    """

    outcomes: tuple[Outcome, ...]
    utilities: NDArray[np.float64]
    certificate: Certificate

    def outcome(self, problem: BargainingProblem, position: int) -> Outcome:
        """Return the outcome at a point of the problem it was made for."""
        return self.outcomes[position]

    def rows(self, problem: BargainingProblem) -> NDArray[np.intp] | None:
        """Return the outcomes' rows, or None where an int64 cannot count them."""
        if problem.space.size >= LARGEST_INDEX:
            return None
        return np.array([problem.space.row(outcome) for outcome in self.outcomes], dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Box:
    """What lies between two efficient outcomes, or between one and the end of what can be.

    Attributes
    ----------
    first, second : ndarray, shape (2,)
        Gains, in shares of ranges, at the corner that is better for the first party, and at the
        one that is better for the second.
    known : (bool, bool)
        Whether these corners are outcomes.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    known: tuple[bool, bool] = (True, True)

    @property
    def sides(self) -> NDArray[np.float64]:
        """How long the box is for each party."""
        sides: NDArray[np.float64] = np.abs(self.first - self.second)
        return sides

    @property
    def gap(self) -> float:
        """How much better for somebody an outcome inside can be than the nearer known corner."""
        # at the first corner the second party can miss its side, and the other way round
        missed = [float(self.sides[1 - i]) for i in range(2) if self.known[i]]
        return min(missed, default=float(self.sides.max()))


def program_frontier(
    problem: BargainingProblem,
    *,
    individually_rational: bool = True,
    epsilon: float = 0.0,
    time_limit: float | None = None,
) -> ProgramFrontier:
    """Return the efficient outcomes of a finite problem of two parties.

    Exact where both parties' utilities come in steps (whole worths, say) and the time is enough;
    boxes whose gap is at most `epsilon`, a share of a party's range, are left alone.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError, UnsupportedProblemError, ConvergenceError
    """
    if individually_rational:
        search = ProgramSet(problem, time_limit=time_limit).search
    else:
        search = ProgramSearch(problem, time_limit=time_limit)
    steps = search.steps / search.scale
    is_exact = bool(np.isfinite(steps).all())
    apart = np.where(np.isfinite(steps), steps / 2.0, NEAREST)
    lowest = np.array([search.program.lower[column] for column in _columns(search)]) - apart
    highest = search.highest
    whole = Box(
        np.array([highest[0], lowest[1]]), np.array([lowest[0], highest[1]]), (False, False)
    )
    boxes, retried = [whole], []
    while boxes and search.time_left > 0.0:
        box = max(boxes, key=lambda box: box.gap)
        if box.gap <= epsilon:
            break
        boxes.remove(box)
        found, is_empty = _inside(search, box, apart, 1.0 / (2.0 + len(boxes) / 8.0))
        if found is not None:
            parts = (
                Box(box.first, found.gains, (box.known[0], True)),
                Box(found.gains, box.second, (True, box.known[1])),
            )
            boxes += [part for part in parts if (part.sides > apart).all()]
        elif not is_empty:
            retried.append(box)
        if not boxes:
            boxes, retried = retried, []
    boxes += retried
    if not search.known:
        if boxes:
            raise search.undecided()
        refuse_conflicts(problem)
    return _frontier(problem, search, boxes, is_exact, apart)


def _columns(search: ProgramSearch) -> list[int]:
    return [next(iter(gain.parts)) for gain in search.gains]


def _inside(
    search: ProgramSearch, box: Box, apart: NDArray[np.float64], share: float
) -> tuple[Known | None, bool]:
    """Return an efficient outcome inside a box, or whether it is proven that there is none."""
    corner = np.minimum(box.first, box.second)
    columns = _columns(search)
    before = [search.program.lower[column] for column in columns]
    for i, column in enumerate(columns):
        search.program.lower[column] = max(before[i], float(corner[i] + apart[i]))
    prices = box.sides.min() / box.sides
    total = Affine.total(zip(search.gains, prices.tolist(), strict=True))
    found = search.maximize(total, lambda gains: float(gains @ prices), share=share)
    for i, column in enumerate(columns):
        search.program.lower[column] = before[i]
    best = found.best
    if best is None:
        return None, found.is_done
    # the solver's tolerance may let through what is no better than the corners
    if not (best.gains > corner).all():
        return None, found.is_done
    return best, False


def _frontier(
    problem: BargainingProblem,
    search: ProgramSearch,
    boxes: list[Box],
    is_exact: bool,
    apart: NDArray[np.float64],
) -> ProgramFrontier:
    utilities = np.array([known.utilities for known in search.known])
    rows = efficient_rows(utilities)
    outcomes = tuple(search.known[row].outcome for row in rows)
    boxes = sorted(boxes, key=lambda box: -box.gap)
    point = problem.disagreement_point
    listed = [
        [(point + corner * search.scale).tolist() for corner in (box.second, box.first)]
        for box in boxes[:LISTED]
    ]
    evidence = {
        "programs": search.programs,
        "efficient": len(rows),
        "open_boxes": len(boxes),
        "largest_open_boxes": listed,
    }
    method = "integer programs (HiGHS), one a point and one a gap between points"
    if not boxes and is_exact:
        certificate = Certificate("exact", method, 0.0, evidence)
        return ProgramFrontier(outcomes, utilities[rows], certificate)
    gap = max(float(apart.max()) + RELIABLE, *(box.gap for box in boxes[:1]), 0.0)
    note = f"{len(boxes)} boxes between neighbouring points were not settled" if boxes else ""
    method += "; every outcome is matched to within the gap"
    return ProgramFrontier(
        outcomes, utilities[rows], Certificate("gap", method, gap, evidence, note, unit=RANGES)
    )
