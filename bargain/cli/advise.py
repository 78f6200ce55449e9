"""bargain advise."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    BlurOption,
    ClosesOption,
    DeadlineOption,
    GridOption,
    JsonOption,
    LimitsOption,
    OpensOption,
    OtherOption,
    PackagesOption,
    PartyOption,
    PolicyOption,
    ProblemArgument,
    SkewOption,
    anchor_given,
    json_given,
    print_json,
    text_given,
)


@app.command()
@reported
def advise(
    problem: ProblemArgument,
    party: PartyOption = "0",
    policy: PolicyOption = "boulware",
    deadline: DeadlineOption = 40,
    history: Annotated[
        str, typer.Option(metavar="FILE", help="Offers so far as JSON; - is standard input.")
    ] = "-",
    grid: GridOption = None,
    packages: PackagesOption = 3,
    limits: LimitsOption = None,
    other: OtherOption = "believed",
    closes: ClosesOption = None,
    opens: OpensOption = None,
    skew: SkewOption = 0.0,
    blur: BlurOption = None,
    now: Annotated[
        str | None, typer.Option("--now", metavar="TIME", help="With --closes; else the clock's.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", help="private.state of the advice before: a changed past shows."),
    ] = None,
    approved: Annotated[
        str | None,
        typer.Option("--approved", metavar="FILE", help="Outcomes that a person approved, JSON."),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Print only what may be shown, as JSON.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what a party should do now: accept, counter, hold, walk away or ask a person.

    \b
    The history is a JSON list of {"party": ..., "outcome": {...}, "round": ..., "at": ...,
    "claims": [{"kind": ..., "text": ...}]}, empty before the first offer.
    Example:
      bargain advise rental --party tenant --policy tenant.policy.json < history.json
      echo '[]' | bargain advise supply_contract --party buyer --json

    \b
    --blur takes a file, as the seed must stay private and arguments do not:
      echo '{"seed": 8310466, "schedule": 0.1}' > blur.json
    """
    from bargain.anchor import history_from_json

    anchor = anchor_given(
        problem, party, policy, deadline, packages, grid, limits, other, opens, closes, skew, blur
    )
    text, where = text_given(history)
    advice = anchor.advise(
        history_from_json(text, where) if text.strip() else (),
        now=_now(now) if closes else now,
        state=state,
        approved=() if approved is None else json_given(approved, list),
    )
    if public:
        print_json(asdict(advice.public))
    elif as_json:
        typer.echo(advice.to_json(indent=2))
    else:
        typer.echo(str(advice))


def _now(given: str | None) -> datetime | str:
    return datetime.now(UTC) if given is None else given
