"""A second opinion on small games, by another implementation."""

from __future__ import annotations

import warnings
from time import monotonic

import numpy as np

from bargain.errors import TooLargeError
from bargain.search.bimatrix import Bimatrix, Reals

MOST_STRATEGIES = 6
"""Most strategies a side: nashpy takes about a second for 6, and several for 8."""


def nashpy_equilibria(game: Bimatrix, *, end: float) -> list[tuple[Reals, Reals]]:
    """Return what the vertex enumeration of nashpy finds before a time; regrets are not checked.

    Of nashpy's algorithms this one is right on small games, degenerate ones too, if all payoffs
    are above 0; its support enumeration misses equilibria and its Lemke-Howson may not end.

    Parameters
    ----------
    game : Bimatrix
    end : float
        By `time.monotonic`.

    Raises
    ------
    TooLargeError
        For more than 6 strategies a side.
    """
    if max(game.shape) > MOST_STRATEGIES:
        raise TooLargeError.at(
            "method='nashpy'",
            f"at most {MOST_STRATEGIES} policies a role that are neither dominated nor duplicates",
            "{} x {}".format(*game.shape),
        )
    import nashpy

    # it needs payoffs above 0, and two strategies; of one, all extreme equilibria are pure
    given = nashpy.Game(game.rows + 1.0, game.columns + 1.0)
    search = given.vertex_enumeration if min(game.shape) > 1 else given.support_enumeration
    found = []
    with warnings.catch_warnings():
        # it warns of degenerate games
        warnings.simplefilter("ignore")
        for x, y in search():
            if np.isfinite(x).all() and np.isfinite(y).all() and min(x.min(), y.min()) > -1e-9:
                found.append((np.maximum(x, 0.0), np.maximum(y, 0.0)))
            if monotonic() > end:
                break
    return found
