"""What decides how a problem can be solved: its size, its constraints, how its utilities add up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bargain.errors import UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.forms import Form, sum_limits
from bargain.model.problem import ENUMERATION_LIMIT

COMBINATION_LIMIT = 100_000
"""Most combinations of choices beside continuous issues that are looked at one by one, about ten
seconds' worth."""


def is_enumerable(problem: BargainingProblem) -> bool:
    """Whether a problem is looked at outcome by outcome."""
    return problem.space.size * problem.n_parties <= ENUMERATION_LIMIT


def is_separable(problem: BargainingProblem) -> bool:
    """Whether issues can be looked at one by one: additive, no constraints and no ceilings."""
    unlimited = bool(np.isinf(problem.ceilings).all())
    return problem.is_additive and not problem.constraints and unlimited


def is_listed_for_lotteries(problem: BargainingProblem) -> bool:
    """Whether lotteries are over whole outcomes, looked at one by one.

    Constraints and worths of several issues bind the issues together, so that a lottery over
    outcomes is not one over the values of each issue.
    """
    is_bound = bool(problem.constraints) or not problem.is_additive
    return is_bound and problem.space.is_finite and is_enumerable(problem)


def needs_programs(problem: BargainingProblem) -> bool:
    """Whether outcomes, not lotteries, are searched by integer programs alone."""
    if problem.space.is_finite:
        return not is_enumerable(problem) and not is_separable(problem)
    if not _adds_up_concave(problem) or _touches_continuous_issues(problem):
        return True
    few = problem.n_parties == 2 and combinations_of_choices(problem) <= COMBINATION_LIMIT
    return not is_continuous(problem) and not few


def combinations_of_choices(problem: BargainingProblem) -> int:
    """Return how many combinations of choices there are beside continuous issues."""
    return math.prod(int(issue.size) for issue in problem.space.issues if issue.is_finite)


def is_concave_for_choices(problem: BargainingProblem) -> bool:
    """Whether worths are concave on continuous issues, of which there are some, once choices are.

    Nothing is said about constraints.
    """
    unlimited = bool(np.isinf(problem.ceilings).all())
    return not problem.space.is_finite and _adds_up_concave(problem) and unlimited


def is_convex_under_constraints(problem: BargainingProblem) -> bool:
    """Whether constraints leave a convex set of continuous outcomes, with concave worths.

    Budgets and ranges do; an alternative, such as an implication, need not.
    """
    return (
        bool(problem.constraints)
        and is_continuous(problem)
        and _adds_up_concave(problem)
        and bool(np.isinf(problem.ceilings).all())
        and all(len(clause) == 1 for rule in problem.rules for clause in rule.clauses)
    )


def is_on_chain(problem: BargainingProblem) -> bool:
    """Whether the frontier of a continuous problem is a chain without lotteries."""
    return problem.n_parties == 2 and is_continuous(problem) and _is_concave(problem)


def is_continuous(problem: BargainingProblem) -> bool:
    """Whether all issues are continuous."""
    return not any(issue.is_finite for issue in problem.space.issues)


def _is_concave(problem: BargainingProblem) -> bool:
    """Whether nothing binds the issues together and continuous ones have concave worths."""
    return not problem.constraints and _adds_up_concave(problem)


def _adds_up_concave(problem: BargainingProblem) -> bool:
    """Whether utilities are additive, with concave worths on continuous issues."""
    return problem.is_additive and all(
        term.is_concave for terms in problem.terms for term in terms if term.positions is not None
    )


def _touches_continuous_issues(problem: BargainingProblem) -> bool:
    """Whether a constraint is about a continuous issue."""
    issues = problem.space.issues
    return any(not issues[position].is_finite for rule in problem.rules for position in rule.issues)


def shown_forms(problem: BargainingProblem) -> list[Form]:
    """Return the arithmetic of all utilities.

    Raises
    ------
    UnsupportedProblemError
        If one does not show it.
    """
    forms = []
    for party, form in zip(problem.parties, problem.forms, strict=True):
        if form is None:
            raise UnsupportedProblemError.at(
                f"party {party!r}", "a utility that shows its arithmetic", "none"
            )
        forms.append(form)
    return forms


def sum_bounds(form: Form) -> tuple[float, float]:
    """Return what a utility is at least and at most, by the worths that its sum is made of."""
    low, high = sum_limits(form)
    return Shaped(form).at(low), Shaped(form).at(high)


@dataclass(frozen=True, eq=False)
class Shaped:
    """The shapes of a utility, one after the other."""

    form: Form

    def at(self, total: float) -> float:
        """Return what a sum becomes."""
        shaped = np.array([total])
        for shape in self.form.shapes:
            shaped = shape(shaped)
        return float(shaped[0])

    def slope(self, total: float) -> float:
        """Return the slope there, by the chain rule."""
        shaped, slope = np.array([total]), 1.0
        for shape in self.form.shapes:
            slope *= float(shape.slope(shaped)[0])
            shaped = shape(shaped)
        return slope
