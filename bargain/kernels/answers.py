"""Whether a side accepts an offer: its program of acceptance conditions.

Arrays and their names are those of `bargain.kernels.table`. Callers validate; nothing here checks
anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import merged
from bargain.kernels.sides import (
    ABOVE,
    AFTER,
    ALL,
    ANY,
    BEST,
    BEST_UTILITY,
    LAST_SENT,
    N_OPS,
    NEXT,
    PREVIOUS,
    RECEIVED,
    RESERVATION,
)
from bargain.kernels.targets import share_of

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@merged
def accepts(
    s: int,
    q: int,
    utility: float,
    upcoming: float,
    time: float,
    ends: Reals,
    utilities: Reals,
    codes: Integers,
    ops: Integers,
    args: Reals,
    counters: Integers,
    received: Reals,
    moments: Reals,
) -> bool:
    """Say whether side s in seat q accepts an offer worth `utility` by its program.

    upcoming is what its own next offer is worth to it. The offer itself has been received.
    """
    best, reservation = ends[q, BEST_UTILITY], ends[q, RESERVATION]
    share = share_of(utility, reservation, best)
    # what is on the stack, as bits
    stack = 0
    for i in range(codes[s, N_OPS]):
        op, a, b = ops[s, i], args[s, i, 0], args[s, i, 1]
        answer = False
        if op in (ALL, ANY):
            first, second = (stack >> 1) & 1, stack & 1
            answer = (first & second if op == ALL else first | second) == 1
            stack >>= 2
        elif op in (NEXT, PREVIOUS):
            mine = upcoming
            exists = op == NEXT or counters[q, LAST_SENT] >= 0
            if op == PREVIOUS and exists:
                mine = utilities[q, counters[q, LAST_SENT]]
            if not exists:
                answer = False
            elif best <= reservation:
                # nothing to gain: the reservation itself is all there is to wait for
                answer = True
            elif a == 1.0 and b == 0.0:
                answer = utility >= mine
            else:
                answer = a * share + b >= share_of(mine, reservation, best)
        elif op == ABOVE:
            answer = share >= a
        elif op == AFTER:
            answer = time >= a
        elif i + 1 < codes[s, N_OPS] and ops[s, i + 1] == ALL and stack & 1 == 0:
            # whatever it is, the next takes it together with what does not hold
            answer = False
        elif op == BEST:
            since = 2.0 * time - 1.0 if a > 0.0 else -1.0
            answer, k = True, counters[q, RECEIVED] - 2
            while answer and k >= 0 and moments[q, k] >= since:
                answer = share >= received[q, k]
                k -= 1
        else:
            since = 2.0 * time - 1.0 if a > 0.0 else -1.0
            total, within = 0.0, 0
            for k in range(counters[q, RECEIVED] - 1):
                if moments[q, k] >= since:
                    total += received[q, k]
                    within += 1
            answer = within == 0 or share >= total / within
        stack = (stack << 1) | (1 if answer else 0)
    return utility >= reservation and stack == 1
