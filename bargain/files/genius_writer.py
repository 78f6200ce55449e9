"""Problems to GENIUS XML: a domain and a linear profile for each party."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bargain.errors import UnsupportedProblemError
from bargain.files.parties import file_names
from bargain.files.refusals import (
    additive,
    refuse_constraints,
    refuse_costs,
    refused,
    worths_of_issue,
)
from bargain.model import BargainingProblem, Issue, Linear, Party, PiecewiseLinear, Value

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TOLERANCE = 1e-12


def genius_texts(problem: BargainingProblem) -> dict[str, str]:
    """Return the GENIUS files of a problem, text by file name: a domain, then the profiles.

    GENIUS divides evaluations by the largest of their issue, so they are written with a largest
    of 1, and weights make up for it. Reading the files back gives the same utilities to 1e-12.
    Values become text, except for whole numbers in steps of 1 that every party values along a
    line. A disagreement outcome becomes the reservation value that it stands for.

    Raises
    ------
    UnsupportedProblemError
        Naming what GENIUS cannot say: utilities above 1 (unless 1 is the ceiling), issues whose
        largest worth is negative, utilities that are not additive, constraints, chains of lines or
        curves over continuous issues, discounts per round, fixed costs of waiting.
    """
    refuse_constraints(problem, "GENIUS")
    refuse_costs(problem, "GENIUS")
    integers = {issue.name for issue in problem.space.issues if _stays_integer(issue, problem)}
    root = Element("negotiation_template")
    space = SubElement(root, "utility_space", number_of_issues=str(len(problem.space.issues)))
    objective = _objective(space, problem)
    for index, issue in enumerate(problem.space.issues, start=1):
        _add_issue(objective, index, issue, issue.name in integers)
    texts = {"domain.xml": _text(root)}
    names = file_names(problem.parties, ".xml")
    for i, (party, name) in enumerate(zip(problem.profiles, names, strict=True)):
        reservation = float(problem.disagreement_point[i])
        texts[name] = _text(_profile(problem, party, reservation, integers))
    return texts


def _stays_integer(issue: Issue, problem: BargainingProblem) -> bool:
    functions = [additive(party, "GENIUS").values.get(issue.name) for party in problem.profiles]
    lines = all(
        isinstance(function, Linear) and min(function.at_low, function.at_high) >= 0
        for function in functions
    )
    return issue.kind == "integer" and issue.step == 1 and lines


def _objective(parent: Element, problem: BargainingProblem) -> Element:
    return SubElement(
        parent,
        "objective",
        index="0",
        name=problem.name or "domain",
        description="",
        type="objective",
        etype="objective",
    )


def _add_issue(objective: Element, index: int, issue: Issue, is_integer: bool) -> Element:
    kind = "integer" if is_integer else "discrete" if issue.is_finite else "real"
    element = SubElement(
        objective, "issue", index=str(index), name=issue.name, vtype=kind, type=kind, etype=kind
    )
    if kind == "real":
        low, high = issue.bounds
        SubElement(element, "range", lowerbound=repr(low), upperbound=repr(high))
    elif kind == "integer":
        element.set("lowerbound", str(issue.low))
        element.set("upperbound", str(issue.high))
    elif kind == "discrete":
        for position, value in enumerate(issue.values, start=1):
            SubElement(element, "item", index=str(position), value=str(value))
    return element


def _profile(
    problem: BargainingProblem, party: Party, reservation: float, integers: set[str]
) -> Element:
    if party.discount_factor != 1.0 and party.discount_per != "session":
        raise refused("GENIUS", f"the discount factor per round of {party.name!r}")
    _refuse_high_utilities(problem, party)
    root = Element("utility_space")
    objective = _objective(root, problem)
    for index, issue in enumerate(problem.space.issues, start=1):
        element = _add_issue(objective, index, issue, issue.name in integers)
        weight = additive(party, "GENIUS").weights.get(issue.name, 1.0)
        if issue.name in integers or not issue.is_finite:
            scale = _add_line(element, issue, party)
        else:
            scale = _add_evaluations(element, issue, party)
        SubElement(objective, "weight", index=str(index), value=repr(weight * scale))
    SubElement(root, "discount_factor", value=repr(party.discount_factor))
    SubElement(root, "reservation", value=repr(reservation))
    return root


def _refuse_high_utilities(problem: BargainingProblem, party: Party) -> None:
    terms = additive(party, "GENIUS").terms(problem.space)
    largest = sum(float(term.worths.max()) for term in terms)
    ceiling = additive(party, "GENIUS").ceiling
    if ceiling is not None and ceiling < largest and ceiling != 1.0:
        raise refused("GENIUS", f"the ceiling of {party.name!r} at {ceiling:g}, only at 1")
    if ceiling is None and largest > 1.0 + 1e-9:
        raise refused("GENIUS", f"utilities above 1 (those of {party.name!r} reach {largest:g})")


def _add_evaluations(element: Element, issue: Issue, party: Party) -> float:
    """Write evaluations with a largest of 1, and return what they were divided by."""
    worths = worths_of_issue(issue, party, "GENIUS")
    scale = _scale(worths, issue, party)
    for item, worth in zip(element.findall("item"), worths.values(), strict=True):
        item.set("evaluation", repr(worth / scale))
    return scale


def _scale(worths: Mapping[Value, float], issue: Issue, party: Party) -> float:
    largest = max(worths.values())
    if largest > 0:
        return largest
    if min(worths.values()) < 0:
        raise refused(
            "GENIUS",
            f"what issue {issue.name!r} is worth to {party.name!r}: at most {largest:g}",
        )
    return 1.0


def _add_line(element: Element, issue: Issue, party: Party) -> float:
    """Write a line within 0 and 1, and return what it was divided by."""
    function = additive(party, "GENIUS").values.get(issue.name, Linear(0.0, 0.0))
    what = f"what issue {issue.name!r} is worth to {party.name!r}"
    if not isinstance(function, Linear):
        shape = "a chain of lines"
        if not isinstance(function, PiecewiseLinear):
            shape = f"a {type(function).__name__.lower()} curve"
        raise refused("GENIUS", f"{what}: {shape} over a continuous issue")
    if min(function.at_low, function.at_high) < 0:
        raise refused("GENIUS", f"{what}: a negative worth on a line")
    scale = max(function.at_low, function.at_high, 1.0)
    at_low, at_high = function.at_low / scale, function.at_high / scale
    low, high = issue.bounds
    slope = (at_high - at_low) / (high - low) if high > low else 0.0
    if issue.is_finite:
        SubElement(element, "evaluator", ftype="linear", slope=repr(slope), offset=repr(at_low))
        return scale
    intercept = at_low - slope * low
    if abs(slope * high + intercept - at_high) > _TOLERANCE:
        raise refused("GENIUS", f"{what}: a line this far from 0")
    SubElement(
        element, "evaluator", ftype="linear", parameter0=repr(intercept), parameter1=repr(slope)
    )
    return scale


def _text(root: Element) -> str:
    for element in root.iter():
        for value in element.attrib.values():
            found = _NOT_XML.search(value)
            if found:
                raise UnsupportedProblemError(
                    f"GENIUS cannot express the character {found[0]!a} in {value!a}"
                )
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
