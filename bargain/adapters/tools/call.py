"""The tools of a negotiation by name: their schemas, and one function that runs a call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bargain.adapters.tools import answers, results
from bargain.adapters.tools.cases import Cases
from bargain.adapters.tools.schemas import (
    CASE,
    HISTORY,
    PREFERS,
    TERMS,
    Schema,
    check,
    fields,
    filled,
    text,
    truth,
)
from bargain.errors import BargainError, FileFormatError, InvalidArgumentError, ToolCallError
from bargain.files.syntax import parse_json

LONGEST_ARGUMENTS = 1_000_000
"""Most characters of arguments given as JSON."""


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes
    ----------
    name, title, description : for the model
    parameters : JSON Schema of the arguments
    result : dataclass of what comes back
    run : what it does
    is_move : whether it counts as a move, so that it is kept in the record
    """

    name: str
    title: str
    description: str
    parameters: Schema
    result: type
    run: Callable[..., Any]
    is_move: bool = False


TOOLS = (
    Tool(
        "describe_case",
        "Describe the case",
        "Say for whom you speak, with whom, and which issues are to be settled, with their values "
        "and units. Call it first, and use names and values exactly as it gives them.",
        fields(case=CASE),
        results.CaseDescription,
        answers.describe,
    ),
    Tool(
        "evaluate_offer",
        "Evaluate an offer",
        "Say whether terms make a complete offer that can be answered, and what is missing or "
        "wrong if not. It does not say whether the offer is good: next_move decides.",
        fields(case=CASE, terms=TERMS),
        results.OfferEvaluation,
        answers.evaluate,
    ),
    Tool(
        "next_move",
        "Decide the next move",
        "Decide what to do after the offers made so far: accept the last one, counter with the "
        "packages returned (all of them, to choose from), hold (wait, offer nothing) or walk "
        "(end the talks). The decision is final: say it, and nothing else. Only offers that were "
        "really made belong in the history; each is answered once, and counts.",
        fields(case=CASE, history=HISTORY, prefers=PREFERS),
        results.NextMove,
        answers.move,
        is_move=True,
    ),
    Tool(
        "verify_message",
        "Verify a message",
        "Check a message before it is sent: it must say what next_move decided last, every term "
        "of every package with its unit, and nothing else. Do not send it unless ok is true; "
        "change what the findings say and check it again.",
        fields(case=CASE, message=text("The message as it is to be sent, up to 10,000 bytes.")),
        results.MessageVerdict,
        answers.verify,
    ),
    Tool(
        "explain_outcome",
        "Explain the outcome",
        "After the talks: how they ended, and what each side asked first and last on each issue. "
        "That the other side calls it a deal makes none: confirmed says whether next_move knows.",
        fields(
            case=CASE,
            history=HISTORY,
            agreed=truth("Whether the last offer of the history was accepted."),
        ),
        results.OutcomeAccount,
        answers.account,
    ),
)


def tool_schemas() -> list[dict[str, Any]]:
    """Return the tools for function calling, in strict mode.

    Returns
    -------
    list of dict
        Each with "type" ("function"), "name", "description", "strict" (True) and "parameters": a
        JSON Schema in which every field is required, nothing else is allowed and what may be
        missing is null.

    Examples
    --------
    >>> [tool["name"] for tool in tool_schemas()]
    ['describe_case', 'evaluate_offer', 'next_move', 'verify_message', 'explain_outcome']
    """
    return [
        {
            "type": "function",
            "name": tool.name,
            "description": tool.description,
            "strict": True,
            # the caller may change what it gets
            "parameters": json.loads(json.dumps(tool.parameters)),
        }
        for tool in TOOLS
    ]


def call_tool(
    cases: Cases,
    name: str,
    arguments: Mapping[str, Any] | str,
    *,
    private: bool = False,
    now: Any = None,
) -> dict[str, Any]:
    """Run a tool that a model calls, and return plain values for JSON.

    What the other side may do (offers below the reservation, values that there are not, a last
    round) ends in a decision. What a model may do wrong ends in a `ToolCallError`, whose text it
    may see: it holds nothing but what the model said and what is public.

    Parameters
    ----------
    cases : Cases
    name : str
    arguments : mapping or JSON text
        As `tool_schemas` describes them; what may be null may be left out.
    private : bool
        Whether the result has a `private` part too. What a model knows it can be talked into
        telling.
    now : datetime or ISO 8601 text, optional
        The time, for cases with a clock; by default that of the computer.

    Raises
    ------
    ToolCallError
        If the tool or the case is not there, an argument is wrong, or the tool fails. Why it
        failed goes to the logger "bargain.tools", for whoever runs it.
    InvalidArgumentError
        If `cases` are none.

    Examples
    --------
    >>> import bargain as bg
    >>> anchor = bg.Anchor(bg.load("rental"), party="tenant", policy="boulware", deadline=10)
    >>> cases = bg.Cases([bg.AgentCase("flat-12", anchor)])
    >>> move = bg.call_tool(cases, "next_move", {"case": "flat-12", "history": []})
    >>> move["decision"], [term["value"] for term in move["packages"][0]["terms"]]
    ('counter', [3100, 500, 'July 1', '1 month'])
    """
    if not isinstance(cases, Cases):
        raise InvalidArgumentError.at("cases", "Cases", cases)
    tool = _named(name)
    given = filled(tool.parameters, _read(arguments))
    check(tool.parameters, given, "")
    case = cases.called(given["case"])
    try:
        with cases.turn(case):
            found = asdict(tool.run(cases, case, given, now=now, private=private))
    except ToolCallError:
        raise
    except Exception as error:
        # whatever it is, its text may name what is private
        answers.logger.warning("%s: %s failed: %s", case.id, tool.name, _reason(error))
        raise ToolCallError(f"{tool.name} failed: whoever runs the tools can see why") from None
    if not private:
        del found["private"]
    return plain(found)


def plain(found: Any) -> dict[str, Any]:
    """Return a result as it comes back from JSON: lists for tuples, and no half characters."""
    text_ = json.dumps(found, allow_nan=False, ensure_ascii=False)
    told: dict[str, Any] = json.loads(text_.encode("utf-8", "replace"))
    return told


def _named(name: Any) -> Tool:
    for tool in TOOLS:
        if tool.name == name:
            return tool
    raise ToolCallError.at("tool", f"one of {', '.join(tool.name for tool in TOOLS)}", name)


def _read(arguments: Any) -> Any:
    if not isinstance(arguments, str):
        return arguments
    if len(arguments) > LONGEST_ARGUMENTS:
        expected = f"up to {LONGEST_ARGUMENTS} characters"
        raise ToolCallError(f"arguments: expected {expected}, got {len(arguments)}")
    try:
        return parse_json(arguments, "arguments")
    except FileFormatError as error:
        raise ToolCallError(str(error)) from None


def _reason(error: Exception) -> str:
    kind = "" if isinstance(error, BargainError) else f"{type(error).__name__}: "
    return f"{kind}{error}"
