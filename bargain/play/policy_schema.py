"""Policies of the policy file, as pydantic reads them. Imported only when a file is read.

Each policy, acceptance condition and opponent model is an object with its `kind` and the fields of
its class.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from bargain.play import acceptance as conditions
from bargain.play.adaptive import MOST_KNOTS, Adaptive
from bargain.play.concession import BezierConcession, ExponentialConcession, ResourceDependent
from bargain.play.micro import MiCRO
from bargain.play.mixture import Mixture
from bargain.play.models import BayesianModel, FrequencyModel, WindowedModel
from bargain.play.nice_tit_for_tat import NiceTitForTat
from bargain.play.random_offers import RandomOffers
from bargain.play.scripted import Scripted
from bargain.play.session import LONGEST_DEADLINE
from bargain.play.time_dependent import TimeDependent
from bargain.play.tit_for_tat import TitForTat
from bargain.play.trade_off import TradeOff

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Described(BaseModel):
    """One object of a file: no coercion, no unknown fields, no NaN.

    `made` is the class it describes; the other fields are the arguments of that class.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
    made: ClassVar[type]
    kind: str

    def build(self) -> Any:
        """Return the policy or the condition."""
        names = (name for name in type(self).model_fields if name != "kind")
        return self.made(**{name: _built(getattr(self, name)) for name in names})


def _built(given: Any) -> Any:
    if isinstance(given, Described):
        return given.build()
    return [_built(part) for part in given] if isinstance(given, list) else given


class NextFile(Described):
    """`AcceptNext`."""

    made = conditions.AcceptNext
    kind: Literal["accept_next"]
    scale: Positive = 1.0
    offset: float = 0.0


class PreviousFile(Described):
    """`AcceptPrevious`."""

    made = conditions.AcceptPrevious
    kind: Literal["accept_previous"]
    scale: Positive = 1.0
    offset: float = 0.0


class AboveFile(Described):
    """`AcceptAbove`."""

    made = conditions.AcceptAbove
    kind: Literal["accept_above"]
    share: Share


class AfterFile(Described):
    """`AcceptAfter`."""

    made = conditions.AcceptAfter
    kind: Literal["accept_after"]
    time: Share


class BestFile(Described):
    """`AcceptBest`."""

    made = conditions.AcceptBest
    kind: Literal["accept_best"]
    measure: Literal["best", "mean"] = "best"
    window: Literal["all", "remaining"] = "all"


class AnyFile(Described):
    """`AcceptAny`."""

    made = conditions.AcceptAny
    kind: Literal["accept_any"]
    conditions: Annotated[list[ConditionFile], Field(min_length=2)]


class AllFile(Described):
    """`AcceptAll`."""

    made = conditions.AcceptAll
    kind: Literal["accept_all"]
    conditions: Annotated[list[ConditionFile], Field(min_length=2)]


ConditionFile = Annotated[
    NextFile | PreviousFile | AboveFile | AfterFile | BestFile | AnyFile | AllFile,
    Field(discriminator="kind"),
]


class FrequencyFile(Described):
    """`FrequencyModel`."""

    made = FrequencyModel
    kind: Literal["frequency_model"]
    form: Literal["hardheaded", "smith"] = "hardheaded"


class BayesianFile(Described):
    """`BayesianModel`."""

    made = BayesianModel
    kind: Literal["bayesian_model"]
    concession: Share = 0.003
    spread: Annotated[float, Field(ge=1e-100, le=1e100)] = 0.25


class WindowedFile(Described):
    """`WindowedModel`."""

    made = WindowedModel
    kind: Literal["windowed_model"]
    window: Annotated[int, Field(ge=1, le=LONGEST_DEADLINE)] = 48
    gamma: Annotated[float, Field(gt=0, le=1)] = 0.25
    alpha: Annotated[float, Field(gt=0, le=1e100)] = 10.0
    beta: Annotated[float, Field(gt=0, le=1e100)] = 5.0


ModelFile = Annotated[FrequencyFile | BayesianFile | WindowedFile, Field(discriminator="kind")]


def _name_or_model(given: Any) -> str:
    return "<model>" if isinstance(given, dict | Described) else "<name>"


# the tags say which of the two an error is about; no field is called so
ByFile = Annotated[
    Annotated[Literal["similarity", "hardheaded", "smith"], Tag("<name>")]
    | Annotated[ModelFile, Tag("<model>")],
    Discriminator(_name_or_model),
]


class Accepting(Described):
    """A policy with an acceptance condition, by default `AcceptNext`."""

    acceptance: ConditionFile = NextFile(kind="accept_next")


class TimeDependentFile(Accepting):
    """`TimeDependent`."""

    made = TimeDependent
    kind: Literal["time_dependent"]
    beta: Positive
    floor: Share = 0.0
    k: Share = 0.0


class ExponentialFile(Accepting):
    """`ExponentialConcession`."""

    made = ExponentialConcession
    kind: Literal["exponential"]
    beta: Positive = 1.0
    k: Annotated[float, Field(gt=0, le=1)] = 0.05
    floor: Share = 0.0


class BezierFile(Accepting):
    """`BezierConcession`."""

    made = BezierConcession
    kind: Literal["bezier"]
    start: Share = 1.0
    bend: Share = 0.75
    end: Share = 0.5


class ResourceFile(Accepting):
    """`ResourceDependent`."""

    made = ResourceDependent
    kind: Literal["resource_dependent"]
    patience: NotNegative = 5.0
    k: Share = 0.0
    floor: Share = 0.0


CurveFile = Annotated[
    TimeDependentFile | ExponentialFile | BezierFile | ResourceFile, Field(discriminator="kind")
]


class TitForTatFile(Accepting):
    """`TitForTat`."""

    made = TitForTat
    kind: Literal["tit_for_tat"]
    form: Literal["relative", "absolute", "averaged"] = "relative"
    delay: Annotated[int, Field(ge=1)] = 1
    noise: NotNegative = 0.0
    floor: Share = 0.0


class NiceTitForTatFile(Accepting):
    """`NiceTitForTat`."""

    made = NiceTitForTat
    kind: Literal["nice_tit_for_tat"]
    model: ModelFile = BayesianFile(kind="bayesian_model")
    bonus: Share = 0.5
    bonus_from: Share = 0.9
    band: Share = 0.05
    floor: Share = 0.0


class MiCROFile(Described):
    """`MiCRO`."""

    made = MiCRO
    kind: Literal["micro"]


class RandomFile(Accepting):
    """`RandomOffers`."""

    made = RandomOffers
    kind: Literal["random"]
    floor: Share = 0.0


class TradeOffFile(Accepting):
    """`TradeOff`."""

    made = TradeOff
    kind: Literal["trade_off"]
    curve: CurveFile
    by: ByFile = "similarity"
    band: Share = 0.05


class AdaptiveFile(Accepting):
    """`Adaptive`."""

    made = Adaptive
    kind: Literal["adaptive"]
    beta: Positive = 1.0
    floor: Share = 0.0
    k: Share = 0.0
    conceded: Annotated[list[Share], Field(max_length=MOST_KNOTS)] = []
    patience: Annotated[int, Field(ge=0)] = 0
    final: Share = 0.0
    reciprocity: NotNegative = 0.0
    matching: NotNegative = 0.0
    least: Share = 0.0
    by: Literal["closest", "known", "similarity", "hardheaded", "smith"] = "closest"
    band: Share = 0.05


class ScriptedFile(Accepting):
    """`Scripted`: each outcome a mapping from issues to values, a list of values, or a row."""

    made = Scripted
    kind: Literal["scripted"]
    outcomes: Annotated[
        list[
            dict[str, str | bool | int | float]
            | list[str | bool | int | float]
            | Annotated[int, Field(ge=0)]
        ],
        Field(min_length=1),
    ]

    def build(self) -> Scripted:
        """Return the policy, its lists of values not taken for lists of objects."""
        return Scripted(self.outcomes, acceptance=self.acceptance.build())


class MixtureFile(Described):
    """`Mixture`."""

    made = Mixture
    kind: Literal["mixture"]
    policies: Annotated[list[AnyPolicyFile], Field(min_length=1)]
    weights: list[NotNegative]


AnyPolicyFile = Annotated[
    TimeDependentFile
    | ExponentialFile
    | BezierFile
    | ResourceFile
    | TitForTatFile
    | NiceTitForTatFile
    | MiCROFile
    | RandomFile
    | TradeOffFile
    | AdaptiveFile
    | ScriptedFile
    | MixtureFile,
    Field(discriminator="kind"),
]

AnyFile.model_rebuild()
AllFile.model_rebuild()
MixtureFile.model_rebuild()
