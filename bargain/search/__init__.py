"""Which policy does best: parameter spaces, opponents, fitness, the search, empirical games."""

from bargain.search.correlated import CorrelatedEquilibrium
from bargain.search.eliminate import Dominated
from bargain.search.equilibrium import Equilibria, Equilibrium
from bargain.search.evolve import evolve
from bargain.search.game import EmpiricalGame
from bargain.search.measures import Encounter, Performance
from bargain.search.parameters import Parameter
from bargain.search.replicator import Basin, ReplicatorPath
from bargain.search.result import Baseline, History, SearchResult

__all__ = [
    "Baseline",
    "Basin",
    "CorrelatedEquilibrium",
    "Dominated",
    "EmpiricalGame",
    "Encounter",
    "Equilibria",
    "Equilibrium",
    "History",
    "Parameter",
    "Performance",
    "ReplicatorPath",
    "SearchResult",
    "evolve",
]
