"""Problems to GeniusWeb JSON: a domain and a profile for each party."""

from __future__ import annotations

from typing import Any

from bargain.files.geniusweb import PROFILE_KEY
from bargain.files.parties import file_names
from bargain.files.refusals import (
    additive,
    refuse_constraints,
    refuse_discounts,
    refused,
    worths_of_issue,
)
from bargain.files.syntax import write_json
from bargain.model import BargainingProblem, Issue, Linear, Outcome, Party


def geniusweb_texts(problem: BargainingProblem) -> dict[str, str]:
    """Return the GeniusWeb files of a problem, text by file name: a domain, then the profiles.

    Whole numbers in steps stay a range; other values become text. Utilities stay the same.

    Raises
    ------
    UnsupportedProblemError
        If the problem has continuous issues, discounts or costs of waiting, constraints, ceilings,
        reservation values that are not the worth of an outcome, worths outside 0 to 1, or weights
        that do not sum to 1.
    """
    refuse_discounts(problem, "GeniusWeb")
    refuse_constraints(problem, "GeniusWeb")
    domain = {
        "name": problem.name or "domain",
        "issuesValues": {issue.name: _values(issue) for issue in problem.space.issues},
    }
    texts = {"domain.json": write_json(domain)}
    names = file_names(problem.parties, ".json")
    for party, name in zip(problem.profiles, names, strict=True):
        profile = _profile(party, problem.space.issues, domain)
        texts[name] = write_json({PROFILE_KEY: profile})
    return texts


def _values(issue: Issue) -> dict[str, Any]:
    if issue.kind == "integer":
        return {"range": {"low": issue.low, "high": issue.high, "step": issue.step}}
    return {"values": [str(value) for value in issue.values]}


def _profile(party: Party, issues: tuple[Issue, ...], domain: dict[str, Any]) -> dict[str, Any]:
    if additive(party, "GeniusWeb").ceiling is not None:
        raise refused("GeniusWeb", f"the ceiling of {party.name!r}")
    if party.reservation_value:
        raise refused(
            "GeniusWeb", f"the reservation value of {party.name!r}, only a disagreement outcome"
        )
    weights = {
        issue.name: additive(party, "GeniusWeb").weights.get(issue.name, 1.0) for issue in issues
    }
    total = sum(weights.values())
    if abs(total - 1.0) > 1e-9:
        raise refused("GeniusWeb", f"the weights of {party.name!r}, which sum to {total:g}")
    return {
        "name": party.name,
        "issueUtilities": {issue.name: _worths(issue, party) for issue in issues},
        "issueWeights": weights,
        "domain": domain,
        "reservationBid": _bid(party.disagreement, issues),
    }


def _bid(outcome: Outcome | None, issues: tuple[Issue, ...]) -> dict[str, Any] | None:
    if outcome is None:
        return None
    settled = {
        issue.name: outcome[issue.name] if issue.kind == "integer" else str(outcome[issue.name])
        for issue in issues
    }
    return {"issuevalues": settled}


def _worths(issue: Issue, party: Party) -> dict[str, Any]:
    worths = worths_of_issue(issue, party, "GeniusWeb")
    if not all(0.0 <= worth <= 1.0 for worth in worths.values()):
        raise refused(
            "GeniusWeb", f"what issue {issue.name!r} is worth to {party.name!r} outside 0 to 1"
        )
    function = additive(party, "GeniusWeb").values.get(issue.name)
    if issue.kind == "integer" and isinstance(function, Linear) and issue.size > 1:
        line = {
            "lowValue": issue.low,
            "lowUtility": function.at_low,
            "highValue": issue.high,
            "highUtility": function.at_high,
        }
        return {"NumberValueSetUtilities": line}
    listed = {str(value): worth for value, worth in worths.items()}
    return {"DiscreteValueSetUtilities": {"valueUtilities": listed}}
