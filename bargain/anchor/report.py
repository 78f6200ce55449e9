"""An advice put down: what was decided, what may be said of it and what only the principal sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.anchor import voice
from bargain.anchor.advice import (
    VERSION,
    Advice,
    Claimed,
    Decision,
    Package,
    PrivateAdvice,
    PublicAdvice,
    PublicDecision,
    Reason,
    Term,
)
from bargain.anchor.belief import Belief
from bargain.anchor.blur import Blur
from bargain.anchor.follow import Course
from bargain.anchor.guard import Guard
from bargain.anchor.history import Heard, Story
from bargain.anchor.outlook import Chances, continuation, gap
from bargain.anchor.packages import Menu
from bargain.anchor.state import sealed, stands
from bargain.errors import BargainError
from bargain.model import BargainingProblem, Outcome

NEXT_TARGETS = 3


@dataclass(frozen=True)
class Timing:
    """When an advice is given.

    Attributes
    ----------
    number : the round to speak in
    deadline : rounds there are; None without an end
    share : share of the time gone by, by the clock or as given; None if rounds alone count
    closes, seconds_left, respond_by : as in the advice
    """

    number: int
    deadline: int | None
    share: float | None
    closes: str | None = None
    seconds_left: float | None = None
    respond_by: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether rounds or time are past."""
        late = self.deadline is not None and self.number > self.deadline
        return late or self.is_late

    @property
    def is_late(self) -> bool:
        """Whether time is past."""
        return self.share is not None and self.share > 1

    @property
    def is_last_answer(self) -> bool:
        """Whether there is no further round to offer in."""
        return self.deadline is not None and self.number >= self.deadline


@dataclass(frozen=True)
class Move:
    """What was decided."""

    decision: Decision
    reasons: tuple[Reason, ...]
    packages: tuple[Outcome, ...] = ()
    target: float | None = None
    withdraws: tuple[Outcome, ...] = ()
    pending: tuple[Outcome, ...] = ()
    pending_decision: Literal["accept", "counter"] | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """All that one advice is made from."""

    problem: BargainingProblem
    party: int
    guard: Guard
    menu: Menu
    belief: Belief
    most: NDArray[np.float64] | None
    references: dict[str, float] | None
    story: Story
    timing: Timing
    times: NDArray[np.float64]
    course: Course | None
    conflict: str | None
    state: str | None
    key: bytes | None
    blur: Blur | None = None

    @property
    def last(self) -> Heard | None:
        """The last offer of anybody."""
        return self.story.offers[-1] if self.story.offers else None

    @property
    def leaves(self) -> int:
        """The round in which the policy walks away; where it never does, that after the last."""
        return len(self.times) if self.course is None else self.course.leaves

    def stands(self, outcome: Outcome) -> bool:
        """Whether an outcome is among what the party offered last."""
        return stands(self.problem, self.party, self.story, self.state, outcome)

    @property
    def own_last(self) -> float | None:
        """What the party's own last offer is worth to it; the line where that is more.

        The line, so that a history in which one's own offers are too low gives nothing away.
        """
        for offer in reversed(self.story.offers):
            if offer.party == self.party and offer.outcome is not None:
                worth = self.guard.worth(offer.outcome)
                return None if worth is None else max(worth, self.guard.reservation)
        return None

    @property
    def turns(self) -> list[int]:
        """Rounds to come in which the party will propose, this one first if it is its turn."""
        return [] if self.course is None else self.course.turns.tolist()

    def target(self, number: int) -> float:
        """Return what the policy asks in one of the turns, never below the line."""
        if self.course is None:
            return self.guard.reservation
        place = int(np.searchsorted(self.course.turns, number))
        return max(float(self.course.targets[place]), self.guard.reservation)


def written(case: Case, move: Move) -> Advice:
    """Write down what was decided."""
    problem, party = case.problem, case.party
    standing = None if case.last is None or case.last.party == party else case.last
    outcome = None if standing is None else standing.outcome
    chances = Chances(case.belief, party, case.story, case.times, case.most)
    listed = move.packages
    others = [i for i in range(problem.n_parties) if i != party]
    worths = [case.belief.worths(package) for package in listed]
    gaps = [gap(case.menu, case.belief, party, package) for package in listed]
    turns = case.turns
    private = PrivateAdvice(
        party=problem.parties[party],
        reservation=case.guard.reservation,
        best=case.menu.view.best,
        round=case.timing.number,
        deadline=case.timing.deadline,
        closes=case.timing.closes,
        seconds_left=case.timing.seconds_left,
        time=_time(case),
        target=move.target,
        next_targets=_next_targets(case, turns if move.decision == "hold" else turns[1:]),
        offer_value=None if outcome is None else case.guard.worth(outcome),
        offer_problem=None if standing is None else standing.problem,
        offer_gap=None if outcome is None else gap(case.menu, case.belief, party, outcome),
        package_values=_values(case, listed),
        other_values={
            problem.parties[i]: tuple(float(worth[i]) for worth in worths) for i in others
        },
        acceptance=tuple(chances.of(package, case.timing.number) for package in listed),
        gaps=tuple(0.0 if each is None else each for each in gaps) if len(others) == 1 else (),
        continuation=None if move.decision == "walk" else _going_on(case, chances, turns),
        opponents=chances.opponents(),
        references=dict(case.references or {}),
        pending_decision=move.pending_decision,
        pending=tuple(package_of(problem, each) for each in move.pending),
        pending_values=_values(case, move.pending),
        claims=tuple(
            Claimed("claimed", problem.parties[i], remark.kind, remark.text)
            for i, remark in case.story.remarks
        ),
        conflict=case.conflict,
        state=sealed(
            problem,
            party,
            case.story,
            listed if move.decision == "counter" else (),
            case.key,
        ),
    )
    return Advice(VERSION, move.decision, move.reasons, _public(case, move), private)


def package_of(problem: BargainingProblem, outcome: Outcome) -> Package:
    """Return an outcome as a package."""
    return Package(tuple(Term(i.name, outcome[i.name], i.unit) for i in problem.space.issues))


def _public(case: Case, move: Move) -> PublicAdvice:
    problem, party, offers = case.problem, case.party, case.story.offers
    # that a person is asked is nobody's business
    decision: PublicDecision = "hold" if move.decision == "escalate" else move.decision
    packages = tuple(package_of(problem, package) for package in move.packages)
    if move.decision != "counter":
        return PublicAdvice(decision, packages)
    return PublicAdvice(
        decision,
        packages,
        withdraws=tuple(package_of(problem, each) for each in move.withdraws),
        facts=voice.facts(problem, party, offers, move.packages),
        questions=voice.questions(problem, party, offers, move.packages),
        respond_by=case.timing.respond_by,
    )


def _values(case: Case, packages: Sequence[Outcome]) -> tuple[float, ...]:
    return tuple(float(case.problem.evaluate(package)[case.party]) for package in packages)


def _time(case: Case) -> float:
    if case.timing.is_over or case.timing.is_last_answer:
        return 1.0
    return float(case.times[case.timing.number])


def _next_targets(case: Case, turns: Sequence[int]) -> tuple[float, ...]:
    return tuple(case.target(number) for number in turns[:NEXT_TARGETS])


def _going_on(case: Case, chances: Chances, turns: Sequence[int]) -> float | None:
    if not turns or not chances.known:
        return None
    picks = np.unique(np.linspace(0, len(turns) - 1, case.menu.looks).round().astype(int))
    now, start = case.timing.number, float(case.times[min(case.timing.number, turns[0])])
    course = []
    for pick in picks:
        number = turns[pick]
        later = max(float(case.times[number]) - start, 0.0)
        course.append((case.target(number), number - now, later))
    try:
        return continuation(
            case.menu, chances, case.problem, case.party, course, now, case.guard.reservation
        )
    except BargainError:
        return None
