"""Seeds: the only way randomness gets in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.model.space import Seed

GOLDEN = 0x9E3779B97F4A7C15
"""Step of SplitMix64."""

AT_ONCE = 8_192
"""Keys that are made at once."""

KEYS_PER_THREAD = 200_000
"""Keys worth a thread."""

DEFAULT_POOL = 4
"""Words of the pool of a numpy SeedSequence made without saying."""


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


@dataclass(frozen=True)
class SessionSeed:
    """The seed of one of many sessions, for `alternating_offers`.

    With it, the same policies and the same other arguments, `alternating_offers` plays exactly the
    session at a position of `play_sessions(..., seed=seed)`.

    Parameters
    ----------
    seed : int or SeedSequence
        The seed of all.
    session : int
        Position among them, >= 0. Session 0 is what the seed itself gives.

    Raises
    ------
    InvalidArgumentError
        Naming the argument that is wrong. A Generator gives other numbers every time it is asked;
        `Sessions.seed_of` knows what came of it.

    Examples
    --------
    >>> import bargain as bg
    >>> rental, pair = bg.load("rental"), ("random", "random")
    >>> many = bg.play_sessions(rental, pair, [[0, 1]] * 100, deadline=40, seed=7)
    >>> many.seed_of(41)
    SessionSeed(seed=7, session=41)
    >>> one = bg.alternating_offers(rental, pair, deadline=40, seed=bg.SessionSeed(7, 41))
    >>> many[41]["row"] == one.offer_rows[-1]
    np.True_
    """

    seed: int | np.random.SeedSequence
    session: int

    def __post_init__(self) -> None:
        if not isinstance(self.seed, np.random.SeedSequence):
            seed = whole_number("seed", self.seed, at_least=0, error=InvalidArgumentError)
            object.__setattr__(self, "seed", seed)
        at = whole_number("session", self.session, at_least=0, error=InvalidArgumentError)
        object.__setattr__(self, "session", at)


def plain_seed(sequence: np.random.SeedSequence) -> int | np.random.SeedSequence:
    """Return an int that gives the same sequence, or the sequence itself where none does."""
    entropy = sequence.entropy
    if isinstance(entropy, int) and not sequence.spawn_key and sequence.pool_size == DEFAULT_POOL:
        return entropy
    return sequence


def session_key(seed: Seed | SessionSeed) -> int:
    """Return what the draws of the one session of a seed derive from."""
    if not isinstance(seed, SessionSeed):
        return int(session_keys(seed_sequence(seed), 1)[0])
    start = seed_sequence(seed.seed).generate_state(1, np.uint64)
    return int(_scrambled(start + _steps(seed.session + 1)).view(np.int64)[0])


def session_keys(sequence: np.random.SeedSequence, count: int) -> NDArray[np.int64]:
    """Return what the draws of each session derive from, shape (count,).

    The same for session i whatever the count: SplitMix64 (Steele, Lea and Flood 2014), i steps
    on from where the sequence starts it, as the sequence itself takes a microsecond for each.
    """
    from bargain.kernels.threads import in_slices

    first = sequence.generate_state(1, np.uint64)
    keys = np.empty(count, dtype=np.uint64)

    def fill(start: int, stop: int) -> None:
        # in parts that stay in the cache
        for at in range(start, stop, AT_ONCE):
            end = min(at + AT_ONCE, stop)
            steps = np.uint64(GOLDEN) * np.arange(at + 1, end + 1, dtype=np.uint64)
            keys[at:end] = _scrambled(first + steps)

    in_slices(fill, count, steps=count, steps_per_thread=KEYS_PER_THREAD)
    return keys.view(np.int64)


def uniforms(keys: NDArray[np.int64], stream: int, count: int) -> NDArray[np.float64]:
    """Return `bargain.kernels.draws.uniform` of each of some keys, in [0, 1)."""
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
