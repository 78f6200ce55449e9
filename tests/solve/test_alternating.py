"""Alternating offers with fixed costs, outside options and a risk that talks break down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.problems import one_choice, whole_utilities

BENT = [(0, 2), (2, 1), (3, 0)]
"""A frontier of two edges, of slopes -1/2 and -1."""


@pytest.fixture(scope="module")
def dollar():
    return bg.load("divide_the_dollar")


@pytest.mark.parametrize(("c1", "c2"), [(0.1, 0.2), (0.1, 0.1000001), (0, 0.3), (1e-9, 1), (5, 7)])
def test_who_pays_less_takes_all_when_it_proposes_first(dollar, c1, c2):
    # Rubinstein 1982: c1 < c2
    solution = bg.rubinstein_solution(dollar, costs=(c1, c2))
    assert solution.utilities.tolist() == pytest.approx([1, 0], abs=1e-12)
    assert solution.certificate.note == ""


@pytest.mark.parametrize(("c1", "c2"), [(0.2, 0.1), (0.1000001, 0.1), (0.3, 0), (1, 1e-9), (7, 1)])
def test_who_pays_more_takes_the_cost_of_the_other_when_it_proposes_first(dollar, c1, c2):
    # Rubinstein 1982: c1 > c2: party 1 takes c2
    solution = bg.rubinstein_solution(dollar, costs=(c1, c2))
    assert solution.utilities.tolist() == pytest.approx([c2, 1 - c2], abs=1e-12)
    proposals = solution.certificate.evidence["proposals"]
    assert proposals[dollar.parties[1]] == pytest.approx([0, 1], abs=1e-12)
    # the same game seen from the other seat: party 2, who pays less, proposes first
    other = bg.rubinstein_solution(dollar, costs=(c1, c2), first=1)
    assert other.utilities.tolist() == pytest.approx([0, 1], abs=1e-12)


@pytest.mark.parametrize("cost", [1e-9, 0.01, 0.1, 1 / 3, 0.9])
@pytest.mark.parametrize("first", [0, 1])
def test_equal_costs_leave_any_share_from_the_cost_to_all(dollar, cost, first):
    # Rubinstein 1982: c1 = c2 = c: any share in [c, 1]
    solution = bg.rubinstein_solution(dollar, costs=(cost, cost), first=first)
    assert solution.utilities[first] == pytest.approx(1)
    ends = [gains[first] for gains in solution.certificate.evidence["equilibria"]]
    assert sorted(ends) == pytest.approx([cost, 1])
    assert f"any gain of {dollar.parties[first]} from {cost:.6g} to 1" in solution.certificate.note


@pytest.mark.parametrize("cost", [1, 1.5, 1e300])
def test_costs_of_the_whole_dollar_make_the_first_offer_the_last(dollar, cost):
    solution = bg.rubinstein_solution(dollar, costs=(cost, cost))
    assert solution.utilities.tolist() == [1, 0]
    assert solution.certificate.note == ""


def test_small_costs_lead_to_the_best_sum_of_gains_in_units_of_the_costs():
    # derived: the chord of the frontier over [a - c1, a] has slope -c2 / c1 = -0.7, which at
    # the corner (2, 1) between slopes -0.5 and -1 puts 0.4 c1 of it behind the corner
    problem = one_choice(BENT)
    solution = bg.rubinstein_solution(problem, costs=(0.01, 0.007))
    assert solution.utilities == pytest.approx([2.004, 0.996], abs=1e-12)
    solution = bg.rubinstein_solution(problem, costs=(0.01, 0.007), first=1)
    assert solution.utilities == pytest.approx([1.994, 1.003], abs=1e-12)
    assert bg.rubinstein_solution(problem, costs=(1e-9, 0.7e-9)).utilities == pytest.approx([2, 1])


def test_an_edge_as_steep_as_the_costs_is_an_interval_of_equilibria():
    # derived: on the edge from (2, 1) to (3, 0), and only there, both indifferences hold
    problem = one_choice(BENT)
    certificate = bg.rubinstein_solution(problem, costs=(0.25, 0.25)).certificate
    assert certificate.evidence["equilibria"] == [pytest.approx([2.25, 0.75]), [3, 0]]
    certificate = bg.rubinstein_solution(problem, costs=(0.5, 0.25), first=1).certificate
    assert certificate.evidence["equilibria"] == [[0, 2], pytest.approx([1.5, 1.25])]
    # an edge no longer than the cost of a round has no room for it
    assert bg.rubinstein_solution(problem, costs=(1, 1)).certificate.note == ""
    assert bg.rubinstein_solution(problem, costs=(1, 1)).utilities == pytest.approx([3, 0])


def test_parts_of_one_straight_stretch_count_as_one():
    # the dollar in ten issues: ten edges of the same slope, up to rounding
    issues = [bg.Issue.continuous(f"x{i}", 0, 1) for i in range(10)]
    parts = {"a": bg.Linear(0, 0.1), "b": bg.Linear(0.1, 0)}
    problem = bg.BargainingProblem(
        issues,
        {
            name: bg.AdditiveUtility({issue.name: part for issue in issues})
            for name, part in parts.items()
        },
    )
    certificate = bg.rubinstein_solution(problem, costs=(0.3, 0.3)).certificate
    low, high = certificate.evidence["equilibria"]
    assert low == pytest.approx([0.3, 0.7])
    assert high == pytest.approx([1, 0], abs=1e-12)


@pytest.mark.parametrize("cost", [0.1, 0.4])
@pytest.mark.parametrize(("horizon", "share"), [(1, 1), (2, None), (3, 1), (10, None), (11, 1)])
def test_with_equal_costs_the_last_word_takes_one_end_of_the_interval(dollar, cost, horizon, share):
    # derived by backward induction: 1, then 1 - (1 - c) = c, then 1 - (1 - c - c) ... = 1
    solution = bg.rubinstein_solution(dollar, costs=(cost, cost), horizon=horizon)
    assert solution.utilities[0] == pytest.approx(cost if share is None else share)


def test_finite_horizons_with_unequal_costs(dollar):
    # derived: the last proposer (1) takes 1; 2 leaves it 1 - .3; 1 leaves 2 .3 - .1; then .8 - .3
    for horizon, first, share in ((1, 0, 1), (2, 1, 0.7), (3, 0, 0.8), (4, 1, 0.5)):
        solution = bg.rubinstein_solution(dollar, costs=(0.3, 0.1), first=first, horizon=horizon)
        assert solution.utilities[0] == pytest.approx(share)


def test_costs_are_the_problems_by_default_and_replaced_as_a_whole(dollar):
    paid = bg.BargainingProblem(
        dollar.space,
        [
            bg.Party(p.name, p.utility, cost=c)
            for p, c in zip(dollar.profiles, (0.2, 0.1), strict=True)
        ],
    )
    assert bg.rubinstein_solution(paid).utilities == pytest.approx([0.1, 0.9])
    named = dict(zip(paid.parties, (0.1, 0.2), strict=True))
    assert bg.rubinstein_solution(paid, costs=named).utilities == pytest.approx([1, 0])
    # factors are given, so that nobody pays
    assert bg.rubinstein_solution(paid, (0.9, 0.8)).utilities[0] == pytest.approx(
        0.714286, abs=1e-6
    )


def test_one_party_may_discount_while_the_other_pays(dollar):
    # derived: y1 = .9 x1, 1 - x1 = 1 - y1 - c, so x1 = c / (1 - .9)
    solution = bg.rubinstein_solution(dollar, (0.9, 1), costs=(0, 0.05))
    assert solution.utilities[0] == pytest.approx(0.5)
    # and 2 pays so much that it takes whatever there is
    assert bg.rubinstein_solution(dollar, (0.9, 1), costs=(0, 0.2)).utilities.tolist() == [1, 0]


def test_scales_and_fallbacks_do_not_matter_to_what_is_agreed():
    for scale, offset in ((1e300, 0), (1e-300, 0), (1, 1000)):
        points = np.array([(0, 2), (2, 1), (3, 0)]) * scale + offset
        problem = one_choice(points, [offset, offset])
        costs = (0.01 * scale, 0.007 * scale)
        solution = bg.rubinstein_solution(problem, costs=costs)
        assert solution.gains / scale == pytest.approx([2.004, 0.996])
        both = bg.rubinstein_solution(problem, costs=(0.25 * scale,) * 2).certificate
        assert "from" in both.note


@pytest.mark.parametrize("points", [[(1, 1)], [(1, 1), (1, 1)], [(0, 0)], [(2, 0), (2, 0)]])
def test_one_best_point_is_agreed_on_whatever_waiting_costs(points):
    for costs in ((0.1, 0.2), (0.2, 0.1), (0.1, 0.1), (5, 5)):
        for first in (0, 1):
            solution = bg.rubinstein_solution(one_choice(points), costs=costs, first=first)
            assert solution.utilities.tolist() == list(points[0])


@pytest.mark.parametrize(("option", "share"), [(0.3, 0.526316), (0.6, 0.4)])
def test_an_outside_option_binds_only_above_what_bargaining_gives(dollar, option, share):
    # Binmore, Shaked & Sutton 1989: the responder gets max(b, its Rubinstein share)
    solution = bg.rubinstein_solution(dollar, (0.9, 0.9), outside_options=(None, option))
    assert solution.utilities[0] == pytest.approx(share, abs=1e-6)
    named = {dollar.parties[0]: -3, dollar.parties[1]: option}
    again = bg.rubinstein_solution(dollar, (0.9, 0.9), outside_options=named)
    assert again.utilities.tolist() == solution.utilities.tolist()


def test_an_outside_option_is_a_utility_whatever_no_agreement_is_worth():
    # the case b = .6 again, with utilities in units of 10 over a fallback of 5
    problem = one_choice([(15, 5), (5, 15)], [5, 5])
    solution = bg.rubinstein_solution(problem, (0.9, 0.9), outside_options=(None, 11))
    assert solution.utilities == pytest.approx([9, 11])
    assert solution.certificate.evidence["gains_of_leaving"] == [0, 6]


def test_with_a_horizon_the_last_responder_gets_its_outside_option(dollar):
    # derived: last offer by 1 leaves b; before it 2 leaves 1 its .9 (1 - b)
    for horizon, first, share in ((1, 0, 0.7), (2, 1, 0.63), (3, 0, 0.667)):
        solution = bg.rubinstein_solution(
            dollar, (0.9, 0.9), outside_options=(0, 0.3), first=first, horizon=horizon
        )
        assert solution.utilities[0] == pytest.approx(share)


def test_options_that_use_up_the_frontier_leave_one_agreement(dollar):
    for options in ((0.3, 0.7), (0.1, 0.9), (1, 0)):
        for costs in (None, (0.1, 0.1)):
            factors = (0.9, 0.9) if costs is None else None
            solution = bg.rubinstein_solution(dollar, factors, costs=costs, outside_options=options)
            assert solution.utilities == pytest.approx(options)


@pytest.mark.parametrize("options", [(0.5, 0.6), (1.5, None), (None, 2)])
def test_where_leaving_is_better_than_any_agreement_somebody_leaves(dollar, options):
    with pytest.raises(bg.NoAgreementZoneError, match="outside_options"):
        bg.rubinstein_solution(dollar, (0.9, 0.9), outside_options=options)


@pytest.mark.parametrize("risk", [0.5, 0.1, 0.01, 1e-6])
def test_a_risk_of_breakdown_is_impatience(dollar, risk):
    # Binmore, Rubinstein & Wolinsky 1986: as a common discount factor of 1 - p
    solution = bg.rubinstein_solution(dollar, breakdown=risk)
    assert solution.utilities[0] == pytest.approx(1 / (2 - risk))
    both = bg.rubinstein_solution(dollar, (0.8, 0.6), breakdown=0.5)
    assert both.utilities[0] == pytest.approx((1 - 0.3) / (1 - 0.4 * 0.3))


@pytest.mark.parametrize("point", [(0, 0), (1, 0.5), (0, 1.2)])
def test_a_vanishing_risk_of_breakdown_leads_to_the_nash_solution(point):
    # Binmore, Rubinstein & Wolinsky 1986: with d = the point that talks break down to
    problem = one_choice(BENT, point)
    nash = bg.nash_solution(problem, lotteries=True).utilities
    for first in (0, 1):
        found = bg.rubinstein_solution(problem, breakdown=1e-9, first=first).utilities
        assert found == pytest.approx(nash, abs=1e-6)


def test_a_risk_of_breakdown_among_three_is_impatience_too():
    # Osborne & Rubinstein 1990, 3.13 with d = 1 - p
    solution = bg.rubinstein_solution(one_choice(np.eye(3)), breakdown=0.1)
    assert solution.utilities == pytest.approx(np.array([1, 0.9, 0.9]) / 2.8)
    assert solution.certificate.evidence["breakdown"] == 0.1
    assert solution.certificate.evidence["discount_factors"] == [1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"costs": (0.1,)}, "costs: expected 2 numbers"),
        ({"costs": (0.1, -0.1)}, r"costs\[1\]: expected a finite number >= 0, got -0.1"),
        ({"costs": (float("nan"), 0.1)}, r"costs\[0\]: expected a finite number >= 0, got nan"),
        ({"costs": (0, 0)}, "expected at least one below 1"),
        ({"costs": (0.1, 0), "discount_factors": (0.9, 1)}, "a discount factor or a cost"),
        ({"outside_options": (0.3, 0.3)}, "expected at least one below 1"),
        ({"costs": (1, 1), "outside_options": (0.3,)}, "outside_options: expected 2 numbers"),
        ({"costs": (1, 1), "outside_options": (0, float("nan"))}, r"outside_options\[1\]"),
        ({"costs": (1, 1), "outside_options": (0, 1e308)}, r"outside_options\[1\]: .* utility up"),
        ({"breakdown": 0}, "a risk of breakdown"),
        ({"breakdown": 1}, r"breakdown: expected a probability in \[0, 1\), got 1"),
        ({"breakdown": -0.1}, "breakdown: expected a finite number >= 0"),
        ({"breakdown": "x"}, "breakdown: expected a finite number >= 0"),
    ],
)
def test_games_that_make_no_sense_are_refused(dollar, arguments, message):
    with pytest.raises(bg.InvalidArgumentError, match=message):
        bg.rubinstein_solution(dollar, **arguments)


def test_costs_over_a_session_mean_nothing_in_a_game_by_rounds(dollar):
    parties = [bg.Party(p.name, p.utility, cost=0.1, cost_per="session") for p in dollar.profiles]
    paid = bg.BargainingProblem(dollar.space, parties)
    with pytest.raises(bg.InvalidArgumentError, match="costs: expected values per round"):
        bg.rubinstein_solution(paid)


def test_costs_and_outside_options_are_for_two_parties():
    three = one_choice(np.eye(3))
    for arguments in ({"costs": (0.1,) * 3}, {"outside_options": (0.1,) * 3}):
        with pytest.raises(bg.UnsupportedProblemError, match="two parties"):
            bg.rubinstein_solution(three, breakdown=0.1, **arguments)


# Any lottery over few outcomes, looked at pair by pair; nothing of the library is used.


def most_for(other, points, least):
    """Return the most `other` can gain by a lottery that gives the one at least so much."""
    one = 1 - other
    best = -np.inf
    for p in points:
        for q in points:
            if p[one] >= least:
                best = max(best, p[other])
            elif q[one] > least:
                share = (least - p[one]) / (q[one] - p[one])
                best = max(best, p[other] + share * (q[other] - p[other]))
    return best


@st.composite
def games(draw):
    points = draw(whole_utilities(max_outcomes=6))
    preference = [draw(st.sampled_from(["factor", "cost"])) for _ in range(2)]
    factors = [draw(st.sampled_from([0.5, 0.9])) if p == "factor" else 1 for p in preference]
    costs = [draw(st.sampled_from([0.5, 1, 2])) if p == "cost" else 0 for p in preference]
    options = [draw(st.sampled_from([0, 0, 0.5, 2])) for _ in range(2)]
    return points, factors, costs, options, draw(st.sampled_from([0, 0, 0.25]))


def solved(game, **arguments):
    points, factors, costs, options, risk = game
    try:
        return bg.rubinstein_solution(
            one_choice(points),
            factors,
            costs=costs,
            outside_options=options,
            breakdown=risk,
            **arguments,
        )
    except bg.NoAgreementZoneError:
        # right if no lottery gives both what they have otherwise
        assert not most_for(1, points, options[0]) >= options[1] + 1e-9
        assume(False)


def answering(game):
    """Return what refusing is worth, and the best reply to it, from the definitions."""
    points, factors, costs, options, risk = game

    def refused(i, gain):
        return max((1 - risk) * (factors[i] * gain - costs[i]), options[i])

    return refused, lambda i, least: most_for(i, points, least)


@settings(max_examples=150)
@given(games())
def test_no_equilibrium_lies_outside_the_ends_and_all_between_are_equilibria(game):
    solution = solved(game)
    evidence = solution.certificate.evidence
    ends = evidence.get("equilibria", [solution.gains.tolist()] * 2)
    low, high = ends[0][0], ends[1][0]
    refused, most = answering(game)

    def response(gain):
        """What the first gains by the best offer that the second accepts, given its own next."""
        return most(0, refused(1, most(1, refused(0, gain))))

    assert solution.gains[0] == pytest.approx(high)
    options = game[3]
    for gain in np.linspace(low, high, 4):
        assert response(gain) == pytest.approx(gain, abs=1e-9)
    worst = most(0, most(1, options[0]))
    for share in (0, 0.3, 0.8, 0.99):
        above = most(0, options[1]) + share * (high - most(0, options[1]))
        if above > high + 1e-6:
            assert response(above) < above
        below = worst + share * (low - worst)
        if below < low - 1e-6:
            assert response(below) > below


@settings(max_examples=100)
@given(games(), st.integers(1, 5), st.integers(0, 1))
def test_backward_induction_is_that_of_the_definitions(game, horizon, first):
    solution = solved(game, horizon=horizon, first=first)
    refused, most = answering(game)
    waiting = list(game[3])
    for offer in reversed(range(horizon)):
        proposer = (first + offer) % 2
        gains = [0.0, 0.0]
        gains[proposer] = most(proposer, waiting[1 - proposer])
        gains[1 - proposer] = most(1 - proposer, gains[proposer] - 1e-12)
        waiting = [refused(i, gains[i]) for i in range(2)]
    assert solution.gains == pytest.approx(gains, abs=1e-7)


@settings(max_examples=50)
@given(games())
def test_long_horizons_lead_to_the_ends_of_the_equilibria(game):
    # with the last word for the first proposer to the best of them for it, else to the worst
    solution = solved(game)
    evidence = solution.certificate.evidence
    ends = evidence.get("equilibria", [solution.gains.tolist()] * 2)
    for horizon, end in ((2001, ends[1]), (2000, ends[0])):
        assert solved(game, horizon=horizon).gains == pytest.approx(end, abs=1e-6)
