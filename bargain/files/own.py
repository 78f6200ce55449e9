"""Bargaining problems to and from our own format, version 1, in JSON and YAML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bargain.errors import FileFormatError, InvalidProblemError
from bargain.files.constraints import constraint_fields, constraint_of
from bargain.files.grid import stepped_issue
from bargain.files.own_utilities import utility_fields, utility_of
from bargain.files.places import built_at, placed
from bargain.files.problem_file import (
    IssueFields,
    PartyFields,
    checked_document,
    problem_schema,
)
from bargain.files.syntax import parse_json, parse_yaml, write_json, write_yaml
from bargain.files.tables import refuse_too_many_values
from bargain.files.text import read_text
from bargain.model import BargainingProblem, Issue, OutcomeSpace, Party


def problem_from_dict(data: Mapping[str, Any], *, where: str = "problem") -> BargainingProblem:
    """Build a problem from the content of a problem file.

    Parameters
    ----------
    data : mapping
        Plain data: mappings, lists, text, numbers, truth values.
    where : str
        What errors call it, such as the name of the file.

    Raises
    ------
    FileFormatError
        In one line that starts with `where` and names the field by its path.
    """
    document = checked_document(data, where)
    with placed(where):
        issues = [built_at(("issues", i), _issue, given) for i, given in enumerate(document.issues)]
        refuse_too_many_values(issues, len(document.parties))
        space = OutcomeSpace(issues)
        parties = [
            built_at(("parties", i), _party, given, space)
            for i, given in enumerate(document.parties)
        ]
        return BargainingProblem(
            space,
            parties,
            constraints=[
                built_at(("constraints", i), constraint_of, given, space)
                for i, given in enumerate(document.constraints)
            ],
            name=document.name or "",
            source=document.source or "",
        )


def problem_to_dict(problem: BargainingProblem) -> dict[str, Any]:
    """Return a problem as the content of a problem file, ready for JSON.

    Reading it back gives the same problem: names, units, and every utility to the last bit.
    Tables list every value, so a value that a table left out appears with a worth of 0.
    """
    return _document(problem, key=str)


def read_problem(path: Path) -> BargainingProblem:
    """Read a problem file: JSON if its name ends in .json, YAML otherwise."""
    parse = parse_json if path.suffix.lower() == ".json" else parse_yaml
    return problem_from_dict(parse(read_text(path), str(path)), where=str(path))


def problem_text(problem: BargainingProblem, path: Path) -> str:
    """Return the text of a problem file; the suffix of its name says whether JSON or YAML."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        return write_json(problem_to_dict(problem))
    if suffix in (".yaml", ".yml"):
        return write_yaml(_document(problem, key=lambda value: value))
    raise FileFormatError(f"{path}: expected a name ending in .json, .yaml or .yml")


def schema_text() -> str:
    """Return the text of `problem.schema.json` as it should be."""
    return json.dumps(problem_schema(), indent=2) + "\n"


def _issue(given: IssueFields) -> Issue:
    if given.values is not None:
        return Issue.choice(given.name, given.values, unit=given.unit)
    low, high = given.low, given.high
    if low is None or high is None:
        raise InvalidProblemError.at("low and high", "both", (low, high))
    if given.step is None:
        return Issue.continuous(given.name, low, high, unit=given.unit)
    return stepped_issue(given.name, low, high, given.step, unit=given.unit)


def _party(given: PartyFields, space: OutcomeSpace) -> Party:
    status_quo = given.disagreement
    return Party(
        given.name,
        built_at(("utility",), utility_of, given.utility, space),
        reservation_value=given.reservation_value,
        disagreement=(
            None if status_quo is None else built_at(("disagreement",), space.validate, status_quo)
        ),
        discount_factor=given.discount_factor,
        discount_per=given.discount_per,
        cost=given.cost,
        cost_per=given.cost_per,
    )


def _document(problem: BargainingProblem, *, key: Callable[[Any], Any]) -> dict[str, Any]:
    titles = {"name": problem.name, "source": problem.source}
    return {
        "bargain": 1,
        **{field: text for field, text in titles.items() if text},
        "issues": [_issue_fields(issue) for issue in problem.space.issues],
        "parties": [_party_fields(party, problem, key) for party in problem.profiles],
        **constraint_fields(problem),
    }


def _issue_fields(issue: Issue) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": issue.name}
    if issue.unit is not None:
        fields["unit"] = issue.unit
    if issue.kind == "choice":
        return {**fields, "values": list(issue.values)}
    fields.update(low=issue.low, high=issue.high)
    if issue.kind == "integer":
        fields["step"] = issue.step
    return fields


def _party_fields(
    party: Party, problem: BargainingProblem, key: Callable[[Any], Any]
) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": party.name}
    if party.reservation_value is not None:
        fields["reservation_value"] = party.reservation_value
    if party.disagreement is not None:
        fields["disagreement"] = dict(party.disagreement)
    if party.discount_factor != 1.0:
        fields["discount_factor"] = party.discount_factor
    if party.discount_per != "round":
        fields["discount_per"] = party.discount_per
    if party.cost != 0.0:
        fields["cost"] = party.cost
    if party.cost_per != "round":
        fields["cost_per"] = party.cost_per
    return {**fields, "utility": utility_fields(party, problem.space, key)}
