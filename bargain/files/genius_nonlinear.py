"""Nonlinear GENIUS profiles: worths of hyper-rectangles, read as GENIUS 10.4 reads them.

Its own reader takes one function (the first), in a rectangle the bounds of one kind (those that
exclude, where both occur), and cuts the sum off at 1 after dividing it by `maxutility`. What a
function within a function is worth counts times its weight; the weight of the outermost does not.
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
        For functions that are not sums: minima and maxima.
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
    for count, (element, factor) in enumerate(_rectangles(functions[0], path), start=1):
        where = f"{path}: hyperRectangle {count}"
        with placed(where):
            rectangles.append(_rectangle(element, where, issues, factor))
    with placed(f"{path}: utility"):
        return HyperRectangleUtility(rectangles, scale=scale, ceiling=1.0)


def _rectangles(function: Element, path: Path) -> Iterator[tuple[Element, float]]:
    """Yield the rectangles of a function and of those within it, which must all be sums.

    With each comes what it is multiplied by: the weights of the functions around it.
    """
    if _weight(function, path) != 1.0:
        warn_about(path, "a weight of the outermost function (ufun), which does not count")
    # a stack of our own: files nest as deep as they like
    stack = [(function, 1.0)]
    while stack:
        node, factor = stack.pop()
        aggregation = node.get("aggregation", "sum").strip().lower()
        if aggregation not in ("sum", "min", "max"):
            raise FileFormatError(
                f"{path}: ufun: aggregation: expected sum, min or max, got {shown(aggregation)}"
            )
        if aggregation != "sum":
            raise UnsupportedProblemError(
                f"{path}: ufun: aggregation: expected sum, got {aggregation}"
            )
        yield from ((each, factor) for each in node.findall("hyperRectangle"))
        inner = [(each, factor * _weight(each, path)) for each in node.findall("ufun")]
        stack.extend(reversed(inner))


def _weight(function: Element, path: Path) -> float:
    return number(function, "weight", f"{path}: ufun") if "weight" in function.attrib else 1.0


def _rectangle(
    element: Element, where: str, issues: Mapping[int, Issue], factor: float
) -> HyperRectangle:
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
    # the factor may be below 0, which a weight may not
    worth = number(element, "utility", where) * factor
    return HyperRectangle(worth, bounds, weight=weight, outside=bool(outside))
