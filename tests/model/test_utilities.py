"""Additive utilities: weights, worths and a ceiling."""

from __future__ import annotations

import dataclasses
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.model.utilities import VALUES_LIMIT
from tests.model.strategies import additive_utilities, any_spaces, worths
from tests.reference import utility

price = bg.Issue.continuous("price", 80, 120)
warranty = bg.Issue.choice("warranty", ["none", "1y", "2y"])
days = bg.Issue.integer("days", 30, 90, step=15)
space = bg.OutcomeSpace([price, warranty, days])


def value(function, *outcome, space=space):
    return function.evaluate(space, space.validate(outcome))


@given(any_spaces(), st.data())
def test_a_utility_is_the_sum_of_weight_times_worth_up_to_the_ceiling(space, data):
    function = data.draw(additive_utilities(space))
    function.check(space)
    for outcome in space.sample(5, seed=data.draw(st.integers(0, 99))):
        expected = utility(function, space, outcome)
        assert function.evaluate(space, outcome) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_buyer_pays_90_with_two_years_of_warranty():
    buyer = bg.AdditiveUtility(
        {"price": bg.Linear(1, 0), "warranty": {"1y": 0.6, "2y": 1}, "days": bg.Linear(0, 1)},
        {"price": 0.5, "warranty": 0.25, "days": 0.25},
    )
    # 0.5 * 0.75 + 0.25 * 1 + 0.25 * 0.5
    assert value(buyer, 90, "2y", 60) == 0.75


def test_an_issue_or_value_that_is_not_listed_is_worth_0_and_weighs_1():
    assert value(bg.AdditiveUtility({}), 100, "2y", 60) == 0
    assert value(bg.AdditiveUtility({"warranty": {"1y": 3}}), 100, "2y", 60) == 0
    assert value(bg.AdditiveUtility({"warranty": {"1y": 3}}), 100, "1y", 60) == 3
    assert value(bg.AdditiveUtility({"warranty": {"1y": 3}}, {"days": 9}), 100, "1y", 60) == 3


def test_nothing_is_normalised_weights_may_sum_to_0_or_2_and_worths_be_negative():
    table = {"warranty": {"1y": -3, "2y": 0.5}, "days": {60: 2}}
    assert value(bg.AdditiveUtility(table, {"warranty": 0, "days": 0}), 100, "1y", 60) == 0
    assert value(bg.AdditiveUtility(table, {"warranty": 1, "days": 1}), 100, "1y", 60) == -1


def test_a_ceiling_cuts_off_what_is_above_it_and_nothing_else():
    capped = bg.AdditiveUtility({"warranty": {"1y": 3, "2y": 7}}, ceiling=5)
    assert [value(capped, 100, choice, 60) for choice in warranty.values] == [0, 3, 5]
    assert capped.utilities(bg.OutcomeSpace([warranty])).tolist() == [0, 3, 5]
    assert value(bg.AdditiveUtility({}, ceiling=-2), 100, "1y", 60) == -2


@given(st.lists(st.integers(801, 1199), unique=True, max_size=5), st.data())
def test_a_chain_of_lines_is_exact_at_its_corners(inside, data):
    points = [(x / 10, data.draw(worths)) for x in [800, *sorted(inside), 1200]]
    function = bg.AdditiveUtility({"price": bg.PiecewiseLinear(points)})
    assert [value(function, x, "1y", 60) for x, _ in points] == [y for _, y in points]


@given(st.floats(80, 120), st.floats(80, 120))
def test_a_line_falls_with_the_price(one, other):
    function = bg.AdditiveUtility({"price": bg.Linear(1, 0)})
    low, high = sorted([one, other])
    assert value(function, low, "1y", 60) >= value(function, high, "1y", 60)
    assert value(function, 80, "1y", 60) == 1
    assert value(function, 120, "1y", 60) == 0


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_very_small_and_very_large_utilities_keep_their_precision(size):
    function = bg.AdditiveUtility({"price": bg.Linear(0, size), "warranty": {"1y": size}})
    function.check(space)
    assert value(function, 100, "1y", 60) == 1.5 * size


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ({"warranty": {"1y": 1.5e308}, "days": {30: 1.5e308}}, "utilities up to 1e.307"),
        ({"price": bg.Linear(1.5e308, 0), "days": bg.Linear(0, 1.5e308)}, "utilities up to 1e.307"),
        ({"price": bg.Linear(-1.5e308, 1.5e308)}, "utilities up to 1e.307"),
        ({"days": bg.Linear(-1.5e308, 1.5e308)}, "utilities up to 1e.307"),
        (
            {
                "price": bg.PiecewiseLinear(
                    [(80, 0), (100, 0), (np.nextafter(100, 101), 1e300), (120, 0)]
                )
            },
            "slopes below 1e308",
        ),
    ],
)
def test_utilities_that_overflow_are_refused(function, message):
    with pytest.raises(bg.InvalidProblemError, match=f"values: expected {message}, got "):
        bg.AdditiveUtility(function).check(space)


def test_weights_that_make_utilities_overflow_are_refused():
    function = bg.AdditiveUtility({"warranty": {"1y": 1e200}}, {"warranty": 1e200})
    with pytest.raises(bg.InvalidProblemError, match=r"utilities up to 1e.307, got "):
        function.check(space)


@pytest.mark.parametrize("bad", [-1, -1e-300, math.nan, math.inf, 10**400, True, "1", None])
def test_a_weight_is_a_finite_number_not_below_0(bad):
    with pytest.raises(
        bg.InvalidProblemError, match=r"^price\.weight: expected a finite number >= 0, got"
    ):
        bg.AdditiveUtility({"price": bg.Linear(0, 1)}, {"price": bad})


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 10**400, False, "1"])
def test_a_ceiling_is_a_finite_number(bad):
    with pytest.raises(bg.InvalidProblemError, match=r"^ceiling: expected a finite number, got"):
        bg.AdditiveUtility({}, ceiling=bad)


@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([1], None, "values: expected a mapping"),
        (None, None, "values: expected a mapping"),
        ({"price": 3}, None, r"values\['price'\]: expected a mapping, Table, Linear"),
        ({"price": [1, 2]}, None, r"values\['price'\]: expected a mapping, Table, Linear"),
        ({"warranty": {"1y": math.nan}}, None, r"table\['1y'\]: expected a finite number"),
        ({}, [1, 2], "weights: expected a mapping"),
        ({}, 0, "weights: expected a mapping"),
    ],
)
def test_values_and_weights_are_mappings_from_issues(values, weights, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        bg.AdditiveUtility(values, weights)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            bg.AdditiveUtility({"color": {"red": 1}}),
            "values: expected only the issues price, warranty, days, got 'color'",
        ),
        (
            bg.AdditiveUtility({}, {"color": 1}),
            "weights: expected only the issues price, warranty, days, got 'color'",
        ),
        (bg.AdditiveUtility({"warranty": {"9y": 1}}), "issue 'warranty': .* got '9y'"),
        (bg.AdditiveUtility({"warranty": bg.Linear(0, 1)}), "issue 'warranty': expected numbers"),
        (bg.AdditiveUtility({"price": {100: 1}}), "issue 'price': expected a line"),
    ],
)
def test_a_utility_speaks_only_of_the_issues_and_values_at_stake(function, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        function.check(space)
    with pytest.raises(bg.InvalidProblemError, match=message):
        bg.BargainingProblem(space, {"a": bg.AdditiveUtility({}), "b": function})


def test_an_issue_with_more_values_than_fit_in_memory_is_refused_before_any_work():
    wide = bg.OutcomeSpace([bg.Issue.integer("x", 0, VALUES_LIMIT)])
    with pytest.raises(
        bg.TooLargeError, match=r"issue 'x': expected at most 10000000 values .* got 10000001"
    ):
        bg.AdditiveUtility({"x": bg.Linear(0, 1)}).check(wide)


def test_terms_say_what_each_issue_contributes_weight_included():
    function = bg.AdditiveUtility(
        {"price": bg.PiecewiseLinear([(80, 0), (100, 3), (120, 4)]), "warranty": {"2y": 1}},
        {"price": 2, "warranty": 3},
    )
    first, second, third = function.terms(space)
    assert first.positions.tolist() == [80, 100, 120]
    assert first.worths.tolist() == [0, 6, 8]
    assert first.slopes == pytest.approx([0.3, 0.1])
    assert second.positions is None
    assert second.worths.tolist() == [0, 0, 3]
    assert second.slopes.size == 0
    assert third.worths.tolist() == [0] * 5


def test_an_issue_without_values_contributes_a_flat_line():
    (term,) = bg.AdditiveUtility({}).terms(bg.OutcomeSpace([price]))
    assert term.positions.tolist() == [80, 120]
    assert term.worths.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("points", "concave"),
    [
        ([(80, 0), (120, 1)], True),
        ([(80, 0), (100, 3), (120, 4)], True),
        ([(80, 0), (100, 1), (120, 4)], False),
        ([(80, 0), (100, 3), (120, 0)], True),
        ([(80, 3), (100, 0), (120, 3)], False),
        ([(80, 0), (90, 0.1), (110, 0.3), (120, 0.4)], True),  # one line, but for rounding
    ],
)
def test_falling_returns_are_concave(points, concave):
    (term,) = bg.AdditiveUtility({"price": bg.PiecewiseLinear(points)}).terms(
        bg.OutcomeSpace([price])
    )
    assert term.is_concave is concave


def test_a_finite_issue_is_concave_whatever_its_worths():
    _, term, _ = bg.AdditiveUtility({"warranty": {"1y": -5}}).terms(space)
    assert term.is_concave


def test_a_utility_never_changes_and_survives_pickling():
    given = {"warranty": {"1y": 3}}
    function = bg.AdditiveUtility(given, {"warranty": 2}, ceiling=9)
    given["warranty"]["1y"] = 100
    assert value(function, 100, "1y", 60) == 6
    with pytest.raises(dataclasses.FrozenInstanceError):
        function.ceiling = 1
    with pytest.raises(TypeError):
        function.weights["warranty"] = 1
    again = pickle.loads(pickle.dumps(function))
    assert again == function
    assert hash(again) == hash(function)
    assert value(again, 100, "1y", 60) == 6


def test_a_plain_mapping_and_a_table_make_the_same_utility():
    assert bg.AdditiveUtility({"warranty": {"1y": 3}}) == bg.AdditiveUtility(
        {"warranty": bg.Table({"1y": 3})}
    )
