"""The definition in bargain/play/session.py, word for word, for odd and even deadlines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.play import (
    AcceptNext,
    TimeDependent,
    alternating_offers,
    policy_from_name,
    round_times,
)
from tests.problems import continuous, one_choice

ULTIMATUM = one_choice([[3, 0], [2, 1], [1, 2], [0, 3]])
STUBBORN = policy_from_name("hardliner")


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("deadline", [1, 2, 3, 37, 40])
def test_proposers_alternate_and_the_last_offer_is_firsts_when_the_deadline_is_odd(deadline, first):
    session = alternating_offers(ULTIMATUM, (STUBBORN, STUBBORN), deadline=deadline, first=first)
    assert session.ended == "deadline"
    assert session.rounds == len(session.offers) == deadline
    names = [ULTIMATUM.parties[(first + r) % 2] for r in range(deadline)]
    assert [offer.party for offer in session.offers] == names
    assert [offer.round for offer in session.offers] == list(range(deadline))
    last = session.offers[-1].party
    assert (last == ULTIMATUM.parties[first]) == (deadline % 2 == 1)


@pytest.mark.parametrize("deadline", [1, 3, 37])
def test_the_last_offer_of_an_odd_deadline_is_firsts_and_can_be_accepted(deadline):
    # Gives everything, but only at t = 1, and accepts nothing.
    yields_last = TimeDependent(beta=1e-6, acceptance=AcceptNext(offset=-2))
    session = alternating_offers(ULTIMATUM, (yields_last, STUBBORN), deadline=deadline)
    assert (session.ended, session.rounds) == ("agreement", deadline)
    assert session.offers[-1].party == "p0"
    assert session.utilities.tolist() == [0, 3]


@pytest.mark.parametrize("deadline", [2, 40])
def test_the_last_offer_of_an_even_deadline_is_the_others_and_can_be_accepted(deadline):
    yields_last = TimeDependent(beta=1e-6)
    session = alternating_offers(ULTIMATUM, (yields_last, STUBBORN), deadline=deadline)
    assert (session.ended, session.rounds) == ("agreement", deadline)
    assert session.offers[-1].party == "p1"
    assert session.utilities.tolist() == [0, 3]


def test_accept_next_looks_one_round_ahead_and_so_yields_a_round_early():
    yields_last = TimeDependent(beta=1e-6)
    session = alternating_offers(ULTIMATUM, (yields_last, STUBBORN), deadline=3)
    assert session.rounds == 2
    assert session.offers[-1].party == "p1"


@pytest.mark.parametrize(("deadline", "times"), [(0, []), (1, [1]), (2, [0, 1]), (3, [0, 0.5, 1])])
def test_time_runs_from_0_in_the_first_round_to_1_in_the_last(deadline, times):
    assert round_times(deadline).tolist() == times
    session = alternating_offers(ULTIMATUM, (STUBBORN, STUBBORN), deadline=deadline)
    assert session.times.tolist() == times
    assert [offer.at for offer in session.offers] == times


def test_with_deadline_0_no_round_is_played():
    session = alternating_offers(ULTIMATUM, ("conceder", "conceder"), deadline=0)
    assert (session.ended, session.agreement, session.offers) == ("deadline", None, ())
    assert session.utilities.tolist() == [0, 0]
    assert session.offer_utilities.shape == (0, 2)


def test_with_deadline_1_the_responder_accepts_what_its_own_demand_at_t_1_allows():
    # Ultimatum: a floor of 2/3 demands 2 of 3 at t = 1; the proposer's own floor sets the offer.
    for own_floor, offered in ((0.0, 0), (0.3, 1), (0.6, 2), (1.0, 3)):
        for floor, least in ((0.0, 0), (0.3, 1), (0.6, 2), (1.0, 3)):
            policies = (TimeDependent(floor=own_floor), TimeDependent(floor=floor))
            session = alternating_offers(ULTIMATUM, policies, deadline=1)
            assert session.offer_utilities[0].tolist() == [offered, 3 - offered]
            assert (session.ended == "agreement") == (3 - offered >= least)


def test_a_party_with_nothing_to_gain_leaves_at_its_first_turn_to_speak():
    hopeless = one_choice([[3, 0], [0, 3]], disagreement_point=[4, 0])
    opening = alternating_offers(hopeless, ("linear", "linear"), deadline=10)
    assert (opening.ended, opening.left_by, opening.rounds) == ("walk_away", "p0", 0)
    answering = alternating_offers(hopeless, ("linear", "linear"), deadline=10, first=1)
    assert (answering.ended, answering.left_by, answering.rounds) == ("walk_away", "p0", 1)
    assert answering.offers[0].party == "p1"
    assert answering.utilities.tolist() == [4, 0]
    both = one_choice([[3, 0]], disagreement_point=[4, 4])
    assert alternating_offers(both, ("linear", "linear"), deadline=2, first=1).left_by == "p1"
    assert alternating_offers(both, ("linear", "linear"), deadline=0).ended == "deadline"


def discounting(reservation):
    tables = ({"a": 3.0, "b": 1.0}, {"a": 1.0, "b": 3.0})
    return bg.BargainingProblem(
        [bg.Issue.choice("x", ["a", "b"])],
        [
            bg.Party("p0", bg.AdditiveUtility({"x": tables[0]}), discount_factor=0.9),
            bg.Party(
                "p1",
                bg.AdditiveUtility({"x": tables[1]}),
                reservation_value=reservation,
                discount_factor=0.25,
                discount_per="session",
            ),
        ],
    )


def test_an_agreement_is_discounted_by_its_round_and_its_time():
    yields_last = TimeDependent(beta=1e-6, acceptance=AcceptNext(offset=-2))
    session = alternating_offers(discounting(0), (yields_last, STUBBORN), deadline=5)
    assert session.utilities.tolist() == [1, 3]
    assert session.discounted_utilities.tolist() == pytest.approx([0.9**4 * 1, 0.25 * 3])
    early = alternating_offers(discounting(0), (TimeDependent(k=1), STUBBORN), deadline=5)
    assert early.discounted_utilities.tolist() == [1, 3]


def test_a_session_without_agreement_is_discounted_to_its_end():
    late = alternating_offers(discounting(2), (STUBBORN, STUBBORN), deadline=5)
    assert late.utilities.tolist() == [0, 2]
    assert late.discounted_utilities.tolist() == pytest.approx([0, 0.25 * 2])
    left = alternating_offers(discounting(4), (STUBBORN, STUBBORN), deadline=5)
    assert (left.left_by, left.discounted_utilities.tolist()) == ("p1", [0, 4])
    none = alternating_offers(discounting(2), (STUBBORN, STUBBORN), deadline=0)
    assert none.discounted_utilities.tolist() == pytest.approx([0, 0.25 * 2])


def paying(reservation):
    """Return the same table where p0 pays 0.125 a round and p1 pays 2 for a whole session."""
    once, over = discounting(reservation).profiles
    return bg.BargainingProblem(
        discounting(reservation).space,
        [
            replace(once, discount_factor=1, cost=0.125),
            replace(over, discount_factor=1, cost=2, cost_per="session"),
        ],
    )


def test_an_agreement_has_paid_the_costs_of_its_rounds_and_its_time():
    # agreed in round 4 of 5, t = 1: four rounds at 0.125, a whole session at 2
    yields_last = TimeDependent(beta=1e-6, acceptance=AcceptNext(offset=-2))
    session = alternating_offers(paying(0), (yields_last, STUBBORN), deadline=5)
    assert session.utilities.tolist() == [1, 3]
    assert session.discounted_utilities.tolist() == [1 - 4 * 0.125, 3 - 2]
    early = alternating_offers(paying(0), (TimeDependent(k=1), STUBBORN), deadline=5)
    assert early.discounted_utilities.tolist() == [1, 3]


def test_a_session_without_agreement_has_paid_the_costs_until_its_end():
    late = alternating_offers(paying(2), (STUBBORN, STUBBORN), deadline=5)
    assert late.utilities.tolist() == [0, 2]
    assert late.discounted_utilities.tolist() == [-4 * 0.125, 2 - 2]
    # p1 leaves instead of answering in round 0, or of proposing in round 0
    left = alternating_offers(paying(4), (STUBBORN, STUBBORN), deadline=5)
    assert (left.left_by, left.discounted_utilities.tolist()) == ("p1", [0, 4])
    none = alternating_offers(paying(2), (STUBBORN, STUBBORN), deadline=0)
    assert none.discounted_utilities.tolist() == [0, 2 - 2]


def test_deadlines_that_make_no_sense_are_refused():
    for deadline in (-1, float("nan"), float("inf"), 2.5, "10", None, True, 10**6 + 1, 10**30):
        with pytest.raises(InvalidArgumentError, match="deadline"):
            alternating_offers(ULTIMATUM, ("linear", "linear"), deadline=deadline)


def test_first_is_a_position_or_a_name():
    named = alternating_offers(ULTIMATUM, ("linear", "linear"), deadline=3, first="p1")
    assert named.first == named.offers[0].party == "p1"
    for first in (2, -1, "nobody", None, 0.5):
        with pytest.raises(InvalidArgumentError):
            alternating_offers(ULTIMATUM, ("linear", "linear"), deadline=3, first=first)


def test_policies_are_a_pair_in_party_order_or_a_mapping_by_name():
    pair = alternating_offers(ULTIMATUM, ("boulware", "conceder"), deadline=20)
    mapping = {"p1": policy_from_name("conceder"), "p0": policy_from_name("boulware")}
    assert alternating_offers(ULTIMATUM, mapping, deadline=20).to_dict() == pair.to_dict()
    bad = [("linear",), ("linear", "nobody"), {"p0": "linear"}, "linear", None, (1, 2)]
    for policies in [*bad, ("linear", TimeDependent), {"p0": "linear", "p1": "linear", "x": 1}]:
        with pytest.raises(InvalidArgumentError):
            alternating_offers(ULTIMATUM, policies, deadline=3)


def test_what_is_not_finite_is_refused_by_name():
    smooth = continuous([[[0, 1], [1, 0]]])
    with pytest.raises(UnsupportedProblemError, match="discretized"):
        alternating_offers(smooth, ("linear", "linear"), deadline=3)
    alternating_offers(bg.discretized(smooth, points=5), ("linear", "linear"), deadline=3)


def test_a_million_rounds_can_be_played():
    session = alternating_offers(ULTIMATUM, (STUBBORN, STUBBORN), deadline=10**6)
    assert session.rounds == 10**6
    assert np.isfinite(session.offer_utilities).all()


@pytest.mark.parametrize("deadline", [-1, 2.5, None, 10**7])
def test_there_are_no_times_of_no_deadline(deadline):
    with pytest.raises(InvalidArgumentError, match=r"^deadline: "):
        round_times(deadline)
