"""Tables for people to read in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bargain.model.numbers import large_number

if TYPE_CHECKING:
    from bargain.anchor import AttackResult
    from bargain.anchor.lint_report import LintReport
    from bargain.model import BargainingProblem, Outcome
    from bargain.play import Tournament
    from bargain.search import SearchResult
    from bargain.solve import Frontier, Solution

MOST_COLUMNS = 7
"""Most issues that get a column each in a table of outcomes."""

MOST_ISSUES = 12
"""Most issues that a frontier is shown with; more are unreadable side by side."""

NUMBER_WIDTH = 8
"""Characters that a utility gets at least: six digits, a point and a sign."""


NAME_WIDTH = 13
"""Characters that names of policies get where a table has many numbers beside them."""


def console() -> Console:
    """Return where tables go: as wide as the terminal, or 100 columns into a file."""
    return Console(width=None if sys.stdout.isatty() else 100, highlight=False)


def number(value: float) -> str:
    """Show a number in six digits."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.6g}"


def value_text(value: Any, unit: str | None = None) -> Text:
    """Show a value of an issue with its unit; text of others is never read as markup."""
    shown = f"{value:.6g}" if isinstance(value, float) else str(value)
    return Text(f"{shown} {unit}" if unit else shown)


def empty_table(title: str, columns: Iterable[tuple[str, str]]) -> Table:
    """Return a table of columns with their alignments, and no rows yet."""
    # text of others is shown as it is: never read as markup
    table = Table(title=Text(title, style="bold"), title_justify="left", header_style="bold")
    for name, justify in columns:
        table.add_column(Text(name), justify=justify)  # type: ignore[arg-type]
    return table


def problem_table(problem: BargainingProblem) -> Table:
    """Show the issues, what may not be agreed, and what each party has without an agreement."""
    from bargain.solve.agreeable import agreeable_utilities
    from bargain.solve.structure import is_enumerable

    table = empty_table(
        f"{problem.name or 'problem'}: {' | '.join(problem.parties)}",
        [("issue", "left"), ("values", "left")],
    )
    for issue in problem.space.issues:
        table.add_row(Text(issue.name), Text(issue.describe()))
    if problem.constraints:
        table.add_section()
    for constraint in problem.constraints:
        words = getattr(constraint, "words", str(constraint))
        table.add_row(Text(constraint.name or "constraint"), Text(words))
    size = "not finite"
    if problem.space.is_finite:
        count = problem.space.size
        size = f"{count:,} outcomes" if count <= 1e12 else f"{large_number(count)} outcomes"
        if problem.constraints and is_enumerable(problem):
            size = f"{len(agreeable_utilities(problem)):,} of {size} meet the constraints"
    fallback = ", ".join(
        f"{name} {number(value)}"
        for name, value in zip(problem.parties, problem.disagreement_point, strict=True)
    )
    table.caption = Text(f"{size}; without an agreement: {fallback}")
    return table


def solutions_table(problem: BargainingProblem, solutions: Sequence[Solution]) -> Table:
    """Show what each solution is worth to each party, and how it is known."""
    table = empty_table(
        "solutions",
        [("concept", "left")]
        + [(f"{name}: utility (gain)", "right") for name in problem.parties]
        + [("known", "left")],
    )
    for solution in solutions:
        worths = [
            f"{number(utility)} ({number(gain)})"
            for utility, gain in zip(solution.utilities, solution.gains, strict=True)
        ]
        certificate = solution.certificate
        known: str = certificate.kind
        if certificate.kind == "gap":
            known = f"to {certificate.gap:.0e}"
        if certificate.note:
            known = f"{known}; {certificate.note}"
        table.add_row(solution.concept, *worths, known)
    return table


def packages_table(
    problem: BargainingProblem, title: str, columns: Sequence[tuple[str, Outcome]]
) -> Table:
    """Show outcomes side by side, one issue a row."""
    table = empty_table(title, [("issue", "left")] + [(name, "left") for name, _ in columns])
    for issue in problem.space.issues:
        values = [value_text(outcome[issue.name], issue.unit) for _, outcome in columns]
        table.add_row(Text(issue.name), *values)
    return table


def solution_columns(solutions: Sequence[Solution]) -> list[tuple[str, Outcome]]:
    """Return the distinct outcomes of solutions, named by the concepts that pick them."""
    columns: list[tuple[list[str], Outcome]] = []
    for solution in solutions:
        for outcome, probability in solution.lottery:
            name = solution.concept
            if len(solution.lottery) > 1:
                name = f"{solution.concept} ({probability:.0%})"
            for names, known in columns:
                if known == outcome:
                    names.append(name)
                    break
            else:
                columns.append(([name], outcome))
    return [(" = ".join(names), outcome) for names, outcome in columns]


def frontier_table(frontier: Frontier, limit: int) -> Table:
    """Show the first points of a frontier."""
    problem = frontier.problem
    every = problem.space.issues
    issues = every if len(every) <= MOST_ISSUES else ()
    title = f"Pareto frontier: {len(frontier)} {'corners' if frontier.is_chain else 'outcomes'}"
    columns = [i.name for i in issues] if len(issues) <= MOST_COLUMNS else ["outcome"]
    table = empty_table(
        title,
        [(name, "right") for name in problem.parties] + [(name, "left") for name in columns],
    )
    table.min_width = len(title)
    for column in table.columns[: problem.n_parties]:
        # numbers cut short would be other numbers
        column.no_wrap, column.overflow = True, "fold"
        column.min_width = NUMBER_WIDTH
    for utilities, outcome in zip(
        frontier.utilities[:limit], frontier.outcomes[:limit], strict=True
    ):
        if not columns:
            values = []
        elif outcome is None:
            values = [Text("lottery")] + [Text("")] * (len(columns) - 1)
        elif len(issues) > MOST_COLUMNS:
            parts = [
                Text.assemble(f"{issue.name} ", value_text(outcome[issue.name], issue.unit))
                for issue in issues
            ]
            values = [Text(", ").join(parts)]
        else:
            values = [value_text(outcome[issue.name], issue.unit) for issue in issues]
        table.add_row(*[number(utility) for utility in utilities], *values)
    return table


def frontier_notes(frontier: Frontier, limit: int) -> list[str]:
    """Say what the table of a frontier leaves out."""
    count = len(frontier.problem.space.issues)
    notes = [f"{len(frontier) - limit} more; see --limit"] if len(frontier) > limit else []
    if count > MOST_ISSUES:
        notes.append(f"{count} issues are too many to show; --json has them")
    return notes


def ranking_table(tournament: Tournament) -> Table:
    """Show how each policy did, the best first, and what to know about the numbers."""
    names = ("share", "95 % interval", "agreed", "to Nash", "to frontier")
    columns = [("rank", "left"), ("policy", "left"), *[(name, "right") for name in names]]
    table = empty_table(tournament.title, columns)
    for one in tournament.ranking():
        known = not isnan(one.low)
        surely = "" if one.best_rank == one.worst_rank else f" ({one.best_rank}-{one.worst_rank})"
        table.add_row(
            f"{one.rank}{surely if known else ''}",
            Text(one.policy),
            _decimal(one.score),
            f"{one.low:.3f} to {one.high:.3f}" if known else "",
            f"{one.agreement_rate:.0%}",
            _decimal(one.nash_distance),
            _decimal(one.frontier_distance),
        )
    # narrow terminals break long names and headings, not numbers
    for column in (0, 3):
        table.columns[column].no_wrap = True
    table.columns[1].min_width = min(max(len(name) for name in tournament.policies), 20)
    table.columns[1].overflow = "fold"
    table.caption = Text("\n".join(tournament.notes))
    return table


def search_table(result: SearchResult) -> Table:
    """Show what a search found beside its baselines, and what to know about it."""
    names = ["search", "95 % interval", "agreed", "held\nout", "95 % interval", "agreed"]
    table = empty_table(result.title, [("policy", "left"), *[(name, "right") for name in names]])
    # 80 columns hold it without lines between columns and with names on two lines
    table.box = SIMPLE_HEAD
    table.pad_edge, table.collapse_padding = False, True
    table.columns[0].max_width = NAME_WIDTH
    for column in table.columns[1:]:
        column.no_wrap = True
    rows = [("found", result.train, result.held_out)]
    rows += [(name, one.train, one.held_out) for name, one in result.baselines.items()]
    for name, *played in rows:
        cells = []
        for one in played:
            interval = interval_text(one.share_interval)
            cells += [_decimal(one.share), interval, f"{one.agreement_rate:.0%}"]
        table.add_row(name, *cells)
    table.add_section()
    table.add_row("upper bound", _decimal(result.bound))
    table.caption = Text("\n".join(result.notes))
    return table


def interval_text(interval: tuple[float, float] | None) -> str:
    """Show an interval of shares, or nothing."""
    return "" if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"


def findings_table(report: LintReport) -> Table:
    """Show what was found in a problem."""
    table = empty_table("findings", [("level", "left"), ("where and what", "left")])
    for finding in report.findings:
        table.add_row(finding.level, Text(f"{finding.path} [{finding.code}]\n{finding.message}"))
    return table


def sensitivity_table(report: LintReport, limit: int = 8) -> Table:
    """Show what the solution hangs on most."""
    title = "the Nash solution, with one number changed"
    table = empty_table(title, [("number", "left"), ("change", "right"), ("moves by", "right")])
    moving = [entry for entry in report.sensitivity if entry.moved != 0]
    for entry in moving[:limit]:
        moved = "no agreement" if entry.moved is None else f"{entry.moved:.1%}"
        table.add_row(Text(entry.path), f"{entry.change:+.0%}", moved)
    more = len(moving) - limit
    rest = f"; {more} more in --json" if more > 0 else ""
    table.caption = Text(f"largest move of a party, in parts of its range{rest}")
    table.columns[0].overflow = "fold"
    return table


def _decimal(value: float) -> str:
    return "-" if isnan(value) else f"{value:.3f}"


def attack_table(results: Iterable[AttackResult]) -> Table:
    """Show what attacks came to."""
    columns = (("attack", "left"), ("must never happen", "left"), ("tries", "right"), ("", "left"))
    table = empty_table("Attacks", columns)
    for result in results:
        held = Text("held") if result.held else Text("FAILED", style="bold")
        table.add_row(Text(result.name), Text(result.never), str(result.tries), held)
    return table
