"""Solutions and best reply offers on additive spaces too large to enumerate.

Run it from the repository: python benchmarks/huge_solutions.py. Values are drawn uniformly (or
opposed: what one party likes the other does not, with unequal weights; "nearly" opposed by adding
noise to exactly zero-sum worths of two parties); d is 0.3 of each party's
range. Times are CPU times, the best of three, warm, imports apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import bargain as bg


def drawn(
    n_issues: int, n_parties: int, *, opposed: bool, seed: int, n_values: int = 10
) -> bg.BargainingProblem:
    generator = np.random.default_rng(seed)
    worths = generator.random((n_parties, n_issues, n_values))
    if opposed:
        rising = np.sort(generator.random((n_issues, n_values)), axis=1)
        weights = generator.dirichlet(np.ones(n_issues), size=n_parties)[:, :, None]
        worths = np.stack([rising if i % 2 else rising[:, ::-1] for i in range(n_parties)])
        worths = worths * weights * n_issues
    return problem_of(worths)


def nearly_zero_sum(n_issues: int, noise: float, *, seed: int) -> bg.BargainingProblem:
    """Return two parties of whom one wins what the other loses, but for some noise."""
    generator = np.random.default_rng(seed)
    worths = generator.random((n_issues, 10))
    other = 1 - worths + noise * generator.random((n_issues, 10))
    return problem_of(np.stack([worths, other]))


def problem_of(worths: NDArray[np.float64]) -> bg.BargainingProblem:
    n_parties, n_issues, n_values = worths.shape
    issues = [bg.Issue.integer(f"i{j}", 0, n_values - 1) for j in range(n_issues)]
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
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    return best * 1e3, answer


def cell(
    solve: Callable[..., bg.Solution], problem: bg.BargainingProblem, *, lotteries: bool
) -> str:
    ms, solution = timed(lambda: solve(problem, lotteries=lotteries))
    certificate = solution.certificate
    # the egalitarian gap is one in utility
    share = certificate.gap / (solution.gains.min() if solve is bg.egalitarian_solution else 1.0)
    known = "exact" if certificate.kind == "exact" else f"gap {share:.0e}"
    return f"{ms:9.1f} ms {known:>8}"


def main() -> None:
    concepts = {
        "Nash": bg.nash_solution,
        "KS": bg.kalai_smorodinsky_solution,
        "egalitarian": bg.egalitarian_solution,
        "utilitarian": bg.utilitarian_solution,
    }
    print(f"{'worths':<14} issues values parties   " + "   ".join(f"{n:>20}" for n in concepts))
    cases = [
        (name, n_issues, 10, n_parties, drawn(n_issues, n_parties, opposed=opposed, seed=1))
        for name, opposed in (("random", False), ("opposed", True))
        for n_issues, n_parties in ((40, 2), (400, 2), (40, 3), (400, 3), (40, 8), (400, 8))
    ]
    cases += [
        ("opposed", 40, k, n, drawn(40, n, opposed=True, seed=1, n_values=k))
        for n in (2, 5)
        for k in (2, 10, 100)
    ]
    cases += [
        (f"noise {noise:g}", 40, 10, 2, nearly_zero_sum(40, noise, seed=1))
        for noise in (0.1, 0.01, 0.0)
    ]
    for name, n_issues, n_values, n_parties, problem in cases:
        cells = [cell(solve, problem, lotteries=False) for solve in concepts.values()]
        print(f"{name:<14} {n_issues:>6} {n_values:>6} {n_parties:>7}   " + "   ".join(cells))
    print("lotteries")
    for name, n_issues, n_values, n_parties, problem in cases[3:12:2]:
        cells = [cell(solve, problem, lotteries=True) for solve in concepts.values()]
        print(f"{name:<14} {n_issues:>6} {n_values:>6} {n_parties:>7}   " + "   ".join(cells))

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
