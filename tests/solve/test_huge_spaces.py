"""Searches of huge spaces against enumeration, on small spaces made to be awkward."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.kernels.folding import fits, fold_issues, grow_tree
from bargain.kernels.prices import undominated
from bargain.solve import prices as prices_module
from bargain.solve.best_offer import _on_huge_space
from bargain.solve.convex import ConvexSet
from bargain.solve.enumerated import EnumeratedSet
from bargain.solve.prices import AdditiveSpace, linear_lead
from bargain.solve.regret import RegretSet
from tests.problems import additive_problems
from tests.solve.test_regret import large_problem, zone_of


def from_worths(worths, point):
    """Return the additive problem of worths[party][issue][value]."""
    n_parties, n_issues, n_values = np.shape(worths)
    issues = [bg.Issue.integer(f"i{j}", 0, n_values - 1) for j in range(n_issues)]
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"i{j}": dict(enumerate(map(float, worths[i][j]))) for j in range(n_issues)}
        )
        for i in range(n_parties)
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=point)


@st.composite
def awkward_problems(draw):
    """Draw problems with whole worths: zero-sum, identical or indifferent parties among them."""
    n_parties = draw(st.integers(2, 5))
    n_issues, n_values = draw(st.integers(1, 4)), draw(st.integers(2, 3))
    seed = draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    worths = generator.integers(
        -2, draw(st.sampled_from([0, 1, 5])) + 1, (n_parties, n_issues, n_values)
    )
    special = draw(st.sampled_from(["none", "zero-sum", "identical", "indifferent"]))
    if special == "zero-sum":
        worths[-1] = -worths[:-1].sum(axis=0)
    elif special == "identical":
        worths[-1] = worths[0]
    elif special == "indifferent":
        worths[-1] = 1
    rows = np.array(
        [
            worths[:, np.arange(n_issues), picks].sum(axis=1)
            for picks in itertools.product(range(n_values), repeat=n_issues)
        ]
    )
    chosen = rows[draw(st.integers(0, len(rows) - 1))]
    point = chosen - generator.integers(0, draw(st.sampled_from([0, 1, 3])) + 1, n_parties)
    return from_worths(worths, point.astype(float))


@settings(max_examples=120, deadline=None)
@given(problem=awkward_problems())
def test_ties_zero_sums_and_indifferent_parties_are_solved_as_enumerated(problem):
    enumerated, searched = EnumeratedSet(problem), RegretSet(problem)
    ideal = enumerated.ideal_gains()
    assert searched.ideal_gains() == pytest.approx(ideal, abs=1e-9)
    n = problem.n_parties
    weights = np.arange(1.0, n + 1) / np.arange(1.0, n + 1).sum()
    calls = [("best_minimum", np.ones(n)), ("best_minimum", ideal), ("best_sum",)]
    if (enumerated.gains > 0).all(axis=1).any():
        calls.append(("best_product", weights))
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
            assert weights @ np.log(found) == pytest.approx(weights @ np.log(expected), abs=1e-9)
            continue
        if name == "best_sum":
            assert found.sum() == pytest.approx(expected.sum(), abs=1e-9)
            scales = np.ones(n)
        else:
            scales = arguments[0]
        counted = scales > 0
        if counted.any():
            # all of the sorted ratios: the least, the next least, and so on
            assert np.sort(found[counted] / scales[counted]) == pytest.approx(
                np.sort(expected[counted] / scales[counted]), abs=1e-9
            )


@settings(max_examples=80, deadline=None)
@given(n_parties=st.integers(2, 4), data=st.data(), share=st.floats(0.0, 1.0))
def test_best_offers_on_huge_spaces_are_best_for_the_others_and_then_for_me(n_parties, data, share):
    problem = data.draw(additive_problems(n_parties, max_issues=4, max_values=3))
    me = data.draw(st.integers(0, n_parties - 1))
    own = problem.utilities()[:, me]
    floor = float(own.min() + share * (own.max() - own.min()))
    expected = problem.evaluate(bg.best_offer(problem, party=me, at_least=floor))
    found = problem.evaluate(_on_huge_space(problem, me, floor))
    assert found[me] >= floor
    utilities = problem.utilities()
    spread = np.ptp(utilities, axis=0)
    shares = [
        (row - utilities.min(axis=0)) / np.where(spread > 0, spread, 1.0)
        for row in (expected, found)
    ]
    expected_others, found_others = (np.sort(np.delete(row, me)) for row in shares)
    assert found_others == pytest.approx(expected_others, abs=1e-9)
    assert found[me] == pytest.approx(expected[me], abs=1e-9)


def test_an_issue_that_only_i_care_about_goes_my_way_in_a_large_best_offer():
    # the second party is indifferent between half of 10^40 outcomes' issues
    generator = np.random.default_rng(3)
    worths = generator.random((3, 40, 10))
    worths[1:, :20] = 0.0
    problem = from_worths(worths, np.zeros(3))
    low = worths[0].min(axis=1).sum()
    offer = problem.evaluate(_on_huge_space(problem, 0, low))
    ceiling = worths[0, :20].max(axis=1).sum()
    others = offer[0] - ceiling
    assert worths[0, 20:].min(axis=1).sum() <= others <= worths[0, 20:].max(axis=1).sum()


def test_egalitarian_of_a_large_space_raises_the_next_least_too():
    # the first party has 1 whatever happens; the others share 10^30 outcomes
    worths = np.random.default_rng(5).random((3, 30, 10))
    worths[0] = 1.0 / 30
    point = [0.0, worths[1].max(axis=1).sum() / 2 - 1, worths[2].max(axis=1).sum() / 2 - 1]
    three = bg.egalitarian_solution(from_worths(worths, point))
    two = bg.egalitarian_solution(from_worths(worths[1:], point[1:]))
    assert three.certificate.kind == two.certificate.kind == "exact"
    assert three.gains[0] == pytest.approx(1.0)
    assert np.sort(three.gains[1:]) == pytest.approx(np.sort(two.gains), abs=1e-9)


@pytest.mark.parametrize(("n_issues", "n_parties"), [(40, 2), (400, 2), (40, 3), (400, 3)])
@pytest.mark.parametrize("opposed", [False, True])
def test_the_least_gain_of_large_spaces_is_exact_and_near_its_bound(n_issues, n_parties, opposed):
    problem = large_problem(n_issues, 10, n_parties, seed=1, opposed=opposed)
    solution = bg.egalitarian_solution(problem)
    certificate = solution.certificate
    assert certificate.kind == "exact"
    # prices . gains of every outcome is at most that of the best value of every issue
    prices = np.array(certificate.evidence["prices"])
    worths = np.array([[term.worths for term in terms] for terms in problem.terms])
    total = np.einsum("i,ijv->jv", prices, worths).max(axis=1).sum()
    bound = (total - prices @ problem.disagreement_point) / prices.sum()
    assert solution.gains.min() <= bound + 1e-9
    # the budget reaches down to the least gain found
    regret = (bound - solution.gains.min()) * prices.sum()
    assert certificate.evidence["budget"] >= regret * (1 - 1e-9)


def test_many_values_of_opposed_parties_are_solved_as_their_whole_frontier_says():
    problem = large_problem(12, 60, 2, seed=1, opposed=True)
    frontier = bg.pareto_frontier(problem)
    assert frontier.certificate.kind == "exact"
    gains = frontier.utilities - problem.disagreement_point
    for concept, score in (
        (bg.nash_solution, lambda gains: np.log(gains).sum(axis=-1)),
        (bg.egalitarian_solution, lambda gains: gains.min(axis=-1)),
        (bg.utilitarian_solution, lambda gains: gains.sum(axis=-1)),
        (bg.kalai_smorodinsky_solution, lambda g: (g / gains.max(axis=0)).min(axis=-1)),
    ):
        solution = concept(problem)
        assert solution.certificate.kind == "exact"
        allowed = gains[(gains > 0).all(axis=1)]
        assert score(solution.gains) == pytest.approx(score(allowed).max(), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), n_parties=st.integers(2, 4))
def test_generated_columns_reach_what_a_library_reaches(data, n_parties):
    from bargain.solve.prices import _lead_by_programs

    problem = data.draw(additive_problems(n_parties))
    assume(zone_of(EnumeratedSet, problem) is not None)
    space = AdditiveSpace(problem)
    floors = np.zeros(n_parties)
    for sums, shares in ((None, np.ones(n_parties)), (np.ones(n_parties), None)):
        lead = linear_lead(space, sums=sums, shares=shares)
        other = _lead_by_programs(space, sums, shares, floors, ())
        assert lead.value == pytest.approx(other.value, abs=1e-7)
        # any prices prove a bound: these prove the value itself
        bound = lead.prices @ space.gains(space.best(lead.prices))
        assert bound == pytest.approx(lead.value, abs=1e-8)


def test_without_an_optimum_of_their_own_prices_come_from_a_library(monkeypatch):
    monkeypatch.setattr(prices_module, "ROUNDS", 3)
    problem = large_problem(12, 4, 3, seed=2, opposed=True)
    with pytest.raises(bg.ConvergenceError, match="rounds"):
        bg.egalitarian_solution(from_worths(*_worths_of(problem)))
    with pytest.raises(bg.ConvergenceError, match="rounds"):
        linear_lead(AdditiveSpace(problem), shares=np.ones(3))


def _worths_of(problem):
    worths = np.array([[term.worths for term in terms] for terms in problem.terms])
    return worths, problem.disagreement_point


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), budget=st.floats(0.0, 3.0))
def test_folded_labels_are_all_combinations_within_the_budget(seed, budget):
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 4, generator.integers(1, 5))
    starts = np.concatenate([[0], np.cumsum(sizes)])
    # eighths, so that sums are exact in any order
    regrets, changes = generator.integers(0, 9, starts[-1]) / 8, generator.random((starts[-1], 2))
    choices = [[None, *range(a, b)] for a, b in itertools.pairwise(starts)]
    expected = sorted(
        (sum(regrets[list(picked)]), *changes[list(picked)].sum(axis=0))
        for combination in itertools.product(*choices)
        if sum(regrets[list(picked := [a for a in combination if a is not None])]) <= budget
    )
    capacity = 4**4
    spent, changed = np.zeros(capacity), np.zeros((capacity, 2))
    nodes, parents, chosen = (np.full(capacity, -1, dtype=np.int64) for _ in range(3))
    arguments = (starts, regrets, changes, budget, capacity, 1, spent, changed, nodes)
    _, count, _ = fold_issues(0, *arguments, parents, chosen, 0)
    found = sorted(zip(spent[:count], *changed[:count].T, strict=True))
    assert len(found) == len(expected)
    assert np.allclose(found, expected)
    assert fits(starts, regrets, budget, np.empty(count))
    assert count == 1 or not fits(starts, regrets, budget, np.empty(count - 1))
    # every box of the tree holds what it says
    bounds, children = (np.empty((2 * count, 2), dtype=np.int64) for _ in range(2))
    top = np.empty((2 * count, 3))
    boxes = grow_tree(spent[:count], changed[:count], nodes[:count], bounds, children, top)
    assert sorted(spent[:count]) == pytest.approx([row[0] for row in expected])
    for (start, stop), box in zip(bounds[:boxes], top[:boxes], strict=True):
        assert box[:2] == pytest.approx(changed[start:stop].max(axis=0))
        assert box[2] == spent[start:stop].min()


def test_only_values_that_no_other_dominates_are_kept_of_equals_the_first():
    worths = np.array([[[1, 1], [1, 1], [0, 2], [0, 1], [2, 0]]], dtype=float)
    kept = np.zeros((1, 5), dtype=bool)
    undominated(worths, np.array([4]), kept)
    assert kept.tolist() == [[True, False, True, False, False]]


@pytest.mark.parametrize("concept", [bg.nash_solution, bg.kalai_smorodinsky_solution])
def test_lotteries_of_8_parties_over_10_to_the_100_outcomes_are_proven_to_1e_9(concept):
    problem = large_problem(100, 10, 8, seed=4, opposed=True)
    solution = concept(problem, lotteries=True)
    assert solution.certificate.gap <= 1e-9
    assert len(solution.lottery) <= 8


@settings(max_examples=25, deadline=None)
@given(problem=additive_problems(3))
def test_lotteries_by_columns_agree_with_programs_over_all_corners(problem):
    convex = zone_of(ConvexSet, problem)
    assume(convex is not None)
    floors = np.zeros(3)
    for call in (lambda: convex.maximize(np.ones(3), floors), lambda: convex.ideal_gains().sum()):
        columns = call()
        kept, convex.columns = convex.columns, None
        programs = call()
        convex.columns = kept
        if isinstance(columns, tuple):
            columns, programs = columns[0], programs[0]
        assert columns == pytest.approx(programs, rel=1e-7, abs=1e-7)


def test_a_gap_that_rests_on_a_search_is_neither_confirmed_nor_refuted_by_prices_alone():
    solution = bg.egalitarian_solution(large_problem(40, 10, 8, seed=1, opposed=True))
    certificate = solution.certificate
    assert certificate.kind == "gap"
    assert str(certificate.verify()).startswith("not checked: out of reach")
    less = replace(certificate, gap=certificate.gap / 2)
    assert "the prices prove a gap of" in less.verify().failed
    # without the budget only what the prices prove counts
    without = replace(certificate, evidence={**certificate.evidence, "budget": 0.0})
    assert "the prices prove a gap of" in without.verify().failed
