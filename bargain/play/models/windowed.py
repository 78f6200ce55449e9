"""The windowed frequency model: issues whose values stay as they were while the side concedes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, whole_number
from bargain.model.space import OutcomeSpace
from bargain.play.models.counts import Counts, counted
from bargain.play.models.estimate import Estimate
from bargain.play.models.model import LearningModel
from bargain.play.session import LONGEST_DEADLINE

SIGNIFICANCE = 0.05
"""p-value above which the values of an issue count as drawn as in the window before."""


@dataclass(frozen=True, eq=False)
class Windows:
    """What a windowed model knows.

    Attributes
    ----------
    total, before, now : tuple of ndarray, one an issue
        How often each value was offered: in all, in the last whole window, in the one that is
        being filled.
    filled, closed : int
        Offers in the window being filled, whole windows so far.
    weights : ndarray, shape (n_issues,)
    """

    total: Counts
    before: Counts
    now: Counts
    filled: int
    closed: int
    weights: NDArray[np.float64]


@dataclass(frozen=True)
class WindowedModel(LearningModel):
    """Compare windows of offers; issues that stay the same while others give way weigh more.

    A value offered c times is worth ((1 + c) / (1 + c_max))^gamma, with c_max the largest count
    of its issue. Offers are taken in windows of `window`, one after the other. When a window is
    full it is compared with the one before, issue by issue:

    - the share of each value in a window is F(v) = (1 + count) / (k + window), for k values;
    - the issue is unchanged if a chi-square test of the two windows' shares being the same has
      p > 0.05: the statistic is the sum over values of (a - b)^2 / (a + b) with a and b each 1
      plus the count, with k - 1 degrees of freedom;
    - a changed issue has conceded if its expected worth, the sum of F(v) times worth(v), is lower
      than in the window before.

    If some issue has conceded, each unchanged one gains alpha (1 - t^beta) in weight, where t is
    the relative time of the last offer, and the weights are made to add up to 1. They start
    equal, and stay so until two windows are full.

    The model assumes that a side concedes over windows, not offer by offer, and on what matters
    least to it first.

    Parameters
    ----------
    window : int
        Offers a window, from 1.
    gamma : float
        In (0, 1]: the lower, the less it matters how much more often a value is offered.
    alpha, beta : float
        How much weight is gained, and how late it still is; finite, > 0.

    References
    ----------
    Tunali, Aydogan and Sanchez-Anguix, "Rethinking frequency opponent modeling in automated
    negotiation", PRIMA 2017, LNCS 10621, pages 263-279: windows that do not overlap, a chi-square
    test of each issue, weights that grow where another issue concedes. We use windows of 48,
    gamma 0.25, alpha 10 and beta 5, as other implementations of the model do; that the paper has
    the same numbers was not checked. The statistic is ours: it compares counts, so that the p-value
    is one, with 1 added so that values never offered do no harm.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace(
    ...     [bg.Issue.choice("a", ["p", "q"]), bg.Issue.choice("b", ["s", "t"])]
    ... )
    >>> offers = [["p", "s"]] * 10 + [["p", "t"]] * 6
    >>> bg.WindowedModel(window=8).estimate(space, offers).weights.round(3)
    array([0.955, 0.045])
    """

    window: int = 48
    gamma: float = 0.25
    alpha: float = 10.0
    beta: float = 5.0

    def __post_init__(self) -> None:
        window = whole_number("window", self.window, at_least=1, error=InvalidArgumentError)
        if window > LONGEST_DEADLINE:
            raise InvalidArgumentError.at("window", f"at most {LONGEST_DEADLINE}", window)
        object.__setattr__(self, "window", window)
        gamma = finite_number("gamma", self.gamma, error=InvalidArgumentError)
        if not 0 < gamma <= 1:
            raise InvalidArgumentError.at("gamma", "a number in (0, 1]", self.gamma)
        object.__setattr__(self, "gamma", gamma)
        for name in ("alpha", "beta"):
            given = getattr(self, name)
            number = finite_number(name, given, error=InvalidArgumentError)
            if not 0 < number <= 1e100:
                raise InvalidArgumentError.at(name, "a number > 0, at most 1e100", given)
            object.__setattr__(self, name, number)

    def start(self, space: OutcomeSpace) -> Windows:
        nothing = tuple(np.zeros(int(issue.size)) for issue in space.issues)
        n = len(nothing)
        return Windows(nothing, nothing, nothing, 0, 0, np.full(n, 1.0 / n))

    def learned(self, known: Windows, positions: Sequence[int], time: float) -> Windows:
        total, now = counted(known.total, positions), counted(known.now, positions)
        if known.filled + 1 < self.window:
            return Windows(total, known.before, now, known.filled + 1, known.closed, known.weights)
        weights = known.weights
        if known.closed:
            weights = self._reweighted(weights, total, known.before, now, time)
        nothing = tuple(np.zeros(len(counts)) for counts in now)
        return Windows(total, now, nothing, 0, known.closed + 1, weights)

    def _reweighted(
        self, weights: NDArray[np.float64], total: Counts, before: Counts, now: Counts, time: float
    ) -> NDArray[np.float64]:
        unchanged = np.zeros(len(weights), dtype=bool)
        conceded = False
        for i, (earlier, later) in enumerate(zip(before, now, strict=True)):
            unchanged[i] = same_shares(earlier, later) > SIGNIFICANCE
            if not unchanged[i]:
                worths = self._worths(total[i])
                # both windows are equally full, so that the sums compare as the shares do
                conceded = conceded or bool(worths @ later < worths @ earlier)
        if not conceded or not unchanged.any():
            return weights
        gained = weights + unchanged * (self.alpha * (1.0 - time**self.beta))
        return np.asarray(gained / gained.sum())

    def _worths(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(((1.0 + counts) / (1.0 + counts.max())) ** self.gamma)

    def read(self, space: OutcomeSpace, known: Windows) -> Estimate:
        worths = tuple(self._worths(counts) for counts in known.total)
        return Estimate(space, known.weights, worths)


def same_shares(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """Return the p-value of two windows' values having been drawn with the same shares.

    Parameters
    ----------
    before, now : ndarray, shape (n_values,)
        Counts, with the same sum.
    """
    from scipy.special import chdtrc

    if len(before) == 1:
        return 1.0
    statistic = float(((now - before) ** 2 / (2.0 + now + before)).sum())
    return float(chdtrc(len(before) - 1, statistic))
