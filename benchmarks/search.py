"""How long best responses take.

Run it from the repository: PYTHONPATH=. python benchmarks/search.py. Times are of one call, warm,
without imports and compilation. How near `evolve` comes to them: yardsticks.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import bargain as bg
from tests.search.yardsticks import pie


def seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def large(side: int) -> bg.BargainingProblem:
    """Return two issues of so many values each; the parties want opposite things."""
    issues = [bg.Issue.integer(name, 0, side - 1) for name in ("x", "y")]
    return bg.BargainingProblem(
        issues,
        {
            "me": bg.AdditiveUtility({"x": bg.Linear(0, 2), "y": bg.Linear(0, 1)}),
            "you": bg.AdditiveUtility({"x": bg.Linear(1, 0), "y": bg.Linear(2, 0)}),
        },
    )


def times() -> None:
    print("| other side | outcomes | rounds | types | s |\n|---|---:|---:|---:|---:|")
    million = large(1000)
    chances = million.utilities()[:, 1] / 3.0
    conceding = 3.0 - np.outer(np.linspace(0.2, 0.9, 20) * 3.0, np.linspace(0, 1, 100))
    wide = pie(np.arange(100_001) / 100_000)
    generator = np.random.default_rng(0)
    pool = [
        bg.TimeDependent(beta=float(beta), floor=float(floor))
        for beta, floor in zip(
            np.exp(generator.normal(size=200)), generator.random(200), strict=True
        )
    ]
    cases: list[tuple[str, bg.BargainingProblem, Any, int, int]] = [
        ("memoryless", million, bg.MemorylessResponder(chances), 100, 0),
        ("thresholds that fall", million, bg.ThresholdResponders(conceding), 100, 20),
        ("uniform reservation", wide, bg.ReservationBelief(0, 1), 100, 100_000),
        ("pool of TimeDependent", bg.load("rental"), pool[:20], 100, 20),
        ("pool of TimeDependent", bg.load("rental"), pool, 100, 200),
        ("pool of TimeDependent", bg.load("rental"), pool[:3], 10_000, 3),
    ]
    for name, problem, opponents, deadline, types in cases:
        problem.utilities()

        def call(
            problem: bg.BargainingProblem = problem, opponents: Any = opponents, t: int = deadline
        ) -> Any:
            return bg.best_response(problem, party=0, opponents=opponents, deadline=t)

        bg.best_response(problem, party=0, opponents="linear", deadline=2)
        taken = seconds(call)
        print(f"| {name} | {problem.space.size:,} | {deadline:,} | {types:,} | {taken:.2f} |")
    taken = seconds(
        lambda: bg.greedy_concession(million, party=0, acceptance=chances, deadline=100)
    )
    print(f"| without repeats | {million.space.size:,} | 100 | | {taken:.2f} |")


if __name__ == "__main__":
    times()
