from __future__ import annotations

import itertools
from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, NoAgreementZoneError, UnsupportedProblemError
from bargain.play import AcceptNext, Plan, TimeDependent, alternating_offers, policy_from_name
from bargain.search import fitness as fitness_module
from bargain.search.fitness import Arena, Fitness
from tests.problems import additive_problems, continuous, one_choice

POOL = [TimeDependent(b, f) for b in (0.2, 1.0, 5.0) for f in (0.0, 0.5)]
CANDIDATES = [
    TimeDependent(0.3, 0.1, 0.2, AcceptNext(1.1, -0.1)),
    TimeDependent(2.0),
    policy_from_name("hardliner"),
]


class LeavesEarly:
    """Offers its best and accepts nothing, then leaves in round 2."""

    def plan(self, view, times):
        rows = np.full(len(times), view.order[-1])
        return Plan(rows, np.full(len(times), np.inf), stays=2)


def discounted(problem, factors, per="round"):
    return bg.BargainingProblem(
        problem.space,
        [
            bg.Party(p.name, p.utility, p.reservation_value, discount_factor=f, discount_per=per)
            for p, f in zip(problem.profiles, factors, strict=True)
        ],
    )


def costly(problem, costs, per="round"):
    parties = zip(problem.profiles, costs, strict=True)
    return bg.BargainingProblem(
        problem.space, [replace(party, cost=cost, cost_per=per) for party, cost in parties]
    )


@pytest.mark.parametrize("party", [0, 1])
@pytest.mark.parametrize("deadline", [1, 2, 9, 10])
@pytest.mark.parametrize("per", ["round", "session"])
@pytest.mark.parametrize("preference", ["factors", "costs", "one of each"])
def test_scores_are_means_over_sessions_played_one_by_one(party, deadline, per, preference):
    problem = bg.load("employment")
    if preference != "costs":
        problem = discounted(problem, (0.97, 0.9 if preference == "factors" else 1), per)
    if preference != "factors":
        problem = costly(problem, (30 if preference == "costs" else 0, 70), per)
    pool = [*POOL, LeavesEarly()]
    arena = Arena.of(problem, party, deadline=deadline)
    fitness = Fitness.against(arena, pool)
    scores = fitness.scores(CANDIDATES)
    for candidate, score in zip(CANDIDATES, scores, strict=True):
        gains, joint, agreed = [], [], []
        for opponent, first in itertools.product(pool, (party, 1 - party)):
            pair = (candidate, opponent) if party == 0 else (opponent, candidate)
            session = alternating_offers(problem, pair, deadline=deadline, first=first)
            worth = session.discounted_utilities
            gains.append(float(arena.own.shares(worth[party])))
            joint.append((worth - problem.disagreement_point).sum())
            agreed.append(session.agreement is not None)
        assert score == pytest.approx(np.mean(gains), abs=1e-14)
        performance = fitness.performance(candidate)
        assert performance.share == score
        assert performance.joint_gain == pytest.approx(np.mean(joint))
        assert performance.agreement_rate == pytest.approx(np.mean(agreed))
        assert [one.share for one in performance.against] == pytest.approx(
            np.reshape(gains, (-1, 2)).mean(axis=1).tolist()
        )


def test_a_score_does_not_depend_on_who_else_is_in_the_generation_or_on_threads(monkeypatch):
    monkeypatch.setattr(fitness_module, "STEPS_PER_THREAD", 1)
    arena = Arena.of(bg.load("rental"), "tenant", deadline=40)
    fitness = Fitness.against(arena, POOL)
    together = fitness.scores(CANDIDATES)
    assert together.tolist() == [fitness.scores([one])[0] for one in CANDIDATES]
    allowed = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        assert fitness.scores(CANDIDATES).tobytes() == together.tobytes()
    finally:
        numba.set_num_threads(allowed)
    assert numba.get_num_threads() == allowed


def test_waiting_costs_the_candidate_in_every_round_that_it_waits():
    pie = one_choice([[3, 0], [2, 1], [1, 2], [0, 3]])
    hard, soft = policy_from_name("hardliner"), TimeDependent(k=0.5, floor=0.5, beta=1e-6)
    free = Fitness.against(Arena.of(pie, 0, deadline=9), [hard])
    paid = Fitness.against(Arena.of(costly(pie, (0.25, 0)), 0, deadline=9), [hard])
    assert free.scores([hard]).tolist() == [0]
    # nothing agreed in nine rounds: eight paid for, of 3 to be had
    assert paid.scores([hard]).tolist() == [-8 * 0.25 / 3]
    assert paid.performance(hard).utility == -8 * 0.25
    assert paid.performance(hard).joint_gain == -8 * 0.25
    assert (paid.scores([soft]) <= paid.bound()).all()
    # the best against one who never yields is to walk away at once
    assert paid.bound() == 0


@settings(max_examples=60)
@given(
    additive_problems(),
    st.integers(1, 6),
    st.integers(0, 1),
    st.integers(0, 2**32 - 1),
    st.sampled_from([(0, 0), (0.5, 2), (3, 0)]),
    st.sampled_from(["round", "session"]),
)
def test_no_policy_gets_more_than_the_bound(problem, deadline, party, seed, costs, per):
    problem = costly(problem, costs, per)
    try:
        arena = Arena.of(problem, party, deadline=deadline)
    except NoAgreementZoneError:
        return
    fitness = Fitness.against(arena, [*POOL, LeavesEarly()])
    generator = np.random.default_rng(seed)
    some = [
        TimeDependent(
            np.exp(generator.normal(0, 2)),
            generator.random(),
            generator.random() / 2,
            AcceptNext(np.exp(generator.normal(0, 0.3)), generator.normal(0, 0.2)),
        )
        for _ in range(50)
    ]
    assert fitness.scores(some).max() <= fitness.bound() + 1e-15


def test_the_bound_is_a_number_where_waiting_leaves_nothing():
    # 0.5 to the power of the last rounds is 0 in float64, and what is offered there is below 5
    pie = one_choice([[u, 10 - u] for u in range(11)], [5, 0])
    late = discounted(pie, (0.5, 0.5))
    hard = TimeDependent(floor=0.9)
    arena = Arena.of(late, 0, deadline=1200, first=0)
    # it never gives more than 1, so the best is to walk away at once
    assert Fitness.against(arena, [hard]).bound() == 0


def test_the_bound_against_a_hardliner_is_what_it_asks_for():
    pie = one_choice([[3, 0], [2, 1], [1, 2], [0, 3]], [-1, 0])
    arena = Arena.of(pie, 0, deadline=4)
    assert Fitness.against(arena, [policy_from_name("hardliner")]).bound() == 0.25
    conceder = Fitness.against(arena, [TimeDependent(beta=1.0)])
    # With deadline 4 it answers in the last round in one way to start; one round earlier, and
    # looking one ahead, in the other: all is to be had in both.
    assert conceder.bound() == 1.0


def test_who_starts_can_be_fixed():
    problem = bg.load("rental")
    both = Fitness.against(Arena.of(problem, 0, deadline=7), POOL).scores(CANDIDATES)
    starts = [
        Fitness.against(Arena.of(problem, 0, deadline=7, first=first), POOL).scores(CANDIDATES)
        for first in ("landlord", 1)
    ]
    assert np.mean(starts, axis=0) == pytest.approx(both)


def test_seats_without_anything_to_gain_are_refused():
    with pytest.raises(NoAgreementZoneError, match="p0"):
        Arena.of(one_choice([[1, 1]], [1, 0]), 0, deadline=3)
    with pytest.raises(NoAgreementZoneError, match="both p1 and p0"):
        Arena.of(one_choice([[3, 0], [0, 3]], [1, 1]), 1, deadline=3)
    with pytest.raises(InvalidArgumentError, match="party"):
        Arena.of(one_choice([[1, 1]]), "nobody", deadline=3)
    with pytest.raises(UnsupportedProblemError, match="two parties"):
        Arena.of(one_choice([[1, 1, 1]]), 0, deadline=3)
    with pytest.raises(UnsupportedProblemError, match="discretized"):
        Arena.of(continuous([[[0, 1], [1, 0]]]), 0, deadline=3)
