"""What can be agreed, in the form that suits the problem's structure.

=============================  ===========  ================================================
outcome space                  lotteries    feasible set and method
=============================  ===========  ================================================
finite                         no           `EnumeratedSet`: every outcome is looked at
finite, too many               no           `RegretSet`: a search within a budget of regret
finite, two parties            yes          `ChainSet`: hull edges of the issues, sorted; with what
                                            binds them over the enumerated frontier
continuous, two parties        either       `ChainSet`: corners of the issues, sorted
... with curved values         either       `ArcSet`: a walk over edges and arcs
mixed, two parties             no           `MixedSet`: one chain per combination of choices
mixed, two parties             yes          `ChainSet`, or `ArcSet` with curved values
continuous, three and more     either       `ConvexSet`: linear and convex programs
finite, mixed, three and more  yes          `ConvexSet`
continuous, convex constraints either       `VetoSet`: `ConvexSet` among more parties
all else                       no           `ProgramSet`: mixed-integer programs
=============================  ===========  ================================================

All but the first and the last are for additive utilities, concave on continuous issues; `RegretSet`
also for utilities without a ceiling. Constraints and utilities that are not additive are met where
outcomes are enumerated, lotteries over them included, and by `ProgramSet`. So `ProgramSet` takes
what has constraints, worths of several issues together or a ceiling and is too large to enumerate
or has continuous issues, worths on continuous issues that are not concave, mixed issues with three
and more parties, and mixed issues of two with too many combinations of choices.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem
from bargain.model.numbers import finite_number
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.solution import Lottery
from bargain.solve.structure import (
    is_continuous,
    is_convex_under_constraints,
    is_enumerable,
    is_on_chain,
    is_separable,
    needs_programs,
)


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
    from bargain.solve.chain_set import chain_set
    from bargain.solve.convex import ConvexSet
    from bargain.solve.enumerated import EnumeratedSet
    from bargain.solve.mixed import MixedSet
    from bargain.solve.program import ProgramSet
    from bargain.solve.regret import RegretSet
    from bargain.solve.veto_set import VetoSet

    time_limit = seconds_given(time_limit)
    finite = problem.space.is_finite
    continuous = is_continuous(problem)
    if is_convex_under_constraints(problem):
        return VetoSet(problem)
    if lotteries:
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


def seconds_given(time_limit: float | None) -> float | None:
    """Return a time limit, checked.

    Raises
    ------
    InvalidArgumentError
        If it is not a finite number above 0.
    """
    if time_limit is None:
        return None
    seconds = finite_number("time_limit", time_limit, error=InvalidArgumentError)
    if seconds <= 0.0:
        raise InvalidArgumentError.at("time_limit", "seconds above 0", time_limit)
    return seconds
