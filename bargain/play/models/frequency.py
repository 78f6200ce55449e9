"""Frequency models: what is offered often is worth much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.space import OutcomeSpace
from bargain.play.models.values import IssueValues

LEARNING = 0.2
"""What an issue that stays the same gains in weight, over the number of issues (HardHeaded)."""


@dataclass(frozen=True)
class FrequencyModel:
    """Count the values offered; estimate an additive utility with worths and weights in [0, 1].

    A value is worth its count over the largest count of its issue.

    hardheaded
      Counts start at 1. The n weights start equal, at 1 / n. At each offer let q be the number of
      issues whose value is the one of the offer before, g = 0.2 / n and S = 1 + g q. Of these
      issues, those with w_i < 1 - n g / S get (w_i + g) / S; every other issue gets w_i / S. (So
      once an issue has passed that cap the weights add up to less than 1. A single issue keeps
      weight 1.)
    smith
      Counts start at 0, and the weights are the largest counts over their sum. That orders
      outcomes as equal weights and counts over the number of offers do; the scale is such that
      the values offered most are together worth 1.

    Parameters
    ----------
    form : {"hardheaded", "smith"}

    References
    ----------
    van Krimpen, Looije and Hajizadeh, "HardHeaded", Complex Automated Negotiations (2013),
    section 3.3; van Galen Last, "Agent Smith", New Trends in Agent-Based Complex Automated
    Negotiations (2012); both as compared in Baarslag et al., "Predicting the performance of
    opponent models in automated negotiation", WI-IAT 2013.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.play.models import FrequencyModel
    >>> space = bg.OutcomeSpace([bg.Issue.choice("colour", ["red", "blue"])])
    >>> FrequencyModel("smith").estimate(space, [1, 1, 0])
    array([0.5, 1. ])
    """

    form: Literal["hardheaded", "smith"] = "hardheaded"

    def __post_init__(self) -> None:
        if self.form not in ("hardheaded", "smith"):
            raise InvalidArgumentError.at("form", "'hardheaded' or 'smith'", self.form)

    def worths(self, space: OutcomeSpace, rows: Sequence[int]) -> list[NDArray[np.float64]]:
        """Return what each value of each issue adds to the estimate, weight included.

        Parameters
        ----------
        space : OutcomeSpace
            Finite.
        rows : sequence of int
            The other side's offers, in order. With none, all that a value adds is what its
            issue weighs (hardheaded) or 0 (smith).
        """
        digits = IssueValues.of(space).digits
        first = 1.0 if self.form == "hardheaded" else 0.0
        counts = [np.full(int(issue.size), first) for issue in space.issues]
        weights = [1.0 / len(counts)] * len(counts)
        for i, row in enumerate(rows):
            for j, issue_counts in enumerate(counts):
                issue_counts[digits[row, j]] += 1.0
            if self.form == "smith":
                most = [float(issue_counts.max()) for issue_counts in counts]
                # in order: sum() rounds otherwise than the compiled table
                total = 0.0
                for count in most:
                    total += count
                weights = [count / total for count in most]
            elif i > 0:
                same = [bool(a == b) for a, b in zip(digits[row], digits[rows[i - 1]], strict=True)]
                weights = _reweighted(weights, same)
        return [
            weight * (issue_counts / max(float(issue_counts.max()), 1.0))
            for weight, issue_counts in zip(weights, counts, strict=True)
        ]

    def estimate(self, space: OutcomeSpace, rows: Sequence[int]) -> NDArray[np.float64]:
        """Return what every outcome is estimated to be worth, in [0, 1], shape (n_outcomes,).

        Parameters as in `worths`.
        """
        digits = IssueValues.of(space).digits
        total = np.zeros(len(digits))
        for j, worths in enumerate(self.worths(space, rows)):
            total += worths[digits[:, j]]
        return total


def _reweighted(weights: list[float], same: list[bool]) -> list[float]:
    n = len(weights)
    if n == 1:
        return weights
    gain = LEARNING / n
    total = 1.0 + gain * sum(same)
    cap = 1.0 - n * gain / total
    return [
        ((w + gain) if stays and w < cap else w) / total
        for w, stays in zip(weights, same, strict=True)
    ]
