"""How the terms of packages are put into words: names, values, units."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from bargain.anchor.advice import Package, Term
from bargain.anchor.spoken_numbers import NUMBER_WORDS, Style, reading, says, worded
from bargain.anchor.tokens import Token, tokens_of
from bargain.anchor.wording import HARMLESS, NEGATIONS

CURRENCIES = {
    "€": "eur", "eur": "eur", "euro": "eur", "£": "gbp", "gbp": "gbp", "pound": "gbp",
    "$": "usd", "usd": "usd", "dollar": "usd",
}  # fmt: skip
"""How currencies are written, in singular and lower case."""

HYPHENS = frozenset("-–−")
SAME_UNIT = {"percent": "%", "pct": "%", "per": "/", **CURRENCIES}


@dataclass(frozen=True)
class Amount:
    """A number in a message, with the currency before it if there is one."""

    number: Decimal | None
    start: int
    end: int
    currency: str | None


@dataclass(frozen=True)
class Said:
    """One term that a message states: the issue, the packages that have it, and where it stands."""

    issue: str
    packages: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True)
class Spoken:
    """One issue as the packages have it, in stems of words.

    Attributes
    ----------
    issue : its name
    name : the stems of its name
    unit : the stems of its unit
    terms : its term in each package
    exact : whether values differ in nothing but case or a plural, so that these count
    """

    issue: str
    name: tuple[str, ...]
    unit: tuple[str, ...]
    terms: tuple[Term, ...]
    exact: bool

    @property
    def expected(self) -> str:
        """Say the values of the issue."""
        return " or ".join(dict.fromkeys(_shown(term) for term in self.terms))

    @cached_property
    def is_number(self) -> bool:
        """Whether the issue is settled by a number."""
        return any(_is_number(term.value) for term in self.terms)

    @cached_property
    def can_stand_alone(self) -> bool:
        """Whether a value can be told from prose without the name of the issue beside it."""
        if self.is_number:
            return bool(self.unit)
        return all(_stands_out(term) for term in self.terms)


def spoken(packages: Sequence[Package]) -> tuple[Spoken, ...]:
    """Return how each issue of some packages is spoken of."""
    issues = []
    for terms in zip(*(package.terms for package in packages), strict=True):
        texts = {str(term.value) for term in terms}
        issues.append(
            Spoken(
                terms[0].issue,
                tuple(_words(terms[0].issue)),
                unit_stems(terms[0].unit or ""),
                terms,
                len({tuple(_words(text)) for text in texts}) < len(texts),
            )
        )
    return tuple(issues)


def known_words(issues: Sequence[Spoken]) -> frozenset[str]:
    """Return words with digits in them that are names or values, such as "1y"."""
    texts = (text for issue in issues for text in (issue.issue, *map(_text, issue.terms)))
    return frozenset().union(*map(_whole_words, texts))


def characters(issues: Sequence[Spoken]) -> frozenset[str]:
    """Return the characters that the terms are written with."""
    return frozenset(
        "".join(i.issue + (term.unit or "") + _text(term) for i in issues for term in i.terms)
    )


def unit_stems(unit: str) -> tuple[str, ...]:
    """Return a unit as stems, one spelling for each: "€ per units" as ("eur", "/", "unit")."""
    return tuple(_unit_stem(token) for token in tokens_of(unit.replace("_", " ")))


def name_end(tokens: Sequence[Token], at: int, name: Sequence[str]) -> int | None:
    """Return where a name that starts at a token ends, or None where it does not stand there.

    Between its words there may be hyphens and underscores.
    """
    for i, word in enumerate(name):
        if i and at < len(tokens) and tokens[at].text in ("-", "_", "/") and tokens[at].glued:
            at += 1
        if at >= len(tokens) or tokens[at].kind == "sign" or tokens[at].stem != word:
            return None
        at += 1
    return at if name else None


def amount(tokens: Sequence[Token], at: int, style: Style) -> Amount | None:
    """Read the amount that starts at a token: sign, currency, number, groups of digits."""
    start, negative, currency = at, False, None
    if _glued_sign(tokens, at):
        return None
    if tokens[at].text in HYPHENS:
        if at + 1 >= len(tokens) or not tokens[at + 1].glued:
            return None
        negative, at = True, at + 1
    if at < len(tokens) and tokens[at].kind != "number":
        prefix, after = tokens[at].stem, at + 1
        if prefix == "us" and after < len(tokens) and tokens[after].text == "$":
            prefix, after = "$", after + 1
        if prefix in CURRENCIES:
            # the dollar of "A$" is another one
            if tokens[at].glued and at > 0 and tokens[at - 1].kind == "word":
                return None
            currency, at = CURRENCIES[prefix], after
    if at >= len(tokens):
        return None
    if tokens[at].kind == "number":
        number = reading(tokens[at].text, style)
        end = at + 1
        digits = tokens[at].text
        while digits.isdigit() and len(tokens[at].text) <= 3 and _continues(tokens, end):
            digits, end = digits + tokens[end].text, end + 1
        if end > at + 1:
            number = reading(digits, style)
    else:
        words = worded(tokens, at)
        if words is None:
            return None
        number, end = words
    if number is not None and negative:
        number = -number
    return Amount(number, start, end, currency)


def value_end(
    tokens: Sequence[Token], at: int, spoken_issue: Spoken, term: Term, said: Amount | None
) -> int | None:
    """Return where a value with its unit that starts at a token ends; None if it is not there.

    `said` is the amount that starts there, if one does.
    """
    value = term.value
    if not _is_number(value):
        end = _text_end(tokens, at, str(value), spoken_issue.exact)
        if end is None and isinstance(value, bool) and at < len(tokens):
            end = at + 1 if tokens[at].word == ("yes" if value else "no") else None
        if end is not None and spoken_issue.unit:
            end = unit_end(tokens, end, spoken_issue.unit) or end
        return end
    if said is None or said.number is None or not says(said.number, value):  # type: ignore[arg-type]
        return None
    unit = spoken_issue.unit
    if said.currency is not None:
        if unit[:1] != (said.currency,):
            return None
        unit = unit[1:]
    return unit_end(tokens, said.end, unit)


def unit_end(tokens: Sequence[Token], at: int, unit: Sequence[str]) -> int | None:
    """Return where a unit that starts at a token ends, or None if it is not there."""
    if unit and at < len(tokens) and tokens[at].text == "-" and tokens[at].glued:
        at += 1
    for part in unit:
        if at < len(tokens) and tokens[at].word == "per" and _next(tokens, at) == "cent":
            at += 1
            if part != "%":
                return None
        elif at >= len(tokens) or not _is_part(tokens[at], part):
            return None
        at += 1
    return at


def _is_part(token: Token, part: str) -> bool:
    """Whether a token is a part of a unit; "a month" is "/month"."""
    return _unit_stem(token) == part or (part == "/" and token.text in ("a", "an"))


def openings(issues: Sequence[Spoken]) -> frozenset[str]:
    """Return what a value may begin with, beside numbers: stems of words, and signs."""
    firsts = {"us", *HYPHENS, *CURRENCIES, *NUMBER_WORDS}
    for term in (term for issue in issues for term in issue.terms):
        wanted = _wanted(_text(term))
        firsts |= {wanted[0].stem, wanted[0].text} if wanted else set()
        firsts |= {"yes", "no"} if isinstance(term.value, bool) else set()
    return frozenset(firsts)


def may_open(token: Token, firsts: Collection[str]) -> bool:
    """Whether a value may begin with a token; to be asked before the values are compared."""
    return token.kind == "number" or token.stem in firsts or token.word in firsts


def values_at(
    tokens: Sequence[Token], at: int, spoken_issue: Spoken, style: Style
) -> tuple[frozenset[int], int] | None:
    """Return the packages whose value stands at a token, and where it ends: the longest."""
    if at >= len(tokens):
        return None
    said = amount(tokens, at, style) if spoken_issue.is_number else None
    ends = {
        i: end
        for i, term in enumerate(spoken_issue.terms)
        if (end := value_end(tokens, at, spoken_issue, term, said)) is not None
    }
    if not ends:
        return None
    longest = max(ends.values())
    return frozenset(i for i, end in ends.items() if end == longest), longest


def names_at(
    tokens: Sequence[Token], at: int, issues: Sequence[Spoken]
) -> tuple[list[Spoken], int] | None:
    """Return the issues whose name stands at a token, the longest name only, and its end."""
    first = tokens[at].stem if at < len(tokens) else ""
    ends = [
        (end, issue)
        for issue in issues
        if issue.name[:1] == (first,) and (end := name_end(tokens, at, issue.name)) is not None
    ]
    if not ends:
        return None
    longest = max(end for end, _ in ends)
    return [issue for end, issue in ends if end == longest], longest


def _continues(tokens: Sequence[Token], at: int) -> bool:
    """Whether a token is a further group of three digits: the 500 of 12 500."""
    if at >= len(tokens) or tokens[at].kind != "number":
        return False
    return len(tokens[at].text) == 3 and tokens[at].text.isdigit() and not tokens[at].opens_line


def _glued_sign(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign that changes the number stands right before a token."""
    before = tokens[at - 1].text if at else ""
    return bool(at) and tokens[at].glued and (before in HYPHENS or before in "+±<>~^*/\\.,'")


def _text_end(tokens: Sequence[Token], at: int, value: str, exact: bool) -> int | None:
    """Return where a value that is a text ends; hyphens between words may be left out.

    Its numbers may be spelled: "six months" for "6 months".
    """
    wanted = _wanted(value)
    for i, token in enumerate(wanted):
        skips = i and token.text != "-" and at < len(tokens) and tokens[at].glued
        if skips and tokens[at].text in ("-", "_"):
            at += 1
        counted = worded(tokens, at) if token.kind == "number" and not exact else None
        if counted is not None:
            if str(counted[0]) != token.text or (not i and _glued_sign(tokens, at)):
                return None
            at = counted[1]
            continue
        if at >= len(tokens) or not _same(tokens[at], token, exact):
            return None
        if token.kind == "number" and _glued_sign(tokens, at) and not i:
            return None
        at += 1
    return at if wanted else None


@lru_cache(maxsize=1024)
def _wanted(value: str) -> tuple[Token, ...]:
    """Return the tokens that a value which is a text is told by."""
    every = tokens_of(value.replace("_", " "), _whole_words(value))
    return tuple(token for k, token in enumerate(every) if not _joins(every, k))


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a token is a hyphen before a word, where a space would say the same."""
    if tokens[at].text != "-" or not 0 < at < len(tokens) - 1:
        return False
    return tokens[at + 1].kind == "word" and tokens[at].glued and tokens[at + 1].glued


def _same(said: Token, token: Token, exact: bool) -> bool:
    if exact or token.kind != "word":
        return said.text == token.text
    return said.kind == "word" and said.stem == token.stem


def _unit_stem(token: Token) -> str:
    return SAME_UNIT.get(token.stem, token.stem)


def _next(tokens: Sequence[Token], at: int) -> str:
    return tokens[at + 1].word if at + 1 < len(tokens) else ""


def _words(text: str) -> list[str]:
    whole = _whole_words(text)
    return [t.stem for t in tokens_of(text.replace("_", " "), whole) if t.kind != "sign"]


def _whole_words(text: str) -> set[str]:
    return {word.casefold() for word in text.replace("_", " ").split() if word.isalnum()}


def _stands_out(term: Term) -> bool:
    """Whether a value that is a text could not be a part of a sentence about something else."""
    words = _words(str(term.value))
    digits = [word for word in words if word.isdigit()]
    ordinary = HARMLESS | NEGATIONS | NUMBER_WORDS
    unusual = any(word not in ordinary and word not in digits for word in words)
    return not isinstance(term.value, bool) and (unusual or 0 < len(digits) < len(words))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(term: Term) -> str:
    return "" if _is_number(term.value) else str(term.value)


def _shown(term: Term) -> str:
    return str(Term(term.issue, term.value, term.unit)).removeprefix(f"{term.issue} ")
