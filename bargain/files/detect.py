"""Which format files are in, told by what is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bargain.errors import FileFormatError
from bargain.files.own import problem_from_dict
from bargain.files.syntax import parse_json, parse_yaml
from bargain.files.text import read_bytes, read_text
from bargain.model import BargainingProblem

Format = Literal["bargain", "genius", "geniusweb", "negolog"]
Role = Literal["problem", "domain", "profile"]

_GENIUS_ROOT = re.compile(rb"<\s*(negotiation_template|utility_space)\b")
_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class Found:
    """A file, what it is, and the data in it where that is JSON or YAML."""

    path: Path
    format: Format
    role: Role
    data: Any = None


def read_files(paths: Sequence[Path]) -> BargainingProblem:
    """Read one problem from a file, from several, or from the files of a folder."""
    if len(paths) == 1 and paths[0].is_dir():
        return read_problem(_found_in_folder(paths[0]))
    return read_problem([_found(path) for path in paths])


def read_problem(found: Sequence[Found]) -> BargainingProblem:
    """Read the one problem that some files make up together."""
    first = found[0]
    for other in found[1:]:
        if other.format != first.format:
            raise FileFormatError(
                f"{other.path}: expected a {first.format} file like {first.path.name}, got a "
                f"{other.format} file"
            )
    if first.format == "bargain":
        if len(found) > 1:
            raise FileFormatError(f"{found[1].path}: expected one problem file, got a second one")
        return problem_from_dict(first.data, where=str(first.path))
    domains = [file for file in found if file.role == "domain"]
    profiles = [file for file in found if file.role == "profile"]
    if len(domains) > 1:
        raise FileFormatError(f"{domains[1].path}: expected one domain, got a second one")
    if len(profiles) < 2:
        raise FileFormatError(
            f"{first.path}: expected a profile for each of at least two parties, got "
            f"{len(profiles)}"
        )
    if first.format == "genius":
        from bargain.files.genius import read_genius

        if not domains:
            raise FileFormatError(f"{first.path}: expected a GENIUS domain beside the profiles")
        return read_genius(domains[0].path, [file.path for file in profiles])
    read = [(file.path, file.data) for file in profiles]
    if first.format == "geniusweb":
        from bargain.files.geniusweb import read_geniusweb

        return read_geniusweb(read, (domains[0].path, domains[0].data) if domains else None)
    from bargain.files.negolog import read_negolog

    return read_negolog(read)


def genius_role(path: Path) -> Role | None:
    """Return what a file is to a GENIUS problem; None if it is nothing."""
    found = _genius(path)
    return None if found is None else found.role


def _found(path: Path) -> Found:
    """Tell what a file is, or raise."""
    found = _genius(path) or _plain_data(path)
    if found is None:
        raise FileFormatError(
            f"{path}: expected a problem of bargain, GENIUS, GeniusWeb or NegoLog, got another file"
        )
    return found


def _found_in_folder(folder: Path) -> list[Found]:
    """Tell what the XML and JSON files of a folder are, passing over those of other kinds."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".xml":
            file = _genius(path)
        elif path.suffix.lower() == ".json":
            file = _plain_data(path)
        else:
            continue
        if file is not None:
            found.append(file)
    if not found:
        raise FileFormatError(
            f"{folder}: expected the files of a GENIUS, GeniusWeb or NegoLog problem, got none"
        )
    return found


def _genius(path: Path) -> Found | None:
    if path.suffix.lower() in (".json", *_YAML):
        return None
    start = read_bytes(path)
    # text in two bytes a character, as Windows programs save it
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\x00", b"")
    root = _GENIUS_ROOT.search(start)
    if root is None:
        return None
    return Found(path, "genius", "domain" if root[1] == b"negotiation_template" else "profile")


def _plain_data(path: Path) -> Found | None:
    suffix = path.suffix.lower()
    if suffix == ".xml":
        return None
    text = read_text(path)
    is_json = suffix == ".json" or (suffix not in _YAML and text.lstrip()[:1] in ("{", "["))
    data = (parse_json if is_json else parse_yaml)(text, str(path))
    if not is_json:
        return Found(path, "bargain", "problem", data)
    if not isinstance(data, dict):
        return None
    if "bargain" in data or "parties" in data:
        return Found(path, "bargain", "problem", data)
    if "issuesValues" in data:
        return Found(path, "geniusweb", "domain", data)
    if "LinearAdditiveUtilitySpace" in data:
        return Found(path, "geniusweb", "profile", data)
    if {"issueWeights", "issues"} <= data.keys():
        return Found(path, "negolog", "profile", data)
    return None
