"""Published and closed-form answers; each names its source."""

from __future__ import annotations

import json
import math
import warnings

import numpy as np
import pytest

import bargain as bg
from tests.problems import continuous, one_choice

S = [(0, 0), (0, 1), (0.75, 0.75), (1, 0)]
T = [(0, 0), (0, 1), (1, 0.7), (1, 0)]


@pytest.fixture(scope="module")
def barter():
    return bg.load("bill_and_jack")


def test_nash_solution_of_bill_and_jack_gives_gains_12_and_5(barter):
    # Nash 1950, Econometrica 18, "The Bargaining Problem"
    nash = bg.nash_solution(barter)
    assert nash.gains.tolist() == [12, 5]
    moved = {
        good
        for good, owner in nash.outcome.items()
        if owner != barter.profiles[0].disagreement[good]
    }
    assert moved == {"book", "whip", "ball", "bat", "pen", "toy", "knife"}
    assert nash.certificate.kind == "exact"


def test_disagreement_point_of_bill_and_jack_is_what_they_own(barter):
    assert barter.disagreement_point.tolist() == [12, 6]


def test_frontier_of_bill_and_jack_has_the_seven_published_gains(barter):
    gains = bg.pareto_frontier(barter).gains
    assert sorted(map(tuple, gains.tolist())) == [
        (2, 8), (6, 7), (8, 6), (12, 5), (14, 4), (16, 2), (18, 0),
    ]  # fmt: skip
    every = barter.utilities() - barter.disagreement_point
    products = np.unique(every[(every >= 0).all(axis=1)].prod(axis=1))
    assert products[-2:].tolist() == [56, 60]


def test_other_solutions_of_bill_and_jack(barter):
    assert bg.egalitarian_solution(barter).gains.tolist() == [8, 6]
    assert bg.kalai_smorodinsky_solution(barter).gains.tolist() == [12, 5]
    utilitarian = bg.utilitarian_solution(barter)
    assert utilitarian.gains.sum() == 18
    # (14, 4), (16, 2) and (18, 0) tie; the first is nearest to equal gains
    assert utilitarian.certificate.evidence["tied"] == 3
    assert utilitarian.gains.tolist() == [14, 4]


@pytest.mark.parametrize(
    "solution", [bg.nash_solution, bg.kalai_smorodinsky_solution, bg.egalitarian_solution]
)
def test_dividing_the_dollar_gives_each_half(solution):
    assert solution(bg.load("divide_the_dollar")).utilities == pytest.approx([0.5, 0.5], abs=1e-12)


@pytest.mark.parametrize("weight", [0.0, 0.1, 0.3, 0.5, 0.9, 1.0])
def test_weighted_nash_gives_each_party_its_weight_of_the_dollar(weight):
    # Kalai 1977, Nonsymmetric Nash Solutions
    solution = bg.nash_solution(bg.load("divide_the_dollar"), (weight, 1 - weight))
    assert solution.utilities == pytest.approx([weight, 1 - weight], abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, 1), (3, 7), (0.5, 1e3)])
def test_linear_frontier(a, b):
    problem = continuous([[[0, a], [b, 0]]])
    assert bg.nash_solution(problem).utilities == pytest.approx([a / 2, b / 2])
    assert bg.kalai_smorodinsky_solution(problem).utilities == pytest.approx([a / 2, b / 2])
    assert bg.egalitarian_solution(problem).utilities == pytest.approx([a * b / (a + b)] * 2)
    if a != b:
        assert bg.utilitarian_solution(problem).utilities.max() == pytest.approx(max(a, b))


@pytest.mark.parametrize(
    ("points", "nash", "smorodinsky"),
    [(S, (0.75, 0.75), (0.75, 0.75)), (T, (1, 0.7), (10 / 13, 10 / 13))],
    ids=["S", "T"],
)
def test_nash_hurts_player_2_where_kalai_smorodinsky_does_not(points, nash, smorodinsky):
    # Kalai & Smorodinsky 1975, section 2; S lies inside T
    problem = one_choice(points)
    assert bg.nash_solution(problem, lotteries=True).utilities == pytest.approx(nash)
    found = bg.kalai_smorodinsky_solution(problem, lotteries=True).utilities
    assert found == pytest.approx(smorodinsky)


def test_no_positive_product_is_degenerate_and_said_so():
    problem = one_choice([(1, 0), (0, 1)])
    nash = bg.nash_solution(problem)
    assert "degenerate" in nash.certificate.note
    assert nash.outcome == {"pick": "o0"}
    assert bg.nash_solution(problem, lotteries=True).utilities.tolist() == [0.5, 0.5]


def test_rental():
    # arXiv 2503.06416, appendix payoff tables
    problem = bg.load("rental")
    utilities = problem.utilities()
    assert problem.parties == ("landlord", "tenant")
    assert len(problem.space) == 625
    joint = utilities.sum(axis=1)
    assert (joint.max(), (joint == 6200).sum()) == (6200, 5)
    assert len(bg.pareto_frontier(problem)) == 13
    for solution in (bg.nash_solution, bg.kalai_smorodinsky_solution, bg.egalitarian_solution):
        assert solution(problem).utilities.tolist() == [3100, 3100]
    middle = [issue.value(2) for issue in problem.space.issues]
    assert problem.evaluate(middle).tolist() == [2600, 2600]


def test_employment():
    # same source; no agreement is worth 500 to each
    problem = bg.load("employment")
    utilities = problem.utilities()
    assert len(problem.space) == 625
    assert problem.disagreement_point.tolist() == [500, 500]
    joint = utilities.sum(axis=1)
    assert (joint.max(), (joint == 4800).sum()) == (4800, 5)
    assert len(bg.pareto_frontier(problem)) == 21
    nash = bg.nash_solution(problem)
    assert nash.utilities.tolist() == [2400, 2400]
    assert nash.gains.prod() == 3_610_000
    middle = [issue.value(2) for issue in problem.space.issues]
    assert problem.evaluate(middle).tolist() == [2100, 2100]


@pytest.mark.parametrize(
    ("name", "zone", "price"), [("chair", 80, 80), ("table", 100, 150), ("lamp", 50, 35)]
)
def test_price_of_one_good(name, zone, price):
    problem = bg.load(name)
    assert bg.pareto_frontier(problem).gains.sum(axis=1) == pytest.approx([zone, zone])
    assert bg.nash_solution(problem).outcome["price"] == pytest.approx(price)


@pytest.mark.parametrize("lotteries", [False, True])
def test_no_zone_is_an_error_and_not_a_product_of_two_losses(lotteries):
    problem = one_choice([(1, 2), (2, 1), (0, 0)], disagreement_point=(3, 3))
    with pytest.raises(bg.NoAgreementZoneError, match="no agreement zone"):
        bg.nash_solution(problem, lotteries=lotteries)
    with pytest.raises(bg.NoAgreementZoneError, match="no agreement zone"):
        bg.pareto_frontier(problem, lotteries=lotteries)


def test_lunch_has_no_zone(shared_data):
    # Lunch 2013: the product that its own program reports is one of two losses
    folder = shared_data / "genius" / "lunch"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        problem = bg.load(folder)
    point = json.loads((folder / "reference.json").read_text())["genius_nash"]
    assert (np.array(point) < problem.disagreement_point).all()
    for concept in (bg.nash_solution, bg.egalitarian_solution, bg.pareto_frontier):
        with pytest.raises(bg.NoAgreementZoneError, match="no agreement zone"):
            concept(problem)


def test_raiffa_and_perles_maschler_take_the_middle_of_a_line():
    # Luce & Raiffa 1957, 6.10; Perles & Maschler 1981
    problem = one_choice([(0, 0), (6, 0), (0, 2)])
    for concept in (bg.raiffa_solution, bg.perles_maschler_solution):
        assert concept(problem).gains == pytest.approx([3, 1])


@pytest.fixture(scope="module")
def dollar():
    return bg.load("divide_the_dollar")


@pytest.mark.parametrize(("d1", "d2"), [(0.9, 0.8), (0.5, 0.99), (0.9, 0.9), (1.0, 0.7)])
def test_rubinstein_share(dollar, d1, d2):
    # Rubinstein 1982
    share = (1 - d2) / (1 - d1 * d2)
    assert bg.rubinstein_solution(dollar, (d1, d2)).utilities == pytest.approx([share, 1 - share])
    second = (1 - d1) / (1 - d1 * d2)
    solution = bg.rubinstein_solution(dollar, (d1, d2), first=1)
    assert solution.utilities == pytest.approx([1 - second, second])


def test_rubinstein_published_number(dollar):
    assert bg.rubinstein_solution(dollar, (0.9, 0.8)).utilities[0] == pytest.approx(
        0.714286, abs=5e-7
    )


@pytest.mark.parametrize(("horizon", "share"), [(1, 1.0), (2, 0.1), (3, 0.91), (10, 0.342801)])
def test_finite_horizon(dollar, horizon, share):
    # Stahl 1972: (1 - (-d)^T) / (1 + d)
    found = bg.rubinstein_solution(dollar, (0.9, 0.9), horizon=horizon).utilities[0]
    assert found == pytest.approx(share, abs=5e-7)
    assert found == pytest.approx((1 - (-0.9) ** horizon) / 1.9, abs=1e-12)


def test_finite_horizon_with_unequal_patience(dollar):
    solution = bg.rubinstein_solution(dollar, (0.7, 0.6), horizon=3)
    assert solution.utilities[0] == pytest.approx(1 - 0.6 * (1 - 0.7))


@pytest.mark.parametrize(("interval", "share"), [(1.0, 0.7862), (0.001, 0.75004), (1e-9, 0.75)])
def test_short_intervals_lead_to_weighted_nash(dollar, interval, share):
    # Binmore, Rubinstein & Wolinsky 1986: weights r2/(r1+r2), r1/(r1+r2) for rates .1, .3
    deltas = [math.exp(-0.1 * interval), math.exp(-0.3 * interval)]
    found = bg.rubinstein_solution(dollar, deltas).utilities[0]
    assert found == pytest.approx(share, abs=5e-5)
    assert bg.nash_solution(dollar, (0.3, 0.1)).utilities[0] == pytest.approx(0.75)


def test_rubinstein_on_a_general_set_satisfies_both_indifferences():
    # Osborne & Rubinstein 1990, ch. 4: u1(y) = d1 u1(x), u2(x) = d2 u2(y)
    problem = one_choice([(0, 1), (0.75, 0.75), (1, 0)])
    solution = bg.rubinstein_solution(problem, (0.9, 0.8))
    proposals = solution.certificate.evidence["proposals"]
    x, y = proposals["p0"], proposals["p1"]
    assert solution.utilities == pytest.approx(x)
    assert y[0] == pytest.approx(0.9 * x[0])
    assert x[1] == pytest.approx(0.8 * y[1])


@pytest.mark.parametrize("n", [3, 4, 5])
@pytest.mark.parametrize("delta", [0.5, 0.9, 0.99])
def test_proposer_among_n_parties_who_must_all_agree(n, delta):
    # Osborne & Rubinstein 1990, 3.13: 1 / (1 + (n - 1) d), the others d times that
    solution = bg.rubinstein_solution(one_choice(np.eye(n)), [delta] * n)
    share = 1 / (1 + (n - 1) * delta)
    assert solution.utilities == pytest.approx([share] + [delta * share] * (n - 1), abs=1e-8)


def test_unequal_patience_among_three_parties():
    deltas = np.array([0.9, 0.7, 0.5])
    # a_i = 1 - sum of d_j a_j over the others, so a_i (1 - d_i) is the same for all
    surplus = 1 / (1 + (deltas / (1 - deltas)).sum())
    asks = surplus / (1 - deltas)
    solution = bg.rubinstein_solution(one_choice(np.eye(3)), deltas, first=1)
    assert solution.utilities == pytest.approx([0.9 * asks[0], asks[1], 0.5 * asks[2]], abs=1e-8)


def test_patience_makes_rubinstein_the_nash_solution():
    problem = one_choice(T)
    patient = bg.rubinstein_solution(problem, (1 - 1e-9, 1 - 1e-9))
    nash = bg.nash_solution(problem, lotteries=True)
    assert patient.utilities == pytest.approx(nash.utilities, abs=1e-8)


@pytest.mark.parametrize("lotteries", [False, True])
@pytest.mark.parametrize("name", bg.packaged_names())
def test_what_is_said_of_every_packaged_case_can_be_checked_again(name, lotteries):
    problem = bg.load(name)
    concepts = [
        bg.nash_solution,
        bg.kalai_smorodinsky_solution,
        bg.egalitarian_solution,
        bg.utilitarian_solution,
        bg.pareto_frontier,
    ]
    answers = [concept(problem, lotteries=lotteries) for concept in concepts]
    answers += [
        bg.rubinstein_solution(problem, (0.9, 0.8), horizon=horizon) for horizon in (None, 3)
    ]
    for answer in answers:
        assert answer.certificate.kind == "exact"
        check = answer.verify()
        assert check, f"{answer}: {check}"


@pytest.mark.parametrize(
    ("risk", "share"), [(0.1, 0.369004), (0.01, 0.336689), (0.001, 0.333667), (1e-7, 1 / 3)]
)
def test_a_vanishing_risk_of_breakdown_between_a_root_and_a_line(risk, share):
    # Binmore, Rubinstein & Wolinsky 1986: the limit is the Nash solution; shares derived
    parties = {
        "first": bg.AdditiveUtility({"x": bg.Power(0, 1, 0.5)}),
        "second": bg.AdditiveUtility({"x": bg.Linear(1, 0)}),
    }
    problem = bg.BargainingProblem([bg.Issue.continuous("x", 0, 1)], parties)
    solution = bg.rubinstein_solution(problem, breakdown=risk)
    assert solution.outcome["x"] == pytest.approx(share, abs=5e-7)
    assert bg.nash_solution(problem).outcome["x"] == pytest.approx(1 / 3)
