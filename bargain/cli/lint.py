"""bargain lint."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.cli.app import FAILED, app, reported
from bargain.cli.options import GridOption, JsonOption, ProblemArgument, print_json, problem_given


@app.command()
@reported
def lint(
    problem: ProblemArgument,
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
    weights that do not matter, and what the solution hangs on. Exit status 1 if there is an
    error, 0 with warnings only.
    Example:
      bargain lint case.yaml
      bargain lint rental --json
    """
    import bargain as bg

    report = bg.lint(
        problem_given(problem, grid), sensitivity=sensitivity, change=change, seconds=seconds
    )
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
