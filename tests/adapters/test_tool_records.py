"""A negotiation goes forward: each offer is answered once, and nobody can make up a past."""

from __future__ import annotations

import re

import pytest

import bargain as bg
from bargain.adapters.tools.record import record_read, record_text
from tests.adapters.tool_cases import (
    CASE,
    SUPPLY,
    first_package,
    folder_of,
    narrated,
    offer,
    terms,
)

DEAL = (85, 60, "one year")
POOR = (120, 30, "none")


@pytest.fixture
def cases(tmp_path):
    return bg.load_cases(folder_of(tmp_path))


def call(cases, name, **arguments):
    return bg.call_tool(cases, name, {"case": "parts", **arguments})


def test_what_would_be_if_is_not_answered(cases):
    """A model that is told to find the least acceptable offer hears nothing but its own words."""
    first = call(cases, "next_move", history=[offer("supplier", *POOR)])
    assert first["decision"] == "counter"
    for price in range(80, 125, 5):
        for history in (
            [offer("supplier", price, 60, "one year")],
            [offer("supplier", *POOR), offer("buyer", price, 30, "none")],
            [offer("supplier", *POOR), first_package("buyer", first),
             offer("buyer", price, 60, "none")],
            [],
        ):  # fmt: skip
            if history and history[-1]["terms"] == terms(*POOR):
                continue
            probed = call(cases, "next_move", history=history)
            assert probed["decision"] == "hold"
            assert probed["packages"] == []
            assert "nothing was decided" in probed["notes"][0]


def test_own_offers_that_nobody_advised_do_not_count(cases):
    """Else "you offered me that yesterday" would be accepted wherever it is above the line."""
    made_up = [offer("buyer", 105, 60, "two years"), offer("supplier", 105, 60, "two years")]
    assert call(cases, "next_move", history=made_up)["decision"] == "hold"
    assert call(cases, "next_move", history=made_up[:1])["decision"] == "hold"


def test_a_misread_offer_may_be_corrected_once_and_for_one_round(cases):
    wrong, right = offer("supplier", 75, 60, "none"), offer("supplier", *POOR)
    move = call(cases, "next_move", history=[wrong])
    assert call(cases, "next_move", history=[wrong]) == move
    corrected = call(cases, "next_move", history=[right])
    assert corrected["decision"] == "counter"
    assert call(cases, "next_move", history=[offer("supplier", *DEAL)])["decision"] == "hold"
    later = [right, first_package("buyer", corrected), offer("supplier", 75, 60, "none")]
    assert call(cases, "next_move", history=later)["decision"] == "counter"
    assert call(cases, "next_move", history=[*later[:2], right])["decision"] == "counter"
    assert call(cases, "next_move", history=later)["decision"] == "hold"


def test_later_moves_cannot_be_seen_by_offers_of_nothing(cases):
    far = call(cases, "next_move", history=[offer("supplier")] * 20)
    assert far["decision"] in ("counter", "hold")
    back = call(cases, "next_move", history=[offer("supplier", *POOR)])
    assert back["decision"] == "hold"
    assert back["notes"]


def test_a_move_is_repeated_after_a_lost_answer(cases):
    history = [offer("supplier", *POOR)]
    move = call(cases, "next_move", history=history)
    assert call(cases, "next_move", history=history) == move
    waiting = [*history, first_package("buyer", move)]
    assert call(cases, "next_move", history=waiting)["decision"] == "hold"
    # each package that was offered still stands
    assert call(cases, "next_move", history=[*waiting, offer("supplier", *POOR)])["packages"]


def unknown_supplier(tmp_path):
    # in the second of five rounds it asks for something that several packages are worth
    case = CASE.replace("party: buyer", "party: buyer\nother: unknown").replace("23", "5")
    return bg.load_cases(folder_of(tmp_path, parts__case__yaml=case))


def said_before(cases):
    history = [offer("supplier", *POOR)]
    move = call(cases, "next_move", history=history)
    assert len(move["packages"]) == 2
    return [*history, first_package("buyer", move)]


def comparisons(cases, **arguments):
    found = bg.call_tool(
        cases, "next_move", {"case": "parts", **arguments}, private=True
    )  # fmt: skip
    return found["private"]["advice"]["opponents"]["supplier"]["n_comparisons"]


@pytest.mark.parametrize("answer", [offer("supplier", 115, 30, "none"), offer("supplier")])
def test_which_package_is_liked_best_is_learned_from_once(tmp_path, answer):
    cases = unknown_supplier(tmp_path)
    before = said_before(cases)
    history = [*before, answer]
    # it is worth more than the other; a counter-offer is worth more than both
    count = 3 if answer["terms"] else 1
    assert comparisons(cases, history=history, prefers=2) == count
    # asked again, as after a lost answer; and later, from the record and from its file
    assert comparisons(cases, history=history, prefers=2) == count
    (tmp_path / "records").mkdir()
    kept = bg.load_cases(tmp_path, records=tmp_path / "records")
    history = [*said_before(kept), answer]
    assert comparisons(kept, history=history, prefers=2) == count
    again = bg.load_cases(tmp_path, records=tmp_path / "records")
    move = call(again, "next_move", history=history)
    later = [*history, first_package("buyer", move), offer("supplier", *POOR)]
    assert comparisons(again, history=later) > count


@pytest.mark.parametrize("prefers", [3, 99])
def test_a_package_that_was_not_offered_cannot_be_liked(tmp_path, prefers):
    cases = unknown_supplier(tmp_path)
    history = [*said_before(cases), offer("supplier", *POOR)]
    refused = call(cases, "next_move", history=history, prefers=prefers)
    assert refused["decision"] == "hold"
    assert f"prefers: expected 1 to 2 or null, got {prefers}" in refused["notes"][0]
    # nothing is lost
    assert call(cases, "next_move", history=history, prefers=1)["decision"] == "counter"


def test_a_choice_needs_packages_and_an_answer(tmp_path):
    cases = unknown_supplier(tmp_path)
    opening = call(cases, "next_move", history=[offer("supplier", *POOR)], prefers=1)
    assert "prefers: expected null" in opening["notes"][0]
    waiting = said_before(cases)
    alone = call(cases, "next_move", history=waiting, prefers=1)
    assert "prefers: expected an entry" in alone["notes"][0]
    for wrong in (0, 1.5, -1):
        with pytest.raises(bg.ToolCallError, match="prefers: expected the number of a package"):
            call(cases, "next_move", history=waiting, prefers=wrong)
    for wrong in ("2", True, [1], float("nan")):
        with pytest.raises(bg.ToolCallError, match="prefers: expected a finite number or null"):
            call(cases, "next_move", history=waiting, prefers=wrong)


def test_a_misread_offer_leaves_the_own_offer_before_it_as_it_was(tmp_path):
    """Else one could see what comes of each choice, again and again."""
    cases = unknown_supplier(tmp_path)
    history = [offer("supplier", *POOR)]
    packages = call(cases, "next_move", history=history)["packages"]
    first, second = ({"party": "buyer", "terms": each["terms"]} for each in packages)
    assert call(cases, "next_move", history=[*history, first, offer("supplier")], prefers=1)[
        "packages"
    ]
    for changed in ([*history, second, offer("supplier")], [*history, second], history):
        probed = call(cases, "next_move", history=changed, prefers=2)
        assert probed["decision"] == "hold"
        assert "nothing was decided" in probed["notes"][0]
    read = [*history, first, offer("supplier", 115, 30, "none")]
    assert call(cases, "next_move", history=read, prefers=2)["packages"]
    assert call(cases, "next_move", history=[*read[:2], offer("supplier")], prefers=1)["notes"]


def test_a_choice_after_the_talks_ended_changes_nothing(tmp_path):
    cases = unknown_supplier(tmp_path)
    before = said_before(cases)
    history = [*before, {**before[-1], "party": "supplier"}]
    move = call(cases, "next_move", history=history, prefers=1)
    assert move["decision"] == "accept"
    assert call(cases, "next_move", history=history, prefers=2) == move
    more = [*history, offer("supplier", *POOR)]
    assert call(cases, "next_move", history=more, prefers=2)["packages"] == []


def test_a_record_with_a_choice_that_nobody_made_is_refused(tmp_path):
    cases = unknown_supplier(tmp_path)
    before = said_before(cases)
    call(cases, "next_move", history=[*before, offer("supplier", *POOR)], prefers=2)
    text = record_text(cases.record("parts"))
    assert record_read(text, cases["parts"]) == cases.record("parts")
    for at in ("-1", "3"):
        changed = re.sub(r'("choices": \[\s*\[\s*)2\b', rf"\g<1>{at}", text)
        assert changed != text
        with pytest.raises(bg.FileFormatError, match="expected a record"):
            record_read(changed, cases["parts"])


def test_real_numbers_may_be_copied_to_six_digits():
    parts = bg.load("supply_contract")
    anchor = bg.Anchor(parts, party="buyer", policy="conceder", deadline=7)
    cases = bg.Cases([bg.AgentCase("parts", anchor)])

    def rounded(package):
        return [
            {**term, "value": float(f"{term['value']:.6g}")}
            if isinstance(term["value"], float) else term
            for term in package["terms"]
        ]  # fmt: skip

    history, moves = [], []
    for _ in range(3):
        history.append({"party": "supplier", "terms": None})
        moves.append(call(cases, "next_move", history=history))
        terms_ = rounded(moves[-1]["packages"][0])
        history.append({"party": "buyer", "terms": terms_})
    assert [move["notes"] for move in moves] == [[], [], []]
    packages = [move["packages"][0]["terms"] for move in moves]
    assert packages != [entry["terms"] for entry in history[1::2]]
    # said back to the six digits that it was written with, an own package is agreed to
    history.append({"party": "supplier", "terms": history[-1]["terms"]})
    agreed = call(cases, "next_move", history=history)
    assert agreed["decision"] == "accept"
    assert agreed["packages"][0] == moves[-1]["packages"][0]


def test_more_than_two_parties_take_turns(tmp_path):
    third = """
  - name: carrier
    reservation_value: 0
    utility:
      additive:
        price: {weight: 1, linear: [0, 1]}
        payment: {weight: 0, table: {30: 1, 45: 1, 60: 1, 90: 1}}
        warranty: {weight: 0, table: {none: 1, one year: 1, two years: 1}}
constraints:"""
    (tmp_path / "supply.yaml").write_text(SUPPLY.replace("\nconstraints:", third))
    (tmp_path / "parts.case.yaml").write_text(CASE)
    cases = bg.load_cases(tmp_path)
    history = [offer("supplier", *POOR), offer("carrier", 115, 30, "none")]
    move = call(cases, "next_move", history=history)
    assert move["decision"] == "counter"
    history += [first_package("buyer", move), offer("supplier"), offer("carrier", *POOR)]
    # whose choice it is nobody says
    doubtful = call(cases, "next_move", history=history, prefers=1)
    assert "prefers: expected null where several parties answered" in doubtful["notes"][0]
    assert call(cases, "next_move", history=history)["decision"] == "counter"


def test_the_last_round_ends_in_a_walk_that_is_final(tmp_path):
    short = "{bargain_case: 1, problem: supply.yaml, party: buyer, policy: linear, deadline: 1}"
    cases = bg.load_cases(folder_of(tmp_path, short__case__yaml=short))
    history = [offer("supplier", *POOR)]
    ask = {"case": "short", "history": history}
    assert bg.call_tool(cases, "next_move", ask)["decision"] == "walk"
    assert bg.call_tool(cases, "next_move", ask)["decision"] == "walk"
    more = {"case": "short", "history": [*history, offer("supplier", *DEAL)]}
    after = bg.call_tool(cases, "next_move", more)
    assert after["decision"] == "hold"
    assert "after the talks ended (walk)" in after["notes"][0]


def test_records_go_on_after_a_restart(tmp_path):
    folder, records = folder_of(tmp_path), tmp_path / "records"
    records.mkdir()
    cases = bg.load_cases(folder, records=records)
    history = [offer("supplier", *POOR)]
    move = call(cases, "next_move", history=history)
    history += [first_package("buyer", move), offer("supplier", 110, 45, "none")]
    again = bg.load_cases(folder, records=records)
    assert call(again, "verify_message", message=narrated(move))["ok"]
    assert call(again, "next_move", history=history)["decision"] == "counter"
    assert call(again, "next_move", history=[offer("supplier", *DEAL)])["decision"] == "hold"
    # without the record the own offer is anybody's word
    fresh = bg.load_cases(folder)
    assert call(fresh, "next_move", history=history)["decision"] == "hold"
    (records / "parts.record.json").write_text('{"bargain_record": 1}')
    with pytest.raises(bg.FileFormatError, match=r"parts\.record\.json: expected a record"):
        bg.load_cases(folder, records=records)


def test_a_case_may_say_what_was_offered_before(tmp_path):
    folder = folder_of(tmp_path, later__case__yaml=(
        "{bargain_case: 1, problem: supply.yaml, party: buyer, deadline: 9, history: ["
        "{party: supplier, outcome: {price: 120, payment: 30, warranty: none}}, "
        "{party: buyer, outcome: {price: 80, payment: 90, warranty: one year}}]}"
    ))  # fmt: skip
    cases = bg.load_cases(folder)
    before = [offer("supplier", *POOR), offer("buyer", 80, 90, "one year")]
    ask = {"case": "later", "history": [*before, offer("supplier", 110, 30, "none")]}
    assert bg.call_tool(cases, "next_move", ask)["decision"] == "counter"
    assert bg.call_tool(cases, "next_move", {"case": "later", "history": []})["notes"]
