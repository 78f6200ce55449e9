"""Utilities that are no sums of issues at the table, in search and in advice.

Where outcomes are listed only what they are worth matters: so all of it must be as on the same
problem said as one choice among all outcomes, which is additive. Beyond, what needs a list of all
outcomes is refused by name, and advice is as good as `best_offer`.
"""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.play import MiCRO, TimeDependent, TitForTat, TradeOff
from bargain.search import evolve

ISSUES = [
    bg.Issue.integer("days", 0, 6),
    bg.Issue.integer("lots", 1, 4),
    bg.Issue.integer("k", 0, 3),
]


def parties():
    regions = bg.HyperRectangleUtility(
        [
            bg.HyperRectangle(5, {"days": {"at_most": 3}, "lots": {"at_least": 2}}),
            bg.HyperRectangle(3, {"k": [1, 3]}),
            bg.HyperRectangle(2, {"days": {"at_least": 5}, "k": 0}, outside=True),
        ],
        scale=4,
    )
    pairs = bg.InteractionUtility(
        bg.AdditiveUtility({"days": bg.Linear(0, 4), "lots": bg.Linear(3, 0)}),
        [bg.Interaction("k", "days", {(0, 6): 2, (1, 2): 1.5, (2, 4): 2.5})],
    )
    own = bg.CallableUtility(lambda days, lots, k: days * 0.7 + np.sqrt(k) - 0.2 * lots)
    return {
        "regions and pairs": (regions, pairs),
        "averse, and averse": (bg.CRRA(regions, 0.5, 1), bg.CARA(pairs, 0.3)),
        "seeking, and a function": (bg.CARA(regions, -0.4), own),
    }


def both(kind):
    """Return the problem, and the same as one choice among all outcomes."""
    first, second = parties()[kind]
    setting = {"disagreement_point": (0.4, 0.3), "discount_factors": (0.98, 1), "costs": (0, 0.01)}
    problem = bg.BargainingProblem(ISSUES, {"a": first, "b": second}, **setting)
    names = [str(row) for row in range(problem.space.size)]
    tables = {
        party: bg.AdditiveUtility(
            {"row": dict(zip(names, problem.utilities()[:, i].tolist(), strict=True))}
        )
        for i, party in enumerate(problem.parties)
    }
    return problem, bg.BargainingProblem([bg.Issue.choice("row", names)], tables, **setting)


PAIRS = [
    (TimeDependent(beta=0.5), TimeDependent(beta=2.0, floor=0.2)),
    (MiCRO(), TimeDependent(beta=1.0)),
    (TitForTat(), MiCRO()),
]


@pytest.mark.parametrize("kind", list(parties()))
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: type(pair[0]).__name__)
def test_sessions_are_those_over_a_list_of_outcomes(kind, pair):
    problem, same = both(kind)
    found = bg.alternating_offers(problem, pair, deadline=25, seed=1)
    expected = bg.alternating_offers(same, pair, deadline=25, seed=1)
    assert found.offer_rows.tolist() == expected.offer_rows.tolist()
    assert (found.ended, found.rounds) == (expected.ended, expected.rounds)
    assert found.utilities.tolist() == expected.utilities.tolist()
    assert found.discounted_utilities.tolist() == expected.discounted_utilities.tolist()


@pytest.mark.parametrize("kind", list(parties()))
def test_batches_of_sessions_are_those_over_a_list_of_outcomes(kind):
    problem, same = both(kind)
    policies = [TimeDependent(beta=0.3), TimeDependent(beta=3.0), MiCRO(), TitForTat()]
    found = bg.play_sessions(problem, policies, deadline=25, seed=3)
    expected = bg.play_sessions(same, policies, deadline=25, seed=3)
    assert found.results.tolist() == expected.results.tolist()


def test_a_policy_that_trades_off_issues_plays_by_the_rules():
    problem, _ = both("regions and pairs")
    session = bg.alternating_offers(problem, (TradeOff(), TimeDependent(beta=1.0)), deadline=25)
    assert session.ended == "agreement"
    assert (session.gains >= 0).all()
    assert problem.evaluate(session.agreement).tolist() == session.utilities.tolist()


def test_what_evolves_is_what_evolves_over_a_list_of_outcomes():
    pool = [TimeDependent(beta=beta) for beta in (0.3, 1.0, 3.0)]
    given = {"party": "a", "opponents": pool, "deadline": 20, "seed": 7, "evaluations": 600}
    found, expected = (evolve(problem, **given) for problem in both("averse, and averse"))
    assert found.policy == expected.policy
    assert found.to_dict()["train"] == expected.to_dict()["train"]


@pytest.mark.parametrize("kind", list(parties()))
def test_advice_is_the_best_that_a_look_at_every_outcome_finds(kind):
    problem, _ = both(kind)
    anchor = bg.Anchor(problem, party="a", policy=TimeDependent(beta=1.0), deadline=10)
    low = int(np.argmin(problem.utilities()[:, 0]))
    history = [
        bg.Offer("a", problem.space.outcome(0), 0),
        bg.Offer("b", problem.space.outcome(low), 1),
    ]
    advice = anchor.advise(history)
    assert advice.decision == "counter"
    utilities = problem.utilities()
    enough = utilities[utilities[:, 0] >= advice.private.target]
    assert advice.private.package_values[0] >= advice.private.target
    assert advice.private.other_values["b"][0] == enough[:, 1].max()


@pytest.fixture(scope="module")
def huge():
    """Return regions over 10^10 outcomes."""
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(10)]
    profiles = {}
    for party, shift in (("a", 0), ("b", 3)):
        regions = [
            bg.HyperRectangle(
                3 + (k + shift) % 4,
                {
                    f"i{k}": {"at_least": (2 * k + shift) % 7, "at_most": (2 * k + shift) % 7 + 2},
                    f"i{(k + 1) % 10}": {"at_least": shift, "at_most": shift + 4},
                },
            )
            for k in range(10)
        ]
        profiles[party] = bg.HyperRectangleUtility(regions, scale=50, ceiling=1)
    return bg.BargainingProblem(issues, profiles, disagreement_point=(0.1, 0.1))


def test_sessions_and_search_over_too_many_outcomes_are_refused_by_name(huge):
    pair = (TimeDependent(beta=0.5), TimeDependent(beta=2.0))
    message = r"^a session: expected at most 10000000 outcomes.*, got 10000000000$"
    for use in (
        lambda: bg.alternating_offers(huge, pair, deadline=10),
        lambda: bg.play_sessions(huge, pair, deadline=10),
        lambda: evolve(huge, party="a", opponents=pair, deadline=10, seed=1),
    ):
        with pytest.raises(bg.TooLargeError, match=message):
            use()


def test_advice_over_too_many_outcomes_is_as_good_as_the_best_offer(huge):
    anchor = bg.Anchor(huge, party="a", policy=TimeDependent(beta=1.0), deadline=10)
    assert anchor.advise().private.best == pytest.approx(huge.evaluate(most_for_a(huge))[0])
    mine, low = dict(most_for_a(huge)), dict.fromkeys(huge.space.names, 9)
    history = [
        bg.Offer("a", mine, 0),
        bg.Offer("b", low, 1),
        bg.Offer("a", mine, 2),
        bg.Offer("b", low, 3),
    ]
    advice = anchor.advise(history)
    assert advice.decision == "counter"
    target = advice.private.target
    assert 0.1 < target < advice.private.best
    package = {term.issue: term.value for term in advice.public.packages[0].terms}
    mine, theirs = huge.evaluate(package)
    assert mine >= target
    best = huge.evaluate(bg.best_offer(huge, party="a", at_least=target))
    assert theirs == pytest.approx(best[1], abs=1e-9)


def most_for_a(huge):
    alone = bg.BargainingProblem(
        huge.space, {"a": huge.profiles[0].utility, "b": bg.AdditiveUtility({})}
    )
    return bg.utilitarian_solution(alone).outcome


def test_advice_on_a_bent_pie_asks_for_what_is_worth_the_target():
    pie = [bg.Issue.continuous("share", 0, 1)]
    bent = bg.CRRA(bg.AdditiveUtility({"share": bg.Linear(0, 1)}), 0.5)
    other = bg.AdditiveUtility({"share": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(pie, {"a": bent, "b": other})
    given = {"party": "a", "policy": TimeDependent(beta=1.0), "deadline": 10}
    assert bg.Anchor(problem, **given, grid=11).advise().private.package_values[0] == 2.0
    advice = bg.Anchor(problem, **given).advise([bg.Offer("b", (0.01,), round=4)])
    (term,) = advice.public.packages[0].terms
    # share x is worth 2 x^0.5
    assert advice.private.target < 2
    assert term.value == pytest.approx((advice.private.target / 2) ** 2, abs=1e-6)
