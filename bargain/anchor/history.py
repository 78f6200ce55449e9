"""What was said so far, read as evidence: who offered what, and which round it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bargain.errors import FileFormatError, InvalidArgumentError, InvalidOutcomeError
from bargain.files.syntax import parse_json
from bargain.model import BargainingProblem, Outcome
from bargain.play import Offer
from bargain.play.session import LONGEST_DEADLINE

FIELDS = ("party", "outcome", "round", "at")


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
    """

    party: int
    outcome: Outcome | None
    round: int
    problem: str | None = None


def heard(problem: BargainingProblem, history: Iterable[Any]) -> tuple[Heard, ...]:
    """Check a history against a problem.

    Parameters
    ----------
    problem : BargainingProblem
    history : iterable of Offer, or of mappings with its fields
        In the order it happened. An offer without a round is in the round after the one before.
        What is offered need not be an outcome of the space: the other side may write anything.

    Raises
    ------
    InvalidArgumentError
        Naming the entry that is not an offer, names no party, or does not come after the one
        before it.
    """
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise InvalidArgumentError.at("history", "a sequence of offers", history)
    entries: list[Heard] = []
    for i, given in enumerate(history):
        where = f"history[{i}]"
        offer = _offer(where, given)
        try:
            party = problem.party_index(offer.party)
        except InvalidArgumentError as error:
            raise InvalidArgumentError(f"{where}: {error}") from None
        least = entries[-1].round + 1 if entries else 0
        number = least if offer.round is None else offer.round
        if not least <= number <= LONGEST_DEADLINE:
            raise InvalidArgumentError.at(
                f"{where}.round", f"a round from {least} to {LONGEST_DEADLINE}", number
            )
        outcome, mistake = None, None
        try:
            outcome = problem.space.validate(offer.outcome)
        except InvalidOutcomeError as error:
            mistake = str(error)
        else:
            if broken := problem.broken_by(outcome):
                mistake = f"it breaks {'; '.join(str(constraint) for constraint in broken)}"
        entries.append(Heard(party, outcome, number, mistake))
    return tuple(entries)


def history_from_json(text: str, where: str = "history") -> tuple[Offer, ...]:
    """Read a history from JSON: a list of {"party", "outcome", "round"?, "at"?}.

    Raises
    ------
    FileFormatError
        Naming the place.
    """
    data = parse_json(text, where)
    if not isinstance(data, list):
        raise FileFormatError.at(where, "a list of offers", data)
    offers = []
    for i, entry in enumerate(data):
        try:
            offers.append(_offer(f"[{i}]", entry))
        except InvalidArgumentError as error:
            raise FileFormatError(f"{where}: {error}") from None
    return tuple(offers)


def _offer(where: str, given: Any) -> Offer:
    if isinstance(given, Offer):
        return given
    if not isinstance(given, Mapping):
        raise InvalidArgumentError.at(where, 'an offer {"party", "outcome"}', given)
    for field in given:
        if field not in FIELDS:
            raise InvalidArgumentError.at(where, f"only the fields {', '.join(FIELDS)}", field)
    for field in ("party", "outcome"):
        if field not in given:
            raise InvalidArgumentError.at(where, f"a field {field!r}", dict(given))
    outcome = given["outcome"]
    if not isinstance(outcome, Mapping | list | tuple):
        # whatever the other side wrote, it is an offer of nothing in particular
        outcome = (outcome,)
    try:
        return Offer(given["party"], outcome, given.get("round"), given.get("at"))
    except InvalidArgumentError as error:
        raise InvalidArgumentError(f"{where}: {error}") from None
