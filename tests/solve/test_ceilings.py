"""Utilities with a ceiling do not add; lotteries over them are lotteries over whole outcomes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.problems import additive_problems, one_choice

CONCEPTS = [
    bg.nash_solution,
    bg.kalai_smorodinsky_solution,
    bg.egalitarian_solution,
]


def capped(problem, share):
    """Cut each party's utility off at a share of its range."""
    utilities = problem.utilities()
    low, high = utilities.min(axis=0), utilities.max(axis=0)
    parties = {
        name: bg.AdditiveUtility(
            profile.utility.values, ceiling=float(low[i] + share * (high[i] - low[i]))
        )
        for i, (name, profile) in enumerate(zip(problem.parties, problem.profiles, strict=True))
    }
    return bg.BargainingProblem(
        problem.space, parties, disagreement_point=problem.disagreement_point
    )


@pytest.mark.parametrize("n_parties", [2, 3])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_lotteries_under_a_ceiling_are_those_over_whole_outcomes(n_parties, data):
    problem = data.draw(additive_problems(n_parties, max_issues=3, max_values=3))
    problem = capped(problem, data.draw(st.sampled_from([0.4, 0.7])))
    whole = one_choice(problem.utilities(), disagreement_point=problem.disagreement_point)
    for concept in CONCEPTS:
        try:
            expected = concept(whole, lotteries=True)
        except bg.NoAgreementZoneError:
            with pytest.raises(bg.NoAgreementZoneError):
                concept(problem, lotteries=True)
            return
        found = concept(problem, lotteries=True)
        assert found.gains == pytest.approx(expected.gains, abs=1e-5)


def test_a_ceiling_over_mixed_issues_allows_no_lotteries():
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.choice("c", ["a", "b"])]
    up = bg.AdditiveUtility({"x": bg.Linear(0, 1), "c": {"a": 1}}, ceiling=1.5)
    down = bg.AdditiveUtility({"x": bg.Linear(1, 0), "c": {"b": 1}})
    problem = bg.BargainingProblem(issues, {"up": up, "down": down})
    with pytest.raises(bg.UnsupportedProblemError, match="ceiling"):
        bg.nash_solution(problem, lotteries=True)
    # without lotteries every combination is its own chain, cut off at the ceiling
    nash = bg.nash_solution(problem)
    grid = bg.nash_solution(bg.discretized(problem, points=401))
    assert nash.gains.prod() == pytest.approx(grid.gains.prod(), abs=1e-3)
    assert nash.gains.prod() >= grid.gains.prod() - 1e-12


def test_three_parties_with_a_ceiling_on_continuous_issues():
    issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(3)]
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"x{j}": bg.Linear(0, 2) if i == j else bg.Linear(1, 0) for j in range(3)},
            ceiling=1.0 if i == 0 else None,
        )
        for i in range(3)
    }
    problem = bg.BargainingProblem(issues, parties)
    nash = bg.nash_solution(problem)
    assert nash.utilities[0] <= 1.0
    sample = np.array([problem.evaluate(o) for o in problem.space.sample(3000, seed=1)])
    best = np.log(np.maximum(sample, 1e-300)).mean(axis=1).max()
    assert np.log(nash.utilities).mean() + nash.certificate.gap >= best


def test_a_solution_says_what_it_is_in_one_line():
    solution = bg.nash_solution(bg.load("chair"))
    assert repr(solution) == "<Nash: seller 40, buyer 40; price=80>"
    lottery = bg.egalitarian_solution(bg.load("bill_and_jack"), lotteries=True)
    assert repr(lottery).endswith("a lottery over 2 outcomes>")
    assert str(solution.certificate).startswith("exact: ")
