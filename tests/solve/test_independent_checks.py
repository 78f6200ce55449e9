"""Brute force, grids, linear programs and cvxpy against the exact methods."""

from __future__ import annotations

import cvxpy
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.solve.chain import additive_chain, enumerated_chain
from bargain.solve.chain_set import ChainSet, chain_set
from bargain.solve.convex import ConvexSet
from bargain.solve.enumerated import efficient_rows
from tests.problems import additive_problems, continuous_problems, one_choice, whole_utilities


def dominated(points, i):
    weakly = (points >= points[i]).all(axis=1)
    return (weakly & (points > points[i]).any(axis=1)).any()


@pytest.mark.parametrize("n_parties", [2, 3, 4])
@given(data=st.data())
def test_efficient_rows_are_those_that_nothing_dominates(n_parties, data):
    points = data.draw(whole_utilities(n_parties))
    every = [i for i in range(len(points)) if not dominated(points, i)]
    first = [i for i in every if not (points[:i] == points[i]).all(axis=1).any()]
    assert sorted(efficient_rows(points)) == first
    assert sorted(efficient_rows(points, keep_duplicates=True)) == every
    ordered = points[efficient_rows(points)].tolist()
    assert ordered == sorted(ordered, reverse=True)


@pytest.mark.parametrize("n_parties", [2, 3])
@given(data=st.data())
def test_nash_is_the_brute_force_largest_product(n_parties, data):
    problem = data.draw(additive_problems(n_parties))
    gains = problem.utilities() - problem.disagreement_point
    gains = gains[(gains >= 0).all(axis=1)]
    if len(gains) == 0:
        with pytest.raises(bg.NoAgreementZoneError):
            bg.nash_solution(problem)
        return
    assert bg.nash_solution(problem).gains.prod() == pytest.approx(gains.prod(axis=1).max())
    assert bg.egalitarian_solution(problem).gains.min() == gains.min(axis=1).max()
    assert bg.utilitarian_solution(problem).gains.sum() == gains.sum(axis=1).max()
    assert (bg.ideal_point(problem) - problem.disagreement_point).tolist() == gains.max(0).tolist()


@pytest.mark.parametrize("n_parties", [2, 3])
@given(data=st.data())
def test_kalai_smorodinsky_is_the_lexicographic_maximin_of_gain_ratios(n_parties, data):
    problem = data.draw(additive_problems(n_parties))
    gains = problem.utilities() - problem.disagreement_point
    gains = gains[(gains >= 0).all(axis=1)]
    assume(len(gains) > 0 and (gains.max(axis=0) > 0).all())
    ratios = np.sort(gains / gains.max(axis=0), axis=1).round(10)
    best = max(map(tuple, ratios.tolist()))
    found = np.sort(bg.kalai_smorodinsky_solution(problem).gains / gains.max(axis=0))
    assert found == pytest.approx(best, abs=1e-9)


@given(problem=additive_problems())
def test_additive_chain_is_the_hull_of_all_outcomes(problem):
    by_issue = additive_chain(problem, problem.space.issues)
    by_outcome = enumerated_chain(problem)
    for points, other in ((by_issue, by_outcome), (by_outcome, by_issue)):
        for x, y in points.points:
            assert np.interp(x, other.points[:, 0], other.points[:, 1]) == pytest.approx(y)
    for position in np.linspace(0, len(by_issue.points) - 1, 7):
        worth = sum(p * problem.evaluate(part) for part, p in by_issue.realize(float(position)))
        marks = np.arange(len(by_issue.points))
        expected = [np.interp(position, marks, by_issue.points[:, i]) for i in (0, 1)]
        assert worth == pytest.approx(expected, abs=1e-9)


def agree(problem):
    """Compare the chain with the programs for n parties, which share no code with it."""
    try:
        chain = chain_set(problem)
    except bg.NoAgreementZoneError:
        with pytest.raises(bg.NoAgreementZoneError):
            ConvexSet(problem)
        return
    convex = ConvexSet(problem)
    ideal = chain.ideal_gains()
    assert convex.ideal_gains() == pytest.approx(ideal, abs=1e-8)
    assume((ideal > 1e-6).all())
    answers = [
        (chain.best_product(np.ones(2) / 2), convex.best_product(np.ones(2) / 2), 1e-6),
        (chain.best_minimum(ideal), convex.best_minimum(ideal), 1e-7),
        (chain.best_minimum(np.ones(2)), convex.best_minimum(np.ones(2)), 1e-7),
    ]
    for (exact, _), (found, certificate), tolerance in answers:
        exact, found = (sum(p * problem.evaluate(o) for o, p in lot) for lot in (exact, found))
        assert found == pytest.approx(exact, abs=tolerance)
        assert certificate.gap <= 1e-7


@settings(max_examples=60, deadline=None)
@given(problem=continuous_problems())
def test_chain_and_programs_agree_on_continuous_problems(problem):
    agree(problem)


@settings(max_examples=60, deadline=None)
@given(problem=additive_problems())
def test_chain_and_programs_agree_on_lotteries(problem):
    agree(problem)


def test_nash_of_ten_linear_issues_agrees_with_cvxpy():
    generator = np.random.default_rng(1950)
    weights = generator.dirichlet(np.ones(10), size=2)
    issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(10)]
    rising = {issue.name: bg.Linear(0, 1) for issue in issues}
    falling = {issue.name: bg.Linear(1, 0) for issue in issues}
    names = [issue.name for issue in issues]
    problem = bg.BargainingProblem(
        issues,
        {
            "a": bg.AdditiveUtility(rising, dict(zip(names, weights[0].tolist(), strict=True))),
            "b": bg.AdditiveUtility(falling, dict(zip(names, weights[1].tolist(), strict=True))),
        },
        disagreement_point=(0.3, 0.4),
    )
    x = cvxpy.Variable(10)
    gains = cvxpy.hstack([weights[0] @ x - 0.3, weights[1] @ (1 - x) - 0.4])
    program = cvxpy.Problem(cvxpy.Maximize(cvxpy.geo_mean(gains)), [x >= 0, x <= 1])
    program.solve(solver=cvxpy.CLARABEL)
    nash = bg.nash_solution(problem)
    assert nash.gains == pytest.approx(gains.value, abs=1e-6)
    assert np.sqrt(nash.gains.prod()) >= program.value - 1e-12


def test_lotteries_need_no_enumeration_in_a_space_of_10_to_the_40():
    generator = np.random.default_rng(40)
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(40)]
    parties = {
        name: bg.AdditiveUtility(
            {
                i.name: dict(zip(range(10), generator.random(10).tolist(), strict=True))
                for i in issues
            }
        )
        for name in "ab"
    }
    problem = bg.BargainingProblem(issues, parties, disagreement_point=(20, 20))
    assert problem.space.size == 10**40
    frontier = bg.pareto_frontier(problem, lotteries=True)
    nash = bg.nash_solution(problem, lotteries=True)
    assert (np.diff(frontier.utilities[:, 0]) < 0).all()
    slopes = nash.certificate.evidence["supporting_weights"]
    best = sum(
        max(slopes[0] * a + slopes[1] * b for a, b in zip(first.worths, second.worths, strict=True))
        for first, second in zip(*problem.terms, strict=True)
    )
    assert slopes @ nash.utilities == pytest.approx(best)
    assert bg.rubinstein_solution(problem, (0.9, 0.9)).gains.min() > 0


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_mixed_problems_agree_with_a_fine_grid(data):
    slope = data.draw(st.integers(1, 6))
    tables = data.draw(
        st.lists(st.lists(st.integers(-4, 4), min_size=2, max_size=2), min_size=3, max_size=3)
    )
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("price", 0, 4), bg.Issue.choice("extra", ["a", "b", "c"])],
        {
            "seller": bg.AdditiveUtility(
                {
                    "price": bg.Linear(0, 4),
                    "extra": dict(zip("abc", [t[0] for t in tables], strict=True)),
                }
            ),
            "buyer": bg.AdditiveUtility(
                {
                    "price": bg.Linear(4 * slope, 0),
                    "extra": dict(zip("abc", [t[1] for t in tables], strict=True)),
                }
            ),
        },
        disagreement_point=(1, 1),
    )
    grid = bg.discretized(problem, points=401)
    for concept, score in [
        (bg.nash_solution, lambda s: s.gains.prod()),
        (bg.egalitarian_solution, lambda s: s.gains.min()),
        (bg.utilitarian_solution, lambda s: s.gains.sum()),
    ]:
        try:
            coarse = concept(grid)
        except bg.NoAgreementZoneError:
            continue
        exact = concept(problem)
        assert score(exact) >= score(coarse) - 1e-9
        assert score(exact) <= score(coarse) + 0.05 * max(1, score(coarse))
    ideal = bg.ideal_point(problem) if len(mixed_members(problem)) else None
    assert ideal is None or (ideal >= problem.disagreement_point).all()


def mixed_members(problem):
    from bargain.solve.mixed import MixedSet

    try:
        return MixedSet(problem).members
    except bg.NoAgreementZoneError:
        return []


def test_ceilings_cut_the_frontier_of_a_continuous_problem():
    pie = [bg.Issue.continuous("share", 0, 1)]
    capped = bg.AdditiveUtility({"share": bg.Linear(0, 1)}, ceiling=0.25)
    other = bg.AdditiveUtility({"share": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(pie, {"capped": capped, "other": other})
    assert isinstance(chain_set(problem), ChainSet)
    assert bg.pareto_frontier(problem).utilities.tolist() == [[0.25, 0.75], [0, 1]]
    assert bg.nash_solution(problem).utilities == pytest.approx([0.25, 0.75])
    assert bg.kalai_smorodinsky_solution(problem).utilities == pytest.approx([0.2, 0.8])


def test_three_parties_share_a_pie_equally_and_by_weight():
    problem = one_choice([(1, 0, 0), (0, 1, 0), (0, 0, 1)])
    for concept in (bg.nash_solution, bg.kalai_smorodinsky_solution, bg.egalitarian_solution):
        assert concept(problem, lotteries=True).utilities == pytest.approx([1 / 3] * 3, abs=1e-9)
    weighted = bg.nash_solution(problem, (0.5, 0.3, 0.2), lotteries=True)
    assert weighted.utilities == pytest.approx([0.5, 0.3, 0.2], abs=1e-9)
    assert weighted.certificate.gap <= 1e-9
