"""Whether a drafted sentence says what the advice says, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable

from bargain.anchor.advice import Advice, PublicAdvice, PublicDecision
from bargain.anchor.message_check import PLAIN_WORDS, Code, MessageCheck, MessageFinding
from bargain.anchor.message_parts import Parts, parts_of
from bargain.anchor.message_sayings import sayings
from bargain.anchor.private_numbers import private_numbers
from bargain.anchor.spoken_clauses import Manner
from bargain.anchor.spoken_decision import is_said, unread
from bargain.anchor.spoken_numbers import NUMBER_WORDS
from bargain.anchor.spoken_tables import without_tables
from bargain.anchor.spoken_terms import Spoken, characters, known_words, openings, spoken
from bargain.anchor.tokens import Token, strange_characters, tokens_of
from bargain.anchor.wording import (
    ACCEPTING,
    BOUNDARIES,
    BOUNDS,
    CONDITIONS,
    ENDING_ALLOWED,
    HARMLESS,
    LEAVING,
    NEGATIONS,
    PRIVATE,
    UNITS,
    WAITING,
)
from bargain.errors import InvalidArgumentError

LONGEST_MESSAGE = 10_000
"""Most bytes of a message in UTF-8."""

MOST_TOKENS = 3_000
"""Most numbers, words and signs of a message: more than prose of the longest size has."""

PROSE_SIGNS = frozenset(".,;:!?'\"()-–—*‘’“”…•")
"""Signs that change no number and no term where they stand by themselves."""


def verify_message(text: str, advice: Advice, *, words: Iterable[str] = ()) -> MessageCheck:
    """Return whether a drafted message says what an advice says, and nothing else.

    It fails closed: a message passes only if every number, unit and term in it is one of the
    advice, every package is stated in full, every clause of its own is one of which it is known
    what it does (see `anchor.clauses`: greetings, thanks, announcements, decisions, in English),
    which has to go with the decision, and beside terms is only what joins them or brings
    them on. So a true sentence in other words may fail, and is to be drafted again.

    - A counter states every package in full, each issue with its value and its unit, once, and
      puts "or", a label (A, B, C; 1, 2, 3) or nothing but the next first issue between packages.
    - An acceptance says so ("agreed", "accept", "deal"), without "would" or a question, and repeats
      all of the package or none.
    - Holding says that an answer is awaited or is to come ("you will hear from us"), walking away
      that the talks end; neither has terms.
      While a person is asked the message holds.
    - What the other side offered may be thanked for and thought over ("thank you for your offer"),
      no more, unless it is accepted.
    - The sentences of the advice's facts and questions may be said as they are, and where there is
      something to say: "Please answer by ...", "This replaces our earlier offers."
    - A table in markdown is told cell by cell, where issues stand over its columns or in its first.
    - Numbers may be written 1250, 1,250, 1,250.00, 1 250, 1.25e3 or in words; with a decimal
      comma where other numbers of the text show that it is one. What says two numbers says none.
      Real numbers may be rounded to six significant digits.
    - Names and values may differ in case, in the s of a plural, and in hyphens or underscores;
      units also as € or EUR, $ or USD, % or percent, / or per.
    - Negations, conditions ("if", "but"), bounds ("up to", "about"), ranges, and dates written
      otherwise than the value is, fail; so do characters that hide: zero-width, control and
      direction characters, and letters that the terms are not written with.

    Parameters
    ----------
    text : str
        What is to be sent, up to 10,000 bytes in UTF-8 and 3,000 words and signs.
    advice : Advice
    words : iterable of str, optional
        Further harmless words, such as names. Words with digits, number words, and words that
        negate, bound or set conditions stay what they are.

    Returns
    -------
    MessageCheck
        Its `public` is for whoever drafts the message.

    Raises
    ------
    InvalidArgumentError
        If an argument is of the wrong type, or a word is not one.

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> anchor = bg.Anchor(
    ...     rental, party="tenant", policy=bg.TimeDependent(), deadline=11, packages=1
    ... )
    >>> advice = anchor.advise([bg.Offer("landlord", (3900, 2500, "May 1", "2 years"), round=4)])
    >>> draft = "We could offer a rent of $3,900 per month, a deposit of 2500 USD, {}."
    >>> bg.verify_message(draft.format("starting May 15, for 1 month"), advice).ok
    False
    >>> bg.verify_message(draft.format("start May 15, length 1 month"), advice).ok
    True
    >>> wrong = draft.replace("2500", "2000").format("start May 15, length 1 month")
    >>> print(bg.verify_message(wrong, advice))
    not to be sent:
      56: wrong_value: expected 2500 USD, got '2000'
    """
    if not isinstance(text, str):
        raise InvalidArgumentError.at("text", "a message", text)
    if not isinstance(advice, Advice):
        raise InvalidArgumentError.at("advice", "an Advice", advice)
    if isinstance(words, str) or not isinstance(words, Iterable):
        raise InvalidArgumentError.at("words", "words made of letters", words)
    words = tuple(words)
    if not all(isinstance(word, str) and word.isalpha() for word in words):
        raise InvalidArgumentError.at("words", "words made of letters", words)
    public = advice.public
    size = len(text.encode("utf-8", errors="surrogatepass"))
    if size > LONGEST_MESSAGE:
        long = MessageFinding(
            "too_long", LONGEST_MESSAGE, len(text), f"{LONGEST_MESSAGE} bytes", f"{size} bytes"
        )
        return MessageCheck(False, public.decision, (long,))
    issues = spoken(public.packages)
    parties = [advice.private.party, *advice.private.other_values]
    names = {word.casefold() for party in parties for word in party.split() if word.isalpha()}
    allowed = names | {word.casefold() for word in words}
    known = known_words(issues)
    read = tokens_of(text, known)
    if len(read) > MOST_TOKENS:
        at, many = read[MOST_TOKENS].start, f"{MOST_TOKENS} words and signs"
        long = MessageFinding("too_long", at, len(text), many, f"{len(read)}")
        return MessageCheck(False, public.decision, (long,))
    tokens = without_tables(read, issues)
    told = [tokens_of(saying, known) for saying in sayings(public)]
    manner = Manner(public.decision, len(public.packages), allowed, openings(issues))
    parts = parts_of(tokens, issues, manner, told)
    prose = _prose(parts, tokens, issues, advice, allowed)
    findings = [
        *_characters(text, characters(issues)),
        *_problems(parts, tokens),
        *_packages(parts, issues, public, len(text)),
        *prose,
        *_decision(tokens, parts, manner, {finding.start for finding in prose}, len(text)),
    ]
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: (finding.start, finding.end))
    return MessageCheck(not ordered, public.decision, tuple(ordered))


def _characters(text: str, known: Collection[str]) -> list[MessageFinding]:
    return [
        MessageFinding(
            "strange_character",
            at,
            at + 1,
            "plain characters",
            f"U+{ord(text[at]):04X} {unicodedata.name(text[at], 'without a name')}",
        )
        for at in strange_characters(text, known)
    ]


def _problems(parts: Parts, tokens: list[Token]) -> list[MessageFinding]:
    """Report what the parser found out of place."""
    findings = []
    for code, start, end, expected in parts.problems:
        # the tokens of a table are not in the order of the text
        among = tokens[start:end]
        place = (min(token.start for token in among), max(token.end for token in among))
        came = " ".join(token.text for token in tokens[start:end])
        findings.append(MessageFinding(code, *place, expected, came))  # type: ignore[arg-type]
    return findings


def _packages(
    parts: Parts, issues: tuple[Spoken, ...], public: PublicAdvice, length: int
) -> list[MessageFinding]:
    """Compare the groups of terms with the packages of the advice."""
    if public.decision in ("hold", "walk"):
        return []  # without packages there are no terms to be found
    wanted = set(range(len(public.packages)))
    if public.decision == "accept" and not parts.groups:
        return []
    findings: list[MessageFinding] = []
    names = [issue.issue for issue in issues]
    for group in parts.groups:
        fitting = frozenset.intersection(*(said.packages for said in group))
        missing = [name for name in names if name not in {said.issue for said in group}]
        end = group[-1].end
        if missing:
            findings.append(
                MessageFinding("missing_term", end, end, f"all of {', '.join(missing)}", "nothing")
            )
        if not fitting and all(said.packages for said in group):
            findings.append(
                MessageFinding(
                    "unclear_package", group[0].start, end, "terms of one package", "a mixture"
                )
            )
        if fitting and not missing:
            if not fitting & wanted:
                findings.append(
                    MessageFinding(
                        "repeated_package", group[0].start, end, "each package once", "again"
                    )
                )
            wanted -= {min(fitting & wanted)} if fitting & wanted else set()
    if wanted and not findings and not parts.problems:
        count = f"{len(public.packages)} packages"
        came = f"{len(parts.groups)}"
        findings.append(MessageFinding("missing_term", length, length, count, came))
    return findings


def _prose(
    parts: Parts,
    tokens: list[Token],
    issues: tuple[Spoken, ...],
    advice: Advice,
    allowed: Collection[str],
) -> list[MessageFinding]:
    """Report every token that is neither part of a term nor harmless."""
    private = private_numbers(advice.private)
    units = UNITS | {stem for issue in issues for stem in issue.unit if stem.isalpha()}
    findings = []
    # where a wrong value is reported, only that it is a private number is worth a second word
    wrong = {(start, end) for code, start, end, _ in parts.problems if code == "wrong_value"}
    for number in parts.numbers:
        start, end = tokens[number.start].start, tokens[number.end - 1].end
        came = " ".join(token.text for token in tokens[number.start : number.end])
        code: Code = "number_not_in_package"
        if any(private.knows(reading) for reading in number.readings):
            code = "private_number"
        elif not number.readings:
            code = "unreadable_number"
        if code != "private_number" and (number.start, number.end) in wrong:
            continue
        expected = "no number but those of the package"
        findings.append(MessageFinding(code, start, end, expected, came))
    for at in parts.prose:
        token = tokens[at]
        trouble = _trouble(token, units, advice.public.decision, allowed)
        if trouble is not None:
            findings.append(
                MessageFinding(trouble[0], token.start, token.end, trouble[1], token.text)
            )
    return findings


def _trouble(
    token: Token, units: Collection[str], decision: PublicDecision, allowed: Collection[str]
) -> tuple[Code, str] | None:
    """Say what is wrong with a word or a sign, if anything."""
    word = token.word
    if token.kind == "sign":
        if token.text in PROSE_SIGNS:
            return None
        return "unreadable_sign", "plain punctuation"
    if decision == "walk" and (word in ENDING_ALLOWED or word in NEGATIONS or word in LEAVING):
        return None
    if decision == "accept" and word in ACCEPTING:
        return None
    if decision == "hold" and word in WAITING:
        return None
    if word in ACCEPTING or word in LEAVING:
        return "wrong_decision", f"a message that says: {decision}"
    if word in NEGATIONS:
        return "negation", "no negation beside terms"
    if word in CONDITIONS:
        return "condition", "no condition beside terms"
    if word in PRIVATE or token.stem in PRIVATE:
        return "private_word", "words that name nothing private"
    if word in units or token.stem in units:
        return "stray_unit", "units behind numbers of the package only"
    if word in BOUNDS:
        return "bound", "no bounds or guesses beside terms"
    if word in NUMBER_WORDS:
        return "number_not_in_package", "no number but those of the package"
    if word in HARMLESS or word in BOUNDARIES or word in allowed or word in WAITING - {"turn"}:
        return None
    return "unknown_word", PLAIN_WORDS


def _decision(
    tokens: list[Token], parts: Parts, manner: Manner, faulty: Collection[int], length: int
) -> list[MessageFinding]:
    """Report what is not known to say anything harmless, and that the decision is not said.

    Of a clause with a word that is reported already (`faulty`, places in the text), that it is
    not known is not worth a second word.
    """
    findings: list[MessageFinding] = []
    places = parts.terms | parts.labels
    for clause in unread(tokens, parts.prose, places, manner.n_packages > 1):
        if any(tokens[at].start in faulty for at in clause):
            continue
        start, end = tokens[clause[0]].start, tokens[clause[-1]].end
        expected = "a courtesy or a decision in plain words"
        came = " ".join(tokens[at].text for at in clause)
        findings.append(MessageFinding("unknown_clause", start, end, expected, came))
    if not is_said(tokens, parts.prose, parts.clauses, manner.decision):
        sentence = f"a sentence that says: {manner.decision}"
        findings.append(
            MessageFinding("decision_unclear", length, length, sentence, "nothing of the kind")
        )
    return findings


__all__ = ["LONGEST_MESSAGE", "MessageCheck", "MessageFinding", "verify_message"]
