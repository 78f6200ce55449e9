"""Sessions a second beside NegMAS: the same problem, the same strategies, offer for offer.

    PYTHONPATH=. NUMBA_NUM_THREADS=1 taskset -c 1 python benchmarks/negmas_sessions.py

in an environment with the extra `peers`. The domains have 1,024 outcomes, drawn
per seed, reservation 0. First both frameworks play ten domains and must make the same offers; then
each is timed on them in turn, in processor time, so that what else the machine does falls on both.
Problems and utility functions are made beforehand; NegMAS gets listed utilities, with which it is a
little faster than with additive ones.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import negmas
import numpy as np

import bargain as bg
from bargain.adapters.negmas import SAOTimeBased, sao_times, to_negmas
from benchmarks.sessions import domain

STEPS = 100
SECONDS = 4.0
BATCH = 100_000
SEEDS = range(10)
PAIRS = {
    "Boulware, Boulware": (negmas.BoulwareTBNegotiator, negmas.BoulwareTBNegotiator),
    "Boulware, conceder": (negmas.BoulwareTBNegotiator, negmas.ConcederTBNegotiator),
    "linear, Boulware": (negmas.LinearTBNegotiator, negmas.BoulwareTBNegotiator),
    "MiCRO, MiCRO": (negmas.MiCRONegotiator, negmas.MiCRONegotiator),
}
OURS = {
    negmas.BoulwareTBNegotiator: SAOTimeBased.boulware(),
    negmas.ConcederTBNegotiator: SAOTimeBased.conceder(),
    negmas.LinearTBNegotiator: SAOTimeBased.linear(),
    negmas.MiCRONegotiator: bg.MiCRO(),
}
TIMES = sao_times(STEPS)


def at_theirs(space: object, ufuns: list, kinds: tuple) -> negmas.SAOMechanism:
    mechanism = negmas.SAOMechanism(outcome_space=space, n_steps=STEPS)
    for kind, ufun in zip(kinds, ufuns, strict=True):
        mechanism.add(kind(), ufun=ufun)
    mechanism.run()
    return mechanism


def at_ours(problem: bg.BargainingProblem, kinds: tuple) -> bg.Session:
    policies = [OURS[kind] for kind in kinds]
    return bg.alternating_offers(problem, policies, deadline=len(TIMES), times=TIMES)


def check(kinds: tuple) -> float:
    """Return the mean number of offers after checking that both make the same."""
    counts = []
    for seed in SEEDS:
        problem = domain((4,) * 5, seed)
        theirs = at_theirs(*to_negmas(problem), kinds)
        rows = [problem.space.row(outcome) for _, _, outcome in theirs.extended_trace]
        ours = at_ours(problem, kinds)
        assert ours.offer_rows.tolist() == rows[: len(TIMES)], (kinds, seed)
        assert (ours.agreement is None) == (theirs.agreement is None), (kinds, seed)
        counts.append(len(rows))
    return float(np.mean(counts))


def rates(*works: Callable[[int], object]) -> list[float]:
    """Return calls of each per second of processor time, called in turn for some seconds each."""
    spent, calls = np.zeros(len(works)), np.zeros(len(works))
    turn = 0
    while (spent < SECONDS).any():
        for i, work in enumerate(works):
            if spent[i] < SECONDS:
                start = time.process_time()
                work(turn)
                spent[i] += time.process_time() - start
                calls[i] += 1
        turn += 1
    return (calls / spent).tolist()


def compare(kinds: tuple) -> list[float]:
    """Return sessions a second: NegMAS's, ours one at a time, and ours in a batch."""
    problems = [domain((4,) * 5, seed) for seed in SEEDS]
    known = [to_negmas(problem) for problem in problems]
    policies = [OURS[kind] for kind in kinds]
    meetings = np.tile([0, 1], (BATCH, 1))

    def batch(turn: int) -> None:
        problem = problems[turn % len(problems)]
        bg.play_sessions(problem, policies, meetings, deadline=len(TIMES), times=TIMES)

    batch(0)
    theirs, ours, batches = rates(
        lambda turn: at_theirs(*known[turn % len(known)], kinds),
        lambda turn: at_ours(problems[turn % len(problems)], kinds),
        batch,
    )
    return [theirs, ours, batches * BATCH]


def main() -> None:
    warnings.simplefilter("ignore")
    print(f"NegMAS {negmas.__version__}, {STEPS} steps, sessions a second of processor time")
    for name, kinds in PAIRS.items():
        offers = check(kinds)
        theirs, ours, batch = compare(kinds)
        print(
            f"{name:20} {offers:6.1f} offers | NegMAS {theirs:7.1f} | bargain {ours:9,.0f}, "
            f"{ours / theirs:5.0f} times | in a batch {batch:13,.0f}, {batch / theirs:9,.0f} times"
        )


if __name__ == "__main__":
    main()
