"""How near `evolve` comes to the exact optimum in ten seconds, and how long it takes to 1 %.

    PYTHONPATH=. python benchmarks/yardsticks.py [seconds] [method ...]
    PYTHONPATH=. python benchmarks/yardsticks.py sessions

Problems whose best policy is known (`tests/search/yardsticks.py`): every row of a responder that
draws anew whether it accepts, of one that keeps a reservation value, and populations of thresholds.
A ratio is that of expected gains, the policy's and the optimum's, from sessions played apart from
the search (for the first kind from its exact sum: the search sees 2,000 draws). Warm.

With `sessions` as the only argument: how many sessions ten seconds are on 1,000 outcomes and 100
rounds, by how many opponents there are.
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np

import bargain as bg
from tests.search.yardsticks import Independent, independent, persistent, populations

DRAWS = 2_000
WITHIN = 0.99
BETAS = (0.2, 0.35, 0.6, 1.0, 1.7, 2.9, 5.0, 8.0)
FLOORS = (0.1, 0.3, 0.5, 0.7)


class Reached(NamedTuple):
    """The ratios of the policy found and of random search, and when each came within 1 %."""

    ratio: float
    random: float
    seconds: float
    random_seconds: float
    sessions: int


def searched(yard: Any, seconds: float, method: Any) -> Reached:
    if isinstance(yard, Independent):
        opponents = yard.sampled(DRAWS)
        given = {"deadline": 2 * yard.offers - 1, "first": yard.party}
    else:
        opponents, given = yard.opponents, {"deadline": yard.deadline, "first": yard.first}
    result = bg.evolve(
        yard.problem,
        party=yard.party,
        opponents=opponents,
        held_out=["linear"],
        time_limit=seconds,
        method=method,
        seed=1950,
        **given,
    )

    def ratio(policy: Any) -> float:
        if isinstance(yard, Independent):
            return float(yard.value_of(policy, alternating=True) / yard.optimum)
        return float(yard.share_of_optimum(policy))

    best = ratio(result.policy)
    unit = result.train.share / best
    history, per_generation = result.history, result.seconds / len(result.history)

    def when(scores: np.ndarray) -> float:
        near = np.flatnonzero(scores >= WITHIN * unit)
        return float((near[0] + 1) * per_generation) if near.size else np.inf

    drawn = result.baselines["random search"].policy
    return Reached(best, ratio(drawn), when(history.best), when(history.random), result.sessions)


def main(seconds: float, methods: list[str]) -> None:
    kinds: dict[str, list[Any]] = {
        "draws anew, 1 to 10 offers": independent(),
        "one reservation value, 1 to 10 offers": persistent(),
        "population, one issue": populations("curve"),
        "population, packages": populations("packages"),
    }
    for yards in kinds.values():
        searched(yards[-1], 0.1, "de")
    columns = "mean | least | s to 1 %: median | most"
    print(f"| yardsticks, {seconds:g} s each | problems | method | {columns} |", end="")
    print(" random: mean | least | s to 1 %: median |")
    print("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, yards in kinds.items():
        for method in methods:
            found = [searched(yard, seconds, method) for yard in yards]
            ratio, drawn, when, when_drawn, _ = np.array(found).T
            print(
                f"| {name} | {len(yards)} | {method} | {ratio.mean():.4f} | {ratio.min():.4f} | "
                f"{np.median(when):.2f} | {when.max():.2f} | "
                f"{drawn.mean():.4f} | {drawn.min():.4f} | {np.median(when_drawn):.2f} |",
                flush=True,
            )


def sessions(seconds: float = 10.0) -> None:
    problem = bg.random_problem(sizes=(10, 10, 10), opposition=0.5, reservation=0.0, seed=1)
    curves = [bg.TimeDependent(beta, floor) for floor in FLOORS for beta in BETAS]
    print("| opponents | generations | sessions of the search | with random search |")
    print("|---:|---:|---:|---:|")
    for count in (4, 8, 16, 32):
        pool = [*curves[: count - 1], bg.MiCRO()]
        given: dict[str, Any] = {"party": 0, "opponents": pool, "deadline": 100, "seed": 1950}
        bg.evolve(problem, evaluations=200, **given)
        found = bg.evolve(problem, time_limit=seconds, **given)
        of_all = f"{found.sessions:,} | {2 * found.sessions:,}"
        print(f"| {count} | {len(found.history):,} | {of_all} |", flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    if given == ["sessions"]:
        sys.exit(sessions())
    main(float(given[0]) if given else 10.0, given[1:] or ["de", "cma"])
