"""What is at stake: issues, outcome spaces, utilities, parties and the bargaining problem."""

from bargain.model.callables import CallableUtility
from bargain.model.constraints import Budget, Constraint, Forbidden, Implication, Mandatory
from bargain.model.curves import Exponential, Logarithmic, Power, Quadratic
from bargain.model.hyper_rectangles import HyperRectangle, HyperRectangleUtility
from bargain.model.interactions import Interaction, InteractionUtility
from bargain.model.issues import Issue, Value
from bargain.model.outcomes import Outcome
from bargain.model.party import Party
from bargain.model.problem import BargainingProblem
from bargain.model.risk import CARA, CRRA
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import AdditiveUtility, Utility
from bargain.model.values import Linear, PiecewiseLinear, Table

__all__ = [
    "CARA",
    "CRRA",
    "AdditiveUtility",
    "BargainingProblem",
    "Budget",
    "CallableUtility",
    "Constraint",
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
    "Utility",
    "Value",
]
