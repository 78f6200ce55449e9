"""What the record says of an agreement that is claimed.

"We have a deal" is a claim, whoever makes it. An offer of the other side is agreed to by `accept`,
and by nothing else; an own offer by the other side, which only the caller hears of: the record says
no more than that the offer stands. What the record does not bear out may still be so, as a person
may have agreed past the tools. So the claim is told on as what it is, and called unconfirmed.
"""

from __future__ import annotations

from collections.abc import Sequence

from bargain.adapters.tools.case_file import AgentCase, Entry
from bargain.adapters.tools.record import Record, departure, packages_of, settled

UNKNOWN = "the record knows of no agreement"


def unconfirmed(case: AgentCase, record: Record, history: Sequence[Entry]) -> str | None:
    """Say why the record does not bear out that the last offer was agreed to; None if it does.

    Made of what the model was told before: of decisions as the public part has them, of no other.

    Parameters
    ----------
    case : AgentCase
    record : Record
    history : sequence of (party, Outcome or None)
        Not empty; the last entry is an outcome.
    """
    way = record.ways[0]
    given = settled(way, tuple(history))
    own = str(case.anchor.party)
    if departure(case, way, given) is not None and not _says_accepted(record, given, own):
        return f"the history is not that of the record: {UNKNOWN}"
    advice = record.advice
    ended = None if advice is None else advice.public.decision
    if given[-1][0] == own or ended == "accept":
        dropped = () if advice is None else packages_of(case, advice.public.withdraws)
        if ended == "walk" or (ended != "accept" and given[-1][1] in dropped):
            return f"by the record next_move decided to {ended}: {UNKNOWN}"
        return None
    if len(given) > len(way.history) or ended is None:
        return f"by the record next_move was not asked about the last offer: {UNKNOWN}"
    return f"by the record next_move decided to {ended}: {UNKNOWN}"


def denied(case: AgentCase, record: Record, history: Sequence[Entry]) -> str | None:
    """Say that the record has an acceptance of the last offer; None if it has none."""
    advice, way = record.advice, record.ways[0]
    if advice is None or advice.public.decision != "accept":
        return None
    if settled(way, tuple(history)) != way.history:
        return None
    return "by the record next_move decided to accept the last offer"


def _says_accepted(record: Record, given: tuple[Entry, ...], own: str) -> bool:
    """Whether a history ends in an accepted offer said back, as some write an acceptance."""
    before = record.ways[0].history
    accepted = record.advice is not None and record.advice.public.decision == "accept"
    return accepted and bool(before) and given == (*before, (own, before[-1][1]))
