"""The one place that every decision passes before it leaves the anchor."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from bargain.anchor.limits import Limits
from bargain.errors import InvalidOutcomeError
from bargain.model import BargainingProblem, Constraint
from bargain.model.rules import Rule

Refusal = Literal[
    "offer_not_in_space", "offer_not_allowed", "offer_beyond_limits", "offer_below_reservation"
]


@dataclass(frozen=True, eq=False)
class Guard:
    """What a party may agree to: in the space, within constraints and limits, above its line.

    The worth is recomputed from the outcome itself, whoever says what it is worth, and compared
    exactly in float64: there is no tolerance through which a deal could slip below the line.

    Attributes
    ----------
    problem : BargainingProblem
    party : int
        Position of the party that is guarded.
    limits : Limits
    """

    problem: BargainingProblem
    party: int
    limits: Limits = field(default_factory=Limits)

    @property
    def reservation(self) -> float:
        """The line: the largest of reservation, alternative and floor."""
        return self.limits.line(self.problem, self.party)

    def worth(self, outcome: Any) -> float | None:
        """Return what an outcome is worth to the party; None if it is not in the space."""
        try:
            worth = float(self.problem.evaluate(outcome)[self.party])
        except InvalidOutcomeError:
            return None
        return worth if np.isfinite(worth) else None

    def refusal(self, outcome: Any, *, after: float | None = None) -> Refusal | None:
        """Return why the party may not agree to an outcome; None if it may.

        Parameters
        ----------
        outcome
            Anything.
        after : float, optional
            What the party's own last offer is worth to it, from which `largest_concession` counts.
        """
        worth = self.worth(outcome)
        if worth is None:
            return "offer_not_in_space"
        if self.broken_by(outcome):
            return "offer_not_allowed"
        if worth < self.reservation:
            return "offer_below_reservation"
        if worth < self.least_after(after) or self.limits_broken_by(outcome):
            return "offer_beyond_limits"
        return None

    def allows(self, outcome: Any, *, after: float | None = None) -> bool:
        """Whether the party may agree to an outcome."""
        return self.refusal(outcome, after=after) is None

    def least_after(self, last: float | None) -> float:
        """Return the least that the largest concession allows after an own offer's worth."""
        if last is None or self.limits.largest_concession is None:
            return -np.inf
        return last - self.limits.largest_concession

    def needs_approval(self, outcome: Any) -> bool:
        """Whether a person has to approve an outcome of the space before it is agreed to."""
        worth, threshold = self.worth(outcome), self.limits.approval_below
        if threshold is not None and (worth is None or worth < threshold):
            return True
        return bool(self._broken(outcome, self._approvals))

    def broken_by(self, outcome: Any) -> tuple[Constraint, ...]:
        """Return the problem's constraints that an outcome of the space breaks.

        Raises
        ------
        InvalidOutcomeError
            If the outcome is not in the space.
        """
        return self.problem.broken_by(outcome)

    def limits_broken_by(self, outcome: Any) -> tuple[Constraint, ...]:
        """Return what the limits allow or forbid that an outcome of the space breaks."""
        return self._broken(outcome, self._rules)

    def _broken(self, outcome: Any, rules: tuple[Rule, ...]) -> tuple[Constraint, ...]:
        settled = self.problem.space.validate(outcome)
        return tuple(r.constraint for r in rules if not r.holds(self.problem.space, settled))

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return tuple(Rule.of(each, self.problem.space) for each in self.limits.constraints)

    @cached_property
    def _approvals(self) -> tuple[Rule, ...]:
        return tuple(Rule.of(each, self.problem.space) for each in self.limits.approvals)
