"""The case file, version 1, as pydantic models: which fields there are and what they hold.

`case.schema.json` beside this module is generated from these models, and the part on policies from
those of the policy file. What the limits hold is for `bargain.anchor.Limits` to check.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, TypeAdapter, WithJsonSchema

from bargain.anchor.anchor import LARGEST_MENU
from bargain.files.fields import (
    CONDITION_SCHEMA,
    SCALAR_SCHEMA,
    Fields,
    MaybeNumber,
    Name,
    Number,
    checked_mapping,
    checked_name,
    fault,
    listed,
    tidied,
)
from bargain.model.utilities import VALUES_LIMIT
from bargain.play.session import LONGEST_DEADLINE

_NAME_SCHEMA = {"type": "string", "pattern": r"\S"}
_NAMES_SCHEMA = {"type": "array", "items": _NAME_SCHEMA, "minItems": 1}
_PARTY_SCHEMA = {"type": ["string", "integer"], "pattern": r"\S", "minimum": 0}
_CONDITIONS_SCHEMA = {"type": "object", "additionalProperties": CONDITION_SCHEMA}
_COMBINATIONS_SCHEMA = {"type": "array", "items": {**_CONDITIONS_SCHEMA, "minProperties": 1}}
_MAYBE_NUMBER_SCHEMA = {"type": ["number", "null"]}
_LIMITS_SCHEMA = {
    "type": "object",
    "description": "The fields of `Limits`.",
    "properties": {
        "reservation": _MAYBE_NUMBER_SCHEMA,
        "alternative": _MAYBE_NUMBER_SCHEMA,
        "floor": _MAYBE_NUMBER_SCHEMA,
        "allowed": _CONDITIONS_SCHEMA,
        "forbidden": _COMBINATIONS_SCHEMA,
        "largest_concession": {**_MAYBE_NUMBER_SCHEMA, "minimum": 0},
        "approval_below": _MAYBE_NUMBER_SCHEMA,
        "approval_for": _COMBINATIONS_SCHEMA,
    },
    "additionalProperties": False,
}


def _version(value: Any) -> int:
    if value != 1 or isinstance(value, bool):
        raise fault("format version 1", value)
    return 1


def _names(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) and value else [value]
    return tuple(checked_name(name) for name in names)


def _party(value: Any) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return checked_name(value)


def _policy(value: Any) -> Any:
    return value if isinstance(value, dict) else checked_name(value)


def _whole(value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool):
        raise fault("a whole number", value)
    return value


def _about(value: Any) -> str:
    if not isinstance(value, str):
        raise fault("text", value)
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(w, str) and w.isalpha() for w in value):
        raise fault("a list of words made of letters", value)
    return tuple(value)


def _whole_schema(at_least: int, at_most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": at_least, "maximum": at_most})


class ClockFields(Fields):
    """When talks open and close, in ISO 8601 with a time zone; `skew` and so on in seconds."""

    opens: Name
    closes: Name
    skew: Annotated[Number, WithJsonSchema({"type": "number", "minimum": 0})] = 0.0
    respond_within: Annotated[
        MaybeNumber, WithJsonSchema({"type": "number", "exclusiveMinimum": 0})
    ] = None


class OfferFields(Fields):
    """An offer that was made before the agent came in."""

    party: Annotated[str | int, PlainValidator(_party), WithJsonSchema(_PARTY_SCHEMA)]
    outcome: Annotated[
        dict[str, Any],
        BeforeValidator(checked_mapping),
        WithJsonSchema({"type": "object", "additionalProperties": SCALAR_SCHEMA}),
    ]


class CaseFile(Fields):
    """Whose side the agent is on, of what problem, and how far it may go."""

    bargain_case: Annotated[int, PlainValidator(_version), WithJsonSchema({"const": 1})]
    problem: Annotated[
        tuple[str, ...],
        PlainValidator(_names),
        WithJsonSchema({"oneOf": [_NAME_SCHEMA, _NAMES_SCHEMA]}),
    ]
    party: Annotated[str | int, PlainValidator(_party), WithJsonSchema(_PARTY_SCHEMA)]
    policy: Annotated[
        Any,
        PlainValidator(_policy),
        WithJsonSchema({"oneOf": [_NAME_SCHEMA, {"type": "object"}]}),
    ] = "boulware"
    deadline: Annotated[int | None, PlainValidator(_whole), _whole_schema(1, LONGEST_DEADLINE)] = (
        None
    )
    clock: Annotated[ClockFields | None, BeforeValidator(checked_mapping)] = None
    limits: Annotated[
        dict[str, Any] | None, BeforeValidator(checked_mapping), WithJsonSchema(_LIMITS_SCHEMA)
    ] = None
    other: Name = "believed"
    packages: Annotated[int, PlainValidator(_whole), _whole_schema(1, LARGEST_MENU)] = 3
    grid: Annotated[int | None, PlainValidator(_whole), _whole_schema(2, VALUES_LIMIT)] = None
    about: Annotated[str, PlainValidator(_about), WithJsonSchema({"type": "string"})] = ""
    words: Annotated[
        tuple[str, ...],
        PlainValidator(_words),
        WithJsonSchema({"type": "array", "items": {"type": "string", "minLength": 1}}),
    ] = ()
    history: Annotated[
        list[OfferFields],
        BeforeValidator(listed("a list of offers", 0)),
        Field(description="Offers made before, in order."),
    ] = []  # noqa: RUF012 - pydantic copies it


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of the case file.

    Published as `bargain/adapters/tools/case.schema.json`; a test fails when that is out of date.
    `load_cases` checks more: what only the problem can say, such as who the parties are, and that
    files are there.

    Examples
    --------
    >>> case_schema()["required"]
    ['bargain_case', 'problem', 'party']
    """
    from bargain.play.policy_schema import AnyPolicyFile

    schema: dict[str, Any] = tidied(CaseFile.model_json_schema())
    policy = TypeAdapter(AnyPolicyFile).json_schema()
    kinds = policy.pop("$defs")
    schema["properties"]["policy"]["oneOf"][1] = {"$ref": "#/$defs/Policy"}
    schema["$defs"] = {**schema["$defs"], "Condition": CONDITION_SCHEMA, "Policy": policy, **kinds}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bargain case file, version 1",
        **schema,
        "anyOf": [{"required": ["deadline"]}, {"required": ["clock"]}],
    }
