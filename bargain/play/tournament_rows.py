"""The sessions of a tournament as rows: what is kept of each, and the same as columns of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.play.batch import ENDINGS


def result_type(n_seats: int, *, n_rows: float = 0) -> np.dtype[Any]:
    """Return what one session is in `Tournament.results`; n_rows of the largest space."""
    seats = (n_seats,)
    row = "i8" if n_rows <= 2**63 else "O"
    return np.dtype(
        [
            ("problem", "i4"),
            ("has_zone", "?"),
            ("deadline", "i8"),
            ("policies", "i4", seats),
            ("first", "i4"),
            ("repetition", "i4"),
            ("weight", "f8"),
            ("round", "i8"),
            ("ended", "i1"),
            ("left_by", "i4"),
            ("row", row),
            ("utilities", "f8", seats),
            ("discounted_utilities", "f8", seats),
            ("gains", "f8", seats),
            ("shares", "f8", seats),
            ("joint_gain", "f8"),
            ("nash_distance", "f8"),
            ("kalai_smorodinsky_distance", "f8"),
            ("frontier_distance", "f8"),
            ("fairness", "f8"),
            ("first_offer", row),
            ("first_offer_share", "f8"),
        ]
    )


def columns(
    results: NDArray[Any], problem_names: Sequence[str], player_names: Sequence[str]
) -> dict[str, list[Any]]:
    """Return rows of `result_type` as columns of plain values (`Tournament.columns`)."""
    players = (*player_names, None)
    found: dict[str, list[Any]] = {}
    for name in results.dtype.names or ():
        values = results[name]
        if name == "problem":
            found[name] = [problem_names[i] for i in values]
        elif name == "ended":
            found[name] = [ENDINGS[i] for i in values]
        elif name == "policies":
            for seat in range(values.shape[1]):
                found[f"policy_{seat}"] = [players[i] for i in values[:, seat]]
        elif values.ndim == 2:
            for seat in range(values.shape[1]):
                found[f"{name}_{seat}"] = values[:, seat].tolist()
        else:
            found[name] = values.tolist()
    return found
