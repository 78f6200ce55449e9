"""The problem: who wants what, and what each has without an agreement."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidOutcomeError
from bargain.model.numbers import large_number
from bargain.model.problem import ENUMERATION_LIMIT
from tests import reference
from tests.model.strategies import any_spaces, finite_spaces, problems

price = bg.Issue.integer("price", 80, 120, step=10)
gift = bg.Issue.choice("gift", ["no", "yes"])
share = bg.Issue.continuous("share", 0, 1)
buyer = bg.AdditiveUtility({"price": bg.Linear(4, 0), "gift": {"yes": 1}})
seller = bg.AdditiveUtility({"price": bg.Linear(0, 4), "gift": {"no": 1}})
nothing = bg.AdditiveUtility({})


def sale(**options):
    return bg.BargainingProblem([price, gift], {"buyer": buyer, "seller": seller}, **options)


def digits(count, n_parties=2):
    """Return a problem with 10^count outcomes."""
    issues = [bg.Issue.integer(f"d{i}", 0, 9) for i in range(count)]
    return bg.BargainingProblem(issues, {f"p{j}": nothing for j in range(n_parties)})


@given(st.integers(2, 4).flatmap(lambda n: problems(n_parties=n)))
def test_each_row_of_utilities_is_the_utility_of_its_outcome_to_the_last_bit(problem):
    table = problem.utilities()
    assert table.shape == (len(problem.space), problem.n_parties)
    assert table.dtype == np.float64
    for row, outcome in enumerate(problem.space):
        assert problem.evaluate(outcome).tobytes() == table[row].tobytes()


@given(problems())
def test_utilities_are_those_added_up_outcome_by_outcome(problem):
    expected = [
        [reference.utility(profile.utility, problem.space, outcome) for profile in problem.profiles]
        for outcome in reference.outcomes(problem.space)
    ]
    assert problem.utilities() == pytest.approx(np.array(expected), rel=1e-9, abs=1e-6)


@given(problems(any_spaces()), st.integers(0, 99))
def test_outcomes_of_a_continuous_problem_are_worth_what_they_add_up_to(problem, seed):
    for outcome in problem.space.sample(3, seed=seed):
        expected = [
            reference.utility(profile.utility, problem.space, outcome)
            for profile in problem.profiles
        ]
        assert problem.evaluate(outcome) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(problems(), st.data())
def test_permuting_the_parties_permutes_the_utilities(problem, data):
    order = data.draw(st.permutations(range(problem.n_parties)))
    permuted = bg.BargainingProblem(problem.space, [problem.profiles[i] for i in order])
    assert permuted.utilities().tobytes() == problem.utilities()[:, order].tobytes()


def test_utilities_of_a_sale():
    assert sale().utilities().tolist() == [
        [4, 1], [5, 0], [3, 2], [4, 1], [2, 3], [3, 2], [1, 4], [2, 3], [0, 5], [1, 4],
    ]  # fmt: skip


def test_a_ceiling_of_minus_zero_leaves_row_and_outcome_the_same():
    flat = bg.AdditiveUtility({}, ceiling=-0.0)
    problem = bg.BargainingProblem([price], {"a": flat, "b": flat})
    assert problem.evaluate([80]).tobytes() == problem.utilities()[0].tobytes()


def test_an_outcome_outside_the_space_has_no_utility():
    with pytest.raises(InvalidOutcomeError, match=r"issue 'price': .* got 85"):
        sale().evaluate([85, "no"])


def test_one_outcome_and_equal_utilities_make_a_problem():
    only = bg.BargainingProblem([bg.Issue.choice("x", ["y"])], {"a": nothing, "b": nothing})
    assert only.utilities().tolist() == [[0, 0]]
    assert len(only.space) == 1


def test_arrays_of_a_problem_are_read_only_and_computed_once():
    problem = sale(disagreement_point=[1, 1], discount_factors=[0.9, 1])
    for array in (problem.utilities(), problem.disagreement_point, problem.discount_factors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    assert problem.utilities() is problem.utilities()
    assert problem.disagreement_point is problem.disagreement_point


def test_a_million_outcomes_of_six_issues_take_less_than_a_tenth_of_a_second():
    issues = [bg.Issue.choice(f"i{i}", [f"v{k}" for k in range(10)]) for i in range(6)]
    draws = np.random.default_rng(1)
    tables = [
        {
            issue.name: dict(zip(issue.values, draws.random(10).tolist(), strict=True))
            for issue in issues
        }
        for _ in range(2)
    ]

    def seconds():
        problem = bg.BargainingProblem(
            issues, {"a": bg.AdditiveUtility(tables[0]), "b": bg.AdditiveUtility(tables[1])}
        )
        start = time.perf_counter()
        assert problem.utilities().shape == (10**6, 2)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.1


@pytest.mark.parametrize(("count", "got"), [(20, "1" + "0" * 20), (5000, r"about 10\^5000")])
def test_a_problem_too_large_to_list_says_how_large_it_may_be(count, got):
    problem = digits(count)
    assert problem.evaluate([0] * count).tolist() == [0, 0]
    with pytest.raises(
        bg.TooLargeError, match=rf"utilities\(\): expected at most 10000000 outcomes, got {got}$"
    ):
        problem.utilities()


def test_the_limit_counts_utilities_so_more_parties_allow_fewer_outcomes():
    assert ENUMERATION_LIMIT == 20_000_000
    with pytest.raises(bg.TooLargeError, match=r"at most 5000000 outcomes, got 10000000$"):
        digits(7, n_parties=4).utilities()


def test_a_continuous_problem_has_no_list_of_utilities():
    problem = bg.BargainingProblem([price, share], {"a": nothing, "b": nothing})
    with pytest.raises(bg.UnsupportedProblemError, match=r"utilities\(\): .*discretized\(\)"):
        problem.utilities()


def test_without_a_word_each_party_has_0_without_an_agreement():
    assert sale().disagreement_point.tolist() == [0, 0]


@pytest.mark.parametrize("point", [[1, 2], (1, 2), np.array([1, 2]), iter([1, 2])])
def test_a_disagreement_point_gives_each_party_its_reservation_value(point):
    problem = sale(disagreement_point=point)
    assert problem.disagreement_point.tolist() == [1, 2]
    assert [profile.reservation_value for profile in problem.profiles] == [1, 2]


def test_a_status_quo_outcome_is_worth_what_each_party_makes_of_it():
    problem = sale(disagreement={"gift": "no", "price": 100.0})
    assert problem.disagreement_point.tolist() == [2, 3]
    assert all(
        profile.disagreement == bg.Outcome({"price": 100, "gift": "no"})
        for profile in problem.profiles
    )
    assert [type(p.disagreement) for p in problem.profiles] == [bg.Outcome] * 2
    assert sale(disagreement=[100, "no"]).disagreement_point.tolist() == [2, 3]


def test_each_party_may_have_a_fallback_of_its_own():
    problem = bg.BargainingProblem(
        [price, gift],
        [
            bg.Party("buyer", buyer, reservation_value=1.5),
            bg.Party("seller", seller, disagreement={"price": 90, "gift": "no"}),
            bg.Party("broker", nothing),
        ],
    )
    assert problem.disagreement_point.tolist() == [1.5, 2, 0]
    assert problem.parties == ("buyer", "seller", "broker")


@given(problems(any_spaces()), st.integers(0, 99))
def test_a_status_quo_outcome_gives_the_same_point_as_its_utilities(problem, seed):
    (outcome,) = problem.space.sample(1, seed=seed)
    parties = dict(zip(problem.parties, (p.utility for p in problem.profiles), strict=True))
    status_quo = bg.BargainingProblem(problem.space, parties, disagreement=outcome)
    assert status_quo.disagreement_point.tolist() == problem.evaluate(outcome).tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"disagreement_point": [0, 0], "disagreement": [80, "no"]},
            "disagreement: expected a disagreement point or a disagreement outcome, got 'both'",
        ),
        ({"disagreement_point": [1]}, "disagreement_point: expected 2 numbers, one per party"),
        ({"disagreement_point": [1, 2, 3]}, "disagreement_point: expected 2 numbers"),
        ({"disagreement_point": 1}, "disagreement_point: expected 2 numbers"),
        ({"disagreement_point": np.array(1.0)}, "disagreement_point: expected 2 numbers"),
        ({"disagreement_point": "12"}, "disagreement_point: expected 2 numbers"),
        ({"disagreement_point": {"buyer": 1, "nobody": 2}}, "disagreement_point: expected one for"),
        ({"disagreement_point": np.zeros((2, 2))}, r"disagreement_point\[0\]: expected a finite"),
        ({"disagreement_point": [0, math.nan]}, r"disagreement_point\[1\]: expected a finite"),
        ({"disagreement_point": [math.inf, 0]}, r"disagreement_point\[0\]: expected a finite"),
        ({"disagreement_point": [0, 10**400]}, r"disagreement_point\[1\]: expected a finite"),
        ({"disagreement_point": [True, 0]}, r"disagreement_point\[0\]: expected a finite"),
        ({"disagreement_point": ["1", 0]}, r"disagreement_point\[0\]: expected a finite"),
        (
            {"disagreement": [85, "no"]},
            r"parties\[0\] \(buyer\)\.disagreement: issue 'price': .* got 85",
        ),
        ({"disagreement": {}}, r"parties\[0\] \(buyer\)\.disagreement: outcome: expected a value"),
        ({"disagreement": 5}, r"parties\[0\] \(buyer\)\.disagreement: outcome: expected a mapping"),
        ({"discount_factors": [0.9]}, "discount_factors: expected 2 numbers, one per party"),
        ({"discount_factors": 0.9}, "discount_factors: expected 2 numbers, one per party"),
        ({"discount_factors": [0.9, 0]}, r"discount_factors\[1\]: .* in \(0, 1\], got 0"),
        ({"discount_factors": [1.1, 1]}, r"discount_factors\[0\]: .* in \(0, 1\], got 1.1"),
        ({"discount_factors": [-0.5, 1]}, r"discount_factors\[0\]: .* in \(0, 1\], got -0.5"),
        ({"discount_factors": [1, math.nan]}, r"discount_factors\[1\]: expected a finite number"),
        ({"discount_factors": [1, True]}, r"discount_factors\[1\]: expected a finite number"),
        ({"costs": [0.1]}, "costs: expected 2 numbers, one per party"),
        ({"costs": {"buyer": 1}}, "costs: expected one for each of buyer, seller"),
        ({"costs": [0.1, -0.1]}, r"costs\[1\]: expected a finite number >= 0, got -0.1"),
        ({"costs": [math.nan, 0]}, r"costs\[0\]: expected a finite number >= 0, got nan"),
        ({"costs": [math.inf, 0]}, r"costs\[0\]: expected a finite number >= 0, got inf"),
        ({"costs": [2e300, 0]}, r"costs\[0\]: expected a cost up to 1e\+300"),
        (
            {"costs": [0.1, 0.1], "discount_factors": [1, 0.9]},
            "party 'seller': expected a discount factor or a cost of waiting, got 'both'",
        ),
    ],
)
def test_a_fallback_or_discount_that_makes_no_sense_is_refused(options, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        sale(**options)


@pytest.mark.parametrize(
    "own", [{"reservation_value": 1}, {"disagreement": bg.Outcome({"price": 80, "gift": "no"})}]
)
@pytest.mark.parametrize("common", [{"disagreement_point": [0, 0]}, {"disagreement": [80, "no"]}])
def test_a_party_cannot_have_a_fallback_beside_the_problems(own, common):
    parties = [bg.Party("buyer", buyer), bg.Party("seller", seller, **own)]
    with pytest.raises(
        bg.InvalidProblemError, match=r"parties\[1\]: expected no disagreement of its own .*seller"
    ):
        bg.BargainingProblem([price, gift], parties, **common)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", buyer), "party name: expected a non-empty string"),
        ((" ", buyer), "party name: expected a non-empty string"),
        ((None, buyer), "party name: expected a non-empty string"),
        (("a", {"price": {}}), "party 'a': utility: expected a utility function"),
        (("a", buyer, 1.0, {"price": 80}), "a reservation value or a disagreement outcome"),
        (("a", buyer, math.nan), "party 'a': reservation_value: expected a finite number, got nan"),
        (("a", buyer, "1"), "party 'a': reservation_value: expected a finite number, got '1'"),
        (("a", buyer, None, None, 0), r"party 'a': discount_factor: .* in \(0, 1\], got 0"),
        (("a", buyer, None, None, math.inf), "party 'a': discount_factor: expected a finite"),
        (("a", buyer, None, None, 1, "day"), "party 'a': discount_per: expected 'round' or"),
        (("a", buyer, None, None, 1, "round", -1), "party 'a': cost: expected a finite number >= "),
        (("a", buyer, None, None, 1, "round", 1, "day"), "party 'a': cost_per: expected 'round'"),
        (("a", buyer, None, None, 0.9, "round", 1), "a discount factor or a cost of waiting"),
    ],
)
def test_what_is_not_a_party_is_refused(arguments, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        bg.Party(*arguments)


@pytest.mark.parametrize(
    ("space", "parties", "message"),
    [
        ([], {"a": nothing, "b": nothing}, "issues: expected at least one issue"),
        (5, {"a": nothing, "b": nothing}, "issues: expected a sequence of issues"),
        ([price], {}, "parties: expected at least two parties, got 0"),
        ([price], {"a": nothing}, "parties: expected at least two parties, got 1"),
        ([price], None, "parties: expected a mapping or a sequence of parties, got None"),
        ([price], 2, "parties: expected a mapping or a sequence of parties, got 2"),
        ([price], "ab", r"parties\[0\]: expected a Party, got 'a'"),
        ([price], {"a": nothing, "": nothing}, "party name: expected a non-empty string"),
        ([price], {"a": nothing, "b": None}, "party 'b': utility: expected a utility function"),
        (
            [price],
            [bg.Party("a", nothing), bg.Party("a", nothing)],
            r"parties\[1\]\.name: expected a new name, got 'a'",
        ),
        (
            [price],
            {"a": nothing, "b": buyer},
            r"parties\[1\] \(b\)\.utility: values: expected only the issues price, got 'gift'",
        ),
    ],
)
def test_a_problem_needs_issues_and_two_parties_with_names_of_their_own(space, parties, message):
    with pytest.raises(bg.InvalidProblemError, match=message):
        bg.BargainingProblem(space, parties)


def test_waiting_costs_once_a_round_or_once_over_the_session():
    problem = bg.BargainingProblem(
        [price],
        [
            bg.Party("a", nothing, discount_factor=0.5, discount_per="round"),
            bg.Party("b", nothing, discount_factor=0.25, discount_per="session"),
            bg.Party("c", nothing),
        ],
    )
    assert problem.discount_factors.tolist() == [0.5, 0.25, 1]
    assert problem.discounts(round=0, time=0).tolist() == [1, 1, 1]
    assert problem.discounts(round=3, time=0.5).tolist() == [0.125, 0.5, 1]
    assert problem.discounts(round=np.int64(1), time=1).tolist() == [0.5, 0.25, 1]


def test_discount_factors_of_a_problem_are_per_round():
    problem = sale(discount_factors=[0.5, 1])
    assert problem.discounts(round=2, time=1).tolist() == [0.25, 1]


def test_a_fixed_cost_is_paid_once_a_round_or_in_proportion_to_the_session():
    problem = bg.BargainingProblem(
        [price],
        [
            bg.Party("a", nothing, cost=0.5, cost_per="round"),
            bg.Party("b", nothing, cost=2, cost_per="session"),
            bg.Party("c", nothing, discount_factor=0.5),
            bg.Party("d", nothing),
        ],
    )
    assert problem.costs.tolist() == [0.5, 2, 0, 0]
    assert not problem.is_patient
    assert problem.costs_paid(round=0, time=0).tolist() == [0, 0, 0, 0]
    assert problem.costs_paid(round=3, time=0.25).tolist() == [1.5, 0.5, 0, 0]
    worth = [1.0, 1.0, 1.0, 1.0]
    assert problem.delayed(worth, round=0, time=0).tolist() == worth
    assert problem.delayed(worth, round=3, time=0.25).tolist() == [-0.5, 0.5, 0.125, 1]
    several = problem.delayed(np.ones((5, 2, 4)), round=3, time=0.25)
    assert several.shape == (5, 2, 4)
    assert (several == [-0.5, 0.5, 0.125, 1]).all()


def test_costs_of_a_problem_are_per_round_and_one_party_may_discount_while_another_pays():
    problem = sale(costs=[0, 3], discount_factors=[0.5, 1])
    assert problem.delayed([8, 8], round=2, time=1).tolist() == [2, 2]
    named = sale(costs={"seller": 3, "buyer": 0})
    assert named.costs.tolist() == [0, 3]
    assert sale().is_patient


def test_the_longest_session_at_the_largest_cost_ends_at_a_finite_utility():
    problem = sale(costs=[1e300, 1e300])
    assert np.isfinite(problem.delayed([-1e307, 1e307], round=10**6, time=1)).all()


@given(
    st.floats(0.01, 1),
    st.floats(0, 1e6),
    st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from(["round", "session"]),
)
def test_gains_never_grow_while_the_parties_wait(factor, cost, one, other, per):
    problem = bg.BargainingProblem(
        [price],
        [
            bg.Party("a", nothing, None, None, factor, per),
            bg.Party("b", nothing, cost=cost, cost_per=per),
        ],
    )
    early, late = sorted([one, other])
    before = problem.delayed([3.0, 3.0], round=early, time=early / 100)
    after = problem.delayed([3.0, 3.0], round=late, time=late / 100)
    assert (after <= before).all()
    assert (before <= 3).all()


@given(
    st.floats(0.01, 1),
    st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from(["round", "session"]),
)
def test_utility_never_grows_while_the_parties_wait(factor, one, other, per):
    problem = bg.BargainingProblem(
        [price], [bg.Party("a", nothing, None, None, factor, per), bg.Party("b", nothing)]
    )
    early, late = sorted([one, other])
    before = problem.discounts(round=early, time=early / 100)
    after = problem.discounts(round=late, time=late / 100)
    assert (after <= before).all()
    assert (before <= 1).all()


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        ({"round": -1, "time": 0}, "round: expected a whole number >= 0, got -1"),
        ({"round": 0.5, "time": 0}, "round: expected a whole number >= 0, got 0.5"),
        ({"round": math.nan, "time": 0}, "round: expected a whole number >= 0, got nan"),
        ({"round": 0, "time": -0.1}, "time: expected a finite number >= 0, got -0.1"),
        ({"round": 0, "time": 1.1}, "time: expected a number from 0 to 1, got 1.1"),
        ({"round": 0, "time": math.nan}, "time: expected a finite number >= 0, got nan"),
    ],
)
def test_there_is_no_moment_before_the_first_round_or_after_the_end(moment, message):
    for after_waiting in (sale().discounts, sale().costs_paid):
        with pytest.raises(InvalidArgumentError, match=message):
            after_waiting(**moment)
    with pytest.raises(InvalidArgumentError, match=message):
        sale().delayed([1, 1], **moment)


@pytest.mark.parametrize(
    ("party", "index"), [("buyer", 0), ("seller", 1), (0, 0), (1, 1), (np.int64(1), 1)]
)
def test_a_party_goes_by_its_name_or_position(party, index):
    found = sale().party_index(party)
    assert found == index
    assert type(found) is int


@pytest.mark.parametrize(
    "party",
    ["broker", "", "0", -1, 2, 0.5, 1.0, True, math.nan, math.inf, 10**400, None, [0], ("a",)],
)
def test_a_party_that_is_not_at_the_table_is_refused(party):
    with pytest.raises(InvalidArgumentError, match=r"^party: expected one of buyer, seller, got"):
        sale().party_index(party)


@pytest.mark.parametrize("field", ["space", "profiles", "name", "parties", "disagreement_point"])
def test_a_problem_never_changes(field):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(sale(), field, 3)


def test_a_party_never_changes():
    with pytest.raises(dataclasses.FrozenInstanceError):
        sale().profiles[0].reservation_value = 3


@given(finite_spaces().flatmap(lambda space: problems(st.just(space))))
def test_a_problem_survives_pickling_with_the_same_utilities(problem):
    again = pickle.loads(pickle.dumps(problem))
    assert again.space == problem.space
    assert again.profiles == problem.profiles
    assert again.utilities().tobytes() == problem.utilities().tobytes()


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_a_copy_of_a_used_problem_is_as_read_only_as_the_original(clone):
    problem = sale(
        disagreement=[100, "no"], discount_factors=[0.9, 1], name="sale", source="invented"
    )
    problem.utilities(), problem.disagreement_point, problem.discount_factors, problem.terms
    again = clone(problem)
    assert (again.name, again.source) == ("sale", "invented")
    assert again.disagreement_point.tolist() == [2, 3]
    for array in (again.utilities(), again.disagreement_point, again.discount_factors):
        assert not array.flags.writeable


def test_a_pickled_problem_does_not_carry_its_utilities():
    problem = digits(5)
    assert problem.utilities().nbytes == 16 * 10**5
    assert len(pickle.dumps(problem)) < 5_000


def test_building_a_problem_leaves_the_arguments_as_they_were():
    point, factors, status_quo = [1, 2], [0.5, 1], {"gift": "no", "price": 100}
    parties = [bg.Party("a", buyer), bg.Party("b", seller)]
    bg.BargainingProblem([price, gift], parties, disagreement_point=point, discount_factors=factors)
    bg.BargainingProblem([price, gift], parties, disagreement=status_quo)
    assert (point, factors) == ([1, 2], [0.5, 1])
    assert list(status_quo.items()) == [("gift", "no"), ("price", 100)]
    assert parties == [bg.Party("a", buyer), bg.Party("b", seller)]


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (sale(), "BargainingProblem(buyer | seller, 2 issues, 10 outcomes)"),
        (sale(name="sale"), "BargainingProblem('sale', buyer | seller, 2 issues, 10 outcomes)"),
        (digits(5000), "BargainingProblem(p0 | p1, 5000 issues, 10^5000 outcomes)"),
        (digits(40), "BargainingProblem(p0 | p1, 40 issues, 10^40 outcomes)"),
        (digits(3, 40), "BargainingProblem(40 parties, 3 issues, 1000 outcomes)"),
        (
            bg.BargainingProblem([share], {"a": nothing, "b": nothing}),
            "BargainingProblem(a | b, 1 issue, continuous)",
        ),
    ],
)
def test_a_problem_shows_its_parties_and_size(problem, shown):
    assert repr(problem) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (625, "625"),
        (10**12, "1000000000000"),
        (3 * 10**15, "3 * 10^15"),
        (9_960 * 10**12, "10^16"),
        (10**5000, "10^5000"),
    ],
    ids=["few", "a million million", "3e15", "rounded up", "more digits than Python writes"],
)
def test_large_numbers_are_shown_by_their_power_of_ten(count, shown):
    assert large_number(count) == shown


def test_a_long_name_does_not_make_a_problem_long():
    assert len(repr(sale(name="sale " * 100))) < 120
    assert "1 constraint)" in repr(sale(constraints=[bg.Mandatory({"gift": "no"})]))


def test_what_is_said_per_party_may_be_said_by_name():
    dollar = bg.Issue.continuous("share", 0, 1)
    parties = {
        "first": bg.AdditiveUtility({"share": bg.Linear(0, 1)}),
        "second": bg.AdditiveUtility({"share": bg.Linear(1, 0)}),
    }
    problem = bg.BargainingProblem(
        [dollar],
        parties,
        disagreement_point={"second": 0.2, "first": 0.1},
        discount_factors={"second": 0.8, "first": 0.9},
    )
    assert problem.disagreement_point.tolist() == [0.1, 0.2]
    assert problem.discount_factors.tolist() == [0.9, 0.8]
    by_name = bg.rubinstein_solution(problem, {"second": 0.8, "first": 0.9})
    assert by_name.utilities.tolist() == bg.rubinstein_solution(problem).utilities.tolist()
    with pytest.raises(bg.InvalidProblemError, match="one for each of first, second"):
        bg.BargainingProblem([dollar], parties, disagreement_point={"first": 0.1})
