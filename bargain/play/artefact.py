"""Saved policies with what is known of them: how they were found, and what they are worth."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bargain.play.policy_file import content_hash, described, policy_to_dict, read_policy_file

Interval = tuple[float, float] | None


@dataclass(frozen=True)
class KnownProblem:
    """A problem by its name and by what tells it from others.

    Attributes
    ----------
    name : str
    digest : str
        Of all that a session depends on: issues, utilities, disagreement point, waiting.
    """

    name: str
    digest: str


@dataclass(frozen=True)
class Tried:
    """What a policy was tried on and how it did. A number that was not finite is None.

    Attributes
    ----------
    problems : tuple of KnownProblem
    opponents : tuple of policies
        Or a str that shows one that has no file.
    weights : tuple of float or None
        What each opponent counted, 1 on average; None where all counted the same.
    share, agreement_rate, worst : float or None
        As in `Performance`.
    share_interval, agreement_interval : tuple of float or None
        At 95 %, over other opponents and problems like these.
    """

    problems: tuple[KnownProblem, ...]
    opponents: tuple[Any, ...]
    weights: tuple[float, ...] | None
    share: float | None
    share_interval: Interval
    agreement_rate: float | None
    agreement_interval: Interval
    worst: float | None


@dataclass(frozen=True)
class RecordedSeed:
    """A numpy SeedSequence, its entropy in digits: it may have more than other readers keep."""

    entropy: tuple[str, ...]
    spawn_key: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """How a policy was found.

    Attributes
    ----------
    party : str
    deadlines : tuple of int
    first : str or int
        Who proposed in round 0: "both", or a party by position or name.
    reservations : tuple of float
    repetitions : int
    space, method : str
        What was searched, and how.
    objective : mapping
        The fields of `Objective`.
    found_by, stopped : str
        As in `SearchResult`.
    population, evaluations : int
    seed : RecordedSeed
    versions : mapping from name to version
        Of bargain, cmaes, numpy, numba and Python.
    train, held_out : Tried
    validation : Tried or None
    exploitability : float or None
        What a best response gains against it, if that was measured: the most that was found.
    exploitability_at_most : float or None
        No policy gains more, up to noise; the same number where the gain is exact.
    command : str or None
        The command that finds it again, if a command found it: to the last bit with the same
        versions, unless a time limit or an interrupt ended the search.
    """

    party: str
    deadlines: tuple[int, ...]
    first: str | int
    reservations: tuple[float, ...]
    repetitions: int
    space: str
    method: str
    objective: Mapping[str, Any]
    found_by: str
    stopped: str
    population: int
    evaluations: int
    seed: RecordedSeed
    versions: Mapping[str, str]
    train: Tried
    validation: Tried | None
    held_out: Tried
    exploitability: float | None = None
    exploitability_at_most: float | None = None
    command: str | None = None


@dataclass(frozen=True)
class PolicyArtefact:
    """A policy and what its file says of it.

    Attributes
    ----------
    policy : policy
    found : Found or None
        None for a policy that nobody searched for.
    """

    policy: Any
    found: Found | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the content of the file, its hash included."""
        told = policy_to_dict(self.policy)
        if self.found is not None:
            told["found"] = _plain(self.found)
            told["hash"] = content_hash(told)
        return told

    @property
    def hash(self) -> str:
        """The hash of the content: what tells this file from others."""
        return content_hash(self.to_dict())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file; `load_artefact` and `load_policy` read it."""
        from bargain.play.policy_file import write_policy_file

        write_policy_file(self.to_dict(), path)


def load_artefact(path: str | os.PathLike[str]) -> PolicyArtefact:
    """Read a policy with what its file says of how it was found.

    Parameters
    ----------
    path : path or name
        A file, or the name of a policy that ships with the package: `packaged_policies`.

    Raises
    ------
    FileFormatError
        In one line, naming the file and the field: also where a field is not known, or the
        content is not what was saved.
    InvalidArgumentError
        If the path is none.

    Examples
    --------
    >>> load_artefact("buyer-short-tough").found.deadlines
    (9, 12)
    """
    policy, file = read_policy_file(path)
    return PolicyArtefact(policy, None if file.found is None else file.found.build())


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema of the policy file.

    Published as `bargain/play/policy.schema.json`; a test fails when that is out of date.
    """
    from bargain.play.found_schema import PolicyFile

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PolicyFile.model_json_schema(),
        "title": "bargain policy file, version 1",
    }


def _plain(found: Found) -> dict[str, Any]:
    # opponents apart: `asdict` would take policies to pieces, and lose their kinds
    told: dict[str, Any] = {name: getattr(found, name) for name in Found.__dataclass_fields__}
    told["deadlines"], told["reservations"] = list(found.deadlines), list(found.reservations)
    told["objective"], told["versions"] = dict(found.objective), dict(found.versions)
    told["seed"] = {"entropy": list(found.seed.entropy), "spawn_key": list(found.seed.spawn_key)}
    for name in ("train", "validation", "held_out"):
        tried = getattr(found, name)
        told[name] = None if tried is None else _tried(tried)
    return told


def _tried(tried: Tried) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(tried, name) for name in Tried.__dataclass_fields__}
    told["problems"] = [asdict(problem) for problem in tried.problems]
    told["opponents"] = [one if isinstance(one, str) else described(one) for one in tried.opponents]
    for name in ("weights", "share_interval", "agreement_interval"):
        if told[name] is not None:
            told[name] = list(told[name])
    return told
