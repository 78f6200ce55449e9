"""The answer of a solution concept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Outcome
from bargain.solve.certificate import Certificate
from bargain.solve.claims import BestAnswer, Equilibrium

if TYPE_CHECKING:
    from bargain.solve.verify import Verification

Lottery = tuple[tuple[Outcome, float], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """What a solution concept picks, what it is worth and how that is known.

    Attributes
    ----------
    concept : str
        Name of the concept, such as "Nash".
    outcome : Outcome or None
        The outcome; None when the answer is a proper lottery.
    lottery : tuple of (Outcome, probability)
        The answer as a lottery; a single certain outcome has probability 1.
    utilities : ndarray, shape (n_parties,)
        (Expected) utility to each party, recomputed from the outcomes themselves.
    gains : ndarray, shape (n_parties,)
        Utilities minus the disagreement point.
    certificate : Certificate
    problem : BargainingProblem
    """

    concept: str
    lottery: Lottery
    utilities: NDArray[np.float64]
    gains: NDArray[np.float64]
    certificate: Certificate
    problem: BargainingProblem

    @property
    def outcome(self) -> Outcome | None:
        """The outcome, or None when the answer is a proper lottery."""
        return self.lottery[0][0] if len(self.lottery) == 1 else None

    def __repr__(self) -> str:
        """Show the utilities by party and the answer."""
        worth = ", ".join(
            f"{name} {utility:.6g}"
            for name, utility in zip(self.problem.parties, self.utilities, strict=True)
        )
        if self.outcome is not None:
            what = ", ".join(
                f"{issue}={value:.6g}" if isinstance(value, float) else f"{issue}={value}"
                for issue, value in self.outcome.items()
            )
        else:
            what = f"a lottery over {len(self.lottery)} outcomes"
        return f"<{self.concept}: {worth}; {what}>"

    def verify(self) -> Verification:
        """Check this answer and its proof again without the method that found them.

        See `Certificate.verify`; the answer checked is the one held here.
        """
        claim = self.certificate.claim
        if isinstance(claim, BestAnswer | Equilibrium):
            claim = replace(
                claim, problem=self.problem, lottery=self.lottery, utilities=self.utilities
            )
        return replace(self.certificate, claim=claim).verify()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "concept": self.concept,
            "outcome": None if self.outcome is None else dict(self.outcome),
            "lottery": [
                {"outcome": dict(outcome), "probability": probability}
                for outcome, probability in self.lottery
            ],
            "utilities": dict(zip(self.problem.parties, self.utilities.tolist(), strict=True)),
            "gains": dict(zip(self.problem.parties, self.gains.tolist(), strict=True)),
            "certificate": self.certificate.to_dict(),
        }


def certain(outcome: Outcome) -> Lottery:
    """Return an outcome as the lottery that gives it for sure."""
    return ((outcome, 1.0),)


def mixture(parts: Iterable[tuple[Outcome, float]]) -> Lottery:
    """Return a lottery without parts of probability 0; equal outcomes are put together."""
    merged: dict[Outcome, float] = {}
    for outcome, probability in parts:
        if probability > 0.0:
            merged[outcome] = merged.get(outcome, 0.0) + probability
    total = sum(merged.values())
    return tuple((outcome, probability / total) for outcome, probability in merged.items())


def make_solution(
    problem: BargainingProblem,
    concept: str,
    lottery: Lottery,
    certificate: Certificate,
    claim: Callable[..., BestAnswer | Equilibrium] | None = None,
) -> Solution:
    """Evaluate a lottery and wrap it as the answer of a concept.

    `claim` makes what is claimed, so that it can be checked again, from the lottery and its
    utilities.
    """
    utilities = np.zeros(problem.n_parties)
    for outcome, probability in lottery:
        utilities += probability * problem.evaluate(outcome)
    gains = utilities - problem.disagreement_point
    for array in (utilities, gains):
        array.setflags(write=False)
    if claim is not None:
        certificate = replace(certificate, claim=claim(lottery=lottery, utilities=utilities))
    return Solution(concept, lottery, utilities, gains, certificate, problem)
