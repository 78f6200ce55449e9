"""What a narrator may say beside the packages: true of each of them, and of offers both know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor.history import heard
from bargain.anchor.voice import facts, questions

ISSUES = [
    bg.Issue.integer("price", 0, 4),
    bg.Issue.integer("payment_days", 0, 4),
    bg.Issue.choice("colour", ["red", "green", "blue"]),
]
WORTH = {"price": bg.Linear(0, 1), "payment_days": bg.Linear(0, 1)}
PROBLEM = bg.BargainingProblem(
    ISSUES, {"me": bg.AdditiveUtility(WORTH), "you": bg.AdditiveUtility({})}
)


def said(own, theirs, *packages):
    history = [bg.Offer("you", theirs)]
    if own is not None:
        history.insert(0, bg.Offer("me", own))
    offers = heard(PROBLEM, history).offers
    outcomes = [PROBLEM.space.validate(each) for each in packages]
    return [(f.code, f.gives, f.gets, f.text) for f in facts(PROBLEM, 0, offers, outcomes)]


def test_what_one_package_gives_gets_and_keeps():
    found = said((4, 0, "red"), (0, 4, "blue"), (3, 0, "red"))
    assert found == [
        ("moves_towards_you", ("price",), (), "We move towards you on price."),
        (
            "keeps",
            (),
            ("payment_days", "colour"),
            "We stay where we are on payment days and colour.",
        ),
    ]
    found = said((3, 1, "red"), (0, 4, "blue"), (2, 0, "blue"))
    assert found == [
        ("gives_to_get", ("price", "colour"), ("payment_days",),
         "We give on price and colour to get on payment days."),
        ("agrees_on", ("colour",), (), "We agree on colour."),
    ]  # fmt: skip


def test_what_holds_for_the_first_package_alone_is_not_said():
    first, second = (3, 0, "blue"), (4, 2, "red")
    assert said((4, 0, "red"), (0, 4, "blue"), first) != []
    assert said((4, 0, "red"), (0, 4, "blue"), first, second) == []
    # both move on the price, one goes back on days: not a move towards them
    assert said((4, 2, "red"), (0, 4, "blue"), (3, 2, "red"), (2, 1, "red")) == [
        ("keeps", (), ("colour",), "We stay where we are on colour.")
    ]


def test_before_both_have_offered_there_is_little_to_say():
    offers = heard(PROBLEM, [bg.Offer("me", (4, 0, "red"))]).offers
    assert facts(PROBLEM, 0, offers, [PROBLEM.space.outcome(0)]) == ()
    assert said(None, (0, 4, "blue"), (0, 1, "red")) == [
        ("agrees_on", ("price",), (), "We agree on price.")
    ]


outcomes = st.integers(0, int(PROBLEM.space.size) - 1).map(
    lambda row: tuple(PROBLEM.space.outcome(row).values())
)


@settings(max_examples=200, deadline=None)
@given(own=outcomes, theirs=outcomes, packages=st.lists(outcomes, min_size=1, max_size=3))
def test_every_fact_is_true_of_every_package(own, theirs, packages):
    def apart(a, b, j):
        return abs(a[j] - b[j]) if j < 2 else float(a[j] != b[j])

    names = [issue.name for issue in ISSUES]
    for code, gives, gets, _ in said(own, theirs, *packages):
        for package in packages:
            steps = {
                name: apart(package, theirs, j) - apart(own, theirs, j)
                for j, name in enumerate(names)
            }
            if code == "agrees_on":
                assert all(package[names.index(n)] == theirs[names.index(n)] for n in gives)
            elif code == "keeps":
                assert all(steps[name] == 0 for name in gets)
            else:
                assert all(steps[name] < 0 for name in gives)
                assert all(steps[name] > 0 for name in gets)
                if code == "moves_towards_you":
                    assert max(steps.values()) <= 0


@pytest.mark.parametrize("count", [1, 3])
def test_questions_ask_what_is_open(count):
    junk = {"party": "you", "outcome": {"price": 2, "payment_days": float("nan")}}
    offers = heard(PROBLEM, [junk]).offers
    packages = [PROBLEM.space.outcome(row) for row in range(count)]
    found = {q.code: q.issues for q in questions(PROBLEM, 0, offers, packages)}
    assert found["state_every_issue"] == ("payment_days", "colour")
    assert found.get("which_package") == (("colour",) if count > 1 else None)


def test_what_they_held_is_asked_about_beside_what_they_gave():
    history = [bg.Offer("you", (0, 4, "blue")), bg.Offer("you", (1, 4, "blue"))]
    offers = heard(PROBLEM, history).offers
    (found,) = questions(PROBLEM, 0, offers, [PROBLEM.space.validate((4, 0, "blue"))])
    assert (found.code, found.issues) == ("which_issue_matters_more", ("payment_days", "price"))
    assert found.text == "Does payment days matter more to you than price?"


def test_the_words_of_an_advice_hold_for_all_its_packages():
    rental = bg.load("rental")
    anchor = bg.Anchor(rental, party="tenant", policy="linear", deadline=8, other="exact")
    history = [bg.Offer("tenant", (3100, 500, "July 1", "1 month"), round=0)]
    shown = 0
    for round_ in (1, 3, 5):
        history.append(bg.Offer("landlord", (3900, 2500, "May 1", "2 years"), round=round_))
        public = anchor.advise(history).public
        packages = [{t.issue: t.value for t in each.terms} for each in public.packages]
        for fact in public.facts:
            shown += 1
            if fact.code == "agrees_on":
                theirs = rental.space.validate(history[-1].outcome)
                assert all(each[n] == theirs[n] for each in packages for n in fact.gives)
        history.append(bg.Offer("tenant", tuple(packages[0].values()), round=round_ + 1))
    assert shown > 0
    assert np.all([len(each) == 4 for each in packages])
