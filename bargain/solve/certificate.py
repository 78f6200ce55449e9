"""How an answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Certificate:
    """What stands behind an answer.

    Attributes
    ----------
    kind : {"exact", "gap", "heuristic"}
        "exact": by an algorithm that ends with the true answer, in float64 arithmetic. "gap":
        the objective is proven to be within `gap` of the best possible. "heuristic": no proof.
    method : str
        The algorithm that ran.
    gap : float
        Proven bound on what the objective can still gain, in the units that `method` states;
        0 when exact.
    evidence : mapping
        Numbers that let somebody else check: how many outcomes, supporting weights, ties.
    note : str
        What a reader must know, such as a degenerate problem; empty if nothing.
    """

    kind: Literal["exact", "gap", "heuristic"]
    method: str
    gap: float = 0.0
    evidence: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        gap = f" within {self.gap:.1e}" if self.kind == "gap" else ""
        note = f"; {self.note}" if self.note else ""
        return f"{self.kind}{gap}: {self.method}{note}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "kind": self.kind,
            "method": self.method,
            "gap": self.gap,
            "evidence": dict(self.evidence),
            "note": self.note,
        }
