from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

import bargain as bg
from bargain.errors import FileFormatError
from bargain.files import packaged_names
from bargain.files.own import problem_to_dict, schema_text
from bargain.files.syntax import parse_yaml
from tests.files.brute_force import frontier, nash

NAMES = (
    "bill_and_jack",
    "chair",
    "divide_the_dollar",
    "employment",
    "framework_contract",
    "lamp",
    "rental",
    "supply_contract",
    "table",
)


def test_the_packaged_problems_are_these():
    assert packaged_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_problem_says_its_name_its_source_and_its_units(name):
    problem = bg.load(name)
    assert problem.name == name
    assert problem.source
    assert all(issue.unit for issue in problem.space.issues if issue.is_numeric)


@pytest.mark.parametrize("name", NAMES)
def test_a_packaged_problem_and_its_rewriting_are_valid_by_the_schema(name):
    schema = json.loads(files("bargain").joinpath("files", "problem.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = files("bargain").joinpath("library", f"{name}.yaml").read_text("utf-8")
    # through JSON, which makes text of the keys of tables
    validator.validate(json.loads(json.dumps(parse_yaml(text, name))))
    validator.validate(problem_to_dict(bg.load(name)))


def test_the_published_schema_is_the_current_one():
    published = files("bargain").joinpath("files", "problem.schema.json").read_text("utf-8")
    assert published == schema_text(), (
        "regenerate: python -c 'from bargain.files.own import schema_text; "
        'print(schema_text(), end="")\' > bargain/files/problem.schema.json'
    )


@pytest.mark.parametrize(
    "change",
    [
        {"bargain": 2},
        {"colour": "red"},
        {"constraints": [{"if": {}, "then": {}}]},
        {"constraints": [{"if": {"price": 1}}]},
        {"constraints": [{"forbid": {"price": 40}, "require": {"price": 41}}]},
        {"constraints": [{"forbid": {"price": 40}, "if": {"price": 41}}]},
        {"constraints": [{"require": {"price": []}}]},
        {"constraints": [{"require": {"price": {"from": 1}}}]},
        {"constraints": [{"require": {"price": {}}}]},
        {"constraints": [{"budget": {"coefficients": {"price": 1}}}]},
        {"constraints": [{"budget": {"coefficients": {}, "at_most": 1}}]},
        {"constraints": [{"name": "nothing"}]},
        {"issues": [{"name": "price", "low": 0}]},
        {"issues": [{"name": "price", "low": 0, "high": 1, "values": [0, 1]}]},
        {"issues": [{"name": "price", "values": []}]},
        {"issues": [{"name": "price", "low": 0, "high": 1, "step": 0}]},
        {"issues": [{"name": " ", "low": 0, "high": 1}]},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(change):
    from bargain.files.own import problem_from_dict

    schema = json.loads(schema_text())
    data = {**problem_to_dict(bg.load("chair")), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
    with pytest.raises(FileFormatError):
        problem_from_dict(data)


def test_rental_has_the_published_payoffs():
    problem = bg.load("rental")
    utilities = problem.utilities()
    assert problem.parties == ("landlord", "tenant")
    assert len(problem.space) == 625
    assert len(rational_frontier(problem)) == 13
    assert utilities.sum(axis=1).max() == 6200
    assert (utilities.sum(axis=1) == 6200).sum() == 5
    assert nash(utilities, problem.disagreement_point).tolist() == [3100, 3100]
    middle = [issue.values[2] for issue in problem.space.issues]
    assert problem.evaluate(middle).tolist() == [2600, 2600]


def test_employment_has_the_published_payoffs():
    problem = bg.load("employment")
    utilities = problem.utilities()
    assert problem.parties == ("consultant", "firm")
    assert problem.disagreement_point.tolist() == [500, 500]
    assert len(rational_frontier(problem)) == 21
    assert utilities.sum(axis=1).max() == 4800
    assert (utilities.sum(axis=1) == 4800).sum() == 5
    found = nash(utilities, problem.disagreement_point)
    assert found.tolist() == [2400, 2400]
    assert (found - 500).prod() == 3_610_000
    middle = [issue.values[2] for issue in problem.space.issues]
    assert problem.evaluate(middle).tolist() == [2100, 2100]


@pytest.mark.parametrize(
    ("name", "seller", "buyer", "price"),
    [("chair", 40, 120, 80), ("table", 100, 200, 150), ("lamp", 10, 60, 35)],
)
def test_a_price_between_two_alternatives_leaves_both_better_off(name, seller, buyer, price):
    problem = bg.load(name)
    assert problem.parties == ("seller", "buyer")
    assert problem.disagreement_point.tolist() == [0, 0]
    assert problem.evaluate([seller]) == pytest.approx([0, buyer - seller])
    assert problem.evaluate([buyer]) == pytest.approx([buyer - seller, 0])
    assert problem.evaluate([price]) == pytest.approx([(buyer - seller) / 2] * 2)


def test_bill_and_jack_start_from_what_they_own():
    problem = bg.load("bill_and_jack")
    assert problem.disagreement_point.tolist() == [12, 6]
    found = nash(problem.utilities(), problem.disagreement_point) - problem.disagreement_point
    assert found.tolist() == [12, 5]


def test_the_dollar_is_shared_or_lost():
    problem = bg.load("divide_the_dollar")
    assert problem.evaluate([0.25]).tolist() == [0.25, 0.75]
    assert problem.disagreement_point.tolist() == [0, 0]


def test_the_supply_contract_has_real_trades():
    problem = bg.load("supply_contract")
    assert all(issue.kind == "continuous" for issue in problem.space.issues)
    for profile in problem.profiles:
        assert sum(profile.utility.weights.values()) == pytest.approx(1.0)
    for terms in problem.terms:
        assert all(term.is_concave for term in terms)
        assert sum(term.worths.max() for term in terms) == pytest.approx(1.0)
        assert sum(term.worths.min() for term in terms) < 0.05
    middle = problem.evaluate([sum(issue.bounds) / 2 for issue in problem.space.issues])
    traded = problem.evaluate(
        {
            "price": 107.5,
            "payment": 90,
            "volume": 5000,
            "warranty": 24,
            "lead_time": 20,
            "rebate": 6,
        }
    )
    assert (middle > problem.disagreement_point).all()
    assert (traded > middle + 0.05).all()


def test_the_framework_contract_may_not_be_what_it_would_be():
    problem = bg.load("framework_contract")
    free = bg.BargainingProblem(problem.space, problem.profiles)
    wished = bg.nash_solution(free).outcome
    assert [constraint.name for constraint in problem.broken_by(wished)] == ["refinancing"]
    for o in problem.space:
        small = o["volume"] <= 2000 and o["tool"] != "buyer pays"
        allowed = o["payment"] != 90 or o["price"] >= 116
        allowed = allowed and not small and o["payment"] + 10 * o["warranty"] <= 380
        assert (problem.broken_by(o) == ()) == (allowed and o["warranty"] >= 24)
    for constraint in problem.constraints:
        # none of them follows from the others
        others = [each for each in problem.constraints if each is not constraint]
        wider = bg.BargainingProblem(problem.space, problem.profiles, constraints=others)
        assert len(wider.allowed_rows) > len(problem.allowed_rows)


def test_an_unknown_name_gets_the_list_of_names():
    with pytest.raises(
        FileFormatError, match=r"one of bill_and_jack, .*got 'rentl' \(did you mean"
    ):
        bg.load("rentl")


def test_a_path_is_never_taken_for_a_packaged_name(tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileFormatError, match="got 'rental'"):
        bg.load(Path("rental"))


def rational_frontier(problem: bg.BargainingProblem) -> np.ndarray:
    utilities = problem.utilities()
    return frontier(utilities[(utilities >= problem.disagreement_point).all(axis=1)])
