"""What a search makes as large as it can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, unit_number

Reals = NDArray[np.float64]

SHORTFALL = 10.0
"""What each unit of agreement rate below the least costs: a tenth of the gain per percent."""


@dataclass(frozen=True)
class Objective:
    """What sessions count, and how many sessions make one number.

    A session counts

        own share + joint_weight * the other side's share - round_penalty * its last round,

    shares being of each side's attainable gain, after waiting; rounds count from 0.

    Parameters
    ----------
    measure : {"mean", "worst", "cvar"}
        The mean over all sessions, the least, or the mean of the worst `tail` of them
        (conditional value at risk); of the last of these only the part that belongs to it counts.
    tail : float
        In (0, 1].
    joint_weight : float
        Finite, >= 0.
    round_penalty : float
        Finite, >= 0.
    least_agreement : float
        Agreement rate, in [0, 1], of which each percent that is missing costs 0.1.

    References
    ----------
    Rockafellar and Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2 (2000).

    Examples
    --------
    >>> shares = np.array([[0.0, 0.2, 0.4, 1.0]])
    >>> Objective("cvar", tail=0.5).scores(shares)
    array([0.1])
    """

    measure: Literal["mean", "worst", "cvar"] = "mean"
    tail: float = 0.2
    joint_weight: float = 0.0
    round_penalty: float = 0.0
    least_agreement: float = 0.0

    def __post_init__(self) -> None:
        if self.measure not in ("mean", "worst", "cvar"):
            expected = "one of mean, worst, cvar"
            raise InvalidArgumentError.at("objective: measure", expected, self.measure)
        tail = unit_number("objective: tail", self.tail, error=InvalidArgumentError)
        if tail == 0:
            raise InvalidArgumentError.at("objective: tail", "a number in (0, 1]", self.tail)
        object.__setattr__(self, "tail", tail)
        for name in ("joint_weight", "round_penalty"):
            where, value = f"objective: {name}", getattr(self, name)
            number = finite_number(where, value, at_least=0, error=InvalidArgumentError)
            object.__setattr__(self, name, number)
        where = "objective: least_agreement"
        least = unit_number(where, self.least_agreement, error=InvalidArgumentError)
        object.__setattr__(self, "least_agreement", least)

    @classmethod
    def given(cls, given: Any) -> Objective:
        """Return an objective given as itself or by its measure."""
        if isinstance(given, Objective):
            return given
        if not isinstance(given, str) or given not in ("mean", "worst", "cvar"):
            expected = "an Objective or one of mean, worst, cvar"
            raise InvalidArgumentError.at("objective", expected, given)
        return cls(given)  # type: ignore[arg-type]

    @property
    def is_mean_share(self) -> bool:
        """Whether it is the mean share alone, which `SearchResult.bound` bounds."""
        return self == Objective(tail=self.tail)

    def scores(
        self,
        shares: Reals,
        *,
        others: Reals | None = None,
        rounds: NDArray[np.int64] | None = None,
        agreed: NDArray[np.bool_] | None = None,
        weights: Reals | None = None,
    ) -> Reals:
        """Return each candidate's score, shape (n,).

        Parameters
        ----------
        shares, others : ndarray, shape (n, n_sessions)
            Own shares and the other side's.
        rounds, agreed : ndarray, shape (n, n_sessions)
            Where each session ended, and whether in an agreement.
        weights : ndarray, shape (n_sessions,), optional
            What each session counts in a mean, 1 on average. Other measures don't weigh.
        """
        worth = shares
        if self.joint_weight and others is not None:
            worth = worth + self.joint_weight * others
        if self.round_penalty and rounds is not None:
            worth = worth - self.round_penalty * rounds
        if weights is not None:
            worth = worth * weights
        if self.measure == "mean":
            scores = worth.mean(axis=1)
        elif self.measure == "worst":
            scores = worth.min(axis=1)
        else:
            scores = _mean_of_the_worst(worth, self.tail)
        if self.least_agreement and agreed is not None:
            rate = agreed.mean(axis=1) if weights is None else (agreed * weights).mean(axis=1)
            missing = np.maximum(self.least_agreement - rate, 0.0)
            scores = scores - SHORTFALL * missing
        return np.asarray(scores)


def _mean_of_the_worst(worth: Reals, tail: float) -> Reals:
    """Return the mean of the worst part of each row of worths, shape (n,)."""
    ordered = np.sort(worth, axis=1)
    # 0.3 of ten are three, though that comes out as 3.0000000000000004
    wanted = max(1.0, round(tail * ordered.shape[1], 9))
    whole = int(wanted)
    sums = ordered[:, :whole].sum(axis=1)
    if wanted > whole:
        sums = sums + (wanted - whole) * ordered[:, whole]
    return np.asarray(sums / wanted)
