"""Pictures of frontiers, sessions and searches, drawn with matplotlib.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart; what matters is also
told apart by its marker or line style. Legends stand beside the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from bargain.errors import UnsupportedProblemError
from bargain.solve.agreeable import agreeable_utilities

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.model import BargainingProblem
    from bargain.play import Session
    from bargain.search import SearchResult
    from bargain.solve import Frontier, Solution

BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)
PARTY_COLOURS = (BLUE, RED, ORANGE, PURPLE, SKY)
PARTY_MARKERS = "os^Dv"
"""Of parties in a session; from the sixth on they repeat."""
SOLUTION_STYLES = (
    ("*", RED, 220),
    ("s", GREEN, 70),
    ("D", PURPLE, 60),
    ("^", ORANGE, 90),
    ("P", SKY, 90),
    ("v", "black", 70),
    ("X", "white", 90),
    ("p", BLUE, 110),
)

MOST_POINTS = 20_000
"""Most outcomes drawn as a cloud behind a frontier; of larger spaces an even sample is drawn."""


def plot_frontier(
    frontier: Frontier, solutions: Sequence[Solution] = (), *, ax: Axes | None = None
) -> Axes:
    """Draw a two-party frontier, what may be agreed behind it, and some solutions on it.

    Parameters
    ----------
    frontier : Frontier
    solutions : sequence of Solution
        Solutions with the same utilities share a marker.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Raises
    ------
    UnsupportedProblemError
        For three and more parties.
    """
    problem = frontier.problem
    ax = _two_party_axes(problem, ax)
    _cloud(problem, ax)
    points, d = frontier.utilities, problem.disagreement_point
    style = "-o" if frontier.is_chain else "o"
    label = f"Pareto frontier ({len(points)} outcomes)"
    if frontier.is_chain:
        lots = any(issue.is_finite for issue in problem.space.issues)
        label = "Pareto frontier with lotteries" if lots else "Pareto frontier"
    size = 5.0 if len(points) < 500 else 2.0
    ax.plot(points[:, 0], points[:, 1], style, color=BLUE, markersize=size, label=label, zorder=3)
    ax.axvline(d[0], color="0.5", linewidth=0.8, linestyle="--", zorder=1)
    ax.axhline(d[1], color="0.5", linewidth=0.8, linestyle="--", zorder=1)
    ax.plot(d[0], d[1], "x", color="black", markersize=9, label="no agreement", zorder=4)
    for (marker, colour, size), group in zip(SOLUTION_STYLES, _grouped(solutions), strict=False):
        # in lines, so that a long list leaves the data its room
        names = fill(" = ".join(solution.concept for solution in group), width=26)
        x, y = group[0].utilities
        ax.scatter(
            [x], [y], s=size, marker=marker, color=colour, edgecolor="black", label=names, zorder=5
        )
    _legend_beside(ax)
    return ax


def plot_session(session: Session, *, ax: Axes | None = None) -> Axes:
    """Draw what each offer was worth to each party, over the rounds.

    A filled marker is the party's own offer, an open one another's; a dashed line is what the
    party has without an agreement. Utilities are drawn as shares of each party's range between
    that and its best, so that parties with different scales can be compared.
    """
    ax = _new_axes() if ax is None else ax
    problem = session.problem
    best = agreeable_utilities(problem).max(axis=0)
    d = problem.disagreement_point
    spread = np.where(best > d, best - d, 1.0)
    shares = (session.offer_utilities - d) / spread
    rounds = np.arange(session.rounds)
    proposers = np.array([problem.party_index(offer.party) for offer in session.offers], dtype=int)
    for party, name in enumerate(problem.parties):
        colour = PARTY_COLOURS[party % len(PARTY_COLOURS)]
        marker = PARTY_MARKERS[party % len(PARTY_MARKERS)]
        own = proposers == party
        ax.plot(rounds, shares[:, party], color=colour, linewidth=0.6, alpha=0.35)
        ax.plot(rounds[own], shares[own, party], marker, color=colour, markersize=5,
                label=f"{name}: own offers")  # fmt: skip
        ax.plot(rounds[~own], shares[~own, party], marker, color=colour, markersize=5,
                fillstyle="none", label=f"{name}: offers received")  # fmt: skip
    ax.axhline(0.0, color="0.5", linewidth=0.8, linestyle="--", label="no agreement")
    if session.agreement is not None:
        ax.axvline(session.rounds - 1, color=GREEN, linewidth=1.5, label="agreement")
    ax.set_xlabel(f"round (deadline {session.deadline})")
    ax.set_ylabel("share of the party's attainable gain")
    _whole_numbers(ax)
    ax.set_title(_title(problem, f"ended: {session.ended.replace('_', ' ')}"))
    _legend_beside(ax)
    return ax


def plot_search(result: SearchResult, *, ax: Axes | None = None) -> Axes:
    """Draw how the best policy improved over the generations, and the baselines beside it."""
    ax = _new_axes() if ax is None else ax
    history = result.history
    generations = np.arange(1, len(history) + 1)
    ax.plot(generations, history.best, color=BLUE, linewidth=2, label="CMA-ES, best so far")
    ax.plot(generations, history.mean, color=SKY, linewidth=1, label="mean of a generation")
    ax.plot(generations, history.random, ":", color="black", label="random search, same budget")
    styles = ("--", "-.", (0, (1, 1)), (0, (5, 1, 1, 1, 1, 1)))
    presets = [(name, one) for name, one in result.baselines.items() if "random" not in name]
    for (name, one), style, colour in zip(
        presets, styles, (ORANGE, GREEN, PURPLE, RED), strict=False
    ):
        ax.axhline(one.train.share, color=colour, linestyle=style, linewidth=1.2, label=name)
    ax.axhline(result.bound, color="0.5", linewidth=0.8, label="upper bound")
    ax.set_xlabel("generation")
    ax.set_ylabel(f"{result.party}: mean share of attainable gain")
    ax.set_title(_title(result.problem, f"held out: {result.held_out.share:.3f}"))
    _whole_numbers(ax)
    _legend_beside(ax)
    return ax


def _new_axes() -> Axes:
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(8.0, 5.0), layout="constrained")
    return ax


def _two_party_axes(problem: BargainingProblem, ax: Axes | None) -> Axes:
    if problem.n_parties != 2:
        raise UnsupportedProblemError.at("a frontier plot", "two parties", problem.n_parties)
    ax = _new_axes() if ax is None else ax
    ax.set_xlabel(f"utility of {problem.parties[0]}")
    ax.set_ylabel(f"utility of {problem.parties[1]}")
    ax.set_title(_title(problem, ""))
    return ax


def _cloud(problem: BargainingProblem, ax: Axes) -> None:
    if not problem.space.is_finite or problem.space.size > 1_000_000:
        return
    utilities = agreeable_utilities(problem)
    rows = np.unique(np.linspace(0, len(utilities) - 1, MOST_POINTS).astype(int))
    ax.scatter(utilities[rows, 0], utilities[rows, 1], s=8, color="0.8", label="outcomes", zorder=2)


def _grouped(solutions: Sequence[Solution]) -> list[list[Solution]]:
    groups: list[list[Solution]] = []
    for solution in solutions:
        for group in groups:
            if np.allclose(group[0].utilities, solution.utilities, rtol=1e-9, atol=0):
                group.append(solution)
                break
        else:
            groups.append([solution])
    return groups


def _title(problem: BargainingProblem, rest: str) -> str:
    name = problem.name.replace("_", " ") or " and ".join(problem.parties)
    return f"{name}, {rest}" if rest else name


def _whole_numbers(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _legend_beside(ax: Axes) -> None:
    ax.grid(visible=True, color="0.92", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, borderaxespad=0.0)
