"""Which policy does best: parameter spaces, opponents, fitness, the search itself."""

from bargain.search.evolve import evolve
from bargain.search.measures import Encounter, Performance
from bargain.search.parameters import Parameter
from bargain.search.result import Baseline, History, SearchResult

__all__ = [
    "Baseline",
    "Encounter",
    "History",
    "Parameter",
    "Performance",
    "SearchResult",
    "evolve",
]
