"""The walks over curved issues against a slow twin, the solvers and derived answers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.kernels import curved_stretches as stretches_of
from tests.curved import dollar, priced_gains, random_problem, seeds

SOLVERS = {
    "nash": bg.nash_solution,
    "kalai_smorodinsky": bg.kalai_smorodinsky_solution,
    "egalitarian": bg.egalitarian_solution,
    "utilitarian": bg.utilitarian_solution,
}


def points_of(problems):
    return np.array([problem.disagreement_point for problem in problems])


def swept(problems, concept="nash", **options):
    """Return what the compiled walk finds for problems."""
    return bg.solve_many(bg.CurvedIssues.of(problems), concept, **options)


def moved(problem, point):
    """Return a problem with another disagreement point."""
    utilities = {name: p.utility for name, p in zip(problem.parties, problem.profiles, strict=True)}
    return bg.BargainingProblem(problem.space, utilities, disagreement_point=point)


@pytest.mark.parametrize("concept", SOLVERS)
@settings(max_examples=6, deadline=None)
@given(seed=seeds, n_issues=st.integers(1, 3))
def test_a_walk_finds_what_its_slow_twin_finds(concept, seed, n_issues):
    problem = random_problem(seed, n_issues=n_issues)
    weights = np.random.default_rng(seed).uniform(0.2, 1, 2)
    options = {"weights": weights} if concept == "nash" else {}
    many = swept([problem], concept, **options)
    expected = priced_gains(concept, problem, weights)
    # by thirds a value is found to half the digits
    assert many.gains[0] == pytest.approx(expected, abs=2e-6)
    outcome = dict(zip(problem.space.names, many.values[0].tolist(), strict=True))
    assert problem.evaluate(outcome) == pytest.approx(many.utilities[0], rel=1e-12)


@pytest.mark.parametrize("concept", SOLVERS)
@settings(max_examples=25, deadline=None)
@given(seed=seeds, n_issues=st.integers(1, 6), near=st.booleans())
def test_a_walk_agrees_with_the_solver_of_one_problem(concept, seed, n_issues, near):
    problem = random_problem(seed, n_issues=n_issues)
    if near:
        reached = bg.egalitarian_solution(problem).utilities
        problem = moved(problem, reached - 1e-5)
    weights = np.random.default_rng(seed).uniform(0.2, 1, 2)
    options = {"weights": weights} if concept == "nash" else {}
    many = swept([problem], concept, **options)
    solution = SOLVERS[concept](problem, **options)
    size = np.abs(solution.utilities).max()
    assert many.utilities[0] == pytest.approx(solution.utilities, abs=1e-9 * size)
    assert 0.0 <= many.gaps[0] <= 1e-9 * size


def test_nash_divides_a_dollar_with_roots_by_their_exponents():
    # a log x^s + b log (1 - x)^t is largest at x = a s / (a s + b t)
    problems, expected = [], []
    cases = itertools.product((0.05, 0.3, 0.9, 1.0), (0.2, 0.5), ((1, 1), (3, 1)))
    powers = []
    for first, second, weights in cases:
        problems.append(dollar(bg.Power(0, 1, first), bg.Power(1, 0, second)))
        mine, yours = weights[0] * first, weights[1] * second
        expected.append(mine / (mine + yours))
        powers.append(weights)
    many = swept(problems, weights=powers)
    assert many.values[:, 0] == pytest.approx(expected, rel=1e-12)
    assert (many.gaps == 0).all()


def test_weight_on_one_party_gives_it_all_and_leaves_the_other_its_disagreement_utility():
    problem = dollar(bg.Power(0, 1, 0.5), bg.Logarithmic(1, 0, 9), (0.1, 0.25))
    many = swept([problem, problem], weights=[(1, 0), (0, 1)])
    # the first has sqrt(x) >= 0.1 from x = 0.01; the second log(1 + 9 (1 - x)) / log 10 >= 0.25
    till = 1 - (10**0.25 - 1) / 9
    assert many.values[:, 0] == pytest.approx([till, 0.01], rel=1e-9)
    assert not many.degenerate.any()


def test_a_disagreement_point_on_the_frontier_leaves_nothing_to_gain():
    problem = dollar(bg.Power(0, 1, 0.5), bg.Power(1, 0, 0.5), (0.6, 0.8))
    for concept in SOLVERS:
        many = swept([problem], concept)
        assert many.utilities[0] == pytest.approx([0.6, 0.8], abs=1e-12)
    assert swept([problem], "nash").degenerate[0]


def test_a_point_beyond_the_frontier_is_reported_and_raised():
    problems = [
        dollar(bg.Power(0, 1, 0.5), bg.Power(1, 0, 0.5), (0.2, 0.2)),
        dollar(bg.Power(0, 1, 0.5), bg.Power(1, 0, 0.5), (0.8, 0.8)),
    ]
    with pytest.raises(bg.NoAgreementZoneError, match=r"problems\[1\]: no agreement zone"):
        swept(problems)
    many = swept(problems, errors="report")
    assert many.solved.tolist() == [True, False]
    assert np.isnan(many.values[1]).all()
    assert np.isnan(many.gaps[1])


def test_tied_sums_go_as_near_to_equal_gains_as_they_allow():
    # one more euro for the one is one less for the other, beside a curve that settles itself
    issues = [bg.Issue.continuous("price", 0, 2), bg.Issue.continuous("days", 0, 1)]
    buyer = bg.AdditiveUtility({"price": bg.Linear(2, 0), "days": bg.Power(0, 1, 0.5)})
    seller = bg.AdditiveUtility({"price": bg.Linear(0, 2), "days": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(issues, {"buyer": buyer, "seller": seller})
    many = swept([problem], "utilitarian")
    # days: sqrt(x) + 1 - x is largest at 1/4, which is worth (1/2, 3/4)
    assert many.utilities[0] == pytest.approx([1.625, 1.625], abs=1e-12)
    assert many.values[0] == pytest.approx([0.875, 0.25], abs=1e-12)


def test_a_flat_top_shared_by_both_leaves_its_issue_alone():
    flat = bg.PiecewiseLinear([(0, 0), (4, 1), (7, 1), (10, 0)])
    issues = [bg.Issue.continuous("x", 0, 10), bg.Issue.continuous("y", 0, 1)]
    parties = {
        "first": bg.AdditiveUtility({"x": flat, "y": bg.Exponential(0, 1, 2)}),
        "second": bg.AdditiveUtility({"x": bg.Quadratic(0, 1, 0), "y": bg.Exponential(1, 0, 2)}),
    }
    problem = bg.BargainingProblem(issues, parties, disagreement_point=(0.5, 0.5))
    many = swept([problem])
    # both are best off with x = 5, and the rest is symmetric
    assert many.values[0] == pytest.approx([5, 0.5], abs=1e-9)


def test_the_nash_solution_at_a_corner_is_proven_by_the_prices_between_its_edges():
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.continuous("y", 0, 1)]
    first = bg.AdditiveUtility({"x": bg.Linear(0, 1), "y": bg.Exponential(0, 1, 0.1)})
    second = bg.AdditiveUtility({"x": bg.Linear(0.2, 0), "y": bg.Linear(3, 0)})
    parties = {"first": first, "second": second}
    problem = bg.BargainingProblem(issues, parties, disagreement_point=(-2, 0))
    many = swept([problem])
    # gains (3, 3) ask for equal prices; x trades at 1 to 0.2, y at 1 to 3 / 1.05 and worse
    assert many.values[0].tolist() == [1.0, 0.0]
    assert many.gaps[0] == 0.0


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9])
def test_next_to_the_frontier_gains_are_still_divided_evenly(distance):
    # on u + v^2 = 1 the slope at (0.75, 0.5) is -1, so it is Nash's for d = (0.75 - s, 0.5 - s)
    problem = dollar(bg.Linear(0, 1), bg.Power(1, 0, 0.5), (0.75 - distance, 0.5 - distance))
    many = swept([problem])
    assert many.gains[0] == pytest.approx([distance, distance], rel=1e-9, abs=2e-15)
    assert many.gaps[0] == 0.0


@given(exponents=st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)), data=st.data())
@settings(max_examples=50, deadline=None)
def test_a_stretch_comes_back_from_its_ends(exponents, data):
    issues = bg.CurvedIssues("power", [[(0, 1)]], [[(1, 0)]], bends=[[exponents]])
    stretches, ask = np.empty((3, stretches_of.COLUMNS)), np.zeros(7)
    assert stretches_of.ways(issues.functions[0], np.zeros(1), stretches, ask) == 1
    near_ends = st.one_of(st.floats(-10, 10), st.sampled_from([-699.0, 699.0, -300.0]))
    for rate in data.draw(st.lists(near_ends, min_size=1, max_size=5)):
        stretches_of.move_to(stretches, 0, rate, 0.0)
        x = stretches[0, stretches_of.VALUE]
        # log(t y^(t-1) / (s x^(s-1))) with y = 1 - x
        s, t = exponents
        low, high = 0.0, 1.0
        for _ in range(1100):
            middle = 0.5 * (low + high)
            if not low < middle < high:
                break
            below = np.log(t / s) + (t - 1) * np.log(1 - middle) - (s - 1) * np.log(middle) < rate
            low, high = (middle, high) if below else (low, middle)
        assert x == pytest.approx(low, rel=1e-9, abs=1e-14)


def test_nothing_to_divide_is_one_agreement():
    same = bg.Quadratic(0, 1, 0)
    many = swept([dollar(same, same, (0.5, 0.25))], "kalai_smorodinsky")
    assert many.gains[0] == pytest.approx([0.5, 0.75], abs=1e-15)


def test_problems_of_different_sizes_go_together():
    problems = [random_problem(seed, n_issues=n) for seed, n in ((1, 2), (2, 5), (3, 1))]
    many = swept(problems)
    assert np.isnan(many.values).sum(axis=1).tolist() == [3, 0, 4]
    for i, problem in enumerate(problems):
        assert many.gains[i] == pytest.approx(bg.nash_solution(problem).gains, abs=1e-9)


def test_units_of_utility_do_not_matter():
    for size in (1e-300, 1e300):
        low, high = [[(0.0, size)]], [[(size, 0.0)]]
        tiny = bg.CurvedIssues([[("power", "logarithmic")]], low, high, bends=[[(0.5, 9.0)]])
        plain = bg.CurvedIssues(tiny.kinds, [[(0, 1)]], [[(1, 0)]], bends=tiny.bends)
        for concept in SOLVERS:
            found, expected = bg.solve_many(tiny, concept), bg.solve_many(plain, concept)
            assert found.values == pytest.approx(expected.values, rel=1e-9)


CASES = {
    "kinds": ({"kinds": "cubic"}, r"kinds\[0, 0, 0\]: expected one of linear, .* got 'cubic'"),
    "shape": ({"at_low": [(0, 1)]}, "at_low: expected shape"),
    "kinds' shape": ({"kinds": ["linear"] * 3}, "kinds: expected something that broadcasts"),
    "no corners": ({"kinds": "piecewise_linear"}, "corners: expected points of piecewise"),
    "corners' shape": ({"corners": np.zeros((1, 1, 2, 2))}, r"corners: expected shape \(1, 1, 2"),
}


@pytest.mark.parametrize(("given", "message"), CASES.values(), ids=CASES)
def test_arrays_that_do_not_fit_are_refused(given, message):
    plain = {"kinds": "linear", "at_low": [[(0, 1)]], "at_high": [[(1, 0)]]}
    with pytest.raises(bg.InvalidArgumentError, match=message):
        bg.CurvedIssues(**{**plain, **given})


NUMBERS = {
    "convex power": ("power", 1.5, bg.NotConcaveError, r"bends\[0, 0, 0\]: expected an exponent"),
    "no exponent": ("power", np.nan, bg.NotConcaveError, r"bends\[0, 0, 0\]: .* got nan"),
    "convex logarithm": ("logarithmic", -0.5, bg.NotConcaveError, "expected a growth"),
    "infinite rate": ("exponential", np.inf, bg.NotConcaveError, "expected a rate"),
    "low middle": ("quadratic", 0.4, bg.NotConcaveError, "expected a middle"),
}


@pytest.mark.parametrize(("kind", "bend", "error", "message"), NUMBERS.values(), ids=NUMBERS)
def test_bends_that_are_not_concave_are_refused(kind, bend, error, message):
    with pytest.raises(error, match=message):
        bg.solve_many(bg.CurvedIssues(kind, [[(0, 1)]], [[(1, 0)]], bends=bend))


@pytest.mark.parametrize("wrong", [np.inf, 1e308, (np.nan, 1.0)])
def test_worths_out_of_range_are_reported_by_problem(wrong):
    low = np.array([[[0.0, 1.0]], [[0.0, 1.0]]])
    low[1, 0] = wrong
    issues = bg.CurvedIssues("exponential", low, 1 - np.nan_to_num(low, posinf=0), bends=2.0)
    many = bg.solve_many(issues, errors="report")
    assert many.solved.tolist() == [True, False]
    assert many.errors[1].startswith("at_low[1, 0]: expected numbers up to")


@pytest.mark.parametrize("ends", [(0, np.inf), (np.nan, 1), (2, 1)])
def test_ends_that_are_no_range_are_named(ends):
    issues = bg.CurvedIssues("power", [[(0, 1)]], [[(1, 0)]], 0.5, low=ends[0], high=ends[1])
    with pytest.raises(bg.InvalidProblemError, match=r"low\[0, 0\]: expected finite ends"):
        bg.solve_many(issues)


def test_an_issue_of_one_value_is_settled_there():
    many = bg.solve_many(bg.CurvedIssues("power", [[(1, 2)]], [[(1, 2)]], 0.5, low=7, high=7))
    assert many.values.tolist() == [[7.0]]
    assert many.utilities.tolist() == [[1.0, 2.0]]


def test_a_problem_without_issues_is_reported():
    nothing = bg.CurvedIssues("linear", [[(np.nan, np.nan)]], [[(np.nan, np.nan)]])
    assert bg.solve_many(nothing, errors="report").errors == (
        "at_low[0]: expected issues, got none",
    )
    none = bg.CurvedIssues("linear", np.empty((0, 3, 2)), np.empty((0, 3, 2)))
    assert len(bg.solve_many(none)) == 0


CORNERS = {
    "convex": ([(0, 0), (0.5, 0.2), (1, 1)], "slopes that never increase"),
    "backwards": ([(0, 0), (1, 1), (0.5, 1)], "increasing values"),
    "short": ([(0, 0), (0.5, 1), (np.nan, np.nan)], "increasing values"),
    "other ends": ([(0, 0), (0.5, 0.8), (1, 0.9)], "worths of at_low and at_high"),
    "one": ([(0, 0), (np.nan, np.nan), (np.nan, np.nan)], "at least two points"),
}


@pytest.mark.parametrize(("points", "message"), CORNERS.values(), ids=CORNERS)
def test_corners_must_be_a_concave_chain_over_the_issue(points, message):
    corners = np.array([[[points, [(0, 1), (0.5, 0.5), (1, 0)]]]], dtype=float)
    issues = bg.CurvedIssues("piecewise_linear", [[(0, 1)]], [[(1, 0)]], corners=corners)
    with pytest.raises(bg.BargainError, match=rf"corners\[0, 0, 0\]: expected .*{message}"):
        bg.solve_many(issues)


def test_problems_of_other_structures_are_named():
    x = bg.Issue.continuous("x", 0, 1)
    up, down = (
        bg.AdditiveUtility({"x": bg.Linear(0, 1)}),
        bg.AdditiveUtility({"x": bg.Linear(1, 0)}),
    )
    plain = dollar(bg.Linear(0, 1), bg.Linear(1, 0))
    budget = bg.Budget({"x": 1}, at_most=0.5)
    others = {
        "two parties": bg.BargainingProblem([x], {"a": up, "b": down, "c": up}),
        "no constraints": bg.BargainingProblem([x], {"a": up, "b": down}, constraints=[budget]),
        "continuous issues only": bg.load("rental"),
    }
    for words, other in others.items():
        with pytest.raises(bg.UnsupportedProblemError, match=rf"problems\[1\]: expected {words}"):
            bg.CurvedIssues.of([plain, other])
    with pytest.raises(bg.NotConcaveError, match=r"problems\[0\]: issue 'x'"):
        bg.CurvedIssues.of([dollar(bg.Power(0, 1, 2), bg.Linear(1, 0))])


@pytest.mark.parametrize("concept", SOLVERS)
def test_disagreement_points_come_along_with_the_problems(concept):
    plain = dollar(bg.Power(0, 1, 0.5), bg.Linear(1, 0))
    problems = [moved(plain, point) for point in ((0.0, 0.0), (0.5, 0.25), (0.3, 0.0))]
    issues = bg.CurvedIssues.of(problems)
    assert issues.disagreement_points.tolist() == points_of(problems).tolist()
    many = bg.solve_many(issues, concept)
    for i, problem in enumerate(problems):
        alone = SOLVERS[concept](problem)
        assert many.utilities[i] == pytest.approx(alone.utilities, abs=1e-9)
        assert many.gains[i] == pytest.approx(alone.gains, abs=1e-9)
    told = bg.solve_many(issues, concept, disagreement_points=(0.0, 0.0))
    assert told.utilities.tolist() == [many.utilities[0].tolist()] * 3
    assert len(bg.solve_many(bg.CurvedIssues.of([]))) == 0


@pytest.mark.parametrize("concept", SOLVERS)
def test_gains_at_the_frontier_fall_below_0_by_no_more_than_is_documented(concept):
    problems = []
    for seed in range(40):
        problem = random_problem(seed, n_issues=1 + seed % 4)
        points = bg.pareto_frontier(problem).utilities
        for below in (0.0, 1e-13, 1e-12, 1e-10):
            problems.append(moved(problem, points[seed % len(points)] - below))
    many = bg.solve_many(bg.CurvedIssues.of(problems), concept)
    sizes = np.abs(points_of(problems))
    assert (many.gains >= -1e-10 * sizes).all()
