"""What an agent should do now, as data: what may be said, and what must not."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

VERSION: Literal[1] = 1

Decision = Literal["accept", "counter", "hold", "walk"]
Reason = Literal[
    "offer_meets_policy",
    "offer_below_reservation",
    "offer_below_policy",
    "offer_not_in_space",
    "offer_not_allowed",
    "opening",
    "awaiting_answer",
    "deadline_passed",
    "last_round_refused",
    "nothing_at_or_above_reservation",
    "returns_their_earlier_offer",
    "policy_walks_away",
    "no_agreement_zone",
]
"""Why: codes that stay the same across versions. They are for the principal; some of them, such as
"offer_below_reservation", tell the other side what it must not know."""


@dataclass(frozen=True)
class Term:
    """One issue settled: its name, value and unit."""

    issue: str
    value: str | int | float | bool
    unit: str | None

    def __str__(self) -> str:
        """Show name, value in six digits, and unit."""
        value = f"{self.value:.6g}" if isinstance(self.value, float) else self.value
        return f"{self.issue} {value} {self.unit or ''}".rstrip()


@dataclass(frozen=True)
class Package:
    """A complete outcome as a list of terms, in the order of the issues."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class PublicAdvice:
    """What may be shown to the other side: nothing here depends on a utility's value.

    Attributes
    ----------
    decision : what is done
    packages : the package accepted, or the packages offered to choose from; else none
    """

    decision: Decision
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class PrivateAdvice:
    """What only the principal may see. Utilities are in the party's own units.

    Attributes
    ----------
    party : whom the advice is for
    reservation : utility without an agreement
    best : largest utility of any outcome that may be agreed
    round, deadline : the round to speak in, from 0, and how many there are
    time : relative time of that round, 0 to 1 (1 once all rounds are over)
    target : least utility asked in this round, or, with "accept", the least that was enough; None
        where nothing is asked
    offer_value : what the standing offer is worth; None if there is none, or it is no outcome
    offer_problem : why the standing offer cannot be agreed by anybody: it is not an outcome of the
        space, or breaks the constraints that are named; None if it can
    package_values : what each package is worth to the party
    other_values : what each package is worth to each of the others, as the problem has it
    references : own utility at the Nash, Kalai-Smorodinsky and egalitarian solutions; empty
        without a zone of agreement
    """

    party: str
    reservation: float
    best: float
    round: int
    deadline: int
    time: float
    target: float | None
    offer_value: float | None
    offer_problem: str | None
    package_values: tuple[float, ...]
    other_values: dict[str, tuple[float, ...]]
    references: dict[str, float]


@dataclass(frozen=True)
class Advice:
    """A recommended move.

    Attributes
    ----------
    version : of this form
    decision : accept the standing offer, counter with one of the packages, hold (it is the other
        side's turn), or walk away
    reasons : codes for the principal
    public : what may be shown to the other side
    private : what must not
    """

    version: Literal[1]
    decision: Decision
    reasons: tuple[Reason, ...]
    public: PublicAdvice
    private: PrivateAdvice

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return JSON text that `advice_schema` describes; same advice, same bytes."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        """Say it in a few lines, private part included."""
        lines = [f"{self.decision} ({', '.join(self.reasons)})"]
        if self.private.offer_problem is not None:
            lines.append(f"  the standing offer cannot be agreed: {self.private.offer_problem}")
        for package, value in zip(self.public.packages, self.private.package_values, strict=True):
            terms = ", ".join(str(term) for term in package.terms)
            lines.append(f"  {terms}   [worth {value:.6g} to {self.private.party}]")
        return "\n".join(lines)


def advice_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Advice.to_dict()`, as published in `advice.schema.json`."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Advice).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
