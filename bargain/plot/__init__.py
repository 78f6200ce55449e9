"""Pictures of what the library finds, drawn with matplotlib."""

from bargain.plot.games import plot_flow, plot_game, plot_population
from bargain.plot.results import (
    plot_frontier,
    plot_payoffs,
    plot_ranking,
    plot_search,
    plot_session,
)

__all__ = [
    "plot_flow",
    "plot_frontier",
    "plot_game",
    "plot_payoffs",
    "plot_population",
    "plot_ranking",
    "plot_search",
    "plot_session",
]
