"""bargain convert."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import JsonOption, print_json
from bargain.errors import InvalidArgumentError


@app.command()
@reported
def convert(
    paths: Annotated[
        list[str], typer.Argument(metavar="PROBLEM TARGET", help="What to read; where to write.")
    ],
    to: Annotated[
        str | None,
        typer.Option(help="genius, geniusweb or negolog (into a folder); else .json or .yaml."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Convert a problem between file formats: utilities exactly or not at all.

    \b
    A warning lists what else the target cannot hold, such as units or the order of parties.

    \b
    Example:
      bargain convert domain.xml seller.xml buyer.xml laptop.yaml
      bargain convert rental rental-negolog --to negolog
    """
    from bargain.files.convert import convert as converted

    if len(paths) < 2:
        raise InvalidArgumentError.at("convert", "a problem and where to write it", paths)
    problem = converted(paths[:-1], paths[-1], to=to)
    if as_json:
        answer = {"problem": problem.name, "parties": problem.parties, "written": paths[-1]}
        print_json(answer)
    else:
        typer.echo(f"written: {paths[-1]} ({' | '.join(problem.parties)})")
