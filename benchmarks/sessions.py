"""Sessions a second by `play_sessions`, and what the first call costs.

    python benchmarks/sessions.py [--part speed|problems|search|sizes|huge|start ...]

Speeds of one thread are taken in CPU time, so that a machine shared with others tells the same;
those of two threads in wall time, which only a quiet one tells rightly. What two threads can give
at best follows from the part that one does alone (Amdahl), which CPU time tells on any machine.

The domain is of three issues of ten values, 1,000 outcomes, weights and values drawn, reservation
0, 100 rounds. "quick" and "tough" are concessions by time of twelve policies a side, everybody
against everybody.

`negmas_sessions.py` measures beside NegMAS.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np

import bargain as bg
from bargain.kernels import threads
from bargain.kernels.sessions import play_paths, tabulate
from bargain.play import PartyView, round_times

ROUNDS = 100
REPEATS = 7


def domain(sizes: Sequence[int] = (10, 10, 10), seed: int = 1) -> bg.BargainingProblem:
    """Return a random additive problem of two parties."""
    generator = np.random.default_rng(seed)
    parties = {}
    for name in ("first", "second"):
        weights = generator.dirichlet(np.ones(len(sizes))).tolist()
        worths = {
            f"i{j}": dict(enumerate(generator.random(size).tolist()))
            for j, size in enumerate(sizes)
        }
        parties[name] = bg.AdditiveUtility(worths, dict(zip(worths, weights, strict=True)))
    issues = [bg.Issue.integer(f"i{j}", 0, size - 1) for j, size in enumerate(sizes)]
    return bg.BargainingProblem(issues, parties)


def curves(betas: Sequence[float]) -> list[bg.TimeDependent]:
    return [bg.TimeDependent(beta=beta, k=0.01 * i) for beta in betas for i in range(4)]


FIELD: dict[str, tuple[list[Any], int, str]] = {
    "by time, quick": (curves((0.25, 0.4, 0.8)), 1_000_000, "5,000,000"),
    "by time, tough": (curves((0.05, 0.1, 0.2)), 1_000_000, "2,000,000"),
    "MiCRO": ([bg.MiCRO()], 1_000_000, "5,000,000"),
    "HardHeaded's model, quick": (
        [bg.TradeOff(curve, "hardheaded") for curve in curves((0.25, 0.4, 0.8))], 20_000, "60,000",
    ),
    "HardHeaded's model, tough": (
        [bg.TradeOff(curve, "hardheaded") for curve in curves((0.05, 0.1, 0.2))], 20_000, "60,000",
    ),
    "Smith's model, tough": (
        [bg.TradeOff(curve, "smith") for curve in curves((0.05, 0.1, 0.2))], 20_000, "60,000",
    ),
    "similarity, tough": (
        [bg.TradeOff(curve) for curve in curves((0.05, 0.1, 0.2))], 20_000, "",
    ),
    "tit-for-tat": ([bg.TitForTat()], 20_000, ""),
    "random above half": ([bg.RandomOffers(0.5)], 100_000, ""),
}  # fmt: skip


def best_of(
    work: Callable[[], object], clock: Callable[[], float], repeats: int = REPEATS
) -> float:
    spent = []
    for _ in range(repeats):
        start = clock()
        work()
        spent.append(clock() - start)
    return min(spent)


def at_once(work: Callable[[], object]) -> float:
    """Return which part of some work threads share, in CPU time."""
    whole, in_slices, parts = [], threads.in_slices, []

    def timed(*given: Any, **options: Any) -> None:
        start = time.thread_time()
        in_slices(*given, **options)
        parts[-1] += time.thread_time() - start

    threads.in_slices = timed
    try:
        for _ in range(REPEATS):
            parts.append(0.0)
            whole.append(best_of(work, time.thread_time, 1))
    finally:
        threads.in_slices = in_slices
    least = int(np.argmin(whole))
    return parts[least] / whole[least]


def drawn(n_policies: int, sessions: int) -> np.ndarray:
    return np.random.default_rng(2).integers(n_policies, size=(sessions, 2))


def speed() -> None:
    problem = domain()
    allowed = numba.get_num_threads()
    print("| sessions | rounds | a second, one thread | goal | two over one | at best |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, (policies, sessions, goal) in FIELD.items():
        meetings = drawn(len(policies), sessions)

        def play(policies: list[Any] = policies, meetings: np.ndarray = meetings) -> bg.Sessions:
            return bg.play_sessions(problem, policies, meetings, deadline=ROUNDS, seed=1)

        rounds = play()["round"].mean() + 1
        numba.set_num_threads(1)
        rate = sessions / best_of(play, time.process_time)
        ratio = ""
        if allowed > 1:
            one = two = np.inf
            for _ in range(REPEATS):  # in turn, as others come and go
                numba.set_num_threads(1)
                one = min(one, best_of(play, time.perf_counter, 1))
                numba.set_num_threads(2)
                two = min(two, best_of(play, time.perf_counter, 1))
            ratio = f"{one / two:.2f}"
        numba.set_num_threads(1)
        shared = at_once(play)
        best = f"{1 / (1 - shared / 2):.2f}"
        print(f"| {name} | {rounds:.0f} | {rate:,.0f} | {goal} | {ratio} | {best} |", flush=True)
    numba.set_num_threads(allowed)


def problems() -> None:
    """Let policies meet over several problems, measured and all."""
    numba.set_num_threads(1)
    table = {f"p{seed}": domain(seed=seed) for seed in range(8)}
    pool = curves((0.25, 0.4, 0.8))
    mixed = {f"m{i}": bg.Mixture([one, "linear"]) for i, one in enumerate(pool)}
    for name, players, again in (("by time", pool, 1), ("mixtures", mixed, 100)):

        def play(players: Any = players, again: int = again) -> bg.Tournament:
            return bg.tournament(table, players, deadline=ROUNDS, repetitions=again, seed=1)

        count = len(play())
        rate = count / best_of(play, time.process_time, 3)
        print(f"tournament of 8 problems, {name}: {count:,} sessions, {rate:,.0f} a second")


def search() -> None:
    """Tabulate candidates of a search and play each against twelve opponents, opening or not."""
    problem, times, count = domain(), round_times(ROUNDS), 1_000
    views = [PartyView.of(problem, seat) for seat in (0, 1)]
    plans = [policy.plan(views[1], times) for policy in curves((0.25, 0.4, 0.8))]
    rows = np.array([plan.rows for plan in plans])
    pool = (
        rows, views[0].utilities[rows], np.array([plan.thresholds for plan in plans]),
        np.full(len(plans), ROUNDS),
    )  # fmt: skip
    shares = [
        bg.TimeDependent(beta=beta).aspiration(times) for beta in np.geomspace(0.25, 0.8, count)
    ]
    own = (views[0].ascending, views[0].order, views[0].utilities, views[0].reservation)
    opens, met = np.array([True, False]), np.empty((count, len(plans), 2, 1, 2), dtype=np.int64)
    ones, zeros, known = np.ones(count), np.zeros(count), np.ones(count, dtype=bool)
    mine = np.empty((count, ROUNDS), dtype=np.int64), np.empty((count, ROUNDS))
    aspirations, against = np.array(shares), np.arange(len(plans))

    def play() -> None:
        tabulate(0, count, known, aspirations, ones, zeros, ones, *own, *mine)
        play_paths(0, count, known, *mine, views[1].utilities, against, *pool, opens, met)

    play()
    allowed = numba.get_num_threads()
    numba.set_num_threads(1)
    rate = count * len(plans) * 2 / best_of(play, time.process_time)
    numba.set_num_threads(allowed)
    print(f"candidates of a search, tabulation included: {rate:,.0f} sessions a second")


def sizes() -> None:
    numba.set_num_threads(1)
    policies = FIELD["HardHeaded's model, tough"][0]

    def rate(problem: bg.BargainingProblem, sessions: int, rounds: int = ROUNDS) -> str:
        def play() -> None:
            bg.play_sessions(problem, policies, meetings, deadline=rounds, seed=1)

        meetings = drawn(len(policies), sessions)
        play()
        return f"{sessions / best_of(play, time.process_time, 3):,.0f} a second"

    print("HardHeaded's model on both sides, tough, one thread")
    for digits in (2, 3, 4, 5, 6):
        problem = domain((10,) * digits)
        print(f"  {10**digits:>9,} outcomes   {rate(problem, 2_000)}", flush=True)
    for rounds in (10, 100, 1_000):
        print(f"  deadline {rounds:>9,}   {rate(domain(), 2_000, rounds)}", flush=True)
    for batch in (1, 100, 10_000):
        print(f"  sessions a call {batch:>6,}   {rate(domain(), batch)}", flush=True)


def huge() -> None:
    numba.set_num_threads(1)
    for n_issues in (20, 100):
        policies = ["boulware", "linear", "conceder", "micro"]
        for again in (False, True):
            problem = domain((10,) * n_issues)
            clock = time.process_time
            start = clock()
            bg.alternating_offers(problem, ["boulware", "linear"], deadline=ROUNDS)
            first = clock() - start
            start = clock()
            bg.alternating_offers(problem, ["boulware", "linear"], deadline=ROUNDS)
            next_one = clock() - start
            start = clock()
            bg.play_sessions(problem, policies, deadline=ROUNDS)
            batch = clock() - start
            if again:
                print(
                    f"10^{n_issues} outcomes: first session {first * 1e3:.0f} ms, the next "
                    f"{next_one * 1e3:.0f} ms; 16 pairs of four policies {batch * 1e3:.0f} ms"
                )


STARTS = {
    "one session of two concessions": 'bg.alternating_offers(p, ["linear"] * 2, deadline=9)',
    "play_sessions, concessions": 'bg.play_sessions(p, ["linear"], deadline=9)',
    "play_sessions, all others": 'bg.play_sessions(p, ["linear", "tit_for_tat"], deadline=9)',
    "a huge space": 'bg.alternating_offers(h, ["linear"] * 2, deadline=9)',
}


def start() -> None:
    """Time first calls, each in what has been compiled by those before it."""
    lines = [
        "import time", "import bargain as bg", "from benchmarks.sessions import domain",
        "p, h = domain(), domain((10,) * 20)", "p.utilities()", "clock = time.process_time",
    ]  # fmt: skip
    for name, call in STARTS.items():
        lines += ["t = clock()", call, f"print(f'  {{clock() - t:6.2f}} s  {name}')"]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NUMBA_CACHE_DIR": folder, "PYTHONPATH": os.getcwd()}
        for label in ("first calls, nothing compiled yet:", "first calls, compiled code on disk:"):
            print(label, flush=True)
            subprocess.run([sys.executable, "-c", "\n".join(lines)], env=environment, check=True)


PARTS = {part.__name__: part for part in (speed, problems, search, sizes, huge, start)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", nargs="*", choices=PARTS, default=list(PARTS))
    for chosen in parser.parse_args().part:
        PARTS[chosen]()
