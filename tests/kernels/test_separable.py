"""The sweeps over linear continuous issues against a slow twin and against the solvers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.reference import linear_gains

CONCEPTS = ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"]


def swept(concept, low, high, point, weights):
    """Return where the issues are settled and the gains, as the compiled sweep has them."""
    lines = bg.LinearIssues(low, high)
    options = {"weights": weights} if concept == "nash" else {}
    many = bg.solve_many(lines, concept, disagreement_points=point, errors="report", **options)
    return many.values, many.gains


@st.composite
def batches(draw):
    n = draw(st.integers(1, 5))
    whole = st.integers(-4, 4)
    pairs = st.lists(st.tuples(whole, whole), min_size=n, max_size=n)
    low = np.array(draw(pairs), dtype=float)[None]
    high = np.array(draw(pairs), dtype=float)[None]
    point = np.array([draw(st.tuples(st.integers(-9, 6), st.integers(-9, 6)))], dtype=float)
    weights = np.array([draw(st.sampled_from([(1, 1), (1, 3), (2, 0), (0, 1)]))], dtype=float)
    return low, high, point, weights


@pytest.mark.parametrize("concept", CONCEPTS)
@settings(max_examples=60, deadline=None)
@given(batch=batches())
def test_a_sweep_finds_what_its_slow_twin_finds(concept, batch):
    low, high, point, weights = batch
    values, gains = swept(concept, low, high, point, weights)
    lines = [(tuple(a), tuple(b)) for a, b in zip(low[0], high[0], strict=True)]
    expected = linear_gains(concept, lines, point[0].tolist(), weights[0].tolist())
    if expected is None:
        assert np.isnan(values).all()
        assert np.isnan(gains).all()
        return
    assert gains[0] == pytest.approx(expected, abs=1e-6)
    assert ((values >= 0) & (values <= 1)).all()
    reached = (low + values[:, :, None] * (high - low)).sum(axis=1) - point
    assert gains == pytest.approx(reached, abs=1e-12)


def test_sweeps_agree_with_the_solvers_on_many_issues():
    generator = np.random.default_rng(11)
    for n in (10, 60, 200):
        low, high = generator.uniform(0, 1, (2, 3, n, 2))
        point = low.sum(axis=1) * 0.9
        weights = generator.uniform(0.2, 1, (3, 2))
        found = {concept: swept(concept, low, high, point, weights)[1] for concept in CONCEPTS}
        for k in range(3):
            issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(n)]
            parties = {
                f"p{j}": bg.AdditiveUtility(
                    {f"x{i}": bg.Linear(low[k, i, j], high[k, i, j]) for i in range(n)}
                )
                for j in (0, 1)
            }
            problem = bg.BargainingProblem(issues, parties, disagreement_point=point[k])
            for concept, solution in (
                ("nash", bg.nash_solution(problem, weights[k])),
                ("kalai_smorodinsky", bg.kalai_smorodinsky_solution(problem)),
                ("egalitarian", bg.egalitarian_solution(problem)),
                ("utilitarian", bg.utilitarian_solution(problem)),
            ):
                assert found[concept][k] == pytest.approx(solution.gains, abs=1e-9)


def test_asymmetric_nash_divides_a_dollar_by_weight():
    low, high = np.array([[[0.0, 1.0]]]), np.array([[[1.0, 0.0]]])
    values, gains = swept("nash", low, high, np.zeros((1, 2)), np.array([[0.3, 0.7]]))
    assert values[0, 0] == pytest.approx(0.3, abs=1e-15)
    assert gains[0] == pytest.approx([0.3, 0.7], abs=1e-15)
