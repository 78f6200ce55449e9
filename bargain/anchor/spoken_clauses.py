"""Clauses that do one known thing: courtesies, announcements, decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bargain.anchor.advice import PublicDecision
from bargain.anchor.clauses import ALLOWED, BRINGING, GREETING, Act, grammar
from bargain.anchor.spoken_numbers import NUMBER_WORDS
from bargain.anchor.spoken_terms import HYPHENS, Spoken, may_open, names_at, values_at
from bargain.anchor.tokens import Token
from bargain.anchor.wording import (
    ACCEPTING,
    BOUNDS,
    CONDITIONS,
    JOINING,
    LEAVING,
    NEGATIONS,
    PRIVATE,
    UNITS,
)

LONGEST_CLAUSE = 45
"""Most words that are read as one clause."""

JOINERS = frozenset({"and", "but", "so", "as"})
"""What may stand between clauses that no sign divides."""

ENDING = frozenset(".!?")
"""Signs behind which terms are not what was spoken of before."""

STRENGTHENING = frozenset(
    ["very", "really", "truly", "indeed", "much", "certainly", "extremely", "just", "also"]
)
"""What changes nothing in a clause that is known."""

ONE_FOR_ANOTHER = {
    "i": "we", "me": "us", "my": "our", "mine": "ours", "am": "are", "myself": "ourselves",
    "kindly": "please", "let's": "let us", "can't": "can not", "won't": "will not",
    "hasn't": "have not", "thankyou": "thank you",
}  # fmt: skip

ENDINGS = {
    "'m": "are", "'re": "are", "'ll": "will", "'d": "would", "'ve": "have", "'s": "is",
    "n't": "not",
}  # fmt: skip

COUNTS = {"two": 2, "three": 3, "2": 2, "3": 3}

NEVER_A_NAME = (
    ACCEPTING | BOUNDS | CONDITIONS | LEAVING | NEGATIONS | PRIVATE | UNITS | NUMBER_WORDS
)


@dataclass(frozen=True)
class Clause:
    """What a clause does, and where it stands, by tokens."""

    act: Act
    start: int
    end: int


@dataclass(frozen=True)
class Manner:
    """How clauses of one message are read.

    Attributes
    ----------
    decision : the decision of the advice, as the other side is to hear it
    n_packages : how many packages there are
    names : names of parties and words that the caller allowed
    firsts : what a value may begin with (see `openings`)
    """

    decision: PublicDecision
    n_packages: int
    names: Collection[str]
    firsts: Collection[str]


@dataclass(frozen=True)
class Stated:
    """What stands before a clause.

    Attributes
    ----------
    count : how many packages
    complete : how many of them are stated in full
    is_last : whether a package stands right before it
    """

    count: int
    complete: int
    is_last: bool


def clauses_at(
    tokens: Sequence[Token],
    at: int,
    manner: Manner,
    issues: Sequence[Spoken],
    stated: Stated,
) -> list[Clause] | None:
    """Read the clauses from a token to the next sign, line or term; None if one is not known.

    Clauses that say another decision are not known here: word by word they are found wanting.
    """
    stop = _stop(tokens, at, manner, issues)
    line = next((k for k in range(at + 1, stop) if tokens[k].opens_line), stop)
    for end in dict.fromkeys((stop, line)):
        found = _read(tokens, at, end, manner, stated, _leads(tokens, end, manner, issues))
        if found is not None:
            return found
    return None


def begins_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether a clause may begin at a token: a word at the start, of a line, or behind a sign."""
    if tokens[at].kind != "word":
        return False
    if at == 0 or tokens[at].opens_line:
        return True
    before = tokens[at - 1]
    return before.kind == "sign" and not (before.text in "-–−/'’" and tokens[at].glued)


def _stop(tokens: Sequence[Token], at: int, manner: Manner, issues: Sequence[Spoken]) -> int:
    """Return where the words from a token on end: at a sign, a number or a term."""
    end = at
    while end < len(tokens) and end - at <= LONGEST_CLAUSE:
        token = tokens[end]
        if token.kind != "word" and not _joins(tokens, end):
            break
        if names_at(tokens, end, issues) is not None:
            break
        if may_open(token, manner.firsts):
            fitting = [i for i in issues if values_at(tokens, end, i, "point")]
            if len(fitting) == 1 and fitting[0].can_stand_alone:
                break
        end += 1
    return end


def _leads(tokens: Sequence[Token], end: int, manner: Manner, issues: Sequence[Spoken]) -> bool:
    """Whether what ends at a token speaks of the terms behind it: no full stop lies between."""
    while end < len(tokens) and tokens[end].kind == "sign":
        if tokens[end].text in ENDING and [t.text for t in tokens[end : end + 2]] != [".", "."]:
            return False
        # three points end nothing
        end += 3 if tokens[end].text == "." else 1
    if end >= len(tokens):
        return False
    if names_at(tokens, end, issues) is not None:
        return True
    if tokens[end].kind == "number" or tokens[end].text in ("A", "B", "C"):
        return True
    return may_open(tokens[end], manner.firsts) and any(
        values_at(tokens, end, issue, "point") for issue in issues
    )


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign joins two words to one: a hyphen, or the stroke of "Sir/Madam"."""
    if tokens[at].text not in HYPHENS and tokens[at].text != "/":
        return False
    if not 0 < at < len(tokens) - 1 or not (tokens[at].glued and tokens[at + 1].glued):
        return False
    return tokens[at - 1].kind == tokens[at + 1].kind == "word"


def _read(
    tokens: Sequence[Token], at: int, end: int, manner: Manner, stated: Stated, leads: bool
) -> list[Clause] | None:
    words, places = _plain(tokens, at, end, manner)
    if not words or len(words) > LONGEST_CLAUSE or (words[0] == "subject" and at > 0):
        return None
    is_open = end < len(tokens) and tokens[end].kind != "sign" and not tokens[end].opens_line
    reader = grammar().reader(words)
    allowed = [a for a in ALLOWED[manner.decision] if _may(a, words, manner, stated)]
    # the clauses up to a word, by the words at which a clause may begin, and at which one ends
    begun: dict[int, list[Clause]] = {0: []}
    if words[0] in JOINERS:
        begun[1] = []
    ended: dict[int, list[Clause]] = {}
    # of those, the ones that may be said of terms right behind them
    bringing: dict[int, list[Clause]] = {}
    before_terms = BRINGING[manner.decision] | (frozenset() if is_open else GREETING)
    for start in range(len(words)):
        if start not in begun:
            continue
        for act in allowed:
            for after in reader.ends(act, start):
                clause = Clause(act, places[start], places[after] if after < len(words) else end)
                path = ended.setdefault(after, [*begun[start], clause])
                if act in before_terms:
                    bringing.setdefault(after, [*begun[start], clause])
                if act == "opening":
                    begun.setdefault(after, path)
                if after + 1 < len(words) and words[after] in JOINERS:
                    begun.setdefault(after + 1, path)
    fitting = bringing if leads else ended
    if len(words) in fitting:
        return fitting[len(words)]
    if is_open:
        for last in range(len(words) - 1, 0, -1):
            if words[last] not in JOINING:
                break
            if last in fitting:
                return fitting[last]
    return None


def _may(act: str, words: Sequence[str], manner: Manner, stated: Stated) -> bool:
    """Whether clauses of a kind may stand where they do."""
    if act in ("lead_in", "menu_lead_in") and stated.complete >= manner.n_packages:
        return False
    if act in ("menu_lead_in", "menu", "menu_about"):
        both = "both" in words and manner.n_packages != 2
        all_stated = stated.count >= manner.n_packages
        return manner.n_packages > 1 and not both and (act != "menu_about" or all_stated)
    return act != "about" or stated.is_last


def _plain(
    tokens: Sequence[Token], at: int, end: int, manner: Manner
) -> tuple[list[str], list[int]]:
    """Return words as clauses are written in, and the token of each."""
    words: list[str] = []
    places: list[int] = []
    k = at
    while k < end:
        word, place = tokens[k].word, k
        while k + 2 < end and tokens[k + 1].text in HYPHENS:
            word, k = f"{word}-{tokens[k + 2].word}", k + 2
        k += 1
        for each in _said(word, manner).split():
            words.append(each)
            places.append(place)
    return words, places


def _said(word: str, manner: Manner) -> str:
    if word in STRENGTHENING:
        return ""
    if COUNTS.get(word) == manner.n_packages:
        return "#"
    if word == "/":
        return "or"
    if word in ONE_FOR_ANOTHER:
        return ONE_FOR_ANOTHER[word]
    for ending, full in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            stem = word[: -len(ending)]
            return f"{ONE_FOR_ANOTHER.get(stem, stem)} {full}"
    singular = word.removesuffix("s")
    if (word in manner.names or singular in manner.names) and word not in NEVER_A_NAME:
        return "@"
    return word


__all__ = ["Clause", "Manner", "Stated", "begins_clause", "clauses_at"]
