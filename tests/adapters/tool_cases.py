"""A case whose private numbers are unlike any public one, and what a model would do with tools."""

from __future__ import annotations

import json
import re
from pathlib import Path

import bargain as bg

SUPPLY = """
bargain: 1
name: supply
issues:
  - {name: price, unit: EUR/unit, low: 80, high: 120, step: 5}
  - {name: payment, unit: days, values: [30, 45, 60, 90]}
  - {name: warranty, values: [none, one year, two years]}
parties:
  - name: buyer
    reservation_value: 0.37193
    utility:
      additive:
        price: {weight: 0.51379, linear: [1, 0]}
        payment: {weight: 0.29317, table: {30: 0, 45: 0.41937, 60: 0.71397, 90: 1}}
        warranty: {weight: 0.19304, table: {none: 0, one year: 0.61379, two years: 1}}
  - name: supplier
    reservation_value: 0.21739
    utility:
      additive:
        price: {weight: 0.61793, linear: [0, 1]}
        payment: {weight: 0.21397, table: {30: 1, 45: 0.63719, 60: 0.41793, 90: 0}}
        warranty: {weight: 0.16810, table: {none: 1, one year: 0.51973, two years: 0}}
constraints:
  - {name: bank rule, forbid: {payment: 90, price: {at_least: 117}}}
"""

CASE = """
bargain_case: 1
problem: supply.yaml
party: buyer
about: You buy parts for the works in Ghent.
policy: {kind: time_dependent, beta: 1.37931, floor: 0.13971}
deadline: 23
limits: {floor: 0.39719, approval_below: 0.40917, largest_concession: 0.71933}
"""

SECRETS = [
    0.37193, 0.51379, 0.29317, 0.19304, 0.41937, 0.71397, 0.61379, 0.21739, 0.61793, 0.21397,
    0.63719, 0.41793, 0.16810, 0.51973, 1.37931, 0.13971, 0.39719, 0.40917, 0.71933,
]  # fmt: skip
SECRET_WORDS = (
    "bank rule", "reservation", "policy", "deadline", "approval", "utility", ".yaml", ".json",
    "time_dependent", "/", "worth", "below",
)  # fmt: skip
"""What no public text may hold; "/" but in units is part of a path."""


def folder_of(path: Path, **texts: str) -> Path:
    """Write the case `parts`, and other files by their names with "__" for a point."""
    (path / "supply.yaml").write_text(SUPPLY)
    (path / "parts.case.yaml").write_text(CASE)
    for name, text in texts.items():
        (path / name.replace("__", ".")).write_text(text)
    return path


def terms(*values, unit=None, issues=("price", "payment", "warranty")):
    """Return values as a model gives them."""
    return [
        {"issue": issue, "value": value, "unit": unit}
        for issue, value in zip(issues, values, strict=True)
    ]


def offer(party, *values):
    return {"party": party, "terms": terms(*values) if values else None}


def first_package(party, move):
    """Return the entry that a counter becomes in a history."""
    return {"party": party, "terms": move["packages"][0]["terms"]}


def narrated(move):
    """Put a move into words, as a model would."""
    if move["decision"] == "accept":
        return "Agreed."
    if move["decision"] == "walk":
        return "Thank you for the talks. We end them here."
    if move["decision"] == "hold":
        return "Thank you. We await your answer."
    packages = [
        ", ".join(
            f"{term['issue']} {term['value']} {term['unit'] or ''}".strip()
            for term in package["terms"]
        )
        for package in move["packages"]
    ]
    return "We offer " + " or ".join(packages) + "."


def private_numbers(anchor: bg.Anchor) -> list[float]:
    """Return what outcomes are worth, beside the numbers of the files."""
    worths = anchor.problem.utilities().ravel()
    return [*SECRETS, *(float(worth) for worth in worths if worth not in (0.0, 1.0))]


def leaks(text: str, secrets, folder: Path) -> list[str]:
    """Return what a text that a model may see gives away."""
    told = [float(number) for number in re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", text)]
    found = [
        f"{number} is {secret}"
        for number in told
        for secret in secrets
        for scale in (1, 100)
        if abs(number - scale * secret) <= 5e-4 * scale * secret
    ]
    plain = text.replace("EUR/unit", "").lower()
    found += [word for word in SECRET_WORDS if word in plain]
    found += [str(folder)] if str(folder).lower() in plain else []
    return found


def text_of(result) -> str:
    return json.dumps(result, ensure_ascii=False)
