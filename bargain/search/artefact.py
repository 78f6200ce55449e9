"""What a search leaves behind: the policy, how it was found and what it is worth, as a file."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number
from bargain.model.problem import BargainingProblem
from bargain.play.artefact import Found, KnownProblem, PolicyArtefact, RecordedSeed, Tried
from bargain.play.checkpoint import problem_digest
from bargain.search.measures import Performance

if TYPE_CHECKING:
    from bargain.search.exploitability import Exploitability
    from bargain.search.result import SearchResult


@dataclass(frozen=True, eq=False)
class Field:
    """Whom and what a policy was tried on."""

    problems: tuple[BargainingProblem, ...]
    opponents: tuple[Any, ...]
    weights: NDArray[np.float64] | None = None

    def tried(self, performance: Performance) -> Tried:
        """Return it for a file, with how the policy did."""
        return Tried(
            tuple(KnownProblem(one.name, problem_digest(one)) for one in self.problems),
            self.opponents,
            None if self.weights is None else tuple(self.weights.tolist()),
            _number(performance.share),
            _span(performance.share_interval),
            _number(performance.agreement_rate),
            _span(performance.agreement_interval),
            _number(performance.worst),
        )


@dataclass(frozen=True, eq=False)
class Conditions:
    """All that a search was told and its result does not say otherwise.

    Attributes
    ----------
    first : str or int
    reservations : tuple of float
    repetitions, population : int
    sequence : SeedSequence
        What everything drawn derives from.
    train, held_out : Field
    validation : Field or None
    """

    first: str | int
    reservations: tuple[float, ...]
    repetitions: int
    population: int
    sequence: np.random.SeedSequence
    train: Field
    validation: Field | None
    held_out: Field


def artefact_of(
    result: SearchResult, exploitability: float | Exploitability | None, command: str | None
) -> PolicyArtefact:
    """Return what is kept of a search in the file of its policy.

    Raises
    ------
    InvalidArgumentError
        If exploitability is no finite number >= 0, and not that of this policy.
    """
    gain, at_most = _exploited(result, exploitability)
    known, validation = result.conditions, None
    if known.validation is not None and result.validation is not None:
        validation = known.validation.tried(result.validation)
    found = Found(
        party=result.party,
        deadlines=result.deadlines,
        first=known.first,
        reservations=known.reservations,
        repetitions=known.repetitions,
        space=result.space,
        method=result.method,
        objective=asdict(result.objective),
        found_by=result.found_by,
        stopped=result.stopped,
        population=known.population,
        evaluations=result.evaluations,
        seed=_recorded(known.sequence),
        versions=_versions(),
        train=known.train.tried(result.train),
        validation=validation,
        held_out=known.held_out.tried(result.held_out),
        exploitability=gain,
        exploitability_at_most=at_most,
        command=command,
    )
    return PolicyArtefact(result.policy, found)


def _exploited(
    result: SearchResult, given: float | Exploitability | None
) -> tuple[float | None, float | None]:
    """Return what a best response gains, and what it gains at most, as far as that is known."""
    from bargain.search.exploitability import Exploitability

    if given is None:
        return None, None
    if not isinstance(given, Exploitability):
        return finite_number("exploitability", given, at_least=0, error=InvalidArgumentError), None
    if given.policy != result.policy:
        raise InvalidArgumentError.at("exploitability", "that of the policy found", given)
    # rounding may leave it below 0
    gain = max(given.gain.value, 0.0)
    return gain, gain if given.exact else max(given.gain_at_most, gain)


def _recorded(sequence: np.random.SeedSequence) -> RecordedSeed:
    words = np.ravel(np.array(sequence.entropy, dtype=object))
    return RecordedSeed(
        tuple(str(int(word)) for word in words), tuple(int(key) for key in sequence.spawn_key)
    )


def _versions() -> dict[str, str]:
    # by name: the package itself imports this
    names = ("bargain", "cmaes", "numpy", "numba")
    found = {name: str(import_module(name).__version__) for name in names}
    return {**found, "python": platform.python_version()}


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _span(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    if interval is None or not all(isfinite(end) for end in interval):
        return None
    return interval
