"""Populations that grow by best responses until nothing gains."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, NoAgreementZoneError, UnsupportedProblemError
from bargain.search.run import Run
from tests.problems import one_choice
from tests.search.yardsticks import pie

PIE = pie(np.linspace(0, 1, 21))
START = [bg.TimeDependent(1, 0.3), bg.TimeDependent(0.2, 0.5)]


def grown(problem=PIE, **changes):
    return bg.double_oracle(
        problem, **{"deadline": 6, "evaluations": 600, "seed": 1, "start": START, **changes}
    )


def record(found):
    return json.dumps({**found.to_dict(), "seconds": 0}, sort_keys=True, allow_nan=False)


def hurried(seed):
    problem = bg.random_problem(sizes=(4, 4), opposition=0.7, reservation=0.2, seed=seed)
    return bg.BargainingProblem(
        problem.space, [replace(party, discount_factor=0.93) for party in problem.profiles]
    )


@pytest.mark.parametrize(
    ("problem", "start"),
    [(PIE, ["boulware", "conceder"]), (PIE, START), (hurried(1), START), (hurried(2), START)],
    ids=["pie", "firm pie", "one", "other"],
)
def test_where_it_converges_no_policy_at_all_gains_more_than_the_tolerance(problem, start):
    found = grown(problem, evaluations=1_000, deadline=8, start=start)
    assert found.stopped == "converged"
    assert found.exploitability <= found.tolerance == 0.01
    assert found.history[-1].confirms
    for role in (0, 1):
        given = {"party": role, "deadline": 8, "reference": found.policy[1 - role]}
        exact = bg.exploitability(found.policy[role], problem, **given)
        assert exact.exact
        assert exact.gain.value <= 0.01
        again = bg.exploitability(
            found.policy[role], problem, how="search", seed=99, evaluations=2_000, **given
        )
        assert again.gain.value <= exact.gain.value + 1e-9
        # what the game says of the profile is what sessions say
        assert exact.reference_share.value == pytest.approx(found.equilibrium.payoffs[role])


def test_the_start_is_exploited_and_what_exploits_it_is_taken_in():
    start = ["boulware", "linear", "conceder"]
    found = grown(start=start)
    first = found.history[0]
    assert first.exploitability > 0.1
    for role, gain in enumerate(first.gains):
        played = [first.equilibrium.policy(start, role=side) for side in (0, 1)]
        responder = bg.exploitability(
            played[1 - role], PIE, party=1 - role, deadline=6, reference=played[role]
        )
        assert gain.value <= responder.gain.value + 1e-9
        assert first.gains_at_most[role] >= gain.value - 1e-9
        if gain.value > 1e-12:
            assert first.added[role] in found.game.names[role]
    assert [len(part) for part in found.policies] == list(found.game.payoffs.shape[:2])


def test_payoffs_of_the_game_are_those_of_sessions():
    found = grown(hurried(1))
    rows, columns = found.policies
    for i in (0, len(rows) - 1):
        for j in (0, len(columns) - 1):
            shares = []
            for first in (0, 1):
                met = bg.play_sessions(
                    found.problems[0], [rows[i], columns[j]], [[0, 1]], deadline=6, first=first
                )
                worth = met.discounted_utilities[0]
                views = [bg.PartyView.of(found.problems[0], seat) for seat in (0, 1)]
                shares.append([float(v.shares(u)) for v, u in zip(views, worth, strict=True)])
            assert found.game.payoffs[i, j] == pytest.approx(np.mean(shares, axis=0))


def test_one_population_sits_in_both_seats():
    problem = hurried(2)
    found = grown(problem, roles="symmetric", deadline=8)
    assert found.game.symmetric
    assert found.roles == ("both seats",)
    assert found.equilibrium.symmetric
    first, second = found.policy
    assert first == second
    # the payoff of meeting oneself is the mean over both seats
    for i, policy in enumerate(found.policies[0]):
        met = bg.exploitability(policy, problem, party=0, deadline=8, how="search", evaluations=1)
        both = met.reference_share.value + met.reference_other_share.value
        assert found.game.payoffs[i, i] == pytest.approx(both / 2)


def test_same_seed_same_bytes():
    given = {"start": [*START, "random"], "rounds": 3, "evaluations": 64}
    assert record(grown(**given)) == record(grown(**given))
    assert record(grown(**given)) != record(grown(**{**given, "seed": 2}))


def test_several_problems_are_the_samples_and_draws_have_errors():
    problems = bg.random_problems(3, sizes=(3, 3), seed=5)
    found = grown(problems, rounds=2, evaluations=64)
    assert found.game.samples.shape[0] == 3
    assert found.history[0].standard_error > 0
    drawn = grown(start=["random", "linear"], rounds=1, evaluations=64)
    assert drawn.game.standard_errors[0].max() > 0
    assert drawn.game.standard_errors[1, 1].max() == 0


def test_rounds_and_time_end_it_with_the_least_exploited_equilibrium():
    short = grown(hurried(1), rounds=1)
    assert (short.stopped, len(short.history)) == ("rounds", 1)
    assert short.exploitability >= short.history[0].exploitability
    assert grown(time_limit=0).stopped == "time_limit"
    longer = grown(hurried(1), roles="symmetric", rounds=6, deadline=8, tolerance=0)
    regrets = [longer.game.regret(dict(step.equilibrium.support[0])) for step in longer.history]
    each = [max(r, s.exploitability) for r, s in zip(regrets, longer.history, strict=True)]
    assert longer.exploitability == min(each)


def test_what_holds_after_the_last_round_is_confirmed_beyond_it():
    whole = grown(hurried(1), rounds=20)
    assert whole.stopped == "converged"
    assert whole.history[-1].confirms
    last = len(whole.history) - 1
    again = grown(hurried(1), rounds=last)
    assert (again.stopped, len(again.history)) == ("converged", last + 1)
    assert again.exploitability == whole.exploitability
    fewer = grown(hurried(1), rounds=last - 1)
    assert (fewer.stopped, len(fewer.history)) == ("rounds", last - 1)


def test_a_step_says_what_it_came_to():
    found = grown(hurried(1), rounds=20)
    first, last = found.history[0], found.history[-1]
    assert repr(first) == f"OracleStep(exploitability {first.exploitability:.4f}, added found 1)"
    assert repr(last) == f"OracleStep(exploitability {last.exploitability:.4f}, confirms)"


@pytest.mark.parametrize("after", [1, 3])
def test_an_interrupt_keeps_what_there_is(monkeypatch, after):
    generation, started = Run.generation, []

    def interrupted(run, count):
        if not run.history:
            started.append(run)
        generation(run, count)
        if len(started) > after:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Run, "generation", interrupted)
    if after == 1:
        # the second role's first response is under way: there is one all the same
        found = grown(hurried(1))
        assert (found.stopped, len(found.history)) == ("interrupted", 1)
        return
    found = grown(hurried(1))
    assert found.stopped == "interrupted"
    assert 1 <= len(found.history) <= 2
    assert found.policy[0].policies


def test_an_interrupt_before_anything_is_known_is_one(monkeypatch):
    def interrupted(run, count):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "generation", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grown()


def test_the_mixture_can_be_played_saved_and_drawn(tmp_path):
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("Agg")
    found = grown(hurried(1), roles="symmetric", rounds=4)
    found.policy[0].save(tmp_path / "both.policy.json")
    assert bg.load_policy(tmp_path / "both.policy.json") == found.policy[0]
    session = bg.alternating_offers(found.problems[0], found.policy, deadline=6, seed=1)
    assert session.ended in ("agreement", "deadline", "left")
    assert "both seats: mean share" in str(found)
    ax = found.plot()
    assert ax.get_xlabel() == "round"
    heights = [step.gains[0].value for step in found.history]
    assert ax.lines[0].get_ydata().tolist() == heights
    ax = found.plot("population")
    totals = np.zeros(len(found.history))
    for bar in ax.patches:
        totals[round(bar.get_x() + bar.get_width() / 2) - 1] += bar.get_height()
    assert totals == pytest.approx(1)
    for bad in ({"kind": "pie"}, {"kind": "population", "role": 1}):
        with pytest.raises(InvalidArgumentError, match=next(reversed(bad))):
            found.plot(**bad)
    plt.close("all")


@pytest.mark.parametrize(
    ("changes", "error", "named"),
    [
        ({"roles": "three"}, InvalidArgumentError, "roles"),
        ({"start": []}, InvalidArgumentError, "start"),
        ({"start": ["nobody"]}, InvalidArgumentError, "nobody"),
        ({"start": [bg.Mixture(["linear"])]}, InvalidArgumentError, "no mixture"),
        ({"start": {"found 1": "linear"}}, InvalidArgumentError, "found"),
        ({"start": (["linear"], ["linear"]), "roles": "symmetric"}, InvalidArgumentError, "start"),
        ({"tolerance": -1}, InvalidArgumentError, "tolerance"),
        ({"rounds": 0}, InvalidArgumentError, "rounds"),
        ({"evaluations": 0}, InvalidArgumentError, "evaluations"),
        ({"time_limit": -1}, InvalidArgumentError, "time_limit"),
        ({"deadline": 0}, InvalidArgumentError, "deadline"),
        ({"first": 0, "roles": "symmetric"}, InvalidArgumentError, "first"),
        ({"space": "wide"}, InvalidArgumentError, "space"),
        ({"problem": "rental"}, InvalidArgumentError, "problem"),
        ({"problem": one_choice([[1, 1, 1]])}, UnsupportedProblemError, "two parties"),
        ({"problem": one_choice([[-1, 1], [1, -1]])}, NoAgreementZoneError, "outcomes"),
    ],
)
def test_wrong_arguments_are_named(changes, error, named):
    with pytest.raises(error, match=named):
        grown(**changes)


def test_a_symmetric_equilibrium_is_found_where_none_is_among_those_that_are_listed(monkeypatch):
    monkeypatch.setattr(bg.EmpiricalGame, "equilibria", lambda game, **_: ())
    found = grown(hurried(2), roles="symmetric", rounds=3, deadline=8)
    for step in found.history:
        assert step.equilibrium.symmetric
        assert step.equilibrium.regret <= 1e-9
        assert sum(step.equilibrium.support[0].values()) == pytest.approx(1)
