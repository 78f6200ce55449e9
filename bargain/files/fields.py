"""What a field of the problem file may hold: checks, each with its part of the JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from bargain.errors import FileFormatError, shown
from bargain.files.places import field_path
from bargain.model.numbers import is_number


def fault(expected: str, got: Any, hint: str = "") -> PydanticCustomError:
    """Return the error that says what was expected and what came."""
    # handed over as data, so that braces in it are left alone
    text = f"expected {expected}, got {named(got)}{hint}"
    return PydanticCustomError("fault", "{text}", {"text": text})


def named(value: Any) -> str:
    """Show a value as a file has it."""
    return "null" if value is None else shown(value)


def is_finite(value: Any) -> bool:
    """Whether a value is a finite number."""
    try:
        return is_number(value) and math.isfinite(value)
    except OverflowError:
        return False


def number_where(what: str, holds: Callable[[float], bool]) -> Callable[[Any], Any]:
    """Return the check that a value is a finite number of a kind."""

    def check(value: Any) -> Any:
        if not is_finite(value) or not holds(value):
            raise fault(what, value)
        return value

    return check


def _text(value: Any) -> str:
    if not isinstance(value, str):
        hint = " (put it in quotes)" if is_number(value) or isinstance(value, bool) else ""
        raise fault("text", value, hint)
    return value


def checked_name(value: Any) -> str:
    """Return text that is not blank."""
    text = _text(value)
    if not text.strip():
        raise fault("a name", value)
    return text


def checked_value(value: Any) -> Any:
    """Return what can be a value of an issue."""
    if not isinstance(value, str | bool) and not is_finite(value):
        raise fault("text, a finite number or true/false", value)
    return value


def listed(what: str, at_least: int) -> Callable[[Any], Any]:
    """Return the check that a value is a list of some length."""

    def check(value: Any) -> Any:
        if not isinstance(value, list | tuple) or len(value) < at_least:
            raise fault(what, value)
        return value

    return check


def _pair(value: Any) -> tuple[float, float]:
    two_numbers = isinstance(value, list | tuple) and len(value) == 2
    if not two_numbers or not all(is_finite(number) for number in value):
        raise fault("a pair of finite numbers", value)
    return tuple(value)


def _condition(value: Any) -> Any:
    if isinstance(value, dict):
        if not value or value.keys() - {"at_least", "at_most"}:
            raise fault("at_least, at_most or both", value)
        for bound in value.values():
            if not is_finite(bound):
                raise fault("finite numbers for at_least and at_most", bound)
        return value
    if isinstance(value, list | tuple):
        if not value:
            raise fault("at least one value", value)
        return [checked_value(each) for each in value]
    return checked_value(value)


def checked_truth(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise fault("true or false", value)
    return value


def checked_conditions(value: Any) -> Any:
    """Return a mapping from issues that is not empty."""
    if not isinstance(value, dict) or not value:
        raise fault("a mapping from issues to what is asked of them", value)
    return value


def checked_mapping(value: Any) -> Any:
    """Return anything but null."""
    # fields that may be left out may still not be null
    if value is None:
        raise fault("a mapping", value)
    return value


SCALAR_SCHEMA = {"type": ["string", "number", "boolean"]}
CONDITION_SCHEMA = {
    "oneOf": [
        SCALAR_SCHEMA,
        {"type": "array", "items": SCALAR_SCHEMA, "minItems": 1},
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
    PlainValidator(number_where("a finite number", lambda _: True)),
    WithJsonSchema({"type": "number"}),
]
MaybeNumber = Annotated[float | None, *Number.__metadata__]
Name = Annotated[
    str, PlainValidator(checked_name), WithJsonSchema({"type": "string", "pattern": r"\S"})
]
# without a pattern, so that it may be the key of any issue in a schema
IssueName = Annotated[str, PlainValidator(checked_name), WithJsonSchema({"type": "string"})]
OneValue = Annotated[Any, PlainValidator(checked_value), WithJsonSchema(SCALAR_SCHEMA)]
Pair = Annotated[tuple[float, float], PlainValidator(_pair), WithJsonSchema(_PAIR_SCHEMA)]
MaybePair = Annotated[tuple[float, float] | None, *Pair.__metadata__]
Text = Annotated[str | None, PlainValidator(_text), WithJsonSchema({"type": "string"})]


Condition = Annotated[Any, PlainValidator(_condition), WithJsonSchema(CONDITION_SCHEMA)]
Conditions = Annotated[
    dict[IssueName, Condition] | None,
    BeforeValidator(checked_conditions),
    Field(json_schema_extra={"minProperties": 1}),
]


Weight = Annotated[
    float,
    PlainValidator(number_where("a finite number >= 0", lambda number: number >= 0)),
    WithJsonSchema({"type": "number", "minimum": 0}),
]


class Fields(BaseModel):
    """Nothing but the fields that are listed, each checked by its own rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Form = TypeVar("Form", bound=Fields)


def checked_fields(form: type[Form], data: Any, where: str) -> Form:
    """Return the checked content of a file, or raise naming the first wrong field."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        # a misspelt field is both unknown and missing, and the former says more
        faults = sorted(
            error.errors(include_url=False),
            key=lambda fault: fault["type"] not in ("extra_forbidden", "invalid_key"),
        )
        raise FileFormatError(f"{where}: {_sentence(faults[0])}") from None


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
        text = f"expected {_EXPECTED[kind]}, got {named(fault['input'])}"
    else:
        text = _SENTENCES.get(kind, fault["msg"])
    path = field_path(*parts)
    return f"{path}: {text}" if path else text


def tidied(schema: Any) -> Any:
    """Return a schema without the titles and null defaults of pydantic, conditions said once.

    What it refers to is to be added, as `Condition` under `$defs`.
    """
    if isinstance(schema, list):
        return [tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == CONDITION_SCHEMA:
        return {"$ref": "#/$defs/Condition"}
    kept = {}
    for key, item in schema.items():
        is_noise = (key == "title" and isinstance(item, str)) or (key == "default" and item is None)
        if not is_noise:
            kept[key] = tidied(item)
    if "anyOf" in kept:
        # fields that may be left out may still not be null
        kinds = [kind for kind in kept.pop("anyOf") if kind != {"type": "null"}]
        kept.update(kinds[0])
    return kept
