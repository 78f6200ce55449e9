"""Best reply offers, prepared: the same answers as best_offer, in microseconds."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.solve.best_offers import BestOffers
from bargain.solve.ranges import utility_ranges
from tests.problems import additive_problems, constrained_problems
from tests.solve.test_regret import large_problem


@pytest.mark.parametrize("n_parties", [2, 3])
@given(data=st.data())
def test_prepared_offers_are_those_of_best_offer(n_parties, data):
    problem = data.draw(additive_problems(n_parties))
    party = data.draw(st.integers(0, n_parties - 1))
    offers = BestOffers(problem, party=party)
    own = problem.utilities()[:, party]
    for floor in np.linspace(own.min() - 1, own.max(), 7):
        expected = bg.best_offer(problem, party=party, at_least=float(floor))
        assert offers.at_least(float(floor)) == expected
    with pytest.raises(bg.NoAgreementZoneError, match="at most"):
        offers.at_least(float(np.nextafter(own.max(), np.inf)))


@given(problem=additive_problems(2), party=st.integers(0, 1))
def test_offers_by_the_frontier_are_worth_the_same(problem, party):
    with (
        mock.patch("bargain.solve.best_offers.is_enumerable", return_value=False),
        mock.patch("bargain.solve.frontier.is_enumerable", return_value=False),
    ):
        folded = BestOffers(problem, party=party)
    own = problem.utilities()[:, party]
    for floor in np.linspace(own.min(), own.max(), 7):
        found = problem.evaluate(folded.at_least(float(floor)))
        expected = problem.evaluate(bg.best_offer(problem, party=party, at_least=float(floor)))
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("party", [0, 1])
def test_a_space_of_10_to_the_40_is_prepared_by_its_frontier(party):
    problem = large_problem(40, 10, 2, seed=11, opposed=True)
    offers = BestOffers(problem, party=party)
    for share in (0.3, 0.6, 0.9):
        floor = share * offers.most
        offer = problem.evaluate(offers.at_least(floor))
        assert offer[party] >= floor
        exact = problem.evaluate(bg.best_offer(problem, party=party, at_least=floor))
        assert offer[1 - party] == pytest.approx(exact[1 - party], abs=1e-9)


def test_an_anchor_advises_on_10_to_the_40_outcomes():
    problem = large_problem(40, 10, 2, seed=11, opposed=True)
    anchor = bg.Anchor(problem, party=1, policy=bg.TimeDependent(), deadline=11)
    stingy = bg.best_offer(problem, party=0, at_least=BestOffers(problem, party=0).most)
    advice = anchor.advise([bg.Offer(0, stingy, round=4)])
    assert advice.decision == "counter"
    assert len(advice.public.packages) == 3
    assert min(advice.private.package_values) >= advice.private.target
    assert advice.private.target >= advice.private.reservation


@pytest.mark.parametrize(
    "share", [bg.Issue.continuous("share", 0, 1), bg.Issue.integer("share", 0, 20)]
)
def test_a_grid_does_not_change_what_is_best_for_two_others(share):
    # with shares of what the constraint leaves, Ann and Bob would meet elsewhere
    low, high = share.bounds
    space = bg.OutcomeSpace([share, bg.Issue.choice("extra", ["mine", "theirs"])])
    parties = {
        "me": bg.AdditiveUtility({"extra": {"mine": 1}}),
        "Ann": bg.AdditiveUtility({"share": bg.Linear(0, 1)}),
        "Bob": bg.AdditiveUtility({"share": bg.Linear(1, 0)}),
    }
    limit = bg.Mandatory({"share": {"at_most": low + 0.6 * (high - low)}})
    problem = bg.BargainingProblem(space, parties, constraints=[limit])
    offer = bg.best_offer(problem, party="me", at_least=1)
    assert problem.evaluate(offer) == pytest.approx([1, 0.5, 0.5], abs=1e-6)


@settings(max_examples=25)
@given(data=st.data())
def test_programs_and_enumeration_offer_three_parties_the_same(data):
    problem, may_be_agreed = data.draw(constrained_problems(3))
    allowed = np.array(may_be_agreed)
    assume(allowed.any())
    own = problem.utilities()[allowed, 0]
    floor = float(np.median(own))
    with mock.patch("bargain.solve.best_offer.is_enumerable", return_value=False):
        searched = problem.evaluate(bg.best_offer(problem, party=0, at_least=floor))
    listed = problem.evaluate(bg.best_offer(problem, party=0, at_least=floor))
    lowest, highest = utility_ranges(problem)
    spread = np.where(highest > lowest, highest - lowest, 1.0)
    expected, found = (np.sort(((u - lowest) / spread)[1:]) for u in (listed, searched))
    assert found == pytest.approx(expected, abs=1e-5)


def test_what_cannot_be_prepared_is_refused_by_name():
    with pytest.raises(bg.UnsupportedProblemError, match="finite"):
        BestOffers(bg.load("supply_contract"), party=0)
    with pytest.raises(bg.TooLargeError, match="two parties"):
        BestOffers(large_problem(40, 10, 3, seed=1), party=0)
    with pytest.raises(bg.InvalidArgumentError, match="at_least"):
        BestOffers(bg.load("rental"), party=0).at_least(float("nan"))
