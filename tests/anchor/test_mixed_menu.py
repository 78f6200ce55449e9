"""An anchor where real numbers, whole numbers and choices are settled together, without a grid."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.anchor.beside import BAND, NEAR
from bargain.anchor.packages import MixedMenu, SearchMenu, menu
from tests.problems import mixed_problem


def contract():
    """Return the most usual contract: a price, payment days and a way to deliver."""
    issues = [
        bg.Issue.continuous("price", 80, 120, unit="EUR"),
        bg.Issue.integer("days", 0, 90, 15),
        bg.Issue.choice("delivery", ["truck", "rail", "none"]),
    ]
    parties = {
        "buyer": bg.AdditiveUtility(
            {
                "price": bg.Linear(50, 0),
                "days": bg.Linear(0, 20),
                "delivery": {"truck": 12, "rail": 9, "none": 0},
            }
        ),
        "seller": bg.AdditiveUtility(
            {
                "price": bg.Linear(0, 60),
                "days": bg.PiecewiseLinear([(0, 15), (30, 13), (90, 0)]),
                "delivery": {"truck": 0, "rail": 4, "none": 6},
            }
        ),
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=(25, 20))


def values(package):
    return {term.issue: term.value for term in package.terms}


CASES = {
    "contract": contract,
    "linear": lambda: mixed_problem(1, 2, 2),
    "piecewise": lambda: mixed_problem(2, 2, 2, form="piecewise"),
    "curved": lambda: mixed_problem(3, 1, 2, form="quadratic"),
    "days": lambda: mixed_problem(4, 1, 1, days=30),
}


@pytest.mark.parametrize("party", [0, 1])
@pytest.mark.parametrize("name", CASES)
def test_packages_are_worth_the_same_to_me_and_no_outcome_of_a_grid_is_better(name, party):
    problem = CASES[name]()
    offers = menu(problem, party)
    assert isinstance(offers, MixedMenu)
    seen = bg.discretized(problem, points=101).utilities()
    gain, most = offers.view.best - offers.view.reservation, 0
    for share in (0.9, 0.6, 0.2):
        target = offers.view.reservation + share * gain
        packages = offers.packages(target, 3)
        worths = np.array([problem.evaluate(each) for each in packages])
        mine, theirs = worths[:, party], worths[:, 1 - party]
        assert mine.min() >= target
        assert np.ptp(mine) <= BAND * gain * (1 + 1e-9)
        assert theirs[0] >= seen[seen[:, party] >= target, 1 - party].max() - 1e-9
        least = problem.disagreement_point[1 - party]
        if theirs[0] > least:
            assert (theirs - least >= NEAR * (theirs[0] - least)).all()
        assert len(packages) == len(set(packages))
        most = max(most, len(packages))
    assert most >= 2


@pytest.mark.parametrize("name", CASES)
def test_what_stands_beside_the_first_is_the_best_that_its_choices_allow(name):
    problem = CASES[name]()
    offers = menu(problem, 0)
    target = 0.5 * (offers.view.best + offers.view.reservation)
    names = [issue.name for issue in problem.space.issues if issue.is_finite]
    first, *others = offers.packages(target, 3)
    for other in others:
        picked = {each: other[each] for each in names}
        if picked == {each: first[each] for each in names}:
            continue
        alone = bg.BargainingProblem(
            problem.space, problem.profiles, constraints=[bg.Mandatory(picked)]
        )
        worths = problem.evaluate(other)
        sharp = bg.best_offer(alone, party=0, at_least=float(worths[0]))
        assert worths[1] == pytest.approx(problem.evaluate(sharp)[1], abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_a_whole_negotiation_never_goes_below_the_reservation_and_ends_in_a_deal(name):
    problem = CASES[name]()
    anchors = [bg.Anchor(problem, party=i, policy="linear", deadline=12) for i in (0, 1)]
    history = []
    for number in range(13):
        me = number % 2
        advice = anchors[me].advise(history)
        line = problem.disagreement_point[me]
        assert all(each >= line for each in advice.private.package_values)
        if advice.decision != "counter":
            break
        history.append(bg.Offer(me, values(advice.public.packages[0]), round=number))
    assert advice.decision == "accept"
    assert anchors[me].advise(history).to_json() == advice.to_json()


def test_limits_on_the_price_are_kept_and_still_take_no_program():
    problem = contract()
    limits = bg.Limits(
        allowed={"price": {"at_most": 104}}, forbidden=({"delivery": "none", "days": 0},)
    )
    anchor = bg.Anchor(problem, party="buyer", policy="boulware", deadline=9, limits=limits)
    assert isinstance(anchor._fixed_menu, MixedMenu)
    for number in (1, 5, 7):
        poor = {"price": 120.0, "days": 0, "delivery": "truck"}
        advice = anchor.advise([bg.Offer("seller", poor, round=number)])
        assert advice.decision == "counter"
        for package in advice.public.packages:
            assert values(package)["price"] <= 104
            assert (values(package)["delivery"], values(package)["days"]) != ("none", 0)


def test_attacks_are_withstood_and_lint_knows_the_problem():
    problem = contract()
    limits = bg.Limits(floor=30.0)
    anchor = bg.Anchor(problem, party="buyer", policy="boulware", deadline=3, limits=limits)
    results = bg.redteam(anchor)
    assert len(results) > 10
    assert all(result.held for result in results), [r for r in results if not r.held]
    assert "zone_not_known" not in bg.lint(problem).codes


def test_a_choice_alone_that_the_other_hates_is_replaced_by_a_moved_number():
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.continuous("y", 0, 1)]
    issues += [bg.Issue.choice("gift", ["no", "yes"])]
    parties = {
        "me": bg.AdditiveUtility({"x": bg.Linear(0, 1), "y": bg.Linear(0, 1.1), "gift": {"no": 0}}),
        "you": bg.AdditiveUtility(
            {"x": bg.Linear(1.1, 0), "y": bg.Linear(1, 0), "gift": {"no": 9}}
        ),
    }
    problem = bg.BargainingProblem(issues, parties)
    first, *others = menu(problem, 0).packages(1.0, 3)
    assert {each["gift"] for each in (first, *others)} == {"no"}
    assert others
    for other in others:
        assert max(abs(other[name] - first[name]) for name in "xy") > 0.05
        assert problem.evaluate(other)[0] == pytest.approx(1.0, abs=1e-9)


def three_parties():
    two = mixed_problem(3, 1, 1)
    third = mixed_problem(8, 1, 1).profiles[1].utility
    first, second = (profile.utility for profile in two.profiles)
    return bg.BargainingProblem(
        two.space, {"p": first, "q": second, "r": third}, disagreement_point=(1, 1, 1)
    )


def test_three_parties_are_advised_by_searches():
    problem = three_parties()
    anchor = bg.Anchor(problem, party="p", policy="linear", deadline=9)
    assert isinstance(anchor._fixed_menu, SearchMenu)
    poor = bg.best_offer(problem, party="q", at_least=problem.evaluate([100.0, "v0"])[1])
    advice = anchor.advise([bg.Offer("q", poor, round=1), bg.Offer("r", poor, round=2)])
    if advice.decision == "counter":
        target = advice.private.target
        assert min(advice.private.package_values) >= target - 1e-9
    assert min(advice.private.package_values) >= 1


def test_utilities_that_are_not_additive_are_searched_or_refused_naming_a_grid():
    issues = [bg.Issue.continuous("price", 0, 10), bg.Issue.choice("gift", ["no", "yes"])]
    seller = bg.AdditiveUtility({"price": bg.Linear(0, 8), "gift": {"no": 3}})
    boxes = bg.HyperRectangleUtility(
        [
            bg.HyperRectangle(4, {"price": {"at_most": 5}}),
            bg.HyperRectangle(2, {"price": {"at_most": 3}, "gift": "yes"}),
        ]
    )
    problem = bg.BargainingProblem(issues, {"seller": seller, "buyer": boxes})
    advice = bg.Anchor(problem, party="seller", policy="linear", deadline=5).advise()
    assert advice.decision == "counter"
    assert min(advice.private.package_values) >= advice.private.target - 1e-6
    convex = bg.AdditiveUtility({"price": bg.Power(5, 0, 3.0)})
    hidden = bg.BargainingProblem(issues, {"seller": seller, "buyer": convex})
    with pytest.raises(bg.UnsupportedProblemError, match=r"an anchor: .* or a grid \(grid=\)"):
        bg.Anchor(hidden, party="seller", policy="linear", deadline=5)
    assert bg.Anchor(hidden, party="seller", policy="linear", deadline=5, grid=11).advise()


def test_what_is_learned_needs_a_grid_and_says_so():
    options = {"party": "buyer", "policy": "linear", "deadline": 9, "other": "unknown"}
    with pytest.raises(bg.InvalidArgumentError, match="grid: expected a number of values for"):
        bg.Anchor(contract(), **options)
    anchor = bg.Anchor(contract(), **options, grid=9)
    offered = {"price": 117.3, "days": 0, "delivery": "rail"}
    advice = anchor.advise([bg.Offer("seller", offered, round=1)])
    assert advice.decision == "counter"
    assert advice.private.opponents["seller"].kind == "learned"


def test_choices_that_others_beat_are_offered_only_where_nothing_else_is_near():
    issues = [bg.Issue.continuous("price", 0, 10), bg.Issue.choice("gift", ["pen", "cup", "hat"])]
    beaten = {"pen": 2.0, "cup": 1.9, "hat": 0.0}
    parties = {
        "me": bg.AdditiveUtility({"price": bg.Linear(0, 9), "gift": beaten}),
        "you": bg.AdditiveUtility({"price": bg.Linear(9, 0), "gift": {"pen": 1, "cup": 1}}),
    }
    problem = bg.BargainingProblem(issues, parties)
    found = menu(problem, 0).packages(5.0, 3)
    assert [each["gift"] for each in found] == ["pen", "cup"]
    rival = {"pen": 1, "cup": 1.05}
    parties["you"] = bg.AdditiveUtility({"price": bg.Linear(9, 0), "gift": rival})
    problem = bg.BargainingProblem(issues, parties)
    found = menu(problem, 0).packages(5.0, 2)
    assert {each["gift"] for each in found} == {"pen", "cup"}
