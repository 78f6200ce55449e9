"""Methods that look for a maximum over the unit cube, behind ask and tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.play.seeds import child
from bargain.search.parameters import point_of, shares_at

Reals = NDArray[np.float64]
Method = Literal["cma", "de", "random"]

METHODS: dict[str, str] = {
    "cma": "CMA-ES",
    "de": "differential evolution",
    "random": "random search",
}
"""Methods by name, and what they are called."""

SIGMA = 1.0
"""First step size of CMA-ES, in the coordinates of the sigmoid."""

PATIENCE = 60
"""Generations without a better candidate after which a method starts elsewhere."""


class Optimiser(Protocol):
    """What proposes candidates and learns what they are worth; more is better.

    Every generation is drawn from a seed of its own, so that a search can be taken up again where
    it stopped: `state` is all that must be kept, and `restore` takes it.
    """

    restarts: int
    """How often it has started elsewhere."""

    def ask(self) -> Reals:
        """Return the candidates of the next generation, shape (population, n)."""

    def tell(self, scores: Reals) -> None:
        """Learn what the candidates of the last `ask` are worth, shape (population,)."""

    def state(self) -> dict[str, NDArray[Any]]:
        """Return what it knows after a generation as arrays of its own."""

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take up a search where `state` left it."""


def optimiser(
    method: str, start: Reals, *, population: int, sequence: np.random.SeedSequence
) -> Optimiser:
    """Return a method by name: "cma", "de" or "random".

    Parameters
    ----------
    method : str
    start : ndarray, shape (n,)
        Where it starts first, in the unit cube; later somewhere else.
    population : int
        Candidates per generation, >= 4.
    sequence : SeedSequence

    Raises
    ------
    InvalidArgumentError
        If there is no such method.
    """
    if method == "cma":
        return RestartedCMA(start, population=population, sequence=sequence)
    if method == "de":
        return DifferentialEvolution(start, population=population, sequence=sequence)
    if method == "random":
        return RandomSearch(len(start), population=population, sequence=sequence)
    raise InvalidArgumentError.at("method", f"one of {', '.join(METHODS)}", method)


class RandomSearch:
    """Draws evenly from the unit cube and learns nothing."""

    restarts = 0

    def __init__(self, n: int, *, population: int, sequence: np.random.SeedSequence) -> None:
        self._shape = (population, n)
        self._sequence = sequence
        self._generation = 0

    def ask(self) -> Reals:
        return np.random.default_rng(child(self._sequence, self._generation)).random(self._shape)

    def tell(self, scores: Reals) -> None:
        self._generation += 1

    def state(self) -> dict[str, NDArray[Any]]:
        return {"generation": np.array(self._generation)}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        self._generation = int(state["generation"])


class RestartedCMA:
    """CMA-ES, which starts anew somewhere else whenever it has converged or stands still.

    It works in the coordinates of a sigmoid (`parameters.shares_at`). Restarts keep the
    population: against fixed opponents the score is piecewise constant, and what helps is to start
    elsewhere, not to search wider.

    References
    ----------
    Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772 (2016).
    """

    def __init__(self, start: Reals, *, population: int, sequence: np.random.SeedSequence) -> None:
        self.restarts = 0
        self._population = population
        self._sequence = sequence
        self._generation = 0
        self._best, self._still = -np.inf, 0
        self._points = np.empty((population, len(start)))
        self._optimiser = self._at(point_of(start))

    def ask(self) -> Reals:
        seed = child(self._sequence, 0, self._generation).generate_state(1)[0]
        self._optimiser.reseed_rng(int(seed))
        self._points = np.array([self._optimiser.ask() for _ in range(self._population)])
        return shares_at(self._points)

    def tell(self, scores: Reals) -> None:
        self._generation += 1
        self._still = 0 if scores.max() > self._best else self._still + 1
        self._best = max(self._best, float(scores.max()))
        # A flat score can leave a covariance of rank 0; it is checked below.
        with np.errstate(all="ignore"):
            pairs = zip(self._points, scores.tolist(), strict=True)
            self._optimiser.tell([(x, -score) for x, score in pairs])
            finished = not np.isfinite(self._optimiser.mean).all() or (
                self._optimiser.should_stop()
            )
        if finished or self._still >= PATIENCE:
            self.restarts += 1
            self._best, self._still = -np.inf, 0
            generator = np.random.default_rng(child(self._sequence, 1, self.restarts))
            elsewhere = np.asarray(generator.normal(0.0, 1.5, size=self._points.shape[1]))
            self._optimiser = self._at(elsewhere)

    def state(self) -> dict[str, NDArray[Any]]:
        told = {
            "generation": np.array(self._generation),
            "restarts": np.array(self.restarts),
            "best": np.array(self._best),
            "still": np.array(self._still),
        }
        for name, value in vars(self._optimiser).items():
            # what is left out is no number: the generator, which each generation seeds anew
            if isinstance(value, int | float | np.generic | np.ndarray):
                told[f"cma{name}"] = np.array(value)
        return told

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        self._generation, self.restarts = int(state["generation"]), int(state["restarts"])
        self._best, self._still = float(state["best"]), int(state["still"])
        self._optimiser = self._at(np.zeros(self._points.shape[1]))
        for name in vars(self._optimiser):
            # worked out from the others when needed
            if name in ("_B", "_D"):
                setattr(self._optimiser, name, None)
        for key, value in state.items():
            if key.startswith("cma"):
                plain = value.item() if value.ndim == 0 else np.array(value)
                setattr(self._optimiser, key.removeprefix("cma"), plain)

    def _at(self, mean: Reals) -> Any:
        from cmaes import CMA

        # The seed is replaced before anything is drawn.
        return CMA(mean=mean, sigma=SIGMA, population_size=self._population, seed=0)


class DifferentialEvolution:
    """Differential evolution, current-to-best/1/bin, which starts anew when it stands still.

    Member i tries x_i + F (x_best - x_i) + F (x_a - x_b) in each coordinate with chance CR, F
    drawn anew from [0.4, 0.9] and CR from {0.3, 0.9}; what leaves the unit cube is folded back.
    It is replaced by what is at least as good, so that it can move along plateaus.

    References
    ----------
    Storn and Price, "Differential evolution: a simple and efficient heuristic for global
    optimization over continuous spaces", Journal of Global Optimization 11 (1997).
    """

    def __init__(self, start: Reals, *, population: int, sequence: np.random.SeedSequence) -> None:
        self.restarts = 0
        self._sequence = sequence
        self._generation = 0
        self._still = 0
        self._members = self._drawn(population, len(start))
        self._members[0] = start
        self._scores = np.full(population, -np.inf)
        self._tried = self._members

    def ask(self) -> Reals:
        if np.isneginf(self._scores).all():
            self._tried = self._members
            return self._tried.copy()
        generator = np.random.default_rng(child(self._sequence, 0, self._generation))
        n, size = self._members.shape
        # two others, each pair as likely
        first, second = generator.integers(1, n, size=n), generator.integers(1, n - 1, size=n)
        second += second >= first
        a = self._members[(np.arange(n) + first) % n]
        b = self._members[(np.arange(n) + second) % n]
        best = self._members[int(self._scores.argmax())]
        reach = generator.uniform(0.4, 0.9, size=(n, 1))
        moved = self._members + reach * (best - self._members) + reach * (a - b)
        # fold back into the cube: -0.1 becomes 0.1, 1.1 becomes 0.9
        moved = 1.0 - np.abs(1.0 - np.abs(moved) % 2.0)
        chance = np.where(generator.random((n, 1)) < 0.5, 0.3, 0.9)
        crossed = generator.random((n, size)) < chance
        crossed[np.arange(n), generator.integers(size, size=n)] = True
        self._tried = np.where(crossed, moved, self._members)
        return self._tried.copy()

    def tell(self, scores: Reals) -> None:
        self._generation += 1
        better = scores.max() > self._scores.max()
        self._still = 0 if better else self._still + 1
        taken = scores >= self._scores
        self._members = np.where(taken[:, None], self._tried, self._members)
        self._scores = np.where(taken, scores, self._scores)
        if self._still >= PATIENCE or np.ptp(self._members, axis=0).max() < 1e-9:
            self.restarts += 1
            self._still = 0
            self._members = self._drawn(*self._members.shape)
            self._scores = np.full(len(scores), -np.inf)

    def state(self) -> dict[str, NDArray[Any]]:
        return {
            "generation": np.array(self._generation),
            "restarts": np.array(self.restarts),
            "still": np.array(self._still),
            "members": self._members.copy(),
            "scores": self._scores.copy(),
        }

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        self._generation, self.restarts = int(state["generation"]), int(state["restarts"])
        self._still = int(state["still"])
        self._members, self._scores = np.array(state["members"]), np.array(state["scores"])

    def _drawn(self, population: int, n: int) -> Reals:
        generator = np.random.default_rng(child(self._sequence, 1, self.restarts))
        return generator.random((population, n))
