"""What measures of a session are, from values worked out by hand."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play import MOVES
from bargain.play.landmarks import Landmarks
from tests.play.test_listed import huge
from tests.problems import one_choice, whole_utilities

# Four points are efficient, (4, 4) and (2, 1) are not. From (0, 0) ranges are 10 and 8. Products:
# 32 at (8, 4), 25 at (5, 5): Nash is (8, 4). Least shares: .5 at (8, 4) and at (5, 5); the next
# are .8 and .625: Kalai-Smorodinsky is (8, 4), too.
POINTS = [(10, 0), (8, 4), (5, 5), (0, 8), (4, 4), (2, 1)]


def says(problem, rows, deadline=None):
    """Play a session of these offers by row; the last is accepted."""
    rows = list(rows)
    scripts = [
        [problem.space.outcome(row) for row in rows[seat::2]] or [problem.space.outcome(0)]
        for seat in (0, 1)
    ]
    never = [bg.Scripted(script, bg.AcceptAfter(1.0)) for script in scripts]
    return bg.alternating_offers(problem, never, deadline=deadline or len(rows))


def test_measures_of_an_inefficient_agreement():
    session = says(one_choice(POINTS), [0, 3, 4])
    assert session.agreement == {"pick": "o4"}
    found = bg.session_measures(session)
    assert (found.agreed, found.rounds, found.gains, found.joint_gain) == (True, 3, (4, 4), 8)
    assert found.shares == (0.4, 0.5)
    # scaled (.4, .5) against (.8, .5); nearest efficient point (.5, .625)
    assert found.nash_distance == pytest.approx(0.4)
    assert found.kalai_smorodinsky_distance == pytest.approx(0.4)
    assert found.frontier_distance == pytest.approx(math.hypot(0.1, 0.125))
    assert found.fairness == pytest.approx(0.9)
    assert found.first_offer_share == 1.0


@pytest.mark.parametrize("reservation", [0.0, 0.45, 0.9])
def test_measures_without_looking_at_every_outcome_are_the_same(reservation):
    problem = huge(4, reservation=reservation)
    session = bg.alternating_offers(problem, ["boulware", "linear"], deadline=30)
    expected = bg.session_measures(session).to_dict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["bargain.solve.structure"], "ENUMERATION_LIMIT", 0)
        found = bg.session_measures(session).to_dict()
    for name, value in expected.items():
        if value is None:
            assert found[name] is None, name
        else:
            assert found[name] == pytest.approx(value, abs=1e-9), name


def test_measures_of_a_session_over_too_many_outcomes_to_enumerate():
    problem = huge(20)
    session = bg.alternating_offers(problem, ["boulware", "linear"], deadline=30)
    found = bg.session_measures(session)
    d, ideal = problem.disagreement_point, bg.ideal_point(problem)
    nash = (bg.nash_solution(problem).utilities - d) / (ideal - d)
    here = (session.utilities - d) / (ideal - d)
    assert found.nash_distance == pytest.approx(np.linalg.norm(here - nash))
    points = (bg.pareto_frontier(problem).utilities - d) / (ideal - d)
    assert found.frontier_distance == pytest.approx(np.linalg.norm(points - here, axis=1).min())
    best = [sum(float(term.worths.max()) for term in terms) for terms in problem.terms]
    assert found.shares == pytest.approx(session.utilities / best)


def test_a_frontier_too_large_to_list_leaves_its_distance_unknown(monkeypatch):
    def refuse(*_, **__):
        raise bg.TooLargeError("too many labels")

    monkeypatch.setattr(sys.modules["bargain.play.landmarks"], "pareto_frontier", refuse)
    session = bg.alternating_offers(huge(20), ["boulware", "linear"], deadline=30)
    found = bg.session_measures(session)
    assert math.isnan(found.frontier_distance)
    assert found.nash_distance > 0


def test_measures_do_not_depend_on_units_or_where_zero_is():
    plain = one_choice(POINTS)
    moved = one_choice([(3 * x - 7, 0.5 * y + 100) for x, y in POINTS], (-7, 100))
    before, after = (bg.session_measures(says(p, [0, 3, 2])).to_dict() for p in (plain, moved))
    for name in before:
        if name not in ("gains", "joint_gain"):
            assert after[name] == pytest.approx(before[name], abs=1e-12), name
    assert after["gains"] == [15, 2.5]


def test_ideals_are_what_can_be_had_with_everybody_else_content():
    # (10, 0) is not rational for the second: the first can attain 10, and its ideal is 8
    problem = one_choice(POINTS, (0, 2))
    marks = Landmarks.of(problem)
    assert marks.best.tolist() == [10, 8]
    assert marks.ideal.tolist() == [8, 8]
    assert marks.scaled([4, 5]).tolist() == [0.5, 0.5]
    assert marks.shares([4, 5]).tolist() == [0.4, 0.5]


@settings(max_examples=60)
@given(whole_utilities(), st.tuples(st.integers(-3, 6), st.integers(-3, 6)))
def test_landmarks_are_those_of_the_solutions(points, d):
    problem = one_choice(points, d)
    marks = Landmarks.of(problem)
    rational = points[(points >= np.array(d)).all(axis=1)]
    assert marks.has_zone == bool(len(rational))
    if not len(rational):
        assert np.isnan(marks.nash).all()
        assert np.isnan(marks.distances(points)).all()
        return
    assert marks.nash.tolist() == bg.nash_solution(problem).utilities.tolist()
    equal = bg.kalai_smorodinsky_solution(problem).utilities
    assert marks.kalai_smorodinsky.tolist() == equal.tolist()
    assert marks.ideal.tolist() == rational.max(axis=0).tolist()
    # slow twin: the nearest of all frontier outcomes, one by one
    frontier = bg.pareto_frontier(problem).utilities
    scale = np.where(marks.ideal > d, marks.ideal - d, np.inf)
    slow = [min(math.dist(u / scale, f / scale) for f in frontier) for u in points]
    assert marks.distances(points)[2] == pytest.approx(slow, abs=1e-12)


def slow_measures(session):
    """Return the measures from their definitions, by loops over all outcomes."""
    problem = session.problem
    n, d = problem.n_parties, problem.disagreement_point.tolist()
    every = [
        problem.evaluate(problem.space.outcome(row)).tolist() for row in range(problem.space.size)
    ]
    here = d if session.agreement is None else problem.evaluate(session.agreement).tolist()
    # who has nothing to gain leaves at its first turn, in the round of the offer it hears
    waited = max(len(session.offers) - 1, 0)
    late = [
        here[i] * problem.discount_factors[i] ** waited - problem.costs[i] * waited
        for i in range(n)
    ]

    def part(value, i, most):
        return (value - d[i]) / (most[i] - d[i]) if most[i] > d[i] else 0.0

    best = [max(u[i] for u in every) for i in range(n)]
    found = {
        "gains": [here[i] - d[i] for i in range(n)],
        "joint_gain": sum(here) - sum(d),
        "shares": [part(late[i], i, best) for i in range(n)],
    }
    if session.offers:
        opener = problem.party_index(session.offers[0].party)
        asked = problem.evaluate(session.offers[0].outcome)[opener]
        found["first_offer_share"] = part(asked, opener, best)
    rational = [u for u in every if all(u[i] >= d[i] for i in range(n))]
    if not rational:
        return found
    ideal = [max(u[i] for u in rational) for i in range(n)]
    scaled = [part(here[i], i, ideal) for i in range(n)]

    def distance(u):
        return math.dist(scaled, [part(u[i], i, ideal) for i in range(n)])

    def beats(u, v):
        return u != v and all(u[i] >= v[i] for i in range(n))

    efficient = [u for u in rational if not any(beats(v, u) for v in rational)]
    found["frontier_distance"] = min(distance(u) for u in efficient)
    if session.agreement is not None:
        found["fairness"] = 1 - max(abs(a - b) for a in scaled for b in scaled)
    if any(all(u[i] > d[i] for i in range(n)) for u in efficient):
        most = max(math.prod(u[i] - d[i] for i in range(n)) for u in efficient)
        # whole utilities: products are exact
        tied = [u for u in efficient if math.prod(u[i] - d[i] for i in range(n)) == most]
        found["nash_distance"] = [distance(u) for u in tied]
        least = [sorted(part(u[i], i, ideal) for i in range(n)) for u in efficient]
        tied = [u for u, parts in zip(efficient, least, strict=True)
                if parts == pytest.approx(max(least))]  # fmt: skip
        found["kalai_smorodinsky_distance"] = [distance(u) for u in tied]
    return found


@settings(max_examples=60)
@given(
    st.integers(2, 3).flatmap(lambda n: whole_utilities(n, 12)),
    st.lists(st.integers(-3, 6), min_size=3, max_size=3),
    st.sampled_from([{}, {"discount_factors": 0.75}, {"costs": 0.5}]),
    st.sampled_from(["linear", "micro", "hardliner"]),
    st.integers(0, 5),
)
def test_measures_are_those_of_a_slow_count(points, d, waiting, name, deadline):
    n = points.shape[1]
    plain = one_choice(points, d[:n])
    problem = bg.BargainingProblem(
        plain.space, plain.profiles, **{key: [value] * n for key, value in waiting.items()}
    )
    session = bg.alternating_offers(problem, ["boulware", name, "linear"][:n], deadline=deadline)
    found = bg.session_measures(session).to_dict()
    for measure, expected in slow_measures(session).items():
        if measure in ("nash_distance", "kalai_smorodinsky_distance"):
            assert min(abs(found[measure] - one) for one in expected) < 1e-9, measure
        else:
            assert found[measure] == pytest.approx(expected), measure


def test_no_agreement_is_measured_at_the_disagreement_point():
    session = bg.alternating_offers(one_choice(POINTS), ["hardliner", "hardliner"], deadline=4)
    found = bg.session_measures(session)
    assert (found.agreed, found.rounds, found.gains, found.shares) == (False, 4, (0, 0), (0, 0))
    assert found.nash_distance == pytest.approx(math.hypot(0.8, 0.5))
    assert found.frontier_distance == pytest.approx(math.hypot(0.5, 0.625))
    assert math.isnan(found.fairness)
    assert found.to_dict()["fairness"] is None


def test_without_a_zone_of_agreement_theory_has_no_point_to_measure_from():
    session = bg.alternating_offers(
        one_choice([(1, 0), (0, 1)], (0.5, 0.5)), ["micro"] * 2, deadline=4
    )
    found = bg.session_measures(session)
    assert not found.agreed
    assert np.isnan([found.nash_distance, found.kalai_smorodinsky_distance]).all()
    assert math.isnan(found.frontier_distance)
    assert found.shares == (0, 0)


def test_shares_count_what_waiting_costs_and_distances_do_not():
    patient = one_choice(POINTS)
    hasty = bg.BargainingProblem(
        patient.space,
        {p.name: p.utility for p in patient.profiles},
        discount_factors=(0.5, 1),
        costs=(0, 1),
    )
    found = bg.session_measures(says(hasty, [0, 3, 4]))
    # two rounds later: 4 / 4 of 10, and 4 - 2 of 8
    assert found.shares == (0.1, 0.25)
    assert found.gains == (4, 4)
    assert found.nash_distance == pytest.approx(0.4)


def test_nothing_to_gain_is_no_share_and_no_range():
    found = bg.session_measures(says(one_choice([(1, 1)], (1, 1)), [0]))
    assert (found.shares, found.nash_distance, found.frontier_distance) == ((0, 0), 0, 0)
    session = bg.alternating_offers(one_choice(POINTS), ["micro"] * 2, deadline=0)
    assert math.isnan(bg.session_measures(session).first_offer_share)


def test_three_parties_are_measured_alike():
    problem = one_choice([(4, 0, 0), (2, 2, 1), (0, 4, 0), (0, 0, 2)])
    marks = Landmarks.of(problem)
    assert marks.nash.tolist() == [2, 2, 1]
    nash, equal, frontier = marks.distances([(4, 0, 0)])
    assert nash == equal == pytest.approx(math.sqrt(0.5**2 * 3))
    assert frontier == 0
    assert marks.fairness([(2, 2, 1), (4, 0, 0)]).tolist() == [1, 0]


def test_each_kind_of_move_once():
    # the first party's offers, each compared with the one before it
    steps = {
        "concession": (-1, 1), "selfish": (1, -1), "unfortunate": (-1, -1),
        "fortunate": (1, 1), "nice": (0, 1), "silent": (0, 0),
    }  # fmt: skip
    points = [(50.0, 50.0)]
    for own, other in steps.values():
        points.append((points[-1][0] + own, points[-1][1] + other))
    problem = one_choice([*points, (200, 200)])
    rows = [row for i in range(len(points)) for row in (i, len(points))]
    found = bg.concession_moves(says(problem, rows))
    own = [kind for kind, seat in zip(found.kinds, found.proposers, strict=True) if seat == 0]
    assert own == list(steps) == list(MOVES)
    assert found.counts.tolist() == [[1] * 6, [0] * 5 + [6]]
    assert found.rates[0] == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("own", "other", "kind"),
    [
        (-1, 0, "concession"), (1, 0, "selfish"), (0, -1, "unfortunate"),
        (1e-12, -1, "unfortunate"), (-1e-12, 1e-12, "silent"), (-1e-6, 1e-12, "concession"),
    ],
)  # fmt: skip
def test_moves_at_the_edges(own, other, kind):
    problem = one_choice([(50, 50), (50 + own, 50 + other), (100, 100)])
    found = bg.concession_moves(says(problem, [0, 2, 1]))
    assert found.kinds == (kind,)


def test_a_session_without_a_second_offer_has_no_moves():
    found = bg.concession_moves(says(one_choice(POINTS), [1]))
    assert found.kinds == ()
    assert np.isnan(found.rates).all()
    three = one_choice([(1, 1, 1)])
    session = bg.alternating_offers(three, ["linear"] * 3, deadline=2)
    with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
        bg.concession_moves(session)
    with pytest.raises(
        bg.InvalidArgumentError, match=r"^session: expected a Session, got 'rental'"
    ):
        bg.concession_moves("rental")


def test_first_offer_effect_of_a_worked_example():
    # x - mean: -2 -1 0 1 2; y - mean: -1 -1 0 1 1; xy = 6, xx = 10, yy = 4
    found = bg.first_offer_effect([1, 2, 3, 4, 5], [0, 0, 1, 2, 2])
    assert (found.slope, found.n) == (pytest.approx(0.6), 5)
    assert found.correlation == pytest.approx(6 / math.sqrt(40))


def test_first_offers_are_compared_within_groups():
    first, last = [0, 1, 10, 11], [5, 5.5, 0, 0.5]
    assert bg.first_offer_effect(first, last).slope < 0
    within = bg.first_offer_effect(first, last, groups=["a", "a", "b", "b"])
    assert (within.slope, within.correlation) == (pytest.approx(0.5), pytest.approx(1))


def test_no_effect_can_be_told_where_nothing_differs():
    for first, last in (([], []), ([1], [1]), ([0.1] * 9, range(9)), ([1, np.nan], [1, 2])):
        found = bg.first_offer_effect(first, last)
        assert math.isnan(found.slope)
        assert math.isnan(found.correlation)
    same = bg.first_offer_effect([1, 2], [3, 3])
    assert same.slope == 0
    assert math.isnan(same.correlation)
    assert bg.first_offer_effect([1, 2, np.nan], [1, 3, 5]).n == 2


@pytest.mark.parametrize(
    ("first", "last", "groups", "says"),
    [
        ([1, 2], [1], None, "outcomes"),
        ([[1]], [1], None, "first_offers"),
        ([np.inf, 1], [1, 2], None, "first_offers"),
        (["x"], [1], None, "first_offers"),
        ([1, 2], [1, 2], ["a"], "groups"),
    ],
)
def test_bad_series_are_named(first, last, groups, says):
    with pytest.raises(InvalidArgumentError, match=says):
        bg.first_offer_effect(first, last, groups)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("rental", "session: expected a Session, got 'rental'$"),
        (None, "session: expected a Session, got None$"),
    ],
)
def test_what_is_no_session_has_no_measures(given, says):
    with pytest.raises(bg.InvalidArgumentError, match=says):
        bg.session_measures(given)


def test_many_sessions_are_measured_one_by_one():
    many = bg.play_sessions(bg.load("rental"), ["linear", "boulware"], [[0, 1]], deadline=9)
    with pytest.raises(bg.InvalidArgumentError, match=r"sessions\.session\(i\) plays one again"):
        bg.session_measures(many)
    assert bg.session_measures(many.session(0)).rounds > 0
