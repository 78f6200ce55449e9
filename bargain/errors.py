"""Every error that bargain raises on purpose, each named for the fact that failed."""

from __future__ import annotations

from math import log10
from typing import Any, Self


def shown(value: Any, limit: int = 80) -> str:
    """Show a value in one short line of an error message, whatever it holds."""
    try:
        text = ascii(value) if isinstance(value, str) else repr(value)
    except (ValueError, RecursionError):
        # Python writes out neither integers of more than 4300 digits nor what is nested too deep
        text = "" if isinstance(value, int) else f"a long {type(value).__name__}"
    text = " ".join(text.split())
    if isinstance(value, int) and not 0 < len(text) <= limit:
        return f"about 10^{log10(abs(value)):.0f}"
    return text if len(text) <= limit else text[: limit - 3] + "..."


class BargainError(Exception):
    """Base of all errors raised by bargain: catch this to catch them all."""

    @classmethod
    def at(cls, where: str, expected: str, got: Any) -> Self:
        """Build the standard message: where it went wrong, what was expected, what came."""
        return cls(f"{where}: expected {expected}, got {shown(got)}")


class InvalidProblemError(BargainError, ValueError):
    """A problem, issue, utility or party that cannot be what it says it is."""


class InvalidOutcomeError(BargainError, ValueError):
    """An outcome that is not in the outcome space."""


class InvalidArgumentError(BargainError, ValueError):
    """An argument of a function outside its stated range."""


class FileFormatError(BargainError, ValueError):
    """A file that is not what its format allows; the message names the place."""


class NoAgreementZoneError(BargainError, RuntimeError):
    """No feasible outcome gives every party at least its disagreement utility."""


class InfeasibleProblemError(BargainError, RuntimeError):
    """No outcome meets all constraints; the message names a smallest set that conflicts."""


class NotConcaveError(BargainError, ValueError):
    """A value function on a continuous issue that is not concave where the method needs it."""


class TooLargeError(BargainError, ValueError):
    """A space with more outcomes than the operation can enumerate."""


class UnsupportedProblemError(BargainError, ValueError):
    """A problem whose structure the called function has no exact method for."""


class ConvergenceError(BargainError, RuntimeError):
    """A numerical method that stopped before it reached its stated accuracy."""


class LostWorkersError(BargainError, RuntimeError):
    """Workers of an executor that died and could not be replaced."""


class MissingPackageError(BargainError, ImportError):
    """An optional package that is needed and not installed; the message says how to get it."""


class ToolCallError(BargainError, ValueError):
    """A tool call that cannot be answered; the message may be shown to the model that made it."""
