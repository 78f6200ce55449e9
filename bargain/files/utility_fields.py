"""The fields of the problem file that say what outcomes are worth, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as _model_validator

from bargain.files.fields import (
    SCALAR_SCHEMA,
    Conditions,
    Fields,
    IssueName,
    MaybeNumber,
    MaybePair,
    Number,
    Pair,
    Weight,
    checked_mapping,
    checked_truth,
    checked_value,
    fault,
    is_finite,
    listed,
    number_where,
)


def _worth_of_two(value: Any) -> tuple[Any, Any, float]:
    if not isinstance(value, list | tuple) or len(value) != 3 or not is_finite(value[2]):
        raise fault("[value, value, worth] with a finite worth", value)
    return checked_value(value[0]), checked_value(value[1]), value[2]


def _worths_at(count: int) -> tuple[Any, Any]:
    """Return the check and the schema of the worths at so many places of an issue."""

    def check(value: Any) -> Any:
        listed = isinstance(value, list | tuple) and len(value) == count
        if not listed or not all(is_finite(number) for number in value):
            raise fault(f"{count} finite numbers", value)
        return tuple(value)

    schema = {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count}
    return PlainValidator(check), WithJsonSchema(schema)


Ends = Annotated[tuple[float, float], *_worths_at(2)]
EndsAndMiddle = Annotated[tuple[float, float, float], *_worths_at(3)]


class PowerFields(Fields):
    """A power of the distance from the end that is worth less."""

    at: Ends
    exponent: Number


class LogarithmicFields(Fields):
    """A logarithm of the distance from the end that is worth less."""

    at: Ends
    growth: Number


class ExponentialFields(Fields):
    """Constant risk aversion in the distance from the end that is worth less."""

    at: Ends
    rate: Number


class QuadraticFields(Fields):
    """A parabola through the worths of the least, the middle and the largest value."""

    at: EndsAndMiddle


_KINDS = (
    "table",
    "linear",
    "piecewise_linear",
    "power",
    "logarithmic",
    "exponential",
    "quadratic",
)


class WorthFields(Fields):
    """What the values of one issue are worth: a table, a line, a chain of lines, or a curve."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [kind]} for kind in _KINDS]}
    )

    weight: Weight = 1.0
    table: (
        dict[Annotated[Any, PlainValidator(checked_value), WithJsonSchema({})], Number] | None
    ) = None
    linear: MaybePair = None
    piecewise_linear: Annotated[
        list[Pair] | None,
        BeforeValidator(listed("a list of at least two pairs [value, worth]", 2)),
        Field(json_schema_extra={"minItems": 2}),
    ] = None

    power: Annotated[PowerFields | None, BeforeValidator(checked_mapping)] = None
    logarithmic: Annotated[LogarithmicFields | None, BeforeValidator(checked_mapping)] = None
    exponential: Annotated[ExponentialFields | None, BeforeValidator(checked_mapping)] = None
    quadratic: Annotated[QuadraticFields | None, BeforeValidator(checked_mapping)] = None

    @_model_validator(mode="after")
    def _one_kind(self) -> WorthFields:
        kinds = sorted({*_KINDS} & self.model_fields_set)
        if len(kinds) != 1:
            raise fault(f"one of {', '.join(_KINDS[:-1])} and {_KINDS[-1]}", kinds)
        return self


class RectangleFields(Fields):
    """A worth that is paid where all bounds hold, or outside: where at least one does not."""

    worth: Number
    weight: Weight = 1.0
    outside: Annotated[bool, PlainValidator(checked_truth), WithJsonSchema({"type": "boolean"})] = (
        False
    )
    bounds: Conditions = None


class InteractionFields(Fields):
    """What the values of two issues add together: [value of first, value of second, worth]."""

    first: IssueName
    second: IssueName
    worths: Annotated[
        list[
            Annotated[
                tuple[Any, Any, float],
                PlainValidator(_worth_of_two),
                WithJsonSchema(
                    {
                        "type": "array",
                        "prefixItems": [SCALAR_SCHEMA, SCALAR_SCHEMA, {"type": "number"}],
                        "minItems": 3,
                        "maxItems": 3,
                    }
                ),
            ]
        ],
        BeforeValidator(listed("a list of [value, value, worth]", 0)),
    ]


class RelativeFields(Fields):
    """Constant relative risk aversion over another utility."""

    aversion: Number
    wealth: Number = 0.0
    of: UtilityFields


class AbsoluteFields(Fields):
    """Constant absolute risk aversion over another utility."""

    aversion: Number
    of: UtilityFields


_BESIDE = {
    "additive": ("interactions", "ceiling"),
    "rectangles": ("scale", "ceiling"),
    "crra": (),
    "cara": (),
}
"""Kinds of utilities, and which fields may stand beside each."""

_BESIDES = ("interactions", "scale", "ceiling")


class UtilityFields(Fields):
    """What outcomes are worth: a weighted sum, worths of regions, or an attitude to risk."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": [kind],
                    "properties": {name: False for name in _BESIDES if name not in beside},
                }
                for kind, beside in _BESIDE.items()
            ]
        }
    )

    additive: Annotated[dict[IssueName, WorthFields] | None, BeforeValidator(checked_mapping)] = (
        None
    )
    interactions: Annotated[
        list[InteractionFields] | None,
        BeforeValidator(listed("a list of interactions", 0)),
    ] = None
    rectangles: Annotated[
        list[RectangleFields] | None,
        BeforeValidator(listed("a list of at least one rectangle", 1)),
        Field(json_schema_extra={"minItems": 1}),
    ] = None
    scale: Annotated[
        float,
        PlainValidator(number_where("a finite number > 0", lambda number: number > 0)),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    ] = 1.0
    ceiling: MaybeNumber = None
    crra: Annotated[RelativeFields | None, BeforeValidator(checked_mapping)] = None
    cara: Annotated[AbsoluteFields | None, BeforeValidator(checked_mapping)] = None

    @_model_validator(mode="after")
    def _one_kind(self) -> UtilityFields:
        kinds = sorted({*_BESIDE} & self.model_fields_set)
        if len(kinds) != 1:
            raise fault("one of additive, rectangles, crra and cara", kinds)
        beside = self.model_fields_set - {kinds[0], *_BESIDE[kinds[0]]}
        if beside:
            raise fault(f"no {sorted(beside)[0]} beside {kinds[0]}", "both")
        return self
