"""Problems whose best policy is known exactly, to measure a search by.

Each yardstick says what the best policy can expect, and what any given policy can: by playing it,
with `play_sessions`.

    for yard in (*persistent(), *populations("curve"), *populations("packages")):
        found = bg.evolve(
            yard.problem, party=yard.party, opponents=yard.opponents,
            deadline=yard.deadline, first=yard.first, seed=1,
        )
        ratio = yard.share_of_optimum(found.policy)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import bargain as bg
from bargain.play import Plan
from bargain.play.policy import plan_of
from bargain.play.session import round_times
from bargain.play.view import PartyView


@dataclass(frozen=True, eq=False)
class Holdout:
    """Always offer the own best outcome, and accept from given levels of own utility on."""

    levels: Any

    def plan(self, view, times):
        levels = np.array(self.levels, dtype=float)
        rows = np.full(len(times), view.ranking[0])
        return Plan(rows, np.broadcast_to(levels, (len(times),)).copy())


@dataclass(frozen=True, eq=False)
class Yardstick:
    """One party, and opponents that are equally likely; repeated ones are as much likelier.

    Attributes
    ----------
    optimum : float
        The largest expected own utility of any policy, after waiting.
    """

    name: str
    problem: Any
    party: str
    deadline: int
    first: str
    opponents: tuple[Any, ...]
    optimum: float

    def value_of(self, policy):
        """Return the mean own utility of a policy, after waiting, over all opponents."""
        seat, n = self.problem.party_index(self.party), len(self.opponents)
        meetings = np.column_stack([np.zeros(n, dtype=int), np.arange(1, n + 1)])
        sessions = bg.play_sessions(
            self.problem,
            [policy, *self.opponents],
            meetings if seat == 0 else meetings[:, ::-1],
            deadline=self.deadline,
            first=self.first,
        )
        times, utilities = round_times(self.deadline), self.problem.utilities()
        values = []
        for r, row in zip(sessions["round"].tolist(), sessions["row"].tolist(), strict=True):
            worth = utilities[row] if row >= 0 else self.problem.disagreement_point
            values.append(self.problem.delayed(worth, round=r, time=float(times[r]))[seat])
        return float(np.mean(values))

    def share_of_optimum(self, policy):
        """Return the expected gain of a policy as a share of what the best one expects."""
        d = float(self.problem.disagreement_point[self.problem.party_index(self.party)])
        return (self.value_of(policy) - d) / (self.optimum - d)


@dataclass(frozen=True, eq=False)
class Independent:
    """One party makes n offers, each accepted with a chance of its own, drawn anew each time.

    What a planned policy expects is a sum. A search plays it as a pool of draws, see `sampled`.
    """

    name: str
    problem: Any
    party: str
    acceptance: Any
    offers: int
    optimum: float

    def value_of(self, policy, *, alternating=False):
        """Return what a planned policy expects that proposes in every round, or in every second."""
        view = PartyView.of(self.problem, self.party)
        step = 2 if alternating else 1
        rows = plan_of(policy, view, round_times(step * (self.offers - 1) + 1)).rows[::step]
        expected, refused = 0.0, 1.0
        for row in rows:
            expected += refused * self.acceptance[row] * view.utilities[row]
            refused *= 1.0 - self.acceptance[row]
        return expected + refused * view.reservation

    def sampled(self, count, seed=1950):
        """Return opponents who drew beforehand what they will accept in each round.

        Each draw is stratified over the opponents; in the rounds between they propose nothing
        worth having. A search over `2 * offers - 1` rounds, opened by the party, meets the
        responder's chances as the mean over them.
        """
        generator = np.random.default_rng(seed)
        levels = np.ones((count, 2 * self.offers - 1))
        for r in range(0, levels.shape[1], 2):
            strata = (np.arange(count) + generator.random(count)) / count
            levels[:, r] = generator.permutation(strata)
        return tuple(Holdout(row) for row in levels)


def pie(worths):
    """Share one unit: outcomes worth x and 1 - x."""
    worths = np.unique(worths)
    names = [f"x{i}" for i in range(len(worths))]
    tables = [dict(zip(names, side.tolist(), strict=True)) for side in (worths, 1.0 - worths)]
    return bg.BargainingProblem(
        [bg.Issue.choice("share", names)],
        {
            "me": bg.AdditiveUtility({"share": tables[0]}),
            "you": bg.AdditiveUtility({"share": tables[1]}),
        },
    )


# Baarslag, Hadfi, Hindriks, Ito and Jonker 2016: B_{j+1} = (1 + U_j) / 2, U_{j+1} = B_{j+1}^2
BIDS = (
    0.5, 0.625, 0.695312, 0.741730, 0.775082, 0.800376, 0.820301, 0.836447, 0.849821, 0.861098,
)  # fmt: skip


def bids(n):
    """Return the best bids with 1, ..., n offers left."""
    found, value = [], 0.0
    for _ in range(n):
        found.append((1.0 + value) / 2.0)
        value = found[-1] ** 2
    return found


def independent():
    """Ten cases: 1 to 10 offers to a responder that accepts a demand B with chance 1 - B."""
    cases = []
    for n in range(1, 11):
        problem = pie(np.concatenate([np.linspace(0.0, 1.0, 101), bids(n)]))
        acceptance = problem.utilities()[:, 1]
        cases.append(
            Independent(f"independent-{n}", problem, "me", acceptance, n, bids(n)[-1] ** 2)
        )
    return cases


def persistent():
    """Ten cases: 1 to 10 offers, one reservation value that stays, uniform on [0, 1].

    As so many equally likely types that the best schedule x_i = 1 - i / (n + 1) hits levels of
    theirs exactly: the optimum is n / (2 (n + 1)) as with a continuum. The other side proposes
    nothing worth having in the rounds between.
    """
    cases = []
    for n in range(1, 11):
        steps = 12 * (n + 1)
        problem = pie(1.0 - np.arange(steps + 1) / steps)
        # as 1 - x comes out in float64, so that no type is missed by a rounding error
        levels = np.sort(problem.utilities()[:, 1])[1:]
        opponents = tuple(Holdout(level) for level in levels)
        optimum = n / (2.0 * (n + 1))
        cases.append(
            Yardstick(f"persistent-{n}", problem, "me", 2 * n - 1, "me", opponents, optimum)
        )
    return cases


def populations(kind="curve", count=20):
    """Seeded problems against a population of threshold responders.

    Types concede along one curve to floors of their own, so that they are nested; some
    populations never concede. Every second time waiting costs the party up to 4 % a round.

    Parameters
    ----------
    kind : "curve" or "packages"
        One issue of 201 outcomes along a bent frontier, every one efficient; or three issues of
        five values each, where few outcomes are.
    """
    return [_population(kind, seed) for seed in range(count)]


def _population(kind, seed):
    generator = np.random.default_rng([1950, kind == "packages", seed])
    if kind == "curve":
        x = np.linspace(0.0, 1.0, 201)
        bend = generator.uniform(0.6, 2.5, size=2)
        names = [f"x{i:03}" for i in range(len(x))]
        issues = [bg.Issue.choice("deal", names)]
        sides = [
            {"deal": dict(zip(names, (worth ** (1.0 / power)).tolist(), strict=True))}
            for worth, power in zip((x, 1.0 - x), bend, strict=True)
        ]
    else:
        names = [f"v{i}" for i in range(5)]
        issues = [bg.Issue.choice(f"i{i}", names) for i in range(3)]
        sides = [{}, {}]
        for side in sides:
            weights = generator.dirichlet(np.ones(3) * 2)
            for issue, weight in zip(issues, weights, strict=True):
                values = generator.random(5)
                values = weight * (values - values.min()) / (values.max() - values.min())
                side[issue.name] = dict(zip(names, values.tolist(), strict=True))
    factor = 1.0 if seed % 2 else generator.uniform(0.96, 1.0)
    problem = bg.BargainingProblem(
        issues,
        [
            bg.Party("me", bg.AdditiveUtility(sides[0]), 0.0, discount_factor=factor),
            bg.Party("you", bg.AdditiveUtility(sides[1]), 0.0),
        ],
    )
    deadline = int(generator.integers(10, 41))
    n_types = int(generator.integers(3, 9))
    floors = np.sort(generator.uniform(0.05, 0.8, size=n_types))
    copies = generator.integers(1, 4, size=n_types)
    times = round_times(deadline)
    held = 1.0 - times ** (1.0 / generator.uniform(0.1, 3.0))
    if seed % 5 == 0:
        held = np.zeros(deadline)
    best = problem.utilities()[:, 1].max()
    types = [Holdout(best * (floor + (1.0 - floor) * held)) for floor in floors]
    opponents = tuple(
        one for one, times in zip(types, copies, strict=True) for _ in range(int(times))
    )
    first = ("me", "you")[int(generator.integers(2))]
    found = bg.best_response(
        problem, party="me", opponents=opponents, deadline=deadline, first=first
    )
    name = f"{kind}-{seed}"
    return Yardstick(name, problem, "me", deadline, first, opponents, found.value)
