from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.play.sums import MOST_SUMS, Half, Sums, best_positions

rough = st.integers(-9, 30).map(lambda tenths: 0.1 * tenths)
whole = st.lists(st.lists(st.integers(-3, 5), min_size=1, max_size=5), min_size=1, max_size=5)


def arrays(worths):
    return [np.array(issue, dtype=float) for issue in worths]


def outcomes(worths):
    """Positions of all outcomes in the order of rows, and their sums."""
    positions = list(product(*(range(len(issue)) for issue in worths)))
    sums = []
    for outcome in positions:
        total = 0.0
        for issue, position in zip(worths, outcome, strict=True):
            total += issue[position]
        sums.append(total)
    return positions, sums


@given(whole, st.lists(st.integers(-15, 25), min_size=1, max_size=5))
def test_whole_sums_give_the_nearest_outcome_of_the_lowest_row(worths, targets):
    positions, sums = outcomes(worths)
    prepared = Sums.of(arrays(worths))
    assert prepared.is_exact
    for target, found in zip(targets, prepared.at_least(np.array(targets)), strict=True):
        assert tuple(found) == nearest(positions, sums, target)


def nearest(positions, sums, target):
    """Positions of the outcome with the least sum at or above a target, by looking at all."""
    enough = [row for row in range(len(sums)) if sums[row] >= target]
    if not enough:
        return (-1,) * len(positions[0])
    return positions[min(enough, key=lambda row: (sums[row], row))]


@given(
    st.lists(st.lists(rough, min_size=1, max_size=4), min_size=1, max_size=5),
    st.data(),
)
def test_sums_are_those_of_outcomes_to_the_last_bit(worths, data):
    positions, sums = outcomes(worths)
    prepared = Sums.of(arrays(worths))
    assert prepared.is_exact
    targets = data.draw(st.lists(st.sampled_from(sums), min_size=1, max_size=5))
    for target, found in zip(targets, prepared.at_least(np.array(targets)), strict=True):
        assert tuple(found) == nearest(positions, sums, target)


def drawn(kind, generator, n_issues, size):
    """Draw worths: of any value, or of few values that rounding scatters."""
    if kind == "any":
        return [generator.random(size) for _ in range(n_issues)]
    return [generator.integers(0, 11, size) / 10 * (1 / n_issues) for _ in range(n_issues)]


@pytest.mark.parametrize(
    ("kind", "n_issues", "size"),
    [("any", 12, 4), ("any", 8, 10), ("tenths", 8, 10), ("tenths", 20, 10), ("tenths", 40, 2)],
)
def test_the_sum_of_an_outcome_is_found_again(kind, n_issues, size):
    generator = np.random.default_rng(5)
    for _ in range(5):
        worths = drawn(kind, generator, n_issues, size)
        prepared = Sums.whole(worths) or Sums.of(worths)
        outcome = generator.integers(size, size=(6, n_issues))
        targets = np.array([summed(worths, one) for one in outcome])
        found = prepared.at_least(targets)
        assert [summed(worths, one) for one in found] == targets.tolist()


def summed(worths, outcome):
    total = 0.0
    for worth, position in zip(worths, outcome, strict=True):
        total += worth[position]
    return total


@given(whole, st.integers(1, 40), st.sampled_from([1.0, 0.1, 1e300, 1e-300]))
def test_the_best_outcomes_are_the_first_of_the_ranking(worths, count, scale):
    scaled = [[scale * worth for worth in issue] for issue in worths]
    positions, sums = outcomes(scaled)
    ranking = sorted(range(len(sums)), key=lambda row: (-sums[row], row))[:count]
    found = best_positions(arrays(scaled), count)
    assert len(found) == len(ranking)
    assert [sums[positions.index(tuple(row))] for row in found.tolist()] == [
        sums[row] for row in ranking
    ]
    if scale == 1.0:
        assert [tuple(row) for row in found.tolist()] == [positions[row] for row in ranking]


@pytest.mark.parametrize("n_issues", [20, 100])
def test_where_sums_are_left_out_targets_are_reached_and_hardly_overshot(n_issues):
    generator = np.random.default_rng(n_issues)
    worths = [share * generator.random(10) for share in generator.dirichlet(np.ones(n_issues))]
    low, high = sum(w.min() for w in worths), sum(w.max() for w in worths)
    prepared = Sums.of(worths)
    assert not prepared.is_exact
    assert len(prepared.first.sums) <= MOST_SUMS
    # a hair lower: the largest sum may come to less when added up in another order
    targets = np.linspace(low, high, 50) - 1e-14
    found = prepared.at_least(targets)
    reached = sum(worth[found[:, j]] for j, worth in enumerate(worths))
    over = (reached - targets) / (high - low)
    assert over.min() > 0
    assert over.max() < 1e-5
    assert np.median(over) < 1e-6


def test_an_issue_of_many_values_beside_small_ones():
    worths = [np.arange(3.0), np.arange(3_000_000.0), np.array([0.0, 0.25, 0.5])]
    found = Sums.of(worths).at_least(np.array([0.0, 3.0e6 + 1.5, 1e9]))
    assert found.tolist() == [[0, 0, 0], [2, 2_999_999, 2], [-1, -1, -1]]


@settings(max_examples=20)
@given(st.lists(st.lists(st.floats(0, 1), min_size=8, max_size=8), min_size=6, max_size=6))
def test_a_half_keeps_its_ends_and_sums_that_are_what_they_say(worths):
    half = Half.of(arrays(worths))
    total = sum(np.array(issue)[half.positions[:, j]] for j, issue in enumerate(worths))
    np.testing.assert_allclose(half.sums, total, rtol=0, atol=1e-12)
    assert half.sums[0] == pytest.approx(sum(min(issue) for issue in worths), abs=1e-12)
    assert half.sums[-1] == pytest.approx(sum(max(issue) for issue in worths), abs=1e-12)
    assert (np.diff(half.sums) > 0).all()


def test_worths_that_are_all_nothing_or_nearly_overflow():
    assert Sums.of([np.zeros(3), np.zeros(2)]).at_least(np.zeros(1)).tolist() == [[0, 0]]
    huge = [np.array([-1e308, 1e308]), np.array([-1e308, 0.0, 1e308])]
    assert Sums.of(huge).at_least(np.array([-5e307])).tolist() == [[0, 2]]
