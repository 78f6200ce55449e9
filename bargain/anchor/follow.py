"""What a policy makes of the present round: what it accepts, holds out for, and when it leaves.

The course of a policy that does not look at the other side is known beforehand. Any other is asked
turn by turn, through the whole history, as it would have been at the table: what it hears is what
the others offered, and what it has offered is what it would have offered itself at each own offer
of the history, whichever packages were offered there, and however many. So against the same
offers it accepts, asks and leaves as it would without an anchor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.guard import Guard
from bargain.anchor.history import Heard
from bargain.anchor.levels import can_rank
from bargain.anchor.packages import Menu
from bargain.anchor.seen import seen
from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.play import Adaptive, MiCRO, NiceTitForTat, PartyView, Policy, Scripted, TradeOff
from bargain.play.acceptance import Acceptance
from bargain.play.policy import Plan, plan_of
from bargain.play.presets import as_policy
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.table import answered, offered
from bargain.play.time_based import TimeBased
from bargain.play.turn import Answer, Turn
from bargain.solve.structure import is_enumerable

FIRST_LOOKS = 4
"""Own turns to come that a policy is asked about in any case."""

MOST_RANKS = 100_000
"""Most places below the best that are told apart where outcomes are not listed."""


@dataclass(frozen=True, eq=False)
class Course:
    """What a policy does from the present round on.

    Attributes
    ----------
    leaves : int
        The round in which it walks away; where it never does, that after the last.
    least : float
        Least own utility that is enough for the standing offer; infinity where it is refused.
    turns : ndarray of int64
        Rounds to come in which the party proposes, this one first if it is its turn; of a policy
        that responds and many turns some.
    targets : ndarray, shape of turns
        Own utility of what it would offer then; of a policy that responds, if nobody else makes
        another offer.
    """

    leaves: int
    least: float
    turns: NDArray[np.int64]
    targets: NDArray[np.float64]


def check_followed(where: str, given: Any, problem: BargainingProblem) -> Any:
    """Return a policy given as itself or by name if an anchor can follow it.

    Parameters
    ----------
    where : str
    given
    problem : BargainingProblem
        What packages are made of.

    Raises
    ------
    InvalidArgumentError
        If it is no policy, or draws.
    UnsupportedProblemError
        If it looks at outcomes one by one, and there are too many.
    """
    policy = as_policy(where, given)
    # what MiCRO draws is which of its earlier outcomes it repeats, not how far it goes
    if getattr(policy, "draws", False) and not isinstance(policy, MiCRO):
        expected = "a policy that does not draw, as the same history must give the same advice"
        raise InvalidArgumentError.at(where, expected, given)
    if has_outcomes(problem):
        return policy
    needs_list = isinstance(policy, NiceTitForTat | Scripted)
    if needs_list or (isinstance(policy, MiCRO) and not can_rank(problem)):
        way_out = "a policy that goes by shares of its gain such as Adaptive(), or fewer outcomes"
        if not problem.space.is_finite:
            way_out += " (grid=)"
        name = type(policy).__name__
        raise UnsupportedProblemError.at(where, f"{way_out}, as outcomes are not listed", name)
    return policy


def is_planned(policy: Any) -> bool:
    """Whether the whole course of a policy is known beforehand."""
    return isinstance(policy, Policy) and bool(getattr(policy, "is_planned", True))


def has_outcomes(problem: BargainingProblem) -> bool:
    """Whether a party sees outcomes one by one, not only levels of its own utility."""
    return problem.space.is_finite and is_enumerable(problem)


def course_of(
    policy: Any,
    menu: Menu,
    problem: BargainingProblem,
    guard: Guard,
    offers: Sequence[Heard],
    times: NDArray[np.float64],
    *,
    counts_rounds: bool,
) -> Course:
    """Return what a policy does from the present round on.

    Parameters
    ----------
    policy
        As `check_followed` returns it.
    menu : Menu
    problem : BargainingProblem
        What the menu is made of.
    guard : Guard
    offers : sequence of Heard
        The history. What the party may not agree to is not heard: what is no outcome, or breaks a
        constraint or a limit.
    times : ndarray, shape (n_rounds,)
    counts_rounds : bool
        Whether it is known how many rounds there are. If not, one own turn is looked at, and the
        last rounds of an `Adaptive` (its `patience`) never come.

    Raises
    ------
    InvalidArgumentError
        If the policy draws, or says what it may not.
    """
    asked = _asked(policy, has_outcomes(problem), counts_rounds)
    number = offers[-1].round + 1 if offers else 0
    is_own = bool(offers) and offers[-1].party == guard.party
    first = number + is_own
    end = len(times) if counts_rounds else min(first + 1, len(times))
    if is_planned(asked):
        plan = plan_of(asked, menu.view, times)
        return _along(plan, menu.view, np.arange(first, end, problem.n_parties), number)
    ranks = _ranks(asked, offers, guard.party)
    view, rows = seen(menu, problem, guard, offers, ranks=ranks)
    turns = _looked_at(np.arange(first, end, problem.n_parties), menu.looks)
    shadow = _Shadow(asked, view, guard.party, times)
    accepts, left = _caught_up(shadow, offers, rows, problem.n_parties)
    if left is not None:
        return Course(left, np.inf, turns[:0], np.empty(0))
    targets, leaves = _to_come(shadow, turns)
    worth = guard.worth(offers[-1].outcome) if accepts else None
    least = np.inf if worth is None else min([worth, *targets[:1].tolist()])
    return Course(leaves, least, turns[: len(targets)], targets)


def _along(plan: Plan, view: PartyView, turns: NDArray[np.int64], number: int) -> Course:
    leaves = len(plan.rows) if plan.stays is None else plan.stays
    turns = turns[turns < leaves]
    answered_in = number - 1
    is_there = 0 <= answered_in < leaves
    least = float(plan.thresholds[answered_in]) if is_there else np.inf
    return Course(leaves, least, turns, view.utilities[plan.rows[turns]])


def _caught_up(
    shadow: _Shadow, offers: Sequence[Heard], rows: Sequence[int | None], n_parties: int
) -> tuple[bool, int | None]:
    """Take a policy through a history: whether it accepts the last offer, and when it left."""
    accepts = False
    for k, (offer, row) in enumerate(zip(offers, rows, strict=True)):
        accepts = False
        if offer.party == shadow.seat:
            if shadow.propose(offer.round) is None:
                return False, offer.round
            continue
        if row is None:
            continue
        shadow.hear(row, offer)
        following = offers[k + 1].party if k + 1 < len(offers) else shadow.seat
        if not _was_asked(shadow.seat, offer.party, following, n_parties):
            continue
        answer = shadow.answer(offer.round)
        if answer is Answer.LEAVE:
            return False, offer.round
        accepts = answer is Answer.ACCEPT
    return accepts, None


def _to_come(shadow: _Shadow, turns: NDArray[np.int64]) -> tuple[NDArray[np.float64], int]:
    """Return what a policy asks in turns to come if it hears nothing new, and when it leaves."""
    targets: list[float] = []
    for turn in turns.tolist():
        row = shadow.propose(turn)
        if row is None:
            return np.array(targets), turn
        targets.append(float(shadow.view.utilities[row]))
    return np.array(targets), len(shadow.times)


def _was_asked(seat: int, proposer: int, following: int, n_parties: int) -> bool:
    """Whether a party came to answer an offer: not if one before it refused and spoke next."""
    if following == proposer:
        return True
    return (seat - proposer) % n_parties <= (following - proposer) % n_parties


def _looked_at(turns: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the first turns and some of the others, evenly spaced."""
    spaced = np.linspace(0, len(turns) - 1, min(most, len(turns))).round().astype(np.int64)
    picks = np.union1d(np.arange(min(FIRST_LOOKS, len(turns))), spaced)
    return turns[picks]


def _asked(policy: Any, outcomes: bool, counts_rounds: bool) -> Any:
    """Return what is asked in the place of a policy."""
    if isinstance(policy, Adaptive):
        if not counts_rounds and policy.patience:
            policy = replace(policy, patience=0)
        if not outcomes and policy.by != "closest":
            policy = replace(policy, by="closest")
        return policy
    if isinstance(policy, TradeOff) and not outcomes:
        return _AtTheCurve(policy.curve, policy.acceptance)
    return _Holding(policy) if isinstance(policy, MiCRO) else policy


def _ranks(policy: Any, offers: Sequence[Heard], party: int) -> int:
    """Return how many of its best outcomes a policy may look at."""
    received = sum(offer.party != party for offer in offers)
    if isinstance(policy, _Holding):
        return received + 2
    if isinstance(policy, Adaptive) and policy.matching > 0:
        return int(min(policy.matching * received, MOST_RANKS)) + 1
    return 0


@dataclass(frozen=True)
class _AtTheCurve(LibraryPolicy):
    """A trade-off on levels of utility, of which there is only one at each target."""

    curve: TimeBased
    acceptance: Acceptance

    @property
    def draws(self) -> bool:
        return False

    def offer(self, turn: Turn) -> int:
        return self.curve.offer(turn)

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side | None:
        return None


@dataclass(frozen=True)
class _Holding:
    """MiCRO, with what it holds out for in the place of what it draws."""

    policy: MiCRO

    def act(self, turn: Turn) -> Any:
        if turn.is_answer or not turn.view.has_rational_outcome:
            return self.policy.act(turn)
        return self.policy.held(turn)


@dataclass(frozen=True, eq=False, kw_only=True)
class _HeardTurn(Turn):
    """A turn after a history, in which offers may be missing: they keep their rounds."""

    rounds: Sequence[int] = ()

    @cached_property
    def received_rounds(self) -> list[int]:
        """The round of each offer in `received`."""
        pairs = zip(self.rounds, self.proposers, strict=True)
        return [number for number, seat in pairs if seat != self.seat]

    def draw(self) -> float:
        """Refuse to draw."""
        expected = "nothing that is drawn, as the same history must give the same advice"
        where = f"what {self.view.party} says in round {self.round}"
        raise InvalidArgumentError.at(where, expected, "a draw")


class _Shadow:
    """A policy at the table, offer by offer."""

    def __init__(self, policy: Any, view: PartyView, seat: int, times: NDArray[np.float64]) -> None:
        self.policy, self.view, self.seat, self.times = policy, view, seat, times
        self.rows: list[int] = []
        self.proposers: list[int] = []
        self.rounds: list[int] = []
        self.memory: dict[Any, Any] = {}

    def hear(self, row: int, offer: Heard) -> None:
        """Take in an offer of somebody else."""
        self._note(row, offer.party, offer.round)

    def answer(self, number: int) -> Answer:
        """Ask the policy about the last offer."""
        return answered(self.policy, self._turn(number, is_answer=True))

    def propose(self, number: int) -> int | None:
        """Ask the policy for an offer, and let it have been made; None if it leaves."""
        row = offered(self.policy, self._turn(number, is_answer=False))
        if row is not None:
            self._note(row, self.seat, number)
        return row

    def _note(self, row: int, seat: int, number: int) -> None:
        self.rows.append(row)
        self.proposers.append(seat)
        self.rounds.append(number)

    def _turn(self, number: int, *, is_answer: bool) -> Turn:
        return _HeardTurn(
            view=self.view,
            seat=self.seat,
            round=number,
            times=self.times,
            rows=self.rows,
            proposers=self.proposers,
            is_answer=is_answer,
            memory=self.memory,
            rounds=self.rounds,
        )
