"""The exact best response to what is known of the other side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.problem import BargainingProblem
from bargain.play.labels import label
from bargain.play.mixture import Mixture
from bargain.play.policy import Plan, Policy
from bargain.play.progress import Report, progress_bar
from bargain.play.protocol import checked_chance
from bargain.play.session import checked_deadline, proposer_in
from bargain.search.beliefs import BeliefGame
from bargain.search.chances import memoryless_response
from bargain.search.nested import nested_response, nesting_order
from bargain.search.reply import OwnOffers, reply_of
from bargain.search.responders import (
    MemorylessResponder,
    ReservationBelief,
    ThresholdResponders,
)
from bargain.search.response import BestResponse
from bargain.search.seat import Seat
from bargain.search.seated import plan_in_seat, pool_of
from bargain.search.steps import Step
from bargain.solve.certificate import Certificate

Reals = NDArray[np.float64]
Responder = MemorylessResponder | ThresholdResponders | ReservationBelief

SETS = "dynamic programming over rounds and the opponents that it can still be"
NESTED = "dynamic programming over rounds and the types that are gone"
CHANCES = "dynamic programming over rounds"


def best_response(
    problem: BargainingProblem,
    *,
    party: int | str,
    opponents: Responder | Policy | Mixture | str | Iterable[Policy | Mixture | str],
    weights: Sequence[float] | None = None,
    deadline: int,
    first: int | str = 0,
    breakdown: float = 0.0,
    times: ArrayLike | None = None,
    progress: bool = False,
) -> BestResponse:
    """Find the policy with the largest expected utility against what is known of the other side.

    The largest over all policies, also those that draw conclusions from what was offered and
    refused: what a search can reach at most. The other side is one of these.

    - **A pool of policies**, of which one is drawn by its weight before the session and not told.
      They concede with time alone, follow scripts, or are plans of your own; `Mixture` is taken
      apart. The session is that of `alternating_offers`, to the last rule: they make offers too,
      which say who they can be, and may walk away.
    - **A responder**, who answers while the party makes all offers, one a round:
      `MemorylessResponder` (accepts by chance; takes turns with the party if it offers, too),
      `ThresholdResponders` (types with thresholds), `ReservationBelief` (a reservation value that
      stays, unknown).

    Parameters
    ----------
    problem : BargainingProblem
        Two parties, finite.
    party : int or str
        Position or name of the party to find the policy for.
    opponents : responder, policy, name, or iterable of policies and names
    weights : sequence of float, optional
        Of the policies in a pool: finite, >= 0, not all 0; equal by default.
    deadline : int
        Rounds, from 0 to 10^6.
    first : int or str
        Who proposes in round 0. Without meaning where the party makes all offers.
    breakdown : float
        Chance in [0, 1) that the session ends after a round without an agreement.
    times : array_like of float, shape (deadline,), optional
        As in `alternating_offers`.
    progress : bool
        Show a bar on stderr.

    Returns
    -------
    BestResponse
        Where nothing can be gained, what no agreement is worth. It walks away only where that is
        worth more than everything else.

    Raises
    ------
    InvalidArgumentError
        Naming the argument that is wrong. Also for opponents whose answers depend on the party's
        offers (MiCRO, tit-for-tat, acceptance conditions that look back) or that draw: no set
        of opponents is all there is to know of these.
    UnsupportedProblemError
        If there are more than two parties or an issue is continuous (use
        `bargain.discretized(problem, points=...)`).
    TooLargeError
        If there are too many outcomes, or too much to tell apart.
    InfeasibleProblemError
        If no outcome meets the constraints.

    Notes
    -----
    Everything is counted as `alternating_offers` counts it: an agreement in round r has r rounds
    behind it, and a session that runs out deadline - 1.

    With n outcomes, T rounds and M types or policies: O(n T) for a memoryless responder;
    O(n log n + T (n + M log M)) for thresholds that keep their order in all rounds (n once where
    they never change). For pools and other thresholds O(M) for each set of opponents that can
    come up in a round: at most M sets where opponents keep their order in what they accept,
    fewer where offers tell them apart, and up to 2^M where neither is so.

    References
    ----------
    Baarslag, "What to bid and when to stop", doctoral thesis, TU Delft (2014); Baarslag, Hadfi,
    Hindriks, Ito and Jonker, "Optimal non-adaptive concession strategies with incomplete
    information", Studies in Computational Intelligence 638 (2016).

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> pool = [bg.TimeDependent(beta=1, floor=floor) for floor in (0.2, 0.6)]
    >>> found = bg.best_response(rental, party="tenant", opponents=pool, deadline=8, first=1)
    >>> found.value
    3750.0
    >>> for landlord in pool:
    ...     met = bg.alternating_offers(rental, (landlord, found.policy), deadline=8, first=1)
    ...     print(met.utilities[1])
    3900.0
    3600.0
    """
    rounds = checked_deadline(deadline)
    chance = checked_chance(breakdown)
    seat = Seat.of("best_response", problem, party, deadline=rounds, breakdown=chance, times=times)
    opens = problem.party_index(first, where="first") == seat.index
    turns = proposer_in(np.arange(rounds), first=0 if opens else 1) == 0
    if isinstance(opponents, MemorylessResponder | ThresholdResponders | ReservationBelief):
        if weights is not None:
            raise InvalidArgumentError.at("weights", "none for a responder", weights)
        opener = problem.parties[problem.party_index(first, where="first")]
        with progress_bar(rounds, "rounds", shown=progress) as report:
            return _to_responder(seat, opponents, turns, opener, report)
    pool, chances = pool_of(opponents, weights)
    plans = [
        plan_in_seat(f"opponents: {label(policy)}", policy, seat.other, seat.times, ~turns)
        for policy in pool
    ]
    value, steps = seat.without_rounds, list[Step]()
    if rounds:
        # through all rounds twice: what can come up, then what it is worth
        with progress_bar(2 * rounds, "rounds, there and back", shown=progress) as report:
            value, steps = BeliefGame(seat, chances.tolist(), plans, turns).solve(report)
    return BestResponse(
        problem=problem,
        party=seat.own.party,
        deadline=rounds,
        first=problem.parties[problem.party_index(first, where="first")],
        value=value,
        policy=reply_of(tuple(steps), seat.own, rounds),
        steps=tuple(steps),
        opponents=tuple(label(policy) for policy in pool),
        chances=chances,
        certificate=_certificate(SETS, seat, len(pool)),
    )


def _to_responder(
    seat: Seat, responder: Responder, turns: NDArray[np.bool_], first: str, report: Report
) -> BestResponse:
    everywhere = np.ones(seat.deadline, dtype=bool)
    value, steps, method = seat.without_rounds, list[Step](), CHANCES
    names, chances = tuple[str, ...](), np.empty(0)
    opener = None
    if isinstance(responder, MemorylessResponder):
        if responder.offers is None:
            turns = everywhere
        else:
            opener = first
        if seat.deadline:
            value, steps = memoryless_response(seat, responder, turns, report)
    else:
        if isinstance(responder, ReservationBelief):
            responder = responder.as_types(np.unique(seat.other.ascending))
        thresholds = np.asarray(responder.thresholds)
        if thresholds.ndim == 2 and thresholds.shape[1] != seat.deadline:
            raise InvalidArgumentError.at(
                "opponents: thresholds",
                f"shape ({len(thresholds)},) or ({len(thresholds)}, {seat.deadline})",
                thresholds.shape,
            )
        chances = np.asarray(responder.masses)
        names = tuple(f"type {i}" for i in range(len(chances)))
        order = nesting_order(thresholds)
        method = SETS if order is None else NESTED
        if seat.deadline and order is not None:
            value, steps = nested_response(seat, responder, order, report)
        elif seat.deadline:
            value, steps = _to_crossing_types(seat, thresholds, chances, everywhere)
    policy: Any = OwnOffers(tuple(s.row for s in steps if s.row is not None))
    if opener is not None:
        policy = reply_of(tuple(steps), seat.own, seat.deadline)
    return BestResponse(
        problem=seat.problem,
        party=seat.own.party,
        deadline=seat.deadline,
        first=opener,
        value=value,
        policy=policy,
        steps=tuple(steps),
        opponents=names,
        chances=chances,
        certificate=_certificate(method, seat, len(chances)),
    )


def _to_crossing_types(
    seat: Seat, thresholds: Reals, chances: Reals, mine: NDArray[np.bool_]
) -> tuple[float, list[Step]]:
    """Answer types that are in another order in another round, as a pool that never offers."""
    some = np.flatnonzero(chances > 0)
    no_rows = np.full(seat.deadline, -1, dtype=np.int64)
    plans = [Plan(no_rows, thresholds[i], stays=seat.deadline) for i in some]
    weights = (chances[some] / chances[some].sum()).tolist()
    value, steps = BeliefGame(seat, weights, plans, mine).solve()
    return value, [replace(step, possible=some[step.possible]) for step in steps]


def _certificate(method: str, seat: Seat, n_types: int) -> Certificate:
    evidence = {"outcomes": len(seat.allowed), "rounds": seat.deadline}
    if n_types:
        evidence["opponents"] = n_types
    return Certificate("exact", method, evidence=evidence)
