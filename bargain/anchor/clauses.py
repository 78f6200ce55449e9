"""Whole clauses that a message may be made of, and what each of them does.

A word is harmless or not only in its clause: "from" bounds a number in "from 90 EUR" and none in
"we look forward to hearing from you". So words may stand in the clauses that are known, in their
order, and nowhere else.

The clauses are written as they are read, after `anchor.spoken_clauses`: in lower case, contractions
taken apart, "I" and "my" as "we" and "our", without words that only strengthen. They are patterns
of `anchor.frames`; @ is the name of a party or a word that the caller allowed, # the number of
packages. There is no place in them where any word could stand. What commits to anything, counts,
compares, sets a time, praises what the other side offered, or says what one wants most or could do
without, has no place here.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, cast

from bargain.anchor.courtesies import COURTESIES
from bargain.anchor.courtesy_kinds import KINDS
from bargain.anchor.decision_clauses import DECISION_CLAUSES
from bargain.anchor.frames import Grammar, pattern
from bargain.anchor.term_clauses import TERM_CLAUSES

Act = Literal[
    "greeting",
    "courtesy",
    "invitation",
    "opening",
    "lead_in",
    "about",
    "menu_lead_in",
    "menu",
    "menu_about",
    "prospect",
    "await",
    "sent",
    "hold",
    "accept",
    "joy",
    "walk",
    "parting",
]
"""What a clause does: greet; nothing; ask to be asked, or met again; open a clause that follows,
with or without a sign; bring on terms; speak of the terms right before it; bring on several
packages; speak of them; speak of them when all are stated; look forward to what an agreement would
bring; ask for an answer; say that one's offer is with the other side; say that one's own answer is
to come; accept; be glad of it; end the talks; part well."""

CLAUSES = cast("dict[Act, str]", {**COURTESIES, **TERM_CLAUSES, **DECISION_CLAUSES})
"""The clauses by what they do."""

_ALWAYS: frozenset[Act] = frozenset({"greeting", "courtesy", "opening"})
_MENU: frozenset[Act] = frozenset({"menu_lead_in", "menu", "menu_about"})

ALLOWED: dict[str, frozenset[Act]] = {
    "counter": _ALWAYS | _MENU | {"invitation", "lead_in", "about", "prospect", "await"},
    "accept": _ALWAYS | {"invitation", "prospect", "accept", "joy"},
    "hold": _ALWAYS | {"invitation", "await", "sent", "hold"},
    "walk": _ALWAYS | {"walk", "parting"},
}
"""What the clauses of a message may do, by decision."""

SAYING: dict[str, dict[Act, str]] = {
    "accept": {"accept": "accepts"},
    "hold": {"await": "waits", "sent": "waits", "hold": "answers"},
    "walk": {"walk": "leaves"},
}
"""What the clauses that say a decision say; a message says one thing."""

BRINGING: dict[str, frozenset[Act]] = {
    "counter": frozenset({"lead_in", "menu_lead_in", "menu"}),
    "accept": ALLOWED["accept"],
    "hold": frozenset(),
    "walk": frozenset(),
}
"""What may be said of terms right before them, by decision: what one is thanking or waiting for
is not what one offers, but may be what one accepts."""

GREETING: frozenset[Act] = frozenset({"greeting"})
"""What says nothing of terms, though only a comma or a colon stands between."""


@cache
def grammar() -> Grammar:
    """Return the clauses, read once."""
    kinds = {name: pattern(text) for name, text in KINDS.items()}
    return Grammar(kinds, {act: [*map(pattern, _lines(text))] for act, text in CLAUSES.items()})


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.strip("\n").splitlines():
        if line.startswith(" " * 12):
            lines[-1] += " " + line.strip()
        elif line.strip():
            lines.append(line.strip())
    return lines
