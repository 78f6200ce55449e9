"""How a policy was found, as pydantic reads it from a policy file. Imported with that only."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from bargain.play.artefact import Found, KnownProblem, RecordedSeed, Tried
from bargain.play.policy_schema import AnyPolicyFile, Described

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Digits = Annotated[str, Field(pattern=r"^[0-9]+$")]
Span = Annotated[list[float], Field(min_length=2, max_length=2)]


class Recorded(BaseModel):
    """One object: no coercion, no unknown fields, no NaN; `made` is the class it becomes."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
    made: ClassVar[type]

    def build(self) -> Any:
        """Return the object, lists in it as tuples."""
        return self.made(**{name: _built(getattr(self, name)) for name in type(self).model_fields})


def _built(given: Any) -> Any:
    if isinstance(given, Recorded | Described):
        return given.build()
    return tuple(_built(part) for part in given) if isinstance(given, list) else given


class KnownProblemFile(Recorded):
    """`KnownProblem`."""

    made = KnownProblem
    name: str
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]+$")]


class TriedFile(Recorded):
    """`Tried`."""

    made = Tried
    problems: Annotated[list[KnownProblemFile], Field(min_length=1)]
    opponents: Annotated[list[AnyPolicyFile | str], Field(min_length=1)]
    weights: list[NotNegative] | None
    share: float | None
    share_interval: Span | None
    agreement_rate: Share | None
    agreement_interval: Span | None
    worst: float | None


class SeedFile(Recorded):
    """`RecordedSeed`."""

    made = RecordedSeed
    entropy: list[Digits]
    spawn_key: list[Count]


class ObjectiveFile(Recorded):
    """The fields of `Objective`."""

    made = dict
    measure: Literal["mean", "worst", "cvar"]
    tail: Annotated[float, Field(gt=0, le=1)]
    joint_weight: NotNegative
    round_penalty: NotNegative
    least_agreement: Share


class VersionsFile(Recorded):
    """What it was found with."""

    made = dict
    bargain: str
    cmaes: str
    numpy: str
    numba: str
    python: str


class FoundFile(Recorded):
    """`Found`."""

    made = Found
    party: str
    deadlines: Annotated[list[Positive], Field(min_length=1)]
    first: str | Count
    reservations: Annotated[list[Annotated[float, Field(ge=0, lt=1)]], Field(min_length=1)]
    repetitions: Positive
    space: str
    method: str
    objective: ObjectiveFile
    found_by: str
    stopped: Literal["budget", "time_limit", "interrupted", "converged"]
    population: Positive
    evaluations: Count
    seed: SeedFile
    versions: VersionsFile
    train: TriedFile
    validation: TriedFile | None
    held_out: TriedFile
    exploitability: NotNegative | None
    exploitability_at_most: NotNegative | None = None
    command: str | None = None


class PolicyFile(BaseModel):
    """The whole file."""

    model_config = Described.model_config
    bargain_policy: Literal[1]
    policy: AnyPolicyFile
    found: FoundFile | None = None
    hash: Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")] | None = None
