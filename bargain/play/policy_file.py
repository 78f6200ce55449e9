"""Policies to and from JSON.

    {"bargain_policy": 1,
     "policy": {"kind": "time_dependent", "beta": 0.2, "floor": 0.0, "k": 0.0,
                "acceptance": {"kind": "accept_next", "scale": 1.0, "offset": 0.0}}}

A policy that a search found also has `found`, which says how, and `hash`, by which a file that was
changed is told: see `bargain.play.artefact`.

Numbers are written so that they are read back to the last bit. Unknown fields, another version,
NaN and infinity are refused. Policies of adapters have no file: they follow another program, down
to what may differ from one machine to the next.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.play import acceptance as conditions
from bargain.play.adaptive import Adaptive
from bargain.play.concession import BezierConcession, ExponentialConcession, ResourceDependent
from bargain.play.micro import MiCRO
from bargain.play.mixture import Mixture
from bargain.play.models import BayesianModel, FrequencyModel, WindowedModel
from bargain.play.nice_tit_for_tat import NiceTitForTat
from bargain.play.packaged import packaged_file, packaged_policies
from bargain.play.random_offers import RandomOffers
from bargain.play.scripted import Scripted
from bargain.play.time_dependent import TimeDependent
from bargain.play.tit_for_tat import TitForTat
from bargain.play.trade_off import TradeOff

if TYPE_CHECKING:
    from bargain.play.found_schema import PolicyFile

VERSION = 1

_CONDITIONS: dict[type, str] = {
    conditions.AcceptNext: "accept_next",
    conditions.AcceptPrevious: "accept_previous",
    conditions.AcceptAbove: "accept_above",
    conditions.AcceptAfter: "accept_after",
    conditions.AcceptBest: "accept_best",
    conditions.AcceptAny: "accept_any",
    conditions.AcceptAll: "accept_all",
}
_CURVES: dict[type, str] = {
    TimeDependent: "time_dependent",
    ExponentialConcession: "exponential",
    BezierConcession: "bezier",
    ResourceDependent: "resource_dependent",
}
_MODELS: dict[type, str] = {
    FrequencyModel: "frequency_model",
    BayesianModel: "bayesian_model",
    WindowedModel: "windowed_model",
}
POLICY_KINDS: dict[type, str] = {
    **_CURVES,
    TitForTat: "tit_for_tat",
    NiceTitForTat: "nice_tit_for_tat",
    MiCRO: "micro",
    RandomOffers: "random",
    TradeOff: "trade_off",
    Adaptive: "adaptive",
    Scripted: "scripted",
    Mixture: "mixture",
}
"""Policies that have a file, and what they are called there."""

_HELD: dict[str, dict[type, str]] = {
    "acceptance": _CONDITIONS,
    "conditions": _CONDITIONS,
    "curve": _CURVES,
    "policies": POLICY_KINDS,
    "by": _MODELS,
    "model": _MODELS,
}
"""Fields that hold policies, conditions or models, and which. Models may be names instead."""


def policy_to_dict(policy: Any) -> dict[str, Any]:
    """Return a policy as plain text and numbers, in the layout of the policy file.

    Raises
    ------
    InvalidArgumentError
        If the policy is not one of the library's.
    """
    return {"bargain_policy": VERSION, "policy": _described("policy", policy, POLICY_KINDS)}


def policy_from_dict(data: Mapping[str, Any]) -> Any:
    """Return the policy that `policy_to_dict` described.

    Raises
    ------
    FileFormatError
        Naming the field that is wrong.
    """
    return _built("data", data)[0]


def save_policy(policy: Any, path: str | os.PathLike[str]) -> None:
    """Write a policy to a JSON file.

    Raises
    ------
    InvalidArgumentError
        If the policy is not one of the library's.
    """
    write_policy_file(policy_to_dict(policy), path)


def write_policy_file(content: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write what a policy file holds."""
    from bargain.files.text import write_text

    write_text(Path(path), json.dumps(content, indent=2, allow_nan=False) + "\n")


def load_policy(path: str | os.PathLike[str]) -> Any:
    """Read a policy that `save_policy` or a search wrote, exactly as it was.

    `load_artefact` also reads how it was found.

    Parameters
    ----------
    path : path or name
        A file, or the name of a policy that ships with the package: `packaged_policies`.

    Raises
    ------
    FileFormatError
        In one line, naming the file and the field: also where a field is not known, or a file with
        a hash holds something else than what was saved.
    InvalidArgumentError
        If the path is none.

    Examples
    --------
    >>> load_policy("buyer-short-tough").by
    'smith'
    """
    return read_policy_file(path)[0]


def read_policy_file(path: str | os.PathLike[str]) -> tuple[Any, PolicyFile]:
    """Return the policy in a file and all of the file, as `load_policy`."""
    from bargain.files.text import read_text

    if not isinstance(path, str | os.PathLike):
        raise InvalidArgumentError.at("path", "a path", path)
    if isinstance(path, str) and path in packaged_policies():
        with packaged_file(path) as place:
            return read_policy_file(place)
    name = os.fspath(path)
    if isinstance(path, str) and _is_no_file(path):
        expected = f"a path or one of {', '.join(packaged_policies())}"
        raise FileFormatError.at("policy", expected, path)
    try:
        data = json.loads(read_text(Path(path)), object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise FileFormatError.at(name, "a policy file", "deeply nested JSON") from None
    except ValueError as error:
        if isinstance(error, FileFormatError):
            raise
        raise FileFormatError(f"{name}: expected JSON, got an error: {error}") from None
    return _built(name, data)


def _is_no_file(text: str) -> bool:
    """Tell whether it looks like a name, and there is no file of that name."""
    path = Path(text)
    # not Path.exists, which raises for names that are too long
    return bool(text) and path.name == text and not path.suffix and not os.path.exists(text)


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the hash of what a policy file holds, but for the hash itself.

    SHA-256 of the content as JSON in ASCII, keys sorted, without white space.
    """
    held = {name: value for name, value in content.items() if name != "hash"}
    text = json.dumps(held, sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def _described(where: str, given: Any, kinds: Mapping[type, str]) -> dict[str, Any]:
    """Return an object's kind and fields; what it holds is described in the same way."""
    if type(given) not in kinds:
        raise InvalidArgumentError.at(
            where,
            "a policy of the library or one of its conditions or models (for others, yours and "
            "those of adapters, there is no file: keep the code that makes them, or pickle them)",
            given,
        )
    found: dict[str, Any] = {"kind": kinds[type(given)]}
    for field in dataclasses.fields(given):
        value = getattr(given, field.name)
        place = f"{where}.{field.name}"
        held = _HELD.get(field.name)
        if held is not None and isinstance(value, tuple):
            found[field.name] = [
                _described(f"{place}[{i}]", part, held) for i, part in enumerate(value)
            ]
        elif held is not None and not isinstance(value, str):
            found[field.name] = _described(place, value, held)
        elif field.name == "outcomes":
            found[field.name] = [_outcome(outcome) for outcome in value]
        else:
            found[field.name] = list(value) if isinstance(value, tuple) else value
    return found


def _outcome(given: Any) -> Any:
    if isinstance(given, Mapping):
        return dict(given)
    return list(given) if isinstance(given, tuple) else given


def described(policy: Any) -> dict[str, Any] | str:
    """Return a policy for a report: as in its file, or its representation if it has none."""
    try:
        described: dict[str, Any] = policy_to_dict(policy)["policy"]
    except InvalidArgumentError:
        return repr(policy)
    return described


def _built(where: str, data: Any) -> tuple[Any, PolicyFile]:
    from pydantic import ValidationError

    from bargain.play.found_schema import PolicyFile

    try:
        file = PolicyFile.model_validate(data)
        policy = file.policy.build()
    except ValidationError as error:
        found = error.errors(include_url=False)
        # a misspelt field is missing by its right name too, and better named as it was written
        misspelt = (one for one in found if one["type"] == "extra_forbidden")
        first = next(misspelt, found[0])
        field = ".".join(_path(data, first["loc"]))
        if first["type"].startswith("union_tag"):
            field = f"{field}.kind"
        place = f"{where}: {field}" if field else where
        raise FileFormatError.at(place, _expected(first), first["input"]) from None
    except InvalidArgumentError as error:
        # what only the class itself checks, such as weights that are all 0
        raise FileFormatError(f"{where}: {error}") from None
    if file.found is not None and file.hash is None:
        raise FileFormatError.at(f"{where}: hash", "this field beside `found`", None)
    if file.hash is not None and file.hash != content_hash(data):
        raise FileFormatError(
            f"{where}: hash: expected {content_hash(data)}, that of the content, got {file.hash}: "
            f"it was changed after it was saved (without `found` and `hash` it is read as a policy "
            f"made by hand)"
        )
    return policy, file


def _path(data: Any, location: tuple[int | str, ...]) -> list[str]:
    """Return where in the data an error lies: pydantic also names the kinds it passed through."""
    path: list[str] = []
    for part in location:
        if isinstance(data, Mapping) and data.get("kind") == part and part not in data:
            continue
        if part in ("<name>", "<model>"):
            continue
        path.append(str(part))
        inside = isinstance(data, Mapping) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        data = data[part] if inside else None
    return path


def _expected(problem: Any) -> str:
    if problem["type"] == "missing":
        return "this field"
    if problem["type"] == "extra_forbidden":
        return "no such field"
    if problem["type"].startswith("union_tag"):
        return str(problem.get("ctx", {}).get("expected_tags", "one of the kinds"))
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
