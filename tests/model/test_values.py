"""What the values of one issue are worth."""

from __future__ import annotations

import dataclasses
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from tests.model.strategies import continuous_issues, finite_issues, value_functions, worths
from tests.reference import values_of, worth

warranty = bg.Issue.choice("warranty", ["none", "1y", "2y"])
days = bg.Issue.integer("days", 30, 90, step=15)
rate = bg.Issue.continuous("rate", 0, 10)


@given(finite_issues("x"), st.data())
def test_worths_of_a_finite_issue_are_those_read_off_value_by_value(issue, data):
    function = data.draw(value_functions(issue))
    function.check(issue)
    expected = [worth(function, issue, value) for value in values_of(issue)]
    assert function.at(issue) == pytest.approx(expected, rel=1e-12, abs=1e-9)


@given(continuous_issues("x"), worths, worths)
def test_a_line_over_a_continuous_issue_has_two_corners(issue, at_low, at_high):
    positions, corners = bg.Linear(at_low, at_high).breakpoints(issue)
    assert positions.tolist() == list(issue.bounds)
    assert corners.tolist() == [at_low, at_high]


@given(st.lists(st.integers(1, 99), unique=True, max_size=6), st.data())
def test_a_chain_is_exact_at_its_corners(inside, data):
    points = [(x / 10, data.draw(worths)) for x in [0, *sorted(inside), 100]]
    positions, corners = bg.PiecewiseLinear(points).breakpoints(rate)
    assert list(zip(positions.tolist(), corners.tolist(), strict=True)) == points


def test_a_chain_that_reaches_beyond_the_issue_is_cut_at_its_bounds():
    chain = bg.PiecewiseLinear([(-10, 0), (5, 3), (20, 0)])
    positions, corners = chain.breakpoints(rate)
    assert positions.tolist() == [0, 5, 10]
    assert corners == pytest.approx([2, 3, 2], rel=1e-15)


def test_a_value_that_a_table_does_not_list_is_worth_0():
    assert bg.Table({"2y": 1}).at(warranty).tolist() == [0, 0, 1]
    assert bg.Table({}).at(warranty).tolist() == [0, 0, 0]
    assert bg.Table({60: 4, 90: -1}).at(days).tolist() == [0, 0, 4, 0, -1]


def test_a_table_may_use_numpy_values():
    assert bg.Table({np.int64(45): np.float32(0.5)}).at(days).tolist() == [0, 0.5, 0, 0, 0]


def test_a_line_over_whole_numbers_meets_every_step():
    assert bg.Linear(0, 4).at(days).tolist() == [0, 1, 2, 3, 4]
    assert bg.PiecewiseLinear([(30, 0), (60, 4), (90, 0)]).at(days).tolist() == [0, 2, 4, 2, 0]


def test_a_line_over_a_choice_of_numbers_runs_from_the_least_to_the_largest():
    issue = bg.Issue.choice("x", [3, 1, 2.5])
    assert bg.Linear(10, 20).at(issue).tolist() == [20, 10, 17.5]


def test_a_line_over_a_single_number_is_worth_its_low_end():
    assert bg.Linear(3, 9).at(bg.Issue.integer("x", 7, 7)).tolist() == [3]
    assert bg.Linear(3, 9).at(bg.Issue.choice("x", [7])).tolist() == [3]


@pytest.mark.parametrize(
    ("function", "issue", "message"),
    [
        (bg.Table({"3y": 1}), warranty, "issue 'warranty': expected one of 'none'.* got '3y'"),
        (bg.Table({31: 1}), days, "issue 'days': expected a whole number .* got 31"),
        (bg.Table({"30": 1}), days, "issue 'days': .* got '30'"),
        (bg.Table({True: 1}), bg.Issue.choice("x", [1, 2]), "issue 'x': .* got True"),
        (bg.Table({math.nan: 1}), days, "issue 'days': .* got nan"),
        (bg.Table({0: 1}), rate, "issue 'rate': expected a line or a curve"),
        (bg.Linear(0, 1), warranty, "issue 'warranty': expected numbers for linear values"),
        (
            bg.PiecewiseLinear([(0, 0), (1, 1)]),
            warranty,
            "issue 'warranty': expected numbers for piecewise linear values",
        ),
        (
            bg.PiecewiseLinear([(0, 0), (9, 1)]),
            rate,
            r"issue 'rate': expected points covering 0 to 10, got \(0.0, 9.0\)",
        ),
        (bg.PiecewiseLinear([(31, 0), (90, 1)]), days, "points covering 30 to 90"),
    ],
)
def test_a_value_function_must_fit_its_issue(function, issue, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        function.check(issue)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 10**400, True, "1", None, 1j, [1]])
def test_a_worth_is_a_finite_number(bad):
    for make, where in [
        (lambda: bg.Table({"1y": bad}), r"table\['1y'\]"),
        (lambda: bg.Linear(bad, 1), r"linear\[0\]"),
        (lambda: bg.Linear(1, bad), r"linear\[1\]"),
        (lambda: bg.PiecewiseLinear([(0, bad), (1, 1)]), r"piecewise_linear\[0\]\[1\]"),
        (lambda: bg.PiecewiseLinear([(0, 0), (bad, 1)]), r"piecewise_linear\[1\]\[0\]"),
    ]:
        with pytest.raises(
            bg.InvalidProblemError, match=f"^{where}: expected a finite number, got"
        ):
            make()


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "piecewise_linear: expected at least two points"),
        ([(0, 1)], "piecewise_linear: expected at least two points"),
        ([(0, 1), (0, 2)], r"piecewise_linear\[1\]\[0\]: expected a value above 0, got 0"),
        ([(1, 1), (0, 2)], r"piecewise_linear\[1\]\[0\]: expected a value above 1, got 0"),
        ([(0, 1, 2), (1, 1)], r"piecewise_linear\[0\]: expected a pair \(value, worth\)"),
        ([(0, 1), (1,)], r"piecewise_linear\[1\]: expected a pair"),
        ([0, 1], r"piecewise_linear\[0\]: expected a pair \(value, worth\), got 0"),
        (5, "piecewise_linear: expected a sequence of points, got 5"),
        (None, "piecewise_linear: expected a sequence of points, got None"),
    ],
)
def test_a_chain_needs_two_points_in_increasing_order(points, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        bg.PiecewiseLinear(points)


@pytest.mark.parametrize("entries", [[1, 2], "ab", None, 5])
def test_a_table_is_a_mapping(entries):
    with pytest.raises(bg.InvalidProblemError, match="table: expected a mapping from values"):
        bg.Table(entries)


def test_a_table_with_a_key_too_long_to_write_out_is_refused_in_one_line():
    with pytest.raises(bg.InvalidProblemError, match=r"table\[about 10\^5000\]"):
        bg.Table({10**5000: math.nan})


@pytest.mark.parametrize(
    ("function", "field"),
    [
        (bg.Table({"a": 1}), "entries"),
        (bg.Linear(0, 1), "at_low"),
        (bg.PiecewiseLinear([(0, 0), (1, 1)]), "points"),
    ],
)
def test_a_value_function_never_changes_and_survives_pickling(function, field):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(function, field, 3)
    again = pickle.loads(pickle.dumps(function))
    assert again == function
    assert hash(again) == hash(function)


def test_a_table_does_not_follow_the_dict_it_was_made_from():
    given = {"1y": 0.5}
    table = bg.Table(given)
    given["1y"] = 9
    assert table.at(warranty).tolist() == [0, 0.5, 0]
    with pytest.raises(TypeError):
        table.entries["1y"] = 9
