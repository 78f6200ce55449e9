"""Who enters a tournament: what is refused, who meets whom, and who draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.play.entrants import count_meetings, draws, meetings
from tests.play.pies import POINTS, Fixed, pie


@settings(max_examples=30)
@given(st.integers(1, 3), st.integers(0, 2), st.integers(2, 4), st.booleans())
def test_every_way_to_meet_occurs_once(n_policies, n_pool, n_parties, self_play):
    listed = meetings(n_policies, n_pool, n_parties, self_play=self_play).tolist()
    ways = {tuple(way) for way in listed}
    assert (
        len(ways)
        == len(listed)
        == count_meetings(n_policies, n_pool, n_parties, self_play=self_play)
    )
    # slow twin: all assignments, filtered
    players = n_policies + n_pool
    for way in np.ndindex((players,) * n_parties):
        candidates = sum(player < n_policies for player in way)
        if n_pool:
            expected = candidates == 1
        else:
            expected = self_play or len(set(way)) == n_parties
        assert (way in ways) == expected


class Answers:
    """Look at the other side; say nothing of drawing."""

    def act(self, turn):
        return bg.Answer.ACCEPT if turn.is_answer else 0


class Steady(Answers):
    draws = False


DRAWING = {
    "mixture": bg.Mixture(["linear", "conceder"]),
    "random": bg.RandomOffers(),
    "micro": bg.MiCRO(),
    "noisy": bg.TitForTat("absolute", noise=0.1),
}
STEADY = {
    "absolute": bg.TitForTat("absolute"),
    "relative": bg.TitForTat(),
    "trade-off": bg.TradeOff(bg.TimeDependent(beta=0.2)),
    "script": bg.Scripted([bg.load("rental").space.outcome(row) for row in (5, 9, 2)]),
    "linear": bg.TimeDependent(),
    "exponential": bg.ExponentialConcession(),
    "bezier": bg.BezierConcession(),
}


@pytest.mark.parametrize("name", [*DRAWING, *STEADY])
def test_policies_say_whether_they_draw(name):
    policy = {**DRAWING, **STEADY}[name]
    seats = [policy, bg.TimeDependent(beta=0.5, acceptance=bg.AcceptAfter(1.0))]
    offers = {
        bg.alternating_offers(bg.load("rental"), seats, deadline=30, seed=seed).offer_rows.tobytes()
        for seed in range(8)
    }
    assert draws(policy) == (name in DRAWING) == (len(offers) > 1)


def test_your_own_policies_may_say_whether_they_draw():
    assert draws(Answers())
    assert not draws(Steady())
    assert not draws(Fixed(0, 0))
    for policy, sessions in ((Answers(), 10), (Steady(), 2)):
        found = bg.tournament(pie("pie"), {"own": policy}, deadline=3, repetitions=5, seed=1)
        assert len(found) == sessions


def test_policies_of_your_own_are_called_by_their_class():
    found = bg.tournament(pie("pie"), [Fixed(1, 1), "linear"], deadline=3)
    assert found.policies == ("Fixed", "linear")


def huge(**options):
    issues = [bg.Issue.choice(f"i{k}", list("abcdefghij")) for k in range(20)]
    worth = {f"i{k}": {v: float(j) for j, v in enumerate("abcdefghij")} for k in range(20)}
    parties = {"a": bg.AdditiveUtility(worth), "b": bg.AdditiveUtility(worth)}
    return bg.BargainingProblem(issues, parties, name="huge", **options)


BOUND = huge(constraints=[bg.Forbidden({"i0": "a"})])


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"problems": BOUND}, bg.TooLargeError, r"problems\[0\] \(huge\): expected at most"),
        (
            {"problems": ["rental", huge()], "policies": ["linear", "tit_for_tat"]},
            bg.UnsupportedProblemError,
            r"problems\['huge'\]: .*whose offers are known beforehand, got TitForTat",
        ),
        ({"problems": ["rental", "chair"]}, bg.UnsupportedProblemError, r"problems\[1\] \(chair\)"),
        ({"problems": []}, InvalidArgumentError, "problems"),
        ({"problems": [3]}, InvalidArgumentError, r"problems\[0\]"),
        ({"problems": ["rental", "rental"]}, InvalidArgumentError, "name of its own"),
        ({"problems": ["nothing"]}, FileFormatError, "nothing"),
        ({"policies": []}, InvalidArgumentError, "policies"),
        ({"policies": "linear"}, InvalidArgumentError, "policies"),
        ({"policies": ["linear", "linear"]}, InvalidArgumentError, r"policies\[1\].*of its own"),
        ({"policies": ["nobody"]}, InvalidArgumentError, "nobody"),
        ({"policies": {"": "linear"}}, InvalidArgumentError, "policies"),
        ({"against": ["nobody"]}, InvalidArgumentError, "nobody"),
        ({"against": []}, InvalidArgumentError, "against"),
        ({"deadline": []}, InvalidArgumentError, "deadline"),
        ({"deadline": [3, 3]}, InvalidArgumentError, "deadline"),
        ({"deadline": -1}, InvalidArgumentError, "deadline"),
        ({"deadline": "40"}, InvalidArgumentError, "deadline"),
        ({"repetitions": 0}, InvalidArgumentError, "repetitions"),
        ({"repetitions": 10**9}, InvalidArgumentError, "at most 10000000 sessions"),
        ({"self_play": 2}, InvalidArgumentError, "self_play"),
        ({"first": 2}, InvalidArgumentError, "first"),
        ({"first": "landlord"}, InvalidArgumentError, "first"),
        ({"breakdown": 1}, InvalidArgumentError, "breakdown"),
        ({"seed": -1}, InvalidArgumentError, "seed"),
        ({"checkpoint": "t.npz"}, InvalidArgumentError, "seed"),
        ({"checkpoint": 3, "seed": 1}, InvalidArgumentError, "checkpoint"),
        ({"checkpoint": "/no/such/t.npz", "seed": 1}, InvalidArgumentError, "checkpoint"),
    ],
)
def test_bad_input_is_named(changes, error, says):
    options = {"problems": "rental", "policies": ["linear"], "deadline": 3, **changes}
    with pytest.raises(error, match=says):
        bg.tournament(**options)


def test_nothing_may_be_agreed_in_a_problem_is_named():
    plain = pie("pie")
    rules = [bg.Forbidden({"pick": f"o{i}"}) for i in range(len(POINTS))]
    none = bg.BargainingProblem(plain.space, plain.profiles, constraints=rules, name="none")
    with pytest.raises(bg.InfeasibleProblemError, match=r"problems\[1\] \(none\)"):
        bg.tournament([plain, none], ["linear"], deadline=3)
