"""What is said of a drafted message: whether it may be sent, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from bargain.anchor.advice import PublicDecision

Code = Literal[
    "too_long",
    "strange_character",
    "private_number",
    "number_not_in_package",
    "unreadable_number",
    "wrong_value",
    "wrong_unit",
    "missing_unit",
    "stray_unit",
    "issue_without_value",
    "missing_term",
    "unclear_package",
    "repeated_package",
    "unexpected_term",
    "negation",
    "condition",
    "bound",
    "private_word",
    "unknown_word",
    "unreadable_sign",
    "wrong_decision",
    "decision_unclear",
    "unknown_clause",
]
"""What can be wrong: codes that stay the same across versions."""

PLAIN_WORDS = "harmless words and terms of the package"

TELLTALE: dict[Code, tuple[Code, str]] = {
    "private_number": ("number_not_in_package", "no number but those of the package"),
    "private_word": ("unknown_word", PLAIN_WORDS),
}
"""Codes that would tell whoever drafts a message what is private, and what to say instead."""


@dataclass(frozen=True)
class MessageFinding:
    """One thing wrong with a message.

    Attributes
    ----------
    code : what kind of thing
    start, end : its place in the text, in characters; both its length where something is missing
    expected : what should be there, in words, made of what may be shown
    came : what is there
    """

    code: Code
    start: int
    end: int
    expected: str
    came: str

    def __str__(self) -> str:
        """Show it in one line."""
        return f"{self.start}: {self.code}: expected {self.expected}, got {self.came!r}"


@dataclass(frozen=True)
class MessageCheck:
    """Whether a message may be sent, and why not.

    Attributes
    ----------
    ok : whether it says what the advice says, and nothing else
    decision : what the other side is to hear: hold also while a person is asked
    findings : what is wrong, in the order of the text; for the principal only
    """

    ok: bool
    decision: PublicDecision
    findings: tuple[MessageFinding, ...]

    @property
    def public(self) -> MessageCheck:
        """The same for whoever drafts: that a number is private is not said, only that it is wrong.

        A drafter that is told which of its numbers are private could find them by guessing.
        """
        wrong = {(f.start, f.end) for f in self.findings if f.code == "wrong_value"}
        told = [
            replace(f, code=code, expected=expected)
            for f in self.findings
            for code, expected in [TELLTALE.get(f.code, (f.code, f.expected))]
            if f.code != "private_number" or (f.start, f.end) not in wrong
        ]
        return replace(self, findings=tuple(told))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "findings": [asdict(finding) for finding in self.findings]}

    def __str__(self) -> str:
        """Show the findings, one a line."""
        if self.ok:
            return "ok"
        return "\n".join(["not to be sent:", *(f"  {finding}" for finding in self.findings)])
