"""A message cut into numbers, words and signs, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

NUMBER = re.compile(r"[0-9]+(?:[.,'’][0-9]+)*(?:[eE][+-]?[0-9]+(?![^\W_]))?|(?<![^\W_])\.[0-9]+")
RUN = re.compile(r"[^\W_]+")
WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")

EXTRA_CHARACTERS = frozenset("€£–—−‘’“”…•\u00a0\u2009\u202f")
"""Characters beyond ASCII that messages are commonly written with: signs, dashes, spaces."""

SPACES = frozenset(" \t\n\r\u00a0\u2009\u202f")


@dataclass(frozen=True)
class Token:
    """A number, a word or a sign.

    Attributes
    ----------
    kind : what it is
    text : as it is written
    start, end : its place in the text
    glued : whether it follows the token before without a space
    opens_line : whether it is the first of its line
    """

    kind: Literal["number", "word", "sign"]
    text: str
    start: int
    end: int
    glued: bool
    opens_line: bool

    @cached_property
    def word(self) -> str:
        """The token in lower case, apostrophes made plain."""
        return self.text.casefold().replace("’", "'")

    @cached_property
    def stem(self) -> str:
        """The word without the s of a plural."""
        return stem(self.word)


def stem(word: str) -> str:
    """Return a word in lower case without the s of a plural."""
    word = word.casefold()
    plural = len(word) > 3 and word.isalpha() and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


def tokens_of(text: str, known: Collection[str] = ()) -> list[Token]:
    """Cut a text into tokens.

    Digits with letters behind them are a number and a word ("90days"), unless they are one of the
    `known` words ("1y").
    """
    found: list[Token] = []
    at, end_before, opens = 0, -1, True
    while at < len(text):
        if text[at] in SPACES:
            opens = opens or text[at] == "\n"
            at += 1
            continue
        kind: Literal["number", "word", "sign"] = "sign"
        end = at + 1
        if number := NUMBER.match(text, at):
            kind, end = "number", number.end()
            run = RUN.match(text, at)
            if run and run.end() > end and run.group().casefold() in known:
                kind, end = "word", run.end()
        elif word := WORD.match(text, at):
            kind, end = "word", word.end()
        found.append(Token(kind, text[at:end], at, end, at == end_before, opens))
        at = end_before = end
        opens = False
    return found


def strange_characters(text: str, allowed: Collection[str]) -> list[int]:
    """Return where characters stand that no message needs.

    Beyond printable ASCII and `EXTRA_CHARACTERS`, only letters and signs that the terms
    themselves are written with are allowed; control, zero-width and direction characters never,
    nor a carriage return that does not end a line: it overwrites the line before it.
    """
    return [
        at
        for at, character in enumerate(text)
        if _is_strange(character, allowed) or (character == "\r" and text[at + 1 : at + 2] != "\n")
    ]


def _is_strange(character: str, allowed: Collection[str]) -> bool:
    if " " <= character <= "~" or character in SPACES or character in EXTRA_CHARACTERS:
        return False
    return character not in allowed or unicodedata.category(character)[0] in "CZ"
