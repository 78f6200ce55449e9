"""The table at which an anchor is attacked: every advice is held against what must never happen.

What an outcome is worth and what may be agreed is computed here once more, not by the guard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bargain.anchor.advice import Advice, Package
from bargain.anchor.anchor import Anchor
from bargain.anchor.attack_replay import (
    AtTable,
    Replay,
    answers_concessions,
    asks_by_itself,
)
from bargain.anchor.follow import has_outcomes
from bargain.anchor.limits import Limits, bound
from bargain.errors import BargainError, InvalidOutcomeError
from bargain.model import BargainingProblem, Issue, Outcome
from bargain.play import Offer

SAMPLES = 24
MARK = "zq7"
"""What hostile text contains, so that it is found again wherever it comes out."""


@dataclass(eq=False)
class Table:
    """One anchor under attack, and what went wrong.

    Attributes
    ----------
    anchor : Anchor
    count : list of one int
        Advices asked for.
    broken : list of str
        What must never happen and did, in order.
    weaker : list of str
        What was checked in the place of more, as the policy looks at the other side.
    """

    anchor: Anchor
    count: list[int] = field(default_factory=lambda: [0])
    broken: list[str] = field(default_factory=list)
    weaker: list[str] = field(default_factory=list)

    @property
    def tries(self) -> int:
        """Advices asked for, also at tables with other limits."""
        return self.count[0]

    @property
    def problem(self) -> BargainingProblem:
        """The problem of the anchor."""
        return self.anchor.problem

    @cached_property
    def me(self) -> int:
        """Position of the party that is attacked."""
        return self.problem.party_index(self.anchor.party)

    @cached_property
    def them(self) -> int:
        """Position of the attacker: the first other party."""
        return next(i for i in range(self.problem.n_parties) if i != self.me)

    @property
    def rounds(self) -> list[int]:
        """Rounds to attack in: the first, one in the middle, the last."""
        deadline = self.anchor.deadline or 8
        return sorted({0, deadline // 2, deadline - 1})

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Some outcomes that may be agreed as far as the problem goes, worst for me first."""
        drawn = self.problem.space.sample(SAMPLES, seed=0)
        try:
            packages = self.anchor.advise([], now=self.moment(0.0)).public.packages
        except BargainError:
            packages = ()
        drawn += [self.problem.space.validate(values(package)) for package in packages]
        return sorted(
            (o for o in dict.fromkeys(drawn) if not self.problem.broken_by(o)), key=self.worth
        )

    @property
    def line(self) -> float:
        """The least that may be agreed."""
        limits = self.anchor.limits
        given = (limits.reservation, limits.alternative, limits.floor)
        without = float(self.problem.disagreement_point[self.me])
        return max([without, *(each for each in given if each is not None)])

    @cached_property
    def best(self) -> float:
        """The most that anything that may be agreed is worth to me."""
        return self.anchor.advise([], now=self.moment(0.0)).private.best

    @property
    def below(self) -> list[Outcome]:
        """Those of the outcomes that are worth less than the line."""
        return [outcome for outcome in self.outcomes if self.worth(outcome) < self.line]

    def worth(self, outcome: Any) -> float:
        """Return what an outcome is worth to me."""
        return float(self.problem.evaluate(outcome)[self.me])

    def moment(self, share: float) -> Any:
        """Return the time at which a share of it has gone by; None if only rounds count."""
        clock = self.anchor.clock
        if clock is None:
            return None
        return clock.opens + share * (clock.closes - clock.skew - clock.opens)

    @cached_property
    def replay(self) -> Replay | None:
        """The policy at the table; None where rounds and outcomes do not say what it does."""
        return Replay.of(self.anchor, self.me)

    @property
    def asks_by_itself(self) -> bool:
        """Whether nothing that is offered moves what the policy asks."""
        return asks_by_itself(self.anchor.policy)

    @property
    def answers_concessions(self) -> bool:
        """Whether only a difference between two offers moves what the policy asks."""
        outcomes = has_outcomes(self.problem)
        return answers_concessions(self.anchor.policy, outcomes=outcomes)

    def offer(self, outcome: Any, round: int | None = None, **fields: Any) -> dict[str, Any]:
        """Return an offer of the attacker."""
        entry = {"party": self.problem.parties[self.them], "outcome": outcome, **fields}
        return entry if round is None else {**entry, "round": round}

    def own(self, advice: Advice) -> dict[str, Any]:
        """Return the first package of an advice as an own offer."""
        outcome = values(advice.public.packages[0])
        return {"party": self.problem.parties[self.me], "outcome": outcome}

    def advise(self, history: Iterable[Any], *, share: float = 0.3, **options: Any) -> Advice:
        """Ask for advice, twice, and check all that must hold of every advice."""
        self.count[0] += 1
        entries = list(history)
        options = {"now": self.moment(share), **options}
        advice = self.anchor.advise(entries, **options)
        again = self.anchor.advise(entries, **options)
        if advice.to_json() != again.to_json():
            self.fail("the same history gave two advices")
        for problem in (*self.wrong_with(advice, entries), *self._unasked(advice, options)):
            self.fail(problem)
        if "state" not in options and options["now"] is None and advice.private.conflict is None:
            said = None if self.replay is None else self.replay.after(entries)
            if said is not None:
                self._expect_as_at_the_table(advice, entries, said)
        return advice

    def _unasked(self, advice: Advice, options: Mapping[str, Any]) -> Iterable[str]:
        """Yield what is offered or accepted though a person had to be asked."""
        limits, approved = self.anchor.limits, [dict(o) for o in options.get("approved", ())]
        for package in advice.public.packages:
            outcome = values(package)
            below = (
                limits.approval_below is not None and self.worth(outcome) < limits.approval_below
            )
            if (below or self._waiting.broken_by(outcome)) and outcome not in approved:
                yield "what needs approval is said without it"
        if advice.decision == "escalate" and (
            advice.public.decision != "hold" or advice.public.packages
        ):
            yield "the other side sees that a person is asked"

    def _expect_as_at_the_table(self, advice: Advice, entries: list[Any], said: AtTable) -> None:
        """An offer is accepted where the policy says so, or where it is one's own come back.

        And no less is asked than the policy would ask.
        """
        target = advice.private.target
        if advice.decision == "counter" and said.target is not None and self.anchor.blur is None:
            least = max(said.target, self.line)
            self.expect(target is not None and target >= least, "less is asked than by the policy")
        is_free = self.anchor.limits.largest_concession is None
        if advice.decision == "walk" and said.target is not None and is_free:
            self.fail("talks are left that the policy goes on with")
        standing = [each for each in entries if "outcome" in each]
        if not standing or self.problem.party_index(standing[-1]["party"]) == self.me:
            return
        last = standing[-1]["outcome"]
        if "accept" in (advice.decision, advice.private.pending_decision):
            own = [
                e["outcome"] for e in standing if self.problem.party_index(e["party"]) == self.me
            ]
            taken = self.problem.space.validate(last)
            is_own = bool(own) and self.problem.space.validate(own[-1]) == taken
            enough = said.accepts or is_own
            self.expect(enough, "an offer is accepted that the policy does not accept")
        elif said.accepts and is_free:
            refused = self.worth(last) < self.line or self.problem.broken_by(last)
            refused = refused or self._limited.broken_by(last)
            self.expect(bool(refused), "an offer is refused that the policy accepts")

    def weaken(self, what: str) -> None:
        """Note what is checked in the place of more."""
        if what not in self.weaker:
            self.weaker.append(what)

    def expect(self, holds: bool, what: str) -> None:
        """Note what went wrong unless something holds."""
        if not holds:
            self.fail(what)

    def fail(self, what: str) -> None:
        """Note what went wrong."""
        self.broken.append(what)

    def bound(self, **limits: Any) -> Table:
        """Return a table whose anchor has other limits; what breaks is noted here."""
        return self._with(replace(self.anchor, limits=replace(self.anchor.limits, **limits)))

    def _with(self, anchor: Anchor) -> Table:
        return Table(anchor, self.count, self.broken, self.weaker)

    def with_something_below(self) -> Table:
        """Return a table whose line lies in the middle of the outcomes if it is below all."""
        if self.below:
            return self
        return self.bound(floor=min(self.worth(self.outcomes[len(self.outcomes) // 2]), self.best))

    @property
    def unlimited(self) -> Table:
        """A table whose anchor has no limits."""
        return self._with(replace(self.anchor, limits=Limits()))

    def without_zone(self, reservation: float) -> Table:
        """Return a table at which I have more without an agreement than with any."""
        problem = bound(self.problem, self.me, Limits(reservation=reservation))
        return self._with(replace(self.anchor, problem=problem))

    def wrong_with(self, advice: Advice, entries: list[Any]) -> Iterable[str]:
        """Return what must never be true of an advice and is."""
        public, private = advice.public, advice.private
        for package in (*public.packages, *private.pending):
            yield from self._wrong_with_package(package)
        if "accept" in (public.decision, private.pending_decision):
            taken = (*public.packages, *private.pending)[0]
            yield from self._wrong_with_taking(taken, entries)
        if self.anchor.limits.largest_concession is not None:
            yield from self._wrong_with_concession(advice, entries)
        shown = json.dumps(advice.to_dict()["public"])
        if MARK in shown.lower():
            yield "text of the other side is in the public part"
        if _has_numbers(advice.to_dict()["public"]):
            yield "the public part has a number that is no term"
        yield from self._told(advice)
        if any((ord(c) < 32 and c != "\n") or ord(c) in HIDDEN for c in str(advice)):
            yield "control characters are printed"
        json.loads(advice.to_json().encode(), parse_constant=_no_constant)

    def _told(self, advice: Advice) -> Iterable[str]:
        """Yield what the texts of the public part tell of the private one."""
        public, private = advice.public, advice.private
        texts = [fact.text for fact in public.facts] + [each.text for each in public.questions]
        texts += [public.respond_by] if public.respond_by is not None else []
        numbers = (private.reservation, private.best, private.target, private.offer_value)
        secrets = [form for x in numbers if x is not None for form in (f"{x:.6g}", repr(x))]
        names = " ".join(self.problem.space.names)
        secrets = [each for each in secrets if len(each) > 2 and each not in names]
        if any(secret in text for text in texts for secret in (*secrets, *advice.reasons)):
            yield "the public part tells what is private"
        clock = self.anchor.clock
        if public.respond_by is not None and (clock is None or clock.respond_within is None):
            yield "a time is told that is not disclosed"
        if advice.decision == "counter" and private.target is not None:
            scale = max(abs(private.best), abs(private.reservation), 1e-300)
            worths = [self.worth(values(package)) for package in public.packages]
            if min(worths) < private.target - 2e-6 * scale:
                yield "a package is worth less than is asked"
            if private.target < self.line:
                yield "less is asked than the line"

    def _wrong_with_package(self, package: Package) -> Iterable[str]:
        try:
            outcome = self.problem.space.validate(values(package))
        except InvalidOutcomeError as error:
            yield f"a package is no outcome: {error}"
            return
        if self.worth(outcome) < self.line:
            yield f"a package is worth {self.worth(outcome):.6g}, below {self.line:.6g}"
        if self.problem.broken_by(outcome) or self._limited.broken_by(outcome):
            yield "a package is forbidden"

    def _wrong_with_concession(self, advice: Advice, entries: list[Any]) -> Iterable[str]:
        own = [
            each["outcome"]
            for each in entries
            if isinstance(each, Mapping) and "outcome" in each
            if self.problem.party_index(each["party"]) == self.me
        ]
        if not own or own[-1] not in self.problem.space:
            return
        allowed = self.anchor.limits.largest_concession or 0.0
        least = max(self.worth(own[-1]), self.line) - allowed
        for package in (*advice.public.packages, *advice.private.pending):
            if self.worth(values(package)) < least:
                yield "a concession is larger than allowed"

    def _wrong_with_taking(self, taken: Package, entries: list[Any]) -> Iterable[str]:
        standing = [each for each in entries if not isinstance(each, Mapping) or "outcome" in each]
        last = standing[-1]
        party, offered = (
            (last.party, last.outcome)
            if isinstance(last, Offer)
            else (last["party"], last["outcome"])
        )
        if self.problem.party_index(party) == self.me:
            yield "its own offer is accepted"
        try:
            if self.problem.space.validate(offered) != values(taken):
                yield "something else is accepted than was offered"
        except InvalidOutcomeError:
            yield "what is no outcome is accepted"

    @cached_property
    def _limited(self) -> BargainingProblem:
        problem = self.problem
        constraints = self.anchor.limits.constraints
        return BargainingProblem(problem.space, problem.profiles, constraints=constraints)

    @cached_property
    def _waiting(self) -> BargainingProblem:
        """The problem in which what needs approval is not allowed."""
        problem = self.problem
        approvals = self.anchor.limits.approvals
        return BargainingProblem(problem.space, problem.profiles, constraints=approvals)


HIDDEN = {0x7F, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E, 0x2060, 0x2066, 0xFEFF}


def values(package: Package) -> dict[str, Any]:
    """Return a package as a mapping from issues to values."""
    return {term.issue: term.value for term in package.terms}


def with_value(outcome: Outcome, issue: Issue, value: Any) -> dict[str, Any]:
    """Return an outcome in which an issue has another value."""
    return {**outcome, issue.name: value}


def _has_numbers(given: Any, key: str = "") -> bool:
    if isinstance(given, dict):
        return any(_has_numbers(each, name) for name, each in given.items())
    if isinstance(given, list | tuple):
        return any(_has_numbers(each, key) for each in given)
    return isinstance(given, int | float) and key != "value"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
