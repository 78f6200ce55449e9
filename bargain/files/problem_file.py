"""The problem file, version 1, as pydantic models: which fields there are and what they hold.

Pydantic checks the shape of a file; whether the numbers make a bargaining problem is for
`bargain.model` to say. `problem.schema.json` beside this module is generated from these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)
from pydantic import model_validator as _model_validator

from bargain.errors import FileFormatError
from bargain.files.fields import (
    CONDITION_SCHEMA,
    SCALAR_SCHEMA,
    Conditions,
    Fields,
    IssueName,
    MaybeNumber,
    Name,
    Number,
    OneValue,
    Text,
    checked_conditions,
    checked_fields,
    checked_name,
    checked_value,
    fault,
    listed,
    named,
    number_where,
    tidied,
)
from bargain.files.utility_fields import UtilityFields


def checked_document(data: Any, where: str) -> ProblemFile:
    """Return the checked content of a problem file, or raise naming the first wrong field."""
    if not isinstance(data, dict):
        raise FileFormatError(
            f"{where}: expected a mapping with bargain, issues and parties, got {named(data)}"
        )
    return checked_fields(ProblemFile, data, where)


def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of the problem file.

    Published as `bargain/files/problem.schema.json`; a test fails when that is out of date.
    """
    schema: dict[str, Any] = tidied(ProblemFile.model_json_schema())
    schema["$defs"]["Condition"] = CONDITION_SCHEMA
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bargain problem file, version 1",
        **schema,
    }


def _version(value: Any) -> int:
    if value != 1 or isinstance(value, bool):
        raise fault("format version 1", value)
    return 1


def _status_quo(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fault("a mapping from issues to values", value)
    return {checked_name(issue): checked_value(settled) for issue, settled in value.items()}


class IssueFields(Fields):
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
        BeforeValidator(listed("a list of values", 1)),
        Field(json_schema_extra={"minItems": 1}),
    ] = None
    low: MaybeNumber = None
    high: MaybeNumber = None
    step: Annotated[
        float | None,
        PlainValidator(number_where("a finite number > 0", lambda number: number > 0)),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
    ] = None

    @_model_validator(mode="after")
    def _values_or_bounds(self) -> IssueFields:
        bounds = {"low", "high", "step"} & self.model_fields_set
        if self.values is None and not {"low", "high"} <= bounds:
            raise fault("values, or low and high", sorted(bounds) or "neither")
        if self.values is not None and bounds:
            raise fault("values, or low and high", "both")
        return self


class PartyFields(Fields):
    """A side of the table."""

    model_config = ConfigDict(
        json_schema_extra={"not": {"required": ["reservation_value", "disagreement"]}}
    )

    name: Name
    reservation_value: MaybeNumber = None
    disagreement: Annotated[
        dict[str, Any] | None,
        PlainValidator(_status_quo),
        WithJsonSchema({"type": "object", "additionalProperties": SCALAR_SCHEMA}),
    ] = None
    discount_factor: Annotated[
        float,
        PlainValidator(number_where("a number in (0, 1]", lambda number: 0 < number <= 1)),
        WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
    ] = 1.0
    discount_per: Literal["round", "session"] = "round"
    cost: Annotated[
        float,
        PlainValidator(number_where("a finite number >= 0", lambda number: number >= 0)),
        WithJsonSchema({"type": "number", "minimum": 0}),
    ] = 0.0
    cost_per: Literal["round", "session"] = "round"
    utility: UtilityFields

    @_model_validator(mode="after")
    def _one_disagreement(self) -> PartyFields:
        if {"reservation_value", "disagreement"} <= self.model_fields_set:
            raise fault("reservation_value or disagreement", "both")
        return self


class BudgetFields(Fields):
    """A limit on a weighted sum of numbers: so much of each issue, at most, at least, or both."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 2})

    coefficients: Annotated[
        dict[IssueName, Number],
        BeforeValidator(checked_conditions),
        Field(json_schema_extra={"minProperties": 1}),
    ]
    at_most: MaybeNumber = None
    at_least: MaybeNumber = None

    @_model_validator(mode="after")
    def _some_limit(self) -> BudgetFields:
        if self.at_most is None and self.at_least is None:
            raise fault("at_most, at_least or both", None)
        return self


class ConstraintFields(Fields):
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
            raise fault("one of if and then, forbid, require and budget", kinds)
        if kinds == ["budget"] and self.budget is None:
            raise fault("a budget", None)
        return self


class ProblemFile(Fields):
    """A bargaining problem: what is at stake, for whom, and what happens without agreement."""

    bargain: Annotated[int, PlainValidator(_version), WithJsonSchema({"const": 1})]
    name: Text = None
    source: Text = None
    issues: list[IssueFields]
    parties: list[PartyFields]
    constraints: list[ConstraintFields] = []  # noqa: RUF012 - pydantic copies it
