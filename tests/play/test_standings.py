"""Intervals of scores and ranks cover what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bargain as bg
from bargain.play.standings import (
    chances_to_be_first,
    intervals,
    rank_intervals,
    ranked,
    share_limits,
)
from tests.play.pies import pie


def test_an_interval_is_that_of_student():
    # mean .5, standard deviation .1, t(2 degrees of freedom, .975) = 4.302653
    low, high = intervals(np.array([[0.4], [0.6], [0.5]]), level=0.95)
    reach = 4.302653 * 0.1 / np.sqrt(3)
    assert (low[0], high[0]) == pytest.approx((0.5 - reach, 0.5 + reach))
    assert np.isnan(intervals(np.array([[0.4]]), level=0.95)).all()


@pytest.mark.parametrize("n_problems", [2, 4, 12])
def test_intervals_cover_the_mean_as_often_as_they_say(n_problems):
    # each column a tournament of its own: within 3 standard errors of a share of 4000
    scores = np.random.default_rng(0).normal(0.5, 0.1, size=(n_problems, 4000))
    for level in (0.5, 0.95):
        low, high = intervals(scores, level=level)
        covered = ((low <= 0.5) & (high >= 0.5)).mean()
        assert covered == pytest.approx(level, abs=3 * np.sqrt(level * (1 - level) / 4000))


def test_ranks_are_sure_where_one_is_always_ahead():
    # far apart from problem to problem, and yet the second is .1 ahead in each
    plain = np.array([0.1, 0.9, 0.3, 0.7])
    scores = np.stack([plain, plain + 0.1, plain + np.array([0.3, -0.2, 0.2, -0.1])], axis=1)
    best, worst = rank_intervals(scores, level=0.95)
    assert best.tolist() == [2, 1, 1]
    assert worst.tolist() == [3, 2, 3]
    low, high = intervals(scores, level=0.95)
    assert low[1] < high[0]
    same = rank_intervals(np.stack([plain, plain + 1e-16], axis=1), level=0.95)
    assert [ranks.tolist() for ranks in same] == [[1, 1], [2, 2]]
    one = rank_intervals(scores[:1], level=0.95)
    assert [ranks.tolist() for ranks in one] == [[1, 1, 1], [3, 3, 3]]


def test_shares_have_limits_unless_waiting_costs():
    plain, worse = pie(), pie(d=(-1, 0))
    assert share_limits([plain, worse]) == (0, 1)

    def hurried(problem):
        profiles = [replace(profile, discount_factor=0.9) for profile in problem.profiles]
        return bg.BargainingProblem(problem.space, profiles)

    assert share_limits([plain, hurried(plain)]) == (-np.inf, 1)
    assert share_limits([hurried(worse)]) == (-np.inf, np.inf)


def test_true_ranks_are_in_their_intervals_as_often_as_said():
    draw = np.random.default_rng(2)
    means = np.array([0.5, 0.52, 0.6, 0.8])
    true, times = np.array([4, 3, 2, 1]), 600
    held, narrow = np.zeros(4), 0
    for _ in range(times):
        # problems are easy or hard for all
        scores = means + draw.normal(0, 0.1, (6, 1)) + draw.normal(0, 0.05, (6, 4))
        best, worst = rank_intervals(scores, level=0.9)
        held += (best <= true) & (true <= worst)
        narrow += int((worst - best).max() < 3)
    assert (held / times >= 0.9).all()
    assert narrow > times / 2


def test_chances_to_be_first_are_those_of_resamples():
    # of the four resamples of two problems the first policy wins those that hold problem 0
    found = chances_to_be_first(np.array([[1.0, 0.5], [0.0, 0.4]]), seed=0)
    assert found == pytest.approx([0.75, 0.25], abs=0.02)
    assert (
        found.tolist() == chances_to_be_first(np.array([[1.0, 0.5], [0.0, 0.4]]), seed=0).tolist()
    )


def test_equal_policies_share_the_first_place():
    same = {"a": bg.TimeDependent(), "b": bg.TimeDependent()}
    found = bg.tournament([pie("one"), pie("two", (1, 1))], same, deadline=9)
    assert [one.rank for one in found.ranking()] == [1, 1]
    assert [one.first for one in found.ranking()] == [0.5, 0.5]
    assert ranked(np.array([0.5, 0.7, 0.5 - 1e-15, 0.1])) == [2, 1, 2, 4]
