"""Outcomes and their rows, in spaces too small and too large to list."""

from __future__ import annotations

import dataclasses
import math
import pickle
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidOutcomeError
from tests import reference
from tests.model.strategies import any_spaces, finite_spaces, huge_spaces

price = bg.Issue.integer("price", 80, 120, step=5, unit="EUR")
gift = bg.Issue.choice("gift", ["no", "yes"])
share = bg.Issue.continuous("share", 0, 1)
deal = bg.OutcomeSpace([price, gift])
mixed = bg.OutcomeSpace([price, gift, share])


def digits(count):
    """Return a space of 10^count outcomes."""
    return bg.OutcomeSpace([bg.Issue.integer(f"d{i}", 0, 9) for i in range(count)])


@given(finite_spaces())
def test_row_i_is_outcome_i_and_the_last_issue_varies_fastest(space):
    listed = reference.outcomes(space)
    assert len(space) == space.size == len(listed)
    assert list(space) == listed
    assert [space.outcome(row) for row in range(len(space))] == listed
    assert [space.row(outcome) for outcome in listed] == list(range(len(space)))
    assert all(outcome in space for outcome in listed)


@given(huge_spaces(), st.data())
def test_rows_and_outcomes_of_a_space_of_10_to_the_40_correspond_one_to_one(space, data):
    assert isinstance(space.size, int)
    assert space.size >= 10**40
    row = data.draw(st.integers(0, space.size - 1))
    outcome = space.outcome(row)
    assert outcome in space
    assert space.row(outcome) == row
    sampled = space.sample(1, seed=row)[0]
    assert space.outcome(space.row(sampled)) == sampled


@given(huge_spaces(), st.data())
def test_rows_of_a_huge_space_are_ordered_by_the_first_issue_then_the_next(space, data):
    rows = st.integers(0, space.size - 1)
    first, second = sorted([data.draw(rows), data.draw(rows)])

    def positions(row):
        return [issue.index(space.outcome(row)[issue.name]) for issue in space.issues]

    assert positions(first) <= positions(second)


def test_a_space_of_10_to_the_40_reads_its_digits():
    space = digits(40)
    assert space.size == 10**40
    row = 1234567890123456789012345678901234567890
    assert "".join(map(str, space.outcome(row).values())) == str(row)
    assert list(space.outcome(space.size - 1).values()) == [9] * 40


def test_iterating_over_a_huge_space_starts_at_once():
    outcomes = iter(digits(40))
    assert [next(outcomes) for _ in range(3)] == [digits(40).outcome(row) for row in range(3)]


def test_a_space_lists_its_issues_in_the_order_given():
    assert mixed.names == ("price", "gift", "share")
    assert mixed.sizes == (9, 2, math.inf)
    assert tuple(deal.outcome(3)) == ("price", "gift")


def test_len_works_up_to_the_largest_python_can_return():
    assert 2**63 - 1 == sys.maxsize == 7**2 * 73 * 127 * 337 * 92737 * 649657
    issues = [bg.Issue.integer(f"f{f}", 1, f) for f in (49, 73, 127, 337, 92737, 649657)]
    space = bg.OutcomeSpace(issues)
    assert len(space) == space.size == sys.maxsize


@pytest.mark.parametrize("count", [19, 40, 5000])
def test_beyond_that_len_points_to_size(count):
    space = digits(count)
    assert space.size == 10**count
    assert space
    with pytest.raises(
        bg.TooLargeError, match=r"len\(\): expected at most \d+ outcomes \(use \.size\), got "
    ):
        len(space)


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("len", len),
        ("iteration", lambda space: next(iter(space))),
        ("row", lambda space: space.row([80, "no", 0.5])),
        ("outcome", lambda space: space.outcome(0)),
    ],
)
def test_a_continuous_space_has_no_rows(name, use):
    assert mixed.size == math.inf
    assert not mixed.is_finite
    assert mixed
    with pytest.raises(bg.UnsupportedProblemError, match=rf"{name}.*continuous issue 'share'"):
        use(mixed)


def test_size_is_infinite_also_beside_more_outcomes_than_a_float_counts():
    space = bg.OutcomeSpace([*digits(400).issues, share])
    assert space.size == math.inf


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (18, "row: expected a row below 18, got 18"),
        (10**400, "row: expected a row below 18, got about 10\\^400"),
        (-1, "row: expected a whole number >= 0, got -1"),
        (0.5, "row: expected a whole number >= 0, got 0.5"),
        (math.nan, "row: expected a whole number >= 0, got nan"),
        (math.inf, "row: expected a whole number >= 0, got inf"),
        (True, "row: expected a whole number >= 0, got True"),
        ("1", "row: expected a whole number >= 0, got '1'"),
        (None, "row: expected a whole number >= 0, got None"),
    ],
)
def test_a_row_outside_the_space_is_refused(row, message):
    with pytest.raises(InvalidArgumentError, match=f"^{message}"):
        deal.outcome(row)


@pytest.mark.parametrize("row", [np.int64(7), np.uint8(7), 7.0])
def test_a_row_may_come_from_numpy(row):
    assert deal.outcome(row) == {"price": 95, "gift": "yes"}


def test_a_row_one_past_a_huge_space_is_refused():
    space = digits(5000)
    with pytest.raises(InvalidArgumentError, match=r"row: expected a row below about 10\^5000"):
        space.outcome(space.size)


@pytest.mark.parametrize(
    "outcome",
    [
        {"price": 95, "gift": "yes"},
        {"gift": "yes", "price": 95},
        [95, "yes"],
        (95.0, "yes"),
        np.array([95, "yes"], dtype=object),
        {"price": np.int64(95), "gift": np.str_("yes")},
        bg.Outcome({"gift": "yes", "price": 95}),
    ],
)
def test_an_outcome_may_be_a_mapping_or_the_values_in_order(outcome):
    valid = deal.validate(outcome)
    assert valid == {"price": 95, "gift": "yes"}
    assert tuple(valid) == deal.names
    assert [type(value) for value in valid.values()] == [int, str]
    assert outcome in deal
    assert deal.row(outcome) == 7


NOT_OUTCOMES = [
    ({"price": 95}, "outcome: expected a value for issue 'gift', got {'price': 95}"),
    ({}, "outcome: expected a value for issue 'price'"),
    (
        {"price": 95, "gift": "yes", "color": "red"},
        "outcome: expected only the issues price, gift, got 'color'",
    ),
    ({"Price": 95, "gift": "yes"}, "only the issues price, gift, got 'Price'"),
    ({1: 95, "gift": "yes"}, "only the issues price, gift, got 1"),
    ({"price": 96, "gift": "yes"}, "issue 'price': expected a whole number .* got 96"),
    ({"price": 125, "gift": "yes"}, "issue 'price': .* from 80 to 120 in steps of 5 EUR, got 125"),
    ({"price": math.nan, "gift": "yes"}, "issue 'price': .* got nan"),
    ({"price": math.inf, "gift": "yes"}, "issue 'price': .* got inf"),
    ({"price": 10**400, "gift": "yes"}, "issue 'price': .* got about 10\\^400"),
    ({"price": "95", "gift": "yes"}, "issue 'price': .* got '95'"),
    ({"price": None, "gift": "yes"}, "issue 'price': .* got None"),
    ({"price": 95, "gift": True}, "issue 'gift': expected one of 'no', 'yes', got True"),
    ([95], "outcome: expected 2 values, got"),
    ([95, "yes", 1], "outcome: expected 2 values, got"),
    ([], "outcome: expected 2 values, got"),
    (["yes", 95], "issue 'price': .* got 'yes'"),
    ("ab", "outcome: expected a mapping or a sequence of values, got 'ab'"),
    (b"ab", "outcome: expected a mapping or a sequence of values"),
    (3, "outcome: expected a mapping or a sequence of values, got 3"),
    (None, "outcome: expected a mapping or a sequence of values, got None"),
    ({95, "yes"}, "outcome: expected a mapping or a sequence of values"),
    (np.array(3), "outcome: expected a mapping or a sequence of values"),
    (np.zeros((2, 2)), "issue 'price'"),
    ([[95], "yes"], "issue 'price': .* got .95."),
]


@pytest.mark.parametrize(("outcome", "message"), NOT_OUTCOMES)
def test_what_is_not_an_outcome_is_refused_by_naming_the_issue(outcome, message):
    assert outcome not in deal
    with pytest.raises(InvalidOutcomeError, match=message):
        deal.validate(outcome)
    with pytest.raises(InvalidOutcomeError, match=message):
        deal.row(outcome)


def test_checking_an_outcome_leaves_it_as_it_was():
    outcome = {"gift": "yes", "price": 95.0}
    deal.validate(outcome)
    assert list(outcome.items()) == [("gift", "yes"), ("price", 95.0)]


@given(any_spaces(), st.integers(0, 20), st.integers(0, 2**32))
def test_the_same_seed_draws_the_same_outcomes_and_all_are_in_the_space(space, count, seed):
    drawn = space.sample(count, seed=seed)
    assert len(drawn) == count
    assert drawn == space.sample(count, seed=seed)
    assert all(space.validate(outcome) == outcome for outcome in drawn)
    plain = {int, float, str, bool}
    assert all(type(value) in plain for outcome in drawn for value in outcome.values())


def test_a_generator_draws_on_and_a_seed_sequence_starts_over():
    generator, sequence = np.random.default_rng(3), np.random.SeedSequence(3)
    first, second = (mixed.sample(5, seed=generator) for _ in range(2))
    assert first != second
    assert first == mixed.sample(5, seed=sequence) == mixed.sample(5, seed=sequence)


def test_different_seeds_draw_different_outcomes():
    assert digits(40).sample(3, seed=1) != digits(40).sample(3, seed=2)
    assert digits(40).sample(3) != digits(40).sample(3)


def test_sampling_is_uniform_over_outcomes():
    # chi squared with 17 degrees of freedom exceeds 40.8 once in 1,000
    rows = [deal.row(outcome) for outcome in deal.sample(18_000, seed=1)]
    counts = np.bincount(rows, minlength=18)
    assert ((counts - 1000) ** 2 / 1000).sum() < 40.8


def test_sampling_is_uniform_over_a_continuous_issue():
    drawn = np.sort([outcome["share"] for outcome in mixed.sample(10_000, seed=1)])
    # Kolmogorov: the largest distance exceeds 1.95 / sqrt(n) once in 1,000
    assert np.abs(drawn - np.linspace(0, 1, 10_000)).max() < 0.0195


def test_issues_are_sampled_independently():
    drawn = mixed.sample(10_000, seed=1)
    columns = [[o["price"] for o in drawn], [o["gift"] == "yes" for o in drawn]]
    assert abs(np.corrcoef(columns)[0, 1]) < 0.035


@pytest.mark.parametrize("count", [-1, 0.5, math.nan, True, "3", None])
def test_only_a_whole_number_of_outcomes_can_be_sampled(count):
    with pytest.raises(InvalidArgumentError, match="count: expected a whole number >= 0, got"):
        deal.sample(count, seed=1)


@pytest.mark.parametrize("seed", [-1, 0.5, "three", object()])
def test_what_is_not_a_seed_is_refused(seed):
    with pytest.raises(InvalidArgumentError, match="seed: expected a whole number >= 0"):
        deal.sample(1, seed=seed)


@pytest.mark.parametrize(
    ("issues", "message"),
    [
        ([], r"issues: expected at least one issue, got \(\)"),
        ([price, "gift"], r"issues\[1\]: expected an Issue, got 'gift'"),
        ("ab", r"issues\[0\]: expected an Issue, got 'a'"),
        ([price, gift, price], r"issues\[2\]\.name: expected a new name, got 'price'"),
        (price, "issues: expected a sequence of issues, got Issue"),
        (None, "issues: expected a sequence of issues, got None"),
        (5, "issues: expected a sequence of issues, got 5"),
    ],
)
def test_a_space_needs_issues_with_names_of_their_own(issues, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        bg.OutcomeSpace(issues)


def test_a_space_never_changes_and_survives_pickling():
    with pytest.raises(dataclasses.FrozenInstanceError):
        deal.issues = ()
    again = pickle.loads(pickle.dumps(deal))
    assert again == deal == bg.OutcomeSpace(iter([price, gift]))
    assert hash(again) == hash(deal)
    assert again.names == deal.names
    assert deal != bg.OutcomeSpace([gift, price])


def test_an_outcome_never_changes_and_survives_pickling():
    outcome = deal.outcome(3)
    for change in (
        lambda: setattr(outcome, "price", 1),
        lambda: setattr(outcome, "_items", {}),
    ):
        with pytest.raises(AttributeError, match="Outcome cannot be changed"):
            change()
    with pytest.raises(TypeError):
        outcome["price"] = 1
    again = pickle.loads(pickle.dumps(outcome))
    assert type(again) is bg.Outcome
    assert again == outcome == dict(outcome)
    assert list(again) == list(outcome)


def test_outcomes_with_the_same_values_are_the_same_outcome_in_any_order():
    first = bg.Outcome({"price": 95, "gift": "no"})
    second = bg.Outcome({"gift": "no", "price": 95})
    assert first == second
    assert len({first, second}) == 1
    assert repr(first) == "Outcome({'price': 95, 'gift': 'no'})"


def test_an_outcome_does_not_follow_the_dict_it_was_made_from():
    given = {"price": 95}
    outcome = bg.Outcome(given)
    given["price"] = 100
    assert outcome["price"] == 95
