"""bargain redteam."""

from __future__ import annotations

import typer

from bargain.cli.app import FAILED, app, reported
from bargain.cli.options import (
    BlurOption,
    ClosesOption,
    DeadlineOption,
    GridOption,
    JsonOption,
    LimitsOption,
    OpensOption,
    OtherOption,
    PackagesOption,
    PartyOption,
    PolicyOption,
    ProblemArgument,
    SkewOption,
    anchor_given,
    print_json,
)


@app.command()
@reported
def redteam(
    problem: ProblemArgument,
    party: PartyOption = "0",
    policy: PolicyOption = "boulware",
    deadline: DeadlineOption = 40,
    grid: GridOption = None,
    packages: PackagesOption = 3,
    limits: LimitsOption = None,
    other: OtherOption = "believed",
    closes: ClosesOption = None,
    opens: OpensOption = None,
    skew: SkewOption = 0.0,
    blur: BlurOption = None,
    as_json: JsonOption = False,
) -> None:
    """Attack an anchor on your own case, and say whether it held.

    \b
    The anchor is made by the same options as that of advise. Exits with 1 if anything happened
    that must never happen.
    Example:
      bargain redteam rental --party tenant --limits limits.json
    """
    import bargain as bg
    from bargain.cli.tables import attack_table, console

    anchor = anchor_given(
        problem, party, policy, deadline, packages, grid, limits, other, opens, closes, skew, blur
    )
    results = bg.redteam(anchor)
    if as_json:
        print_json([{**vars(result), "held": result.held} for result in results])
    else:
        console().print(attack_table(results))
        for result in results:
            for instead in result.weaker:
                console().print(f"{result.name}, checked instead: {instead}", markup=False)
        for result in results:
            for violation in dict.fromkeys(result.violations):
                console().print(f"{result.name}: {violation}", markup=False)
    if not all(result.held for result in results):
        raise typer.Exit(FAILED)
