"""What a regret may be when payoffs are estimates: the bound covers, and says how it is made."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

import bargain as bg
from tests.search.games import CHICKEN, ROCK


def difference_bound(payoffs, errors, x, quantile):
    """The bound of a symmetric profile, term by term as the theory page has it."""
    n = len(payoffs)
    worst = 0.0
    for i in range(n):
        gain = reach = 0.0
        for j in range(n):
            for k in range(n):
                gain += x[j] * x[k] * (payoffs[i][j] - payoffs[k][j])
                spread = 0.0 if i == k else (errors[i][j] ** 2 + errors[k][j] ** 2) ** 0.5
                reach += x[j] * x[k] * spread
        worst = max(worst, gain + quantile * reach)
    return worst


def test_the_bound_is_the_formula_of_the_theory_page():
    errors = [[0.1, 0.2], [0.3, 0.05]]
    game = bg.EmpiricalGame(CHICKEN, standard_errors=errors)
    # 2 policies, each compared with the other, against 2: 4 differences
    quantile = NormalDist().inv_cdf(1 - 0.05 / 4)
    for x in ([2 / 3, 1 / 3], [1, 0], [0.2, 0.8]):
        expected = difference_bound(CHICKEN, errors, x, quantile)
        assert game.regret_bound(x) == pytest.approx(expected)
    wide = NormalDist().inv_cdf(1 - 0.01 / 4)
    assert game.regret_bound([2 / 3, 1 / 3], level=0.99) == pytest.approx(
        difference_bound(CHICKEN, errors, [2 / 3, 1 / 3], wide)
    )


def test_more_noise_a_larger_bound_and_without_noise_the_regret_itself():
    bounds = []
    for noise in (0.0, 0.01, 0.1, 1.0):
        game = bg.EmpiricalGame(ROCK, standard_errors=np.full((3, 3), noise))
        (one,) = [e for e in game.equilibria() if e.symmetric]
        assert one.regret <= 1e-12
        bounds.append(one.regret_bound)
    assert bounds[0] <= 1e-12
    assert bounds == sorted(bounds)
    assert bounds[3] == pytest.approx(100 * bounds[1])


def test_of_two_roles_each_has_its_own_noise():
    payoffs = np.array([[[2, 1], [0, 0]], [[0, 0], [1, 2]]], dtype=float)
    noisy = np.zeros((2, 2, 2))
    noisy[..., 1] = 2.0
    game = bg.EmpiricalGame(payoffs, standard_errors=noisy)
    quantile = NormalDist().inv_cdf(1 - 0.05 / 8)
    # the row loses 2 by leaving, for sure; the column 1, more or less
    assert game.regret_bound(("0", "0")) == pytest.approx(-1 + quantile * 8**0.5)
    quiet = bg.EmpiricalGame(payoffs, standard_errors=noisy[..., ::-1] / 100)
    assert quiet.regret_bound(("0", "0")) == 0


@pytest.mark.parametrize("flat", [True, False])
def test_bounds_cover_true_regrets_of_equilibria_that_were_picked_by_their_looks(flat):
    # on average over games, and where all policies are equally good so that noise alone decides
    generator = np.random.default_rng(11)
    held, regrets, trials = 0, [], 150
    for _ in range(trials):
        truth = np.zeros((4, 4)) if flat else generator.random((4, 4))
        truth = truth + (np.eye(4) * 0.05 if flat else 0.0)
        errors = generator.uniform(0.02, 0.2, (4, 4))
        seen = truth + errors * generator.normal(size=(4, 4))
        found = bg.EmpiricalGame(seen, standard_errors=errors).equilibria()
        true = bg.EmpiricalGame(truth)
        held += all(true.regret(one) <= one.regret_bound for one in found)
        regrets += [true.regret(one) for one in found]
    assert held >= 0.95 * trials
    # there was something to cover
    assert max(regrets) >= 0.049


def test_samples_are_compared_draw_by_draw_and_few_of_them_say_little():
    generator = np.random.default_rng(12)
    # what makes a problem easy for all policies is no noise in comparisons
    easy = generator.normal(0.0, 5.0, (12, 1, 1))
    noise = generator.normal(0.0, 0.1, (12, 2, 2))
    samples = np.array(CHICKEN) + easy + noise
    game = bg.EmpiricalGame.from_samples(samples, ["dove", "hawk"])
    assert np.allclose(game.payoffs, samples.mean(axis=0))
    assert np.allclose(game.standard_errors, samples.std(axis=0, ddof=1) / 12**0.5)
    assert game.standard_errors.min() > 0.5
    mixed = game.equilibria()[0]
    assert 0 < mixed.regret_bound < 0.5
    unpaired = bg.EmpiricalGame(game.payoffs, ["dove", "hawk"], game.standard_errors)
    assert unpaired.regret_bound(mixed) > 5 * mixed.regret_bound
    few = bg.EmpiricalGame.from_samples(samples[:2])
    assert few.regret_bound([0.5, 0.5]) > 3 * game.regret_bound([0.5, 0.5])
    one = bg.EmpiricalGame.from_samples(samples[:1])
    assert one.standard_errors is None
    assert np.isnan(one.regret_bound([0.5, 0.5]))


def test_bounds_from_samples_cover_too():
    generator = np.random.default_rng(13)
    held, trials = 0, 150
    for _ in range(trials):
        truth = np.zeros((3, 3, 2))
        samples = truth + generator.normal(size=(6, 1, 1, 2)) + generator.normal(size=(6, 3, 3, 2))
        found = bg.EmpiricalGame.from_samples(samples + np.eye(3)[:, :, None] * 0.1).equilibria()
        true = bg.EmpiricalGame(truth + np.eye(3)[:, :, None] * 0.1)
        held += all(true.regret(one) <= one.regret_bound for one in found)
    assert held >= 0.95 * trials


def test_a_part_of_a_game_keeps_its_noise():
    generator = np.random.default_rng(14)
    samples = np.array([[3.0, 0.0], [5.0, 1.0]]) + generator.normal(0, 0.1, (8, 2, 2))
    game = bg.EmpiricalGame.from_samples(samples, ["cooperate", "defect"])
    assert game.reduced.names[0] == ("defect",)
    assert game.reduced.samples.shape == (8, 1, 1)
    plain = bg.EmpiricalGame([[3, 0], [5, 1]], standard_errors=[[1, 2], [3, 4]])
    assert plain.reduced.standard_errors.tolist() == [[4]]


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_noise_in_large_and_small_units(scale):
    drawn = np.array([[[0, 0], [0, 0]], [[0.1, 0.2], [0.3, 0.1]]])
    samples = (CHICKEN + drawn) * scale / 10
    game = bg.EmpiricalGame.from_samples(samples)
    here = game.regret_bound([0.5, 0.5]) / scale
    assert here == pytest.approx(
        bg.EmpiricalGame.from_samples(samples / scale).regret_bound([0.5, 0.5])
    )
