from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.kernels.responses import nested_round
from bargain.play import Answer
from bargain.search import nested
from bargain.search.best_response import _to_crossing_types
from bargain.search.seat import Seat
from tests.problems import one_choice
from tests.search import twins
from tests.search.test_best_response import delays, waiting
from tests.search.yardsticks import BIDS, bids, independent, persistent, pie, populations


@pytest.mark.parametrize("n", range(1, 11))
def test_bids_to_an_independent_responder_are_as_published(n):
    # accepting B with chance 1 - B: B_{j+1} = (1 + U_j) / 2, U_{j+1} = B_{j+1}^2
    assert bids(10) == pytest.approx(list(BIDS), abs=5e-7)
    problem = pie(np.concatenate([np.linspace(0, 1, 101), bids(n)]))
    responder = bg.MemorylessResponder(problem.utilities()[:, 1])
    found = bg.best_response(problem, party="me", opponents=responder, deadline=n)
    assert found.value == pytest.approx(bids(n)[-1] ** 2, abs=1e-12)
    own = problem.utilities()[list(found.offer_rows), 0]
    assert own == pytest.approx(bids(n)[::-1], abs=1e-9)
    # no offer is worth making twice here, so greedy concession finds the same
    greedy = bg.greedy_concession(
        problem, party="me", acceptance=problem.utilities()[:, 1], deadline=n
    )
    assert greedy.value == pytest.approx(found.value, abs=1e-12)
    assert greedy.offer_rows == found.offer_rows


@pytest.mark.parametrize("n", range(1, 11))
def test_demands_of_one_who_does_not_know_a_persistent_reservation_fall_on_a_line(n):
    # 27,720 is a multiple of 2, ..., 11, so that the best schedule is among the outcomes
    problem = pie(np.arange(27_721) / 27_720)
    found = bg.best_response(problem, party="me", opponents=bg.ReservationBelief(0, 1), deadline=n)
    assert found.value == pytest.approx(n / (2 * (n + 1)), abs=1e-9)
    own = problem.utilities()[list(found.offer_rows), 0]
    assert own == pytest.approx([1 - i / (n + 1) for i in range(1, n + 1)], abs=1e-9)
    assert [step.reached for step in found.steps] == pytest.approx(
        [1 - i / (n + 1) for i in range(n)], abs=1e-9
    )


chances = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])


@st.composite
def memoryless(draw, max_rounds=4):
    n, n_rounds = draw(st.integers(1, 4)), draw(st.integers(1, max_rounds))
    own = draw(st.lists(st.integers(-2, 6), min_size=n, max_size=n))
    problem = one_choice([(u, 0) for u in own], (draw(st.integers(-3, 4)), 0))
    acceptance = draw(
        st.lists(st.lists(chances, min_size=n, max_size=n), min_size=n_rounds, max_size=n_rounds)
    )
    return problem, np.array(acceptance)


@settings(max_examples=150)
@given(memoryless(), st.sampled_from([1.0, 0.75]), st.booleans())
def test_no_sequence_of_offers_to_one_who_forgets_does_better(drawn, factor, changes):
    problem, acceptance = drawn
    problem = waiting(problem, factor)
    n_rounds = len(acceptance)
    if not changes:
        acceptance = np.repeat(acceptance[:1], n_rounds, axis=0)
    responder = bg.MemorylessResponder(acceptance if changes else acceptance[0])
    found = bg.best_response(problem, party=0, opponents=responder, deadline=n_rounds)
    own, d = problem.utilities()[:, 0], float(problem.disagreement_point[0])
    delayed = delays(problem, n_rounds)
    best = twins.best_sequence(own, d, acceptance, n_rounds, delayed)
    if not any(step.decision == "leave" for step in found.steps):
        assert found.value == pytest.approx(best, abs=1e-12)
        offers = found.offer_rows
        # the last of them is accepted for sure, or they go on to the end
        played = sum(_expected(own, acceptance, offers, delayed)) + d * delayed(
            1.0, n_rounds - 1
        ) * np.prod([1 - acceptance[r][row] for r, row in enumerate(offers)])
        assert played == pytest.approx(found.value, abs=1e-12)
    else:
        assert found.value >= best - 1e-12


def _expected(own, acceptance, offers, delayed):
    refused = 1.0
    for r, row in enumerate(offers):
        yield refused * acceptance[r][row] * delayed(own[row], r)
        refused *= 1 - acceptance[r][row]


def test_repeats_with_discounting_follow_the_recursion():
    # V_j = max over o of a(o) u(o) + (1 - a(o)) d V_{j-1}, V_0 = 0
    generator = np.random.default_rng(7)
    own, accepted = generator.random(50), generator.random(50)
    problem = waiting(one_choice(np.stack([own, 1 - own], axis=1)), 0.9)
    value = 0.0
    for n in range(1, 31):
        value = (accepted * own + (1 - accepted) * 0.9 * value).max()
        found = bg.best_response(
            problem, party=0, opponents=bg.MemorylessResponder(accepted), deadline=n
        )
        assert found.value == pytest.approx(value, abs=1e-12)


def test_offers_that_are_drawn_are_accepted_by_optimal_stopping():
    # z_n = E max(X, z_{n-1}), X uniform over 1, ..., 10, and an own turn that is never accepted
    problem = one_choice([(u, 0) for u in range(11)])
    drawn = np.array([0.0] + [0.1] * 10)
    responder = bg.MemorylessResponder(np.zeros(11), offers=drawn)
    found = bg.best_response(problem, party=0, opponents=responder, deadline=9, first=1)
    z, levels = 0.0, []
    for _ in range(5):
        levels.append(z)
        z = np.mean([max(x, z) for x in range(1, 11)])
    assert found.value == pytest.approx(z, abs=1e-12)
    assert found.acceptance_thresholds[::2] == pytest.approx(levels[::-1], abs=1e-12)
    assert np.isnan(found.acceptance_thresholds[1::2]).all()
    assert [step.decision for step in found.steps] == ["answer", "offer"] * 4 + ["answer"]


@dataclass(frozen=True)
class Forgetful:
    """Accept and offer by chance."""

    acceptance: Any
    offers: Any
    generator: Any

    def act(self, turn):
        draw = self.generator.random()
        if turn.is_answer:
            return Answer.ACCEPT if draw < self.acceptance[turn.rows[-1]] else Answer.REJECT
        return int(np.searchsorted(np.cumsum(self.offers), draw, side="right"))


def test_the_value_against_one_who_forgets_is_the_mean_of_sessions():
    problem = waiting(one_choice([(4, 0), (3, 1), (2, 2), (0, 4)]), 0.95)
    acceptance, offers = [0.05, 0.2, 0.5, 1.0], [0.1, 0.2, 0.3, 0.4]
    responder = bg.MemorylessResponder(acceptance, offers=offers)
    other = Forgetful(acceptance, offers, np.random.default_rng(3))
    for first in (0, 1):
        found = bg.best_response(problem, party=0, opponents=responder, deadline=6, first=first)
        values = [
            bg.alternating_offers(
                problem, (found.policy, other), deadline=6, first=first
            ).discounted_utilities[0]
            for _ in range(1000)
        ]
        error = np.std(values) / np.sqrt(len(values))
        assert np.mean(values) == pytest.approx(found.value, abs=5 * error)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.integers(-2, 6), chances), min_size=1, max_size=5),
    st.integers(0, 6),
    st.integers(-3, 4),
)
def test_greedy_concession_is_the_best_of_all_sequences_of_different_offers(pairs, n, d):
    own, accepted = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    problem = one_choice([(u, 0) for u in own], (d, 0))
    found = bg.greedy_concession(problem, party=0, acceptance=accepted, deadline=n)
    assert found.value == pytest.approx(twins.best_distinct(own, d, accepted, n), abs=1e-12)
    assert found.value == pytest.approx(twins.greedy_offers(own, d, accepted, n), abs=1e-12)
    assert len(set(found.offer_rows)) == len(found.offer_rows) <= n
    assert (np.diff(own[list(found.offer_rows)]) <= 0).all()
    offered = twins.sequence_value(own, d, [accepted] * n, found.offer_rows, lambda u, _: u)
    assert offered == pytest.approx(found.value, abs=1e-12)
    assert found.steps[0].value == pytest.approx(found.value) if found.steps else found.value == d


def test_greedy_concession_leaves_waiting_that_costs_to_others():
    problem = waiting(one_choice([(3, 0), (0, 3)]), 0.9)
    with pytest.raises(bg.UnsupportedProblemError, match=r"discount factor of 0\.9.*repeats"):
        bg.greedy_concession(problem, party=0, acceptance=[0.5, 1], deadline=2)
    # what waiting costs the other side does not matter
    assert bg.greedy_concession(problem, party=1, acceptance=[1, 0.5], deadline=2).value == 1.5
    with pytest.raises(bg.InvalidArgumentError, match=r"acceptance: expected shape \(2,\)"):
        bg.greedy_concession(problem, party=1, acceptance=[1], deadline=2)


def test_offers_to_one_who_cannot_be_seen_are_made_one_at_each_own_turn():
    problem = one_choice([(x / 12, 1 - x / 12) for x in range(13)], (0.01, 0))
    found = bg.best_response(problem, party=0, opponents=bg.ReservationBelief(0, 1), deadline=3)
    assert found.offer_rows == (9, 6, 3)
    session = bg.alternating_offers(problem, (found.policy, "hardliner"), deadline=9)
    assert session.offer_rows[::2].tolist() == [9, 6, 3]
    assert (session.ended, session.left_by) == ("walk_away", "p0")
    # 5 of 12 is less than the 6 that it asks for next, more than the 3 after that
    fair = bg.Scripted([["o5"]], acceptance=bg.AcceptAbove(1.0))
    session = bg.alternating_offers(problem, (found.policy, fair), deadline=9)
    assert session.offer_rows.tolist() == [9, 5, 6, 5]


def levels_of(draw, n):
    return np.array(draw(st.lists(st.integers(-3, 9), min_size=n, max_size=n)), dtype=float)


@settings(max_examples=300)
@given(st.data(), st.integers(1, 17))
def test_the_envelope_of_one_round_agrees_with_trying_everything(data, m):
    worth = levels_of(data.draw, m)
    worth[np.array(data.draw(st.lists(st.booleans(), min_size=m, max_size=m)))] = -np.inf
    later = np.append(levels_of(data.draw, m), 0.0)
    masses = data.draw(st.lists(st.integers(1, 4), min_size=m, max_size=m))
    mass = np.concatenate([[0.0], np.cumsum(masses)])
    quits, passes = float(data.draw(st.integers(-3, 9))), data.draw(st.integers(0, m))
    values, choices = np.zeros(m), np.zeros(m, dtype=np.int32)
    tree = np.empty(2 << (m - 1).bit_length(), dtype=np.int32)
    nested_round(worth, later, mass, quits, passes, values, choices, tree)
    expected, _ = twins.nested_round(worth, later, mass, quits, passes)
    # whole numbers: nothing is rounded
    assert values.tolist() == expected.tolist()


def test_a_belief_is_as_good_as_the_levels_that_can_tell_it_apart():
    belief = bg.ReservationBelief(1, 3)
    assert belief.accepts(np.array([0.0, 1.0, 2.0, 3.0, 4.0])).tolist() == [0, 0, 0.5, 1, 1]
    types = belief.as_types(np.array([0.0, 1.5, 2.0, 2.5]))
    assert types.thresholds.tolist() == [1.5, 2.0, 2.5, np.inf]
    assert types.masses.tolist() == [0.25, 0.25, 0.25, 0.25]
    point = bg.ReservationBelief(2, 2)
    assert point.accepts(np.array([1.9, 2.0])).tolist() == [0, 1]
    huge = bg.ReservationBelief(-1.7e308, 1.7e308)
    assert huge.accepts(np.array([0.0])) == pytest.approx(0.5)
    # a reservation above everything: no agreement
    problem = one_choice([(3, 0), (0, 3)], (1, 0))
    hopeless = bg.ReservationBelief(7, 8)
    assert bg.best_response(problem, party=0, opponents=hopeless, deadline=5).value == 1
    assert bg.best_response(problem, party=0, opponents=hopeless, deadline=0).value == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bg.MemorylessResponder([0.5, np.nan]), r"acceptance: expected chances in \[0, 1\], got nan"),  # noqa: E501
        (lambda: bg.MemorylessResponder([0.5, 1.5]), "acceptance.*got 1.5"),
        (lambda: bg.MemorylessResponder([-0.1]), "acceptance.*got -0.1"),
        (lambda: bg.MemorylessResponder("often"), "acceptance: expected an array of numbers"),
        (lambda: bg.MemorylessResponder([[0.5], [0.5, 1]]), "an array of numbers"),
        (lambda: bg.MemorylessResponder(0.5), "acceptance: expected one or two dimensions"),
        (lambda: bg.MemorylessResponder([0.5, 0.5], offers=[0.5, 0.6]), "offers: expected chances that add up"),  # noqa: E501
        (lambda: bg.MemorylessResponder([0.5, 0.5], offers=[[1, 0], [0, 0.5]]), "got 0.5"),
        (lambda: bg.ThresholdResponders([]), "thresholds: expected shape"),
        (lambda: bg.ThresholdResponders([np.nan]), "thresholds: expected no NaN"),
        (lambda: bg.ThresholdResponders([1, 2], [0.5, 0.6]), r"masses: expected chances that add up to 1, got 1\.1"),  # noqa: E501
        (lambda: bg.ThresholdResponders([1, 2], [1.0]), r"masses: expected shape \(2,\)"),
        (lambda: bg.ThresholdResponders([1, 2], [1.5, -0.5]), r"masses: expected chances in"),
        (lambda: bg.ReservationBelief(2, 1), r"low: expected at most high \(1\), got 2"),
        (lambda: bg.ReservationBelief(0, np.inf), "high: expected a finite number"),
    ],
)  # fmt: skip
def test_responders_that_cannot_be_are_refused(make, message):
    with pytest.raises(bg.InvalidArgumentError, match=message):
        make()


def test_responders_must_fit_the_problem_and_the_deadline(monkeypatch):
    problem = one_choice([(3, 0), (0, 3)])

    def answered(responder, **more):
        return bg.best_response(problem, party=0, opponents=responder, deadline=3, **more)

    with pytest.raises(bg.InvalidArgumentError, match=r"acceptance: expected shape \(2,\) or"):
        answered(bg.MemorylessResponder([0.5] * 3))
    with pytest.raises(bg.InvalidArgumentError, match=r"offers: expected shape"):
        answered(bg.MemorylessResponder([0.5] * 2, offers=[0.25] * 4))
    with pytest.raises(bg.InvalidArgumentError, match=r"thresholds: expected shape \(2,\) or"):
        answered(bg.ThresholdResponders([[1, 2], [1, 2]]))
    with pytest.raises(bg.InvalidArgumentError, match="weights: expected none"):
        answered(bg.ThresholdResponders([1, 2]), weights=[1, 1])
    monkeypatch.setattr(nested, "LARGEST_TABLE", 5)
    with pytest.raises(bg.TooLargeError, match="rounds times types"):
        answered(bg.ThresholdResponders([1, 2]))


def test_a_million_outcomes_and_a_hundred_rounds_fit():
    n = 1_000_000
    issues = [bg.Issue.integer("x", 0, 999), bg.Issue.integer("y", 0, 999)]
    problem = bg.BargainingProblem(
        issues,
        {
            "me": bg.AdditiveUtility({"x": bg.Linear(0, 2), "y": bg.Linear(0, 1)}),
            "you": bg.AdditiveUtility({"x": bg.Linear(1, 0), "y": bg.Linear(2, 0)}),
        },
    )
    assert problem.space.size == n
    times = np.linspace(0, 1, 100)
    types = bg.ThresholdResponders([2.5 - (2.5 - floor) * times for floor in (0.5, 1.0, 1.5, 2.0)])
    found = bg.best_response(problem, party="me", opponents=types, deadline=100)
    # in the end they would give 2.75, 2.5, 2.25 and 2, just before that a little less
    assert 2.3 < found.value < (2.75 + 2.5 + 2.25 + 2) / 4
    seat = Seat.of("test", problem, 0, deadline=100)
    mine = np.ones(100, dtype=bool)
    value, _ = _to_crossing_types(seat, types.thresholds, types.masses, mine)
    assert value == pytest.approx(found.value, abs=1e-12)
    chances = problem.utilities()[:, 1] / 3
    memoryless = bg.best_response(
        problem, party="me", opponents=bg.MemorylessResponder(chances), deadline=100
    )
    greedy = bg.greedy_concession(problem, party="me", acceptance=chances, deadline=20)
    assert memoryless.value > greedy.value > 1


def test_yardsticks_say_what_the_best_response_is_worth():
    for yard in (*persistent(), *populations("curve", 5), *populations("packages", 5)):
        found = bg.best_response(
            yard.problem,
            party=yard.party,
            opponents=yard.opponents,
            deadline=yard.deadline,
            first=yard.first,
        )
        assert found.value == pytest.approx(yard.optimum, abs=1e-9), yard.name
        assert yard.share_of_optimum(found.policy) == pytest.approx(1, abs=1e-9)
        assert yard.share_of_optimum(bg.TimeDependent()) < 1
    for case in independent():
        responder = bg.MemorylessResponder(case.acceptance)
        found = bg.best_response(
            case.problem, party=case.party, opponents=responder, deadline=case.offers
        )
        assert found.value == pytest.approx(case.optimum, abs=1e-9)
        assert case.value_of(_Rows(found.offer_rows)) == pytest.approx(case.optimum, abs=1e-9)
        assert case.value_of(bg.TimeDependent()) < case.optimum


@dataclass(frozen=True)
class _Rows:
    rows: Any

    def plan(self, view, times):
        return bg.Plan(np.array(self.rows), np.full(len(times), np.inf))


def test_where_waiting_costs_more_than_chance_gives_it_is_best_to_stop():
    problem = waiting(one_choice([(3, 0), (0, 3)], (1, 0)), cost=0.75)
    responder = bg.MemorylessResponder([0.1, 1.0])
    once = bg.best_response(problem, party=0, opponents=responder, deadline=1)
    assert once.value == pytest.approx(0.1 * 3 + 0.9 * 1)
    # with a round to come a refusal costs 0.9 * 0.75, and 1 is to be had for nothing
    later = bg.best_response(problem, party=0, opponents=responder, deadline=5)
    assert (later.value, [step.decision for step in later.steps]) == (1, ["leave"])
    assert later.offers == ()


def test_what_is_not_worth_waiting_for_is_accepted_or_left_at_once():
    problem = waiting(one_choice([(0, 0), (1.5, 0)], (1, 0)), cost=0.5)
    responder = bg.MemorylessResponder([0, 0], offers=[0.75, 0.25])
    found = bg.best_response(problem, party=0, opponents=responder, deadline=6, first=1)
    assert found.value == 0.75 * 1 + 0.25 * 1.5
    assert [step.decision for step in found.steps] == ["settle"]
    assert found.acceptance_thresholds[0] == 1
    for row, (ended, worth) in enumerate([("walk_away", 1), ("agreement", 1.5)]):
        other = Forgetful([0, 0], np.eye(2)[row], np.random.default_rng(0))
        session = bg.alternating_offers(problem, (found.policy, other), deadline=6, first=1)
        assert (session.ended, session.discounted_utilities[0]) == (ended, worth)
    # with the first offer to make, it has paid for a round once it can answer
    second = bg.best_response(problem, party=0, opponents=responder, deadline=6, first=0)
    assert (second.value, [step.decision for step in second.steps]) == (1, ["leave"])
    kind = bg.MemorylessResponder([0, 0.5], offers=[0.75, 0.25])
    third = bg.best_response(problem, party=0, opponents=kind, deadline=6, first=0)
    assert [step.decision for step in third.steps] == ["offer", "settle"]
    assert third.value == pytest.approx(0.5 * 1.5 + 0.5 * (0.75 * 0.5 + 0.25 * 1))
    session = bg.alternating_offers(
        problem, (third.policy, Forgetful([0, 0], [1, 0], np.random.default_rng(0))), deadline=6
    )
    assert (session.offer_rows.tolist(), session.ended) == ([1, 0], "walk_away")


def test_nobody_can_be_passed_by_who_accepts_everything():
    # waiting halves a loss, but whatever it offers is accepted now
    problem = waiting(one_choice([(-2, 0)], (-3, 0)), 0.5)
    for level, value in ((0.0, -2), (0.5, -1)):
        types = bg.ThresholdResponders([[level, 0.0]])
        found = bg.best_response(problem, party=0, opponents=types, deadline=2)
        assert found.value == value


def test_memoryless_answers_keep_to_the_constraints():
    free = one_choice([(3, 0), (2, 1), (0, 3)])
    problem = bg.BargainingProblem(
        free.space, free.profiles, constraints=[bg.Forbidden({"pick": ["o0"]})]
    )

    def answered(*chances):
        responder = bg.MemorylessResponder(*chances)
        return bg.best_response(problem, party=0, opponents=responder, deadline=2)

    assert answered([1, 1, 1]).offer_rows == (1,)
    assert answered([0, 0, 0], [0, 0.5, 0.5]).value == 1
    with pytest.raises(bg.InvalidArgumentError, match="offers: expected outcomes that meet"):
        answered([1, 1, 1], [0.5, 0.5, 0])
