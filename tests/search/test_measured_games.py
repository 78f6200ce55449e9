"""Games from tournaments and from files."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError, UnsupportedProblemError
from tests.search.games import CHICKEN, SEXES

NAMES = ["boulware", "conceder", "micro"]


@pytest.fixture(scope="module")
def tournament():
    return bg.tournament(
        ["rental", "employment", "framework_contract"], [*NAMES, "random"], deadline=[9, 20],
        repetitions=2, seed=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def game(tournament):
    return bg.EmpiricalGame.of(tournament)


def test_a_game_has_the_payoffs_and_errors_of_its_tournament(tournament, game):
    assert game.symmetric
    assert game.names == (tournament.policies,) * 2
    assert game.payoffs == pytest.approx(tournament.payoffs)
    assert game.standard_errors == pytest.approx(tournament.payoff_errors)
    found = game.equilibria()
    assert found.complete
    assert found[0].symmetric
    assert max(one.regret for one in found) <= 1e-9
    assert all(one.regret_bound >= one.regret for one in found)


def test_seats_are_roles_when_asked(tournament):
    game = bg.EmpiricalGame.of(tournament, by_seat=True)
    assert game.roles == ("first seat", "second seat")
    results = tournament.results
    for i, j in ((0, 1), (1, 0), (2, 2)):
        here = (results["policies"] == (i, j)).all(axis=1)
        means = [
            np.average(
                results["shares"][here & (results["problem"] == k)],
                axis=0,
                weights=results["weight"][here & (results["problem"] == k)],
            )
            for k in range(3)
        ]
        assert game.payoffs[i, j] == pytest.approx(np.mean(means, axis=0))
    one = bg.tournament("rental", NAMES, deadline=20)
    assert bg.EmpiricalGame.of(one, by_seat=True).roles == bg.load("rental").parties
    assert bg.EmpiricalGame.of(one).standard_errors is None


def test_a_pool_is_the_other_role():
    problems = ["rental", "employment"]
    against = bg.tournament(problems, NAMES, against=["linear", "tit_for_tat"], deadline=20)
    game = bg.EmpiricalGame.of(against)
    assert game.roles == ("policy", "opponent")
    assert game.names == (tuple(NAMES), ("linear", "tit_for_tat"))
    assert game.payoffs[..., 0] == pytest.approx(against.payoffs)
    # what the pool got is what it would have as policies
    turned = bg.tournament(problems, ["linear", "tit_for_tat"], against=NAMES, deadline=20)
    assert game.payoffs[..., 1] == pytest.approx(turned.payoffs.T)
    with pytest.raises(InvalidArgumentError, match="by_seat: expected policies that met"):
        bg.EmpiricalGame.of(against, by_seat=True)


def test_tournaments_that_make_no_game_of_two():
    apart = bg.tournament(["rental"], NAMES, deadline=9, self_play=False)
    with pytest.raises(InvalidArgumentError, match="got none of boulware and boulware"):
        bg.EmpiricalGame.of(apart)
    with pytest.raises(InvalidArgumentError, match="tournament: expected a Tournament"):
        bg.EmpiricalGame.of([[1, 2], [3, 4]])
    issue = bg.Issue.choice("pie", ["a", "b", "c"])
    wants = {
        name: bg.AdditiveUtility({"pie": {v: float(v == name) for v in "abc"}}) for name in "abc"
    }
    three = bg.BargainingProblem([issue], wants, name="three")
    found = bg.tournament({"three": three}, ["linear", "conceder"], deadline=9)
    with pytest.raises(UnsupportedProblemError, match="an empirical game of three: expected two"):
        bg.EmpiricalGame.of(found)


def test_problems_that_were_not_played_are_left_out(tournament, game):
    from dataclasses import replace

    played = tournament.results[tournament.results["problem"] != 1]
    part = bg.EmpiricalGame.of(replace(tournament, results=played, stopped="interrupted"))
    assert part.samples == pytest.approx(game.samples[[0, 2]])


def written(path, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def test_sessions_that_the_command_line_writes_are_the_game_of_the_tournament(
    tournament, game, tmp_path
):
    columns = tournament.columns()
    path = written(tmp_path / "s.csv", [columns, *zip(*columns.values(), strict=True)])
    read = bg.EmpiricalGame.load(path)
    order = [read.names[0].index(name) for name in game.names[0]]
    assert read.payoffs[np.ix_(order, order)] == pytest.approx(game.payoffs)
    assert read.samples[:, order][:, :, order] == pytest.approx(game.samples)


def test_json_of_tournaments_and_of_games(tournament, game, tmp_path):
    path = tmp_path / "t.json"
    path.write_text(json.dumps(tournament.to_dict()), encoding="utf-8")
    read = bg.EmpiricalGame.load(path)
    assert np.array_equal(read.payoffs, tournament.payoffs)
    assert read.standard_errors == pytest.approx(game.standard_errors)
    assert read.samples is None
    one = bg.tournament("rental", NAMES, deadline=9)
    path.write_text(json.dumps(one.to_dict()), encoding="utf-8")
    assert bg.EmpiricalGame.load(path).standard_errors is None
    for made in (game, bg.EmpiricalGame(SEXES, roles=("her", "him")),
                 bg.EmpiricalGame(CHICKEN, standard_errors=[[1, 2], [3, 4]])):  # fmt: skip
        path.write_text(json.dumps(made.to_dict()), encoding="utf-8")
        read = bg.EmpiricalGame.load(str(path))
        assert read.to_dict() == made.to_dict()


def test_square_tables_and_lists(tmp_path):
    square = written(
        tmp_path / "square.csv", [["", "dove", "hawk"], ["dove", 6, 2], ["hawk", 7, 0]]
    )
    game = bg.EmpiricalGame.load(square)
    assert game.payoffs.tolist() == CHICKEN
    assert game.names[0] == ("dove", "hawk")
    lines = [["row", "column", "payoff", "standard_error"],
             ["dove", "dove", 6, 0.1], ["dove", "hawk", 2, 0.2],
             ["hawk", "hawk", 0, 0.3], ["hawk", "dove", 7, 0.4]]  # fmt: skip
    listed = bg.EmpiricalGame.load(written(tmp_path / "list.csv", lines))
    assert listed.payoffs.tolist() == CHICKEN
    assert listed.standard_errors.tolist() == [[0.1, 0.2], [0.4, 0.3]]
    lines = [["row", "column", "row_payoff", "column_payoff"], ["O", "o", 2, 1], ["O", "f", 0, 0],
             ["F", "o", 0, 0], ["F", "f", 1, 2]]  # fmt: skip
    roles = bg.EmpiricalGame.load(written(tmp_path / "roles.csv", lines))
    assert np.array_equal(roles.payoffs, np.stack(SEXES, axis=-1))
    assert roles.names == (("O", "F"), ("o", "f"))


PAIRS = "row,column,payoff\n"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.txt", "", "a.txt: expected a .csv or .json file, got '.txt'"),
        ("a.csv", "", "expected a line of names and lines of payoffs"),
        ("a.csv", "x,a,b\na,1,2\n", "expected the policies of the columns in the rows"),
        ("a.csv", "x,a,b\na,1,2\nb,3\n", "line 3: expected 3 cells, got 2"),
        ("a.csv", "x,a,b\na,1,2\nb,3,nan\n", "line 3: expected a finite number, got 'nan'"),
        ("a.csv", "x,a,a\na,1,2\na,3,4\n", "names: expected every name once"),
        ("a.csv", 'x,a\n"a,1', "line 2: "),
        ("a.csv", PAIRS + "a,a,1\na,b,2\n", "line 3: expected a column that is also a row"),
        ("a.csv", PAIRS + "a,a,1\nb,a,2\nb,b,1\n", "expected payoffs of every pair"),
        ("a.csv", PAIRS + "a,a,1\na,a,2\n", "line 3: expected every pair once"),
        ("a.csv", "row,column,price\na,a,1\n", "line 1: expected a column row_payoff"),
        ("a.csv", "row,column,row,payoff\na,a,a,1\n", "line 1: expected every name once"),
        ("a.csv", "policy_0,policy_1\na,b\n", "line 1: expected a column problem"),
        ("a.json", "[]", "expected a mapping"),
        ("a.json", "{}", "expected the field payoffs"),
        ("a.json", '{"payoffs": [[1, null], [2, 3]]}', "payoffs: expected numbers"),
        ("a.json", '{"payoffs": [[1]], "policies": ["a"], "opponents": ["b"]}', "got 'a pool"),
        ("a.json", '{"payoffs": [[1]], "policies": ["a"], "opponents": ["a"], "payoff_errors": 3}',
         "standard_errors: expected shape"),
        ("a.json", '{"payoffs": [[1]], "names": 3}', "names: expected 1 names"),
        ("a.json", '{"payoffs": [[1]], "roles": 3}', "roles: expected a pair"),
        ("a.json", '{"payoffs": [[1]], "samples": [[1]]}', "samples: expected shape"),
    ],
)  # fmt: skip
def test_files_that_hold_no_game(name, text, says, tmp_path):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError) as error:
        bg.EmpiricalGame.load(path)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_sessions_of_a_pool_say_who_never_met(tmp_path):
    found = bg.tournament("rental", NAMES, against=["linear"], deadline=9)
    columns = found.columns()
    path = written(tmp_path / "s.csv", [columns, *zip(*columns.values(), strict=True)])
    with pytest.raises(FileFormatError, match="expected payoffs of every pair"):
        bg.EmpiricalGame.load(path)
