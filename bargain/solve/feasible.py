"""What can be agreed, in the form that suits the problem's structure.

=============================  ===========  ================================================
outcome space                  lotteries    feasible set and method
=============================  ===========  ================================================
finite                         no           `EnumeratedSet`: every outcome is looked at
finite, too many               no           `RegretSet`: a search within a budget of regret
finite, two parties            yes          `ChainSet`: hull edges of the issues, sorted; with a
                                            ceiling over the enumerated frontier
continuous, two parties        either       `ChainSet`: corners of the issues, sorted
mixed, two parties             no           `MixedSet`: one chain per combination of choices
mixed, two parties             yes          `ChainSet`
continuous, three and more     either       `ConvexSet`: linear and convex programs
finite, mixed, three and more  yes          `ConvexSet`
all else                       no           `ProgramSet`: mixed-integer programs
=============================  ===========  ================================================

All but the first and the last are for additive utilities without constraints, concave on
continuous issues; `RegretSet` also for utilities without a ceiling. So `ProgramSet` takes what has
constraints, worths of several issues together or a ceiling and is too large to enumerate or has
continuous issues, worths on continuous issues that are not concave, mixed issues with three and
more parties, and mixed issues of two with too many combinations of choices.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.numbers import finite_number
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.solution import Lottery

COMBINATION_LIMIT = 100_000
"""Most combinations of choices beside continuous issues that are looked at one by one, about ten
seconds' worth."""


class FeasibleSet(Protocol):
    """The individually rational part of what can be agreed. Never empty.

    Building one raises NoAgreementZoneError when nothing gives every party its disagreement
    utility.

    Attributes
    ----------
    ideals : tuple of Ideal
        What proves the ideal gains computed so far, where they can't simply be computed again
        (`solve.verify`); else empty.
    """

    ideals: tuple[Ideal, ...]

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party over the set, shape (n_parties,)."""

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the product of gains to the power of their weights."""

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the next least, and so on."""

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains."""


def is_enumerable(problem: BargainingProblem) -> bool:
    """Whether a problem is looked at outcome by outcome."""
    return problem.space.size * problem.n_parties <= ENUMERATION_LIMIT


def is_separable(problem: BargainingProblem) -> bool:
    """Whether issues can be looked at one by one: additive, no constraints and no ceilings."""
    unlimited = bool(np.isinf(problem.ceilings).all())
    return problem.is_additive and not problem.constraints and unlimited


def feasible_set(
    problem: BargainingProblem, *, lotteries: bool, time_limit: float | None = None
) -> FeasibleSet:
    """Return the feasible set of a problem, by its structure (see the table above).

    `time_limit` is what integer programs may take, in seconds; a minute by default.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError, NotConcaveError, TooLargeError,
    UnsupportedProblemError, ConvergenceError
    """
    # the forms import one another's pieces; this table alone knows all of them
    from bargain.solve.chain import chain_set
    from bargain.solve.convex import ConvexSet
    from bargain.solve.enumerated import EnumeratedSet
    from bargain.solve.mixed import MixedSet
    from bargain.solve.program import ProgramSet
    from bargain.solve.regret import RegretSet

    if time_limit is not None:
        time_limit = finite_number("time_limit", time_limit, error=InvalidArgumentError)
        if time_limit <= 0.0:
            raise InvalidArgumentError.at("time_limit", "seconds above 0", time_limit)
    finite = problem.space.is_finite
    continuous = _is_continuous(problem)
    if lotteries:
        if problem.constraints or not problem.is_additive:
            raise UnsupportedProblemError.at(
                "lotteries=True", "additive utilities and no constraints", problem
            )
        return chain_set(problem) if problem.n_parties == 2 else ConvexSet(problem)
    if finite and is_enumerable(problem):
        return EnumeratedSet(problem)
    if finite and is_separable(problem):
        return RegretSet(problem)
    if needs_programs(problem):
        return ProgramSet(problem, time_limit=time_limit)
    if is_on_chain(problem):
        return chain_set(problem)
    return ConvexSet(problem) if continuous else MixedSet(problem)


def needs_programs(problem: BargainingProblem) -> bool:
    """Whether outcomes, not lotteries, are searched by integer programs alone."""
    if problem.space.is_finite:
        return not is_enumerable(problem) and not is_separable(problem)
    if not _is_concave(problem):
        return True
    choices = math.prod(int(issue.size) for issue in problem.space.issues if issue.is_finite)
    few = problem.n_parties == 2 and choices <= COMBINATION_LIMIT
    return not _is_continuous(problem) and not few


def is_bent(problem: BargainingProblem) -> bool:
    """Whether something binds the issues together, or makes choices of continuous issues.

    Constraints, worths of several issues, choices beside continuous issues. The efficient outcomes
    are then no chain without lotteries.
    """
    return bool(problem.constraints) or not problem.is_additive or not _is_continuous(problem)


def is_on_chain(problem: BargainingProblem) -> bool:
    """Whether the frontier of a continuous problem is a chain without lotteries."""
    return problem.n_parties == 2 and _is_continuous(problem) and _is_concave(problem)


def _is_continuous(problem: BargainingProblem) -> bool:
    return not any(issue.is_finite for issue in problem.space.issues)


def _is_concave(problem: BargainingProblem) -> bool:
    """Whether nothing binds the issues together and continuous ones have concave worths."""
    if problem.constraints or not problem.is_additive:
        return False
    return all(
        term.is_concave for terms in problem.terms for term in terms if term.positions is not None
    )
