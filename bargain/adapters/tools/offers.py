"""Offers as a model has them, read against the issues of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bargain.adapters.tools.case_file import Entry
from bargain.errors import ToolCallError, shown
from bargain.model import BargainingProblem, Issue, Outcome
from bargain.model.numbers import is_number


def offer_read(
    problem: BargainingProblem, terms: Sequence[Mapping[str, Any]], where: str
) -> tuple[Outcome | None, tuple[str, ...]]:
    """Return the outcome that terms state, or None and what keeps them from being one.

    What the other side may well have said (a value that there is not, another unit, part of the
    issues) makes an offer that is no outcome. What it cannot have said (an issue by another name, a
    number as text) is a mistake of whoever calls.

    Raises
    ------
    ToolCallError
        For such a mistake.
    """
    issues = {issue.name: issue for issue in problem.space.issues}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for i, term in enumerate(terms):
        name, value, unit = term["issue"], term["value"], term["unit"]
        place = f"{where}[{i}]"
        if name not in issues:
            raise ToolCallError.at(f"{place}.issue", f"one of {', '.join(issues)}", name)
        if name in values:
            raise ToolCallError.at(f"{place}.issue", "each issue once", name)
        issue = issues[name]
        if _family(value) not in _families(issue):
            kinds = " or ".join(_families(issue))
            expected = f"{kinds} for issue {name!r} ({issue.describe()})"
            raise ToolCallError.at(f"{place}.value", expected, value)
        values[name] = value
        if unit is not None and unit != issue.unit:
            problems.append(f"{name}: expected {_unit(issue)}, got {shown(unit)}")
        elif value not in issue:
            problems.append(f"{name}: expected {issue.describe()}, got {shown(value)}")
    missing = [name for name in issues if name not in values]
    if missing:
        problems.append(f"expected all issues, got nothing for {', '.join(missing)}")
    if problems:
        return None, tuple(problems)
    return problem.space.validate(values), ()


def history_read(
    problem: BargainingProblem, given: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return a history as parties and outcomes, and what keeps its last offer from being one.

    Raises
    ------
    ToolCallError
        As `offer_read`, and for a party that is not at the table.
    """
    entries: list[Entry] = []
    problems: tuple[str, ...] = ()
    for i, entry in enumerate(given):
        party, terms = entry["party"], entry["terms"]
        if party not in problem.parties:
            expected = f"one of {', '.join(problem.parties)}"
            raise ToolCallError.at(f"history[{i}].party", expected, party)
        outcome, problems = None, ()
        if terms:
            outcome, problems = offer_read(problem, terms, f"history[{i}].terms")
        entries.append((party, outcome))
    return tuple(entries), problems


def preferred_read(given: Any) -> int | None:
    """Return the place of the package that the other side likes best, from 1; None for none.

    Raises
    ------
    ToolCallError
    """
    if given is None:
        return None
    if given != int(given) or given < 1:
        raise ToolCallError.at("prefers", "the number of a package, from 1, or null", given)
    return int(given)


def _family(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a number" if is_number(value) else "text"


def _families(issue: Issue) -> tuple[str, ...]:
    if issue.kind != "choice":
        return ("a number",)
    return tuple(dict.fromkeys(_family(value) for value in issue.values))


def _unit(issue: Issue) -> str:
    return "no unit" if issue.unit is None else issue.unit
