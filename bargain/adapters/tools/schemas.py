"""What tools take: JSON Schema in the part that strict function calling knows, and its checks.

Every field is required, nothing else is allowed, what may be missing is null, and no keyword goes
beyond type, properties, items, anyOf and description.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from bargain.errors import ToolCallError
from bargain.files.fields import named
from bargain.model.numbers import is_number

Schema = dict[str, Any]

LONGEST_LIST = 1000
"""Most entries of a list that are read."""


def text(description: str) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", "description": description}


def number(description: str) -> Schema:
    """Return the schema of a number."""
    return {"type": "number", "description": description}


def truth(description: str) -> Schema:
    """Return the schema of true or false."""
    return {"type": "boolean", "description": description}


def a_list(items: Schema, description: str) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, "description": description}


def fields(**properties: Schema) -> Schema:
    """Return the schema of an object with these fields and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def nullable(schema: Schema) -> Schema:
    """Return the schema of the same or null."""
    kept = {key: value for key, value in schema.items() if key != "description"}
    return {"anyOf": [kept, {"type": "null"}], "description": schema["description"]}


CASE = text("Id of the case, as you were told it.")
TERM = fields(
    issue=text("Name of the issue, as describe_case has it."),
    value={
        "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}],
        "description": "A number as a number, without its unit; else text as the issue has it.",
    },
    unit=nullable(text("The unit that was said; null if none was.")),
)
TERMS = a_list(TERM, "One term for each issue.")
HISTORY = a_list(
    fields(
        party=text("Name of the party that made the offer, as describe_case has it."),
        terms=nullable(
            a_list(
                TERM,
                "What was offered, one term for each issue; null if what was said cannot be read "
                "as an offer.",
            )
        ),
    ),
    "All offers of all parties so far, the earliest first: those of the call before, unchanged, "
    "then those made since. Of packages that were offered to choose from, the first. Empty before "
    "the first offer.",
)

PREFERS = nullable(
    number(
        "Which package of your last move the other side said it likes best, from 1 in the order "
        "next_move gave them, though it did not accept it; null if it did not say. Say it in the "
        "call that first has what it answered, null terms if that was no offer."
    )
)

_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("text", lambda value: isinstance(value, str)),
    "number": ("a finite number", lambda value: is_number(value) and _is_finite(value)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "null": ("null", lambda value: value is None),
    "object": ("an object", lambda value: isinstance(value, Mapping)),
    "array": ("a list", lambda value: isinstance(value, list | tuple)),
}


def filled(schema: Schema, value: Any) -> Any:
    """Return arguments with null for those that may be null and were left out."""
    if not isinstance(value, Mapping):
        return value
    may_be_null = [
        name
        for name, inner in schema["properties"].items()
        if {"type": "null"} in inner.get("anyOf", ())
    ]
    return {**dict.fromkeys(may_be_null), **value}


def check(schema: Schema, value: Any, where: str) -> None:
    """Raise unless a value is what a schema says.

    Raises
    ------
    ToolCallError
        In one line that names the field, made of the schema and of the value alone.
    """
    kinds = schema.get("anyOf", [schema])
    fitting = [kind for kind in kinds if _KINDS[kind["type"]][1](value)]
    if not fitting:
        expected = ", ".join(_KINDS[kind["type"]][0] for kind in kinds[:-1])
        last = _KINDS[kinds[-1]["type"]][0]
        wanted = f"{expected} or {last}" if expected else last
        raise ToolCallError(f"{where or 'arguments'}: expected {wanted}, got {named(value)}")
    kind = fitting[0]
    if kind["type"] == "object":
        _check_fields(kind, value, where)
    if kind["type"] == "array":
        if len(value) > LONGEST_LIST:
            raise ToolCallError(f"{where}: expected up to {LONGEST_LIST} entries, got {len(value)}")
        for i, item in enumerate(value):
            check(kind["items"], item, f"{where}[{i}]")


def _check_fields(schema: Schema, value: Mapping[Any, Any], where: str) -> None:
    properties = schema["properties"]
    place = "arguments" if where == "" else where
    for name in value:
        if name not in properties:
            known = ", ".join(properties)
            raise ToolCallError.at(place, f"only the fields {known}", name)
    for name, inner in properties.items():
        path = f"{where}.{name}" if where else name
        if name not in value:
            raise ToolCallError(f"{path}: expected this field, got nothing")
        check(inner, value[name], path)


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
