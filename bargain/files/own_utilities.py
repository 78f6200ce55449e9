"""Utilities to and from the fields of the problem file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bargain.errors import InvalidProblemError, shown
from bargain.files.constraints import conditions_of, written_conditions
from bargain.files.places import PartError, built_at, some
from bargain.files.refusals import refused
from bargain.files.tables import matched_table, matched_value
from bargain.files.utility_fields import (
    InteractionFields,
    RectangleFields,
    UtilityFields,
    WorthFields,
)
from bargain.model import (
    CARA,
    CRRA,
    AdditiveUtility,
    Exponential,
    HyperRectangle,
    HyperRectangleUtility,
    Interaction,
    InteractionUtility,
    Issue,
    Linear,
    Logarithmic,
    OutcomeSpace,
    Party,
    PiecewiseLinear,
    Power,
    Quadratic,
    Utility,
    Value,
)
from bargain.model.values import ValueFunction


def utility_of(given: UtilityFields, space: OutcomeSpace) -> Utility:
    """Return the utility that a file states, or raise with the path to what is wrong."""
    utility: Utility
    if given.crra is not None:
        inner = built_at(("crra", "of"), utility_of, given.crra.of, space)
        utility = CRRA(inner, given.crra.aversion, given.crra.wealth)
    elif given.cara is not None:
        inner = built_at(("cara", "of"), utility_of, given.cara.of, space)
        utility = CARA(inner, given.cara.aversion)
    elif given.rectangles is not None:
        rectangles = [
            built_at(("rectangles", i), _rectangle, each, space)
            for i, each in enumerate(given.rectangles)
        ]
        utility = HyperRectangleUtility(rectangles, scale=given.scale, ceiling=given.ceiling)
    elif given.interactions is not None:
        interactions = [
            built_at(("interactions", i), _interaction, each, space)
            for i, each in enumerate(given.interactions)
        ]
        alone = _additive(given.additive or {}, space)
        utility = InteractionUtility(alone, interactions, ceiling=given.ceiling)
    else:
        return _additive(given.additive or {}, space, ceiling=given.ceiling)
    utility.check(space)
    return utility


def utility_fields(party: Party, space: OutcomeSpace, key: Callable[[Any], Any]) -> dict[str, Any]:
    """Return what a file says of a party's utility; `key` makes keys of a table from values.

    Raises
    ------
    UnsupportedProblemError
        For a utility of a kind that the file does not know, such as a function of one's own.
    """
    return _fields(party.utility, party, space, key)


def _fields(
    utility: Utility, party: Party, space: OutcomeSpace, key: Callable[[Any], Any]
) -> dict[str, Any]:
    if isinstance(utility, CRRA):
        of = _fields(utility.inner, party, space, key)
        return {"crra": {"aversion": utility.aversion, "wealth": utility.wealth, "of": of}}
    if isinstance(utility, CARA):
        of = _fields(utility.inner, party, space, key)
        return {"cara": {"aversion": utility.aversion, "of": of}}
    fields: dict[str, Any]
    if isinstance(utility, HyperRectangleUtility):
        fields = {"rectangles": [_rectangle_fields(each, space) for each in utility.rectangles]}
        if utility.scale != 1.0:
            fields["scale"] = utility.scale
    elif isinstance(utility, InteractionUtility):
        fields = _fields(utility.additive, party, space, key)
        fields["interactions"] = [_interaction_fields(each, space) for each in utility.interactions]
    elif isinstance(utility, AdditiveUtility):
        listed = {issue.name: _worth_fields(utility, issue, key) for issue in space.issues}
        fields = {"additive": listed}
    else:
        raise refused("the problem file", f"the {type(utility).__name__} of {party.name!r}")
    if utility.ceiling is not None:
        fields["ceiling"] = utility.ceiling
    return fields


def _additive(
    listed: Mapping[str, WorthFields], space: OutcomeSpace, *, ceiling: float | None = None
) -> AdditiveUtility:
    for name in listed:
        if name not in space.names:
            raise PartError(
                ("additive", name),
                f"expected one of the issues {some(space.names)}, got {shown(name)}",
            )
    for name in space.names:
        if name not in listed:
            raise PartError(("additive", name), "expected what the issue is worth, got nothing")
    return AdditiveUtility(
        {
            issue.name: built_at(("additive", issue.name), _worth, listed[issue.name], issue)
            for issue in space.issues
        },
        {name: worth.weight for name, worth in listed.items() if worth.weight != 1.0},
        ceiling=ceiling,
    )


def _rectangle(given: RectangleFields, space: OutcomeSpace) -> HyperRectangle:
    bounds = conditions_of("bounds", given.bounds or {}, space)
    return HyperRectangle(given.worth, bounds, weight=given.weight, outside=given.outside)


def _rectangle_fields(rectangle: HyperRectangle, space: OutcomeSpace) -> dict[str, Any]:
    fields: dict[str, Any] = {"worth": rectangle.worth}
    if rectangle.weight != 1.0:
        fields["weight"] = rectangle.weight
    if rectangle.outside:
        fields["outside"] = True
    if rectangle.bounds:
        fields["bounds"] = written_conditions(rectangle.bounds, space)
    return fields


def _interaction(given: InteractionFields, space: OutcomeSpace) -> Interaction:
    issues = [
        built_at((field,), _finite_issue, name, space)
        for field, name in (("first", given.first), ("second", given.second))
    ]
    worths: dict[tuple[Value, Value], float] = {}
    for i, (one, other, worth) in enumerate(given.worths):
        pair = tuple(
            built_at(("worths", i), matched_value, value, issue)
            for value, issue in zip((one, other), issues, strict=True)
        )
        if pair in worths:
            raise PartError(("worths", i), f"expected each pair once, got {shown(pair)}")
        worths[pair[0], pair[1]] = worth
    interaction = Interaction(given.first, given.second, worths)
    interaction.check(space)
    return interaction


def _interaction_fields(interaction: Interaction, space: OutcomeSpace) -> dict[str, Any]:
    first, second = (
        space.issues[space.names.index(name)] for name in (interaction.first, interaction.second)
    )
    worths = [
        [first.normalize(one), second.normalize(other), worth]
        for (one, other), worth in interaction.worths.items()
    ]
    return {"first": first.name, "second": second.name, "worths": worths}


def _finite_issue(name: str, space: OutcomeSpace) -> Issue:
    if name not in space.names:
        raise InvalidProblemError(
            f"expected one of the issues {some(space.names)}, got {shown(name)}"
        )
    issue = space.issues[space.names.index(name)]
    if not issue.is_finite:
        raise InvalidProblemError(f"expected a finite issue, got the continuous {shown(name)}")
    return issue


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
