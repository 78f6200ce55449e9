"""Best offers of two parties with choices beside continuous issues, from one frontier for all."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.solve.best_offer import _floors
from bargain.solve.mixed_offers import MixedOffers
from bargain.solve.offers_by_choice import OfferSearch, choices_of
from tests.problems import mixed_problem

ALWAYS = (
    bg.Mandatory({"x0": {"at_least": 20, "at_most": 70}}),
    bg.Forbidden({"c0": "v1", "c1": "v2"}),
)


def offers_of(problem, me=0):
    choices = choices_of(problem)
    assert MixedOffers.is_for(choices)
    return MixedOffers(choices, me), choices


@pytest.mark.parametrize("constraints", [(), ALWAYS], ids=["free", "limited"])
@pytest.mark.parametrize("me", [0, 1])
@pytest.mark.parametrize("form", ["linear", "piecewise", "quadratic", "power"])
def test_offers_are_those_of_the_search_combination_by_combination(form, me, constraints):
    problem = mixed_problem(4, 2, 3, form=form, constraints=constraints)
    offers, choices = offers_of(problem, me)
    for level in np.linspace(0.2, 0.999, 5) * offers.most:
        point, scales = _floors(problem, me, float(level))
        searched = OfferSearch(choices, point, scales, me=me).run()
        found = offers.at_least(float(level))
        assert found.mine >= level
        assert problem.broken_by(found.outcome) == ()
        assert problem.evaluate(found.outcome)[me] == found.mine
        assert found.theirs == pytest.approx(problem.evaluate(searched.outcome)[1 - me], abs=1e-7)


@pytest.mark.parametrize("form", ["linear", "quadratic"])
def test_the_most_can_be_had_and_more_cannot(form):
    problem = mixed_problem(1, 2, 2, form=form, constraints=ALWAYS)
    offers, _ = offers_of(problem)
    assert offers.at_least(offers.most).mine == offers.most
    assert offers.at_least(np.nextafter(offers.most, np.inf)) is None
    with pytest.raises(bg.NoAgreementZoneError, match="no offer: expected at most"):
        bg.best_offer(problem, party=0, at_least=offers.most * (1 + 1e-6))


def test_other_combinations_are_the_best_of_their_choices_and_none_is_beaten():
    problem = mixed_problem(2, 2, 3)
    offers, choices = offers_of(problem)
    level = 0.6 * offers.most
    best = offers.at_least(level)
    others = offers.others(level, enough=0.5 * best.theirs, count=64)
    assert others[0].theirs == best.theirs
    assert [each.theirs for each in others] == sorted([e.theirs for e in others], reverse=True)
    names = [issue.name for issue in problem.space.issues if issue.is_finite]
    picked = {tuple(each.outcome[name] for name in names) for each in others}
    assert len(picked) == len(others) > 3
    for each in others:
        fixed = bg.Mandatory({name: each.outcome[name] for name in names})
        alone = bg.BargainingProblem(problem.space, problem.profiles, constraints=[fixed])
        sharp = bg.best_offer(alone, party=0, at_least=level)
        assert each.theirs == pytest.approx(problem.evaluate(sharp)[1], abs=1e-9)
        offset = choices.offsets[choices.space.row({name: each.outcome[name] for name in names})]
        rival = choices.offsets >= offset
        assert not (rival.all(axis=1) & (choices.offsets > offset + 1e-6).any(axis=1)).any()


def test_limits_that_leave_an_issue_nothing_are_infeasible():
    rules = (
        bg.Mandatory({"x0": {"at_most": 20}}),
        bg.Mandatory({"x0": {"at_least": 30}}),
        bg.Budget({"x0": 1, "x1": 1}, at_most=90),
    )
    problem = mixed_problem(2, 2, 1, constraints=rules)
    with pytest.raises(bg.InfeasibleProblemError):
        bg.best_offer(problem, party=0, at_least=1.0)


def test_an_issue_that_limits_leave_one_value_has_that_value():
    problem = mixed_problem(2, 2, 2, constraints=(bg.Mandatory({"x0": 40.0}),))
    offers, _ = offers_of(problem)
    assert offers.at_least(0.5 * offers.most).outcome["x0"] == 40.0


@pytest.mark.parametrize("size", [1e-200, 1e-9, 1e200])
@pytest.mark.parametrize("form", ["linear", "quadratic"])
def test_utilities_of_any_size_give_the_same_offers(form, size):
    problem = mixed_problem(3, 2, 2, form=form)
    utilities = [
        bg.AdditiveUtility(profile.utility.values, dict.fromkeys(problem.space.names, size))
        for profile in problem.profiles
    ]
    named = dict(zip(problem.parties, utilities, strict=True))
    scaled = bg.BargainingProblem(problem.space, named)
    usual, extreme = offers_of(problem)[0], offers_of(scaled)[0]
    for share in (0.9, 0.5, 0.1):
        found = extreme.at_least(share * extreme.most)
        assert found.theirs / size == pytest.approx(usual.at_least(share * usual.most).theirs)


@pytest.mark.parametrize("indifferent", [0, 1])
@pytest.mark.parametrize("size", [1.0, 1e200])
def test_a_party_that_does_not_care_for_the_numbers_leaves_them_to_the_other(indifferent, size):
    numbers = {"x": bg.Power(0, size, 0.5)}
    choices = [{"c": {"a": size, "b": 0.0}}, {"c": {"a": 0.0, "b": size}}]
    values = [{**each, **(numbers if i != indifferent else {})} for i, each in enumerate(choices)]
    issues = [bg.Issue.continuous("x", 0, 1), bg.Issue.choice("c", ["a", "b"])]
    parties = {name: bg.AdditiveUtility(v) for name, v in zip("pq", values, strict=True)}
    offers, _ = offers_of(bg.BargainingProblem(issues, parties))
    assert offers.at_least(0.0).theirs == (2 if indifferent == 0 else 1) * size
    assert dict(offers.at_least(size).outcome)["c"] == ("a" if indifferent == 0 else "b")
