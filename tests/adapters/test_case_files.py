"""Case files: what they hold, what is refused, and where cases may lie."""

from __future__ import annotations

import os

import pytest

import bargain as bg
from tests.adapters.tool_cases import CASE, folder_of

RENTAL = "bargain_case: 1\nproblem: rental\nparty: tenant\ndeadline: 10\n"

WRONG = {
    "empty": ("", "expected a mapping with bargain_case, problem and party, got null"),
    "no yaml": ("a: [", "expected YAML"),
    "no version": ("problem: rental\nparty: tenant", "bargain_case: expected this field"),
    "another version": (RENTAL.replace("1", "2", 1), "bargain_case: expected format version 1"),
    "unknown field": (RENTAL + "deadlin: 3", "deadlin: unknown field"),
    "no end": (RENTAL.replace("deadline: 10", ""), "deadline: expected a whole number >= 1"),
    "deadline as text": (RENTAL + "packages: '3'", "packages: expected a whole number, got '3'"),
    "too many packages": (RENTAL + "packages: 4", "packages: expected 1 to 3, got 4"),
    "nobody": (RENTAL.replace("tenant", "cat"), "party"),
    "no policy": (RENTAL + "policy: hard", "policy: expected one of boulware, linear"),
    "policy with a wrong field": (
        RENTAL + "policy: {kind: time_dependent, gamma: 1}", "policy.gamma: ",
    ),
    "script of nothing": (
        RENTAL + "policy: {kind: scripted, outcomes: [{rent: 3100}]}",
        "policy: outcomes[0]: outcome: expected a value for issue 'deposit'",
    ),
    "script beyond the limits": (
        RENTAL + "policy: {kind: scripted, outcomes: [[3100, 500, May 1, 2 years]]}\n"
        "limits: {forbidden: [{length: 2 years}]}",
        "policy: outcomes[0]: expected an outcome that meets the constraints",
    ),
    "policy outside": (
        RENTAL + "policy: ../p.json", "policy: expected a file in the folder of cases",
    ),
    "policy missing": (RENTAL + "policy: p.json", "policy: expected a file that exists"),
    "problem missing": (RENTAL.replace("rental", "flat.yaml"), "problem: expected a file that ex"),
    "problem outside": (RENTAL.replace("rental", "../a.yaml"), "problem: expected a file in the"),
    "problem by its full path": (
        RENTAL.replace("rental", "/etc/hostname"), "problem: expected a file in the folder",
    ),
    "problem hidden": (RENTAL.replace("rental", ".a.yaml"), "problem: expected a file in the"),
    "problem is a case": (RENTAL.replace("rental", "x.case.yaml"), "problem: "),
    "null": (RENTAL + "limits: null", "limits: expected a mapping, got null"),
    "wrong limit": (RENTAL + "limits: {flor: 1}", "limits: expected only the fields reservation"),
    "floor out of reach": (RENTAL + "limits: {floor: 9000}", "floor: expected at most 3900.0"),
    "limit of no issue": (
        RENTAL + "limits: {forbidden: [{rent: 3100}, {rnt: 1}]}", "limits: forbidden[1]: issue: e",
    ),
    "grid of one": (RENTAL + "grid: 1", "grid: expected a whole number >= 2, got 1"),
    "limit is nan": (RENTAL + "limits: {floor: .nan}", "limits: floor: expected a finite number"),
    "clock without a zone": (
        RENTAL + "clock: {opens: '2026-03-01', closes: '2026-03-02'}", "clock: opens: expected a",
    ),
    "clock without an end": (
        RENTAL + "clock: {opens: '2026-03-01T09:00Z'}", "clock.closes: expected this field",
    ),
    "words with digits": (RENTAL + "words: [b52]", "words: expected a list of words made of l"),
    "history of nobody": (
        RENTAL + "history: [{party: cat, outcome: {}}]", "history[0].party: ",
    ),
    "history of nothing": (
        RENTAL + "history: [{party: tenant, outcome: {rent: 3900}}]", "history[0]: outcome: ",
    ),
    "other": (RENTAL + "other: hostile", "other: expected exact, believed, unknown or"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_case_file_names_the_file_and_the_field(tmp_path, wrong):
    text, expected = wrong
    (tmp_path / "x.case.yaml").write_text(text)
    with pytest.raises(bg.FileFormatError) as caught:
        bg.load_cases(tmp_path)
    said = str(caught.value)
    assert said.startswith("x.case.yaml: ")
    assert expected in said
    assert "\n" not in said


def test_every_field_reaches_the_anchor(tmp_path):
    (tmp_path / "held.policy.json").write_text(
        '{"bargain_policy": 1, "policy": {"kind": "time_dependent", "beta": 0.3}}'
    )
    text = RENTAL + (
        "policy: held.policy.json\nlimits: {floor: 1500}\nother: unknown\npackages: 2\n"
        "clock: {opens: '2026-03-01T09:00Z', closes: '2026-03-03T09:00Z', skew: 60, "
        "respond_within: 3600}\nabout: A flat.\nwords: [Ada]\n"
    )
    (tmp_path / "flat.case.yaml").write_text(text)
    case = bg.load_cases(tmp_path)["flat"]
    anchor = case.anchor
    assert (anchor.party, anchor.deadline, anchor.packages) == ("tenant", 10, 2)
    assert anchor.policy.beta == 0.3
    assert anchor.limits.floor == 1500
    assert anchor.other == "unknown"
    assert anchor.clock.skew.total_seconds() == 60
    assert anchor.clock.respond_within.total_seconds() == 3600
    assert (case.about, case.words) == ("A flat.", ("Ada",))


def test_cases_in_json_and_of_several_problem_files(tmp_path):
    bg.save(bg.load("chair"), tmp_path / "chair.json")
    (tmp_path / "a.case.json").write_text(
        '{"bargain_case": 1, "problem": ["chair.json"], "party": 1, "deadline": 5, "grid": 11}'
    )
    (tmp_path / "b.case.yml").write_text(RENTAL)
    cases = bg.load_cases(tmp_path)
    assert list(cases) == ["a", "b"]
    assert cases["a"].anchor.party == "buyer"


def test_other_files_and_hidden_ones_are_left_alone(tmp_path):
    folder_of(tmp_path)
    (tmp_path / ".hidden.case.yaml").write_text("nonsense: [")
    (tmp_path / "notes.yaml").write_text("nonsense: [")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "deep.case.yaml").write_text("nonsense: [")
    assert list(bg.load_cases(tmp_path)) == ["parts"]


@pytest.mark.parametrize("name", ["a b", "a.b", "ü", "-a", "a" * 65, "a'b", "a$b"])
def test_ids_are_plain(tmp_path, name):
    (tmp_path / f"{name}.case.yaml").write_text(RENTAL)
    with pytest.raises(bg.FileFormatError, match="expected a name of letters, digits"):
        bg.load_cases(tmp_path)


def test_links_out_of_the_folder_are_refused_and_those_within_are_not(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "a.yaml").write_text(RENTAL)
    (inside / "a.case.yaml").symlink_to(outside / "a.yaml")
    with pytest.raises(bg.FileFormatError, match=r"a\.case\.yaml: expected a file in the folder"):
        bg.load_cases(inside)
    (inside / "a.case.yaml").unlink()
    (inside / "text").write_text(RENTAL)
    (inside / "a.case.yaml").symlink_to("text")
    assert list(bg.load_cases(inside)) == ["a"]
    bg.save(bg.load("rental"), outside / "p.yaml")
    (inside / "p.yaml").symlink_to(outside / "p.yaml")
    (inside / "text").write_text(RENTAL.replace("rental", "p.yaml"))
    with pytest.raises(bg.FileFormatError, match="problem: expected a file in the folder"):
        bg.load_cases(inside)
    (inside / "text").unlink()
    (inside / "text").symlink_to("text")
    with pytest.raises(bg.FileFormatError, match=r"a\.case\.yaml: expected a file"):
        bg.load_cases(inside)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "a.case.yaml")
    with pytest.raises(bg.FileFormatError, match=r"a\.case\.yaml: expected a file that exists"):
        bg.load_cases(tmp_path)


@pytest.mark.parametrize("second", ["parts.case.json", "PARTS.case.yaml"])
def test_two_files_for_one_case_are_refused_both(tmp_path, second):
    folder_of(tmp_path, other__case__yaml=RENTAL)
    (tmp_path / second).write_text(CASE if second.endswith("yaml") else "{}")
    with pytest.raises(bg.FileFormatError, match="expected one file for a case, got"):
        bg.load_cases(tmp_path)
    cases = bg.load_cases(tmp_path, strict=False)
    assert list(cases) == ["other"]
    assert "parts" in cases.broken
    with pytest.raises(bg.ToolCallError, match="ask whoever runs the tools"):
        bg.call_tool(cases, "describe_case", {"case": "parts"})


def test_a_broken_case_does_not_take_the_others_down_unless_asked_to(tmp_path):
    folder_of(tmp_path, bad__case__yaml="bargain_case: 1\nsecret: 0.37193")
    with pytest.raises(bg.FileFormatError, match=r"bad\.case\.yaml: secret: unknown field"):
        bg.load_cases(tmp_path)
    cases = bg.load_cases(tmp_path, strict=False)
    assert list(cases) == ["parts"]
    assert cases.broken == {"bad": "bad.case.yaml: secret: unknown field"}
    with pytest.raises(bg.ToolCallError) as caught:
        bg.call_tool(cases, "describe_case", {"case": "bad"})
    assert "secret" not in str(caught.value)
    assert list(bg.load_cases(tmp_path, only=["parts"])) == ["parts"]
    with pytest.raises(bg.InvalidArgumentError, match="only: expected ids of cases in the folder"):
        bg.load_cases(tmp_path, only=["parts", "flat"])


def test_a_folder_without_cases_is_refused(tmp_path):
    with pytest.raises(bg.FileFormatError, match=r"expected files called ID\.case\.yaml"):
        bg.load_cases(tmp_path)
    with pytest.raises(bg.FileFormatError, match="cases: expected a folder that exists"):
        bg.load_cases(tmp_path / "nowhere")


def test_cases_of_ones_own_need_ids_of_their_own():
    anchor = bg.Anchor(bg.load("rental"), party=0, policy="linear", deadline=5)
    with pytest.raises(bg.InvalidArgumentError, match="case: id: expected an id of its own"):
        bg.Cases([bg.AgentCase("a", anchor), bg.AgentCase("A", anchor)])
    with pytest.raises(bg.InvalidArgumentError, match="case: id: expected letters, digits"):
        bg.Cases([bg.AgentCase("../a", anchor)])
    with pytest.raises(bg.InvalidArgumentError, match="records: expected a folder that exists"):
        bg.Cases([bg.AgentCase("a", anchor)], records="/nowhere/at/all")
    assert "landlord" not in repr(bg.Cases([bg.AgentCase("a", anchor)]))
    assert "landlord" not in repr(bg.AgentCase("a", anchor))


@pytest.mark.parametrize("name", bg.packaged_policies())
def test_a_case_takes_policies_that_ship_by_name(name, tmp_path):
    (tmp_path / "flat.case.yaml").write_text(RENTAL + f"policy: {name}\n")
    case = bg.load_cases(tmp_path)["flat"]
    assert case.anchor.policy == bg.policy_from_name(name)
    assert case.anchor.advise().decision == "counter"


def test_a_record_that_cannot_be_read_does_not_take_the_others_down_unless_asked_to(tmp_path):
    folder = folder_of(tmp_path, other__case__yaml=CASE)
    records = tmp_path / "records"
    records.mkdir()
    (records / "other.record.json").write_text("")
    cases = bg.load_cases(folder, records=records, strict=False)
    assert list(cases) == ["parts"]
    assert "other.record.json" in cases.broken["other"]
    with pytest.raises(bg.ToolCallError, match="cannot be served"):
        bg.call_tool(cases, "describe_case", {"case": "other"})
    with pytest.raises(bg.FileFormatError, match=r"other\.record\.json"):
        bg.load_cases(folder, records=records)
    with pytest.raises(bg.FileFormatError, match=r"other\.record\.json"):
        bg.load_cases(folder, only=["other"], records=records, strict=False)
