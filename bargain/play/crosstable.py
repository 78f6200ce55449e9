"""Means of sessions by problem, policy and opponent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Shape = tuple[int, int, int, int]
"""Numbers of problems, policies and opponents, and of those opponents that are a pool apart."""


def pairs(
    results: NDArray[Any], shape: Shape
) -> list[tuple[NDArray[np.intp], int, NDArray[Any], NDArray[Any]]]:
    """Return, for each two seats, sessions that a policy and an opponent sit in.

    Returns
    -------
    list of (sessions, seat of the policy, policies, opponents)
        The policy and the opponent of each session, by position.
    """
    _, n_policies, _, pool = shape
    seats = results["policies"]
    shift = n_policies if pool else 0
    found = []
    for a in range(seats.shape[1]):
        for b in range(seats.shape[1]):
            here = (seats[:, a] >= 0) & (seats[:, a] < n_policies) & (seats[:, b] >= shift)
            if a != b and here.any():
                rows = np.flatnonzero(here)
                found.append((rows, a, seats[rows, a], seats[rows, b] - shift))
    return found


def cells(results: NDArray[Any], values: Reals, shape: Shape) -> Reals:
    """Return means by problem and pair, NaN where nothing is known.

    Parameters
    ----------
    results : structured ndarray, shape (n_sessions,)
    values : ndarray, shape (n_sessions,) or (n_sessions, n_seats)
        Of each session, or of each seat in it; NaN counts as unknown.

    Returns
    -------
    ndarray, shape (n_problems, n_policies, n_opponents)
    """
    box = shape[:3]
    size = box[0] * box[1] * box[2]
    sums, weights = np.zeros(size), np.zeros(size)
    for rows, seat, policy, opponent in pairs(results, shape):
        value = values[rows, seat] if values.ndim == 2 else values[rows]
        known = ~np.isnan(value)
        cell = np.ravel_multi_index((results["problem"][rows], policy, opponent), box)[known]
        weight = results["weight"][rows][known]
        sums += np.bincount(cell, weights=weight * value[known], minlength=size)
        weights += np.bincount(cell, weights=weight, minlength=size)
    return _ratio(sums, weights).reshape(box)


def mean(values: Reals, *, axis: int) -> Reals:
    """Return means of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=axis), known.sum(axis=axis))


def standard_error(values: Reals) -> Reals:
    """Return the standard error of means over the first axis, NaN for fewer than two values."""
    count = (~np.isnan(values)).sum(axis=0)
    squares = mean((values - mean(values, axis=0)) ** 2, axis=0)
    # squares are means: n / (n - 1) makes them a variance, 1 / n one of the mean
    return np.asarray(np.sqrt(_ratio(squares, count - 1)))


def others(shares: Reals) -> Reals:
    """Return the mean share of the other seats, by seat, NaN at seats that are not there."""
    known = ~np.isnan(shares)
    total = np.where(known, shares, 0.0)
    rest = total.sum(axis=1, keepdims=True) - total
    return np.where(known, rest / (known.sum(axis=1, keepdims=True) - 1), np.nan)


def _ratio(above: Reals, below: NDArray[Any]) -> Reals:
    unknown = np.full(below.shape, np.nan)
    return np.asarray(np.divide(above, below, out=unknown, where=below > 0))
