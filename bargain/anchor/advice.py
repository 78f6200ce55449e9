"""What an agent should do now, as data: what may be said, and what must not."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal
from unicodedata import category

VERSION: Literal[1] = 1

Decision = Literal["accept", "counter", "hold", "walk", "escalate"]
PublicDecision = Literal["accept", "counter", "hold", "walk"]
Reason = Literal[
    "offer_meets_policy",
    "returns_own_offer",
    "offer_below_reservation",
    "offer_below_policy",
    "offer_not_in_space",
    "offer_not_allowed",
    "offer_beyond_limits",
    "opening",
    "awaiting_answer",
    "deadline_passed",
    "last_round_refused",
    "nothing_at_or_above_reservation",
    "nothing_within_limits",
    "returns_their_earlier_offer",
    "withdraws_own_offer",
    "largest_concession_reached",
    "policy_walks_away",
    "no_agreement_zone",
    "needs_approval",
    "history_conflict",
]
"""Why: codes that stay the same across versions. They are for the principal; some of them, such as
"offer_below_reservation", tell the other side what it must not know."""

FactCode = Literal["moves_towards_you", "gives_to_get", "keeps", "agrees_on"]
QuestionCode = Literal["which_package", "which_issue_matters_more", "state_every_issue"]
OpponentKind = Literal["exact", "believed", "learned"]


@dataclass(frozen=True)
class Term:
    """One issue settled: its name, value and unit."""

    issue: str
    value: str | int | float | bool
    unit: str | None

    def __str__(self) -> str:
        """Show name, value in six digits, and unit, all harmless to print."""
        value = f"{self.value:.6g}" if isinstance(self.value, float) else self.value
        return harmless(f"{self.issue} {value} {self.unit or ''}".rstrip())


@dataclass(frozen=True)
class Package:
    """A complete outcome as a list of terms, in the order of the issues."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        """Show the terms in a row."""
        return ", ".join(str(term) for term in self.terms)


@dataclass(frozen=True)
class Fact:
    """Something a narrator may say; it follows from what both sides have on the table.

    Attributes
    ----------
    code : str
        Each holds for every package that is offered. `gives_to_get`: of the issues on which the
        two sides stood apart, it moves to the other side on `gives` and away from it on `gets`;
        `moves_towards_you`: it moves on `gives` and away on none; `keeps`: it stays on `gets`
        where the two stand apart; `agrees_on`: on `gives` it has what the other side asked.
    gives, gets : tuple of str
        Names of issues.
    text : str
        The same in a sentence.
    """

    code: FactCode
    gives: tuple[str, ...]
    gets: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Question:
    """Something worth asking; what to ask about follows from the offers alone.

    Attributes
    ----------
    code : str
    issues : tuple of str
        Names of the issues it is about.
    text : str
    """

    code: QuestionCode
    issues: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class PublicAdvice:
    """What may be shown to the other side: nothing here is a utility.

    Beside the packages, which the policy chose, everything follows from offers both sides know.

    Attributes
    ----------
    decision : what is done; "hold" also while a person is asked
    packages : the package accepted, or the packages offered to choose from; else none
    withdraws : own earlier offers that no longer stand
    facts : what a narrator may say
    questions : what is worth asking
    respond_by : when an answer is asked for, in UTC; None unless the clock discloses it
    """

    decision: PublicDecision
    packages: tuple[Package, ...]
    withdraws: tuple[Package, ...] = ()
    facts: tuple[Fact, ...] = ()
    questions: tuple[Question, ...] = ()
    respond_by: str | None = None


@dataclass(frozen=True)
class OpponentEstimate:
    """What the anchor takes another party to want.

    Attributes
    ----------
    kind : "exact" or "believed" as in the problem, or "learned" from its offers
    n_offers : offers that it was learned from, or could have been
    n_comparisons : how often it was learned that one outcome is worth more to it than another, by
        what it turned down or preferred; 0 unless learned
    weights : of the issues, where learned; else empty
    favourites : the value of each issue that is worth most to it, where learned; else empty
    weight_errors : standard errors of the weights, by leaving out parts of the offers in turn (a
        jackknife); None where that says nothing: not learned, or fewer than two offers
    reservation : what it is expected to have without an agreement, as a share of the most it can
        have, learned from how it concedes; None unless learned, and before its first offer
    reservation_error : standard deviation of that
    """

    kind: OpponentKind
    n_offers: int
    n_comparisons: int
    weights: dict[str, float]
    favourites: dict[str, str | int | float | bool]
    weight_errors: dict[str, float] | None
    reservation: float | None
    reservation_error: float | None


@dataclass(frozen=True)
class Claimed:
    """What somebody said that is no offer. It moved no number of this advice."""

    status: Literal["claimed"]
    party: str
    kind: str
    text: str


@dataclass(frozen=True)
class PrivateAdvice:
    """What only the principal may see. Utilities are in the party's own units.

    Attributes
    ----------
    party : whom the advice is for
    reservation : the line: the largest of what no agreement is worth and of the limits'
        reservation, alternative and floor
    best : largest utility of any outcome that may be agreed
    round, deadline : the round to speak in, from 0, and how many there are; None without an end
    closes : the last moment to act on, in UTC; None without a clock
    seconds_left : until then; None without a clock or without a time
    time : relative time of that round, 0 to 1 (1 once all rounds are over)
    target : least utility asked in this round, or, with "accept", the least that was enough (of a
        policy that looks at the other side, the least that is known to be: what it would have
        offered next, or what the offer is worth if that is less); None where nothing is asked
    next_targets : targets of the next own turns, as the policy has them; of a policy that looks
        at the other side, as they are if the other side offers nothing new
    offer_value : what the standing offer is worth; None if there is none, or it is no outcome
    offer_problem : why the standing offer cannot be agreed by anybody: it is not an outcome of the
        space, or breaks the constraints that are named; None if it can
    offer_gap : how much more the other party could have, as believed, if this party had as much
        as in the standing offer; None without one, or with three and more parties
    package_values : what each package is worth to the party
    other_values : what each package is worth to each of the others, as believed
    acceptance : chance that the others take each package in the next round, by how each has
        conceded so far, as believed; None where nothing is known of one
    gaps : `offer_gap` of each package; empty with three and more parties
    continuation : what going on is worth if the policy's course, as for `next_targets`, is
        followed and the others answer as for `acceptance`, waiting counted; None where talks end
        or nothing is known
    opponents : what the others are taken to want
    references : own utility at the Nash, Kalai-Smorodinsky, egalitarian and (where waiting costs
        something) Rubinstein solutions, as believed; empty without a zone of agreement
    pending_decision, pending, pending_values : what a person is asked to approve: to accept the
        offer, or to offer these packages, and what they are worth; none unless "escalate"
    claims : what was said that is no offer
    conflict : what cannot be true of the history; None if nothing
    state : to be passed with the next history, so that a change of the past is found out
    """

    party: str
    reservation: float
    best: float
    round: int
    deadline: int | None
    closes: str | None
    seconds_left: float | None
    time: float
    target: float | None
    next_targets: tuple[float, ...]
    offer_value: float | None
    offer_problem: str | None
    offer_gap: float | None
    package_values: tuple[float, ...]
    other_values: dict[str, tuple[float, ...]]
    acceptance: tuple[float | None, ...]
    gaps: tuple[float, ...]
    continuation: float | None
    opponents: dict[str, OpponentEstimate]
    references: dict[str, float]
    pending_decision: Literal["accept", "counter"] | None
    pending: tuple[Package, ...]
    pending_values: tuple[float, ...]
    claims: tuple[Claimed, ...]
    conflict: str | None
    state: str


@dataclass(frozen=True)
class Advice:
    """A recommended move.

    Attributes
    ----------
    version : of this form
    decision : accept the standing offer, counter with one of the packages, hold (it is the other
        side's turn), walk away, or escalate: ask a person
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
        text = json.dumps(self.to_dict(), indent=indent, allow_nan=False, ensure_ascii=False)
        # half of a surrogate pair is no UTF-8, and may stand in what others said
        return text.encode("utf-8", "backslashreplace").decode()

    def __str__(self) -> str:
        """Say it in a few lines, private part included."""
        lines = [f"{self.decision} ({', '.join(self.reasons)})"]
        private = self.private
        if private.conflict is not None:
            lines.append(f"  the history cannot be: {private.conflict}")
        if private.offer_problem is not None:
            lines.append(f"  the standing offer cannot be agreed: {private.offer_problem}")
        lines += self._listed(self.public.packages, private.package_values)
        if private.pending:
            lines.append(f"  asks a person to approve: {private.pending_decision}")
            lines += self._listed(private.pending, private.pending_values)
        return "\n".join(harmless(line) for line in lines)

    def _listed(self, packages: tuple[Package, ...], values: tuple[float, ...]) -> list[str]:
        return [
            f"  {package}   [worth {value:.6g} to {self.private.party}]"
            for package, value in zip(packages, values, strict=True)
        ]


def harmless(text: str, limit: int | None = None) -> str:
    """Return text for people without characters that steer what shows it, cut at a limit.

    Control, format (such as zero-width), private and unassigned characters and line separators
    are shown as their code points; ordinary letters of any script stay.
    """
    cut = text[:limit]
    kept = "".join(f"\\u{ord(c):04x}" if category(c) in _STEERING else c for c in cut)
    return kept if cut == text else f"{kept}..."


_STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def advice_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Advice.to_dict()`, as published in `advice.schema.json`."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Advice).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
