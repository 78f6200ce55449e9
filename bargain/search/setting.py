"""Where a search takes place: what all of its trials share, whoever is met in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, whole_number
from bargain.model.problem import BargainingProblem
from bargain.play.checkpoint import policy_digest, problem_digest
from bargain.play.seeds import child
from bargain.search.given import Problems, checked_deadlines, checked_problems
from bargain.search.objective import Objective
from bargain.search.spaces import PolicySpace
from bargain.search.trials import Trials

TRIALS = {"opponents": 0, "held_out": 1, "validation": 2}
"""Which draws of opponents belong to which trials, by what these opponents are called."""


@dataclass(frozen=True, eq=False)
class Setting:
    """Problems, the party's seat in them, deadlines, who opens, reservations and the seed."""

    problems: tuple[BargainingProblem, ...]
    party: int | str
    deadlines: tuple[int, ...]
    first: int | str
    reservations: tuple[float, ...]
    repetitions: int
    sequence: np.random.SeedSequence

    @classmethod
    def of(
        cls,
        problem: Problems,
        party: int | str,
        deadline: int | Sequence[int],
        first: int | str,
        reservations: Sequence[float],
        repetitions: int,
        sequence: np.random.SeedSequence,
    ) -> Setting:
        """Check what `evolve` was given, all but the party and who opens."""
        deadlines = checked_deadlines(deadline)
        if isinstance(reservations, str) or not isinstance(reservations, Sequence | np.ndarray):
            raise InvalidArgumentError.at("reservations", "a sequence of shares", reservations)
        shares = []
        for i, share in enumerate(reservations):
            where = f"reservations[{i}]"
            number = finite_number(where, share, at_least=0, error=InvalidArgumentError)
            if number >= 1:
                raise InvalidArgumentError.at(where, "a share in [0, 1)", share)
            shares.append(number)
        if not shares:
            raise InvalidArgumentError.at("reservations", "at least one share", reservations)
        times = whole_number("repetitions", repetitions, at_least=1, error=InvalidArgumentError)
        problems = checked_problems("problem", problem)
        return cls(problems, party, deadlines, first, tuple(shares), times, sequence)

    def trials(
        self,
        where: str,
        problems: tuple[BargainingProblem, ...],
        pool: tuple[Any, ...],
        weights: NDArray[np.float64] | None = None,
    ) -> Trials:
        """Lay out sessions against a pool that is called by one of the names of `TRIALS`."""
        return Trials.of(
            problems,
            self.party,
            pool,
            deadlines=self.deadlines,
            first=self.first,
            reservations=self.reservations,
            repetitions=self.repetitions,
            weights=weights,
            sequence=child(self.sequence, 2, TRIALS[where]),
            where=where,
        )

    def told(
        self,
        pool: tuple[Any, ...],
        weights: NDArray[np.float64] | None,
        space: PolicySpace,
        method: str,
        objective: Objective,
        population: int,
    ) -> dict[str, Any]:
        """Return what tells a search from others, for its checkpoint."""
        sequence = self.sequence
        return {
            "problems": [problem_digest(problem) for problem in self.problems],
            "party": self.party,
            "opponents": [policy_digest(f"opponents[{i}]", one) for i, one in enumerate(pool)],
            "deadlines": self.deadlines,
            "first": self.first,
            "reservations": self.reservations,
            "repetitions": self.repetitions,
            "seed": [str(sequence.entropy), list(sequence.spawn_key), sequence.pool_size],
            "space": repr(space),
            "method": method,
            "objective": asdict(objective),
            "population": population,
            "weights": None if weights is None else weights.tolist(),
        }
