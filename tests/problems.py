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
