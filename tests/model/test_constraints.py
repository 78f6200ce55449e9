"""What constraints allow: one outcome and all outcomes are judged alike."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidProblemError, UnsupportedProblemError
from bargain.model import (
    AdditiveUtility,
    BargainingProblem,
    Budget,
    Forbidden,
    Implication,
    Issue,
    Mandatory,
    OutcomeSpace,
)
from bargain.model.rules import Rule, allowed_mask

SPACE = OutcomeSpace(
    [
        Issue.choice("payment", [30, 60, 90]),
        Issue.choice("warranty", ["none", "1y", "2y"]),
        Issue.integer("units", 0, 4),
    ]
)


def problem(*constraints, space=SPACE):
    worths = {"units": {1: 1.0}} if "units" in space.names else {}
    parties = {"a": AdditiveUtility(worths), "b": AdditiveUtility({})}
    return BargainingProblem(space, parties, constraints=constraints)


CASES = {
    Mandatory({"warranty": ["1y", "2y"], "units": {"at_least": 2}}): lambda o: (
        o["warranty"] != "none" and o["units"] >= 2
    ),
    Forbidden({"payment": 90, "warranty": "2y"}): lambda o: (
        not (o["payment"] == 90 and o["warranty"] == "2y")
    ),
    Forbidden({"units": {"at_least": 1, "at_most": 3}}): lambda o: not 1 <= o["units"] <= 3,
    Implication({"payment": [60, 90]}, {"warranty": "none", "units": {"at_most": 1}}): lambda o: (
        o["payment"] == 30 or (o["warranty"] == "none" and o["units"] <= 1)
    ),
    Budget({"payment": 1, "units": 30}, at_most=150, at_least=60): lambda o: (
        60 <= o["payment"] + 30 * o["units"] <= 150
    ),
}


@pytest.mark.parametrize("constraint", CASES, ids=str)
def test_an_outcome_is_judged_by_what_the_words_say(constraint):
    judged = problem(constraint)
    for row, outcome in enumerate(SPACE):
        wanted = CASES[constraint](outcome)
        assert (judged.broken_by(outcome) == ()) == wanted
        assert (row in judged.allowed_rows) == wanted


def test_broken_constraints_are_named():
    first, second = Mandatory({"units": 1}), Forbidden({"payment": 30})
    assert problem(first, second).broken_by([30, "none", 1]) == (second,)
    assert problem(first, second).broken_by([30, "none", 0]) == (first, second)
    assert problem().allowed_rows is None


conditions = st.fixed_dictionaries(
    {},
    optional={
        "payment": st.sampled_from([30, [30, 60], {"at_least": 45}, {"at_most": 60}]),
        "warranty": st.sampled_from(["none", ["1y", "2y"]]),
        "units": st.sampled_from([0, {"at_least": 2}, {"at_least": 1, "at_most": 3}, [0, 4]]),
    },
).filter(bool)
constraints = st.one_of(
    conditions.map(Mandatory),
    conditions.map(Forbidden),
    st.builds(Implication, conditions, conditions),
    st.builds(
        lambda a, b, limit: Budget({"payment": a, "units": b}, at_most=limit),
        st.sampled_from([-1.0, 0.1, 0.3]),
        st.sampled_from([-2.0, 0.2, 7.0]),
        st.sampled_from([0.0, 9.2, 27.4]),
    ),
)


@given(st.lists(constraints, min_size=1, max_size=3))
def test_rows_and_outcomes_agree(chosen):
    judged = problem(*chosen)
    allowed = allowed_mask(judged.rules, SPACE)
    assert allowed.tolist() == [judged.broken_by(outcome) == () for outcome in SPACE]
    np.testing.assert_array_equal(judged.allowed_rows, np.flatnonzero(allowed))


def test_rounding_does_not_break_a_budget():
    space = OutcomeSpace([Issue.choice("x", [0.1, 0.2]), Issue.choice("y", [0.2, 0.4])])
    budget = Budget({"x": 1, "y": 1}, at_most=0.3)
    assert 0.1 + 0.2 > 0.3
    assert problem(budget, space=space).allowed_rows.tolist() == [0]


def test_sums_of_whole_numbers_have_no_leeway():
    space = OutcomeSpace([Issue.integer("units", 0, 4), Issue.choice("price", [0, 5 * 10**9])])
    limit = 4 + 5 * 10**9 - 1
    judged = problem(Budget({"units": 1, "price": 1}, at_most=limit), space=space)
    assert judged.broken_by([4, 5 * 10**9])
    assert not judged.broken_by([3, 5 * 10**9])
    assert len(judged.allowed_rows) == len(space) - 1


def test_what_no_value_of_a_continuous_issue_meets_can_never_hold():
    space = OutcomeSpace([Issue.continuous("price", 80, 120)])
    impossible = problem(Mandatory({"price": {"at_least": 121}}), space=space)
    assert impossible.rules[0].clauses == ((),)
    edge = problem(Mandatory({"price": {"at_least": 120}}), space=space)
    assert edge.broken_by([120]) == ()
    everything = problem(Forbidden({"price": {"at_least": 80}}), space=space)
    # its lower end is the one price that is left
    assert [bool(everything.broken_by([price])) for price in (80, 80.5, 120)] == [False, True, True]


def test_a_constraint_is_called_by_its_name_and_still_says_what_it_is():
    named = Mandatory({"units": {"at_least": 1234567.5}}, name="volume")
    assert (str(named), named.words) == ("volume", "units is at least 1234567.5")
    assert str(Mandatory({"units": np.array(3)})) == "units is 3"


def test_a_problem_with_constraints_shows_how_many_and_pickles():
    judged = problem(Mandatory({"units": 1}), Forbidden({"payment": 30}))
    assert repr(judged).endswith("45 outcomes, 2 constraints)")
    again = pickle.loads(pickle.dumps(judged))
    assert again.constraints == judged.constraints
    assert again.allowed_rows.tolist() == judged.allowed_rows.tolist()


def test_what_is_to_be_avoided_leaves_its_ends():
    space = OutcomeSpace([Issue.continuous("price", 80, 120), Issue.choice("gift", ["no", "yes"])])
    dear = {"price": {"at_least": 95, "at_most": 100}}
    avoided, asked = problem(Forbidden(dear), space=space), problem(Mandatory(dear), space=space)
    for price, inside in ((94, False), (95, False), (97, True), (100, False), (101, False)):
        assert bool(avoided.broken_by([price, "no"])) == inside
    for price, held in ((94, False), (95, True), (97, True), (100, True), (101, False)):
        assert (asked.broken_by([price, "no"]) == ()) == held
    with pytest.raises(UnsupportedProblemError, match="finite outcome space"):
        _ = avoided.allowed_rows


def test_issues_with_one_value_and_very_many_issues():
    space = OutcomeSpace(
        [Issue.choice(f"only {i}", ["it"]) for i in range(70)]
        + [Issue.choice("a", [1, 2]), Issue.choice("b", [1, 2])]
    )
    rule = Rule.of(Forbidden({"only 0": "it", "a": 1}), space)
    assert allowed_mask([rule], space).tolist() == [False, False, True, True]
    impossible = Rule.of(Forbidden({"only 0": "it"}), space)
    assert not allowed_mask([impossible], space).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Mandatory({}), "mandatory: expected a mapping"),
        (lambda: Forbidden({"units": []}), "at least one value"),
        (lambda: Forbidden({"units": {"from": 1}}), "at_least, at_most or both"),
        (lambda: Forbidden({"units": {"at_least": float("nan")}}), "a finite number"),
        (lambda: Forbidden({"units": {"at_least": 2, "at_most": 1}}), "at_least up to at_most"),
        (lambda: Budget({}, at_most=1), "a mapping from issues to coefficients"),
        (lambda: Budget({"units": 1}), "at_most, at_least or both"),
        (lambda: Budget({"units": float("inf")}, at_most=1), "a finite number"),
        (lambda: Budget({"units": 1}, at_most=1, at_least=2), "at_least up to at_most"),
        (lambda: problem(Budget({"units": 1e308}, at_most=1)), "finite sums"),
        (lambda: problem(Mandatory({"colour": "red"})), "constraints.0..*one of payment"),
        (lambda: problem(Mandatory({"units": 9})), "a whole number from 0 to 4"),
        (lambda: problem(Mandatory({"warranty": {"at_least": 1}})), "numbers"),
        (lambda: problem(Budget({"warranty": 1}, at_most=1)), "numbers for a budget"),
        (lambda: problem("no"), "Mandatory, Forbidden, Implication or Budget"),
    ],
)
def test_what_is_wrong_is_named(make, message):
    with pytest.raises(InvalidProblemError, match=message):
        make()
