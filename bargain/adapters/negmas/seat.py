"""Our policies and anchors as NegMAS negotiators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bargain.adapters.negmas.needed import negmas
from bargain.adapters.negmas.problems import from_negmas
from bargain.adapters.negmas.times import sao_times
from bargain.anchor import Anchor
from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model.space import Seed
from bargain.play.offers import Offer
from bargain.play.presets import as_policy
from bargain.play.seeds import seed_sequence, session_keys
from bargain.play.table import seated
from bargain.play.turn import Answer, Turn
from bargain.play.view import PartyView

try:
    from negmas import SAONegotiator
except ImportError:
    # so that the classes can be looked at; they say what is missing when one is made
    SAONegotiator = object


class RoundsNegotiator(SAONegotiator):  # type: ignore[misc]
    """A negotiator that counts rounds, as `sao_times` has them, in a session of two parties.

    Attributes
    ----------
    said : list of (bool, tuple)
        Every offer so far, and whether it was its own; offer i was made in round i.
    n_rounds : int

    Raises
    ------
    MissingPackageError
        If NegMAS is not installed.
    """

    def __init__(self, *args: Any, **arguments: Any) -> None:
        negmas()
        super().__init__(*args, **arguments)

    def on_negotiation_start(self, state: Any) -> None:
        """Forget the session before."""
        super().on_negotiation_start(state)
        self.said: list[tuple[bool, tuple[Any, ...]]] = []
        self.n_rounds = 0
        self.has_begun = False

    def propose(self, state: Any, dest: str | None = None) -> Any:
        """Make an offer; nothing, which ends the session, to walk away."""
        self._prepare()
        mine = [outcome for own, outcome in self.said if own]
        if len(self.said) >= self.n_rounds:
            # the last action of the second speaker, which nobody will answer
            return mine[-1] if mine else self.said[-1][1]
        outcome = self.offer()
        if outcome is not None:
            self.said.append((True, outcome))
        return outcome

    def respond(self, state: Any, source: str | None = None) -> Any:
        """Answer the offer that stands."""
        self._prepare()
        self.said.append((False, tuple(state.current_offer)))
        responses = negmas().ResponseType
        return {
            Answer.ACCEPT: responses.ACCEPT_OFFER,
            Answer.REJECT: responses.REJECT_OFFER,
            Answer.LEAVE: responses.END_NEGOTIATION,
        }[self.answer()]

    def _prepare(self) -> None:
        """Begin at the first action: what is raised as a session starts is lost in NegMAS."""
        if self.has_begun:
            return
        where = f"{type(self).__name__} in NegMAS"
        if self.nmi.n_negotiators != 2:
            raise UnsupportedProblemError.at(where, "two negotiators", self.nmi.n_negotiators)
        if self.nmi.n_steps is None:
            raise UnsupportedProblemError.at(where, "a mechanism with a number of steps", None)
        self.n_rounds = 2 * int(self.nmi.n_steps) - 1
        self.begin()
        self.has_begun = True

    def begin(self) -> None:
        """Make what is needed for a session."""
        raise NotImplementedError

    def offer(self) -> tuple[Any, ...] | None:
        """Return what to offer in round `len(said)`; None to leave."""
        raise NotImplementedError

    def answer(self) -> Answer:
        """Answer the last offer of `said`."""
        raise NotImplementedError


class PolicyNegotiator(RoundsNegotiator):
    """A policy of ours in NegMAS's mechanism of stacked alternating offers.

    It plays as it would at our table with the rounds and times of `sao_times`: any policy, also a
    `Mixture`, which is drawn anew for each session. It needs a mechanism of two parties with a
    number of steps, and a utility function that stays the same.

    Parameters
    ----------
    policy : policy or str
        As in `alternating_offers`.
    seed : int, SeedSequence or Generator, optional
        For policies that draw.
    **arguments
        Those of every NegMAS negotiator, such as `name` and `ufun`.
    """

    def __init__(
        self, *args: Any, policy: Any = "boulware", seed: Seed = None, **arguments: Any
    ) -> None:
        super().__init__(*args, **arguments)
        self.policy = as_policy("policy", policy)
        self.seeds = seed_sequence(seed)

    def begin(self) -> None:
        # a problem has two parties; only its own side is looked at
        sides = [self.ufun, self.ufun]
        problem = from_negmas(self.nmi.outcome_space, sides, parties=["own", "other"])
        self.view = PartyView.of(problem, 0)
        self.space = problem.space
        self.times = sao_times(self.nmi.n_steps)
        self.key = int(session_keys(self.seeds.spawn(1)[0], 1)[0])
        self.memory: dict[Any, Any] = {}
        self.player: Any = None

    def offer(self) -> tuple[Any, ...] | None:
        said = self._act(len(self.said), is_answer=False)
        if said is Answer.LEAVE:
            return None
        outcome = self.space.outcome(int(said)) if isinstance(said, int | np.integer) else said
        return tuple(self.space.validate(outcome).values())

    def answer(self) -> Answer:
        said: Answer = self._act(len(self.said) - 1, is_answer=True)
        return said

    def _act(self, round: int, *, is_answer: bool) -> Any:
        seat = (round + is_answer) % 2
        if self.player is None:
            self.player = seated(self.policy, seat, self.view, self.times, self.key)
        rows = [self.space.row(outcome) for _, outcome in self.said]
        proposers = [seat if own else 1 - seat for own, _ in self.said]
        about = (self.view, seat, round, self.times, rows, proposers, is_answer)
        return self.player.act(Turn(*about, self.key, self.memory))


class AnchorNegotiator(RoundsNegotiator):
    """An `Anchor` in NegMAS's mechanism: it does what the anchor advises.

    It offers the first package of the advice; where it would ask a person (`Limits`) it offers
    nothing and rejects. The anchor knows its own side, what it believes of the other and its
    deadline; NegMAS's utility function is not asked.

    Parameters
    ----------
    anchor : Anchor or callable
        Of two parties, over the issues of the mechanism; its deadline is that of
        `sao_times(n_steps)`, 2 n_steps - 1 rounds. For tournaments, in which sides change, a
        function that makes one: it gets this negotiator as a session begins, with its `ufun`,
        `nmi.outcome_space` and `n_rounds`.
    **arguments
        Those of every NegMAS negotiator.
    """

    def __init__(
        self, *args: Any, anchor: Anchor | Callable[[Any], Anchor], **arguments: Any
    ) -> None:
        super().__init__(*args, **arguments)
        if not isinstance(anchor, Anchor) and not callable(anchor):
            raise InvalidArgumentError.at("anchor", "an Anchor or a function", anchor)
        self.given = anchor

    def begin(self) -> None:
        self.anchor = self.given if isinstance(self.given, Anchor) else self.given(self)
        if not isinstance(self.anchor, Anchor):
            raise InvalidArgumentError.at("anchor", "a function that returns one", self.anchor)
        problem = self.anchor.problem
        names = tuple(issue.name for issue in self.nmi.outcome_space.issues)
        if names != problem.space.names:
            raise InvalidArgumentError.at("anchor: issues", f"{names}", problem.space.names)
        if self.anchor.deadline != self.n_rounds:
            raise InvalidArgumentError.at(
                "anchor: deadline", f"{self.n_rounds} rounds", self.anchor.deadline
            )
        if problem.n_parties != 2:
            raise InvalidArgumentError.at("anchor: parties", "two", problem.n_parties)

    def offer(self) -> tuple[Any, ...] | None:
        advice = self._advice()
        if advice.decision != "counter":
            return None
        chosen = {term.issue: term.value for term in advice.public.packages[0].terms}
        return tuple(self.anchor.problem.space.validate(chosen).values())

    def answer(self) -> Answer:
        decision = self._advice().decision
        if decision == "accept":
            return Answer.ACCEPT
        return Answer.LEAVE if decision == "walk" else Answer.REJECT

    def _advice(self) -> Any:
        me = self.anchor.problem.party_index(self.anchor.party)
        return self.anchor.advise(
            [Offer(me if own else 1 - me, said, round=r) for r, (own, said) in enumerate(self.said)]
        )
