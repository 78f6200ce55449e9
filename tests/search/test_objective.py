from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.search import Objective
from bargain.search.measures import interval

SHARES = np.array([[0.0, 0.5, 1.0, 0.1], [0.4, 0.4, 0.4, 0.4]])


def test_measures_are_mean_worst_and_the_mean_of_the_worst():
    assert Objective().scores(SHARES).tolist() == pytest.approx([0.4, 0.4])
    assert Objective("worst").scores(SHARES).tolist() == [0.0, 0.4]
    assert Objective("cvar", tail=0.5).scores(SHARES).tolist() == pytest.approx([0.05, 0.4])
    assert Objective("cvar", tail=1e-9).scores(SHARES).tolist() == [0.0, 0.4]
    assert Objective("cvar", tail=1).scores(SHARES) == pytest.approx(Objective().scores(SHARES))


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=12),
    st.integers(1, 20).map(lambda part: part / 20),
)
def test_the_worst_part_ends_within_a_session(shares, tail):
    # as many copies of each session as make the part a whole number of them
    copied = sorted(np.repeat(shares, 20).tolist())
    worst = copied[: max(round(tail * len(copied)), 20)]
    found = Objective("cvar", tail=tail).scores(np.array([shares], dtype=float))
    assert found.tolist() == pytest.approx([np.mean(worst)])


def test_what_a_session_counts_adds_up():
    objective = Objective(joint_weight=0.5, round_penalty=0.01, least_agreement=0.75)
    found = objective.scores(
        SHARES,
        others=np.ones((2, 4)),
        rounds=np.full((2, 4), 10),
        agreed=np.array([[True] * 3 + [False], [True, False, True, False]]),
    )
    assert found.tolist() == pytest.approx([0.4 + 0.5 - 0.1, 0.4 + 0.5 - 0.1 - 2.5])


@pytest.mark.parametrize(
    "given_",
    [
        {"measure": "best"},
        {"tail": 0},
        {"tail": 2},
        {"joint_weight": -1},
        {"round_penalty": float("nan")},
        {"least_agreement": 1.1},
    ],
)
def test_objectives_that_make_no_sense_are_refused(given_):
    with pytest.raises(InvalidArgumentError, match="objective: " + next(iter(given_))):
        Objective(**given_)


@given(st.integers(0, 2**32 - 1))
def test_an_interval_speaks_of_problems_and_opponents_together(seed):
    generator = np.random.default_rng(seed)
    by_problem, by_opponent = generator.normal(size=(9, 1)), generator.normal(size=(1, 12))
    wide = interval(by_problem + by_opponent)
    for alone in (by_problem + 0 * by_opponent, 0 * by_problem + by_opponent):
        narrow = interval(alone)
        assert narrow[1] - narrow[0] <= wide[1] - wide[0] + 1e-12
    one = interval(by_opponent)
    assert one == pytest.approx(interval(by_opponent.T))
    assert interval(np.ones((1, 1))) is None


@pytest.mark.parametrize("exponent", [-1070, -1000, 0, 1000])
@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (3, 4)])
def test_intervals_do_not_depend_on_the_unit(shape, exponent):
    cells = np.random.default_rng(5).integers(1, 999, size=shape).astype(float)
    low, high = interval(cells)
    assert low < high
    found = interval(np.ldexp(cells, exponent))
    assert found == pytest.approx(tuple(np.ldexp([low, high], exponent)), rel=1e-2, abs=0)
    assert interval(0.0 * cells) == (0.0, 0.0)


@pytest.mark.slow
def test_intervals_cover_what_they_should():
    # effects of ten problems and eight opponents, and noise: 95 % of intervals hold the mean
    generator = np.random.default_rng(8)
    held = 0
    for _ in range(2000):
        cells = generator.normal(size=(10, 1)) + generator.normal(size=(1, 8))
        low, high = interval(cells + generator.normal(size=(10, 8)))
        held += low <= 0 <= high
    assert held / 2000 > 0.93
