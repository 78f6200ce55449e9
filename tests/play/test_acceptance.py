from __future__ import annotations

import numpy as np
import pytest

from bargain.errors import InvalidArgumentError
from bargain.play import (
    AcceptNext,
    AcceptPrevious,
    PartyView,
    TimeDependent,
    TitForTat,
    alternating_offers,
    play_sessions,
)
from tests.problems import one_choice

# Own utilities 10, 12, ..., 20 with reservation 10: shares 0, 0.2, ..., 1.
LADDER = PartyView.of(one_choice([[u, 0] for u in range(20, 9, -2)], [10, 0]), 0)
TIMES = np.linspace(0, 1, 6)


def least_accepted(acceptance, policy=None):
    policy = policy or TimeDependent(acceptance=acceptance)
    return policy.plan(LADDER, TIMES).thresholds.tolist()


def test_ac_next_accepts_what_it_would_offer_next_and_in_the_last_round_what_it_offers_then():
    assert TimeDependent().plan(LADDER, TIMES).rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert least_accepted(AcceptNext()) == [18, 16, 14, 12, 10, 10]


def test_scale_and_offset_work_on_shares_of_the_attainable_gain():
    # x + 0.25 >= y for y = .8, .6, .4, .2, 0, 0: x from .55, so the next step up, .6
    assert least_accepted(AcceptNext(offset=0.25)) == [16, 14, 12, 10, 10, 10]
    # 2 x >= y: x from .4, .3, .2, .1, 0, 0
    assert least_accepted(AcceptNext(scale=2.0)) == [14, 14, 12, 12, 10, 10]
    # x / 2 >= y is out of reach for y = .8 and .6
    assert least_accepted(AcceptNext(scale=0.5))[:3] == [np.inf, np.inf, 18]


def test_offsets_beyond_all_shares_accept_everything_rational_or_nothing():
    assert least_accepted(AcceptNext(offset=1e300)) == [10] * 6
    assert least_accepted(AcceptNext(offset=-1e300)) == [np.inf] * 6
    assert least_accepted(AcceptNext(scale=1e300))[:4] == [12] * 4


def test_with_nothing_to_gain_whatever_is_at_the_reservation_is_accepted():
    flat = PartyView.of(one_choice([[1, 0], [1, 5], [0, 9]], [1, 0]), 0)
    for acceptance in (AcceptNext(), AcceptNext(0.5, -3)):
        plan = TimeDependent(acceptance=acceptance).plan(flat, TIMES)
        assert plan.thresholds.tolist() == [1] * 6
        assert plan.rows.tolist() == [0] * 6


def test_by_default_utilities_are_compared_exactly():
    # The two best differ in the last bit; as shares of the gain they would be equal.
    best = 1.0
    below = np.nextafter(best, 0)
    view = PartyView.of(one_choice([[best, 0], [below, 0], [-1e9, 0]], [-1e9, 0]), 0)
    assert view.shares([best, below]).tolist() == [1, 1]
    plan = TimeDependent(floor=1.0).plan(view, TIMES)
    assert plan.thresholds.tolist() == [best] * 6


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("scale", bad) for bad in (0, -1, float("nan"), float("inf"), "1", True)),
        *(("offset", bad) for bad in (float("nan"), float("inf"), None)),
    ],
)
def test_parameters_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(InvalidArgumentError, match=field):
        AcceptNext(**{field: value})


@pytest.mark.parametrize("acceptance", [AcceptNext(1.0, -0.5), AcceptPrevious(0.5, -0.5)])
def test_a_party_that_looks_at_the_other_takes_its_reservation_where_there_is_nothing_to_gain(
    acceptance,
):
    # p1 has 1 with and without an agreement: whatever is offered once it has spoken is enough
    problem = one_choice([[1, 1], [2, 1]], [0, 1])
    policies = (TimeDependent(floor=1.0), TitForTat(acceptance=acceptance))
    session = alternating_offers(problem, policies, deadline=3, first=1)
    assert (session.ended, session.rounds) == ("agreement", 2)
    found = play_sessions(problem, policies, [[0, 1]], deadline=3, first=1)
    assert (found["round"].tolist(), found["row"].tolist()) == ([1], [1])
