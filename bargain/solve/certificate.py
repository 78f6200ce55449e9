"""How an answer is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bargain.solve.claims import Claim
    from bargain.solve.verify import Verification

LOGARITHM = "the logarithm of the weighted product"
"""What the gap of a Nash solution is counted in, but over outcomes too many to enumerate."""

RANGES = "shares of the parties' ranges"
"""What the gap of a frontier is counted in."""


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
        Proven bound on what the objective can still gain; 0 when exact.
    evidence : mapping
        Numbers that let somebody else check: how many outcomes, supporting weights, ties.
    unit : str
        What a gap is counted in; empty when exact.
    note : str
        What a reader must know, such as a degenerate problem; empty if nothing.
    claim : BestAnswer, Equilibrium, EfficientPoints or None
        What is claimed of which problem, for `verify`; not shown and not saved.
    """

    kind: Literal["exact", "gap", "heuristic"]
    method: str
    gap: float = 0.0
    evidence: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    claim: Claim | None = field(default=None, repr=False, compare=False)
    unit: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        # a method that may leave a gap names the unit before it knows whether it does
        if self.kind == "exact":
            object.__setattr__(self, "unit", "")

    def __str__(self) -> str:
        """Say it in one line."""
        gap = f" within {self.gap:.1e}" if self.kind == "gap" else ""
        unit = f"; gap in {self.unit}" if self.kind == "gap" and self.unit else ""
        note = f"; {self.note}" if self.note else ""
        return f"{self.kind}{gap}: {self.method}{unit}{note}"

    def verify(self) -> Verification:
        """Check the claim again without the method that made it; see `Verification`.

        Every outcome is looked at where that is possible, up to about 20 million utilities.
        Elsewhere prices prove what can be had at most, found again for two parties and taken
        from the evidence for more. Nothing is raised where the claim is wrong. The solutions of
        Raiffa and Perles-Maschler, and frontiers with curved value functions, have no check of
        their own yet, and an integer program leaves no proof that is shorter than solving it
        again: the status is then "not checked", which says nothing for or against them.

        Examples
        --------
        >>> import bargain as bg
        >>> check = bg.nash_solution(bg.load("rental")).certificate.verify()
        >>> bool(check), check.checked
        (True, 'compared with all 625 individually rational outcomes')
        >>> Certificate("exact", "by hand").verify().status
        'not checked'
        """
        from bargain.solve.verify import verify

        return verify(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "kind": self.kind,
            "method": self.method,
            "gap": self.gap,
            "unit": self.unit,
            "evidence": dict(self.evidence),
            "note": self.note,
        }
