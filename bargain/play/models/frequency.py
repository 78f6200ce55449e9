"""Frequency models: what is offered often is worth much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.space import OutcomeSpace
from bargain.play.models.counts import Counts, counted
from bargain.play.models.estimate import Estimate
from bargain.play.models.model import LearningModel

LEARNING = 0.2
"""What an issue that stays the same gains in weight, over the number of issues (HardHeaded)."""


@dataclass(frozen=True, eq=False)
class Counted:
    """What a frequency model knows.

    Attributes
    ----------
    counts : tuple of ndarray, one an issue
        How often each value was offered, and what it started from.
    weights : tuple of float
    last : sequence of int or None
        Positions of the last offer.
    """

    counts: Counts
    weights: tuple[float, ...]
    last: Sequence[int] | None


@dataclass(frozen=True)
class FrequencyModel(LearningModel):
    """Count the values offered: a value is worth its count over the largest count of its issue.

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

    The model assumes that a side offers what it likes best most often, and gives way last on what
    matters most to it. Learning an offer takes O(number of values).

    Parameters
    ----------
    form : {"hardheaded", "smith"}

    References
    ----------
    van Krimpen, Looije and Hajizadeh, "HardHeaded", Complex Automated Negotiations: Theories,
    Models, and Software Competitions (2013); van Galen Last, "Agent Smith: opponent model
    estimation in bilateral multi-issue negotiation", New Trends in Agent-Based Complex Automated
    Negotiations (2012); both as compared in Baarslag, Hendrikx, Hindriks and Jonker, "Predicting
    the performance of opponent models in automated negotiation", WI-IAT 2013.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace([bg.Issue.choice("colour", ["red", "blue"])])
    >>> bg.FrequencyModel("smith").estimate(space, [["blue"], ["blue"], ["red"]]).utilities()
    array([0.5, 1. ])
    """

    form: Literal["hardheaded", "smith"] = "hardheaded"

    def __post_init__(self) -> None:
        if self.form not in ("hardheaded", "smith"):
            raise InvalidArgumentError.at("form", "'hardheaded' or 'smith'", self.form)

    def start(self, space: OutcomeSpace) -> Counted:
        first = 1.0 if self.form == "hardheaded" else 0.0
        n = len(space.issues)
        counts = tuple(np.full(int(issue.size), first) for issue in space.issues)
        return Counted(counts, (1.0 / n,) * n, None)

    def learned(self, known: Counted, positions: Sequence[int], time: float) -> Counted:
        counts = counted(known.counts, positions)
        if self.form == "smith":
            most = [float(issue_counts.max()) for issue_counts in counts]
            # in order: sum() rounds otherwise than the compiled table
            total = 0.0
            for count in most:
                total += count
            weights = tuple(count / total for count in most)
        else:
            weights = reweighted(known.weights, positions, known.last)
        return Counted(counts, weights, positions)

    def read(self, space: OutcomeSpace, known: Counted) -> Estimate:
        worths = tuple(counts / max(float(counts.max()), 1.0) for counts in known.counts)
        return Estimate(space, np.array(known.weights), worths)


def reweighted(
    weights: tuple[float, ...], positions: Sequence[int], last: Sequence[int] | None
) -> tuple[float, ...]:
    """Return HardHeaded's weights after an offer: issues that stay as they were gain."""
    n = len(weights)
    if last is None or n == 1:
        return weights
    same = [a == b for a, b in zip(positions, last, strict=True)]
    gain = LEARNING / n
    total = 1.0 + gain * sum(same)
    cap = 1.0 - n * gain / total
    return tuple(
        ((w + gain) if stays and w < cap else w) / total
        for w, stays in zip(weights, same, strict=True)
    )
