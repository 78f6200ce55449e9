"""Solutions and best reply offers on additive spaces too large to enumerate.

Run it from the repository: python benchmarks/huge_solutions.py. Values are drawn uniformly (or
opposed: what one party likes the other does not, with unequal weights); d is 0.3 of each party's
range. Times are the best of three, warm, imports apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import bargain as bg


def drawn(n_issues: int, n_parties: int, *, opposed: bool, seed: int) -> bg.BargainingProblem:
    generator = np.random.default_rng(seed)
    issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(n_issues)]
    worths = generator.random((n_parties, n_issues, 10))
    if opposed:
        rising = np.sort(generator.random((n_issues, 10)), axis=1)
        weights = generator.dirichlet(np.ones(n_issues), size=n_parties)[:, :, None]
        worths = np.stack([rising if i % 2 else rising[:, ::-1] for i in range(n_parties)])
        worths = worths * weights * n_issues
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"i{j}": dict(enumerate(worths[i, j].tolist())) for j in range(n_issues)}
        )
        for i in range(n_parties)
    }
    low, high = worths.min(axis=2).sum(axis=1), worths.max(axis=2).sum(axis=1)
    return bg.BargainingProblem(issues, parties, disagreement_point=low + 0.3 * (high - low))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    best, answer = np.inf, None
    for _ in range(3):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best * 1e3, answer


def main() -> None:
    concepts = {
        "Nash": bg.nash_solution,
        "KS": bg.kalai_smorodinsky_solution,
        "egalitarian": bg.egalitarian_solution,
        "utilitarian": bg.utilitarian_solution,
    }
    print(f"{'values':<8} issues parties   " + "   ".join(f"{name:>20}" for name in concepts))
    for opposed in (False, True):
        for n_issues, n_parties in ((40, 2), (400, 2), (40, 3), (400, 3), (40, 8), (400, 8)):
            problem = drawn(n_issues, n_parties, opposed=opposed, seed=1)
            cells = []
            for solve in concepts.values():
                ms, solution = timed(lambda solve=solve, problem=problem: solve(problem))
                certificate = solution.certificate
                known = "exact" if certificate.kind == "exact" else f"gap {certificate.gap:.0e}"
                cells.append(f"{ms:9.1f} ms {known:>8}")
            name = "opposed" if opposed else "random"
            print(f"{name:<8} {n_issues:>6} {n_parties:>7}   " + "   ".join(cells), flush=True)

    for n_issues, opposed in ((3, False), (40, True)):
        problem = drawn(n_issues, 2, opposed=opposed, seed=1)
        ms, offers = timed(lambda problem=problem: bg.BestOffers(problem, party=0))
        floors = np.linspace(0.3, 0.99, 1000) * offers.most
        spent, _ = timed(lambda offers=offers, floors=floors: [offers.at_least(f) for f in floors])
        print(
            f"best reply offers, 10^{n_issues} outcomes: prepared in {ms:.1f} ms, then "
            f"{spent:.1f} microseconds each"
        )


if __name__ == "__main__":
    main()
