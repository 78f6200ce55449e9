"""Strategies that no equilibrium plays, and strategies that are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.model.outcomes import FrozenMapping
from bargain.search.bimatrix import SAME, TOLERANCE, Bimatrix, Reals, Rows
from bargain.search.profiles import Names

Groups = tuple[Names, ...]

BELIEFS = 400
"""Beliefs that are tried before a linear program is solved for a strategy."""


@dataclass(frozen=True, eq=False)
class Elimination:
    """A strategy that is strictly worse than a mixture of others, whatever the other role does.

    Attributes
    ----------
    role : int
        0 for rows, 1 for columns. In a symmetric game 0: it goes from both.
    strategy : int
    by : ndarray
        Probability of each strategy of the role in the mixture that dominates it.
    margin : float
        By how much it is worse at least, in parts of the role's payoff range.
    step : int
        From 1. Those of a step are dominated in the game that the steps before have left.
    """

    role: int
    strategy: int
    by: Reals
    margin: float
    step: int


@dataclass(frozen=True)
class Dominated:
    """A policy that is strictly worse than a mixture of others, whatever the other role does.

    Attributes
    ----------
    name : str
    role : str
        Of which role it is a policy; "both" in a symmetric game.
    by : mapping from name to float
        The mixture that dominates it.
    margin : float
        By how much it is worse at least, in units of payoff.
    step : int
        From 1: the policies of a step are dominated once those of the steps before are gone.
    """

    name: str
    role: str
    by: Mapping[str, float]
    margin: float
    step: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        return {**vars(self), "by": dict(self.by)}


def dominated(
    gone: list[Elimination], game: Bimatrix, names: tuple[Names, Names], roles: tuple[str, str]
) -> tuple[Dominated, ...]:
    """Return eliminations with names, and margins in the units of a game."""
    return tuple(
        Dominated(
            name=names[one.role][one.strategy],
            role=roles[one.role],
            by=FrozenMapping(
                {names[one.role][k]: float(one.by[k]) for k in np.flatnonzero(one.by)}
            ),
            margin=one.margin * game.ranges[one.role],
            step=one.step,
        )
        for one in gone
    )


def eliminations(game: Bimatrix) -> list[Elimination]:
    """Return what iterated elimination of strictly dominated strategies takes away.

    Strategies dominated by mixtures too, by a linear program for each that is the best answer to
    none of some beliefs (Pearce 1984, "Rationalizable strategic behavior and the problem of
    perfection", Econometrica 52, Lemma 3). Weakly dominated ones stay, as equilibria may play
    them.

    Parameters
    ----------
    game : Bimatrix
        With payoffs from 0 to 1.
    """
    found: list[Elimination] = []
    left = [np.arange(count) for count in game.shape]
    step = 0
    while True:
        step += 1
        gone: list[list[int]] = [[], []]
        for role in (0,) if game.symmetric else (0, 1):
            payoffs = game.rows if role == 0 else game.columns.T
            payoffs = payoffs[np.ix_(left[role], left[1 - role])]
            for strategy, by, margin in _dominated(payoffs):
                mixture = np.zeros(game.shape[role])
                mixture[left[role]] = by
                at = int(left[role][strategy])
                found.append(Elimination(role, at, mixture, margin, step))
                gone[role].append(at)
        if game.symmetric:
            gone[1] = gone[0]
        if not any(gone):
            return found
        left = [np.setdiff1d(here, away) for here, away in zip(left, gone, strict=True)]


def _dominated(payoffs: Reals) -> Iterator[tuple[int, Reals, float]]:
    """Yield strategies (rows) that others dominate, with the mixture that does and its margin."""
    n = len(payoffs)
    found = False
    for i in range(n):
        margins = (payoffs - payoffs[i]).min(axis=1)
        best = int(margins.argmax())
        if margins[best] > TOLERANCE:
            found = True
            yield i, np.eye(n)[best], float(margins[best])
    if found or n < 3:
        # a mixture of fewer than two others is pure
        return
    for i in sorted(set(range(n)) - _best_answers(payoffs)):
        by, margin = _best_mixture(payoffs, i)
        if margin > TOLERANCE:
            yield i, by, margin


def _best_answers(payoffs: Reals) -> set[int]:
    """Return strategies that are best for some belief, so that nothing dominates them."""
    m = payoffs.shape[1]
    # sparse and even beliefs; the same ones every time
    drawn = np.random.default_rng(0).dirichlet(np.full(m, 0.3), BELIEFS)
    beliefs = np.vstack([np.eye(m), np.full((1, m), 1.0 / m), drawn])
    return set((payoffs @ beliefs.T).argmax(axis=0).tolist())


def _best_mixture(payoffs: Reals, strategy: int) -> tuple[Reals, float]:
    """Return the mixture of the others that is better by the most where it is so by the least."""
    from scipy.optimize import linprog

    n, m = payoffs.shape
    others = np.delete(np.arange(n), strategy)
    # variables: the probabilities, the margin
    above = np.hstack([-payoffs[others].T, np.ones((m, 1))])
    found = linprog(
        np.append(np.zeros(n - 1), -1.0),
        A_ub=above,
        b_ub=-payoffs[strategy],
        A_eq=np.append(np.ones(n - 1), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * (n - 1) + [(-1.0, 1.0)],
    )
    mixture = np.zeros(n)
    if found.x is None:
        return mixture, -1.0
    mixture[others] = np.maximum(found.x[:-1], 0.0)
    mixture /= mixture.sum()
    return mixture, float((mixture @ payoffs - payoffs[strategy]).min())


def remaining(game: Bimatrix, gone: list[Elimination]) -> tuple[Rows, Rows]:
    """Return the strategies of each role that were not eliminated."""
    away: list[list[int]] = [[], []]
    for one in gone:
        for role in (0, 1) if game.symmetric else (one.role,):
            away[role].append(one.strategy)
    rows, columns = (
        np.setdiff1d(np.arange(count), gone) for count, gone in zip(game.shape, away, strict=True)
    )
    return rows, columns


def duplicate_classes(game: Bimatrix) -> tuple[list[list[int]], list[list[int]]]:
    """Return the strategies of each role in classes of the same payoffs to both roles.

    Parameters
    ----------
    game : Bimatrix
        With payoffs from 0 to 1; those up to 1e-12 apart count as the same.

    Returns
    -------
    rows, columns : list of list of int
        Each class in order, classes in order of their first members.
    """
    rows = _classes(np.hstack([game.rows, game.columns]))
    columns = rows if game.symmetric else _classes(np.vstack([game.rows, game.columns]).T)
    return rows, columns


def _classes(features: Reals) -> list[list[int]]:
    classes: list[list[int]] = []
    for i, one in enumerate(features):
        for members in classes:
            if np.abs(features[members[0]] - one).max() <= SAME:
                members.append(i)
                break
        else:
            classes.append([i])
    return classes


def named_duplicates(game: Bimatrix, names: tuple[Names, Names]) -> tuple[Groups, Groups]:
    """Return the classes of two and more strategies, by name."""
    first, second = (
        tuple(tuple(own[i] for i in members) for members in classes if len(members) > 1)
        for own, classes in zip(names, duplicate_classes(game.scaled), strict=True)
    )
    return first, second
