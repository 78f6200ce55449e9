"""Clauses written as patterns of words, and whether words follow one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_PIECE = re.compile(r"\s*(<[a-z_]+>|[()|?]|[^\s()|?<>]+)")


@dataclass(frozen=True, eq=False)
class Word:
    """A word as it stands."""

    text: str


@dataclass(frozen=True, eq=False)
class Kind:
    """Any of a named kind."""

    name: str


@dataclass(frozen=True, eq=False)
class Row:
    """One after the other; those that are optional may be left out."""

    parts: tuple[tuple[Pattern, bool], ...]


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several."""

    ways: tuple[Pattern, ...]


Pattern = Word | Kind | Row | Choice


def pattern(text: str) -> Pattern:
    """Read a pattern: words, <kinds>, ( | ) for a choice and ? for what may be left out."""
    pieces = _PIECE.findall(text)
    node, end = _choice(pieces, 0)
    if end != len(pieces):
        raise ValueError(f"pattern: expected balanced parentheses, got {text!r}")
    return node


def _choice(pieces: Sequence[str], at: int) -> tuple[Pattern, int]:
    ways: list[Pattern] = []
    parts: list[tuple[Pattern, bool]] = []
    while at < len(pieces) and pieces[at] != ")":
        piece = pieces[at]
        at += 1
        if piece == "|":
            ways.append(Row(tuple(parts)))
            parts = []
            continue
        node: Pattern
        if piece == "(":
            node, at = _choice(pieces, at)
            at += 1
        else:
            node = Kind(piece[1:-1]) if piece.startswith("<") else Word(piece)
        is_optional = pieces[at : at + 1] == ["?"]
        at += is_optional
        parts.append((node, is_optional))
    ways.append(Row(tuple(parts)))
    return (ways[0] if len(ways) == 1 else Choice(tuple(ways))), at


@dataclass(frozen=True, eq=False)
class Grammar:
    """Clauses by what they do, and the kinds of words they are made of.

    Attributes
    ----------
    kinds : patterns by name, each without itself in it
    clauses : patterns of whole clauses by what they do
    """

    kinds: Mapping[str, Pattern]
    clauses: Mapping[str, Sequence[Pattern]]

    @cached_property
    def _by_first(self) -> dict[str, dict[str, list[Pattern]]]:
        """The clauses of each act by the words they may begin with."""
        found: dict[str, dict[str, list[Pattern]]] = {}
        for act, lines in self.clauses.items():
            by_word = found.setdefault(act, {})
            for line in lines:
                for word in set(self._firsts(line)):
                    by_word.setdefault(word, []).append(line)
        return found

    def _firsts(self, node: Pattern) -> Iterator[str]:
        if isinstance(node, Word):
            yield node.text
        elif isinstance(node, Kind):
            yield from self._firsts(self.kinds[node.name])
        elif isinstance(node, Choice):
            for way in node.ways:
                yield from self._firsts(way)
        else:
            for part, is_optional in node.parts:
                yield from self._firsts(part)
                if not (is_optional or self._is_empty(part)):
                    return

    def _is_empty(self, node: Pattern) -> bool:
        """Whether a pattern may be no words at all."""
        if isinstance(node, Kind):
            return self._is_empty(self.kinds[node.name])
        if isinstance(node, Choice):
            return any(self._is_empty(way) for way in node.ways)
        if isinstance(node, Row):
            return all(skips or self._is_empty(part) for part, skips in node.parts)
        return False

    def reader(self, words: Sequence[str]) -> Reader:
        """Return what reads one row of words; each pattern is tried once at each word."""
        return Reader(self, words)


@dataclass(eq=False)
class Reader:
    """Where patterns that begin at a word of one row may end, remembered."""

    grammar: Grammar
    words: Sequence[str]
    seen: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)

    def ends(self, act: str, at: int) -> frozenset[int]:
        """Return where clauses of an act that begin at a word end; they have one word or more."""
        lines = self.grammar._by_first[act].get(self.words[at], ())
        return frozenset().union(*(self._ends(line, at) for line in lines)) - {at}

    def _ends(self, node: Pattern, at: int) -> frozenset[int]:
        if isinstance(node, Word):
            fits = at < len(self.words) and self.words[at] == node.text
            return frozenset((at + 1,)) if fits else frozenset()
        key = (id(node), at)
        known = self.seen.get(key)
        if known is not None:
            return known
        if isinstance(node, Kind):
            found = self._ends(self.grammar.kinds[node.name], at)
        elif isinstance(node, Choice):
            found = frozenset().union(*(self._ends(way, at) for way in node.ways))
        else:
            found = frozenset((at,))
            for part, skips in node.parts:
                after = frozenset().union(*(self._ends(part, end) for end in found))
                found = after | found if skips else after
                if not found:
                    break
        self.seen[key] = found
        return found
