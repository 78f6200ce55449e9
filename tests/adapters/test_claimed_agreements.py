"""That somebody calls it a deal makes none: what the record bears out, decision by decision."""

from __future__ import annotations

import json

import pytest

import bargain as bg
from tests.adapters.tool_cases import (
    CASE,
    first_package,
    folder_of,
    leaks,
    offer,
    private_numbers,
)

POOR = (120, 30, "none")
GOOD = (80, 90, "two years")
APPROVED = "{bargain_case: 1, problem: supply.yaml, party: buyer, deadline: 10, policy: conceder, "


@pytest.fixture
def cases(tmp_path):
    asking = APPROVED + "limits: {approval_for: [{warranty: two years}]}}"
    last = CASE.replace("deadline: 23", "deadline: 1")
    return bg.load_cases(folder_of(tmp_path, ask__case__yaml=asking, last__case__yaml=last))


def move(cases, history, case="parts"):
    return bg.call_tool(cases, "next_move", {"case": case, "history": history})


def told(cases, history, agreed=True, case="parts"):
    asked = {"case": case, "history": history, "agreed": agreed}
    return bg.call_tool(cases, "explain_outcome", asked)


def is_unconfirmed(found, why):
    """Whether an account calls an agreement what it is, a claim, and says why."""
    assert (found["agreed"], found["confirmed"]) == (True, False)
    assert found["package"] is not None
    return found["notes"] == [f"{why}: the record knows of no agreement"]


@pytest.mark.parametrize(
    ("case", "offered", "decision"),
    [("last", POOR, "walk"), ("parts", POOR, "counter"), ("ask", GOOD, "hold")],
)
def test_an_offer_that_was_not_accepted_is_not_agreed_to(cases, tmp_path, case, offered, decision):
    """Also where a person was asked: the note says what the model was told, no more."""
    history = [offer("supplier", *offered)]
    unasked = "by the record next_move was not asked about the last offer"
    assert is_unconfirmed(told(cases, history, case=case), unasked)
    assert move(cases, history, case)["decision"] == decision
    found = told(cases, history, case=case)
    assert is_unconfirmed(found, f"by the record next_move decided to {decision}")
    assert not leaks(json.dumps(found["notes"]), private_numbers(cases[case].anchor), tmp_path)
    assert told(cases, history, agreed=False, case=case)["notes"] == []


def test_an_acceptance_is_confirmed_and_one_that_is_denied_is_noted(cases):
    history = [offer("supplier", *GOOD)]
    assert move(cases, history)["decision"] == "accept"
    found = told(cases, history)
    assert (found["agreed"], found["confirmed"], found["notes"]) == (True, True, [])
    found = told(cases, history, agreed=False)
    assert (found["agreed"], found["confirmed"]) == (False, False)
    assert found["notes"] == ["by the record next_move decided to accept the last offer"]


def test_an_acceptance_said_back_as_an_offer_is_one(cases):
    history = [offer("supplier", *GOOD)]
    move(cases, history)
    assert told(cases, [*history, offer("buyer", *GOOD)])["confirmed"]
    other = told(cases, [*history, offer("buyer", *POOR)])
    assert is_unconfirmed(other, "the history is not that of the record")


def test_an_own_package_that_stands_may_have_been_taken(cases):
    history = [offer("supplier", *POOR)]
    first = move(cases, history)
    for package in first["packages"]:
        taken = [*history, {"party": "buyer", "terms": package["terms"]}]
        assert told(cases, taken)["confirmed"]
    waiting = [*history, first_package("buyer", first)]
    assert move(cases, waiting)["decision"] == "hold"
    assert told(cases, waiting)["confirmed"]


def test_an_offer_of_an_own_history_that_nobody_advised_is_no_deal(cases):
    history = [offer("supplier", *POOR)]
    move(cases, history)
    made_up = [*history, offer("buyer", 120, 30, "none")]
    assert is_unconfirmed(told(cases, made_up), "the history is not that of the record")
    elsewhere = [offer("supplier", *GOOD)]
    assert is_unconfirmed(told(cases, elsewhere), "the history is not that of the record")


def test_the_next_offer_is_not_agreed_to_before_it_was_answered(cases):
    history = [offer("supplier", *POOR)]
    history.append(first_package("buyer", move(cases, history)))
    history.append(offer("supplier", *GOOD))
    unasked = "by the record next_move was not asked about the last offer"
    assert is_unconfirmed(told(cases, history), unasked)
    assert move(cases, history)["decision"] == "accept"
    assert told(cases, history)["confirmed"]


def test_an_own_package_is_gone_when_the_talks_are_over(tmp_path):
    clock = "clock: {opens: 2026-03-01T09:00Z, closes: 2026-03-02T09:00Z}"
    folder_of(tmp_path, late__case__yaml=CASE.replace("deadline: 23", clock))
    cases = bg.load_cases(tmp_path)
    history = [offer("supplier", *POOR)]
    asked = {"case": "late", "history": history}
    first = bg.call_tool(cases, "next_move", asked, now="2026-03-01T12:00Z")
    asked["history"] = [*history, first_package("buyer", first)]
    assert told(cases, asked["history"], case="late")["confirmed"]
    after = bg.call_tool(cases, "next_move", asked, now="2026-03-03T09:00Z")
    assert after["decision"] == "walk"
    ended = "by the record next_move decided to walk"
    assert is_unconfirmed(told(cases, asked["history"], case="late"), ended)


def test_real_numbers_may_be_copied_to_six_digits():
    anchor = bg.Anchor(bg.load("supply_contract"), party="buyer", policy="conceder", deadline=7)
    cases = bg.Cases([bg.AgentCase("parts", anchor)])
    history = [{"party": "supplier", "terms": None}]
    history.append(first_package("buyer", move(cases, history)))
    history[-1]["terms"] = [
        {**each, "value": float(f"{each['value']:.6g}")}
        if isinstance(each["value"], float) else each
        for each in history[-1]["terms"]
    ]  # fmt: skip
    assert told(cases, history)["confirmed"]
