from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.play import Answer, Plan
from bargain.search import beliefs
from bargain.search.best_response import _to_crossing_types
from bargain.search.reply import InformedReply, PlannedReply, reply_of
from bargain.search.seat import Seat
from bargain.search.steps import Step
from tests.problems import one_choice
from tests.search import twins

RENTAL = bg.load("rental")


@dataclass(frozen=True, eq=False)
class Course:
    """Offer these rows, accept from these levels on, and perhaps leave."""

    rows: Any
    least: Any
    stays: int | None = None

    def plan(self, view, times):
        return Plan(np.array(self.rows), np.array(self.least, dtype=float), self.stays)


def waiting(problem, factor=1.0, cost=0.0, per="round"):
    """Return a problem in which waiting costs the first party something."""
    first, *others = problem.profiles
    first = replace(first, discount_factor=factor, cost=cost, discount_per=per, cost_per=per)
    return bg.BargainingProblem(problem.space, [first, *others])


def delays(problem, n_rounds):
    """Return what the first party's utilities are worth after waiting, as a function."""
    times = bg.play.session.round_times(n_rounds)

    def delayed(utility, r):
        return float(problem.delayed([utility, 0.0], round=r, time=float(times[r]))[0])

    return delayed


def mean_of(problem, policy, opponents, chances, deadline, first, breakdown=0.0):
    """Return the mean own utility of the first party's policy, played against each opponent."""
    values = [
        bg.alternating_offers(
            problem, (policy, opponent), deadline=deadline, first=first, breakdown=breakdown
        ).discounted_utilities[0]
        for opponent in opponents
    ]
    return float(np.dot(values, chances))


@st.composite
def pools(draw, max_outcomes=4, max_rounds=5, max_types=4):
    """Draw a small problem, who starts, and plans whose levels lie at and between utilities."""
    n = draw(st.integers(1, max_outcomes))
    whole = st.integers(-2, 6)
    points = draw(st.lists(st.tuples(whole, whole), min_size=n, max_size=n))
    d = draw(st.tuples(st.integers(-3, 4), st.integers(-3, 4)))
    problem = one_choice(points, d)
    waits = draw(st.sampled_from([(1.0, 0.0), (0.75, 0.0), (1.0, 0.5)]))
    problem = waiting(problem, *waits, per=draw(st.sampled_from(["round", "session"])))
    deadline = draw(st.integers(1, max_rounds))
    courses = []
    for _ in range(draw(st.integers(1, max_types))):
        rows = draw(st.lists(st.integers(0, n - 1), min_size=deadline, max_size=deadline))
        level = st.sampled_from([-9.0, -1.5, 0.0, 1.0, 2.0, 3.5, 5.0, np.inf])
        least = draw(st.lists(level, min_size=deadline, max_size=deadline))
        stays = draw(st.one_of(st.none(), st.integers(0, deadline)))
        courses.append(Course(rows, least, stays))
    weights = draw(st.lists(st.integers(1, 5), min_size=len(courses), max_size=len(courses)))
    return problem, courses, weights, deadline, draw(st.integers(0, 1))


@settings(max_examples=150)
@given(pools(), st.sampled_from([0.0, 0.25]))
def test_no_course_of_a_session_is_worth_more_than_the_best_response(drawn, breakdown):
    problem, courses, weights, deadline, first = drawn
    found = bg.best_response(
        problem, party=0, opponents=courses, weights=weights, deadline=deadline, first=first,
        breakdown=breakdown,
    )  # fmt: skip
    own, other = problem.utilities().T
    plans = [(c.rows, c.least, deadline if c.stays is None else c.stays) for c in courses]
    expected = twins.pool_value(
        own, other, problem.disagreement_point[0], plans, found.chances,
        [(first + r) % 2 == 0 for r in range(deadline)], delays(problem, deadline), breakdown,
    )  # fmt: skip
    assert found.value == pytest.approx(expected, abs=1e-12)


@settings(max_examples=150)
@given(pools())
def test_playing_the_best_response_gives_its_value(drawn):
    problem, courses, weights, deadline, first = drawn
    found = bg.best_response(
        problem, party=0, opponents=courses, weights=weights, deadline=deadline, first=first
    )
    played = mean_of(problem, found.policy, courses, found.chances, deadline, first)
    assert played == pytest.approx(found.value, abs=1e-12)
    # and so does following its steps, whether or not they would fit a plan
    informed = InformedReply(found.steps)
    assert mean_of(problem, informed, courses, found.chances, deadline, first) == played


def test_no_policy_of_all_there_are_does_better():
    # three outcomes, three rounds, every function from histories to acts, played at the table
    problem = one_choice([(4, 0), (2, 2), (0, 3)], (1, 0))
    courses = [
        Course([2, 2, 2], [3, 0, 2]),
        Course([2, 1, 2], [2.5, 0, 3]),
        Course([2, 2, 2], [1, 0, 1]),
    ]
    found = bg.best_response(problem, party=0, opponents=courses, deadline=3)
    values = []
    for first in range(3):
        histories = [(first, row) for row in (1, 2)]
        answers = itertools.product((Answer.ACCEPT, Answer.REJECT, Answer.LEAVE), repeat=2)
        for said in answers:
            for last in itertools.product((0, 1, 2, Answer.LEAVE), repeat=2):
                acts = {(): first}
                for history, answer, offer in zip(histories, said, last, strict=True):
                    # the same history, at the turn to answer and, once refused, to propose
                    acts[history] = (answer, offer)
                values.append(mean_of(problem, _TwoTurns(acts), courses, found.chances, 3, 0))
    assert max(values) == pytest.approx(found.value, abs=1e-12)
    assert min(values) < found.value


@dataclass(frozen=True)
class _TwoTurns:
    acts: dict[Any, Any]

    def act(self, turn):
        act = self.acts[tuple(turn.rows)]
        return act[0 if turn.is_answer else 1] if isinstance(act, tuple) else act


POOL = [
    bg.TimeDependent(beta=0.2),
    bg.TimeDependent(beta=5, floor=0.4),
    bg.ExponentialConcession(floor=0.2),
    bg.BezierConcession(1.0, 0.8, 0.3, acceptance=bg.AcceptNext() | bg.AcceptAfter(0.9)),
    "hardliner",
]


@pytest.mark.parametrize("deadline", [1, 2, 9, 20])
@pytest.mark.parametrize("first", ["landlord", "tenant"])
@pytest.mark.parametrize("party", ["landlord", "tenant"])
@pytest.mark.parametrize(("factor", "cost"), [(1.0, 0.0), (0.95, 0.0), (1.0, 60.0)])
def test_the_librarys_policies_are_answered_as_they_play(party, first, deadline, factor, cost):
    parties = [
        replace(p, discount_factor=factor, cost=cost) if p.name == party else p
        for p in RENTAL.profiles
    ]
    problem = bg.BargainingProblem(RENTAL.space, parties)
    seat = problem.party_index(party)
    mixed = bg.Mixture([bg.TimeDependent(), bg.TimeDependent(floor=0.9)], [2, 1])
    found = bg.best_response(
        problem, party=party, opponents=[*POOL, mixed], deadline=deadline, first=first
    )
    values = []
    for opponent in [*POOL, bg.TimeDependent(), bg.TimeDependent(floor=0.9)]:
        pair = (found.policy, opponent) if seat == 0 else (opponent, found.policy)
        session = bg.alternating_offers(problem, pair, deadline=deadline, first=first)
        values.append(session.discounted_utilities[seat])
    assert found.chances.tolist() == pytest.approx([1 / 6] * 5 + [1 / 9, 1 / 18])
    assert np.dot(values, found.chances) == pytest.approx(found.value)


@pytest.mark.parametrize("deadline", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("first", [0, 1])
def test_scripts_are_answered_whoever_starts(deadline, first):
    problem = one_choice([(4, 0), (3, 1), (2, 2), (1, 3), (0, 4)])
    script = bg.Scripted([["o4"], ["o3"], ["o1"]])
    stubborn = bg.Scripted([["o4"]], acceptance=bg.AcceptAbove(0.75))
    pool = [script, stubborn]
    found = bg.best_response(problem, party=0, opponents=pool, deadline=deadline, first=first)
    assert mean_of(problem, found.policy, pool, found.chances, deadline, first) == found.value
    plans = [beliefs_plan(policy, problem, deadline, first) for policy in pool]
    expected = twins.pool_value(
        *problem.utilities().T, 0.0, plans, found.chances,
        [(first + r) % 2 == 0 for r in range(deadline)], lambda u, r: u,
    )  # fmt: skip
    assert found.value == expected


def beliefs_plan(policy, problem, deadline, first):
    """Return what a script does, by making the offers to it that each answer depends on."""
    script = [problem.space.row(outcome) for outcome in policy.outcomes]
    rows, least = [], []
    for r in range(deadline):
        made = sum((first + q) % 2 == 1 for q in range(r))
        rows.append(script[min(made, len(script) - 1)])
        answers = [_answered(problem, policy, row, r, deadline, first) for row in range(5)]
        # outcome i is worth i to the script's party
        least.append(answers.index(True) if True in answers else np.inf)
    return rows, least, deadline


def _answered(problem, policy, row, r, deadline, first):
    @dataclass(frozen=True)
    class Asks:
        def act(self, turn):
            if turn.is_answer:
                return Answer.REJECT
            return row if turn.round == r else 0

    if (first + r) % 2 == 1:
        return False
    session = bg.alternating_offers(problem, (Asks(), policy), deadline=deadline, first=first)
    return session.ended == "agreement" and session.rounds == r + 1


def test_an_opponent_who_gives_itself_away_is_answered_as_what_it_is():
    # both offer something else in round 0: from then on there is no doubt
    problem = one_choice([(9, 0), (5, 5), (0, 9), (1, 8)])
    soft, hard = Course([2, 2], [0, 0]), Course([3, 3], [0, 5])
    found = bg.best_response(problem, party=0, opponents=[soft, hard], deadline=2, first=1)
    assert found.value == (9 + 5) / 2
    assert isinstance(found.policy, InformedReply)
    assert [step.possible.tolist() for step in found.steps] == [[0], [1], [0], [1]]
    # with the same offers there is: 9 from one is worth less than 5 from both
    alike = Course([2, 2], [0, 5])
    found = bg.best_response(problem, party=0, opponents=[soft, alike], deadline=2, first=1)
    assert found.value == 5
    assert isinstance(found.policy, PlannedReply)
    assert found.beliefs.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_accepting_is_optimal_stopping():
    # it concedes 1 a round; a round costs half of what is left
    problem = waiting(one_choice([(1, 5), (2, 4), (4, 3), (5, 0)]), 0.5)
    course = Course([0, 0, 1, 1, 2, 2], [9] * 6)
    found = bg.best_response(problem, party=0, opponents=course, deadline=6, first=1)
    # 1 now, 2 / 4 after two rounds, 4 / 16 after four: accept at once
    assert [step.decision for step in found.steps] == ["accept"]
    assert found.acceptance_thresholds[0] == 0.5
    patient = bg.best_response(
        one_choice([(1, 5), (2, 4), (4, 3), (5, 0)]),
        party=0, opponents=course, deadline=6, first=1,
    )  # fmt: skip
    assert patient.value == 4
    assert patient.acceptance_thresholds[[0, 2]].tolist() == [4, 4]
    assert patient.acceptance_thresholds[4] == 0


def test_it_walks_away_only_where_staying_costs_more():
    hopeless = [Course([0] * 5, [9] * 5)]
    problem = one_choice([(0, 5), (3, 1)], (1, 0))
    stays = bg.best_response(problem, party=0, opponents=hopeless, deadline=5)
    assert stays.value == 1
    assert {step.decision for step in stays.steps} == {"offer", "refuse"}
    leaves = bg.best_response(waiting(problem, cost=0.25), party=0, opponents=hopeless, deadline=5)
    assert [step.decision for step in leaves.steps] == ["leave"]
    assert leaves.value == 1
    session = bg.alternating_offers(problem, (leaves.policy, hopeless[0]), deadline=5)
    assert (session.ended, session.rounds) == ("walk_away", 0)


def test_an_unforeseen_offer_ends_in_holding_on_to_the_last_demand():
    problem = one_choice([(9, 0), (5, 5), (0, 9), (1, 8), (8, 1)])
    soft, hard = Course([2, 2, 2, 2], [0] * 4), Course([3, 3, 3, 3], [5] * 4)
    found = bg.best_response(problem, party=0, opponents=[soft, hard], deadline=4, first=1)
    stranger = Course([4, 4, 1, 1], [9] * 4)
    session = bg.alternating_offers(problem, (found.policy, stranger), deadline=4, first=1)
    assert session.ended == "deadline"
    assert session.offer_rows.tolist() == [4, 0, 1, 0]
    generous = Course([0, 0, 1, 1], [9] * 4)
    session = bg.alternating_offers(problem, (found.policy, generous), deadline=4, first=1)
    assert session.utilities[0] == 9


def test_deadline_0_and_nothing_to_gain_are_worth_no_agreement():
    problem = one_choice([(3, 0), (0, 3)], (1, 1))
    nothing = bg.best_response(problem, party=0, opponents=["linear"], deadline=0)
    assert (nothing.value, nothing.steps, nothing.offers, nothing.path) == (1, (), (), ())
    assert nothing.beliefs.shape == (0, 1)
    assert bg.alternating_offers(problem, (nothing.policy, "linear"), deadline=0).rounds == 0
    empty_zone = bg.best_response(problem, party=0, opponents=["linear"], deadline=7)
    assert empty_zone.value == 1
    single = one_choice([(2, 2)])
    found = bg.best_response(single, party=1, opponents=["boulware"], deadline=1)
    assert (found.value, found.share) == (2, 1)
    # an opponent that nothing satisfies leaves at its first turn
    gone = one_choice([(2, 0)], (0, 1))
    assert bg.best_response(gone, party=0, opponents=["linear"], deadline=3).value == 0


def test_what_may_not_be_agreed_is_not_offered():
    problem = bg.BargainingProblem(
        RENTAL.space, RENTAL.profiles, constraints=[bg.Mandatory({"rent": {"at_least": 3500}})]
    )
    found = bg.best_response(problem, party="tenant", opponents=["linear"], deadline=9)
    assert all(offer["rent"] >= 3500 for offer in found.offers)
    session = bg.alternating_offers(problem, {"landlord": "linear", "tenant": found.policy}, deadline=9)  # fmt: skip  # noqa: E501
    assert session.utilities[1] == found.value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"opponents": ["micro"]}, "opponents: micro: expected a policy that neither looks"),
        ({"opponents": ["tit_for_tat"]}, "neither looks at the party's offers nor draws"),
        ({"opponents": ["random"]}, "nor draws"),
        ({"opponents": [bg.TimeDependent(acceptance=bg.AcceptBest())]}, "neither looks"),
        ({"opponents": []}, "opponents: expected at least one policy"),
        ({"opponents": 3}, "opponents: expected policies, their names or a responder"),
        ({"opponents": ["nobody"]}, r"opponents\[0\]: expected one of boulware"),
        ({"opponents": [3]}, r"opponents\[0\]: expected a policy"),
        ({"weights": [1]}, "weights: expected 2 numbers"),
        ({"weights": 1}, "weights: expected 2 numbers"),
        ({"weights": [0, 0]}, "weights: expected at least one above 0"),
        ({"weights": [1, -1]}, r"weights\[1\]: expected a finite number >= 0"),
        ({"weights": [1, np.nan]}, r"weights\[1\]"),
        ({"deadline": -1}, "deadline"),
        ({"deadline": 10**7}, "deadline: expected at most"),
        ({"first": "nobody"}, "first"),
        ({"party": "nobody"}, "party"),
        ({"breakdown": 1}, "breakdown"),
        ({"times": [0, 1]}, r"times: expected shape \(9,\)"),
    ],
)
def test_bad_arguments_are_named(changes, message):
    given = {"party": 0, "opponents": ["linear", "boulware"], "deadline": 9, **changes}
    with pytest.raises(bg.InvalidArgumentError, match=message):
        bg.best_response(RENTAL, **given)


def test_too_much_to_tell_apart_is_refused(monkeypatch):
    monkeypatch.setattr(beliefs, "LARGEST_GAME", 10)
    with pytest.raises(bg.TooLargeError, match="moves over all that can be known"):
        bg.best_response(RENTAL, party=0, opponents=["linear", "boulware"], deadline=9)
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.best_response(one_choice([(1, 1, 1)]), party=0, opponents=["linear"], deadline=3)


def test_weights_count_as_repeated_opponents_do():
    pool = ["boulware", "conceder"]
    given = {"party": "tenant", "deadline": 12}
    weighted = bg.best_response(RENTAL, opponents=pool, weights=[3, 1], **given)
    repeated = bg.best_response(RENTAL, opponents=[*pool[:1] * 3, *pool[1:]], **given)
    assert weighted.value == pytest.approx(repeated.value)
    mixed = bg.best_response(RENTAL, opponents=bg.Mixture(pool, [3, 1]), **given)
    assert mixed.value == pytest.approx(weighted.value)


def test_what_was_found_can_be_read_and_written(tmp_path):
    import json

    found = bg.best_response(RENTAL, party="tenant", opponents=["boulware", "linear"], deadline=9)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["value"] == found.value
    assert len(told["steps"]) == len(found.steps)
    assert "expected utility" in str(found)
    assert repr(found).startswith("BestResponse(tenant: ")
    bg.Scripted(found.offers).save(tmp_path / "offers.json")
    assert found.gain == found.value - RENTAL.disagreement_point[1]


@st.composite
def responders(draw):
    """Draw a small problem and threshold types, nested or not."""
    n = draw(st.integers(1, 5))
    whole = st.integers(-2, 6)
    points = draw(st.lists(st.tuples(whole, whole), min_size=n, max_size=n))
    problem = one_choice(points, (draw(st.integers(-3, 4)), 0))
    problem = waiting(problem, *draw(st.sampled_from([(1.0, 0.0), (0.75, 0.0), (1.0, 0.5)])))
    deadline, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    level = st.sampled_from([-9.0, -1.5, 0.0, 1.0, 2.0, 3.5, 5.0, np.inf])
    thresholds = np.array(
        draw(
            st.lists(st.lists(level, min_size=deadline, max_size=deadline), min_size=m, max_size=m)
        )
    )
    if draw(st.booleans()):
        thresholds = np.sort(thresholds, axis=0)
    masses = np.array(draw(st.lists(st.integers(0, 4), min_size=m, max_size=m)), dtype=float)
    assume(masses.sum() > 0)
    return problem, thresholds, masses / masses.sum()


@settings(max_examples=200)
@given(responders(), st.sampled_from([0.0, 0.25]))
def test_types_with_thresholds_are_answered_as_all_histories_say(drawn, breakdown):
    problem, thresholds, masses = drawn
    n_rounds = thresholds.shape[1]
    found = bg.best_response(
        problem, party=0, opponents=bg.ThresholdResponders(thresholds, masses),
        deadline=n_rounds, breakdown=breakdown,
    )  # fmt: skip
    own, other = problem.utilities().T
    d = float(problem.disagreement_point[0])
    plans = [([0] * n_rounds, least, n_rounds) for least in thresholds]
    delayed = delays(problem, n_rounds)
    expected = twins.pool_value(own, other, d, plans, masses, [True] * n_rounds, delayed, breakdown)
    assert found.value == pytest.approx(expected, abs=1e-12)
    # the value of the steps, and of every turn in them, adds up from the last one back
    assert found.steps[0].value == pytest.approx(found.value, abs=1e-12)
    # nested types are no other game than a pool that never offers
    seat = Seat.of("test", problem, 0, deadline=n_rounds, breakdown=breakdown)
    value, _ = _to_crossing_types(seat, thresholds, masses, np.ones(n_rounds, dtype=bool))
    assert value == pytest.approx(found.value, abs=1e-12)
    # offering them round by round gains the value
    assert _offered(found, thresholds, masses, own, other, d, delayed, breakdown) == pytest.approx(
        found.value, abs=1e-12
    )


def _offered(found, thresholds, masses, own, other, d, delayed, breakdown):
    """Make the offers of the steps, one a round, to each type."""
    total = 0.0
    for least, mass in zip(thresholds, masses, strict=True):
        refused = 1.0
        for step in found.steps:
            if step.decision == "leave":
                break
            if other[step.row] >= least[step.round]:
                total += mass * refused * delayed(own[step.row], step.round)
                refused = 0.0
            total += mass * refused * breakdown * delayed(d, step.round)
            refused *= 1.0 - breakdown
        last = found.steps[-1].round
        total += mass * refused * delayed(d, last)
    return total


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize("factor", [1.0, 0.1])
def test_numbers_of_any_size_stay_numbers(scale, factor):
    points = np.array([(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)]) * scale
    problem = waiting(one_choice(points, (-0.5 * scale, 0.0)), factor)
    crossing = np.full((2, 500), np.inf)
    crossing[0, 0], crossing[1, 1] = 0.0, scale
    for opponents in (
        ["linear", "boulware"],
        bg.MemorylessResponder([0.1, 0.5, 1], offers=[0.5, 0.5, 0]),
        bg.ThresholdResponders([0, 0.3 * scale]),
        bg.ThresholdResponders(crossing),
        bg.ReservationBelief(-scale, scale),
    ):
        # 0.1 to the power of the last rounds is 0 in float64
        found = bg.best_response(problem, party=0, opponents=opponents, deadline=500)
        assert -0.5 * scale <= found.value <= scale
        assert not np.isnan(found.share)
        assert all(step.least == step.least or step.decision in ("offer", "leave")
                   for step in found.steps)  # fmt: skip


def test_rounding_does_not_decide_what_a_plan_accepts():
    view = Seat.of("test", one_choice([(1, 0), (0, 1)]), 0, deadline=2).own
    nobody = np.empty(0, dtype=np.int64)
    above, below = np.nextafter(1.0, 2.0), np.nextafter(1.0, 0.0)
    taken = Step(0, "accept", 0, above, 1.0, 1.0, nobody, None)
    refused = Step(0, "refuse", 0, below, 1.0, 1.0, nobody, None)
    assert reply_of((taken,), view, 2).least[0] <= 1.0
    assert reply_of((refused,), view, 2).least[0] > 1.0


def test_a_late_surprise_leaves_the_last_demand_standing():
    problem = one_choice([(9, 0), (5, 5), (0, 9), (1, 8), (8, 1)])
    soft, hard = Course([2, 2, 2, 2], [0] * 4), Course([3, 3, 3, 3], [5] * 4)
    found = bg.best_response(problem, party=0, opponents=[soft, hard], deadline=4, first=1)
    # as hard until round 2, then something else, too little and not accepting its demand of 5
    turned = Course([3, 3, 4, 4], [9] * 4)
    session = bg.alternating_offers(problem, (found.policy, turned), deadline=4, first=1)
    assert found.policy.steps[0].round == 0
    assert session.ended == "agreement"
    assert session.utilities[0] == 8


@pytest.mark.parametrize("given", ["rental", None])
def test_what_is_no_problem_is_refused_by_name(given):
    with pytest.raises(bg.InvalidArgumentError, match="problem: expected a BargainingProblem"):
        bg.best_response(given, party=0, opponents=["linear"], deadline=5)
    with pytest.raises(bg.InvalidArgumentError, match="problem: expected a BargainingProblem"):
        bg.greedy_concession(given, party=0, acceptance=[1.0], deadline=1)
