"""The Perles-Maschler (super-additive) solution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bargain as bg
from tests.problems import continuous, continuous_problems, one_choice, whole_utilities

T = [(0, 0), (0, 1), (1, 0.7), (1, 0)]


def solve_or_skip(problem):
    try:
        return bg.perles_maschler_solution(problem)
    except bg.NoAgreementZoneError:
        assume(False)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (T, (0.5, 0.85)),
        ([(0, 0), (0, 2), (2, 1), (3, 0)], (1 + 0.5**0.5, 1.5 - 0.5**0.5 / 2)),
        ([(0, 0), (6, 0), (0, 2)], (3, 1)),
    ],
    ids=["T", "polygon", "triangle"],
)
def test_published_and_derived_values(points, expected):
    # Perles & Maschler 1981; values derived
    solution = bg.perles_maschler_solution(one_choice(points))
    assert solution.gains == pytest.approx(expected, abs=1e-14)
    assert solution.certificate.kind == "exact"


def test_both_sides_walk_the_same_length():
    # half of sqrt(2 * 1) + sqrt(1 * 1)
    solution = bg.perles_maschler_solution(one_choice([(0, 0), (0, 2), (2, 1), (3, 0)]))
    assert solution.certificate.evidence["each_side"] == pytest.approx((2**0.5 + 1) / 2)


@given(points=whole_utilities(2, 8))
def test_sums_of_roots_from_both_ends_are_equal(points):
    """A slow twin: walk the individually rational frontier in 2,000 little steps."""
    solution = solve_or_skip(one_choice(points))
    hull = bg.pareto_frontier(one_choice(points), lotteries=True).gains
    hull = hull[np.argsort(hull[:, 0])]
    rational = hull[(hull >= 0).all(axis=1)]
    cut = [np.interp(0.0, hull[:, 0], hull[:, 1]), np.interp(0.0, hull[::-1, 1], hull[::-1, 0])]
    first = np.unique(np.concatenate([rational[:, 0], solution.gains[:1], [cut[1]]]))
    first = first[(first >= 0) & (first <= cut[1] + 1e-12)]
    second = np.interp(first, hull[:, 0], hull[:, 1])
    if hull[0, 0] < 0 <= cut[0]:
        first, second = np.append(0.0, first), np.append(cut[0], second)
    lengths = np.sqrt(np.abs(np.diff(first) * np.diff(second)))
    before = first[1:] <= solution.gains[0] + 1e-12
    assert lengths[before].sum() == pytest.approx(lengths[~before].sum(), abs=1e-5)


@st.composite
def comprehensive_points(draw):
    """Draw outcomes that are all individually rational: (0, 0) and whole pairs >= 0."""
    pairs = st.tuples(st.integers(0, 9), st.integers(0, 9))
    return [(0, 0), *draw(st.lists(pairs, min_size=1, max_size=5))]


@given(first=comprehensive_points(), second=comprehensive_points())
def test_nobody_loses_when_two_problems_are_settled_together(first, second):
    # super-additivity, Perles & Maschler 1981: f(S + T) >= f(S) + f(T)
    issues, tables = [], [{}, {}]
    for name, points in (("one", first), ("two", second)):
        labels = [f"o{i}" for i in range(len(points))]
        issues.append(bg.Issue.choice(name, labels))
        for party in (0, 1):
            worths = [float(point[party]) for point in points]
            tables[party][name] = dict(zip(labels, worths, strict=True))
    parties = {f"p{i}": bg.AdditiveUtility(table) for i, table in enumerate(tables)}
    together = bg.perles_maschler_solution(bg.BargainingProblem(issues, parties)).gains
    apart = [bg.perles_maschler_solution(one_choice(points)).gains for points in (first, second)]
    assert (together >= sum(apart) - 1e-9).all()


def test_nash_and_raiffa_are_not_superadditive_where_this_one_is():
    # the two-issue problem of Perles & Maschler's kind: a triangle and a wide rectangle's corner
    one, two = np.array([(0, 0), (0, 1), (4, 0)]), np.array([(0, 0), (0, 4), (3, 3), (3, 0)])
    together = one_choice((one[:, None, :] + two[None, :, :]).reshape(-1, 2))
    for concept, holds in ((bg.nash_solution, False), (bg.perles_maschler_solution, True)):
        apart = [concept(one_choice(points), lotteries=True).gains for points in (one, two)]
        gained = concept(together, lotteries=True).gains - sum(apart)
        assert bool((gained >= -1e-9).all()) is holds


@given(problem=continuous_problems())
def test_it_is_efficient_and_rational(problem):
    solution = solve_or_skip(problem)
    assert (solution.gains >= 0).all()
    frontier = bg.pareto_frontier(problem).utilities
    frontier = frontier[np.argsort(frontier[:, 0])]
    best = np.interp(solution.utilities[0], frontier[:, 0], frontier[:, 1])
    assert best == pytest.approx(solution.utilities[1], abs=1e-9)


@given(points=whole_utilities(2), data=st.data())
def test_it_is_free_of_scale_and_symmetric(points, data):
    a = data.draw(st.lists(st.sampled_from([0.25, 2.0, 1024.0]), min_size=2, max_size=2))
    b = data.draw(st.lists(st.integers(-5, 5), min_size=2, max_size=2))
    gains = solve_or_skip(one_choice(points)).gains
    moved = one_choice(points * a + b, disagreement_point=b)
    assert bg.perles_maschler_solution(moved).gains == pytest.approx(gains * a, abs=1e-9)
    swapped = bg.perles_maschler_solution(one_choice(points[:, ::-1]))
    assert swapped.gains == pytest.approx(gains[::-1], abs=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_extreme_scales(scale):
    points = np.array([(0, 0), (0, 2), (2, 1), (3, 0)]) * [scale, scale]
    found = bg.perles_maschler_solution(one_choice(points)).gains / scale
    assert found == pytest.approx([1 + 0.5**0.5, 1.5 - 0.5**0.5 / 2])


def test_only_the_rational_part_of_the_frontier_counts():
    # from (1, 1) the dollar of 3 leaves the triangle (1, 2) to (2, 1)
    dollar = one_choice([(0, 3), (3, 0)], disagreement_point=(1, 1))
    assert bg.perles_maschler_solution(dollar).utilities == pytest.approx([1.5, 1.5])


def test_degenerate_sets():
    point = bg.perles_maschler_solution(one_choice([(3, 5), (1, 2)]))
    assert point.outcome == {"pick": "o0"}
    nothing = bg.perles_maschler_solution(one_choice([(0, 1), (1, 0)], disagreement_point=(1, -2)))
    assert nothing.utilities.tolist() == [1, 0]
    assert "degenerate" in nothing.certificate.note
    stuck = continuous([[[0, 1], [1, 0]]], disagreement_point=(0.25, 0.75))
    assert bg.perles_maschler_solution(stuck).utilities == pytest.approx([0.25, 0.75])


def test_what_is_refused():
    with pytest.raises(bg.UnsupportedProblemError, match=r"perles_maschler_solution: .*convex"):
        bg.perles_maschler_solution(one_choice(T), lotteries=False)
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.perles_maschler_solution(one_choice(np.eye(3)))
    with pytest.raises(bg.NoAgreementZoneError):
        bg.perles_maschler_solution(one_choice([(0, 1), (1, 0)], disagreement_point=(0.9, 0.9)))
