"""Raiffa's discrete and continuous solutions."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import linprog

import bargain as bg
from bargain.solve import columns, prices
from tests import reference
from tests.problems import continuous, continuous_problems, one_choice, whole_utilities

T = [(0, 0), (0, 1), (1, 0.7), (1, 0)]
KINDS = [
    partial(bg.raiffa_solution, kind="discrete"),
    partial(bg.raiffa_solution, kind="continuous"),
]
kinds = pytest.mark.parametrize("raiffa", KINDS, ids=["discrete", "continuous"])


def solve_or_skip(raiffa, problem):
    try:
        return raiffa(problem)
    except bg.NoAgreementZoneError:
        assume(False)


def test_discrete_raiffa_on_t_takes_the_derived_steps():
    # Raiffa 1953; Luce & Raiffa 1957, 6.10: the rule; values derived
    solution = bg.raiffa_solution(one_choice(T))
    assert solution.gains == pytest.approx([43 / 48, 117 / 160], abs=1e-15)
    steps = solution.certificate.evidence["path"]
    derived = np.array([(0, 0), (0.5, 0.5), (0.75, 0.675), (0.875, 0.725)])
    assert np.array(steps[:4]) == pytest.approx(derived)
    assert steps[-1] == pytest.approx(solution.gains.tolist())
    assert solution.certificate.kind == "exact"


def test_continuous_raiffa_on_t_has_the_derived_closed_form():
    t = math.exp(-7 / 3)
    solution = bg.raiffa_solution(one_choice(T), kind="continuous")
    assert solution.gains == pytest.approx([1 - t / 2, 0.7 + 0.15 * t], abs=1e-14)


@kinds
def test_raiffa_on_a_linear_frontier_is_its_middle(raiffa):
    assert raiffa(one_choice([(0, 0), (6, 0), (0, 2)])).gains == pytest.approx([3, 1], abs=1e-15)


@kinds
def test_raiffa_can_end_at_a_corner(raiffa):
    corner = raiffa(one_choice([(0, 1), (0.75, 0.75), (1, 0)]))
    assert corner.utilities == pytest.approx([0.75, 0.75], abs=1e-15)
    assert corner.outcome is not None or max(p for _, p in corner.lottery) > 1 - 1e-12


@kinds
def test_raiffa_of_one_efficient_outcome_is_that_outcome(raiffa):
    assert raiffa(one_choice([(3, 5), (1, 2)])).outcome == {"pick": "o0"}


@given(points=whole_utilities(2, 8))
@settings(max_examples=60)
def test_discrete_raiffa_agrees_with_the_steps_of_its_definition(points):
    solution = solve_or_skip(bg.raiffa_solution, one_choice(points))
    slow = reference.raiffa_steps([tuple(point) for point in points.tolist()], 80)
    assert solution.gains == pytest.approx([float(x) for x in slow], abs=1e-12)


@given(points=whole_utilities(2, 8))
@example(points=np.array([(-3.0, 9.0), (7.0, 7.0), (9.0, 0.0)]))  # just past a corner
@settings(max_examples=40)
def test_continuous_raiffa_agrees_with_its_differential_equation(points):
    raiffa = partial(bg.raiffa_solution, kind="continuous")
    solution = solve_or_skip(raiffa, one_choice(points))
    listed = [tuple(point) for point in points.tolist()]
    flipped = [point[::-1] for point in listed]

    def speed(_, at):
        # the integrator can overstep the best there is by a rounding error
        x, y = at - 1e-9
        most = reference.most_for_second
        return [max(most(flipped, y) - x, 0.0), max(most(listed, x) - y, 0.0)]

    path = solve_ivp(speed, (0.0, 40.0), [0.0, 0.0], method="LSODA", rtol=1e-8, atol=1e-9)
    assert solution.gains == pytest.approx(path.y[:, -1], abs=1e-4)


@kinds
@given(problem=continuous_problems())
def test_raiffa_is_efficient_and_rational(raiffa, problem):
    solution = solve_or_skip(raiffa, problem)
    assert (solution.gains >= 0).all()
    frontier = bg.pareto_frontier(problem).utilities
    assert np.interp(
        solution.utilities[0], frontier[:, 0][np.argsort(frontier[:, 0])],
        frontier[:, 1][np.argsort(frontier[:, 0])],
    ) == pytest.approx(solution.utilities[1], abs=1e-9)  # fmt: skip


@kinds
@given(points=whole_utilities(2), data=st.data())
def test_raiffa_is_free_of_scale(raiffa, points, data):
    a = data.draw(st.lists(st.sampled_from([0.25, 2.0, 1024.0]), min_size=2, max_size=2))
    b = data.draw(st.lists(st.integers(-5, 5), min_size=2, max_size=2))
    solution = solve_or_skip(raiffa, one_choice(points))
    moved = raiffa(one_choice(points * a + b, disagreement_point=b))
    assert moved.gains == pytest.approx(solution.gains * a, abs=1e-9)


@kinds
@given(points=whole_utilities(2, 8))
def test_raiffa_is_symmetric(raiffa, points):
    assume((points >= 0).all(axis=1).any())
    solution = raiffa(one_choice(np.concatenate([points, points[:, ::-1]])))
    assert solution.gains[0] == pytest.approx(solution.gains[1], abs=1e-9)
    one, other = raiffa(one_choice(points)), raiffa(one_choice(points[:, ::-1]))
    assert one.gains == pytest.approx(other.gains[::-1], abs=1e-9)


@kinds
def test_raiffa_of_many_corners_lies_between_its_two_neighbours(raiffa):
    # the quarter circle, inscribed: symmetric, so the answer is where x = y
    angles = np.linspace(0, np.pi / 2, 1001)
    points = np.column_stack([np.sin(angles), np.cos(angles)])
    assert raiffa(one_choice(points)).gains == pytest.approx([0.5**0.5] * 2, abs=1e-6)


@kinds
@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1e9, 1e300])
def test_raiffa_at_extreme_scales(raiffa, scale):
    points = np.array(T)
    expected = raiffa(one_choice(points)).gains
    found = raiffa(one_choice(points * [scale, 1.0])).gains
    assert found / [scale, 1.0] == pytest.approx(expected, rel=1e-12)


@kinds
def test_raiffa_where_a_party_can_gain_nothing_gives_the_other_all(raiffa):
    solution = raiffa(one_choice([(0, 1), (1, 0)], disagreement_point=(1, -2)))
    assert solution.utilities.tolist() == [1, 0]
    assert "degenerate" in solution.certificate.note
    constant = raiffa(one_choice([(4, 1), (4, 3)], disagreement_point=(4, 0)))
    assert constant.utilities.tolist() == [4, 3]


@kinds
def test_raiffa_at_a_disagreement_point_on_the_frontier_stays_there(raiffa):
    solution = raiffa(continuous([[[0, 1], [1, 0]]], disagreement_point=(0.25, 0.75)))
    assert solution.utilities == pytest.approx([0.25, 0.75])


@kinds
def test_raiffa_without_a_zone_is_refused(raiffa):
    with pytest.raises(bg.NoAgreementZoneError):
        raiffa(one_choice([(0, 1), (1, 0)], disagreement_point=(0.9, 0.9)))


def test_raiffa_refuses_choices_without_lotteries_and_unknown_kinds():
    with pytest.raises(bg.UnsupportedProblemError, match=r"raiffa_solution: .*convex"):
        bg.raiffa_solution(one_choice(T), lotteries=False)
    with pytest.raises(bg.InvalidArgumentError, match="kind"):
        bg.raiffa_solution(one_choice(T), kind="smooth")


def test_raiffa_of_three_parties_on_a_weighted_simplex_is_the_mean_of_its_corners():
    solution = bg.raiffa_solution(one_choice([(6, 0, 0), (0, 3, 0), (0, 0, 9)]))
    assert solution.gains == pytest.approx([2, 1, 3], abs=1e-8)
    assert solution.certificate.kind == "gap"
    assert solution.certificate.gap <= 1e-8


def test_a_third_party_that_can_gain_nothing_leaves_the_others_the_middle_of_a_line():
    points = [(x, y, 0) for x, y in [(0, 0), (6, 0), (0, 2)]]
    solution = bg.raiffa_solution(one_choice(points))
    assert solution.gains == pytest.approx([3, 1, 0], abs=1e-7)
    assert "degenerate" in solution.certificate.note


@given(points=whole_utilities(3, 6))
@settings(max_examples=4)
def test_raiffa_of_three_parties_agrees_with_the_steps_of_its_definition(points):
    solution = solve_or_skip(bg.raiffa_solution, one_choice(points))
    at = np.zeros(3)
    for _ in range(60):
        best = []
        for i in range(3):
            floors = at - 1e-11
            floors[i] = 0.0
            program = linprog(
                -points[:, i], A_ub=-points.T, b_ub=-floors, A_eq=np.ones((1, len(points))),
                b_eq=[1.0],
            )  # fmt: skip
            best.append(-program.fun)
        at = at + (np.maximum(best, at) - at) / 3
    assert solution.gains == pytest.approx(at, abs=1e-6)


def test_continuous_raiffa_of_three_parties_is_refused_by_name():
    with pytest.raises(bg.UnsupportedProblemError, match="continuous"):
        bg.raiffa_solution(one_choice(np.eye(3)), kind="continuous")


def test_raiffa_under_a_ceiling_counts_utility_only_up_to_it():
    # min(u_1, 1/2) on the dollar: the frontier is (x, 1 - x) for x up to 1/2
    capped = bg.AdditiveUtility({"x": bg.Linear(0, 1)}, ceiling=0.5)
    other = bg.AdditiveUtility({"x": bg.Linear(1, 0)})
    problem = bg.BargainingProblem([bg.Issue.continuous("x", 0, 1)], {"a": capped, "b": other})
    # from (0, 0): (1/4, 1/2), (3/8, 5/8), and then the middle of (3/8, 5/8) to itself
    assert bg.raiffa_solution(problem).utilities == pytest.approx([0.375, 0.625])


def test_three_parties_with_curved_issues_and_a_choice_take_steps_too():
    issues = [
        *(bg.Issue.continuous(f"x{j}", 0, 1) for j in range(3)),
        bg.Issue.choice("y", ["a", "b"]),
    ]
    bends = [(0.3, 0.5, 0.9), (0.7, 0.4, 0.6), (0.5, 0.8, 0.35)]
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {
                **{
                    f"x{j}": bg.Power(*((0, 2 + i) if i == j else (1, 0)), bends[i][j])
                    for j in range(3)
                },
                "y": {"a": float(i)},
            }
        )
        for i in range(3)
    }
    problem = bg.BargainingProblem(issues, parties)
    found = bg.raiffa_solution(problem)
    assert (found.gains > 0).all()
    # nobody can have more while the others keep what they have, but for the gap
    path = np.array(found.certificate.evidence["path"])
    assert (np.diff(path, axis=0) >= -1e-9).all()
    nash = bg.nash_solution(problem, lotteries=True)
    assert np.log(found.gains).sum() <= np.log(nash.gains).sum() + 1e-9


def test_programs_of_many_steps_begin_with_what_was_found_before(monkeypatch):
    # of three parties' 641 outcomes on a curved frontier; from scratch it takes four times as many
    generator = np.random.default_rng(5)
    worths = np.abs(generator.normal(size=(641, 3)))
    worths /= ((worths**3).sum(axis=1) ** (1 / 3))[:, None]
    problem = one_choice(worths.tolist(), [0.0] * 3)
    solved = []
    master = prices._linear_master
    monkeypatch.setattr(prices, "_linear_master", lambda *a: solved.append(1) or master(*a))
    warm = bg.raiffa_solution(problem)
    few = len(solved)
    solved.clear()
    monkeypatch.setattr(columns, "REMEMBERED", 0)
    cold = bg.raiffa_solution(problem)
    assert warm.utilities == pytest.approx(cold.utilities, abs=1e-9)
    assert 0 < few < 0.6 * len(solved)


def test_steps_of_many_outcomes_are_those_of_a_library(monkeypatch):
    problem = one_choice(np.random.default_rng(0).random((641, 3)).tolist(), [0.1, 0.2, 0.0])
    found = bg.raiffa_solution(problem)

    def by_library(space, *, sums=None, shares=None, floors, close, known):
        return prices._lead_by_programs(space, sums, shares, floors, known)

    monkeypatch.setattr(columns, "linear_lead", by_library)
    twin = bg.raiffa_solution(problem)
    assert found.utilities == pytest.approx(twin.utilities, abs=1e-7)
    path, other = found.certificate.evidence["path"], twin.certificate.evidence["path"]
    few = min(len(path), len(other))
    assert np.array(path[:few]) == pytest.approx(np.array(other[:few]), abs=1e-7)
