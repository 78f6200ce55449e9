"""How far a negotiation has come, and how it may go on.

A model that calls tools can be talked round. If it could ask what the anchor makes of any history,
the other side could have it search for the least that is accepted, without a single offer. So each
history has to be the one before, gone on: an offer of the other side that was answered stays, and
own offers are those that were advised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bargain.adapters.tools.case_file import AgentCase, Entry
from bargain.anchor.advice import Advice, Package
from bargain.errors import FileFormatError
from bargain.files.syntax import parse_json, write_json
from bargain.model import Outcome

VERSION = 1

ANOTHER = "history: expected the last offer alone to be another"


@dataclass(frozen=True)
class Choice:
    """Which of the packages it was offered the other side said it likes best.

    Attributes
    ----------
    at : the entry of the history that it was said with
    best, among : the packages
    """

    at: int
    best: Outcome
    among: tuple[Outcome, ...]


@dataclass(frozen=True)
class Way:
    """Where a history may go on from.

    Attributes
    ----------
    history : the entries it begins with
    state : what the anchor gave for them; None where there are none
    packages : what was advised to be offered then
    longest : most entries it may come to; None for any number
    choices : what the other side said it likes best, by the entries of the history
    """

    history: tuple[Entry, ...] = ()
    state: str | None = None
    packages: tuple[Outcome, ...] = ()
    longest: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Record:
    """How far a negotiation has come.

    Attributes
    ----------
    ways : where the next history may go on from, the latest first. The second, if there is one, is
        what stood before an offer that was no outcome: it may have been read wrongly, and may be
        replaced.
    advice : what was advised last; None before
    """

    ways: tuple[Way, ...] = (Way(),)
    advice: Advice | None = None


def opening(case: AgentCase) -> Record:
    """Return the record of a case that nobody has asked about."""
    if not case.history:
        return Record()
    # no time: the state of a history does not depend on it
    now = None if case.anchor.clock is None else case.anchor.clock.opens
    advice = case.anchor.advise(offers(case, case.history), now)
    return Record((Way(case.history, advice.private.state),))


def advised(
    case: AgentCase,
    record: Record,
    history: Sequence[Entry],
    now: datetime | str | float | None,
    prefers: int | None = None,
) -> tuple[Advice | None, str, Record]:
    """Return the advice after a history, or why the history does not go on, and the record.

    Parameters
    ----------
    prefers : int, optional
        Which of the packages advised before the other side likes best, from 1. Of a history that
        was asked about before it is not looked at.
    """
    given = tuple(history)
    trouble = ""
    last = record.advice
    if last and last.decision in ("accept", "walk") and len(given) > len(record.ways[0].history):
        trouble = f"history: expected no offer after the talks ended ({last.decision}), got more"
        return None, trouble, record
    for way in record.ways:
        kept = settled(way, given)
        wrong = departure(case, way, kept)
        if wrong is None and way.longest is not None and not _is_last_alone(record, way, kept):
            wrong = ANOTHER
        if wrong is None:
            wrong, choices = _chosen(case, way, kept, prefers)
        if wrong is None:
            said = offers(case, kept, choices)
            advice = case.anchor.advise(said, now, state=way.state, approved=case.approved())
            if advice.private.conflict is None:
                return advice, "", _gone_on(case, record, way, kept, choices, advice)
            wrong = "history: expected one that can be, got another"
        trouble = trouble or wrong
    return None, trouble, record


def offers(
    case: AgentCase, history: Sequence[Entry], choices: Sequence[Choice] = ()
) -> list[dict[str, Any]]:
    """Return a history for the anchor."""
    said: list[dict[str, Any]] = [
        {"party": party, "outcome": () if outcome is None else outcome}
        for party, outcome in history
    ]
    for choice in choices:
        said[choice.at] |= {"prefers": choice.best, "among": choice.among}
    return said


def _chosen(
    case: AgentCase, way: Way, given: tuple[Entry, ...], prefers: int | None
) -> tuple[str | None, tuple[Choice, ...]]:
    """Return what is wrong with a choice, and all choices of a history that goes on from a way."""
    had, count = len(way.history), len(way.packages)
    if prefers is None or len(given) == had:
        return None, way.choices
    if count == 0 or given[had][0] != case.anchor.party:
        return "prefers: expected null where no packages were offered, got a number", ()
    if prefers > count:
        return f"prefers: expected 1 to {count} or null, got {prefers}", ()
    if len(given) == had + 1:
        return "prefers: expected an entry of the history that it was said with, got none", ()
    if len({party for party, _ in given[had + 1 :]}) > 1:
        return "prefers: expected null where several parties answered, got a number", ()
    return None, (*way.choices, Choice(had + 1, way.packages[prefers - 1], way.packages))


def settled(way: Way, given: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return a history with what was offered before, or is to be, down to the last digit.

    Real numbers are said, and copied by models, to six digits.
    """
    kept = [
        before if entry[0] == before[0] and _is_said_as(entry[1], before[1]) else entry
        for entry, before in zip(given, way.history, strict=False)
    ]
    for party, outcome in given[len(kept) :]:
        standing = (each for each in way.packages if _is_said_as(outcome, each))
        kept.append((party, next(standing, outcome)))
    return tuple(kept)


def _is_last_alone(record: Record, way: Way, given: tuple[Entry, ...]) -> bool:
    """Whether a history that replaces an offer leaves the others as they were last."""
    latest = record.ways[0].history[:-1]
    return given[: len(latest)] == latest


def _is_said_as(outcome: Outcome | None, exact: Outcome | None) -> bool:
    if outcome is None or exact is None:
        return outcome is exact
    return all(
        f"{value:.6g}" == f"{exact[name]:.6g}" if isinstance(value, float) else value == exact[name]
        for name, value in outcome.items()
    )


def departure(case: AgentCase, way: Way, given: tuple[Entry, ...]) -> str | None:
    """Say how a history departs from a way; None if it goes on from it."""
    had = len(way.history)
    for i, (entry, before) in enumerate(zip(given, way.history, strict=False)):
        if entry != before:
            return f"history[{i}]: expected {_shown(before)}, as before, got {_shown(entry)}"
    if len(given) < had:
        return (
            f"history: expected the {had} offers of before and those made since, got {len(given)}"
        )
    if way.longest is not None and len(given) > way.longest:
        return ANOTHER
    me = str(case.anchor.party)
    for i, (party, outcome) in enumerate(given[had:]):
        if party == me and (i > 0 or outcome not in way.packages):
            return (
                f"history[{had + i}]: expected one of the packages that were to be offered, once, "
                f"got {_shown((party, outcome))}"
            )
    return None


def _gone_on(
    case: AgentCase,
    record: Record,
    way: Way,
    given: tuple[Entry, ...],
    choices: tuple[Choice, ...],
    advice: Advice,
) -> Record:
    if given and given[-1][0] == case.anchor.party:
        # nothing was answered, and the packages still stand
        return replace(record, advice=advice)
    packages = packages_of(case, advice.public.packages if advice.decision == "counter" else ())
    ways = [Way(given, advice.private.state, packages, choices=choices)]
    if given == record.ways[0].history:
        # asked again, as after a lost answer: what could be replaced still can
        ways += record.ways[1:]
    elif given and given[-1][1] is None and len(given) - len(way.history) <= 2:
        ways.append(replace(way, longest=len(given)))
    return Record(tuple(ways), advice)


def packages_of(case: AgentCase, packages: Sequence[Package]) -> tuple[Outcome, ...]:
    """Return packages as outcomes of a case."""
    space = case.anchor.problem.space
    return tuple(
        space.validate({term.issue: term.value for term in package.terms}) for package in packages
    )


def _shown(entry: Entry) -> str:
    party, outcome = entry
    said = "no outcome" if outcome is None else ", ".join(f"{k} {v}" for k, v in outcome.items())
    return f"{party}: {said}"


def record_name(case: AgentCase) -> str:
    """Return what the file of a record is called."""
    return f"{case.id}.record.json"


def record_text(record: Record) -> str:
    """Return a record as text, for its file."""
    told = {
        "bargain_record": VERSION,
        "ways": [
            {
                "history": [[party, _plain(outcome)] for party, outcome in way.history],
                "state": way.state,
                "packages": [_plain(package) for package in way.packages],
                "longest": way.longest,
                "choices": [
                    [choice.at, _plain(choice.best), [_plain(each) for each in choice.among]]
                    for choice in way.choices
                ],
            }
            for way in record.ways
        ],
        "advice": None if record.advice is None else record.advice.to_dict(),
    }
    return write_json(told)


def record_read(text: str, case: AgentCase) -> Record:
    """Return the record that a text holds.

    Raises
    ------
    FileFormatError
        Naming the file.
    """
    from pydantic import TypeAdapter, ValidationError

    name = record_name(case)
    data = parse_json(text, name)
    space = case.anchor.problem.space
    try:
        if data["bargain_record"] != VERSION:
            raise FileFormatError.at(name, f"format version {VERSION}", data["bargain_record"])
        ways = tuple(
            Way(
                tuple(
                    (str(party), None if said is None else space.validate(said))
                    for party, said in way["history"]
                ),
                way["state"],
                tuple(space.validate(package) for package in way["packages"]),
                way["longest"],
                tuple(
                    Choice(int(at), space.validate(best), tuple(map(space.validate, among)))
                    for at, best, among in way.get("choices", ())
                ),
            )
            for way in data["ways"]
        )
        if not all(0 <= each.at < len(way.history) for way in ways for each in way.choices):
            raise ValueError("a choice without an entry")
        given = data["advice"]
        advice = None if given is None else TypeAdapter(Advice).validate_python(given)
    except FileFormatError:
        raise
    except (ValidationError, ValueError, TypeError, KeyError):
        raise FileFormatError(
            f"{name}: expected a record of this case, as it now is, got another file"
        ) from None
    return Record(ways, advice)


def _plain(outcome: Outcome | None) -> dict[str, Any] | None:
    return None if outcome is None else dict(outcome)
