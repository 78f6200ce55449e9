"""Inputs that break solvers: what each of them gets."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import bargain as bg
from tests.problems import continuous, one_choice

CONCEPTS = [
    bg.nash_solution,
    bg.kalai_smorodinsky_solution,
    bg.egalitarian_solution,
    bg.utilitarian_solution,
]
concepts = pytest.mark.parametrize("concept", CONCEPTS, ids=lambda f: f.__name__)


@concepts
@pytest.mark.parametrize("lotteries", [False, True])
@pytest.mark.parametrize("n_parties", [2, 3])
def test_one_outcome_is_the_solution(concept, lotteries, n_parties):
    solution = concept(one_choice([[2.0] * n_parties]), lotteries=lotteries)
    assert solution.utilities == pytest.approx([2.0] * n_parties)


@concepts
@pytest.mark.parametrize("lotteries", [False, True])
@pytest.mark.parametrize("n_parties", [2, 3])
def test_d_on_the_frontier_is_the_solution(concept, lotteries, n_parties):
    solution = concept(
        one_choice(np.eye(n_parties), [1.0] + [0.0] * (n_parties - 1)), lotteries=lotteries
    )
    assert solution.gains == pytest.approx([0.0] * n_parties, abs=1e-9)


@concepts
def test_d_on_a_continuous_frontier_is_the_solution(concept):
    problem = continuous([[[0, 1], [1, 0]]], disagreement_point=(0.3, 0.7))
    solution = concept(problem)
    assert solution.gains == pytest.approx([0, 0], abs=1e-12)


@concepts
@pytest.mark.parametrize("lotteries", [False, True])
def test_equal_utilities_tie_on_the_lowest_row(concept, lotteries):
    solution = concept(one_choice([(1, 1)] * 4), lotteries=lotteries)
    assert solution.outcome == {"pick": "o0"}


@concepts
@pytest.mark.parametrize("lotteries", [False, True])
def test_a_party_that_cannot_gain_is_left_out_and_said_so(concept, lotteries):
    solution = concept(one_choice([(0, 1), (0, 5), (0, 3)]), lotteries=lotteries)
    assert solution.utilities == pytest.approx([0, 5])
    if concept in (bg.nash_solution, bg.kalai_smorodinsky_solution):
        assert "degenerate" in solution.certificate.note


@concepts
@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e12, 1e300])
@pytest.mark.parametrize("lotteries", [False, True])
def test_utilities_of_any_size(concept, scale, lotteries):
    points = np.array([(0, 1), (0.75, 0.75), (1, 0)]) * scale
    solution = concept(one_choice(points), lotteries=lotteries)
    assert solution.utilities / scale == pytest.approx([0.75, 0.75])
    assert bg.rubinstein_solution(one_choice(points), (0.9, 0.9)).gains.min() > 0


@concepts
@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_three_parties_of_any_size(concept, scale):
    points = np.array([(0, 1, 1), (1, 0, 1), (1, 1, 0)]) * scale
    solution = concept(one_choice(points), lotteries=True)
    assert solution.gains.sum() / scale == pytest.approx(2)


def test_negative_utilities_are_only_utilities():
    problem = one_choice([(-5, -1), (-2, -2), (-1, -5)], disagreement_point=(-6, -6))
    assert bg.nash_solution(problem).utilities.tolist() == [-2, -2]


def test_ties_to_the_last_bit_go_to_the_lowest_row():
    # 0.1 + 0.2 is not 0.3, yet the two outcomes are worth the same
    points = [(0.3, 0.1 + 0.2), (0.1 + 0.2, 0.3)]
    for concept in CONCEPTS:
        assert concept(one_choice(points)).outcome == {"pick": "o0"}


def test_individual_rationality_is_exact():
    below = np.nextafter(0.5, 0)
    with pytest.raises(bg.NoAgreementZoneError):
        bg.pareto_frontier(one_choice([(below, 1.0)], disagreement_point=(0.5, 0.5)))
    assert len(bg.pareto_frontier(one_choice([(0.5, 1.0)], disagreement_point=(0.5, 0.5)))) == 1


def test_full_frontier_without_individual_rationality():
    problem = one_choice([(1, 2), (2, 1), (0, 0)], disagreement_point=(3, 3))
    frontier = bg.pareto_frontier(problem, individually_rational=False)
    assert frontier.utilities.tolist() == [[2, 1], [1, 2]]
    assert frontier.outcomes[0] == {"pick": "o1"}


def test_duplicates_are_kept_only_on_request():
    problem = one_choice([(1, 1), (2, 0), (1, 1), (0, 0)])
    assert bg.pareto_frontier(problem).rows.tolist() == [1, 0]
    assert bg.pareto_frontier(problem, keep_duplicates=True).rows.tolist() == [1, 0, 2]


def test_a_value_function_that_is_not_concave_is_refused_by_name_where_lotteries_need_it():
    problem = continuous([[[0, 0.1, 1], [1, 0.5, 0]]])
    with pytest.raises(bg.NotConcaveError, match=r"issue 'x0'.*'p0'"):
        bg.nash_solution(problem, lotteries=True)


def test_a_space_too_large_to_enumerate_may_have_a_ceiling_but_for_lotteries():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(20)]
    up = bg.AdditiveUtility({issue.name: bg.Linear(0, 1) for issue in issues}, ceiling=8)
    down = bg.AdditiveUtility({issue.name: bg.Linear(1, 0) for issue in issues})
    problem = bg.BargainingProblem(issues, {"up": up, "down": down})
    with pytest.raises(bg.TooLargeError, match="100000000000000000000"):
        bg.nash_solution(problem, lotteries=True)
    assert bg.nash_solution(problem).utilities == pytest.approx([8, 12])
    up = bg.AdditiveUtility({issue.name: bg.Linear(0, 1) for issue in issues})
    problem = bg.BargainingProblem(issues, {"up": up, "down": down})
    assert bg.nash_solution(problem, lotteries=True).utilities == pytest.approx([10, 10])


def test_frontier_of_a_continuous_problem_with_three_parties_is_refused_by_name():
    problem = continuous([[[0, 1], [1, 0], [1, 0]]])
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.pareto_frontier(problem)
    assert bg.nash_solution(problem).certificate.gap <= 1e-9


@pytest.mark.parametrize(
    "weights",
    [(1,), (0, 0), (1, -1), (1, float("nan")), (1, float("inf")), ("1", 2), {"p0": 1}, (True, 1)],
)
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(bg.InvalidArgumentError, match="weights"):
        bg.nash_solution(one_choice([(1, 1)]), weights)


def test_weights_may_be_named_and_of_any_scale():
    problem = bg.load("divide_the_dollar")
    named = dict(zip(problem.parties, (1e300, 3e300), strict=True))
    assert bg.nash_solution(problem, named).utilities == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("deltas", [(1, 1), (0, 0.5), (0.5, 1.5), (0.5,), (0.5, float("nan"))])
def test_discount_factors_that_are_none_are_refused(deltas):
    with pytest.raises(bg.InvalidArgumentError, match="discount_factors"):
        bg.rubinstein_solution(bg.load("divide_the_dollar"), deltas)


@pytest.mark.parametrize("horizon", [0, -1, 1.5, float("nan")])
def test_horizons_that_are_none_are_refused(horizon):
    with pytest.raises(bg.InvalidArgumentError, match="horizon"):
        bg.rubinstein_solution(bg.load("divide_the_dollar"), (0.9, 0.9), horizon=horizon)


def test_a_horizon_is_for_two_parties():
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.rubinstein_solution(one_choice([(1, 1, 1)]), (0.9, 0.9, 0.9), horizon=3)


def test_best_offer_gives_the_other_the_most_that_leaves_me_enough():
    problem = one_choice([(3, 1), (2, 2), (2, 3), (1, 9)])
    assert bg.best_offer(problem, party=0, at_least=2) == {"pick": "o2"}
    assert bg.best_offer(problem, party="p1", at_least=2.5) == {"pick": "o2"}
    with pytest.raises(bg.NoAgreementZoneError, match="at most 3"):
        bg.best_offer(problem, party=0, at_least=3.5)


def test_best_offer_of_a_continuous_problem_never_falls_short():
    problem = bg.load("supply_contract")
    for party in problem.parties:
        me = problem.party_index(party)
        for share in np.linspace(0.05, 0.95, 37):
            offer = bg.best_offer(problem, party=party, at_least=share)
            least = bg.pareto_frontier(problem).utilities[:, me].min()
            assert problem.evaluate(offer)[me] >= share
            if share > least:
                assert problem.evaluate(offer)[me] == pytest.approx(share, abs=1e-9)


def test_a_printed_frontier_shows_its_points():
    text = str(bg.pareto_frontier(bg.load("rental")))
    assert text.splitlines()[0] == "Frontier: 13 outcomes; landlord | tenant"
    assert text.splitlines()[-1] == "... 1 more"
    assert "3900" in text


@pytest.mark.parametrize("noise", [0.0, 1e-17, -1e-17])
def test_least_gains_that_are_only_rounding_do_not_decide(noise):
    # the first party gains nothing but rounding in either outcome; the second party decides
    problem = one_choice([(0.3 - 0.3, 0.5), (0.1 + 0.2 - 0.3 + noise, 0.4), (0.0, 0.9), (0.5, 0.0)])
    assert bg.egalitarian_solution(problem).outcome == {"pick": "o2"}
    assert bg.kalai_smorodinsky_solution(problem).outcome == {"pick": "o2"}


def test_real_differences_between_least_gains_are_no_ties_however_large_the_other_party():
    problem = one_choice([(1e9, 1e-6), (1e8, 2e-6), (0, 1.0)])
    assert bg.egalitarian_solution(problem).outcome == {"pick": "o1"}


@pytest.mark.parametrize("seconds", [0, -1, np.nan, np.inf])
def test_time_limits_that_are_none_are_refused_whether_needed_or_not(seconds):
    problem = one_choice([(0, 1), (1, 0)])
    for ask in (
        bg.pareto_frontier,
        bg.nash_solution,
        bg.ideal_point,
        partial(bg.best_offer, party=0, at_least=0),
    ):
        with pytest.raises(bg.InvalidArgumentError, match="time_limit: expected"):
            ask(problem, time_limit=seconds)
