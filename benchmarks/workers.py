"""How long a search takes alone and on workers, with the same result.

Run it from the repository on a machine that does nothing else, as processes compete with all that
runs there: PYTHONPATH=. python benchmarks/workers.py [evaluations]. Workers are started and warm.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

import numba

import bargain as bg


def searched(evaluations: int, executor: Executor | None = None) -> tuple[float, str]:
    """Return the seconds that a search took, and all that it found."""
    problems = bg.random_problems(30, seed=3)
    start = time.perf_counter()
    found = bg.evolve(
        problems,
        party="a",
        opponents=["micro", "tit_for_tat", "trade_off"],
        deadline=40,
        seed=7,
        evaluations=evaluations,
        population=256,
        executor=executor,
    )
    seconds = time.perf_counter() - start
    return seconds, json.dumps({**found.to_dict(), "seconds": 0}, sort_keys=True)


def main(evaluations: int) -> None:
    searched(256)
    print("| workers | s | same result |\n|---|---:|---|")
    threads = numba.get_num_threads()
    seconds, alone = searched(evaluations)
    print(f"| none, {threads} threads | {seconds:.1f} | |")
    numba.set_num_threads(1)
    seconds, found = searched(evaluations)
    print(f"| none, 1 thread | {seconds:.1f} | {found == alone} |")
    numba.set_num_threads(threads)
    for count in (1, 2):
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            searched(512, pool)
            seconds, found = searched(evaluations, pool)
            print(f"| {count} | {seconds:.1f} | {found == alone} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_240)
