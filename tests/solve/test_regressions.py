"""Wrong answers that were found by review, each with what it should have been."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.solve.solution import certain
from bargain.solve.ties import SUM_TIES_OPEN
from tests.problems import additive_problems, one_choice

CONCEPTS = [
    bg.nash_solution,
    bg.kalai_smorodinsky_solution,
    bg.egalitarian_solution,
    bg.utilitarian_solution,
]
concepts = pytest.mark.parametrize("concept", CONCEPTS, ids=lambda f: f.__name__)


@concepts
@pytest.mark.parametrize("scale", [1e9, 1e12])
def test_one_partys_scale_does_not_blur_the_others_disagreement_point(concept, scale):
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 1)],
        {
            "firm": bg.AdditiveUtility({"x": bg.Linear(0, scale)}),
            "clerk": bg.AdditiveUtility({"x": bg.Linear(1, 0)}),
        },
        disagreement_point=(0, 1.0009),
    )
    with pytest.raises(bg.NoAgreementZoneError):
        concept(problem)


@concepts
def test_a_mixed_status_quo_is_individually_rational_for_itself(concept):
    values = {"c": {"y": 0.1}, "x": bg.Linear(0, 0.1), "e": {"y": 0.6}}
    issues = [
        bg.Issue.choice("c", ["y", "n"]),
        bg.Issue.continuous("x", 0, 1),
        bg.Issue.choice("e", ["y", "n"]),
    ]
    problem = bg.BargainingProblem(
        issues, {n: bg.AdditiveUtility(values) for n in "ab"}, disagreement=["y", 1.0, "y"]
    )
    assert concept(problem).gains == pytest.approx([0, 0], abs=1e-12)


def mixed(a, b, extra=("c",)):
    issues = [
        bg.Issue.choice(name, list(dict.fromkeys([*a[name], *b[name], "n"]))) for name in extra
    ]
    return bg.BargainingProblem(
        [*issues, bg.Issue.continuous("z", 0, 1)],
        {"a": bg.AdditiveUtility(a), "b": bg.AdditiveUtility(b)},
    )


def test_a_degenerate_mixed_problem_still_lets_somebody_gain():
    nash = bg.nash_solution(mixed({"c": {"a": 5}}, {"c": {"b": 3}}))
    assert nash.utilities.tolist() == [5, 0]
    assert "degenerate" in nash.certificate.note


def test_a_party_without_weight_still_gets_what_costs_nothing():
    problem = mixed({"c": {"a": 5, "b": 5}}, {"c": {"b": 3}})
    assert bg.nash_solution(problem, (1, 0)).utilities.tolist() == [5, 3]


def test_lexicographic_ties_of_mixed_problems_are_not_decided_by_rounding():
    problem = mixed(
        {"c": {"x": 0.1, "y": 0.3}, "e": {"x": 0.2, "y": 0}},
        {"c": {"x": 6, "y": -3}, "e": {"x": -5, "y": 5}},
        extra=("c", "e"),
    )
    assert bg.egalitarian_solution(problem).utilities == pytest.approx([0.3, 2])


BASE = np.array([(0, 4, 4), (4, 4, 3), (6, 1, 0)], dtype=float)


def three(scales=(1, 1, 1), offset=0.0):
    return one_choice(BASE * scales + offset, disagreement_point=[offset] * 3)


@concepts
@pytest.mark.parametrize("scale", [1e-300, 1e-20, 1e-11, 1e6, 1e18, 1e300])
def test_three_parties_at_any_common_scale(concept, scale):
    expected = concept(three(), lotteries=True).gains
    found = concept(three([scale] * 3), lotteries=True)
    assert found.gains / scale == pytest.approx(expected, abs=1e-7)


@concepts
@pytest.mark.parametrize("offset", [1e4, 1e6, 1e7])
def test_a_constant_added_to_everything_changes_nothing(concept, offset):
    expected = concept(three(), lotteries=True).gains
    assert concept(three(offset=offset), lotteries=True).gains == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("scales", [(1e-5, 1, 1e5), (1, 1, 1e10), (1e-6, 1, 1e6)])
def test_three_parties_at_mixed_scales_get_an_answer_and_a_true_gap(scales):
    problem = three(scales)
    solution = bg.egalitarian_solution(problem, lotteries=True)
    # what the least party could have at best, by a fine search over the lotteries
    weights = np.concatenate([np.eye(3), np.random.default_rng(0).dirichlet(np.ones(3), 4000)])
    best = (weights @ problem.utilities()).min(axis=1).max()
    assert solution.gains.min() + solution.certificate.gap >= best - 1e-12
    ks = bg.kalai_smorodinsky_solution(problem, lotteries=True)
    expected = bg.kalai_smorodinsky_solution(three(), lotteries=True).gains
    assert ks.gains / scales == pytest.approx(expected, abs=1e-6)


def test_best_offer_gives_exactly_the_best_when_that_is_asked():
    values = {f"x{i}": bg.Linear(0, w) for i, w in enumerate((0.1, 0.1, 0.6))}
    problem = bg.BargainingProblem(
        [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(3)],
        {
            "me": bg.AdditiveUtility(values),
            "you": bg.AdditiveUtility({f"x{i}": bg.Linear(1, 0) for i in range(3)}),
        },
    )
    top = float(problem.evaluate([1, 1, 1])[0])
    assert problem.evaluate(bg.best_offer(problem, party="me", at_least=top))[0] == top
    with pytest.raises(bg.NoAgreementZoneError):
        bg.best_offer(problem, party="me", at_least=np.nextafter(top, 1))
    anchor = bg.Anchor(problem, party="me", policy=bg.TimeDependent(), deadline=5)
    assert anchor.advise().private.package_values == (top,)


def test_best_offer_with_a_ceiling_below_everything():
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 1)],
        {
            "a": bg.AdditiveUtility({"x": bg.Linear(0, 1)}),
            "b": bg.AdditiveUtility({"x": bg.Linear(1, 0)}, ceiling=-5),
        },
    )
    assert problem.evaluate(bg.best_offer(problem, party=0, at_least=0.5))[0] >= 0.5


def test_patience_without_end_among_three_is_answered_or_refused_by_name():
    problem = one_choice(np.eye(3))
    try:
        solution = bg.rubinstein_solution(problem, (1, 0.9, 1))
    except bg.ConvergenceError:
        return
    assert solution.gains.min() >= -1e-9


def test_utilities_whose_differences_overflow_are_refused():
    with pytest.raises(bg.InvalidProblemError, match="up to 1e"):
        one_choice([(1e308, -1e308), (-1e308, 1e308)])
    with pytest.raises(bg.InvalidProblemError, match="reservation_value"):
        one_choice([(1, 1)], disagreement_point=(-1e308, 0))


@settings(max_examples=60, deadline=None)
@given(problem=additive_problems(), power=st.sampled_from([0, 3, 9, 150, 300]))
def test_scales_that_differ_between_two_parties_change_only_the_scale(problem, power):
    utilities = problem.utilities() * (10.0**-power, 10.0**power / 1e3)
    point = problem.disagreement_point * (10.0**-power, 10.0**power / 1e3)
    scaled = one_choice(utilities, disagreement_point=point)
    plain = one_choice(problem.utilities(), disagreement_point=problem.disagreement_point)
    try:
        expected = bg.kalai_smorodinsky_solution(plain, lotteries=True)
    except bg.NoAgreementZoneError:
        return
    found = bg.kalai_smorodinsky_solution(scaled, lotteries=True)
    rescaled = found.gains / (10.0**-power, 10.0**power / 1e3)
    assert rescaled == pytest.approx(expected.gains, abs=1e-6)


def test_worths_that_are_not_concave_are_advised_on_by_integer_programs():
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 2)],
        {
            "a": bg.AdditiveUtility({"x": bg.PiecewiseLinear([(0, 0), (1, 0.1), (2, 1)])}),
            "b": bg.AdditiveUtility({"x": bg.Linear(1, 0)}),
        },
    )
    anchor = bg.Anchor(problem, party="b", policy=bg.TimeDependent(), deadline=3)
    advice = anchor.advise([bg.Offer("b", {"x": 0}, 0), bg.Offer("a", {"x": 2}, 1)])
    (term,) = advice.public.packages[0].terms
    # a third of the time has passed, or all of it: what is left is worth the target or more
    assert 1 - term.value / 2 >= advice.private.target


@pytest.mark.parametrize("number", [10**7, 10**5000], ids=["10^7", "10^5000"])
def test_rounds_and_deadlines_of_absurd_size_are_refused(number):
    rental = bg.load("rental")
    with pytest.raises(bg.InvalidArgumentError, match="deadline"):
        bg.Anchor(rental, party=0, policy=bg.TimeDependent(), deadline=number)
    anchor = bg.Anchor(rental, party=0, policy=bg.TimeDependent(), deadline=3)
    with pytest.raises(bg.InvalidArgumentError, match="round"):
        anchor.advise([{"party": 1, "outcome": {}, "round": number}])


def test_the_bound_of_a_search_counts_walking_away_at_once():
    problem = bg.BargainingProblem(
        [bg.Issue.integer("s", 0, 10)],
        [
            bg.Party("A", bg.AdditiveUtility({"s": bg.Linear(0, 10)}), 3, discount_factor=0.5),
            bg.Party("B", bg.AdditiveUtility({"s": bg.Linear(10, 0)}), 0),
        ],
    )
    found = bg.evolve(
        problem, party="A", opponents=["hardliner"], deadline=20, seed=1, evaluations=32
    )
    assert found.bound >= 0.0


def opposed(below):
    """Opposed parties in 15 issues, so that every sum ties; both ask for almost half."""
    worths = np.random.default_rng(139).integers(0, 5, (15, 4)).astype(float)
    issues = [bg.Issue.integer(f"i{j}", 0, 3) for j in range(15)]
    sides = {
        name: bg.AdditiveUtility(
            {f"i{j}": dict(enumerate(each.tolist())) for j, each in enumerate(table)}
        )
        for name, table in (("a", worths), ("b", 4 - worths))
    }
    point = [30.0 - each for each in below]
    return bg.BargainingProblem(issues, sides, disagreement_point=point)


@pytest.mark.parametrize("below", [(2.0, 2.0), (2.0, 6.0), (0.0, 8.0)])
def test_of_tied_sums_the_nearest_to_equal_gains_is_found_where_a_reservation_binds(below):
    found = bg.utilitarian_solution(opposed(below))
    assert found.gains.tolist() == [sum(below) / 2] * 2
    assert found.verify()


def test_what_is_not_proven_of_ties_is_not_held_against_an_answer():
    problem = opposed((2.0, 6.0))
    found = bg.utilitarian_solution(problem)
    outcome = bg.best_offer(problem, party="a", at_least=36.0)
    tied = replace(
        found, lottery=certain(outcome), utilities=problem.evaluate(outcome), gains=np.array([8, 0])
    )
    assert tied.utilities.sum() == found.utilities.sum()
    assert not tied.verify()
    check = replace(tied, certificate=replace(found.certificate, note=SUM_TIES_OPEN)).verify()
    assert check
    assert "which of those that tie is the best is not" in str(check)


def price_under_an_implication(exponent):
    """A curved price whose least value hangs on a choice: integer programs with tangents."""
    issues = [
        bg.Issue.continuous("price", 0, 1),
        bg.Issue.choice("days", [30, 60, 90]),
        bg.Issue.choice("delivery", ["a", "b", "c"]),
    ]
    mine = {
        "price": bg.Power(1, 0, exponent),
        "days": {30: 0, 60: 0.2, 90: 0.35},
        "delivery": {"a": 0, "b": 0.3, "c": 0.4},
    }
    yours = {
        "price": bg.Power(0, 1, exponent),
        "days": {30: 0.2, 60: 0.1, 90: 0},
        "delivery": {"a": 0.3, "b": 0.2, "c": 0},
    }
    rule = bg.Implication({"days": [60, 90]}, {"price": {"at_least": 0.4}})
    return issues, {"me": bg.AdditiveUtility(mine), "you": bg.AdditiveUtility(yours)}, rule


@pytest.mark.parametrize("exponent", [0.6, 0.9])
@pytest.mark.parametrize(
    "deal", [(0.41, 60, "a"), (0.51, 60, "b"), (0.51, 30, "b"), (0.64, 30, "b"), (0.4, 60, "b")]
)
def test_an_outcome_that_is_a_rounding_short_does_not_rule_out_its_choices(exponent, deal):
    """What tangents leave a billionth below a floor, the rest of its combination may still meet."""
    issues, utilities, rule = price_under_an_implication(exponent)
    free = bg.BargainingProblem(issues, utilities, constraints=[rule])
    point = free.evaluate(deal) - 1e-7
    problem = bg.BargainingProblem(
        issues, utilities, constraints=[rule], disagreement_point=point.tolist()
    )
    grid = np.linspace(0, 1, 2001)
    reached = np.array([
        free.evaluate((float(x), days, way))
        for days in (30, 60, 90) for way in "abc"
        for x in (grid if days == 30 else grid[grid >= 0.4])
    ])  # fmt: skip
    best = reached[(reached >= point).all(axis=1)].max(axis=0)
    found = bg.ideal_point(problem)
    # no less than any point of the grid, and not much more than its steps allow
    assert (found >= best - 1e-6).all()
    assert (found <= best + 3e-3).all()
    gains = reached[(reached >= point).all(axis=1)] - point
    nash = bg.nash_solution(problem)
    assert np.prod(nash.utilities - point) >= np.prod(gains, axis=1).max() - 1e-6
