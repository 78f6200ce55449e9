"""The five tools: what each makes of a case and of what a model says."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bargain.adapters.tools.case_file import AgentCase, Entry
from bargain.adapters.tools.cases import Cases
from bargain.adapters.tools.claimed import denied, unconfirmed
from bargain.adapters.tools.offers import history_read, offer_read, preferred_read
from bargain.adapters.tools.record import advised, offers
from bargain.adapters.tools.results import (
    Asked,
    CaseDescription,
    Finding,
    IssueCourse,
    IssueDescription,
    MessageVerdict,
    NextMove,
    OfferEvaluation,
    OutcomeAccount,
    PrivateCase,
    PrivateCheck,
    PrivateEvaluation,
    PrivateMove,
)
from bargain.anchor.advice import Advice
from bargain.anchor.explain import explain_outcome
from bargain.anchor.message import MessageCheck, verify_message
from bargain.anchor.report import package_of
from bargain.errors import BargainError, ToolCallError
from bargain.model import Issue
from bargain.play.policy_file import described

Given = Mapping[str, Any]
Now = datetime | str | float | None

MOST_VALUES = 100
"""Most numbers in even steps that are listed one by one."""

logger = logging.getLogger("bargain.tools")
"""What the principal should hear of, and a model should not."""


def describe(
    cases: Cases, case: AgentCase, given: Given, *, now: Now, private: bool
) -> CaseDescription:
    """Say for whom the agent speaks, with whom, and about what."""
    anchor, problem = case.anchor, case.anchor.problem
    clock = anchor.clock
    limits = {
        each.name: getattr(anchor.limits, each.name)
        for each in fields(anchor.limits)
        if getattr(anchor.limits, each.name) not in (None, (), {})
    }
    return CaseDescription(
        case.id,
        case.about,
        str(anchor.party),
        problem.parties,
        tuple(_issue(issue) for issue in problem.space.issues),
        PrivateCase(
            reservation=anchor.guard.reservation,
            deadline=anchor.deadline,
            opens=None if clock is None else clock.opens.isoformat(),
            closes=None if clock is None else clock.closes.isoformat(),
            policy=described(anchor.policy),
            limits=_plain(limits),
            constraints=tuple(str(constraint) for constraint in problem.constraints),
        ),
    )


def evaluate(
    cases: Cases, case: AgentCase, given: Given, *, now: Now, private: bool
) -> OfferEvaluation:
    """Say whether an offer is an outcome; what it is worth is private."""
    problem, guard = case.anchor.problem, case.anchor.guard
    outcome, problems = offer_read(problem, given["terms"], "terms")
    return OfferEvaluation(
        case.id,
        outcome is not None,
        None if outcome is None else package_of(problem, outcome),
        problems,
        PrivateEvaluation(
            worth=None if outcome is None else guard.worth(outcome),
            reservation=guard.reservation,
            refusal="offer_not_in_space" if outcome is None else guard.refusal(outcome),
            needs_approval=None if outcome is None else guard.needs_approval(outcome),
        ),
    )


def move(cases: Cases, case: AgentCase, given: Given, *, now: Now, private: bool) -> NextMove:
    """Return the public part of the advice, and keep the record."""
    history, problems = history_read(case.anchor.problem, given["history"])
    if now is None and case.anchor.clock is not None:
        now = datetime.now(UTC)
    prefers = preferred_read(given["prefers"])
    advice, trouble, record = advised(case, cases.record(case.id), history, now, prefers)
    if advice is None:
        logger.warning("%s: %s", case.id, trouble)
        notes = (f"{trouble}: nothing was decided",)
        return NextMove(case.id, "hold", (), (), (), (), None, notes, None)
    cases.keep(case.id, record)
    if advice.decision == "escalate":
        logger.warning("%s", _asking(case, advice))
    public = advice.public
    return NextMove(
        case.id,
        public.decision,
        public.packages,
        public.withdraws,
        public.facts,
        public.questions,
        public.respond_by,
        tuple(f"the last offer is no outcome: {problem}" for problem in problems),
        PrivateMove(advice.decision, advice.reasons, advice.private),
    )


def verify(
    cases: Cases, case: AgentCase, given: Given, *, now: Now, private: bool
) -> MessageVerdict:
    """Say whether a message says what was advised last, and nothing else."""
    advice = cases.record(case.id).advice
    if advice is None:
        raise ToolCallError("verify_message: expected a call of next_move before, got none")
    # that a person is asked is nobody's business: the message says that an answer is awaited
    shown = replace(advice, decision=advice.public.decision)
    check = verify_message(given["message"], shown, words=case.words)
    return MessageVerdict(
        case.id,
        check.ok,
        advice.public.decision,
        _findings(check.public),
        PrivateCheck(_findings(check)),
    )


def account(
    cases: Cases, case: AgentCase, given: Given, *, now: Now, private: bool
) -> OutcomeAccount:
    """Tell how a negotiation ended, by the word of the caller; what it was worth is private."""
    problem = case.anchor.problem
    history, problems = history_read(problem, given["history"])
    claimed = given["agreed"] and bool(history)
    party, outcome = history[-1] if claimed else (None, None)
    notes = [f"the last offer is no outcome: {each}" for each in problems if claimed]
    if claimed and outcome is None and not problems:
        notes.append("the last offer is no outcome")
    if given["agreed"] and not history:
        notes.append("without an offer nothing can be agreed")
    record = cases.record(case.id)
    unknown = None if outcome is None else unconfirmed(case, record, history)
    against = unknown if given["agreed"] else denied(case, record, history)
    if against is not None:
        notes.append(against)
    courses = []
    for issue in problem.space.issues:
        asked = []
        for name in problem.parties:
            said = [each[issue.name] for who, each in history if who == name and each is not None]
            if said:
                asked.append(Asked(name, said[0], said[-1]))
        agreed = None if outcome is None else outcome[issue.name]
        courses.append(IssueCourse(issue.name, issue.unit, agreed, tuple(asked)))
    return OutcomeAccount(
        case.id,
        outcome is not None,
        outcome is not None and unknown is None,
        None if outcome is None else package_of(problem, outcome),
        party if outcome is not None else None,
        len(history),
        tuple(courses),
        tuple(notes),
        _explained(case, history, outcome is not None) if private else None,
    )


def _explained(case: AgentCase, history: tuple[Entry, ...], agreed: bool) -> dict[str, Any] | None:
    said, party = offers(case, history), case.anchor.party
    try:
        return explain_outcome(case.anchor.problem, said, party=party, agreed=agreed).to_dict()
    except BargainError as error:
        logger.warning("%s: the outcome cannot be explained: %s", case.id, error)
        return None


def _issue(issue: Issue) -> IssueDescription:
    step = _even_step(issue)
    if issue.kind == "choice" and step is not None:
        ends = (float(issue.values[0]), float(issue.values[-1]))
        return IssueDescription(issue.name, issue.kind, issue.unit, None, *ends, step)
    if issue.kind == "choice":
        return IssueDescription(
            issue.name, issue.kind, issue.unit, tuple(issue.values), None, None, None
        )
    low, high = issue.bounds
    step = None if issue.step is None else float(issue.step)
    return IssueDescription(issue.name, issue.kind, issue.unit, None, low, high, step)


def _even_step(issue: Issue) -> float | None:
    """Return the step between numbers to choose from that are too many to list; None if uneven."""
    if issue.kind != "choice" or not issue.is_numeric or issue.size <= MOST_VALUES:
        return None
    numbers = issue.numbers()
    steps = np.diff(numbers)
    step = float(f"{(numbers[-1] - numbers[0]) / len(steps):.12g}")
    return step if step > 0 and np.allclose(steps, step, rtol=1e-6, atol=0.0) else None


def _findings(check: MessageCheck) -> tuple[Finding, ...]:
    return tuple(Finding(**asdict(finding)) for finding in check.findings)


def _asking(case: AgentCase, advice: Advice) -> str:
    """Say what a person is asked; without what it is worth, as it may end in a log."""
    kind = advice.private.pending_decision
    if kind is None:
        return f"{case.id}: a person has to look at it: {', '.join(advice.reasons)}"
    packages = " or: ".join(str(package) for package in advice.private.pending)
    return (
        f"{case.id}: a person is asked to approve: {kind}: {packages} "
        f"(put the outcome into {case.id}.approved.json, a list)"
    )


def _plain(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {key: _plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(value) for value in given]
    return given
