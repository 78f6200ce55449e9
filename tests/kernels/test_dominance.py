from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bargain.kernels import dominance
from bargain.kernels.dominance import choose_pivots, drop_dominated, sweep_three
from bargain.solve import enumerated
from bargain.solve.enumerated import efficient_rows
from tests import reference

parties = st.integers(2, 5)
scales = st.sampled_from([1.0, 1e300, 1e-300, 5e-324, 1 / 3])


@st.composite
def points_of(draw, n_parties, *, max_size=40):
    """Few distinct values, so that ties and duplicates are common; each party has its own scale."""
    n = draw(st.integers(0, max_size))
    largest = draw(st.sampled_from([0, 1, 4, 100]))
    value = st.one_of(st.integers(-largest, largest), st.just(-0.0))
    rows = draw(st.lists(st.lists(value, min_size=n_parties, max_size=n_parties), max_size=n))
    points = np.array(rows, dtype=np.float64).reshape(-1, n_parties)
    return points * np.array(draw(st.lists(scales, min_size=n_parties, max_size=n_parties)))


def laid_out(points, layout):
    """The same points in C order, in Fortran order, read-only, or as every second of an array."""
    if layout == "fortran":
        return np.asfortranarray(points)
    if layout == "strided":
        return np.repeat(np.repeat(points, 2, axis=0), 2, axis=1)[::2, ::2]
    points = points.copy()
    points.setflags(write=layout != "read-only")
    return points


def paths():
    """Both paths, the compiled one with samples so small that few points make several passes."""
    with patch.object(enumerated, "COMPILED_FROM", 10**9):
        yield "numpy"
    small = {"SAMPLE": 4, "DEEP_SAMPLE": 2, "PIVOTS": 3}
    with patch.object(enumerated, "COMPILED_FROM", 0), patch.multiple(dominance, **small):
        yield "compiled"


def assert_agrees_with_the_twin(points, layout="c"):
    given_points = laid_out(points, layout)
    before = given_points.copy()
    rows = points.tolist()
    for path in paths():
        for keep in (False, True):
            found = efficient_rows(given_points, keep_duplicates=keep)
            assert found.dtype == np.intp
            assert found.tolist() == reference.efficient_rows(rows, keep), (path, keep)
    assert (given_points == before).all()


@settings(max_examples=300)
@given(parties.flatmap(points_of), st.sampled_from(["c", "fortran", "strided", "read-only"]))
@example(np.empty((0, 2)), "c")
@example(np.empty((0, 5)), "c")
@example(np.array([[-0.0, 1.0], [0.0, 1.0], [0.0, -0.0]]), "c")
@example(np.full((40, 3), 1e300), "c")
def test_the_frontier_is_what_no_outcome_dominates(points, layout):
    assert_agrees_with_the_twin(points, layout)


@pytest.mark.parametrize("n_parties", [2, 3, 4, 5])
def test_every_outcome_of_a_zero_sum_problem_is_efficient(n_parties):
    shares = np.random.default_rng(0).integers(0, 1000, (60, n_parties - 1)).astype(float)
    points = np.column_stack([shares, -shares.sum(axis=1)])
    assert len(reference.efficient_rows(points.tolist(), True)) == 60
    assert_agrees_with_the_twin(points)


@pytest.mark.parametrize("n_parties", [2, 3, 4, 5])
@pytest.mark.parametrize("kind", ["uniform", "few values", "a chain", "zero-sum", "one party"])
def test_many_outcomes_have_the_same_frontier_on_both_paths(n_parties, kind):
    generator = np.random.default_rng(1)
    n = 2_100
    points = generator.random((n, n_parties))
    if kind == "few values":
        points = np.floor(4 * points)
    elif kind == "a chain":
        points = np.repeat(points[:, :1], n_parties, axis=1)
    elif kind == "zero-sum":
        points[:, -1] = -points[:, :-1].sum(axis=1)
    elif kind == "one party":
        points[:, 1:] = 1.0
    for keep in (False, True):
        plain = efficient_rows(points, keep_duplicates=keep)
        small = {"SAMPLE": 64, "DEEP_SAMPLE": 260}
        with patch.object(enumerated, "COMPILED_FROM", 0), patch.multiple(dominance, **small):
            compiled = efficient_rows(points, keep_duplicates=keep)
        assert compiled.tolist() == plain.tolist()


def test_a_sample_of_the_outcomes_of_issues_is_not_in_step_with_them():
    rows = dominance._spread(10**6, dominance.SAMPLE)
    assert rows.min() >= 0
    assert rows.max() < 10**6
    for period in (10, 100, 1000):
        assert len(np.unique(rows % period)) > 0.35 * min(period, dominance.SAMPLE)


def test_small_frontiers_never_load_compiled_code():
    with patch.object(dominance, "candidate_rows", side_effect=AssertionError):
        efficient_rows(np.random.default_rng(0).random((enumerated.COMPILED_FROM - 1, 2)))


@given(st.data(), parties)
def test_drop_dominated_keeps_exactly_what_no_pivot_dominates(data, n_parties):
    points = data.draw(points_of(n_parties))
    pivots = data.draw(points_of(n_parties, max_size=6))
    kept = np.empty(len(points), dtype=np.intp)
    found = kept[: drop_dominated(points, pivots, kept)]
    assert found.tolist() == [
        i
        for i, point in enumerate(points.tolist())
        if not any(reference.dominates(pivot, point) for pivot in pivots.tolist())
    ]


def test_drop_dominated_goes_through_all_blocks():
    n = 2 * dominance.BLOCK + 7
    points = np.column_stack([np.arange(n), np.arange(n)]).astype(float)
    kept = np.empty(n, dtype=np.intp)
    for worst in (0, dominance.BLOCK, n - 3):
        n_kept = drop_dominated(points, points[worst : worst + 1], kept)
        assert kept[:n_kept].tolist() == list(range(worst, n))


@given(st.data(), parties, st.sampled_from([0.0, 0.25, 0.9]))
def test_choose_pivots_agrees_with_the_twin(data, n_parties, worth):
    candidates = data.draw(points_of(n_parties).filter(len))
    sample = data.draw(points_of(n_parties).filter(len))
    pivots = np.empty((3, n_parties))
    n_pivots = choose_pivots(candidates, sample, worth, pivots)
    expected = reference.chosen_pivots(candidates.tolist(), sample.tolist(), worth, 3)
    assert pivots[:n_pivots].tolist() == expected


@given(points_of(3))
def test_sweep_three_agrees_with_the_twin(points):
    points = -np.unique(-points, axis=0)
    places = np.unique(-points[:, 1], return_inverse=True)[1]
    efficient = np.empty(len(points), dtype=np.bool_)
    tree = np.full(len(points) + 1, -np.inf)
    sweep_three(places, np.ascontiguousarray(points[:, 2]), tree, efficient)
    assert np.flatnonzero(efficient).tolist() == reference.efficient_rows(points.tolist())
