"""bargain evolve."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bargain.cli.app import INTERRUPTED, app, reported
from bargain.cli.options import (
    GridOption,
    JsonOption,
    PartyOption,
    PlotOption,
    ProblemArgument,
    SeedOption,
    check_plot,
    check_target,
    default_pool,
    numbers_given,
    party_given,
    policies_given,
    print_json,
    problem_given,
    rounds_given,
    save_figure,
    without_display,
)


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
    validation: Annotated[
        str | None, typer.Option(help="Other opponents, to choose among the best candidates on.")
    ] = None,
    deadline: Annotated[str, typer.Option(help="Rounds there are; several by commas.")] = "40",
    grid: GridOption = None,
    seed: SeedOption = 0,
    space: Annotated[
        str, typer.Option(help="What to search: curve, time_dependent or adaptive policies.")
    ] = "curve",
    method: Annotated[
        str, typer.Option(help="de (differential evolution), cma (CMA-ES) or random.")
    ] = "de",
    objective: Annotated[
        str, typer.Option(help="Mean, worst, or cvar: the mean of the worst fifth of sessions.")
    ] = "mean",
    reservations: Annotated[
        str,
        typer.Option(
            help="What the other side may ask at least, by commas: shares of the way from its "
            "reservation to its best outcome."
        ),
    ] = "0",
    evaluations: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Policies to try; 40,000 by default, no end with --time-limit.",
        ),
    ] = None,
    population: Annotated[
        int | None, typer.Option(help="Policies in a generation; 64 by default, 16 for cma.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds to stop after.")] = None,
    checkpoint: Annotated[
        str | None, typer.Option(metavar="FILE", help="Keep what is known, and go on from it.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Where to save the policy (.json).")
    ] = None,
    plot: PlotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search for the policy that gains most against a pool of opponents.

    Shares are parts of what the party could gain; intervals say what they may be against other
    opponents like these (95 %). Ctrl-C keeps the best so far.

    \b
    Example:
      bargain evolve rental --party tenant --seed 1950 --out tenant.policy.json
      bargain evolve rental --party tenant --against boulware,landlord.policy.json
      bargain evolve rental --party tenant --against linear,micro --space adaptive --time-limit 10
    """
    import bargain as bg

    check_target("--out", out, ".json")
    check_plot(plot)
    loaded, me = problem_given(problem, grid), party_given(party)
    choices: Any = {"space": space, "method": method, "objective": objective}
    found = bg.evolve(
        loaded,
        party=me,
        opponents=default_pool(loaded, me) if against is None else policies_given(against),
        held_out=None if held_out is None else policies_given(held_out),
        validation=None if validation is None else policies_given(validation),
        deadline=rounds_given(deadline),
        reservations=numbers_given("--reservations", reservations) or [0.0],
        seed=seed,
        evaluations=evaluations,
        population=population,
        time_limit=time_limit,
        checkpoint=checkpoint,
        progress=not as_json,
        **choices,
    )
    if out is not None:
        found.save(out)
    if plot is not None:
        without_display()
        save_figure(found.plot(), plot)
    if as_json:
        print_json(found.to_dict())
    else:
        from bargain.cli.tables import console, search_table

        console().print(search_table(found))
        for name, path in (("saved", out), ("drawn", plot), ("kept", checkpoint)):
            if path is not None:
                typer.echo(f"{name}: {path}")
    if found.stopped == "interrupted":
        raise typer.Exit(INTERRUPTED)
