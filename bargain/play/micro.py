"""MiCRO: concede one outcome for one outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.kernels import sides as codes
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.turn import Answer, Turn
from bargain.play.view import PartyView


@dataclass(frozen=True)
class MiCRO(LibraryPolicy):
    """Offer the next best outcome each time the other side has offered a new one.

    Outcomes are ranked by own utility, the best first, ties by the lowest row. As long as it has
    offered no more different outcomes than it has received, it offers the next of its ranking if
    that is worth its reservation; otherwise one of those it has offered, each as likely. It
    accepts what is worth at least that next outcome, or the least it has offered if it is not to
    concede, and never less than its reservation. It needs to know neither the deadline nor the
    other side.

    References
    ----------
    de Jonge, "An analysis of the linear bilateral ANAC domains using the MiCRO benchmark
    strategy", IJCAI 2022, algorithm 1.
    """

    @property
    def draws(self) -> bool:
        return True

    def offer(self, turn: Turn) -> int:
        row, _ = self._next(turn)
        ranked = self._ranked(turn)
        return int(turn.view.ranking[int(turn.draw() * ranked)]) if row is None else row

    def act(self, turn: Turn) -> Answer | int:
        if not turn.view.has_rational_outcome:
            return Answer.LEAVE
        if not turn.is_answer:
            return self.offer(turn)
        _, least = self._next(turn)
        accepted = turn.utility(turn.rows[-1]) >= least
        return Answer.ACCEPT if accepted else Answer.REJECT

    def held(self, turn: Turn) -> int:
        """Return what it holds out for, where that is not the draw that it offers.

        The next outcome of its ranking, or the least that it has offered if it is not to concede.
        """
        row, _ = self._next(turn)
        return int(turn.view.ranking[self._ranked(turn) - 1]) if row is None else row

    def _ranked(self, turn: Turn) -> int:
        """Return how many of its ranking it has offered: always the first ones."""
        return len(set(turn.sent))

    def _next(self, turn: Turn) -> tuple[int | None, float]:
        """Return the next outcome, None if it is not to be offered, and the least it accepts."""
        ranking, reservation = turn.view.ranking, turn.view.reservation
        ranked = self._ranked(turn)
        if ranked > len(set(turn.received)):
            return None, max(turn.utility(ranking[ranked - 1]), reservation)
        if ranked < len(ranking) and turn.utility(ranking[ranked]) >= reservation:
            return int(ranking[ranked]), turn.utility(ranking[ranked])
        return None, reservation

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side:
        return Side(codes.MICRO, program=((codes.NEXT, 1.0, 0.0),))
