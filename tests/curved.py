"""Problems with curved value functions, and what is known about them by other means."""

from __future__ import annotations

import itertools

import cvxpy
import numpy as np
from hypothesis import strategies as st

import bargain as bg


def dollar(first, second, disagreement_point=None):
    """Return a dollar to divide, x of it to the first party."""
    return bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 1)],
        {"first": bg.AdditiveUtility({"x": first}), "second": bg.AdditiveUtility({"x": second})},
        disagreement_point=disagreement_point,
    )


def concave_function(generator):
    """Draw a concave value function of any kind, with worths from 0 to 3."""
    low, high = generator.uniform(0, 3, size=2).tolist()
    kind = generator.integers(6)
    if kind == 0:
        return bg.Linear(low, high)
    if kind == 1:
        middle = max(low, high) + float(generator.uniform(0, 1))
        return bg.PiecewiseLinear([(0, low), (4, middle), (10, high)])
    if kind == 2:
        return bg.Power(low, high, float(generator.choice([0.2, 0.25, 0.5, 0.75])))
    if kind == 3:
        return bg.Logarithmic(low, high, float(10 ** generator.uniform(-1, 3)))
    if kind == 4:
        return bg.Exponential(low, high, float(generator.uniform(0.1, 9)))
    return bg.Quadratic(low, (low + high) / 2 + float(generator.uniform(0.05, 2)), high)


def random_problem(seed, n_parties=2, n_issues=3, choices=0, ceiling=None):
    """Draw a problem with concave values on [0, 10], some issues choices, and a zone for sure."""
    generator = np.random.default_rng(seed)
    issues = [bg.Issue.continuous(f"x{j}", 0, 10) for j in range(n_issues)]
    picks = [bg.Issue.choice(f"c{j}", ["a", "b", "c"]) for j in range(choices)]
    values = [
        {issue.name: concave_function(generator) for issue in issues}
        | {issue.name: dict(zip("abc", generator.uniform(0, 2, 3), strict=True)) for issue in picks}
        for _ in range(n_parties)
    ]
    space = bg.OutcomeSpace(issues + picks)
    weights = generator.uniform(0.2, 2, size=(n_parties, n_issues)).tolist()
    utilities = {
        f"p{i}": bg.AdditiveUtility(
            values[i],
            {issue.name: weights[i][j] for j, issue in enumerate(issues)},
            ceiling=ceiling[i] if ceiling else None,
        )
        for i in range(n_parties)
    }
    problem = bg.BargainingProblem(space, utilities)
    sample = np.array([problem.evaluate(outcome) for outcome in space.sample(50, seed=seed)])
    # a little below what one of the outcomes gives, so that there is something to agree on
    best = sample[np.argmax((sample / sample.max(axis=0)).min(axis=1))]
    point = best - generator.uniform(0.2, 1.0, n_parties) * (best - sample.min(axis=0)) - 0.01
    return bg.BargainingProblem(space, utilities, disagreement_point=point)


def expression(function, x):
    """Return a value function on [0, 10] as a concave cvxpy expression of x."""
    if isinstance(function, bg.PiecewiseLinear):
        points = function.points
        return cvxpy.min(
            cvxpy.hstack(
                [
                    y0 + (y1 - y0) / (x1 - x0) * (x - x0)
                    for (x0, y0), (x1, y1) in itertools.pairwise(points)
                ]
            )
        )
    t = x / 10
    if isinstance(function, bg.Quadratic):
        low, middle, high = function.at_low, function.at_middle, function.at_high
        square = 2 * (low - 2 * middle + high)
        return low + (4 * middle - 3 * low - high) * t + square * cvxpy.square(t)
    if function.at_low > function.at_high:
        t = 1 - t
    worst, best = sorted((function.at_low, function.at_high))
    if isinstance(function, bg.Power):
        return worst + (best - worst) * cvxpy.power(t, function.exponent)
    if isinstance(function, bg.Logarithmic):
        k = function.growth
        return worst + (best - worst) * cvxpy.log(1 + k * t) / np.log1p(k)
    if isinstance(function, bg.Exponential):
        k = function.rate
        return worst + (best - worst) * (1 - cvxpy.exp(-k * t)) / (1 - np.exp(-k))
    return worst + (best - worst) * t


def gains_by_cvxpy(problem, objective):
    """Maximise an objective of the gains of a continuous problem on [0, 10], and return them."""
    x = {name: cvxpy.Variable() for name in problem.space.names}
    gains = []
    for i, profile in enumerate(problem.profiles):
        utility = profile.utility
        worth = sum(utility.weights[name] * expression(utility.values[name], x[name]) for name in x)
        gains.append(worth - problem.disagreement_point[i])
    constraints = [gain >= 0 for gain in gains]
    constraints += [bound for value in x.values() for bound in (value >= 0, value <= 10)]
    program = cvxpy.Problem(cvxpy.Maximize(objective(gains)), constraints)
    program.solve(solver=cvxpy.CLARABEL)
    return program.value, np.array([gain.value for gain in gains])


def priced_gains(concept, problem, weights):
    """Return gains on the frontier of a two-party continuous concave problem, by prices.

    At a price p of the first party and 1 - p of the second every issue is settled on its own, by
    thirds. As p rises the first party gains and the second loses, so the price that a concept asks
    for is bisected; what is agreed just below and just above it differs by a straight edge.
    """
    point = problem.disagreement_point
    pairs = list(zip(*problem.terms, strict=True))

    def best(log_ratio):
        prices = np.exp(np.minimum([log_ratio, -log_ratio], 0.0))
        total = np.zeros(2)
        for pair in pairs:
            low, high = pair[0].positions[[0, -1]].tolist()
            for _ in range(40):
                thirds = np.array([low + (high - low) / 3, high - (high - low) / 3])
                worths = sum(q * t.at(thirds) for q, t in zip(prices, pair, strict=True))
                low, high = (thirds[0], high) if worths[0] < worths[1] else (low, thirds[1])
            # next to an end a root makes a lot of what thirds cannot tell apart
            values = np.array([0.5 * (low + high), *pair[0].positions[[0, -1]]])
            worths = sum(q * t.at(values) for q, t in zip(prices, pair, strict=True))
            total += [float(t.at(values)[np.argmax(worths)]) for t in pair]
        return total - point

    def bisected(beyond, low=-40.0, high=40.0):
        """Return the gains just below and just above where `beyond` turns true."""
        for _ in range(45):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if beyond(middle, best(middle)) else (middle, high)
        return best(low), best(high)

    def along(ends, rising):
        """Return the gains between two ends where something that rises is 0."""
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = 0.5 * (low + high)
            above = rising((1 - middle) * ends[0] + middle * ends[1]) >= 0
            low, high = (low, middle) if above else (middle, high)
        return (1 - low) * ends[0] + low * ends[1]

    def found(rising):
        return along(bisected(lambda _, gains: rising(gains) >= 0), rising)

    if concept == "nash":

        def beyond(log_ratio, gains):
            if gains[1] <= 0 or gains[0] <= 0:
                return gains[1] <= 0
            return log_ratio >= np.log(weights[0] / gains[0]) - np.log(weights[1] / gains[1])

        ends = bisected(beyond)
        step = ends[1] - ends[0]
        # the slope of the logarithm along the edge, which falls
        return along(ends, lambda g: -(weights[0] * step[0] / g[0] + weights[1] * step[1] / g[1]))
    since, until = found(lambda g: g[0]), found(lambda g: -g[1])
    if concept == "utilitarian":
        best_sum = best(0.0)
        return np.clip(best_sum, [since[0], until[1]], [until[0], since[1]])
    scales = np.array([until[0], since[1]]) if concept == "kalai_smorodinsky" else np.ones(2)
    gains = found(lambda g: g[0] / scales[0] - g[1] / scales[1])
    return np.clip(gains, [since[0], until[1]], [until[0], since[1]])


seeds = st.integers(0, 2**32 - 1)
