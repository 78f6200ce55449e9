"""Estimates of what outcomes are worth to the other side, learned from its offers."""

from bargain.play.models.bayesian import BayesianModel
from bargain.play.models.estimate import Estimate
from bargain.play.models.frequency import FrequencyModel
from bargain.play.models.model import LearningModel, OpponentModel
from bargain.play.models.score import ModelScore, score_model
from bargain.play.models.values import IssueValues
from bargain.play.models.windowed import WindowedModel

__all__ = [
    "BayesianModel",
    "Estimate",
    "FrequencyModel",
    "IssueValues",
    "LearningModel",
    "ModelScore",
    "OpponentModel",
    "WindowedModel",
    "score_model",
]
