"""Solutions of richer utilities: enumerated, and by integer programs that never list outcomes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import UnsupportedProblemError
from bargain.solve.enumerated import efficient_rows
from bargain.solve.program import ProgramSet
from bargain.solve.program_frontier import program_frontier

SPACE = bg.OutcomeSpace([bg.Issue.integer(f"i{k}", 0, 3) for k in range(3)])
worths = st.integers(0, 9)


@st.composite
def utilities(draw):
    """Draw regions or interactions, with an attitude to risk or none."""
    if draw(st.booleans()):
        regions = []
        for _ in range(draw(st.integers(1, 4))):
            bounds = {}
            for issue in draw(st.sets(st.sampled_from(SPACE.names))):
                low, high = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
                bounds[issue] = {"at_least": low, "at_most": high}
            regions.append(bg.HyperRectangle(draw(worths), bounds, outside=draw(st.booleans())))
        inner = bg.HyperRectangleUtility(regions, scale=8, ceiling=draw(st.sampled_from([None, 1])))
    else:
        alone = {name: {v: draw(worths) for v in range(4)} for name in SPACE.names}
        pair = {(a, b): draw(worths) for a in range(4) for b in range(4)}
        inner = bg.InteractionUtility(
            bg.AdditiveUtility(alone, dict.fromkeys(SPACE.names, 0.125)),
            [bg.Interaction("i2", "i0", {cell: worth / 8 for cell, worth in pair.items()})],
        )
    bent = draw(
        st.sampled_from([None, bg.CRRA(inner, 0.5), bg.CRRA(inner, 2, 1), bg.CARA(inner, 1)])
    )
    return inner if bent is None else bent


@st.composite
def problems(draw):
    parties = {name: draw(utilities()) for name in ("a", "b")}
    # below all that anything can be worth, so that all outcomes are rational
    return bg.BargainingProblem(SPACE, parties, disagreement_point=(-1.0, -1.0))


@settings(max_examples=12, deadline=None)
@given(problems())
def test_integer_programs_find_what_a_look_at_every_outcome_finds(problem):
    gains = problem.utilities() + 1.0
    found = ProgramSet(problem)
    np.testing.assert_allclose(found.ideal_gains(), gains.max(axis=0), atol=1e-6)

    def reached(answer):
        ((outcome, _),) = answer[0]
        return problem.evaluate(outcome) + 1.0

    assert reached(found.best_sum()).sum() == pytest.approx(gains.sum(axis=1).max(), abs=1e-5)
    product = reached(found.best_product(np.array([0.5, 0.5]))).prod()
    assert product == pytest.approx(gains.prod(axis=1).max(), rel=1e-5)
    least = reached(found.best_minimum(np.ones(2))).min()
    assert least == pytest.approx(gains.min(axis=1).max(), abs=1e-5)


@settings(max_examples=4, deadline=None)
@given(problems())
def test_frontiers_by_programs_and_by_enumeration_are_the_same_points(problem):
    points = np.unique(problem.utilities()[efficient_rows(problem.utilities())], axis=0)
    enumerated = bg.pareto_frontier(problem)
    np.testing.assert_array_equal(np.unique(enumerated.utilities, axis=0), points)
    programmed = program_frontier(problem).utilities
    # every efficient point is matched to within what is proven, by one that is reached
    short = (points[:, None, :] - programmed[None, :, :]).max(axis=2).min(axis=1)
    assert short.max() <= 1e-5


@pytest.mark.parametrize("exponent", [0.25, 0.5, 0.8])
def test_an_averse_party_gets_one_less_its_share_of_a_pie(exponent):
    """u1 = x and u2 = (1 - x)^a: the Nash solution has x = 1 / (1 + a).

    Osborne and Rubinstein 1990, chapter 2. CRRA(1 - a) is that power over a constant.
    """
    pie = bg.Issue.continuous("x", 0, 1)
    neutral = bg.AdditiveUtility({"x": bg.Linear(0, 1)})
    averse = bg.CRRA(bg.AdditiveUtility({"x": bg.Linear(1, 0)}), 1 - exponent)
    problem = bg.BargainingProblem([pie], {"neutral": neutral, "averse": averse})
    nash = bg.nash_solution(problem)
    # the product is flat at its top: a gap of 1e-6 in it leaves some 1e-3 of the pie
    assert nash.outcome["x"] == pytest.approx(1 / (1 + exponent), abs=2e-3)
    best = 1 / (1 + exponent) * (exponent / (1 + exponent)) ** exponent / exponent
    assert nash.gains.prod() == pytest.approx(best, rel=1e-5)
    lots = bg.Issue.integer("x", 0, 3000)
    listed = bg.BargainingProblem([lots], {"neutral": neutral, "averse": averse})
    share = bg.nash_solution(listed).outcome["x"] / 3000
    assert share == pytest.approx(1 / (1 + exponent), abs=1 / 3000)


def test_more_aversion_never_gets_a_party_more():
    """Kihlstrom, Roth and Schmeidler 1981, for the Nash solution of a pie."""
    lots = bg.Issue.integer("x", 0, 1000)
    neutral = bg.AdditiveUtility({"x": bg.Linear(0, 1)})
    inner = bg.AdditiveUtility({"x": bg.Linear(1, 0)})
    shares = [
        bg.nash_solution(
            bg.BargainingProblem([lots], {"neutral": neutral, "averse": bg.CARA(inner, aversion)})
        ).outcome["x"]
        for aversion in (-1, 0, 1, 2, 4, 8)
    ]
    assert shares == sorted(shares)
    assert shares[1] == 500
    assert len(set(shares)) == len(shares)


def test_a_function_is_enumerated_and_where_its_form_is_needed_it_is_refused_by_name():
    split = bg.CallableUtility(lambda i0, i1, i2: i0 * i1 + i2)
    other = bg.AdditiveUtility({name: bg.Linear(3, 0) for name in SPACE.names})
    problem = bg.BargainingProblem(SPACE, {"own": split, "other": other})
    nash = bg.nash_solution(problem)
    products = [(o["i0"] * o["i1"] + o["i2"]) * (9 - sum(o.values())) for o in SPACE]
    assert nash.gains.prod() == max(products)
    assert len(bg.pareto_frontier(problem)) > 1
    with pytest.raises(UnsupportedProblemError, match="party 'own': expected a utility that shows"):
        ProgramSet(problem)


def test_seeking_risk_is_enumerated_and_refused_by_programs():
    seeking = bg.CARA(bg.AdditiveUtility({"i0": bg.Linear(0, 1)}), -1)
    other = bg.AdditiveUtility({"i0": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(SPACE, {"own": seeking, "other": other})
    assert bg.utilitarian_solution(problem).outcome["i0"] == 3
    with pytest.raises(UnsupportedProblemError, match="concave attitudes"):
        ProgramSet(problem).best_sum()


@pytest.mark.parametrize("aversion", [2.0, 3.5])
def test_units_of_a_bent_utility_do_not_matter_to_programs(aversion):
    """Powers of a large wealth leave ranges of 1e-8, which must not drown in tolerances."""
    worths = {"i0": {1: 4, 2: 1, 3: 6}, "i1": {2: 5, 3: 2}, "i2": {1: 3, 3: 8}}
    averse = bg.CRRA(bg.AdditiveUtility(worths), aversion, 120)
    other = bg.AdditiveUtility({name: bg.Linear(3, 0) for name in SPACE.names})
    lowest = averse.utilities(SPACE).min()
    problem = bg.BargainingProblem(
        SPACE, {"averse": averse, "other": other}, disagreement_point=(lowest, 1.0)
    )
    gains = problem.utilities() - problem.disagreement_point
    rational = gains[(gains >= 0).all(axis=1)]
    found = ProgramSet(problem)
    np.testing.assert_allclose(found.ideal_gains(), rational.max(axis=0), rtol=1e-5)
    (((outcome, _),), certificate) = found.best_product(np.array([1.0, 1.0]))
    reached = (problem.evaluate(outcome) - problem.disagreement_point).prod()
    assert reached == pytest.approx(rational.prod(axis=1).max(), rel=1e-5)
    assert certificate.gap < 1e-4


def test_a_party_that_is_indifferent_leaves_a_proven_product():
    """HiGHS gives up on tangents of a constant; what columns can be at most still bounds it."""
    indifferent = bg.HyperRectangleUtility([bg.HyperRectangle(1.0)])
    other = bg.AdditiveUtility({"x": {"a": 1.8, "b": 2.6}})
    problem = bg.BargainingProblem(
        [bg.Issue.choice("x", ["a", "b"])], {"other": other, "indifferent": indifferent}
    )
    (((outcome, _),), certificate) = ProgramSet(problem).best_product(np.ones(2))
    assert outcome["x"] == "b"
    assert certificate.gap < 1e-5


def single_issue(problem):
    """Say the same problem as one choice among all outcomes, which is additive."""
    rows = range(problem.space.size)
    allowed = problem.allowed_rows
    kept = [str(row) for row in (rows if allowed is None else allowed)]
    worths = problem.utilities()
    parties = {
        name: bg.AdditiveUtility({"row": {row: worths[int(row), i] for row in kept}})
        for i, name in enumerate(problem.parties)
    }
    return bg.BargainingProblem(
        [bg.Issue.choice("row", kept)], parties, disagreement_point=problem.disagreement_point
    )


def own(i0, i1, i2):
    return np.abs(i0 - i1) + (i2 == 3) * 2.0


@settings(max_examples=8, deadline=None)
@given(problems(), st.booleans(), st.booleans(), st.sampled_from([2, 3]))
def test_lotteries_over_richer_utilities_are_those_over_all_outcomes(problem, limited, mine, n):
    parties = {profile.name: profile.utility for profile in problem.profiles}
    if n == 3:
        parties["c"] = bg.AdditiveUtility({"i0": bg.Linear(1, 0), "i2": bg.Linear(0, 2)})
    if mine:
        parties["b"] = bg.CallableUtility(own)
    limits = [bg.Forbidden({"i0": 3, "i1": 0})] if limited else []
    problem = bg.BargainingProblem(
        SPACE, parties, disagreement_point=[-1.0] * n, constraints=limits
    )
    same = single_issue(problem)
    for solve in (bg.nash_solution, bg.kalai_smorodinsky_solution, bg.egalitarian_solution):
        expected = solve(same, lotteries=True).utilities
        found = solve(problem, lotteries=True)
        np.testing.assert_allclose(found.utilities, expected, atol=1e-5)
        assert found.certificate.verify()
        mean = sum(share * problem.evaluate(outcome) for outcome, share in found.lottery)
        np.testing.assert_allclose(mean, found.utilities, atol=1e-9)
    if n == 2:
        factors = (0.9, 0.7)
        for solve in (
            bg.raiffa_solution,
            bg.perles_maschler_solution,
            lambda problem: bg.rubinstein_solution(problem, factors),
        ):
            np.testing.assert_allclose(solve(problem).utilities, solve(same).utilities, atol=1e-6)
        np.testing.assert_allclose(
            bg.pareto_frontier(problem, lotteries=True).utilities,
            bg.pareto_frontier(same, lotteries=True).utilities,
        )


def test_lotteries_beyond_what_can_be_listed_are_refused_by_the_name_of_the_utility():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(10)]
    regions = bg.HyperRectangleUtility([bg.HyperRectangle(1, {"i0": 1, "i1": 2})])
    other = bg.AdditiveUtility({"i0": bg.Linear(0, 1)})
    problem = bg.BargainingProblem(issues, {"regions": regions, "other": other})
    for solve in (
        lambda: bg.nash_solution(problem, lotteries=True),
        lambda: bg.raiffa_solution(problem),
        lambda: bg.rubinstein_solution(problem, (0.9, 0.9)),
    ):
        with pytest.raises(UnsupportedProblemError, match="the HyperRectangleUtility of 'regions'"):
            solve()
