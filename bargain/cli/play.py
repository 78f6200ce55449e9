"""bargain play."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    DeadlineOption,
    GridOption,
    JsonOption,
    PlotOption,
    ProblemArgument,
    SeedOption,
    check_plot,
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
            "random, trade_off, nice_tit_for_tat, others that 'bargain policies' lists, any of "
            "them with fields, as linear:floor=0.3, or policy files."
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

    check_plot(plot)
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
