"""Populations of policies that grow as they do better than the mean: the replicator dynamics.

dx_i/dt = x_i ((A y)_i - x . A y), and the same for the column role's population y; in a symmetric
game y = x, one population (Taylor and Jonker, "Evolutionarily stable strategies and game
dynamics", Mathematical Biosciences 40 (1978) 145-156). Steps are of Runge and Kutta's fourth order
in log x, in which d(log x_i - log x_k)/dt = (A y)_i - (A y)_k, so that no share falls below 0.

Time counts in units of 1 / (payoff range): payoffs are scaled to a range of 1 for each role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.arrays import frozen
from bargain.model.numbers import positive_number, whole_number
from bargain.model.outcomes import FrozenMapping
from bargain.play.seeds import child
from bargain.search.bimatrix import Bimatrix, Reals
from bargain.search.profiles import Names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST = 1e6
"""Longest duration."""

STEP = 0.1
"""Longest step of time on a path."""

LONG_STEP = 0.5
"""Longest step where only the end counts."""


SETTLED = 1e-3
"""Regret, in parts of the payoff range, at or below which a population has settled."""

NEAR = 0.02
"""How far apart in some share populations are at most that have settled at the same place."""


@dataclass(frozen=True, eq=False)
class ReplicatorPath:
    """How the shares of policies in a population develop.

    Attributes
    ----------
    times : ndarray, shape (k,)
        In units of one over the payoff range, from 0.
    shares : tuple of ndarray, shapes (k, n) and (k, m)
        Of each role's policies; the same twice for the one population of a symmetric game.
    names : tuple of tuple of str
    roles : tuple of str
    symmetric : bool
    regret : float
        Of the shares at the end.
    """

    times: Reals
    shares: tuple[Reals, Reals]
    names: tuple[Names, Names]
    roles: tuple[str, str]
    symmetric: bool
    regret: float

    def plot(self, role: int = 0, *, ax: Axes | None = None) -> Axes:
        """Draw the shares over time (see `bargain.plot.plot_population`)."""
        from bargain.plot import plot_population

        return plot_population(self, role=role, ax=ax)


@dataclass(frozen=True, eq=False)
class Basin:
    """Where populations end that start from many places.

    Attributes
    ----------
    probabilities : tuple of ndarray
        The mean of the populations that end here. Of those that have not settled, it is the mean
        over the second half of their time.
    names : tuple of tuple of str
    share : float
        Part of the starts that end here.
    standard_error : float
        Of `share`, sqrt(share (1 - share) / starts).
    regret : float
        Of `probabilities`.
    settled : bool
        False for the starts that still moved at the end, as around a cycle: they are one group.
    """

    probabilities: tuple[Reals, Reals]
    names: tuple[Names, Names]
    share: float
    standard_error: float
    regret: float
    settled: bool

    @property
    def support(self) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """For each role, the policies with a share of at least 0.001, and their shares."""
        first, second = (
            FrozenMapping({name: float(p) for name, p in zip(own, part, strict=True) if p >= 1e-3})
            for own, part in zip(self.names, self.probabilities, strict=True)
        )
        return first, second

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        return {
            "support": [dict(played) for played in self.support],
            "share": self.share,
            "standard_error": self.standard_error,
            "regret": self.regret,
            "settled": self.settled,
        }


def trajectories(
    game: Bimatrix, x: Reals, y: Reals, *, times: Reals, step: float = STEP
) -> Iterator[tuple[Reals, Reals]]:
    """Yield the shares at some times.

    Parameters
    ----------
    game : Bimatrix
        With payoffs from 0 to 1.
    x, y : ndarray, shapes (s, n) and (s, m)
        Where s populations start. In a symmetric game y is not looked at.
    times : ndarray, shape (k,)
        Ascending, the first the start.
    step : float
        Longest step of time.

    Yields
    ------
    x, y : ndarray
        At each time.
    """
    with np.errstate(divide="ignore"):
        # a share of 0 stays at 0
        logs = (np.log(x), np.log(y))
    yield _shares(logs[0]), _shares(logs[0] if game.symmetric else logs[1])
    for before, after in pairwise(times.tolist()):
        steps = max(1, int(np.ceil((after - before) / step)))
        for _ in range(steps):
            logs = _stepped(game, logs, (after - before) / steps)
        yield _shares(logs[0]), _shares(logs[0] if game.symmetric else logs[1])


def _stepped(game: Bimatrix, logs: tuple[Reals, Reals], h: float) -> tuple[Reals, Reals]:
    a, b = logs
    a1, b1 = _growth(game, a, b)
    a2, b2 = _growth(game, a + 0.5 * h * a1, b + 0.5 * h * b1)
    a3, b3 = _growth(game, a + 0.5 * h * a2, b + 0.5 * h * b2)
    a4, b4 = _growth(game, a + h * a3, b + h * b3)
    return _levelled(a + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)), _levelled(
        b + h / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
    )


def _growth(game: Bimatrix, a: Reals, b: Reals) -> tuple[Reals, Reals]:
    # the mean growth cancels in shares
    if game.symmetric:
        return _shares(a) @ game.rows.T, np.zeros_like(b)
    return _shares(b) @ game.rows.T, _shares(a) @ game.columns


def _levelled(logs: Reals) -> Reals:
    return np.asarray(logs - logs.max(axis=1, keepdims=True))


def _shares(logs: Reals) -> Reals:
    grown = np.exp(_levelled(logs))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


def path(
    game: Bimatrix,
    start: tuple[Reals, Reals] | None,
    duration: float,
    points: int,
    *,
    names: tuple[Names, Names],
    roles: tuple[str, str],
) -> ReplicatorPath:
    """Return how one population for each role, or one for both, develops.

    The start is even shares where none is given; see `EmpiricalGame.replicator`.
    """
    even = tuple(np.full(count, 1.0 / count) for count in game.shape)
    x, y = even if start is None else start
    points = whole_number("points", points, at_least=2, error=InvalidArgumentError)
    times = np.linspace(0.0, checked_duration(duration), points)
    steps = list(trajectories(game.scaled, x[None], y[None], times=times))
    first = np.concatenate([x for x, _ in steps])
    second = np.concatenate([y for _, y in steps])
    return ReplicatorPath(
        times=frozen(times),
        shares=(frozen(first), frozen(second)),
        names=names,
        roles=roles,
        symmetric=game.symmetric,
        regret=game.regret(first[-1], second[-1]),
    )


def basins(
    game: Bimatrix,
    starts: int,
    sequence: np.random.SeedSequence,
    duration: float,
    *,
    names: tuple[Names, Names],
) -> tuple[Basin, ...]:
    """Return where populations lead that start from shares drawn uniformly."""
    starts = whole_number("starts", starts, at_least=1, error=InvalidArgumentError)
    duration = checked_duration(duration)
    scaled = game.scaled
    first, second = (
        np.random.default_rng(child(sequence, role)).dirichlet(np.ones(count), starts)
        for role, count in enumerate(game.shape)
    )
    (x, y), (mean_x, mean_y) = _ends(scaled, first, second, duration)
    settled = np.array([scaled.regret(*pair) <= SETTLED for pair in zip(x, y, strict=True)])
    found = []
    for group in _groups(np.hstack([x, y]), settled):
        still = bool(settled[group[0]])
        a, b = (x, y) if still else (mean_x, mean_y)
        probabilities = frozen(a[group].mean(axis=0)), frozen(b[group].mean(axis=0))
        share = len(group) / starts
        found.append(
            Basin(
                probabilities=probabilities,
                names=names,
                share=share,
                standard_error=float(np.sqrt(share * (1.0 - share) / starts)),
                regret=game.regret(*probabilities),
                settled=still,
            )
        )
    return tuple(found)


def _ends(
    game: Bimatrix, x: Reals, y: Reals, duration: float
) -> tuple[tuple[Reals, Reals], tuple[Reals, Reals]]:
    """Return where populations are at the end, and their means over the second half."""
    times = np.linspace(0.0, duration, 201)
    sums = (np.zeros_like(x), np.zeros_like(y))
    last = (x, y)
    for at, last in enumerate(trajectories(game, x, y, times=times, step=LONG_STEP)):
        if at > 100:
            sums[0][...] += last[0]
            sums[1][...] += last[1]
    return last, (sums[0] / 100, sums[1] / 100)


def _groups(points: Reals, settled: NDArray[np.bool_]) -> list[list[int]]:
    """Return points in groups that are near the first of theirs, the largest group first.

    Those that have not settled are one group, which comes last.
    """
    found: list[list[int]] = []
    for i in np.flatnonzero(settled).tolist():
        for members in found:
            if np.abs(points[members[0]] - points[i]).max() <= NEAR:
                members.append(i)
                break
        else:
            found.append([i])
    found.sort(key=len, reverse=True)
    rest = np.flatnonzero(~settled).tolist()
    return [*found, rest] if rest else found


def checked_duration(given: float) -> float:
    """Return a duration, a number above 0 and up to 10^6."""
    duration = positive_number("duration", given, error=InvalidArgumentError)
    if duration > LONGEST:
        raise InvalidArgumentError.at("duration", f"at most {LONGEST:g}", given)
    return duration
