"""What several tests of play share."""

from __future__ import annotations

import pytest

import bargain as bg


@pytest.fixture
def pie():
    """Ann has what Bob has not: eleven ways to share ten slices, Nash at five each."""
    return bg.BargainingProblem(
        [bg.Issue.integer("slices", 0, 10)],
        {
            "Ann": bg.AdditiveUtility({"slices": bg.Linear(0, 10)}),
            "Bob": bg.AdditiveUtility({"slices": bg.Linear(10, 0)}),
        },
    )
