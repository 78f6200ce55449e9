"""Slow and obvious: what to compare published frontiers and Nash outcomes with."""

from __future__ import annotations

import numpy as np


def frontier(utilities: np.ndarray) -> np.ndarray:
    """Return the distinct utilities that nothing dominates, reservation values disregarded."""
    points = np.unique(utilities, axis=0)
    efficient = []
    while len(points):
        # nothing can dominate the point of the largest sum
        best = points[points.sum(axis=1).argmax()]
        efficient.append(best)
        points = points[(points > best).any(axis=1)]
    return np.array(efficient)


def nash(utilities: np.ndarray, disagreement: np.ndarray) -> np.ndarray:
    """Return the utilities of the individually rational outcome with the largest product."""
    gains = utilities - disagreement
    products = np.where((gains >= 0).all(axis=1), gains.prod(axis=1), -1.0)
    return utilities[products.argmax()]


def assert_same_points(ours: np.ndarray, theirs: np.ndarray, tolerance: float = 1e-9) -> None:
    """Assert that every point of either set lies at a point of the other."""
    distances = np.abs(ours[:, None, :] - np.asarray(theirs)[None, :, :]).max(axis=2)
    assert distances.min(axis=1).max() <= tolerance
    assert distances.min(axis=0).max() <= tolerance
