"""Curved value functions: what they are worth, how they slope, and which are refused."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.model.curves import EXPONENTS, GROWTHS, RATES

SHARE = bg.Issue.continuous("x", 0, 1)
PRICE = bg.Issue.continuous("price", 80, 120)

# name: (curve on [0, 1], the formula it stands for, its derivative)
FORMULAS = {
    "square root": (bg.Power(0, 1, 0.5), lambda x: x**0.5, lambda x: 0.5 * x**-0.5),
    "falling power": (
        bg.Power(1, 0, 0.3),
        lambda x: (1 - x) ** 0.3,
        lambda x: -0.3 * (1 - x) ** -0.7,
    ),
    "square": (bg.Power(0, 1, 2), lambda x: x**2, lambda x: 2 * x),
    "peak": (bg.Quadratic(0, 1, 0), lambda x: 4 * x * (1 - x), lambda x: 4 - 8 * x),
    "off-centre peak": (
        bg.Quadratic(0.91, 0.96, 0.51),
        lambda x: 1 - (x - 0.3) ** 2,
        lambda x: -2 * (x - 0.3),
    ),
    "log": (
        bg.Logarithmic(0, math.log(10), 9),
        lambda x: np.log(1 + 9 * x),
        lambda x: 9 / (1 + 9 * x),
    ),
    "exponential": (
        bg.Exponential(0, 1 - math.exp(-3), 3),
        lambda x: 1 - np.exp(-3 * x),
        lambda x: 3 * np.exp(-3 * x),
    ),
    "falling exponential": (
        bg.Exponential(1 - math.exp(-3), 0, 3),
        lambda x: 1 - np.exp(-3 * (1 - x)),
        lambda x: -3 * np.exp(-3 * (1 - x)),
    ),
    "convex exponential": (
        bg.Exponential(0, math.exp(2) - 1, -2),
        lambda x: np.exp(2 * x) - 1,
        lambda x: 2 * np.exp(2 * x),
    ),
}


def term_of(function, issue=SHARE, weight=1.0):
    utility = bg.AdditiveUtility({issue.name: function}, {issue.name: weight})
    space = bg.OutcomeSpace([issue])
    utility.check(space)
    return utility.terms(space)[0]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_curve_is_the_formula_it_stands_for(name):
    curve, formula, derivative = FORMULAS[name]
    x = np.linspace(0.01, 0.99, 50)
    assert term_of(curve).at(x) == pytest.approx(formula(x), rel=1e-14, abs=1e-15)
    assert term_of(curve, weight=3.0).at(x) == pytest.approx(3 * formula(x), rel=1e-14, abs=1e-15)
    slopes = [term_of(curve).slope(v) for v in x]
    assert slopes == pytest.approx(derivative(x), rel=1e-12, abs=1e-13)
    moved = term_of(curve, PRICE, 2.0)
    assert moved.at(80 + 40 * x) == pytest.approx(2 * formula(x), rel=1e-12, abs=1e-13)
    slopes = [moved.slope(80 + 40 * v) for v in x]
    assert slopes == pytest.approx(2 * derivative(x) / 40, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", FORMULAS)
def test_ends_are_worth_exactly_what_is_said(name):
    curve, _, _ = FORMULAS[name]
    low, high = curve.ends()
    assert term_of(curve, PRICE).at(np.array([80.0, 120.0])).tolist() == [low, high]
    finite = bg.Issue.integer("price", 80, 120, step=10)
    assert curve.at(finite)[[0, -1]].tolist() == [low, high]
    grid = bg.Issue.choice("price", [120.0, 80.0, 100.0])
    assert curve.at(grid)[:2].tolist() == [high, low]


def test_a_root_is_infinitely_steep_at_its_worse_end_whichever_that_is():
    assert term_of(bg.Power(0, 1, 0.5)).slope(0) == math.inf
    assert term_of(bg.Power(1, 0, 0.5)).slope(1) == -math.inf
    assert term_of(bg.Power(0, 1, 0.5)).slope(1) == 0.5


@pytest.mark.parametrize("name", FORMULAS)
def test_concave_is_what_has_falling_slopes(name):
    term = term_of(FORMULAS[name][0])
    slopes = np.array([term.slope(x) for x in np.linspace(0.01, 0.99, 99)])
    assert term.is_curved
    assert term.is_concave == bool((np.diff(slopes) < 0).all())


@pytest.mark.parametrize(
    "function",
    [
        bg.Power(0, 2, 1),
        bg.Quadratic(1, 2, 3),
        bg.Quadratic(0.1, 0.2, 0.3),
        bg.Logarithmic(4, 4, 9),
    ],
)
def test_a_curve_without_a_bend_is_a_line(function):
    term = term_of(function)
    assert not term.is_curved
    assert term.is_concave
    low, high = function.ends()
    assert term.at(np.array([0.25])) == pytest.approx(0.75 * low + 0.25 * high, rel=1e-15)
    assert term_of(bg.Power(0, 1, 0.5), weight=0.0).is_curved is False


@given(
    ends=st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    middle=st.floats(-10, 10),
)
def test_least_and_largest_worths_of_a_parabola_include_its_turn(ends, middle):
    term = term_of(bg.Quadratic(ends[0], middle, ends[1]))
    grid = term.at(np.linspace(0, 1, 201))
    assert term.worths.min() <= grid.min() + 1e-12
    assert term.worths.max() >= grid.max() - 1e-12
    assert term.worths.max() <= grid.max() + 0.01


def test_no_one_takes_a_curve_for_straight_lines():
    with pytest.raises(bg.UnsupportedProblemError, match="slopes: expected straight lines"):
        term_of(bg.Power(0, 1, 0.5)).slopes  # noqa: B018
    line = term_of(bg.PiecewiseLinear([(0, 0), (0.5, 1), (1, 1.5)]))
    assert [line.slope(x) for x in (0, 0.2, 0.5, 1)] == [2, 2, 1, 1]
    assert line.at(np.array([0.25, 0.75])).tolist() == [0.5, 1.25]
    finite = bg.AdditiveUtility({"n": {0: 1}}).terms(bg.OutcomeSpace([bg.Issue.integer("n", 0, 1)]))
    for ask in (lambda: finite[0].at(np.zeros(1)), lambda: finite[0].slope(0)):
        with pytest.raises(bg.UnsupportedProblemError, match="expected a continuous issue"):
            ask()


def test_evaluate_and_a_grid_read_the_same_curve():
    generator = np.random.default_rng(3)
    for curve, _, _ in FORMULAS.values():
        utility = bg.AdditiveUtility({"price": curve}, {"price": 0.7})
        problem = bg.BargainingProblem([PRICE], {"a": utility, "b": utility})
        grid = bg.discretized(problem, points=9)
        for row, outcome in enumerate(grid.space):
            assert problem.evaluate(outcome)[0] == pytest.approx(
                grid.utilities()[row, 0], rel=1e-14
            )
        value = float(generator.uniform(80, 120))
        term = problem.terms[0][0]
        assert problem.evaluate([value])[0] == float(term.at(np.array(value)))
    assert pickle.loads(pickle.dumps(curve)) == curve


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bg.Power(0, 1, math.nan), r"power\.exponent: expected a finite number, got nan"),
        (lambda: bg.Power(0, math.inf, 0.5), r"power\.at\[1\]: expected a finite number"),
        (lambda: bg.Power("a", 1, 0.5), r"power\.at\[0\]: expected a finite number"),
        (lambda: bg.Power(0, 1, 0), r"power\.exponent: expected a number from 0\.05 to 20, got 0"),
        (lambda: bg.Power(0, 1, -1), r"power\.exponent"),
        (lambda: bg.Logarithmic(0, 1, 0), r"logarithmic\.growth: .* at least 1e-06 from 0, got 0"),
        (lambda: bg.Logarithmic(0, 1, -1), r"logarithmic\.growth"),
        (lambda: bg.Exponential(0, 1, 0.0), r"exponential\.rate: .* at least 1e-06 from 0"),
        (lambda: bg.Exponential(0, 1, 1e9), r"exponential\.rate: expected a number from -700"),
        (lambda: bg.Quadratic(0, math.nan, 1), r"quadratic\.at\[1\]: expected a finite number"),
        (lambda: bg.Quadratic(0, True, 1), r"quadratic\.at\[1\]: expected a finite number"),
    ],
)
def test_parameters_that_make_no_curve_are_refused(make, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        make()


@pytest.mark.parametrize("sign", [1, -1])
def test_extreme_parameters_stay_finite_inside(sign):
    low, high = (0.0, 1.0)[::sign]
    curves = [bg.Power(low, high, e) for e in EXPONENTS]
    curves += [bg.Logarithmic(low, high, g) for g in GROWTHS]
    curves += [bg.Exponential(low, high, r) for r in RATES]
    curves += [bg.Exponential(low, high, 1e-6), bg.Quadratic(1e300 * low, 2e300, 1e300 * high)]
    x = np.linspace(0, 1, 11)
    for curve in curves:
        term = term_of(curve)
        assert np.isfinite(term.at(x)).all()
        assert all(np.isfinite(term.slope(v)) for v in x[1:-1])
    assert (np.diff(term_of(curves[0]).at(x)) * sign > 0).all()


def test_curves_need_numbers_and_utilities_of_a_size():
    words = bg.Issue.choice("x", ["a", "b"])
    with pytest.raises(bg.InvalidProblemError, match="expected numbers for power values"):
        bg.AdditiveUtility({"x": bg.Power(0, 1, 0.5)}).check(bg.OutcomeSpace([words]))
    with pytest.raises(bg.InvalidProblemError, match="expected utilities up to"):
        term_of(bg.Power(0, 1e307, 0.5), weight=100)
    narrow = bg.Issue.continuous("x", 0, 1e-300)
    with pytest.raises(bg.InvalidProblemError, match="expected slopes below"):
        term_of(bg.Power(0, 1e300, 0.5), narrow)
    single = bg.Issue.integer("n", 3, 3)
    assert bg.Power(2, 5, 0.5).at(single).tolist() == [2.0]
    assert bg.Quadratic(2, 9, 5).at(single).tolist() == [2.0]
