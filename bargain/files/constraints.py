"""What may not be agreed, to and from the fields of the problem file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bargain.errors import InvalidProblemError, shown
from bargain.files.places import built_at, some
from bargain.files.problem_file import BudgetFields, ConstraintFields
from bargain.files.refusals import refused
from bargain.files.tables import matched_value
from bargain.model import (
    BargainingProblem,
    Budget,
    Constraint,
    Forbidden,
    Implication,
    Issue,
    Mandatory,
    OutcomeSpace,
)
from bargain.model.constraints import Condition


def constraint_of(given: ConstraintFields, space: OutcomeSpace) -> Constraint:
    """Return the constraint that a file states, or raise with the path to what is wrong."""
    name = given.name or ""
    constraint: Constraint
    if given.budget is not None:
        constraint = built_at(("budget",), _budget, given.budget, name, space)
    elif given.forbid is not None:
        constraint = Forbidden(
            conditions_of("forbid", given.forbid, space, avoided=True), name=name
        )
    elif given.require is not None:
        constraint = Mandatory(conditions_of("require", given.require, space), name=name)
    else:
        constraint = Implication(
            conditions_of("if", given.given or {}, space, avoided=True),
            conditions_of("then", given.then or {}, space),
            name=name,
        )
    constraint.check(space)
    return constraint


def constraint_fields(problem: BargainingProblem) -> dict[str, Any]:
    """Return the field `constraints` of a problem file, or nothing where there are none.

    Raises
    ------
    UnsupportedProblemError
        For a constraint of a kind that the file does not know.
    """
    if not problem.constraints:
        return {}
    return {"constraints": [_fields(each, problem.space) for each in problem.constraints]}


def conditions_of(
    field: str, listed: Mapping[str, Any], space: OutcomeSpace, *, avoided: bool = False
) -> dict[str, Condition]:
    """Return the conditions on issues in a field of a file; errors say which is wrong."""
    return {
        name: built_at((field, name), _condition, name, wanted, space, avoided)
        for name, wanted in listed.items()
    }


def _condition(name: str, wanted: Any, space: OutcomeSpace, avoided: bool) -> Condition:
    issue = _issue(name, space)
    if isinstance(wanted, dict):
        condition = Condition.of("range", wanted)
    else:
        values = wanted if isinstance(wanted, list) else [wanted]
        condition = Condition(values=tuple(matched_value(value, issue) for value in values))
    condition.check(issue)
    # some conditions can be asked for and not avoided
    condition.literals(issue, space.names.index(name), negated=avoided)
    return condition


def _budget(given: BudgetFields, name: str, space: OutcomeSpace) -> Budget:
    for issue in given.coefficients:
        built_at(("coefficients", issue), _numeric, issue, space)
    return Budget(given.coefficients, at_most=given.at_most, at_least=given.at_least, name=name)


def _numeric(name: str, space: OutcomeSpace) -> None:
    issue = _issue(name, space)
    if not issue.is_numeric:
        raise InvalidProblemError.at("budget", "an issue of numbers", issue.values)


def _issue(name: str, space: OutcomeSpace) -> Issue:
    if name not in space.names:
        raise InvalidProblemError(
            f"expected one of the issues {some(space.names)}, got {shown(name)}"
        )
    return space.issues[space.names.index(name)]


def _fields(constraint: Constraint, space: OutcomeSpace) -> dict[str, Any]:
    named = {"name": constraint.name} if constraint.name else {}
    if isinstance(constraint, Implication):
        given, then = (
            written_conditions(part, space) for part in (constraint.given, constraint.then)
        )
        return {**named, "if": given, "then": then}
    if isinstance(constraint, Forbidden):
        return {**named, "forbid": written_conditions(constraint.conditions, space)}
    if isinstance(constraint, Mandatory):
        return {**named, "require": written_conditions(constraint.conditions, space)}
    if isinstance(constraint, Budget):
        limits = {"at_most": constraint.at_most, "at_least": constraint.at_least}
        given_limits = {side: bound for side, bound in limits.items() if bound is not None}
        return {**named, "budget": {"coefficients": dict(constraint.coefficients), **given_limits}}
    raise refused("the problem file", f"the constraint {constraint}")


def written_conditions(conditions: Mapping[str, Condition], space: OutcomeSpace) -> dict[str, Any]:
    """Return conditions as a file has them, values in the type of their issue."""
    return {
        name: _written_condition(condition, _issue(name, space))
        for name, condition in conditions.items()
    }


def _written_condition(condition: Condition, issue: Issue) -> Any:
    if condition.values is None:
        limits = {"at_least": condition.at_least, "at_most": condition.at_most}
        return {side: bound for side, bound in limits.items() if bound is not None}
    values = [issue.normalize(value) for value in condition.values]
    return values[0] if len(values) == 1 else values
