"""Pictures of frontiers, sessions, tournaments and searches."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.play.worths import best_utilities
from bargain.plot.style import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    heat_map,
    legend_beside,
    new_axes,
    whole_numbers,
)
from bargain.solve.agreeable import agreeable_utilities
from bargain.solve.structure import is_enumerable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.model import BargainingProblem
    from bargain.play import Session, Tournament
    from bargain.search import SearchResult
    from bargain.solve import Frontier, Solution

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
    from bargain.solve.solution import Solution

    for i, solution in enumerate(solutions):
        if not isinstance(solution, Solution):
            raise InvalidArgumentError.at(f"solutions[{i}]", "a Solution", solution)
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
    legend_beside(ax)
    return ax


def plot_session(session: Session, *, ax: Axes | None = None) -> Axes:
    """Draw what each offer was worth to each party, over the rounds.

    A filled marker is the party's own offer, an open one another's; lines join offers of one
    party. A dashed line is what the party has without an agreement. Utilities are drawn as shares
    of each party's range between that and its best, so that parties with different scales can be
    compared, as if nobody had waited: discounts and costs are not taken off.
    """
    ax = new_axes() if ax is None else ax
    problem = session.problem
    best = best_utilities(problem)
    d = problem.disagreement_point
    spread = np.where(best > d, best - d, 1.0)
    shares = (session.offer_utilities - d) / spread
    rounds = np.arange(session.rounds)
    size = 5.0 if session.rounds <= 120 else 2.5
    # offers of several others would zigzag between what each of them asks for
    received: dict[str, Any] = {"linestyle": ":" if problem.n_parties == 2 else "", "alpha": 0.8}
    for party, name in enumerate(problem.parties):
        colour = PARTY_COLOURS[party % len(PARTY_COLOURS)]
        marker = PARTY_MARKERS[party % len(PARTY_MARKERS)]
        own = session.proposers == party
        style: dict[str, Any] = {"color": colour, "marker": marker, "markersize": size}
        ax.plot(rounds[own], shares[own, party], linestyle="-", linewidth=1.2, **style,
                label=f"{name}: own offers")  # fmt: skip
        ax.plot(rounds[~own], shares[~own, party], linewidth=1.0, fillstyle="none", **style,
                **received, label=f"{name}: offers received")  # fmt: skip
    ax.axhline(0.0, color="0.5", linewidth=0.8, linestyle="--", label="no agreement")
    if session.agreement is not None:
        ax.axvline(session.rounds - 1, color=GREEN, linewidth=1.5, label="agreement", zorder=1)
    ax.set_xlabel(f"round (deadline {session.deadline})")
    ax.set_ylabel("share of the party's attainable gain, undiscounted")
    whole_numbers(ax)
    ax.set_title(_title(problem, f"ended: {session.ended.replace('_', ' ')}"))
    legend_beside(ax)
    return ax


def plot_offers(session: Session, *, ax: Axes | None = None) -> Axes:
    """Draw the offers of a two-party session in the plane of utilities, before the frontier.

    Lines join the offers of each party in the order of rounds; utilities are as if nobody had
    waited. The frontier and the Nash solution are exact, also over spaces too large to enumerate,
    unless the frontier is too large itself: then it is drawn to within 0.001 of each party's
    range, or left out.

    Raises
    ------
    UnsupportedProblemError
        For three and more parties.
    """
    from bargain.play.landmarks import Landmarks

    problem = session.problem
    ax = _two_party_axes(problem, ax)
    if is_enumerable(problem):
        _cloud(problem, ax)
    marks, d = Landmarks.of(problem), problem.disagreement_point
    if marks.has_zone:
        points = marks.frontier[np.argsort(marks.frontier[:, 0])]
        ax.plot(points[:, 0], points[:, 1], ".", color="0.35", markersize=4, zorder=3,
                label="Pareto frontier")  # fmt: skip
        x, y = marks.nash
        ax.scatter([x], [y], s=200, marker="*", color=ORANGE, edgecolor="black", zorder=5,
                   label="Nash")  # fmt: skip
    worth = session.offer_utilities
    for party, name in enumerate(problem.parties):
        own = session.proposers == party
        ax.plot(worth[own, 0], worth[own, 1], marker=PARTY_MARKERS[party], linewidth=1.2,
                color=PARTY_COLOURS[party], markersize=5, zorder=4,
                label=f"offers of {name}")  # fmt: skip
    if session.agreement is not None:
        x, y = session.utilities
        # a ring, as an offer lies there
        ax.scatter([x], [y], s=180, facecolor="none", edgecolor=GREEN, linewidth=2.5,
                   zorder=6, label="agreement")  # fmt: skip
    ax.axvline(d[0], color="0.5", linewidth=0.8, linestyle="--", zorder=1)
    ax.axhline(d[1], color="0.5", linewidth=0.8, linestyle="--", zorder=1)
    ax.plot(d[0], d[1], "x", color="black", markersize=9, label="no agreement", zorder=4)
    for axis, name in ((ax.set_xlabel, problem.parties[0]), (ax.set_ylabel, problem.parties[1])):
        axis(f"utility of {name}, undiscounted")
    ax.set_title(_title(problem, f"ended: {session.ended.replace('_', ' ')}"))
    legend_beside(ax)
    return ax


def plot_ranking(tournament: Tournament, *, ax: Axes | None = None) -> Axes:
    """Draw each policy's mean share with its interval, the best on top.

    Bars are intervals at 95 % over problems (`Tournament.ranking`); with one problem there are
    none. Means per problem are drawn as ticks. Bars that reach beyond all shares between 0 and 1
    and all ticks, as those of two or three problems may, are cut off at the frame.
    """
    standings = tournament.ranking()
    ax = new_axes(height=1.6 + 0.42 * max(len(standings), 4)) if ax is None else ax
    places = np.arange(len(standings))
    scores = np.array([one.score for one in standings])
    by_problem = tournament.problem_scores
    order = [tournament.policies.index(one.policy) for one in standings]
    if len(by_problem) > 1:
        # beside the interval, whose ends would hide them
        ax.plot(by_problem[:, order].T, places + 0.25, "|", color="0.4", markersize=8, zorder=2)
        ax.plot([], [], "|", color="0.4", markersize=8, linestyle="", label="mean in one problem")
        reach = np.array([[one.score - one.low, one.high - one.score] for one in standings]).T
        bars: dict[str, Any] = {"fmt": "o", "capsize": 4, "label": "mean, 95 % interval"}
        ax.errorbar(scores, places, xerr=np.maximum(reach, 0.0), color=BLUE, zorder=3, **bars)
        least, most = min(0.0, float(by_problem.min())), max(1.0, float(by_problem.max()))
        left, right = ax.get_xlim()
        ax.set_xlim(max(left, least - 0.02), min(right, most + 0.02))
    else:
        ax.plot(scores, places, "o", color=BLUE, label="mean", zorder=3)
    ax.set_yticks(places, [fill(one.policy, width=28) for one in standings])
    ax.set_ylim(len(standings) - 0.5, -0.5)
    ax.set_xlabel("mean share of the party's attainable gain")
    ax.set_title(tournament.title, fontsize="medium", loc="left")
    legend_beside(ax)
    return ax


def plot_payoffs(tournament: Tournament, *, ax: Axes | None = None) -> Axes:
    """Draw what each policy has of its attainable gain against each opponent.

    Standard errors over problems stand below, where there are few enough to read them. Pairs that
    never met are left white, with a dash.
    """
    label = "mean share of the\npolicy's attainable gain"
    if not np.isnan(tournament.payoff_errors).all():
        label += "\n(\u00b1 standard error)"
    return heat_map(
        tournament.payoffs,
        tournament.payoff_errors,
        names=(tournament.policies, tournament.opponents),
        axis_labels=("policy", "opponent"),
        limits=(0.0, 1.0),
        label=label,
        title=tournament.title,
        ax=ax,
    )


def plot_search(result: SearchResult, *, ax: Axes | None = None) -> Axes:
    """Draw how the best policy improved over the generations, and the baselines beside it."""
    ax = new_axes() if ax is None else ax
    history = result.history
    generations = np.arange(1, len(history) + 1)
    ax.plot(
        generations, history.best, color=BLUE, linewidth=2, label=f"{result.method}, best so far"
    )
    ax.plot(generations, history.mean, color=SKY, linewidth=1, label="mean of a generation")
    ax.plot(generations, history.random, ":", color="black", label="random search, same budget")
    styles = ("--", "-.", (0, (1, 1)), (0, (5, 1, 1, 1, 1, 1)))
    # baselines and the bound are shares, whatever the objective
    is_share = result.objective.is_mean_share
    presets = [(name, one) for name, one in result.baselines.items() if "random" not in name]
    presets = presets if is_share else []
    for (name, one), style, colour in zip(
        presets, styles, (ORANGE, GREEN, PURPLE, RED), strict=False
    ):
        ax.axhline(one.train.share, color=colour, linestyle=style, linewidth=1.2, label=name)
    if is_share:
        ax.axhline(result.bound, color="0.5", linewidth=0.8, label="upper bound")
    ax.set_xlabel("generation")
    counted = "mean share of attainable gain" if is_share else "score by the objective"
    ax.set_ylabel(f"{result.party}: {counted}")
    ax.set_title(_title(result.problem, f"held out: {result.held_out.share:.3f}"))
    whole_numbers(ax)
    legend_beside(ax)
    return ax


def _two_party_axes(problem: BargainingProblem, ax: Axes | None) -> Axes:
    if problem.n_parties != 2:
        raise UnsupportedProblemError.at("a frontier plot", "two parties", problem.n_parties)
    ax = new_axes() if ax is None else ax
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
