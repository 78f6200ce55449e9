"""NegoLog profiles in JSON, one a party: numbers are taken as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bargain.errors import FileFormatError, shown
from bargain.files import plain
from bargain.files.parties import file_names, party_names
from bargain.files.places import placed, some, within
from bargain.files.refusals import (
    additive,
    refuse_constraints,
    refuse_discounts,
    refused,
    worth_of_values,
)
from bargain.files.syntax import write_json
from bargain.files.tables import matched_table
from bargain.model import AdditiveUtility, BargainingProblem, Issue, Party


def read_negolog(profiles: Sequence[tuple[Path, Any]]) -> BargainingProblem:
    """Build a problem from NegoLog profiles: pairs of a path and the JSON data read from it.

    The first profile fixes the order of issues and values. Parties are named after their files.
    """
    (first, data), *_ = profiles
    names = party_names([path for path, _ in profiles])
    issues: list[Issue] = []
    where = f"{first}: issues"
    for name, worths in plain.mapping(plain.member(data, "issues", str(first)), where).items():
        values = plain.mapping(worths, within(where, name))
        with placed(within(where, name)):
            issues.append(Issue.choice(name, values))
    parties = [
        _party(path, data, party, issues)
        for (path, data), party in zip(profiles, names, strict=True)
    ]
    with placed(str(first)):
        return BargainingProblem(issues, parties, name=first.parent.name)


def negolog_texts(problem: BargainingProblem) -> dict[str, str]:
    """Return the NegoLog files of a problem, text by file name, one a party.

    Values become text. A disagreement outcome becomes the reservation value that it stands for.

    Raises
    ------
    UnsupportedProblemError
        If the problem has continuous issues, constraints, ceilings, discounts or costs of waiting.
    """
    refuse_discounts(problem, "NegoLog")
    refuse_constraints(problem, "NegoLog")
    texts = {}
    names = file_names(problem.parties, ".json")
    for i, (party, name) in enumerate(zip(problem.profiles, names, strict=True)):
        if additive(party, "NegoLog").ceiling is not None:
            raise refused("NegoLog", f"the ceiling of {party.name!r}")
        worths = worth_of_values(problem, party, "NegoLog")
        weights = additive(party, "NegoLog").weights
        texts[name] = write_json(
            {
                "reservationValue": float(problem.disagreement_point[i]),
                "issueWeights": {issue: weights.get(issue, 1.0) for issue in problem.space.names},
                "issues": {
                    issue: {str(value): worth for value, worth in listed.items()}
                    for issue, listed in worths.items()
                },
            }
        )
    return texts


def _party(path: Path, data: Any, name: str, issues: Sequence[Issue]) -> Party:
    listed = plain.mapping(plain.member(data, "issues", str(path)), f"{path}: issues")
    weights = plain.mapping(plain.member(data, "issueWeights", str(path)), f"{path}: issueWeights")
    known = [issue.name for issue in issues]
    _check_names(listed, known, f"{path}: issues")
    _check_names(weights, known, f"{path}: issueWeights")
    values = {}
    for issue in issues:
        where = within(f"{path}: issues", issue.name)
        worths = {
            value: plain.number(worth, within(where, value))
            for value, worth in plain.mapping(listed[issue.name], where).items()
        }
        with placed(where):
            values[issue.name] = matched_table(worths, issue)
    reservation = plain.number(data.get("reservationValue", 0.0), f"{path}: reservationValue")
    checked = {
        issue: plain.number(weight, within(f"{path}: issueWeights", issue))
        for issue, weight in weights.items()
    }
    with placed(f"{path}: issueWeights"):
        return Party(name, AdditiveUtility(values, checked), reservation_value=reservation)


def _check_names(listed: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for name in listed:
        if name not in known:
            raise FileFormatError(f"{where}: expected the issues {some(known)}, got {shown(name)}")
    for name in known:
        if name not in listed:
            raise FileFormatError(f"{where}: expected issue {name!r}, got nothing")
