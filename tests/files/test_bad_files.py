from __future__ import annotations

import json
import os
import re

import pytest

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.files.convert import convert
from bargain.files.own import problem_from_dict, problem_to_dict
from bargain.files.text import read_text
from tests.files.test_genius import DOMAIN, LINE, PROFILE
from tests.files.test_genius import write as write_all

PROBLEM = """bargain: 1
name: lease
issues:
  - {name: rent, low: 0, high: 10}
  - {name: pets, values: [yes, no]}
parties:
  - name: ann
    utility:
      additive:
        rent: {weight: 0.5, linear: [0, 1]}
        pets: {table: {yes: 1, no: 0}}
  - name: bob
    reservation_value: 0.25
    utility:
      additive:
        rent: {piecewise_linear: [[0, 1], [5, 0.5], [10, 0]]}
        pets: {table: {yes: 0, no: 1}}
"""
ADDITIVE = r"parties\[0\]\.utility\.additive"


def refuse(path, message, *others):
    """Assert that loading fails with one line that starts with the path and says what is wrong."""
    with pytest.raises(FileFormatError) as caught:
        bg.load(path, *others)
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 400
    assert re.search(message, text), text
    return text


def test_the_problem_that_the_others_are_made_from_is_good(tmp_path):
    path = tmp_path / "lease.yaml"
    path.write_text(PROBLEM)
    assert bg.load(path).evaluate([5, "yes"]).tolist() == [1.25, 0.5]


CONSTRAINTS = [
    ("{if: {}}", r"constraints\[0\]\.if: expected a mapping from issues to what is asked"),
    (
        "{if: {pets: yes}}",
        r"constraints\[0\]: expected one of if and then, forbid, require and budget, got \['if'\]",
    ),
    (
        "{forbid: {pets: yes}, require: {pets: no}}",
        r"constraints\[0\]: expected one of if and then",
    ),
    ("{forbid: null}", r"constraints\[0\]\.forbid: expected a mapping"),
    ("{budget: null}", r"constraints\[0\]: expected a budget, got null"),
    ("{name: only}", r"constraints\[0\]: expected one of if and then, .* got \[\]"),
    ("{name: 7, forbid: {pets: yes}}", r"constraints\[0\]\.name: expected text, got 7"),
    ("{forbit: {pets: yes}}", r"constraints\[0\]\.forbit: unknown field"),
    (
        "{forbid: {cats: yes}}",
        r"constraints\[0\]\.forbid\.cats: expected one of the issues 'rent', 'pets', got 'cats'",
    ),
    (
        "{forbid: {pets: maybe}}",
        r"constraints\[0\]\.forbid\.pets: issue 'pets': expected one of 'yes', 'no', got 'maybe'",
    ),
    (
        "{forbid: {pets: []}}",
        r"constraints\[0\]\.forbid\.pets: expected at least one value, got \[\]",
    ),
    (
        "{forbid: {pets: {at_least: 1}}}",
        r"constraints\[0\]\.forbid\.pets: issue 'pets': expected numbers for at_least",
    ),
    (
        "{require: {rent: {least: 1}}}",
        r"constraints\[0\]\.require\.rent: expected at_least, at_most or both",
    ),
    (
        "{require: {rent: {at_least: .nan}}}",
        r"constraints\[0\]\.require\.rent: expected finite numbers",
    ),
    (
        "{require: {rent: {at_least: 9, at_most: 1}}}",
        r"constraints\[0\]\.require\.rent: range: expected at_least up to at_most",
    ),
    (
        "{require: {rent: 11}}",
        r"constraints\[0\]\.require\.rent: issue 'rent': expected a number from 0 to 10, got 11",
    ),
    (
        "{require: {rent: [1, 2]}}",
        r"constraints\[0\]\.require\.rent: issue 'rent': expected one value, or at_least",
    ),
    (
        "{forbid: {rent: 5}}",
        r"constraints\[0\]\.forbid\.rent: issue 'rent': expected a range to avoid",
    ),
    (
        "{if: {pets: yes}, then: {rent: {at_least: x}}}",
        r"constraints\[0\]\.then\.rent: expected finite numbers .* got 'x'",
    ),
    (
        "{if: {pets: yes}, then: {rent: [[1]]}}",
        r"constraints\[0\]\.then\.rent: expected text, a finite number or true/false, got \[1\]",
    ),
    ("{budget: {at_most: 3}}", r"constraints\[0\]\.budget\.coefficients: expected this field"),
    (
        "{budget: {coefficients: {}, at_most: 3}}",
        r"constraints\[0\]\.budget\.coefficients: expected a mapping",
    ),
    (
        "{budget: {coefficients: {rent: 1}}}",
        r"constraints\[0\]\.budget: expected at_most, at_least or both",
    ),
    (
        "{budget: {coefficients: {rent: x}, at_most: 3}}",
        r"constraints\[0\]\.budget\.coefficients\.rent: expected a finite number",
    ),
    (
        "{budget: {coefficients: {pets: 1}, at_most: 3}}",
        r"constraints\[0\]\.budget\.coefficients\.pets: budget: expected an issue of numbers",
    ),
    (
        "{budget: {coefficients: {cats: 1}, at_most: 3}}",
        r"constraints\[0\]\.budget\.coefficients\.cats: expected one of the issues",
    ),
    (
        "{budget: {coefficients: {rent: 1}, at_most: 1, at_least: 3}}",
        r"constraints\[0\]\.budget: budget: expected at_least up to at_most",
    ),
    (
        "{budget: {coefficients: {rent: 1e308}, at_most: 3}}",
        r"constraints\[0\]: budget: expected finite sums, got inf",
    ),
]


@pytest.mark.parametrize(("stated", "message"), CONSTRAINTS)
def test_a_wrong_constraint_is_named_by_its_place(tmp_path, stated, message):
    path = tmp_path / "lease.yaml"
    path.write_text(PROBLEM.replace("issues:", f"constraints: [{stated}]\nissues:", 1))
    refuse(path, rf"lease\.yaml: {message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # shape
        ("bargain: 1\n", "", "bargain: expected this field, got nothing"),
        ("bargain: 1", "bargain: 2", "bargain: expected format version 1, got 2"),
        ("bargain: 1", "bargain: true", "bargain: expected format version 1, got True"),
        ("name: lease", "nmae: lease", "nmae: unknown field"),
        ("name: lease", "7: lease", r"\[7\]: unknown field"),
        ("name: lease", "name: 7", r"name: expected text, got 7 \(put it in quotes\)"),
        ("name: lease", "name:", "name: expected text, got null"),
        ("issues:", "issues: 5\nx:", "x: unknown field"),
        ("parties:", "parties: []\nx:", "x: unknown field"),
        ("utility:", "utlity:", r"parties\[0\]\.utlity: unknown field"),
        ("    utility:", "    utility: 3\n    x:", r"parties\[0\]\.x: unknown field"),
        # constraints are reserved
        ("issues:", "constraints: {}\nissues:", "constraints: expected a list, got {}"),
        ("issues:", "constraints: 3\nissues:", "constraints: expected a list, got 3"),
        # issues
        ("{name: rent,", "{nam: rent,", r"issues\[0\]\.nam: unknown field"),
        ("{name: rent,", "{name: ' ',", r"issues\[0\]\.name: expected a name, got ' '"),
        ("name: pets", "name: rent", r"issues\[1\]\.name: expected a new name, got 'rent'"),
        ("[yes, no]", "[yes, yes]", r"issues\[1\]: issue 'pets': values: expected distinct"),
        ("[yes, no]", "[1, '1']", r"issues\[1\]: issue 'pets': values: expected distinct"),
        ("[yes, no]", "[]", r"issues\[1\]\.values: expected a list of values, got \[\]"),
        ("[yes, no]", "yes", r"issues\[1\]\.values: expected a list of values, got 'yes'"),
        (
            "[yes, no]",
            "[yes, .nan]",
            r"issues\[1\]\.values\[1\]: expected text, a finite number .*, got nan",
        ),
        ("[yes, no]", "[yes, [no]]", r"issues\[1\]\.values\[1\]: expected text, .*, got \['no'\]"),
        ("low: 0, high: 10", "low: 0", r"issues\[0\]: expected values, or low and high"),
        ("low: 0, high: 10", "low: 0, values: [1]", r"issues\[0\]: .* got 'both'"),
        ("low: 0,", "low: ten,", r"issues\[0\]\.low: expected a finite number, got 'ten'"),
        ("low: 0,", "low: .inf,", r"issues\[0\]\.low: expected a finite number, got inf"),
        ("low: 0,", "low: false,", r"issues\[0\]\.low: expected a finite number, got False"),
        ("low: 0,", "low: 20,", r"issues\[0\]: .*low below high"),
        ("high: 10}", "high: 1e999}", r"issues\[0\]\.high: expected a finite number, got inf"),
        ("high: 10}", f"high: 1{'0' * 400}}}", r"issues\[0\]\.high: expected a finite number"),
        (
            "high: 10}",
            f"high: 1{'0' * 5000}}}",
            "line 4, column .*: expected fewer than 4300 digits",
        ),
        ("high: 10}", "high: 10, step: 0}", r"issues\[0\]\.step: expected a finite number > 0"),
        ("high: 10}", "high: 10, step: 3}", r"issues\[0\]: .*low \+ a multiple of step"),
        (
            "high: 10}",
            "high: 10, step: 1e-5}",
            r"issues\[0\]: .*at most 100000 values, got 1000001",
        ),
        ("high: 10}", "high: 1e12, step: 1}", "issues: expected at most 20000000 worths"),
        ("high: 10}", "high: 1e18, step: 1}", r"issues\[0\]: issue 'rent': expected whole numbers"),
        ("high: 10}", "high: 1e300, step: 0.1}", r"issues\[0\]: .*at most 100000 values"),
        # parties
        ("name: bob", "name: ann", r"parties\[1\]\.name: expected a new name, got 'ann'"),
        (
            "value: 0.25",
            "value: .nan",
            r"parties\[1\]\.reservation_value: expected a finite .* nan",
        ),
        ("value: 0.25", "value:", r"parties\[1\]\.reservation_value: expected .*, got null"),
        ("value: 0.25", "value: '1'", r"parties\[1\]\.reservation_value: .* number, got '1'"),
        (
            "reservation_value: 0.25",
            "disagreement: {rent: 1, pets: no",
            r"line \d+, column \d+: expected YAML, got",
        ),
        (
            "reservation_value: 0.25",
            "reservation_value: 0\n    disagreement: {rent: 1, pets: no}",
            r"parties\[1\]: expected reservation_value or disagreement, got 'both'",
        ),
        (
            "reservation_value: 0.25",
            "disagreement: {rent: 11, pets: no}",
            r"parties\[1\]\.disagreement: issue 'rent': expected a number from 0 to 10, got 11",
        ),
        (
            "reservation_value: 0.25",
            "disagreement: {rent: 1}",
            r"parties\[1\]\.disagreement: outcome: expected a value for issue 'pets'",
        ),
        (
            "reservation_value: 0.25",
            "disagreement: 3",
            r"parties\[1\]\.disagreement: expected a mapping from issues to values, got 3",
        ),
        ("    reservation_value: 0.25", "    discount_factor: 0", r"\(0, 1\], got 0"),
        ("    reservation_value: 0.25", "    discount_per: year", "expected round or session"),
        (
            "    reservation_value: 0.25",
            "    cost: -1",
            r"cost: expected a finite number >= 0, got",
        ),
        ("    reservation_value: 0.25", "    cost: 2.0e+300", "cost: expected a cost up to 1e"),
        ("    reservation_value: 0.25", "    cost_per: year", "expected round or session"),
        (
            "    reservation_value: 0.25",
            "    cost: 0.1\n    discount_factor: 0.9",
            "expected a discount factor or a cost of waiting, got 'both'",
        ),
        # utilities
        ("weight: 0.5", "weight: .nan", rf"{ADDITIVE}\.rent\.weight: .* number >= 0, got nan"),
        ("weight: 0.5", "weight: -1", rf"{ADDITIVE}\.rent\.weight: .* number >= 0, got -1"),
        ("weight: 0.5", "wieght: 0.5", rf"{ADDITIVE}\.rent\.wieght: unknown field"),
        ("linear: [0, 1]", "linear: [0]", rf"{ADDITIVE}\.rent\.linear: expected a pair"),
        ("linear: [0, 1]", "linear: [0, .inf]", rf"{ADDITIVE}\.rent\.linear: expected a pair"),
        (
            "linear: [0, 1]",
            "linear: [0, 1], table: {1: 1}",
            rf"{ADDITIVE}\.rent: expected one of table, linear, piecewise_linear, power",
        ),
        ("linear: [0, 1]", "table: {1: 1}", rf"{ADDITIVE}\.rent\.table: .*continuous"),
        ("[10, 0]]", "[9, 0]]", r"parties\[1\]\..*rent: .*points covering 0 to 10"),
        ("[5, 0.5]", "[0, 0.5]", r"parties\[1\]\..*rent: piecewise_linear\[1\].*above 0"),
        (
            "piecewise_linear: [[0, 1], [5, 0.5], [10, 0]]",
            "power: {at: [1, 0], exponent: .nan}",
            r"rent\.power\.exponent: expected a finite number, got nan",
        ),
        (
            "piecewise_linear: [[0, 1], [5, 0.5], [10, 0]]",
            "power: {at: [1, 0], exponent: 0}",
            r"rent: power\.exponent: expected a number from 0\.05 to 20, got 0",
        ),
        (
            "piecewise_linear: [[0, 1], [5, 0.5], [10, 0]]",
            "quadratic: {at: [1, 0]}",
            r"rent\.quadratic\.at: expected 3 finite numbers, got \[1, 0\]",
        ),
        (
            "piecewise_linear: [[0, 1], [5, 0.5], [10, 0]]",
            "exponential: {at: [1, 0]}",
            r"rent\.exponential\.rate: expected this field, got nothing",
        ),
        (
            "piecewise_linear: [[0, 1], [5, 0.5], [10, 0]]",
            "logarithmic: null",
            r"rent\.logarithmic: expected a mapping, got null",
        ),
        ("[5, 0.5]", "5", r"rent\.piecewise_linear\[1\]: expected a pair .*, got 5"),
        ("{yes: 1, no: 0}", "{yes: 1}", rf"{ADDITIVE}\.pets\.table: .*every value, got no 'no'"),
        ("{yes: 1, no: 0}", "{yes: 1, dog: 0}", rf"{ADDITIVE}\.pets\.table: .*got 'dog'"),
        ("{yes: 1, no: 0}", "{yes: 1, no: x}", rf"{ADDITIVE}\.pets\.table\.no: .*number, got 'x'"),
        ("{yes: 1, no: 0}", "[1, 0]", rf"{ADDITIVE}\.pets\.table: expected a mapping"),
        ("table: {yes: 1, no: 0}", "linear: [0, 1]", rf"{ADDITIVE}\.pets: .*numbers for linear"),
        ("        rent: {weight: 0.5, linear: [0, 1]}\n", "", rf"{ADDITIVE}\.rent: .*got nothing"),
        ("        rent: {weight", "        rnet: {weight", rf"{ADDITIVE}\.rnet: .*got 'rnet'"),
        ("        rent: {weight", "        8: {weight", rf"{ADDITIVE}: expected text, got 8 \(put"),
        ("linear: [0, 1]", "linear: [0, 1e308]\n          , x: 1", r"\.x: unknown field"),
        ("weight: 0.5, linear: [0, 1]", "weight: 9, linear: [0, 1e308]", r"utilities up to 1e.307"),
        # syntax
        ("name: lease", "name: lease\nname: home", "line 3, column 1: duplicate key 'name'"),
        ("name: lease", "name: [lease", "line 3, column 7: expected YAML, got"),
        ("name: lease", "name: &a lease\nsource: *a", "line 3, column 9: expected no aliases"),
        ("name: lease", "name: !!python/object:os.system x", "expected no tags"),
        ("name: lease", "name: !secret x", "line 2, column 7: expected no tags, got '!secret'"),
        ("name: lease", "? [a]\n: lease", "expected text or number as key"),
        ("name: lease", "name: lease\n--- 1\n", "expected one document, got a second one"),
        ("name: lease", "name: a\tb\x00", "expected YAML, got"),
        ("name: lease", "\tname: lease", "line 2, column 1: expected YAML, got"),
    ],
)
def test_a_wrong_yaml_file_gets_one_line_that_names_the_place(tmp_path, old, new, message):
    assert old in PROBLEM
    path = tmp_path / "lease.yaml"
    path.write_text(PROBLEM.replace(old, new, 1))
    text = refuse(path, message)
    assert text.startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"expected a mapping with bargain, issues and parties, got null"),
        ("# nothing\n", r"expected a mapping with bargain, issues and parties, got null"),
        ("[1, 2]", r"expected a mapping with bargain, issues and parties, got \[1, 2\]"),
        ("rental", r"expected a mapping with bargain, issues and parties, got 'rental'"),
        (PROBLEM[: PROBLEM.index("0, 1]")], r"line \d+, column \d+: expected YAML, got"),
        ("x: " + "[" * 5000 + "]" * 5000, "expected nesting at most 100 deep, got more"),
        ("{a: " * 5000, "expected nesting at most 100 deep, got more"),
        (
            "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
            "line 2, column 8: expected no aliases",
        ),
    ],
)
def test_yaml_that_is_no_problem_at_all_is_refused(tmp_path, content, message):
    path = tmp_path / "x.yaml"
    path.write_text(content)
    assert refuse(path, message).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1, column 1: expected JSON, got expecting value"),
        ('{"bargain": 1,', r"line 1, column \d+: expected JSON, got"),
        ('{"bargain": 1}, 2', r"line 1, column 15: expected JSON, got extra data"),
        (
            '{"bargain": 1,\n "x": {"y": 1, "}{": [{"y": 2}],\n  "y" : 3}}',
            "line 3, column 3: duplicate key 'y'",
        ),
        ('{"a\\u0062": 1,\n "ab": 1}', "line 2, column 2: duplicate key 'ab'"),
        ('{"bargain": 1, "name": 1e5000}', "name: expected text, got inf"),
        ('{"bargain": NaN, "issues": [], "parties": []}', "bargain: .*version 1, got nan"),
        ("[" * 100_000, "expected nesting at most 100 deep, got more"),
        ('{"bargain":' * 100_000, "expected nesting at most 100 deep, got more"),
        (f'{{"bargain": 1{"0" * 5000}}}', "expected numbers of fewer than 4300 digits"),
        ("[1, 2]", "expected a problem of bargain, GENIUS, GeniusWeb or NegoLog"),
        ('{"price": 1}', "expected a problem of bargain, GENIUS, GeniusWeb or NegoLog"),
        ('{"issues": [], "parties": []}', "bargain: expected this field, got nothing"),
        (
            '{"bargain": 1, "issues": [], "parties": []}',
            r"issues: expected at least one issue, got \(\)",
        ),
    ],
)
def test_a_wrong_json_file_gets_one_line_that_names_the_place(tmp_path, content, message):
    path = tmp_path / "x.json"
    path.write_text(content)
    assert refuse(path, message).startswith(f"{path}: ")


def test_nan_and_infinity_in_json_are_refused_with_their_path(tmp_path):
    data = problem_to_dict(bg.load("rental"))
    path = tmp_path / "rental.json"
    for number, shown in ((float("nan"), "nan"), (float("-inf"), "-inf")):
        data["parties"][1]["utility"]["additive"]["rent"]["table"]["3100"] = number
        path.write_text(json.dumps(data))
        refuse(
            path,
            rf"parties\[1\]\.utility\.additive\.rent\.table\.3100: .*finite number, got {shown}",
        )


def test_two_keys_for_one_value_are_refused():
    data = problem_to_dict(bg.load("rental"))
    data["parties"][0]["utility"]["additive"]["rent"]["table"]["3100.0"] = 5
    with pytest.raises(FileFormatError, match=r"rent\.table: .*each value once, got 3100"):
        problem_from_dict(data)


def test_missing_files_folders_and_wrong_encodings_are_refused(tmp_path):
    refuse(tmp_path / "nowhere.yaml", r"nowhere\.yaml: .*got no such file or directory")
    refuse(tmp_path / "nowhere.xml", r"nowhere\.xml: .*got no such file or directory")
    refuse(tmp_path, "expected the files of a GENIUS, GeniusWeb or NegoLog problem, got none")
    with pytest.raises(FileFormatError, match="got is a directory"):
        read_text(tmp_path)
    refuse("nul\x00.yaml", "got embedded null byte")
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"bargain: 1\nname: caf\xe9\n")
    refuse(path, "expected UTF-8 text, got byte 0xe9 at offset 20")
    path.write_bytes(PROBLEM.encode("utf-16"))
    refuse(path, "expected UTF-8 text, got byte 0xff at offset 0")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads anything")
def test_a_file_without_permission_is_refused(tmp_path):
    path = tmp_path / "secret.yaml"
    path.write_text(PROBLEM)
    path.chmod(0)
    refuse(path, "got permission denied")


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(64_000_001)
    refuse(path, "expected at most 64000000 bytes, got more")
    assert read_text(path, limit=64_000_001).startswith("\0")
    xml = tmp_path / "huge.xml"
    with xml.open("wb") as file:
        file.write(b"<negotiation_template>")
        file.truncate(16_000_001)
    write_all(tmp_path, {"a.xml": "<utility_space/>", "b.xml": "<utility_space/>"})
    refuse(xml, "expected at most 16000000 bytes", tmp_path / "a.xml", tmp_path / "b.xml")


def test_nothing_and_things_that_are_no_paths_are_refused():
    with pytest.raises(InvalidArgumentError, match="expected a name or paths, got nothing"):
        bg.load()


@pytest.mark.parametrize("paths", [("",), (" ",), ("domain.xml", "")])
def test_an_empty_name_is_not_the_current_folder(paths, tmp_path, monkeypatch):
    bg.save(bg.load("chair"), tmp_path / "chair.yaml")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(bg.InvalidArgumentError, match=r"load\(\): expected names or paths, got '"):
        bg.load(*paths)
    with pytest.raises(InvalidArgumentError, match="expected names or paths, got 5"):
        bg.load(5)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<negotiation", f"{BOMB}<negotiation", "expected plain XML, got a document type"),
        ("<negotiation", f"{EXTERNAL}<negotiation", "expected plain XML, got a document type"),
        ("<negotiation", "<!DOCTYPE x><negotiation", "expected plain XML, got a document type"),
        (
            "</negotiation_template>",
            "",
            r"line \d+, column \d+: expected XML, got no element found",
        ),
        ("</objective></utility", "</utility", "expected XML, got mismatched tag"),
        ('name="tea"', "", "issue index 4: expected attribute name"),
        ('name="tea"', 'name="dish"', r"issues\[1\]\.name: expected a new name, got 'dish'"),
        ('index="4"', 'index="2"', "issue index 2: expected a new index"),
        ('index="4"', 'index="x"', "issue 1: index: expected a finite number, got 'x'"),
        ('index="4"', 'index="4.5"', "issue 1: index: expected a whole number, got 4.5"),
        ('lowerbound="-1"', 'lowerbound="9"', "issue index 3: .*high: .*>= 9, got 3"),
        ('upperbound="3"', 'upperbound="1e15"', "issues: expected at most 20000000 worths"),
        ('upperbound="10"', 'upperbound="inf"', "upperbound: expected a finite number, got 'inf'"),
        ('<range lowerbound="0" upperbound="10"/>', "", "issue index 5: expected a range"),
        ('<item value="soup"/><item value="rice"/>', "", "issue index 2: .*at least one value"),
        ('<item value="soup"/>', "<item/>", "issue index 2: item 1: expected attribute value"),
        ("objective", "goal", "expected an objective, got <negotiation_template>"),
    ],
)
def test_a_wrong_genius_domain_gets_one_line_that_names_the_place(tmp_path, old, new, message):
    assert old in DOMAIN
    profile = PROFILE.replace("{evaluator}", LINE).replace("{setting}", "")
    texts = {"d.xml": DOMAIN.replace(old, new), "a.xml": profile, "b.xml": profile}
    write_all(tmp_path, texts)
    paths = [tmp_path / name for name in texts]
    assert refuse(*paths[:1], message, *paths[1:]).startswith(f"{paths[0]}: ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<utility_space>", f"{BOMB}<utility_space>", "expected plain XML, got a document type"),
        ('<weight index="3" value="0.25"/>', "", r"issue index 3 \('price'\): expected a weight"),
        ('value="0.25"', 'value="-1"', "weight: expected a number >= 0, got -1.0"),
        ('value="0.25"', 'value="NaN"', "weight: value: expected a finite number, got 'NaN'"),
        ('evaluation="4"', "", r"issue index 2 \('dish'\): 'rice': expected attribute evaluation"),
        ('evaluation="4"', 'evaluation="x"', "'rice': evaluation: expected a finite number"),
        ('value="rice"', 'value="rye"', "'rice': expected an evaluation, got none"),
        ('index="5" name="time"', 'index="6"', r"issue index 5 \('time'\): expected this issue"),
        ('index="5" name="time"', 'index="4"', "issue index 4: expected a new index"),
        ("{evaluator}", "", "issue index 5 .*: expected an evaluator, got none"),
        ("{evaluator}", '<evaluator ftype="cubic"/>', "ftype: expected one .*, got 'cubic'"),
        ("{evaluator}", '<evaluator ftype="linear"/>', "expected attribute parameter1"),
        (
            "{evaluator}",
            '<evaluator ftype="triangular" parameter0="5" parameter1="9" parameter2="5"/>',
            "triangular: expected low < top < high, got 5, 5, 9",
        ),
        ('slope="0.5"', 'slope="1e400"', "slope: expected a finite number, got '1e400'"),
        ("{setting}", '<reservation value="x"/>', "reservation: value: expected a finite number"),
        ("{setting}", '<discount_factor value="x"/>', "discount_factor: value: expected a finite"),
        ("objective", "goal", "expected an objective, got <utility_space>"),
        ("</utility_space>", "", "expected XML, got no element found"),
    ],
)
def test_a_wrong_genius_profile_gets_one_line_that_names_the_place(tmp_path, old, new, message):
    assert old in PROFILE
    wrong = PROFILE.replace(old, new).replace("{evaluator}", LINE).replace("{setting}", "")
    write_all(tmp_path, {"d.xml": DOMAIN, "a.xml": wrong, "b.xml": wrong})
    text = refuse(tmp_path / "d.xml", message, tmp_path / "a.xml", tmp_path / "b.xml")
    assert text.startswith(f"{tmp_path / 'a.xml'}: ")


def test_wrong_encodings_of_xml_are_refused(tmp_path):
    domain, profile = tmp_path / "d.xml", tmp_path / "a.xml"
    profile.write_text("<utility_space/>")
    for data, message in (
        (b"<?xml version='1.0' encoding='rot13'?>" + DOMAIN.encode(), "known, got rot13"),
        (b"<?xml version='1.0' encoding='ascii'?>" + DOMAIN.encode() + b"\xe9", "0xe9 at offset"),
        (b"\xff\xfe" + DOMAIN.encode("utf-16-le") + b"x", "expected utf-16 text, got byte 0x78"),
        (DOMAIN.encode() + b"\x81", "expected cp1252 text, got byte 0x81 at offset"),
    ):
        domain.write_bytes(data)
        refuse(domain, message, profile, profile)


def test_deeply_nested_xml_does_not_recurse(tmp_path):
    deep = '<objective name="x">' * 50_000 + "</objective>" * 50_000
    write_all(tmp_path, {"d.xml": f"<negotiation_template>{deep}</negotiation_template>"})
    write_all(tmp_path, {"a.xml": "<utility_space/>", "b.xml": "<utility_space/>"})
    refuse(
        tmp_path / "d.xml", "expected at least one issue", *(tmp_path / f"{p}.xml" for p in "ab")
    )


def test_files_that_do_not_belong_together_are_refused(tmp_path):
    bg.save(bg.load("chair"), tmp_path / "chair.json")
    with pytest.warns(bg.FileFormatWarning, match="does not hold the source, units"):
        convert("rental", tmp_path / "rental", to="negolog")
    landlord, tenant = sorted((tmp_path / "rental").iterdir())
    refuse(landlord, r"chair\.json: expected a negolog file", tmp_path / "chair.json")
    refuse(tmp_path / "chair.json", "expected one problem file", tmp_path / "chair.json")
    refuse(landlord, r"landlord\.json: expected a profile for each of at least two")
    refuse(landlord, r"landlord\.json: expected a different profile for each party", landlord)
    assert bg.load(tenant, landlord).parties == ("tenant", "landlord")


def test_converting_writes_all_or_nothing(tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(FileFormatError, match="expected a new or empty folder"):
        convert("rental", full, to="negolog")
    with pytest.raises(FileFormatError, match="no such file or directory"):
        convert("rental", tmp_path / "no" / "where", to="negolog")
    with pytest.raises(InvalidArgumentError, match="to: expected one of genius, geniusweb"):
        convert("rental", tmp_path / "new", to="excel")
    with pytest.raises(FileFormatError, match=r"expected a name ending in \.json"):
        convert("rental", tmp_path / "new")
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "mine.txt"]


def test_converting_tells_when_parties_change_places(tmp_path):
    values = {"pick": {"a": 0.2, "b": 1.0}}
    problem = bg.BargainingProblem(
        [bg.Issue.choice("pick", ["a", "b"])],
        {"zoe": bg.AdditiveUtility(values), "abe": bg.AdditiveUtility(values)},
    )
    bg.save(problem, tmp_path / "two.yaml")
    with pytest.warns(bg.FileFormatWarning, match=r"order of the parties .*abe \| zoe"):
        convert(tmp_path / "two.yaml", tmp_path / "n", to="negolog")


def test_converting_goes_from_any_format_to_any_other(tmp_path):
    utilities = bg.load("rental").utilities()
    with pytest.warns(bg.FileFormatWarning, match="does not hold the name"):
        convert("rental", tmp_path / "negolog", to="negolog")
    convert(tmp_path / "negolog", tmp_path / "own.yaml")
    paths = sorted((tmp_path / "negolog").iterdir())
    problem = convert(paths, tmp_path / "own.json")
    assert bg.load(tmp_path / "own.yaml").utilities().tolist() == utilities.tolist()
    assert bg.load(tmp_path / "own.json").utilities().tolist() == utilities.tolist()
    assert problem.parties == ("landlord", "tenant")
