"""How often each value of each issue was offered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Counts = tuple[NDArray[np.float64], ...]
"""One array an issue, shape (size of the issue,)."""


def counted(counts: Counts, positions: Sequence[int]) -> Counts:
    """Return counts after one more offer; those given stay as they are."""
    after = tuple(issue_counts.copy() for issue_counts in counts)
    for issue_counts, position in zip(after, positions, strict=True):
        issue_counts[position] += 1.0
    return after
