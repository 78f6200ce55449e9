"""A search while it runs: what it has found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.play.seeds import child
from bargain.play.workers import Workers
from bargain.search.objective import Objective
from bargain.search.optimiser import METHODS, Optimiser, RandomSearch, optimiser
from bargain.search.scoring import Scoring
from bargain.search.spaces import PolicySpace
from bargain.search.trials import Trials

Reals = NDArray[np.float64]
FoundBy = Literal["preset", "CMA-ES", "differential evolution", "random search"]

FINALISTS = 32
"""How many of the best candidates are tried again where there is something to validate on."""

PRESET, SEARCHED, DRAWN = range(3)
"""Where a candidate came from: the presets, the method, random search."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A vector that was tried.

    Attributes
    ----------
    vector : ndarray, shape (n_parameters,)
    score : float
    source : int
        `PRESET`, `SEARCHED` or `DRAWN`.
    """

    vector: Reals
    score: float
    source: int

    def arrays(self) -> Reals:
        """Return it as one array."""
        return np.array([self.score, float(self.source), *self.vector])

    @classmethod
    def of(cls, given: Reals) -> Candidate:
        """Return what `arrays` told."""
        return cls(given[2:], float(given[0]), int(given[1]))


class Run:
    """A search of one space in some trials, generation by generation.

    Attributes
    ----------
    best : Candidate
        The best of the presets and of what the method tried.
    drawn : Candidate or None
        The best that was drawn at random.
    winners : list of Candidate
        Of the presets and the best of every generation of either kind the best, at most
        `FINALISTS`, from the best down; each vector once.
    evaluations : int
        Candidates of the method.
    history : list of (best, mean, random)
    is_whole : bool
        Whether no generation is under way.
    workers : Workers or None
        Who scores generations, if not this process alone; their work is a `Scoring`.
    """

    def __init__(
        self,
        trials: Trials,
        space: PolicySpace,
        objective: Objective,
        method: str,
        *,
        population: int,
        sequence: np.random.SeedSequence,
        workers: Workers | None = None,
    ) -> None:
        self.trials, self.space, self.objective = trials, space, objective
        self.workers = workers
        self.population, self.method_name = population, method
        presets = np.array([space.vector(policy) for policy in space.presets.values()])
        scores = self._scores(presets).tolist()
        pairs = zip(presets, scores, strict=True)
        self.winners = best_of([Candidate(vector, score, PRESET) for vector, score in pairs])
        self.best = self.winners[0]
        self.drawn: Candidate | None = None
        self.evaluations = 0
        self.history: list[tuple[float, float, float]] = []
        self.is_whole = True
        places = zip(space.parameters, self.best.vector.tolist(), strict=True)
        start = np.array([parameter.share_of(value) for parameter, value in places])
        self.method: Optimiser = optimiser(
            method, start, population=population, sequence=child(sequence, 0)
        )
        self.random = RandomSearch(len(space), population=population, sequence=child(sequence, 1))

    def generation(self, count: int) -> None:
        """Try the first `count` candidates of a generation, and as many drawn at random.

        The method learns of whole generations only.
        """
        self.is_whole = False
        asked, drawn = self.method.ask(), self.random.ask()
        values = self.space.values_at(np.concatenate([asked[:count], drawn[:count]]))
        scores = self._scores(values)
        mine, random = scores[:count], scores[count:]
        place = int(mine.argmax())
        winner = Candidate(values[place], float(mine[place]), SEARCHED)
        place = count + int(random.argmax())
        luckiest = Candidate(values[place], float(scores[place]), DRAWN)
        if winner.score > self.best.score:
            self.best = winner
        if self.drawn is None or luckiest.score > self.drawn.score:
            self.drawn = luckiest
        self.winners = best_of([*self.winners, winner, luckiest])
        self.evaluations += count
        self.history.append((self.best.score, float(mine.mean()), self.drawn.score))
        if count == self.population:
            self.method.tell(mine)
            self.random.tell(random)
            self.is_whole = True

    def chosen(self, validation: Trials | None) -> tuple[Candidate, FoundBy]:
        """Return the best of all that was tried, or of the best ones the best in validation."""
        chosen = self.best
        if self.drawn is not None and self.drawn.score > chosen.score:
            chosen = self.drawn
        if validation is not None:
            tried = self.space.candidates(np.array([one.vector for one in self.winners]))
            chosen = self.winners[int(validation.scores(tried, self.objective).argmax())]
        names: tuple[Any, ...] = ("preset", METHODS[self.method_name], METHODS["random"])
        return chosen, names[chosen.source]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all there is to know after whole generations, as arrays."""
        told: dict[str, NDArray[Any]] = {
            "best": self.best.arrays(),
            "winners": np.array([one.arrays() for one in self.winners]),
            "evaluations": np.array(self.evaluations),
            "history": np.array(self.history, dtype=np.float64).reshape(-1, 3),
        }
        if self.drawn is not None:
            told["drawn"] = self.drawn.arrays()
        for name, method in (("method", self.method), ("random", self.random)):
            told |= {f"{name}.{key}": value for key, value in method.state().items()}
        return told

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `state` told."""
        self.best = Candidate.of(state["best"])
        self.drawn = Candidate.of(state["drawn"]) if "drawn" in state else None
        self.winners = [Candidate.of(one) for one in state["winners"]]
        self.evaluations = int(state["evaluations"])
        self.history = [(a, b, c) for a, b, c in state["history"].tolist()]
        for name, method in (("method", self.method), ("random", self.random)):
            opening = f"{name}."
            method.restore(
                {k.removeprefix(opening): v for k, v in state.items() if k.startswith(opening)}
            )

    def _scores(self, values: Reals) -> Reals:
        return Scoring(self.trials, self.space, self.objective).scores(values, self.workers)


def best_of(candidates: list[Candidate]) -> list[Candidate]:
    """Return the `FINALISTS` best, from the best down, of equals the earlier; each vector once."""
    ordered = sorted(candidates, key=lambda one: -one.score)
    found: dict[bytes, Candidate] = {}
    for one in ordered:
        found.setdefault(one.vector.tobytes(), one)
    return list(found.values())[:FINALISTS]
