"""JSON and YAML text to plain data, with every surprise of both formats refused.

YAML is read as its version 1.2 reads JSON-like scalars: only `true` and `false` are truth values
(`no` stays text), `1e-3` is a number, `2026-05-01` and `12:30` stay text. Aliases, tags of other
types and duplicate keys are refused; so is nesting deeper than `DEPTH_LIMIT`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bargain.errors import FileFormatError, shown

DEPTH_LIMIT = 100
"""Deepest nesting of lists and mappings that is read."""


def parse_json(text: str, where: str) -> Any:
    """Return the data in a JSON text; NaN and Infinity come through, for the caller to refuse.

    Raises
    ------
    FileFormatError
        Naming line and column.
    """
    try:
        return json.loads(text, object_pairs_hook=_distinct)
    except _DuplicateKeyError as duplicate:
        line, column = _place(text, _duplicate_offset(text))
        raise FileFormatError(
            f"{where}: line {line}, column {column}: duplicate key {shown(duplicate.key)}"
        ) from None
    except json.JSONDecodeError as error:
        raise FileFormatError(
            f"{where}: line {error.lineno}, column {error.colno}: expected JSON, got "
            f"{_mistake(error.msg)}"
        ) from None
    except RecursionError:
        raise _too_deep(where) from None
    except ValueError:
        # Python refuses to read integers of thousands of digits
        raise FileFormatError(f"{where}: expected numbers of fewer than 4300 digits") from None


def parse_yaml(text: str, where: str) -> Any:
    """Return the data in a YAML text of one document.

    Raises
    ------
    FileFormatError
        Naming line and column.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _built(yaml.parse(text, Loader=loader), where)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = _mistake(error.problem or error.context)
        if "nesting depth" in problem:
            # newer parsers have a limit of their own, which they may meet while reading ahead
            raise _too_deep(f"{where}: {place}".removesuffix(": ")) from None
        raise FileFormatError(f"{where}: {place}expected YAML, got {problem}") from None
    except yaml.YAMLError as error:
        raise FileFormatError(f"{where}: expected YAML, got {_mistake(str(error))}") from None


def write_json(data: Any) -> str:
    """Return data as JSON text, floats by their shortest exact form."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_yaml(data: Any) -> str:
    """Return data as YAML text that `parse_yaml`, and any YAML 1.1 reader, reads back exactly."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text_node(dumper: Dumper, text: str) -> Any:
        # other styles lose rare line breaks
        style = None if text.isprintable() else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, text_node)
    # quotes every text that would read as a number or a truth value in either version of YAML
    for kind, pattern in _SCALARS.items():
        Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", pattern, None)
    text: str = yaml.dump(
        data,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    return text


class _DuplicateKeyError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key)
            seen.add(key)
    return mapping


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_COLON = re.compile(r"\s*:")


def _duplicate_offset(text: str) -> int:
    """Return where the first repeated key of a well-formed JSON text stands."""
    open_keys: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        start = token.group()[0]
        if start in "{[":
            open_keys.append(set())
        elif start in "}]":
            open_keys.pop()
        elif _COLON.match(text, token.end()):
            key = json.loads(token.group(), strict=False)
            if key in open_keys[-1]:
                return token.start()
            open_keys[-1].add(key)
    return 0


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


_SCALARS = {
    "null": re.compile(r"^(?:~|null|Null|NULL|)$"),
    "bool": re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"),
    "int": re.compile(r"^[-+]?[0-9]+$"),
    "float": re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
}


def _built(events: Iterator[Any], where: str) -> Any:
    """Build data from YAML events with a stack of its own, so that nothing can recurse."""
    import yaml

    documents: list[Any] = []
    stack: list[_Collection] = []
    for event in events:
        mark = event.start_mark
        place = f"{where}: line {mark.line + 1}, column {mark.column + 1}"
        if isinstance(event, yaml.AliasEvent):
            raise FileFormatError(f"{place}: expected no aliases, got *{event.anchor}")
        if isinstance(event, yaml.ScalarEvent):
            finished = _scalar(event, place)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) == DEPTH_LIMIT:
                raise _too_deep(place)
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            _check_tag(event, place, "map" if is_mapping else "seq")
            stack.append(_Collection({} if is_mapping else [], place))
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            finished = stack.pop().data
        else:
            continue
        if stack:
            stack[-1].add(finished, place)
        elif documents:
            raise FileFormatError(f"{place}: expected one document, got a second one")
        else:
            documents.append(finished)
    return documents[0] if documents else None


class _Collection:
    """A list or mapping that is being filled."""

    def __init__(self, data: dict[Any, Any] | list[Any], place: str) -> None:
        self.data = data
        self.place = place
        self.key: Any = _NO_KEY

    def add(self, item: Any, place: str) -> None:
        if isinstance(self.data, list):
            self.data.append(item)
        elif self.key is _NO_KEY:
            if isinstance(item, dict | list) or item is None:
                raise FileFormatError(f"{place}: expected text or number as key, got {shown(item)}")
            if item in self.data:
                raise FileFormatError(f"{place}: duplicate key {shown(item)}")
            self.key = item
        else:
            self.data[self.key] = item
            self.key = _NO_KEY


_NO_KEY = object()


def _scalar(event: Any, place: str) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        # quoted, or tagged: text unless the tag says otherwise
        _check_tag(event, place, "str")
        return text
    if _SCALARS["int"].match(text):
        try:
            return int(text)
        except ValueError:
            raise FileFormatError(f"{place}: expected fewer than 4300 digits") from None
    if _SCALARS["float"].match(text):
        # Python writes .inf and .nan without the dot
        return float(text.replace(".", "") if "n" in text.lower() else text)
    if _SCALARS["bool"].match(text):
        return text.lower() == "true"
    return None if _SCALARS["null"].match(text) else text


def _check_tag(event: Any, place: str, kind: str) -> None:
    if event.tag not in (None, "!", f"tag:yaml.org,2002:{kind}"):
        raise FileFormatError(f"{place}: expected no tags, got {shown(event.tag)}")


def _too_deep(place: str) -> FileFormatError:
    return FileFormatError(f"{place}: expected nesting at most {DEPTH_LIMIT} deep, got more")


def _mistake(message: str | None) -> str:
    words = " ".join((message or "a mistake").split())
    return words[0].lower() + words[1:]
