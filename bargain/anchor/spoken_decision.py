"""Whether a message says the decision of an advice, and says it without a way out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bargain.anchor.advice import PublicDecision
from bargain.anchor.courtesies import SAYING
from bargain.anchor.spoken_clauses import Clause
from bargain.anchor.tokens import Token
from bargain.anchor.wording import (
    ACCEPTING,
    APPROVING,
    BOUNDARIES,
    LEAVING,
    NEGATIONS,
    OFFERS,
    PROPOSED,
    TALKS,
    TENTATIVE,
    THANKING,
    WAITING,
)

OURS = frozenset({"our", "ours", "my", "mine"})
YOURS = frozenset({"your", "yours"})
OPENING_LABELS = frozenset({"a", "1", "one", "first"})
JOINING = frozenset({"and", "a", "the"})
YOU = frozenset({"you", "you've", "you'd", "you'll"})
ANSWERS = frozenset({"answer", "reply", "response", "turn"})
PLEAS = frozenset({"you", "you'll", "you'd", "please", "kindly", "they", "they'd", "who"})
TOGETHER = frozenset(
    {"accept", "agree", "agreement", "common", "continue", "ground", "possible", "together", "come"}
)
"""What ends talks only where it is denied."""


@dataclass(frozen=True)
class Doubt:
    """Words by which a message says another decision, or leaves it open.

    Attributes
    ----------
    at : the token of the word
    expected : what should be there
    clause : the tokens of the clause, where it is none of which it is known what it does
    """

    at: int
    expected: str
    clause: tuple[int, ...] = ()


def doubts(
    tokens: Sequence[Token],
    prose: Sequence[int],
    terms: Collection[int],
    decision: PublicDecision,
    names: Collection[str],
) -> list[Doubt]:
    """Return the words of a message's prose that say another decision, or leave it open.

    It is read clause by clause: a clause ends with every sign, line and term. Words that are
    harmless one by one count beside terms, in what they are stated with; a clause of its own has
    to be one of those of which it is known what they do, which are not in `prose`.
    """
    found: list[Doubt] = []
    for clause in _clauses(tokens, prose):
        words = [tokens[at].word for at in clause]
        plain = BOUNDARIES | JOINING | frozenset(names)
        if not _is_beside_terms(tokens, clause, terms) and not plain.issuperset(words):
            expected = "a courtesy or a decision in plain words"
            found.append(Doubt(clause[0], expected, tuple(clause)))
        if decision != "accept":
            found += _approving(clause, words)
        if decision == "accept":
            found += _tentative(clause, words)
        elif decision == "walk":
            found += _staying(clause, words)
        elif decision == "hold":
            found += _answering(clause, words)
    return found


def is_said(
    tokens: Sequence[Token],
    prose: Sequence[int],
    known: Sequence[Clause],
    decision: PublicDecision,
) -> bool:
    """Whether a message says the decision at all; a counter says it by its packages."""
    said_whole = any(clause.act in SAYING.get(decision, ()) for clause in known)
    words = [[tokens[at].word for at in clause] for clause in _clauses(tokens, prose)]
    said = {word for clause in words for word in clause}
    asks = any(tokens[at].text == "?" for at in prose)
    if decision == "accept":
        return (said_whole or bool(said & ACCEPTING)) and not asks
    if decision == "walk":
        denied = any(set(c) & NEGATIONS and set(c) & TOGETHER for c in words)
        return (said_whole or bool(said & LEAVING) or denied) and not asks
    if decision == "hold":
        theirs = any(a == "your" and b in ANSWERS for c in words for a, b in _pairs(c))
        return said_whole or bool(said & (WAITING - ANSWERS)) or theirs
    return True


def _clauses(tokens: Sequence[Token], prose: Sequence[int]) -> Iterator[list[int]]:
    clause: list[int] = []
    for at in prose:
        token = tokens[at]
        breaks = token.kind == "sign" or token.opens_line or (clause and clause[-1] != at - 1)
        if breaks and clause:
            yield clause
            clause = []
        if token.kind != "sign":
            clause.append(at)
    if clause:
        yield clause


def _is_beside_terms(
    tokens: Sequence[Token], clause: Sequence[int], terms: Collection[int]
) -> bool:
    """Whether a clause goes over into a term, or brings on terms or their label with a colon."""
    behind = clause[-1] + 1
    if behind in terms or clause[0] - 1 in terms:
        return True
    if behind >= len(tokens) or tokens[behind].text != ":":
        return False
    first = next((k for k in range(behind, len(tokens)) if tokens[k].kind != "sign"), behind)
    return first in terms or tokens[first].word in OPENING_LABELS | BOUNDARIES


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return pairwise(words)


def _approving(clause: Sequence[int], words: Sequence[str]) -> Iterator[Doubt]:
    """What the other side offered may be thanked for and thought over, no more."""
    if {"which", "whichever"} & set(words):
        return
    for k, word in enumerate(words):
        theirs = word in YOURS and any(each in OFFERS for each in words[k + 1 : k + 4])
        theirs = theirs or (word in YOU and not PROPOSED.isdisjoint(words[k + 1 : k + 2]))
        if theirs and (not THANKING & set(words) or APPROVING & set(words)):
            yield Doubt(clause[k], "what the other side offered only where it is thanked for")


def _tentative(clause: Sequence[int], words: Sequence[str]) -> Iterator[Doubt]:
    expected = "an acceptance without a way out"
    for k, word in enumerate(words):
        pleads = word in ACCEPTING and k > 0 and words[k - 1] in PLEAS
        own = word in OURS and any(each in OFFERS for each in words[k + 1 : k + 3])
        if word in TENTATIVE or pleads or own:
            yield Doubt(clause[k], expected)


def _staying(clause: Sequence[int], words: Sequence[str]) -> Iterator[Doubt]:
    denials = sum(word in NEGATIONS - {"unfortunately"} for word in words)
    expected = "a sentence that says: walk"
    for k, word in enumerate(words):
        if word in TOGETHER and denials != 1:
            yield Doubt(clause[k], expected)
        if word in LEAVING and denials:
            yield Doubt(clause[k], expected)
        if word in ("leave", "leaving") and words[k + 1 : k + 2]:
            rest = [each for each in words[k + 1 : k + 4] if each not in ("the", "these", "our")]
            if rest[:1] + rest[1:2] != ["it", "here"] and not set(rest[:1]) & TALKS:
                yield Doubt(clause[k], expected)


def _answering(clause: Sequence[int], words: Sequence[str]) -> Iterator[Doubt]:
    """One's own answer may be waited for, where it has to be approved, but not given."""
    if (WAITING - ANSWERS) & set(words):
        return
    for k, (word, behind) in enumerate(_pairs(words)):
        if word in OURS and behind in ANSWERS:
            yield Doubt(clause[k], "a message that says: hold")
