"""Pictures of a double oracle: what could still be gained, and what was played."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.plot.games import LINES, MOST_LINES
from bargain.plot.style import BLUE, GREEN, RED, legend_beside, new_axes, whole_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.search.oracle_result import DoubleOracle


def plot_oracle(found: DoubleOracle, *, ax: Axes | None = None) -> Axes:
    """Draw what the response that was found gained in each round, for each population.

    Bars are two standard errors either way; rings are searches twice as long, which confirm.
    """
    ax = new_axes() if ax is None else ax
    turns = np.arange(1, len(found.history) + 1)
    for role, (name, colour, marker) in enumerate(
        zip(found.roles, (BLUE, RED), "os", strict=False)
    ):
        gains = [step.gains[role] for step in found.history]
        values = [gain.value for gain in gains]
        errors = [2.0 * gain.standard_error for gain in gains]
        ax.errorbar(turns, values, errors, color=colour, marker=marker, capsize=3, label=name)
    again = [i for i, step in enumerate(found.history) if step.confirms]
    if again:
        heights = [found.history[i].exploitability for i in again]
        ax.scatter(turns[again], heights, s=150, facecolor="none", edgecolor="black",
                   label="searched twice as long", zorder=5)  # fmt: skip
    ax.axhline(found.tolerance, color=GREEN, linestyle="--", linewidth=1.2, label="tolerance")
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    ax.set_xlabel("round")
    ax.set_ylabel("gain of the response that was found\n(share of the attainable gain)")
    ax.set_title(f"stopped: {found.stopped.replace('_', ' ')}", fontsize="medium")
    whole_numbers(ax)
    legend_beside(ax)
    return ax


def plot_oracle_population(found: DoubleOracle, *, role: int = 0, ax: Axes | None = None) -> Axes:
    """Draw how often a role played each policy in the equilibria of the rounds, stacked.

    Of many policies the twelve that were played most have a colour and a name.
    """
    at = whole_number("role", role, at_least=0, error=InvalidArgumentError)
    if at >= len(found.roles):
        raise InvalidArgumentError.at("role", f"one of {len(found.roles)} populations", role)
    ax = new_axes() if ax is None else ax
    names = found.game.names[at]
    chances = np.array(
        [[step.equilibrium.support[at].get(name, 0.0) for name in names] for step in found.history]
    )
    turns = np.arange(1, len(chances) + 1)
    order = [i for i in np.argsort(-chances.sum(axis=0), kind="stable") if chances[:, i].any()]
    named = sorted(order[:MOST_LINES])
    bottom = np.zeros(len(turns))
    for place, i in enumerate(named):
        hatch = ("", "//", "..")[place // 7]
        ax.bar(turns, chances[:, i], bottom=bottom, color=LINES[place][0], hatch=hatch,
               edgecolor="white", label=fill(names[i], width=28))  # fmt: skip
        bottom += chances[:, i]
    if len(order) > MOST_LINES:
        ax.bar(turns, 1.0 - bottom, bottom=bottom, color="0.75",
               label=f"{len(order) - MOST_LINES} others")  # fmt: skip
    ax.set_ylim(0.0, 1.0)
    ax.set_xlabel("round")
    ax.set_ylabel(f"probability in the equilibrium\n({found.roles[at]})")
    whole_numbers(ax)
    legend_beside(ax)
    return ax
