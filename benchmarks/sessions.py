"""Sessions per second of the batch kernel: 1,000 outcomes, deadline 100, warm.

Run it from the repository: python benchmarks/sessions.py. Paths are tabulated once per policy
and side; what is timed is play alone, then tabulation and play of search candidates. Compile
time is printed apart (near 0 where the code was cached by an earlier run).
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numba
import numpy as np

from bargain import AdditiveUtility, BargainingProblem, Issue
from bargain.kernels.sessions import play_candidates, play_pairs
from bargain.kernels.threads import in_slices
from bargain.play import PartyView, TimeDependent, alternating_offers, round_times

DEADLINE = 100
SESSIONS = 1_000_000
CANDIDATES = 1_000
REPEATS = 7


def random_problem(seed: int) -> BargainingProblem:
    generator = np.random.default_rng(seed)
    issues = [Issue.integer(name, 0, 9) for name in "abc"]

    def utility() -> AdditiveUtility:
        weights = generator.dirichlet(np.ones(3))
        return AdditiveUtility(
            {issue.name: dict(enumerate(generator.random(10).tolist())) for issue in issues},
            weights=dict(zip("abc", weights.tolist(), strict=True)),
        )

    return BargainingProblem(issues, {"a": utility(), "b": utility()})


def best_of(work: Callable[[], None]) -> float:
    spent = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def report(label: str, sessions: int, work: Callable[[], None]) -> None:
    for threads in (1, 2):
        if threads <= numba.config.NUMBA_NUM_THREADS:
            numba.set_num_threads(threads)
            seconds = best_of(work)
            print(f"{label:<44} {threads} thread(s) {sessions / seconds:>14,.0f} sessions/s")


def main() -> None:
    problem = random_problem(1)
    views = [PartyView.of(problem, i) for i in (0, 1)]

    start = time.perf_counter()
    alternating_offers(problem, ("boulware", "linear"), deadline=1)
    print(f"first single session in this process: {time.perf_counter() - start:.2f} s")

    for label, betas in (("quick", (0.25, 0.4, 0.8)), ("hard", (0.05, 0.1, 0.2))):
        measure(label, betas, problem, views)


def measure(
    label: str, betas: tuple[float, ...], problem: BargainingProblem, views: list[PartyView]
) -> None:
    times = round_times(DEADLINE)
    table = problem.utilities()
    policies = [TimeDependent(beta=beta, k=0.01 * i) for beta in betas for i in range(4)]
    plans = [policy.plan(views[side], times) for side in (0, 1) for policy in policies]
    n = len(policies)
    sides = np.repeat([0, 1], n)
    rows = np.array([plan.rows for plan in plans])
    worth = table[rows, 1 - sides[:, None]]
    least = np.array([plan.thresholds for plan in plans])
    stays = np.full(2 * n, DEADLINE)
    generator = np.random.default_rng(2)
    meetings = generator.integers(n, size=(SESSIONS, 2)) + np.array([0, n])
    firsts, which = np.zeros(SESSIONS, dtype=np.int64), np.arange(SESSIONS)
    results = np.empty((SESSIONS, 4), dtype=np.int64)
    paths = (meetings, firsts, rows, worth, least, stays, stays)

    def part(start: int, stop: int) -> None:
        play_pairs(start, stop, which, *paths, results)

    def play() -> None:
        in_slices(part, SESSIONS, steps=SESSIONS, steps_per_thread=20_000)

    start = time.perf_counter()
    play()
    print(f"compiling or loading play_pairs: {time.perf_counter() - start:.2f} s")
    agreed = results[:, 1] >= 0
    rounds = results[:, 0].mean() + 1
    name = f"{label} ({rounds:.0f} rounds, {agreed.mean():.0%} agreed)"
    report(f"play_pairs, {name}", SESSIONS, play)

    beta = np.geomspace(betas[0], betas[-1], CANDIDATES)
    aspirations = np.array([TimeDependent(beta=b).aspiration(times) for b in beta])
    scales, offsets = np.ones(CANDIDATES), np.zeros(CANDIDATES)
    opens = np.array([True, False])
    outcome = np.empty((CANDIDATES, n, 2, 2), dtype=np.int64)
    own = (views[0].ascending, views[0].order, views[1].utilities, views[0].reservation)
    pool = (rows[n:], table[rows[n:], 0], least[n:], stays[n:])

    def search() -> None:
        play_candidates(aspirations, scales, offsets, *own, *pool, opens, outcome)

    start = time.perf_counter()
    search()
    print(f"compiling or loading play_candidates: {time.perf_counter() - start:.2f} s")
    report("play_candidates, tabulation included", CANDIDATES * n * 2, search)


if __name__ == "__main__":
    main()
