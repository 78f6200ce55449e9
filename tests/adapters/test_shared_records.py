"""Several processes on one folder of records: each offer is answered once, by one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import bargain as bg
from bargain.adapters.tools import turns
from tests.adapters.tool_cases import first_package, folder_of, offer

ROOT = Path(__file__).parents[2]
POOR = offer("supplier", 120, 30, "none")

ANSWERS = """
import json, sys
import bargain as bg
cases = bg.load_cases(sys.argv[1], records=sys.argv[2])
bg.call_tool(cases, "describe_case", {"case": "parts"})
print("ready", flush=True)
for line in sys.stdin:
    asked = {"case": "parts", "history": json.loads(line)}
    print(json.dumps(bg.call_tool(cases, "next_move", asked)), flush=True)
"""
HOLDS = """
import sys, time
import bargain as bg
cases = bg.load_cases(sys.argv[1], records=sys.argv[2])
with cases.turn(cases["parts"]):
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folders(tmp_path):
    records = tmp_path / "records"
    records.mkdir()
    return folder_of(tmp_path), records


@contextmanager
def process(code, folders):
    """Run code in another process, and wait until it is ready."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, folders)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as running:
        try:
            assert running.stdout.readline() == "ready\n"
            yield running
        finally:
            running.kill()


def ask(running, history):
    running.stdin.write(json.dumps(history) + "\n")
    running.stdin.flush()


def answer(running):
    return json.loads(running.stdout.readline())


def move(folders, history):
    folder, records = folders
    cases = bg.load_cases(folder, records=records)
    return bg.call_tool(cases, "next_move", {"case": "parts", "history": history})


def test_of_two_processes_that_are_asked_at_once_one_decides(folders):
    with ExitStack() as both:
        running = [both.enter_context(process(ANSWERS, folders)) for _ in range(2)]
        openings = [[POOR], [offer("supplier", 115, 45, "none")]]
        for each, history in zip(running, openings, strict=True):
            ask(each, history)
        told = [answer(each) for each in running]
    decided = [each["decision"] for each in told]
    assert sorted(decided) == ["counter", "hold"]
    won = decided.index("counter")
    assert "nothing was decided" in told[1 - won]["notes"][0]
    went_on = [*openings[won], first_package("buyer", told[won]), POOR]
    assert move(folders, went_on)["decision"] == "counter"


def test_processes_that_take_turns_go_on_from_each_other(folders):
    history = []
    with process(ANSWERS, folders) as first, process(ANSWERS, folders) as second:
        for price, running in zip((120, 115, 110, 105), [first, second] * 2, strict=True):
            history.append(offer("supplier", price, 30, "none"))
            ask(running, history)
            found = answer(running)
            assert (found["decision"], found["notes"]) == ("counter", [])
            history.append(first_package("buyer", found))
        # the same question gets the same answer from the other
        for running in (first, second):
            ask(running, history[:-1])
        assert answer(first) == answer(second) == found


def test_a_record_that_is_deleted_starts_anew(folders):
    folder, records = folders
    cases = bg.load_cases(folder, records=records)
    asked = {"case": "parts", "history": [offer("supplier", 115, 45, "none")]}
    bg.call_tool(cases, "next_move", {"case": "parts", "history": [POOR]})
    assert bg.call_tool(cases, "next_move", asked)["decision"] == "hold"
    (records / "parts.record.json").unlink()
    assert bg.call_tool(cases, "next_move", asked)["decision"] == "counter"


def test_a_killed_process_leaves_nothing_locked(folders):
    with process(HOLDS, folders) as running:
        running.kill()
        running.wait()
    begun = time.monotonic()
    assert move(folders, [POOR])["decision"] == "counter"
    assert time.monotonic() - begun < turns.PATIENCE / 2


def test_a_process_that_hangs_is_not_waited_for_forever(folders, monkeypatch, caplog):
    folder, records = folders
    cases = bg.load_cases(folder, records=records)
    monkeypatch.setattr(turns, "PATIENCE", 0.3)
    with process(HOLDS, folders):
        with pytest.raises(bg.FileFormatError) as caught:
            bg.load_cases(folder, records=records)
        assert str(caught.value) == (
            ".parts.lock: expected the other process that answers a call for this case to end "
            "within 0.3 seconds, got no end"
        )
        with pytest.raises(bg.ToolCallError, match="whoever runs the tools can see why"):
            bg.call_tool(cases, "next_move", {"case": "parts", "history": [POOR]})
        assert "parts: next_move failed: .parts.lock: expected" in caplog.text
    asked = {"case": "parts", "history": [POOR]}
    assert bg.call_tool(cases, "next_move", asked)["decision"] == "counter"


def test_cases_that_differ_do_not_wait_for_each_other(folders, monkeypatch):
    folder, records = folders
    (folder / "more.case.yaml").write_text((folder / "parts.case.yaml").read_text())
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    with process(HOLDS, folders):
        cases = bg.load_cases(folder, only=["more"], records=records)
        asked = {"case": "more", "history": [POOR]}
        assert bg.call_tool(cases, "next_move", asked)["decision"] == "counter"


def test_a_folder_that_cannot_be_written_to_is_refused_at_once(folders):
    folder, records = folders
    (records / ".parts.lock").mkdir()
    with pytest.raises(bg.FileFormatError, match=r"^\.parts\.lock: expected a file to lock "):
        bg.load_cases(folder, records=records)
