"""bargain computes what a deal should be and how to get there.

The public names are listed in `__all__` and loaded when they are first used, so that importing
the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bargain.adapters.tools import AgentCase as AgentCase
    from bargain.adapters.tools import Cases as Cases
    from bargain.adapters.tools import call_tool as call_tool
    from bargain.adapters.tools import case_schema as case_schema
    from bargain.adapters.tools import load_cases as load_cases
    from bargain.adapters.tools import tool_schemas as tool_schemas
    from bargain.anchor import Advice as Advice
    from bargain.anchor import Anchor as Anchor
    from bargain.anchor import Attack as Attack
    from bargain.anchor import AttackResult as AttackResult
    from bargain.anchor import Blur as Blur
    from bargain.anchor import Clock as Clock
    from bargain.anchor import Guard as Guard
    from bargain.anchor import Limits as Limits
    from bargain.anchor import Preference as Preference
    from bargain.anchor import Remark as Remark
    from bargain.anchor import advice_schema as advice_schema
    from bargain.anchor import history_from_json as history_from_json
    from bargain.anchor import redteam as redteam
    from bargain.anchor.elicit import ElicitedWeights as ElicitedWeights
    from bargain.anchor.elicit import elicit_weights as elicit_weights
    from bargain.anchor.explain import Explanation as Explanation
    from bargain.anchor.explain import explain_outcome as explain_outcome
    from bargain.anchor.leakage import Leakage as Leakage
    from bargain.anchor.leakage import leakage as leakage
    from bargain.anchor.lint import lint as lint
    from bargain.anchor.lint_report import LintReport as LintReport
    from bargain.anchor.message import MessageCheck as MessageCheck
    from bargain.anchor.message import verify_message as verify_message
    from bargain.errors import BargainError as BargainError
    from bargain.errors import ConvergenceError as ConvergenceError
    from bargain.errors import FileFormatError as FileFormatError
    from bargain.errors import InfeasibleProblemError as InfeasibleProblemError
    from bargain.errors import InvalidArgumentError as InvalidArgumentError
    from bargain.errors import InvalidOutcomeError as InvalidOutcomeError
    from bargain.errors import InvalidProblemError as InvalidProblemError
    from bargain.errors import LostWorkersError as LostWorkersError
    from bargain.errors import MissingPackageError as MissingPackageError
    from bargain.errors import NoAgreementZoneError as NoAgreementZoneError
    from bargain.errors import NotConcaveError as NotConcaveError
    from bargain.errors import TooLargeError as TooLargeError
    from bargain.errors import ToolCallError as ToolCallError
    from bargain.errors import UnsupportedProblemError as UnsupportedProblemError
    from bargain.files import FileFormatWarning as FileFormatWarning
    from bargain.files import load as load
    from bargain.files import packaged_names as packaged_names
    from bargain.files import save as save
    from bargain.files.convert import convert as convert
    from bargain.model import CARA as CARA
    from bargain.model import CRRA as CRRA
    from bargain.model import AdditiveUtility as AdditiveUtility
    from bargain.model import BargainingProblem as BargainingProblem
    from bargain.model import Budget as Budget
    from bargain.model import CallableUtility as CallableUtility
    from bargain.model import Exponential as Exponential
    from bargain.model import Forbidden as Forbidden
    from bargain.model import HyperRectangle as HyperRectangle
    from bargain.model import HyperRectangleUtility as HyperRectangleUtility
    from bargain.model import Implication as Implication
    from bargain.model import Interaction as Interaction
    from bargain.model import InteractionUtility as InteractionUtility
    from bargain.model import Issue as Issue
    from bargain.model import Linear as Linear
    from bargain.model import Logarithmic as Logarithmic
    from bargain.model import Mandatory as Mandatory
    from bargain.model import Outcome as Outcome
    from bargain.model import OutcomeSpace as OutcomeSpace
    from bargain.model import Party as Party
    from bargain.model import PiecewiseLinear as PiecewiseLinear
    from bargain.model import Power as Power
    from bargain.model import Quadratic as Quadratic
    from bargain.model import Table as Table
    from bargain.model.discretize import discretized as discretized
    from bargain.play import AcceptAbove as AcceptAbove
    from bargain.play import AcceptAfter as AcceptAfter
    from bargain.play import AcceptAll as AcceptAll
    from bargain.play import AcceptAny as AcceptAny
    from bargain.play import AcceptBest as AcceptBest
    from bargain.play import AcceptNext as AcceptNext
    from bargain.play import AcceptPrevious as AcceptPrevious
    from bargain.play import Adaptive as Adaptive
    from bargain.play import Answer as Answer
    from bargain.play import BayesianModel as BayesianModel
    from bargain.play import BezierConcession as BezierConcession
    from bargain.play import Estimate as Estimate
    from bargain.play import ExponentialConcession as ExponentialConcession
    from bargain.play import FirstOfferEffect as FirstOfferEffect
    from bargain.play import FrequencyModel as FrequencyModel
    from bargain.play import Measures as Measures
    from bargain.play import MiCRO as MiCRO
    from bargain.play import Mixture as Mixture
    from bargain.play import ModelScore as ModelScore
    from bargain.play import Moves as Moves
    from bargain.play import NiceTitForTat as NiceTitForTat
    from bargain.play import Offer as Offer
    from bargain.play import OpponentModel as OpponentModel
    from bargain.play import PartyView as PartyView
    from bargain.play import Plan as Plan
    from bargain.play import Policy as Policy
    from bargain.play import RandomOffers as RandomOffers
    from bargain.play import ResourceDependent as ResourceDependent
    from bargain.play import Responsive as Responsive
    from bargain.play import Scripted as Scripted
    from bargain.play import Session as Session
    from bargain.play import Sessions as Sessions
    from bargain.play import SessionSeed as SessionSeed
    from bargain.play import Standing as Standing
    from bargain.play import TimeDependent as TimeDependent
    from bargain.play import TitForTat as TitForTat
    from bargain.play import Tournament as Tournament
    from bargain.play import TradeOff as TradeOff
    from bargain.play import Turn as Turn
    from bargain.play import WindowedModel as WindowedModel
    from bargain.play import accept_combined as accept_combined
    from bargain.play import alternating_offers as alternating_offers
    from bargain.play import concession_moves as concession_moves
    from bargain.play import first_offer_effect as first_offer_effect
    from bargain.play import load_policy as load_policy
    from bargain.play import packaged_policies as packaged_policies
    from bargain.play import play_sessions as play_sessions
    from bargain.play import policy_from_name as policy_from_name
    from bargain.play import save_policy as save_policy
    from bargain.play import score_model as score_model
    from bargain.play import session_measures as session_measures
    from bargain.play import tournament as tournament
    from bargain.play.artefact import Found as Found
    from bargain.play.artefact import PolicyArtefact as PolicyArtefact
    from bargain.play.artefact import load_artefact as load_artefact
    from bargain.play.artefact import policy_schema as policy_schema
    from bargain.search import AdaptiveSpace as AdaptiveSpace
    from bargain.search import BestResponse as BestResponse
    from bargain.search import DoubleOracle as DoubleOracle
    from bargain.search import EmpiricalGame as EmpiricalGame
    from bargain.search import Equilibrium as Equilibrium
    from bargain.search import Exploitability as Exploitability
    from bargain.search import MeanShare as MeanShare
    from bargain.search import MemorylessResponder as MemorylessResponder
    from bargain.search import Objective as Objective
    from bargain.search import ReservationBelief as ReservationBelief
    from bargain.search import SearchResult as SearchResult
    from bargain.search import ThresholdResponders as ThresholdResponders
    from bargain.search import TimeDependentSpace as TimeDependentSpace
    from bargain.search import best_response as best_response
    from bargain.search import double_oracle as double_oracle
    from bargain.search import evolve as evolve
    from bargain.search import exploitability as exploitability
    from bargain.search import greedy_concession as greedy_concession
    from bargain.search import random_problem as random_problem
    from bargain.search import random_problems as random_problems
    from bargain.search import split as split
    from bargain.solve import BestOffers as BestOffers
    from bargain.solve import Certificate as Certificate
    from bargain.solve import CurvedIssues as CurvedIssues
    from bargain.solve import Frontier as Frontier
    from bargain.solve import LinearIssues as LinearIssues
    from bargain.solve import ManySolutions as ManySolutions
    from bargain.solve import Solution as Solution
    from bargain.solve import Verification as Verification
    from bargain.solve import best_offer as best_offer
    from bargain.solve import egalitarian_solution as egalitarian_solution
    from bargain.solve import ideal_point as ideal_point
    from bargain.solve import kalai_smorodinsky_solution as kalai_smorodinsky_solution
    from bargain.solve import nash_solution as nash_solution
    from bargain.solve import pareto_frontier as pareto_frontier
    from bargain.solve import perles_maschler_solution as perles_maschler_solution
    from bargain.solve import raiffa_solution as raiffa_solution
    from bargain.solve import rubinstein_solution as rubinstein_solution
    from bargain.solve import smallest_conflict as smallest_conflict
    from bargain.solve import solve_many as solve_many
    from bargain.solve import utilitarian_solution as utilitarian_solution

__version__ = "0.1.0"

_HOMES = {
    "bargain.model": (
        "CARA",
        "CRRA",
        "AdditiveUtility",
        "BargainingProblem",
        "Budget",
        "CallableUtility",
        "Exponential",
        "Forbidden",
        "HyperRectangle",
        "HyperRectangleUtility",
        "Implication",
        "Interaction",
        "InteractionUtility",
        "Issue",
        "Linear",
        "Logarithmic",
        "Mandatory",
        "Outcome",
        "OutcomeSpace",
        "Party",
        "PiecewiseLinear",
        "Power",
        "Quadratic",
        "Table",
    ),
    "bargain.model.discretize": ("discretized",),
    "bargain.errors": (
        "BargainError",
        "ConvergenceError",
        "FileFormatError",
        "InfeasibleProblemError",
        "InvalidArgumentError",
        "InvalidOutcomeError",
        "InvalidProblemError",
        "LostWorkersError",
        "MissingPackageError",
        "NoAgreementZoneError",
        "NotConcaveError",
        "ToolCallError",
        "TooLargeError",
        "UnsupportedProblemError",
    ),
    "bargain.adapters.tools": (
        "AgentCase",
        "Cases",
        "call_tool",
        "case_schema",
        "load_cases",
        "tool_schemas",
    ),
    "bargain.anchor": (
        "Advice",
        "Anchor",
        "Attack",
        "AttackResult",
        "Blur",
        "Clock",
        "Guard",
        "Limits",
        "Preference",
        "Remark",
        "advice_schema",
        "history_from_json",
        "redteam",
    ),
    "bargain.anchor.elicit": ("ElicitedWeights", "elicit_weights"),
    "bargain.anchor.explain": ("Explanation", "explain_outcome"),
    "bargain.anchor.leakage": ("Leakage", "leakage"),
    "bargain.anchor.lint": ("lint",),
    "bargain.anchor.lint_report": ("LintReport",),
    "bargain.anchor.message": ("MessageCheck", "verify_message"),
    "bargain.files": ("FileFormatWarning", "load", "packaged_names", "save"),
    "bargain.files.convert": ("convert",),
    "bargain.play": (
        "AcceptAbove",
        "AcceptAfter",
        "AcceptAll",
        "AcceptAny",
        "AcceptBest",
        "AcceptNext",
        "AcceptPrevious",
        "Adaptive",
        "Answer",
        "BayesianModel",
        "BezierConcession",
        "Estimate",
        "ExponentialConcession",
        "FirstOfferEffect",
        "FrequencyModel",
        "Measures",
        "MiCRO",
        "Mixture",
        "ModelScore",
        "Moves",
        "NiceTitForTat",
        "Offer",
        "OpponentModel",
        "PartyView",
        "Plan",
        "Policy",
        "RandomOffers",
        "ResourceDependent",
        "Responsive",
        "Scripted",
        "Session",
        "SessionSeed",
        "Sessions",
        "Standing",
        "TimeDependent",
        "TitForTat",
        "Tournament",
        "TradeOff",
        "Turn",
        "WindowedModel",
        "accept_combined",
        "alternating_offers",
        "concession_moves",
        "first_offer_effect",
        "load_policy",
        "packaged_policies",
        "play_sessions",
        "policy_from_name",
        "save_policy",
        "score_model",
        "session_measures",
        "tournament",
    ),
    "bargain.play.artefact": ("Found", "PolicyArtefact", "load_artefact", "policy_schema"),
    "bargain.search": (
        "BestResponse",
        "DoubleOracle",
        "EmpiricalGame",
        "Equilibrium",
        "Exploitability",
        "MeanShare",
        "MemorylessResponder",
        "ReservationBelief",
        "SearchResult",
        "ThresholdResponders",
        "best_response",
        "double_oracle",
        "evolve",
        "exploitability",
        "greedy_concession",
        "AdaptiveSpace",
        "Objective",
        "TimeDependentSpace",
        "random_problem",
        "random_problems",
        "split",
    ),
    "bargain.solve": (
        "BestOffers",
        "Certificate",
        "CurvedIssues",
        "Frontier",
        "LinearIssues",
        "ManySolutions",
        "Solution",
        "Verification",
        "best_offer",
        "egalitarian_solution",
        "ideal_point",
        "kalai_smorodinsky_solution",
        "nash_solution",
        "pareto_frontier",
        "perles_maschler_solution",
        "raiffa_solution",
        "rubinstein_solution",
        "smallest_conflict",
        "solve_many",
        "utilitarian_solution",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'bargain' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
