"""A partner that says yes to whatever is offered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.play.policy import Plan
from bargain.play.view import PartyView


class Anything:
    """Accept the first offer, also one worth less than having no agreement.

    Sessions with it tell what others open with. Its own offers, of the best, never come first.
    """

    def plan(self, view: PartyView, times: NDArray[np.float64]) -> Plan:
        """Return the best of what it knows of, and no least utility."""
        return Plan(np.full(len(times), view.order[-1]), np.full(len(times), -np.inf))
