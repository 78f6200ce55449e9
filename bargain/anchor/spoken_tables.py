"""Tables in markdown, put into the order in which they would be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bargain.anchor.spoken_terms import Spoken, names_at
from bargain.anchor.tokens import Token

HEADINGS = frozenset(
    [
        "issue",
        "issues",
        "term",
        "terms",
        "item",
        "items",
        "point",
        "topic",
        "subject",
        "value",
        "values",
        "detail",
        "details",
        "proposal",
        "offer",
        "proposed",
        "offered",
        "package",
        "packages",
        "option",
        "options",
        "version",
        "choice",
    ]
)
"""Words that may stand over the columns of a table, and say nothing."""

Row = list[list[Token]]


def without_tables(tokens: Sequence[Token], issues: Sequence[Spoken]) -> list[Token]:
    """Return tokens with each table told cell by cell: an issue, then its value.

    A table has the issues over its columns and a package in each row, or the issues in its first
    column and a package in each further one. What is no such table stays as it is: its strokes
    are signs that no message may have. The marks of headings ("###") are left out.
    """
    lines = _lines(tokens)
    told: list[Token] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end][0].text == "|":
            end += 1
        rows = [_cells(line) for line in lines[at:end]]
        table = _told(rows, issues) if len(rows) > 2 else None
        if table is not None:
            told += table
        elif end > at:
            told += [token for line in lines[at:end] for token in line]
        else:
            told += _without_marks(lines[at])
            end = at + 1
        at = end
    return told


def _lines(tokens: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = []
    for token in tokens:
        if token.opens_line or not lines:
            lines.append([])
        lines[-1].append(token)
    return lines


def _without_marks(line: list[Token]) -> list[Token]:
    """Leave out the strokes before a heading."""
    marks = 0
    while marks < len(line) and line[marks].text == "#":
        marks += 1
    if not 0 < marks < len(line) or line[marks].glued:
        return line
    return [replace(line[marks], opens_line=True), *line[marks + 1 :]]


def _cells(line: list[Token]) -> Row:
    """Cut a line at its strokes; without the marks of bold type."""
    cells: Row = [[]]
    for token in line[1:]:
        if token.text == "|":
            cells.append([])
        elif token.text != "*":
            cells[-1].append(token)
    return cells[:-1] if not cells[-1] else []


def _told(rows: list[Row], issues: Sequence[Spoken]) -> list[Token] | None:
    """Tell a table, or return None where it is none of which the order is known."""
    head, rule, *body = rows
    width = len(head)
    if width < 2 or not body or any(len(row) != width for row in rows):
        return None
    if not all(cell and all(token.text in "-:–—" for token in cell) for cell in rule):
        return None
    if any(not cell for row in body for cell in row):
        return None
    if all(_is_name(cell, issues) for cell in head[1:]):
        first = 0 if _is_name(head[0], issues) else 1
        if first and not _is_heading(head[0]):
            return None
        told = []
        for row in body:
            if first:
                told += _said(row[0], ":")
            for name, value in zip(head[first:], row[first:], strict=True):
                told += [*_said(name, ":"), *_said(value, ";", opens=False)]
        return told
    if not all(_is_name(row[0], issues) for row in body) or not _is_heading(head[0]):
        return None
    told = []
    for column in range(1, width):
        if width > 2 or not _is_heading(head[column]):
            told += _said(head[column], ":")
        for row in body:
            told += [*_said(row[0], ":"), *_said(row[column], ";", opens=False)]
    return told


def _is_name(cell: Sequence[Token], issues: Sequence[Spoken]) -> bool:
    found = names_at(cell, 0, issues)
    return found is not None and found[1] == len(cell)


def _is_heading(cell: Sequence[Token]) -> bool:
    words = [token.word for token in cell]
    return all(word in HEADINGS or word in ("our", "my", "the") for word in words)


def _said(cell: Sequence[Token], sign: str, *, opens: bool = True) -> list[Token]:
    """Return a cell as if it opened a line, with a sign behind it."""
    if not cell:
        return []
    end = cell[-1].end
    first = replace(cell[0], glued=False, opens_line=opens)
    return [first, *cell[1:], Token("sign", sign, end, end, True, False)]
