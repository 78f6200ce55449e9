"""NegMAS's negotiators that concede with time, offer for offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.adapters.negmas.times import answered_later
from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, positive_number
from bargain.play.policy import Plan
from bargain.play.view import PartyView

NEARER_BELOW = 1e-6
"""How far below its target an outcome may be and still be offered, if it is the nearest."""


@dataclass(frozen=True)
class SAOTimeBased:
    """Concede with time as NegMAS's time-based negotiators do, to the offer.

    At time t it holds out for

        u(t) = least + (1 - t^exponent) (best - least) - tolerance

    cut to [least, best], with best its largest utility and least the smallest, or its reservation
    where that is more. It accepts that much, and offers the outcome at or above its reservation
    with the smallest utility at or above it; one up to 1e-6 below instead where that is nearer.

    The exponent is 1 / beta in the convention of `TimeDependent`, whose policies differ otherwise
    in three ways: what they hold out for starts from the reservation also where all outcomes are
    worth more, has no tolerance, and is what they will offer next where they answer.

    Equally good outcomes are taken in the order in which numpy's default sort leaves them, as
    there; that order can differ between machines and versions of numpy.

    Parameters
    ----------
    exponent : float
        Finite, > 0: 4 in its Boulware, 1 in its linear, 1/4 in its conceder.
    tolerance : float
        Finite, >= 0.
    sorts : {"rational", "all"}
        Which outcomes are sorted, which matters for ties only.

    Raises
    ------
    InvalidArgumentError
        Naming the parameter out of range.

    Examples
    --------
    >>> SAOTimeBased.conceder()
    SAOTimeBased(exponent=0.25, tolerance=0.0001, sorts='rational')
    >>> SAOTimeBased.boulware().beta
    0.25
    """

    exponent: float = 4.0
    tolerance: float = 1e-4
    sorts: Literal["rational", "all"] = "rational"

    def __post_init__(self) -> None:
        exponent = positive_number("exponent", self.exponent, error=InvalidArgumentError)
        tolerance = finite_number(
            "tolerance", self.tolerance, at_least=0, error=InvalidArgumentError
        )
        if self.sorts not in ("rational", "all"):
            raise InvalidArgumentError.at("sorts", "'rational' or 'all'", self.sorts)
        object.__setattr__(self, "exponent", exponent)
        object.__setattr__(self, "tolerance", tolerance)

    @classmethod
    def boulware(cls) -> SAOTimeBased:
        """Return what `BoulwareTBNegotiator` does."""
        return cls(4.0)

    @classmethod
    def linear(cls) -> SAOTimeBased:
        """Return what `LinearTBNegotiator` does."""
        return cls(1.0)

    @classmethod
    def conceder(cls) -> SAOTimeBased:
        """Return what `ConcederTBNegotiator` does."""
        return cls(0.25)

    @classmethod
    def aspiration(cls) -> SAOTimeBased:
        """Return what `AspirationNegotiator` does by default."""
        return cls(4.0, tolerance=1e-3, sorts="all")

    @classmethod
    def of_beta(cls, beta: float, *, tolerance: float = 1e-4) -> SAOTimeBased:
        """Return the one of a concession rate in the convention of this library.

        Examples
        --------
        >>> SAOTimeBased.of_beta(0.2)
        SAOTimeBased(exponent=5.0, tolerance=0.0001, sorts='rational')
        """
        rate = positive_number("beta", beta, error=InvalidArgumentError)
        return cls(1.0 / rate, tolerance=tolerance)

    @property
    def beta(self) -> float:
        """The concession rate in the convention of this library, that of Faratin et al. 1998."""
        return 1.0 / self.exponent

    def plan(self, view: PartyView, times: NDArray[np.float64]) -> Plan:
        """Say what to offer and what to accept in each round of `sao_times`."""
        if not view.has_rational_outcome:
            return Plan.to_leave(len(times))
        order = self._order(view)
        ascending = view.utilities[order]
        least = max(float(view.ascending[0]), view.reservation)
        conceded = np.array([t**self.exponent for t in times.tolist()])
        target = least + (1.0 - conceded) * (view.best - least) - self.tolerance
        target = np.clip(target, least, view.best)
        ranks = nearest_ranks(ascending, target)
        return Plan(order[ranks].astype(np.int64), answered_later(target))

    def _order(self, view: PartyView) -> NDArray[np.intp]:
        """Return the rows at or above the reservation, the worst first."""
        rows = np.sort(view.order)
        if self.sorts == "rational":
            rows = rows[view.utilities[rows] >= view.reservation]
        order: NDArray[np.intp] = rows[np.argsort(view.utilities[rows])]
        return order[view.utilities[order] >= view.reservation]


def nearest_ranks(ascending: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the rank of what is offered at each target, shape (n_targets,).

    The first at or above the target, or the best there is; one up to `NEARER_BELOW` below where
    that is nearer.
    """
    ranks = np.minimum(np.searchsorted(ascending, targets), len(ascending) - 1)
    below = np.maximum(ranks - 1, 0)
    gap = targets - ascending[below]
    nearer = (gap <= NEARER_BELOW) & (gap < np.abs(ascending[ranks] - targets)) & (ranks > 0)
    return np.where(nearer, np.searchsorted(ascending, ascending[below]), ranks)
