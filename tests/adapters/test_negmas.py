"""What of the NegMAS adapter needs no NegMAS: times, its time-based negotiators by hand, errors."""

from __future__ import annotations

import pickle
import sys

import numpy as np
import pytest

import bargain as bg
from bargain.adapters.negmas import (
    AnchorNegotiator,
    Guest,
    PolicyNegotiator,
    SAOTimeBased,
    SAOTitForTat,
    from_negmas,
    sao_times,
    to_negmas,
)


def pie(reservations=(0.0, 0.0)):
    """Ten slices: k of them are worth k / 10 to one side and the rest as much to the other."""
    taken = bg.AdditiveUtility({"slices": bg.Linear(0, 1)})
    left = bg.AdditiveUtility({"slices": bg.Linear(1, 0)})
    parties = [
        bg.Party(name, utility, reservation_value=value)
        for name, utility, value in zip("ab", (taken, left), reservations, strict=True)
    ]
    return bg.BargainingProblem([bg.Issue.integer("slices", 0, 10)], parties)


def played(problem, policies, n_steps):
    times = sao_times(n_steps)
    return bg.alternating_offers(problem, policies, deadline=len(times), times=times)


def test_a_step_is_an_action_of_each_side_at_one_time_and_the_last_offer_is_not_answered():
    np.testing.assert_allclose(sao_times(4), [0.2, 0.2, 0.4, 0.4, 0.6, 0.6, 0.8])
    np.testing.assert_array_equal(sao_times(1), [0.5])


@pytest.mark.parametrize("n_steps", [0, -1, 1.5, float("nan"), 500_001, "ten", None])
def test_a_number_of_steps_is_a_whole_number_up_to_half_a_million(n_steps):
    with pytest.raises(bg.InvalidArgumentError, match="n_steps"):
        sao_times(n_steps)


def test_two_linear_negotiators_meet_where_the_formula_says():
    # They hold out for 1 - t, less 0.0001: 0.8, 0.6 and 0.4 in steps 0 to 2, rounded up to slices.
    # In step 2 the first accepts the 0.4 that the second left it in step 1.
    session = played(pie(), (SAOTimeBased.linear(), SAOTimeBased.linear()), 4)
    assert [offer.outcome["slices"] for offer in session.offers] == [8, 2, 6, 4]
    assert session.agreement == {"slices": 4}
    np.testing.assert_allclose(session.utilities, [0.4, 0.6])


def test_a_reservation_is_where_conceding_ends():
    # From 1 down to 0.5: 0.9, 0.8, 0.7 and 0.6 at t = 0.2, 0.4, 0.6 and 0.8.
    session = played(pie((0.5, 0.0)), (SAOTimeBased.linear(), "hardliner"), 4)
    assert session.agreement is None
    assert [offer.outcome["slices"] for offer in session.offers[::2]] == [9, 8, 7, 6]


def test_exponents_are_the_inverse_of_our_concession_rates():
    assert SAOTimeBased.boulware() == SAOTimeBased.of_beta(0.25)
    assert SAOTimeBased.linear() == SAOTimeBased.of_beta(1)
    assert SAOTimeBased.conceder() == SAOTimeBased.of_beta(4)
    assert SAOTimeBased(exponent=5).beta == 0.2
    # 1 - 0.5 ** 4 = 0.9375 at t = 0.5, so ten slices; 1 - 0.5 ** 0.25 = 0.159, so two
    for policy, slices in ((SAOTimeBased.boulware(), 10), (SAOTimeBased.conceder(), 2)):
        session = played(pie(), (policy, "hardliner"), 1)
        assert session.offers[0].outcome == {"slices": slices}


@pytest.mark.parametrize("field", ["exponent", "tolerance"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "4", None])
def test_parameters_out_of_range_are_named(field, value):
    with pytest.raises(bg.InvalidArgumentError, match=field):
        SAOTimeBased(**{field: value})


@pytest.mark.parametrize("beta", [0, -1, float("nan"), float("inf"), "firm"])
def test_concession_rates_out_of_range_are_named(beta):
    with pytest.raises(bg.InvalidArgumentError, match="beta"):
        SAOTimeBased.of_beta(beta)
    with pytest.raises(bg.InvalidArgumentError, match="sorts"):
        SAOTimeBased(sorts="some")


@pytest.mark.parametrize("policy", [SAOTimeBased.of_beta(0.3), SAOTitForTat()])
def test_a_policy_of_theirs_is_pickled_as_it_has_no_file(policy, tmp_path):
    with pytest.raises(
        bg.InvalidArgumentError, match=r"there is no file: .* or pickle them\), got SAO"
    ):
        bg.save_policy(policy, tmp_path / "theirs.json")
    assert not (tmp_path / "theirs.json").exists()
    again = pickle.loads(pickle.dumps(policy))
    assert again == policy


@pytest.mark.parametrize("policy", [SAOTimeBased.linear(), SAOTitForTat()])
def test_one_outcome_is_offered_and_taken(policy):
    issue = bg.Issue.choice("peace", ["yes"])
    wants = bg.AdditiveUtility({"peace": {"yes": 1}})
    problem = bg.BargainingProblem([issue], {"a": wants, "b": wants})
    session = played(problem, (policy, policy), 5)
    assert session.agreement == {"peace": "yes"}
    assert session.rounds == 1


def test_who_has_nothing_to_gain_leaves():
    session = played(pie((2.0, 0.0)), (SAOTimeBased.linear(), "linear"), 5)
    assert (session.ended, session.left_by, session.rounds) == ("walk_away", "a", 0)


def test_where_negmas_is_missing_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "negmas", None)
    anchor = bg.Anchor(pie(), "a", bg.TimeDependent(), deadline=5)
    attempts = [
        lambda: to_negmas(pie()),
        lambda: from_negmas([], []),
        lambda: PolicyNegotiator(policy="linear"),
        lambda: AnchorNegotiator(anchor=anchor),
        lambda: bg.alternating_offers(pie(), (Guest(object), "linear"), deadline=5),
    ]
    for attempt in attempts:
        with pytest.raises(bg.MissingPackageError, match=r"pip install 'negmas>=0\.16'"):
            attempt()
        with pytest.raises(ImportError):
            attempt()
