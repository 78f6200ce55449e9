"""Constraints that cannot all be met: the fewest that conflict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from bargain.errors import ConvergenceError, InfeasibleProblemError
from bargain.model import BargainingProblem, Outcome, OutcomeSpace
from bargain.model.constraints import Constraint
from bargain.model.given import check_problem
from bargain.model.rules import Rule
from bargain.solve.encoding import Encoding
from bargain.solve.integer_program import Affine, IntegerProgram

SECONDS = 60.0
"""Most that one program may take."""

ROUNDS = 1000
"""Most outcomes looked at that meet constraints but for rounding."""


def smallest_conflict(problem: BargainingProblem) -> tuple[Constraint, ...]:
    """Return as few constraints as possible that no outcome meets together; none if one meets all.

    Any set of constraints that conflicts must contain, for every largest set that can be met, one
    constraint outside it. The smallest set that does so for the largest sets known is tried; if it
    can be met it is grown into a new largest set, and otherwise it is the answer (Ignatiev,
    Previti, Liffiton & Marques-Silva 2015, Smallest MUS Extraction with Minimal Hitting Set
    Dualization).

    Parameters
    ----------
    problem : BargainingProblem
        Any; only its issues and constraints count.

    Returns
    -------
    tuple of Constraint
        In the order of `problem.constraints`. Of several smallest sets one is named.

    Raises
    ------
    ConvergenceError
        If a program takes longer than a minute.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.model import Mandatory
    >>> rental = bg.load("rental")
    >>> wishes = [{"at_most": 3200}, {"at_least": 3100}, {"at_least": 3300}]
    >>> wishes = [Mandatory({"rent": wish}) for wish in wishes]
    >>> at_odds = bg.BargainingProblem(rental.space, rental.profiles, constraints=wishes)
    >>> [str(constraint) for constraint in bg.smallest_conflict(at_odds)]
    ['rent is at most 3200', 'rent is at least 3300']
    """
    check_problem(problem)
    rules = problem.rules
    if _met(problem.space, rules) is not None:
        return ()
    leftovers: list[set[int]] = []
    while True:
        tried = _hitting(len(rules), leftovers)
        met = _met(problem.space, [rules[i] for i in tried])
        if met is None:
            return tuple(rules[i].constraint for i in tried)
        leftovers.append(set(range(len(rules))) - _grown(problem.space, rules, tried, met))


def refuse_conflicts(problem: BargainingProblem) -> None:
    """Raise InfeasibleProblemError if no outcome meets all constraints, naming the fewest."""
    conflict = _conflict(problem)
    if conflict:
        raise _infeasible(conflict)


def refuse_infeasible(problem: BargainingProblem) -> NoReturn:
    """Raise InfeasibleProblemError where it is known that no outcome meets all constraints."""
    raise _infeasible(_conflict(problem) or problem.constraints)


def _conflict(problem: BargainingProblem) -> tuple[Constraint, ...]:
    """Return the fewest constraints that conflict, or all where these are not found in time."""
    try:
        return smallest_conflict(problem)
    except ConvergenceError:
        return problem.constraints


def _infeasible(conflict: Sequence[Constraint]) -> InfeasibleProblemError:
    named = "; ".join(str(constraint) for constraint in conflict)
    several = "this constraint" if len(conflict) == 1 else "these constraints together"
    return InfeasibleProblemError(f"no outcome meets {several}: {named}")


def _grown(
    space: OutcomeSpace, rules: Sequence[Rule], tried: Sequence[int], outcome: Outcome
) -> set[int]:
    """Return a largest set of rules that can be met, from one that is met by an outcome."""
    kept = {i for i, rule in enumerate(rules) if i in tried or rule.holds(space, outcome)}
    for i in range(len(rules)):
        if i in kept:
            continue
        met = _met(space, [rules[j] for j in sorted({*kept, i})])
        if met is not None:
            kept |= {j for j, rule in enumerate(rules) if rule.holds(space, met)}
    return kept


def _hitting(count: int, leftovers: Sequence[set[int]]) -> tuple[int, ...]:
    """Return the fewest positions that have one in each of some sets."""
    program = IntegerProgram()
    picks = [program.binary() for _ in range(count)]
    for leftover in leftovers:
        program.row(Affine.total((picks[i], 1.0) for i in sorted(leftover)), at_least=1.0)
    # objectives count by whole numbers, so the solver's gap of 1e-6 leaves no doubt
    answer = program.maximize(Affine.total((pick, -1.0) for pick in picks), time_limit=SECONDS)
    if answer.status != "optimal" or answer.point is None:
        raise ConvergenceError.at("smallest conflict", "an optimum within a minute", answer.status)
    return tuple(int(i) for i in np.flatnonzero(np.round(answer.point) == 1))


def _met(space: OutcomeSpace, rules: Sequence[Rule]) -> Outcome | None:
    """Return an outcome that meets all rules, None if there is none."""
    encoding = Encoding(space, rules)
    program = encoding.program
    for _ in range(ROUNDS):
        answer = program.maximize(Affine(), time_limit=SECONDS)
        if answer.status == "infeasible":
            return None
        if answer.point is None:
            break
        again = None if space.is_finite else program.maximize_around(Affine(), answer.point)
        for point in (again, answer.point):
            if point is None:
                continue
            outcome = encoding.outcome(point)
            if all(rule.holds(space, outcome) for rule in rules):
                return outcome
        if not encoding.exclude(answer.point):
            break
    raise ConvergenceError(
        "constraints: expected an outcome that meets them or a proof that there is none, got "
        "neither"
    )
