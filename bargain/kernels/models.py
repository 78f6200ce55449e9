"""What a party makes of the offers it gets: frequency models.

The compiled counterpart of `bargain.play.models`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.compiled import merged
from bargain.kernels.sides import SMITH

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@merged
def learn(
    pick: int, q: int, row: int, last: int, digits: Integers, offsets: Integers, model: Reals
) -> None:
    """Let party q's frequency model see an offer; model is modified in place.

    model (n_parties, 2 n_values + n_issues): how often each value was offered, what the model
    adds up for it (weight times count over the largest count), the weights. last is the row of
    the offer before, -1 if there was none. See `bargain.play.models.FrequencyModel`.
    """
    n_issues = digits.shape[1]
    n_values = offsets[n_issues]
    gain = 0.2 / n_issues
    unchanged, total = 0, 0.0
    for j in range(n_issues):
        model[q, offsets[j] + digits[row, j]] += 1.0
        most = 0.0
        for v in range(offsets[j], offsets[j + 1]):
            most = max(most, model[q, v])
        for v in range(offsets[j], offsets[j + 1]):
            model[q, n_values + v] = model[q, v] / most
        if pick == SMITH:
            model[q, 2 * n_values + j] = most
            total += most
        elif n_issues > 1 and last >= 0 and digits[row, j] == digits[last, j]:
            unchanged += 1
    if pick != SMITH:
        total = 1.0 + gain * unchanged
    cap = 1.0 - n_issues * gain / total
    for j in range(n_issues):
        weight = model[q, 2 * n_values + j]
        # with no issue unchanged the total is 1
        if pick != SMITH and unchanged > 0 and digits[row, j] == digits[last, j] and weight < cap:
            weight += gain
        weight /= total
        model[q, 2 * n_values + j] = weight
        for v in range(offsets[j], offsets[j + 1]):
            model[q, n_values + v] *= weight
