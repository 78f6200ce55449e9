"""How much another party still asks, and what it has without an agreement: learned from a course.

Hypotheses of how it concedes are weighed by what it offered when, and by what it turned down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RESERVATIONS = np.linspace(0.0, 0.95, 20)
"""What it may have without an agreement, as a share of its best."""

EXPONENTS = np.array([0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.6, 2.8, 5.0, 10.0])
"""How a party may concede with time: below 1 late, above 1 early."""

LEVELS = np.linspace(0.05, 1.0, 20)
"""What a party that does not concede with time may ask throughout."""

SPREADS = np.array([0.05, 0.1, 0.2])
"""How far what it offers may be from what it asks, as believed: standard deviations."""

STEADY = 0.5
"""How likely a party is at first not to concede with time."""

LAPSE = 0.01
"""How likely an offer or a refusal has nothing to do with what is asked."""


@dataclass(frozen=True, eq=False)
class Hypotheses:
    """What a party may ask over time, and how likely that is before it has said anything.

    Attributes
    ----------
    reservations : ndarray, shape (n,)
    exponents : ndarray, shape (n,)
        Not a number where the party asks the same throughout.
    levels : ndarray, shape (n,)
        What it asks then; not a number elsewhere.
    spreads : ndarray, shape (n,)
    likely : ndarray, shape (n,)
        Adding up to 1.
    """

    reservations: NDArray[np.float64]
    exponents: NDArray[np.float64]
    levels: NDArray[np.float64]
    spreads: NDArray[np.float64]
    likely: NDArray[np.float64]

    def asked(self, time: float) -> NDArray[np.float64]:
        """Return what is asked at a relative time, as a share of the best, shape (n,)."""
        with np.errstate(invalid="ignore"):
            conceding = 1.0 - (1.0 - self.reservations) * time ** (1.0 / self.exponents)
        return np.where(np.isnan(self.levels), conceding, self.levels)


@dataclass(frozen=True, eq=False)
class Aspirations:
    """What another party is taken to ask over time, and to have without an agreement.

    A party either concedes with time, from its best to its reservation r, and at time t asks

        a(t) = 1 - (1 - r) t^(1/e),

    or asks the same c >= r throughout; each is as likely at first. All are shares of the most it
    can have. r has the density 2 (1 - r), below c where that is asked throughout: most parties
    have little without an agreement, and before anything was said 0.26 is expected. Where r is
    known it is that. e, c and the spread s are equally likely
    among those listed above. What is offered at time t is worth a(t) to it, give or take s; what
    is worth u is taken at time t with probability Phi((u - a(t)) / s); LAPSE of all offers and
    answers follow nothing.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents", Robotics
    and Autonomous Systems 24 (1998), section 4.1: concession with time. Zeng and Sycara, "Bayesian
    learning in negotiation", International Journal of Human-Computer Studies 48 (1998), and Yu,
    Ren and Zhang, "An adaptive bilateral negotiation model based on Bayesian learning" (2013):
    learning a reservation from the course of offers. The steady party, the priors and the lists
    are ours.
    """

    hypotheses: Hypotheses
    likely: NDArray[np.float64]

    @classmethod
    def learned(
        cls,
        offered: Sequence[tuple[float, float]],
        refused: Sequence[tuple[float, float]],
        *,
        knows_reservation: bool = False,
    ) -> Aspirations:
        """Weigh the hypotheses by what a party did.

        Parameters
        ----------
        offered : sequence of (share, time)
            What its offers are worth to it, as a share of its best, and relative times.
        refused : sequence of (share, time)
            The same of what it turned down, with the times at which it did.
        knows_reservation : bool
            Whether 0 is known to be what it has without an agreement.
        """
        given = hypotheses(knows_reservation)
        logs = np.log(given.likely)
        for share, time in offered:
            distance = (share - given.asked(time)) / given.spreads
            density = np.exp(-0.5 * distance**2) / (given.spreads * np.sqrt(2.0 * np.pi))
            logs += np.log((1.0 - LAPSE) * density + LAPSE)
        for share, time in refused:
            turned = _normal((given.asked(time) - share) / given.spreads)
            logs += np.log((1.0 - LAPSE) * turned + LAPSE)
        likely = np.exp(logs - logs.max())
        return cls(given, likely / likely.sum())

    def chance(self, share: float, time: float) -> float:
        """Return how likely what is worth a share of its best is taken at a time, in [0, 1]."""
        given = self.hypotheses
        taken = _normal((share - given.asked(time)) / given.spreads)
        return float(np.clip(self.likely @ taken, 0.0, 1.0))

    @property
    def reservation(self) -> tuple[float, float]:
        """What it has without an agreement, as a share of its best: mean, standard deviation."""
        values = self.hypotheses.reservations
        mean = float(self.likely @ values)
        variance = float(self.likely @ (values - mean) ** 2)
        return mean, float(np.sqrt(max(variance, 0.0)))


@lru_cache(maxsize=2)
def hypotheses(knows_reservation: bool) -> Hypotheses:
    """Return all hypotheses as they are held at first.

    Parameters
    ----------
    knows_reservation : bool
        Whether the reservation is 0.
    """
    values = RESERVATIONS[:1] if knows_reservation else RESERVATIONS
    density = (1.0 - values) / (1.0 - values).sum()
    rows: list[tuple[float, float, float, float, float]] = []
    for spread in SPREADS.tolist():
        for r, of_r in zip(values.tolist(), density.tolist(), strict=True):
            each = (1.0 - STEADY) * of_r / (len(EXPONENTS) * len(SPREADS))
            rows += [(r, exponent, np.nan, spread, each) for exponent in EXPONENTS.tolist()]
        for level in LEVELS.tolist():
            below = values <= level + 1e-9
            for r, of_r in zip(values[below].tolist(), density[below].tolist(), strict=True):
                each = STEADY * of_r / density[below].sum() / (len(LEVELS) * len(SPREADS))
                rows.append((r, np.nan, level, spread, each))
    columns = np.array(rows).T
    columns.setflags(write=False)
    return Hypotheses(*columns)


def _normal(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the normal distribution function."""
    from scipy.special import ndtr

    return np.asarray(ndtr(x), dtype=np.float64)
