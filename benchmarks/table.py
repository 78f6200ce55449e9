"""Sessions a second at the compiled table; `negmas_sessions.py` has NegMAS's on the same domain.

The domain is the one the figures of other frameworks are quoted for: five issues of four values,
1,024 outcomes, weights and values drawn per seed, reservation 0, 100 rounds.

    python benchmarks/table.py [--sessions 20000]
"""

from __future__ import annotations

import argparse
import time

import numba
import numpy as np

import bargain as bg

ROUNDS = 100
FIELD = {
    "conceder": bg.TimeDependent(beta=5.0),
    "boulware": bg.TimeDependent(beta=0.2),
    "micro": bg.MiCRO(),
    "tit_for_tat": bg.TitForTat(),
    "similarity": bg.TradeOff(bg.TimeDependent(beta=0.2)),
    "hardheaded": bg.TradeOff(bg.TimeDependent(beta=0.2), "hardheaded"),
    "smith": bg.TradeOff(bg.TimeDependent(beta=0.2), "smith"),
    "random": bg.RandomOffers(0.5),
}


def domain(seed: int, sizes: tuple[int, ...] = (4, 4, 4, 4, 4)) -> bg.BargainingProblem:
    """Return a random additive problem of two parties."""
    generator = np.random.default_rng(seed)
    parties = {}
    for name in ("first", "second"):
        weights = generator.random(len(sizes)) + 0.1
        worths = {}
        for j, size in enumerate(sizes):
            drawn = generator.random(size)
            drawn = (drawn - drawn.min()) / (drawn.max() - drawn.min())
            worths[f"i{j}"] = dict(enumerate(drawn.tolist()))
        shares = dict(zip(worths, (weights / weights.sum()).tolist(), strict=True))
        parties[name] = bg.AdditiveUtility(worths, shares)
    issues = [bg.Issue.integer(f"i{j}", 0, size - 1) for j, size in enumerate(sizes)]
    return bg.BargainingProblem(issues, parties)


def speed(problem: bg.BargainingProblem, policy: object, sessions: int, rounds: int) -> tuple:
    """Return sessions a second, best of five, and the mean number of rounds of a pair."""
    meetings = np.zeros((sessions, 2), dtype=np.int64)
    best = np.inf
    for _ in range(5):
        start = time.perf_counter()
        found = bg.play_sessions(problem, [policy], meetings, deadline=rounds, seed=1)
        best = min(best, time.perf_counter() - start)
    return sessions / best, float(found["round"].mean()) + 1


def ours(sessions: int) -> None:
    problem = domain(0)
    print(f"1,024 outcomes, {ROUNDS} rounds, a policy against itself, batches of {sessions}")
    print(f"{'policy':12} {'rounds':>7} {'1 thread':>12} {'2 threads':>12} {'ratio':>6}")
    for name, policy in FIELD.items():
        speeds = []
        for threads in (1, 2):
            numba.set_num_threads(threads)
            rate, rounds = speed(problem, policy, sessions, ROUNDS)
            speeds.append(rate)
        ratio = speeds[1] / speeds[0]
        print(f"{name:12} {rounds:7.1f} {speeds[0]:12,.0f} {speeds[1]:12,.0f} {ratio:6.2f}")


def curve(sessions: int) -> None:
    numba.set_num_threads(1)
    hard = FIELD["hardheaded"]
    print("\ncost curve, one thread, hardheaded against itself: sessions a second")
    for sizes in ((10, 10), (10,) * 3, (10,) * 4, (10,) * 5, (10,) * 6):
        rate, rounds = speed(domain(0, sizes), hard, max(sessions // 20, 100), ROUNDS)
        print(f"  {10 ** len(sizes):>9,} outcomes {rate:12,.0f}   ({rounds:.0f} rounds)")
    for rounds in (10, 100, 1000):
        rate, used = speed(domain(0), hard, max(sessions // 10, 100), rounds)
        print(f"  deadline {rounds:>5} {rate:17,.0f}   ({used:.0f} rounds)")
    for batch in (1, 100, 10_000):
        rate, _ = speed(domain(0), hard, batch, ROUNDS)
        print(f"  batch {batch:>8} {rate:17,.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20_000)
    given = parser.parse_args()
    ours(given.sessions)
    curve(given.sessions)
