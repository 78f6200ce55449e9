"""bargain solve and bargain frontier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bargain.cli.app import FAILED, app, reported
from bargain.cli.options import (
    GridOption,
    JsonOption,
    LotteriesOption,
    PlotOption,
    ProblemArgument,
    TimeLimitOption,
    VerifyOption,
    check_plot,
    numbers_given,
    print_json,
    problem_given,
    save_figure,
    without_display,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.model import BargainingProblem
    from bargain.solve import Solution, Verification


MOST_DRAWN, MOST_POINTS = 300_000, 201
"""Most outcomes on the grid behind a picture, and most values of one continuous issue there."""


@app.command()
@reported
def solve(
    problem: ProblemArgument,
    lotteries: LotteriesOption = False,
    weights: Annotated[
        str | None,
        typer.Option(help="Bargaining power for Nash, one number a party, such as 0.3,0.7."),
    ] = None,
    discount: Annotated[
        str | None, typer.Option(help="Discount factors per round, one a party, such as 0.95,0.9.")
    ] = None,
    cost: Annotated[
        str | None,
        typer.Option(help="Fixed costs of waiting per round, one a party, such as 0.01,0.02."),
    ] = None,
    grid: GridOption = None,
    time_limit: TimeLimitOption = None,
    plot: PlotOption = None,
    verify: VerifyOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the solutions of bargaining theory.

    \b
    Nash, Kalai-Smorodinsky, egalitarian and utilitarian; for two parties with lotteries or
    continuous issues also Raiffa and Perles-Maschler; Rubinstein with discount factors or
    costs of waiting. Which of them to take: see "Which solution?" in the documentation.
    --verify checks each proof again; exit status 1 if one is refuted. "not checked" is none.
    Example:
      bargain solve rental
      bargain solve domain.xml seller.xml buyer.xml --plot frontier.png --json
    """
    import bargain as bg

    check_plot(plot)
    loaded = problem_given(problem, grid)
    solutions = all_solutions(
        loaded,
        lotteries=lotteries,
        weights=numbers_given("--weights", weights),
        discounts=numbers_given("--discount", discount),
        costs=numbers_given("--cost", cost),
        time_limit=time_limit,
    )
    ideal = bg.ideal_point(loaded, lotteries=lotteries, time_limit=time_limit)
    checks = [solution.verify() for solution in solutions] if verify else []
    if plot is not None:
        without_display()
        save_figure(_picture(loaded, solutions, lotteries=lotteries), plot)
    if as_json:
        answer: dict[str, Any] = {
            "problem": loaded.name,
            "parties": list(loaded.parties),
            "constraints": [str(constraint) for constraint in loaded.constraints],
            "disagreement_point": loaded.disagreement_point.tolist(),
            "ideal_point": ideal.tolist(),
            "solutions": [solution.to_dict() for solution in solutions],
        }
        for shown, check in zip(answer["solutions"], checks, strict=False):
            shown["verification"] = check.to_dict()
        print_json(answer)
        exit_if_refuted(checks)
        return
    from bargain.cli.tables import (
        console,
        packages_table,
        problem_table,
        solution_columns,
        solutions_table,
    )

    out = console()
    out.print(problem_table(loaded))
    out.print(solutions_table(loaded, solutions))
    out.print(packages_table(loaded, "agreements", solution_columns(solutions)))
    for solution, check in zip(solutions, checks, strict=False):
        out.print(f"{solution.concept} {check}", markup=False)
    if plot is not None:
        out.print(f"drawn: {plot}", markup=False)
    exit_if_refuted(checks)


@app.command()
@reported
def frontier(
    problem: ProblemArgument,
    lotteries: LotteriesOption = False,
    limit: Annotated[int, typer.Option(min=0, help="Most points to show.")] = 25,
    epsilon: Annotated[
        float | None,
        typer.Option(help="Share of the parties' ranges to be content with in huge spaces."),
    ] = None,
    grid: GridOption = None,
    time_limit: TimeLimitOption = None,
    plot: PlotOption = None,
    verify: VerifyOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the Pareto frontier: what nobody can improve on without somebody losing.

    \b
    Example:
      bargain frontier rental --limit 5
      bargain frontier supply_contract --plot frontier.svg
      bargain frontier large.yaml --epsilon 0.001 --json
    """
    import bargain as bg

    check_plot(plot)
    found = bg.pareto_frontier(
        problem_given(problem, grid), lotteries=lotteries, epsilon=epsilon, time_limit=time_limit
    )
    if plot is not None:
        without_display()
        save_figure(found.plot(), plot)
    checks = [found.verify()] if verify else []
    if as_json:
        answer = found.to_dict()
        if verify:
            answer["verification"] = checks[0].to_dict()
        print_json(answer)
        exit_if_refuted(checks)
        return
    from bargain.cli.tables import console, frontier_notes, frontier_table

    out = console()
    out.print(frontier_table(found, limit))
    for note in frontier_notes(found, limit):
        out.print(note, markup=False)
    out.print(str(found.certificate), markup=False)
    for check in checks:
        out.print(str(check), markup=False)
    if plot is not None:
        out.print(f"drawn: {plot}", markup=False)
    exit_if_refuted(checks)


def _picture(problem: BargainingProblem, solutions: Sequence[Solution], *, lotteries: bool) -> Axes:
    """Draw solutions before the frontier of what they were chosen from."""
    import bargain as bg

    kinds = {issue.is_finite for issue in problem.space.issues}
    if lotteries or len(kinds) == 1 or problem.n_parties != 2:
        return bg.pareto_frontier(problem, lotteries=lotteries).plot(*solutions)
    # without lotteries the frontier of a mixed space is in pieces, one a combination of choices
    choices = math.prod(int(issue.size) for issue in problem.space.issues if issue.is_finite)
    lines = sum(not issue.is_finite for issue in problem.space.issues)
    points = int((MOST_DRAWN / choices) ** (1.0 / lines))
    points = min(max(points, 2), MOST_POINTS)
    try:
        drawn = bg.pareto_frontier(bg.discretized(problem, points=points))
    except bg.NoAgreementZoneError:
        # a zone so narrow that it lies between the values of the grid
        return bg.pareto_frontier(problem, lotteries=True).plot(*solutions)
    ax = drawn.plot(*solutions)
    ax.set_title(f"{ax.get_title()}: frontier on a grid of {points} values", fontsize="medium")
    return ax


def exit_if_refuted(checks: Sequence[Verification]) -> None:
    """Exit with the status of a failed computation where a claim is refuted.

    What was not checked, because nothing is claimed or out of reach, is no failure.
    """
    if any(check.status == "refuted" for check in checks):
        raise typer.Exit(FAILED)


def all_solutions(
    problem: BargainingProblem,
    *,
    lotteries: bool,
    weights: list[float] | None = None,
    discounts: list[float] | None = None,
    costs: list[float] | None = None,
    time_limit: float | None = None,
) -> list[Solution]:
    """Return the solution of every concept that applies."""
    import bargain as bg

    solutions = [bg.nash_solution(problem, weights, lotteries=lotteries, time_limit=time_limit)]
    solutions += [
        concept(problem, lotteries=lotteries, time_limit=time_limit)
        for concept in (
            bg.kalai_smorodinsky_solution,
            bg.egalitarian_solution,
            bg.utilitarian_solution,
        )
    ]
    convex = lotteries or not any(issue.is_finite for issue in problem.space.issues)
    if convex and problem.n_parties == 2:
        for concept in (bg.raiffa_solution, bg.perles_maschler_solution):
            # where there is no exact method for them the other concepts may still have one
            with suppress(bg.UnsupportedProblemError):
                solutions.append(concept(problem))
    # the game has no end, so what counts over a session of some length means nothing in it
    units = {
        party.discount_per if party.cost == 0 else party.cost_per
        for party in problem.profiles
        if party.discount_factor < 1 or party.cost > 0
    }
    asked = discounts is not None or costs is not None
    if asked or (problem.n_parties == 2 and units == {"round"}):
        solutions.append(bg.rubinstein_solution(problem, discounts, costs=costs))
    return solutions
