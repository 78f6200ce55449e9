"""Best responses by dynamic programming over what is known of the other side.

Callers validate; nothing here checks anything. All integers are int64 unless said otherwise, all
reals float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import compiled

Reals = NDArray[np.float64]

PASS, LEAVE = -1, -2
"""Choices besides the type that an offer is for."""


@compiled
def nested_round(
    worth: Reals,
    later: Reals,
    mass: Reals,
    quits: float,
    passes: int,
    values: Reals,
    choices: NDArray[np.int32],
    tree: NDArray[np.int32],
) -> None:
    """Find the best offer of one round to nested types; values and choices are modified in place.

    Types 0, ..., m - 1 hold out for more and more. When those below `lo` are known to be gone, an
    offer for type k >= lo is accepted by lo, ..., k and gains

        (mass[k + 1] - mass[lo]) worth[k] + later[k + 1],

    in `mass[lo]` a straight line of slope -worth[k]. So the best k for every lo, from the last
    down, is the upper envelope of the lines so far, kept in a tree over the places lo (Li Chao):
    O(m log m) for what would be O(m^2).

    worth (m,): the best that an offer for type k gives after waiting, -inf where no offer is
    accepted by all up to k and nobody above; later (m + 1,): value of going on with types from
    each place, times their mass; mass (m + 1,): of the types below each place; quits: what having
    no agreement is worth; passes: types from this place on can be passed by, with an offer that
    none of them accepts. values, choices (m,): value times mass, and the type that the offer is
    for, PASS or LEAVE; among equals the most accepted offer. tree (2 size,) is scratch, size a
    power of 2, at least m.
    """
    m = worth.shape[0]
    size = tree.shape[0] // 2
    tree[:] = -1
    for lo in range(m - 1, -1, -1):
        line = lo
        node, low, high = 1, 0, size
        while worth[lo] > -np.inf:
            other = tree[node]
            if other < 0:
                tree[node] = line
                break
            middle = (low + high) // 2
            at = mass[min(middle, m)]
            mine = (mass[line + 1] - at) * worth[line] + later[line + 1]
            theirs = (mass[other + 1] - at) * worth[other] + later[other + 1]
            if mine > theirs:
                tree[node] = line
                line, other = other, line
            if high - low == 1:
                break
            at = mass[min(low, m)]
            mine = (mass[line + 1] - at) * worth[line] + later[line + 1]
            theirs = (mass[other + 1] - at) * worth[other] + later[other + 1]
            if mine > theirs:
                node, high = 2 * node, middle
                continue
            at = mass[min(high - 1, m)]
            mine = (mass[line + 1] - at) * worth[line] + later[line + 1]
            theirs = (mass[other + 1] - at) * worth[other] + later[other + 1]
            if mine > theirs:
                node, low = 2 * node + 1, middle
                continue
            break
        best, choice = -np.inf, LEAVE
        node = size + lo
        while node > 0:
            line = tree[node]
            if line >= 0:
                value = (mass[line + 1] - mass[lo]) * worth[line] + later[line + 1]
                if value > best or (value == best and line > choice):
                    best, choice = value, line
            node //= 2
        if lo >= passes and later[lo] > best:
            best, choice = later[lo], PASS
        if (mass[m] - mass[lo]) * quits > best:
            best, choice = (mass[m] - mass[lo]) * quits, LEAVE
        values[lo] = best
        choices[lo] = choice


@compiled
def distinct_offers(
    worth: Reals, chances: Reals, values: Reals, offered: NDArray[np.bool_]
) -> None:
    """Choose offers without repeats; values and offered are modified in place.

    worth, chances (n,): utilities, the best first, and the chance that each is accepted. values
    (q + 1,) start as the value of having no agreement; then entry i is the best that i offers
    give. offered (n, q + 1): whether outcome k is offered when i offers are left and those before
    k have been decided. O(n q).
    """
    for k in range(worth.shape[0] - 1, -1, -1):
        for i in range(values.shape[0] - 1, 0, -1):
            value = chances[k] * worth[k] + (1.0 - chances[k]) * values[i - 1]
            if value > values[i]:
                values[i] = value
                offered[k, i] = True
