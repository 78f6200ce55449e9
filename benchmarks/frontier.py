"""The frontier of enumerated outcomes beside paretoset, moocore and numpy: milliseconds, ratios.

Run it on one core, with the peers installed (pip install paretoset pandas numba moocore):
PYTHONPATH=. taskset -c 1 python benchmarks/frontier.py [rows ...]. Warm; the best of up to 7
within about 2 s. The peers return which points are efficient, in the order given; `bargain`
returns their rows sorted, best for the first party first, and is timed with that.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import moocore
import numpy as np
from numpy.typing import NDArray

from bargain.solve import enumerated
from bargain.solve.enumerated import efficient_rows

try:
    from paretoset import paretoset
except ImportError:
    paretoset = None

Points = NDArray[np.float64]

SIZES = (10**4, 10**5, 10**6)
REPEATS = 7
PATIENCE = 2.0
LARGEST_FRONT_OF_QUADRATIC_PEERS = 10**4


def drawn_points(kind: str, n: int, n_parties: int) -> Points:
    """Draw the utilities of n outcomes."""
    generator = np.random.default_rng(n_parties)
    if kind == "uniform":
        return generator.random((n, n_parties))
    if kind == "additive":
        rows = np.sort(generator.choice(10**6, n, replace=False))
        tables = generator.random((6, 10, n_parties))
        return sum(tables[k][rows // 10**k % 10] for k in range(6))
    if n_parties == 2:
        first = generator.random(n)
        return np.column_stack([first, 1 - first])
    points = np.abs(generator.normal(size=(n, n_parties)))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def sort_and_scan(points: Points) -> NDArray[np.intp]:
    """What one writes with numpy alone: the best sum first, it drops what it dominates, and on."""
    if points.shape[1] == 2:
        order = np.lexsort((-points[:, 1], -points[:, 0]))
        second = points[order, 1]
        return order[second > np.concatenate([[-np.inf], np.maximum.accumulate(second)[:-1]])]
    order = np.argsort(-points.sum(axis=1))
    left = points[order]
    efficient = []
    while len(left):
        efficient.append(order[0])
        spared = (left > left[0]).any(axis=1)
        order, left = order[spared], left[spared]
    return np.array(efficient)


def peers_for(kind: str, points: Points) -> dict[str, Callable[[], Any]]:
    n, n_parties = points.shape
    peers = {"moocore": lambda: moocore.is_nondominated(points, maximise=True)}
    small = kind != "all efficient" or n <= LARGEST_FRONT_OF_QUADRATIC_PEERS
    if small or n_parties == 2:
        peers["numpy"] = lambda: sort_and_scan(points)
    if small and paretoset is not None:
        peers["paretoset"] = lambda: paretoset(points, ["max"] * n_parties)
    return peers


def best_of(work: Callable[[], Any]) -> float:
    spent: list[float] = []
    while len(spent) < REPEATS and sum(spent) < PATIENCE:
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return 1e3 * min(spent)


def first_call(label: str, work: Callable[[], Any]) -> None:
    start = time.perf_counter()
    work()
    print(f"first call of {label}: {time.perf_counter() - start:.2f} s")


def main() -> None:
    sizes = [int(float(size)) for size in sys.argv[1:]] or SIZES
    for n in (enumerated.COMPILED_FROM - 1, enumerated.COMPILED_FROM):
        points = drawn_points("uniform", n, 3)
        first_call(f"efficient_rows, {n} rows", lambda points=points: efficient_rows(points))
    everything = drawn_points("all efficient", enumerated.COMPILED_FROM, 3)
    first_call("efficient_rows, all efficient", lambda: efficient_rows(everything))
    if paretoset is not None:
        first_call("paretoset", lambda: paretoset(points[:100], ["max"] * 3))
    print(
        f"{'points':<14} parties {'rows':>8} {'efficient':>9} {'bargain ms':>10}  peers: ms (ratio)"
    )
    for kind in ("uniform", "additive", "all efficient"):
        for n_parties in (2, 3, 4, 5):
            for n in sizes:
                points = drawn_points(kind, n, n_parties)
                front = len(efficient_rows(points))
                own = best_of(lambda points=points: efficient_rows(points))
                others = {name: best_of(work) for name, work in peers_for(kind, points).items()}
                ranked = sorted(others.items(), key=lambda item: item[1])
                told = "  ".join(f"{name} {ms:.1f} ({ms / own:.2f})" for name, ms in ranked)
                print(
                    f"{kind:<14} {n_parties:>7} {n:>8} {front:>9} {own:>10.2f}  {told}", flush=True
                )


if __name__ == "__main__":
    main()
