"""Best response to types of which each accepts all that the next one accepts, and more.

Then what is known is how many of the softest types are gone: O(T M log M) for T offers and M
types, exact over all policies, also those that look back, as there is nothing else to look at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import TooLargeError
from bargain.play.progress import Report, silent
from bargain.search.responders import ThresholdResponders
from bargain.search.seat import Seat
from bargain.search.steps import Step

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_TABLE = 100_000_000
"""Most choices (rounds times types) that are kept: 400 MB."""


def nesting_order(thresholds: Reals) -> Integers | None:
    """Return an order in which thresholds never fall in any round; None if there is none.

    Parameters
    ----------
    thresholds : ndarray, shape (n_types,) or (n_types, deadline)
    """
    if thresholds.ndim == 1:
        return np.argsort(thresholds, kind="stable").astype(np.int64)
    order = np.lexsort(thresholds.T[::-1]).astype(np.int64)
    ordered = thresholds[order]
    # not by differences: infinity less infinity is no number
    return order if (ordered[1:] >= ordered[:-1]).all() else None


def nested_response(
    seat: Seat, responders: ThresholdResponders, order: Integers, report: Report = silent
) -> tuple[float, list[Step]]:
    """Return the best expected utility after waiting, and the turns that reach it.

    Parameters
    ----------
    seat : Seat
        With a round or more.
    responders : ThresholdResponders
    order : ndarray of int64, shape (n_types,)
        From `nesting_order`.
    report : Report
        Told how many rounds are done.

    Raises
    ------
    TooLargeError
        If there are more rounds times types than are ever kept.
    """
    from bargain.kernels.responses import nested_round

    order = order[np.asarray(responders.masses)[order] > 0]
    m, n_rounds = len(order), seat.deadline
    if m * n_rounds > LARGEST_TABLE:
        raise TooLargeError.at(
            "opponents", f"at most {LARGEST_TABLE} rounds times types", m * n_rounds
        )
    mass = np.concatenate([[0.0], np.cumsum(np.asarray(responders.masses)[order])])
    left = mass[m] - mass
    levels = _Levels(np.asarray(responders.thresholds), order)

    values = left * seat.quits[-1]
    choices = np.empty((n_rounds, m), dtype=np.int32)
    tree = np.empty(2 << (m - 1).bit_length(), dtype=np.int32)
    best = np.empty(0)
    for r in reversed(range(n_rounds)):
        if not len(best) or levels.changes:
            best = seat.best_between(levels.at(r))[1:]
        worth = np.array(best)
        reached = worth > -np.inf
        worth[reached] = worth[reached] * seat.left[r] - seat.paid[r]
        later = (1.0 - seat.breakdown) * values + seat.breakdown * left * seat.quits[r]
        passes = int(np.searchsorted(levels.at(r), seat.other.ascending[0], side="right"))
        values = np.zeros(m + 1)
        nested_round(worth, later, mass, seat.quits[r], passes, values, choices[r], tree)
        report(n_rounds - r)
    return float(values[0] / mass[m]), _steps(seat, levels, mass, choices)


@dataclass(frozen=True, eq=False)
class _Levels:
    """Thresholds of types in their order, by round."""

    thresholds: Reals
    order: Integers

    @property
    def changes(self) -> bool:
        return self.thresholds.ndim == 2

    def at(self, round: int) -> Reals:
        column = self.thresholds[:, round] if self.changes else self.thresholds
        return np.asarray(column[self.order])


def _steps(seat: Seat, levels: _Levels, mass: Reals, choices: NDArray[np.int32]) -> list[Step]:
    """Follow the choices from the first round on, and value each turn from the last one back."""
    from bargain.kernels.responses import LEAVE, PASS

    m, n_rounds = len(levels.order), seat.deadline
    turns: list[tuple[int, int, int | None, int]] = []
    r, lo = 0, 0
    while r < n_rounds and lo < m:
        choice, level = int(choices[r, lo]), levels.at(r)
        row: int | None = None
        following = lo if choice == PASS else choice + 1
        if choice == LEAVE:
            following = m
        elif choice == PASS:
            row = seat.row_between(-np.inf, level[lo])
        else:
            above = level[choice + 1] if choice + 1 < m else np.inf
            row = seat.row_between(level[choice], above)
        turns.append((r, lo, row, following))
        r, lo = r + 1, following

    steps: list[Step] = []
    later = (mass[m] - mass[lo]) * seat.quits[-1]
    for r, lo, row, following in reversed(turns):
        remaining = mass[m] - mass[following]
        later = (1.0 - seat.breakdown) * later + seat.breakdown * remaining * seat.quits[r]
        worth = seat.quits[r]
        if row is not None:
            worth = seat.after_waiting(float(seat.own.utilities[row]), r)
        accepted = mass[following] - mass[lo]
        later += accepted * worth
        reached = (mass[m] - mass[lo]) / mass[m]
        steps.append(
            Step(
                round=r,
                decision="offer" if row is not None else "leave",
                row=row,
                least=np.nan,
                value=float(later / (mass[m] - mass[lo])),
                reached=float(reached * (1.0 - seat.breakdown) ** r),
                possible=levels.order[lo:],
                previous=r - 1 if r else None,
            )
        )
    return steps[::-1]
