"""A real client of the Model Context Protocol negotiates over standard streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bargain as bg
from bargain.cli import app
from tests.adapters.tool_cases import (
    first_package,
    folder_of,
    leaks,
    narrated,
    offer,
    private_numbers,
)

anyio = pytest.importorskip("anyio", reason="needs the extra agents")
mcp = pytest.importorskip("mcp", reason="needs the extra agents")
pytest.importorskip("mcp_types", reason="needs version 2 of mcp, as the extra agents asks for")
jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).parents[1]
POOR = (120, 30, "none")


def launched(folder, *options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = ["-m", "bargain", "serve", str(folder), *options]
    return mcp.StdioServerParameters(
        command=sys.executable, args=command, env=environment, cwd=str(folder)
    )


@asynccontextmanager
async def connected(folder, *options, log):
    with open(log, "w") as errors:
        async with (
            mcp.stdio_client(launched(folder, *options), errlog=errors) as (read, write),
            mcp.ClientSession(read, write) as session,
        ):
            session.greeting = await session.initialize()
            yield session


async def asked(session, name, **arguments):
    """Call a tool that answers; the client checks the result against the tool's schema."""
    result = await session.call_tool(name, {"case": "parts", **arguments})
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result


async def told(session, name, **arguments):
    return (await asked(session, name, **arguments)).structured_content


def test_a_client_negotiates_to_an_agreement_and_learns_nothing_private(tmp_path):
    folder = folder_of(tmp_path, bad__case__yaml="bargain_case: 1\nsecret: 0.37193")
    frame, heard = [], []

    async def negotiate():
        async with connected(folder, log=tmp_path / "log") as session:
            frame.append(session.greeting.model_dump_json())
            assert session.greeting.server_info.name == "bargain"
            assert session.greeting.server_info.version == bg.__version__
            tools = (await session.list_tools()).tools
            frame.extend(tool.model_dump_json() for tool in tools)
            expected = bg.tool_schemas()
            assert [tool.name for tool in tools] == [each["name"] for each in expected]
            for tool, each in zip(tools, expected, strict=True):
                assert tool.input_schema == each["parameters"]
                assert tool.output_schema["additionalProperties"] is False
                assert "private" not in tool.output_schema["properties"]
                jsonschema.Draft202012Validator.check_schema(tool.output_schema)
            described = await told(session, "describe_case")
            assert described["speaks_for"] == "buyer"
            assert described["about"] == "You buy parts for the works in Ghent."
            results, history = [described], []
            for said in [POOR, (110, 45, "none"), (75, 90, "none"), (85, 90, "two years")]:
                terms = offer("supplier", *said)["terms"]
                results.append(await told(session, "evaluate_offer", terms=terms))
                history.append(offer("supplier", *said))
                move = await told(session, "next_move", history=history)
                checked = await told(session, "verify_message", message=narrated(move))
                assert checked["ok"]
                worse = narrated(move) + " I can pay 110."
                failed = await told(session, "verify_message", message=worse)
                assert not failed["ok"]
                results += [move, checked, failed]
                if move["decision"] != "counter":
                    break
                history.append(first_package("buyer", move))
            assert move["decision"] == "accept"
            account = await told(session, "explain_outcome", history=history, agreed=True)
            assert account["agreed"]
            assert account["package"] == move["packages"][0]
            heard.extend(json.dumps(each) for each in [*results, account])
            for name, arguments in [
                ("next_move", {"case": "flat", "history": []}),
                ("next_move", {"case": "bad", "history": []}),
                ("next_move", {"case": "../parts", "history": []}),
                ("next_move", {"case": "parts"}),
                ("evaluate_offer", {"case": "parts", "terms": [{"issue": "x"}]}),
                ("nothing", {}),
                ("describe_case", None),
            ]:
                result = await session.call_tool(name, arguments)
                assert result.is_error
                assert len(result.content) == 1
                heard.append(result.content[0].text.replace("../parts", ""))

    anyio.run(negotiate)
    secrets = private_numbers(bg.load_cases(folder, only=["parts"])["parts"].anchor)
    for text in heard:
        assert not leaks(text, secrets, tmp_path), text
    for text in frame:
        # descriptions are the same for every case
        assert str(tmp_path) not in text
        assert "parts" not in text
    log = (tmp_path / "log").read_text()
    assert "bargain: bad.case.yaml: secret: unknown field" in log
    assert "Traceback" not in log


def test_an_operator_may_allow_the_private_part_and_keep_records(tmp_path):
    folder, records = folder_of(tmp_path), tmp_path / "records"
    records.mkdir()

    async def first():
        options = ("--private", "--records", str(records), "--case", "parts")
        async with connected(folder, *options, log=tmp_path / "log") as session:
            move = await told(session, "next_move", history=[offer("supplier", *POOR)])
            assert move["private"]["advice"]["reservation"] == 0.39719
            return move

    async def second(move):
        async with connected(folder, "--records", str(records), log=tmp_path / "log") as session:
            history = [offer("supplier", *POOR), first_package("buyer", move)]
            history.append(offer("supplier", 115, 30, "none"))
            assert (await told(session, "next_move", history=history))["decision"] == "counter"

    anyio.run(second, anyio.run(first))


def test_two_servers_share_a_folder_of_records(tmp_path):
    folder, records = folder_of(tmp_path), tmp_path / "records"
    records.mkdir()

    async def negotiate():
        options = ("--records", str(records))
        async with (
            connected(folder, *options, log=tmp_path / "log") as first,
            connected(folder, *options, log=tmp_path / "log2") as second,
        ):
            move = await told(first, "next_move", history=[offer("supplier", *POOR)])
            history = [offer("supplier", *POOR), first_package("buyer", move)]
            checked = await told(second, "verify_message", message=narrated(move))
            assert checked["ok"]
            history.append(offer("supplier", 115, 30, "none"))
            gone_on = await told(second, "next_move", history=history)
            assert gone_on["decision"] == "counter"
            # answered by the second, so that the first does not answer another
            other = [*history[:2], offer("supplier", 110, 45, "none")]
            refused = await told(first, "next_move", history=other)
            assert (refused["decision"], len(refused["notes"])) == ("hold", 1)
            assert await told(first, "next_move", history=history) == gone_on

    anyio.run(negotiate)


def test_what_is_no_message_does_not_stop_the_server(tmp_path):
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {},
                   "clientInfo": {"name": "test", "version": "1"}},
    }  # fmt: skip
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    wrong = {
        "jsonrpc": "2.0", "id": 2, "method": "tools/call",
        "params": {"name": "describe_case", "arguments": ["parts"]},
    }  # fmt: skip
    right = {
        "jsonrpc": "2.0", "id": 3, "method": "tools/call",
        "params": {"name": "describe_case", "arguments": {"case": "parts"}},
    }  # fmt: skip
    lines = [json.dumps(hello), json.dumps(ready), "{nonsense", "\x00\xff", json.dumps(wrong)]
    answers = {}
    with subprocess.Popen(
        [sys.executable, "-m", "bargain", "serve", str(folder_of(tmp_path))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as server:
        server.stdin.write("\n".join([*lines, json.dumps(right), ""]))
        server.stdin.flush()
        while 3 not in answers:
            line = server.stdout.readline()
            assert line, server.stderr.read()
            assert str(tmp_path) not in line
            answer = json.loads(line)
            answers[answer.get("id")] = answer
        server.stdin.close()
        assert server.wait(timeout=60) == 0
    assert "error" in answers[2]
    assert answers[3]["result"]["structuredContent"]["case"] == "parts"


def served(*arguments):
    return CliRunner().invoke(app, ["serve", *map(str, arguments)])


def test_check_reads_the_cases_and_says_what_is_wrong(tmp_path):
    folder = folder_of(tmp_path)
    good = served(folder, "--check")
    assert (good.exit_code, good.stdout) == (0, "parts: ok\n")
    (folder / "bad.case.yaml").write_text("bargain_case: 1\nproblm: rental")
    found = served(folder, "--check", "--json")
    assert found.exit_code == 2
    assert json.loads(found.stdout) == {
        "cases": ["parts"], "broken": {"bad": "bad.case.yaml: problm: unknown field"}
    }  # fmt: skip
    assert "bargain: bad.case.yaml: problm: unknown field" in found.stderr
    assert served(folder, "--check", "--case", "parts").exit_code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "parts.approved.json: line 1, column 2: expected JSON"),
        ("{}", "parts.approved.json: expected a list of outcomes"),
        ('[[80, 90, "none"], [80, 90]]', "parts.approved.json: [1]: outcome: "),
    ],
)
def test_check_reads_what_was_approved_too(tmp_path, text, told):
    folder = folder_of(tmp_path, parts__approved__json=text)
    found = served(folder, "--check")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith(f"bargain: {told}")
    listed = json.loads(served(folder, "--check", "--json").stdout)
    assert (listed["cases"], list(listed["broken"])) == ([], ["parts"])
    (folder / "parts.approved.json").write_text('[[80, 90, "none"]]')
    assert served(folder, "--check").stdout == "parts: ok\n"


def test_without_a_good_case_the_server_does_not_start(tmp_path):
    (tmp_path / "bad.case.yaml").write_text("bargain_case: 1\nproblm: rental")
    for arguments in ([tmp_path], [tmp_path / "nowhere"], [tmp_path, "--records", "nowhere"]):
        found = served(*arguments)
        assert found.exit_code == 2
        assert found.stderr.count("\n") == 1


def test_without_the_extra_one_line_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    found = served(folder_of(tmp_path))
    assert found.exit_code == 2
    assert found.stderr.startswith("bargain: serve: expected the extra agents (pip install ")
    assert "bargain-solver[agents]" in found.stderr
    assert found.stderr.count("\n") == 1


def test_importing_bargain_does_not_import_mcp():
    code = (
        "import sys, bargain as bg; bg.tool_schemas; bg.call_tool; "
        "sys.exit('mcp' in sys.modules or 'anyio' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )
