"""Exact solutions on spaces too large to enumerate, against enumeration where that is possible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.solve.enumerated import EnumeratedSet
from bargain.solve.regret import RegretSet
from tests.problems import additive_problems


def large_problem(n_issues, n_values, n_parties, *, seed, opposed=False, share=0.3):
    """Draw worths for a space that nobody can enumerate; d is a share of each party's range."""
    generator = np.random.default_rng(seed)
    issues = [bg.Issue.integer(f"i{j}", 0, n_values - 1) for j in range(n_issues)]
    worths = generator.random((n_parties, n_issues, n_values))
    if opposed:
        rising = np.sort(generator.random((n_issues, n_values)), axis=1)
        weights = generator.dirichlet(np.ones(n_issues), size=n_parties)[:, :, None]
        worths = np.stack([rising if i % 2 else rising[:, ::-1] for i in range(n_parties)])
        worths = worths * weights * n_issues
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"i{j}": dict(enumerate(worths[i, j].tolist())) for j in range(n_issues)}
        )
        for i in range(n_parties)
    }
    low, high = worths.min(axis=2).sum(axis=1), worths.max(axis=2).sum(axis=1)
    return bg.BargainingProblem(issues, parties, disagreement_point=low + share * (high - low))


def zone_of(kind, problem):
    try:
        return kind(problem)
    except bg.NoAgreementZoneError:
        return None


@pytest.mark.parametrize("n_parties", [2, 3])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_budget_of_regret_finds_what_enumeration_finds(n_parties, data):
    problem = data.draw(additive_problems(n_parties))
    enumerated, searched = zone_of(EnumeratedSet, problem), zone_of(RegretSet, problem)
    assert (enumerated is None) == (searched is None)
    assume(enumerated is not None)
    ideal = enumerated.ideal_gains()
    assert searched.ideal_gains() == pytest.approx(ideal, abs=1e-9)
    weights = np.array(data.draw(st.permutations([1.0, 2.0, 3.0])))[:n_parties]
    calls = [("best_minimum", ideal), ("best_minimum", np.ones(n_parties)), ("best_sum",)]
    if (enumerated.gains > 0).all(axis=1).any():
        calls += [("best_product", weights / weights.sum())]
    for name, *arguments in calls:
        (expected, _), (found, certificate) = (
            getattr(kind, name)(*arguments) for kind in (enumerated, searched)
        )
        expected, found = (
            problem.evaluate(lottery[0][0]) - problem.disagreement_point
            for lottery in (expected, found)
        )
        assert (found >= 0).all()
        assert certificate.kind == "exact"
        if name == "best_product":
            expected, found = (arguments[0] @ np.log(gains) for gains in (expected, found))
        elif name == "best_sum":
            expected, found = expected.sum(), found.sum()
        else:
            counted = arguments[0] > 0
            expected, found = (
                np.sort(gains[counted] / arguments[0][counted]) for gains in (expected, found)
            )
        assert found == pytest.approx(expected, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(problem=additive_problems(2), share=st.floats(0.0, 1.0))
def test_best_offers_on_huge_spaces_are_those_of_enumeration(problem, share):
    from bargain.solve.best_offer import _on_huge_space

    own = problem.utilities()[:, 0]
    floor = float(own.min() + share * (own.max() - own.min()))
    offer = problem.evaluate(_on_huge_space(problem, 0, floor))
    assert offer[0] >= floor
    best = problem.evaluate(bg.best_offer(problem, party=0, at_least=floor))
    assert offer[1] == pytest.approx(best[1], abs=1e-9)


@pytest.mark.parametrize("n_parties", [2, 3, 5, 8])
@pytest.mark.parametrize("opposed", [False, True])
def test_nash_of_10_to_the_40_outcomes_is_exact(n_parties, opposed):
    problem = large_problem(40, 10, n_parties, seed=n_parties, opposed=opposed, share=0.2)
    nash = bg.nash_solution(problem)
    assert nash.certificate.kind == "exact"
    assert nash.certificate.evidence["outcomes"] == 10**40
    assert (nash.gains > 0).all()
    # the prices prove it: no outcome is worth more than the best value of every issue
    prices = np.array(nash.certificate.evidence["prices"])
    total = sum(
        max(prices @ worths for worths in zip(*(t.worths for t in terms), strict=True))
        for terms in zip(*problem.terms, strict=True)
    ) - float(prices @ problem.disagreement_point)
    bound = n_parties * (np.log(total / n_parties)) - np.log(prices).sum()
    assert np.log(nash.gains).sum() <= bound + 1e-9
    assert np.log(nash.gains).sum() >= bound - 0.05


def test_solutions_of_a_large_space_improve_on_every_swap():
    problem = large_problem(30, 8, 2, seed=7, opposed=True)
    for concept, score in [
        (bg.nash_solution, lambda gains: np.log(gains).sum(axis=1)),
        (bg.egalitarian_solution, lambda gains: gains.min(axis=1)),
        (bg.utilitarian_solution, lambda gains: gains.sum(axis=1)),
    ]:
        solution = concept(problem)
        assert solution.certificate.kind == "exact"
        others = []
        for issue in problem.space.issues:
            for value in range(8):
                others.append({**solution.outcome, issue.name: value})
        gains = np.array([problem.evaluate(other) for other in others])
        gains -= problem.disagreement_point
        gains = gains[(gains > 0).all(axis=1)]
        assert score(gains).max() <= score(solution.gains[None, :])[0] + 1e-12


def test_best_offer_of_a_large_space_leaves_me_what_i_ask():
    problem = large_problem(40, 10, 2, seed=3, opposed=True, share=0.0)
    for level in (0.2, 0.5, 0.8):
        top = sum(float(term.worths.max()) for term in problem.terms[0])
        offer = bg.best_offer(problem, party=0, at_least=level * top)
        assert problem.evaluate(offer)[0] >= level * top
    with pytest.raises(bg.NoAgreementZoneError, match="at most"):
        bg.best_offer(problem, party=0, at_least=2 * top)


def test_no_zone_among_10_to_the_20_outcomes_is_proven():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(20)]
    up = bg.AdditiveUtility({issue.name: bg.Linear(0, 1) for issue in issues})
    down = bg.AdditiveUtility({issue.name: bg.Linear(1, 0) for issue in issues})
    problem = bg.BargainingProblem(issues, {"up": up, "down": down}, disagreement_point=(11, 10))
    with pytest.raises(bg.NoAgreementZoneError, match="no agreement zone"):
        bg.nash_solution(problem)


def test_a_zero_sum_space_stops_at_a_proven_gap():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(20)]
    worths = np.random.default_rng(1).random((20, 10))
    up = bg.AdditiveUtility(
        {f"i{k}": dict(enumerate(row.tolist())) for k, row in enumerate(worths)}
    )
    down = bg.AdditiveUtility(
        {f"i{k}": dict(enumerate((-row).tolist())) for k, row in enumerate(worths)}
    )
    total = float(worths.sum()) / 10
    problem = bg.BargainingProblem(
        issues, {"up": up, "down": down}, disagreement_point=(total - 3, -total - 3)
    )
    nash = bg.nash_solution(problem)
    assert nash.gains == pytest.approx([3, 3], abs=0.02)
    assert nash.certificate.kind in ("gap", "exact")
    assert nash.certificate.gap <= 1e-3


def test_an_ideal_point_that_is_not_exact_is_told_with_the_solution():
    problem = large_problem(40, 10, 8, seed=1, opposed=True)
    certificate = bg.kalai_smorodinsky_solution(problem).certificate
    assert certificate.kind == "gap"
    assert "ideal point" in certificate.note
    # the egalitarian solution of the same problem does not rest on the ideal point
    assert "ideal point" not in bg.egalitarian_solution(problem).certificate.note


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n_parties=st.sampled_from([2, 3]))
def test_an_outcome_a_hair_below_d_neither_counts_nor_hides_others(data, n_parties):
    seed = data.draw(st.integers(0, 10**6))
    generator = np.random.default_rng(seed)
    issues = [bg.Issue.integer(f"i{j}", 0, 3) for j in range(4)]
    worths = generator.random((n_parties, 4, 4)).round(data.draw(st.sampled_from([1, 16])))
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"i{j}": dict(enumerate(worths[i, j].tolist())) for j in range(4)}
        )
        for i in range(n_parties)
    }
    plain = bg.BargainingProblem(issues, parties)
    frontier = bg.pareto_frontier(plain, individually_rational=False).utilities
    point = frontier[data.draw(st.integers(0, len(frontier) - 1))].copy()
    point[1:] -= data.draw(st.sampled_from([0.0, 0.3, 0.8]))
    point[0] = np.nextafter(point[0], data.draw(st.sampled_from([-np.inf, 0.0, np.inf])))
    problem = bg.BargainingProblem(issues, parties, disagreement_point=point)
    enumerated, searched = zone_of(EnumeratedSet, problem), zone_of(RegretSet, problem)
    assert (enumerated is None) == (searched is None)
    assume(enumerated is not None)
    ideal = enumerated.ideal_gains()
    assert searched.ideal_gains() == pytest.approx(ideal, abs=1e-9)
    for name, *arguments in [("best_minimum", np.ones(n_parties)), ("best_sum",)]:
        (expected, _), (found, certificate) = (
            getattr(kind, name)(*arguments) for kind in (enumerated, searched)
        )
        expected, found = (problem.evaluate(lot[0][0]) - point for lot in (expected, found))
        assert certificate.kind == "exact"
        assert (found >= 0).all()
        # which of two least gains an ulp apart is larger may be told differently
        score = np.min if name == "best_minimum" else np.sum
        assert score(found) == pytest.approx(score(expected), abs=1e-9)
    if (enumerated.gains > 0).all(axis=1).any():
        weights = np.ones(n_parties) / n_parties
        nash = [kind.best_product(weights)[0][0][0] for kind in (enumerated, searched)]
        products = [np.prod(problem.evaluate(outcome) - point) for outcome in nash]
        assert products[1] == pytest.approx(products[0], rel=1e-6, abs=1e-15)
    else:
        certificate = searched.best_product(np.ones(n_parties) / n_parties)[1]
        assert "degenerate" in certificate.note
        assert certificate.kind == "heuristic"


def test_best_offers_a_hair_above_an_outcome_are_the_next_best():
    generator = np.random.default_rng(0)
    issues = [bg.Issue.integer(f"i{j}", 0, 3) for j in range(30)]
    worths = [generator.random((30, 4)) for _ in range(2)]
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"i{j}": dict(enumerate(worths[i][j].tolist())) for j in range(30)}
        )
        for i in range(2)
    }
    problem = bg.BargainingProblem(issues, parties)
    offers = bg.BestOffers(problem, party=0)
    for level in offers.levels[:: len(offers.levels) // 12]:
        for floor in (float(level), float(np.nextafter(level, np.inf))):
            if floor > offers.most:
                continue
            prepared = problem.evaluate(offers.at_least(floor))
            searched = problem.evaluate(bg.best_offer(problem, party=0, at_least=floor))
            assert searched[0] >= floor
            assert searched[1] == pytest.approx(prepared[1], abs=1e-9)


def test_a_space_with_more_digits_than_python_prints_is_still_solved():
    issues = [bg.Issue.integer(f"i{j}", 0, 9) for j in range(4400)]
    up = bg.AdditiveUtility({issue.name: bg.Linear(0, 1) for issue in issues})
    down = bg.AdditiveUtility({issue.name: bg.Linear(1, 0) for issue in issues})
    problem = bg.BargainingProblem(
        issues, {"up": up, "down": down}, disagreement_point=(4390, 4390)
    )
    with pytest.raises(bg.NoAgreementZoneError, match="no agreement zone"):
        bg.nash_solution(problem)
