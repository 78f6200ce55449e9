"""Best response to a responder that forgets: accepts, and perhaps offers, by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.play.progress import Report, silent
from bargain.search.responders import MemorylessResponder
from bargain.search.seat import Seat
from bargain.search.steps import Step

Reals = NDArray[np.float64]

NOBODY = np.empty(0, dtype=np.int64)


def memoryless_response(
    seat: Seat,
    responder: MemorylessResponder,
    mine: NDArray[np.bool_],
    report: Report = silent,
) -> tuple[float, list[Step]]:
    """Return the best expected utility after waiting, and what to do in each round.

    With V the value of going on, an own round is worth max over o of a(o) u(o) + (1 - a(o)) V,
    a round of the other side E max(u(X), V), X what it offers (optimal stopping), and V at least
    what walking away leaves. O(deadline n_outcomes).

    Parameters
    ----------
    seat : Seat
        With a round or more.
    responder : MemorylessResponder
    mine : ndarray of bool, shape (deadline,)
        Whether the party proposes.
    report : Report
        Told how many rounds are done.
    """
    n = len(seat.own.utilities)
    chances = _by_round("acceptance", np.asarray(responder.acceptance), seat.deadline, n)
    drawn = _by_round("offers", np.asarray(responder.offers), seat.deadline, n)
    rows = seat.allowed
    everything = len(rows) == n
    own = seat.own.utilities if everything else seat.own.utilities[rows]
    if responder.offers is not None and not everything:
        forbidden = np.asarray(responder.offers)[..., np.isneginf(seat.own.utilities)]
        if (forbidden > 0).any():
            raise InvalidArgumentError.at(
                "offers", "outcomes that meet the constraints", float(forbidden.max())
            )

    turns: list[tuple[str, int | None, float, float, float]] = []
    value = float(seat.quits[-1])
    for r in reversed(range(seat.deadline)):
        quits = float(seat.quits[r])
        later = (1.0 - seat.breakdown) * value + seat.breakdown * quits
        worth = own * seat.left[r] - seat.paid[r]
        if mine[r]:
            chance = chances[r] if everything else chances[r][rows]
            expected = chance * worth
            expected += (1.0 - chance) * later
            place = int(expected.argmax())
            value, refused = float(expected[place]), 1.0 - float(chance[place])
            if quits > value:
                value = quits
                turns.append(("leave", None, np.nan, value, 0.0))
            else:
                turns.append(("offer", int(rows[place]), np.nan, value, refused))
        else:
            held = max(later, quits)
            chance = drawn[r] if everything else drawn[r][rows]
            value = float(chance @ np.maximum(worth, held)) / float(chance.sum())
            refused = float(chance[worth < held].sum()) if later >= quits else 0.0
            decision = "answer" if later >= quits else "settle"
            turns.append((decision, None, seat.least_worth(held, r), value, refused))
        report(seat.deadline - r)
    steps, reached = [], 1.0
    for r, (decision, row, least, worth_it, refused) in enumerate(reversed(turns)):
        previous = r - 1 if r else None
        steps.append(Step(r, decision, row, least, worth_it, reached, NOBODY, previous))  # type: ignore[arg-type]
        reached *= refused * (1.0 - seat.breakdown)
        if reached == 0.0:
            break
    return value, steps


def _by_round(where: str, given: Reals, deadline: int, n_outcomes: int) -> Reals:
    """Return chances by round; those that are the same in all rounds are not copied."""
    if given.ndim == 0:
        return np.broadcast_to(np.zeros(()), (deadline, n_outcomes))
    if given.shape == (n_outcomes,):
        return np.broadcast_to(given, (deadline, n_outcomes))
    if given.shape != (deadline, n_outcomes):
        raise InvalidArgumentError.at(
            where, f"shape ({n_outcomes},) or ({deadline}, {n_outcomes})", given.shape
        )
    return given
