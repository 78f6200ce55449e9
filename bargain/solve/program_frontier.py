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

from bargain.errors import UnsupportedProblemError
from bargain.model import BargainingProblem, Outcome
from bargain.solve.certificate import Certificate
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
    """What lies between two efficient outcomes: better for the first party, for the second."""

    first: Known
    second: Known

    @property
    def sides(self) -> NDArray[np.float64]:
        """How much each party can gain over its worse corner, as shares of its range."""
        sides: NDArray[np.float64] = np.abs(self.first.gains - self.second.gains)
        return sides


def program_frontier(
    problem: BargainingProblem,
    *,
    individually_rational: bool = True,
    epsilon: float = 0.0,
    time_limit: float | None = None,
) -> ProgramFrontier:
    """Return the efficient outcomes of a finite problem of two parties.

    Exact where both parties' utilities come in steps (whole worths, say) and the time is enough;
    boxes of which one side is at most `epsilon`, a share of the party's range, are left alone.

    Raises
    ------
    UnsupportedProblemError
        For three and more parties, or continuous issues.
    NoAgreementZoneError, InfeasibleProblemError, ConvergenceError
    """
    if problem.n_parties != 2 or not problem.space.is_finite:
        raise UnsupportedProblemError.at(
            "frontier by integer programs", "two parties and a finite space", problem
        )
    if individually_rational:
        search = ProgramSet(problem, time_limit=time_limit).search
    else:
        search = ProgramSearch(problem, time_limit=time_limit)
    steps = search.steps / search.scale
    is_exact = bool(np.isfinite(steps).all())
    apart = np.where(np.isfinite(steps), steps / 2.0, NEAREST)
    ends = [_end(search, party, apart) for party in range(2)]
    first, second = ends[0][0], ends[1][0]
    if first is None or second is None:
        if not individually_rational:
            refuse_conflicts(problem)
        raise search.undecided()
    done = ends[0][1] and ends[1][1]
    boxes, closed, retried = [Box(first, second)], 0, []
    while boxes and search.time_left > 0.0:
        box = max(boxes, key=lambda box: float(box.sides.min()))
        boxes.remove(box)
        if (box.sides <= apart).any():
            continue
        if box.sides.min() <= epsilon:
            boxes.append(box)
            break
        share = 1.0 / (2.0 + len(boxes) / 8.0)
        found, is_empty = _inside(search, box, apart, share)
        if is_empty:
            closed += 1
        elif found is None:
            retried.append(box)
        else:
            boxes += [Box(box.first, found), Box(found, box.second)]
        if not boxes:
            boxes, retried = retried, []
    return _frontier(problem, search, [*boxes, *retried], done, is_exact, apart)


def _end(
    search: ProgramSearch, party: int, apart: NDArray[np.float64]
) -> tuple[Known | None, bool]:
    """Return the best outcome for a party, of these the best for the other; whether proven."""
    own, other = search.gains[party], search.gains[1 - party]
    most = search.maximize(own, lambda gains: float(gains[party]), share=0.3)
    if most.best is None:
        return None, most.is_done
    column = next(iter(own.parts))
    before = search.program.lower[column]
    search.program.lower[column] = max(before, float(most.best.gains[party] - apart[party] / 2))
    found = search.maximize(other, lambda gains: float(gains[1 - party]), share=0.3)
    search.program.lower[column] = before
    best = most.best
    if found.best is not None and found.best.gains[1 - party] > best.gains[1 - party]:
        best = found.best
    return best, most.is_done and found.is_done


def _inside(
    search: ProgramSearch, box: Box, apart: NDArray[np.float64], share: float
) -> tuple[Known | None, bool]:
    """Return an efficient outcome inside a box, or whether it is proven that there is none."""
    corner = np.minimum(box.first.gains, box.second.gains)
    columns = [next(iter(gain.parts)) for gain in search.gains]
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
    done: bool,
    is_exact: bool,
    apart: NDArray[np.float64],
) -> ProgramFrontier:
    utilities = np.array([known.utilities for known in search.known])
    rows = efficient_rows(utilities)
    outcomes = tuple(search.known[row].outcome for row in rows)
    boxes = [box for box in boxes if (box.sides > apart).all()]
    boxes.sort(key=lambda box: -float(box.sides.min()))
    corners = [
        [box.second.utilities.tolist(), box.first.utilities.tolist()] for box in boxes[:LISTED]
    ]
    evidence = {
        "programs": search.programs,
        "efficient": len(rows),
        "open_boxes": len(boxes),
        "largest_open_boxes": corners,
    }
    method = "integer programs (HiGHS), one a point and one a gap between points"
    if not boxes and done and is_exact:
        evidence["steps"] = search.steps.tolist()
        return ProgramFrontier(
            outcomes, utilities[rows], Certificate("exact", method, 0.0, evidence)
        )
    gap = float(apart.max()) + RELIABLE
    if boxes:
        gap = max(gap, float(boxes[0].sides.min()))
    if not done:
        gap = 1.0
    method += "; every outcome is matched to within the gap, in shares of the parties' ranges"
    note = ""
    if boxes or not done:
        note = f"{len(boxes)} boxes between neighbouring points were not looked into"
        if not done:
            note = "out of time: the ends of the frontier are not proven"
    return ProgramFrontier(
        outcomes, utilities[rows], Certificate("gap", method, gap, evidence, note)
    )
