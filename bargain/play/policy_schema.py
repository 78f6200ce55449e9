"""The policy file, version 1, as pydantic reads it. Imported only when a file is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bargain.play.acceptance import AcceptNext
from bargain.play.time_dependent import TimeDependent

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class AcceptNextModel(_Strict):
    """`AcceptNext`."""

    kind: Literal["accept_next"]
    scale: Positive = 1.0
    offset: float = 0.0

    def build(self) -> AcceptNext:
        return AcceptNext(scale=self.scale, offset=self.offset)


class TimeDependentModel(_Strict):
    """`TimeDependent`."""

    kind: Literal["time_dependent"]
    beta: Positive
    floor: Share = 0.0
    k: Share = 0.0
    acceptance: AcceptNextModel = AcceptNextModel(kind="accept_next")

    def build(self) -> TimeDependent:
        return TimeDependent(
            beta=self.beta, floor=self.floor, k=self.k, acceptance=self.acceptance.build()
        )


class PolicyFile(_Strict):
    """The whole file."""

    bargain_policy: Literal[1]
    policy: TimeDependentModel
