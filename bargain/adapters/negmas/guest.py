"""A NegMAS negotiator at our table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from bargain.adapters.negmas.needed import negmas
from bargain.adapters.negmas.problems import negmas_space, negmas_utility
from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.play.turn import Answer, Turn
from bargain.play.view import PartyView


@dataclass(frozen=True)
class Guest:
    """A policy that asks a NegMAS negotiator, a new one for each session.

    It is shown what it would be shown in its own mechanism with as many steps as the session has
    rounds for (see `sao_times`): R rounds are R // 2 + 1 steps, whatever times the other side
    sees. It answers and proposes in one action there, so what it proposes next is fixed when it
    refuses. Ending the negotiation, or proposing nothing, is walking away.

    It plays in Python, in sessions of two parties without constraints. What a negotiator draws is
    drawn from the global generators of Python and numpy, as NegMAS does: the seed of a session
    does not reach it.

    Parameters
    ----------
    make : callable
        A type of negotiator, or a function, that returns a new NegMAS negotiator.
    arguments : mapping, optional
        Keyword arguments for `make`.

    Raises
    ------
    InvalidArgumentError
        If `make` can't be called; in play, if it returns no negotiator, or the negotiator says
        what is neither an outcome nor an answer.

    Examples
    --------
    >>> from negmas import BoulwareTBNegotiator  # doctest: +SKIP
    >>> bg.alternating_offers(
    ...     rental, (Guest(BoulwareTBNegotiator), "linear"), deadline=40
    ... )  # doctest: +SKIP
    """

    draws: ClassVar[bool] = True

    make: Callable[..., Any]
    arguments: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not callable(self.make):
            raise InvalidArgumentError.at("make", "a type of negotiator or a function", self.make)

    def act(self, turn: Turn) -> Any:
        """Ask the negotiator."""
        if "seat" not in turn.memory:
            turn.memory["seat"] = _seat(self.make(**self.arguments), turn)
        return turn.memory["seat"].act(turn)


def _seat(negotiator: Any, turn: Turn) -> _Seat:
    peer = negmas()
    if not hasattr(negotiator, "on_negotiation_start") or not callable(negotiator):
        raise InvalidArgumentError.at("make", "a negotiator of NegMAS", negotiator)
    view = turn.view
    if view.space is None:
        raise UnsupportedProblemError.at("a guest", "a view of outcomes", "levels of utility")
    if np.isneginf(view.utilities).any():
        raise UnsupportedProblemError.at("a guest", "a problem without constraints", view.space)
    mechanism = _mechanism(peer, negotiator, turn, view)
    return _Seat(mechanism, negotiator)


def _mechanism(peer: Any, negotiator: Any, turn: Turn, view: PartyView) -> Any:
    """Return a mechanism for the negotiator to look at, begun and never run."""
    if turn.seat > 1 or any(seat > 1 for seat in turn.proposers):
        raise UnsupportedProblemError.at("a guest", "two parties", "more")
    space = negmas_space(view.space)  # type: ignore[arg-type]
    utility = negmas_utility(space, view.utilities, view.reservation, view.party)
    mechanism = peer.SAOMechanism(outcome_space=space, n_steps=len(turn.times) // 2 + 1)
    opens = turn.round == 0 and not turn.is_answer
    other = peer.BoulwareTBNegotiator(name="the other side")
    indifferent = negmas_utility(space, np.zeros(len(view.utilities)), 0.0)
    seats = [(negotiator, utility), (other, indifferent)]
    for party, ufun in seats if opens else reversed(seats):
        if not mechanism.add(party, ufun=ufun):
            raise InvalidArgumentError.at("make", "a negotiator that can join", negotiator)
    state = mechanism.state
    state.started, state.running = True, True
    negotiator._on_negotiation_start(state)
    return mechanism


class _Seat:
    """A negotiator in a session, and what it proposes if it is asked to."""

    def __init__(self, mechanism: Any, negotiator: Any) -> None:
        self.mechanism = mechanism
        self.negotiator = negotiator
        self.next: Any = None

    def act(self, turn: Turn) -> Any:
        if not turn.is_answer and turn.rows:
            return self.next
        response = self._asked(turn)
        types = negmas().ResponseType
        if turn.is_answer and response.response == types.ACCEPT_OFFER:
            return Answer.ACCEPT
        if response.response in (types.END_NEGOTIATION, types.LEAVE) or response.outcome is None:
            return Answer.LEAVE
        if response.response != types.REJECT_OFFER:
            raise InvalidArgumentError.at(
                f"what {turn.view.party} says in round {turn.round}",
                "to accept, reject or end",
                response.response,
            )
        self.next = tuple(response.outcome)
        return Answer.REJECT if turn.is_answer else self.next

    def _asked(self, turn: Turn) -> Any:
        """Show the negotiator where the session stands and return its action."""
        state = self.mechanism.state
        state.step = (turn.round + 1) // 2 if turn.is_answer else turn.round // 2
        state.relative_time = (state.step + 1) / (self.mechanism.n_steps + 1)
        if turn.offer is not None:
            other = next(n for n in self.mechanism.negotiators if n is not self.negotiator)
            state.current_offer = tuple(turn.outcome(turn.offer).values())
            state.current_proposer = state.last_negotiator = other.id
            state.n_acceptances = 1
            state.new_offers = [(other.id, state.current_offer)]
        return self.negotiator(state)
