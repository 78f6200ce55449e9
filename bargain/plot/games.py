"""Pictures of empirical games: payoffs, and how populations of policies flow."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model.numbers import whole_number
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
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.search.game import EmpiricalGame
    from bargain.search.replicator import ReplicatorPath

CORNERS = np.array([[0.5, np.sqrt(0.75)], [0.0, 0.0], [1.0, 0.0]])
"""Where the populations of one policy are drawn: the first on top, then left and right."""

LINES = [
    (colour, style)
    for style in ("-", "--", ":")
    for colour in (BLUE, RED, GREEN, ORANGE, PURPLE, SKY, "black")
]
"""Of policies over time; those that come after these share the last."""

MOST_LINES = 12
"""Most policies that have a line and a name of their own; the others are grey."""


def plot_game(game: EmpiricalGame, *, role: int = 0, ax: Axes | None = None) -> Axes:
    """Draw the payoffs of a role, and frame the pure equilibria.

    Standard errors stand below where there are few enough to read them. The role whose payoffs are
    drawn has the rows.
    """
    at = _role(role)
    payoffs = game.payoffs if game.symmetric else game.payoffs[..., at]
    errors = game.standard_errors
    if errors is None:
        errors = np.full(payoffs.shape, np.nan)
    elif not game.symmetric:
        errors = errors[..., at]
    mine, other = game.names[at], game.names[1 - at]
    if at == 1 and not game.symmetric:
        payoffs, errors = payoffs.T, errors.T
    labels = ("policy", "opponent") if game.symmetric else (game.roles[at], game.roles[1 - at])
    label = "payoff of the row" if game.symmetric else f"payoff of {labels[0]}"
    if not np.isnan(errors).all():
        label += "\n(\u00b1 standard error)"
    n, m = payoffs.shape
    size = f"{n} policies" if game.symmetric else f"{n} x {m} policies"
    ax = heat_map(
        payoffs, errors, names=(mine, other), axis_labels=labels, label=label, title=size, ax=ax
    )
    cells = _pure_cells(game)
    for row, column in cells if at == 0 else [(j, i) for i, j in cells]:
        frame: Any = {"fill": False, "edgecolor": RED, "linewidth": 2.5, "clip_on": False}
        ax.add_patch(_rectangle((column - 0.47, row - 0.47), 0.94, 0.94, **frame))
    if cells:
        ax.set_title(f"{size}; framed: pure equilibria", fontsize="medium")
    return ax


def plot_flow(
    game: EmpiricalGame, policies: Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw how a population of three policies flows under the replicator dynamics.

    Each point is a population: the nearer to a corner, the larger the share of its policy. Arrows
    say where it goes, colours how fast. Equilibria that populations nearby end at are filled.

    Parameters
    ----------
    game : EmpiricalGame
        Symmetric.
    policies : sequence of str, optional
        Three of its policies, as if there were no others; needed unless it has just three.

    Raises
    ------
    UnsupportedProblemError
        For a game of two roles.
    InvalidArgumentError
        If there are not three policies.
    """
    three = _three(game, policies)
    shares = _grid(14)
    matrix = three.bimatrix.scaled.rows
    fitness = shares @ matrix.T
    change = shares * (fitness - (shares * fitness).sum(axis=1, keepdims=True))
    points, moves = shares @ CORNERS, change @ CORNERS
    speed = np.hypot(*moves.T)
    ax = new_axes(width=8.0, height=6.0) if ax is None else ax
    directions = np.divide(
        moves, speed[:, None], out=np.zeros_like(moves), where=speed[:, None] > 0
    )
    arrows = ax.quiver(*points.T, *directions.T, speed, cmap="cividis", pivot="mid", scale=26,
                       width=0.0045, headwidth=4.5)  # fmt: skip
    outline = np.vstack([CORNERS, CORNERS[:1]])
    ax.plot(*outline.T, color="0.5", linewidth=1.0, zorder=1)
    for settled, face, label in (
        (True, "black", "equilibrium that draws nearby populations"),
        (False, "white", "equilibrium that does not draw nearby populations"),
    ):
        here = [x @ CORNERS for x in _rest(three) if _attracts(three, x) == settled]
        if here:
            style: Any = {"s": 90, "color": face, "edgecolor": "black", "label": label, "zorder": 5}
            ax.scatter(*np.array(here).T, clip_on=False, **style)
    for name, corner, place in zip(
        three.names[0], CORNERS, (("center", "bottom"), ("center", "top"), ("center", "top")),
        strict=True,
    ):  # fmt: skip
        offset = (0, 9 if place[1] == "bottom" else -9)
        ax.annotate(fill(name, width=24), corner, offset, textcoords="offset points",
                    ha=place[0], va=place[1])  # fmt: skip
    ax.set_aspect("equal")
    ax.set_xlim(-0.12, 1.12)
    ax.set_ylim(-0.1, 0.98)
    ax.set_axis_off()
    ax.figure.colorbar(arrows, ax=ax, label="speed (payoff range = 1)", shrink=0.7)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), frameon=False, ncols=1)
    return ax


def plot_population(path: ReplicatorPath, *, role: int = 0, ax: Axes | None = None) -> Axes:
    """Draw the shares of a role's policies over time.

    Of many policies the twelve that at some time have the largest share are named.
    """
    at = _role(role)
    shares, names = path.shares[at], path.names[at]
    ax = new_axes() if ax is None else ax
    order = np.argsort(-shares.max(axis=0), kind="stable")
    named, others = order[:MOST_LINES], order[MOST_LINES:]
    # in the order in which they end, as the legend is read
    for i in sorted(named, key=lambda i: -shares[-1, i]):
        colour, style = LINES[list(named).index(i)]
        label = fill(names[i], width=28)
        ax.plot(path.times, shares[:, i], style, color=colour, linewidth=1.8, label=label)
    for rank, i in enumerate(others):
        # one entry in the legend stands for all
        label = "_" if rank else f"{len(others)} others"
        ax.plot(path.times, shares[:, i], color="0.75", linewidth=0.8, label=label, zorder=1)
    ax.set_ylim(-0.02, 1.02)
    ax.set_xlim(path.times[0], path.times[-1])
    ax.set_xlabel("time (payoff range = 1)")
    who = "the population" if path.symmetric else path.roles[at]
    ax.set_ylabel(f"share of {who}")
    legend_beside(ax)
    return ax


def _role(role: int) -> int:
    at = whole_number("role", role, at_least=0, error=InvalidArgumentError)
    if at > 1:
        raise InvalidArgumentError.at("role", "0 or 1", role)
    return at


def _pure_cells(game: EmpiricalGame) -> list[tuple[int, int]]:
    from bargain.search.equilibria import pure_equilibria

    return pure_equilibria(game.bimatrix.scaled)


def _three(game: EmpiricalGame, policies: Sequence[str] | None) -> EmpiricalGame:
    """Return the game in which only three policies may be played."""
    if not game.symmetric:
        raise UnsupportedProblemError.at("a flow plot", "a symmetric game", game)
    names = game.names[0]
    chosen = list(names if policies is None else policies)
    if len(chosen) != 3 or len(set(chosen)) != 3 or not set(chosen) <= set(names):
        raise InvalidArgumentError.at("policies", f"three of {', '.join(names)}", chosen)
    here = [names.index(name) for name in chosen]
    return type(game)(game.payoffs[np.ix_(here, here)], chosen)


def _grid(steps: int) -> NDArray[np.float64]:
    """Return populations, evenly spread inside the triangle and on its edges, shape (k, 3)."""
    counts = [(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]
    return np.array(counts, dtype=np.float64) / steps


def _rest(game: EmpiricalGame) -> list[NDArray[np.float64]]:
    """Return the symmetric equilibria."""
    return [one.probabilities[0] for one in game.equilibria() if one.symmetric]


def _attracts(game: EmpiricalGame, x: NDArray[np.float64]) -> bool:
    """Tell whether populations near a point come nearer to it in time."""
    from bargain.search.replicator import trajectories

    near = 0.97 * x + 0.03 * np.vstack([np.eye(3) * 0.9 + 0.1 / 3, np.full((1, 3), 1 / 3)])
    times = np.array([0.0, 1000.0])
    *_, (end, _) = trajectories(game.bimatrix.scaled, near, near, times=times, step=0.5)
    return bool((np.abs(end - x).max(axis=1) <= 0.2 * np.abs(near - x).max(axis=1) + 1e-9).all())


def _rectangle(corner: tuple[float, float], width: float, height: float, **style: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, height, **style)
