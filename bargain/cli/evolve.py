"""bargain evolve."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bargain.cli.app import INTERRUPTED, app, reported
from bargain.cli.drawn import (
    DisagreementOption,
    OppositionOption,
    RandomOption,
    SizesOption,
    problems_given,
)
from bargain.cli.options import (
    GridOption,
    JsonOption,
    PartyOption,
    PlotOption,
    SeedOption,
    check_plot,
    check_target,
    default_pool,
    numbers_given,
    party_given,
    policies_given,
    print_json,
    rounds_given,
    save_figure,
    without_display,
)
from bargain.cli.said import command_said
from bargain.errors import InvalidArgumentError

WHERE_TO = ("out", "plot", "checkpoint", "as_json")
"""Options that say where an answer goes, not what it is."""


@app.command()
@reported
def evolve(
    context: typer.Context,
    problem: Annotated[
        list[str] | None,
        typer.Argument(metavar="PROBLEM", help="A packaged name, or problem files."),
    ] = None,
    party: PartyOption = "0",
    against: Annotated[
        str | None,
        typer.Option(
            help="Opponents: names of policies, perhaps with fields, as linear:floor=0.3, or "
            "policy files, by commas. By default nine that concede down to a quarter, a half or "
            "three quarters of what they can gain."
        ),
    ] = None,
    held_out: Annotated[
        str | None, typer.Option(help="Opponents to report on that the search does not meet.")
    ] = None,
    validation: Annotated[
        str | None, typer.Option(help="Other opponents, to choose among the best candidates on.")
    ] = None,
    deadline: Annotated[str, typer.Option(help="Rounds there are; several by commas.")] = "40",
    first: Annotated[
        str, typer.Option(help="Party that makes the first offer; both: each side once.")
    ] = "both",
    grid: GridOption = None,
    random: RandomOption = None,
    sizes: SizesOption = None,
    opposition: OppositionOption = None,
    disagreement: DisagreementOption = None,
    seed: SeedOption = 0,
    space: Annotated[
        str, typer.Option(help="What to search: curve, time_dependent or adaptive policies.")
    ] = "curve",
    by: Annotated[
        str | None,
        typer.Option(
            help="Which outcome a curve or an adaptive policy offers: known (best for the other "
            "side as the problem has it, the default), closest, or, adaptive ones, what they learn "
            "suits it by similarity, hardheaded or smith."
        ),
    ] = None,
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
    exploit: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="EVALUATIONS",
            help="Also find a best response to the result on what is held out, trying so many "
            "policies where it has to be searched, and keep in the file what it gains.",
        ),
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
    opponents like these (95 %). Ctrl-C keeps the best so far. The file says how the policy was
    found, this command included.

    \b
    Example:
      bargain evolve rental --party tenant --seed 1950 --out tenant.policy.json
      bargain evolve rental --party tenant --against boulware,landlord.policy.json
      bargain evolve rental --party tenant --against linear,micro --space adaptive --time-limit 10
      bargain evolve --random 10 --sizes 4,4,3 --sizes 20 --opposition 0,1 --party a --first b \\
        --against linear:floor=0.3,boulware:floor=0.5 --space adaptive --by smith --exploit 500
    """
    import bargain as bg

    check_target("--out", out, ".json")
    check_plot(plot)
    loaded = problems_given(
        problem, grid, random,
        sizes=sizes, opposition=opposition, disagreement=disagreement, seed=seed,
    )  # fmt: skip
    me = party_given(party)
    if against is None and random is not None:
        raise InvalidArgumentError.at("--against", "opponents beside --random", against)
    choices: Any = {"method": method, "objective": objective}
    choices["space"] = space if by is None else _space(space, by)
    found = bg.evolve(
        loaded.train,
        party=me,
        opponents=default_pool(loaded.train[0], me) if against is None else policies_given(against),
        held_out=None if held_out is None else policies_given(held_out),
        held_out_problems=loaded.held_out,
        validation=None if validation is None else policies_given(validation),
        validation_problems=loaded.validation,
        deadline=rounds_given(deadline),
        first=party_given(first),
        reservations=numbers_given("--reservations", reservations) or [0.0],
        seed=seed,
        evaluations=evaluations,
        population=population,
        time_limit=time_limit,
        checkpoint=checkpoint,
        progress=not as_json,
        **choices,
    )
    response = None
    if exploit is not None and found.stopped != "interrupted":
        response = bg.exploitability(
            found.policy,
            loaded.held_out or loaded.train,
            party=me,
            deadline=found.deadlines,
            first=party_given(first),
            seed=seed,
            evaluations=exploit,
            progress=not as_json,
        )
    if out is not None:
        found.save(out, exploitability=response, command=command_said(context, leave_out=WHERE_TO))
    if plot is not None:
        without_display()
        save_figure(found.plot(), plot)
    if as_json:
        told = None if response is None else response.to_dict()
        print_json({**found.to_dict(), "exploitability": told})
    else:
        from bargain.cli.tables import console, search_table

        console().print(search_table(found))
        if response is not None:
            typer.echo(str(response))
        for name, path in (("saved", out), ("drawn", plot), ("kept", checkpoint)):
            if path is not None:
                typer.echo(f"{name}: {path}")
    if found.stopped == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _space(name: str, by: str) -> Any:
    """Return the space of a name with another way to choose among outcomes."""
    import bargain as bg

    if name == "curve":
        return bg.AdaptiveSpace(6, by, responsive=False)
    if name == "adaptive":
        return bg.AdaptiveSpace(4, by)
    raise InvalidArgumentError.at("--by", "curve or adaptive as --space beside it", by)
