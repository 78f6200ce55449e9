"""CMA-ES with restarts, behind ask and tell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.play.seeds import child

Reals = NDArray[np.float64]

SIGMA = 1.0
"""First step size, in the coordinates of the sigmoid."""


class RestartedCMA:
    """Maximises a function over R^n; starts anew somewhere else whenever it has converged.

    Every generation is drawn from a seed of its own, (sequence, generation), so that a search
    can be taken up again where it stopped. Restarts keep the population: against fixed opponents
    the score is piecewise constant, and what helps is to start elsewhere, not to search wider.

    Parameters
    ----------
    start : ndarray, shape (n,)
        Where the first run starts; later runs start at a point drawn around 0.
    population : int
        Candidates per generation, >= 4.
    sequence : SeedSequence
    """

    def __init__(self, start: Reals, *, population: int, sequence: np.random.SeedSequence) -> None:
        self.population = population
        self.generation = 0
        self.restarts = 0
        self._sequence = sequence
        self._optimiser = self._at(start)

    def ask(self) -> Reals:
        """Return the candidates of the next generation, shape (population, n)."""
        seed = child(self._sequence, 0, self.generation).generate_state(1)[0]
        self._optimiser.reseed_rng(int(seed))
        return np.array([self._optimiser.ask() for _ in range(self.population)])

    def tell(self, candidates: Reals, scores: Reals) -> None:
        """Learn what each of the candidates of `ask` is worth; more is better."""
        self.generation += 1
        # A flat score can leave a covariance of rank 0; it is checked below.
        with np.errstate(all="ignore"):
            self._optimiser.tell(
                [(x, -float(score)) for x, score in zip(candidates, scores, strict=True)]
            )
            finished = not np.isfinite(self._optimiser.mean).all() or (
                self._optimiser.should_stop()
            )
        if finished:
            self.restarts += 1
            generator = np.random.default_rng(child(self._sequence, 1, self.restarts))
            elsewhere = np.asarray(generator.normal(0.0, 1.5, size=candidates.shape[1]))
            self._optimiser = self._at(elsewhere)

    def _at(self, mean: Reals) -> Any:
        from cmaes import CMA

        # The seed is replaced before anything is drawn.
        return CMA(mean=mean, sigma=SIGMA, population_size=self.population, seed=0)
