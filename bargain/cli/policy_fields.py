"""Policies as text with fields: NAME:FIELD=VALUE:FIELD=VALUE."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from bargain.errors import InvalidArgumentError


def policy_with_fields(text: str, where: str) -> Any:
    """Read a policy by its name, or by a kind of the policy file, with some of its fields.

    `linear:floor=0.3` is the preset of that name with another floor; `adaptive:beta=0.5` has all
    other fields as the class has them. Values are numbers or words.

    Raises
    ------
    InvalidArgumentError
        Naming what is not known or not right.
    """
    from bargain.play import Mixture, Scripted
    from bargain.play.policy_file import POLICY_KINDS
    from bargain.play.presets import PRESETS, as_policy

    name, *given = text.split(":")
    # Scripted and Mixture hold what text has no room for
    kinds = {kind: made for made, kind in POLICY_KINDS.items() if made not in (Scripted, Mixture)}
    if name in kinds and name not in dict(PRESETS):
        fields = {field.name for field in dataclasses.fields(kinds[name])}
        return kinds[name](**_fields(f"{where} {name}", given, fields))
    policy = as_policy(where, name)
    fields = {field.name for field in dataclasses.fields(policy)}
    return dataclasses.replace(policy, **_fields(f"{where} {name}", given, fields))


def _fields(where: str, given: list[str], known: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in given:
        field, equals, value = part.partition("=")
        if not equals or field not in known:
            expected = f"FIELD=VALUE with one of {', '.join(sorted(known))}"
            raise InvalidArgumentError.at(where, expected, part)
        try:
            found[field] = json.loads(value)
        except ValueError:
            found[field] = value
    return found
