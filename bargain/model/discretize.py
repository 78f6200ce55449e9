"""A finite problem that stands in for a continuous one at the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from bargain.errors import InvalidArgumentError, TooLargeError
from bargain.model.constraints import Condition, Constraint, Forbidden, Implication, Mandatory
from bargain.model.given import check_problem
from bargain.model.hyper_rectangles import HyperRectangleUtility
from bargain.model.issues import Issue
from bargain.model.numbers import whole_number
from bargain.model.problem import BargainingProblem
from bargain.model.risk import CARA, CRRA
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import VALUES_LIMIT, Utility

SAME_VALUE = 1e-9
"""Share of an issue's range within which a named value takes the place of an even one."""


def discretized(problem: BargainingProblem, *, points: int = 11) -> BargainingProblem:
    """Replace each continuous issue by evenly spaced values, ends included.

    Sessions are played over finite spaces; this makes one, visibly. Solutions of the original
    problem don't need it: they are exact without a grid.

    Values that a condition of a constraint or the bound of a hyper-rectangle names, alone or as
    the end of a range, join the even ones, so that what is asked for is there to be agreed. An
    outcome on the grid may be agreed exactly where the original problem lets it: so the ends of a
    range to be avoided stay allowed, as they are on a continuous issue. Budgets name no single
    values: what meets a tight one may need a fine grid.

    Parameters
    ----------
    problem : BargainingProblem
    points : int
        Values per continuous issue, >= 2, besides those that constraints and regions name.

    Returns
    -------
    BargainingProblem
        The same problem if no issue is continuous. A disagreement outcome becomes the
        reservation value it stands for, since it need not lie on the grid. Constraints keep their
        words; one that nothing on the grid breaks is left out.

    Examples
    --------
    >>> from bargain import AdditiveUtility
    >>> problem = BargainingProblem(
    ...     [Issue.continuous("price", 80, 120)],
    ...     {"buyer": AdditiveUtility({}), "seller": AdditiveUtility({})},
    ...     constraints=[Forbidden({"price": {"at_least": 95, "at_most": 105}})],
    ... )
    >>> finite = discretized(problem, points=3)
    >>> finite.space.issues[0].values, finite.allowed_rows
    ((80.0, 95.0, 100.0, 105.0, 120.0), array([0, 1, 3, 4]))
    """
    check_problem(problem)
    points = whole_number("points", points, at_least=2, error=InvalidArgumentError)
    if points > VALUES_LIMIT:
        raise TooLargeError.at("points", f"at most {VALUES_LIMIT} values", points)
    if problem.space.is_finite:
        return problem
    named = [*map(_asked, problem.constraints), *(_paid(p.utility) for p in problem.profiles)]
    issues = [
        issue if issue.is_finite else _on_grid(issue, points, named)
        for issue in problem.space.issues
    ]
    grid = {
        issue.name: issue
        for issue, original in zip(issues, problem.space.issues, strict=True)
        if not original.is_finite
    }
    profiles = [
        replace(profile, reservation_value=value, disagreement=None)
        for profile, value in zip(problem.profiles, problem.disagreement_point, strict=True)
    ]
    constraints = [_restated(constraint, grid) for constraint in problem.constraints]
    return BargainingProblem(
        OutcomeSpace(issues),
        profiles,
        constraints=[constraint for constraint in constraints if constraint is not None],
        name=problem.name,
        source=problem.source,
    )


def _on_grid(issue: Issue, points: int, named: list[list[Mapping[str, Condition]]]) -> Issue:
    low, high = issue.bounds
    values = np.linspace(low, high, points)
    numbers = {number for several in named for number in _numbers(several, issue.name)}
    inside = np.array([number for number in numbers if low < number < high])
    for value in inside:
        inner = (values > low) & (values < high)
        values = values[~inner | (np.abs(values - value) > SAME_VALUE * (high - low))]
    return Issue.choice(issue.name, np.sort(np.append(values, inside)), unit=issue.unit)


def _asked(constraint: Constraint) -> list[Mapping[str, Condition]]:
    """Return the conditions of a constraint; a budget has none."""
    if isinstance(constraint, Mandatory | Forbidden):
        return [constraint.conditions]
    if isinstance(constraint, Implication):
        return [constraint.given, constraint.then]
    return []


def _paid(utility: Utility) -> list[Mapping[str, Condition]]:
    """Return the bounds of the regions that a utility pays, whatever attitude to risk is around."""
    while isinstance(utility, CRRA | CARA):
        utility = utility.inner
    if isinstance(utility, HyperRectangleUtility):
        return [rectangle.bounds for rectangle in utility.rectangles]
    return []


def _numbers(several: list[Mapping[str, Condition]], issue: str) -> Iterator[float]:
    """Yield the numbers that conditions on a continuous issue name."""
    for conditions in several:
        if issue in conditions:
            condition = conditions[issue]
            for value in (*(condition.values or ()), condition.at_least, condition.at_most):
                if value is not None:
                    yield float(value)


def _restated(constraint: Constraint, grid: Mapping[str, Issue]) -> Constraint | None:
    """Say a constraint on a grid so that it allows what it allowed; None if nothing breaks it."""
    if isinstance(constraint, Forbidden):
        conditions = _inside(constraint.conditions, grid)
        if conditions is None or conditions == constraint.conditions:
            return constraint if conditions else None
        return Forbidden(conditions, name=str(constraint))
    if isinstance(constraint, Implication):
        given = _inside(constraint.given, grid)
        if given is None or given == constraint.given:
            return constraint if given else None
        return Implication(given, constraint.then, name=str(constraint))
    return constraint


def _inside(
    conditions: Mapping[str, Condition], grid: Mapping[str, Issue]
) -> dict[str, Condition] | None:
    """Replace ranges that are to be avoided by the values of the grid inside them.

    A finite issue would exclude the ends too. None if no value is inside one of them.
    """
    restated = dict(conditions)
    for name in grid.keys() & conditions.keys():
        low, high = conditions[name].at_least, conditions[name].at_most
        inside = tuple(
            value
            for value in grid[name].values
            if (low is None or float(value) > low) and (high is None or float(value) < high)
        )
        if not inside:
            return None
        restated[name] = Condition(values=inside)
    return restated
