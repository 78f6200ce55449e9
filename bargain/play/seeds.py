"""Seeds: the only way randomness gets in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.model.space import Seed

GOLDEN = 0x9E3779B97F4A7C15
"""Step of SplitMix64."""


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

    The same for session i whatever the count: SplitMix64 (Steele, Lea and Flood 2014), i steps
    on from where the sequence starts it, as the sequence itself takes a microsecond for each.
    """
    start = sequence.generate_state(1, np.uint64)
    steps = np.uint64(GOLDEN) * np.arange(1, count + 1, dtype=np.uint64)
    return _scrambled(start + steps).view(np.int64)


def uniforms(keys: NDArray[np.int64], stream: int, count: int) -> NDArray[np.float64]:
    """Return `bargain.kernels.table.uniform` of each of some keys, in [0, 1)."""
    bits = _scrambled(keys.view(np.uint64) + _steps(stream + 1))
    bits = _scrambled(bits + _steps(count + 1))
    return np.asarray((bits >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def _steps(count: int) -> np.uint64:
    """Return so many steps of SplitMix64, where numpy would warn that a product wraps around."""
    return np.uint64(GOLDEN * count % 2**64)


def _scrambled(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
