"""How a policy did against some opponents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.play.standings import cut, intervals

Reals = NDArray[np.float64]
Interval = tuple[float, float] | None

LEVEL = 0.95
"""Of all intervals."""


@dataclass(frozen=True)
class Encounter:
    """How a policy did against one opponent: means over problems, deadlines and who proposes first.

    Attributes
    ----------
    opponent : str
    share : float
        Own gain as a share of the party's attainable gain, (u - r) / (u_max - r), with u the
        utility after waiting of the agreement or of having none. If waiting is free, 0 to 1.
    utility : float
        Own utility after waiting, discounts and costs taken off.
    agreement_rate : float
        Share of sessions that ended in an agreement.
    joint_gain : float
        Sum over both parties of utility after waiting less the disagreement point.
    share_interval : tuple of float or None
        Interval at 95 % for the share over other problems like these, cut to what shares can be;
        None for one problem.
    """

    opponent: str
    share: float
    utility: float
    agreement_rate: float
    joint_gain: float
    share_interval: Interval = None


@dataclass(frozen=True)
class Performance:
    """How a policy did: means over opponents, problems, deadlines and who starts.

    Intervals, at 95 %, say what the mean may be over other opponents and problems like these, by
    Student's t: the variances over opponents and over problems are added, and the variance over
    both, which is counted in each, is taken off (Cameron, Gelbach and Miller 2011, "Robust
    inference with multiway clustering", Journal of Business & Economic Statistics 29). Where there
    is one opponent they speak of problems only, and where there is one problem of opponents only;
    None for one of both. Those of shares and agreement rates are cut to what these can be: shares
    to 0 to 1 where waiting costs nothing; where it costs, in one problem to the least that waiting
    until the deadline leaves, and over other problems not below. Where opponents have weights they
    are a population that is known, and intervals speak of problems only.

    Attributes
    ----------
    share, utility, agreement_rate, joint_gain : float
        As in `Encounter`.
    share_interval, utility_interval, agreement_interval, joint_gain_interval : tuple or None
    rounds : float
        Mean of the last round that was begun, from 0.
    worst : float
        Least share of any session.
    against : tuple of Encounter
        One per opponent, in the order given.
    """

    share: float
    utility: float
    agreement_rate: float
    joint_gain: float
    share_interval: Interval
    utility_interval: Interval
    agreement_interval: Interval
    joint_gain_interval: Interval
    rounds: float
    worst: float
    against: tuple[Encounter, ...]

    @classmethod
    def of(
        cls,
        labels: tuple[str, ...],
        share: float,
        shares: Reals,
        utilities: Reals,
        agreed: NDArray[np.bool_],
        joint: Reals,
        rounds: NDArray[np.int64],
        *,
        weights: Reals | None = None,
        limits: tuple[float, float] = (-np.inf, np.inf),
    ) -> Performance:
        """Sum up sessions; arrays (n_problems, n_opponents, n_others), share the mean of shares.

        Weights are of the opponents, 1 on average, shape (n_opponents,); equal by default. Limits
        are what a mean share can be.
        """
        measures = [shares, utilities, agreed.astype(np.float64), joint]
        if weights is None:
            weighed, spans = measures, [interval(measure.mean(axis=2)) for measure in measures]
        else:
            weighed = [measure * weights[:, None] for measure in measures]
            spans = [_over_problems(measure.mean(axis=(1, 2))) for measure in weighed]
        mean_round = (rounds if weights is None else rounds * weights[:, None]).mean()
        _, utility, rate, gain = (float(measure.mean()) for measure in weighed)
        own, worth, agreeing, together = spans
        own = own and cut(own, limits, share)
        agreeing = agreeing and cut(agreeing, (0.0, 1.0), rate)
        against = []
        for i, name in enumerate(labels):
            span = _over_problems(shares[:, i].mean(axis=1))
            row = tuple(float(measure[:, i].mean()) for measure in measures)
            span = span and cut(span, limits, row[0])
            against.append(Encounter(name, row[0], row[1], row[2], row[3], span))
        worst = float(shares.min())
        return cls(
            share=share,
            utility=utility,
            agreement_rate=rate,
            joint_gain=gain,
            share_interval=own,
            utility_interval=worth,
            agreement_interval=agreeing,
            joint_gain_interval=together,
            rounds=float(mean_round),
            worst=worst,
            against=tuple(against),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain dicts and lists, for JSON."""
        return {**asdict(self), "against": [asdict(one) for one in self.against]}


def interval(cells: Reals) -> Interval:
    """Return the interval for the mean of cells, shape (n_problems, n_opponents): `Performance`."""
    n_problems, n_opponents = cells.shape
    if n_problems == 1 or n_opponents == 1:
        return _over_problems(cells.ravel())
    from scipy.special import stdtrit

    cells, size = _scaled(cells)
    by_problem = cells.mean(axis=1).var(ddof=1) / n_problems
    by_opponent = cells.mean(axis=0).var(ddof=1) / n_opponents
    both = cells.var(ddof=1) / cells.size
    # each alone is a bound from below on what is estimated
    variance = max(by_problem + by_opponent - both, by_problem, by_opponent)
    quantile = float(stdtrit(min(n_problems, n_opponents) - 1, 0.5 + 0.5 * LEVEL))
    mean, reach = float(cells.mean()), quantile * float(np.sqrt(variance))
    return (mean - reach) * size, (mean + reach) * size


def _over_problems(means: Reals) -> Interval:
    if len(means) < 2:
        return None
    means, size = _scaled(means)
    low, high = intervals(means[:, None], level=LEVEL)
    return float(low[0]) * size, float(high[0]) * size


def _scaled(numbers: Reals) -> tuple[Reals, float]:
    """Return numbers of about 1 and the power of two that they were divided by.

    Squares of large numbers would overflow, those of small ones vanish. No digit is lost.
    """
    _, exponent = np.frexp(np.abs(numbers).max())
    size = float(np.ldexp(1.0, np.clip(exponent, -1021, 1023)))
    return numbers / size, size
