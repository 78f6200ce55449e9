"""What is at stake: issues, outcome spaces, utilities, parties and the bargaining problem."""

from bargain.model.constraints import Budget, Constraint, Forbidden, Implication, Mandatory
from bargain.model.issues import Issue, Value
from bargain.model.outcomes import Outcome
from bargain.model.problem import BargainingProblem, Party
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import AdditiveUtility, Utility
from bargain.model.values import Linear, PiecewiseLinear, Table

__all__ = [
    "AdditiveUtility",
    "BargainingProblem",
    "Budget",
    "Constraint",
    "Forbidden",
    "Implication",
    "Issue",
    "Linear",
    "Mandatory",
    "Outcome",
    "OutcomeSpace",
    "Party",
    "PiecewiseLinear",
    "Table",
    "Utility",
    "Value",
]
