"""Which policy does best: parameter spaces, opponents, fitness, search, best responses."""

from bargain.search.best_response import best_response
from bargain.search.evolve import evolve
from bargain.search.greedy_concession import greedy_concession
from bargain.search.measures import Encounter, Performance
from bargain.search.parameters import Parameter
from bargain.search.responders import (
    MemorylessResponder,
    ReservationBelief,
    ThresholdResponders,
)
from bargain.search.response import BestResponse
from bargain.search.result import Baseline, History, SearchResult
from bargain.search.steps import Step

__all__ = [
    "Baseline",
    "BestResponse",
    "Encounter",
    "History",
    "MemorylessResponder",
    "Parameter",
    "Performance",
    "ReservationBelief",
    "SearchResult",
    "Step",
    "ThresholdResponders",
    "best_response",
    "evolve",
    "greedy_concession",
]
