"""Policies as vectors of numbers, and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.play.acceptance import (
    AcceptAbove,
    AcceptAfter,
    AcceptAll,
    Acceptance,
    AcceptAny,
    AcceptBest,
    AcceptNext,
)
from bargain.play.adaptive import Adaptive
from bargain.play.labels import short_label
from bargain.play.presets import CONCESSIONS
from bargain.play.time_dependent import TimeDependent
from bargain.search.candidates import Candidates
from bargain.search.parameters import Parameter, point_of

Reals = NDArray[np.float64]

_NEXT = (
    Parameter("scale", 0.5, 2.0, "log", "ratio"),
    Parameter("offset", -0.5, 0.5),
)
_BETA = Parameter("beta", 0.02, 20.0, "log", "rate of concession")
_FLOOR = Parameter("floor", 0.0, 1.0)

TIME_DEPENDENT = (
    _BETA,
    _FLOOR,
    Parameter("k", 0.0, 0.5, unit="share of what the curve may concede"),
    *_NEXT,
)
"""`TimeDependent` with `AcceptNext`; 5 numbers."""

MOST_SEARCHED = 16
"""Most knots of a curve that a search may turn; more than 8 seldom pay."""


class PolicySpace(ABC):
    """Policies with as many numbers as `parameters`, in that order.

    A vector holds the values themselves; `policy` and `vector` undo each other exactly.
    """

    name: str
    parameters: tuple[Parameter, ...]

    @abstractmethod
    def policy(self, vector: ArrayLike) -> Any:
        """Return the policy of a vector of values, shape (n_parameters,), within its bounds."""

    @abstractmethod
    def vector(self, policy: Any) -> Reals:
        """Return the values of a policy, shape (n_parameters,).

        Raises
        ------
        InvalidArgumentError
            If a value is out of bounds, or the policy is none of this space.
        """

    @abstractmethod
    def candidates(self, values: Reals) -> Candidates:
        """Lay out the policies of vectors, shape (n, n_parameters), to be played at once."""

    @property
    @abstractmethod
    def presets(self) -> dict[str, Any]:
        """Policies of the space that a search starts from, by name.

        Only those that play just as a policy that the literature calls so have its name.
        """

    def __len__(self) -> int:
        """Return the number of parameters."""
        return len(self.parameters)

    def values_at(self, shares: ArrayLike) -> Reals:
        """Return the vectors at points of the unit cube, shape (n, n_parameters)."""
        s = np.asarray(shares, dtype=np.float64)
        low, high, log, whole = _columns(self.parameters)
        # as `Parameter.value_at`, all columns at once
        values = (1.0 - s) * low + s * high
        if log.size:
            part, ends = s[..., log], (np.log(low[log]), np.log(high[log]))
            values[..., log] = np.exp((1.0 - part) * ends[0] + part * ends[1])
        if whole.size:
            values[..., whole] = np.floor(
                low[whole] + s[..., whole] * (high[whole] - low[whole] + 1.0)
            )
        values = np.where(s == 0.0, low, np.where(s == 1.0, high, values))
        return np.asarray(np.minimum(np.maximum(values, low), high))

    def point_of(self, policy: Any) -> Reals:
        """Return a point of R^n that belongs to a policy (see `parameters.point_of`)."""
        pairs = zip(self.parameters, self.vector(policy).tolist(), strict=True)
        return point_of([parameter.share_of(value) for parameter, value in pairs])

    def _checked(self, values: Sequence[float]) -> Reals:
        for parameter, value in zip(self.parameters, values, strict=True):
            parameter.share_of(value)
        return np.array(values, dtype=np.float64)

    def _given(self, vector: ArrayLike) -> list[float]:
        given = np.asarray(vector, dtype=np.float64)
        if given.shape != (len(self),):
            raise InvalidArgumentError.at("vector", f"shape ({len(self)},)", given.shape)
        values: list[float] = self._checked(given.tolist()).tolist()
        return values


@dataclass(frozen=True)
class TimeDependentSpace(PolicySpace):
    """`TimeDependent` with `AcceptNext`: beta, floor, k, scale and offset."""

    name: ClassVar[str] = "time_dependent"  # type: ignore[misc]
    parameters: ClassVar[tuple[Parameter, ...]] = TIME_DEPENDENT  # type: ignore[misc]

    def policy(self, vector: ArrayLike) -> TimeDependent:
        beta, floor, k, scale, offset = self._given(vector)
        return TimeDependent(beta=beta, floor=floor, k=k, acceptance=AcceptNext(scale, offset))

    def vector(self, policy: Any) -> Reals:
        if not isinstance(policy, TimeDependent):
            got = short_label(policy)
            raise InvalidArgumentError(f"policy: expected TimeDependent, got {got}")
        accept = policy.acceptance
        if not isinstance(accept, AcceptNext):
            raise InvalidArgumentError.at("acceptance", "AcceptNext", accept)
        return self._checked([policy.beta, policy.floor, policy.k, accept.scale, accept.offset])

    def candidates(self, values: Reals) -> Candidates:
        zero = np.zeros(len(values))
        beta, floor, k, scale, offset = values.T
        curves = np.column_stack([beta, k, floor, zero, zero])
        return Candidates.of_curves(curves, scale=scale, offset=offset)

    @property
    def presets(self) -> dict[str, Any]:
        return dict(CONCESSIONS)


@dataclass(frozen=True)
class AdaptiveSpace(PolicySpace):
    """`Adaptive` policies: the curve alone, or with what they make of the other side's offers.

    The parameters of the curve are beta, floor, k, conceded_1 to conceded_n, patience and final;
    of acceptance scale and offset of `AcceptNext`, and accept_above, a share that is accepted
    whatever comes next (1: none). Where `responsive`, also reciprocity, matching, least,
    accept_from, the time from which the best of a window that is as long as the time left is
    accepted (1: never), and, where it trades off by a model, band. The knots of a vector may come
    in any order; they are sorted.

    Parameters
    ----------
    knots : int
        Of the curve, from 0 to 16; 4 to 8 do best.
    by : {"closest", "known", "similarity", "hardheaded", "smith"}
        As in `Adaptive`.
    responsive : bool
    """

    knots: int = 6
    by: str = "known"
    responsive: bool = True

    def __post_init__(self) -> None:
        knots = whole_number("knots", self.knots, at_least=0, error=InvalidArgumentError)
        if knots > MOST_SEARCHED:
            raise InvalidArgumentError.at("knots", f"at most {MOST_SEARCHED}", self.knots)
        Adaptive(by=self.by)  # type: ignore[arg-type]
        if self.trades_off and not self.responsive:
            raise InvalidArgumentError.at("by", "'closest' or 'known' for a curve alone", self.by)
        parameters = [
            _BETA,
            _FLOOR,
            Parameter("k", 0.0, 1.0, unit="share of what the curve may concede"),
            *(
                Parameter(f"conceded_{i + 1}", 0.0, 1.0, unit="share of what is left to concede")
                for i in range(knots)
            ),
            Parameter("patience", 0, 10, "whole", "rounds"),
            Parameter("final", 0.0, 1.0),
            *_NEXT,
            Parameter("accept_above", 0.0, 1.0),
        ]
        if self.responsive:
            parameters += [
                Parameter("reciprocity", 0.0, 1.5, unit="own gain per own gain"),
                Parameter("matching", 0.0, 3.0, unit="outcomes per new outcome"),
                Parameter("least", 0.0, 1.0),
                Parameter("accept_from", 0.5, 1.0, unit="relative time"),
            ]
        if self.trades_off:
            parameters.append(Parameter("band", 0.0, 0.2))
        object.__setattr__(self, "parameters", tuple(parameters))

    @property
    def name(self) -> str:  # type: ignore[override]
        """What it is called."""
        return "adaptive" if self.responsive else "curve"

    @property
    def trades_off(self) -> bool:
        """Whether it looks for what suits the other side by its offers."""
        return self.by not in ("closest", "known")

    def policy(self, vector: ArrayLike) -> Adaptive:
        given = self._named(self._given(vector))
        knots = sorted(given.pop(f"conceded_{i + 1}") for i in range(self.knots))
        acceptance = _acceptance(
            given.pop("scale"),
            given.pop("offset"),
            given.pop("accept_above"),
            given.pop("accept_from", 1.0),
        )
        patience = int(given.pop("patience"))
        return Adaptive(
            conceded=tuple(knots),
            patience=patience,
            by=self.by,  # type: ignore[arg-type]
            acceptance=acceptance,
            **given,
        )

    def vector(self, policy: Any) -> Reals:
        if isinstance(policy, TimeDependent):
            policy = self._from_curve(policy)
        if not isinstance(policy, Adaptive) or policy.by != self.by:
            expected = f"Adaptive by {self.by!r}"
            raise InvalidArgumentError(f"policy: expected {expected}, got {short_label(policy)}")
        if len(policy.conceded) != self.knots:
            raise InvalidArgumentError.at("conceded", f"{self.knots} knots", policy.conceded)
        named = {f"conceded_{i + 1}": share for i, share in enumerate(policy.conceded)}
        named |= _accepted(policy.acceptance)
        for parameter in self.parameters:
            if parameter.name not in named:
                named[parameter.name] = float(getattr(policy, parameter.name))
        values = [named[parameter.name] for parameter in self.parameters]
        checked = self._checked(values)
        if self.policy(checked) != policy:
            expected = f"one of the space {self.name!r}"
            raise InvalidArgumentError(f"policy: expected {expected}, got {short_label(policy)}")
        return checked

    def candidates(self, values: Reals) -> Candidates:
        named = {p.name: values[:, i] for i, p in enumerate(self.parameters)}
        knots = np.array([named[f"conceded_{i + 1}"] for i in range(self.knots)])
        knots = np.sort(knots.reshape(self.knots, len(values)), axis=0)
        curve = [named[name] for name in ("beta", "k", "floor", "final", "patience")]
        return Candidates.of_curves(
            np.column_stack([*curve, *knots]),
            by=self.by,
            **{
                name: named[name]
                for name in (
                    "scale",
                    "offset",
                    "accept_above",
                    "reciprocity",
                    "matching",
                    "least",
                    "accept_from",
                    "band",
                )
                if name in named
            },
        )

    @property
    def presets(self) -> dict[str, Any]:
        # on the closest outcomes the curve plays as the policy itself does
        told = "" if self.by == "closest" else ", traded off"
        return {f"{name}{told}": self._from_curve(policy) for name, policy in CONCESSIONS}

    def _from_curve(self, policy: TimeDependent) -> Adaptive:
        knots = tuple((i + 1) / (self.knots + 1) for i in range(self.knots))
        return Adaptive(
            policy.beta,
            policy.floor,
            policy.k,
            knots,
            by=self.by,  # type: ignore[arg-type]
            acceptance=policy.acceptance,
        )

    def _named(self, values: list[float]) -> dict[str, Any]:
        return {p.name: value for p, value in zip(self.parameters, values, strict=True)}


def policy_space(given: Any) -> PolicySpace:
    """Return a space given as itself or by name: "time_dependent", "curve" or "adaptive".

    Raises
    ------
    InvalidArgumentError
    """
    if isinstance(given, PolicySpace):
        return given
    named: dict[Any, PolicySpace] = {
        "time_dependent": TimeDependentSpace(),
        "curve": AdaptiveSpace(responsive=False),
        "adaptive": AdaptiveSpace(knots=4),
    }
    if not isinstance(given, str) or given not in named:
        raise InvalidArgumentError.at("space", f"a PolicySpace or one of {', '.join(named)}", given)
    return named[given]


@lru_cache(maxsize=16)
def _columns(parameters: tuple[Parameter, ...]) -> tuple[NDArray[Any], ...]:
    """Return lower and upper bounds, and which columns are on other scales than the linear one."""
    return (
        np.array([p.low for p in parameters], dtype=np.float64),
        np.array([p.high for p in parameters], dtype=np.float64),
        np.flatnonzero([p.scale == "log" for p in parameters]),
        np.flatnonzero([p.scale == "whole" for p in parameters]),
    )


def _acceptance(scale: float, offset: float, above: float, since: float) -> Acceptance:
    parts: list[Acceptance] = [AcceptNext(scale, offset)]
    if above < 1.0:
        parts.append(AcceptAbove(above))
    if since < 1.0:
        parts.append(AcceptAfter(since) & AcceptBest("best", "remaining"))
    return parts[0] if len(parts) == 1 else AcceptAny(tuple(parts))


def _accepted(acceptance: Acceptance) -> dict[str, float]:
    """Return the numbers of an acceptance condition that a space can hold, or raise."""
    parts = acceptance.conditions if isinstance(acceptance, AcceptAny) else (acceptance,)
    if not isinstance(parts[0], AcceptNext):
        raise InvalidArgumentError.at("acceptance", "AcceptNext first", acceptance)
    named = {"scale": parts[0].scale, "offset": parts[0].offset}
    named |= {"accept_above": 1.0, "accept_from": 1.0}
    for part in parts[1:]:
        if isinstance(part, AcceptAbove):
            named["accept_above"] = part.share
        elif isinstance(part, AcceptAll) and isinstance(part.conditions[0], AcceptAfter):
            named["accept_from"] = part.conditions[0].time
    return named
