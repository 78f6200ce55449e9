"""NegMAS's naive tit-for-tat, offer for offer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.adapters.negmas.time_based import nearest_ranks
from bargain.play.turn import Answer, Turn

GENEROUS_FROM = 3
"""The step from which it gives what it is given."""

SMALLEST = 1e-12
"""What its first concessions exceed a step of its ranking by, in utility."""


@dataclass(frozen=True)
class SAOTitForTat:
    """Do what NegMAS's `NaiveTitForTatNegotiator` does with its defaults.

    It is not tit-for-tat as the literature has it (for that see `TitForTat`): it takes what the
    last offer gives it, as a share of its range, for what the other side conceded, whatever was
    offered before. From step 3 on it gives up that share: offered v, it holds out for 1 - v, and
    so accepts from v = 0.5 on. In step 0 it concedes nothing. In steps 1 and 2 it concedes a step
    of its ranking, of which it uses up one to answer and one to propose: the first and the second
    best, then the third and the fourth, and so on, also where a space is too small for that.

    An offer is measured from the reservation up, or from its worst outcome where that is better;
    what it holds out for from its worst outcome up, so that it may offer what is below its
    reservation. For two parties, with `sao_times`.
    """

    def act(self, turn: Turn) -> Answer | int:
        """Propose, accept or reject."""
        view = turn.view
        if "order" not in turn.memory:
            rows = np.sort(view.order)
            turn.memory["order"] = rows[np.argsort(view.utilities[rows])]
        order = turn.memory["order"]
        least, best = float(view.ascending[0]), view.best
        step = (turn.round + 1) // 2 if turn.is_answer else turn.round // 2
        offered = self._share(turn, max(least, view.reservation)) if turn.received else 0.0
        conceded = self._conceded(turn, step, offered)
        if turn.is_answer:
            return Answer.ACCEPT if offered >= 1.0 - conceded else Answer.REJECT
        target = least + (1.0 - conceded) * (best - least)
        return int(order[nearest_ranks(view.utilities[order], np.array([target]))[0]])

    @staticmethod
    def _share(turn: Turn, bottom: float) -> float:
        """Return what the last offer received gives it, as a share of its range."""
        span = turn.view.best - bottom
        # in this order: what it offers among equals hangs on the last bit
        return (turn.utility(turn.received[-1]) - bottom) * (1.0 / span) if span > 0 else 1.0

    @staticmethod
    def _conceded(turn: Turn, step: int, offered: float) -> float:
        """Return how much it concedes, as a share of its range; nothing where that is no share."""
        if step == 0:
            return 0.0
        if step >= GENEROUS_FROM:
            # rounded as the share that is left to the other side
            return max(1.0 - (1.0 - offered), 0.0)
        ascending = turn.view.ascending
        span = turn.view.best - float(ascending[0])
        top = len(ascending) - 1 - 4 * (step - 1) - (0 if turn.is_answer else 2)
        upper, lower = (
            float(ascending[rank]) if rank >= 0 else turn.view.reservation
            for rank in (top, top - 1)
        )
        conceded = (upper - lower + SMALLEST) / span if span > 0 else 0.0
        return conceded if -1e-6 <= conceded <= 1.0000001 else 0.0
