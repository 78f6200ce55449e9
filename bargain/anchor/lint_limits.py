"""Before the talks: limits that leave no deal, or one, or have no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.guard import Guard
from bargain.anchor.limits import Limits, bound
from bargain.anchor.lint_report import LintFinding
from bargain.errors import BargainError, InfeasibleProblemError, NoAgreementZoneError
from bargain.model import BargainingProblem, Constraint
from bargain.solve import (
    best_offer,
    egalitarian_solution,
    ideal_point,
    kalai_smorodinsky_solution,
    nash_solution,
    utilitarian_solution,
)
from bargain.solve.structure import is_enumerable

Mask = NDArray[np.bool_]

LINES = ("reservation", "alternative", "floor")
"""Limits that a line is made of; the largest is the line."""

SOLUTIONS = {
    "Nash": nash_solution,
    "Kalai-Smorodinsky": kalai_smorodinsky_solution,
    "egalitarian": egalitarian_solution,
    "utilitarian": utilitarian_solution,
}


def limit_findings(
    problem: BargainingProblem, party: int, limits: Limits, *, has_zone: bool
) -> list[LintFinding]:
    """Return what is the matter with the limits of a party; `lint` says what codes there are.

    Parameters
    ----------
    problem : BargainingProblem
    party : int
        Position of the party whose limits they are.
    limits : Limits
    has_zone : bool
        Whether there is something to agree on without them; if not, that is not said again.

    Raises
    ------
    InvalidArgumentError
        If a limit names no issue or no value of the problem.
    """
    limits.check(problem)
    findings = list(_idle_lines(problem, party, limits))
    if is_enumerable(problem):
        found, is_open = _listed(problem, party, limits, has_zone)
    else:
        found, is_open = _solved(problem, party, limits, has_zone)
    findings += found
    if has_zone and is_open:
        findings += _ruled_out(problem, party, limits)
    return findings


def _idle_lines(problem: BargainingProblem, party: int, limits: Limits) -> Iterator[LintFinding]:
    """Report limits that another one, or having no agreement, is above."""
    without, line = float(problem.disagreement_point[party]), limits.line(problem, party)
    name = problem.parties[party]
    for field in LINES:
        value = getattr(limits, field)
        if value is not None and value <= without:
            text = f"{value:.6g} is no more than the {without:.6g} that {name} has without a deal"
            yield _idle(field, text)
        elif value is not None and value < line:
            above = next(each for each in LINES if getattr(limits, each) == line)
            yield _idle(field, f"{value:.6g} is below the {above}, {line:.6g}")
    threshold = limits.approval_below
    if threshold is not None and threshold <= line:
        text = f"nothing worth less than {line:.6g} is agreed to, so nobody is asked"
        yield _idle("approval_below", text)


class _Listed:
    """The outcomes of a problem, and which of them limits leave."""

    def __init__(self, problem: BargainingProblem, party: int, limits: Limits) -> None:
        self.problem = problem
        self.utilities = problem.utilities()
        self.worth = self.utilities[:, party]
        self.feasible = self.meeting(problem.constraints)
        self.allowing = [self.meeting((each,)) for each in limits.constraints]
        self.free = [self.meeting((each,)) for each in limits.approvals]
        self.left = np.logical_and.reduce([self.feasible, *self.allowing])
        self.line = limits.line(problem, party)
        self.above = self.worth >= self.line
        self.agreeable = self.left & self.above
        rational = self.utilities >= problem.disagreement_point
        rational[:, party] = True
        self.for_others = rational.all(axis=1)

    def meeting(self, constraints: Sequence[Constraint]) -> Mask:
        """Return which outcomes meet constraints."""
        problem = self.problem
        rows = BargainingProblem(
            problem.space, problem.profiles, constraints=constraints
        ).allowed_rows
        found = np.full(int(problem.space.size), rows is None)
        if rows is not None:
            found[rows] = True
        return found


def _listed(
    problem: BargainingProblem, party: int, limits: Limits, has_zone: bool
) -> tuple[list[LintFinding], bool]:
    """Return what is seen where outcomes are listed, and whether a deal is left."""
    it, name = _Listed(problem, party, limits), problem.parties[party]
    without = float(problem.disagreement_point[party])
    if not (it.feasible & (it.worth >= without)).any():
        return [], False
    if not it.left.any():
        return [_nothing_left(limits)], False
    best = float(it.worth[it.left].max())
    if best < it.line:
        return [_unreachable(name, limits, it.line, without, f"at most {best:.6g}")], False
    zone = it.agreeable & it.for_others
    if not zone.any():
        most = it.worth[it.left & it.for_others].max(initial=-np.inf)
        return ([_no_zone(name, limits, it.line, without, most)] if has_zone else []), False
    found = []
    for mask, whom in ((it.agreeable, name), (zone, "everybody")):
        if np.count_nonzero(mask) == 1:
            outcome = problem.space.outcome(int(np.flatnonzero(mask)[0]))
            terms = ", ".join(f"{issue} {value}" for issue, value in outcome.items())
            text = f"one outcome is left that {whom} may agree to: {terms}"
            found.append(LintFinding("one_outcome_left", "warning", "limits", text))
            break
    return [
        *found, *_idle_line(it, limits, without), *_idle_constraints(it, limits),
        *_concession(it, limits, name), *_approvals(it, limits),
    ], True  # fmt: skip


def _idle_line(it: _Listed, limits: Limits, without: float) -> Iterator[LintFinding]:
    for field in LINES:
        value = getattr(limits, field)
        if value == it.line > without and it.above[it.left].all():
            yield _idle(field, f"every outcome that is left is worth {it.line:.6g} or more")


def _idle_constraints(it: _Listed, limits: Limits) -> Iterator[LintFinding]:
    """Report what is allowed or forbidden where nothing changes without it."""
    for i, constraint in enumerate(limits.constraints):
        rest = [mask for k, mask in enumerate(it.allowing) if k != i]
        without = np.logical_and.reduce([it.feasible, *rest])
        if it.allowing[i][without & it.above].all():
            field = _field(constraint)
            what = "leaves out" if field == "allowed" else "forbids"
            text = f"all that it {what} is ruled out already, or worth less than {it.line:.6g}"
            if it.allowing[i][it.feasible].all():
                text = f"it {what} no outcome"
            yield _idle(field, text)


def _concession(it: _Listed, limits: Limits, name: str) -> Iterator[LintFinding]:
    """Report a largest concession that nothing reaches, or that stops the party on the way."""
    largest = limits.largest_concession
    worths = np.unique(it.worth[it.agreeable])[::-1]
    if largest is None or len(worths) == 1:
        return
    spread = float(worths[0] - worths[-1])
    if largest >= spread:
        text = f"no two packages are further apart than {spread:.6g} for {name}"
        yield _idle("largest_concession", text)
        return
    # as the guard compares: what is left must be worth the last offer less the concession
    stops = np.flatnonzero(worths[1:] < worths[:-1] - largest)
    if len(stops):
        high, low = (float(worths[stops[0] + k]) for k in (0, 1))
        start = float(worths[0])
        way = f"below its best, {high:.6g}"
        if high < start:
            way = f"from its best, {start:.6g}, below {high:.6g}"
        text = f"steps of {largest:.6g} never take {name} {way}: the next is worth {low:.6g}"
        path = "limits.largest_concession"
        yield LintFinding("concession_too_small", "warning", path, text)


def _approvals(it: _Listed, limits: Limits) -> Iterator[LintFinding]:
    """Report approvals that are asked for always, or never."""
    asked = np.zeros(len(it.worth), dtype=np.bool_)
    threshold = limits.approval_below
    if threshold is not None and threshold > it.line:
        below = it.worth < threshold
        asked |= below
        if not below[it.agreeable].any():
            text = f"every outcome that is left is worth {threshold:.6g} or more"
            yield _idle("approval_below", text)
    for constraint, mask in zip(limits.approvals, it.free, strict=True):
        asked |= ~mask
        if mask[it.agreeable].all():
            yield _idle(_field(constraint), "no outcome that is left is of that kind")
    if asked[it.agreeable].all():
        text = "a person has to approve every outcome that is left"
        yield LintFinding("approval_always", "warning", "limits", text)


def _solved(
    problem: BargainingProblem, party: int, limits: Limits, has_zone: bool
) -> tuple[list[LintFinding], bool]:
    """Return what solving says where outcomes are too many, and whether a deal is left."""
    within, name = bound(problem, party, limits), problem.parties[party]
    line, without = limits.line(problem, party), float(problem.disagreement_point[party])
    if within is problem:
        return [], True
    try:
        best_offer(within, party=party, at_least=line)
    except InfeasibleProblemError:
        return ([_nothing_left(limits)] if has_zone else []), False
    except NoAgreementZoneError:
        return ([_unreachable(name, limits, line, without, "less")] if has_zone else []), False
    except BargainError:
        pass
    try:
        ideal_point(within)
    except NoAgreementZoneError:
        return ([_no_zone(name, limits, line, without, None)] if has_zone else []), False
    except BargainError as error:
        return [LintFinding("zone_not_known", "info", "limits", str(error))], False
    return [], True


def _ruled_out(problem: BargainingProblem, party: int, limits: Limits) -> Iterator[LintFinding]:
    """Report limits that leave nothing of what theory would pick."""
    guard, name = Guard(problem, party, limits), problem.parties[party]
    solved = {}
    for concept, solution in SOLUTIONS.items():
        try:
            solved[concept] = solution(problem)
        except BargainError:
            continue
    known = [each for each in solved.values() if each.outcome is not None]
    if not known or any(guard.allows(each.outcome) for each in known):
        return
    listed = ", ".join(solved)
    text = f"the limits rule out what is picked by every solution ({listed})"
    try:
        after = float(nash_solution(bound(problem, party, limits)).utilities[party])
    except BargainError:
        after = None
    if after is not None and "Nash" in solved:
        before = float(solved["Nash"].utilities[party])
        text += f"; with them the Nash solution gives {after:.6g} to {name}, not {before:.6g}"
    yield LintFinding("solutions_ruled_out", "warning", "limits", text)


def _idle(field: str, why: str) -> LintFinding:
    return LintFinding("limit_without_effect", "warning", f"limits.{field}", f"no effect: {why}")


def _field(constraint: Any) -> str:
    return str(constraint.name).removeprefix("the limit ")


def _restricting(limits: Limits) -> str:
    """Name the limits that leave outcomes out."""
    named = [field for field in ("allowed", "forbidden") if getattr(limits, field)]
    return "limits." + named[0] if len(named) == 1 else "limits"


def _of_line(limits: Limits, line: float, without: float) -> str | None:
    """Return the limit that is the line; None if having no agreement is."""
    if line == without:
        return None
    return next(field for field in reversed(LINES) if getattr(limits, field) == line)


def _nothing_left(limits: Limits) -> LintFinding:
    text = "no outcome that meets the constraints is left: nothing may be offered or accepted"
    return LintFinding("limits_leave_nothing", "error", _restricting(limits), text)


def _unreachable(name: str, limits: Limits, line: float, without: float, most: str) -> LintFinding:
    field = _of_line(limits, line, without)
    path = _restricting(limits) if field is None else f"limits.{field}"
    left = "what the limits leave" if limits.constraints else "every outcome"
    text = f"{left} is worth {most} to {name}, and {line:.6g} is asked for: no deal is possible"
    return LintFinding("limit_unreachable", "error", path, text)


def _no_zone(
    name: str, limits: Limits, line: float, without: float, most: float | None
) -> LintFinding:
    field = _of_line(limits, line, without)
    path = _restricting(limits) if field is None else f"limits.{field}"
    text = (
        f"nothing within the limits is as good for all others as no agreement, as far as the "
        f"problem knows them, and worth {line:.6g} to {name}"
    )
    if most is not None and np.isfinite(most):
        text += f"; {most:.6g} is the most"
    return LintFinding("no_zone_within_limits", "error", path, text)
