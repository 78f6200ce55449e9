"""Nash solutions of ten continuous issues between two parties, against cvxpy.

Run it from the repository: taskset -c 0 python benchmarks/continuous.py. Worths are drawn
uniformly, the parties want opposite ends of nine issues in ten, d is 0.2 of each party's range.
Curved problems have powers, logarithms, exponentials and parabolas. The logarithm of the product
of gains is compared with cvxpy's, to 1e-6 where problems are linear and to 1e-9 where they are
curved, for which CLARABEL is asked for 1e-12. Times are the processor's, best of three, warm (on
a quiet core the clock says the same), as everything runs in one thread; cvxpy cold builds
and solves each problem anew, with parameters it is built once and given new numbers; both maximise
the geometric mean (CLARABEL).
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import cvxpy
import numpy as np

import bargain as bg

N_ISSUES = 10
N_PROBLEMS = 20
ACCURATE = {
    "solver": cvxpy.CLARABEL, "tol_gap_abs": 1e-12, "tol_gap_rel": 1e-12, "tol_feas": 1e-12,
}  # fmt: skip


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    ends = np.sort(generator.random((N_PROBLEMS, N_ISSUES, 2, 2)), axis=3)
    up = generator.random((N_PROBLEMS, N_ISSUES)) < 0.5
    agree = generator.random((N_PROBLEMS, N_ISSUES)) < 0.1
    rising = np.stack([up, np.where(agree, up, ~up)], axis=2)
    low = np.where(rising, ends[..., 0], ends[..., 1])
    high = np.where(rising, ends[..., 1], ends[..., 0])
    worst, best = ends[..., 0].sum(axis=1), ends[..., 1].sum(axis=1)
    return low, high, worst + 0.2 * (best - worst)


def problem_of(low: np.ndarray, high: np.ndarray, point: np.ndarray) -> bg.BargainingProblem:
    issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(N_ISSUES)]
    parties = {
        f"p{j}": bg.AdditiveUtility(
            {f"x{i}": bg.Linear(low[i, j], high[i, j]) for i in range(N_ISSUES)}
        )
        for j in range(2)
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=point)


def curved_problem(low: np.ndarray, high: np.ndarray, point: np.ndarray) -> bg.BargainingProblem:
    issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(N_ISSUES)]

    def function(i: int, j: int) -> Any:
        ends = low[i, j], high[i, j]
        kinds = (
            bg.Power(*ends, 0.5),
            bg.Logarithmic(*ends, 9.0),
            bg.Exponential(*ends, 2.0),
            bg.Quadratic(ends[0], max(ends), ends[1]),
        )
        return kinds[(i + j) % 4]

    parties = {
        f"p{j}": bg.AdditiveUtility({f"x{i}": function(i, j) for i in range(N_ISSUES)})
        for j in range(2)
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=point)


def curved_expression(function: Any, x: Any) -> Any:
    if isinstance(function, bg.Quadratic):
        low, middle, high = function.at_low, function.at_middle, function.at_high
        bend = 2 * (low - 2 * middle + high)
        return low + (4 * middle - 3 * low - high) * x + bend * cvxpy.square(x)
    worst, best = sorted((function.at_low, function.at_high))
    t = x if function.at_low <= function.at_high else 1 - x
    if isinstance(function, bg.Power):
        return worst + (best - worst) * cvxpy.sqrt(t)
    if isinstance(function, bg.Logarithmic):
        shape = cvxpy.log(1 + function.growth * t) / np.log1p(function.growth)
        return worst + (best - worst) * shape
    shape = (1 - cvxpy.exp(-function.rate * t)) / (1 - np.exp(-function.rate))
    return worst + (best - worst) * shape


def curved_by_cvxpy(problem: bg.BargainingProblem) -> np.ndarray:
    x = cvxpy.Variable(N_ISSUES)
    gains = []
    for profile, d in zip(problem.profiles, problem.disagreement_point, strict=True):
        functions = [profile.utility.values[name] for name in problem.space.names]
        gains.append(sum(curved_expression(f, x[i]) for i, f in enumerate(functions)) - d)
    objective = cvxpy.Maximize(cvxpy.geo_mean(cvxpy.hstack(gains)))
    program = cvxpy.Problem(objective, [x >= 0, x <= 1])
    program.solve(**ACCURATE)
    return np.array([gain.value for gain in gains])


class Parametrised:
    """One cvxpy program for all linear problems."""

    def __init__(self) -> None:
        self.x = cvxpy.Variable(N_ISSUES)
        self.slopes = cvxpy.Parameter((2, N_ISSUES))
        self.constant = cvxpy.Parameter(2)
        self.gains = cvxpy.Variable(2)
        self.program = cvxpy.Problem(
            cvxpy.Maximize(cvxpy.geo_mean(self.gains)),
            [self.x >= 0, self.x <= 1, self.gains <= self.slopes @ self.x + self.constant],
        )

    def solve(self, low: np.ndarray, high: np.ndarray, point: np.ndarray) -> np.ndarray:
        self.slopes.value = (high - low).T
        self.constant.value = low.sum(axis=0) - point
        self.program.solve(solver=cvxpy.CLARABEL)
        return self.slopes.value @ self.x.value + self.constant.value


class ParametrisedCurves:
    """One cvxpy program for all curved problems: the same shapes, other ends and rises."""

    def __init__(self, pattern: bg.BargainingProblem) -> None:
        self.x = cvxpy.Variable(N_ISSUES)
        # worth = worst + range * shape(x), for parabolas at_low + slope * x - bend * x^2
        self.numbers = [[cvxpy.Parameter(nonneg=True) for _ in range(N_ISSUES)] for _ in range(2)]
        self.slopes = cvxpy.Parameter((2, N_ISSUES))
        self.constant = cvxpy.Parameter(2)
        gains = []
        for j, profile in enumerate(pattern.profiles):
            terms = [self.slopes[j] @ self.x, self.constant[j]]
            for i, name in enumerate(pattern.space.names):
                function = profile.utility.values[name]
                terms.append(self.numbers[j][i] * unit_shape(function, self.x[i]))
            gains.append(sum(terms))
        self.gains = gains
        objective = cvxpy.Maximize(cvxpy.geo_mean(cvxpy.hstack(gains)))
        self.program = cvxpy.Problem(objective, [self.x >= 0, self.x <= 1])

    def solve(self, problem: bg.BargainingProblem) -> np.ndarray:
        slopes, constant = np.zeros((2, N_ISSUES)), -np.array(problem.disagreement_point)
        for j, profile in enumerate(problem.profiles):
            for i, name in enumerate(problem.space.names):
                function = profile.utility.values[name]
                low, high = function.at_low, function.at_high
                if isinstance(function, bg.Quadratic):
                    slopes[j, i] = 4 * function.at_middle - 3 * low - high
                    self.numbers[j][i].value = max(4 * function.at_middle - 2 * (low + high), 0)
                    constant[j] += low
                else:
                    self.numbers[j][i].value = abs(high - low)
                    constant[j] += min(low, high)
        self.slopes.value, self.constant.value = slopes, constant
        self.program.solve(**ACCURATE)
        return np.array([gain.value for gain in self.gains])


def unit_shape(function: Any, x: Any) -> Any:
    """Return what the parameter of a function is multiplied by."""
    if isinstance(function, bg.Quadratic):
        return -cvxpy.square(x)
    rises = function.at_low <= function.at_high
    ends = (0.0, 1.0) if rises else (1.0, 0.0)
    return curved_expression(dataclasses.replace(function, at_low=ends[0], at_high=ends[1]), x)


def timed(work: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    best, answer = np.inf, None
    for _ in range(repeat):
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    return best, answer


def agree(name: str, answer: np.ndarray, other: np.ndarray, tolerance: float = 1e-6) -> None:
    apart = np.abs(np.log(answer).sum(axis=1) - np.log(other).sum(axis=1)).max()
    assert apart < tolerance, (name, apart)


def main() -> None:
    low, high, point = drawn(1)
    numbers = list(zip(low, high, point, strict=True))
    problems = [problem_of(*given) for given in numbers]
    curved = [curved_problem(*given) for given in numbers]
    many = [np.repeat(array, 500, axis=0) for array in (low, high, point)]
    lines, points = bg.LinearIssues(many[0], many[1]), many[2]
    bg.solve_many(lines, disagreement_points=points)
    parametrised = Parametrised()

    swept, batch = timed(lambda: bg.solve_many(lines, disagreement_points=points).gains)
    rows = {
        "linear: solve_many": (swept / len(points), batch[::500]),
    }
    works: dict[str, Callable[[], Any]] = {
        "linear: nash_solution": lambda: [bg.nash_solution(p).gains for p in problems],
        "linear: cvxpy with parameters": lambda: [parametrised.solve(*g) for g in numbers],
        "linear: cvxpy cold": lambda: [Parametrised().solve(*g) for g in numbers],
    }
    for name, work in works.items():
        seconds, answer = timed(work)
        rows[name] = (seconds / N_PROBLEMS, np.array(answer))
    for name, (_, answer) in rows.items():
        agree(name, answer, rows["linear: cvxpy cold"][1])
    # new problems each time: what a problem keeps once it is computed would flatter us
    seconds, answer = timed(
        lambda: [bg.nash_solution(curved_problem(*given)).gains for given in numbers]
    )
    rows["curved: nash_solution"] = (seconds / N_PROBLEMS, np.array(answer))
    arrays = bg.CurvedIssues.of(curved)
    numbers_of = (arrays.kinds, arrays.at_low, arrays.at_high, arrays.bends)
    curves = bg.CurvedIssues(*(np.repeat(array, 500, axis=0) for array in numbers_of))
    bg.solve_many(curves, disagreement_points=points)
    swept, batch = timed(lambda: bg.solve_many(curves, disagreement_points=points).gains)
    rows["curved: solve_many"] = (swept / len(points), batch[::500])
    # which way a curve is measured from is part of the program: one for each pattern of directions
    patterns: dict[Any, ParametrisedCurves] = {}

    def with_parameters() -> np.ndarray:
        found = []
        for i, problem in enumerate(curved):
            directions = (arrays.at_low[i] <= arrays.at_high[i]).tobytes()
            if directions not in patterns:
                patterns[directions] = ParametrisedCurves(problem)
            found.append(patterns[directions].solve(problem))
        return np.array(found)

    with_parameters()
    seconds, answer = timed(with_parameters)
    rows["curved: cvxpy with parameters"] = (seconds / N_PROBLEMS, answer)
    seconds, answer = timed(lambda: [curved_by_cvxpy(p) for p in curved])
    rows["curved: cvxpy cold"] = (seconds / N_PROBLEMS, np.array(answer))
    for name, (_, answer) in rows.items():
        if name.startswith("curved"):
            agree(name, answer, rows["curved: cvxpy cold"][1], 1e-9)
    for name, (seconds, _) in rows.items():
        print(f"{name:32} {seconds * 1e6:12,.1f} us")


if __name__ == "__main__":
    main()
