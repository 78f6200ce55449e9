"""What was said so far, read as evidence: who offered what, when, and what was claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bargain.anchor.clock import moment
from bargain.errors import FileFormatError, InvalidArgumentError, InvalidOutcomeError
from bargain.files.syntax import parse_json
from bargain.model import BargainingProblem, Outcome
from bargain.play import Offer
from bargain.play.session import LONGEST_DEADLINE

FIELDS = ("party", "outcome", "round", "at", "claims")
CLAIM_FIELDS = ("kind", "text")

ClaimKind = Literal["limit", "authority", "deadline", "rival", "value", "other"]


@dataclass(frozen=True)
class Remark:
    """Something a party said that is no offer. It is kept, and moves no number.

    Attributes
    ----------
    party : str or int
    kind : {"limit", "authority", "deadline", "rival", "value", "other"}
        What it is about: how far the party can go, who has to agree, until when, who else is
        interested, what something is worth, or anything else.
    text : str
        As it was said; nothing reads it.

    Raises
    ------
    InvalidArgumentError
    """

    party: str | int
    kind: ClaimKind
    text: str

    def __post_init__(self) -> None:
        if self.kind not in get_args(ClaimKind):
            kinds = ", ".join(get_args(ClaimKind))
            raise InvalidArgumentError.at("claim: kind", f"one of {kinds}", self.kind)
        if not isinstance(self.text, str):
            raise InvalidArgumentError.at("claim: text", "text", self.text)


@dataclass(frozen=True)
class Heard:
    """One offer of a history, checked against the problem.

    Attributes
    ----------
    party : int
        Position of the party that made it.
    outcome : Outcome or None
        None if what was offered is not an outcome of the space.
    round : int
    problem : str or None
        Why what was offered cannot be agreed: it is not an outcome, or breaks constraints.
    at : float or None
        When, as given.
    said : object
        What was offered, as given.
    """

    party: int
    outcome: Outcome | None
    round: int
    problem: str | None = None
    at: float | None = None
    said: Any = None


@dataclass(frozen=True)
class Story:
    """A history, checked against the problem.

    Attributes
    ----------
    offers : tuple of Heard
    remarks : tuple of (int, Remark)
        With the position of the party.
    order : tuple of Heard or (int, Remark)
        Both, as they came.
    places : tuple of int
        The entry, counted from 0, that each of these was given in: it may hold claims and an offer.
    conflict : str or None
        What cannot be true of it.
    """

    offers: tuple[Heard, ...]
    remarks: tuple[tuple[int, Remark], ...]
    order: tuple[Heard | tuple[int, Remark], ...]
    places: tuple[int, ...]
    conflict: str | None


def heard(problem: BargainingProblem, history: Iterable[Any], *, slack: float = 0.0) -> Story:
    """Check a history against a problem.

    Parameters
    ----------
    problem : BargainingProblem
    history : iterable of Offer, Remark, or mappings with their fields
        In the order it happened. An offer without a round is in the round after the one before.
        What is offered need not be an outcome of the space: the other side may write anything.
    slack : float
        How far the time of an offer may lie before that of an earlier one.

    Raises
    ------
    InvalidArgumentError
        Naming the entry that is not an offer, or names no party.
    """
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise InvalidArgumentError.at("history", "a sequence of offers", history)
    offers: list[Heard] = []
    order: list[Heard | tuple[int, Remark]] = []
    places: list[int] = []
    conflict: str | None = None
    for i, given in enumerate(history):
        where = f"history[{i}]"
        for entry in _entries(where, given):
            places.append(i)
            try:
                party = problem.party_index(entry.party)
            except InvalidArgumentError as error:
                raise InvalidArgumentError(f"{where}: {error}") from None
            if isinstance(entry, Remark):
                order.append((party, entry))
                continue
            least = offers[-1].round + 1 if offers else 0
            number = least if entry.round is None else entry.round
            if number > LONGEST_DEADLINE:
                expected = f"a round up to {LONGEST_DEADLINE}"
                raise InvalidArgumentError.at(f"{where}.round", expected, number)
            if number < least:
                conflict = conflict or f"{where}.round is {number}, after round {least - 1}"
                number = least
            latest = max((each.at for each in offers if each.at is not None), default=None)
            if latest is not None and entry.at is not None and entry.at < latest - slack:
                conflict = conflict or f"{where}.at is {entry.at:g}, after {latest:g}"
            offer = _judged(problem, party, number, entry)
            offers.append(offer)
            order.append(offer)
    remarks = tuple(each for each in order if not isinstance(each, Heard))
    return Story(tuple(offers), remarks, tuple(order), tuple(places), conflict)


def offers_heard(problem: BargainingProblem, history: Iterable[Any]) -> tuple[Heard, ...]:
    """Return the offers of a history that can be true.

    Raises
    ------
    InvalidArgumentError
        As `heard`, and naming what contradicts an earlier entry.
    """
    story = heard(problem, history)
    if story.conflict is not None:
        raise InvalidArgumentError(story.conflict)
    return story.offers


def _judged(problem: BargainingProblem, party: int, number: int, entry: Offer) -> Heard:
    outcome, mistake = None, None
    try:
        outcome = problem.space.validate(entry.outcome)
    except InvalidOutcomeError as error:
        mistake = str(error)
    else:
        if broken := problem.broken_by(outcome):
            mistake = f"it breaks {'; '.join(str(constraint) for constraint in broken)}"
    return Heard(party, outcome, number, mistake, entry.at, entry.outcome)


def history_from_json(text: str, where: str = "history") -> tuple[Offer | Remark, ...]:
    """Read a history from JSON: a list of {"party", "outcome", "round"?, "at"?, "claims"?}.

    Raises
    ------
    FileFormatError
        Naming the place.
    """
    data = parse_json(text, where)
    if not isinstance(data, list):
        raise FileFormatError.at(where, "a list of offers", data)
    entries: list[Offer | Remark] = []
    for i, entry in enumerate(data):
        try:
            entries.extend(_entries(f"[{i}]", entry))
        except InvalidArgumentError as error:
            raise FileFormatError(f"{where}: {error}") from None
    return tuple(entries)


def _entries(where: str, given: Any) -> list[Offer | Remark]:
    """Return what one entry says: its claims, then its offer if it makes one."""
    if isinstance(given, Offer | Remark):
        return [given]
    if not isinstance(given, Mapping):
        raise InvalidArgumentError.at(where, 'an offer {"party", "outcome"}', given)
    for field in given:
        if field not in FIELDS:
            raise InvalidArgumentError.at(where, f"only the fields {', '.join(FIELDS)}", field)
    claims = given.get("claims", ())
    for field in ("party", "outcome"):
        if field not in given and not (claims and field == "outcome"):
            raise InvalidArgumentError.at(where, f"a field {field!r}", dict(given))
    found: list[Offer | Remark] = _claims(where, given["party"], claims)
    if "outcome" not in given:
        return found
    outcome = given["outcome"]
    if not isinstance(outcome, Mapping | list | tuple):
        # whatever the other side wrote, it is an offer of nothing in particular
        outcome = (outcome,)
    at = given.get("at")
    try:
        seconds = moment("offer: at", at).timestamp() if isinstance(at, str) else at
        found.append(Offer(given["party"], outcome, given.get("round"), seconds))
    except InvalidArgumentError as error:
        raise InvalidArgumentError(f"{where}: {error}") from None
    return found


def _claims(where: str, party: Any, given: Any) -> list[Offer | Remark]:
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise InvalidArgumentError.at(f"{where}.claims", "a list of claims", given)
    found: list[Offer | Remark] = []
    for i, claim in enumerate(given):
        place = f"{where}.claims[{i}]"
        if not isinstance(claim, Mapping) or set(claim) != set(CLAIM_FIELDS):
            raise InvalidArgumentError.at(place, 'a claim {"kind", "text"}', claim)
        try:
            found.append(Remark(party, claim["kind"], claim["text"]))
        except InvalidArgumentError as error:
            raise InvalidArgumentError(f"{place}: {error}") from None
    return found
