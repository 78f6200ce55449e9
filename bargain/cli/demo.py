"""bargain demo: one real problem all the way, from the file to the next move."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import (
    JsonOption,
    default_pool,
    print_json,
    save_figure,
    without_display,
)

if TYPE_CHECKING:
    from rich.console import Console

    from bargain.model import BargainingProblem
    from bargain.search import SearchResult

DEADLINE = 40


@app.command()
@reported
def demo(
    out: Annotated[
        str, typer.Option(metavar="FOLDER", help="Where the figures go.")
    ] = "bargain-demo",
    as_json: JsonOption = False,
) -> None:
    """Solve, play, evolve and advise on a real case, with figures; under a minute.

    \b
    Example:
      bargain demo --out bargain-demo
    """
    import bargain as bg
    from bargain.cli.tables import console
    from bargain.errors import FileFormatError

    without_display()
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileFormatError(f"{out}: expected a folder, got {error.strerror}") from None
    screen = console()
    screen.quiet = as_json
    started = time.perf_counter()
    rental = bg.load("rental")
    answer: dict[str, Any] = {
        "solve": _solve(screen, rental, folder),
        "play": _play(screen, rental, folder),
    }
    found = _evolve(screen, rental, folder)
    answer["evolve"] = found.to_dict()
    answer["advise"] = _advise(screen, rental, found, folder)
    answer["continuous"] = _continuous(screen, folder)
    figures = sorted(str(path) for path in folder.iterdir() if path.suffix in (".png", ".json"))
    answer["files"] = figures
    answer["seconds"] = time.perf_counter() - started
    if as_json:
        print_json(answer)
        return
    screen.rule(f"done in {answer['seconds']:.0f} s")
    screen.print("Look at:", *figures, sep="\n  ", markup=False)


def _solve(screen: Console, problem: BargainingProblem, folder: Path) -> list[dict[str, Any]]:
    import bargain as bg
    from bargain.cli.solve import all_solutions
    from bargain.cli.tables import (
        packages_table,
        problem_table,
        solution_columns,
        solutions_table,
    )

    screen.rule("1. Solve: what theory says the deal should be")
    screen.print(problem_table(problem))
    solutions = all_solutions(problem, lotteries=False, discounts=[0.95, 0.9])
    screen.print(solutions_table(problem, solutions))
    screen.print("Rubinstein: the landlord offers first; discount factors 0.95 and 0.9 a round")
    screen.print(packages_table(problem, "agreements", solution_columns(solutions)))
    with screen.status("drawing ..."):
        save_figure(bg.pareto_frontier(problem).plot(*solutions), folder / "frontier.png")
    return [solution.to_dict() for solution in solutions]


def _play(screen: Console, problem: BargainingProblem, folder: Path) -> dict[str, Any]:
    import bargain as bg

    screen.rule("2. Play: a firm landlord meets a tenant who concedes early")
    with screen.status("compiling the table (the first time takes some seconds) ..."):
        session = bg.alternating_offers(
            problem, (bg.TimeDependent(beta=0.2), bg.TimeDependent(beta=2.0)), deadline=DEADLINE
        )
    screen.print(str(session), markup=False)
    save_figure(session.plot(), folder / "session.png")
    return session.to_dict()


def _evolve(screen: Console, problem: BargainingProblem, folder: Path) -> SearchResult:
    import bargain as bg

    screen.rule("3. Evolve: a policy for the tenant against nine landlords")
    found = bg.evolve(
        problem,
        party="tenant",
        opponents=default_pool(problem, "tenant"),
        deadline=DEADLINE,
        seed=1950,
        progress=not screen.quiet,
    )
    screen.print(str(found), markup=False)
    found.save(folder / "tenant.policy.json")
    save_figure(found.plot(), folder / "search.png")
    return found


def _advise(
    screen: Console, problem: BargainingProblem, found: SearchResult, folder: Path
) -> list[dict[str, Any]]:
    import bargain as bg
    from bargain.cli.tables import number
    from bargain.files.text import write_text

    screen.rule("4. Advise: the tenant's agent, move by move, against a linear landlord")
    landlord = bg.TimeDependent(beta=1.0, floor=0.25)
    tenant = bg.Anchor(problem, party="tenant", policy=found.policy, deadline=DEADLINE)
    other = bg.Anchor(problem, party="landlord", policy=landlord, deadline=DEADLINE, packages=1)
    history: list[bg.Offer] = []
    advices: list[dict[str, Any]] = []
    for number_ in range(DEADLINE + 1):
        speaker = (other, tenant)[number_ % 2]
        advice = speaker.advise(history)
        if speaker is tenant:
            advices.append(advice.to_dict())
            if number_ < 4 or advice.decision != "counter":
                screen.print(f"round {number_}: {advice}", markup=False)
            elif number_ == 5:
                screen.print("...", markup=False)
        if advice.decision != "counter":
            break
        package = {term.issue: term.value for term in advice.public.packages[0].terms}
        history.append(bg.Offer(str(speaker.party), package, round=number_))
    if history and advice.decision == "accept":
        worth = problem.evaluate(history[-1].outcome)
        shares = ", ".join(
            f"{name} {number(value)}" for name, value in zip(problem.parties, worth, strict=True)
        )
        screen.print(f"the {speaker.party} accepts after {len(history)} offers: {shares}")
    write_text(folder / "advice.json", json.dumps(advices, indent=2, ensure_ascii=False) + "\n")
    return advices


def _continuous(screen: Console, folder: Path) -> list[dict[str, Any]]:
    import bargain as bg
    from bargain.cli.solve import all_solutions
    from bargain.cli.tables import packages_table, solution_columns, solutions_table

    screen.rule("5. Continuous issues, solved exactly, without a grid: a supply contract")
    contract = bg.load("supply_contract")
    solutions = all_solutions(contract, lotteries=False)
    screen.print(solutions_table(contract, solutions))
    screen.print(packages_table(contract, "agreements", solution_columns(solutions)))
    save_figure(bg.pareto_frontier(contract).plot(*solutions), folder / "supply_contract.png")
    return [solution.to_dict() for solution in solutions]
