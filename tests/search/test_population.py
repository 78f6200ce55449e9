"""Populations under the replicator dynamics, and what a mediator can reach."""

from __future__ import annotations

import time

import numpy as np
import pytest

import bargain as bg
from tests.search.games import (
    BAD_ROCK,
    CHICKEN,
    GOOD_ROCK,
    PRISONERS,
    ROCK,
    SEXES,
    SHAPLEY,
    STAG_HUNT,
)


def test_a_dominant_policy_grows_like_the_logistic_function():
    # cooperators get 1 less whatever happens: log odds of defecting grow by 1 / range a time unit
    path = bg.EmpiricalGame([[0, 0], [1, 1]]).replicator([0.9, 0.1], duration=10.0, points=11)
    expected = 1 / (1 + 9 * np.exp(-path.times))
    assert path.shares[0][:, 1] == pytest.approx(expected, abs=1e-7)
    assert path.shares[0] is not path.shares[1]
    assert np.array_equal(*path.shares)
    twice = bg.EmpiricalGame([[0, 0], [2e200, 2e200]])
    same = twice.replicator([0.9, 0.1], duration=10.0, points=11)
    assert np.array_equal(same.shares[0], path.shares[0])


def test_rock_paper_scissors_keeps_the_product_of_its_shares():
    # a constant of motion of the zero-sum game (Hofbauer and Sigmund 1998, 7.7)
    start = [0.5, 0.3, 0.2]
    for payoffs, compare in ((ROCK, 0), (GOOD_ROCK, 1), (BAD_ROCK, -1)):
        path = bg.EmpiricalGame(payoffs).replicator(start, duration=200.0)
        product = path.shares[0].prod(axis=1)
        if compare == 0:
            assert product == pytest.approx(0.03, rel=1e-4)
        else:
            assert compare * (product[-1] - 0.03) > 0.005


def test_what_is_not_there_never_comes_and_equilibria_stay():
    game = bg.EmpiricalGame(ROCK, ["rock", "paper", "scissors"])
    path = game.replicator({"rock": 0.5, "scissors": 0.5}, duration=50.0)
    assert (path.shares[0][:, 1] == 0).all()
    assert path.shares[0][-1, 0] > 0.99
    still = game.replicator(duration=50.0)
    assert still.shares[0] == pytest.approx(1 / 3)
    assert still.regret <= 1e-12


def test_two_populations_each_play_the_other():
    # battle of the sexes from near the second equilibrium
    path = bg.EmpiricalGame(SEXES).replicator(([0.3, 0.7], [0.2, 0.8]), duration=100.0)
    assert path.shares[0][-1, 1] > 0.999
    assert path.shares[1][-1, 1] > 0.999
    assert not path.symmetric


def test_basins_of_the_stag_hunt_split_at_the_mixed_equilibrium():
    # hare pays 3 always, stag 4 x: stag grows where x > 3/4, a quarter of the starts
    found = bg.EmpiricalGame(STAG_HUNT, ["stag", "hare"]).basins(400, seed=3)
    assert [one.support[0] for one in found] == [
        {"hare": pytest.approx(1)},
        {"stag": pytest.approx(1)},
    ]
    assert found[0].share == pytest.approx(0.75, abs=4 * found[0].standard_error)
    assert all(one.settled and one.regret <= 1e-6 for one in found)
    assert sum(one.share for one in found) == pytest.approx(1)


def test_a_stable_mixture_has_the_whole_basin_and_a_cycle_has_none():
    (mixed,) = bg.EmpiricalGame(CHICKEN).basins(50, seed=1)
    assert mixed.probabilities[0] == pytest.approx([2 / 3, 1 / 3], abs=1e-3)
    (spiral,) = bg.EmpiricalGame(GOOD_ROCK).basins(20, seed=1)
    assert spiral.settled
    assert spiral.probabilities[0] == pytest.approx(1 / 3, abs=1e-2)
    (cycle,) = bg.EmpiricalGame(ROCK).basins(20, seed=1, duration=2000)
    assert not cycle.settled
    # orbits of the zero-sum game average to its equilibrium
    assert cycle.probabilities[0] == pytest.approx(1 / 3, abs=0.02)
    assert bg.EmpiricalGame(SHAPLEY).basins(10, seed=1)[-1].settled is False


def test_same_seed_same_basins():
    game = bg.EmpiricalGame(np.random.default_rng(15).random((5, 5)))
    first, second = (game.basins(30, seed=9, duration=50) for _ in range(2))
    assert [one.to_dict() for one in first] == [one.to_dict() for one in second]


def test_the_best_correlated_equilibrium_of_chicken():
    # Aumann 1974: 12 p + 18 q at most, with p <= 2 q by who is told dove, and p + 2 q = 1
    found = bg.EmpiricalGame(CHICKEN, ["dove", "hawk"]).correlated_equilibrium()
    assert found.support == {
        ("dove", "dove"): pytest.approx(1 / 2),
        ("dove", "hawk"): pytest.approx(1 / 4),
        ("hawk", "dove"): pytest.approx(1 / 4),
    }
    assert found.payoffs == pytest.approx((5.25, 5.25))
    assert found.welfare == pytest.approx(found.welfare_bound)
    assert found.regret <= 1e-12
    # better for the row alone: its best equilibrium
    row = bg.EmpiricalGame(CHICKEN).correlated_equilibrium(weights=(1, 0))
    assert row.payoffs == pytest.approx((7, 2))


def obedience(a, b, p):
    """The most that a rule "told i, play k" gains, by the definition."""
    n, m = p.shape
    rows = [sum(p[i, j] * (a[k, j] - a[i, j]) for j in range(m))
            for i in range(n) for k in range(n)]  # fmt: skip
    columns = [sum(p[i, j] * (b[i, k] - b[i, j]) for i in range(n))
               for j in range(m) for k in range(m)]  # fmt: skip
    return max(*rows, *columns, 0.0)


def test_correlated_equilibria_are_obeyed_and_no_worse_than_any_equilibrium():
    generator = np.random.default_rng(16)
    for integer in (False, True):
        for shape in ((3, 3), (4, 2), (5, 5)):
            a, b = (
                generator.integers(0, 4, (2, *shape)) if integer else generator.random((2, *shape))
            )
            game = bg.EmpiricalGame((a, b))
            found = game.correlated_equilibrium()
            assert obedience(a, b, found.probabilities) <= 1e-8
            assert found.regret == pytest.approx(obedience(a, b, found.probabilities), abs=1e-12)
            best = max(sum(one.payoffs) for one in game.equilibria())
            assert found.welfare >= best - 1e-8
            assert found.welfare <= found.welfare_bound <= found.welfare + 1e-7


def test_shapleys_game_has_a_mediator_who_keeps_both_from_meeting_in_zeros():
    # the six pairs that pay, each with the same chance: each gets 1/2 instead of 1/3
    found = bg.EmpiricalGame(SHAPLEY).correlated_equilibrium()
    assert found.payoffs == pytest.approx((0.5, 0.5))
    assert bg.EmpiricalGame(PRISONERS).correlated_equilibrium().payoffs == (1, 1)


def test_fifty_policies_have_a_correlated_equilibrium_in_seconds():
    game = bg.EmpiricalGame(np.random.default_rng(17).random((50, 50)))
    found = game.correlated_equilibrium()
    assert found.regret <= 1e-9
    assert found.payoffs[0] == pytest.approx(found.payoffs[1])
    assert found.to_dict()["welfare"] == found.welfare


@pytest.mark.parametrize("symmetric", [True, False])
def test_the_interior_point_method_finds_the_same_welfare(symmetric, monkeypatch):
    from bargain.search import correlated

    generator = np.random.default_rng(18)
    one = generator.random((6, 6))
    # almost zero-sum, as sharing a pie is
    payoffs = one - one.T + 0.1 * generator.random((6, 6))
    game = bg.EmpiricalGame(payoffs if symmetric else (payoffs, 0.2 * one - payoffs))
    simplex = game.correlated_equilibrium()
    monkeypatch.setattr(correlated, "_by_simplex", lambda worth, gains: None)
    found = game.correlated_equilibrium()
    assert found.welfare == pytest.approx(simplex.welfare, abs=1e-7)
    assert found.welfare_bound == pytest.approx(simplex.welfare_bound, abs=1e-6)
    for each in (found, simplex):
        a, b = game.bimatrix.rows, game.bimatrix.columns
        assert obedience(a, b, each.probabilities) <= 1e-7


@pytest.mark.slow
def test_many_policies_that_share_a_pie_have_a_correlated_equilibrium_in_time():
    one = np.random.default_rng(19).random((50, 50))
    game = bg.EmpiricalGame(one - one.T)
    start = time.perf_counter()
    found = game.correlated_equilibrium()
    # the simplex method alone takes minutes
    assert time.perf_counter() - start < 150
    assert found.regret <= 1e-7
    assert found.payoffs == pytest.approx((0, 0), abs=1e-7)
