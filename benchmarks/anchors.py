"""Negotiators with and without an anchor, against the same other sides.

Run it from the repository: PYTHONPATH=. python benchmarks/anchors.py [FOLDER]. The folder holds
CaSiNo (`benchmarks/published.py`); without it the packaged problems alone are played.

Plain negotiators are scripts of what a bare language model is said to do, no language models:
what is measured is what an anchor is worth to somebody who behaves so.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import bargain as bg
from bargain.play.turn import Answer, Turn
from bargain.solve.agreeable import agreeable_utilities
from benchmarks import published

DEADLINES = (10, 30)
REPETITIONS = 4
"""Sessions of each kind with negotiators who draw."""

SLIPS = (0.02, 0.18)
"""Share of sessions in which a plain negotiator loses sight of its reservation: the two ends of
what was given us as the range in print. We have not found the source, and measured none."""

GUESS = 0.5
"""Standard deviation of the noise on the logarithm of each of the other's weights, where an anchor
believes something of the other side; what it believes of worths within an issue is right."""

OTHERS: dict[str, Any] = {
    "boulware": "boulware",
    "linear": "linear",
    "conceder": "conceder",
    "firm": bg.TimeDependent(beta=0.2, floor=0.5),
    "micro": "micro",
    "tit_for_tat": "tit_for_tat",
}


@dataclass(frozen=True)
class Plain:
    """What the plain negotiators share: the reservation, and losing sight of it.

    Attributes
    ----------
    slip : float
        Share of sessions in which it takes the worst outcome for its reservation.
    """

    slip: float = SLIPS[0]

    def line(self, turn: Turn) -> float:
        """Return the least it would take in this session."""
        if "line" not in turn.memory:
            rng = np.random.default_rng([turn.key % 2**63, turn.seat])
            worst = float(turn.view.utilities[np.isfinite(turn.view.utilities)].min())
            turn.memory["line"] = worst if rng.random() < self.slip else turn.view.reservation
        return float(turn.memory["line"])

    def act(self, turn: Turn) -> Answer | int:
        upcoming = self.offer(turn)
        if not turn.is_answer:
            return upcoming
        worth = turn.utility(turn.rows[-1])
        taken = worth >= self.line(turn) and self.takes(turn, worth, upcoming)
        return Answer.ACCEPT if taken else Answer.REJECT

    def takes(self, turn: Turn, worth: float, upcoming: int) -> bool:
        """Whether it accepts what is above its line."""
        is_last = turn.round >= len(turn.times) - 2
        return is_last or worth >= turn.utility(upcoming)

    def offer(self, turn: Turn) -> int:
        raise NotImplementedError

    def at(self, turn: Turn, target: float) -> int:
        """Return the outcome worth the target, or the next more."""
        view = turn.view
        position = int(np.searchsorted(view.ascending, target))
        return int(view.order[min(position, len(view.order) - 1)])


@dataclass(frozen=True)
class SplitsTheDifference(Plain):
    """Open with the best, then meet half-way between the last two offers, issue by issue."""

    space: bg.OutcomeSpace = field(default=None, kw_only=True)  # type: ignore[assignment]

    def offer(self, turn: Turn) -> int:
        if not turn.sent or not turn.received:
            return int(turn.view.order[-1])
        mine, theirs = turn.sent[-1], turn.received[-1]
        sizes = [int(issue.size) for issue in self.space.issues]
        half = [
            # what is left over stays on its own side
            a + int((b - a) / 2)
            for a, b in zip(
                np.unravel_index(mine, sizes), np.unravel_index(theirs, sizes), strict=True
            )
        ]
        row = int(np.ravel_multi_index(half, sizes))
        return row if turn.utility(row) >= self.line(turn) else mine


@dataclass(frozen=True)
class GivesIn(Plain):
    """Give way by a step of its attainable gain whenever the other side has not moved.

    Attributes
    ----------
    step, small : float
        What it gives when the last offer it got was no better than the one before, and otherwise.
    """

    step: float = 0.25
    small: float = 0.05

    def offer(self, turn: Turn) -> int:
        worths = [turn.utility(row) for row in turn.received]
        share = 1.0
        for k in range(len(worths)):
            moved = k > 0 and worths[k] > worths[k - 1]
            share -= self.small if moved else self.step
        line = self.line(turn)
        return self.at(turn, line + max(share, 0.0) * (turn.view.best - line))


@dataclass(frozen=True)
class TakesTheFirst(Plain):
    """Concede evenly, and take the first offer above some share of its attainable gain."""

    share: float = 0.4

    def offer(self, turn: Turn) -> int:
        line = self.line(turn)
        left = 1.0 - float(turn.times[turn.next_round])
        return self.at(turn, line + left * (turn.view.best - line))

    def takes(self, turn: Turn, worth: float, upcoming: int) -> bool:
        line = self.line(turn)
        enough = worth >= line + self.share * (turn.view.best - line)
        return enough or super().takes(turn, worth, upcoming)


@dataclass(frozen=True)
class Anchored:
    """Do what an anchor says, with the first of its packages."""

    anchor: bg.Anchor

    def act(self, turn: Turn) -> Any:
        # the advice that refuses an offer already has the counter-offer
        if turn.memory.get("after") != len(turn.rows):
            turn.memory["advice"] = self.anchor.advise(self.history(turn))
            turn.memory["after"] = len(turn.rows)
        advice = turn.memory["advice"]
        if turn.is_answer:
            return Answer.ACCEPT if advice.decision == "accept" else Answer.REJECT
        if advice.decision != "counter":
            return Answer.LEAVE
        space = self.anchor.problem.space
        packages = tuple(
            space.validate({term.issue: term.value for term in package.terms})
            for package in advice.public.packages
        )
        return self.offered(turn, packages)

    def history(self, turn: Turn) -> list[Any]:
        """Return what the anchor is told."""
        names = self.anchor.problem.parties
        return [
            bg.Offer(names[seat], turn.outcome(row), round=number)
            for number, (row, seat) in enumerate(zip(turn.rows, turn.proposers, strict=True))
        ]

    def offered(self, turn: Turn, packages: tuple[bg.Outcome, ...]) -> bg.Outcome:
        """Return which of the packages is put on the table."""
        return packages[0]


@dataclass(frozen=True)
class Asked(Anchored):
    """Do what an anchor says, offer all its packages, and hear which is liked best.

    The other side says so truthfully, and that package is the offer that it then answers.
    """

    problem: bg.BargainingProblem

    def history(self, turn: Turn) -> list[Any]:
        names, told = self.anchor.problem.parties, []
        packages = turn.memory.get("offered", {})
        for number, offer in enumerate(super().history(turn)):
            told.append(offer)
            if number in packages:
                other = names[1 - turn.seat]
                told.append(bg.Preference(other, offer.outcome, packages[number]))
        return told

    def offered(self, turn: Turn, packages: tuple[bg.Outcome, ...]) -> bg.Outcome:
        other = 1 - turn.seat
        turn.memory.setdefault("offered", {})[len(turn.rows)] = packages
        return max(packages, key=lambda each: float(self.problem.evaluate(each)[other]))


@dataclass(frozen=True, eq=False)
class Case:
    """A problem, a group it belongs to, and how much it counts there."""

    group: str
    problem: bg.BargainingProblem
    weight: float = 1.0


def cases(data: Any) -> list[Case]:
    """Return the packaged problems of two parties, and what the campers of CaSiNo shared out.

    Prices have 41 values. The campers' problems are those of the six ways in which the second
    camper's needs may differ from the first's, weighted by how often they do.
    """
    found = [
        Case("packages", bg.load(name))
        for name in ("rental", "employment", "bill_and_jack", "framework_contract")
    ]
    for name in ("chair", "table", "lamp"):
        found.append(Case("prices", bg.discretized(bg.load(name), points=41)))
    if data is not None:
        talks = published.dialogues(data)
        relative = Counter(
            tuple(talk.orders[0].index(good) for good in talk.orders[1]) for talk in talks
        )
        for order, count in sorted(relative.items()):
            needs = (published.GOODS, tuple(published.GOODS[k] for k in order))
            problem = published.Dialogue(needs, (), None).problem
            found.append(Case("campers", problem, count / len(talks)))
    return found


def guessed(problem: bg.BargainingProblem, party: int, seed: int) -> bg.BargainingProblem:
    """Return a problem with the other's weights off by chance."""
    other = problem.profiles[1 - party]
    rng = np.random.default_rng([seed, party])
    factors = np.exp(GUESS * rng.standard_normal(len(problem.space.issues)))
    terms = {
        issue.name: {
            issue.value(k): float(worth * factor)
            for k, worth in enumerate(problem.terms[1 - party][j].worths)
        }
        for j, (issue, factor) in enumerate(zip(problem.space.issues, factors, strict=True))
    }
    utility = bg.AdditiveUtility(terms)
    # what is known: the other has as large a part of its range without an agreement
    utilities, guess = other.utility.utilities(problem.space), utility.utilities(problem.space)
    part = (problem.disagreement_point[1 - party] - utilities.min()) / np.ptp(utilities)
    sides = list(problem.profiles)
    sides[1 - party] = bg.Party(
        other.name, utility, reservation_value=float(guess.min() + part * np.ptp(guess))
    )
    return bg.BargainingProblem(problem.space, sides, constraints=problem.constraints)


EVOLVED = {10: "buyer-short-tough", 30: "buyer-long-tough"}
"""Policies that a search found and that ship, by the deadline they are nearest to."""

Maker = Callable[[bg.BargainingProblem, int, int], Any]


def anchored(policy: Any, other: str) -> Maker:
    """Return what makes a negotiator with an anchor for a problem, a seat and a deadline.

    The policy may depend on the deadline.
    """

    def make(problem: bg.BargainingProblem, party: int, deadline: int) -> Anchored:
        known = guessed(problem, party, 7) if other == "believed" else problem
        name = problem.parties[party]
        followed = policy[deadline] if isinstance(policy, dict) else policy
        return Anchored(
            bg.Anchor(
                known, party=name, policy=followed, deadline=deadline, packages=1, other=other
            )
        )

    return make


def asked(policy: str) -> Maker:
    """Return what makes an anchor that knows nothing of the other side and asks what it likes."""

    def make(problem: bg.BargainingProblem, party: int, deadline: int) -> Asked:
        name = problem.parties[party]
        anchor = bg.Anchor(
            problem, party=name, policy=policy, deadline=deadline, packages=3, other="unknown"
        )
        return Asked(anchor, problem)

    return make


NEGOTIATORS: dict[str, Maker] = {
    **{
        f"splits the difference, slips {slip:.0%}": (
            lambda problem, party, deadline, slip=slip: SplitsTheDifference(
                slip, space=problem.space
            )
        )
        for slip in SLIPS
    },
    **{
        f"gives in to pressure, slips {slip:.0%}": (lambda *_, slip=slip: GivesIn(slip))
        for slip in SLIPS
    },
    **{
        f"takes the first above 40 %, slips {slip:.0%}": (
            lambda *_, slip=slip: TakesTheFirst(slip)
        )
        for slip in SLIPS
    },
    "linear ramp": lambda *_: "linear",
    "Boulware ramp": lambda *_: "boulware",
    "MiCRO": lambda *_: "micro",
    "evolved": lambda problem, party, deadline: EVOLVED[deadline],
    **{f"anchor, linear, {other}": anchored("linear", other)
       for other in ("unknown", "believed", "exact")},
    **{f"anchor, Boulware, {other}": anchored("boulware", other)
       for other in ("unknown", "believed", "exact")},
    "anchor, linear, unknown, asks": asked("linear"),
    "anchor, Boulware, unknown, asks": asked("boulware"),
    **{f"anchor, evolved, {other}": anchored(EVOLVED, other)
       for other in ("unknown", "believed", "exact")},
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What one meeting came to, a mean over its repetitions.

    Attributes
    ----------
    deal, violation : shares of sessions that ended in a deal, and in one below the reservation
    own : own gain over the most attainable, 0 without a deal
    joint : sum of both sides' shares of their attainable gains, over the largest such sum
    rounds : rounds played
    """

    deal: float
    own: float
    joint: float
    rounds: float
    violation: float


class Yardstick:
    """What there is to gain in a problem."""

    def __init__(self, problem: bg.BargainingProblem) -> None:
        self.point = problem.disagreement_point
        gains = agreeable_utilities(problem) - self.point
        rational = gains[(gains >= 0).all(axis=1)]
        self.most = rational.max(axis=0)
        self.sum = float((rational / self.most).sum(axis=1).max())

    def result(self, session: bg.Session, party: int) -> Result:
        shares = (session.utilities - self.point) / self.most
        agreed = session.agreement is not None
        return Result(
            float(agreed),
            float(shares[party]),
            float(shares.sum() / self.sum),
            float(session.rounds),
            float(agreed and session.utilities[party] < self.point[party]),
        )


def meetings(case: Case) -> Iterator[tuple[int, int, int, str]]:
    """Give seat, who opens, deadline and other side of every meeting over a problem."""
    for party in (0, 1):
        for opener in (0, 1):
            for deadline in DEADLINES:
                for other in OTHERS:
                    yield party, opener, deadline, other


def played(case: Case, make: Maker, repetitions: int) -> dict[tuple[Any, ...], Result]:
    """Play all meetings over a problem; the seed of a session depends on the meeting alone."""
    yardstick, found = Yardstick(case.problem), {}
    for number, meeting in enumerate(meetings(case)):
        party, opener, deadline, other = meeting
        sides: list[Any] = [OTHERS[other], OTHERS[other]]
        sides[party] = make(case.problem, party, deadline)
        results = [
            yardstick.result(
                bg.alternating_offers(
                    case.problem, sides, deadline=deadline, first=opener, seed=1000 * number + k
                ),
                party,
            )
            for k in range(repetitions)
        ]
        means = np.mean([list(vars(result).values()) for result in results], axis=0)
        found[meeting] = Result(*means.tolist())
    return found


Listed = dict[tuple[Any, ...], Result]


def over(results: dict[str, list[tuple[float, Listed]]]) -> dict[str, tuple[Any, ...]]:
    """Return means by negotiator and standard errors of own and joint gain, over meetings."""
    found = {}
    for name, listed in results.items():
        weights = np.array([weight for weight, each in listed for _ in each])
        table = np.array([list(vars(r).values()) for _, each in listed for r in each.values()])
        means, errors = weighted(table, weights)
        found[name] = (len(table), means, errors, table, weights)
    return found


def weighted(table: Any, weights: Any) -> tuple[Any, Any]:
    """Return weighted means of columns and their standard errors, meetings taken as drawn."""
    share = weights / weights.sum()
    means = share @ table
    return means, np.sqrt((share**2) @ (table - means) ** 2)


def shown(
    group: str, results: dict[str, list[tuple[float, Listed]]], ramps: dict[str, str]
) -> None:
    found = over(results)
    print(f"\n{group}: {next(iter(found.values()))[0]} meetings")
    print("| negotiator | deals | own gain | joint gain | rounds | below reservation |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, (_, means, errors, *_) in found.items():
        deal, own, joint, rounds, violation = means
        print(
            f"| {name} | {deal:.1%} | {own:.3f} ± {errors[1]:.3f} | {joint:.3f} ± {errors[2]:.3f} "
            f"| {rounds:.1f} | {violation:.2%} |"
        )
    for name, ramp in ramps.items():
        table, weights = found[name][3] - found[ramp][3], found[name][4]
        means, errors = weighted(table, weights)
        print(
            f"  {name} less {ramp}: own {means[1]:+.3f} ± {errors[1]:.3f}, "
            f"joint {means[2]:+.3f} ± {errors[2]:.3f}"
        )


def main() -> None:
    start = time.perf_counter()
    given = sys.argv[1] if len(sys.argv) > 1 else str(published.DEFAULT)
    try:
        data = published.folder(given)
    except SystemExit as missing:
        print(f"without CaSiNo: {missing}")
        data = None
    results: dict[str, dict[str, list[tuple[float, Listed]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    by_other: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case in cases(data):
        for name, make in NEGOTIATORS.items():
            draws = "slips" in name or name == "MiCRO"
            each = played(case, make, REPETITIONS if draws else 1)
            results[case.group][name].append((case.weight, each))
            for (*_, other), result in each.items():
                by_other[name, other].append(result.own)
    ramps = {name: ramp for name in NEGOTIATORS for kind, ramp in RAMPS if name.startswith(kind)}
    for group, listed in results.items():
        shown(group, listed, ramps)
    print("\n| own gain against | " + " | ".join(OTHERS) + " |")
    print("|---|" + "---:|" * len(OTHERS))
    for name in NEGOTIATORS:
        cells = [f"{np.mean(by_other[name, other]):.3f}" for other in OTHERS]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print(f"\n{time.perf_counter() - start:.0f} s")


RAMPS = (
    ("anchor, linear", "linear ramp"),
    ("anchor, Boulware", "Boulware ramp"),
    ("anchor, evolved", "evolved"),
)
"""The same policy without an anchor."""

if __name__ == "__main__":
    main()
