"""bargain equilibrium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    JsonOption,
    PlotOption,
    SeedOption,
    check_plot,
    print_json,
    save_figure,
    without_display,
)
from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.search import EmpiricalGame


@app.command()
@reported
def equilibrium(
    payoffs: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="What 'bargain tournament --csv' or '--json' wrote, or a table of payoffs (.csv).",
        ),
    ],
    level: Annotated[float, typer.Option(help="Of the bounds on regrets, between 0 and 1.")] = 0.95,
    limit: Annotated[int, typer.Option(help="Most equilibria that are shown.")] = 10,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", help="For finding equilibria.")
    ] = 10.0,
    correlated: Annotated[
        bool, typer.Option("--correlated", help="Also the best correlated equilibrium.")
    ] = False,
    basins: Annotated[
        int, typer.Option(help="Also where so many random populations end by the replicator.")
    ] = 0,
    seed: SeedOption = 0,
    plot: PlotOption = None,
    flow: Annotated[
        str | None,
        typer.Option(metavar="A,B,C", help="Draw how a population of three policies flows."),
    ] = None,
    population: Annotated[
        bool, typer.Option("--population", help="Draw how shares of policies develop from equal.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find the equilibria among policies: which mixtures nobody gains by leaving.

    The regret is what a policy could gain by switching, by the payoffs measured; "at most" is
    what it may be given the noise in them, and never more than payoffs can differ: 1 for sessions
    of a tournament in which waiting cost nothing. A square table has names in its first line and
    column; a list has the columns row, column, payoff (and standard_error), or for two roles row,
    column, row_payoff, column_payoff.

    \b
    Example:
      bargain tournament rental employment chair --grid 11 --csv sessions.csv
      bargain equilibrium sessions.csv --plot payoffs.png
      bargain equilibrium sessions.csv --basins 100 --correlated
    """
    import bargain as bg

    limit = whole_number("--limit", limit, at_least=1, error=InvalidArgumentError)
    basins = whole_number("--basins", basins, at_least=0, error=InvalidArgumentError)
    check_plot(plot)
    if plot is None and (flow is not None or population):
        raise InvalidArgumentError.at("--plot", "a file to draw into", "nothing")
    game = bg.EmpiricalGame.load(payoffs)
    found = game.equilibria(level=level, time_limit=time_limit)
    best = game.correlated_equilibrium() if correlated else None
    ends = game.basins(basins, seed=seed) if basins else None
    if plot is not None:
        without_display()
        save_figure(_picture(game, flow, population), plot)
    if as_json:
        answer: dict[str, Any] = {
            "roles": list(game.roles),
            "symmetric": game.symmetric,
            "policies": [list(names) for names in game.names],
            **found.to_dict(),
            "dominated": [one.to_dict() for one in game.dominated],
        }
        if best is not None:
            answer["correlated"] = best.to_dict()
        if ends is not None:
            answer["basins"] = [one.to_dict() for one in ends]
        print_json(answer)
        return
    from bargain.cli import game_tables as tables
    from bargain.cli.tables import console

    console().print(tables.equilibria_table(game, found, limit))
    for note in tables.equilibria_notes(game, found, limit):
        typer.echo(note)
    if best is not None:
        console().print(tables.correlated_table(game, best))
    if ends is not None:
        console().print(tables.basins_table(game, ends))
    if plot is not None:
        typer.echo(f"drawn: {plot}")


def _picture(game: EmpiricalGame, flow: str | None, population: bool) -> Axes:
    if flow is not None:
        return game.plot("flow", policies=[part.strip() for part in flow.split(",")])
    if population:
        return game.replicator().plot()
    return game.plot()
