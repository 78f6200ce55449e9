"""Policies to and from JSON.

    {"bargain_policy": 1,
     "policy": {"kind": "time_dependent", "beta": 0.2, "floor": 0.0, "k": 0.0,
                "acceptance": {"kind": "accept_next", "scale": 1.0, "offset": 0.0}}}

Numbers are written so that they are read back to the last bit. Unknown fields, another version,
NaN and infinity are refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.play.acceptance import AcceptNext
from bargain.play.policy import Policy
from bargain.play.time_dependent import TimeDependent

VERSION = 1


def policy_to_dict(policy: Policy) -> dict[str, Any]:
    """Return a policy as plain text and numbers, in the layout of the policy file.

    Raises
    ------
    InvalidArgumentError
        If the policy is not one of the library's.
    """
    if type(policy) is not TimeDependent or type(policy.acceptance) is not AcceptNext:
        raise InvalidArgumentError.at(
            "policy", "a policy of the library (TimeDependent with AcceptNext)", policy
        )
    acceptance = policy.acceptance
    return {
        "bargain_policy": VERSION,
        "policy": {
            "kind": "time_dependent",
            "beta": policy.beta,
            "floor": policy.floor,
            "k": policy.k,
            "acceptance": {
                "kind": "accept_next",
                "scale": acceptance.scale,
                "offset": acceptance.offset,
            },
        },
    }


def policy_from_dict(data: Mapping[str, Any]) -> Policy:
    """Return the policy that `policy_to_dict` described.

    Raises
    ------
    FileFormatError
        Naming the field that is wrong.
    """
    return _built("policy", data)


def save_policy(policy: Policy, path: str | os.PathLike[str]) -> None:
    """Write a policy to a JSON file.

    Raises
    ------
    InvalidArgumentError
        If the policy is not one of the library's.
    """
    from bargain.files.text import write_text

    write_text(Path(path), json.dumps(policy_to_dict(policy), indent=2) + "\n")


def load_policy(path: str | os.PathLike[str]) -> Policy:
    """Read a policy that `save_policy` wrote, exactly as it was.

    Raises
    ------
    FileFormatError
        In one line, naming the file and the field.
    """
    from bargain.files.text import read_text

    name = os.fspath(path)
    try:
        data = json.loads(read_text(Path(path)), object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise FileFormatError.at(name, "a policy file", "deeply nested JSON") from None
    except ValueError as error:
        if isinstance(error, FileFormatError):
            raise
        raise FileFormatError(f"{name}: expected JSON, got an error: {error}") from None
    return _built(name, data)


def described(policy: Policy) -> dict[str, Any] | str:
    """Return a policy for a report: as in its file, or its representation if it has none."""
    try:
        described: dict[str, Any] = policy_to_dict(policy)["policy"]
    except InvalidArgumentError:
        return repr(policy)
    return described


def _built(where: str, data: Any) -> Policy:
    from pydantic import ValidationError

    from bargain.play.policy_schema import PolicyFile

    try:
        return PolicyFile.model_validate(data).policy.build()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        place = f"{where}: {field}" if field else where
        raise FileFormatError.at(place, _expected(first), first["input"]) from None


def _expected(problem: Any) -> str:
    if problem["type"] == "missing":
        return "this field"
    if problem["type"] == "extra_forbidden":
        return "no such field"
    if problem["type"] in ("model_type", "model_attributes_type"):
        return "an object"
    message = str(problem["msg"])
    for opening in ("Input should be ", "Input should "):
        message = message.removeprefix(opening)
    return message


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"field {twice!r} occurs twice")
    return found
