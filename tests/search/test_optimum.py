"""Searches against populations whose best reply is known exactly.

Types accept from a level of their own on that falls with time, one type always below the next, and
offer nothing worth having. So the best course is a sequence of demands, found backwards: with the
types from `low` on left, a demand that those up to k accept ends the session with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import bargain as bg
from bargain.play import Plan


@dataclass(frozen=True)
class Holdout:
    """Ask for its best outcome, and accept from a share on that falls to a floor."""

    beta: float
    floor: float

    def plan(self, view, times):
        shares = bg.TimeDependent(self.beta, self.floor).aspiration(times)
        levels = view.reservation + shares * (view.best - view.reservation)
        return Plan(np.full(len(times), view.ranking[0]), levels)


def best_share(problem, types, deadline, *, opens):
    """What the first party expects at most, as a share of its attainable gain."""
    own, other = bg.PartyView.of(problem, 0), bg.PartyView.of(problem, 1)
    times = bg.play.round_times(deadline)
    levels = np.array([one.plan(other, times).thresholds for one in types])
    assert (np.diff(levels, axis=0) >= 0).all()
    n, offered = len(types), max(own.utilities[other.ranking[0]], own.reservation)
    # in the end what they ask for can be had
    value = np.array([(n - low) / n * offered for low in range(n + 1)])
    for t in range(deadline - 1, -1, -1):
        if (t % 2 == 0) == opens:
            demand = [own.utilities[other.utilities >= levels[k, t]].max() for k in range(n)]
            value = np.array(
                [
                    max(
                        value[low],
                        *((k - low + 1) / n * demand[k] + value[k + 1] for k in range(low, n)),
                    )
                    for low in range(n)
                ]
                + [0.0]
            )
    return float(own.shares(value[0]))


@pytest.mark.parametrize(("method", "population"), [("de", 32), ("cma", 16)])
def test_a_search_comes_within_two_percent_of_the_best_reply_and_one_on_average(method, population):
    ratios = []
    for seed in range(6):
        problem = bg.random_problem(sizes=(5, 5, 5), opposition=0.5, reservation=0.0, seed=seed)
        generator = np.random.default_rng(seed)
        beta, floors = np.exp(generator.uniform(-1.5, 1)), np.sort(generator.uniform(0.1, 0.9, 6))
        types = [Holdout(float(beta), float(floor)) for floor in floors]
        optimum = best_share(problem, types, 20, opens=True)
        found = bg.evolve(
            problem,
            party="a",
            opponents=types,
            deadline=20,
            first="a",
            seed=seed,
            method=method,
            population=population,
            evaluations=4_000,
        )
        assert found.train.share <= optimum + 1e-12
        ratios.append(found.train.share / optimum)
    assert min(ratios) >= 0.98
    assert np.mean(ratios) >= 0.99
