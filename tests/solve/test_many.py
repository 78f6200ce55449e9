"""solve_many: what the ordinary functions say, problem by problem."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.problems import one_choice, whole_utilities

ORDINARY = {
    "nash": bg.nash_solution,
    "kalai_smorodinsky": bg.kalai_smorodinsky_solution,
    "egalitarian": bg.egalitarian_solution,
    "utilitarian": bg.utilitarian_solution,
}
concepts = pytest.mark.parametrize("concept", ORDINARY)


def padded(arrays):
    """Lay arrays of different lengths out as one, NaN where there is nothing."""
    longest = max(len(array) for array in arrays)
    full = np.full((len(arrays), longest, arrays[0].shape[1]), np.nan)
    for i, array in enumerate(arrays):
        full[i, : len(array)] = array
    return full


def assert_like_the_ordinary(arrays, concept, points=None, **options):
    many = bg.solve_many(
        padded(arrays), concept, disagreement_points=points, errors="report", **options
    )
    for i, array in enumerate(arrays):
        problem = one_choice(array, None if points is None else points[i])
        try:
            one = ORDINARY[concept](problem, **options)
        except bg.NoAgreementZoneError:
            assert many.rows[i] == -1
            assert "no agreement zone" in many.errors[i]
            assert np.isnan(many.utilities[i]).all()
            continue
        assert many.rows[i] == one.certificate.evidence["row"]
        assert many.utilities[i].tolist() == one.utilities.tolist()
        assert many.gains[i].tolist() == one.gains.tolist()
        assert many.degenerate[i] == ("degenerate" in one.certificate.note)
        assert many.errors[i] == ""
        assert many.gaps[i] == 0


@concepts
@pytest.mark.parametrize("n_parties", [2, 3])
@given(data=st.data())
@settings(max_examples=40)
def test_whole_utilities_with_ties_give_the_ordinary_row(concept, n_parties, data):
    arrays = data.draw(st.lists(whole_utilities(n_parties, 12), min_size=1, max_size=4))
    point = st.lists(st.integers(-2, 4), min_size=n_parties, max_size=n_parties)
    assert_like_the_ordinary(arrays, concept, [data.draw(point) for _ in arrays])


@given(arrays=st.lists(whole_utilities(3, 9), min_size=1, max_size=3), data=st.data())
@settings(max_examples=40)
def test_weights_of_zero_and_more_give_the_ordinary_row(arrays, data):
    weights = data.draw(st.sampled_from([[1, 0, 0], [0, 2, 1], [3, 1, 1], [1e-3, 1, 1e3]]))
    assert_like_the_ordinary(arrays, "nash", weights=weights)


@concepts
def test_many_efficient_outcomes_in_any_order_give_the_ordinary_row(concept):
    generator = np.random.default_rng(1950)
    angles = generator.permutation(np.linspace(0, np.pi / 2, 300))
    circle = np.column_stack([np.sin(angles), np.cos(angles)])
    ball = np.abs(generator.normal(size=(150, 3)))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    line = np.column_stack([np.arange(200.0), np.arange(200.0)[::-1]])
    for arrays in (
        [circle, np.concatenate([circle, circle]), line[::-1], line],
        [ball, ball[::-1]],
    ):
        assert_like_the_ordinary(arrays, concept)


@concepts
def test_almost_equal_outcomes_tie_as_they_do_for_one_problem(concept):
    close = np.array([(2, 2), (2 + 1e-13, 2 - 1e-13), (4, 1 + 1e-13), (1, 4 + 1e-11), (2, 2)])
    assert_like_the_ordinary([close, close[::-1], close[[2, 0, 1, 3]]], concept)


@concepts
@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_extreme_scales_give_the_ordinary_row(concept, scale):
    array = np.random.default_rng(3).random((40, 2))
    assert_like_the_ordinary([array * scale, array * [scale, 1.0]], concept)


def test_bill_and_jack_among_many_gain_12_and_5():
    barter = bg.load("bill_and_jack")
    many = bg.solve_many([barter.utilities()] * 3, disagreement_points=barter.disagreement_point)
    assert many.gains.tolist() == [[12, 5]] * 3
    assert barter.space.outcome(int(many.rows[0])) == bg.nash_solution(barter).outcome


def test_each_problem_can_have_weights_of_its_own():
    dollar = np.column_stack([np.linspace(0, 1, 11), np.linspace(1, 0, 11)])
    many = bg.solve_many([dollar] * 3, weights=[(1, 1), (3, 7), (1, 0)])
    # Kalai 1977: x = w; a weight of 0 leaves the other all
    assert many.utilities[:, 0] == pytest.approx([0.5, 0.3, 1.0])


@pytest.mark.parametrize("errors", ["raise", "report"])
@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ([(1, np.nan), (2, 2)], "all NaN"),
        ([(1, np.inf), (2, 2)], "1e+307"),
        ([(np.inf, np.inf), (2, 2)], "1e+307"),
        ([(1, 1e308), (2, 2)], "1e+307"),
        ([(np.nan, np.nan), (np.nan, np.nan)], "expected outcomes, got none"),
        ([(-1, 5), (5, -1)], "no agreement zone"),
    ],
)
def test_a_failing_problem_does_not_lose_the_others(fault, text, errors):
    good = [(1, 3), (2, 2)]
    utilities = np.array([good, fault, good], dtype=float)
    if errors == "raise":
        with pytest.raises(bg.BargainError, match=r"problems\[1\]: .*") as raised:
            bg.solve_many(utilities)
        assert text in str(raised.value)
        return
    many = bg.solve_many(utilities, errors="report")
    assert many.rows.tolist() == [1, -1, 1]
    assert many.solved.tolist() == [True, False, True]
    assert text in many.errors[1]
    assert np.isnan(many.gains[1]).all()
    assert np.isnan(many.gaps[1])


def test_a_disagreement_point_that_is_no_number_fails_its_problem_only():
    points = [(0, 0), (np.nan, 0), (0, 0)]
    many = bg.solve_many(np.ones((3, 1, 2)), disagreement_points=points, errors="report")
    assert many.rows.tolist() == [0, -1, 0]
    assert many.errors[1].startswith("disagreement_points[1]")


def test_no_problems_and_no_outcomes():
    assert len(bg.solve_many(np.empty((0, 5, 2)))) == 0
    assert len(bg.solve_many([])) == 0
    none = bg.solve_many(np.empty((2, 0, 2)), errors="report")
    assert none.errors == tuple(f"utilities[{i}]: expected outcomes, got none" for i in (0, 1))


@pytest.mark.parametrize("seed", [1, 2])
@concepts
def test_the_number_of_threads_changes_no_byte(concept, seed, monkeypatch):
    import numba

    from bargain.solve import many

    monkeypatch.setattr(many, "STEPS_PER_THREAD", 8)
    utilities = np.random.default_rng(seed).random((50, 20, 2))
    found = []
    for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
        numba.set_num_threads(threads)
        answer = bg.solve_many(utilities, concept)
        line = bg.solve_many(bg.LinearIssues(utilities, utilities[::-1]), concept)
        found.append([a.tobytes() for a in (answer.rows, answer.utilities, line.values)])
    assert found[0] == found[1]


# linear issues


def linear_problem(at_low, at_high, point):
    issues = [bg.Issue.continuous(f"x{j}", 0, 1) for j in range(len(at_low))]
    parties = {
        f"p{k}": bg.AdditiveUtility(
            {f"x{j}": bg.Linear(at_low[j][k], at_high[j][k]) for j in range(len(at_low))}
        )
        for k in (0, 1)
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=point)


def assert_linear_like_the_ordinary(at_low, at_high, points, concept, **options):
    lines = bg.LinearIssues(at_low, at_high)
    many = bg.solve_many(lines, concept, disagreement_points=points, errors="report", **options)
    for i, point in enumerate(points):
        problem = linear_problem(at_low[i], at_high[i], point)
        try:
            one = ORDINARY[concept](problem, **options)
        except bg.NoAgreementZoneError:
            assert "no agreement zone" in many.errors[i]
            continue
        size = np.abs(one.utilities).max()
        assert many.utilities[i] == pytest.approx(one.utilities, rel=1e-9, abs=1e-9 * size)
        assert many.degenerate[i] == ("degenerate" in one.certificate.note)
        outcome = dict(zip(problem.space.names, many.values[i].tolist(), strict=True))
        assert problem.evaluate(outcome) == pytest.approx(many.utilities[i], abs=1e-9 * size)


ends = st.lists(st.lists(st.integers(-4, 9), min_size=2, max_size=2), min_size=3, max_size=3)


@concepts
@given(low=ends, high=ends, point=st.lists(st.integers(-9, 18), min_size=2, max_size=2))
@settings(max_examples=80)
def test_linear_issues_give_the_ordinary_utilities(concept, low, high, point):
    assert_linear_like_the_ordinary(np.array([low]), np.array([high]), [point], concept)


@concepts
def test_linear_issues_of_random_size_and_weight_give_the_ordinary_utilities(concept):
    generator = np.random.default_rng(7)
    low, high = generator.random((2, 40, 9, 2)) * 10.0 ** generator.integers(-3, 4, (40, 1, 2))
    points = 0.45 * (low + high).sum(axis=1)
    options = {"weights": (0.2, 0.8)} if concept == "nash" else {}
    assert_linear_like_the_ordinary(low, high, points, concept, **options)


def test_linear_issues_have_the_ends_that_they_are_given_and_may_be_missing():
    # the dollar; and a price from 50 to 150 beside it, worth the same
    low, high = [[(0, 1), (np.nan, np.nan)], [(0, 1), (0, 1)]], [[(1, 0), (np.nan, np.nan)],
                                                                 [(1, 0), (1, 0)]]  # fmt: skip
    many = bg.solve_many(bg.LinearIssues(low, high, low=[0, 50], high=[1, 150]))
    assert many.utilities == pytest.approx(np.array([(0.5, 0.5), (1, 1)]))
    assert many.values[0, 0] == pytest.approx(0.5)
    assert np.isnan(many.values[0, 1])
    assert many.values[1, 0] + (many.values[1, 1] - 50) / 100 == pytest.approx(1.0)
    assert many.rows.tolist() == [-1, -1]


def test_linear_issues_that_fail_do_not_lose_the_others():
    low = np.array([[(0.0, 1.0)], [(0.0, np.nan)], [(0.0, 1.0)], [(0.0, 1.0)]])
    high = np.array([[(1.0, 0.0)]] * 4)
    points = [(0, 0), (0, 0), (0.9, 0.9), (0.5, 0.5)]
    many = bg.solve_many(bg.LinearIssues(low, high), disagreement_points=points, errors="report")
    assert many.solved.tolist() == [True, False, False, True]
    assert many.errors[1].startswith("at_low[1, 0]: expected numbers")
    assert many.errors[2].startswith("no agreement zone")
    assert many.utilities[3] == pytest.approx([0.5, 0.5])
    assert many.degenerate.tolist() == [False, False, False, True]
    assert np.isnan(many.values[1:3]).all()


# problems


def test_problems_of_any_structure_are_solved_by_the_ordinary_functions():
    problems = [bg.load(name) for name in ("rental", "supply_contract", "divide_the_dollar")]
    for concept, solve in ORDINARY.items():
        many = bg.solve_many(problems, concept)
        for i, problem in enumerate(problems):
            one = solve(problem)
            assert many.utilities[i].tolist() == one.utilities.tolist()
            assert many.rows[i] == one.certificate.evidence.get("row", -1)
            assert dict(many.solutions[i].outcome) == dict(one.outcome)


def test_problems_take_the_concepts_that_need_a_convex_set_and_lotteries():
    problems = [bg.load("rental"), bg.load("divide_the_dollar")]
    for concept, solve in (
        ("raiffa", bg.raiffa_solution),
        ("perles_maschler", bg.perles_maschler_solution),
    ):
        many = bg.solve_many(problems, concept)
        assert many.gains[0].tolist() == solve(problems[0]).gains.tolist()
    many = bg.solve_many(problems, lotteries=True, weights=(0.3, 0.7))
    assert many.gains[1] == pytest.approx([0.3, 0.7])
    with pytest.raises(bg.UnsupportedProblemError, match=r"problems\[0\]: raiffa"):
        bg.solve_many(problems, "raiffa", lotteries=False)


def test_problems_of_different_numbers_of_parties_stand_side_by_side():
    many = bg.solve_many([one_choice([(1, 2)]), one_choice([(1, 2, 3)])])
    assert many.utilities[1].tolist() == [1, 2, 3]
    assert many.utilities[0, :2].tolist() == [1, 2]
    assert np.isnan(many.utilities[0, 2])


def test_a_failing_problem_among_problems_is_reported_or_raised():
    apart = one_choice([(0, 1), (1, 0)], disagreement_point=(0.9, 0.9))
    problems = [bg.load("rental"), apart]
    with pytest.raises(bg.NoAgreementZoneError, match=r"problems\[1\]: no agreement zone"):
        bg.solve_many(problems)
    many = bg.solve_many(problems, errors="report")
    assert many.solved.tolist() == [True, False]
    assert many.solutions[1] is None
    assert "no agreement zone" in many.errors[1]
    assert repr(many) == "<nash: 1 of 2 problems solved>"


# around it


def test_columns_make_a_table():
    many = bg.solve_many([[(1, 3), (2, 2)]] * 2)
    columns = many.columns()
    assert list(columns) == [
        "row", "utility_0", "utility_1", "gain_0", "gain_1", "gap", "degenerate", "error",
    ]  # fmt: skip
    assert {len(column) for column in columns.values()} == {2}
    line = bg.solve_many(bg.LinearIssues([[(0, 1)]], [[(1, 0)]]))
    assert line.columns()["value_0"] == pytest.approx([0.5])


def test_answers_cannot_be_written_to_and_input_stays_as_it_was():
    utilities = np.random.default_rng(1).random((3, 4, 2))
    before = utilities.copy()
    many = bg.solve_many(utilities)
    assert (utilities == before).all()
    with pytest.raises(ValueError, match="read-only"):
        many.utilities[0, 0] = 1.0


@pytest.mark.parametrize(
    ("arguments", "options", "text"),
    [
        (([[(1, 2)]], "kalai"), {}, "concept"),
        (([[(1, 2)]], "raiffa"), {}, "for arrays"),
        (([[(1, 2)]],), {"errors": "ignore"}, "errors"),
        (([[(1, 2)]], "egalitarian"), {"weights": (1, 2)}, "weights"),
        (([[(1, 2)]],), {"weights": (0, 0)}, "weights"),
        (([[(1, 2)]],), {"weights": (1, np.nan)}, "weights"),
        (([[(1, 2)]],), {"weights": (1, 2, 3)}, "weights"),
        (([[(1, 2)]],), {"disagreement_points": (1, 2, 3)}, "disagreement_points"),
        (([[(1, 2)]],), {"lotteries": True}, "lotteries"),
        (([(1, 2)],), {}, "utilities"),
        (([["a", "b"]],), {}, "utilities"),
        (([[(1,)]],), {}, "utilities"),
        ((None,), {}, "utilities"),
    ],
)
def test_wrong_arguments_are_named(arguments, options, text):
    with pytest.raises(bg.BargainError, match=text):
        bg.solve_many(*arguments, **options)


def test_wrong_sequences_of_problems_are_named():
    rental = bg.load("rental")
    with pytest.raises(bg.InvalidArgumentError, match="a sequence of problems"):
        bg.solve_many(rental)
    with pytest.raises(bg.InvalidArgumentError, match=r"problems\[1\]"):
        bg.solve_many([rental, "rental"], errors="report")
    with pytest.raises(bg.InvalidArgumentError, match="have their own"):
        bg.solve_many([rental], disagreement_points=(0, 0))


def test_wrong_linear_issues_are_named():
    with pytest.raises(bg.InvalidArgumentError, match="at_low"):
        bg.LinearIssues([(0, 1)], [(1, 0)])
    with pytest.raises(bg.InvalidArgumentError, match="at_high"):
        bg.LinearIssues([[(0, 1)]], [[(1, 0), (1, 0)]])
    with pytest.raises(bg.InvalidArgumentError, match="high"):
        bg.LinearIssues([[(0, 1)]], [[(1, 0)]], high=(1, 2, 3))


def test_linear_issues_know_their_disagreement_points():
    low, high = [[(0, 1)], [(0, 1)]], [[(1, 0)], [(1, 0)]]
    lines = bg.LinearIssues(low, high, disagreement_points=[(0, 0), (0.5, 0)])
    assert bg.solve_many(lines).utilities == pytest.approx(np.array([(0.5, 0.5), (0.75, 0.25)]))
    told = bg.solve_many(lines, disagreement_points=(0, 0.5))
    assert told.utilities == pytest.approx(np.array([(0.25, 0.75)] * 2))
    with pytest.raises(bg.InvalidArgumentError, match="disagreement_points"):
        bg.LinearIssues(low, high, disagreement_points=(1, 2, 3))


def test_linear_issues_with_ends_the_wrong_way_round_are_refused_at_the_first_place():
    low, high = [[(0, 1)] * 2] * 3, [[(1, 0)] * 2] * 3
    ends = {"low": [[0, 0], [0, 9], [5, 0]], "high": [[1, 1], [1, 3], [4, np.inf]]}
    lines = bg.LinearIssues(low, high, **ends)
    expected = r"^problems\[1\]: low\[1, 1\]: expected finite ends, low <= high, got 9 and 3$"
    with pytest.raises(bg.InvalidProblemError, match=expected):
        bg.solve_many(lines)
    reported = bg.solve_many(lines, errors="report")
    assert reported.solved.tolist() == [True, False, False]
    assert reported.errors[2] == "low[2, 0]: expected finite ends, low <= high, got 5 and 4"
    # the ends of issues that a problem does not have do not matter
    absent = [[(0, 1), (np.nan, np.nan)]], [[(1, 0), (np.nan, np.nan)]]
    assert bg.solve_many(bg.LinearIssues(*absent, low=[0, 7], high=[1, 2])).solved.all()
