"""Deadlines and time of NegMAS's stacked alternating offers (SAO)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.play.session import LONGEST_DEADLINE


def sao_times(n_steps: int) -> NDArray[np.float64]:
    """Return the relative time of every round of a NegMAS session of two parties.

    A step of NegMAS is an action of each party: it answers the offer that stands and, if it
    refuses, makes its own. So n steps are 2 n - 1 rounds of ours, rounds 2 s and 2 s + 1 begun in
    step s. (There the party that speaks second makes one more offer at the end, which nobody can
    answer.) In step s all see the time (s + 1) / (n + 1), which is never 0 and never 1.

    Parameters
    ----------
    n_steps : int
        From 1 to 500,000.

    Returns
    -------
    ndarray, shape (2 n_steps - 1,)
        For `alternating_offers(..., deadline=len(times), times=times)`.

    Raises
    ------
    InvalidArgumentError

    Examples
    --------
    >>> sao_times(3)
    array([0.25, 0.25, 0.5 , 0.5 , 0.75])
    """
    steps = whole_number("n_steps", n_steps, at_least=1, error=InvalidArgumentError)
    if steps > LONGEST_DEADLINE // 2:
        raise InvalidArgumentError.at("n_steps", f"at most {LONGEST_DEADLINE // 2}", n_steps)
    return np.repeat(np.arange(1, steps + 1) / (steps + 1), 2)[:-1]


def answered_later(thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is accepted in each round, from what is held out for in the step of each.

    An offer made in an odd round is that of the second speaker, and the first answers it only in
    its next action, one step later; at the end of the last step never.
    """
    later = np.append(thresholds[1:], np.inf)
    return np.where(np.arange(len(thresholds)) % 2 == 1, later, thresholds)
