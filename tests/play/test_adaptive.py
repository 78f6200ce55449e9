"""What `Adaptive` says it is: other policies as special cases, and its formula."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError, UnsupportedProblemError
from bargain.play import ENDINGS, policy_from_dict, policy_to_dict, round_times
from tests.play.test_batch import ACCEPTANCES, adaptive, problems, told
from tests.problems import one_choice

ANY = adaptive(
    st.sampled_from(ACCEPTANCES), by=("closest", "known", "similarity", "hardheaded", "smith")
)
RENTAL = bg.load("rental")
PIE = one_choice([[i, 20 - i] for i in range(21)])
unit = st.floats(0, 1)


def curve(policy, n_rounds):
    """The formula, in plain Python."""
    shares = []
    for r, t in enumerate(round_times(n_rounds).tolist()):
        s = t ** (1 / policy.beta)
        xs = np.linspace(0, 1, len(policy.conceded) + 2)
        conceded = np.interp(s, xs, [0, *policy.conceded, 1])
        share = policy.floor + (1 - policy.floor) * (1 - policy.k) * (1 - conceded)
        shares.append(min(share, policy.final) if n_rounds - r <= policy.patience else share)
    return shares


@given(ANY, st.integers(1, 30))
def test_the_curve_is_its_formula(policy, n_rounds):
    found = policy.aspirations(round_times(n_rounds))
    assert found == pytest.approx(curve(policy, n_rounds), abs=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1


@given(ANY, st.integers(2, 200))
def test_the_curve_never_rises(policy, n_rounds):
    found = policy.aspirations(round_times(n_rounds))
    assert np.diff(found).max() <= 1e-12
    late = policy.aspiration(1.0)
    assert late == policy.floor
    assert policy.aspiration(0.0) == pytest.approx(policy.opening)


@given(st.floats(0.02, 20), unit, unit, st.sampled_from(ACCEPTANCES), st.sampled_from([0, 1, 3, 6]))
def test_time_dependent_is_a_point_of_it_to_the_last_bit(beta, floor, k, acceptance, n_knots):
    known = bg.TimeDependent(beta, floor, k, acceptance)
    diagonal = tuple((i + 1) / (n_knots + 1) for i in range(n_knots))
    same = bg.Adaptive(beta, floor, k, diagonal, acceptance=acceptance)
    times = round_times(60)
    assert same.aspirations(times).tobytes() == known.aspiration(times).tobytes()
    assert same.is_planned == known.is_planned
    found = bg.play_sessions(RENTAL, [known, same, "linear"], [[0, 2], [1, 2]], deadline=12)
    assert found[0] == found[1]


@pytest.mark.parametrize("other", ["boulware", "linear", "conceder", "hardliner"])
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("floor", [0.0, 0.5])
def test_tit_for_tat_is_a_point_of_it_where_every_share_can_be_offered(other, first, floor):
    known = bg.TitForTat("absolute", floor=floor)
    same = bg.Adaptive(floor=1.0, reciprocity=1.0, least=floor)
    sessions = [
        bg.alternating_offers(PIE, (policy, other), deadline=31, first=first)
        for policy in (known, same)
    ]
    assert sessions[0].offer_rows.tolist() == sessions[1].offer_rows.tolist()
    assert sessions[0].ended == sessions[1].ended


class EveryOutcome:
    """Offers another outcome each time, from its best down, and accepts nothing."""

    def plan(self, view, times):
        rows = view.ranking[np.minimum(np.arange(len(times)) // 2, len(view.ranking) - 1)]
        return bg.Plan(rows, np.full(len(times), np.inf))


@pytest.mark.parametrize("first", [0, 1])
def test_micro_is_a_point_of_it_as_long_as_new_outcomes_come(first):
    distinct = np.random.default_rng(3).random((40, 2))
    problem = one_choice(distinct, [0.3, 0.2])
    same = bg.Adaptive(floor=1.0, matching=1.0)
    offers = [
        bg.alternating_offers(problem, (policy, EveryOutcome()), deadline=30, first=first)
        for policy in (bg.MiCRO(), same)
    ]
    rows = [s.offer_rows.tolist() for s in offers]
    assert rows[0] == rows[1]
    met = bg.play_sessions(problem, [bg.MiCRO(), same], [[0, 0], [1, 0], [0, 1]], deadline=80)
    assert len(set(met.results.tolist())) == 1


def test_micro_stays_where_it_is_when_nothing_new_comes():
    distinct = np.random.default_rng(3).random((40, 2))
    same = bg.Adaptive(floor=1.0, matching=1.0)
    session = bg.alternating_offers(one_choice(distinct), (same, "hardliner"), deadline=20)
    own = session.offer_rows[session.proposers == 0]
    assert own[1:].tolist() == [bg.PartyView.of(session.problem, 0).ranking[1]] * 9


@settings(max_examples=200)
@given(
    problem=problems().filter(lambda problem: problem.n_parties == 2),
    chosen=st.lists(ANY, min_size=1, max_size=2),
    deadline=st.integers(0, 14),
    first=st.integers(0, 1),
)
def test_compiled_sessions_are_those_played_turn_by_turn(problem, chosen, deadline, first):
    for i, j in np.ndindex(len(chosen), len(chosen)):
        pair = [chosen[i], chosen[j]]
        compiled = bg.play_sessions(problem, chosen, [[i, j]], deadline=deadline, first=first)[0]
        session = bg.alternating_offers(problem, pair, deadline=deadline, first=first)
        ended, row, left = told(session, problem)
        assert (ENDINGS[compiled["ended"]], compiled["row"], compiled["left_by"]) == (
            ended,
            row,
            left,
        )


def test_what_suits_the_other_side_is_the_best_offer_of_the_problem():
    policy = bg.Adaptive(by="known", floor=0.2)
    session = bg.alternating_offers(RENTAL, ("hardliner", policy), deadline=20, first=1)
    view = bg.PartyView.of(RENTAL, 1)
    shares = policy.aspirations(round_times(20))[::2]
    for offer, share in zip(session.offers[::2], shares, strict=False):
        target = view.reservation + share * (view.best - view.reservation)
        wanted = bg.best_offer(RENTAL, party=1, at_least=target - 1e-9)
        assert offer.outcome == wanted
    assert session.rounds > 10


def test_what_suits_the_other_side_breaks_ties_for_itself_then_by_the_lowest_row():
    view = bg.PartyView.of(one_choice([[1, 3], [2, 3], [2, 3], [3, 1], [0, 3]]), 0)
    assert view.suited.tolist() == [1, 1, 1, 1, 3]
    with pytest.raises(UnsupportedProblemError, match="a problem of two parties"):
        bg.play_sessions(one_choice([[1, 2, 3]]), [bg.Adaptive(by="known")], deadline=3)


def test_in_its_last_rounds_it_is_content_with_less():
    policy = bg.Adaptive(floor=1.0, patience=2, final=0.25)
    assert policy.aspirations(round_times(5)).tolist() == [1, 1, 1, 0.25, 0.25]
    assert replace(policy, patience=9).aspirations(round_times(3)).tolist() == [0.25] * 3
    assert policy.aspirations(round_times(0)).tolist() == []


@given(ANY)
def test_it_comes_back_from_its_file_exactly(policy):
    text = json.dumps(policy_to_dict(policy), allow_nan=False)
    assert policy_from_dict(json.loads(text)) == policy


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"beta": 0}, "beta"),
        ({"floor": 1.5}, "floor: expected a number in"),
        ({"conceded": 0.5}, "conceded: expected at most 64 numbers"),
        ({"conceded": "0.5"}, "conceded"),
        ({"conceded": (0.5, 0.2)}, "never falling"),
        ({"conceded": (0.5, float("nan"))}, r"conceded\[1\]"),
        ({"conceded": (0.5,) * 65}, "at most 64"),
        ({"patience": 1.5}, "patience: expected a whole number"),
        ({"patience": -1}, "patience"),
        ({"final": -0.1}, "final"),
        ({"reciprocity": float("inf")}, "reciprocity"),
        ({"matching": -1}, "matching: expected a finite number >= 0"),
        ({"least": 2}, "least"),
        ({"by": "magic"}, "by: expected one of closest, known"),
        ({"by": None}, "by"),
        ({"acceptance": 3}, "acceptance"),
    ],
)
def test_parameters_out_of_range_are_refused_by_name(given, says):
    with pytest.raises(InvalidArgumentError, match=says):
        bg.Adaptive(**given)


def test_a_file_with_falling_knots_is_refused():
    data = policy_to_dict(bg.Adaptive(conceded=(0.2, 0.5)))
    data["policy"]["conceded"] = [0.5, 0.2]
    with pytest.raises(FileFormatError, match="never falling"):
        policy_from_dict(data)


def test_a_policy_that_returns_concessions_has_no_plan():
    view = bg.PartyView.of(RENTAL, 0)
    with pytest.raises(InvalidArgumentError, match="do not look back"):
        bg.Adaptive(reciprocity=0.1).plan(view, round_times(3))


def test_nothing_to_gain_and_nothing_rational():
    policy = bg.Adaptive(0.5, 0.2, 0.1, (0.3,), 1, 0.1, 0.5, 1.0, by="known")
    level = one_choice([[1, 1], [1, 1]], [1, 1])
    assert bg.alternating_offers(level, (policy, policy), deadline=4).ended == "agreement"
    above = one_choice([[1, 1], [1, 1]], [2, 1])
    assert bg.alternating_offers(above, (policy, policy), deadline=4).ended == "walk_away"
    assert bg.alternating_offers(level, (policy, policy), deadline=0).ended == "deadline"
    huge = one_choice([[1e300, -1e300], [-1e300, 1e300]], [-1e300, -1e300])
    assert bg.alternating_offers(huge, (policy, policy), deadline=9).rounds > 0
