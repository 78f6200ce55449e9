"""bargain advise."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    DeadlineOption,
    GridOption,
    JsonOption,
    PartyOption,
    ProblemArgument,
    party_given,
    policy_given,
    print_json,
    text_given,
)


@app.command()
@reported
def advise(
    problem: ProblemArgument,
    party: PartyOption = "0",
    policy: Annotated[str, typer.Option(help="A preset's name or a policy file.")] = "boulware",
    deadline: DeadlineOption = 40,
    history: Annotated[
        str, typer.Option(metavar="FILE", help="Offers so far as JSON; - is standard input.")
    ] = "-",
    grid: GridOption = None,
    packages: Annotated[int, typer.Option(min=1, max=3, help="Most packages to offer.")] = 3,
    public: Annotated[
        bool, typer.Option("--public", help="Print only what may be shown, as JSON.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what a party should do now: accept, counter with packages, hold or walk away.

    \b
    The history is a JSON list of {"party": ..., "outcome": {...}, "round": ...}, empty before
    the first offer.
    Example:
      bargain advise rental --party tenant --policy tenant.policy.json < history.json
      echo '[]' | bargain advise supply_contract --party buyer --json
    """
    import bargain as bg
    from bargain.anchor import history_from_json

    anchor = bg.Anchor(
        bg.load(*problem),
        party=party_given(party),
        policy=policy_given(policy),
        deadline=deadline,
        packages=packages,
        grid=grid,
    )
    text, where = text_given(history)
    advice = anchor.advise(history_from_json(text, where) if text.strip() else ())
    if public:
        print_json(asdict(advice.public))
    elif as_json:
        typer.echo(advice.to_json(indent=2))
    else:
        typer.echo(str(advice))
