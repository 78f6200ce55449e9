"""Numbers drawn by counting: each is a function of a key, a stream and a count.

Every session has a generator of its own that counts (Salmon et al. 2011 name the idea), so results
do not depend on the number of threads.
"""

from __future__ import annotations

import numpy as np

from bargain.kernels.compiled import compiled


@compiled
def mixed(bits: np.uint64) -> np.uint64:
    """Scramble 64 bits: the finaliser of SplitMix64 (Steele, Lea and Flood 2014, figure 16)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@compiled
def uniform(key: int, stream: int, count: int) -> float:
    """Return a number in [0, 1): the count-th of a stream of a session's key."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    bits = mixed(np.uint64(key) + golden * (np.uint64(stream) + np.uint64(1)))
    bits = mixed(bits + golden * (np.uint64(count) + np.uint64(1)))
    return float(bits >> np.uint64(11)) * 2.0**-53
