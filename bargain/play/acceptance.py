"""When to accept: conditions from the literature, one class each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number
from bargain.play.view import PartyView


class Acceptance(Protocol):
    """When a party says yes, given what it would itself offer."""

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the least own utility accepted in each round, shape (n_rounds,).

        Parameters
        ----------
        view : PartyView
            The party's own side of the problem.
        times : ndarray, shape (n_rounds,)
        rows : ndarray of int64, shape (n_rounds,)
            The outcome the party would offer in each round, were it the one to propose.
        """
        ...


@dataclass(frozen=True)
class AcceptNext:
    """Accept what is at least as good as what I would offer next: AC_next(scale, offset).

    In round r an offer worth u to me is accepted if and only if u >= my reservation and

        scale * x + offset >= y,

    with x = (u - r) / (u_max - r) the offer and y my own next offer, both as shares of my
    attainable gain, so that the condition does not depend on the scale of utilities. My next
    offer is the one I would make in round r + 1; in the last round, which has no next, it is the
    one I would make in that round itself. The reservation is compared exactly; with scale 1 and
    offset 0 the utilities themselves are compared exactly too, otherwise shares in float64.
    Where there is nothing to gain (u_max equals the reservation), every outcome at the
    reservation is accepted.

    Parameters
    ----------
    scale : float
        Finite, > 0; above 1 accepts sooner.
    offset : float
        Finite, in shares of the attainable gain; above 0 accepts sooner.

    References
    ----------
    Baarslag, Hindriks and Jonker, "Effective acceptance conditions in real-time automated
    negotiation", Decision Support Systems 60 (2014): AC_next(alpha, beta).
    """

    scale: float = 1.0
    offset: float = 0.0

    def __post_init__(self) -> None:
        scale = finite_number("scale", self.scale, error=InvalidArgumentError)
        if scale <= 0:
            raise InvalidArgumentError.at("scale", "a finite number > 0", self.scale)
        object.__setattr__(self, "scale", scale)
        offset = finite_number("offset", self.offset, error=InvalidArgumentError)
        object.__setattr__(self, "offset", offset)

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        from bargain.kernels.sessions import accept_next

        least = np.empty(len(times))
        own = view.utilities[rows]
        accept_next(own, view.ascending, view.reservation, self.scale, self.offset, least)
        return least
