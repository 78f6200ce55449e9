"""The problem file, version 1, as pydantic models: which fields there are and what they hold.

Pydantic checks the shape of a file; whether the numbers make a bargaining problem is for
`bargain.model` to say. `problem.schema.json` beside this module is generated from these models.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic import model_validator as _model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from bargain.errors import FileFormatError, shown
from bargain.files.places import field_path
from bargain.model.numbers import is_number


def checked_document(data: Any, where: str) -> ProblemFile:
    """Return the checked content of a problem file, or raise naming the first wrong field."""
    if not isinstance(data, dict):
        raise FileFormatError(
            f"{where}: expected a mapping with bargain, issues and parties, got {_named(data)}"
        )
    try:
        return ProblemFile.model_validate(data)
    except ValidationError as error:
        # a misspelt field is both unknown and missing, and the former says more
        faults = sorted(
            error.errors(include_url=False),
            key=lambda fault: fault["type"] not in ("extra_forbidden", "invalid_key"),
        )
        raise FileFormatError(f"{where}: {_sentence(faults[0])}") from None


def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of the problem file.

    Published as `bargain/files/problem.schema.json`; a test fails when that is out of date.
    """
    schema: dict[str, Any] = _tidy(ProblemFile.model_json_schema())
    schema["$defs"]["Condition"] = _CONDITION_SCHEMA
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bargain problem file, version 1",
        **schema,
    }


def _fault(expected: str, got: Any, hint: str = "") -> PydanticCustomError:
    # handed over as data, so that braces in it are left alone
    text = f"expected {expected}, got {_named(got)}{hint}"
    return PydanticCustomError("fault", "{text}", {"text": text})


def _named(value: Any) -> str:
    return "null" if value is None else shown(value)


def _is_finite(value: Any) -> bool:
    try:
        return is_number(value) and math.isfinite(value)
    except OverflowError:
        return False


def _number_where(what: str, holds: Callable[[float], bool]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not _is_finite(value) or not holds(value):
            raise _fault(what, value)
        return value

    return check


def _text(value: Any) -> str:
    if not isinstance(value, str):
        hint = " (put it in quotes)" if is_number(value) or isinstance(value, bool) else ""
        raise _fault("text", value, hint)
    return value


def _name(value: Any) -> str:
    text = _text(value)
    if not text.strip():
        raise _fault("a name", value)
    return text


def _value(value: Any) -> Any:
    if not isinstance(value, str | bool) and not _is_finite(value):
        raise _fault("text, a finite number or true/false", value)
    return value


def _listed(what: str, at_least: int) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, list | tuple) or len(value) < at_least:
            raise _fault(what, value)
        return value

    return check


def _version(value: Any) -> int:
    if value != 1 or isinstance(value, bool):
        raise _fault("format version 1", value)
    return 1


def _pair(value: Any) -> tuple[float, float]:
    two_numbers = isinstance(value, list | tuple) and len(value) == 2
    if not two_numbers or not all(_is_finite(number) for number in value):
        raise _fault("a pair of finite numbers", value)
    return tuple(value)


def _status_quo(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fault("a mapping from issues to values", value)
    return {_name(issue): _value(settled) for issue, settled in value.items()}


def _condition(value: Any) -> Any:
    if isinstance(value, dict):
        if not value or value.keys() - {"at_least", "at_most"}:
            raise _fault("at_least, at_most or both", value)
        for bound in value.values():
            if not _is_finite(bound):
                raise _fault("finite numbers for at_least and at_most", bound)
        return value
    if isinstance(value, list | tuple):
        if not value:
            raise _fault("at least one value", value)
        return [_value(each) for each in value]
    return _value(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _fault("true or false", value)
    return value


def _worth_of_two(value: Any) -> tuple[Any, Any, float]:
    if not isinstance(value, list | tuple) or len(value) != 3 or not _is_finite(value[2]):
        raise _fault("[value, value, worth] with a finite worth", value)
    return _value(value[0]), _value(value[1]), value[2]


def _conditions(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        raise _fault("a mapping from issues to what is asked of them", value)
    return value


_SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}
_CONDITION_SCHEMA = {
    "oneOf": [
        _SCALAR_SCHEMA,
        {"type": "array", "items": _SCALAR_SCHEMA, "minItems": 1},
        {
            "type": "object",
            "properties": {"at_least": {"type": "number"}, "at_most": {"type": "number"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
_PAIR_SCHEMA = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}

Number = Annotated[
    float,
    PlainValidator(_number_where("a finite number", lambda _: True)),
    WithJsonSchema({"type": "number"}),
]
MaybeNumber = Annotated[float | None, *Number.__metadata__]
Name = Annotated[str, PlainValidator(_name), WithJsonSchema({"type": "string", "pattern": r"\S"})]
# without a pattern, so that it may be the key of any issue in a schema
IssueName = Annotated[str, PlainValidator(_name), WithJsonSchema({"type": "string"})]
OneValue = Annotated[Any, PlainValidator(_value), WithJsonSchema(_SCALAR_SCHEMA)]
Pair = Annotated[tuple[float, float], PlainValidator(_pair), WithJsonSchema(_PAIR_SCHEMA)]
MaybePair = Annotated[tuple[float, float] | None, *Pair.__metadata__]
Text = Annotated[str | None, PlainValidator(_text), WithJsonSchema({"type": "string"})]


class _Fields(BaseModel):
    """Nothing but the fields that are listed, each checked by its own rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IssueFields(_Fields):
    """One thing to settle: by one of some values, or by a number between low and high."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["values"],
                    "properties": {"low": False, "high": False, "step": False},
                },
                {"required": ["low", "high"], "properties": {"values": False}},
            ]
        }
    )

    name: Name
    unit: Text = None
    values: Annotated[
        list[OneValue] | None,
        BeforeValidator(_listed("a list of values", 1)),
        Field(json_schema_extra={"minItems": 1}),
    ] = None
    low: MaybeNumber = None
    high: MaybeNumber = None
    step: Annotated[
        float | None,
        PlainValidator(_number_where("a finite number > 0", lambda number: number > 0)),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    ] = None

    @_model_validator(mode="after")
    def _values_or_bounds(self) -> IssueFields:
        bounds = {"low", "high", "step"} & self.model_fields_set
        if self.values is None and not {"low", "high"} <= bounds:
            raise _fault("values, or low and high", sorted(bounds) or "neither")
        if self.values is not None and bounds:
            raise _fault("values, or low and high", "both")
        return self


def _mapping(value: Any) -> Any:
    # fields that may be left out may still not be null
    if value is None:
        raise _fault("a mapping", value)
    return value


def _worths_at(count: int) -> tuple[Any, Any]:
    """Return the check and the schema of the worths at so many places of an issue."""

    def check(value: Any) -> Any:
        listed = isinstance(value, list | tuple) and len(value) == count
        if not listed or not all(_is_finite(number) for number in value):
            raise _fault(f"{count} finite numbers", value)
        return tuple(value)

    schema = {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count}
    return PlainValidator(check), WithJsonSchema(schema)


Ends = Annotated[tuple[float, float], *_worths_at(2)]
EndsAndMiddle = Annotated[tuple[float, float, float], *_worths_at(3)]


class PowerFields(_Fields):
    """A power of the distance from the end that is worth less."""

    at: Ends
    exponent: Number


class LogarithmicFields(_Fields):
    """A logarithm of the distance from the end that is worth less."""

    at: Ends
    growth: Number


class ExponentialFields(_Fields):
    """Constant risk aversion in the distance from the end that is worth less."""

    at: Ends
    rate: Number


class QuadraticFields(_Fields):
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


class WorthFields(_Fields):
    """What the values of one issue are worth: a table, a line, a chain of lines, or a curve."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [kind]} for kind in _KINDS]}
    )

    weight: Annotated[
        float,
        PlainValidator(_number_where("a finite number >= 0", lambda number: number >= 0)),
        WithJsonSchema({"type": "number", "minimum": 0}),
    ] = 1.0
    table: dict[Annotated[Any, PlainValidator(_value), WithJsonSchema({})], Number] | None = None
    linear: MaybePair = None
    piecewise_linear: Annotated[
        list[Pair] | None,
        BeforeValidator(_listed("a list of at least two pairs [value, worth]", 2)),
        Field(json_schema_extra={"minItems": 2}),
    ] = None

    power: Annotated[PowerFields | None, BeforeValidator(_mapping)] = None
    logarithmic: Annotated[LogarithmicFields | None, BeforeValidator(_mapping)] = None
    exponential: Annotated[ExponentialFields | None, BeforeValidator(_mapping)] = None
    quadratic: Annotated[QuadraticFields | None, BeforeValidator(_mapping)] = None

    @_model_validator(mode="after")
    def _one_kind(self) -> WorthFields:
        kinds = sorted({*_KINDS} & self.model_fields_set)
        if len(kinds) != 1:
            raise _fault(f"one of {', '.join(_KINDS[:-1])} and {_KINDS[-1]}", kinds)
        return self


Condition = Annotated[Any, PlainValidator(_condition), WithJsonSchema(_CONDITION_SCHEMA)]
Conditions = Annotated[
    dict[IssueName, Condition] | None,
    BeforeValidator(_conditions),
    Field(json_schema_extra={"minProperties": 1}),
]
Weight = Annotated[
    float,
    PlainValidator(_number_where("a finite number >= 0", lambda number: number >= 0)),
    WithJsonSchema({"type": "number", "minimum": 0}),
]


class RectangleFields(_Fields):
    """A worth that is paid where all bounds hold, or outside: where at least one does not."""

    worth: Number
    weight: Weight = 1.0
    outside: Annotated[bool, PlainValidator(_truth), WithJsonSchema({"type": "boolean"})] = False
    bounds: Conditions = None


class InteractionFields(_Fields):
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
                        "prefixItems": [_SCALAR_SCHEMA, _SCALAR_SCHEMA, {"type": "number"}],
                        "minItems": 3,
                        "maxItems": 3,
                    }
                ),
            ]
        ],
        BeforeValidator(_listed("a list of [value, value, worth]", 0)),
    ]


class RelativeFields(_Fields):
    """Constant relative risk aversion over another utility."""

    aversion: Number
    wealth: Number = 0.0
    of: UtilityFields


class AbsoluteFields(_Fields):
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


class UtilityFields(_Fields):
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

    additive: Annotated[dict[IssueName, WorthFields] | None, BeforeValidator(_mapping)] = None
    interactions: Annotated[
        list[InteractionFields] | None,
        BeforeValidator(_listed("a list of interactions", 0)),
    ] = None
    rectangles: Annotated[
        list[RectangleFields] | None,
        BeforeValidator(_listed("a list of at least one rectangle", 1)),
        Field(json_schema_extra={"minItems": 1}),
    ] = None
    scale: Annotated[
        float,
        PlainValidator(_number_where("a finite number > 0", lambda number: number > 0)),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    ] = 1.0
    ceiling: MaybeNumber = None
    crra: Annotated[RelativeFields | None, BeforeValidator(_mapping)] = None
    cara: Annotated[AbsoluteFields | None, BeforeValidator(_mapping)] = None

    @_model_validator(mode="after")
    def _one_kind(self) -> UtilityFields:
        kinds = sorted({*_BESIDE} & self.model_fields_set)
        if len(kinds) != 1:
            raise _fault("one of additive, rectangles, crra and cara", kinds)
        beside = self.model_fields_set - {kinds[0], *_BESIDE[kinds[0]]}
        if beside:
            raise _fault(f"no {sorted(beside)[0]} beside {kinds[0]}", "both")
        return self


class PartyFields(_Fields):
    """A side of the table."""

    model_config = ConfigDict(
        json_schema_extra={"not": {"required": ["reservation_value", "disagreement"]}}
    )

    name: Name
    reservation_value: MaybeNumber = None
    disagreement: Annotated[
        dict[str, Any] | None,
        PlainValidator(_status_quo),
        WithJsonSchema({"type": "object", "additionalProperties": _SCALAR_SCHEMA}),
    ] = None
    discount_factor: Annotated[
        float,
        PlainValidator(_number_where("a number in (0, 1]", lambda number: 0 < number <= 1)),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
    ] = 1.0
    discount_per: Literal["round", "session"] = "round"
    cost: Annotated[
        float,
        PlainValidator(_number_where("a finite number >= 0", lambda number: number >= 0)),
        WithJsonSchema({"type": "number", "minimum": 0}),
    ] = 0.0
    cost_per: Literal["round", "session"] = "round"
    utility: UtilityFields

    @_model_validator(mode="after")
    def _one_disagreement(self) -> PartyFields:
        if {"reservation_value", "disagreement"} <= self.model_fields_set:
            raise _fault("reservation_value or disagreement", "both")
        return self


class BudgetFields(_Fields):
    """A limit on a weighted sum of numbers: so much of each issue, at most, at least, or both."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 2})

    coefficients: Annotated[
        dict[IssueName, Number],
        BeforeValidator(_conditions),
        Field(json_schema_extra={"minProperties": 1}),
    ]
    at_most: MaybeNumber = None
    at_least: MaybeNumber = None

    @_model_validator(mode="after")
    def _some_limit(self) -> BudgetFields:
        if self.at_most is None and self.at_least is None:
            raise _fault("at_most, at_least or both", None)
        return self


class ConstraintFields(_Fields):
    """What may not be agreed: one of if and then, forbid, require and budget."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["if", "then"]},
                {"required": ["forbid"]},
                {"required": ["require"]},
                {"required": ["budget"]},
            ],
            "dependentRequired": {"if": ["then"], "then": ["if"]},
        }
    )

    name: Text = None
    given: Annotated[Conditions, Field(alias="if")] = None
    then: Conditions = None
    forbid: Conditions = None
    require: Conditions = None
    budget: BudgetFields | None = None

    @_model_validator(mode="after")
    def _one_kind(self) -> ConstraintFields:
        kinds = sorted(
            "if" if kind == "given" else kind for kind in self.model_fields_set - {"name"}
        )
        if kinds not in (["if", "then"], ["forbid"], ["require"], ["budget"]):
            raise _fault("one of if and then, forbid, require and budget", kinds)
        if kinds == ["budget"] and self.budget is None:
            raise _fault("a budget", None)
        return self


class ProblemFile(_Fields):
    """A bargaining problem: what is at stake, for whom, and what happens without agreement."""

    bargain: Annotated[int, PlainValidator(_version), WithJsonSchema({"const": 1})]
    name: Text = None
    source: Text = None
    issues: list[IssueFields]
    parties: list[PartyFields]
    constraints: list[ConstraintFields] = []


_SENTENCES = {
    "extra_forbidden": "unknown field",
    "invalid_key": "unknown field",
    "missing": "expected this field, got nothing",
}
_EXPECTED = {
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "literal_error": "round or session",
}


def _sentence(fault: ErrorDetails) -> str:
    kind, parts = fault["type"], fault["loc"]
    if parts and parts[-1] == "[key]":
        parts = parts[:-2]
    if kind in _EXPECTED:
        text = f"expected {_EXPECTED[kind]}, got {_named(fault['input'])}"
    else:
        text = _SENTENCES.get(kind, fault["msg"])
    path = field_path(*parts)
    return f"{path}: {text}" if path else text


def _tidy(schema: Any) -> Any:
    """Drop the titles and null defaults that pydantic adds, and say once what recurs."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == _CONDITION_SCHEMA:
        return {"$ref": "#/$defs/Condition"}
    kept = {}
    for key, item in schema.items():
        is_noise = (key == "title" and isinstance(item, str)) or (key == "default" and item is None)
        if not is_noise:
            kept[key] = _tidy(item)
    if "anyOf" in kept:
        # fields that may be left out may still not be null
        kinds = [kind for kind in kept.pop("anyOf") if kind != {"type": "null"}]
        kept.update(kinds[0])
    return kept
