"""The one place that every decision passes before it leaves the anchor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import InvalidOutcomeError
from bargain.model import BargainingProblem, Constraint, Outcome


@dataclass(frozen=True, eq=False)
class Guard:
    """What a party may agree to: what meets the constraints and is worth its reservation.

    The worth is recomputed from the outcome itself, whoever says what it is worth, and compared
    exactly in float64: there is no tolerance through which a deal could slip below the line.

    Attributes
    ----------
    problem : BargainingProblem
    party : int
        Position of the party that is guarded.
    """

    problem: BargainingProblem
    party: int

    @property
    def reservation(self) -> float:
        """Least utility the party may agree to."""
        return float(self.problem.disagreement_point[self.party])

    def worth(self, outcome: Any) -> float | None:
        """Return what an outcome is worth to the party; None if it is not in the space."""
        try:
            worth = float(self.problem.evaluate(outcome)[self.party])
        except InvalidOutcomeError:
            return None
        return worth if np.isfinite(worth) else None

    def allows(self, outcome: Outcome) -> bool:
        """Whether the party may agree to an outcome."""
        worth = self.worth(outcome)
        return worth is not None and worth >= self.reservation and not self.broken_by(outcome)

    def broken_by(self, outcome: Outcome) -> tuple[Constraint, ...]:
        """Return the constraints that an outcome of the space breaks.

        Raises
        ------
        InvalidOutcomeError
            If the outcome is not in the space.
        """
        return self.problem.broken_by(outcome)
