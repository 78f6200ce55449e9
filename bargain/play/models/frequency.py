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

    A value is worth its count over the largest count of its issue. The weights are, before they
    are made to add up to 1,

    - hardheaded: equal at first; at each offer, 0.2 / n_issues more for each issue whose value is
      the same as in the offer before;
    - smith: the largest count of the issue, so that an issue on which one value dominates weighs
      most.

    The first is simpler than HardHeaded's own model, which counts from 1 and lets no weight grow
    past a cap.

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
    >>> FrequencyModel().estimate(space, [1, 1, 0])
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
            The other side's offers, in order. With none, all worths are 0.
        """
        digits = IssueValues.of(space).digits
        counts = [np.zeros(int(issue.size)) for issue in space.issues]
        weights = [1.0 / len(counts)] * len(counts)
        for i, row in enumerate(rows):
            for j, issue_counts in enumerate(counts):
                issue_counts[digits[row, j]] += 1.0
                if self.form == "smith":
                    weights[j] = float(issue_counts.max())
                elif i > 0 and digits[row, j] == digits[rows[i - 1], j]:
                    weights[j] += LEARNING / len(counts)
            total = 0.0
            for weight in weights:
                total += weight
            weights = [weight / total for weight in weights]
        return [
            weight * (issue_counts / issue_counts.max()) if len(rows) else issue_counts
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
