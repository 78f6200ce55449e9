"""Anchors that follow policies which look at the other side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.adapters.negmas import Guest
from bargain.play.turn import Answer
from tests.problems import additive_problems

RENTAL = bg.load("rental")


@dataclass(frozen=True)
class Mirror:
    """Concede as much as the other side has, counting in `memory`; leave when it goes back."""

    patience: int = 3

    def act(self, turn):
        worths = [turn.utility(row) for row in turn.received]
        back = sum(b < a for a, b in pairwise(worths))
        if back > self.patience:
            return Answer.LEAVE
        turn.memory["calls"] = turn.memory.get("calls", 0) + 1
        moved = max(worths[-1] - worths[0], 0.0) if worths else 0.0
        given_up = moved + 0.002 * turn.memory["calls"] * turn.view.best
        asked = max(turn.view.best - given_up, turn.view.reservation)
        if turn.is_answer:
            return Answer.ACCEPT if worths[-1] >= asked else Answer.REJECT
        return int(turn.view.order[np.searchsorted(turn.view.ascending, asked)])


@dataclass(frozen=True)
class Dice:
    def act(self, turn):
        turn.draw()
        return Answer.REJECT if turn.is_answer else int(turn.view.order[-1])


COMBINED = bg.accept_combined(0.7)
RESPONSIVE = {
    **{name: name for name in bg.packaged_policies()},
    "tit_for_tat": "tit_for_tat",
    "absolute": bg.TitForTat("absolute"),
    "averaged": bg.TitForTat("averaged", delay=2),
    "micro": "micro",
    "nice_tit_for_tat": "nice_tit_for_tat",
    "trade_off": "trade_off",
    "modelled": bg.TradeOff(by=bg.BayesianModel(), acceptance=bg.AcceptPrevious(offset=0.05)),
    "looks_back": bg.TimeDependent(beta=0.5, acceptance=COMBINED),
    "matching": bg.Adaptive(floor=0.9, matching=3.0, reciprocity=0.5, patience=2, final=0.3),
    "scripted": bg.Scripted([600, 500, 624, 30]),
    "mirror": Mirror(),
}
OTHERS = ("boulware", "linear", "tit_for_tat", "micro", "random")


def as_named(policy):
    return bg.policy_from_name(policy) if isinstance(policy, str) else policy


def outcome_of(package):
    return {term.issue: term.value for term in package.terms}


def expected_targets(policy, problem, party, session):
    """What the policy held out for in its own rounds: what it offered, MiCRO the least of it."""
    line, least, found = float(problem.disagreement_point[party]), np.inf, {}
    for k, offer in enumerate(session.offers):
        if offer.party == problem.parties[party]:
            worth = float(problem.evaluate(offer.outcome)[party])
            least = min(least, worth)
            found[k] = max(least if isinstance(policy, bg.MiCRO) else worth, line)
    return found


def check_replay(problem, policy, party, other, deadline, first, seed=5, **options):
    """Hold what an anchor says after each round of a session against what its policy did."""
    policies = [other, other]
    policies[party] = policy
    session = bg.alternating_offers(problem, policies, deadline=deadline, first=first, seed=seed)
    anchor = bg.Anchor(problem, party=party, policy=policy, deadline=deadline, **options)
    name = problem.parties[party]
    targets = expected_targets(as_named(policy), problem, party, session)
    line = problem.disagreement_point[party]
    compared = 0
    for i in range(len(session.offers) + 1):
        history = session.offers[:i]
        if history[-1].party == name if history else first != party:
            continue
        advice = anchor.advise(history)
        is_over = i == len(session.offers)
        accepted = is_over and session.agreement is not None
        assert ("offer_meets_policy" in advice.reasons) == accepted, (i, advice)
        if accepted:
            assert advice.decision == "accept"
            assert advice.private.target <= problem.evaluate(history[-1].outcome)[party]
        elif is_over:
            assert advice.decision == "walk"
            left = session.ended == "walk_away" and session.left_by == name
            walks = {"policy_walks_away", "nothing_at_or_above_reservation"} & set(advice.reasons)
            assert bool(walks) == left or not problem.utilities()[:, party].max() >= line
        elif advice.decision == "counter":
            assert advice.private.target == targets[i], (i, advice)
            assert min(advice.private.package_values) >= targets[i]
            compared += 1
        else:
            # an own offer that comes back is taken whatever the policy says
            assert advice.reasons == ("returns_own_offer",)
    return compared


@pytest.mark.parametrize("name", RESPONSIVE)
def test_an_anchor_does_what_its_policy_does_round_by_round(name):
    compared = 0
    for party in (0, 1):
        for k, other in enumerate(OTHERS):
            compared += check_replay(RENTAL, RESPONSIVE[name], party, other, 11, first=k % 2)
    assert compared > 20


@settings(max_examples=60, deadline=None)
@given(
    problem=additive_problems(),
    policy=st.builds(
        bg.Adaptive,
        beta=st.sampled_from([0.2, 1.0, 3.0]),
        floor=st.sampled_from([0.0, 0.5, 1.0]),
        reciprocity=st.sampled_from([0.0, 0.3, 1.0]),
        matching=st.sampled_from([0.0, 0.5, 1.0, 2.5]),
        patience=st.integers(0, 3),
        by=st.sampled_from(["closest", "known", "similarity", "hardheaded", "smith"]),
        acceptance=st.sampled_from([bg.AcceptNext(), bg.AcceptNext(1.2, 0.05), COMBINED]),
    ),
    other=st.sampled_from(["conceder", "linear", "micro", "tit_for_tat"]),
    deadline=st.integers(1, 9),
    seats=st.tuples(st.integers(0, 1), st.integers(0, 1)),
)
def test_anchors_follow_adaptive_policies_over_any_problem(problem, policy, other, deadline, seats):
    check_replay(problem, policy, seats[0], other, deadline, first=seats[1])


@pytest.mark.parametrize("name", ["buyer-short-tough", "seller-long-tough", "tit_for_tat", "micro"])
def test_what_was_offered_instead_moves_nothing(name):
    """What counts as sent is what the policy would have offered, not the packages."""
    session = bg.alternating_offers(RENTAL, ("boulware", name), deadline=12, seed=1)
    anchor = bg.Anchor(RENTAL, party="tenant", policy=name, deadline=12)
    mine = []
    for i in range(1, len(session.offers), 2):
        theirs = [offer for offer in session.offers[:i] if offer.party == "landlord"]
        given_ = sorted([*theirs, *mine], key=lambda offer: offer.round)
        plain, other = anchor.advise(session.offers[:i]), anchor.advise(given_)
        for field in ("target", "next_targets", "offer_value"):
            assert getattr(plain.private, field) == getattr(other.private, field)
        if other.decision != "counter":
            break
        mine.append(bg.Offer("tenant", outcome_of(other.public.packages[-1]), round=i))
    assert len(mine) > 1


def test_advice_is_a_function_of_the_history():
    anchor = bg.Anchor(RENTAL, party="tenant", policy=Mirror(), deadline=12)
    session = bg.alternating_offers(RENTAL, ("conceder", Mirror()), deadline=12)
    texts = [anchor.advise(session.offers[:5]).to_json() for _ in range(3)]
    anchor.advise(session.offers[:3])
    again = replace(anchor).advise(session.offers[:5]).to_json()
    assert {*texts, again} == {texts[0]}


def test_next_targets_are_those_without_another_offer():
    policy = bg.Adaptive(floor=0.2, reciprocity=0.5)
    session = bg.alternating_offers(RENTAL, ("boulware", policy), deadline=20)
    history = session.offers[:5]
    anchor = bg.Anchor(RENTAL, party="tenant", policy=policy, deadline=20)
    said = anchor.advise(history)
    # the last offer once more is no new offer
    repeated = [*history, session.offers[5], bg.Offer("landlord", history[-1].outcome, round=6)]
    assert said.private.next_targets[0] == anchor.advise(repeated).private.target
    assert len(said.private.next_targets) == 3
    assert said.private.continuation is not None
    held = anchor.advise(session.offers[:4])
    assert held.decision == "hold"
    assert len(held.private.next_targets) == 3


def test_offers_that_cannot_be_agreed_are_not_heard():
    policy = bg.TitForTat()
    good, poor = ({"rent": rent, "deposit": 2500, "start": "May 1", "length": "1 year"}
                  for rent in (3500, 3900))  # fmt: skip
    limits = bg.Limits(forbidden=[{"length": "2 years"}])
    anchor = bg.Anchor(RENTAL, party="tenant", policy=policy, deadline=30, limits=limits)
    forbidden = {"rent": 3100, "deposit": 500, "start": "July 1", "length": "2 years"}
    heard = [bg.Offer("landlord", poor, round=0), bg.Offer("landlord", good, round=4)]
    other = [heard[0], {"party": "landlord", "outcome": "nothing", "round": 1},
             bg.Offer("landlord", forbidden, round=2), heard[1]]  # fmt: skip
    plain, told = anchor.advise(heard), anchor.advise(other)
    assert plain.private.target == told.private.target
    last = anchor.advise(other[:3])
    assert last.reasons[0] == "offer_beyond_limits"
    assert last.decision == "counter"


def test_the_limits_bind_whatever_the_policy_returns():
    policy = bg.Adaptive(floor=1.0, reciprocity=5.0)
    limits = bg.Limits(largest_concession=100)
    anchor = bg.Anchor(RENTAL, party="tenant", policy=policy, deadline=30, limits=limits)
    offers = [(3900, 2500, "May 1", "2 years"), (3500, 1000, "May 15", "6 months")]
    opening = anchor.advise([bg.Offer("landlord", offers[0])])
    mine = bg.Offer("tenant", outcome_of(opening.public.packages[0]))
    history = [bg.Offer("landlord", offers[0]), mine, bg.Offer("landlord", offers[1])]
    free = replace(anchor, limits=bg.Limits()).advise(history)
    bound = anchor.advise(history)
    assert free.decision == "accept"
    assert bound.reasons[:2] == ("offer_beyond_limits", "largest_concession_reached")
    assert min(bound.private.package_values) >= opening.private.package_values[0] - 100


def test_a_clock_moves_policies_that_respond():
    clock = bg.Clock.lasting("2026-03-01T09:00:00Z", hours=10)
    policy = bg.Adaptive(reciprocity=0.2, patience=5, acceptance=COMBINED)
    poor = bg.Offer("landlord", (3900, 2500, "May 1", "2 years"))
    for deadline in (None, 40):
        anchor = bg.Anchor(RENTAL, party="tenant", policy=policy, deadline=deadline, clock=clock)
        targets = [
            anchor.advise([poor], f"2026-03-01T{hour}:00:00Z").private.target
            for hour in ("10", "14", "18")
        ]
        gain = RENTAL.utilities()[:, 1].max()
        assert targets == sorted(targets, reverse=True)
        assert targets[1] == pytest.approx(gain * 0.5, abs=60)


def test_times_of_the_past_are_those_said():
    clock = bg.Clock.lasting("2026-03-01T09:00:00Z", hours=10)
    policy = bg.TimeDependent(acceptance=bg.AcceptPrevious())
    anchor = bg.Anchor(RENTAL, party="tenant", policy=policy, clock=clock)
    best = bg.best_offer(RENTAL, party="tenant", at_least=3000)
    middle = bg.best_offer(RENTAL, party="tenant", at_least=1200)

    def decided(own_at):
        entries = [
            {"party": "tenant", "outcome": dict(best), "at": own_at},
            {"party": "landlord", "outcome": dict(middle), "at": "2026-03-01T18:30:00Z"},
        ]
        return anchor.advise(entries, "2026-03-01T18:30:00Z").decision

    # what its policy would have offered at nine was its best, and little at six
    assert decided("2026-03-01T09:00:00Z") == "counter"
    assert decided("2026-03-01T18:00:00Z") == "accept"


def big(n_issues=9, values=8):
    rng = np.random.default_rng(3)
    issues = [bg.Issue.choice(f"i{k}", [f"v{j}" for j in range(values)]) for k in range(n_issues)]
    tables = [
        {issue.name: dict(zip(issue.values, rng.integers(0, 60, values).tolist(), strict=True))
         for issue in issues}
        for _ in range(2)
    ]  # fmt: skip
    return bg.BargainingProblem(
        issues, {"a": bg.AdditiveUtility(tables[0]), "b": bg.AdditiveUtility(tables[1])}
    )


def test_micro_is_followed_where_outcomes_cannot_be_listed():
    problem = big()
    assert problem.space.size > 10**8
    assert check_replay(problem, "micro", 1, "micro", 15, first=0) > 5


@pytest.mark.parametrize("name", ["buyer-long-tough", "seller-short-tough"])
def test_packaged_policies_are_followed_where_outcomes_cannot_be_listed(name):
    problem = big()
    policy = replace(bg.policy_from_name(name), by="closest")
    anchors = [bg.Anchor(problem, party="b", policy=each, deadline=21) for each in (name, policy)]
    session = bg.alternating_offers(problem, ("conceder", "hardliner"), deadline=21)
    for i in range(1, 20, 4):
        advice, plain = (each.advise(session.offers[:i]) for each in anchors)
        assert advice.to_json() == plain.to_json()
        worths = [problem.evaluate(o.outcome)[1] for o in session.offers[:i] if o.party == "a"]
        best = advice.private.best
        number = i if advice.decision == "counter" else i - 1
        share = policy.aspirations(np.arange(21) / 20)[min(number, 20)]
        share -= policy.reciprocity * max(worths[-1] - worths[0], 0) / best
        if advice.decision == "counter":
            # in steps of a thousandth of the gain, and matching takes it down a few outcomes
            assert advice.private.target == pytest.approx(share * best, abs=0.006 * best)


@pytest.mark.parametrize(
    "policy", ["tit_for_tat", "trade_off", "buyer-short-cooperative", Mirror(), "seller-long-tough"]
)
def test_continuous_contracts_are_followed_on_levels(policy):
    problem = bg.load("supply_contract")
    anchor = bg.Anchor(problem, party="buyer", policy=policy, deadline=9)
    low = problem.space.sample(40, seed=2)
    low.sort(key=lambda outcome: problem.evaluate(outcome)[0])
    history, targets = [], []
    for step, outcome in enumerate((low[0], low[10], low[20])):
        history.append(bg.Offer("supplier", outcome, round=2 * step))
        advice = anchor.advise(history)
        if advice.decision != "counter":
            break
        targets.append(advice.private.target)
        package = outcome_of(advice.public.packages[0])
        assert problem.evaluate(package)[0] >= advice.private.target - 1e-9
        history.append(bg.Offer("buyer", package, round=2 * step + 1))
    assert targets


def test_offers_off_the_grid_are_heard_at_their_own_worth():
    issues = [bg.Issue.continuous("price", 0, 10), bg.Issue.choice("gift", ["no", "yes"])]
    seller = bg.AdditiveUtility({"price": bg.Linear(0, 1), "gift": {"no": 0.3}})
    buyer = bg.AdditiveUtility({"price": bg.Linear(1, 0), "gift": {"yes": 0.5}})
    problem = bg.BargainingProblem(issues, {"seller": seller, "buyer": buyer})
    for policy in ("seller-short-tough", "nice_tit_for_tat", bg.TradeOff(by=bg.BayesianModel()),
                   bg.TitForTat(), Mirror()):  # fmt: skip
        anchor = bg.Anchor(problem, party="seller", policy=policy, deadline=10, grid=5)
        said = [bg.Offer("buyer", {"price": p, "gift": "yes"}, round=r)
                for p, r in ((0.234, 0), (0.345, 2))]  # fmt: skip
        assert anchor.advise(said).decision == "counter"
    tit_for_tat = bg.Anchor(problem, party="seller", policy=bg.TitForTat(), deadline=10, grid=101)
    held = [bg.Offer("seller", {"price": 10, "gift": "no"}, round=1)]
    advice = tit_for_tat.advise([said[0], *held, said[1]])
    best = advice.private.best
    before, after = (problem.evaluate(each.outcome)[0] / best for each in said)
    asked = best * (1 - after) / (1 - before)
    assert asked <= advice.private.target < asked + 0.02


@pytest.mark.parametrize(
    "policy",
    [
        "random",
        bg.TitForTat("absolute", noise=0.1),
        bg.Mixture(["linear", "boulware"]),
        Guest(object),
    ],
)
def test_policies_that_draw_are_refused(policy):
    with pytest.raises(bg.InvalidArgumentError, match=r"^policy: expected a policy that does not"):
        bg.Anchor(RENTAL, party="tenant", policy=policy, deadline=9)


def test_a_draw_of_a_policy_of_ones_own_is_refused_when_it_is_made():
    anchor = bg.Anchor(RENTAL, party="tenant", policy=Dice(), deadline=9)
    with pytest.raises(bg.InvalidArgumentError, match=r"what tenant says in round 0.*drawn"):
        anchor.advise()


@pytest.mark.parametrize("policy", ["nice_tit_for_tat", bg.Scripted([{"price": 1}]), "micro"])
def test_policies_that_need_outcomes_are_refused_on_levels(policy):
    problem = bg.load("supply_contract")
    with pytest.raises(bg.UnsupportedProblemError, match=r"policy: .*\(grid=\)"):
        bg.Anchor(problem, party="buyer", policy=policy, deadline=9)


def test_three_parties_follow_too():
    issues = [bg.Issue.choice(f"i{k}", list("abcd")) for k in range(3)]
    policy = bg.Adaptive(reciprocity=0.4, matching=0.7)
    compared = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        parties = {
            name: bg.AdditiveUtility(
                {i.name: dict(zip("abcd", rng.random(4).tolist(), strict=True)) for i in issues}
            )
            for name in ("p", "q", "r")
        }
        problem = bg.BargainingProblem(issues, parties)
        session = bg.alternating_offers(problem, ["boulware", policy, "boulware"], deadline=15)
        anchor = bg.Anchor(problem, party="q", policy=policy, deadline=15)
        for k, offer in enumerate(session.offers):
            if offer.party == "q":
                advice = anchor.advise(session.offers[:k])
                assert advice.private.target == problem.evaluate(offer.outcome)[1]
                compared += 1
    assert compared > 8


def test_levels_and_a_fine_grid_ask_the_same():
    """A policy asks on levels about what it asks where outcomes are listed."""
    problem = bg.load("supply_contract")
    policy = bg.Adaptive(floor=0.3, reciprocity=0.6)
    low = sorted(problem.space.sample(30, seed=2), key=lambda o: problem.evaluate(o)[0])
    history = [bg.Offer("supplier", low[0], round=0), bg.Offer("supplier", low[8], round=2)]
    levels, listed = (
        bg.Anchor(problem, party="buyer", policy=policy, deadline=20, grid=grid).advise(history)
        for grid in (None, 60)
    )
    assert levels.decision == listed.decision == "counter"
    gain = levels.private.best - levels.private.reservation
    assert levels.private.target == pytest.approx(listed.private.target, abs=0.01 * gain)


@pytest.mark.parametrize("policy", ["buyer-short-tough", "tit_for_tat", "micro", Mirror()])
def test_attacks_are_held_off_whatever_the_policy_answers(policy):
    limits = bg.Limits(floor=1500, forbidden=[{"length": "2 years"}], approval_below=1800)
    anchor = bg.Anchor(RENTAL, party="tenant", policy=policy, deadline=9, limits=limits)
    assert anchor.responds
    for result in bg.redteam(anchor):
        assert result.held, result
