"""GENIUS domains and profiles, read as GENIUS 10.4 reads them.

The rules are those of its own reader: an issue's index is its identity, evaluations are divided
by the largest of the issue, weights are not renormalised, the sum is cut off at 1. What is said of
nonlinear profiles alone is in `genius_nonlinear`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from bargain.errors import FileFormatError, shown
from bargain.files.genius_nonlinear import is_nonlinear, read_nonlinear
from bargain.files.notices import FileFormatWarning, warn_about
from bargain.files.parties import party_names
from bargain.files.places import placed
from bargain.files.tables import refuse_too_many_values
from bargain.files.xml_text import attribute, number, read_xml, whole
from bargain.model import (
    AdditiveUtility,
    BargainingProblem,
    Issue,
    Linear,
    OutcomeSpace,
    Party,
    PiecewiseLinear,
    Table,
    Utility,
)

LEAST_EVALUATION = 1e-5
"""When the largest evaluation of an issue is below this, every value of it is worth 0."""


def read_genius(domain: Path, profiles: Sequence[Path]) -> BargainingProblem:
    """Read a GENIUS domain and a profile for each party, linear or nonlinear.

    Parties are named after their files. Discount factors are per session: u * d^t.

    Raises
    ------
    FileFormatError
        Naming the file and the element.
    UnsupportedProblemError
        If a nonlinear profile is not a plain sum over hyper-rectangles.
    """
    name, issues = _read_domain(domain)
    with placed(str(domain)):
        refuse_too_many_values([issue.issue for issue in issues], len(profiles))
        space = OutcomeSpace([issue.issue for issue in issues])
    parties = [
        _read_profile(path, party, issues, space)
        for path, party in zip(profiles, party_names(profiles), strict=True)
    ]
    with placed(str(domain)):
        return BargainingProblem(space, parties, name=name, source=f"GENIUS domain {domain.name}")


def issue_keys(path: Path) -> frozenset[tuple[str, str]]:
    """Return index and name of every issue in a domain or a profile."""
    with warnings.catch_warnings():
        # reading the problem says it
        warnings.simplefilter("ignore", FileFormatWarning)
        root = read_xml(path)
    objective = root if root.tag == "objective" else root.find(".//objective")
    if objective is None:
        raise FileFormatError(f"{path}: expected an objective, got <{root.tag}>")
    return frozenset(
        (issue.get("index", "").strip(), issue.get("name", "").strip())
        for issue, _ in _issue_elements(objective)
    )


@dataclass(frozen=True)
class _GeniusIssue:
    """An issue and the index that profiles know it by."""

    index: int
    issue: Issue


def _read_domain(path: Path) -> tuple[str, list[_GeniusIssue]]:
    root = read_xml(path)
    objective = root if root.tag == "objective" else root.find(".//objective")
    if objective is None:
        raise FileFormatError(f"{path}: expected an objective, got <{root.tag}>")
    issues: list[_GeniusIssue] = []
    for element, _ in _issue_elements(objective):
        index = whole(element, "index", f"{path}: issue {len(issues) + 1}")
        where = f"{path}: issue index {index}"
        if index in [issue.index for issue in issues]:
            raise FileFormatError(f"{where}: expected a new index")
        with placed(where):
            issues.append(_GeniusIssue(index, _domain_issue(element, where, path)))
    if not issues:
        raise FileFormatError(f"{path}: expected at least one issue, got none")
    return objective.get("name", "").strip() or path.stem, issues


def _issue_elements(objective: Element) -> Iterator[tuple[Element, Element]]:
    """Yield each issue with its objective, in pre-order, nested objectives before own issues."""
    # a stack of our own: files nest as deep as they like
    stack: list[tuple[Element, bool]] = [(objective, False)]
    while stack:
        node, nested_are_done = stack.pop()
        if nested_are_done:
            yield from ((issue, node) for issue in node.findall("issue"))
        else:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.findall("objective")))


def _kind(element: Element) -> str:
    kind = element.get("type", element.get("vtype", "")).strip().lower()
    return kind if kind in ("integer", "real") else "discrete"


def _domain_issue(element: Element, where: str, path: Path) -> Issue:
    name = attribute(element, "name", where)
    kind = _kind(element)
    if kind == "integer":
        low, high = whole(element, "lowerbound", where), whole(element, "upperbound", where)
        return Issue.integer(name, low, high)
    if kind == "real":
        bounds = element.find("range")
        if bounds is None:
            raise FileFormatError(f"{where}: expected a range, got none")
        return Issue.continuous(
            name, number(bounds, "lowerbound", where), number(bounds, "upperbound", where)
        )
    values: dict[str, None] = {}
    for item in element.findall("item"):
        value = attribute(item, "value", f"{where}: item {len(values) + 1}")
        if value in values:
            warn_about(path, f"issue {name!r} lists {shown(value)} twice, kept once")
        values[value] = None
    return Issue.choice(name, values)


def _read_profile(path: Path, party: str, issues: list[_GeniusIssue], space: OutcomeSpace) -> Party:
    root = read_xml(path)
    if is_nonlinear(root):
        utility = read_nonlinear(root, path, {known.index: known.issue for known in issues})
        with placed(str(path)):
            utility.check(space)
            return _with_setting(root, path, party, utility)
    objective = root.find("objective")
    if objective is None:
        raise FileFormatError(f"{path}: expected an objective, got <{root.tag}>")
    evaluated: dict[int, tuple[Element, Element]] = {}
    for element, node in _issue_elements(objective):
        index = whole(element, "index", f"{path}: issue {len(evaluated) + 1}")
        if index in evaluated:
            raise FileFormatError(f"{path}: issue index {index}: expected a new index")
        evaluated[index] = element, node
    values, weights = {}, {}
    with placed(str(path)):
        for known in issues:
            where = f"{path}: issue index {known.index} ({shown(known.issue.name)})"
            if known.index not in evaluated:
                raise FileFormatError(f"{where}: expected this issue of the domain, got none")
            element, node = evaluated[known.index]
            values[known.issue.name] = _worths(element, known.issue, where, path)
            weights[known.issue.name] = _weight(node, known.index, where)
        additive = AdditiveUtility(values, weights)
        additive.check(space)
        if sum(float(term.worths.max()) for term in additive.terms(space)) > 1.0 + 1e-9:
            additive = AdditiveUtility(values, weights, ceiling=1.0)
        return _with_setting(root, path, party, additive)


def _with_setting(root: Element, path: Path, party: str, utility: Utility) -> Party:
    """Make the party with its reservation value and its discount factor."""
    reservation, discount = root.find("reservation"), root.find("discount_factor")
    value = None
    if reservation is not None and "value" in reservation.attrib:
        value = number(reservation, "value", f"{path}: reservation")
    factor = 1.0
    if discount is not None and "value" in discount.attrib:
        factor = number(discount, "value", f"{path}: discount_factor")
    # GENIUS takes a factor out of range to mean none
    if not 0.0 < factor < 1.0:
        return Party(party, utility, reservation_value=value)
    return Party(
        party,
        utility,
        reservation_value=value,
        discount_factor=factor,
        discount_per="session",
    )


def _weight(node: Element, index: int, where: str) -> float:
    """Return the weight of an issue, which stands beside it in the same objective."""
    for element in node.findall("weight"):
        if element.get("index", "").strip() == str(index):
            weight = number(element, "value", f"{where}: weight")
            if weight < 0:
                raise FileFormatError(f"{where}: weight: expected a number >= 0, got {weight!r}")
            return weight
    raise FileFormatError(f"{where}: expected a weight, got none")


def _worths(
    element: Element, issue: Issue, where: str, path: Path
) -> Table | Linear | PiecewiseLinear:
    if issue.kind == "choice":
        return _normalised_table(element, issue, where, path)
    evaluator = element.find("evaluator")
    if evaluator is None:
        raise FileFormatError(f"{where}: expected an evaluator, got none")
    shape = evaluator.get("ftype", "linear").strip().lower()
    if issue.kind == "integer" and shape == "linear":
        slope, offset = number(evaluator, "slope", where), number(evaluator, "offset", where)
        return _clipped_line(issue, slope, offset, start=number(element, "lowerbound", where))
    if issue.kind == "continuous":
        if shape == "linear":
            slope, offset = (number(evaluator, f"parameter{i}", where) for i in (1, 0))
            return _clipped_line(issue, slope, offset, start=0.0)
        if shape == "constant":
            constant = number(evaluator, "parameter0", where)
            return Linear(constant, constant)
        if shape == "triangular":
            low, high, top = (number(evaluator, f"parameter{i}", where) for i in range(3))
            return _triangle(issue, low, high, top, where)
    raise FileFormatError(f"{where}: ftype: expected one that GENIUS has, got {shown(shape)}")


def _normalised_table(element: Element, issue: Issue, where: str, path: Path) -> Table:
    evaluations: dict[str, float] = {}
    for item in element.findall("item"):
        value = attribute(item, "value", where)
        given = number(item, "evaluation", f"{where}: {shown(value)}")
        if evaluations.get(value, given) != given:
            warn_about(
                path, f"issue {issue.name!r} evaluates {shown(value)} twice, the last counts"
            )
        evaluations[value] = given
    for known in issue.values:
        if known not in evaluations:
            raise FileFormatError(f"{where}: {shown(known)}: expected an evaluation, got none")
    largest = max(evaluations.values())
    if largest < LEAST_EVALUATION:
        return Table(dict.fromkeys(issue.values, 0.0))
    return Table({value: evaluations[str(value)] / largest for value in issue.values})


def _clipped_line(
    issue: Issue, slope: float, offset: float, *, start: float
) -> Linear | PiecewiseLinear:
    """Return slope * (v - start) + offset, kept within 0 and 1."""
    low, high = issue.bounds
    ends = [slope * (position - start) + offset for position in (low, high)]
    at_low, at_high = (min(max(worth, 0.0), 1.0) for worth in ends)
    if [at_low, at_high] == ends or at_low == at_high:
        return Linear(at_low, at_high)
    corners = [(start + (worth - offset) / slope, worth) for worth in (0.0, 1.0)]
    inside = [(position, worth) for position, worth in corners if low < position < high]
    return PiecewiseLinear([(low, at_low), *sorted(inside), (high, at_high)])


def _triangle(
    issue: Issue, low: float, high: float, top: float, where: str
) -> Linear | PiecewiseLinear:
    """Return 0 up to `low`, a line to 1 at `top`, a line to 0 at `high`, 0 beyond."""
    first, last = issue.bounds
    if not low <= top <= high or (first < low == top) or (top == high < last):
        raise FileFormatError(
            f"{where}: triangular: expected low < top < high, got {low:g}, {top:g}, {high:g}"
        )
    flat = dict.fromkeys((low, high, min(first, low), max(last, high)), 0.0)
    return PiecewiseLinear(sorted({**flat, top: 1.0}.items()))
