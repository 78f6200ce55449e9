"""What is offered again where something else is worth the same to everybody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor import decide
from tests.problems import one_choice


def values(package):
    return {term.issue: term.value for term in package.terms}


def whole_numbers(seed, issues=4):
    """Draw a problem in which many outcomes are worth the same to both."""
    generator = np.random.default_rng(seed)
    names = [f"i{j}" for j in range(issues)]
    utilities = [
        bg.AdditiveUtility(
            {name: dict(enumerate(generator.integers(0, 4, 4).tolist())) for name in names}
        )
        for _ in range(2)
    ]
    space = [bg.Issue.choice(name, list(range(4))) for name in names]
    named = dict(zip(("a", "b"), utilities, strict=True))
    return bg.BargainingProblem(space, named, disagreement_point=(2, 2))


def offers(problem, *, blur=None, packages=3, limits=None, deadline=24):
    """Return what an anchor advises round by round against somebody who never moves."""
    anchor = bg.Anchor(
        problem,
        party=0,
        policy="linear",
        deadline=deadline,
        packages=packages,
        blur=blur,
        limits=limits or bg.Limits(),
    )
    poor = bg.best_offer(problem, party=1, at_least=bg.ideal_point(problem)[1])
    history, said = [], []
    for number in range(0, deadline, 2):
        advice = anchor.advise(history)
        if advice.decision != "counter":
            break
        assert anchor.advise(history).to_json() == advice.to_json()
        said.append(advice)
        own = values(advice.public.packages[0])
        history.append(bg.Offer(0, own, round=number))
        history.append(bg.Offer(1, poor, round=number + 1))
    return said


def test_outcomes_that_are_the_same_to_all_are_offered_in_turn_and_then_again():
    worths = [(9, 1), (9, 1), (9, 1), (0, 9)]
    problem = one_choice(worths, disagreement_point=(0, 0))
    limits = bg.Limits(floor=9.0)
    said = offers(problem, packages=1, limits=limits, deadline=10)
    picks = [values(advice.public.packages[0])["pick"] for advice in said]
    assert picks == ["o0", "o1", "o2", "o0", "o0"]
    assert not any(advice.public.withdraws for advice in said)


def test_what_is_worse_for_the_other_or_for_me_takes_nobodys_place():
    worths = [(9, 2), (9, 1.999), (8.999, 2), (0, 9)]
    problem = one_choice(worths, disagreement_point=(0, 0))
    said = offers(problem, packages=1, limits=bg.Limits(floor=8.9), deadline=4)
    picks = [values(advice.public.packages[0])["pick"] for advice in said]
    assert picks == ["o0", "o0"]


def test_what_needs_approval_does_not_take_the_place_of_what_needs_none():
    problem = one_choice([(9, 1), (9, 1), (0, 9)], disagreement_point=(0, 0))
    for rule, expected in (({}, "o1"), ({"approval_for": ({"pick": "o1"},)}, "o0")):
        said = offers(problem, packages=1, limits=bg.Limits(floor=9.0, **rule), deadline=4)
        assert values(said[1].public.packages[0])["pick"] == expected


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), packages=st.integers(1, 3))
def test_the_target_and_what_packages_are_worth_stay_and_more_of_them_are_new(seed, packages):
    problem = whole_numbers(seed)
    rotating = offers(problem, packages=packages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "rotated", lambda packages, *given, **more: packages)
        still = offers(problem, packages=packages)
    assert [advice.private.target for advice in rotating] == [a.private.target for a in still]
    for now, before in zip(rotating, still, strict=True):
        assert now.reasons == before.reasons
        assert sorted(now.private.package_values) == sorted(before.private.package_values)
        mine = (now.private.package_values[0], now.private.other_values["b"][0])
        assert mine == (before.private.package_values[0], before.private.other_values["b"][0])
        assert not now.public.withdraws
        assert len(set(now.public.packages)) == len(now.public.packages)

    def different(said):
        return len({advice.public.packages[0] for advice in said})

    assert different(rotating) >= different(still)


def test_who_answers_new_offers_only_comes_further_towards_me():
    worths = []
    for rotates in (False, True):
        problem = whole_numbers(13)
        anchors = [
            bg.Anchor(problem, party=i, policy=policy, deadline=30, packages=1)
            for i, policy in enumerate(("linear", "micro"))
        ]
        history = []
        with pytest.MonkeyPatch.context() as patch:
            if not rotates:
                patch.setattr(decide, "rotated", lambda packages, *given, **more: packages)
            for number in range(31):
                advice = anchors[number % 2].advise(history)
                if advice.decision != "counter":
                    break
                offer = values(advice.public.packages[0])
                history.append(bg.Offer(number % 2, offer, round=number))
        assert advice.decision == "accept"
        worths.append(problem.evaluate(history[-1].outcome)[0])
    assert worths[1] > worths[0]


def test_a_band_draws_by_itself():
    blur = bg.Blur(seed=3, schedule=0.0, band=0.1)
    problem = whole_numbers(13)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "rotated", None)
        assert offers(problem, blur=blur)
    sharp = bg.Blur(seed=3, schedule=0.0)
    targets = [advice.private.target for advice in offers(problem, blur=sharp)]
    assert targets == [advice.private.target for advice in offers(problem)]
