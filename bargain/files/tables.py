"""What a file lists about the values of an issue, matched to the issue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from bargain.errors import InvalidProblemError, TooLargeError, shown
from bargain.model import Issue, Table, Value
from bargain.model.problem import ENUMERATION_LIMIT


def matched_table(listed: Mapping[Any, float], issue: Issue) -> Table:
    """Return a table of worths that a file lists by value, where keys may have become text.

    Every value of the issue must be listed, once: a worth that is silently 0 costs money.
    """
    if not issue.is_finite:
        raise InvalidProblemError.at(
            f"issue {issue.name!r}", "linear or piecewise_linear (it is continuous)", "a table"
        )
    by_text = _by_text(issue)
    entries: dict[Value, float] = {}
    for key, worth in listed.items():
        value = matched_value(key, issue, by_text)
        if value in entries:
            raise InvalidProblemError.at(f"issue {issue.name!r}", "each value once", value)
        entries[value] = worth
    if len(entries) < issue.size:
        missing = next(value for value in issue.values if value not in entries)
        raise InvalidProblemError(
            f"issue {issue.name!r}: expected every value, got no {shown(missing)}"
        )
    return Table(entries)


def matched_value(key: Any, issue: Issue, by_text: Mapping[str, Value] | None = None) -> Value:
    """Return the value of an issue that a file means: an equal one, or one that reads the same.

    Parameters
    ----------
    by_text : mapping, optional
        The issue's values by their text, if many keys are to be matched.
    """
    if by_text is None:
        by_text = _by_text(issue)
    for candidate in _readings(key, by_text):
        if candidate in issue:
            return issue.normalize(candidate)
    return issue.normalize(key)


def refuse_too_many_values(issues: Iterable[Issue], n_parties: int) -> None:
    """Raise before a few digits in a file make tables that no memory holds."""
    total = sum(int(issue.size) for issue in issues if issue.is_finite) * max(n_parties, 1)
    if total > ENUMERATION_LIMIT:
        raise TooLargeError.at(
            "issues", f"at most {ENUMERATION_LIMIT} worths of single values", total
        )


def _by_text(issue: Issue) -> dict[str, Value]:
    """Return the values of a choice by their text; whole numbers are read as such, not listed."""
    return {str(value): value for value in issue.values} if issue.kind == "choice" else {}


def _readings(key: Any, by_text: Mapping[str, Value]) -> Iterable[Any]:
    yield key
    yield by_text.get(str(key))
    if isinstance(key, str):
        # "30.0", "1e16" and "true" as keys of a JSON object
        with suppress(ValueError, RecursionError):
            yield json.loads(key)
