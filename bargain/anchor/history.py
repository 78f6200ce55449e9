"""What was said so far, read as evidence: who offered what, when, and what was claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bargain.anchor.clock import moment
from bargain.errors import FileFormatError, InvalidArgumentError, InvalidOutcomeError
from bargain.files.syntax import parse_json
from bargain.model import BargainingProblem, Outcome
from bargain.play import Offer
from bargain.play.session import LONGEST_DEADLINE

FIELDS = ("party", "outcome", "round", "at", "claims", "prefers", "among")
CLAIM_FIELDS = ("kind", "text")

MOST_PACKAGES = 1000
"""Most packages to choose from."""

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
class Preference:
    """Which of the packages it was offered a party likes best, without taking it.

    It is evidence of what the party wants, as its offers are: it can change which packages are
    made for it, and never what they are worth to who offers them.

    Attributes
    ----------
    party : str or int
    outcome : Outcome, mapping or sequence
        What it likes best, as it says. What is none of those it was offered teaches nothing.
    among : tuple
        The packages it chose from, as they were offered to it: a sequence of 1 to 1000.

    Raises
    ------
    InvalidArgumentError
    """

    party: str | int
    outcome: Any
    among: tuple[Any, ...]

    def __post_init__(self) -> None:
        given = self.among
        # a set has another order in every process, and a state is of the order
        is_other = isinstance(given, str | bytes | Mapping | Set)
        if is_other or not isinstance(given, Iterable):
            raise InvalidArgumentError.at("preference: among", "a sequence of packages", given)
        object.__setattr__(self, "among", tuple(given))
        if not self.among:
            raise InvalidArgumentError.at("preference: among", "one package at least", self.among)
        if len(self.among) > MOST_PACKAGES:
            expected = f"at most {MOST_PACKAGES} packages"
            raise InvalidArgumentError.at("preference: among", expected, len(self.among))


@dataclass(frozen=True)
class Preferred:
    """One preference of a history, checked against the problem.

    Attributes
    ----------
    party : int
    outcome : Outcome or None
        None if what it likes best is none of the packages it chose from.
    among : tuple of Outcome
        Each once.
    offers : int
        How many offers were made before it.
    said : object
        What it likes best, as given.
    """

    party: int
    outcome: Outcome | None
    among: tuple[Outcome, ...]
    offers: int
    said: Any = None


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

    @property
    def agreeable(self) -> Outcome | None:
        """What was offered; None if it cannot be agreed."""
        return None if self.problem else self.outcome


Said = Heard | Preferred | tuple[int, Remark]
"""One thing that was said, checked against the problem."""

Entry = Offer | Remark | Preference
"""One thing that was said, as it is given."""


@dataclass(frozen=True)
class Story:
    """A history, checked against the problem.

    Attributes
    ----------
    offers : tuple of Heard
    remarks : tuple of (int, Remark)
        With the position of the party.
    preferences : tuple of Preferred
    order : tuple of Heard, Preferred or (int, Remark)
        All of them, as they came.
    places : tuple of int
        The entry, counted from 0, that each of these was given in: it may hold claims, a preference
        and an offer.
    conflict : str or None
        What cannot be true of it.
    """

    offers: tuple[Heard, ...]
    remarks: tuple[tuple[int, Remark], ...]
    preferences: tuple[Preferred, ...]
    order: tuple[Said, ...]
    places: tuple[int, ...]
    conflict: str | None


def heard(problem: BargainingProblem, history: Iterable[Any], *, slack: float = 0.0) -> Story:
    """Check a history against a problem.

    Parameters
    ----------
    problem : BargainingProblem
    history : iterable of Offer, Remark, Preference, or mappings with their fields
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
    order: list[Said] = []
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
            if isinstance(entry, Preference):
                choice = _chosen(problem, party, offers, entry, where)
                if not any(offer.outcome in choice.among for offer in _latest(offers, party)):
                    conflict = conflict or f"{where}: nobody offered these packages to choose from"
                order.append(choice)
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
    remarks = tuple(each for each in order if isinstance(each, tuple))
    chosen = tuple(each for each in order if isinstance(each, Preferred))
    return Story(tuple(offers), remarks, chosen, tuple(order), tuple(places), conflict)


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


def _latest(offers: list[Heard], party: int) -> list[Heard]:
    """Return the last offer of each of the others."""
    found = {offer.party: offer for offer in offers if offer.party != party}
    return list(found.values())


def _chosen(
    problem: BargainingProblem, party: int, offers: list[Heard], entry: Preference, where: str
) -> Preferred:
    """Check a preference; what it was chosen from has to be outcomes, what was chosen need not."""
    space = problem.space
    among: dict[Outcome, None] = {}
    for k, each in enumerate(entry.among):
        try:
            among[space.validate(each)] = None
        except InvalidOutcomeError as error:
            raise InvalidArgumentError(f"{where}: among[{k}]: {error}") from None
    try:
        best = space.validate(entry.outcome)
    except InvalidOutcomeError:
        best = None
    if best not in among:
        best = None
    return Preferred(party, best, tuple(among), len(offers), entry.outcome)


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


def history_from_json(text: str, where: str = "history") -> tuple[Entry, ...]:
    """Read a history from JSON: a list of {"party", "outcome", "round"?, "at"?, "claims"?}.

    An entry may hold {"prefers", "among"}, too, or instead of an outcome.

    Raises
    ------
    FileFormatError
        Naming the place.
    """
    data = parse_json(text, where)
    if not isinstance(data, list):
        raise FileFormatError.at(where, "a list of offers", data)
    entries: list[Entry] = []
    for i, entry in enumerate(data):
        try:
            entries.extend(_entries(f"[{i}]", entry))
        except InvalidArgumentError as error:
            raise FileFormatError(f"{where}: {error}") from None
    return tuple(entries)


def _entries(where: str, given: Any) -> list[Entry]:
    """Return what one entry says: its claims, what it prefers, then its offer if it makes one."""
    if isinstance(given, Offer | Remark | Preference):
        return [given]
    if not isinstance(given, Mapping):
        raise InvalidArgumentError.at(where, 'an offer {"party", "outcome"}', given)
    for field in given:
        if field not in FIELDS:
            raise InvalidArgumentError.at(where, f"only the fields {', '.join(FIELDS)}", field)
    claims = given.get("claims", ())
    prefers = "prefers" in given or "among" in given
    for field in ("party", "outcome"):
        if field not in given and not ((claims or prefers) and field == "outcome"):
            raise InvalidArgumentError.at(where, f"a field {field!r}", dict(given))
    found: list[Entry] = _claims(where, given["party"], claims)
    if prefers:
        for field in ("prefers", "among"):
            if field not in given:
                raise InvalidArgumentError.at(where, f"a field {field!r}", dict(given))
        try:
            found.append(Preference(given["party"], given["prefers"], given["among"]))
        except InvalidArgumentError as error:
            raise InvalidArgumentError(f"{where}: {error}") from None
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


def _claims(where: str, party: Any, given: Any) -> list[Entry]:
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise InvalidArgumentError.at(f"{where}.claims", "a list of claims", given)
    found: list[Entry] = []
    for i, claim in enumerate(given):
        place = f"{where}.claims[{i}]"
        if not isinstance(claim, Mapping) or set(claim) != set(CLAIM_FIELDS):
            raise InvalidArgumentError.at(place, 'a claim {"kind", "text"}', claim)
        try:
            found.append(Remark(party, claim["kind"], claim["text"]))
        except InvalidArgumentError as error:
            raise InvalidArgumentError(f"{place}: {error}") from None
    return found
