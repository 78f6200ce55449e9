"""Equilibria of alternating offers between two parties, where the frontier has smooth arcs.

The game is that of `alternating`, where the formulas and their sources are; here its roots are
searched along the frontier instead of between corners.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.solve.arc_set import ArcSet
from bargain.solve.arcs import Place
from bargain.solve.ties import TIE_TOLERANCE

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ArcGame:
    """Two parties who take turns to offer a point of the frontier; the counterpart of `Game`.

    Attributes
    ----------
    feasible : ArcSet
    start, stop : Place
        Ends of the part of the frontier that nobody would rather leave.
    options : ndarray, shape (2,)
        What a party that refuses can leave with, as gains over the disagreement point.
    shares, costs : ndarray, shape (2,)
        Of waiting for one's own next offer, in gains over leaving.
    """

    feasible: ArcSet
    start: Place
    stop: Place
    options: Reals
    shares: Reals
    costs: Reals

    @classmethod
    def on(cls, feasible: ArcSet, shares: Reals, costs: Reals, options: Reals) -> ArcGame:
        """Set up the game, as `Game.on` does.

        Raises
        ------
        NoAgreementZoneError
            If no agreement is worth leaving to neither: somebody leaves.
        """
        start, stop = feasible.start, feasible.stop
        if options.any():
            start = max(start, feasible.place_of(0, float(options[0])))
            stop = max(start, feasible.place_of(1, float(options[1])))
            slack = TIE_TOLERANCE * (feasible.ideal_gains() + options)
            if (feasible.gains_at(start) < options - slack).any():
                wanted = ", ".join(f"{value:.6g}" for value in options)
                raise NoAgreementZoneError(
                    "outside_options: expected an agreement worth as much to both parties as "
                    f"leaving (gains of {wanted}), got none"
                )
        return cls(feasible, start, stop, options, shares, costs + (1.0 - shares) * options)

    def gains_at(self, place: Place) -> Reals:
        """Return what a place gains the parties over leaving, shape (2,)."""
        gains: Reals = np.maximum(self.feasible.gains_at(place) - self.options, 0.0)
        return gains

    def refused(self, party: int, gain: float) -> float:
        """Return what refusing is worth to a party that gains so much by its own next offer."""
        return max(float(self.shares[party] * gain - self.costs[party]), 0.0)

    def where(self, party: int, gain: float) -> Place:
        """Return where a party gains this much over leaving, or the nearest end."""

        def beyond(place: Place) -> float:
            apart = float(self.gains_at(place)[party]) - gain
            return apart if party == 0 else -apart

        return self.feasible.path.search(beyond, self.start, self.stop)[1 - party]

    def stationary(self) -> list[tuple[Place, Place]]:
        """Return both parties' proposals in the stationary equilibria, as `Game` does."""
        return [(ask, self._answer(ask)) for ask in self._tied_stretch() or [self._root()]]

    def backward(self, leader: int, horizon: int) -> tuple[Place, Place]:
        """Return the last two proposals reached by backward induction, by party."""
        proposals = [self.stop, self.start]
        waiting = [0.0, 0.0]
        for offer in reversed(range(horizon)):
            proposer = (leader + offer) % 2
            responder = 1 - proposer
            proposals[proposer] = self.where(responder, waiting[responder])
            gains = self.gains_at(proposals[proposer])
            waiting = [self.refused(i, float(gain)) for i, gain in enumerate(gains)]
        return proposals[0], proposals[1]

    def _answer(self, ask: Place) -> Place:
        """Return what the second party proposes if this is what the first one does."""
        return self.where(0, self.refused(0, float(self.gains_at(ask)[0])))

    def _root(self) -> Place:
        def short(ask: Place) -> float:
            return self.refused(1, float(self.gains_at(self._answer(ask))[1])) - float(
                self.gains_at(ask)[1]
            )

        return self.feasible.path.search(short, self.start, self.stop)[1]

    def _tied_stretch(self) -> list[Place]:
        """Return the ends of an interval of equilibria on a straight stretch, or nothing."""
        if (self.shares < 1).any() or (self.costs <= 0).any():
            return []
        ratio = self.costs / self.costs.max()
        tied: list[Place] = []
        for k in range(self.start.segment, self.stop.segment + 1):
            if self.feasible.path.segments[k].edge is None:
                continue
            ends = [min(max(Place(k, at), self.start), self.stop) for at in (0.0, 1.0)]
            step = np.abs(self.gains_at(ends[1]) - self.gains_at(ends[0]))
            sides = ratio[1] * step[0], ratio[0] * step[1]
            if max(sides) > 0 and abs(sides[0] - sides[1]) <= TIE_TOLERANCE * max(sides):
                tied += ends
        if not tied:
            return []
        low, high = (float(self.gains_at(end)[0]) for end in (tied[0], tied[-1]))
        if high - low <= self.costs[0]:
            return []
        return [self.where(0, low + float(self.costs[0])), tied[-1]]
