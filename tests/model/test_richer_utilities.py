"""Utilities beyond sums of issues: regions, pairs of issues, attitudes to risk, functions."""

from __future__ import annotations

import gc
import math
import pickle
import weakref
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidProblemError, TooLargeError, UnsupportedProblemError
from bargain.model.risk import Isoelastic, Saturating
from tests.forms import FormUtility

DAYS = bg.Issue.integer("days", 0, 4)
GIFT = bg.Issue.choice("gift", ["none", "pen", "book"])
LOTS = bg.Issue.integer("lots", 0, 6, step=2)
SPACE = bg.OutcomeSpace([DAYS, GIFT, LOTS])
worths = st.floats(-9, 9).map(lambda number: round(number, 3))


@st.composite
def bounds(draw):
    """Draw bounds on some of the issues, and the same as plain functions of a value."""
    given, met = {}, {}
    for issue in SPACE.issues:
        if not draw(st.booleans()):
            continue
        if issue.is_numeric and draw(st.booleans()):
            low, high = sorted(draw(st.tuples(st.integers(-1, 7), st.integers(-1, 7))))
            given[issue.name] = {"at_least": low, "at_most": high}
            met[issue.name] = lambda value, low=low, high=high: low <= value <= high
        else:
            listed = [issue.value(i) for i in range(issue.size) if draw(st.booleans())]
            if listed:
                given[issue.name] = listed
                met[issue.name] = lambda value, listed=listed: value in listed
    return given, met


@st.composite
def hyper_rectangles(draw):
    """Draw a utility of regions, and what it makes of an outcome, said the slow way."""
    regions, paid = [], []
    for _ in range(draw(st.integers(1, 4))):
        given, met = draw(bounds())
        worth, weight = draw(worths), draw(st.sampled_from([1, 0, 2.5]))
        outside = draw(st.booleans())
        regions.append(bg.HyperRectangle(worth, given, weight=weight, outside=outside))
        paid.append((worth * weight, met, outside))
    scale, ceiling = draw(st.sampled_from([1, 7.3])), draw(st.sampled_from([None, 0.4]))

    def slow(outcome):
        total = 0.0
        for worth, met, outside in paid:
            violated = [name for name, holds in met.items() if not holds(outcome[name])]
            if bool(violated) == outside:
                total += worth
        return total / scale if ceiling is None else min(total / scale, ceiling)

    return bg.HyperRectangleUtility(regions, scale=scale, ceiling=ceiling), slow


@st.composite
def interactions(draw):
    """Draw an additive utility with interactions, and what it makes of an outcome."""
    alone = {
        issue.name: {issue.value(i): draw(worths) for i in range(issue.size)}
        for issue in SPACE.issues
    }
    pairs = []
    for _ in range(draw(st.integers(0, 3))):
        first, second = draw(st.permutations(SPACE.issues))[:2]
        every = product(*[[issue.value(i) for i in range(issue.size)] for issue in (first, second)])
        table = {pair: draw(worths) for pair in every if draw(st.booleans())}
        pairs.append(bg.Interaction(first.name, second.name, table))
    ceiling = draw(st.sampled_from([None, 3.0]))

    def slow(outcome):
        total = 0.0
        for name, table in alone.items():
            total += table[outcome[name]]
        for pair in pairs:
            total += pair.worths.get((outcome[pair.first], outcome[pair.second]), 0.0)
        return total if ceiling is None else min(total, ceiling)

    return bg.InteractionUtility(bg.AdditiveUtility(alone), pairs, ceiling=ceiling), slow


def assert_all_ways_agree(utility, expected):
    """Say that rows, single outcomes and the form agree with what is expected."""
    utility.check(SPACE)
    rows = utility.utilities(SPACE)
    singles = [utility.evaluate(SPACE, outcome) for outcome in SPACE]
    np.testing.assert_array_equal(rows, singles)
    np.testing.assert_array_equal(rows, expected)
    shown = FormUtility(utility.form(SPACE)).utilities(SPACE)
    np.testing.assert_allclose(rows, shown, rtol=0, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.one_of(hyper_rectangles(), interactions()))
def test_rows_single_outcomes_and_forms_are_what_the_definition_says(drawn):
    utility, slow = drawn
    assert_all_ways_agree(utility, [slow(outcome) for outcome in SPACE])


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(hyper_rectangles(), interactions()),
    st.sampled_from([-0.5, 0, 0.3, 0.5, 1, 2, 3.7]),
    st.booleans(),
)
def test_an_attitude_to_risk_bends_any_utility_in_rows_outcomes_and_forms_alike(
    drawn, aversion, relative
):
    inner, slow = drawn
    if relative:
        utility = bg.CRRA(inner, aversion, wealth=200.0)
    else:
        utility = bg.CARA(inner, aversion)
    utility.check(SPACE)
    rows = utility.utilities(SPACE)
    np.testing.assert_array_equal(rows, [utility.evaluate(SPACE, o) for o in SPACE])

    def bent(u):
        if not relative:
            return u if aversion == 0 else (1 - math.exp(-aversion * u)) / aversion
        x = 200.0 + u
        return math.log(x) if aversion == 1 else x ** (1 - aversion) / (1 - aversion)

    expected = [bent(slow(outcome)) for outcome in SPACE]
    np.testing.assert_allclose(rows, expected, rtol=1e-12, atol=1e-12)
    shown = FormUtility(utility.form(SPACE)).utilities(SPACE)
    np.testing.assert_allclose(rows, shown, rtol=1e-9, atol=1e-12)
    assert utility.form(SPACE).shapes[-1].is_concave == (aversion >= 0)


@pytest.mark.parametrize(
    "curve",
    [*(Isoelastic(a, 1.5) for a in (-0.5, 0, 0.5, 1, 3)), *map(Saturating, (-2, 0, 0.5, 3))],
    ids=str,
)
def test_aversion_is_constant_as_arrow_and_pratt_define_it(curve):
    at, step = np.linspace(0.1, 3, 20), 1e-5
    slope = curve.slope(at)
    np.testing.assert_allclose(slope, (curve(at + step) - curve(at - step)) / (2 * step), rtol=1e-6)
    bend = (curve.slope(at + step) - curve.slope(at - step)) / (2 * step)
    measured = -bend / slope
    if isinstance(curve, Isoelastic):
        measured = measured * (at + curve.wealth)
    np.testing.assert_allclose(measured, curve.aversion, atol=1e-6)
    np.testing.assert_allclose(curve.least(curve(at)), at, rtol=1e-9)


def test_what_no_sum_can_become_takes_an_infinite_one():
    assert Isoelastic(2.0).least(np.array([0.5]))[0] == np.inf
    assert Isoelastic(0.5, 3.0).least(np.array([-1.0]))[0] == -3.0
    assert Saturating(2.0).least(np.array([0.75]))[0] == np.inf
    assert Saturating(-2.0).least(np.array([-0.75]))[0] == -np.inf


def line(low, high):
    return bg.AdditiveUtility({"days": bg.Linear(low, high)})


@pytest.mark.parametrize(
    ("aversion", "low", "wealth", "defined"),
    [
        (0.5, 0, 0, True),
        (0.5, -1, 0, False),
        (0.5, -1, 1, True),
        (1, 0, 0, False),
        (1, 0, 0.1, True),
        (2, 0, 0, False),
        (2, -1, 1, False),
    ],
)
def test_constant_relative_aversion_needs_something_to_be_relative_to(
    aversion, low, wealth, defined
):
    utility = bg.CRRA(line(low, 5), aversion, wealth)
    if defined:
        utility.check(SPACE)
        assert np.isfinite(utility.utilities(SPACE)).all()
    else:
        with pytest.raises(InvalidProblemError, match="CRRA: expected utilities"):
            utility.check(SPACE)


def test_attitudes_that_leave_the_numbers_are_refused():
    with pytest.raises(InvalidProblemError, match=r"CARA: expected utilities up to 1e\+307"):
        bg.CARA(line(-1000, 0), 1).check(SPACE)
    with pytest.raises(InvalidProblemError, match="CRRA: expected utilities up to"):
        bg.CRRA(line(0, 1e300), -1).check(SPACE)


def test_attitudes_can_be_nested_and_ask_a_function_for_its_outcomes():
    seen = bg.CallableUtility(lambda days, gift, lots: days - 1.0)
    assert bg.CRRA(seen, 0.5, 1.0).form(SPACE) is None
    bg.CRRA(seen, 0.5, 1.0).check(SPACE)
    with pytest.raises(InvalidProblemError, match=r"CRRA: expected utilities of at least -0\.5"):
        bg.CRRA(seen, 0.5, 0.5).check(SPACE)
    twice = bg.CARA(bg.CRRA(line(0, 4), 0.5), 1)
    assert len(twice.form(SPACE).shapes) == 2
    assert twice.evaluate(SPACE, SPACE.validate([4, "none", 0])) == pytest.approx(1 - math.exp(-4))


def test_a_function_is_called_once_with_an_array_an_issue_and_its_rows_are_the_outcomes():
    calls = []

    def value(days, gift, lots):
        calls.append((days, gift, lots))
        return np.where(gift == "book", days * 10, -lots)

    utility = bg.CallableUtility(value)
    expected = [o["days"] * 10 if o["gift"] == "book" else -o["lots"] for o in SPACE]
    utility.check(SPACE)
    assert utility.utilities(SPACE).tolist() == expected
    assert [utility.evaluate(SPACE, outcome) for outcome in SPACE] == expected
    assert utility.form(SPACE) is None
    ((days, gift, lots),) = calls
    assert [days.dtype.kind, gift.dtype.kind, lots.dtype.kind] == ["i", "U", "i"]
    assert days.shape == gift.shape == lots.shape == (len(SPACE),)


def test_mixed_values_reach_a_function_as_they_are():
    space = bg.OutcomeSpace([bg.Issue.choice("x", ["none", 2, True]), bg.Issue.choice("y", [0.5])])
    got = []
    bg.CallableUtility(lambda x, y: got.extend([x, y]) or np.zeros(3)).check(space)
    assert [type(value) for value in got[0]] == [str, int, bool]
    assert got[1].tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.zeros(3), r"an array of shape \(60,\), one number an outcome, got \(3,\)"),
        (1.0, r"an array of shape \(60,\), one number an outcome, got \(\)"),
        (np.zeros((60, 1)), r"got \(60, 1\)"),
        (np.full(60, "a"), "an array of numbers"),
        (np.full(60, True), "an array of numbers"),
        (np.full(60, 1j), "an array of numbers"),
        (np.where(np.arange(60) == 7, np.nan, 0), r"'days': 0.*expected a finite number.*got nan"),
        (np.full(60, np.inf), "got inf"),
        (np.full(60, 1e308), "got 1e\\+308"),
    ],
)
def test_what_a_function_returns_is_checked(answer, message):
    with pytest.raises(InvalidProblemError, match=message):
        bg.BargainingProblem(SPACE, {"a": bg.CallableUtility(lambda *_: answer), "b": line(0, 1)})


def looks_up(lots, price):
    return {1: 0.0}[int(lots[-1])] + price


def asks_for_truth(lots, price):
    return 1.0 if lots > price else 0.0


@pytest.mark.parametrize(
    ("function", "raised", "said"),
    [
        (looks_up, KeyError, "KeyError: 2"),
        (asks_for_truth, ValueError, "ValueError: The truth value of an array"),
        (lambda lots: lots, TypeError, "TypeError: "),
        (lambda lots, price: [[0], [0, 1]], ValueError, "ValueError: "),
        (lambda lots, price: bg.load("no such"), bg.FileFormatError, "FileFormatError: "),
    ],
    ids=["KeyError", "truth of an array", "arguments", "ragged", "our own"],
)
def test_what_a_function_raises_names_the_party_and_what_was_expected(function, raised, said):
    space = bg.OutcomeSpace([bg.Issue.integer("lots", 0, 2), bg.Issue.integer("price", 1, 2)])
    parties = {"a": bg.AdditiveUtility({}), "b": bg.CallableUtility(function)}
    with pytest.raises(InvalidProblemError) as refused:
        bg.BargainingProblem(space, parties)
    message = str(refused.value)
    assert message.startswith(f"parties[1] (b).utility: function {function.__name__}: expected an ")
    assert f"array of shape (6,), one number an outcome, got {said}" in message
    assert message.endswith("(it is called once, with an array of values an issue: lots, price)")
    cause = refused.value.__cause__
    while isinstance(cause, InvalidProblemError):
        cause = cause.__cause__
    assert isinstance(cause, raised)


def test_a_function_that_gives_no_number_names_party_and_outcome():
    space = bg.OutcomeSpace([bg.Issue.integer("lots", 0, 2)])
    parties = {"a": bg.AdditiveUtility({}), "b": bg.CallableUtility(lambda lots: 1.0 / lots)}
    with np.errstate(divide="ignore"), pytest.raises(InvalidProblemError) as refused:
        bg.BargainingProblem(space, parties)
    assert str(refused.value).startswith("parties[1] (b).utility: function <lambda> at {'lots': 0}")


def test_a_space_that_a_function_cannot_be_asked_about_names_the_party():
    parties = {"a": bg.AdditiveUtility({}), "b": bg.CallableUtility(lambda x: x)}
    with pytest.raises(UnsupportedProblemError, match=r"^parties\[1\] \(b\)\.utility: function"):
        bg.BargainingProblem([bg.Issue.continuous("x", 0, 1)], parties)


def test_what_a_function_says_of_one_space_is_never_taken_for_another():
    """1 and True are equal, and so are spaces of them; a function can tell them apart."""
    kinds = bg.CallableUtility(lambda x: [float(isinstance(value, bool)) for value in x.tolist()])
    numbers = bg.OutcomeSpace([bg.Issue.choice("x", [1, 0])])
    truths = bg.OutcomeSpace([bg.Issue.choice("x", [True, False])])
    assert numbers == truths
    assert kinds.utilities(numbers).tolist() == [0.0, 0.0]
    assert kinds.utilities(truths).tolist() == [1.0, 1.0]
    assert kinds.evaluate(numbers, numbers.validate([1])) == 0.0


def test_what_a_function_says_is_kept_for_few_spaces_and_no_longer_than_the_function():
    calls = []
    utility = bg.CallableUtility(lambda x: calls.append(len(x)) or x)
    spaces = [bg.OutcomeSpace([bg.Issue.integer("x", 0, high)]) for high in range(40)]
    said = [weakref.ref(utility.utilities(space)) for space in spaces]
    for space in spaces[-2:]:
        utility.utilities(space)
    assert calls == list(range(1, 41))
    gc.collect()
    assert sum(worths() is not None for worths in said) <= 4
    del utility
    gc.collect()
    assert all(worths() is None for worths in said)


def test_a_function_that_was_pickled_still_gives_arrays_that_nobody_can_change():
    utility = bg.CallableUtility(np.sqrt)
    space = bg.OutcomeSpace([bg.Issue.integer("x", 0, 4)])
    utility.utilities(space)
    back = pickle.loads(pickle.dumps(utility))
    assert back.utilities(space).tolist() == utility.utilities(space).tolist()
    assert not back.utilities(space).flags.writeable


def test_a_function_needs_a_space_that_can_be_enumerated():
    utility = bg.CallableUtility(lambda *values: values[0])
    with pytest.raises(UnsupportedProblemError, match="a finite space"):
        utility.check(bg.OutcomeSpace([bg.Issue.continuous("x", 0, 1)]))
    with pytest.raises(TooLargeError, match="at most 10000000 outcomes"):
        utility.check(bg.OutcomeSpace([bg.Issue.integer(f"i{k}", 0, 9) for k in range(8)]))
    alone = bg.OutcomeSpace([bg.Issue.choice("x", [3])])
    assert utility.utilities(alone).tolist() == [3.0]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: bg.HyperRectangle(math.nan), "worth: expected a finite number, got nan"),
        (lambda: bg.HyperRectangle(1, weight=-1), "weight: expected a finite number >= 0"),
        (lambda: bg.HyperRectangle(1, [3]), "bounds: expected a mapping"),
        (
            lambda: bg.HyperRectangle(1, {"days": {"min": 3}}),
            r"bounds\['days'\]: expected at_least",
        ),
        (
            lambda: bg.HyperRectangle(1, {"days": {"at_least": math.inf}}),
            "at_least: expected a fin",
        ),
        (lambda: bg.HyperRectangle(1, {"days": {"at_least": 3, "at_most": 2}}), "up to at_most"),
        (lambda: bg.HyperRectangle(1, outside=1), "outside: expected true or false"),
        (lambda: bg.HyperRectangleUtility([]), "at least one HyperRectangle"),
        (lambda: bg.HyperRectangleUtility(3), "some HyperRectangle"),
        (lambda: bg.HyperRectangleUtility([3]), r"rectangles\[0\]: expected a HyperRectangle"),
        (lambda: region(scale=0), "scale: expected a number > 0"),
        (lambda: region(scale=math.nan), "scale: expected a finite number"),
        (lambda: region(ceiling=math.inf), "ceiling: expected a finite number"),
        (lambda: bg.Interaction("a", "a", {}), "second: expected another issue"),
        (lambda: bg.Interaction("a", 3, {}), "second: expected the name of an issue"),
        (lambda: bg.Interaction("a", "b", [1]), "worths: expected a mapping"),
        (lambda: bg.Interaction("a", "b", {"xy": 1}), "expected pairs of values, got 'xy'"),
        (lambda: bg.Interaction("a", "b", {(1, 2): math.nan}), "finite number, got nan"),
        (lambda: bg.InteractionUtility({}, []), "additive: expected an AdditiveUtility"),
        (lambda: bg.InteractionUtility(line(0, 1), 3), "some Interaction"),
        (lambda: bg.InteractionUtility(line(0, 1), [3]), r"interactions\[0\]"),
        (
            lambda: bg.InteractionUtility(bg.AdditiveUtility({}, ceiling=1), []),
            "additive: expected no ceiling below the interactions, got 1.0",
        ),
        (lambda: bg.CRRA(3, 1), "inner: expected a utility function"),
        (lambda: bg.CRRA(line(0, 1), math.nan), "aversion: expected a finite number"),
        (lambda: bg.CRRA(line(0, 1), 1, math.inf), "wealth: expected a finite number"),
        (lambda: bg.CARA(line(0, 1), "2"), "aversion: expected a finite number"),
        (lambda: bg.CARA(bg.AdditiveUtility, 2), "inner: expected a utility function"),
        (lambda: bg.CallableUtility(3), "function: expected something to call"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_the_field(build, message):
    with pytest.raises(InvalidProblemError, match=message):
        build()


def region(worth=1, bounds=None, **fields):
    return bg.HyperRectangleUtility([bg.HyperRectangle(worth, bounds)], **fields)


@pytest.mark.parametrize(
    ("utility", "message"),
    [
        (region(bounds={"dais": 3}), r"rectangles\[0\].bounds: expected only the issues days"),
        (region(bounds={"gift": {"at_least": 3}}), "issue 'gift': expected numbers"),
        (region(bounds={"gift": "car"}), "issue 'gift'"),
        (region(1e300, scale=1e-10), "utilities up to"),
        (
            bg.InteractionUtility(line(0, 1), [bg.Interaction("days", "x", {})]),
            "interaction: expected only the issues",
        ),
        (
            bg.InteractionUtility(line(0, 1), [bg.Interaction("days", "gift", {(9, "pen"): 1})]),
            "issue 'days'",
        ),
        (
            bg.InteractionUtility(line(0, 1), [bg.Interaction("days", "lots", {(1, 2): 1e308})]),
            "utilities up to",
        ),
    ],
)
def test_what_does_not_fit_the_space_is_refused(utility, message):
    with pytest.raises(InvalidProblemError, match=message):
        bg.BargainingProblem(SPACE, {"a": utility, "b": line(0, 1)})


def test_interactions_are_for_finite_issues():
    space = bg.OutcomeSpace([DAYS, bg.Issue.continuous("x", 0, 1)])
    utility = bg.InteractionUtility(line(0, 1), [bg.Interaction("days", "x", {})])
    with pytest.raises(InvalidProblemError, match="issue 'x': expected a finite issue"):
        utility.check(space)


def test_regions_of_continuous_issues_include_their_ends():
    space = bg.OutcomeSpace([bg.Issue.continuous("x", 0, 10)])
    inside = region(5, {"x": {"at_least": 2, "at_most": 4}})
    never = region(5, {"x": {"at_least": 12}})
    worth = [inside.evaluate(space, space.validate([x])) for x in (1.9, 2, 3, 4, 4.1)]
    assert worth == [0, 5, 5, 5, 0]
    assert never.evaluate(space, space.validate([10])) == 0
    shown = FormUtility(inside.form(space)), FormUtility(never.form(space))
    assert [each.evaluate(space, space.validate([4])) for each in shown] == [5, 0]


def test_a_region_outside_of_nothing_never_pays_and_one_without_bounds_always():
    always = bg.HyperRectangleUtility([bg.HyperRectangle(2)])
    never = bg.HyperRectangleUtility([bg.HyperRectangle(2, outside=True)])
    assert set(always.utilities(SPACE)) == {2.0}
    assert set(never.utilities(SPACE)) == {0.0}
