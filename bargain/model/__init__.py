"""What is at stake: issues, outcome spaces, utilities, parties and the bargaining problem."""

from bargain.model.issues import Issue, Value
from bargain.model.outcomes import Outcome
from bargain.model.problem import BargainingProblem, Party
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import AdditiveUtility
from bargain.model.values import Linear, PiecewiseLinear, Table

__all__ = [
    "AdditiveUtility",
    "BargainingProblem",
    "Issue",
    "Linear",
    "Outcome",
    "OutcomeSpace",
    "Party",
    "PiecewiseLinear",
    "Table",
    "Value",
]
