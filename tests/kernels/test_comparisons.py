from __future__ import annotations

import numpy as np
import pytest

from bargain.kernels.comparisons import most_probable

SLACK = 0.02


def drawn(seed, count, rank):
    """Return differences and their covariances, of few dimensions or none at all."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(count, rank)) * rng.choice([1e-4, 0.1, 1.0])
    return rng.normal(size=count) * rng.choice([0.01, 0.5]), features @ features.T


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("count", "rank"), [(1, 1), (2, 0), (7, 30), (40, 3), (128, 12)])
def test_nothing_pulls_it_further(seed, count, rank):
    before, among = drawn(seed, count, rank)
    pulls = most_probable(before, among, SLACK)
    apart = before + among @ pulls
    with np.errstate(over="ignore"):
        doubt = 1 / (1 + np.exp(apart / SLACK))
    # the slope of what is minimised, as a difference of utilities
    size = np.abs(among).sum(axis=1).max() / SLACK
    np.testing.assert_allclose(among @ (pulls - doubt / SLACK), 0, atol=1e-11 * size)


def test_contradictions_cancel():
    before, among = np.zeros(200), np.ones((200, 200))
    among[:100, 100:] = among[100:, :100] = -1
    pulls = most_probable(before, among, SLACK)
    np.testing.assert_allclose(among @ pulls, 0, atol=1e-12)
