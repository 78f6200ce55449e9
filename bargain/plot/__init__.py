"""Pictures of what the library finds, drawn with matplotlib."""

from bargain.plot.games import plot_flow, plot_game, plot_population
from bargain.plot.oracle import plot_oracle, plot_oracle_population
from bargain.plot.results import (
    plot_frontier,
    plot_offers,
    plot_payoffs,
    plot_ranking,
    plot_search,
    plot_session,
)
from bargain.plot.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY

__all__ = [
    "BLUE",
    "GREEN",
    "ORANGE",
    "PURPLE",
    "RED",
    "SKY",
    "plot_flow",
    "plot_frontier",
    "plot_game",
    "plot_offers",
    "plot_oracle",
    "plot_oracle_population",
    "plot_payoffs",
    "plot_population",
    "plot_ranking",
    "plot_search",
    "plot_session",
]
