"""Long work says how far it is, on stderr, and changes nothing by saying so."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import bargain as bg
from bargain.play.progress import STEPS, progress_bar

RENTAL = bg.load("rental")
POOL = ["linear", bg.TimeDependent(beta=0.2, floor=0.4)]
SEEK = {"deadline": 6, "seed": 1, "evaluations": 64}


def responses():
    yield "a pool", POOL
    yield "chances", bg.MemorylessResponder(np.full(RENTAL.space.size, 0.3))
    yield "a reservation", bg.ReservationBelief(2000, 4000)


@pytest.mark.parametrize("opponents", [pytest.param(o, id=name) for name, o in responses()])
def test_a_best_response_shows_its_rounds(opponents, capsys):
    options = {"party": "tenant", "opponents": opponents, "deadline": 6}
    quiet = bg.best_response(RENTAL, **options)
    assert capsys.readouterr().err == ""
    shown = bg.best_response(RENTAL, **options, progress=True)
    told = capsys.readouterr()
    assert (told.out, "rounds" in told.err, "100%" in told.err) == ("", True, True)
    assert shown.value == quiet.value


@pytest.mark.parametrize("policy", ["conceder", "tit_for_tat"])
def test_exploitability_shows_what_it_computes_or_searches(policy, capsys):
    quiet = bg.exploitability(policy, RENTAL, party="tenant", **SEEK)
    assert capsys.readouterr().err == ""
    shown = bg.exploitability(policy, RENTAL, party="tenant", **SEEK, progress=True)
    told = capsys.readouterr()
    assert told.out == ""
    assert ("best responses" in told.err) == quiet.exact
    assert "100%" in told.err
    assert shown.gain == quiet.gain


def test_a_double_oracle_shows_its_rounds_and_moves_within_them(capsys, monkeypatch):
    seen = []

    class Bar:
        def __enter__(self):
            return lambda done, said=None: seen.append(done)

        def __exit__(self, *_):
            return None

    bg.double_oracle(RENTAL, **SEEK, rounds=2, progress=True)
    assert "exploitability" in capsys.readouterr().err
    module = sys.modules["bargain.search.double_oracle"]
    monkeypatch.setattr(module, "progress_bar", lambda total, said, shown: Bar())
    bg.double_oracle(RENTAL, deadline=6, seed=1, evaluations=640, rounds=1)
    # each of the two searches reaches its bound in one generation of 64; then the round is over
    assert seen == pytest.approx([0.05, 0.55, 1])


def test_a_search_reports_to_a_function(capsys):
    told = []
    bg.evolve(
        RENTAL, party="tenant", opponents=["micro", *POOL], **SEEK | {"evaluations": 100},
        progress=lambda done, said=None: told.append((done, said)),
    )  # fmt: skip
    assert [done for done, _ in told] == [64, 100]
    assert all(said.startswith("best score 0.") for _, said in told)
    assert capsys.readouterr().err == ""


def test_a_bar_moves_in_few_steps_and_ends_full(capsys, monkeypatch):
    moved = []
    monkeypatch.setattr(
        "rich.progress.Progress.update",
        lambda self, task, completed, description: moved.append(completed),
    )
    with progress_bar(10**5, "rounds", shown=True) as report:
        for done in range(1, 10**5 + 1):
            report(done)
    assert len(moved) <= STEPS + 1
    assert moved[-1] == 10**5
    report = print
    with progress_bar(10, "part of longer work", shown=report) as given:
        assert given is report
