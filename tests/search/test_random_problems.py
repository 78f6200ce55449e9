from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play.checkpoint import problem_digest


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
    st.floats(-1, 1),
    st.floats(0, 0.4),
    st.integers(0, 2**32 - 1),
)
def test_a_random_problem_is_of_the_size_asked_and_has_something_to_agree_on(
    sizes, opposition, reservation, seed
):
    # of two outcomes in strict conflict, neither is better than nothing for both
    assume(math.prod(sizes) != 2)
    problem = bg.random_problem(
        sizes=sizes, opposition=opposition, reservation=reservation, seed=seed
    )
    assert [issue.size for issue in problem.space.issues] == sizes
    utilities = problem.utilities()
    assert utilities.min() >= 0
    assert utilities.max(axis=0) == pytest.approx([1, 1])
    assert problem.disagreement_point.tolist() == [reservation, reservation]
    assert (utilities > problem.disagreement_point).all(axis=1).any()


def test_opposition_goes_from_the_same_interest_to_strict_conflict():
    def correlation(opposition):
        problems = bg.random_problems(20, opposition=opposition, reservation=0.0, seed=3)
        return np.mean([np.corrcoef(p.utilities().T)[0, 1] for p in problems])

    ends = [correlation(w) for w in (-1, -0.5, 0, 0.5, 1)]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] == pytest.approx(1)
    assert ends[-1] == pytest.approx(-1)
    assert abs(ends[2]) < 0.2


def test_the_same_seed_gives_the_same_problems_whatever_the_count():
    few, many = (bg.random_problems(n, sizes=(3, 3), seed=11) for n in (2, 4))
    assert [problem_digest(p) for p in few] == [problem_digest(p) for p in many[:2]]
    assert len({problem_digest(p) for p in many}) == 4
    one = bg.random_problem(discount_factor=(0.9, 0.95), reservation=(0.2, 0.3), seed=1)
    assert ((one.discount_factors >= 0.9) & (one.discount_factors <= 0.95)).all()
    assert ((one.disagreement_point >= 0.2) & (one.disagreement_point <= 0.3)).all()


@given(st.integers(3, 30), st.integers(0, 99))
def test_a_split_gives_every_item_to_one_part(count, seed):
    parts = bg.split(range(count), seed=seed)
    assert sorted(parts.train + parts.validation + parts.held_out) == list(range(count))
    assert all(parts)
    assert parts == bg.split(range(count), seed=seed)


def test_a_part_may_be_left_out():
    parts = bg.split("abcd", shares=(1, 0, 1), seed=0)
    assert (len(parts.train), parts.validation, len(parts.held_out)) == (2, [], 2)
    assert bg.split([1], shares=(1, 0, 0)).train == [1]


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"sizes": []}, "sizes"),
        ({"sizes": "55"}, "sizes"),
        ({"sizes": [0]}, r"sizes\[0\]: expected a whole number >= 1"),
        ({"sizes": [10**6, 10**6]}, "sizes: expected at most 10000000 outcomes"),
        ({"opposition": 1.5}, "opposition"),
        ({"opposition": (0.5, 0.2)}, "opposition: expected a number in .* the lower first"),
        ({"reservation": 1.0}, "reservation"),
        ({"reservation": float("nan")}, "reservation"),
        ({"reservation": 0.9, "opposition": 1}, "reservation: expected values that leave"),
        ({"discount_factor": 0}, "discount_factor"),
        ({"seed": -1}, "seed"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(given_, says):
    with pytest.raises(InvalidArgumentError, match=says):
        bg.random_problem(**given_)


def test_only_the_proportions_of_a_split_count():
    even = bg.split(range(9), shares=(1, 1, 1), seed=3)
    for unit in (1e308, 1e-308, 0.1):
        assert bg.split(range(9), shares=(unit,) * 3, seed=3) == even
    # however small, a share that is above 0 gets an item
    assert [len(part) for part in bg.split(range(9), shares=(1e308, 1e-308, 0))] == [8, 1, 0]


def test_splits_that_make_no_sense_are_refused():
    for shares in ((0, 1, 1), (1, 1), (1, -1, 1), 0.5, "211", None):
        with pytest.raises(InvalidArgumentError, match="shares"):
            bg.split(range(9), shares=shares)
    with pytest.raises(InvalidArgumentError, match="items: expected at least 3, got 2"):
        bg.split([1, 2])
    with pytest.raises(InvalidArgumentError, match="items: expected problems or opponents"):
        bg.split(5)
    with pytest.raises(InvalidArgumentError, match="count"):
        bg.random_problems(0)
