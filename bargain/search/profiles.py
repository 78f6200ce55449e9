"""Payoffs, names and profiles as a user gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.arrays import frozen
from bargain.model.numbers import is_number
from bargain.search.bimatrix import Reals

Names = tuple[str, ...]

LARGEST = 8e307
"""Largest payoff, so that the difference of two is finite."""

UNLIMITED = (-inf, inf)
"""Limits of payoffs of which nothing is known."""

SHAPES = "shape (n, n), (n, m, 2) or a pair (tuple) of shape (n, m)"


def payoff_array(where: str, given: Any, *, at_least: float = -LARGEST) -> Reals:
    """Return payoffs, shape (n, n) or (n, m, 2), read-only; a pair of matrices is stacked.

    Raises
    ------
    InvalidArgumentError
        If the shape is another, there is nothing, or a number is not finite.
    """
    if isinstance(given, list) and any(isinstance(part, np.ndarray) for part in given):
        # two matrices in a list could be meant either way
        raise InvalidArgumentError.at(where, SHAPES, "a list of arrays")
    if isinstance(given, tuple) and len(given) == 2 and np.ndim(given[0]) == 2:
        parts = [as_reals(f"{where}[{i}]", part) for i, part in enumerate(given)]
        if parts[0].shape != parts[1].shape:
            shapes = [part.shape for part in parts]
            raise InvalidArgumentError.at(where, "two matrices of one shape", shapes)
        array = np.stack(parts, axis=-1)
    else:
        array = as_reals(where, given).copy()
    square = array.ndim == 2 and array.shape[0] == array.shape[1]
    if not (square or (array.ndim == 3 and array.shape[2] == 2)) or array.size == 0:
        raise InvalidArgumentError.at(where, SHAPES, array.shape)
    bad = np.argwhere(~((array >= at_least) & (array <= LARGEST)))
    if len(bad):
        at = tuple(bad[0].tolist())
        bounds = f"from {at_least:g} to {LARGEST:g}"
        raise InvalidArgumentError.at(
            f"{where}[{', '.join(map(str, at))}]", f"a number {bounds}", float(array[at])
        )
    return frozen(array)


def error_array(where: str, given: Any, shape: tuple[int, ...]) -> Reals:
    """Return standard errors of payoffs of a shape, read-only."""
    errors = payoff_array(where, given, at_least=0.0)
    if errors.shape != shape:
        raise InvalidArgumentError.at(where, f"the shape of payoffs, {shape}", errors.shape)
    return errors


def sample_array(where: str, given: Any) -> Reals:
    """Return several arrays of payoffs, shape (k, n, n) or (k, n, m, 2), read-only."""
    array = as_reals(where, given).copy()
    if array.ndim not in (3, 4) or not len(array):
        raise InvalidArgumentError.at(where, "shape (k, n, n) or (k, n, m, 2)", array.shape)
    for k, one in enumerate(array):
        payoff_array(f"{where}[{k}]", one)
    return frozen(array)


def as_reals(where: str, given: Any) -> Reals:
    """Return an array of float64."""
    try:
        array = np.asarray(given)
    except ValueError:  # rows of different lengths
        raise InvalidArgumentError.at(where, SHAPES, given) from None
    if array.dtype.kind not in "iuf" and not (
        array.dtype == object and all(is_number(value) for value in array.flat)
    ):
        raise InvalidArgumentError.at(where, "numbers", given)
    return np.asarray(array, dtype=np.float64)


def checked_names(given: Any, shape: tuple[int, int], *, symmetric: bool) -> tuple[Names, Names]:
    """Return the names of both roles' policies: "0", "1", ... where none were given.

    Raises
    ------
    InvalidArgumentError
        If they are too many or too few, or a role has a name twice.
    """
    if given is None:
        first, second = (tuple(str(i) for i in range(count)) for count in shape)
        return first, second
    if symmetric:
        names = _names("names", given, shape[0])
        return names, names
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise InvalidArgumentError.at("names", "a pair: names of rows, names of columns", given)
    return _names("names[0]", given[0], shape[0]), _names("names[1]", given[1], shape[1])


def _names(where: str, given: Any, count: int) -> Names:
    if (
        isinstance(given, str)
        or not isinstance(given, Sequence)
        or len(given) != count
        or not all(isinstance(name, str) and name for name in given)
    ):
        raise InvalidArgumentError.at(where, f"{count} names", given)
    if len(set(given)) < count:
        raise InvalidArgumentError.at(where, "every name once", given)
    return tuple(given)


def checked_roles(given: Any) -> tuple[str, str]:
    """Return the names of both roles."""
    first, second = pair_of("roles", given)
    if not all(isinstance(role, str) and role for role in (first, second)) or first == second:
        raise InvalidArgumentError.at("roles", "two names", given)
    return first, second


def checked_limits(given: Any) -> tuple[float, float]:
    """Return what a payoff can be at least and at most, perhaps infinite."""
    least, most = pair_of("limits", given)
    if not (is_number(least) and is_number(most)) or isnan(least) or not least <= most:
        raise InvalidArgumentError.at("limits", "two numbers, the smaller first", given)
    return float(least), float(most)


def pair_of(where: str, given: Any) -> tuple[Any, Any]:
    """Return the two parts of a pair."""
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise InvalidArgumentError.at(where, "a pair", given)
    return given[0], given[1]


def checked_profile(
    where: str, given: Any, names: tuple[Names, Names], *, symmetric: bool
) -> tuple[Reals, Reals]:
    """Return the probabilities of both roles' policies.

    Parameters
    ----------
    given : pair, or in a symmetric game what both roles play; or what has such `probabilities`
        What a role plays is a name, a mapping from names to probabilities, or an array.

    Raises
    ------
    InvalidArgumentError
        If it is something else, or probabilities are below 0 or do not add up to 1.
    """
    given = getattr(given, "probabilities", given)
    numbers = all(is_number(part) for part in given) if isinstance(given, Sequence) else False
    if isinstance(given, Sequence) and not isinstance(given, str) and not numbers:
        first, second = pair_of(where, given)
        return _mixture(f"{where}[0]", first, names[0]), _mixture(f"{where}[1]", second, names[1])
    if not symmetric:
        raise InvalidArgumentError.at(where, "a pair: what each role plays", given)
    both = _mixture(where, given, names[0])
    return both, both


def _mixture(where: str, given: Any, names: Names) -> Reals:
    if isinstance(given, str):
        given = {given: 1.0}
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                raise InvalidArgumentError.at(where, f"one of {', '.join(names)}", name)
        given = [given.get(name, 0.0) for name in names]
    chances: NDArray[np.float64] = as_reals(where, given)
    total = chances.sum() if chances.shape == (len(names),) else np.nan
    if not (abs(total - 1.0) <= 1e-6 and chances.min() >= 0):
        raise InvalidArgumentError.at(
            where, f"{len(names)} probabilities >= 0 that add up to 1", given
        )
    return np.asarray(chances / total)
