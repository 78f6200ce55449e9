"""Tables of equilibria for people to read in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bargain.cli.tables import empty_table, number

if TYPE_CHECKING:
    from bargain.search import Basin, CorrelatedEquilibrium, EmpiricalGame, Equilibria

MOST_SHOWN = 20
"""Most pairs of a correlated equilibrium that are shown."""


def equilibria_table(game: EmpiricalGame, found: Equilibria, limit: int) -> Table:
    """Show who plays what, what it pays, and what leaving might gain."""
    roles = [f"{role} plays" for role in game.roles]
    bounded = not isnan(found[0].regret_bound)
    names = ("payoffs", "regret", *((f"at most ({found[0].level:.0%})",) if bounded else ()))
    columns = [("", "right"), *((role, "left") for role in roles), *((n, "right") for n in names)]
    size = " x ".join(str(len(names)) for names in game.names)
    count = f"{len(found)} equilibri{'um' if len(found) == 1 else 'a'}"
    shown = empty_table(f"{count} among {size} policies", columns)
    for place, one in enumerate(found[:limit], start=1):
        sides = [Text(one.played(0)), Text("the same" if one.symmetric else one.played(1))]
        pays = one.payoffs[:1] if one.symmetric else one.payoffs
        bound = [number(float(f"{one.regret_bound:.2g}"))] if bounded else []
        payoffs = ", ".join(number(float(f"{payoff:.4g}")) for payoff in pays)
        shown.add_row(str(place), *sides, payoffs, f"{round(one.regret, 12):.2g}", *bound)
    for column in shown.columns[3:]:
        column.no_wrap = True
    return shown


def equilibria_notes(game: EmpiricalGame, found: Equilibria, limit: int) -> list[str]:
    """Say what a reader of the table should know, in a line each."""
    said = []
    if len(found) > limit:
        said.append(f"{len(found) - limit} more; see --limit")
    said.append(
        "these are all extreme equilibria: any others are mixtures of them"
        if found.complete
        else "there may be more: too many policies to look everywhere"
    )
    gone = [one.name if game.symmetric else f"{one.name} ({one.role})" for one in game.dominated]
    if gone:
        said.append(f"dominated, so never played: {', '.join(gone)}")
    alike = sorted({" = ".join(group) for one in found for r in one.interchangeable for group in r})
    if alike:
        said.append(f"interchangeable, so they may share a probability: {'; '.join(alike)}")
    if isnan(found[0].regret_bound):
        said.append("nothing is known about the noise in the payoffs")
    least, most = game.limits
    if any(one.regret_bound >= most - least for one in found):
        said.append(
            f"payoffs are from {least:g} to {most:g}, so no regret exceeds {most - least:g}: where "
            "it may be that, the noise leaves everything open; more problems narrow it"
        )
    return said


def correlated_table(game: EmpiricalGame, found: CorrelatedEquilibrium) -> Table:
    """Show what a mediator draws, and what it pays."""
    title = "correlated equilibrium with the largest sum of payoffs"
    roles = [(f"{role} plays", "left") for role in game.roles]
    shown = empty_table(title, [("probability", "right"), *roles])
    shown.min_width = len(title)
    pairs = list(found.support.items())
    for (row, column), chance in pairs[:MOST_SHOWN]:
        shown.add_row(f"{chance:.3f}", Text(row), Text(column))
    payoffs = ", ".join(number(float(f"{payoff:.4g}")) for payoff in found.payoffs)
    more = f"{len(pairs) - MOST_SHOWN} more pairs; --json has them\n" * (len(pairs) > MOST_SHOWN)
    regret = f"{round(found.regret, 12):.2g}"
    shown.caption = Text(f"{more}payoffs {payoffs}; regret {regret}")
    shown.caption_justify = "left"
    return shown


def basins_table(game: EmpiricalGame, ends: Sequence[Basin]) -> Table:
    """Show where populations end."""
    columns = [("share", "right"), ("ends at", "left"), ("regret", "right")]
    shown = empty_table("where random populations end", columns)
    for one in ends:
        sides = one.support[:1] if game.symmetric else one.support
        where = " | ".join(_mixture(side) for side in sides)
        if not one.settled:
            where = f"does not settle; on average {where}"
        shown.add_row(f"{one.share:.0%}", Text(where), f"{one.regret:.2g}")
    return shown


def _mixture(played: Mapping[str, float]) -> str:
    if len(played) == 1:
        return next(iter(played))
    return " + ".join(f"{chance:.2f} {name}" for name, chance in played.items())
