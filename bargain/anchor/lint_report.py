"""What a look over a problem found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from bargain.anchor.sensitivity import Sensitivity

Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class LintFinding:
    """One thing that is wrong with a problem, or that its author should know.

    Attributes
    ----------
    code : what kind of thing; codes stay the same across versions
    level : "error": no deal can come of it; "warning": hardly meant so; "info": good to know
    path : which field of the problem file it is about, or of the limits: `limits.floor`
    message : what is the matter, in a sentence
    """

    code: str
    level: Level
    path: str
    message: str

    def __str__(self) -> str:
        """Show it in one line."""
        return f"{self.level}: {self.path}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class LintReport:
    """What a problem looks like before it is played.

    Attributes
    ----------
    findings : errors first, then warnings, then what is good to know
    sensitivity : what each change does to the Nash solution, the largest move first; empty if it
        was not asked for, or if there is no solution
    """

    findings: tuple[LintFinding, ...]
    sensitivity: tuple[Sensitivity, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(finding.level == "error" for finding in self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of each finding, in order."""
        return tuple(finding.code for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "ok": self.ok,
            "findings": [asdict(finding) for finding in self.findings],
            "sensitivity": [asdict(entry) for entry in self.sensitivity],
        }

    def __str__(self) -> str:
        """Show the findings, one a line."""
        return "\n".join(map(str, self.findings)) or "nothing to report"
