"""Curved value functions of issues: what a value is worth, and which values are best.

Arrays are those of `bargain.kernels.curved`. Callers validate; nothing here checks anything.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]

LINEAR, POWER, LOGARITHMIC, EXPONENTIAL, QUADRATIC, PIECEWISE = range(6)
"""Kinds of value functions."""


@compiled
def best_between(functions: Reals, j: int, k: int) -> tuple[float, float]:
    """Return between which values a function is largest."""
    kind, low, high = functions[j, k, 0], functions[j, k, 1], functions[j, k, 2]
    if kind == PIECEWISE:
        most, first, last = -np.inf, 0.0, 0.0
        for i in range(4, functions.shape[2], 2):
            x, worth = functions[j, k, i], functions[j, k, i + 1]
            if worth > most:
                most, first = worth, x
            if worth == most:
                last = x
        return first, last
    if kind == QUADRATIC:
        vertex = _vertex(low, functions[j, k, 3], high)
        if 0.0 < vertex < 1.0:
            return vertex, vertex
    elif low == high:
        return 0.0, 1.0
    return (0.0, 0.0) if low >= high else (1.0, 1.0)


@compiled
def _vertex(low: float, middle: float, high: float) -> float:
    return 0.5 - (high - low) / (4.0 * ((low - middle) + (high - middle)))


@compiled
def range_of(functions: Reals, j: int, k: int) -> float:
    """Return how far apart the least and the largest worth are."""
    best = worth_of(functions, j, k, best_between(functions, j, k)[0])
    return float(best - min(functions[j, k, 1], functions[j, k, 2]))


@compiled
def worth_of(functions: Reals, j: int, k: int, x: float) -> float:
    """Return what a value is worth."""
    kind, low, high = functions[j, k, 0], functions[j, k, 1], functions[j, k, 2]
    number = functions[j, k, 3]
    if kind == LINEAR:
        return float(high if x == 1.0 else low + x * (high - low))
    if kind == QUADRATIC:
        return parabola(low, number, high, x)
    if kind == PIECEWISE:
        for i in range(6, functions.shape[2], 2):
            left, right = functions[j, k, i - 2], functions[j, k, i]
            here, there = functions[j, k, i - 1], functions[j, k, i + 1]
            if x == right:
                return float(there)
            if x < right:
                return float(here + (x - left) * ((there - here) / (right - left)))
        return float(high)
    shape = shape_at(kind, number, 1.0 - x if low > high else x, whole_of(kind, number))
    return float(min(low, high) * (1.0 - shape) + max(low, high) * shape)


@compiled
def shape_at(kind: float, number: float, t: float, whole: float) -> float:
    """Return the shape of a monotone curve; `whole` is its logarithm or exponential at 1."""
    if kind == POWER:
        return math.sqrt(t) if number == 0.5 else t**number
    if kind == LOGARITHMIC:
        return math.log1p(number * t) / whole
    return math.expm1(-number * t) / whole


@compiled
def whole_of(kind: float, number: float) -> float:
    """Return the logarithm or exponential at 1 that makes a shape end at 1."""
    if kind == LOGARITHMIC:
        return math.log1p(number)
    if kind == EXPONENTIAL:
        return math.expm1(-number)
    return 1.0


@compiled
def parabola(at_low: float, at_middle: float, at_high: float, x: float) -> float:
    """Return the parabola through what the low end, the middle and the high end are worth."""
    rest = 1.0 - x
    return at_low * rest * (rest - x) + 4.0 * at_middle * x * rest + at_high * x * (x - rest)
