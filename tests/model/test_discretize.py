"""A finite problem in place of a continuous one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from tests.model.strategies import any_spaces, problems

share = bg.Issue.continuous("share", 0, 1, unit="pie")
gift = bg.Issue.choice("gift", ["no", "yes"])
first = bg.AdditiveUtility({"share": bg.Linear(0, 1), "gift": {"yes": 0.5}}, {"share": 4})
second = bg.AdditiveUtility({"share": bg.Linear(1, 0)}, ceiling=0.75)


def pie(**options):
    return bg.BargainingProblem([share, gift], {"a": first, "b": second}, **options)


def test_a_pie_is_cut_into_even_slices_ends_included():
    slices = bg.discretized(pie(), points=5).space.issues[0]
    assert slices.values == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert (slices.name, slices.unit) == ("share", "pie")
    assert len(bg.discretized(pie()).space) == 11 * 2


def test_a_finite_problem_stays_as_it_is():
    problem = bg.BargainingProblem(
        [gift], {"a": bg.AdditiveUtility({}), "b": bg.AdditiveUtility({})}
    )
    assert bg.discretized(problem) is problem


@given(problems(any_spaces()), st.integers(2, 5))
def test_every_outcome_of_the_finite_problem_is_worth_the_same_in_the_original(problem, points):
    finite = bg.discretized(problem, points=points)
    assert finite.space.is_finite
    assert finite.space.names == problem.space.names
    for row, outcome in enumerate(finite.space):
        assert outcome in problem.space
        expected = problem.evaluate(outcome)
        assert finite.utilities()[row] == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(problems(any_spaces()), st.integers(2, 9))
def test_the_bounds_of_each_issue_stay(problem, points):
    finite = bg.discretized(problem, points=points)
    for issue, original in zip(finite.space.issues, problem.space.issues, strict=True):
        if original.is_finite:
            assert issue == original
        else:
            assert issue.size == points
            assert issue.bounds == original.bounds


def test_what_a_status_quo_off_the_grid_is_worth_stays():
    finite = bg.discretized(pie(disagreement=[0.3, "yes"]), points=3)
    assert finite.disagreement_point.tolist() == pytest.approx([1.7, 0.7])
    assert all(profile.disagreement is None for profile in finite.profiles)


CONDITIONS = {
    "share": st.sampled_from(
        [{"at_least": 0.3}, {"at_most": 0.7}, {"at_least": 0.31, "at_most": 0.5}, {"at_least": 0.5}]
    ),
    "gift": st.sampled_from(["no", "yes", ["no", "yes"]]),
}
avoided = st.fixed_dictionaries({}, optional=CONDITIONS).filter(bool)
asked = st.fixed_dictionaries(
    {}, optional={**CONDITIONS, "share": CONDITIONS["share"] | st.sampled_from([0.1, 0.5, 1])}
).filter(bool)


@given(
    st.lists(
        asked.map(bg.Mandatory)
        | avoided.map(bg.Forbidden)
        | st.builds(bg.Implication, avoided, asked)
        | st.sampled_from([0.25, 0.6]).map(lambda limit: bg.Budget({"share": 1}, at_most=limit)),
        min_size=1,
        max_size=3,
    ),
    st.integers(2, 9),
)
def test_the_grid_allows_exactly_what_the_original_allows(constraints, points):
    problem = pie(constraints=constraints)
    finite = bg.discretized(problem, points=points)
    for outcome in finite.space:
        assert (finite.broken_by(outcome) == ()) == (problem.broken_by(outcome) == ())
    even = {k / (points - 1) for k in range(points)}
    assert all(any(abs(v - e) < 1e-9 for v in finite.space.issues[0].values) for e in even)
    words = {str(constraint) for constraint in constraints}
    assert {str(constraint) for constraint in finite.constraints} <= words


def test_what_constraints_name_joins_the_grid_and_takes_the_place_of_what_is_next_to_it():
    third = 0.3 + 1e-12
    problem = pie(
        constraints=[
            bg.Mandatory({"share": {"at_least": third, "at_most": 7}}),
            bg.Implication({"gift": "yes"}, {"share": 0.55}),
        ]
    )
    finite = bg.discretized(problem, points=11)
    values = finite.space.issues[0].values
    assert values == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 1])
    assert third in values
    assert finite.broken_by([0.55, "yes"]) == finite.broken_by([third, "no"]) == ()


def test_the_ends_of_what_is_to_be_avoided_stay_allowed_on_the_grid():
    problem = pie(constraints=[bg.Forbidden({"share": {"at_least": 0.3}, "gift": "yes"})])
    finite = bg.discretized(problem, points=3)
    allowed = [o["share"] for o in finite.space if o["gift"] == "yes" and not finite.broken_by(o)]
    assert allowed == [0.0, 0.3]
    assert str(finite.constraints[0]) == str(problem.constraints[0])


def test_a_constraint_that_nothing_on_the_grid_breaks_is_left_out():
    narrow = bg.Forbidden({"share": {"at_least": 0.3, "at_most": 0.301}})
    assert bg.discretized(pie(constraints=[narrow]), points=3).constraints == ()


def test_names_and_what_waiting_costs_stay():
    problem = bg.BargainingProblem(
        [share, gift],
        [
            bg.Party("a", first, 0.5, discount_factor=0.5, discount_per="session"),
            bg.Party("b", second, cost=0.125, cost_per="session"),
        ],
        name="pie",
        source="invented",
    )
    finite = bg.discretized(problem)
    assert (finite.name, finite.source, finite.parties) == ("pie", "invented", ("a", "b"))
    assert [p.discount_per for p in finite.profiles] == ["session", "round"]
    assert finite.discount_factors.tolist() == [0.5, 1]
    assert (finite.costs.tolist(), finite.profiles[1].cost_per) == ([0, 0.125], "session")
    assert finite.disagreement_point.tolist() == [0.5, 0]
    assert (
        finite.delayed([3, 3], round=2, time=0.5).tolist()
        == problem.delayed([3, 3], round=2, time=0.5).tolist()
    )


@pytest.mark.parametrize("points", [1, 0, -3, 2.5, math.nan, math.inf, True, "11", None])
def test_a_grid_has_at_least_two_points(points):
    with pytest.raises(bg.InvalidArgumentError, match="points: expected a whole number >= 2, got"):
        bg.discretized(pie(), points=points)


@pytest.mark.parametrize(
    ("points", "said"),
    [(10**7 + 1, "10000001"), (10**13, "1.*0"), (10**400, r"about 10\^400")],
    ids=["one too many", "10^13", "10^400"],
)
def test_a_grid_that_does_not_fit_in_memory_is_refused(points, said):
    expected = f"points: expected at most 10000000 values, got {said}"
    with pytest.raises(bg.TooLargeError, match=expected):
        bg.discretized(pie(), points=points)


def test_a_grid_finer_than_floats_is_refused():
    narrow = bg.Issue.continuous("x", 1, 1 + 2**-51)
    problem = bg.BargainingProblem(
        [narrow], {"a": bg.AdditiveUtility({}), "b": bg.AdditiveUtility({})}
    )
    assert bg.discretized(problem, points=3).space.size == 3
    with pytest.raises(bg.InvalidProblemError, match="issue 'x': values: expected distinct values"):
        bg.discretized(problem)


@pytest.mark.parametrize("bound", [{"at_least": 0.33, "at_most": 0.36}, 0.4])
def test_regions_between_the_even_values_can_still_be_agreed(bound):
    issues = [bg.Issue.continuous("price", 0, 1), bg.Issue.integer("lots", 0, 3)]
    regions = bg.HyperRectangleUtility([bg.HyperRectangle(3, {"price": bound, "lots": 2})])
    other = bg.AdditiveUtility({"price": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(issues, {"a": bg.CARA(regions, 0.1), "b": other})
    grid = bg.discretized(problem, points=5)
    assert grid.utilities()[:, 0].max() == problem.profiles[0].utility.evaluate(
        problem.space, {"price": 0.4 if bound == 0.4 else 0.35, "lots": 2}
    )
    for row, outcome in enumerate(grid.space):
        np.testing.assert_array_equal(grid.utilities()[row], problem.evaluate(outcome))
