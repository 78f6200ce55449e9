"""bargain play and bargain evolve."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    DeadlineOption,
    GridOption,
    JsonOption,
    PartyOption,
    PlotOption,
    ProblemArgument,
    SeedOption,
    check_target,
    default_pool,
    party_given,
    policies_given,
    print_json,
    problem_given,
    save_figure,
    without_display,
)


@app.command()
@reported
def play(
    problem: ProblemArgument,
    policies: Annotated[
        str,
        typer.Option(
            help="One per party: boulware, linear, conceder, hardliner, tit_for_tat, micro, "
            "random, trade_off, nice_tit_for_tat or policy files."
        ),
    ] = "boulware,linear",
    deadline: DeadlineOption = 40,
    first: Annotated[str, typer.Option(help="Party that makes the first offer.")] = "0",
    breakdown: Annotated[
        float, typer.Option(help="Chance that the session ends after a round without agreement.")
    ] = 0.0,
    seed: SeedOption = 0,
    grid: GridOption = None,
    plot: PlotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play one session of alternating offers between policies, one a party.

    \b
    Example:
      bargain play rental --policies boulware,conceder --deadline 40
      bargain play rental --policies linear,tenant.policy.json --plot session.png
      bargain play supply_contract --grid 5
      bargain play rental --policies micro,tit_for_tat --breakdown 0.01 --seed 7
    """
    import bargain as bg

    check_target("--plot", plot)
    session = bg.alternating_offers(
        problem_given(problem, grid),
        policies_given(policies),
        deadline=deadline,
        first=party_given(first),
        breakdown=breakdown,
        seed=seed,
    )
    if plot is not None:
        without_display()
        save_figure(session.plot(), plot)
    if as_json:
        print_json(session.to_dict())
        return
    typer.echo(str(session))
    if plot is not None:
        typer.echo(f"drawn: {plot}")


@app.command()
@reported
def evolve(
    problem: ProblemArgument,
    party: PartyOption = "0",
    against: Annotated[
        str | None,
        typer.Option(
            help="Opponents: names of presets or policy files, by commas. By default nine that "
            "concede down to a quarter, a half or three quarters of what they can gain."
        ),
    ] = None,
    held_out: Annotated[
        str | None, typer.Option(help="Opponents to report on that the search does not meet.")
    ] = None,
    deadline: DeadlineOption = 40,
    grid: GridOption = None,
    seed: SeedOption = 0,
    evaluations: Annotated[int, typer.Option(min=1, help="Policies to try.")] = 20_000,
    time_limit: Annotated[float | None, typer.Option(help="Seconds to stop after.")] = None,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Where to save the policy (.json).")
    ] = None,
    plot: PlotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search for the policy that gains most against a pool of opponents.

    \b
    Example:
      bargain evolve rental --party tenant --seed 1950 --out tenant.policy.json
      bargain evolve rental --party tenant --against boulware,landlord.policy.json
    """
    import bargain as bg

    check_target("--out", out, ".json")
    check_target("--plot", plot)
    loaded, me = problem_given(problem, grid), party_given(party)
    pool = default_pool(loaded, me) if against is None else policies_given(against)
    found = bg.evolve(
        loaded,
        party=me,
        opponents=pool,
        held_out=None if held_out is None else policies_given(held_out),
        deadline=deadline,
        seed=seed,
        evaluations=evaluations,
        time_limit=time_limit,
        progress=not as_json,
    )
    if out is not None:
        found.save(out)
    if plot is not None:
        without_display()
        save_figure(found.plot(), plot)
    if as_json:
        print_json(found.to_dict())
        return
    typer.echo(str(found))
    for name, path in (("saved", out), ("drawn", plot)):
        if path is not None:
            typer.echo(f"{name}: {path}")
