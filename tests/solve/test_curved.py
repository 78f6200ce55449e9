"""Curved value functions: closed forms, cvxpy, grids as lower bounds, and the axioms."""

from __future__ import annotations

import math

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.solve.arc_set import ArcSet
from bargain.solve.chain_set import ChainSet, chain_set
from tests.curved import dollar, gains_by_cvxpy, random_problem, seeds

SQRT = dollar(bg.Power(0, 1, 0.5), bg.Linear(1, 0))


@pytest.mark.parametrize(
    ("concept", "x"),
    [
        (bg.nash_solution, 1 / 3),
        (bg.kalai_smorodinsky_solution, (3 - math.sqrt(5)) / 2),
        (bg.egalitarian_solution, (3 - math.sqrt(5)) / 2),
        (bg.utilitarian_solution, 1 / 4),
    ],
)
def test_a_dollar_between_a_root_and_a_line(concept, x):
    solution = concept(SQRT)
    assert solution.outcome["x"] == pytest.approx(x, rel=1e-14)
    assert solution.certificate.kind == "exact"


@pytest.mark.parametrize("a", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("b", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("w", [0.001, 0.5, 0.8])
def test_weighted_nash_of_powers_divides_by_weight_times_power(a, b, w):
    solution = bg.nash_solution(dollar(bg.Power(0, 1, a), bg.Power(1, 0, b)), (w, 1 - w))
    assert solution.outcome["x"] == pytest.approx(w * a / (w * a + (1 - w) * b), rel=1e-13)


@pytest.mark.parametrize("a", [0.2, 0.5, 1.0])
def test_risk_aversion_costs_share_of_the_dollar(a):
    solution = bg.nash_solution(dollar(bg.Linear(0, 1), bg.Power(1, 0, a)))
    assert solution.outcome["x"] == pytest.approx(1 / (1 + a), rel=1e-14)


@pytest.mark.parametrize("delta", [0.5, 0.9, 0.999])
def test_rubinstein_between_a_root_and_a_line(delta):
    solution = bg.rubinstein_solution(SQRT, (delta, delta))
    x = 1 / (1 + delta + delta**2)
    assert solution.outcome["x"] == pytest.approx(x, rel=1e-13)
    other = bg.rubinstein_solution(SQRT, (delta, delta), first="second")
    assert other.outcome["x"] == pytest.approx(delta**2 * x, rel=1e-13)
    # 3 offers: the last proposer, the first party, takes 1; the other then asks for what that
    # leaves it (sqrt(x) = delta); then 1 - x = delta (1 - delta^2)
    finite = bg.rubinstein_solution(SQRT, (delta, delta), horizon=3)
    assert finite.outcome["x"] == pytest.approx(1 - delta * (1 - delta**2), rel=1e-13)


def test_constant_risk_aversion_and_a_logarithm_by_their_first_order_conditions():
    problem = dollar(bg.Exponential(0, 1, 3), bg.Logarithmic(1, 0, 9))
    x = bg.nash_solution(problem).outcome["x"]
    # d/dx of log(1 - exp(-3 x)) + log(log(1 + 9 (1 - x)))
    left = 3 * math.exp(-3 * x) / (1 - math.exp(-3 * x))
    right = 9 / (1 + 9 * (1 - x)) / math.log(1 + 9 * (1 - x))
    assert left == pytest.approx(right, rel=1e-12)


def test_two_peaks_leave_what_lies_between_them():
    # worths 1 - (x - p)^2 with p = 0.2 and 0.7: efficient from 0.2 to 0.7, symmetric about 0.45
    def peak(p):
        return bg.Quadratic(1 - p**2, 1 - (0.5 - p) ** 2, 1 - (1 - p) ** 2)

    problem = dollar(peak(0.2), peak(0.7))
    frontier = bg.pareto_frontier(problem)
    assert frontier.outcomes[0]["x"] == pytest.approx(0.2, abs=1e-12)
    assert frontier.outcomes[-1]["x"] == pytest.approx(0.7, abs=1e-12)
    for concept in (bg.nash_solution, bg.egalitarian_solution, bg.utilitarian_solution):
        assert concept(problem).outcome["x"] == pytest.approx(0.45, abs=1e-12)
    same = dollar(peak(0.4), peak(0.4))
    assert len(bg.pareto_frontier(same)) == 1
    assert bg.nash_solution(same).outcome["x"] == pytest.approx(0.4, abs=1e-12)


OBJECTIVES = [
    (bg.nash_solution, lambda g: sum(cvxpy.log(gain) for gain in g), lambda g: np.log(g).sum()),
    (bg.egalitarian_solution, lambda g: cvxpy.min(cvxpy.hstack(g)), np.min),
    (bg.utilitarian_solution, lambda g: sum(g), np.sum),
]


@pytest.mark.parametrize(("concept", "objective", "score"), OBJECTIVES)
@pytest.mark.parametrize("seed", range(6))
def test_two_parties_agree_with_cvxpy_and_are_exact(concept, objective, score, seed):
    problem = random_problem(seed, n_issues=1 + seed % 4)
    solution = concept(problem)
    value, _ = gains_by_cvxpy(problem, objective)
    assert score(solution.gains) == pytest.approx(value, abs=1e-5)
    assert solution.certificate.kind == "exact"


@pytest.mark.parametrize(("concept", "objective", "score"), OBJECTIVES)
@pytest.mark.parametrize("seed", [0, 3])
def test_three_parties_agree_with_cvxpy_within_their_gap(concept, objective, score, seed):
    problem = random_problem(seed, 3, n_issues=2)
    solution = concept(problem)
    value, _ = gains_by_cvxpy(problem, objective)
    assert score(solution.gains) == pytest.approx(value, abs=1e-5)
    assert solution.certificate.gap <= 1e-9


def test_three_parties_that_share_a_pie_of_roots():
    # x to the first, y to the second, and the third wants neither: sqrt(x), sqrt(y), and for the
    # third two logarithms; the first two are symmetric
    issues = [bg.Issue.continuous(name, 0, 1) for name in "xy"]
    third = {name: bg.Logarithmic(1, 0, 3) for name in "xy"}
    values = [{"x": bg.Power(0, 1, 0.5)}, {"y": bg.Power(0, 1, 0.5)}, third]
    utilities = {f"p{i}": bg.AdditiveUtility(value) for i, value in enumerate(values)}
    problem = bg.BargainingProblem(issues, utilities)
    nash = bg.nash_solution(problem)
    x, y = nash.outcome["x"], nash.outcome["y"]
    assert x == pytest.approx(y, abs=1e-9)
    # the product sqrt(x) sqrt(x) (2 log(1 + 3 (1 - x)) / log 4) is largest where its slope is 0
    assert 1 / x == pytest.approx(3 / (1 + 3 * (1 - x)) / math.log(1 + 3 * (1 - x)), rel=1e-8)
    assert nash.certificate.gap <= 1e-12
    egalitarian = bg.egalitarian_solution(problem)
    assert egalitarian.gains == pytest.approx([egalitarian.gains[0]] * 3, abs=1e-9)
    rubinstein = bg.rubinstein_solution(problem, (0.9, 0.9, 0.9))
    assert rubinstein.certificate.gap <= 1e-9
    # who proposes has more than the one it is the mirror image of, by the discount factor
    assert rubinstein.gains[1] == pytest.approx(0.9 * rubinstein.gains[0], abs=1e-8)


def test_two_parties_on_the_walk_and_by_programs_agree():
    from bargain.solve.convex import ConvexSet

    for seed in range(3):
        problem = random_problem(seed, n_issues=2, choices=1)
        walk, programs = chain_set(problem), ConvexSet(problem)
        assert isinstance(walk, ArcSet)
        ideal = walk.ideal_gains()
        assert programs.ideal_gains() == pytest.approx(ideal, abs=1e-9)
        for ask in (
            lambda s: s.best_product(np.ones(2)),
            lambda s, c=ideal: s.best_minimum(c),
        ):
            (exact, _), (found, certificate) = ask(walk), ask(programs)
            sums = [sum(p * problem.evaluate(o) for o, p in lot) for lot in (exact, found)]
            assert sums[1] == pytest.approx(sums[0], abs=1e-8)
            assert certificate.gap <= 1e-9


SCORES = [
    (bg.nash_solution, np.prod),
    (bg.egalitarian_solution, np.min),
    (bg.utilitarian_solution, np.sum),
]


@pytest.mark.parametrize(("concept", "score"), SCORES)
@pytest.mark.parametrize(
    ("kind", "lotteries", "points"),
    [
        ({"n_issues": 1, "choices": 2}, False, 301),
        ({"n_issues": 1, "choices": 2}, True, 301),
        ({"n_issues": 2, "ceiling": (6.0, 4.5)}, False, 61),
        ({"n_issues": 1, "choices": 1, "ceiling": (3.0, None)}, False, 301),
    ],
)
def test_grids_never_beat_it_and_come_near(concept, score, kind, lotteries, points):
    solved = 0
    for seed in range(6):
        problem = random_problem(seed, **kind)
        try:
            coarse = concept(bg.discretized(problem, points=points), lotteries=lotteries)
        except bg.NoAgreementZoneError:
            continue
        solution = concept(problem, lotteries=lotteries)
        best = score(np.maximum(solution.gains, 0.0))
        assert best >= score(coarse.gains) - 1e-12
        assert best <= score(coarse.gains) + 0.03 * max(1.0, score(coarse.gains))
        assert solution.certificate.kind == "exact"
        solved += 1
    assert solved >= 3


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_points_of_a_sampled_frontier_are_efficient_and_dense(seed):
    problem = random_problem(seed, n_issues=2)
    frontier = bg.pareto_frontier(problem)
    u = frontier.utilities
    assert (np.diff(u[:, 0]) < 0).all()
    assert (np.diff(u[:, 1]) > 0).all()
    assert frontier.certificate.gap <= 1e-4
    for k in (0, len(u) // 2, len(u) - 1):
        assert problem.evaluate(frontier.outcomes[k]) == pytest.approx(u[k], abs=1e-12)
    sample = np.array([problem.evaluate(o) for o in problem.space.sample(400, seed=seed % 1000)])
    sample = sample[(sample >= problem.disagreement_point).all(axis=1)]
    # nothing lies more than the stated share of the ranges beyond the lines between the points
    share = (frontier.certificate.gap + 1e-12) * np.ptp(u, axis=0)
    if len(u) > 1 and len(sample):
        lower = np.interp(sample[:, 0] - share[0], u[::-1, 0], u[::-1, 1])
        assert (sample[:, 1] - share[1] <= lower + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(seed=seeds, share=st.floats(0, 1))
def test_a_best_offer_gives_what_is_asked_and_nothing_is_better_for_the_other(seed, share):
    problem = random_problem(seed, n_issues=2)
    frontier = bg.pareto_frontier(problem)
    low, high = frontier.utilities[[-1, 0], 0]
    floor = low + share * (high - low)
    offer = bg.best_offer(problem, party=0, at_least=floor)
    mine, others = problem.evaluate(offer)
    assert mine >= floor
    sample = np.array([problem.evaluate(o) for o in problem.space.sample(300, seed=1)])
    enough = sample[sample[:, 0] >= floor]
    assert (enough[:, 1] <= others + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(seed=seeds, factor=st.sampled_from([1e-6, 3.0, 1e8]), shift=st.floats(-5, 5))
def test_nash_and_kalai_smorodinsky_do_not_depend_on_scales(seed, factor, shift):
    problem = random_problem(seed, n_issues=2)
    stretched = dict(problem.profiles[0].utility.weights)
    stretched = {name: factor * weight for name, weight in stretched.items()}
    parties = {
        "p0": bg.AdditiveUtility(problem.profiles[0].utility.values, stretched),
        "p1": problem.profiles[1].utility,
    }
    point = problem.disagreement_point * np.array([factor, 1.0])
    rescaled = bg.BargainingProblem(problem.space, parties, disagreement_point=point)
    for concept in (bg.nash_solution, bg.kalai_smorodinsky_solution):
        gains, other = concept(problem).gains, concept(rescaled).gains
        assert other / [factor, 1.0] == pytest.approx(gains, rel=1e-8, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_it_does_not_matter_who_is_called_first(seed):
    problem = random_problem(seed, n_issues=2)
    swapped = bg.BargainingProblem(problem.space, problem.profiles[::-1])
    for concept in (bg.nash_solution, bg.egalitarian_solution, bg.utilitarian_solution):
        assert concept(swapped).gains[::-1] == pytest.approx(concept(problem).gains, abs=1e-8)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_rubinstein_proposals_are_worth_waiting_for_just_so_much(seed):
    problem = random_problem(seed, n_issues=2)
    proposals = bg.rubinstein_solution(problem, (0.9, 0.7)).certificate.evidence["proposals"]
    x, y = (np.array(proposals[name]) for name in ("p0", "p1"))
    ideal = bg.ideal_point(problem) - problem.disagreement_point
    # where both have something to wait for; else one of them takes what it can
    if x[0] < ideal[0] - 1e-9 and y[1] < ideal[1] - 1e-9:
        assert y[0] == pytest.approx(0.9 * x[0], rel=1e-11)
        assert x[1] == pytest.approx(0.7 * y[1], rel=1e-11)


@pytest.mark.parametrize("n_parties", [2, 3])
def test_what_is_not_concave_is_refused_by_name(n_parties):
    issue = [bg.Issue.continuous("x", 0, 1)]
    curves = [bg.Power(0, 1, 2), bg.Linear(1, 0), bg.Linear(0, 1)][:n_parties]
    utilities = {f"p{i}": bg.AdditiveUtility({"x": curve}) for i, curve in enumerate(curves)}
    problem = bg.BargainingProblem(issue, utilities)
    with pytest.raises(bg.NotConcaveError, match=r"issue 'x': expected .*concave curve.*Power"):
        bg.nash_solution(problem)
    # fine on a finite issue
    assert bg.nash_solution(bg.discretized(problem, points=5)).certificate.kind == "exact"


def test_hard_disagreement_points():
    with pytest.raises(bg.NoAgreementZoneError, match="no agreement zone"):
        bg.nash_solution(dollar(bg.Power(0, 1, 0.5), bg.Linear(1, 0), (0.9, 0.9)))
    # on the frontier itself: sqrt(1/4) and 3/4
    edge = dollar(bg.Power(0, 1, 0.5), bg.Linear(1, 0), (0.5, 0.75))
    nash = bg.nash_solution(edge)
    assert nash.gains == pytest.approx([0, 0], abs=1e-12)
    assert nash.certificate.note.startswith("degenerate")
    # far below everything
    far = dollar(bg.Power(0, 1, 0.5), bg.Linear(1, 0), (-1e6, -1e6))
    x = bg.nash_solution(far).outcome["x"]
    assert (1 - x + 1e6) / (2 * math.sqrt(x)) == pytest.approx(math.sqrt(x) + 1e6, rel=1e-12)
    # a weight of 0 counts last
    assert bg.nash_solution(SQRT, (1, 0)).outcome["x"] == 1.0


def test_a_problem_without_curves_keeps_its_chain():
    problem = dollar(bg.Linear(0, 1), bg.PiecewiseLinear([(0, 1), (1, 0)]))
    assert isinstance(chain_set(problem), ChainSet)
    straight = dollar(bg.Power(0, 1, 1), bg.Quadratic(1, 0.5, 0))
    assert isinstance(chain_set(straight), ChainSet)
    assert bg.nash_solution(straight).outcome["x"] == 0.5


def test_utilities_of_any_size():
    for size in (1e-290, 1e-12, 1e200, 1e300):
        problem = dollar(bg.Power(0, size, 0.5), bg.Linear(1 / size, 0))
        solution = bg.nash_solution(problem)
        assert solution.outcome["x"] == pytest.approx(1 / 3, rel=1e-12)


def test_a_tie_along_a_straight_edge_goes_to_the_most_equal():
    # x is worth the same to both, all the way; y bends for the first
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.continuous("y", 0, 1)]
    first = bg.AdditiveUtility({"x": bg.Linear(0, 1), "y": bg.Power(0, 1, 0.5)})
    second = bg.AdditiveUtility({"x": bg.Linear(1, 0), "y": bg.Linear(1, 0)})
    solution = bg.utilitarian_solution(bg.BargainingProblem(issues, {"a": first, "b": second}))
    assert solution.outcome["y"] == pytest.approx(1 / 4, rel=1e-12)
    assert solution.gains == pytest.approx([9 / 8, 9 / 8], rel=1e-12)
    assert solution.certificate.note.startswith("tied along an edge")


def test_costs_outside_options_and_breakdown_between_a_root_and_a_line():
    # sqrt(y) = sqrt(x) - c1 and x - y = c2: sqrt(x) = (c2 / c1 + c1) / 2
    paid = bg.rubinstein_solution(SQRT, costs=(0.2, 0.2))
    assert paid.outcome["x"] == pytest.approx(0.36, rel=1e-12)
    answer = bg.rubinstein_solution(SQRT, costs=(0.2, 0.2), first="second")
    assert answer.outcome["x"] == pytest.approx(0.16, rel=1e-12)
    # what the responder can leave with binds above what it would wait for, and only there
    bound = bg.rubinstein_solution(SQRT, (0.9, 0.9), outside_options=(None, 0.8))
    assert bound.outcome["x"] == pytest.approx(0.2, rel=1e-12)
    free = bg.rubinstein_solution(SQRT, (0.9, 0.9), outside_options=(None, 0.3))
    assert free.outcome["x"] == pytest.approx(1 / 2.71, rel=1e-12)
    with pytest.raises(bg.NoAgreementZoneError, match="outside_options"):
        bg.rubinstein_solution(SQRT, (0.9, 0.9), outside_options=(0.9, 0.9))
    for risk in (0.1, 0.01, 0.001):
        d = 1 - risk
        broken = bg.rubinstein_solution(SQRT, (1, 1), breakdown=risk)
        assert broken.outcome["x"] == pytest.approx(1 / (1 + d + d * d), rel=1e-11)


def test_equal_costs_on_a_straight_stretch_leave_many_equilibria():
    # x is a dollar worth the same to both; y bends, and is agreed where its slopes are equal too
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.continuous("y", 0, 1)]
    first = bg.AdditiveUtility({"x": bg.Linear(0, 1), "y": bg.Power(0, 1, 0.5)})
    second = bg.AdditiveUtility({"x": bg.Linear(1, 0), "y": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(issues, {"a": first, "b": second})
    solution = bg.rubinstein_solution(problem, costs=(0.1, 0.1))
    # along the edge y = 1/4: any x from the cost on, the best of which takes all of it
    assert solution.certificate.note.startswith("many equilibria: any gain of a from 0.6 to 1.5")
    assert solution.outcome["x"] == pytest.approx(1.0, rel=1e-12)
    assert solution.outcome["y"] == pytest.approx(0.25, rel=1e-12)


@pytest.mark.parametrize("n_parties", [2, 3])
def test_curved_answers_are_confirmed_without_the_solver_that_found_them(n_parties):
    problem = random_problem(n_parties, n_parties, n_issues=2)
    for concept in (bg.nash_solution, bg.kalai_smorodinsky_solution, bg.egalitarian_solution):
        assert str(concept(problem).verify()).startswith("holds")


@pytest.mark.parametrize("below", [1e-3, 1e-5, 1e-7])
def test_equal_gains_at_the_end_of_a_frontier_are_proven(below):
    """Roundings say there who is ahead, and a price on that party alone proves nothing."""
    problem = random_problem(4772)
    point = bg.egalitarian_solution(problem).utilities - below
    profiles = {party.name: party.utility for party in problem.profiles}
    near = bg.BargainingProblem(problem.space, profiles, disagreement_point=point)
    assert bg.egalitarian_solution(near).certificate.gap == 0.0
