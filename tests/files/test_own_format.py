from __future__ import annotations

import json
import math

import jsonschema
import numpy as np
import pytest
from hypothesis import given

import bargain as bg
from bargain.errors import FileFormatError
from bargain.files.genius_writer import genius_texts
from bargain.files.geniusweb_writer import geniusweb_texts
from bargain.files.negolog import negolog_texts
from bargain.files.own import problem_from_dict, problem_text, problem_to_dict, schema_text
from bargain.files.syntax import parse_json, parse_yaml, write_json, write_yaml
from bargain.files.tables import matched_value
from bargain.files.text import read_text, write_text
from tests.files.random_problems import problems

CONTRACT = """
bargain: 1
name: contract
source: own case
issues:
  - {name: price, unit: EUR, low: 80, high: 120}
  - {name: rebate, low: 0, high: 0.3, step: 0.1}
  - {name: days, unit: days, low: 30, high: 90, step: 15}
  - {name: warranty, values: [none, 1y, 2y]}
parties:
  - name: buyer
    reservation_value: 0.35
    discount_factor: 0.9
    utility:
      additive:
        price: {weight: 0.5, linear: [1, 0]}
        rebate: {table: {0: 0, 0.1: 0.1, 0.2: 0.15, 0.3: 0.2}}
        days: {weight: 0.3, table: {30: 0, 45: 0.4, 60: 0.7, 75: 0.9, 90: 1}}
        warranty: {weight: 0.2, table: {none: 0, 1y: 0.6, 2y: 1}}
  - name: supplier
    disagreement: {price: 100, rebate: 0.1, days: 60, warranty: none}
    discount_per: session
    cost: 0.125
    cost_per: session
    utility:
      ceiling: 0.9
      additive:
        price: {weight: 0.5, piecewise_linear: [[80, 0], [100, 0.8], [120, 1]]}
        rebate: {linear: [0, -0.2]}
        days: {weight: 0.3, linear: [1, 0]}
        warranty: {weight: 0.2, table: {none: 1, 1y: 0.5, 2y: 0}}
"""
CONSTRAINTS = """
constraints:
  - {if: {days: 90}, then: {price: {at_least: 95}}}
  - {name: no gifts, forbid: {rebate: [0.2, 0.3], warranty: 2y}}
  - {require: {days: {at_least: 45, at_most: 90}}}
  - {budget: {coefficients: {price: 1, days: -0.5}, at_most: 90, at_least: -10}}
"""


@pytest.fixture
def contract():
    return problem_from_dict(parse_yaml(CONTRACT, "contract"))


def test_a_problem_file_means_what_it_says(contract):
    price, rebate, days, warranty = contract.space.issues
    assert (price.kind, price.bounds, price.unit) == ("continuous", (80.0, 120.0), "EUR")
    assert (rebate.kind, rebate.values) == ("choice", (0.0, 0.1, 0.2, 0.3))
    assert (days.kind, days.low, days.high, days.step) == ("integer", 30, 90, 15)
    assert warranty.values == ("none", "1y", "2y")
    assert contract.parties == ("buyer", "supplier")
    assert (contract.name, contract.source) == ("contract", "own case")
    worths = contract.evaluate([100, 0.2, 45, "2y"])
    assert worths == pytest.approx([0.5 * 0.5 + 0.15 + 0.3 * 0.4 + 0.2, 0.4 - 0.4 / 3 + 0.225])
    assert contract.evaluate([120, 0, 30, "none"])[1] == 0.9
    assert contract.disagreement_point == pytest.approx([0.35, 0.4 - 0.2 / 3 + 0.15 + 0.2])
    assert contract.profiles[1].disagreement == {
        "price": 100.0,
        "rebate": 0.1,
        "days": 60,
        "warranty": "none",
    }
    assert contract.profiles[0].discount_factor == 0.9
    assert [party.discount_per for party in contract.profiles] == ["round", "session"]
    assert [party.cost for party in contract.profiles] == [0, 0.125]
    assert [party.cost_per for party in contract.profiles] == ["round", "session"]


def test_a_party_without_a_fallback_gets_0():
    party = {"utility": {"additive": {"x": {"linear": [0, 1]}}}}
    problem = problem_from_dict(
        {
            "bargain": 1,
            "issues": [{"name": "x", "low": 0, "high": 1}],
            "parties": [{"name": "a", **party}, {"name": "b", **party}],
        }
    )
    assert problem.disagreement_point.tolist() == [0.0, 0.0]
    assert problem.discount_factors.tolist() == [1.0, 1.0]
    assert (problem.name, problem.source) == ("", "")


def test_constraints_mean_what_they_say(contract):
    problem = problem_from_dict(parse_yaml(CONTRACT + CONSTRAINTS, "contract"))
    assert problem.constraints == (
        bg.Implication({"days": 90}, {"price": {"at_least": 95}}),
        bg.Forbidden({"rebate": [0.2, 0.3], "warranty": "2y"}, name="no gifts"),
        bg.Mandatory({"days": {"at_least": 45, "at_most": 90}}),
        bg.Budget({"price": 1, "days": -0.5}, at_most=90, at_least=-10),
    )
    assert contract.constraints == ()
    assert "constraints" not in problem_to_dict(contract)
    broken = problem.broken_by([120, 0.2, 30, "2y"])
    assert [str(each) for each in broken] == [
        "no gifts",
        "days is at least 45 and at most 90",
        "1 price + -0.5 days at least -10 and at most 90",
    ]


def test_values_of_constraints_may_be_numbers_or_their_text(contract):
    data = parse_yaml(CONTRACT, "contract")
    data["constraints"] = [
        {"if": {"days": "90", "rebate": ["0.2", 0.3]}, "then": {"price": "95"}},
        {"require": {"days": "45.0"}},
    ]
    assert problem_from_dict(data).constraints == (
        bg.Implication({"days": 90, "rebate": [0.2, 0.3]}, {"price": 95}),
        bg.Mandatory({"days": 45}),
    )


def test_values_are_written_in_the_type_of_their_issue(contract):
    problem = bg.BargainingProblem(
        contract.space,
        contract.profiles,
        constraints=[bg.Mandatory({"days": np.int64(45), "price": np.float32(95)})],
    )
    assert problem_to_dict(problem)["constraints"] == [{"require": {"days": 45, "price": 95.0}}]
    assert json.dumps(problem_to_dict(problem))


def test_a_constraint_of_ones_own_making_is_not_written(contract):
    class Polite:
        name = "be polite"

        def check(self, space): ...

        def clauses(self, space):
            return ()

        def lines(self, space):
            return ()

        def __str__(self):
            return self.name

    problem = bg.BargainingProblem(contract.space, contract.profiles, constraints=[Polite()])
    assert problem.broken_by([100, 0.2, 45, "2y"]) == ()
    with pytest.raises(bg.UnsupportedProblemError, match="cannot express the constraint be polite"):
        problem_to_dict(problem)


@pytest.mark.parametrize("to", ["genius", "geniusweb", "negolog"])
def test_formats_that_know_no_constraints_refuse_them(to, tmp_path):
    with pytest.raises(bg.UnsupportedProblemError, match="cannot express the constraint refinanc"):
        bg.convert("framework_contract", tmp_path / "out", to=to)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".yml", ".JSON"])
@pytest.mark.parametrize("constraints", ["", CONSTRAINTS])
def test_saving_and_loading_give_the_same_problem(tmp_path, suffix, constraints):
    contract = problem_from_dict(parse_yaml(CONTRACT + constraints, "contract"))
    path = tmp_path / f"contract{suffix}"
    bg.save(contract, path)
    assert_same(bg.load(path), contract)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@given(problems())
def test_json_round_trips_are_exact(problem):
    data = problem_to_dict(problem)
    assert_same(problem_from_dict(parse_json(write_json(data), "p.json")), problem)


@given(problems())
def test_yaml_round_trips_are_exact(problem):
    from pathlib import Path

    text = problem_text(problem, Path("p.yaml"))
    assert_same(problem_from_dict(parse_yaml(text, "p.yaml")), problem)


def test_yaml_scalars_are_those_of_version_1_2():
    text = (
        "[yes, no, on, off, true, False, 2026-05-01, 12:30, 1e-3, 1_000, 0x1F, 1., .5, '1', ~, +7]"
    )
    assert parse_yaml(text, "f") == [
        *("yes", "no", "on", "off", True, False, "2026-05-01", "12:30", 1e-3, "1_000", "0x1F"),
        *(1.0, 0.5, "1", None, 7),
    ]
    assert parse_yaml("[.inf, -.Inf]", "f") == [np.inf, -np.inf]
    assert np.isnan(parse_yaml(".nan", "f"))
    assert parse_yaml("!!str 5", "f") == "5"
    assert parse_yaml("", "f") is None


def test_yaml_writes_text_so_that_older_readers_take_it_for_text_too():
    import yaml

    texts = ["yes", "2026-05-01", "12:30", "1e-3", "0x1F", "no", "~", "", "1_000", "<<", "=", "007"]
    assert yaml.safe_load(write_yaml(texts)) == texts
    assert parse_yaml(write_yaml(texts), "f") == texts


def test_table_keys_may_be_numbers_or_their_text(contract):
    data = parse_yaml(CONTRACT, "contract")
    days = data["parties"][0]["utility"]["additive"]["days"]
    days["table"] = {str(key): worth for key, worth in days["table"].items()}
    assert_same(problem_from_dict(data), contract)
    days["table"] = {f"{key}.0": worth for key, worth in days["table"].items()}
    assert_same(problem_from_dict(data), contract)


def test_truth_values_are_matched_by_the_text_that_json_makes_of_them():
    worth = {"additive": {"insured": {"table": {"true": 1, "false": 0}}}}
    problem = problem_from_dict(
        {
            "bargain": 1,
            "issues": [{"name": "insured", "values": [False, True]}],
            "parties": [{"name": name, "utility": worth} for name in "ab"],
        }
    )
    assert problem.utilities()[:, 0].tolist() == [0.0, 1.0]


def test_the_content_of_a_problem_file_survives_json(contract):
    data = problem_to_dict(contract)
    assert json.loads(json.dumps(data)) == data


def test_text_is_read_with_and_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "price.txt"
    path.write_bytes("\ufeffPreis: 5 €\r\n".encode())
    assert read_text(path) == "Preis: 5 €\r\n"
    write_text(path, "Preis: 5 €\n")
    assert path.read_bytes() == "Preis: 5 €\n".encode()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "old.txt"
    write_text(path, "old")
    with pytest.raises(FileFormatError, match="surrogates not allowed"):
        write_text(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileFormatError, match="no such file or directory"):
        write_text(tmp_path / "nowhere" / "new.txt", "new")


def test_writing_through_a_symbolic_link_keeps_the_link(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_saving_under_another_suffix_is_refused(contract, tmp_path):
    with pytest.raises(FileFormatError, match=r"problem\.xml: expected a name ending in \.json"):
        bg.save(contract, tmp_path / "problem.xml")
    assert not list(tmp_path.iterdir())


def assert_same(problem, expected):
    """Assert that two problems are equal to the last bit."""
    assert problem.space == expected.space
    assert [type(v) for i in problem.space.issues for v in i.values] == [
        type(v) for i in expected.space.issues for v in i.values
    ]
    assert [issue.unit for issue in problem.space.issues] == [
        issue.unit for issue in expected.space.issues
    ]
    assert (problem.name, problem.source) == (expected.name, expected.source)
    for ours, theirs in zip(problem.profiles, expected.profiles, strict=True):
        for field in (
            "name",
            "reservation_value",
            "disagreement",
            "discount_factor",
            "discount_per",
            "cost",
            "cost_per",
        ):
            assert getattr(ours, field) == getattr(theirs, field), field
        assert ours.utility.ceiling == theirs.utility.ceiling
    for outcome in expected.space.sample(20, seed=1):
        assert problem.evaluate(outcome).tobytes() == expected.evaluate(outcome).tobytes()
    if expected.space.is_finite:
        assert problem.utilities().tobytes() == expected.utilities().tobytes()
    assert problem.disagreement_point.tobytes() == expected.disagreement_point.tobytes()
    assert problem.constraints == expected.constraints


CURVES = """
bargain: 1
issues: [{name: price, low: 80, high: 120}, {name: days, low: 0, high: 90, step: 30}]
parties:
  - name: buyer
    utility:
      additive:
        price: {weight: 0.5, power: {at: [1, 0], exponent: 0.5}}
        days: {logarithmic: {at: [0, 1], growth: 9}}
  - name: supplier
    utility:
      additive:
        price: {exponential: {at: [0, 1], rate: 2.5}}
        days: {quadratic: {at: [0.1, 1, 0.3]}}
"""


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_curves_mean_what_they_say_and_survive_saving(tmp_path, suffix):
    path = tmp_path / "curves.yaml"
    path.write_text(CURVES)
    problem = bg.load(path)
    assert problem.evaluate([110, 30]) == pytest.approx(
        [
            0.5 * 0.25**0.5 + math.log(4) / math.log(10),
            (1 - math.exp(-2.5 * 0.75)) / (1 - math.exp(-2.5)) + 7.9 / 9,
        ],
        rel=1e-14,
    )
    bg.save(problem, tmp_path / f"saved{suffix}")
    back = bg.load(tmp_path / f"saved{suffix}")
    for ours, theirs in zip(problem.profiles, back.profiles, strict=True):
        assert theirs.utility == ours.utility
    for outcome in problem.space.sample(20, seed=1):
        assert back.evaluate(outcome).tolist() == problem.evaluate(outcome).tolist()
    jsonschema.validate(problem_to_dict(problem), json.loads(schema_text()))


def test_formats_that_have_no_curves_refuse_them_by_name():
    price = bg.Issue.continuous("price", 0, 1)
    root = bg.AdditiveUtility({"price": bg.Power(0, 1, 0.5)})
    problem = bg.BargainingProblem([price], {"a": root, "b": root})
    with pytest.raises(bg.UnsupportedProblemError, match=r"'price'.*'a': a power curve"):
        genius_texts(problem)
    for write in (geniusweb_texts, negolog_texts):
        with pytest.raises(bg.UnsupportedProblemError, match="price"):
            write(problem)
    # on a grid a curve is a table like any other
    texts = genius_texts(bg.discretized(problem, points=3))
    assert any(repr(0.5**0.5) in text for text in texts.values())


def test_a_worth_of_one_of_very_many_whole_numbers_is_read_without_listing_them():
    issue = bg.Issue.integer("units", 0, 2**53)
    assert matched_value("30", issue) == 30
