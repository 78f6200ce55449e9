"""bargain tournament."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bargain.cli.app import INTERRUPTED, app, reported
from bargain.cli.options import (
    GridOption,
    JsonOption,
    PlotOption,
    SeedOption,
    check_plot,
    check_target,
    is_policy_file,
    policy_given,
    print_json,
    rounds_given,
    save_figure,
    without_display,
)
from bargain.errors import (
    InfeasibleProblemError,
    InvalidArgumentError,
    TooLargeError,
    UnsupportedProblemError,
)

if TYPE_CHECKING:
    from bargain.model import BargainingProblem
    from bargain.play import Tournament


@app.command()
@reported
def tournament(
    problems: Annotated[
        list[str],
        typer.Argument(
            metavar="PROBLEM...",
            help="Packaged names, problem files, GENIUS domains with their profiles beside them, "
            "or folders, which are searched.",
        ),
    ],
    policies: Annotated[
        str,
        typer.Option(help="Names, as 'bargain policies' lists them, or policy files, by commas."),
    ] = "boulware,linear,conceder,tit_for_tat,micro",
    against: Annotated[
        str | None, typer.Option(help="A pool to play against, instead of each other.")
    ] = None,
    deadline: Annotated[str, typer.Option(help="Rounds; several by commas.")] = "40",
    repetitions: Annotated[
        int, typer.Option(help="Sessions of each kind, where anybody draws.")
    ] = 1,
    self_play: Annotated[
        bool, typer.Option("--self-play/--no-self-play", help="Whether policies meet themselves.")
    ] = True,
    breakdown: Annotated[
        float, typer.Option(help="Chance that a session ends after a round without agreement.")
    ] = 0.0,
    without_zone: Annotated[
        str,
        typer.Option(
            metavar="keep|skip",
            help="Problems in which nothing is acceptable to everybody: played and counted in all "
            "means, or left out.",
        ),
    ] = "keep",
    seed: SeedOption = 0,
    grid: GridOption = None,
    checkpoint: Annotated[
        str | None, typer.Option(metavar="FILE", help="Keep what is finished, and go on from it.")
    ] = None,
    sessions: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Write every session into a .csv.")
    ] = None,
    plot: PlotOption = None,
    payoffs: Annotated[
        bool, typer.Option("--payoffs", help="Draw the payoffs of pairs instead of the ranking.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let policies meet in every way, over one problem or many.

    The share is the mean part of its attainable gain that a policy got. Its interval, and the
    ranks in brackets, are what it may be over other problems like these (95 %). Distances are in
    parts of each party's range. Ctrl-C shows what is finished. Problems that these policies cannot
    play, and files that are no problem, are passed over and named on stderr.

    \b
    Example:
      bargain tournament rental employment --policies boulware,micro,tit_for_tat
      bargain tournament problems/*.xml --deadline 20,100 --csv sessions.csv
      bargain tournament genius/ --without-zone skip
      bargain tournament chair --grid 11 --against linear,conceder --plot ranking.png
    """
    import bargain as bg
    from bargain.files.collection import load_all

    check_target("--csv", sessions, ".csv")
    check_plot(plot)
    loaded = load_all(problems, notice=_pass_over)
    if grid is not None:
        loaded = {name: bg.discretized(problem, points=grid) for name, problem in loaded.items()}
    entered = _by_name("--policies", policies)
    pool = None if against is None else _by_name("--against", against)
    found = bg.tournament(
        _playable(loaded, [*entered.values(), *(pool or {}).values()]),
        entered,
        against=pool,
        deadline=rounds_given(deadline),
        repetitions=repetitions,
        self_play=self_play,
        breakdown=breakdown,
        without_zone=without_zone,  # type: ignore[arg-type]
        seed=seed,
        progress=not as_json,
        checkpoint=checkpoint,
    )
    if sessions is not None:
        _write_csv(found, sessions)
    if plot is not None:
        without_display()
        save_figure(found.plot("payoffs" if payoffs else "ranking"), plot)
    if as_json:
        print_json(found.to_dict())
    else:
        from bargain.cli.tables import console, ranking_table

        console().print(ranking_table(found))
        for name, path in (("written", sessions), ("drawn", plot), ("kept", checkpoint)):
            if path is not None:
                typer.echo(f"{name}: {path}")
    if found.stopped == "interrupted":
        raise typer.Exit(INTERRUPTED)


def _pass_over(line: str) -> None:
    typer.echo(f"passed over: {line}", err=True)


def _playable(
    problems: dict[str, BargainingProblem], policies: Sequence[Any]
) -> dict[str, BargainingProblem]:
    """Return the problems that can be played, and say why the others cannot."""
    from bargain.play.entrants import check_listable, check_playable

    found, errors = {}, []
    for i, (name, problem) in enumerate(problems.items()):
        try:
            check_playable(f"problems[{i}] ({name})", problem)
            check_listable({name: problem}, policies)
        except (TooLargeError, UnsupportedProblemError, InfeasibleProblemError) as error:
            errors.append(error)
        else:
            found[name] = problem
    if not found:
        raise errors[0]
    for reason in errors:
        _pass_over(str(reason))
    return found


def _by_name(option: str, text: str) -> dict[str, Any]:
    """Read policies, called as they were given, files without folder and suffix."""
    given = [part.strip() for part in text.split(",")]
    short = [_stem(name) for name in given]
    found: dict[str, Any] = {}
    for name, stem in zip(given, short, strict=True):
        called = stem if short.count(stem) == 1 else name
        if called in found:
            raise InvalidArgumentError.at(option, "every policy once", name)
        found[called] = policy_given(name)
    return found


def _stem(name: str) -> str:
    """Return what a policy file is called by; other names are left as they are."""
    file = Path(name).name
    return file.removesuffix(".json").removesuffix(".policy") if is_policy_file(name) else name


def _write_csv(found: Tournament, path: str) -> None:
    from bargain.files.text import write_text

    columns = found.columns()
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    write_text(path, text.getvalue())
