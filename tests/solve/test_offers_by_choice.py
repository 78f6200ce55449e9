"""Best offers of choices mixed with curved continuous issues, without integer programs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import bargain as bg
from bargain.solve.best_offer import most_for
from bargain.solve.integer_program import IntegerProgram
from bargain.solve.ranges import utility_ranges
from tests.curved import random_problem

FORBIDDEN = bg.Forbidden({"x0": {"at_least": 2, "at_most": 6}, "c0": "b"})
IMPLIED = bg.Implication({"c0": "a"}, {"x1": {"at_least": 5}})
BUDGET = bg.Budget({"x0": 1, "x1": 2}, at_most=14, at_least=3)
ON_CHOICES = bg.Forbidden({"c0": "c", "c1": "b"})


@pytest.fixture
def no_integer_programs(monkeypatch):
    def refuse(*args, **more):
        raise AssertionError("an integer program ran")

    monkeypatch.setattr(IntegerProgram, "maximize", refuse)


def under(problem, *constraints):
    return bg.BargainingProblem(problem.space, problem.profiles, constraints=constraints)


def grid_of(problem, points=21):
    """Return the utilities of a fine grid of the outcomes that may be agreed."""
    values = [
        issue.values if issue.is_finite else np.linspace(*issue.bounds, points).tolist()
        for issue in problem.space.issues
    ]
    kept = [point for point in product(*values) if not problem.broken_by(point)]
    return np.array([problem.evaluate(point) for point in kept])


@pytest.mark.parametrize(
    "constraints",
    [(), (BUDGET,), (FORBIDDEN, IMPLIED), (FORBIDDEN, BUDGET, ON_CHOICES)],
    ids=["free", "budget", "alternatives", "all"],
)
@pytest.mark.parametrize("n_parties", [2, 3])
@pytest.mark.usefixtures("no_integer_programs")
def test_no_outcome_of_a_grid_that_gives_me_enough_is_better_for_the_others(n_parties, constraints):
    problem = under(random_problem(7, n_parties, 2, choices=2), *constraints)
    seen = grid_of(problem)
    lowest, highest = utility_ranges(problem)
    shares = np.sort(((seen - lowest) / (highest - lowest))[:, 1:], axis=1)
    for floor in np.quantile(seen[:, 0], [0.1, 0.6, 0.95]).tolist():
        offer = bg.best_offer(problem, party=0, at_least=floor)
        worth = problem.evaluate(offer)
        assert problem.broken_by(offer) == ()
        assert worth[0] >= floor
        found = np.sort(((worth - lowest) / (highest - lowest))[1:])
        assert shares[seen[:, 0] >= floor, 0].max() <= found[0] + 1e-9


@pytest.mark.usefixtures("no_integer_programs")
def test_more_than_a_party_can_have_is_no_offer_and_the_most_it_can_have_is():
    problem = under(random_problem(3, 3, 2, choices=2), BUDGET, IMPLIED)
    most = most_for(problem, 0)
    assert most >= grid_of(problem)[:, 0].max() - 1e-9
    offer = bg.best_offer(problem, party=0, at_least=most)
    assert problem.evaluate(offer)[0] >= most
    with pytest.raises(bg.NoAgreementZoneError, match="no offer: expected at most"):
        bg.best_offer(problem, party=0, at_least=most + 0.01)


def test_constraints_that_leave_nothing_are_named():
    contradiction = bg.Implication({"c0": ["a", "b", "c"]}, {"x0": {"at_least": 9}})
    problem = under(
        random_problem(3, 3, 2, choices=1),
        contradiction,
        bg.Mandatory({"x0": {"at_most": 3}}),
    )
    with pytest.raises(bg.InfeasibleProblemError, match="x0 is at most 3"):
        bg.best_offer(problem, party=0, at_least=0)


@pytest.mark.usefixtures("no_integer_programs")
def test_choices_that_only_i_care_about_do_not_multiply_the_work():
    # 3^9 combinations, of which one is solved: the rest leaves me less and the other no more
    base = random_problem(5, 2, 2)
    mine = {f"m{k}": {"a": 0.1 * (k + 1), "b": 0.0, "c": 0.05} for k in range(9)}
    issues = [*base.space.issues, *(bg.Issue.choice(name, list("abc")) for name in mine)]
    first, second = (profile.utility for profile in base.profiles)
    problem = bg.BargainingProblem(
        issues,
        {"me": bg.AdditiveUtility({**first.values, **mine}, first.weights), "other": second},
    )
    offer = bg.best_offer(problem, party="me", at_least=4.5)
    alone = bg.best_offer(base, party=0, at_least=0.0)
    assert {offer[name] for name in mine} == {"a"}
    assert problem.evaluate(offer)[0] >= 4.5
    assert problem.evaluate(offer)[1] == pytest.approx(base.evaluate(alone)[1], abs=1e-8)


def test_an_offer_that_takes_too_long_is_the_best_until_then_or_an_error():
    problem = random_problem(3, 3, 3, choices=6)
    with pytest.raises(bg.ConvergenceError, match="time_limit"):
        bg.best_offer(problem, party=0, at_least=1.0, time_limit=1e-9)
