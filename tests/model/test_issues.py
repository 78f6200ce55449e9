"""What an issue takes, what it refuses, and where its values stand."""

from __future__ import annotations

import dataclasses
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidOutcomeError, UnsupportedProblemError
from bargain.model.issues import LARGEST_INTEGER
from tests.model.strategies import continuous_issues, finite_issues
from tests.reference import values_of

NAN, INF, HUGE = math.nan, math.inf, 10**400

days = bg.Issue.integer("days", 30, 90, step=15, unit="days")
gift = bg.Issue.choice("gift", ["no", "yes"])
rate = bg.Issue.continuous("rate", 0.5, 2, unit="%")


@given(finite_issues("x"))
def test_value_and_index_of_a_finite_issue_are_each_others_inverse(issue):
    values = [issue.value(i) for i in range(issue.size)]
    assert values == values_of(issue)
    assert [issue.index(value) for value in values] == list(range(issue.size))
    assert all(value in issue for value in values)


@given(finite_issues("x"))
def test_bounds_of_a_numeric_issue_are_its_least_and_largest_value(issue):
    if issue.is_numeric:
        values = values_of(issue)
        assert issue.bounds == (min(values), max(values))


@given(continuous_issues("x"), st.floats(0, 1))
def test_a_continuous_issue_takes_every_number_between_its_bounds(issue, share):
    low, high = issue.bounds
    value = min(low + share * (high - low), high)
    assert issue.normalize(value) == value
    assert low in issue
    assert high in issue
    assert np.nextafter(low, -INF) not in issue
    assert np.nextafter(high, INF) not in issue
    assert issue.size == INF
    assert not issue.is_finite


def test_payment_days_from_30_to_90_in_steps_of_15_have_five_values():
    assert [days.value(i) for i in range(days.size)] == [30, 45, 60, 75, 90]


def test_an_issue_with_one_value_is_allowed():
    assert bg.Issue.choice("x", ["only"]).size == 1
    assert bg.Issue.integer("x", 7, 7).size == 1


def test_the_largest_integer_issue_has_exact_values_at_both_ends():
    issue = bg.Issue.integer("x", -LARGEST_INTEGER, LARGEST_INTEGER)
    assert issue.size == 2**54 + 1
    assert issue.value(issue.size - 1) == LARGEST_INTEGER
    assert issue.index(LARGEST_INTEGER - 1) == 2**54 - 1


@pytest.mark.parametrize(
    ("issue", "given", "canonical"),
    [
        (days, 45.0, 45),
        (days, np.int64(45), 45),
        (days, np.float32(45), 45),
        (days, np.array(45), 45),
        (days, Fraction(45), 45),
        (rate, 1, 1.0),
        (rate, np.float64(1.25), 1.25),
        (rate, Fraction(3, 2), 1.5),
        (gift, np.str_("yes"), "yes"),
        (bg.Issue.choice("x", [1, 2.5]), 1.0, 1),
        (bg.Issue.choice("x", [1, 2.5]), np.float64(2.5), 2.5),
        (bg.Issue.choice("x", [False, True]), np.True_, True),
        (bg.Issue.choice("x", [30, "sixty"]), np.int32(30), 30),
    ],
)
def test_a_value_is_taken_in_the_issues_own_type(issue, given, canonical):
    value = issue.normalize(given)
    assert value == canonical
    assert type(value) is type(canonical)
    assert given in issue


@pytest.mark.parametrize(
    "value",
    [
        44,
        29,
        105,
        45.5,
        -HUGE,
        HUGE,
        pytest.param(10**5000, id="10^5000"),
        NAN,
        INF,
        -INF,
        True,
        "45",
        None,
        [45],
        45j,
        b"45",
    ],
)
def test_whole_days_refuse_what_is_off_the_step_out_of_range_or_no_number(value):
    assert value not in days
    with pytest.raises(
        InvalidOutcomeError,
        match=r"^issue 'days': expected a whole number from 30 to 90 in steps of 15 days, got ",
    ):
        days.normalize(value)
    with pytest.raises(InvalidOutcomeError, match="days"):
        days.index(value)


@pytest.mark.parametrize(
    "value", [0.4999, 2.0001, HUGE, -HUGE, NAN, INF, -INF, True, np.True_, "1", None, {}, [1], 1j]
)
def test_a_rate_refuses_what_is_out_of_range_or_no_number(value):
    assert value not in rate
    with pytest.raises(
        InvalidOutcomeError, match=r"^issue 'rate': expected a number from 0\.5 to 2 %, got "
    ):
        rate.normalize(value)


@pytest.mark.parametrize("value", ["No", "", "maybe", 1, True, None, NAN, HUGE, ["no"], {"no"}])
def test_a_choice_refuses_what_is_not_among_its_values(value):
    assert value not in gift
    with pytest.raises(
        InvalidOutcomeError, match=r"^issue 'gift': expected one of 'no', 'yes', got "
    ):
        gift.normalize(value)


@pytest.mark.parametrize(
    ("values", "stranger"),
    [([1, 2], True), ([0, 2], False), ([True, False], 1), ([30], "30"), (["30"], 30)],
)
def test_a_truth_value_a_number_and_a_text_are_never_mistaken_for_each_other(values, stranger):
    issue = bg.Issue.choice("x", values)
    assert stranger not in issue
    with pytest.raises(InvalidOutcomeError, match="issue 'x': expected one of"):
        issue.normalize(stranger)


def test_a_long_list_of_values_is_cut_short_in_the_message():
    issue = bg.Issue.choice("x", [f"v{i}" for i in range(1000)], unit="kg")
    assert issue.describe().endswith("'v7', ... kg")


@pytest.mark.parametrize("name", ["", "  ", "\n", None, 3, ("a",)])
def test_an_issue_needs_a_name(name):
    with pytest.raises(bg.InvalidProblemError, match="issue name: expected a non-empty string"):
        bg.Issue.choice(name, ["a"])


def test_a_unit_is_text():
    with pytest.raises(bg.InvalidProblemError, match="issue 'x': unit: expected a string, got 3"):
        bg.Issue.integer("x", 1, 2, unit=3)


@pytest.mark.parametrize("kind", ["real", None, ["choice"]])
def test_a_kind_of_issue_that_does_not_exist_is_refused(kind):
    with pytest.raises(bg.InvalidProblemError, match="issue 'x': kind: expected 'choice'"):
        bg.Issue("x", kind)


@pytest.mark.parametrize(
    "values",
    [
        ["a", "a"],
        [1, True],
        [0, False],
        [1, 1.0],
        [0.0, -0.0],
        [1, "1"],
        ["1", 1],
        [True, "True"],
        ["2.5", 2.5],
        [np.int64(3), 3],
    ],
)
def test_values_that_are_equal_or_read_the_same_are_refused(values):
    with pytest.raises(
        bg.InvalidProblemError, match="issue 'x': values: expected distinct values, got"
    ):
        bg.Issue.choice("x", values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "at least one value"),
        ([NAN], "finite numbers"),
        ([1, INF], "finite numbers"),
        ([-INF], "finite numbers"),
        ([1, HUGE], "finite numbers"),
        pytest.param([-(10**5000)], "finite numbers", id="10^5000"),
        ([None], "text, numbers or true/false"),
        ([b"a"], "text, numbers or true/false"),
        ([["a"]], "text, numbers or true/false"),
        ("abc", "a sequence of values"),
        (b"abc", "a sequence of values"),
        (5, "a sequence of values"),
        (None, "a sequence of values"),
    ],
)
@pytest.mark.parametrize(
    "make", [bg.Issue.choice, lambda name, values: bg.Issue(name, "choice", values)]
)
def test_a_choice_is_among_distinct_texts_finite_numbers_or_truth_values(make, values, message):
    with pytest.raises(bg.InvalidProblemError, match=f"issue 'x': values: expected {message}, got"):
        make("x", values)


@pytest.mark.parametrize("values", [["a", "b"], ("a", "b"), np.array(["a", "b"]), iter("ab")])
def test_a_choice_keeps_its_own_plain_values_however_they_are_handed_over(values):
    issue = bg.Issue("x", "choice", values)
    assert issue.values == ("a", "b")
    assert {type(value) for value in issue.values} == {str}
    assert hash(issue) == hash(bg.Issue.choice("x", ["a", "b"]))


@pytest.mark.parametrize(
    ("low", "high", "step", "message"),
    [
        (2, 1, 1, "high: expected a whole number >= 2, got 1"),
        (1, 2, 0, "step: expected a whole number >= 1, got 0"),
        (1, 2, -1, "step: expected a whole number >= 1, got -1"),
        (1, 2, None, "step: expected a whole number"),
        (1, 2, 0.5, "step: expected a whole number"),
        (1, 10, 4, "expected high = low [+] a multiple of step, got low 1, high 10, step 4"),
        (1, 2, 5, "a multiple of step"),
        (0.5, 2, 1, "low: expected a whole number, got 0.5"),
        (NAN, 2, 1, "low: expected a whole number, got nan"),
        (1, INF, 1, "high: expected a whole number >= 1, got inf"),
        (True, 2, 1, "low: expected a whole number, got True"),
        ("1", 2, 1, "low: expected a whole number, got '1'"),
        (None, 2, 1, "low: expected a whole number, got None"),
        (1, 2**53 + 1, 1, "whole numbers up to 9007199254740992, got 9007199254740993"),
        (-(2**60), 5, 1, "whole numbers up to 9007199254740992, got -1152921504606846976"),
        (1, HUGE, 1, "whole numbers up to 9007199254740992, got about 10\\^400"),
        pytest.param(
            10**5000,
            1,
            1,
            "high: expected a whole number >= about 10.5000, got 1",
            id="low 10^5000",
        ),
        pytest.param(
            0,
            0,
            10**5000,
            "whole numbers up to 9007199254740992, got about 10.5000",
            id="step 10^5000",
        ),
    ],
)
def test_whole_numbers_need_ordered_bounds_a_step_that_divides_and_exact_floats(
    low, high, step, message
):
    with pytest.raises(bg.InvalidProblemError, match=f"issue 'x'.*{message}"):
        bg.Issue.integer("x", low, high, step)


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        (1, 1, "low < high"),
        (2, 1, "low < high"),
        (-1e308, 1e308, "low < high"),
        (NAN, 1, "low: expected a finite number, got nan"),
        (0, NAN, "high: expected a finite number, got nan"),
        (-INF, 1, "low: expected a finite number, got -inf"),
        (0, HUGE, "high: expected a finite number, got about 10\\^400"),
        (False, 1, "low: expected a finite number, got False"),
        ("0", 1, "low: expected a finite number, got '0'"),
        (None, 1, "low: expected a finite number, got None"),
    ],
)
def test_real_numbers_need_finite_bounds_that_differ(low, high, message):
    with pytest.raises(bg.InvalidProblemError, match=f"issue 'x': {message}"):
        bg.Issue.continuous("x", low, high)


@pytest.mark.parametrize("index", [-1, 5, 99, HUGE])
def test_a_position_outside_an_issue_is_refused(index):
    with pytest.raises(
        InvalidArgumentError, match="issue 'days': index: expected a position from 0 to 4, got"
    ):
        days.value(index)
    with pytest.raises(InvalidArgumentError, match="issue 'gift': index"):
        gift.value(index)


def test_the_values_of_a_continuous_issue_have_no_positions():
    with pytest.raises(UnsupportedProblemError, match="issue 'rate': value"):
        rate.value(0)
    with pytest.raises(UnsupportedProblemError, match="issue 'rate': index"):
        rate.index(1.0)


@pytest.mark.parametrize(
    ("issue", "numeric"),
    [
        (days, True),
        (rate, True),
        (gift, False),
        (bg.Issue.choice("x", [1, 2.5]), True),
        (bg.Issue.choice("x", [1, "two"]), False),
        (bg.Issue.choice("x", [False, True]), False),
    ],
)
def test_an_issue_is_numeric_if_all_its_values_are_numbers(issue, numeric):
    assert issue.is_numeric is numeric


@pytest.mark.parametrize("issue", [days, gift, rate])
def test_an_issue_never_changes_and_survives_pickling(issue):
    before = hash(issue)
    if issue.is_finite:
        issue.index(issue.value(1))
    with pytest.raises(dataclasses.FrozenInstanceError):
        issue.name = "other"
    again = pickle.loads(pickle.dumps(issue))
    assert again == issue
    assert hash(again) == hash(issue) == before


@given(low=st.integers(-50, 50), steps=st.integers(0, 30), step=st.integers(1, 9))
def test_the_values_of_a_whole_number_can_be_listed(low, steps, step):
    issue = bg.Issue.integer("units", low, low + steps * step, step)
    assert list(issue.values) == [issue.value(k) for k in range(issue.size)]
    assert issue == dataclasses.replace(issue, unit=None)
    assert len(bg.Issue.integer("units", 0, 2**53).values) == 2**53 + 1


def test_a_real_number_has_no_values_to_list():
    assert bg.Issue.continuous("price", 0, 1).values == ()


def test_decimals_are_the_numbers_they_stand_for():
    price = bg.Issue.continuous("price", 0, 100)
    days = bg.Issue.integer("days", 0, 90, 30)
    kind = bg.Issue.choice("kind", [0.5, 1, "x"])
    assert price.normalize(Decimal("20.25")) == 20.25
    assert (days.normalize(Decimal("60")), type(days.normalize(Decimal("60.0")))) == (60, int)
    assert kind.normalize(Decimal("0.5")) == 0.5
    assert kind.normalize(Decimal("1.00")) == 1
    for wrong in ("NaN", "sNaN", "Infinity", "-1", "1e400", "101"):
        assert Decimal(wrong) not in price
        assert Decimal(wrong) not in days
    assert Decimal("45.5") not in days
