"""What tools return, as dataclasses: their JSON Schema is made from them.

`private` is there only where whoever runs the tools allows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bargain.anchor.advice import (
    Decision,
    Fact,
    Package,
    PrivateAdvice,
    PublicDecision,
    Question,
    Reason,
)
from bargain.anchor.guard import Refusal

Plain = str | int | float | bool


@dataclass(frozen=True)
class IssueDescription:
    """An issue: one of some values, or a number from low to high, by steps or not.

    More than a hundred values in even steps are told by their ends and the step, not listed.
    """

    issue: str
    kind: Literal["choice", "integer", "continuous"]
    unit: str | None
    values: tuple[Plain, ...] | None
    low: float | None
    high: float | None
    step: float | None


@dataclass(frozen=True)
class PrivateCase:
    """What only the principal may see of a case."""

    reservation: float
    deadline: int | None
    opens: str | None
    closes: str | None
    policy: Any
    limits: dict[str, Any]
    constraints: tuple[str, ...]


@dataclass(frozen=True)
class CaseDescription:
    """A case: for whom the agent speaks, with whom, and about what."""

    case: str
    about: str
    speaks_for: str
    parties: tuple[str, ...]
    issues: tuple[IssueDescription, ...]
    private: PrivateCase | None


@dataclass(frozen=True)
class PrivateEvaluation:
    """What an offer is worth to the party; `refusal` says why it may not agree, if it may not."""

    worth: float | None
    reservation: float
    refusal: Refusal | None
    needs_approval: bool | None


@dataclass(frozen=True)
class OfferEvaluation:
    """Whether an offer is an outcome of the case, and what is wrong with it if not.

    Not whether it is acceptable: that is for `next_move` to say, once, of an offer that was made.
    """

    case: str
    is_outcome: bool
    package: Package | None
    problems: tuple[str, ...]
    private: PrivateEvaluation | None


@dataclass(frozen=True)
class PrivateMove:
    """The advice as the principal sees it."""

    decision: Decision
    reasons: tuple[Reason, ...]
    advice: PrivateAdvice


@dataclass(frozen=True)
class NextMove:
    """What to do now: the public part of the advice.

    `notes` say what could not be read, or why the history was not answered.
    """

    case: str
    decision: PublicDecision
    packages: tuple[Package, ...]
    withdraws: tuple[Package, ...]
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]
    respond_by: str | None
    notes: tuple[str, ...]
    private: PrivateMove | None


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a message, and its place in it, in characters."""

    code: str
    start: int
    end: int
    expected: str
    came: str


@dataclass(frozen=True)
class PrivateCheck:
    """The findings as the principal sees them: which numbers are private is said."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class MessageVerdict:
    """Whether a message may be sent, and what is wrong with it if not."""

    case: str
    ok: bool
    decision: PublicDecision
    findings: tuple[Finding, ...]
    private: PrivateCheck | None


@dataclass(frozen=True)
class Asked:
    """What a party asked on an issue, in its first and in its last offer."""

    party: str
    first: Plain
    last: Plain


@dataclass(frozen=True)
class IssueCourse:
    """How an issue was settled, and what was asked on the way."""

    issue: str
    unit: str | None
    agreed: Plain | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class OutcomeAccount:
    """How a negotiation ended, told by offers that all sides know.

    `agreed` is what the caller says, if there is an outcome to agree on; `confirmed` whether the
    record bears it out: an offer of the other side that `next_move` accepted, or an own one that
    stands. That the other side took an own offer is the caller's word in any case. Where it is
    not confirmed, a note says why, and what is said of the outcome holds if the claim does.
    `private` is what `explain_outcome` says: what it was worth, and what was left on the table.
    """

    case: str
    agreed: bool
    confirmed: bool
    package: Package | None
    offered_by: str | None
    offers: int
    issues: tuple[IssueCourse, ...]
    notes: tuple[str, ...]
    private: dict[str, Any] | None


def result_schema(form: type, *, private: bool) -> dict[str, Any]:
    """Return the JSON Schema of a result, with its private part or without."""
    from pydantic import TypeAdapter

    schema: dict[str, Any] = _closed(TypeAdapter(form).json_schema(mode="serialization"))
    if not private:
        del schema["properties"]["private"]
        schema["required"].remove("private")
    return _with_what_is_used(schema)


def _closed(schema: Any) -> Any:
    """Let objects have the fields that are listed and no other, and drop titles and docstrings."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _closed(value)
        for key, value in schema.items()
        if not (key in ("title", "description") and isinstance(value, str))
    }
    if "properties" in kept and kept.get("type") == "object":
        kept["additionalProperties"] = False
    return kept


def _with_what_is_used(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out definitions that nothing refers to."""
    definitions = schema.pop("$defs", {})
    used: dict[str, Any] = {}
    todo: list[Any] = [schema]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix("#/$defs/")
            if name in definitions and name not in used:
                used[name] = definitions[name]
                todo.append(used[name])
            todo += part.values()
        elif isinstance(part, list):
            todo += part
    return {**schema, "$defs": dict(sorted(used.items()))} if used else schema
