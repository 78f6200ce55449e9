"""Weights from choices and swings."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg

ISSUES = [
    bg.Issue.continuous("price", 80, 120),
    bg.Issue.integer("payment", 30, 90, step=15),
    bg.Issue.choice("warranty", ["none", "1y", "2y"]),
]
VALUES = {
    "price": bg.Linear(40, 0),
    "payment": bg.Linear(0, 1),
    "warranty": {"none": 0, "1y": 6, "2y": 10},
}


def outcomes():
    return st.fixed_dictionaries(
        {
            "price": st.integers(80, 120),
            "payment": st.sampled_from([30, 45, 60, 75, 90]),
            "warranty": st.sampled_from(["none", "1y", "2y"]),
        }
    )


@settings(max_examples=25)
@given(
    st.lists(st.integers(1, 20), min_size=3, max_size=3),
    st.lists(st.tuples(outcomes(), outcomes()), min_size=1, max_size=12),
)
def test_choices_by_true_weights_are_explained_and_the_truth_is_within_the_ranges(points, pairs):
    truth = np.array(points) / sum(points)
    weights = dict(zip(VALUES, truth / np.array([40, 1, 10]), strict=True))
    true = bg.AdditiveUtility(VALUES, weights)
    space = bg.OutcomeSpace(ISSUES)

    def worth(outcome):
        return true.evaluate(space, space.validate(outcome))

    choices = [(a, b) if worth(a) >= worth(b) else (b, a) for a, b in pairs]
    found = bg.elicit_weights(ISSUES, VALUES, choices=choices)
    assert found.inconsistency == 0
    assert found.is_consistent
    assert found.contradictions == ()
    for preferred, other in choices:
        gain = [found.utility.evaluate(space, space.validate(o)) for o in (preferred, other)]
        assert gain[0] >= gain[1] - 1e-5
    for share, (low, high), true_share in zip(
        found.shares.values(), found.ranges.values(), truth, strict=True
    ):
        assert low - 1e-5 <= true_share <= high + 1e-5
        assert low - 1e-5 <= share <= high + 1e-5
    assert sum(found.shares.values()) == pytest.approx(1)


def test_swings_alone_are_the_shares():
    found = bg.elicit_weights(ISSUES, VALUES, swings={"price": 100, "payment": 60, "warranty": 40})
    assert found.shares == pytest.approx({"price": 0.5, "payment": 0.3, "warranty": 0.2})
    # a weight multiplies worths as they are: those of the price run over 40
    assert found.weights == pytest.approx({"price": 0.0125, "payment": 0.3, "warranty": 0.02})
    space = bg.OutcomeSpace(ISSUES)
    best = space.validate({"price": 80, "payment": 90, "warranty": "2y"})
    assert found.utility.evaluate(space, best) == pytest.approx(1)


A = {"price": 90, "payment": 30}
B = {"price": 100, "payment": 60}


def test_answers_that_contradict_each_other_are_named_with_how_much():
    # A over B says price / 4 >= payment / 2, twice as much the other way is said by the second
    found = bg.elicit_weights(ISSUES[:2], {n: VALUES[n] for n in ("price", "payment")},
                              choices=[(A, B), (B, A)])  # fmt: skip
    # both can be held to be equal: no contradiction in the weak sense
    assert found.inconsistency == 0
    worse = {"price": 120, "payment": 30}
    better = {"price": 80, "payment": 90}
    found = bg.elicit_weights(ISSUES, VALUES, choices=[(A, B), (worse, better)])
    # only where neither price nor payment counts
    assert found.ranges["warranty"] == pytest.approx((1, 1), abs=1e-4)
    pair = {name: VALUES[name] for name in ("price", "payment")}
    found = bg.elicit_weights(ISSUES[:2], pair, choices=[(A, B), (worse, better)])
    assert found.inconsistency == pytest.approx(1, abs=1e-5)
    assert [entry.choice for entry in found.contradictions] == [1]
    assert found.contradictions[0].by == pytest.approx(1, abs=1e-4)
    assert "choice 1 is contradicted" in str(found)


def test_choices_that_contradict_the_swings_are_named():
    found = bg.elicit_weights(
        ISSUES[:2],
        {name: VALUES[name] for name in ("price", "payment")},
        choices=[(A, B)],
        swings={"price": 10, "payment": 90},
    )
    assert found.swings_contradict == (0,)
    assert found.contradictions == ()
    # the choice is explained, as near to the swings as it can be
    assert found.shares["price"] >= 2 / 3 - 1e-4
    assert not found.is_consistent
    json.dumps(found.to_dict(), allow_nan=False)


def test_an_issue_whose_values_do_not_differ_weighs_nothing():
    found = bg.elicit_weights(
        ISSUES, {"price": bg.Linear(1, 0), "payment": bg.Linear(2, 2)}, swings={"price": 100}
    )
    assert found.weights == {"price": 1.0, "payment": 0.0, "warranty": 0.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"choices": [A]}, r"choices\[0\]: expected two packages"),
        ({"choices": [(A, {"price": 90})]}, "over the same issues"),
        ({"choices": [({"colour": 1}, {"colour": 2})]}, "only the issues price, payment, warranty"),
        ({"choices": [({"price": 1}, {"price": 90})]}, "price"),
        ({"swings": {"price": 100}}, "swings: expected points for price, payment, warranty"),
        ({"swings": {"price": -1, "payment": 1, "warranty": 1}}, "swings"),
        ({"swings": {"price": 0, "payment": 0, "warranty": 0}}, "points above 0"),
    ],
)
def test_answers_that_are_none_are_refused(options, message):
    with pytest.raises(bg.BargainError, match=message):
        bg.elicit_weights(ISSUES, VALUES, **options)


def test_values_that_do_not_differ_at_all_are_refused():
    with pytest.raises(bg.InvalidArgumentError, match="an issue whose values differ"):
        bg.elicit_weights(ISSUES, {"price": bg.Linear(1, 1)})
