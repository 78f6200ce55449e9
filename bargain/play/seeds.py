"""Seeds: the only way randomness gets in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.model.space import Seed


def seed_sequence(seed: Seed) -> np.random.SeedSequence:
    """Return the seed sequence that everything random in one call derives from.

    Parameters
    ----------
    seed : int, SeedSequence, Generator or None
        An int >= 0 or a SeedSequence gives the same sequence every time; a Generator is drawn
        from, once; None takes fresh entropy.

    Raises
    ------
    InvalidArgumentError
        If it is none of these.
    """
    if isinstance(seed, np.random.SeedSequence):
        return seed
    if isinstance(seed, np.random.Generator):
        return np.random.SeedSequence(seed.integers(2**32, size=4).tolist())
    if seed is None:
        return np.random.SeedSequence()
    return np.random.SeedSequence(
        whole_number("seed", seed, at_least=0, error=InvalidArgumentError)
    )


def child(sequence: np.random.SeedSequence, *key: int) -> np.random.SeedSequence:
    """Return the seed sequence at a key below another, which is left as it is."""
    return np.random.SeedSequence(
        sequence.entropy, spawn_key=(*sequence.spawn_key, *key), pool_size=sequence.pool_size
    )


def session_keys(sequence: np.random.SeedSequence, count: int) -> NDArray[np.int64]:
    """Return what the draws of each session derive from, shape (count,).

    The same for session i whatever the count.
    """
    return sequence.generate_state(count, np.uint64).view(np.int64)
