"""The best offers without repeats to a responder whose chances to accept never change."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bargain.errors import InvalidArgumentError, TooLargeError, UnsupportedProblemError
from bargain.model.problem import BargainingProblem
from bargain.play.session import checked_deadline
from bargain.search.chances import NOBODY
from bargain.search.reply import OwnOffers
from bargain.search.responders import MemorylessResponder
from bargain.search.response import BestResponse
from bargain.search.seat import Seat
from bargain.search.steps import Step
from bargain.solve.certificate import Certificate

LARGEST_TABLE = 400_000_000
"""Most choices (outcomes times offers), a byte each."""


def greedy_concession(
    problem: BargainingProblem,
    *,
    party: int | str,
    acceptance: ArrayLike,
    deadline: int,
) -> BestResponse:
    """Find the best sequence of different offers, each accepted by a chance that never changes.

    What is offered once and refused is not offered again; that is what sets it apart from
    `best_response` to a `MemorylessResponder`, whose best answer may repeat itself. The offers
    come in descending own utility. They are those that greedy concession finds, which adds the
    outcome that gains most to the sequence so far, one after the other; they are found here by
    dynamic programming, V(k, q) = max(V(k + 1, q), a_k u_k + (1 - a_k) V(k + 1, q - 1)) over
    outcomes in descending utility, which needs no proof that greed is enough.

    Parameters
    ----------
    problem : BargainingProblem
        Two parties, finite. Waiting costs the party nothing: with discounts or costs of waiting
        the best order is not always descending, and no exact method is known here.
    party : int or str
        Position or name of the party that makes all offers.
    acceptance : array_like of float, shape (n_outcomes,)
        Chance in [0, 1] that an outcome is accepted, by row.
    deadline : int
        Number of offers, from 0 to 10^6. Fewer are made where no more are worth making: what is
        not better than no agreement, or never accepted, is not offered.

    Returns
    -------
    BestResponse
        O(n deadline) time and bytes, n the number of outcomes worth offering.

    Raises
    ------
    UnsupportedProblemError
        If waiting costs the party something (`best_response` to a `MemorylessResponder` may
        repeat offers), there are more than two parties, or an issue is continuous.
    InvalidArgumentError
        Naming the argument that is wrong.
    TooLargeError
        If there are more than 4 * 10^8 outcomes times offers.

    References
    ----------
    Baarslag, Gerding, Aydogan and schraefel, "Optimal negotiation decision functions in
    time-sensitive domains", WI-IAT 2015.

    Examples
    --------
    >>> import bargain as bg
    >>> goods = bg.BargainingProblem(
    ...     [bg.Issue.choice("deal", ["a", "b", "c"])],
    ...     {
    ...         "Ann": bg.AdditiveUtility({"deal": {"a": 10, "b": 6, "c": 4}}),
    ...         "Bob": bg.AdditiveUtility({"deal": {"a": 0, "b": 1, "c": 2}}),
    ...     },
    ... )
    >>> found = bg.greedy_concession(goods, party="Ann", acceptance=[0.1, 0.5, 1], deadline=2)
    >>> found.value, [offer["deal"] for offer in found.offers]
    (5.0, ['b', 'c'])
    """
    from bargain.kernels.responses import distinct_offers

    n_offers = checked_deadline(deadline)
    given = np.asarray(MemorylessResponder(acceptance).acceptance)
    seat = Seat.of("greedy_concession", problem, party, deadline=n_offers)
    if given.shape != (len(seat.own.utilities),):
        raise InvalidArgumentError.at(
            "acceptance", f"shape ({len(seat.own.utilities)},)", given.shape
        )
    profile = problem.profiles[seat.index]
    if profile.discount_factor != 1 or profile.cost != 0:
        raise UnsupportedProblemError(
            f"greedy_concession: expected that waiting costs {seat.own.party} nothing, got a "
            f"discount factor of {profile.discount_factor:g} and a cost of {profile.cost:g}; "
            f"best_response to a MemorylessResponder takes both, with repeats"
        )
    ranking = seat.own.ranking
    useful = (seat.own.utilities[ranking] > seat.own.reservation) & (given[ranking] > 0)
    rows = np.ascontiguousarray(ranking[useful])
    n_offers = min(n_offers, len(rows))
    if len(rows) * (n_offers + 1) > LARGEST_TABLE:
        raise TooLargeError.at(
            "deadline", f"at most {LARGEST_TABLE} outcomes times offers", len(rows) * n_offers
        )
    own, chances = seat.own.utilities[rows], given[rows]
    values = np.full(n_offers + 1, seat.own.reservation)
    offered = np.zeros((len(rows), n_offers + 1), dtype=bool)
    distinct_offers(own, chances, values, offered)

    chosen: list[int] = []
    for k in range(len(rows)):
        if offered[k, n_offers - len(chosen)]:
            chosen.append(k)
    steps: list[Step] = []
    value = seat.own.reservation
    refused = np.concatenate([[1.0], np.cumprod(1.0 - chances[chosen])])
    for r in reversed(range(len(chosen))):
        k = chosen[r]
        value = float(chances[k] * own[k] + (1.0 - chances[k]) * value)
        previous = r - 1 if r else None
        reached = float(refused[r])
        steps.append(Step(r, "offer", int(rows[k]), float("nan"), value, reached, NOBODY, previous))
    steps.reverse()
    return BestResponse(
        problem=problem,
        party=seat.own.party,
        deadline=seat.deadline,
        first=None,
        value=float(values[-1]),
        policy=OwnOffers(tuple(rows[chosen].tolist())),
        steps=tuple(steps),
        opponents=(),
        chances=np.empty(0),
        certificate=Certificate(
            "exact",
            "dynamic programming over outcomes and offers left",
            evidence={"outcomes": len(rows), "offers": n_offers},
        ),
    )
