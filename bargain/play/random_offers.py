"""Offer anything above a floor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bargain.kernels import sides as codes
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.time_based import check_acceptance, keep_shares
from bargain.play.turn import Turn
from bargain.play.view import PartyView


@dataclass(frozen=True)
class RandomOffers(LibraryPolicy):
    """Offer any outcome at or above a share of the attainable gain, each as likely.

    Parameters
    ----------
    floor : float
        Share of the attainable gain below which it offers nothing, in [0, 1].
    acceptance : Acceptance
        When it says yes; its next offer is the one it will draw.
    """

    floor: float = 0.0
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        keep_shares(self, "floor")
        check_acceptance(self.acceptance)

    @property
    def draws(self) -> bool:
        return True

    def offer(self, turn: Turn) -> int:
        view = turn.view
        least = view.utilities[view.rows_at(np.array([self.floor]))[0]]
        rows = view.order[np.searchsorted(view.ascending, least) :]
        return int(rows[int(turn.draw() * len(rows))])

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side:
        return Side(codes.RANDOM, program=self.acceptance.program(), floor=self.floor)
