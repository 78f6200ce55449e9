"""A message taken apart: terms in groups, numbers that belong to none, and prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bargain.anchor.spoken_clauses import Clause, Manner, Stated, begins_clause, clauses_at
from bargain.anchor.spoken_numbers import Style, all_readings, says, style_of
from bargain.anchor.spoken_terms import (
    Said,
    Spoken,
    amount,
    may_open,
    names_at,
    unit_end,
    values_at,
)
from bargain.anchor.tokens import Token
from bargain.anchor.wording import (
    BELONGS,
    BENDING,
    BOUNDARIES,
    COUNTED,
    IS,
    JOINING,
    UNITS,
)

LABELS = {"a": 1, "b": 2, "c": 3, "1": 1, "2": 2, "3": 3, "one": 1, "two": 2, "three": 3}
ORDINALS = {"first": 1, "second": 2, "third": 3}
HAVING = frozenset({"is", "has"})
"""What may stand between the label of a package and its terms."""

BETWEEN = frozenset(":=()\"'“”‘’*–—-")
"""Signs that may stand between a name and a value."""

OPENING = frozenset("\"'“‘")
CLOSING = frozenset("\"'”’")
"""Quotation marks: behind a number without one before it, they are feet, inches or minutes."""

MOST_BETWEEN = 5
MOST_UNKNOWN = 100
"""Clauses that may be unknown before no more are looked up: their words are still read one by one,
and a message with so many does not pass."""


@dataclass(frozen=True)
class Number:
    """A number that belongs to no term: where it stands, by tokens, and what it may say."""

    start: int
    end: int
    readings: frozenset[Decimal]


@dataclass
class Parts:
    """What a message is made of.

    Attributes
    ----------
    groups : terms stated, a list for each package, by places in the text
    problems : (code, first token, end token, what was expected)
    numbers : numbers that belong to no term
    terms : positions of the tokens at which terms begin and end
    labels : positions of the tokens at which labels of packages begin
    clauses : clauses of which it is known what they do
    prose : positions of the tokens that are left
    """

    groups: list[list[Said]] = field(default_factory=list)
    problems: list[tuple[str, int, int, str]] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    terms: set[int] = field(default_factory=set)
    labels: set[int] = field(default_factory=set)
    clauses: list[Clause] = field(default_factory=list)
    prose: list[int] = field(default_factory=list)


def parts_of(
    tokens: Sequence[Token],
    issues: Sequence[Spoken],
    manner: Manner,
    sayings: Sequence[Sequence[Token]] = (),
) -> Parts:
    """Take a message apart, from the first token to the last, leaving out what may be said."""
    return _Reader(tokens, issues, manner, sayings).read()


class _Reader:
    """Reads one message once, left to right."""

    def __init__(
        self,
        tokens: Sequence[Token],
        issues: Sequence[Spoken],
        manner: Manner,
        sayings: Sequence[Sequence[Token]],
    ) -> None:
        self.tokens, self.issues, self.manner = tokens, issues, manner
        self.n_packages = manner.n_packages
        self.sayings: dict[str, list[list[str]]] = {}
        for saying in sayings:
            said = [token.text for token in saying]
            self.sayings.setdefault(said[0], []).append(said)
        self.style: Style = style_of(token.text for token in tokens if token.kind == "number")
        self.parts = Parts()
        self.starts_group = True
        self.labels = 0
        self.open_label: tuple[int, int] | None = None
        self.open_or: int | None = None
        self.terms_end: int | None = None
        self.items = self.unknown = 0
        self.rules = (
            self._saying, self._item, self._label, self._ordinal, self._clause, self._named,
            self._value_first, self._number,
        )  # fmt: skip

    def read(self) -> Parts:
        at = 0
        while at < len(self.tokens):
            for rule in self.rules:
                end = rule(at)
                if end is not None:
                    at = end
                    break
            else:
                if self.tokens[at].word in BOUNDARIES:
                    self.starts_group = True
                if self.tokens[at].word == "or" and self.parts.groups:
                    self.open_or = at
                self.parts.prose.append(at)
                at += 1
        self._close_label()
        if self.open_or is not None:
            behind = ("unclear_package", self.open_or, self.open_or + 1, "a package behind it")
            self.parts.problems.append(behind)
        return self.parts

    def _close_label(self) -> None:
        """Report a label that no package follows: a number is a number then."""
        if self.open_label is not None:
            expected = "a package behind its label"
            self.parts.problems.append(("unclear_package", *self.open_label, expected))
            if self.tokens[self.open_label[0]].text not in ("A", "B", "C"):
                self._note(*self.open_label)

    def _state(self, issue: Spoken, packages: frozenset[int], start: int, end: int) -> None:
        """Add a term to the present group, or to a new one if the group has it already."""
        said = Said(issue.issue, packages, self.tokens[start].start, self.tokens[end - 1].end)
        groups = self.parts.groups
        again = bool(groups) and said.issue in {earlier.issue for earlier in groups[-1]}
        if again and not self.starts_group and self.terms_end is not None:
            for at in range(self.terms_end, start):
                if self.tokens[at].word in JOINING - {"or"}:
                    expected = '"or" between packages'
                    self.parts.problems.append(("unclear_package", at, at + 1, expected))
        if self.starts_group or again:
            groups.append([])
            self.starts_group = False
        self.open_label = self.open_or = None
        self.terms_end = end
        self.parts.terms |= {start, end - 1}
        groups[-1].append(said)
        if packages and end < len(self.tokens) and self._bends(start, end):
            expected = "nothing behind a value that makes it another"
            self.parts.problems.append(("bound", end, end + 1, expected))

    def _bends(self, start: int, end: int) -> bool:
        """Whether what stands behind a term makes it another: "30 days of work", 5' or 5"."""
        behind = self.tokens[end]
        if behind.glued and behind.text in CLOSING:
            return not any(token.text in OPENING for token in self.tokens[max(start - 1, 0) : end])
        return behind.word in BENDING

    def _saying(self, at: int) -> int | None:
        """Pass over a whole sentence that the advice says may be told."""
        if at and not (self.tokens[at].opens_line or self.tokens[at - 1].text in ".:;!?"):
            return None
        for saying in self.sayings.get(self.tokens[at].text, ()):
            end = at + len(saying)
            if [token.text for token in self.tokens[at : at + 3]] != saying[:3]:
                continue
            if [token.text for token in self.tokens[at:end]] == saying:
                return end
        return None

    def _clause(self, at: int) -> int | None:
        """Pass over clauses that do one known thing."""
        if self.unknown >= MOST_UNKNOWN or not begins_clause(self.tokens, at):
            return None
        before = self.terms_end
        behind_terms = before is not None and all(
            token.kind == "sign" for token in self.tokens[before:at]
        )
        groups = self.parts.groups
        unfinished = bool(groups) and len(groups[-1]) < len(self.issues)
        stated = Stated(len(groups), len(groups) - unfinished, behind_terms)
        found = clauses_at(self.tokens, at, self.manner, self.issues, stated)
        if found is None:
            self.unknown += 1
            return None
        self.parts.clauses += found
        if behind_terms and found[-1].act == "about":
            self.terms_end = found[-1].end
        return found[-1].end

    def _label(self, at: int) -> int | None:
        """Read "Option A:", "A:", "(1)", "2." where packages are told apart."""
        tokens, start = self.tokens, at
        after_noun = at > 0 and tokens[at - 1].word in BOUNDARIES - {"or"}
        if tokens[at].text == "(" and at + 1 < len(tokens):
            at += 1
        label = LABELS.get(tokens[at].word)
        if label is None or tokens[at].text in ("a", "b", "c"):
            return None
        closing = tokens[at + 1].text if at + 1 < len(tokens) and tokens[at + 1].glued else ""
        opens = tokens[start].opens_line or start == 0 or self._ends_sentence(start - 1)
        if not after_noun and not (opens or tokens[start].text == "("):
            return None
        if closing not in (":", ")", ".") and not after_noun:
            return None
        if closing == "." and not after_noun and not tokens[start].opens_line:
            return None
        if label != self.labels + 1 or label > max(self.n_packages, 1):
            return None
        if tokens[start].text == "(" and closing != ")":
            return None
        self._close_label()
        self.labels, self.starts_group, self.open_label = label, True, (at, at + 1)
        self.parts.labels |= {start, at}
        end = at + 1 + (closing in (":", ")", ".") and bool(closing))
        return end + (end < len(tokens) and tokens[end].word in HAVING)

    def _item(self, at: int) -> int | None:
        """Pass over the number of a line of one package: "2. payment: 30 days"."""
        tokens = self.tokens
        if self.n_packages != 1 or not tokens[at].opens_line or at + 2 >= len(tokens):
            return None
        if tokens[at].text != str(self.items + 1) or tokens[at + 1].text not in (".", ")"):
            return None
        named = next((k for k in range(at + 2, len(tokens)) if tokens[k].text != "*"), at)
        if not tokens[at + 1].glued or names_at(tokens, named, self.issues) is None:
            return None
        self.items += 1
        return at + 2

    def _ordinal(self, at: int) -> int | None:
        """Read "First:", "The second package is" where packages are told apart."""
        tokens = self.tokens
        start = at - 1 if at and tokens[at - 1].word in ("the", "our") else at
        opens = begins_clause(tokens, start) or (start and tokens[start - 1].word in ("and", "or"))
        number = ORDINALS.get(tokens[at].word)
        if number is None or not opens or self.n_packages < 2 or number != self.labels + 1:
            return None
        end = at + 1
        if end < len(tokens) and tokens[end].word in COUNTED:
            end += 1
        if end >= len(tokens) or tokens[end].word not in (":", *HAVING):
            return None
        self._close_label()
        self.labels, self.starts_group, self.open_label = number, True, (at, at + 1)
        self.parts.labels.add(at)
        return end + 1

    def _ends_sentence(self, at: int) -> bool:
        return self.tokens[at].text in ".:;,()" or self.tokens[at].word in ("or", "and")

    def _named(self, at: int) -> int | None:
        """Read the name of an issue and the value behind it."""
        found = names_at(self.tokens, at, self.issues)
        if found is None:
            return None
        candidates, after = found
        value_at = self._skip(after, IS)
        for place in (after, value_at):
            stated = self._stated(candidates, place)
            if stated is not None:
                issue, packages, end = stated
                self._state(issue, packages, at, end)
                return end
        return self._wrong(candidates[0], at, after, value_at)

    def _stated(
        self, candidates: Sequence[Spoken], place: int
    ) -> tuple[Spoken, frozenset[int], int] | None:
        if len(candidates) != 1 or place >= len(self.tokens):
            return None
        value = values_at(self.tokens, place, candidates[0], self.style)
        return None if value is None else (candidates[0], *value)

    def _skip(self, at: int, words: frozenset[str]) -> int:
        """Pass over what may stand between a name and a value."""
        for _ in range(MOST_BETWEEN):
            if at >= len(self.tokens):
                break
            token = self.tokens[at]
            if token.word not in words and token.text not in BETWEEN:
                break
            if token.text in "-–" and at + 1 < len(self.tokens) and self.tokens[at + 1].glued:
                break
            at += 1
        return at

    def _wrong(self, issue: Spoken, at: int, after: int, value_at: int) -> int:
        """Say why no value of the issue follows its name, and pass over what was read."""
        tokens, problems = self.tokens, self.parts.problems
        self._state(issue, frozenset(), at, after)
        said = amount(tokens, value_at, self.style) if value_at < len(tokens) else None
        if said is None:
            is_text = value_at < len(tokens) and tokens[value_at].kind == "word"
            if is_text and not issue.is_number:
                problems.append(("wrong_value", value_at, value_at + 1, issue.expected))
            else:
                problems.append(("issue_without_value", at, after, f"its value {issue.expected}"))
            return after
        values = [term.value for term in issue.terms if not isinstance(term.value, str)]
        if said.number is None or not any(says(said.number, value) for value in values):
            self._note(said.start, said.end)
            problems.append(("wrong_value", said.start, said.end, issue.expected))
            return unit_end(tokens, said.end, issue.unit) or said.end
        has_unit = said.currency is not None or (
            said.end < len(tokens)
            and (tokens[said.end].stem in UNITS or tokens[said.end].text in "%€$£/")
        )
        code = "wrong_unit" if has_unit else "missing_unit"
        problems.append((code, said.start, said.end, issue.expected))
        return said.end

    def _value_first(self, at: int) -> int | None:
        """Read a value and the name of its issue behind it, or a value that can be of one only."""
        if not may_open(self.tokens[at], self.manner.firsts):
            return None
        alone: list[tuple[Spoken, frozenset[int], int]] = []
        for issue in self.issues:
            value = values_at(self.tokens, at, issue, self.style)
            if value is None:
                continue
            packages, end = value
            name_at = self._skip(end, BELONGS)
            named = names_at(self.tokens, name_at, self.issues)
            if named is not None and named[0] == [issue]:
                # "24 months warranty, ..." but not "May 15 warranty 24 months"
                follows = self._stated(named[0], self._skip(named[1], IS))
                if follows is None:
                    self._state(issue, packages, at, named[1])
                    return named[1]
            elif named is not None and name_at == end:
                return None
            alone.append((issue, packages, end))
        if len(alone) != 1 or not alone[0][0].can_stand_alone or not self._is_only(alone[0][0]):
            return None
        issue, packages, end = alone[0]
        self._state(issue, packages, at, end)
        return end

    def _is_only(self, issue: Spoken) -> bool:
        """Whether no other issue is counted in the same unit."""
        if not issue.is_number:
            return True
        return sum(other.unit == issue.unit for other in self.issues) == 1

    def _number(self, at: int) -> int | None:
        """Note a number that belongs to nothing."""
        said = amount(self.tokens, at, self.style)
        if said is not None and self.tokens[at].kind != "number":
            end = said.end
        elif self.tokens[at].kind == "number":
            end = max(at + 1, said.end if said is not None else 0)
        else:
            return None
        self._note(at, end)
        return end

    def _note(self, start: int, end: int) -> None:
        readings: set[Decimal] = set()
        said = amount(self.tokens, start, self.style)
        if said is not None and said.number is not None:
            readings.add(said.number)
        for token in self.tokens[start:end]:
            if token.kind == "number":
                readings |= all_readings(token.text)
        self.parts.numbers.append(Number(start, end, frozenset(readings)))
