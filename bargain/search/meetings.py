"""What policies reach where they meet, as mean shares in both seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.batch import play_sessions
from bargain.play.entrants import draws
from bargain.play.seeds import child
from bargain.play.standings import cut, intervals
from bargain.play.view import PartyView

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

LEVEL = 0.95
"""Of all intervals."""

NORMAL = 1.959963984540054
"""The quantile of the normal distribution that belongs to it."""


@dataclass(frozen=True)
class MeanShare:
    """A mean of shares of the attainable gain, or of differences of them, and how sure it is.

    Attributes
    ----------
    value : float
    standard_error : float
        Over other problems like these; of one problem, over other draws in its sessions: 0 where
        nobody draws.
    interval : tuple of float
        At 95 %, by Student's t over problems; of one problem, by the normal distribution. Cut to
        what the mean can be.
    """

    value: float
    standard_error: float
    interval: tuple[float, float]

    @classmethod
    def of(
        cls,
        by_problem: Reals,
        variance: float,
        limits: tuple[float, float] = (-np.inf, np.inf),
    ) -> MeanShare:
        """Sum up; the variance is that of the mean over draws, limits what the mean can be."""
        mean, n = float(by_problem.mean()), len(by_problem)
        if n == 1:
            error = float(np.sqrt(variance))
            reach = NORMAL * error
            return cls(mean, error, cut((mean - reach, mean + reach), limits, mean))
        low, high = intervals(by_problem[:, None], level=LEVEL)
        error = float(by_problem.std(ddof=1) / np.sqrt(n))
        return cls(mean, error, cut((float(low[0]), float(high[0])), limits, mean))

    @property
    def negated(self) -> MeanShare:
        """The same with the other sign."""
        low, high = self.interval
        return MeanShare(-self.value, self.standard_error, (-high, -low))

    def __str__(self) -> str:
        """Say it in one line."""
        if not self.standard_error:
            return f"{self.value:.4f}"
        low, high = self.interval
        return f"{self.value:.4f} [{low:.3f}, {high:.3f}]"


@dataclass(frozen=True, eq=False)
class Meetings:
    """What policies reached in each pair, means over deadlines and who starts.

    Attributes
    ----------
    means : ndarray, shape (n_problems, n, m, 2)
        Shares of the first and of the second seat.
    variances : ndarray, shape (n_problems, n, m, 2)
        Of these means, over draws.
    """

    means: Reals
    variances: Reals

    def mixed(self, x: Reals, y: Reals, *, seat: int) -> tuple[Reals, float]:
        """Return the shares of a seat, by problem, where two mixtures meet, and their variance.

        Any coefficients do, such as those of a difference of two mixtures: that of the policies
        in pairs is the variance of their mean.
        """
        means = np.einsum("i,kij,j->k", x, self.means[..., seat], y)
        variances = np.einsum("i,kij,j->k", x**2, self.variances[..., seat], y**2)
        return means, float(variances.sum() / len(means) ** 2)


@dataclass(frozen=True, eq=False)
class Table:
    """Where policies meet: problems of two parties, deadlines and who proposes first.

    Attributes
    ----------
    problems : tuple of BargainingProblem
    deadlines : tuple of int
    first : "both", int or str
    repetitions : int
        Sessions of each kind where somebody draws, >= 2.
    sequence : SeedSequence
    """

    problems: tuple[BargainingProblem, ...]
    deadlines: tuple[int, ...]
    first: int | str
    repetitions: int
    sequence: np.random.SeedSequence

    def openers(self, problem: BargainingProblem) -> list[int]:
        """Return the seats that propose in round 0, one for each way to start that counts."""
        if isinstance(self.first, str) and self.first == "both" and "both" not in problem.parties:
            return [0, 1]
        return [problem.party_index(self.first, where="first")]

    def settings(self) -> list[tuple[BargainingProblem, int, int]]:
        """Return every problem, deadline and opener, in this order."""
        return [
            (problem, deadline, opener)
            for problem in self.problems
            for deadline in self.deadlines
            for opener in self.openers(problem)
        ]

    def play(self, rows: Sequence[Any], columns: Sequence[Any], *key: int) -> Meetings:
        """Let each of some policies in the first seat meet each of others in the second.

        Key tells draws from those of other calls.
        """
        n, m = len(rows), len(columns)
        pairs = np.indices((n, m)).reshape(2, -1).T + np.array([0, n])
        drawn = any(draws(policy) for policy in (*rows, *columns))
        times = self.repetitions if drawn else 1
        shape = (len(self.problems), n, m, 2)
        means, variances = np.zeros(shape), np.zeros(shape)
        for k, problem in enumerate(self.problems):
            openers = self.openers(problem)
            count = len(self.deadlines) * len(openers)
            for d, deadline in enumerate(self.deadlines):
                grid = np.repeat(pairs, len(openers) * times, axis=0)
                sessions = play_sessions(
                    problem,
                    [*rows, *columns],
                    grid,
                    deadline=deadline,
                    first=np.tile(np.repeat(openers, times), len(pairs)),
                    seed=child(self.sequence, *key, k, d),
                )
                found = np.stack(
                    [
                        PartyView.of(problem, seat).shares(sessions.discounted_utilities[:, seat])
                        for seat in (0, 1)
                    ],
                    axis=-1,
                ).reshape(n, m, len(openers), times, 2)
                means[k] += found.mean(axis=3).sum(axis=2) / count
                if times > 1:
                    # exactly 0 where nothing varies, whatever the mean is rounded to
                    varies = np.ptp(found, axis=3) > 0
                    spread = np.where(varies, found.var(axis=3, ddof=1), 0.0)
                    variances[k] += spread.sum(axis=2) / times / count**2
        return Meetings(means, variances)

    def play_each(self, rows: Sequence[Any], columns: Sequence[Any], *key: int) -> Meetings:
        """Let policies in the first seat meet the one that is meant for each of the settings."""
        played = [
            replace(self, problems=(problem,), deadlines=(deadline,), first=opener).play(
                rows, [policy], *key, i
            )
            for i, ((problem, deadline, opener), policy) in enumerate(
                zip(self.settings(), columns, strict=True)
            )
        ]
        n, count = len(self.problems), len(played) // len(self.problems)
        means, variances = (
            np.stack([getattr(one, name)[0] for one in played])
            .reshape(n, count, len(rows), 1, 2)
            .mean(axis=1)
            for name in ("means", "variances")
        )
        return Meetings(means, variances / count)


def swapped(problem: BargainingProblem) -> BargainingProblem:
    """Return a problem with its two parties in the other order."""
    return BargainingProblem(
        problem.space,
        problem.profiles[::-1],
        constraints=problem.constraints,
        name=problem.name,
        source=problem.source,
    )
