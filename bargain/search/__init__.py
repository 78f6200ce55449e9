"""Which policy does best: searches, exact best responses, empirical games."""

from bargain.search.best_response import best_response
from bargain.search.correlated import CorrelatedEquilibrium
from bargain.search.double_oracle import double_oracle
from bargain.search.eliminate import Dominated
from bargain.search.equilibrium import Equilibria, Equilibrium
from bargain.search.evolve import evolve
from bargain.search.exploitability import Exploitability, exploitability
from bargain.search.game import EmpiricalGame
from bargain.search.greedy_concession import greedy_concession
from bargain.search.measures import Encounter, Performance
from bargain.search.meetings import MeanShare
from bargain.search.objective import Objective
from bargain.search.oracle_result import DoubleOracle, OracleStep
from bargain.search.parameters import Parameter
from bargain.search.random_problems import Split, random_problem, random_problems, split
from bargain.search.replicator import Basin, ReplicatorPath
from bargain.search.responders import (
    MemorylessResponder,
    ReservationBelief,
    ThresholdResponders,
)
from bargain.search.response import BestResponse
from bargain.search.result import Baseline, History, SearchResult
from bargain.search.spaces import AdaptiveSpace, PolicySpace, TimeDependentSpace
from bargain.search.steps import Step

__all__ = [
    "AdaptiveSpace",
    "Baseline",
    "BestResponse",
    "Basin",
    "CorrelatedEquilibrium",
    "Dominated",
    "DoubleOracle",
    "EmpiricalGame",
    "Encounter",
    "Equilibria",
    "Equilibrium",
    "Exploitability",
    "History",
    "MeanShare",
    "MemorylessResponder",
    "OracleStep",
    "Parameter",
    "Performance",
    "ReservationBelief",
    "ReplicatorPath",
    "SearchResult",
    "Step",
    "ThresholdResponders",
    "best_response",
    "double_oracle",
    "evolve",
    "exploitability",
    "greedy_concession",
    "Objective",
    "PolicySpace",
    "Split",
    "TimeDependentSpace",
    "random_problem",
    "random_problems",
    "split",
]
