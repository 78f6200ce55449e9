"""The axioms that define each concept, on random problems, where the theorem says they hold."""

from __future__ import annotations

from functools import partial
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bargain as bg
from tests.problems import additive_problems, continuous_problems, one_choice, whole_utilities

CONCEPTS = [
    bg.nash_solution,
    bg.kalai_smorodinsky_solution,
    bg.egalitarian_solution,
    bg.utilitarian_solution,
]
concepts = pytest.mark.parametrize("concept", CONCEPTS, ids=lambda f: f.__name__)


def solve_or_skip(concept, problem, **options):
    try:
        return concept(problem, **options)
    except bg.NoAgreementZoneError:
        assume(False)


@concepts
@given(points=whole_utilities(3))
def test_finite_solutions_are_efficient_and_rational(concept, points):
    problem = one_choice(points)
    solution = solve_or_skip(concept, problem)
    assert (solution.gains >= 0).all()
    better = (points >= solution.utilities).all(axis=1) & (points > solution.utilities).any(axis=1)
    assert not better.any()


@concepts
@given(problem=additive_problems())
def test_lotteries_never_do_worse_by_the_concept(concept, problem):
    finite = solve_or_skip(concept, problem)
    mixed = concept(problem, lotteries=True)
    assert (mixed.gains >= -1e-9).all()
    assert sum(probability for _, probability in mixed.lottery) == pytest.approx(1)
    if concept is bg.utilitarian_solution:
        assert mixed.gains.sum() >= finite.gains.sum() - 1e-9
    elif concept is bg.nash_solution:
        assert mixed.gains.prod() >= finite.gains.prod() - 1e-9
    elif concept is bg.egalitarian_solution:
        assert mixed.gains.min() >= finite.gains.min() - 1e-9


@pytest.mark.parametrize("concept", [bg.nash_solution, bg.kalai_smorodinsky_solution])
@given(points=whole_utilities(2), data=st.data())
def test_scale_invariance(concept, points, data):
    a = data.draw(st.lists(st.sampled_from([0.25, 0.5, 2.0, 8.0, 1024.0]), min_size=2, max_size=2))
    b = data.draw(st.lists(st.integers(-5, 5), min_size=2, max_size=2))
    problem = one_choice(points)
    moved = one_choice(points * a + b, disagreement_point=b)
    for lotteries in (False, True):
        solution = solve_or_skip(concept, problem, lotteries=lotteries)
        other = concept(moved, lotteries=lotteries)
        assert other.gains == pytest.approx(solution.gains * a, abs=1e-9)


@concepts
@given(points=whole_utilities(2, 8))
def test_symmetric_hulls_give_symmetric_gains(concept, points):
    problem = one_choice(np.concatenate([points, points[:, ::-1]]))
    solution = solve_or_skip(concept, problem, lotteries=True)
    assert solution.gains[0] == pytest.approx(solution.gains[1], abs=1e-9)


@concepts
@given(points=whole_utilities(3, 6))
def test_symmetric_hulls_of_three_parties_give_equal_gains(concept, points):
    if concept is bg.utilitarian_solution:
        return  # any point of the best face is utilitarian
    points = np.concatenate([points[:3, list(order)] for order in permutations(range(3))])
    solution = solve_or_skip(concept, one_choice(points), lotteries=True)
    assert solution.gains == pytest.approx([solution.gains.mean()] * 3, abs=1e-6)


@given(points=whole_utilities(2, 12), data=st.data())
def test_nash_is_independent_of_irrelevant_alternatives(points, data):
    problem = one_choice(points)
    nash = solve_or_skip(bg.nash_solution, problem)
    chosen = problem.space.row(nash.outcome)
    kept = data.draw(st.lists(st.integers(0, len(points) - 1), unique=True))
    rows = sorted({chosen, *kept})
    smaller = bg.nash_solution(one_choice(points[rows]))
    if "degenerate" not in nash.certificate.note:
        assert smaller.gains.prod() == pytest.approx(nash.gains.prod())


@given(points=whole_utilities(2, 10), extra=whole_utilities(2, 5))
def test_egalitarian_is_monotonic(points, extra):
    # Kalai 1977: everybody gains weakly from a larger convex, comprehensive set
    small = solve_or_skip(bg.egalitarian_solution, one_choice(points), lotteries=True)
    large = bg.egalitarian_solution(one_choice(np.concatenate([points, extra])), lotteries=True)
    assert large.gains.min() >= small.gains.min() - 1e-9


@given(problem=continuous_problems())
def test_solutions_of_a_continuous_problem_are_attained_without_lotteries(problem):
    for concept in CONCEPTS:
        solution = solve_or_skip(concept, problem)
        assert solution.outcome is not None
        assert problem.evaluate(solution.outcome) == pytest.approx(solution.utilities, abs=1e-12)
        assert (solution.gains >= -1e-9).all()


@pytest.mark.parametrize(
    ("concept", "before", "added"),
    [
        (bg.raiffa_solution, [(0.9, 0), (0, 0.98), (0.63, 0.98), (0.73, 0.83), (0.9, 0.27)],
         (0.88, 0.51)),
        (partial(bg.raiffa_solution, kind="continuous"), [(0.78, 0.07), (0.51, 0.62), (0, 0.62)],
         (0.76, 0.37)),
        (bg.perles_maschler_solution, [(0.42, 0.69), (0, 0.86), (0.1, 0.86), (0.45, 0.19)],
         (0.39, 0.9)),
    ],
    ids=["Raiffa", "continuous Raiffa", "Perles-Maschler"],
)  # fmt: skip
def test_what_the_theory_page_says_is_not_individually_monotonic(concept, before, added):
    # the first party's best stays, the second's possibilities grow, and the second loses
    smaller, larger = one_choice([(0, 0), *before]), one_choice([(0, 0), *before, added])
    assert max(x for x, _ in before) >= added[0]
    assert concept(larger).gains[1] < concept(smaller).gains[1] - 0.01
    fair = partial(bg.kalai_smorodinsky_solution, lotteries=True)
    assert fair(larger).gains[1] >= fair(smaller).gains[1]
