"""Equilibria of published games, of degenerate games, of large games, and of bad input."""

from __future__ import annotations

import pickle
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import bargain as bg
from bargain.errors import ConvergenceError, InvalidArgumentError, TooLargeError
from bargain.search.bimatrix import Bimatrix
from bargain.search.lemke_howson import lemke_howson, symmetric_lemke_howson
from tests.search.games import (
    BAD_ROCK,
    CHICKEN,
    PENNIES,
    PRISONERS,
    ROCK,
    SEXES,
    SHAPLEY,
    STAG_HUNT,
    VON_STENGEL,
    all_by_supports,
    as_set,
    regret,
)

THIRDS = [1 / 3, 1 / 3, 1 / 3]


def probabilities(found):
    return as_set(one.probabilities for one in found)


PUBLISHED = {
    "prisoners": (PRISONERS, [([0, 1], [0, 1])]),
    "rock": (ROCK, [(THIRDS, THIRDS)]),
    "bad rock": (BAD_ROCK, [(THIRDS, THIRDS)]),
    "chicken": (CHICKEN, [([2 / 3, 1 / 3],) * 2, ([1, 0], [0, 1]), ([0, 1], [1, 0])]),
    "stag hunt": (STAG_HUNT, [([1, 0],) * 2, ([0, 1],) * 2, ([3 / 4, 1 / 4],) * 2]),
    "pennies": (PENNIES, [([1 / 2, 1 / 2], [1 / 2, 1 / 2])]),
    "sexes": (SEXES, [([1, 0],) * 2, ([0, 1],) * 2, ([2 / 3, 1 / 3], [1 / 3, 2 / 3])]),
    "Shapley": (SHAPLEY, [(THIRDS, THIRDS)]),
    "von Stengel": (
        VON_STENGEL,
        [
            ([1, 0, 0], [1, 0]),
            ([4 / 5, 1 / 5, 0], [2 / 3, 1 / 3]),
            ([0, 1 / 3, 2 / 3], [1 / 3, 2 / 3]),
        ],
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_games_have_their_published_equilibria(name):
    game, expected = PUBLISHED[name]
    found = bg.EmpiricalGame(game).equilibria()
    assert found.complete
    assert probabilities(found) == as_set(expected)
    assert max(one.regret for one in found) <= 1e-12
    assert all(np.isnan(one.regret_bound) for one in found)


def test_every_label_of_von_stengels_game_leads_to_one_of_its_equilibria():
    a, b = (np.array(part, dtype=float) for part in VON_STENGEL)
    game = Bimatrix(a, b).scaled
    ends = [lemke_howson(game, label) for label in range(5)]
    assert as_set(ends) <= as_set(all_by_supports(a, b))
    assert len(as_set(ends)) > 1


def test_equilibria_that_both_roles_share_come_first_then_those_that_are_better_for_both():
    found = bg.EmpiricalGame(CHICKEN, ["dove", "hawk"]).equilibria()
    assert [one.symmetric for one in found] == [True, False, False]
    assert found[1].support == ({"dove": 1.0}, {"hawk": 1.0})
    hunt = bg.EmpiricalGame(STAG_HUNT, ["stag", "hare"]).equilibria()
    assert [one.payoffs for one in hunt] == [(4, 4), (3, 3), pytest.approx((3, 3))]
    assert [one.is_pure for one in hunt] == [True, True, False]
    assert str(hunt[2]) == "0.750 stag + 0.250 hare: payoff 3, regret 0"


def test_of_two_hundred_degenerate_games_each_has_an_equilibrium_without_regret():
    generator = np.random.default_rng(4)
    for _ in range(200):
        a, b = generator.integers(0, 4, (2, 4, 4)).astype(float)
        found = bg.EmpiricalGame((a, b)).equilibria()
        assert len(found) >= 1
        assert max(regret(a, b, *one.probabilities) for one in found) <= 1e-9


def test_degenerate_games_agree_with_nashpy():
    generator = np.random.default_rng(5)
    for _ in range(15):
        game = bg.EmpiricalGame(tuple(generator.integers(0, 4, (2, 4, 4)).astype(float)))
        found = game.equilibria()
        assert probabilities(found) == probabilities(game.equilibria(method="nashpy"))
        assert {one.method for one in found} <= {"pure", "vertex enumeration"}


def test_lemke_howson_ends_from_every_label_of_degenerate_games():
    generator = np.random.default_rng(5)
    for _ in range(60):
        a, b = generator.integers(0, 3, (2, 5, 5)).astype(float)
        game = Bimatrix(a, b).scaled
        twin = Bimatrix(a, a.T, symmetric=True).scaled
        for label in range(10):
            assert game.regret(*lemke_howson(game, label)) <= 1e-9
        for label in range(5):
            x, y = symmetric_lemke_howson(twin, label)
            assert np.array_equal(x, y)
            assert twin.regret(x, y) <= 1e-9


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 3), (4, 4)])
def test_generic_games_agree_with_nashpy_and_with_every_pair_of_supports(shape):
    nashpy = pytest.importorskip("nashpy")
    generator = np.random.default_rng(6)
    for _ in range(8):
        a, b = generator.random((2, *shape))
        game = bg.EmpiricalGame((a, b))
        found = probabilities(game.equilibria())
        assert found == as_set(nashpy.Game(a + 1, b + 1).vertex_enumeration())
        assert found == as_set(all_by_supports(a, b))
        assert found == probabilities(game.equilibria(method="nashpy"))


@settings(deadline=None, max_examples=40)
@given(arrays(np.float64, (4, 4), elements=st.floats(-5, 5, width=16)))
def test_every_symmetric_game_has_a_symmetric_equilibrium(payoffs):
    # Nash 1951, theorem 2
    found = bg.EmpiricalGame(payoffs).equilibria()
    assert found[0].symmetric
    # the mirror image of an equilibrium is one
    mirrored = as_set(one.probabilities[::-1] for one in found)
    assert mirrored == probabilities(found)


@settings(deadline=None, max_examples=30)
@given(
    arrays(np.float64, (2, 3, 4), elements=st.integers(-3, 3)),
    st.floats(0.1, 1e6),
    st.floats(-1e3, 1e3),
)
def test_units_and_what_the_other_role_is_given_anyway_change_no_equilibrium(payoffs, unit, gift):
    a, b = payoffs
    found = bg.EmpiricalGame((a, b)).equilibria()
    # something that depends on the other's choice alone
    moved = (a * unit + gift * np.arange(4), b + gift)
    for one in found:
        assert regret(*moved, *one.probabilities) <= 1e-7 * max(unit, abs(gift))


def test_fifty_policies_take_less_than_five_seconds():
    generator = np.random.default_rng(7)
    payoffs = generator.random((50, 50))
    game = bg.EmpiricalGame(payoffs, standard_errors=np.full((50, 50), 0.01))
    start = time.perf_counter()
    found = game.equilibria()
    assert time.perf_counter() - start < 5.0
    assert found[0].symmetric
    assert not found.complete
    assert {one.method for one in found} <= {"pure", "Lemke-Howson"}
    for one in found:
        x, y = one.probabilities
        assert one.regret <= 1e-9
        assert (payoffs @ y).max() - x @ payoffs @ y <= 1e-9
        assert (payoffs @ x).max() - y @ payoffs @ x <= 1e-9
    roles = bg.EmpiricalGame(generator.random((50, 50, 2)))
    start = time.perf_counter()
    assert max(one.regret for one in roles.equilibria()) <= 1e-9
    assert time.perf_counter() - start < 5.0


def test_a_time_limit_ends_the_search_with_what_it_has():
    payoffs = np.random.default_rng(8).random((60, 60, 2))
    game = bg.EmpiricalGame(payoffs)
    few = game.equilibria(time_limit=1e-9)
    assert len(few) == 1
    assert not few.complete


def test_no_equilibrium_within_the_accuracy_is_an_error(monkeypatch):
    from bargain.search import equilibria

    monkeypatch.setattr(equilibria, "TOLERANCE", -1.0)
    with pytest.raises(ConvergenceError, match="the least regret was 0"):
        bg.EmpiricalGame(ROCK).equilibria()


def test_duplicates_are_named_together_and_may_share_their_probability():
    payoffs = np.array(ROCK)[np.ix_([0, 1, 1, 2], [0, 1, 1, 2])]
    game = bg.EmpiricalGame(payoffs, ["rock", "paper", "sheet", "scissors"])
    assert game.duplicates == ((("paper", "sheet"),),) * 2
    (one,) = game.equilibria()
    assert one.interchangeable == ((("paper", "sheet"),),) * 2
    assert "0.333 paper = sheet" in str(one)
    split = {"rock": 1 / 3, "paper": 0.1, "sheet": 1 / 3 - 0.1, "scissors": 1 / 3}
    assert game.regret(split) <= 1e-12


def test_games_in_which_everything_is_worth_the_same():
    for payoffs in (np.zeros((3, 3)), np.full((3, 3), 7.5), np.full((3, 4, 2), -1e300)):
        (one,) = bg.EmpiricalGame(payoffs).equilibria()
        assert one.regret == 0
        assert [len(groups[0]) for groups in one.interchangeable] == list(payoffs.shape[:2])


def test_one_policy_is_its_own_equilibrium():
    game = bg.EmpiricalGame([[0.4]], ["only"], [[0.1]])
    (one,) = game.equilibria()
    assert one.support == ({"only": 1.0}, {"only": 1.0})
    assert (one.regret, one.regret_bound) == (0, 0)
    assert game.dominated == ()
    assert game.correlated_equilibrium().support == {("only", "only"): 1.0}
    assert game.basins(3, seed=1)[0].share == 1.0
    assert game.replicator().shares[0][-1] == 1.0
    (wide,) = bg.EmpiricalGame(np.arange(6.0).reshape(1, 3, 2)).equilibria()
    assert wide.payoffs == (4, 5)


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_the_largest_and_the_smallest_payoffs(scale):
    found = bg.EmpiricalGame(np.array(CHICKEN) / 10 * scale).equilibria()
    assert probabilities(found) == probabilities(bg.EmpiricalGame(CHICKEN).equilibria())
    game = bg.EmpiricalGame(np.array(ROCK) * scale)
    assert game.correlated_equilibrium().regret <= 1e-9 * scale
    assert game.equilibria()[0].regret <= 1e-9 * scale


@pytest.mark.parametrize(
    ("payoffs", "says"),
    [
        ([[1, 2]], "payoffs: expected shape (n, n), (n, m, 2) or a pair"),
        ([], "payoffs: expected shape"),
        ([[[1, 2, 3]]], "got (1, 1, 3)"),
        ([[1, 2], [3]], "payoffs: expected shape"),
        ([[1, float("nan")], [2, 3]], "payoffs[0, 1]: expected a number from -8e+307"),
        ([[1, float("inf")], [2, 3]], "payoffs[0, 1]: expected a number"),
        ([[1, 1e308], [2, 3]], "payoffs[0, 1]: expected a number"),
        ([["a", "b"], ["c", "d"]], "payoffs: expected numbers"),
        ([[True, False], [False, True]], "payoffs: expected numbers"),
        (([[1, 2]], [[1], [2]]), "payoffs: expected two matrices of one shape"),
        ([np.eye(2), np.eye(2)], "got 'a list of arrays'"),
        ("game", "payoffs: expected numbers"),
        (None, "payoffs: expected numbers"),
    ],
)
def test_payoffs_that_are_none(payoffs, says):
    with pytest.raises(InvalidArgumentError) as error:
        bg.EmpiricalGame(payoffs)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"names": ["a"]}, "names: expected 2 names"),
        ({"names": ["a", "a"]}, "names: expected every name once"),
        ({"names": "ab"}, "names: expected 2 names"),
        ({"names": [1, 2]}, "names: expected 2 names"),
        ({"standard_errors": [[0, -1], [0, 0]]}, "standard_errors[0, 1]: expected a number from 0"),
        ({"standard_errors": [[0]]}, "standard_errors: expected the shape of payoffs"),
        ({"roles": ("a", "a")}, "roles: expected two names"),
        ({"roles": "ab"}, "roles: expected a pair"),
    ],
)
def test_arguments_that_do_not_fit_the_payoffs(arguments, says):
    with pytest.raises(InvalidArgumentError) as error:
        bg.EmpiricalGame([[1, 2], [3, 4]], **arguments)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda g: g.equilibria(time_limit=0), "time_limit: expected a finite number > 0"),
        (lambda g: g.equilibria(level=1), "level: expected a number between 0 and 1"),
        (lambda g: g.equilibria(method="simplex"), "method: expected 'auto' or 'nashpy'"),
        (lambda g: g.regret("nobody"), "profile: expected one of 0, 1, 2"),
        (lambda g: g.regret([0.5, 0.5]), "profile: expected 3 probabilities"),
        (lambda g: g.regret([0.5, 0.6, -0.1]), "profile: expected 3 probabilities"),
        (lambda g: g.regret(("0", "1", "2")), "profile: expected a pair"),
        (lambda g: g.correlated_equilibrium(weights=(0, 0)), "weights: expected one of them above"),
        (lambda g: g.correlated_equilibrium(weights=(-1, 1)), "weights[0]: expected a finite"),
        (lambda g: g.replicator(points=1), "points: expected a whole number >= 2"),
        (lambda g: g.replicator(duration=1e9), "duration: expected at most 1e+06"),
        (lambda g: g.replicator(("0", "1")), "start: expected one population"),
        (lambda g: g.basins(0), "starts: expected a whole number >= 1"),
        (lambda g: g.plot("pie"), "kind: expected 'payoffs' or 'flow'"),
        (lambda g: bg.EmpiricalGame.from_samples([[1.0]]), "samples: expected shape (k, n, n)"),
    ],
)
def test_questions_that_cannot_be_answered(call, says):
    with pytest.raises(InvalidArgumentError) as error:
        call(bg.EmpiricalGame(ROCK))
    assert says in str(error.value)


def test_nashpy_is_asked_about_small_games_only():
    big = bg.EmpiricalGame(np.random.default_rng(9).random((9, 9)))
    with pytest.raises(TooLargeError, match="at most 6 policies a role"):
        big.equilibria(method="nashpy")
    (one,) = bg.EmpiricalGame(PRISONERS).equilibria(method="nashpy")
    assert one.method == "nashpy"
    assert one.support == ({"1": 1.0}, {"1": 1.0})
    (one,) = bg.EmpiricalGame([[[1, 0], [0, 3]]]).equilibria(method="nashpy")
    assert one.payoffs == (0, 3)


def test_dominated_policies_say_by_what_and_in_which_step():
    payoffs = [[4, 0, 3], [0, 4, 0], [1, 1, 1]]
    (one,) = bg.EmpiricalGame(payoffs, ["left", "right", "middle"]).dominated
    assert (one.name, one.role, one.step) == ("middle", "both", 1)
    # worst against itself, and against the right: 3 p = 4 (1 - p)
    assert one.by == {"left": pytest.approx(4 / 7), "right": pytest.approx(3 / 7)}
    assert one.margin == pytest.approx(12 / 7 - 1)
    rows = [[3, 0, 1], [0, 0, 1], [1, 1, 1]]
    columns = [[0, 1, -1], [0, -5, -6], [1, 0, -1]]
    game = bg.EmpiricalGame((rows, columns), (["T", "M", "B"], ["L", "R", "X"]))
    gone = [(one.name, one.role, one.step) for one in game.dominated]
    assert gone[0] == ("X", "column", 1)
    assert [step for *_, step in gone] == sorted(step for *_, step in gone)
    assert ("M", "row", 2) in gone
    assert game.reduced.names[0] == ("T", "B")
    assert game.dominated[0].to_dict()["by"].keys() <= {"L", "R"}


def test_elimination_keeps_every_equilibrium():
    generator = np.random.default_rng(10)
    smaller = 0
    for _ in range(40):
        a, b = generator.integers(0, 6, (2, 4, 4)).astype(float)
        game = bg.EmpiricalGame((a, b))
        n, m = game.reduced.bimatrix.shape
        smaller += n * m < 16
        for x, y in all_by_supports(a, b):
            kept = [{name for name, p in zip(game.names[r], q, strict=True) if p > 0}
                    for r, q in ((0, x), (1, y))]  # fmt: skip
            assert kept[0] <= set(game.reduced.names[0])
            assert kept[1] <= set(game.reduced.names[1])
    assert smaller > 10


def test_profiles_are_given_by_name_mapping_array_or_pair():
    game = bg.EmpiricalGame(CHICKEN, ["dove", "hawk"])
    assert game.regret("dove") == 1
    assert game.regret(("dove", "hawk")) == 0
    assert game.regret([0.5, 0.5]) == pytest.approx(game.regret({"dove": 0.5, "hawk": 0.5}))
    assert game.regret(([0.5, 0.5], "hawk")) == 1
    assert game.regret(game.equilibria()[0]) <= 1e-12
    roles = bg.EmpiricalGame(SEXES)
    with pytest.raises(InvalidArgumentError, match="a pair: what each role plays"):
        roles.regret("0")


def test_an_equilibrium_sits_down_at_a_table():
    game = bg.EmpiricalGame(CHICKEN, ["conceder", "hardliner"])
    mixed = game.equilibria()[0]
    policy = mixed.policy({"conceder": "conceder", "hardliner": bg.TimeDependent(floor=1.0)})
    assert policy == bg.Mixture(
        [bg.policy_from_name("conceder"), bg.TimeDependent(floor=1.0)],
        mixed.probabilities[0].tolist(),
    )
    by_position = mixed.policy(["conceder", "hardliner"], role=1)
    assert by_position == policy
    session = bg.alternating_offers(bg.load("rental"), (policy, policy), deadline=20, seed=1)
    assert session.ended in ("agreement", "deadline")
    with pytest.raises(InvalidArgumentError, match="policies: expected one named hardliner"):
        mixed.policy({"conceder": "conceder"})
    with pytest.raises(InvalidArgumentError, match="role: expected 0 or 1"):
        mixed.policy(["conceder", "hardliner"], role=2)
    with pytest.raises(InvalidArgumentError, match="or a sequence of 2"):
        mixed.policy(["conceder"])


def test_results_cannot_be_changed_and_pickle():
    payoffs = np.array(CHICKEN, dtype=float)
    game = bg.EmpiricalGame(payoffs)
    found = game.equilibria()
    again = pickle.loads(pickle.dumps(found))
    assert again.complete == found.complete
    assert again.to_dict() == found.to_dict()
    with pytest.raises(ValueError, match="read-only"):
        found[0].probabilities[0][0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0] = 1.0
    payoffs[0, 0] = 99.0
    assert game.payoffs[0, 0] == 6
    assert probabilities(game.equilibria()) == probabilities(found)
