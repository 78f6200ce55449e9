"""What came out of checking a certificate again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Verification:
    """Whether a claim holds, and what was computed again to tell. True if it holds.

    What is not true need not be wrong: see `status`.

    Attributes
    ----------
    holds : bool
        False for what is refuted, for what could not be checked and for what claims nothing.
    checked : str
        What was computed again, in one line; why nothing was, where it was not checked.
    failed : str
        The first thing that was not as claimed; empty where nothing was refuted.
    status : {"holds", "refuted", "not checked"}
    value : float or None
        The objective at the answer, computed again; None where there is no single one.
    bound : float or None
        What nothing can exceed; None where all outcomes were compared instead.
    gap : float or None
        The stated gap, in the units of the certificate.
    """

    holds: bool
    checked: str
    failed: str = ""
    value: float | None = None
    bound: float | None = None
    gap: float | None = None

    def __bool__(self) -> bool:
        """Whether it holds."""
        return self.holds

    @property
    def status(self) -> Literal["holds", "refuted", "not checked"]:
        """Which of the three it is."""
        if self.holds:
            return "holds"
        return "refuted" if self.failed else "not checked"

    def __str__(self) -> str:
        """Say it in one line."""
        if self.holds:
            return f"holds: {self.checked}"
        return f"does not hold: {self.failed}" if self.failed else f"not checked: {self.checked}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "status": self.status,
            "holds": self.holds,
            "checked": self.checked,
            "failed": self.failed,
            "value": self.value,
            "bound": self.bound,
            "gap": self.gap,
        }


class Refuted(Exception):  # noqa: N818  (it ends a check and never leaves this package)
    """Something is not as claimed."""


class Unchecked(Exception):  # noqa: N818
    """Something is out of reach of an independent check."""
