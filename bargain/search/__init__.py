"""Which policy does best: parameter spaces, opponents, fitness, the search itself."""

from bargain.search.evolve import evolve
from bargain.search.measures import Encounter, Performance
from bargain.search.objective import Objective
from bargain.search.parameters import Parameter
from bargain.search.random_problems import Split, random_problem, random_problems, split
from bargain.search.result import Baseline, History, SearchResult
from bargain.search.spaces import AdaptiveSpace, PolicySpace, TimeDependentSpace

__all__ = [
    "AdaptiveSpace",
    "Baseline",
    "Encounter",
    "History",
    "Objective",
    "Parameter",
    "Performance",
    "PolicySpace",
    "SearchResult",
    "Split",
    "TimeDependentSpace",
    "evolve",
    "random_problem",
    "random_problems",
    "split",
]
