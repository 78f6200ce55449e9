"""Where in a file something is wrong, said in one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bargain.errors import BargainError, FileFormatError, shown


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


def within(where: str, field: str) -> str:
    """Return the place of a field in a place."""
    path = field_path(field)
    return f"{where}{path}" if path.startswith("[") else f"{where}.{path}"


def some(names: Iterable[str], limit: int = 8) -> str:
    """List names in one short line."""
    listed = list(names)
    more = ", ..." if len(listed) > limit else ""
    return ", ".join(shown(name) for name in listed[:limit]) + more
