"""The search for equilibria: which method is used for which game."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import numpy as np

from bargain.search.bimatrix import TOLERANCE, Bimatrix, Reals
from bargain.search.eliminate import Elimination, duplicate_classes, remaining
from bargain.search.lemke_howson import lemke_howson, symmetric_lemke_howson
from bargain.search.vertex_enumeration import can_enumerate, extreme_equilibria

Method = Literal["pure", "vertex enumeration", "Lemke-Howson", "nashpy"]
Candidate = tuple[Reals, Reals, Method]

DISTINCT = 1e-7
"""How far apart in some probability two equilibria are that count as two."""


@dataclass(frozen=True, eq=False)
class Found:
    """Equilibria as arrays.

    Attributes
    ----------
    profiles : list of (x, y, method)
        Over all strategies of the game.
    classes : pair of list of list of int
        Strategies of each role that are the same once dominated ones are gone. Of each class the
        first is played, if any is.
    complete : bool
        All extreme equilibria are there.
    least_regret : float
        Of a candidate that was turned down, in parts of the payoff range; infinity if none was.
    """

    profiles: list[Candidate]
    classes: tuple[list[list[int]], list[list[int]]]
    complete: bool
    least_regret: float


def find_equilibria(
    game: Bimatrix,
    *,
    gone: list[Elimination],
    time_limit: float,
    method: Literal["auto", "nashpy"],
) -> Found:
    """Return equilibria of a game whose regret is at most 1e-9 of a payoff range.

    Dominated strategies (`gone`) are left out and duplicates are put together first. Then all pure
    equilibria are found by looking; and all extreme ones by `extreme_equilibria`, where the game
    is small enough, or those that `lemke_howson` reaches from any label.
    """
    end = monotonic() + time_limit
    scaled = game.scaled
    kept = remaining(scaled, gone)
    alike = duplicate_classes(scaled.part(*kept))
    first, second = (
        [here[members].tolist() for members in classes]
        for here, classes in zip(kept, alike, strict=True)
    )
    rows, columns = (np.array([members[0] for members in part]) for part in (first, second))
    small = scaled.part(rows, columns).scaled
    whole = method == "auto" and can_enumerate(small.shape)
    candidates = _by_nashpy(small, end) if method == "nashpy" else _candidates(small, whole=whole)

    profiles: list[Candidate] = []
    known = np.empty((0, sum(game.shape)))
    least = np.inf
    for x, y, how in candidates:
        x, y = _cleaned(x), _cleaned(y)
        regret = small.regret(x, y)
        if regret > TOLERANCE:
            least = min(least, regret)
        else:
            full_x, full_y = np.zeros(game.shape[0]), np.zeros(game.shape[1])
            full_x[rows], full_y[columns] = x, y
            both = np.concatenate([full_x, full_y])
            if not (np.abs(known - both).max(axis=1, initial=0.0) <= DISTINCT).any():
                known = np.vstack([known, both])
                profiles.append((full_x, full_y, how))
        if monotonic() > end:
            whole = False
            break
    return Found(profiles, (first, second), whole, least)


def _candidates(game: Bimatrix, *, whole: bool) -> Iterator[Candidate]:
    n, m = game.shape
    for i, j in pure_equilibria(game):
        yield np.eye(n)[i], np.eye(m)[j], "pure"
    if whole:
        for x, y in extreme_equilibria(game):
            yield x, y, "vertex enumeration"
        return
    if game.symmetric:
        for label in range(n):
            both = symmetric_lemke_howson(game, label)
            if both is not None:
                yield *both, "Lemke-Howson"
    # in a symmetric game the column role's labels lead to the mirror images of the row role's
    for label in range(n if game.symmetric else n + m):
        both = lemke_howson(game, label)
        if both is not None:
            yield *both, "Lemke-Howson"
            if game.symmetric:
                yield both[1], both[0], "Lemke-Howson"


def _by_nashpy(game: Bimatrix, end: float) -> Iterator[Candidate]:
    from bargain.search.by_nashpy import nashpy_equilibria

    for x, y in nashpy_equilibria(game, end=end):
        yield x, y, "nashpy"


def pure_equilibria(game: Bimatrix) -> list[tuple[int, int]]:
    """Return the pairs of strategies that are best answers to each other."""
    best_rows = game.rows >= game.rows.max(axis=0) - TOLERANCE
    best_columns = game.columns >= game.columns.max(axis=1)[:, None] - TOLERANCE
    return [(int(i), int(j)) for i, j in np.argwhere(best_rows & best_columns)]


def _cleaned(probabilities: Reals) -> Reals:
    kept = np.where(probabilities > TOLERANCE * 1e-3, probabilities, 0.0)
    return np.asarray(kept / kept.sum())
