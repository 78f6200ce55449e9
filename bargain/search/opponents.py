"""Whom a policy is searched against, and whom it is tested against afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.play.labels import label
from bargain.play.mixture import Mixture
from bargain.play.policy import Policy
from bargain.play.presets import as_policy
from bargain.play.sides import check_compiled
from bargain.play.time_dependent import TimeDependent
from bargain.play.turn import Responsive
from bargain.search.seated import pool_of

HELD_OUT_BETAS = (0.1, 0.35, 0.75, 1.5, 3.0, 8.0)
HELD_OUT_FLOORS = (0.1, 0.4, 0.65)


def checked_pool(
    where: str, given: Iterable[Policy | Responsive | Mixture | str]
) -> tuple[Any, ...]:
    """Return a pool given as policies or names.

    Raises
    ------
    InvalidArgumentError
        If it is empty or holds something else, or one that compiled code cannot play.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidArgumentError.at(where, "a sequence of policies or their names", given)
    pool = tuple(as_policy(f"{where}[{i}]", policy) for i, policy in enumerate(given))
    if not pool:
        raise InvalidArgumentError.at(where, "at least one policy", pool)
    for i, policy in enumerate(pool):
        parts = [part for part, _ in policy.pure] if isinstance(policy, Mixture) else [policy]
        for part in parts:
            check_compiled(f"{where}[{i}]", part)
    return pool


def weighed_pool(
    where: str,
    given: Iterable[Policy | Responsive | Mixture | str],
    weights: Sequence[float] | None,
) -> tuple[tuple[Any, ...], NDArray[np.float64] | None]:
    """Return a pool with mixtures taken apart, and what each counts, 1 on average.

    None for the latter where there are neither weights nor mixtures.

    Raises
    ------
    InvalidArgumentError
        If it is empty or holds something else, or a weight is wrong.
    """
    pool = checked_pool(where, given)
    if weights is None and not any(isinstance(policy, Mixture) for policy in pool):
        return pool, None
    parts, chances = pool_of(pool, weights)
    return tuple(parts), chances * len(parts)


def held_out_from(
    pool: tuple[Any, ...], given: Iterable[Policy | Responsive | Mixture | str] | None
) -> tuple[tuple[Any, ...], NDArray[np.float64] | None]:
    """Return the opponents that the search never meets, and what they count, as `weighed_pool`.

    By default `TimeDependent` with beta 0.1, 0.35, 0.75, 1.5, 3 and 8, each with floor 0.1, 0.4
    and 0.65: 18 policies made without looking at the pool, less those that are in it.

    Raises
    ------
    InvalidArgumentError
        If one that was given is also in the pool, or none is left.
    """
    if given is None:
        grid = [TimeDependent(b, f) for b in HELD_OUT_BETAS for f in HELD_OUT_FLOORS]
        return checked_pool("held_out", [policy for policy in grid if policy not in pool]), None
    return weighed_apart("held_out", given, (pool,))


def weighed_apart(
    where: str,
    given: Iterable[Policy | Responsive | Mixture | str],
    others: tuple[tuple[Any, ...], ...],
) -> tuple[tuple[Any, ...], NDArray[np.float64] | None]:
    """Return `weighed_pool` of policies none of which is in the pool or held out, or raise."""
    chosen, counts = weighed_pool(where, given, None)
    for i, policy in enumerate(chosen):
        for j, known in enumerate(others):
            if policy in known:
                among = ("in the pool", "held out")[j]
                raise InvalidArgumentError.at(
                    f"{where}[{i}]", f"a policy that is not {among}", label(policy)
                )
    return chosen, counts
