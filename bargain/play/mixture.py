"""A policy that is drawn anew for each session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number


@dataclass(frozen=True)
class Mixture:
    """One of several policies, drawn before each session by its weight.

    Parameters
    ----------
    policies : sequence of policies
        At least one; mixtures may hold mixtures.
    weights : sequence or array of float, optional
        Finite, >= 0, not all 0; equal by default. They need not add up to 1.
    """

    policies: Sequence[Any]
    weights: Sequence[float] | NDArray[Any] | None = None

    def __post_init__(self) -> None:
        from bargain.play.presets import as_policy

        if isinstance(self.policies, str) or not isinstance(self.policies, Sequence):
            raise InvalidArgumentError.at("policies", "a sequence of policies", self.policies)
        if not self.policies:
            raise InvalidArgumentError.at("policies", "at least one policy", self.policies)
        chosen = tuple(as_policy(f"policies[{i}]", p) for i, p in enumerate(self.policies))
        given: Any = [1.0] * len(chosen) if self.weights is None else self.weights
        if isinstance(given, np.ndarray):
            given = given.tolist()
        if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != len(chosen):
            raise InvalidArgumentError.at("weights", f"{len(chosen)} numbers", given)
        weights = []
        for i, weight in enumerate(given):
            number = finite_number(f"weights[{i}]", weight, error=InvalidArgumentError)
            if number < 0:
                raise InvalidArgumentError.at(f"weights[{i}]", "a number >= 0", weight)
            weights.append(number)
        if not 0 < sum(weights) < np.inf:
            raise InvalidArgumentError.at("weights", "a finite sum above 0", weights)
        object.__setattr__(self, "policies", chosen)
        object.__setattr__(self, "weights", tuple(weights))

    @property
    def draws(self) -> bool:
        return True

    @cached_property
    def pure(self) -> list[tuple[Any, float]]:
        """The policies that are no mixtures, with the chance of each."""
        found: list[tuple[Any, float]] = []
        weights: Any = self.weights
        for policy, weight in zip(self.policies, weights, strict=True):
            chance = weight / sum(weights)
            if isinstance(policy, Mixture):
                found += [(part, chance * inner) for part, inner in policy.pure]
            else:
                found.append((policy, chance))
        return found

    def pick(self, draw: float) -> int:
        """Return the position in `pure` that belongs to a number in [0, 1)."""
        return int(self.picks(np.array([draw]))[0])

    def picks(self, draws: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the position in `pure` that belongs to each of some numbers in [0, 1)."""
        ends = self._ends
        found = np.searchsorted(ends, draws * ends[-1], side="right")
        return np.asarray(np.minimum(found, len(ends) - 1))

    @cached_property
    def _ends(self) -> NDArray[np.float64]:
        return np.cumsum([chance for _, chance in self.pure])

    def save(self, path: Any) -> None:
        """Write the policy to a file that `load_policy` reads back exactly."""
        from bargain.play.policy_file import save_policy

        save_policy(self, path)
