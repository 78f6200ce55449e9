"""What others turn down and prefer: read from a history, and what is made of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

import bargain as bg
from bargain.anchor.belief import compared
from bargain.anchor.history import heard
from bargain.anchor.preferences import (
    MOST_PAIRS,
    OF_WEIGHTS,
    OF_WORTHS,
    REACH,
    SLACK,
    Comparisons,
    Pair,
)
from bargain.anchor.preferences import revised as revised_by

SPACE = bg.OutcomeSpace(
    [
        bg.Issue.choice("colour", ["red", "green", "blue"]),
        bg.Issue.integer("days", 0, 4),
        bg.Issue.integer("price", 10, 30, step=10),
    ]
)
FLAT = bg.Estimate(
    SPACE, [0.5, 0.2, 0.3], ([0.2, 0.5, 0.9], [0.1, 0.2, 0.5, 0.9, 1.0], [1, 0.4, 0])
)


def revised(estimate, pairs):
    return revised_by(estimate, Comparisons.of(estimate.space, pairs))


def outcome(*values):
    return SPACE.validate(values)


def drawn_pairs(seed, count):
    rng = np.random.default_rng(seed)
    rows = rng.integers(int(SPACE.size), size=(count, 2))
    return [Pair(SPACE.outcome(a), SPACE.outcome(b)) for a, b in rows.tolist() if a != b]


def covariance(estimate):
    """Return the covariance of all values' worths, value by value, as the docstring has it."""
    n, blocks = len(SPACE.issues), []
    for issue, worths in zip(SPACE.issues, estimate.worths, strict=True):
        size = len(worths)
        v = worths - worths.mean()
        block = np.empty((size, size))
        for x in range(size):
            for y in range(size):
                if issue.kind == "choice":
                    alike = float(x == y)
                else:
                    alike = np.exp(-((x - y) ** 2) / (size - 1) ** 2 / (2 * REACH**2))
                block[x, y] = (OF_WEIGHTS / n) ** 2 * v[x] * v[y] + (OF_WORTHS / n) ** 2 * alike
        blocks.append(block)
    total = np.zeros((sum(map(len, blocks)),) * 2)
    at = 0
    for block in blocks:
        total[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return total


def most_probable(estimate, pairs):
    """Return worths, value by value, by minimising over all of them."""
    root = np.linalg.cholesky(covariance(estimate) + 1e-10 * np.eye(11))
    start = np.concatenate(estimate.terms)
    offsets = np.concatenate([[0], np.cumsum([int(i.size) for i in SPACE.issues])[:-1]])

    def features(each):
        row = np.zeros(11)
        for offset, issue in zip(offsets.tolist(), SPACE.issues, strict=True):
            row[offset + issue.index(each[issue.name])] = 1.0
        return row

    apart = np.array([features(p.better) - features(p.worse) for p in pairs])

    def cost(z):
        differences = apart @ (start + root @ z)
        slope = -root.T @ apart.T @ (1 / (1 + np.exp(differences / SLACK))) / SLACK
        return 0.5 * z @ z + np.logaddexp(0, -differences / SLACK).sum(), z + slope

    found = minimize(cost, np.zeros(11), jac=True, method="BFGS", options={"gtol": 1e-9})
    return start + root @ found.x


@pytest.mark.parametrize(("seed", "count"), [(0, 1), (1, 4), (2, 12), (3, 40)])
def test_it_is_the_most_probable_utility(seed, count):
    pairs = drawn_pairs(seed, count)
    found = revised(FLAT, pairs)
    terms = np.split(most_probable(FLAT, pairs), [3, 8])
    terms = [term - min(term.min(), 0) for term in terms]
    scale = max(sum(term.max() for term in terms), 1.0)
    for mine, slow in zip(found.terms, terms, strict=True):
        np.testing.assert_allclose(mine, slow / scale, atol=2e-6)


def test_the_preferred_is_worth_more_and_single_doubts_stay_small():
    best, other = outcome("red", 2, 20), outcome("green", 2, 20)
    before, after = FLAT, revised(FLAT, [Pair(best, other)])
    colour = after.terms[0]
    assert before.terms[0][0] < before.terms[0][1]
    assert colour[0] > colour[1]
    # nothing was said of days
    np.testing.assert_allclose(after.terms[1], before.terms[1])


def test_numbers_speak_for_their_neighbours_and_choices_do_not():
    after = revised(FLAT, [Pair(outcome("red", 0, 10), outcome("red", 4, 10))])
    moved = after.terms[1] - FLAT.terms[1]
    assert moved[0] > moved[1] > moved[2] > moved[3] > moved[4]
    after = revised(FLAT, [Pair(outcome("red", 0, 10), outcome("blue", 0, 10))])
    moved = after.terms[0] - FLAT.terms[0]
    assert moved[0] > 0 > moved[2]


def test_numbers_to_choose_from_and_points_of_a_grid_speak_for_their_neighbours():
    whole = bg.Issue.integer("x", 0, 20, step=5)
    choice = bg.Issue.choice("x", [0, 5, 10, 15, 20])
    real = bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 20)],
        {name: bg.AdditiveUtility({"x": bg.Linear(0, 1)}) for name in "ab"},
    )
    spaces = [bg.OutcomeSpace([whole]), bg.OutcomeSpace([choice])]
    spaces.append(bg.discretized(real, points=5).space)
    found = []
    for space in spaces:
        estimate = bg.Estimate(space, [0.8], ([0.5, 0.5, 0.5, 0.5, 0.5],))
        pair = Pair(space.validate((0,)), space.validate((20,)))
        found.append(revised(estimate, [pair]).terms[0])
        assert (np.diff(found[-1]) < 0).all()
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_equal_outcomes_and_nothing_teach_nothing():
    same = outcome("red", 0, 10)
    assert revised(FLAT, []) is FLAT
    assert revised(FLAT, [Pair(same, same)]) is FLAT


def test_contradictions_and_many_comparisons_are_borne():
    a, b = outcome("red", 0, 10), outcome("blue", 4, 30)
    found = revised(FLAT, [Pair(a, b), Pair(b, a)] * 300)
    assert np.isfinite(found.utilities()).all()
    assert found.utilities().max() <= 1 + 1e-9
    last = drawn_pairs(5, 3 * MOST_PAIRS)
    again = revised(FLAT, last)
    np.testing.assert_array_equal(again.utilities(), revised(FLAT, last[-MOST_PAIRS:]).utilities())
    assert again.weights.sum() == pytest.approx(1)


DIGEST = """
import hashlib
from tests.anchor.test_preferences import FLAT, drawn_pairs, revised
whole = hashlib.sha256()
for seed in range(20):
    for term in revised(FLAT, drawn_pairs(seed, 140)).terms:
        whole.update(term.tobytes())
print(whole.hexdigest())
"""


def test_it_is_the_same_however_many_threads_there_are():
    found = []
    for threads in ("1", "2"):
        more = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, **more, "PYTHONHASHSEED": threads},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(done.stdout)
    assert len(found[0]) > 60
    assert found[0] == found[1]


def test_issues_of_one_value_and_of_equal_worths_are_learned_about():
    space = bg.OutcomeSpace([bg.Issue.choice("one", ["a"]), bg.Issue.integer("x", 0, 2)])
    for weights, worths in (([0, 0], ([0], [0, 0, 0])), ([0.4, 0.4], ([1], [1, 1, 1]))):
        estimate = bg.Estimate(space, weights, worths)
        pair = Pair(space.validate(("a", 2)), space.validate(("a", 0)))
        found = revised(estimate, [pair, pair])
        one, x = found.terms
        assert x[2] > x[1] > x[0]
        assert one[0] == estimate.terms[0][0]


# -- history


@pytest.fixture(scope="module")
def rental():
    return bg.load("rental")


A = (3100, 500, "July 1", "1 month")
B = (3300, 1000, "July 1", "1 month")
C = (3100, 500, "May 1", "6 months")
Y = (3900, 2500, "May 1", "2 years")


def pairs_of(rental, history, party="landlord"):
    story = heard(rental, history)
    assert story.conflict is None
    return [
        (tuple(p.better.values()), tuple(p.worse.values()))
        for p in compared(story, rental.party_index(party))
    ]


def test_a_counter_offer_is_worth_more_than_what_it_turns_down(rental):
    history = [bg.Offer("tenant", A), bg.Offer("landlord", Y), bg.Offer("tenant", B)]
    assert pairs_of(rental, history) == [(Y, A)]
    # silence: what was asked last is still worth more
    assert pairs_of(rental, [*history, bg.Offer("tenant", C)]) == [(Y, A), (Y, B)]
    # before it has asked for anything, silence says nothing
    assert pairs_of(rental, [bg.Offer("tenant", A), bg.Offer("tenant", B)]) == []
    # what is no outcome was turned down by nobody
    junk = [bg.Offer("tenant", (1, 2)), bg.Offer("landlord", Y)]
    assert pairs_of(rental, junk) == []


def test_a_choice_is_worth_more_than_the_other_packages(rental):
    history = [
        bg.Offer("tenant", A),
        bg.Preference("landlord", B, (A, B, C)),
        bg.Offer("landlord", Y),
    ]
    assert pairs_of(rental, history) == [(B, A), (B, C), (Y, A), (Y, B), (Y, C)]
    as_json = [
        {"party": "tenant", "outcome": A},
        {"party": "landlord", "prefers": B, "among": [A, B, C], "outcome": Y},
    ]
    assert pairs_of(rental, as_json) == pairs_of(rental, history)
    read = bg.history_from_json(json.dumps(as_json))
    assert pairs_of(rental, read) == pairs_of(rental, history)


@pytest.mark.parametrize("said", [(1, 2), "the last one", None, Y, {"rent": 3100}, [float("nan")]])
def test_a_choice_that_was_not_on_offer_teaches_nothing(rental, said):
    entry = bg.Preference("landlord", said, (A, B))
    assert pairs_of(rental, [bg.Offer("tenant", A), entry]) == []


def test_with_three_parties_who_speaks_next_turns_down():
    issues = [bg.Issue.integer("x", 0, 3)]
    problem = bg.BargainingProblem(
        issues, {name: bg.AdditiveUtility({"x": bg.Linear(0, 1)}) for name in "abc"}
    )
    history = [bg.Offer("a", (0,)), bg.Offer("b", (1,)), bg.Offer("c", (2,)), bg.Offer("a", (3,))]
    story = heard(problem, history)
    found = [[(p.better["x"], p.worse["x"]) for p in compared(story, i)] for i in range(3)]
    assert found == [[(3, 2)], [(1, 0)], [(2, 1)]]


def test_what_breaks_constraints_is_turned_down_for_that():
    problem = bg.BargainingProblem(
        [bg.Issue.integer("x", 0, 3)],
        {name: bg.AdditiveUtility({"x": bg.Linear(0, 1)}) for name in "abc"},
        constraints=[bg.Forbidden({"x": 3})],
    )
    story = heard(problem, [bg.Offer("a", (3,)), bg.Offer("b", (1,)), bg.Offer("c", (2,))])
    assert compared(story, 1) == []
    assert len(compared(story, 2)) == 1


def test_comparisons_between_points_of_a_grid_count_where_they_differ():
    parts = bg.load("supply_contract")
    anchor = bg.Anchor(
        parts, party="buyer", policy="linear", deadline=9, other="unknown", grid=5
    )  # fmt: skip
    terms = (60.0, 3000.0, 24.0, 20.0, 3.0)
    prices = {"same": 84.3, "another": 119.9}
    counts = {}
    for name, price in prices.items():
        history = [bg.Offer("buyer", (84.5, *terms)), bg.Offer("supplier", (price, *terms))]
        counts[name] = anchor.advise(history).private.opponents["supplier"].n_comparisons
    assert counts == {"same": 0, "another": 1}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"party": "landlord", "prefers": A}, "a field 'among'"),
        ({"party": "landlord", "among": [A]}, "a field 'prefers'"),
        ({"party": "landlord", "prefers": A, "among": []}, "one package at least"),
        ({"party": "landlord", "prefers": A, "among": "AB"}, "a sequence of packages"),
        ({"party": "landlord", "prefers": A, "among": {A, B}}, "a sequence of packages"),
        ({"party": "landlord", "prefers": A, "among": [A] * 1001}, "at most 1000 packages"),
        ({"party": "landlord", "prefers": A, "among": [A, (1, 2)]}, r"among\[1\]"),
        ({"party": "nobody", "prefers": A, "among": [A]}, "nobody"),
    ],
)
def test_choices_that_are_none_are_refused(rental, entry, said):
    with pytest.raises(bg.InvalidArgumentError, match=said):
        heard(rental, [bg.Offer("tenant", A), entry])


def anchored(rental, **options):
    return bg.Anchor(
        rental, party="tenant", policy=bg.TimeDependent(), deadline=12, other="unknown", **options
    )


def test_packages_that_nobody_offered_are_a_conflict(rental):
    anchor = anchored(rental)
    history = [bg.Offer("landlord", Y), bg.Offer("tenant", A), bg.Preference("landlord", B, (B, C))]
    advice = anchor.advise(history)
    assert advice.reasons == ("history_conflict",)
    assert "nobody offered" in advice.private.conflict


def test_a_choice_is_sealed_into_the_state(rental):
    anchor = anchored(rental)
    history = [
        bg.Offer("landlord", Y),
        bg.Offer("tenant", A),
        bg.Preference("landlord", B, (A, B)),
        bg.Offer("landlord", (3700, 2500, "May 1", "2 years")),
    ]
    state = anchor.advise(history).private.state
    assert anchor.advise(history, state=state).decision == "counter"
    for other in (bg.Preference("landlord", A, (A, B)), bg.Preference("landlord", B, (A, B, C))):
        changed = [*history[:2], other, history[3]]
        assert anchor.advise(changed, state=state).reasons == ("history_conflict",)


def test_lists_that_hold_each_other_have_an_end(rental):
    anchor = anchored(rental)
    endless = []
    endless += [endless] * 10
    mapping = dict.fromkeys(range(10), endless)
    states = set()
    for said in (endless, mapping, [1] * 10**5, [1] * (10**5 + 1), [[1] * 1000] * 100):
        history = [bg.Offer("landlord", Y), bg.Offer("tenant", A)]
        choice = bg.Preference("landlord", said, (A, B))
        start = time.process_time()
        advice = anchor.advise([*history, choice, bg.Offer("landlord", [said])])
        assert time.process_time() - start < 5
        states.add(advice.private.state)
    assert len(states) == 5


def test_many_choices_take_no_time_to_speak_of(rental):
    """As many packages a round as there may be; each advice learns from them a dozen times."""
    anchor = anchored(rental)
    among = [A, *([B, C] * 499)]
    history = []
    for _ in range(5):
        choice = bg.Preference("landlord", B, among)
        history += [bg.Offer("tenant", A), choice, bg.Offer("landlord", Y)]
    anchor.advise(history)
    start = time.process_time()
    anchor.advise(history)
    assert time.process_time() - start < 2


def test_choices_change_packages_and_never_what_they_are_worth(rental):
    offers = [bg.Offer("landlord", Y), bg.Offer("tenant", A)]
    anchor, found = anchored(rental), {}
    for best in (A, B, C):
        advice = anchor.advise([*offers, bg.Preference("landlord", best, (A, B, C)), offers[0]])
        private = advice.private
        assert private.opponents["landlord"].n_comparisons == 5
        assert min(private.package_values) >= private.target
        found[best] = (private.target, private.opponents["landlord"].weights)
    targets = {target for target, _ in found.values()}
    assert len(targets) == 1
    assert found[A][1] != found[C][1]


def test_who_learns_from_choices_leaves_the_other_more(rental):
    """The other says truthfully what it prefers; both beliefs are of the same offers."""
    landlord = rental.utilities()[:, 0]
    own = rental.utilities()[:, 1]
    session = bg.alternating_offers(rental, ("linear", "hardliner"), deadline=16, first=0)
    asked = [offer for offer in session.offers if offer.party == "landlord"]
    anchor = anchored(rental)
    history, plain = [], []
    for offer in asked[:6]:
        history.append(offer)
        plain.append(offer)
        packages = [
            tuple(term.value for term in package.terms)
            for package in anchor.advise(history).public.packages
        ]
        best = max(packages, key=lambda each: rental.evaluate(each)[0])
        mine = bg.Offer("tenant", packages[0])
        history += [mine, bg.Preference("landlord", best, tuple(packages))]
        plain += [mine]
    left = []
    for entries in (plain[:-1], history[:-2]):
        problem = anchor._believed(heard(rental, entries), np.linspace(0, 1, 13)).problem
        believed = problem.utilities()[:, 0]
        share = []
        for level in np.linspace(0.5, 0.95, 10):
            rows = np.flatnonzero(own >= level * own.max())
            share.append(landlord[rows[np.argmax(believed[rows])]] / landlord[rows].max())
        left.append(np.mean(share))
    assert left[1] > left[0]
