"""Two thousand problems in one call, against a loop over `nash_solution` and one over numpy.

Run it from the repository: python benchmarks/solve_many.py. Utilities are uniform, d is 0.2 for
everybody. Times are the best of seven (the loops: of two or three), warm, without imports and
compilation. The table says problems a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import bargain as bg

PROBLEMS = 2_000
LOOPED = 200
"""Problems that the loop over ordinary functions gets; its time a problem does not depend on it."""


def enumerated(utilities: NDArray[np.float64]) -> bg.BargainingProblem:
    n_outcomes, n_parties = utilities.shape
    names = [f"o{row}" for row in range(n_outcomes)]
    parties = {
        f"p{k}": bg.AdditiveUtility({"pick": dict(zip(names, column, strict=True))})
        for k, column in enumerate(utilities.T.tolist())
    }
    space = [bg.Issue.choice("pick", names)]
    return bg.BargainingProblem(space, parties, disagreement_point=[0.2] * n_parties)


def linear(low: NDArray[np.float64], high: NDArray[np.float64]) -> bg.BargainingProblem:
    issues = [bg.Issue.continuous(f"x{j}", 0, 1) for j in range(len(low))]
    parties = {
        f"p{k}": bg.AdditiveUtility(
            {f"x{j}": bg.Linear(low[j, k], high[j, k]) for j in range(len(low))}
        )
        for k in (0, 1)
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=(0.2, 0.2))


def plain_numpy(utilities: NDArray[np.float64]) -> list[int]:
    """Return the row with the largest product, as one would write it without tie rules."""
    rows = []
    for table in utilities:
        gains = table - 0.2
        product = np.where((gains >= 0).all(axis=1), gains.prod(axis=1), -1.0)
        rows.append(int(product.argmax()))
    return rows


def numpy_at_once(utilities: NDArray[np.float64]) -> list[int]:
    """Do the same without a loop, through temporary arrays as large as the input."""
    gains = utilities - 0.2
    products = np.where((gains >= 0).all(axis=2), gains.prod(axis=2), -1.0)
    rows: list[int] = products.argmax(axis=1).tolist()
    return rows


def seconds(work: Callable[[], Any], repeats: int = 7) -> tuple[float, Any]:
    best, answer = np.inf, None
    for _ in range(repeats):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def main() -> None:
    generator = np.random.default_rng(1)
    print("| problems | concept | `solve_many` | ordinary | ratio | numpy loop | numpy at once |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for n_outcomes, n_parties in ((20, 2), (100, 2), (1_000, 2), (100, 3), (100, 5)):
        utilities = generator.random((PROBLEMS, n_outcomes, n_parties))
        problems = [enumerated(table) for table in utilities[:LOOPED]]
        for problem in problems:
            problem.utilities()  # laid out beforehand: the array is given to solve_many as well
        for concept in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian"):
            ordinary = getattr(bg, f"{concept}_solution")

            def together(concept: str = concept, u: Any = utilities) -> Any:
                return bg.solve_many(u, concept, disagreement_points=0.2, errors="report")

            together()
            spent, many = seconds(together)

            def loop(solve: Any = ordinary, problems: Any = problems) -> Any:
                return [solve(problem) for problem in problems]

            ordinary(problems[0])
            loop_spent, ones = seconds(loop, 2)
            rows = [one.certificate.evidence["row"] for one in ones]
            if rows != many.rows[:LOOPED].tolist():
                raise SystemExit("solve_many and the ordinary function disagree")
            cells = [PROBLEMS / spent, LOOPED / loop_spent]
            text = f"| {n_outcomes} outcomes, {n_parties} parties | {concept} | {cells[0]:,.0f} "
            text += f"| {cells[1]:,.0f} | {cells[0] / cells[1]:,.0f} "
            if concept == "nash":
                for way in (plain_numpy, numpy_at_once):
                    numpy_spent, found = seconds(lambda w=way, u=utilities: w(u), 3)
                    if found != many.rows.tolist():
                        raise SystemExit("solve_many and numpy disagree")
                    text += f"| {PROBLEMS / numpy_spent:,.0f} "
                print(f"{text}|", flush=True)
            else:
                print(f"{text}| | |", flush=True)
    for n_issues in (5, 10, 50):
        low, high = generator.random((2, PROBLEMS, n_issues, 2))
        lines = bg.LinearIssues(low, high)
        problems = [linear(low[i], high[i]) for i in range(LOOPED)]
        for concept in ("nash", "kalai_smorodinsky"):

            def settled(concept: str = concept, lines: Any = lines) -> Any:
                return bg.solve_many(lines, concept, disagreement_points=0.2)

            settled()
            spent, many = seconds(settled)
            solve = getattr(bg, f"{concept}_solution")
            loop_spent, ones = seconds(lambda s=solve, p=problems: [s(one) for one in p], 2)
            if not np.allclose([one.utilities for one in ones], many.utilities[:LOOPED]):
                raise SystemExit("solve_many and the ordinary function disagree")
            rates = PROBLEMS / spent, LOOPED / loop_spent
            print(
                f"| {n_issues} linear issues | {concept} | {rates[0]:,.0f} | {rates[1]:,.0f} "
                f"| {rates[0] / rates[1]:,.0f} | | |",
                flush=True,
            )


if __name__ == "__main__":
    main()
