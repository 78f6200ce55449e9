"""GeniusWeb linear additive profiles in JSON, in both dialects of their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bargain.errors import FileFormatError, shown
from bargain.files import plain
from bargain.files.grid import GRID_LIMIT, stepped_issue
from bargain.files.parties import party_names
from bargain.files.places import placed, within
from bargain.files.tables import (
    matched_table,
    matched_value,
    refuse_too_many_values,
)
from bargain.model import (
    AdditiveUtility,
    BargainingProblem,
    Issue,
    Linear,
    Outcome,
    OutcomeSpace,
    Party,
    PiecewiseLinear,
    Table,
)

PROFILE_KEY = "LinearAdditiveUtilitySpace"


def read_geniusweb(
    profiles: Sequence[tuple[Path, Any]], domain: tuple[Path, Any] | None = None
) -> BargainingProblem:
    """Build a problem from GeniusWeb files: pairs of a path and the JSON data read from it.

    The domain is taken from the domain file, or from the first profile; every profile must
    contain the same one. Numbers are taken as they are. Parties are called what their profiles
    are called, or after their files where that does not tell them apart.
    """
    paths = [path for path, _ in profiles]
    spaces = [plain.member(data, PROFILE_KEY, str(path)) for path, data in profiles]
    given = [
        (f"{path}: {PROFILE_KEY}.domain", plain.member(space, "domain", f"{path}: {PROFILE_KEY}"))
        for path, space in zip(paths, spaces, strict=True)
    ]
    if domain is not None:
        given.insert(0, (str(domain[0]), domain[1]))
    (where, first), *others = given
    issues = _issues(first, where)
    with placed(where):
        refuse_too_many_values(issues, len(profiles))
        outcomes = OutcomeSpace(issues)
    for other_where, other in others:
        _check_same_domain(issues, _issues(other, other_where), other_where, where)
    parties = [
        _party(path, space, name, outcomes)
        for path, space, name in zip(paths, spaces, _names(paths, spaces), strict=True)
    ]
    with placed(where):
        return BargainingProblem(outcomes, parties, name=str(first.get("name", "")))


def _names(paths: Sequence[Path], spaces: Sequence[Mapping[str, Any]]) -> list[str]:
    stems = party_names(paths)
    names = [space.get("name") for space in spaces]
    if len(set(map(repr, names))) == len(names) and all(
        isinstance(name, str) and name.strip() for name in names
    ):
        return [str(name) for name in names]
    return stems


def _issues(domain: Any, where: str) -> list[Issue]:
    where = f"{where}: issuesValues" if ": " not in where else f"{where}.issuesValues"
    listed = plain.mapping(plain.member(domain, "issuesValues", where), where)
    return [_issue(name, values, within(where, name)) for name, values in listed.items()]


def _issue(name: str, given: Any, where: str) -> Issue:
    fields = plain.mapping(given, where)
    with placed(where):
        if "values" in fields:
            return Issue.choice(name, fields["values"])
        bounds = plain.mapping(plain.member(fields, "range", where), f"{where}.range")
        low, high, step = (_decimal(bounds, field, where) for field in ("low", "high", "step"))
        return stepped_issue(name, low, high, step, short=True)


def _decimal(bounds: Mapping[str, Any], field: str, where: str) -> Decimal:
    """Return a decimal that is written as a number or as text."""
    given = plain.member(bounds, field, f"{where}.range")
    try:
        number = Decimal(given if isinstance(given, str) else repr(given))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or isinstance(given, bool) or abs(number.adjusted()) > 300:
        raise FileFormatError(
            f"{where}.range.{field}: expected a finite number, got {shown(given)}"
        )
    return number


def _check_same_domain(
    issues: Sequence[Issue], others: Sequence[Issue], where: str, first_where: str
) -> None:
    ours, theirs = ({issue.name: issue for issue in listed} for listed in (issues, others))
    for name in [*ours, *theirs]:
        if name not in ours or name not in theirs or not _same(ours[name], theirs[name]):
            raise FileFormatError(
                f"{where}: expected the domain of {first_where}, got another one in {name!r}"
            )


def _same(issue: Issue, other: Issue) -> bool:
    """Whether two issues have the same values; a choice may list them in another order."""
    if issue.kind == other.kind == "choice":
        return set(issue.values) == set(other.values)
    return issue == other


def _party(path: Path, space: Mapping[str, Any], name: str, outcomes: OutcomeSpace) -> Party:
    base = f"{path}: {PROFILE_KEY}"
    utilities = plain.mapping(plain.member(space, "issueUtilities", base), f"{base}.issueUtilities")
    weights = plain.mapping(plain.member(space, "issueWeights", base), f"{base}.issueWeights")
    for field, listed in (("issueUtilities", utilities), ("issueWeights", weights)):
        for unknown in listed:
            if unknown not in outcomes.names:
                raise FileFormatError(
                    f"{base}.{field}: expected the issues of the domain, got {shown(unknown)}"
                )
    values, checked = {}, {}
    for issue in outcomes.issues:
        where = f"{base}.issueUtilities"
        given = plain.member(utilities, issue.name, where)
        values[issue.name] = _worths(given, issue, within(where, issue.name))
        where = f"{base}.issueWeights"
        checked[issue.name] = plain.number(
            plain.member(weights, issue.name, where), within(where, issue.name)
        )
    with placed(f"{base}.issueWeights"):
        utility = AdditiveUtility(values, checked)
    where = f"{base}.reservationBid"
    with placed(where):
        return _with_reservation(space.get("reservationBid"), name, utility, outcomes, where)


def _with_reservation(
    bid: Any, name: str, utility: AdditiveUtility, outcomes: OutcomeSpace, where: str
) -> Party:
    """Make the party with the outcome that it falls back to; a partial one counts as its worth."""
    if bid is None:
        return Party(name, utility)
    listed = plain.mapping(plain.member(bid, "issuevalues", where), f"{where}.issuevalues")
    issues = {issue.name: issue for issue in outcomes.issues}
    settled = {}
    for issue, value in listed.items():
        if issue not in issues:
            raise FileFormatError(f"{where}: expected the issues of the domain, got {shown(issue)}")
        settled[issue] = matched_value(value, issues[issue])
    if len(settled) == len(issues):
        return Party(name, utility, disagreement=Outcome({i: settled[i] for i in issues}))
    partial = [issues[issue] for issue in settled]
    worth = utility.evaluate(OutcomeSpace(partial), settled) if partial else 0.0
    return Party(name, utility, reservation_value=worth)


def _worths(given: Any, issue: Issue, where: str) -> Table | Linear | PiecewiseLinear:
    fields = plain.mapping(given, where)
    for key in ("DiscreteValueSetUtilities", "discreteutils"):
        if key in fields:
            where = f"{where}.{key}"
            listed = plain.mapping(plain.member(fields[key], "valueUtilities", where), where)
            worths = {
                value: plain.number(worth, within(where, value)) for value, worth in listed.items()
            }
            with placed(where):
                return matched_table(worths, issue)
    for key in ("NumberValueSetUtilities", "numberutils"):
        if key in fields:
            return _line(fields[key], issue, f"{where}.{key}")
    raise FileFormatError(
        f"{where}: expected DiscreteValueSetUtilities or NumberValueSetUtilities, got "
        f"{shown(list(fields))}"
    )


def _line(given: Any, issue: Issue, where: str) -> Table | Linear | PiecewiseLinear:
    """Return the line between two points, 0 outside them."""
    low, at_low, high, at_high = (
        plain.number(plain.member(given, field, where), f"{where}.{field}")
        for field in ("lowValue", "lowUtility", "highValue", "highUtility")
    )
    if not issue.is_numeric:
        raise FileFormatError(f"{where}: expected a range, got the values {shown(issue.values)}")
    if not low < high:
        if low == high and issue.bounds == (low, high):
            return Linear(at_low, at_low)
        raise FileFormatError(f"{where}: expected lowValue < highValue, got {low!r} and {high!r}")
    if (low, high) == issue.bounds:
        return Linear(at_low, at_high)
    line = PiecewiseLinear([(low, at_low), (high, at_high)])
    first, last = issue.bounds
    if low <= first and last <= high:
        return line
    if issue.size > GRID_LIMIT:
        raise FileFormatError(f"{where}: expected at most {GRID_LIMIT} values, got {issue.size}")
    inside = [float(value) for value in issue.values if low <= float(value) <= high]
    reach = Issue.choice(issue.name, inside) if inside else None
    worths = dict(zip(inside, line.at(reach).tolist(), strict=True)) if reach else {}
    return Table({value: worths.get(float(value), 0.0) for value in issue.values})
