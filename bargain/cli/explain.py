"""bargain explain."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    JsonOption,
    ProblemArgument,
    TimeLimitOption,
    party_given,
    print_json,
    problem_given,
    text_given,
)


@app.command()
@reported
def explain(
    problem: ProblemArgument,
    result: Annotated[
        str,
        typer.Option(metavar="FILE", help="What was agreed, or the offers; - is standard input."),
    ] = "-",
    party: Annotated[
        str | None, typer.Option("--party", help="Whom it is told to, by name or position.")
    ] = None,
    no_agreement: Annotated[
        bool, typer.Option("--no-agreement", help="The last offer was not accepted.")
    ] = False,
    time_limit: TimeLimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how good a deal was, what was left on the table, and which round cost it.

    \b
    The result is JSON: the outcome that was agreed, {"issue": value, ...}; or the history, a
    list of {"party": ..., "outcome": {...}} whose last offer was accepted; or null.
    Example:
      bargain explain rental --party tenant < history.json
      echo '{"price": 100, ...}' | bargain explain supply_contract --json
    """
    import bargain as bg
    from bargain.files.syntax import parse_json

    loaded = problem_given(problem)
    text, where = text_given(result)
    given: Any = parse_json(text, where) if text.strip() else None
    if isinstance(given, list):
        from bargain.anchor import history_from_json

        given = history_from_json(text, where)
    found = bg.explain_outcome(
        loaded,
        given,
        party=None if party is None else party_given(party),
        agreed=not no_agreement,
        time_limit=time_limit,
    )
    if as_json:
        print_json(found.to_dict())
    else:
        typer.echo(found.summary())
