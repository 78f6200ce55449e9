"""After the deal: what was left on the table, for whom, and which round cost it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor import history_from_json
from tests.problems import additive_problems, one_choice, with_constraints

RENTAL = bg.load("rental")


def left_by_hand(table, d, here):
    """Return what each party alone could have had more, by looking at every outcome."""
    fine = table[(table >= here).all(axis=1)]
    return fine.max(axis=0) - here if len(fine) else np.zeros(len(d))


@given(st.integers(2, 3).flatmap(lambda n: additive_problems(n_parties=n)), st.data())
def test_what_is_left_is_what_brute_force_finds(problem, data):
    table, d = problem.utilities(), problem.disagreement_point
    row = data.draw(st.integers(0, len(table) - 1))
    found = bg.explain_outcome(problem, problem.space.outcome(row))
    assert found.left == tuple(left_by_hand(table, d, table[row]))
    efficient = not ((table >= table[row]).all(axis=1) & (table > table[row]).any(axis=1)).any()
    assert found.is_efficient == efficient
    if found.better is not None:
        better = problem.evaluate(found.better)
        assert (better >= table[row]).all()
        assert (better > table[row]).any()
    assert (found.better is None) == efficient
    has_zone = bool((table >= d).all(axis=1).any())
    assert (found.efficiency is None) == (not has_zone)
    if has_zone:
        assert 0 <= found.efficiency <= 1
    json.dumps(found.to_dict(), allow_nan=False)


@given(additive_problems())
def test_without_a_deal_all_that_could_be_gained_is_left(problem):
    table, d = problem.utilities(), problem.disagreement_point
    found = bg.explain_outcome(problem, None)
    assert not found.agreed
    assert found.left == tuple(left_by_hand(table, d, d))
    assert found.gains == (0.0,) * problem.n_parties


def test_bill_and_jack_without_trade_leave_what_nash_gives_them():
    found = bg.explain_outcome(bg.load("bill_and_jack"), None)
    assert found.efficiency == 0
    assert np.subtract(found.nash, found.utilities).tolist() == [12, 5]


def test_on_the_frontier_of_a_continuous_problem_nothing_is_left():
    problem = bg.load("supply_contract")
    best = bg.explain_outcome(problem, bg.nash_solution(problem).outcome)
    assert best.is_efficient
    assert best.efficiency == 1
    middle = {issue.name: sum(issue.bounds) / 2 for issue in problem.space.issues}
    found = bg.explain_outcome(problem, middle)
    # what is left for the buyer: the best offer to it that leaves the supplier what it has
    offer = bg.best_offer(problem, party="supplier", at_least=found.utilities[1])
    assert found.left[0] == pytest.approx(problem.evaluate(offer)[0] - found.utilities[0], abs=1e-6)
    assert 0 < found.efficiency < 1


def test_a_space_too_large_to_list_is_explained():
    issues = [bg.Issue.choice(f"i{k}", ["a", "b"]) for k in range(60)]
    first = bg.AdditiveUtility({f"i{k}": {"a": 1.0 + k % 7} for k in range(60)})
    second = bg.AdditiveUtility({f"i{k}": {"b": 1.0 + k % 5} for k in range(60)})
    problem = bg.BargainingProblem(issues, {"one": first, "other": second})
    mixed = {f"i{k}": "ba"[k % 2] for k in range(60)}
    found = bg.explain_outcome(problem, mixed)
    assert min(found.left) > 0
    assert (problem.evaluate(found.better) >= problem.evaluate(mixed)).all()
    everything = bg.explain_outcome(problem, dict.fromkeys(mixed, "a"))
    assert everything.is_efficient


def test_mixed_problems_are_explained():
    price = bg.Issue.continuous("price", 0, 10)
    gift = bg.Issue.choice("gift", ["no", "yes"])
    problem = bg.BargainingProblem(
        [price, gift],
        {
            "buyer": bg.AdditiveUtility({"price": bg.Linear(10, 0), "gift": {"yes": 5}}),
            "seller": bg.AdditiveUtility({"price": bg.Linear(0, 10), "gift": {"no": 1}}),
        },
    )
    found = bg.explain_outcome(problem, {"price": 5, "gift": "no"})
    assert found.left == pytest.approx((4, 4), abs=1e-5)


HISTORY = [
    ("landlord", (3900, 1500, "June 1", "1 month")),
    ("tenant", (3100, 500, "July 1", "1 month")),
    ("landlord", (3900, 2500, "May 1", "1 month")),
    ("tenant", (3500, 1000, "June 15", "1 month")),
    ("landlord", (3900, 2500, "May 15", "3 months")),
]


def test_rounds_say_who_refused_what_and_what_was_agreed_badly():
    history = [{"party": party, "outcome": outcome} for party, outcome in HISTORY]
    found = bg.explain_outcome(RENTAL, history)
    assert found.agreed
    worth = [RENTAL.evaluate(outcome) for _, outcome in HISTORY]
    by_kind = {(cost.kind, cost.party): cost for cost in found.rounds}
    refused = by_kind["refused_better", "tenant"]
    assert (refused.round, refused.cost) == (0, worth[0][1] - worth[4][1])
    assert by_kind["not_efficient", "tenant"].round == 4
    assert by_kind["largest_concession", "tenant"].cost == worth[1][1] - worth[3][1]
    assert found.costliest.kind != "largest_concession"
    assert all(
        a.share >= b.share
        for a, b in zip(found.rounds, found.rounds[1:], strict=False)
        if (a.kind == "largest_concession") == (b.kind == "largest_concession")
    )
    only = bg.explain_outcome(RENTAL, history, party="tenant")
    assert {cost.party for cost in only.rounds} == {"tenant"}
    assert "landlord" not in only.summary().splitlines()[1]


def test_a_history_without_agreement_counts_every_refused_offer():
    history = [bg.Offer(party, outcome) for party, outcome in HISTORY]
    found = bg.explain_outcome(RENTAL, history, agreed=False)
    worth = [RENTAL.evaluate(outcome) for _, outcome in HISTORY]
    costs = {cost.party: cost for cost in found.rounds if cost.kind == "refused_better"}
    assert (costs["tenant"].round, costs["tenant"].cost) == (0, worth[0][1])
    assert (costs["landlord"].round, costs["landlord"].cost) == (3, worth[3][0])


def test_a_session_says_what_waiting_cost():
    patient = RENTAL
    problem = bg.BargainingProblem(
        patient.space, patient.profiles, discount_factors=(0.99, 1.0), name="rental"
    )
    session = bg.alternating_offers(problem, ["boulware", "boulware"], deadline=20)
    found = bg.explain_outcome(problem, session)
    (waiting,) = [cost for cost in found.rounds if cost.kind == "waiting"]
    assert waiting.party == "landlord"
    assert waiting.cost == pytest.approx(session.utilities[0] - session.discounted_utilities[0])
    assert waiting.round == session.rounds - 1


def test_what_may_not_be_agreed_is_called_that():
    problem = with_constraints(RENTAL, bg.Forbidden({"length": ["2 years"]}))
    found = bg.explain_outcome(problem, RENTAL.space.validate((3900, 2500, "May 1", "2 years")))
    assert not found.is_efficient
    assert found.efficiency is None
    assert "breaks" in found.summary()


def test_without_a_zone_there_is_nothing_to_leave():
    found = bg.explain_outcome(one_choice([[1, 1]], [2, 2]), None)
    assert (found.ideal, found.nash, found.efficiency) == (None, None, None)
    assert "no zone of agreement" in str(found)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("a deal", "result: expected a session, an outcome"),
        (3, "result: expected a session, an outcome"),
        ([3], r"result\[0\]: expected an offer"),
        ({"rent": 1}, "expected"),
        ([{"party": "tenant", "outcome": "all"}], r"result\[0\]: "),
    ],
)
def test_what_is_no_result_is_refused(result, message):
    with pytest.raises(bg.BargainError, match=message):
        bg.explain_outcome(RENTAL, result)


def test_what_is_said_beside_offers_is_passed_over():
    deal = {"rent": 3500, "deposit": 500, "start": "June 1", "length": "1 year"}
    claims = [{"kind": "limit", "text": "It is all I can do."}]
    told = [{"party": "tenant", "claims": claims}, {"party": "landlord", "outcome": deal}]
    plain = bg.explain_outcome(RENTAL, told[1:])
    assert bg.explain_outcome(RENTAL, told) == plain
    assert bg.explain_outcome(RENTAL, history_from_json(json.dumps(told))) == plain
    nonsense = [*told, {"party": "tenant", "outcome": "all of it"}, told[0]]
    with pytest.raises(bg.InvalidArgumentError, match=r"^result\[2\]: "):
        bg.explain_outcome(RENTAL, nonsense)


def test_what_was_left_where_a_curved_price_hangs_on_a_choice():
    issues = [bg.Issue.continuous("price", 0, 1), bg.Issue.choice("days", [30, 60])]
    problem = bg.BargainingProblem(
        issues,
        {
            "x": bg.AdditiveUtility({"price": bg.Power(1, 0, 0.9), "days": {30: 0, 60: 0.3}}),
            "y": bg.AdditiveUtility({"price": bg.Power(0, 1, 0.9), "days": {30: 0.2, 60: 0.1}}),
        },
        disagreement_point=(0.1, 0.1),
        constraints=[bg.Implication({"days": 60}, {"price": {"at_least": 0.4}})],
    )
    for price in (0.3, 0.55, 0.7):
        utilities = problem.evaluate((price, 30))
        found = bg.explain_outcome(problem, {"price": price, "days": 30})
        for i in (0, 1):
            best = bg.best_offer(problem, party=1 - i, at_least=float(utilities[1 - i]))
            more = problem.evaluate(best)[i] - utilities[i]
            assert found.left[i] == pytest.approx(more, abs=1e-5)
