"""What can be agreed, in the form that suits the problem's structure.

=========================  =====================  ==========================================
outcome space              lotteries              feasible set and method
=========================  =====================  ==========================================
finite                     no                     `EnumeratedSet`: every outcome is looked at
finite, too many           no, additive           `RegretSet`: a search within a budget of regret
finite, two parties        yes, additive          `ChainSet`: hull edges of the issues, sorted
finite, two parties        yes, coupled           `ChainSet` over the enumerated frontier
continuous, two parties    either                 `ChainSet`: corners of the issues, sorted
mixed, two parties         no                     `MixedSet`: one chain per combination of choices
mixed, two parties         yes                    `ChainSet`
three and more parties     yes, or continuous     `ConvexSet`: linear and convex programs
=========================  =====================  ==========================================

A ceiling or constraints couple the issues. Constraints are met where all outcomes, or all
combinations of choices that they are about, are looked at; elsewhere each form refuses them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.solve.certificate import Certificate
from bargain.solve.claims import Ideal
from bargain.solve.solution import Lottery


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
    """Whether a finite problem is looked at outcome by outcome.

    Beyond `ENUMERATION_LIMIT` it is not, unless a ceiling keeps utilities from being additive;
    enumeration then says that it is too large.
    """
    small = problem.space.size * problem.n_parties <= ENUMERATION_LIMIT
    return small or bool(np.isfinite(problem.ceilings).any())


def feasible_set(problem: BargainingProblem, *, lotteries: bool) -> FeasibleSet:
    """Return the feasible set of a problem, by its structure (see the table above).

    Raises
    ------
    InfeasibleProblemError, NoAgreementZoneError, NotConcaveError, TooLargeError,
    UnsupportedProblemError
    """
    # the forms import one another's pieces; this table alone knows all of them
    from bargain.solve.chain import chain_set
    from bargain.solve.convex import ConvexSet
    from bargain.solve.enumerated import EnumeratedSet
    from bargain.solve.mixed import MixedSet
    from bargain.solve.regret import RegretSet

    finite = problem.space.is_finite
    continuous = not any(issue.is_finite for issue in problem.space.issues)
    if finite and not lotteries:
        return EnumeratedSet(problem) if is_enumerable(problem) else RegretSet(problem)
    if problem.n_parties == 2:
        return chain_set(problem) if continuous or lotteries else MixedSet(problem)
    if continuous or lotteries:
        return ConvexSet(problem)
    raise UnsupportedProblemError(
        "expected two parties, or lotteries=True, where choices and continuous issues are mixed, "
        f"got {problem.n_parties} parties"
    )
