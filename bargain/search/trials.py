"""Sessions of candidates against all opponents, over all problems, deadlines and reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.seeds import child, session_keys
from bargain.play.standings import share_limits
from bargain.search.arena import Arena
from bargain.search.candidates import Candidates
from bargain.search.fitness import Fitness, Table
from bargain.search.measures import Performance
from bargain.search.objective import Objective

Reals = NDArray[np.float64]

STEPS_PER_THREAD = 500_000
"""Rounds (sessions times deadline) worth a thread where courses are known: about a millisecond."""

STEPS_AT_TABLE = 20_000
"""The same for sessions at the table."""

SLICES_PER_THREAD = 2
"""Each slice lays its candidates out anew, in Python."""


@dataclass(frozen=True, eq=False)
class Trials:
    """All that candidates are tried in. Every one of them plays every session.

    Attributes
    ----------
    fitnesses : tuple of Fitness
        Seat by seat: problems first, then deadlines, then reservations of the other side.
    n_problems : int
    weights : ndarray or None
        What each opponent counts, 1 on average, shape (n_opponents,); None for equal ones.
    """

    fitnesses: tuple[Fitness, ...]
    n_problems: int
    weights: Reals | None = None

    @classmethod
    def of(
        cls,
        problems: Sequence[BargainingProblem],
        party: int | str,
        opponents: Sequence[Any],
        *,
        deadlines: Sequence[int],
        first: int | str = "both",
        reservations: Sequence[float] = (0.0,),
        repetitions: int = 1,
        weights: Reals | None = None,
        sequence: np.random.SeedSequence,
        where: str = "opponents",
    ) -> Trials:
        """Lay everything out.

        Parameters
        ----------
        problems : sequence of BargainingProblem
        party : int or str
            Position or name, in all problems.
        opponents : sequence of policies
        deadlines : sequence of int
        first : "both", int or str
        reservations : sequence of float
            How far the other side's reservation may be raised: see `Arena.raised`.
        repetitions : int
            Sessions of each kind where an opponent draws.
        weights : ndarray, shape (n_opponents,), optional
            What each opponent counts, 1 on average.
        sequence : SeedSequence
            What draws derive from: session by session the same for all candidates.
        where : str
            What opponents are called in errors.
        """
        arenas = [
            Arena.of(problem, party, deadline=deadline, first=first).raised(share)
            for problem in problems
            for deadline in deadlines
            for share in reservations
        ]
        draws = any(getattr(policy, "draws", False) for policy in opponents)
        shape = (len(opponents), len(arenas[0].opens), repetitions if draws else 1)
        fitnesses = []
        for i, arena in enumerate(arenas):
            keys = session_keys(child(sequence, i), int(np.prod(shape))).reshape(shape)
            fitnesses.append(Fitness.against(arena, opponents, keys, where=where))
        return cls(tuple(fitnesses), len(problems), weights)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the opponents are called."""
        return self.fitnesses[0].labels

    @property
    def sessions_each(self) -> int:
        """Sessions that each candidate plays."""
        return sum(fitness.sessions_each for fitness in self.fitnesses)

    def play(self, candidates: Candidates) -> list[Table]:
        """Play every candidate in every seat against every opponent.

        The same whatever the number of threads, and whoever else is among the candidates.
        """
        from bargain.kernels.adaptive import fill_curves
        from bargain.kernels.threads import in_slices

        n = len(candidates)
        aspirations: dict[int, Reals] = {}
        tables = []
        for fitness in self.fitnesses:
            times = fitness.arena.times
            if len(times) not in aspirations:
                shares = np.empty((n, len(times)))
                fill_curves(candidates.curves, times, shares)
                aspirations[len(times)] = shares
            tables.append(Table.of(fitness, candidates, aspirations[len(times)]))

        def work(start: int, stop: int) -> None:
            for i in range(start // n, (stop - 1) // n + 1):
                tables[i].play(max(start - i * n, 0), min(stop - i * n, n))

        known = candidates.is_planned.all() and not any(f.others.size for f in self.fitnesses)
        in_slices(
            work,
            n * len(tables),
            steps=sum(table.results.size // 2 * table.aspirations.shape[1] for table in tables),
            steps_per_thread=STEPS_PER_THREAD if known else STEPS_AT_TABLE,
            slices_per_thread=SLICES_PER_THREAD,
        )
        return tables

    def scores(self, candidates: Candidates, objective: Objective) -> Reals:
        """Return each candidate's score, shape (n,)."""
        return self.scored(self.measured(candidates, objective), objective)

    def measured(self, candidates: Candidates, objective: Objective) -> dict[str, NDArray[Any]]:
        """Return what an objective asks of sessions, each of shape (n, n_sessions), by name."""
        tables = self.play(candidates)
        n = len(candidates)

        def columns(parts: list[NDArray[Any]]) -> NDArray[Any]:
            return np.concatenate([part.reshape(n, -1) for part in parts], axis=1)

        with np.errstate(over="ignore", invalid="ignore"):
            given = {"shares": columns([t.fitness.shares(t.results) for t in tables])}
            if objective.joint_weight:
                given["others"] = columns([_others_shares(t) for t in tables])
            if objective.round_penalty:
                given["rounds"] = columns([t.results[..., 0] for t in tables])
            if objective.least_agreement:
                given["agreed"] = columns([t.results[..., 1] >= 0 for t in tables])
        return given

    def scored(self, measured: dict[str, NDArray[Any]], objective: Objective) -> Reals:
        """Return the score of each candidate from what `measured` told, shape (n,)."""
        weights = None if self.weights is None else self._session_weights
        with np.errstate(over="ignore", invalid="ignore"):
            return objective.scores(**measured, weights=weights)

    def seats(self, start: int, stop: int) -> Trials:
        """Return some of the seats only, of as many problems as there are."""
        return replace(self, fitnesses=self.fitnesses[start:stop])

    @property
    def _session_weights(self) -> Reals:
        """What each session counts, in the order in which a candidate plays them."""
        each = np.ones(len(self.labels)) if self.weights is None else self.weights
        parts = [np.repeat(each, f.keys[0].size) for f in self.fitnesses]
        return np.concatenate(parts)

    def performance(self, candidate: Candidates) -> Performance:
        """Return everything there is to say about one candidate."""
        tables = self.play(candidate)
        with np.errstate(over="ignore", invalid="ignore"):
            worth = [t.fitness.utilities(t.results)[0] for t in tables]
            fallback = [
                np.array([t.fitness.arena.own.reservation, t.fitness.arena.other.reservation])
                for t in tables
            ]
            joint = [(w - d).sum(axis=-1) for w, d in zip(worth, fallback, strict=True)]
            shares = [t.fitness.shares(t.results)[0] for t in tables]
            # summed in the order of `scores`
            flat = np.concatenate([s.reshape(1, -1) for s in shares], axis=1)
            if self.weights is not None:
                flat = flat * self._session_weights
            return Performance.of(
                self.labels,
                float(flat.mean(axis=1)[0]),
                self._by_problem(shares),
                self._by_problem([w[..., 0] for w in worth]),
                self._by_problem([t.results[0, ..., 1] >= 0 for t in tables]),
                self._by_problem(joint),
                self._by_problem([t.results[0, ..., 0] for t in tables]),
                weights=self.weights,
                limits=self.share_limits,
            )

    @property
    def share_limits(self) -> tuple[float, float]:
        """What a mean share can be at least and at most, in other problems too if several."""
        arenas = [fitness.arena for fitness in self.fitnesses]
        if self.n_problems > 1:
            return share_limits(arena.problem for arena in arenas)
        least, most = zip(*(arena.share_limits for arena in arenas), strict=True)
        return min(least), max(most)

    def bound(self) -> float:
        """Return a mean share that no policy can exceed: see `Fitness.bound`."""
        return float(np.mean([fitness.bound(self.weights) for fitness in self.fitnesses]))

    def _by_problem(self, parts: list[NDArray[Any]]) -> NDArray[Any]:
        """Return arrays of (n_opponents, ...), one a seat, as (n_problems, n_opponents, rest)."""
        n_opponents = len(self.labels)
        stacked = np.stack([part.reshape(n_opponents, -1) for part in parts])
        split = stacked.reshape(self.n_problems, -1, *stacked.shape[1:])
        return np.moveaxis(split, 2, 1).reshape(self.n_problems, n_opponents, -1)


def _others_shares(table: Table) -> Reals:
    other = table.fitness.arena.other
    return other.shares(table.fitness.utilities(table.results)[..., 1])
