"""bargain lint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bargain.cli.app import FAILED, app, reported
from bargain.cli.options import (
    GridOption,
    JsonOption,
    LimitsOption,
    limits_given,
    party_given,
    print_json,
    problem_given,
)
from bargain.errors import InvalidArgumentError

if TYPE_CHECKING:
    from bargain.anchor import Limits
    from bargain.model import BargainingProblem


@app.command()
@reported
def lint(
    problem: Annotated[
        list[str],
        typer.Argument(
            metavar="PROBLEM", help="A packaged name, problem files, or a file ID.case.yaml."
        ),
    ],
    party: Annotated[
        str | None,
        typer.Option("--party", help="Whose limits they are, by name or position; 0 by default."),
    ] = None,
    limits: LimitsOption = None,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity/--no-sensitivity", help="Solve again with weights and beliefs changed."
        ),
    ] = True,
    change: Annotated[float, typer.Option(help="Share by which they are changed.")] = 0.1,
    seconds: Annotated[float, typer.Option(help="How long that may take.")] = 10.0,
    grid: GridOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look a problem over before it is played.

    \b
    Reports what cannot be meant, such as a reservation value that nothing meets, issues and
    weights that do not matter, and what the solution hangs on. With limits, or of a case file,
    also limits that leave no deal, or one, or have no effect. Exit status 1 if there is an
    error, 0 with warnings only.
    Example:
      bargain lint problem.yaml
      bargain lint rental --party tenant --limits limits.json
      bargain lint cases/flat-12.case.yaml --json
    """
    import bargain as bg

    loaded, whose, bounds = _given(problem, party, limits, grid)
    report = bg.lint(
        loaded, party=whose, limits=bounds,
        sensitivity=sensitivity, change=change, seconds=seconds,
    )  # fmt: skip
    if as_json:
        print_json(report.to_dict())
    elif report.findings or report.sensitivity:
        from bargain.cli.tables import console, findings_table, sensitivity_table

        out = console()
        if report.findings:
            out.print(findings_table(report))
        else:
            out.print("nothing to report")
        if any(entry.moved != 0 for entry in report.sensitivity):
            out.print(sensitivity_table(report))
    else:
        typer.echo(str(report))
    if not report.ok:
        raise typer.Exit(FAILED)


def _given(
    problem: list[str], party: str | None, limits: str | None, grid: int | None
) -> tuple[BargainingProblem, int | str, Limits | None]:
    """Return the problem, and the party and its limits, which a case file says itself."""
    from bargain.adapters.tools.case_file import SUFFIXES, limits_of_case

    if len(problem) == 1 and problem[0].endswith(SUFFIXES):
        for option, given in (("--party", party), ("--limits", limits), ("--grid", grid)):
            if given is not None:
                raise InvalidArgumentError.at(option, "what the case file says", given)
        return limits_of_case(Path(problem[0]))
    whose = 0 if party is None else party_given(party)
    return problem_given(problem, grid), whose, None if limits is None else limits_given(limits)
