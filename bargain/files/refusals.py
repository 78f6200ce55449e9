"""What a foreign format cannot say is refused by name, never written differently."""

from __future__ import annotations

from bargain.errors import UnsupportedProblemError
from bargain.files.grid import GRID_LIMIT
from bargain.model import AdditiveUtility, BargainingProblem, Issue, Party, Value


def refused(format_name: str, what: str) -> UnsupportedProblemError:
    """Return the error that says what a format has no way to write."""
    return UnsupportedProblemError(f"{format_name} cannot express {what}")


def additive(party: Party, format_name: str) -> AdditiveUtility:
    """Return a party's additive utility, in a format that knows no other."""
    if not isinstance(party.utility, AdditiveUtility):
        raise refused(format_name, f"the {type(party.utility).__name__} of {party.name!r}")
    return party.utility


def refuse_constraints(problem: BargainingProblem, format_name: str) -> None:
    """Raise if something may not be agreed, in a format that knows no constraints."""
    if problem.constraints:
        raise refused(format_name, f"the constraint {problem.constraints[0]}")


def refuse_discounts(problem: BargainingProblem, format_name: str) -> None:
    """Raise if a party discounts or pays for waiting, in a format that knows neither."""
    refuse_costs(problem, format_name)
    for party in problem.profiles:
        if party.discount_factor != 1.0:
            raise refused(format_name, f"the discount factor of {party.name!r}")


def refuse_costs(problem: BargainingProblem, format_name: str) -> None:
    """Raise if a party pays a fixed cost of waiting, which no foreign format knows."""
    for party in problem.profiles:
        if party.cost != 0.0:
            raise refused(format_name, f"the cost of waiting of {party.name!r}")


def worth_of_values(
    problem: BargainingProblem, party: Party, format_name: str
) -> dict[str, dict[Value, float]]:
    """Return what each value of each issue is worth to a party, before weights."""
    return {
        issue.name: worths_of_issue(issue, party, format_name) for issue in problem.space.issues
    }


def worths_of_issue(issue: Issue, party: Party, format_name: str) -> dict[Value, float]:
    """Return what each value of one issue is worth to a party, before the weight."""
    if not issue.is_finite:
        raise refused(format_name, f"the continuous issue {issue.name!r} (see discretized())")
    if issue.size > GRID_LIMIT:
        raise refused(format_name, f"the {issue.size} values of issue {issue.name!r}")
    function = additive(party, format_name).values.get(issue.name)
    worths = [0.0] * int(issue.size) if function is None else function.at(issue).tolist()
    return dict(zip(issue.values, worths, strict=True))
