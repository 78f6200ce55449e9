"""Richer utilities in our own format: what they mean, that they survive, what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import FileFormatError, UnsupportedProblemError
from bargain.files.own import problem_from_dict, problem_text, problem_to_dict, schema_text
from bargain.files.syntax import parse_json, parse_yaml, write_json

ISSUES = [
    bg.Issue.integer("days", 0, 3),
    bg.Issue.choice("gift", ["none", "pen"]),
    bg.Issue.choice("insured", [False, True]),
]
ALONE = {"days": {"linear": [0, 1]}, "gift": {"linear": [0, 0]}, "insured": {"linear": [0, 0]}}
numbers = st.floats(-1e6, 1e6)

TEXT = """
bargain: 1
issues:
  - {name: days, low: 0, high: 3, step: 1}
  - {name: gift, values: [none, pen]}
parties:
  - name: carrier
    utility:
      rectangles:
        - {worth: 6, bounds: {days: {at_most: 1}, gift: pen}}
        - {worth: 4, weight: 0.5, outside: true, bounds: {days: [2, "3"]}}
        - {worth: 1}
      scale: 10
      ceiling: 0.8
  - name: shipper
    utility:
      additive:
        days: {linear: [3, 0]}
        gift: {table: {none: 0, pen: 1}}
      interactions:
        - {first: gift, second: days, worths: [[pen, "0", -2], [none, 3, 0.25]]}
  - name: insurer
    utility:
      crra:
        aversion: 0.5
        wealth: 4
        of:
          cara:
            aversion: 0
            of: {additive: {days: {linear: [0, 5]}, gift: {table: {none: 0, pen: 0}}}}
"""


def test_a_file_means_what_it_says():
    problem = problem_from_dict(parse_yaml(TEXT, "f"))

    def worth(days, gift):
        return problem.evaluate([days, gift]).tolist()

    # 6 + 2 + 1 is cut off at 8; 2 + 1; 1
    assert worth(0, "pen") == [0.8, 3 + 1 - 2, 2 * 4**0.5]
    assert worth(1, "none") == [0.3, 2, 2 * (4 + 5 / 3) ** 0.5]
    assert worth(3, "none") == [0.1, 0.25, 2 * 9**0.5]


@st.composite
def utilities(draw, depth=2):
    """Draw any utility that a file can hold."""
    kind = draw(st.integers(0, 3 if depth else 1))
    ceiling = draw(st.none() | numbers)
    if kind == 0:
        bounds = st.fixed_dictionaries(
            {},
            optional={
                "days": st.sampled_from([2, [0, 3], {"at_least": 1.5}, {"at_most": 2}]),
                "gift": st.sampled_from(["pen", ["none", "pen"]]),
                "insured": st.booleans(),
            },
        )
        each = st.builds(
            bg.HyperRectangle, numbers, bounds, weight=st.floats(0, 9), outside=st.booleans()
        )
        rectangles = draw(st.lists(each, min_size=1, max_size=3))
        return bg.HyperRectangleUtility(
            rectangles, scale=draw(st.floats(1e-3, 1e3)), ceiling=ceiling
        )
    if kind == 1:
        pairs = st.dictionaries(st.tuples(st.integers(0, 3), st.booleans()), numbers)
        each = st.builds(bg.Interaction, st.just("days"), st.just("insured"), pairs)
        alone = bg.AdditiveUtility(
            {"gift": {"pen": draw(numbers)}}, {"gift": draw(st.floats(0, 9))}
        )
        return bg.InteractionUtility(alone, draw(st.lists(each, max_size=2)), ceiling=ceiling)
    inner = draw(utilities(depth=depth - 1))
    if kind == 2:
        return bg.CRRA(inner, draw(st.floats(-1, 0.9)), draw(st.floats(1e12, 1e13)))
    # what is bent already can be too large, or too far below 0, to bend again
    bends = [0.0] if depth < 2 or isinstance(inner, bg.CRRA) else [0.0, 1e-10, -1e-10]
    return bg.CARA(inner, draw(st.sampled_from(bends)))


@settings(max_examples=20, deadline=None)
@given(utilities(), utilities())
def test_round_trips_are_exact_and_meet_the_schema(first, second):
    import jsonschema

    problem = bg.BargainingProblem(ISSUES, {"a": first, "b": second})
    data = problem_to_dict(problem)
    jsonschema.validate(json.loads(json.dumps(data)), json.loads(schema_text()))
    from pathlib import Path

    for again in (
        problem_from_dict(parse_json(write_json(data), "p.json")),
        problem_from_dict(parse_yaml(problem_text(problem, Path("p.yaml")), "p.yaml")),
    ):
        assert again.utilities().tobytes() == problem.utilities().tobytes()
        assert [type(p.utility) for p in again.profiles] == [type(first), type(second)]
        assert problem_to_dict(again) == data


PATH = r"problem: parties\[0\]\.utility"


@pytest.mark.parametrize(
    ("utility", "message"),
    [
        ({}, f"{PATH}: expected one of additive, rectangles, crra and cara, got \\[\\]"),
        ({"additive": None}, rf"{PATH}\.additive: expected a mapping, got null"),
        ({"crra": None}, rf"{PATH}\.crra: expected a mapping, got null"),
        ({"rectangles": []}, rf"{PATH}\.rectangles: expected a list of at least one rectangle"),
        ({"rectangles": None}, rf"{PATH}\.rectangles: expected a list"),
        ({"rectangles": [{}]}, rf"{PATH}\.rectangles\[0\]\.worth: expected this field"),
        ({"rectangles": [{"worth": float("nan")}]}, "worth: expected a finite number, got nan"),
        ({"rectangles": [{"worth": 1, "heavy": 2}]}, rf"{PATH}\.rectangles\[0\]\.heavy: unknown"),
        ({"rectangles": [{"worth": 1, "outside": 1}]}, "outside: expected true or false, got 1"),
        ({"rectangles": [{"worth": 1, "weight": -1}]}, "weight: expected a finite number >= 0"),
        (
            {"rectangles": [{"worth": 1, "bounds": {"dais": 1}}]},
            rf"{PATH}\.rectangles\[0\]\.bounds\.dais: expected one of the issues",
        ),
        (
            {"rectangles": [{"worth": 1, "bounds": {"days": 9}}]},
            rf"{PATH}\.rectangles\[0\]\.bounds\.days",
        ),
        (
            {"rectangles": [{"worth": 1}], "scale": 0},
            rf"{PATH}\.scale: expected a finite number > 0",
        ),
        (
            {"rectangles": [{"worth": 1}], "interactions": []},
            f"{PATH}: expected no interactions beside rectangles, got 'both'",
        ),
        ({"rectangles": [{"worth": 1}], "cara": {"aversion": 1, "of": {}}}, "of: expected one of"),
        (
            {"additive": ALONE, "rectangles": [{"worth": 1}]},
            rf"{PATH}: expected one of additive, rectangles, crra and cara",
        ),
        ({"additive": ALONE, "scale": 2}, f"{PATH}: expected no scale beside additive"),
        (
            {"additive": ALONE, "interactions": [{"first": "days", "second": "x", "worths": []}]},
            rf"{PATH}\.interactions\[0\]\.second: expected one of the issues",
        ),
        (
            {
                "additive": ALONE,
                "interactions": [{"first": "days", "second": "days", "worths": []}],
            },
            rf"{PATH}\.interactions\[0\]: second: expected another issue",
        ),
        (
            {
                "additive": ALONE,
                "interactions": [{"first": "days", "second": "gift", "worths": [[1, "pen"]]}],
            },
            r"interactions\[0\]\.worths\[0\]: expected \[value, value, worth\]",
        ),
        (
            {
                "additive": ALONE,
                "interactions": [
                    {"first": "days", "second": "gift", "worths": [[1, "pen", 1], ["1", "pen", 2]]}
                ],
            },
            r"interactions\[0\]\.worths\[1\]: expected each pair once",
        ),
        (
            {
                "additive": ALONE,
                "interactions": [{"first": "days", "second": "gift", "worths": [[1, "car", 1]]}],
            },
            r"interactions\[0\]\.worths\[0\]: .*car",
        ),
        ({"crra": {"of": {"additive": ALONE}}}, rf"{PATH}\.crra\.aversion: expected this field"),
        ({"crra": {"aversion": 1, "of": {"additive": ALONE}}}, f"{PATH}: CRRA: expected utilities"),
        (
            {"cara": {"aversion": 1, "wealth": 2, "of": {"additive": ALONE}}},
            rf"{PATH}\.cara\.wealth: unknown field",
        ),
        (
            {"cara": {"aversion": 1, "of": {"additive": {}}}},
            r"cara\.of\.additive\.days: expected what",
        ),
        ({"cara": {"aversion": 1, "of": {}, "ceiling": 3}}, r"cara\.ceiling: unknown field"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(utility, message):
    issues = [
        {"name": "days", "low": 0, "high": 3, "step": 1},
        {"name": "gift", "values": ["none", "pen"]},
        {"name": "insured", "values": [False, True]},
    ]
    alone = {
        **ALONE,
        "gift": {"table": {"none": 0, "pen": 0}},
        "insured": {"table": {"true": 0, "false": 0}},
    }
    swapped = json.loads(json.dumps(utility).replace(json.dumps(ALONE), json.dumps(alone)))
    parties = [{"name": name, "utility": swapped} for name in "ab"]
    with pytest.raises(FileFormatError, match=message):
        problem_from_dict({"bargain": 1, "issues": issues, "parties": parties})


def test_interactions_of_a_continuous_issue_are_refused_with_their_path():
    data = parse_yaml(TEXT.replace("high: 3, step: 1", "high: 3"), "f")
    del data["parties"][0]
    with pytest.raises(FileFormatError, match=r"\.second: expected a finite issue, got the cont"):
        problem_from_dict(data)


@pytest.mark.parametrize("wrap", [lambda utility: utility, lambda utility: bg.CARA(utility, 1)])
def test_a_function_cannot_be_saved_and_is_named(tmp_path, wrap):
    own = wrap(bg.CallableUtility(lambda days, gift, insured: days))
    problem = bg.BargainingProblem(ISSUES, {"a": own, "b": bg.AdditiveUtility({})})
    with pytest.raises(
        UnsupportedProblemError,
        match="the problem file cannot express the CallableUtility of 'a'",
    ):
        bg.save(problem, tmp_path / "p.json")
    assert not list(tmp_path.iterdir())


def test_attitudes_nested_without_end_are_an_error_in_one_line(tmp_path):
    text = '{"cara":{"aversion":0,"of":' * 2000 + '{"rectangles":[{"worth":1}]}' + "}}" * 2000
    issues = '[{"name": "days", "low": 0, "high": 3, "step": 1}]'
    parties = ",".join(f'{{"name": "{name}", "utility": {text}}}' for name in "ab")
    path = tmp_path / "deep.json"
    path.write_text(f'{{"bargain": 1, "issues": {issues}, "parties": [{parties}]}}')
    with pytest.raises(FileFormatError) as caught:
        bg.load(path)
    assert "\n" not in str(caught.value)
