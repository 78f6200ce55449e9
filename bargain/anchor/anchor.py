"""The next move for an agent, computed, so that nobody can talk it out of its reservation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.advice import (
    VERSION,
    Advice,
    Decision,
    Package,
    PrivateAdvice,
    PublicAdvice,
    Reason,
    Term,
)
from bargain.anchor.guard import Guard
from bargain.anchor.history import Heard, heard
from bargain.anchor.packages import Menu, menu
from bargain.errors import BargainError, InvalidArgumentError, NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome
from bargain.model.numbers import finite_number, whole_number
from bargain.play import Offer, Policy, round_times
from bargain.play.policy import Plan, plan_of
from bargain.play.presets import as_planned
from bargain.play.session import checked_deadline
from bargain.solve import egalitarian_solution, kalai_smorodinsky_solution, nash_solution

LARGEST_MENU = 3


@dataclass(frozen=True, eq=False)
class Anchor:
    """What a party should do now: accept, counter with these packages, hold or walk away.

    The policy says what to hold out for; the anchor turns it into packages that are as good as
    can be for the other side, and passes every decision through the `Guard`. It holds no state:
    the history goes in and the advice comes out, so that a conversation can move between
    processes. Rounds, time and who proposes are those of `alternating_offers`, and against the
    same offers the anchor accepts exactly where its policy would.

    Parameters
    ----------
    problem : BargainingProblem
        As the party knows it: its own utility exact, the others' as believed.
    party : int or str
        Whom the anchor speaks for.
    policy : Policy
    deadline : int
        Rounds there are, 1 to 10^6; a round is one offer and its answer.
    packages : int
        Most packages to offer at once, 1 to 3.
    grid : int, optional
        Values per continuous issue that packages are made of, evenly spaced. Needed where choices
        and continuous issues are mixed, or three and more parties settle continuous issues; what
        the others offer may still be anything in the space.

    Raises
    ------
    InvalidArgumentError, UnsupportedProblemError, NotConcaveError, TooLargeError,
    InfeasibleProblemError

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
    policy: Policy
    deadline: int
    packages: int = LARGEST_MENU
    grid: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.problem, BargainingProblem):
            raise InvalidArgumentError.at("problem", "a BargainingProblem", self.problem)
        index = self.problem.party_index(self.party)
        object.__setattr__(self, "party", self.problem.parties[index])
        object.__setattr__(self, "policy", as_planned("policy", self.policy))
        object.__setattr__(self, "deadline", checked_deadline(self.deadline, at_least=1))
        count = whole_number("packages", self.packages, at_least=1, error=InvalidArgumentError)
        if count > LARGEST_MENU:
            raise InvalidArgumentError.at("packages", f"1 to {LARGEST_MENU}", self.packages)
        self._menu  # noqa: B018 - unsupported problems are refused now, not at the first advice

    @cached_property
    def guard(self) -> Guard:
        """What every decision passes."""
        return Guard(self.problem, self._index)

    def advise(
        self, history: Iterable[Offer | Mapping[str, Any]] = (), now: float | None = None
    ) -> Advice:
        """Return the recommended move after a history.

        A pure function: the same arguments give the same bytes.

        Parameters
        ----------
        history : iterable of Offer, or of mappings with its fields
            All offers so far, of both sides, in order. What the other side offered may be
            anything; what is not an outcome of the space, or breaks a constraint, is refused, not
            raised.
        now : float, optional
            Relative time in [0, 1], where a clock rather than the count of rounds drives
            concession. Past 1 the deadline is over.

        Raises
        ------
        InvalidArgumentError
            If an entry of the history is no offer, or names nobody at the table.
        """
        entries = heard(self.problem, history)
        last = entries[-1] if entries else None
        number = last.round + 1 if last else 0
        if now is not None:
            now = finite_number("now", now, at_least=0, error=InvalidArgumentError)
        over = number > self.deadline or (now is not None and now > 1)
        if not self._menu.view.has_rational_outcome:
            return self._advice("walk", ["nothing_at_or_above_reservation"], number, now)
        if over:
            return self._advice("walk", ["deadline_passed"], number, now, offer=last)
        if last is not None and last.party == self._index:
            decision: Decision = "hold" if number < self.deadline else "walk"
            reason: Reason = "awaiting_answer" if decision == "hold" else "deadline_passed"
            return self._advice(decision, [reason], number, now)
        times = self._times(number, now)
        plan = plan_of(self.policy, self._menu.view, times)
        leaves = len(times) if plan.stays is None else plan.stays
        if last is not None:
            answer = self._answer(plan, last, leaves)
            if answer == "offer_meets_policy":
                least = max(float(plan.thresholds[last.round]), self.guard.reservation)
                return self._advice(
                    "accept",
                    [answer],
                    number,
                    now,
                    packages=[last.outcome],
                    target=least,
                    offer=last,
                )
            reasons: list[Reason] = [answer]
        else:
            reasons = ["opening"]
        if number == self.deadline:
            reasons.append("last_round_refused")
            return self._advice("walk", reasons, number, now, offer=last)
        if number >= leaves:
            return self._advice("walk", [*reasons, "policy_walks_away"], number, now, offer=last)
        return self._counter(entries, plan, reasons, number, now)

    def _answer(self, plan: Plan, last: Heard, leaves: int) -> Reason:
        """Say whether the policy takes the standing offer, which the guard has the last word on."""
        if last.outcome is None:
            return "offer_not_in_space"
        if self.guard.broken_by(last.outcome):
            return "offer_not_allowed"
        if not self.guard.allows(last.outcome):
            return "offer_below_reservation"
        worth = self.guard.worth(last.outcome)
        accepts = last.round < leaves and worth is not None
        if accepts and worth >= plan.thresholds[last.round]:
            return "offer_meets_policy"
        return "offer_below_policy"

    def _counter(
        self,
        entries: tuple[Heard, ...],
        plan: Plan,
        reasons: list[Reason],
        number: int,
        now: float | None,
    ) -> Advice:
        asked = float(self._menu.view.utilities[plan.rows[number]])
        target = max(asked, self.guard.reservation)
        offers = self._menu.packages(target, self.packages)
        earlier = self._their_best(entries, target)
        if earlier is not None:
            # what they have offered before they will hardly refuse
            offers = [earlier, *(offer for offer in offers if offer != earlier)][: self.packages]
            reasons = [*reasons, "returns_their_earlier_offer"]
        if self._references is None:
            # as the problem has the others: talking on may still show that they are not so
            reasons = [*reasons, "no_agreement_zone"]
        allowed = [offer for offer in offers if self.guard.allows(offer)]
        if not allowed:
            return self._advice("walk", ["nothing_at_or_above_reservation"], number, now)
        return self._advice(
            "counter",
            reasons,
            number,
            now,
            packages=allowed,
            target=target,
            offer=entries[-1] if entries else None,
        )

    def _their_best(self, entries: tuple[Heard, ...], target: float) -> Outcome | None:
        """Return the best earlier offer of the others that is allowed and worth the target."""
        worths = {
            entry.outcome: worth
            for entry in entries[:-1]
            if entry.party != self._index and entry.outcome is not None
            if (worth := self.guard.worth(entry.outcome)) is not None and worth >= target
            if self.guard.allows(entry.outcome)
        }
        return max(worths, key=worths.__getitem__, default=None)

    def _advice(
        self,
        decision: Decision,
        reasons: list[Reason],
        number: int,
        now: float | None,
        *,
        packages: Iterable[Outcome | None] = (),
        target: float | None = None,
        offer: Heard | None = None,
    ) -> Advice:
        listed = [package for package in packages if package is not None]
        outcome = None if offer is None else offer.outcome
        utilities = [self.problem.evaluate(package) for package in listed]
        others = [i for i in range(self.problem.n_parties) if i != self._index]
        times = self._times(min(number, self.deadline - 1), now)
        private = PrivateAdvice(
            party=self.problem.parties[self._index],
            reservation=self.guard.reservation,
            best=self._menu.view.best,
            round=number,
            deadline=self.deadline,
            time=1.0 if number >= self.deadline else float(times[number]),
            target=target,
            offer_value=None if outcome is None else self.guard.worth(outcome),
            offer_problem=None if offer is None else offer.problem,
            package_values=tuple(float(utility[self._index]) for utility in utilities),
            other_values={
                self.problem.parties[i]: tuple(float(utility[i]) for utility in utilities)
                for i in others
            },
            references=dict(self._references or {}),
        )
        public = PublicAdvice(decision, tuple(self._package(package) for package in listed))
        return Advice(VERSION, decision, tuple(reasons), public, private)

    def _package(self, outcome: Outcome) -> Package:
        issues = self.problem.space.issues
        return Package(tuple(Term(i.name, outcome[i.name], i.unit) for i in issues))

    def _times(self, number: int, now: float | None) -> NDArray[np.float64]:
        """Return the relative time of every round; a clock sets that of the present one."""
        times = round_times(self.deadline)
        # the last round is the last, whatever the clock says
        if now is not None and number < self.deadline - 1:
            times = times.copy()
            times[number] = min(now, 1.0)
        return times

    @property
    def _index(self) -> int:
        return self.problem.party_index(self.party)

    @cached_property
    def _menu(self) -> Menu:
        return menu(self.problem, self._index, self.grid)

    @cached_property
    def _references(self) -> dict[str, float] | None:
        """Own utility at the solutions; None without a zone, empty where they can't be had."""
        try:
            return {
                name: float(solution(self.problem).utilities[self._index])
                for name, solution in (
                    ("nash", nash_solution),
                    ("kalai_smorodinsky", kalai_smorodinsky_solution),
                    ("egalitarian", egalitarian_solution),
                )
            }
        except NoAgreementZoneError:
            return None
        except BargainError:
            return {}
