"""NegMAS itself, imported when it is first needed."""

from __future__ import annotations

from typing import Any

from bargain.errors import MissingPackageError


def negmas() -> Any:
    """Return the package, or raise an error that says how to get it."""
    try:
        import negmas as package
    except ImportError as error:
        raise MissingPackageError.at(
            "NegMAS", "it to be installed (pip install 'negmas>=0.16')", error
        ) from error
    return package
