"""The next move for an agent, computed, so that nobody can talk it out of its reservation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.anchor import belief as beliefs
from bargain.anchor.advice import Advice
from bargain.anchor.blur import Blur
from bargain.anchor.clock import Clock
from bargain.anchor.decide import decided
from bargain.anchor.follow import Course, check_followed, course_of, is_planned
from bargain.anchor.guard import Guard
from bargain.anchor.history import Preference, Remark, Story, heard
from bargain.anchor.limits import Limits, bound
from bargain.anchor.outlook import most_of_each, references
from bargain.anchor.packages import Menu, menu
from bargain.anchor.report import Case, Timing, written
from bargain.anchor.state import contradiction
from bargain.errors import InvalidArgumentError, InvalidOutcomeError, TooLargeError
from bargain.model import BargainingProblem, Outcome
from bargain.model.discretize import discretized
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number, whole_number
from bargain.model.utilities import VALUES_LIMIT
from bargain.play import Offer, OpponentModel, Policy, Scripted, round_times
from bargain.play.session import checked_deadline
from bargain.play.turn import Responsive

LARGEST_MENU = 3


@dataclass(frozen=True, eq=False)
class Anchor:
    """What a party should do now: accept, counter with packages, hold, walk away or ask a person.

    The policy says what to hold out for; the anchor turns it into packages that are as good as
    can be for the other side, and passes every decision through the `Guard`. It holds no state:
    the history goes in and the advice comes out, so that a conversation can move between
    processes. Rounds, time and who proposes are those of `alternating_offers`, and against the
    same offers the anchor accepts exactly where its policy would, and an own offer that comes
    back. Where outcomes are listed, a package that was offered before gives way to one that is
    worth the same to everybody and was not, as long as there is one.

    A policy that looks at the other side is taken through the whole history each time, as if it
    had been at the table. Of its own past it knows what it would have offered at each own offer of
    the history, whichever packages were offered there, and however many. What may not be agreed it
    does not hear: what is no outcome, or breaks a constraint or a limit. Off a `grid`, offers are
    heard at their own worth, and count as the nearest on it for what is learned from them. Where
    outcomes are too many to be listed, or continuous without a grid, it goes by 100,000 levels
    of its own utility: an outcome at its target is not looked for, as the anchor finds its own;
    `Adaptive` there counts the outcomes that it matches (`matching`) where utilities are additive
    without constraints, and concedes nothing for them elsewhere.

    Parameters
    ----------
    problem : BargainingProblem
        As the party knows it: its own utility exact, the others' by `other`.
    party : int or str
        Whom the anchor speaks for.
    policy : Policy, Responsive or str
        Any that does not draw; MiCRO, too, which draws only which earlier offer it repeats. Your
        own with a `plan` or an `act`, or a name as in `policy_from_name`.
    deadline : int, optional
        Rounds there are, 1 to 10^6; a round is one offer and its answer. May be left out where
        there is a clock.
    packages : int
        Most packages to offer at once, 1 to 3.
    grid : int, optional
        Values per continuous issue that packages are made of, evenly spaced. Needed to
        learn about continuous issues, for what `best_offer` refuses (convex curves, functions of
        your own) and for policies that need outcomes one by one; what the others offer may still
        be anything in the space. Without one, two parties with additive utilities, concave on
        continuous issues, are advised in a second or less, also with choices and whole numbers
        beside them and limits on single issues. Three and more parties, constraints that bind
        continuous issues to others, and utilities that are not additive take a search for each
        package: seconds, and minutes where many choices are combined.
    limits : Limits, optional
        How far the anchor may go, and what a person has to approve.
    other : {"exact", "believed", "unknown"} or OpponentModel
        What is known of the others' utilities: as in the problem, for certain or as a guess, or
        nothing, so that what the problem says of them is not looked at and they are learned from
        their offers: at first they are taken to want the opposite of what the party wants, issue
        by issue (`bargain.anchor.opposed`), or by the model given. A model must answer the same
        for the same offers.
    clock : Clock, optional
        When talks open and close. With it, `now` is a time, and concession goes by it.
    blur : Blur, optional
        How packages are drawn by chance, from its seed and the offers so far, instead of being
        the best for the other side at the policy's target. It costs what
        the how-to page on checking a message says.
    key : bytes, optional
        With it only who knows the key can make a state (HMAC-SHA-256).

    Raises
    ------
    InvalidArgumentError, UnsupportedProblemError, NotConcaveError, TooLargeError,
    InfeasibleProblemError
        The last also if the limits leave nothing that is worth their line, unless the problem's
        own reservation or the alternative is worth more than all outcomes: then the advice is to
        walk away. The second also for a policy that needs outcomes one by one where they cannot
        be listed.

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> anchor = bg.Anchor(rental, party="tenant", policy=bg.TimeDependent(), deadline=11)
    >>> stingy = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}
    >>> advice = anchor.advise([bg.Offer("landlord", stingy, round=4)])
    >>> print(advice)
    counter (offer_below_policy)
      rent 3900 USD/month, deposit 2500 USD, start May 15, length 1 month   [worth 2025 to tenant]
      rent 3700 USD/month, deposit 2000 USD, start May 1, length 3 months   [worth 1975 to tenant]
      rent 3500 USD/month, deposit 2500 USD, start May 1, length 6 months   [worth 1950 to tenant]
    """

    problem: BargainingProblem
    party: int | str
    policy: Policy | Responsive | str
    deadline: int | None = None
    packages: int = LARGEST_MENU
    grid: int | None = None
    limits: Limits = field(default_factory=Limits)
    other: beliefs.Other | OpponentModel = "believed"
    clock: Clock | None = None
    key: bytes | None = field(default=None, repr=False)
    blur: Blur | None = None

    def __post_init__(self) -> None:
        check_problem(self.problem)
        index = self.problem.party_index(self.party)
        object.__setattr__(self, "party", self.problem.parties[index])
        if not (self.clock is None or isinstance(self.clock, Clock)):
            raise InvalidArgumentError.at("clock", "a Clock", self.clock)
        if self.deadline is not None or self.clock is None:
            deadline: Any = self.deadline
            object.__setattr__(self, "deadline", checked_deadline(deadline, at_least=1))
        count = whole_number("packages", self.packages, at_least=1, error=InvalidArgumentError)
        if count > LARGEST_MENU:
            raise InvalidArgumentError.at("packages", f"1 to {LARGEST_MENU}", self.packages)
        if self.grid is not None:
            points = whole_number("grid", self.grid, at_least=2, error=InvalidArgumentError)
            if points > VALUES_LIMIT:
                raise TooLargeError.at("grid", f"at most {VALUES_LIMIT} values", points)
        if not isinstance(self.limits, Limits):
            raise InvalidArgumentError.at("limits", "Limits", self.limits)
        if not (self.blur is None or isinstance(self.blur, Blur)):
            raise InvalidArgumentError.at("blur", "a Blur", self.blur)
        if not (self.key is None or isinstance(self.key, bytes)):
            raise InvalidArgumentError.at("key", "bytes", type(self.key).__name__)
        if self.key == b"":
            raise InvalidArgumentError("key: expected at least one byte, got none")
        # unsupported problems are refused now, not at the first advice
        view = self._first_menu.view
        object.__setattr__(self, "policy", check_followed("policy", self.policy, self._base))
        if isinstance(self.policy, Scripted):
            try:
                self.policy.rows(view)
            except (InvalidOutcomeError, InvalidArgumentError) as error:
                raise InvalidArgumentError(f"policy: {error}") from None
        outside = Limits(alternative=self.limits.alternative)
        if not (view.has_rational_outcome or self.limits == outside):
            # limits are refused unless there is nothing to agree on without them either
            free = replace(self, limits=outside)
            if free._first_menu.view.has_rational_outcome:
                raise self.limits.nothing_left(self.problem, index, view.best)

    @property
    def responds(self) -> bool:
        """Whether what the policy asks and accepts depends on what the other side offers."""
        return not is_planned(self.policy)

    @cached_property
    def guard(self) -> Guard:
        """What every decision passes."""
        return Guard(self.problem, self._index, self.limits)

    def advise(
        self,
        history: Iterable[Offer | Remark | Preference | Mapping[str, Any]] = (),
        now: float | datetime | str | None = None,
        *,
        state: str | None = None,
        approved: Iterable[Any] = (),
    ) -> Advice:
        """Return the recommended move after a history.

        A pure function: the same arguments give the same bytes.

        Parameters
        ----------
        history : iterable of Offer, Remark, Preference, or mappings with their fields
            All offers so far, of both sides, in order. What the other side offered may be
            anything; what is not an outcome of the space, or breaks a constraint, is refused, not
            raised. What it claims is handed on as claimed.
        now : float, datetime or ISO 8601 text, optional
            The time: needed with a clock. Without one, relative time in [0, 1] where a clock
            rather than the count of rounds drives concession. Past 1 the deadline is over.
        state : str, optional
            `private.state` of an earlier advice of this conversation. If the history does not go
            on from there the advice is to escalate ("history_conflict"). All packages that were
            offered then still stand, not only the one in the history.
        approved : iterable of outcomes
            What a person has approved.

        Raises
        ------
        InvalidArgumentError
            If an entry of the history is no offer, or names nobody at the table; if the time or
            what is approved is none.
        """
        slack = 0.0 if self.clock is None else self.clock.skew.total_seconds()
        story = heard(self.problem, history, slack=slack)
        timing = self._timing(story, now)
        agreed = self._approved(approved)
        conflict = (
            story.conflict
            or contradiction(self.problem, self._index, story, state, self.key)
            or self._impossible(story, now)
        )
        case = self._case(story, timing, conflict, state)
        return written(case, decided(case, count=self.packages, approved=agreed))

    def _case(self, story: Story, timing: Timing, conflict: str | None, state: str | None) -> Case:
        times = self._times(story, timing)
        belief = self._believed(story, times)
        menu_ = self._menu(belief)
        speaks = conflict is None and not timing.is_over and menu_.view.has_rational_outcome
        is_fixed = self._model is None
        return Case(
            problem=self._bound,
            party=self._index,
            guard=self.guard,
            menu=menu_,
            belief=belief,
            most=self._most if is_fixed else most_of_each(belief.problem),
            references=self._references if is_fixed else references(belief.problem, self._index),
            story=story,
            timing=timing,
            times=times,
            course=self._course(menu_, story, times) if speaks else None,
            conflict=conflict,
            state=state,
            key=self.key,
            blur=self.blur,
        )

    def _course(self, menu_: Menu, story: Story, times: NDArray[np.float64]) -> Course:
        return course_of(
            self.policy,
            menu_,
            self._base,
            self.guard,
            story.offers,
            times,
            counts_rounds=self.deadline is not None,
        )

    def _timing(self, story: Story, now: Any) -> Timing:
        number = story.offers[-1].round + 1 if story.offers else 0
        clock = self.clock
        if clock is None:
            if now is not None:
                now = finite_number("now", now, at_least=0, error=InvalidArgumentError)
            return Timing(number, self.deadline, now)
        return Timing(
            number,
            self.deadline,
            clock.share(now),
            clock.last.isoformat(),
            clock.seconds_left(now),
            clock.respond_by(now),
        )

    def _times(self, story: Story, timing: Timing) -> NDArray[np.float64]:
        """Return the relative time of every round, which never falls.

        A clock sets that of the present round, and that of the round of an offer that is answered
        now. Rounds before were no later, and rounds to come are no earlier; with a clock earlier
        rounds were when the history says (`at`).
        """
        now = None if timing.share is None else min(timing.share, 1.0)
        if timing.deadline is None:
            # no end but the clock's: up to the round after this one
            times = np.full(timing.number + 2, now)
            times[: timing.number] *= np.arange(timing.number) / max(timing.number, 1)
            times[-1] = 1.0
            return self._as_said(story, times, timing.number, now)
        times = round_times(timing.deadline)
        return times if now is None else self._as_said(story, times.copy(), timing.number, now)

    def _as_said(
        self, story: Story, times: NDArray[np.float64], number: int, now: Any
    ) -> NDArray[np.float64]:
        answers = bool(story.offers) and story.offers[-1].party != self._index
        first, last = number - answers, len(times) - 1
        said = [each for each in story.offers if each.at is not None and each.round < first]
        if self.clock is not None and said:
            clock = self.clock
            points = {0: 0.0, **{each.round: clock.share_at(each.at or 0.0) for each in said}}
            shares = np.maximum.accumulate(np.minimum([*points.values(), now], now))
            # a history may go on after the last round
            earlier = np.arange(min(first, len(times)))
            times[:first] = np.interp(earlier, [*points, first], shares)
        times[:first] = np.minimum(times[:first], now)
        times[first:] = np.maximum(times[first:], now)
        # the last round is the last, whatever the clock says
        times[first : min(number + 1, last)] = now
        return times

    def _impossible(self, story: Story, now: Any) -> str | None:
        """Say what cannot be true of a history, whatever the limits were."""
        without = float(self.problem.disagreement_point[self._index])
        for offer in story.offers:
            if offer.party == self._index:
                worth = None if offer.problem else self.guard.worth(offer.outcome)
                if worth is None or worth < without:
                    return f"the own offer of round {offer.round} could not be made"
            if self.clock is not None and self.clock.is_after(offer.at, now):
                return f"the offer of round {offer.round} is in the future"
        return None

    def _approved(self, given: Iterable[Any]) -> frozenset[Outcome]:
        if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
            raise InvalidArgumentError.at("approved", "a sequence of outcomes", given)
        try:
            return frozenset(self.problem.space.validate(each) for each in given)
        except InvalidOutcomeError as error:
            raise InvalidArgumentError(f"approved: {error}") from None

    def _believed(self, story: Story, times: NDArray[np.float64]) -> beliefs.Belief:
        if self._model is None:
            kind: Any = self.other
            return beliefs.given(self._bound, self._index, story, kind)
        return beliefs.learned(self._base, self._index, story, self._model, times)

    def _menu(self, belief: beliefs.Belief) -> Menu:
        return self._fixed_menu if self._model is None else menu(
            belief.problem, self._index, is_fleeting=True
        )  # fmt: skip

    @property
    def _first_menu(self) -> Menu:
        """What can be offered before anything was said."""
        return self._menu(self._believed(heard(self.problem, ()), np.zeros(1)))

    @property
    def _index(self) -> int:
        return self.problem.party_index(self.party)

    @cached_property
    def _model(self) -> OpponentModel | None:
        return beliefs.model_of(self.other, self._base, self._index)

    @cached_property
    def _bound(self) -> BargainingProblem:
        return bound(self.problem, self._index, self.limits)

    @cached_property
    def _base(self) -> BargainingProblem:
        """What packages are made of."""
        return self._bound if self.grid is None else discretized(self._bound, points=self.grid)

    @cached_property
    def _fixed_menu(self) -> Menu:
        return menu(self._base, self._index)

    @cached_property
    def _most(self) -> NDArray[np.float64] | None:
        return most_of_each(self._bound)

    @cached_property
    def _references(self) -> dict[str, float] | None:
        return references(self._bound, self._index)
