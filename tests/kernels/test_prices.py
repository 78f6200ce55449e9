"""Prices: the inverse of a basis against numpy's."""

from __future__ import annotations

import numpy as np
import pytest

from bargain.kernels.prices import _inverted


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_a_basis_is_inverted_as_numpy_does_it(size):
    generator = np.random.default_rng(size)
    for _ in range(20):
        # as in a program: mostly 0, unit columns out of their order
        matrix = np.eye(size)[generator.permutation(size)]
        matrix += generator.normal(size=(size, size)) * (generator.random((size, size)) < 0.3)
        if np.linalg.cond(matrix) > 1e8:
            continue
        inverse = np.full((size, size), np.nan)
        assert _inverted(matrix.copy(), inverse)
        assert inverse == pytest.approx(np.linalg.inv(matrix), rel=1e-7, abs=1e-7)


def test_what_has_no_inverse_is_said_to_have_none():
    for matrix in (np.zeros((2, 2)), np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 0.0, 1.0]])):
        assert not _inverted(matrix.copy(), np.empty_like(matrix))
