"""Two parties with choices beside continuous issues: which combinations are looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import bargain as bg
from bargain.solve import mixed
from bargain.solve.mixed import MixedSet, undominated
from tests.curved import random_problem


def straight(seed):
    """Draw a problem of lines and choices."""
    rng = np.random.default_rng(seed)
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.continuous("y", 0, 1)]
    issues += [bg.Issue.choice(name, list("abc")) for name in "cde"]
    parties = {}
    for party, ends in (("p", (0, 1)), ("q", (1, 0))):
        worths = {name: dict(zip("abc", rng.random(3).tolist(), strict=True)) for name in "cde"}
        lines = {name: bg.Linear(*ends) for name in "xy"}
        weights = dict(zip("xy", rng.uniform(0.5, 2, 2).tolist(), strict=True))
        parties[party] = bg.AdditiveUtility({**lines, **worths}, weights)
    return bg.BargainingProblem(issues, parties, disagreement_point=(1.0, 1.0))


PROBLEMS = {
    False: lambda seed: random_problem(seed, 2, 2, choices=3),
    True: straight,
}


@settings(max_examples=100, deadline=None)
@given(
    arrays.arrays(np.int64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.integers(-3, 3))
)
def test_rows_are_left_out_exactly_where_another_is_better_for_one_and_no_worse_for_the_other(rows):
    offsets = rows.astype(np.float64)
    kept = [
        i
        for i, row in enumerate(offsets)
        if not any((other >= row).all() and (other > row).any() for other in offsets)
    ]
    assert undominated(offsets).tolist() == kept


def test_a_row_that_is_beaten_by_rounding_only_is_kept():
    assert undominated(np.array([[1.0, 1.0], [1.0, 1.0 + 1e-15]])).tolist() == [0, 1]


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_solutions_are_those_of_all_combinations(seed, lines, monkeypatch):
    problem = PROBLEMS[lines](seed)
    few = MixedSet(problem)
    monkeypatch.setattr(mixed, "undominated", lambda offsets: np.arange(len(offsets)))
    every = MixedSet(problem)
    assert len(few.members) < len(every.members)
    assert few.ideal_gains().tolist() == every.ideal_gains().tolist()
    for weights in (np.array([0.5, 0.5]), np.array([0.2, 0.8]), np.array([0.0, 1.0])):
        assert few.best_product(weights)[0] == every.best_product(weights)[0]
    scales = every.ideal_gains()
    assert few.best_minimum(scales)[0] == every.best_minimum(scales)[0]
    assert few.best_sum()[0] == every.best_sum()[0]
