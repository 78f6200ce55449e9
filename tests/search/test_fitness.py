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
from bargain.search import trials as trials_module
from bargain.search.arena import Arena
from bargain.search.objective import Objective
from bargain.search.spaces import AdaptiveSpace, TimeDependentSpace, policy_space
from bargain.search.trials import Trials
from tests.problems import additive_problems, continuous, one_choice

POOL = [TimeDependent(b, f) for b in (0.2, 1.0, 5.0) for f in (0.0, 0.5)]
CANDIDATES = [
    TimeDependent(0.3, 0.1, 0.2, AcceptNext(1.1, -0.1)),
    TimeDependent(2.0),
    policy_from_name("hardliner"),
]
OTHERS = [
    *POOL,
    bg.TitForTat("absolute", floor=0.2),
    bg.TradeOff(TimeDependent(0.5), by="smith"),
    TimeDependent(0.4, acceptance=bg.AcceptNext() | bg.AcceptBest()),
    bg.Adaptive(floor=1.0, matching=1.0),
]
SPACE = TimeDependentSpace()
SPACES = [
    SPACE,
    AdaptiveSpace(3, "closest", responsive=False),
    policy_space("curve"),
    policy_space("adaptive"),
    AdaptiveSpace(2, "smith"),
    AdaptiveSpace(0, "similarity"),
]


class LeavesEarly:
    """Offers its best and accepts nothing, then leaves in round 2."""

    def plan(self, view, times):
        rows = np.full(len(times), view.order[-1])
        return Plan(rows, np.full(len(times), np.inf), stays=2)


def trials(problem, opponents, *, party=0, deadline=9, first="both", **options):
    problems = problem if isinstance(problem, list) else [problem]
    deadlines = deadline if isinstance(deadline, list) else [deadline]
    sequence = np.random.SeedSequence(1)
    return Trials.of(
        problems, party, opponents, deadlines=deadlines, first=first, sequence=sequence, **options
    )


def laid(policies, space=SPACE):
    return space.candidates(np.array([space.vector(policy) for policy in policies]))


def scores(tried, policies, space=SPACE, objective=None):
    return tried.scores(laid(policies, space), objective or Objective())


def some_of(space, count, seed=0):
    """Policies of a space, some of them on its bounds, where conditions are off."""
    generator = np.random.default_rng(seed)
    drawn = generator.random((count, len(space)))
    drawn[generator.random(drawn.shape) < 0.2] = 0.0
    drawn[generator.random(drawn.shape) < 0.2] = 1.0
    return [space.policy(values) for values in space.values_at(drawn)]


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
    tried = trials(problem, pool, party=party, deadline=deadline)
    view = bg.PartyView.of(problem, party)
    for candidate, score in zip(CANDIDATES, scores(tried, CANDIDATES), strict=True):
        gains, joint, agreed, rounds = [], [], [], []
        for opponent, first in itertools.product(pool, (party, 1 - party)):
            pair = (candidate, opponent) if party == 0 else (opponent, candidate)
            session = alternating_offers(problem, pair, deadline=deadline, first=first)
            worth = session.discounted_utilities
            gains.append(float(view.shares(worth[party])))
            joint.append((worth - problem.disagreement_point).sum())
            agreed.append(session.agreement is not None)
            left = session.ended == "walk_away"
            rounds.append(session.rounds - 1 if not left else min(2, deadline - 1))
        assert score == pytest.approx(np.mean(gains), abs=1e-14)
        performance = tried.performance(laid([candidate]))
        assert performance.share == score
        assert performance.joint_gain == pytest.approx(np.mean(joint))
        assert performance.agreement_rate == pytest.approx(np.mean(agreed))
        assert performance.rounds == pytest.approx(np.mean(rounds))
        assert performance.worst == pytest.approx(np.min(gains))
        assert [one.share for one in performance.against] == pytest.approx(
            np.reshape(gains, (-1, 2)).mean(axis=1).tolist()
        )


@pytest.mark.parametrize("space", SPACES, ids=str)
@pytest.mark.parametrize("party", [0, 1])
@pytest.mark.parametrize("deadline", [1, 14])
def test_candidates_of_every_space_play_as_their_policies_do(space, party, deadline):
    problem = discounted(bg.load("employment"), (0.99, 0.98))
    tried = trials(problem, OTHERS, party=party, deadline=deadline)
    policies = some_of(space, 25)
    results = tried.play(laid(policies, space))[0].results
    for c, policy in enumerate(policies):
        pair = [policy, *OTHERS]
        meetings = [(0, o) if party == 0 else (o, 0) for o in range(1, len(pair))]
        for s, first in enumerate((party, 1 - party)):
            met = bg.play_sessions(problem, pair, meetings, deadline=deadline, first=first)
            assert (
                results[c, :, s, 0].tolist() == np.array([met["round"], met["row"]]).T.tolist()
            ), policy


@pytest.mark.parametrize("space", SPACES, ids=str)
@pytest.mark.parametrize("problem", ["employment", "rental"])
def test_micro_is_met_alike_by_its_numbers_alone_and_at_the_table(space, problem, monkeypatch):
    from bargain.search.fitness import Fitness

    micro = [bg.MiCRO(), bg.MiCRO()]
    options = {"party": 1, "deadline": 60, "repetitions": 3}
    candidates = laid(some_of(space, 40), space)
    fast = trials(bg.load(problem), micro, **options).play(candidates)[0].results
    monkeypatch.setattr(Fitness, "micros", np.empty(0, dtype=np.int64))
    slow = trials(bg.load(problem), micro, **options).play(candidates)[0].results
    assert fast.tolist() == slow.tolist()
    assert fast.shape == (40, 2, 2, 3, 2)


@pytest.mark.parametrize("space", [SPACE, policy_space("adaptive")], ids=str)
def test_a_score_does_not_depend_on_who_else_is_in_the_generation_or_on_threads(space, monkeypatch):
    monkeypatch.setattr(trials_module, "STEPS_PER_THREAD", 1)
    monkeypatch.setattr(trials_module, "STEPS_AT_TABLE", 1)
    problems = [bg.load("rental"), bg.load("employment")]
    tried = trials(problems, [*POOL, bg.MiCRO()], deadline=[7, 40])
    policies = some_of(space, 9)
    together = scores(tried, policies, space)
    assert together.tolist() == [scores(tried, [one], space)[0] for one in policies]
    allowed = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        assert scores(tried, policies, space).tobytes() == together.tobytes()
    finally:
        numba.set_num_threads(allowed)
    assert numba.get_num_threads() == allowed


def test_waiting_costs_the_candidate_in_every_round_that_it_waits():
    pie = one_choice([[3, 0], [2, 1], [1, 2], [0, 3]])
    hard, soft = policy_from_name("hardliner"), TimeDependent(k=0.5, floor=0.5, beta=0.02)
    free = trials(pie, [hard])
    paid = trials(costly(pie, (0.25, 0)), [hard])
    assert scores(free, [hard]).tolist() == [0]
    # nothing agreed in nine rounds: eight paid for, of 3 to be had
    assert scores(paid, [hard]).tolist() == [-8 * 0.25 / 3]
    assert paid.performance(laid([hard])).utility == -8 * 0.25
    assert paid.performance(laid([hard])).joint_gain == -8 * 0.25
    assert (scores(paid, [soft]) <= paid.bound()).all()
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
        tried = trials(
            problem,
            [*POOL, LeavesEarly(), bg.MiCRO(), bg.TitForTat()],
            party=party,
            deadline=deadline,
            reservations=[0.0, 0.3],
        )
    except NoAgreementZoneError:
        return
    for space in (SPACE, policy_space("adaptive")):
        some = some_of(space, 50, seed)
        assert scores(tried, some, space).max() <= tried.bound() + 1e-15


def test_the_bound_is_a_number_where_waiting_leaves_nothing():
    # 0.5 to the power of the last rounds is 0 in float64, and what is offered there is below 5
    pie = one_choice([[u, 10 - u] for u in range(11)], [5, 0])
    late = discounted(pie, (0.5, 0.5))
    hard = TimeDependent(floor=0.9)
    # it never gives more than 1, so the best is to walk away at once
    assert trials(late, [hard], deadline=1200, first=0).bound() == 0


def test_the_bound_against_a_hardliner_is_what_it_asks_for():
    pie = one_choice([[3, 0], [2, 1], [1, 2], [0, 3]], [-1, 0])
    assert trials(pie, [policy_from_name("hardliner")], deadline=4).bound() == 0.25
    conceder = trials(pie, [TimeDependent(beta=1.0)], deadline=4)
    # With deadline 4 it answers in the last round in one way to start; one round earlier, and
    # looking one ahead, in the other: all is to be had in both.
    assert conceder.bound() == 1.0


def test_who_starts_can_be_fixed():
    problem = bg.load("rental")
    both = scores(trials(problem, POOL, deadline=7), CANDIDATES)
    starts = [
        scores(trials(problem, POOL, deadline=7, first=first), CANDIDATES)
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


def test_a_raised_reservation_is_that_of_another_problem():
    rental = bg.load("rental")
    tried = trials(rental, POOL, party="tenant", deadline=12, reservations=[0.0, 0.4])
    view = bg.PartyView.of(rental, "landlord")
    raised = 0.6 * view.reservation + 0.4 * view.best
    landlord, tenant = rental.profiles
    changed = replace(landlord, reservation_value=float(raised), disagreement=None)
    other = bg.BargainingProblem(rental.space, [changed, tenant])
    each = [
        scores(trials(one, POOL, party="tenant", deadline=12), CANDIDATES)
        for one in (rental, other)
    ]
    assert scores(tried, CANDIDATES) == pytest.approx(np.mean(each, axis=0))
    assert not np.array_equal(*each)


def test_problems_and_deadlines_count_the_same():
    problems = [bg.load("rental"), bg.load("employment")]
    tried = trials(problems, POOL, deadline=[5, 12])
    each = [
        scores(trials(problem, POOL, deadline=deadline), CANDIDATES)
        for problem in problems
        for deadline in (5, 12)
    ]
    assert scores(tried, CANDIDATES) == pytest.approx(np.mean(each, axis=0))
    found = tried.performance(laid([CANDIDATES[0]]))
    for i, one in enumerate(found.against):
        alone = trials(problems, [POOL[i]], deadline=[5, 12]).performance(laid([CANDIDATES[0]]))
        assert one.share == pytest.approx(alone.share)
        assert one.share_interval == pytest.approx(alone.share_interval)


def test_opponents_that_no_kernel_plays_are_refused():
    with pytest.raises(
        InvalidArgumentError, match=r"opponents\[1\]: expected a policy that compiled"
    ):
        trials(bg.load("rental"), [POOL[0], bg.NiceTitForTat()])
