"""Nonlinear GENIUS profiles: worths of hyper-rectangles, read as GENIUS 10.4 reads them.

Its own reader takes one function (the first), in a rectangle the bounds of one kind (those that
exclude, where both occur), and cuts the sum off at 1 after dividing it by `maxutility`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from bargain.errors import FileFormatError, UnsupportedProblemError, shown
from bargain.files.notices import warn_about
from bargain.files.places import placed
from bargain.files.xml_text import number, whole
from bargain.model import HyperRectangle, HyperRectangleUtility, Issue


def is_nonlinear(root: Element) -> bool:
    """Whether a profile says that it is nonlinear, or has what only those have."""
    return root.get("type", "").strip().lower() == "nonlinear" or root.find(".//ufun") is not None


def read_nonlinear(root: Element, path: Path, issues: Mapping[int, Issue]) -> HyperRectangleUtility:
    """Return the utility of a nonlinear profile.

    Parameters
    ----------
    issues : mapping from index to Issue
        The issues of the domain.

    Raises
    ------
    FileFormatError
        Naming the file and the element.
    UnsupportedProblemError
        For functions that are not a plain sum: minima, maxima and weights of functions.
    """
    utility = root.find(".//utility")
    if utility is None:
        raise FileFormatError(f"{path}: expected a utility, got none")
    functions = utility.findall("ufun")
    if not functions:
        raise FileFormatError(f"{path}: utility: expected a ufun, got none")
    if len(functions) > 1:
        warn_about(path, f"{len(functions)} functions (ufun) side by side, the first counts")
    scale = number(utility, "maxutility", f"{path}: utility")
    rectangles = []
    for count, element in enumerate(_rectangles(functions[0], path), start=1):
        where = f"{path}: hyperRectangle {count}"
        with placed(where):
            rectangles.append(_rectangle(element, where, issues))
    with placed(f"{path}: utility"):
        return HyperRectangleUtility(rectangles, scale=scale, ceiling=1.0)


def _rectangles(function: Element, path: Path) -> Iterator[Element]:
    """Yield the rectangles of a function and of those within it, which must all be plain sums."""
    # a stack of our own: files nest as deep as they like
    stack = [function]
    while stack:
        node = stack.pop()
        aggregation = node.get("aggregation", "sum").strip().lower()
        if aggregation not in ("sum", "min", "max"):
            raise FileFormatError(
                f"{path}: ufun: aggregation: expected sum, min or max, got {shown(aggregation)}"
            )
        if aggregation != "sum":
            raise UnsupportedProblemError(
                f"{path}: ufun: aggregation: expected sum, got {aggregation}"
            )
        if "weight" in node.attrib and number(node, "weight", f"{path}: ufun") != 1.0:
            raise UnsupportedProblemError(
                f"{path}: ufun: weight: expected 1, got {shown(node.get('weight'))}"
            )
        yield from node.findall("hyperRectangle")
        stack.extend(reversed(node.findall("ufun")))


def _rectangle(element: Element, where: str, issues: Mapping[int, Issue]) -> HyperRectangle:
    outside = element.findall("EXCLUDES")
    bounds: dict[str, dict[str, int]] = {}
    for bound in outside or element.findall("INCLUDES"):
        index = whole(bound, "index", where)
        if index not in issues:
            raise FileFormatError(f"{where}: expected the index of an issue, got {index}")
        issue = issues[index]
        if issue.kind != "integer":
            raise FileFormatError(
                f"{where}: issue index {index} ({shown(issue.name)}): expected an integer issue, "
                f"got a {issue.kind} one"
            )
        if issue.name in bounds:
            raise FileFormatError(f"{where}: issue index {index}: expected one bound, got two")
        low, high = (whole(bound, end, f"{where}: issue index {index}") for end in ("min", "max"))
        bounds[issue.name] = {"at_least": low, "at_most": high}
    weight = number(element, "weight", where) if "weight" in element.attrib else 1.0
    worth = number(element, "utility", where)
    return HyperRectangle(worth, bounds, weight=weight, outside=bool(outside))
