"""Integer programs: huge spaces under constraints, boxes of worth, choices mixed with numbers.

Run it from the repository: python benchmarks/programs.py [folder with the Genius domains].
Worths are drawn uniformly (or opposed: what one party likes the other does not, with unequal
weights); d is 0.3 of each party's range. One run each, warm, imports apart; at most 20 seconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from huge_solutions import drawn

import bargain as bg
from bargain.model import Budget, Forbidden, Implication

TIME_LIMIT = 20.0

CONCEPTS = {
    "Nash": bg.nash_solution,
    "KS": bg.kalai_smorodinsky_solution,
    "egalitarian": bg.egalitarian_solution,
    "utilitarian": bg.utilitarian_solution,
}


def constrained(n_issues: int, n_parties: int, *, opposed: bool) -> bg.BargainingProblem:
    """Return an additive problem under ten implications and a budget that bind."""
    free = drawn(n_issues, n_parties, opposed=opposed, seed=1)
    implications = [
        Implication({f"i{k}": {"at_least": 5}}, {f"i{(k + 7) % n_issues}": {"at_most": 4}})
        for k in range(10)
    ]
    budget = Budget({f"i{k}": 1.0 for k in range(n_issues)}, at_most=3.5 * n_issues)
    return bg.BargainingProblem(
        free.space, free.profiles, constraints=[*implications, budget], name=f"{n_issues}"
    )


def mixed(choices: int, lines: int, n_parties: int, *, rules: bool) -> bg.BargainingProblem:
    """Return choices of four values beside continuous issues with concave worths."""
    generator = np.random.default_rng(1)
    issues = [bg.Issue.choice(f"c{i}", ["a", "b", "c", "d"]) for i in range(choices)]
    issues += [bg.Issue.continuous(f"x{i}", 0, 10) for i in range(lines)]
    parties = {}
    for party in range(n_parties):
        values: dict[str, object] = {
            f"c{i}": dict(zip("abcd", generator.random(4).tolist(), strict=True))
            for i in range(choices)
        }
        for i in range(lines):
            slopes = np.sort(generator.normal(size=3))[::-1] / 5
            worths = np.concatenate([[0.0], np.cumsum(slopes * [3, 3, 4])]).tolist()
            values[f"x{i}"] = bg.PiecewiseLinear(zip([0, 3, 6, 10], worths, strict=True))
        parties[f"p{party}"] = bg.AdditiveUtility(values)
    constraints = []
    if rules:
        constraints = [
            Implication({"c0": "a"}, {"x0": {"at_least": 5}}),
            Forbidden({"x0": {"at_least": 2, "at_most": 4}, "c1": "b"}),
            Budget({f"x{i}": 1 for i in range(lines)}, at_most=4 * lines),
        ]
    return bg.BargainingProblem(issues, parties, constraints=constraints)


def row(name: str, problem: bg.BargainingProblem) -> None:
    cells = []
    for solve in CONCEPTS.values():
        start = time.perf_counter()
        try:
            certificate = solve(problem, time_limit=TIME_LIMIT).certificate
            known = "exact" if certificate.kind == "exact" else f"{certificate.gap:.0e}"
        except bg.BargainError as error:
            known = type(error).__name__
        cells.append(f"{time.perf_counter() - start:7.2f} s {known:>8}")
    print(f"{name:<34}" + "   ".join(cells), flush=True)


def frontier_row(name: str, problem: bg.BargainingProblem) -> None:
    start = time.perf_counter()
    found = bg.pareto_frontier(problem, time_limit=TIME_LIMIT)
    seconds = time.perf_counter() - start
    evidence = found.certificate.evidence
    print(
        f"frontier {name}: {len(found)} points, {seconds:.1f} s, {evidence['programs']} programs, "
        f"{found.certificate.kind} {found.certificate.gap:.1e}, "
        f"largest product {found.utilities.prod(axis=1).max():.6f}",
        flush=True,
    )


def main() -> None:
    print(f"{'':<34}" + "   ".join(f"{name:>18}" for name in CONCEPTS))
    for opposed in (False, True):
        for n_parties in (2, 3, 5):
            for n_issues in (20, 40, 100):
                kind = "opposed" if opposed else "random"
                name = f"{kind}, {n_issues} issues, {n_parties} parties"
                row(name, constrained(n_issues, n_parties, opposed=opposed))
    for choices, lines, n_parties, rules in (
        (6, 4, 2, True),
        (6, 4, 3, False),
        (12, 8, 3, True),
        (12, 8, 5, True),
    ):
        name = f"{choices} choices, {lines} continuous, {n_parties} parties"
        row(name + (", rules" if rules else ""), mixed(choices, lines, n_parties, rules=rules))
    frontier_row("random, 20 issues", constrained(20, 2, opposed=False))
    frontier_row("opposed, 20 issues", constrained(20, 2, opposed=True))
    if len(sys.argv) > 1:
        for domain in ("s_1nikfrt_1", "10issuesdiscounted", "30issuesdiscounted"):
            problem = bg.load(Path(sys.argv[1]) / domain)
            frontier_row(domain, problem)
            row(domain, problem)


if __name__ == "__main__":
    main()
