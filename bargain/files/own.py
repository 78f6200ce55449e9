"""Bargaining problems to and from our own format, version 1, in JSON and YAML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bargain.errors import FileFormatError, InvalidProblemError, shown
from bargain.files.constraints import constraint_fields, constraint_of
from bargain.files.grid import stepped_issue
from bargain.files.places import PartError, built_at, placed, some
from bargain.files.problem_file import (
    IssueFields,
    PartyFields,
    WorthFields,
    checked_document,
    problem_schema,
)
from bargain.files.refusals import additive
from bargain.files.syntax import parse_json, parse_yaml, write_json, write_yaml
from bargain.files.tables import matched_table, refuse_too_many_values
from bargain.files.text import read_text
from bargain.model import (
    AdditiveUtility,
    BargainingProblem,
    Exponential,
    Issue,
    Linear,
    Logarithmic,
    OutcomeSpace,
    Party,
    PiecewiseLinear,
    Power,
    Quadratic,
)
from bargain.model.values import ValueFunction


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
    listed = given.utility.additive
    for name in listed:
        if name not in space.names:
            raise PartError(
                ("utility", "additive", name),
                f"expected one of the issues {some(space.names)}, got {shown(name)}",
            )
    for name in space.names:
        if name not in listed:
            raise PartError(
                ("utility", "additive", name), "expected what the issue is worth, got nothing"
            )
    utility = AdditiveUtility(
        {
            issue.name: built_at(
                ("utility", "additive", issue.name), _worth, listed[issue.name], issue
            )
            for issue in space.issues
        },
        {name: worth.weight for name, worth in listed.items() if worth.weight != 1.0},
        ceiling=given.utility.ceiling,
    )
    status_quo = given.disagreement
    return Party(
        given.name,
        utility,
        reservation_value=given.reservation_value,
        disagreement=(
            None if status_quo is None else built_at(("disagreement",), space.validate, status_quo)
        ),
        discount_factor=given.discount_factor,
        discount_per=given.discount_per,
        cost=given.cost,
        cost_per=given.cost_per,
    )


def _worth(given: WorthFields, issue: Issue) -> ValueFunction:
    function: ValueFunction
    if given.table is not None:
        function = built_at(("table",), matched_table, given.table, issue)
    elif given.linear is not None:
        function = Linear(*given.linear)
    elif given.piecewise_linear is not None:
        function = PiecewiseLinear(given.piecewise_linear)
    else:
        function = _curve(given)
    function.check(issue)
    return function


def _curve(given: WorthFields) -> ValueFunction:
    if given.power is not None:
        return Power(*given.power.at, given.power.exponent)
    if given.logarithmic is not None:
        return Logarithmic(*given.logarithmic.at, given.logarithmic.growth)
    if given.exponential is not None:
        return Exponential(*given.exponential.at, given.exponential.rate)
    return Quadratic(*(given.quadratic.at if given.quadratic is not None else (0.0, 0.0, 0.0)))


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
    worth = additive(party, "the problem file")
    utility: dict[str, Any] = {
        "additive": {issue.name: _worth_fields(worth, issue, key) for issue in problem.space.issues}
    }
    if worth.ceiling is not None:
        utility["ceiling"] = worth.ceiling
    return {**fields, "utility": utility}


def _worth_fields(
    utility: AdditiveUtility, issue: Issue, key: Callable[[Any], Any]
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    weight = utility.weights.get(issue.name, 1.0)
    if weight != 1.0:
        fields["weight"] = weight
    function = utility.values.get(issue.name)
    if isinstance(function, Linear):
        return {**fields, "linear": [function.at_low, function.at_high]}
    if isinstance(function, PiecewiseLinear):
        return {**fields, "piecewise_linear": [list(point) for point in function.points]}
    if isinstance(function, Power | Logarithmic | Exponential | Quadratic):
        return {**fields, **_curve_fields(function)}
    if not issue.is_finite:
        return {**fields, "linear": [0.0, 0.0]}
    worths = [0.0] * int(issue.size) if function is None else function.at(issue).tolist()
    table = {key(issue.value(i)): worth for i, worth in enumerate(worths)}
    return {**fields, "table": table}


def _curve_fields(curve: Power | Logarithmic | Exponential | Quadratic) -> dict[str, Any]:
    if isinstance(curve, Quadratic):
        return {"quadratic": {"at": [curve.at_low, curve.at_middle, curve.at_high]}}
    at = [curve.at_low, curve.at_high]
    if isinstance(curve, Power):
        return {"power": {"at": at, "exponent": curve.exponent}}
    if isinstance(curve, Logarithmic):
        return {"logarithmic": {"at": at, "growth": curve.growth}}
    return {"exponential": {"at": at, "rate": curve.rate}}
