"""Searches against pools whose members count differently."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from tests.search.yardsticks import Holdout, pie

POOL = [bg.TimeDependent(1.0, 0.2), "micro", bg.TimeDependent(0.3, 0.6)]
GIVEN = {"party": "tenant", "deadline": 12, "seed": 4, "evaluations": 192, "repetitions": 3}


def searched(opponents, **changes):
    return bg.evolve(bg.load("rental"), opponents=opponents, **{**GIVEN, **changes})


def test_weights_count_like_copies_of_an_opponent():
    planned = [POOL[0], POOL[2]]
    weighed = searched(planned, weights=[3, 1])
    copied = searched([*[POOL[0]] * 3, POOL[2]])
    assert weighed.policy == copied.policy
    assert weighed.bound == pytest.approx(copied.bound)
    for measure in ("share", "utility", "agreement_rate", "joint_gain", "rounds", "worst"):
        found, expected = (getattr(one.train, measure) for one in (weighed, copied))
        assert found == pytest.approx(expected), measure


def test_a_mixture_is_taken_apart():
    mixed = searched([bg.Mixture(POOL, [2, 1, 1])])
    apart = searched(POOL, weights=[0.5, 0.25, 0.25])
    assert mixed.policy == apart.policy
    assert mixed.train == apart.train
    nested = searched([bg.Mixture(POOL[1:]), POOL[0]])
    assert nested.train == searched([*POOL[1:], POOL[0]], weights=[1, 1, 2]).train


def test_mixtures_are_held_out_and_validated_on():
    parts = [bg.TimeDependent(2.0, 0.1), "random"]
    mixed = searched(POOL, held_out=[bg.Mixture(parts, [3, 1])])
    apart = searched(POOL, held_out=parts)
    shares = [one.share for one in apart.held_out.against]
    assert mixed.held_out.share == pytest.approx(0.75 * shares[0] + 0.25 * shares[1])
    assert mixed.conditions.held_out.weights.tolist() == [1.5, 0.5]
    validated = searched(POOL, validation=[bg.Mixture(parts, [3, 1])])
    shares = [one.share for one in validated.validation.against]
    assert validated.validation.share == pytest.approx(0.75 * shares[0] + 0.25 * shares[1])
    with pytest.raises(InvalidArgumentError, match="objective: expected a mean"):
        searched(POOL, validation=[bg.Mixture(parts)], objective="worst")
    with pytest.raises(InvalidArgumentError, match=r"held_out\[1\]: expected a policy that is not"):
        searched(POOL, held_out=[bg.Mixture([parts[0], "micro"])])


@pytest.mark.parametrize("where", ["opponents", "held_out", "validation"])
def test_a_policy_that_compiled_code_cannot_play_is_named_where_it_was_given(where):
    given = {"opponents": POOL, where: [bg.NiceTitForTat()]}
    with pytest.raises(
        InvalidArgumentError, match=rf"{where}\[0\]: .* compiled code plays .* got nice_tit"
    ):
        searched(**given)


def test_who_weighs_nothing_is_not_met():
    alone = searched(POOL, weights=[0, 0, 5])
    assert [one.opponent for one in alone.train.against] == ["beta 0.3, floor 0.6"]
    assert alone.train.share == searched(POOL[2:]).train.share


def test_the_best_demand_turns_on_the_weights():
    # 0.9 is accepted by the soft type only, 0.5 by both: better from a chance of 5/9 on
    problem = pie(np.linspace(0, 1, 11))
    types = [Holdout(problem.utilities()[row, 1]) for row in (9, 5)]
    for weights, expected in (([2, 1], 0.6), ([1, 1], 0.5)):
        found = bg.evolve(
            problem, party="me", opponents=types, weights=weights, deadline=1, first="me", seed=1,
            evaluations=640,
        )  # fmt: skip
        assert found.train.share == pytest.approx(expected)


def test_intervals_over_a_known_population_speak_of_problems():
    problems = bg.random_problems(3, sizes=(3, 3), seed=2)
    given = {**GIVEN, "party": "a", "evaluations": 64}
    found = bg.evolve(problems, opponents=POOL, weights=[1, 2, 1], **given)
    low, high = found.train.share_interval
    assert low < found.train.share < high
    assert searched(POOL, weights=[1, 2, 1]).train.share_interval is None


def test_another_mixture_goes_on_from_no_checkpoint_of_this_one(tmp_path):
    kept = tmp_path / "search.npz"
    searched(POOL, weights=[1, 2, 1], checkpoint=kept)
    for others in ([1, 1, 2], None):
        with pytest.raises(InvalidArgumentError, match="weights"):
            searched(POOL, weights=others, checkpoint=kept)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"weights": [1, 2]}, "weights: expected 3 numbers"),
        ({"weights": [1, -2, 1]}, r"weights\[1\]"),
        ({"weights": [0, 0, 0]}, "weights"),
        ({"weights": [1, np.nan, 1]}, r"weights\[1\]"),
        ({"weights": [1, 1, 1], "objective": "worst"}, "objective"),
        ({"weights": [1, 1, 1], "objective": "cvar"}, "objective"),
    ],
)
def test_wrong_weights_are_named(changes, named):
    with pytest.raises(InvalidArgumentError, match=named):
        searched(POOL, **changes)
