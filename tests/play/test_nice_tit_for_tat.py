"""Nice tit-for-tat and trade-offs by a model of one's own, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.play import ENDINGS

NEVER = bg.AcceptAbove(1.0)


class Knowing:
    """A model that was told the worths of one issue or more, each weighing the same."""

    def __init__(self, *worths):
        self.worths = worths
        self.asked = []

    def estimate(self, space, offers, *, times=None):
        self.asked.append((list(offers), list(times)))
        worths = tuple(np.array(given, dtype=float) for given in self.worths)
        return bg.Estimate(space, np.full(len(worths), 1 / len(worths)), worths)


BOB = Knowing(np.linspace(1, 0, 11))


def nice(**changes):
    return bg.NiceTitForTat(BOB, **{"band": 0.0, "acceptance": NEVER, **changes})


def offers_of_ann(pie, policy, *slices, deadline=100, count=None):
    bob = bg.Scripted([[s] for s in slices], NEVER)
    session = bg.alternating_offers(pie, (policy, bob), deadline=deadline)
    rows = session.offer_rows[session.proposers == 0].tolist()
    return rows if count is None else rows[:count]


def test_it_goes_the_part_of_the_way_to_nash_that_the_other_has_gone(pie):
    # from nothing Bob goes 2 of 5 slices on the way to Nash, then 4, then beyond it: Ann goes
    # 2/5 of her way from 10 to 5, then 4/5, then all of it; what he takes back she does not
    assert offers_of_ann(pie, nice(), 0, 2, 4, 1, 7, count=6) == [10, 10, 8, 6, 6, 5]


def test_the_way_begins_where_the_other_opened(pie):
    # he opens with 3 of 5: one slice more is half of what is left
    assert offers_of_ann(pie, nice(), 3, 4, count=3) == [10, 10, 8]  # 7.5 slices at least


def test_who_opens_beyond_nash_is_met_there_at_once(pie):
    assert offers_of_ann(pie, nice(), 6, count=2) == [10, 5]


def test_it_concedes_nothing_to_a_hardliner_but_the_bonus(pie):
    assert offers_of_ann(pie, nice(bonus=0.0), 0, deadline=11) == [10] * 6
    # from t = .5 on, .1, .3 and .5 of the way from 10 to the 0 that he offers
    assert offers_of_ann(pie, nice(bonus_from=0.5), 0, deadline=11) == [10, 10, 10, 9, 7, 5]
    assert offers_of_ann(pie, nice(bonus_from=1.0, bonus=1.0), 0, deadline=11) == [10] * 6


def test_the_floor_holds_against_concession_and_bonus(pie):
    policy = nice(floor=0.8, bonus=1.0, bonus_from=0.0)
    assert min(offers_of_ann(pie, policy, 0, 5, deadline=30)) == 8


def test_what_is_below_the_reservation_counts_as_nothing():
    # Ann has 4 slices without Bob: 0 and 4 are the same to her, and Nash is at 7, half her gain
    pie = bg.BargainingProblem(
        [bg.Issue.integer("slices", 0, 10)],
        {
            "Ann": bg.AdditiveUtility({"slices": bg.Linear(0, 10)}),
            "Bob": bg.AdditiveUtility({"slices": bg.Linear(10, 0)}),
        },
        disagreement_point=[4, 0],
    )
    # 5 is a sixth of her gain, a third of the way: she goes a third of hers, to 5/6
    assert offers_of_ann(pie, nice(), 0, 4, 5, count=4) == [10, 10, 10, 9]


def test_it_offers_what_suits_the_other_best_at_its_target():
    issues = [bg.Issue.choice("a", ["x", "y"]), bg.Issue.integer("b", 0, 4)]
    mine = bg.AdditiveUtility({"a": {"x": 1, "y": 1}, "b": bg.Linear(0, 8)})
    yours = bg.AdditiveUtility({"a": {"y": 5}, "b": bg.Linear(4, 0)})
    problem = bg.BargainingProblem(issues, {"me": mine, "you": yours})
    model = Knowing([0, 1], [1, 0.75, 0.5, 0.25, 0])
    for policy in (
        bg.NiceTitForTat(model, band=0.0, bonus=0.0, acceptance=NEVER),
        bg.TradeOff(bg.TimeDependent(floor=1), model, acceptance=NEVER),
    ):
        chosen = (policy, bg.Scripted([["x", 0]], NEVER))
        session = bg.alternating_offers(problem, chosen, deadline=6)
        # x and y are the same to me; y is better for you, which the model is asked about once
        # there are offers
        made = [offer.outcome["a"] for offer in session.offers if offer.party == "me"]
        assert made == ["x", "y", "y"]


def test_a_model_of_ones_own_is_asked_once_an_offer_with_its_time(pie):
    model = Knowing(np.linspace(1, 0, 11))
    chosen = (bg.NiceTitForTat(model), bg.Scripted([[0], [1], [2]], NEVER))
    bg.alternating_offers(pie, chosen, deadline=7)
    assert model.asked == [
        ([0], [1 / 6]),
        ([0, 1], [1 / 6, 3 / 6]),
        ([0, 1, 2], [1 / 6, 3 / 6, 5 / 6]),
    ]


def test_a_model_that_returns_something_else_is_named(pie):
    class Wrong:
        def estimate(self, space, offers, *, times=None):
            return np.zeros(11)

    with pytest.raises(InvalidArgumentError, match="an Estimate"):
        bg.alternating_offers(pie, (bg.NiceTitForTat(Wrong()), "linear"), deadline=5)


@pytest.mark.parametrize("deadline", [0, 1, 2, 60])
def test_sessions_played_at_once_are_those_played_one_by_one(deadline):
    rental = bg.load("rental")
    flat = Knowing(*[np.zeros(int(issue.size)) for issue in rental.space.issues])
    policies = [
        "nice_tit_for_tat",
        bg.NiceTitForTat(flat),
        bg.TradeOff(by=bg.BayesianModel()),
        "trade_off",
    ]
    meetings = np.indices((4, 4)).reshape(2, -1).T
    found = bg.play_sessions(rental, policies, meetings, deadline=deadline)
    for result, (i, j) in zip(found, meetings, strict=True):
        session = bg.alternating_offers(rental, (policies[i], policies[j]), deadline=deadline)
        assert ENDINGS[result["ended"]] == session.ended
        agreed = session.ended == "agreement"
        assert result["row"] == (session.offer_rows[-1] if agreed else -1)


def test_two_of_them_meet_near_nash_on_a_lease():
    rental = bg.load("rental")
    session = bg.alternating_offers(rental, ["nice_tit_for_tat"] * 2, deadline=100)
    nash = bg.nash_solution(rental).utilities
    assert session.ended == "agreement"
    assert np.prod(session.utilities) > 0.9 * np.prod(nash)


def test_three_parties_can_play_it():
    issues = [bg.Issue.integer(f"i{j}", 0, 2) for j in range(3)]
    parties = {
        f"p{i}": bg.AdditiveUtility({f"i{j}": bg.Linear(0, 1 + (i == j)) for j in range(3)})
        for i in range(3)
    }
    problem = bg.BargainingProblem(issues, parties)
    session = bg.alternating_offers(problem, ["nice_tit_for_tat"] * 3, deadline=20)
    assert session.agreement == {"i0": 2, "i1": 2, "i2": 2}


class Listed:
    """A utility that is a list, without any structure."""

    def __init__(self, utilities):
        self.listed = utilities

    def check(self, space):
        assert len(self.listed) == len(space)

    def utilities(self, space):
        return self.listed

    def evaluate(self, space, outcome):
        return float(self.listed[space.row(outcome)])

    def form(self, space):
        return None


def slow_nice(problem, seat, policy, rows, proposers, time):
    """What nice tit-for-tat offers: its docstring, outcome by outcome."""
    u = problem.utilities()[:, seat].tolist()
    r, best = float(problem.disagreement_point[seat]), max(u)
    share = [(x - r) / (best - r) if best > r else 0.0 for x in u]

    def at_least(target):
        least = r + target * (best - r) - 1e-12 * max(abs(r), abs(best))
        return min((x, row) for row, x in enumerate(u) if x >= least and x >= r)[1]

    received = [row for row, by in zip(rows, proposers, strict=True) if by != seat]
    if not received:
        return at_least(1.0)
    v = policy.model.estimate(problem.space, received).utilities().tolist()
    low, high = min(v), max(v)
    product = [
        max(s, 0.0) * ((w - low) / (high - low) if high > low else 0.0)
        for s, w in zip(share, v, strict=True)
    ]
    nash = max(s for s, p in zip(share, product, strict=True) if p == max(product))
    worth = [max(share[row], 0.0) for row in received]
    first, top = worth[0], max(worth)
    target = 1 - (min((top - first) / (nash - first), 1) if first < nash else 1) * (1 - nash)
    if time > policy.bonus_from and top < target:
        grown = policy.bonus * (time - policy.bonus_from) / (1 - policy.bonus_from)
        target -= grown * (target - top)
    start = at_least(min(max(target, policy.floor), 1.0))
    level = [
        row
        for row in range(len(u))
        if u[row] >= u[start] and share[row] <= share[start] + policy.band
    ]
    return max(level, key=lambda row: (v[row], -u[row], -row))


@settings(max_examples=40)
@given(
    n_parties=st.integers(2, 3),
    deadline=st.integers(1, 14),
    reservation=st.sampled_from([-4.0, 0.0, 2.0, "best"]),
    model=st.sampled_from([bg.FrequencyModel(), bg.FrequencyModel("smith"), bg.BayesianModel()]),
    shares=st.tuples(*[st.sampled_from([0.0, 0.1, 0.5, 1.0])] * 4),
    seed=st.integers(0, 2**32),
)
def test_nice_tit_for_tat_offers_what_its_rule_says(
    n_parties, deadline, reservation, model, shares, seed
):
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 4, size=3).tolist()
    utilities = generator.integers(-2, 6, size=(int(np.prod(sizes)), n_parties)).astype(float)
    d = utilities.min(axis=0)
    d[0] = utilities[:, 0].max() if reservation == "best" else reservation
    # nothing reaches the reservation: it walks away, which other tests see to
    d[0] = min(d[0], utilities[:, 0].max())
    space = bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, k - 1) for j, k in enumerate(sizes)])
    parties = {f"p{i}": Listed(utilities[:, i]) for i in range(n_parties)}
    problem = bg.BargainingProblem(space, parties, disagreement_point=d)
    policy = bg.NiceTitForTat(model, *shares, NEVER)
    others = [
        bg.Scripted(
            [space.outcome(int(row)) for row in generator.integers(len(space), size=6)], NEVER
        )
        for _ in range(n_parties - 1)
    ]
    session = bg.alternating_offers(problem, (policy, *others), deadline=deadline)
    rows, proposers = session.offer_rows.tolist(), session.proposers.tolist()
    for i, seat in enumerate(proposers):
        if seat == 0:
            time = float(session.schedule[i])
            expected = slow_nice(problem, 0, policy, rows[:i], proposers[:i], time)
            assert rows[i] == expected


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model": "bayesian"}, "model"),
        ({"model": bg.BayesianModel}, "model"),
        ({"bonus": -0.1}, "bonus"),
        ({"bonus": float("nan")}, "bonus"),
        ({"bonus_from": 1.5}, "bonus_from"),
        ({"band": float("inf")}, "band"),
        ({"floor": 2}, "floor"),
        ({"acceptance": 0.5}, "acceptance"),
    ],
)
def test_parameters_out_of_range_are_named(changes, says):
    with pytest.raises(InvalidArgumentError, match=says):
        bg.NiceTitForTat(**changes)
