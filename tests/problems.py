"""Problems that several tests share, built by hand and by hypothesis."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

import bargain as bg


def one_choice(points, disagreement_point=None):
    """Return a problem whose outcomes are the given utility vectors, one choice issue."""
    points = np.asarray(points, dtype=float)
    names = [f"o{i}" for i in range(len(points))]
    parties = {
        f"p{j}": bg.AdditiveUtility({"pick": dict(zip(names, points[:, j].tolist(), strict=True))})
        for j in range(points.shape[1])
    }
    space = bg.OutcomeSpace([bg.Issue.choice("pick", names)])
    return bg.BargainingProblem(space, parties, disagreement_point=disagreement_point)


def continuous(breaks, disagreement_point=None):
    """Return a continuous problem: breaks[issue][party] lists worths at even corners of [0, 1]."""
    issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(len(breaks))]
    n_parties = len(breaks[0])
    parties = {}
    for party in range(n_parties):
        values = {}
        for i, worths in enumerate(breaks):
            corners = np.linspace(0, 1, len(worths[party])).tolist()
            values[f"x{i}"] = bg.PiecewiseLinear(zip(corners, worths[party], strict=True))
        parties[f"p{party}"] = bg.AdditiveUtility(values)
    return bg.BargainingProblem(issues, parties, disagreement_point=disagreement_point)


def whole_utilities(n_parties=2, max_outcomes=30):
    """Draw utility arrays of small whole numbers, so that ties are common."""
    return st.integers(1, max_outcomes).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-3, 9), min_size=n_parties, max_size=n_parties),
            min_size=n,
            max_size=n,
        ).map(lambda rows: np.array(rows, dtype=float))
    )


@st.composite
def additive_problems(draw, n_parties=2, max_issues=4, max_values=4):
    """Draw small finite additive problems with whole utilities."""
    n_issues = draw(st.integers(1, max_issues))
    issues, tables = [], [{} for _ in range(n_parties)]
    for i in range(n_issues):
        values = [f"v{k}" for k in range(draw(st.integers(1, max_values)))]
        issues.append(bg.Issue.choice(f"i{i}", values))
        for table in tables:
            worths = draw(st.lists(st.integers(-4, 9), min_size=len(values), max_size=len(values)))
            table[f"i{i}"] = dict(zip(values, worths, strict=True))
    point = draw(st.lists(st.integers(-6, 8), min_size=n_parties, max_size=n_parties))
    parties = {f"p{j}": bg.AdditiveUtility(table) for j, table in enumerate(tables)}
    return bg.BargainingProblem(issues, parties, disagreement_point=point)


@st.composite
def continuous_problems(draw, n_parties=2, max_issues=3):
    """Draw continuous problems with concave piecewise linear values and d = 0."""
    breaks = []
    for _ in range(draw(st.integers(1, max_issues))):
        corners = draw(st.integers(2, 4))
        issue = []
        for _ in range(n_parties):
            slopes = sorted(
                draw(st.lists(st.integers(-6, 6), min_size=corners - 1, max_size=corners - 1)),
                reverse=True,
            )
            start = draw(st.integers(0, 8))
            issue.append([float(start), *(start + np.cumsum(slopes)).astype(float).tolist()])
        breaks.append(issue)
    return continuous(breaks)


@st.composite
def constrained_problems(draw, n_parties=2, max_constraints=3):
    """Draw a small finite problem with constraints, and which outcomes may be agreed.

    The second is a list of truth values by row, judged in plain Python from what was drawn.
    """
    issues = [bg.Issue.choice("colour", ["red", "green", "blue"]), bg.Issue.integer("units", 0, 3)]
    issues = draw(st.sampled_from([issues, [*issues, bg.Issue.choice("days", [30, 60])]]))
    tables = [
        {
            issue.name: {issue.value(k): draw(st.integers(-4, 9)) for k in range(int(issue.size))}
            for issue in issues
        }
        for _ in range(n_parties)
    ]
    drawn = draw(st.lists(_constraints(issues), max_size=max_constraints))
    point = draw(st.lists(st.integers(-9, 6), min_size=n_parties, max_size=n_parties))
    problem = bg.BargainingProblem(
        issues,
        {f"p{j}": bg.AdditiveUtility(table) for j, table in enumerate(tables)},
        disagreement_point=point,
        constraints=[constraint for constraint, _ in drawn],
    )
    return problem, [all(holds(o) for _, holds in drawn) for o in problem.space]


@st.composite
def _conditions(draw, issues):
    """Draw conditions on some of the issues, and what they say in plain Python."""
    chosen = draw(st.lists(st.sampled_from(issues), min_size=1, max_size=2, unique=True))
    conditions, tests = {}, []
    for issue in chosen:
        values = [issue.value(k) for k in range(int(issue.size))]
        listed = draw(st.lists(st.sampled_from(values), min_size=1, unique=True))
        if issue.is_numeric and draw(st.booleans()):
            conditions[issue.name] = {"at_least": min(listed), "at_most": max(listed)}
            listed = [v for v in values if min(listed) <= v <= max(listed)]
        else:
            conditions[issue.name] = listed
        tests.append(lambda o, name=issue.name, listed=tuple(listed): o[name] in listed)
    return conditions, lambda o: all(test(o) for test in tests)


@st.composite
def _constraints(draw, issues):
    conditions, met = draw(_conditions(issues))
    kind = draw(st.sampled_from(["require", "forbid", "if", "budget"]))
    if kind == "require":
        return bg.Mandatory(conditions), met
    if kind == "forbid":
        return bg.Forbidden(conditions), lambda o: not met(o)
    if kind == "if":
        then, then_met = draw(_conditions(issues))
        return bg.Implication(conditions, then), lambda o: not met(o) or then_met(o)
    uses = {i.name: draw(st.integers(-2, 2)) for i in issues if i.is_numeric}
    limit = draw(st.integers(-4, 60))
    budget = bg.Budget(uses, at_most=limit)
    return budget, lambda o: sum(use * o[name] for name, use in uses.items()) <= limit


def with_constraints(problem, *constraints):
    """Return a problem in which something may not be agreed."""
    return bg.BargainingProblem(
        problem.space, problem.profiles, constraints=constraints, name=problem.name
    )


def without_the_forbidden(problem, allowed):
    """Return what is left of a constrained problem as one choice without constraints."""
    rows = np.flatnonzero(allowed)
    return one_choice(problem.utilities()[rows], problem.disagreement_point), rows


def mixed_problem(seed, continuous=1, choices=1, *, form="linear", constraints=(), days=0):
    """Draw two parties' contract of real numbers, choices of 4 and, if asked, an integer issue.

    The parties want the opposite of real numbers and days.
    """
    generator = np.random.default_rng(seed)
    issues = [bg.Issue.continuous(f"x{j}", 0, 100) for j in range(continuous)]
    issues += [bg.Issue.choice(f"c{j}", [f"v{k}" for k in range(4)]) for j in range(choices)]
    issues += [bg.Issue.integer("days", 0, days)] if days else []
    utilities = {}
    for party, name in enumerate(("me", "you")):
        values = {}
        for j in range(continuous):
            weight = float(generator.uniform(1, 5))
            ends = (0.0, weight) if party else (weight, 0.0)
            values[f"x{j}"] = _falling(form, *ends)
        for j in range(choices):
            values[f"c{j}"] = {f"v{k}": float(generator.uniform(0, 3)) for k in range(4)}
        if days:
            weight = float(generator.uniform(1, 3))
            values["days"] = bg.Linear(0, weight) if party else bg.Linear(weight, 0)
        utilities[name] = bg.AdditiveUtility(values)
    return bg.BargainingProblem(
        issues, utilities, disagreement_point=(2, 2), constraints=constraints
    )


def _falling(form, low, high):
    """Return a concave value function of a form between two worths at the ends."""
    bump = 0.2 * abs(high - low)
    if form == "piecewise":
        return bg.PiecewiseLinear([(0, low), (40, 0.6 * low + 0.4 * high + bump), (100, high)])
    if form == "quadratic":
        return bg.Quadratic(low, 0.5 * (low + high) + bump, high)
    return bg.Power(low, high, 0.5) if form == "power" else bg.Linear(low, high)
