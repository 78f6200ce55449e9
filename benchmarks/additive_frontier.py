"""Frontiers of spaces far too large to enumerate: points and milliseconds.

Run it from the repository: python benchmarks/additive_frontier.py. d = 0, the worst of 3 seeds,
warm, best of 3. Compile time is printed apart (near 0 where the code was cached by an earlier
run).
"""

from __future__ import annotations

import time

import numpy as np

from bargain import AdditiveUtility, BargainingProblem, Issue, pareto_frontier
from bargain.solve import Frontier

REPEATS = 3
SEEDS = 3
EPSILON = {2: 1e-3, 3: 0.05}
CASES = [
    # kind, parties, values an issue, issues
    ("random", 2, 10, (10, 20, 40, 100, 200)),
    ("opposed", 2, 10, (10, 20, 40)),
    ("nearly zero-sum", 2, 10, (10, 20, 40)),
    ("zero-sum", 2, 10, (10, 20, 40)),
    ("random", 2, 2, (40, 100, 200)),
    ("opposed", 2, 2, (40, 100)),
    ("random", 2, 100, (10, 20, 40)),
    ("opposed", 2, 100, (10, 20)),
    ("random", 3, 10, (10, 20, 30, 40, 60)),
]


def drawn_problem(
    kind: str, n_issues: int, seed: int, n_values: int = 10, n_parties: int = 2
) -> BargainingProblem:
    """Draw a problem; each party's utilities lie between 0 and about 1.

    Opposed: the values of an issue are in opposite orders for the two. Nearly zero-sum: in each
    issue they divide a pie, and its weight differs by up to 10 %.
    """
    generator = np.random.default_rng(seed)
    worths = generator.random((n_parties, n_issues, n_values))
    weights = generator.random((n_parties, n_issues))
    if kind == "opposed":
        worths = np.stack([np.sort(worths[0]), np.sort(worths[1])[:, ::-1]])
    elif kind != "random":
        worths[1] = 1 - worths[0]
        noise = 0.1 * generator.uniform(-1, 1, n_issues) * (kind == "nearly zero-sum")
        weights[1] = weights[0] * (1 + noise)
    weights /= weights.sum(axis=1, keepdims=True)
    issues = [Issue.integer(f"i{i}", 0, n_values - 1) for i in range(n_issues)]
    parties = {
        name: AdditiveUtility(
            {
                issue.name: dict(enumerate(row.tolist()))
                for issue, row in zip(issues, table, strict=True)
            }
        )
        for name, table in zip("abc"[:n_parties], weights[:, :, None] * worths, strict=True)
    }
    return BargainingProblem(issues, parties)


def measured(
    kind: str, n_issues: int, seed: int, n_values: int, n_parties: int
) -> tuple[float, Frontier]:
    problem = drawn_problem(kind, n_issues, seed, n_values, n_parties)
    epsilon = EPSILON[n_parties] if kind == "zero-sum" or n_parties > 2 else None
    spent = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        frontier = pareto_frontier(problem, epsilon=epsilon)
        spent.append(time.perf_counter() - start)
    return min(spent), frontier


def main() -> None:
    start = time.perf_counter()
    pareto_frontier(drawn_problem("random", 8, 0))
    print(
        f"first frontier in this process, compiling or loading: {time.perf_counter() - start:.2f} s"
    )
    print("kind             parties values issues    points      labels       ms  certificate")
    for kind, n_parties, n_values, sizes in CASES:
        for n_issues in sizes:
            runs = [measured(kind, n_issues, s, n_values, n_parties) for s in range(SEEDS)]
            seconds, frontier = max(runs, key=lambda run: run[0])
            labels = frontier.certificate.evidence.get("labels", 0)
            gap = f"{frontier.certificate.gap:.2g}" if frontier.certificate.gap else ""
            print(
                f"{kind:<16}{n_parties:>8}{n_values:>7}{n_issues:>7}{len(frontier):>10,}"
                f"{labels:>12,}{1e3 * seconds:>9.1f}  {frontier.certificate.kind} {gap}",
                flush=True,
            )


if __name__ == "__main__":
    main()
