"""What another is taken to ask over time, and to have without an agreement."""

from __future__ import annotations

import math

import numpy as np
import pytest

import bargain as bg
from bargain.anchor.aspirations import (
    EXPONENTS,
    LAPSE,
    LEVELS,
    RESERVATIONS,
    SPREADS,
    STEADY,
    Aspirations,
    hypotheses,
)
from bargain.anchor.history import heard
from bargain.anchor.outlook import Chances


def phi(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def slowly(offered, refused, share, time):
    """Return expected reservation and chance by summing over all hypotheses, one by one."""
    priors = [2 * (1 - r) for r in RESERVATIONS.tolist()]
    total = reservation = chance = 0.0
    for s in SPREADS.tolist():
        courses = []
        for r, p in zip(RESERVATIONS.tolist(), priors, strict=True):
            for e in EXPONENTS.tolist():
                each = (1 - STEADY) * p / sum(priors) / len(EXPONENTS)
                courses.append((r, each, lambda t, r=r, e=e: 1 - (1 - r) * t ** (1 / e)))
        for level in LEVELS.tolist():
            below = [k for k, r in enumerate(RESERVATIONS) if r <= level + 1e-9]
            for k in below:
                each = STEADY / len(LEVELS) * priors[k] / sum(priors[i] for i in below)
                courses.append((float(RESERVATIONS[k]), each, lambda t, level=level: level))
        for r, p, asked in courses:
            for u, t in offered:
                normal = math.exp(-0.5 * ((u - asked(t)) / s) ** 2) / (s * math.sqrt(2 * math.pi))
                p *= (1 - LAPSE) * normal + LAPSE
            for u, t in refused:
                p *= (1 - LAPSE) * phi((asked(t) - u) / s) + LAPSE
            total += p
            reservation += p * r
            chance += p * phi((share - asked(time)) / s)
    return reservation / total, chance / total


@pytest.mark.parametrize(
    ("offered", "refused"),
    [
        ([], []),
        ([(1.0, 0.0), (0.9, 0.2), (0.75, 0.5)], [(0.3, 0.2), (0.5, 0.5)]),
        ([(0.7, 0.0)] * 8, [(0.69, 0.9)]),
    ],
)
def test_it_weighs_every_hypothesis(offered, refused):
    found = Aspirations.learned(offered, refused)
    reservation, chance = slowly(offered, refused, 0.6, 0.7)
    assert found.reservation[0] == pytest.approx(reservation, rel=1e-9)
    assert found.chance(0.6, 0.7) == pytest.approx(chance, rel=1e-9)


def test_hypotheses_add_up_and_are_shared():
    for known in (False, True):
        given = hypotheses(known)
        assert given.likely.sum() == pytest.approx(1)
        assert given is hypotheses(known)
    assert not hypotheses(True).reservations.any()


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("reservation", [0.1, 0.4, 0.7])
def test_the_reservation_of_who_concedes_in_time_is_found(beta, reservation):
    times = np.linspace(0, 1, 11)[:-1]
    worths = 1 - (1 - reservation) * times ** (1 / beta)
    before = Aspirations.learned([], []).reservation
    found = Aspirations.learned(list(zip(worths, times, strict=True)), []).reservation
    assert abs(found[0] - reservation) < 0.1
    assert found[1] < 0.5 * before[1]
    assert before[0] == pytest.approx(0.26, abs=0.01)


def test_who_concedes_nothing_says_nothing_of_its_reservation_but_that_it_is_no_higher():
    found = Aspirations.learned([(0.6, t) for t in np.linspace(0, 0.9, 10)], [])
    assert found.reservation[1] > 0.1
    above = found.likely[hypotheses(False).reservations > 0.65].sum()
    assert above < 0.01


def test_more_is_accepted_sooner_and_what_was_turned_down_later():
    found = Aspirations.learned([(1.0, 0.0), (0.9, 0.2), (0.8, 0.4)], [])
    shares = [found.chance(share, 0.6) for share in np.linspace(-1, 1, 21)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.05
    assert shares[-1] > 0.95
    assert found.chance(0.7, 0.9) > found.chance(0.7, 0.5)
    firmer = Aspirations.learned([(1.0, 0.0), (0.9, 0.2), (0.8, 0.4)], [(0.75, 0.6), (0.75, 0.7)])
    assert firmer.chance(0.7, 0.8) < found.chance(0.7, 0.8)


@pytest.mark.parametrize("count", [500, 5000])
def test_long_talks_and_lapses_are_borne(count):
    offered = [(1.0, k / count) for k in range(count)]
    found = Aspirations.learned([*offered, (0.0, 1.0)], [(1.0, 1.0)])
    assert np.isfinite(found.likely).all()
    assert found.likely.sum() == pytest.approx(1)


def test_an_advice_says_what_it_takes_the_other_to_have_without_an_agreement():
    """The other concedes early and evenly; what it wants is known but for this."""
    problem = bg.BargainingProblem(
        [bg.Issue.integer("x", 0, 100)],
        {"me": bg.AdditiveUtility({"x": bg.Linear(0, 1)}),
         "you": bg.AdditiveUtility({"x": bg.Linear(1, 0)})},
    )  # fmt: skip
    anchor = bg.Anchor(problem, party="me", policy="boulware", deadline=21, other="unknown")
    first = anchor.advise().private.opponents["you"]
    assert first.reservation is None
    errors = {}
    for floor in (0.2, 0.6):
        asked = [round(100 * (1 - floor) * k / 20) for k in range(0, 18, 2)]
        offers = [bg.Offer("you", (x,), round=2 * k) for k, x in enumerate(asked)]
        estimate = anchor.advise(offers).private.opponents["you"]
        errors[floor] = estimate.reservation
        assert estimate.reservation_error > 0
    assert errors[0.2] < errors[0.6] - 0.15
    exact = bg.Anchor(problem, party="me", policy="boulware", deadline=21, other="exact")
    assert exact.advise(offers).private.opponents["you"].reservation is None


def line_problem(**options):
    return bg.BargainingProblem(
        [bg.Issue.integer("x", 0, 10)],
        [bg.Party("me", bg.AdditiveUtility({"x": bg.Linear(0, 1)})),
         bg.Party("you", bg.AdditiveUtility({"x": bg.Linear(1, 0)}), reservation_value=0.35)],
        **options,
    )  # fmt: skip


def chances(problem, history, other="exact"):
    anchor = bg.Anchor(problem, party="me", policy="linear", deadline=10, other=other)
    story = heard(problem, history)
    case = anchor._case(story, anchor._timing(story, None), None, None)
    return Chances(case.belief, case.party, case.story, case.times, case.most)


@pytest.mark.parametrize("other", ["exact", "believed"])
def test_what_it_has_offered_it_takes_and_no_other_loss(other):
    problem = line_problem()
    found = chances(problem, [bg.Offer("you", (9,))], other)
    assert found.of(problem.space.validate((9,)), 1) == 1.0
    for x in (7, 8, 10):
        assert found.of(problem.space.validate((x,)), 1) == 0.0
    assert 0 < found.of(problem.space.validate((6,)), 1) <= 1.0


def test_who_offers_what_stands_has_not_turned_it_down():
    problem = line_problem()
    x = bg.Offer("you", (4,))
    again = chances(problem, [bg.Offer("me", (4,)), x]).aspirations[1]
    alone = chances(problem, [bg.Offer("you", (4,), round=1)]).aspirations[1]
    np.testing.assert_array_equal(again.likely, alone.likely)
    other = chances(problem, [bg.Offer("me", (5,)), x]).aspirations[1]
    assert not np.array_equal(other.likely, alone.likely)


def test_what_nobody_may_agree_to_was_not_turned_down_for_its_worth():
    problem = line_problem(constraints=[bg.Forbidden({"x": 5})])
    x = bg.Offer("you", (4,), round=1)
    broken = chances(problem, [bg.Offer("me", (5,)), x]).aspirations[1]
    np.testing.assert_array_equal(broken.likely, chances(problem, [x]).aspirations[1].likely)


def test_nothing_is_likely_to_be_taken_by_who_can_only_lose():
    losing = bg.AdditiveUtility({"x": bg.Linear(0.3, 0)})
    problem = bg.BargainingProblem(
        [bg.Issue.integer("x", 0, 10)],
        [bg.Party("me", bg.AdditiveUtility({"x": bg.Linear(0, 1)})),
         bg.Party("you", losing, reservation_value=0.9)],
    )  # fmt: skip
    found = chances(problem, [bg.Offer("you", [None])])
    assert found.of(problem.space.validate((3,)), 9) == 0.0
