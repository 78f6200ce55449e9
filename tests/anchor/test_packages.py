"""Packages offered together: worth the same to me, and none that is worse for me for nothing."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.anchor import follow, packages
from bargain.anchor.beside import BAND
from bargain.anchor.packages import EnumeratedMenu, SearchMenu, menu
from tests.problems import one_choice


def spread(menu_, problem, target):
    found = menu_.packages(target, 3)
    worths = np.array([problem.evaluate(outcome)[0] for outcome in found])
    gain = menu_.view.best - menu_.view.reservation
    assert worths.min() >= target
    return float(np.ptp(worths)) / gain, found


def both_want_low_prices():
    """Return two continuous issues, of which one has no conflict."""
    issues = [bg.Issue.continuous("a", 0, 1), bg.Issue.continuous("b", 0, 1)]
    parties = {
        "me": bg.AdditiveUtility({"a": bg.Linear(5, 0), "b": bg.Linear(3, 0)}),
        "you": bg.AdditiveUtility({"a": bg.Linear(3, 0), "b": bg.Linear(1, 0)}),
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=(-1, -1))


@pytest.mark.parametrize("target", [0.0, 2.0, 7.9])
def test_no_continuous_package_is_worse_for_both_than_the_first(target):
    problem = both_want_low_prices()
    share, found = spread(menu(problem, 0), problem, target)
    assert share <= BAND
    assert dict(found[0]) == pytest.approx({"a": 0, "b": 0})


def test_no_listed_package_is_worth_less_to_me_for_nothing():
    # what is best for the other is worth 9 to me; 3 is enough, and no better for anybody
    problem = one_choice([(9, 9), (3, 8), (0, 0), (8.9, 8)], disagreement_point=(0, 0))
    share, found = spread(EnumeratedMenu(problem, 0), problem, 3.0)
    assert share <= BAND
    assert [problem.evaluate(outcome)[0] for outcome in found] == [9, 8.9]


def test_searched_packages_are_worth_nearly_the_same():
    rental = bg.load("rental")
    for target in (0.0, 1500.0, 3000.0):
        share, found = spread(SearchMenu(rental, 0), rental, target)
        assert share <= 2 * BAND
        assert found[0] == EnumeratedMenu(rental, 0).best(target)


@pytest.mark.parametrize(("other", "returned"), [("exact", False), ("believed", True)])
def test_an_earlier_offer_is_not_returned_where_ours_is_known_to_be_better_for_all(other, returned):
    problem = one_choice([(9, 0), (7, 5), (6, 4), (0, 9)], disagreement_point=(0, 0))
    policy = bg.TimeDependent(beta=1)
    anchor = bg.Anchor(problem, party=0, policy=policy, deadline=10, other=other)
    history = [{"party": 1, "outcome": problem.space.outcome(row), "round": row} for row in (2, 3)]
    advice = anchor.advise([*history])
    assert advice.decision == "counter"
    assert ("returns_their_earlier_offer" in advice.reasons) == returned


def many_outcomes(point):
    """Return 7776 outcomes of two parties, spread out at the top."""
    rng = np.random.default_rng(7)
    issues = [bg.Issue.choice(f"i{k}", list("abcdef")) for k in range(5)]
    parties = {
        name: bg.AdditiveUtility(
            {i.name: dict(zip("abcdef", (rng.random(6) * k).tolist(), strict=True))
             for k, i in enumerate(issues, start=1)}
        )
        for name in ("me", "you")
    }  # fmt: skip
    return bg.BargainingProblem(issues, parties, disagreement_point=(point, 0.0))


@pytest.mark.parametrize("point", [0.0, -12.0])
@pytest.mark.parametrize(
    "policy",
    [bg.TitForTat("absolute"), bg.TitForTat(), bg.Adaptive(floor=0.9, reciprocity=0.5), "boulware"],
    ids=["absolute", "relative", "adaptive", "boulware"],
)
def test_a_policy_asks_on_levels_what_it_asks_of_a_list(monkeypatch, policy, point):
    """Also after many small concessions, each less than a thousandth of the gain."""
    problem = many_outcomes(point)
    own = problem.utilities()[:, 0]
    rows = np.argsort(own)[np.linspace(50, 1000, 30).astype(int)]
    entries = [bg.Offer("you", problem.space.outcome(int(row)), 2 * k)
               for k, row in enumerate(rows)]  # fmt: skip
    mine = problem.space.outcome(int(own.argmax()))
    history = [each for k, offer in enumerate(entries)
               for each in (offer, bg.Offer("me", mine, 2 * k + 1))][:-1]  # fmt: skip
    listed = bg.Anchor(problem, party="me", policy=policy, deadline=90).advise(history)
    for module in (packages, follow):
        monkeypatch.setattr(module, "is_enumerable", lambda problem: False)
    on_levels = bg.Anchor(problem, party="me", policy=policy, deadline=90).advise(history)
    gain = own.max() - point
    assert listed.decision == on_levels.decision == "counter"
    assert on_levels.private.target == pytest.approx(listed.private.target, abs=3e-4 * gain)
