"""The result is the best of everything that was evaluated, and says where it came from."""

from __future__ import annotations

import pytest

import bargain as bg

LANDLORDS = [
    bg.TimeDependent(beta=beta, floor=floor)
    for beta in (0.2, 1.0, 5.0)
    for floor in (0.0, 0.25, 0.5)
]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_reported_beside_the_result_does_better_on_the_pool(seed):
    found = bg.evolve(
        bg.load("rental"),
        party="tenant",
        opponents=LANDLORDS,
        deadline=40,
        seed=seed,
        evaluations=160,
    )
    tried = [one for one in found.baselines.values() if isinstance(one.policy, bg.Adaptive)]
    assert len(tried) == 5
    assert found.train.share >= max(baseline.train.share for baseline in tried)
    if found.found_by == "random search":
        assert found.policy == found.baselines["random search"].policy
    assert found.to_dict()["found_by"] == found.found_by
    assert f"found by {found.found_by}" in str(found)


def test_a_pool_that_gives_in_is_held_out_against_by_a_preset():
    found = bg.evolve(
        bg.load("rental"), party="tenant", opponents=["boulware"], deadline=10, seed=1
    )
    assert found.found_by == "preset"
    assert found.stopped == "converged"
    assert "found by preset (hardliner, traded off): " in str(found)
