"""What a method cannot take, said by what it is in the problem, with what can be done instead."""

from __future__ import annotations

import numpy as np

from bargain.errors import TooLargeError, UnsupportedProblemError
from bargain.model import AdditiveUtility, BargainingProblem
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.solve.structure import is_continuous, is_enumerable, is_listed_for_lotteries

ON_A_GRID = "bargain.discretized(problem, points=11)"
"""How a problem with continuous issues becomes a finite one."""

LONGEST = 80
"""Characters of a constraint that a message shows."""


def what_binds(problem: BargainingProblem) -> tuple[str, str] | None:
    """Return what would have to be so for issues to be looked at one by one, and what is instead.

    None where constraints and utilities bind no issues together.
    """
    if problem.constraints:
        text = str(problem.constraints[0])
        text = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
        more = len(problem.constraints) - 1
        return "no constraints", f"the constraint '{text}'" + (f" and {more} more" if more else "")
    for profile in problem.profiles:
        if not isinstance(profile.utility, AdditiveUtility):
            kind = type(profile.utility).__name__
            return "additive utilities", f"the {kind} of {profile.name!r}"
    return None


def refuse_bound_issues(problem: BargainingProblem, what: str) -> None:
    """Raise if constraints or utilities bind issues together, where these are looked at alone.

    Raises
    ------
    UnsupportedProblemError
        Naming the first constraint, or the first party whose utility is not additive.
    """
    bound = what_binds(problem)
    if bound:
        raise UnsupportedProblemError(
            f"{what}: expected {bound[0]}{_here(problem)}, got {bound[1]}"
        )


def refuse_lotteries(problem: BargainingProblem, what: str = "lotteries=True") -> None:
    """Raise if neither whole outcomes nor single issues can be looked at for a convex set.

    `what` is the function that needs one, or the argument that asked for it.

    Raises
    ------
    UnsupportedProblemError
    """
    if is_listed_for_lotteries(problem):
        return
    finite, asked = problem.space.is_finite, what.startswith("lotteries")
    ways = [*["lotteries=False"] * asked, *[ON_A_GRID] * (not finite)]
    refusal = _unlisted(problem)
    if refusal:
        hint = f"; try {' or '.join(ways)}" if ways else ""
        raise UnsupportedProblemError(f"{what}: expected {refusal[0]}, got {refusal[1]}{hint}")


def refuse_frontier(problem: BargainingProblem, *, lotteries: bool) -> None:
    """Raise if there is no method for the frontier of a problem, beyond looking at all outcomes.

    Raises
    ------
    UnsupportedProblemError
    """
    finite, parties = problem.space.is_finite, problem.n_parties
    if finite and not lotteries:
        bound = what_binds(problem)
        if bound and parties > 2 and not is_enumerable(problem):
            raise UnsupportedProblemError(
                f"pareto_frontier: expected two parties, or {bound[0]}{_here(problem)}, got "
                f"{parties} parties and {bound[1]}; nash_solution and others take it"
            )
        return
    if parties > 2:
        where = "with lotteries=True" if finite else "with continuous issues"
        way = "lotteries=False" if finite else ON_A_GRID
        way += " without lotteries" if lotteries and not finite else ""
        others = "" if what_binds(problem) else " (nash_solution and others take it as it is)"
        raise UnsupportedProblemError(
            f"pareto_frontier: expected two parties {where}, got {parties}; try {way}{others}"
        )
    refusal = None if is_listed_for_lotteries(problem) else _unlisted(problem)
    if refusal:
        way = "lotteries=False" if finite else ON_A_GRID
        way += ", or leave the constraints out" if problem.constraints else ""
        raise UnsupportedProblemError(
            f"pareto_frontier: expected {refusal[0]}, got {refusal[1]}; try {way}"
        )
    if not (finite or lotteries or is_continuous(problem)):
        raise UnsupportedProblemError(
            "pareto_frontier: expected lotteries=True over choices mixed with continuous issues, "
            f"got False; try that, or {ON_A_GRID}"
        )


def refuse_chain(
    problem: BargainingProblem, *, lotteries: bool, individually_rational: bool, duplicates: bool
) -> None:
    """Raise if a frontier that is no list of outcomes, or a long one, is asked for all of them.

    Raises
    ------
    UnsupportedProblemError, TooLargeError
    """
    finite = problem.space.is_finite
    if finite and not lotteries:
        if duplicates and not is_enumerable(problem):
            raise TooLargeError.at(
                "pareto_frontier: keep_duplicates=True",
                f"at most {ENUMERATION_LIMIT // problem.n_parties} outcomes",
                problem.space.size,
            )
        return
    for name, given in (
        ("individually_rational=False", not individually_rational),
        ("keep_duplicates=True", duplicates),
    ):
        if given:
            ways = [*["lotteries=False"] * lotteries, *[ON_A_GRID] * (not finite)]
            got = "continuous issues" if not finite else "lotteries=True"
            raise UnsupportedProblemError(
                f"pareto_frontier: {name}: expected a finite problem without lotteries, got "
                f"{got}; try {' and '.join(ways)}"
            )


def _unlisted(problem: BargainingProblem) -> tuple[str, str] | None:
    """Return what is expected where whole outcomes are not listed, and what is instead, or None."""
    bound = what_binds(problem)
    if bound:
        return bound[0] + _here(problem), bound[1]
    capped = np.flatnonzero(np.isfinite(problem.ceilings))
    mixed = not problem.space.is_finite and not is_continuous(problem)
    if mixed and len(capped):
        party = problem.parties[int(capped[0])]
        return "utilities without a ceiling" + _here(problem), f"the ceiling of {party!r}"
    return None


def _here(problem: BargainingProblem) -> str:
    """Say what it is about a problem that makes a method particular."""
    if problem.space.is_finite:
        return f" over more than {ENUMERATION_LIMIT // problem.n_parties} outcomes"
    mixed = not is_continuous(problem)
    return " over choices mixed with continuous issues" if mixed else " over continuous issues"
