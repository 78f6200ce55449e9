"""Where in a file something is wrong, said in one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bargain.errors import BargainError, FileFormatError, InvalidProblemError, shown


@contextmanager
def placed(where: str) -> Iterator[None]:
    """Turn what the model has against some content into an error that starts with its place."""
    try:
        yield
    except FileFormatError:
        raise
    except BargainError as error:
        # names that come from the file may hold line breaks
        reason = " ".join(str(error).split())
        raise FileFormatError(f"{where}: {reason}") from error


def field_path(*parts: Any) -> str:
    """Return a path of fields as one reads it.

    Examples
    --------
    >>> field_path("parties", 1, "utility", "additive", "price", "weight")
    'parties[1].utility.additive.price.weight'
    >>> field_path("issues", "delivery time")
    "issues['delivery time']"
    """
    path = ""
    for part in parts:
        plain = isinstance(part, str) and re.fullmatch(r"[\w-]+", part)
        path += f".{part}" if plain else f"[{shown(part)}]"
    return path.removeprefix(".")


class PartError(InvalidProblemError):
    """What is wrong with a part of a file: the path to it, and the reason."""

    def __init__(self, parts: tuple[Any, ...], reason: str) -> None:
        super().__init__(f"{field_path(*parts)}: {reason}")
        self.parts = parts
        self.reason = reason


def built_at(parts: tuple[Any, ...], build: Callable[..., Any], *arguments: Any) -> Any:
    """Build a part of a problem; errors say where in the file it stands."""
    try:
        return build(*arguments)
    except PartError as error:
        raise PartError((*parts, *error.parts), error.reason) from None
    except BargainError as error:
        raise PartError(parts, str(error)) from error


def within(where: str, field: str) -> str:
    """Return the place of a field in a place."""
    path = field_path(field)
    return f"{where}{path}" if path.startswith("[") else f"{where}.{path}"


def some(names: Iterable[str], limit: int = 8) -> str:
    """List names in one short line."""
    listed = list(names)
    more = ", ..." if len(listed) > limit else ""
    return ", ".join(shown(name) for name in listed[:limit]) + more
