"""bargain advise."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    DeadlineOption,
    GridOption,
    JsonOption,
    LimitsOption,
    OtherOption,
    PackagesOption,
    PartyOption,
    PolicyOption,
    ProblemArgument,
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
    closes: Annotated[
        str | None,
        typer.Option(
            "--closes", metavar="TIME", help="When talks close, as 2026-03-04T09:00:00+01:00."
        ),
    ] = None,
    opens: Annotated[
        str | None,
        typer.Option("--opens", metavar="TIME", help="When they opened; 48 hours before."),
    ] = None,
    skew: Annotated[
        float, typer.Option("--skew", metavar="SECONDS", help="How far clocks may differ.")
    ] = 0.0,
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
    """
    from bargain.anchor import history_from_json

    clock = _clock(opens, closes, skew)
    anchor = anchor_given(problem, party, policy, deadline, packages, grid, limits, other, clock)
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


def _clock(opens: str | None, closes: str | None, skew: float) -> Any:
    if closes is None:
        return None
    import bargain as bg
    from bargain.anchor.clock import moment, span

    end = moment("--closes", closes)
    start = end - timedelta(hours=48) if opens is None else moment("--opens", opens)
    return bg.Clock(start, end, skew=span("--skew", skew))


def _now(given: str | None) -> datetime | str:
    return datetime.now(UTC) if given is None else given
