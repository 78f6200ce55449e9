"""What shares, rates and regrets can be, no interval exceeds."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.search.arena import Arena
from bargain.search.profiles import UNLIMITED

RENTAL = bg.load("rental")
PROBLEMS = bg.random_problems(2, sizes=(4, 3), opposition=1.0, seed=3)


def hurried(cost=100.0):
    parties = [replace(p, cost=cost * (p.name == "tenant")) for p in RENTAL.profiles]
    return bg.BargainingProblem(RENTAL.space, parties)


def searched(problem, party, **changes):
    given = {"opponents": ["micro", "tit_for_tat"], "deadline": 40, "seed": 1950}
    return bg.evolve(problem, party=party, evaluations=64, **{**given, **changes})


@pytest.mark.parametrize(("problem", "party"), [(RENTAL, "tenant"), (PROBLEMS, 0)])
def test_shares_and_rates_of_a_search_have_intervals_from_0_to_1(problem, party):
    found = searched(problem, party)
    cut = 0
    for one in (found, *found.baselines.values()):
        for played in (one.train, one.held_out):
            for interval in (
                played.share_interval,
                played.agreement_interval,
                *(met.share_interval for met in played.against),
            ):
                if interval is not None:
                    assert 0 <= interval[0] <= interval[1] <= 1
                    cut += 0 in interval or 1 in interval
    assert cut


def test_where_waiting_costs_an_interval_ends_at_what_waiting_can_leave():
    problem = hurried()
    arena = Arena.of(problem, "tenant", deadline=40)
    least, most = arena.share_limits
    own = arena.own.utilities
    rational = own[own >= arena.own.reservation]
    worth = [
        problem.delayed(np.array([0.0, u]), round=r, time=float(arena.times[r]))[1]
        for u in (rational.min(), arena.own.reservation, rational.max())
        for r in range(40)
    ]
    shares = arena.own.shares(np.array(worth))
    assert (least, most) == (pytest.approx(shares.min()), pytest.approx(shares.max()))
    assert least < 0 < most <= 1
    low, high = searched(problem, "tenant").held_out.share_interval
    assert least <= low <= high <= most


def test_gains_and_shares_of_a_response_are_cut_as_well():
    found = bg.exploitability("conceder", PROBLEMS, party=0, deadline=8)
    for one in (found.share, found.other_share, found.reference_share):
        assert 0 <= one.interval[0] <= one.value <= one.interval[1] <= 1
    for one in (found.gain, found.cost):
        assert -1 <= one.interval[0] <= one.value <= one.interval[1] <= 1


def test_no_regret_of_shares_is_said_to_exceed_1(tmp_path):
    names = ["boulware", "conceder", "micro"]
    played = bg.tournament(PROBLEMS, names, deadline=9)
    game = bg.EmpiricalGame.of(played)
    assert game.limits == (0, 1)
    loose = bg.EmpiricalGame.from_samples(game.samples, names)
    assert loose.regret_bound("micro") > 1
    assert game.regret_bound("micro") == 1
    assert {one.regret_bound for one in game.equilibria()} == {1.0}
    assert game.reduced.limits == game.limits
    (tmp_path / "game.json").write_text(json.dumps(game.to_dict()))
    (tmp_path / "played.json").write_text(json.dumps(played.to_dict()))
    for file in ("game.json", "played.json"):
        assert bg.EmpiricalGame.load(tmp_path / file).limits == (0, 1)


def test_where_waiting_costs_nothing_cuts_a_regret():
    played = bg.tournament({"a": hurried(), "b": hurried(50.0)}, ["linear", "micro"], deadline=9)
    game = bg.EmpiricalGame.of(played)
    assert game.limits == (-np.inf, 1)
    loose = bg.EmpiricalGame.from_samples(game.samples, game.names[0])
    assert game.regret_bound("linear") == loose.regret_bound("linear")
    assert game.to_dict()["limits"] == [None, 1.0]


@pytest.mark.parametrize(("problem", "limits"), [(RENTAL, (0, 1)), (hurried(), UNLIMITED)])
def test_a_file_of_sessions_tells_whether_waiting_cost_anything(problem, limits, tmp_path):
    columns = bg.tournament({"a": problem}, ["linear", "micro"], deadline=9).columns()
    with open(tmp_path / "sessions.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    assert bg.EmpiricalGame.load(tmp_path / "sessions.csv").limits == limits


@pytest.mark.parametrize("limits", [3, (1, 0), (0,), (np.nan, 1), ("a", "b")])
def test_limits_that_are_none_are_refused(limits):
    with pytest.raises(InvalidArgumentError, match="limits"):
        bg.EmpiricalGame([[1.0]], limits=limits)
