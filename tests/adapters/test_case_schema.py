"""The JSON Schema of the case file says what the reader says, as far as a schema can."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib.resources import files

import jsonschema
import pytest

import bargain as bg
from bargain.files.syntax import parse_yaml
from tests.adapters.test_case_files import RENTAL, WRONG
from tests.adapters.tool_cases import CASE, folder_of

SCHEMA = bg.case_schema()

GOOD = {
    "parts": CASE,
    "least": RENTAL,
    "party by position": RENTAL.replace("tenant", "1"),
    "several files": RENTAL.replace("problem: rental", "problem: [rental]"),
    "everything": RENTAL + """
policy: {kind: adaptive, beta: 0.3, conceded: [0.1, 0.5], by: smith,
  acceptance: {kind: accept_any, conditions: [{kind: accept_next}, {kind: accept_after, time: 1}]}}
clock: {opens: 2026-03-01T09:00Z, closes: 2026-03-03T09:00Z, skew: 60, respond_within: 3600}
limits:
  reservation: null
  floor: 1500
  allowed: {rent: [3100, 3300], length: 1 month, deposit: {at_most: 2000}}
  forbidden: [{length: 2 years}, {rent: 3300, deposit: {at_least: 1500, at_most: 2500}}]
  largest_concession: 0
  approval_below: 1600
  approval_for: [{start: May 1}]
other: unknown
packages: 1
about: A flat.
words: [Ada, Jürgen]
history: [{party: landlord, outcome: {rent: 3900, deposit: 2500, start: May 1, length: 1 year}}]
""",
    "a grid": "{bargain_case: 1, problem: supply_contract, party: 0, deadline: 9, grid: 5}",
    "a clock alone": "{bargain_case: 1, problem: rental, party: tenant, "
    "clock: {opens: 2026-03-01T09:00Z, closes: 2026-03-03T09:00Z}}",
}  # fmt: skip

BEYOND = {
    "no yaml", "nobody", "no policy", "policy outside", "policy missing", "problem missing",
    "problem outside", "problem by its full path", "problem hidden", "problem is a case",
    "floor out of reach", "limit is nan", "limit of no issue",
    "script of nothing", "script beyond the limits", "clock without a zone",
    "words with digits", "history of nobody", "history of nothing", "other",
}  # fmt: skip
"""Mistakes that only the problem, other files or a class tell."""


def is_valid(text):
    # through JSON, as editors see it
    data = json.loads(json.dumps(parse_yaml(text, "case")))
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_the_published_schema_is_the_current_one():
    text = files("bargain.adapters.tools").joinpath("case.schema.json").read_text("utf-8")
    assert text == json.dumps(SCHEMA, indent=2) + "\n", (
        "regenerate: python -c 'import json, bargain as bg; "
        "print(json.dumps(bg.case_schema(), indent=2))' > bargain/adapters/tools/case.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_limits_of_the_schema_are_those_of_the_class():
    told = SCHEMA["properties"]["limits"]["properties"]
    assert list(told) == [each.name for each in fields(bg.Limits)]


def test_the_policies_of_the_schema_are_those_of_the_policy_file():
    kinds = bg.policy_schema()["$defs"]
    for name, kind in SCHEMA["$defs"].items():
        if name in kinds:
            assert kind == kinds[name]
    for one in SCHEMA["$defs"]["Policy"]["oneOf"]:
        assert one["$ref"].removeprefix("#/$defs/") in kinds


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_is_read_is_valid(tmp_path, text):
    folder_of(tmp_path)
    (tmp_path / "x.case.yaml").write_text(text.replace("[rental]", "[flat.yaml]"), "utf-8")
    bg.save(bg.load("rental"), tmp_path / "flat.yaml")
    assert list(bg.load_cases(tmp_path, only=["x"])) == ["x"]
    assert is_valid(text)


@pytest.mark.parametrize("name", sorted(set(WRONG) - BEYOND))
def test_what_is_refused_is_invalid(name):
    assert not is_valid(WRONG[name][0])


@pytest.mark.parametrize("name", sorted(BEYOND - {"no yaml", "limit is nan"}))
def test_what_only_the_reader_can_tell_is_valid(name):
    """Where a schema comes to tell one of these, it belongs among the invalid ones."""
    assert is_valid(WRONG[name][0])


@pytest.mark.parametrize(
    "more",
    [
        "grid: 1", "grid: 1.5", "packages: 0", "deadlines: 3", "about: 7", "words: Ada",
        "words: ['']", "clock: 3", "clock: {opens: a, closes: b, skew: -1}",
        "clock: {opens: a, closes: b, respond_within: 0}", "limits: []",
        "limits: {forbidden: {rent: 3100}}", "limits: {forbidden: [{}]}",
        "limits: {largest_concession: -1}", "limits: {allowed: {rent: {around: 3}}}",
        "limits: {allowed: {rent: []}}", "policy: {kind: nothing}", "policy: {beta: 1}",
        "policy: {kind: time_dependent, beta: 0}", "policy: ' '", "policy: 3", "other: 3",
        "history: {}", "history: [3]", "history: [{party: tenant}]",
        "history: [{party: tenant, outcome: {rent: null}}]",
    ],
)  # fmt: skip
def test_the_reader_and_the_schema_refuse_the_same(tmp_path, more):
    assert is_valid(RENTAL)
    assert not is_valid(RENTAL + more)
    (tmp_path / "x.case.yaml").write_text(RENTAL + more)
    with pytest.raises(bg.FileFormatError, match=rf"^x\.case\.yaml: {more.split(':')[0]}"):
        bg.load_cases(tmp_path)
