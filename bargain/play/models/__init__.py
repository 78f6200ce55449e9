"""Estimates of what outcomes are worth to the other side, learned from its offers."""

from bargain.play.models.frequency import FrequencyModel
from bargain.play.models.values import IssueValues

__all__ = ["FrequencyModel", "IssueValues"]
