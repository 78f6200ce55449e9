"""A model that calls tools learns what it may say, and nothing that it could be talked out of."""

from __future__ import annotations

import json
import logging
import math

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.adapters.tools.call import TOOLS
from bargain.adapters.tools.results import result_schema
from tests.adapters.tool_cases import (
    first_package,
    folder_of,
    leaks,
    narrated,
    offer,
    private_numbers,
    terms,
    text_of,
)

DEAL = (85, 60, "one year")
POOR = (120, 30, "none")
OUTSIDE = "price: expected a whole number from 80 to 120 in steps of 5 EUR/unit, got 75"


@pytest.fixture
def cases(tmp_path):
    return bg.load_cases(folder_of(tmp_path))


def call(cases, name, **arguments):
    return bg.call_tool(cases, name, {"case": "parts", **arguments})


def test_schemas_are_strict():
    allowed = {"type", "properties", "required", "additionalProperties", "items", "anyOf",
               "description"}  # fmt: skip

    def walk(schema):
        assert set(schema) <= allowed
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        for part in schema.get("properties", {}).values():
            assert part.get("description")
            walk(part)
        for part in [*schema.get("anyOf", []), *filter(None, [schema.get("items")])]:
            walk(part)

    listed = bg.tool_schemas()
    assert [tool["name"] for tool in listed] == [
        "describe_case", "evaluate_offer", "next_move", "verify_message", "explain_outcome"
    ]  # fmt: skip
    for tool in listed:
        jsonschema.Draft202012Validator.check_schema(tool["parameters"])
        assert tool["strict"] is True
        assert tool["parameters"]["type"] == "object"
        walk(tool["parameters"])


def test_schemas_are_the_callers_own():
    bg.tool_schemas()[0]["parameters"]["properties"].clear()
    assert bg.tool_schemas()[0]["parameters"]["properties"]


@pytest.mark.parametrize("private", [False, True])
def test_results_are_what_their_schemas_say(cases, private):
    history = [offer("supplier", *POOR)]
    calls = {
        "describe_case": {},
        "evaluate_offer": {"terms": terms(*DEAL)},
        "next_move": {"history": history, "prefers": None},
        "verify_message": {"message": "We offer 0.37193."},
        "explain_outcome": {"history": history, "agreed": True},
    }
    for tool in TOOLS:
        arguments = {"case": "parts", **calls[tool.name]}
        jsonschema.validate(arguments, tool.parameters)
        found = bg.call_tool(cases, tool.name, arguments, private=private)
        schema = result_schema(tool.result, private=private)
        jsonschema.validate(found, schema)
        assert ("private" in found) == private == ("private" in schema["properties"])
        assert all(
            each["additionalProperties"] is not None
            for each in [schema, *schema.get("$defs", {}).values()]
        )


def test_many_values_in_even_steps_are_not_listed_one_by_one(tmp_path):
    """A price in cents is told in a line, and each cent can be offered."""
    for values, even in (
        ([round(18 + 0.01 * k, 2) for k in range(2001)], True),
        ([float(k * k) for k in range(200)], False),
        ([18.0, 18.5, 19.0], False),
    ):
        price = bg.Issue.choice("price", values, unit="EUR")
        sides = {
            name: bg.AdditiveUtility({"price": dict(zip(values, worths, strict=True))})
            for name, worths in (("a", range(len(values))), ("b", range(len(values), 0, -1)))
        }
        problem = bg.BargainingProblem([price], sides)
        anchor = bg.Anchor(problem, party="a", policy="linear", deadline=5)
        cases = bg.Cases([bg.AgentCase("parts", anchor)])
        told = call(cases, "describe_case")["issues"][0]
        assert (told["kind"], told["unit"]) == ("choice", "EUR")
        if not even:
            assert (told["values"], told["low"], told["step"]) == (values, None, None)
            continue
        assert (told["values"], told["low"], told["high"]) == (None, 18.0, 38.0)
        assert told["step"] == 0.01
        for k in (0, 137, 2000):
            said = [{"issue": "price", "value": round(18 + told["step"] * k, 2), "unit": None}]
            assert call(cases, "evaluate_offer", terms=said)["is_outcome"]


def test_arguments_may_be_json_text(cases):
    told = bg.call_tool(cases, "describe_case", '{"case": "parts"}')
    assert told["speaks_for"] == "buyer"
    assert told["parties"] == ["buyer", "supplier"]
    assert told["issues"][0] == {
        "issue": "price", "kind": "integer", "unit": "EUR/unit", "values": None,
        "low": 80, "high": 120, "step": 5,
    }  # fmt: skip


def negotiated(cases, says):
    """Negotiate by tools with another side that says offers in turn; return all results."""
    history, results = [], []
    for said in says:
        history = [*history, offer("supplier", *said)]
        move = call(cases, "next_move", history=history)
        results.append(move)
        check = call(cases, "verify_message", message=narrated(move))
        assert check["ok"], check
        results.append(check)
        if move["decision"] in ("accept", "walk"):
            break
        if move["decision"] == "counter":
            history = [*history, first_package("buyer", move)]
    agreed = move["decision"] == "accept"
    results.append(call(cases, "explain_outcome", history=history, agreed=agreed))
    return results


def test_a_negotiation_ends_in_an_agreement(cases):
    results = negotiated(cases, [POOR, (110, 45, "none"), (85, 90, "two years")])
    assert [each["decision"] for each in results[:-1:2]] == ["counter", "counter", "accept"]
    told = results[-1]
    assert told["agreed"]
    assert told["offered_by"] == "supplier"
    assert told["offers"] == 5
    price = told["issues"][0]
    assert price["agreed"] == 85
    assert [(asked["party"], asked["first"], asked["last"]) for asked in price["asked"]] == [
        ("buyer", 80, 80), ("supplier", 120, 85)
    ]  # fmt: skip


def test_the_moves_are_those_of_the_anchor(cases):
    anchor = cases["parts"].anchor
    history = [("supplier", POOR)]
    move = call(cases, "next_move", history=[offer(*each[:1], *each[1]) for each in history])
    advice = anchor.advise([bg.Offer(party, outcome) for party, outcome in history])
    assert move["packages"] == json.loads(advice.to_json())["public"]["packages"]


def test_refusals_are_decisions(cases):
    below = call(cases, "next_move", history=[offer("supplier", *POOR)])
    assert below["decision"] == "counter"
    assert below["notes"] == []
    outside = call(cases, "evaluate_offer", terms=terms(75, 60, "one year"))
    assert outside["is_outcome"] is False
    assert outside["package"] is None
    assert outside["problems"] == [OUTSIDE]
    partial = call(cases, "evaluate_offer", terms=terms(85, 60, issues=("price", "payment")))
    assert partial["problems"] == ["expected all issues, got nothing for warranty"]
    foreign = call(cases, "evaluate_offer", terms=terms(*DEAL, unit="USD/unit"))
    assert "price: expected EUR/unit, got 'USD/unit'" in foreign["problems"]


def test_an_offer_that_is_no_outcome_is_answered_and_noted(cases):
    move = call(cases, "next_move", history=[offer("supplier", 75, 60, "one year")])
    assert move["decision"] == "counter"
    assert move["notes"] == [f"the last offer is no outcome: {OUTSIDE}"]
    assert call(cases, "next_move", history=[offer("supplier")])["decision"] == "counter"


def test_a_message_is_checked_against_the_last_move_only(cases):
    with pytest.raises(bg.ToolCallError, match="expected a call of next_move before"):
        call(cases, "verify_message", message="hello")
    move = call(cases, "next_move", history=[offer("supplier", *POOR)])
    good = narrated(move)
    assert call(cases, "verify_message", message=good)["ok"]
    found = call(cases, "verify_message", message=good + " Our limit is 0.39719.")
    assert {each["code"] for each in found["findings"]} == {
        "unknown_word", "number_not_in_package"
    }  # fmt: skip
    full = bg.call_tool(
        cases, "verify_message", {"case": "parts", "message": "0.39719"}, private=True
    )
    assert "private_number" in {each["code"] for each in full["private"]["findings"]}
    assert "private_number" not in {each["code"] for each in full["findings"]}
    long = call(cases, "verify_message", message="We offer. " * 1024)
    assert [each["code"] for each in long["findings"]] == ["too_long"]


def test_a_person_is_asked_without_the_model_knowing(tmp_path, caplog):
    folder = folder_of(tmp_path, ask__case__yaml=(
        "{bargain_case: 1, problem: supply.yaml, party: buyer, deadline: 10, policy: conceder, "
        "limits: {approval_for: [{warranty: two years}]}}"
    ))  # fmt: skip
    cases = bg.load_cases(folder)
    deal = (80, 90, "two years")
    ask = {"case": "ask", "history": [offer("supplier", *deal)]}
    with caplog.at_level(logging.WARNING, "bargain.tools"):
        move = bg.call_tool(cases, "next_move", ask)
    assert move["decision"] == "hold"
    assert move["packages"] == move["notes"] == []
    assert "ask: a person is asked to approve: accept: price 80 EUR/unit" in caplog.text
    log = caplog.text.replace("ask.approved.json", "")
    assert not leaks(log, private_numbers(cases["ask"].anchor), tmp_path)
    message = {"case": "ask", "message": "Thank you. Please wait for our answer."}
    check = bg.call_tool(cases, "verify_message", message)
    assert check["ok"]
    assert check["decision"] == "hold"
    (folder / "ask.approved.json").write_text(json.dumps([deal]))
    assert bg.call_tool(cases, "next_move", ask)["decision"] == "accept"


def test_approvals_that_cannot_be_read_fail_without_a_word_of_why(tmp_path, caplog):
    cases = bg.load_cases(folder_of(tmp_path, parts__approved__json='{"0.37193": 1}'))
    with pytest.raises(bg.ToolCallError) as caught:
        call(cases, "next_move", history=[])
    assert str(caught.value) == "next_move failed: whoever runs the tools can see why"
    assert "parts.approved.json: expected a list of outcomes" in caplog.text
    (tmp_path / "parts.approved.json").unlink()
    assert call(cases, "next_move", history=[])["decision"] == "counter"


def test_the_time_is_that_of_whoever_runs_the_tools(tmp_path):
    clock = "{opens: '2026-03-01T09:00:00Z', closes: '2026-03-03T09:00:00Z'}"
    folder = folder_of(tmp_path, timed__case__yaml=(
        f"{{bargain_case: 1, problem: supply.yaml, party: buyer, clock: {clock}}}"
    ))  # fmt: skip
    cases = bg.load_cases(folder)
    ask = {"case": "timed", "history": [offer("supplier", *POOR)]}
    early = bg.call_tool(cases, "next_move", ask, now="2026-03-01T10:00:00Z")
    assert early["decision"] == "counter"
    # by the computer's clock these talks closed long ago
    assert bg.call_tool(cases, "next_move", ask)["decision"] == "walk"


TERM = {"issue": "price", "value": 85, "unit": None}
BAD = {
    "no tool": ("next_mov", {"case": "parts"}, "tool: expected one of describe_case"),
    "no case": ("describe_case", {"case": "flat"}, "case: expected the id of a case"),
    "a path": ("describe_case", {"case": "../parts"}, "case: expected the id of a case"),
    "case is a number": ("describe_case", {"case": 7}, "case: expected text, got 7"),
    "case is a list": ("describe_case", {"case": ["parts"]}, "case: expected text"),
    "no arguments": ("describe_case", {}, "case: expected this field, got nothing"),
    "null": ("describe_case", None, "arguments: expected an object, got null"),
    "a list": ("describe_case", ["parts"], "arguments: expected an object"),
    "no json": ("describe_case", "{case", "arguments: line 1, column 2: expected JSON"),
    "twice": ("describe_case", '{"case": "parts", "case": "x"}', "duplicate key 'case'"),
    "deep": ("describe_case", "[" * 100_000, "arguments: "),
    "unknown field": (
        "describe_case", {"case": "parts", "private": True},
        "arguments: expected only the fields case, got 'private'",
    ),
    "approved by the model": (
        "next_move", {"case": "parts", "history": [], "approved": [[85, 60, "none"]]},
        "arguments: expected only the fields case, history, prefers, got 'approved'",
    ),
    "nan": (
        "evaluate_offer", {"case": "parts", "terms": [{**TERM, "value": math.nan}]},
        "terms[0].value: expected text, a finite number or true or false, got nan",
    ),
    "infinity in json": (
        "evaluate_offer",
        '{"case": "parts", "terms": [{"issue": "price", "value": Infinity, "unit": null}]}',
        "terms[0].value: expected text, a finite number or true or false, got inf",
    ),
    "huge": (
        "evaluate_offer", {"case": "parts", "terms": [{**TERM, "value": 10**5000}]},
        "got about 10^5000",
    ),
    "text for a number": (
        "evaluate_offer", {"case": "parts", "terms": [{**TERM, "value": "85"}]},
        "terms[0].value: expected a number for issue 'price' (a whole number from 80 "
        "to 120 in steps of 5 EUR/unit), got '85'",
    ),
    "a number for text": (
        "evaluate_offer", {"case": "parts", "terms": [{**TERM, "issue": "warranty"}]},
        "terms[0].value: expected text for issue 'warranty'",
    ),
    "true for a number": (
        "evaluate_offer", {"case": "parts", "terms": [{**TERM, "value": True}]},
        "terms[0].value: expected a number for issue 'price'",
    ),
    "unknown issue": (
        "evaluate_offer", {"case": "parts", "terms": [{**TERM, "issue": "Preis"}]},
        "terms[0].issue: expected one of price, payment, warranty, got 'Preis'",
    ),
    "issue twice": (
        "evaluate_offer", {"case": "parts", "terms": [TERM, TERM]},
        "terms[1].issue: expected each issue once, got 'price'",
    ),
    "term without unit": (
        "evaluate_offer", {"case": "parts", "terms": [{"issue": "price", "value": 85}]},
        "terms[0].unit: expected this field, got nothing",
    ),
    "term of another kind": (
        "evaluate_offer", {"case": "parts", "terms": {"price": 85}}, "terms: expected a list",
    ),
    "nobody": (
        "next_move", {"case": "parts", "history": [{"party": "me", "terms": None}]},
        "history[0].party: expected one of buyer, supplier, got 'me'",
    ),
    "10 kB": (
        "next_move", {"case": "parts", "history": [{"party": "x" * 10_000, "terms": None}]},
        "history[0].party: expected one of buyer, supplier",
    ),
    "10 kB case": ("describe_case", {"case": "parts" * 2000}, "case: expected the id"),
    "too many": (
        "next_move", {"case": "parts", "history": [offer("supplier")] * 1001},
        "history: expected up to 1000 entries, got 1001",
    ),
    "steering": (
        "describe_case", {"case": "parts\x1b[2J\n\u202e"}, "case: expected the id of a case",
    ),
}  # fmt: skip


def test_what_is_nested_too_deep_is_refused_too(cases):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(bg.ToolCallError, match="case: expected text, got a long list"):
        bg.call_tool(cases, "describe_case", {"case": deep})
    while deep:  # or taking it apart would be too deep as well
        (deep,) = deep


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_wrong_call_gets_one_clear_line(cases, tmp_path, bad):
    name, arguments, expected = bad
    with pytest.raises(bg.ToolCallError) as caught:
        bg.call_tool(cases, name, arguments)
    said = str(caught.value)
    assert expected in said
    assert said.isprintable()
    assert len(said) < 300
    assert not leaks(said.replace("../parts", ""), private_numbers(cases["parts"].anchor), tmp_path)


def test_what_fails_inside_is_not_told(cases, tmp_path, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError(f"0.37193 in {tmp_path}")

    monkeypatch.setattr(bg.Anchor, "advise", broken)
    with pytest.raises(bg.ToolCallError) as caught:
        call(cases, "next_move", history=[])
    assert str(caught.value) == "next_move failed: whoever runs the tools can see why"
    assert caught.value.__suppress_context__
    assert "0.37193" in caplog.text


def test_nothing_private_is_in_any_public_result(cases, tmp_path):
    secrets = private_numbers(cases["parts"].anchor)
    results = [call(cases, "describe_case")]
    for row in range(0, len(cases["parts"].anchor.problem.space), 5):
        outcome = cases["parts"].anchor.problem.space.outcome(row)
        results.append(call(cases, "evaluate_offer", terms=terms(*outcome.values())))
    for number in (0.37193, 0.39719, 37.193, 0.51379):
        said = {"issue": "price", "value": 100, "unit": None}
        results.append(call(cases, "evaluate_offer", terms=[said]))
        assert leaks(f"it is {number}", secrets, tmp_path)
    says = [(120 - 5 * (i // 3), 30, ("none", "one year")[i % 2]) for i in range(24)]
    results += negotiated(cases, says)
    assert {each["decision"] for each in results if "decision" in each} >= {"counter", "walk"} or (
        results[-1]["agreed"]
    )
    for result in results:
        assert not leaks(text_of(result), secrets, tmp_path), result
    # the same with leave of whoever runs the tools is full of them
    told = bg.call_tool(
        cases, "evaluate_offer", {"case": "parts", "terms": terms(*DEAL)}, private=True
    )
    assert leaks(text_of(told["private"]), secrets, tmp_path)


def test_cases_that_differ_in_what_is_private_answer_alike(tmp_path):
    """Whatever is asked: only the move itself may depend on what is private."""
    tables = []
    for name, changes in {
        "one": {},
        "two": {
            "0.37193": "0.11111", "0.39719": "0.54321", "0.40917": "0.54322", "0.21739": "0.1",
            "deadline: 23": "deadline: 31", "1.37931": "1.5", "0.41937": "0.48888",
            "bank rule": "other rule", "117": "112",
        },
    }.items():  # fmt: skip
        folder = tmp_path / name
        folder.mkdir()
        folder_of(folder)
        for path in folder.iterdir():
            text = path.read_text()
            for old, new in changes.items():
                text = text.replace(old, new)
            path.write_text(text)
        tables.append(bg.load_cases(folder))
    probes = [
        ("describe_case", {}),
        *(("evaluate_offer", {"terms": terms(price, days, word)})
          for price in range(80, 125, 5) for days in (30, 45, 60, 90) for word in ("none", "two")),
        ("next_move", {"history": [offer("supplier", *POOR)]}),
        *(("next_move", {"history": [offer("supplier", price, 60, "one year")]})
          for price in range(80, 120, 5)),
        *(("next_move", {"history": [offer("buyer", price, 30, "none"), offer("supplier", *POOR)]})
          for price in range(80, 125, 5)),
        *(("verify_message", {"message": f"We offer {number}, our {word}."})
          for number in ("0.39719", "0.54321", "39.719 %", "0.4", "31", "23", "0,37193", "a third")
          for word in ("reservation", "deadline", "limit", "package")),
        *(("explain_outcome", {"history": [offer("supplier", price, 60, "none")], "agreed": agreed})
          for price in range(75, 125, 5) for agreed in (True, False)),
        ("explain_outcome", {"history": [], "agreed": True}),
    ]  # fmt: skip
    for name, arguments in probes:
        first, second = (call(cases, name, **arguments) for cases in tables)
        assert first == second, (name, arguments)


def test_public_evaluations_of_good_and_bad_offers_differ_by_terms_alone(cases):
    def shape(values):
        found = call(cases, "evaluate_offer", terms=terms(*values))
        return {**found, "package": len(found["package"]["terms"])}

    # above the line, below it, and against a constraint
    assert shape((80, 90, "two years")) == shape(POOR) == shape((120, 90, "none"))


def test_what_the_operator_allows_is_in_the_private_part(cases):
    ask = {"case": "parts", "terms": terms(*POOR)}
    found = bg.call_tool(cases, "evaluate_offer", ask, private=True)["private"]
    assert found["refusal"] == "offer_below_reservation"
    assert found["reservation"] == 0.39719
    told = bg.call_tool(cases, "describe_case", {"case": "parts"}, private=True)["private"]
    assert told["deadline"] == 23
    assert told["limits"]["approval_below"] == 0.40917
    assert told["policy"]["kind"] == "time_dependent"
    ask = {"case": "parts", "history": [offer("supplier", *DEAL)], "agreed": True}
    explained = bg.call_tool(cases, "explain_outcome", ask, private=True)["private"]
    assert explained == bg.explain_outcome(
        cases["parts"].anchor.problem, [bg.Offer("supplier", DEAL)], party="buyer"
    ).to_dict() | {"outcome": explained["outcome"]}
    ask = {"case": "parts", "history": [offer("supplier", *POOR)]}
    move = bg.call_tool(cases, "next_move", ask, private=True)["private"]
    assert move["reasons"][0] == "offer_below_reservation"
    assert move["advice"]["reservation"] == 0.39719


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["case", "history", "party", "terms", "issue", "value", "unit", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from([tool.name for tool in TOOLS]),
    arguments=JSON_LIKE,
    is_right_case=st.booleans(),
)
def test_whatever_a_model_sends_ends_in_a_result_or_one_line(
    cases, tmp_path, name, arguments, is_right_case
):
    if is_right_case and isinstance(arguments, dict):
        arguments = {**arguments, "case": "parts"}
    told = ""
    try:
        bg.call_tool(cases, name, arguments)
    except bg.ToolCallError as error:
        told = str(error)
    assert not told or told.isprintable()
    assert str(tmp_path) not in told


def test_call_tool_wants_cases():
    with pytest.raises(bg.InvalidArgumentError, match="cases: expected Cases"):
        bg.call_tool({}, "describe_case", {"case": "parts"})
