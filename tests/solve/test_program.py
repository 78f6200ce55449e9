"""Integer programs against a look at every outcome, on problems small enough for both."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InfeasibleProblemError, NoAgreementZoneError
from bargain.solve.enumerated import efficient_rows
from bargain.solve.integer_program import Answer, IntegerProgram
from bargain.solve.program import ProgramSet
from bargain.solve.program_frontier import program_frontier
from tests.forms import formed_problems
from tests.problems import one_choice

SOME = settings(max_examples=40)
FEW = settings(max_examples=15)


def allowed_utilities(problem):
    """Return the utilities of all outcomes that break no constraint."""
    rows = problem.allowed_rows
    return problem.utilities() if rows is None else problem.utilities()[rows]


def rational_gains(problem):
    """Return the gains of all allowed individually rational outcomes."""
    utilities = allowed_utilities(problem)
    rational = (utilities >= problem.disagreement_point).all(axis=1)
    return utilities[rational] - problem.disagreement_point


def program_set(problem):
    """Return the program's set, or None where there rightly is none, and all gains."""
    gains = rational_gains(problem)
    if len(allowed_utilities(problem)) == 0:
        with pytest.raises(InfeasibleProblemError):
            ProgramSet(problem)
        return None, gains
    if len(gains) == 0:
        with pytest.raises(NoAgreementZoneError):
            ProgramSet(problem)
        return None, gains
    return ProgramSet(problem), gains


def gains_of(problem, answer):
    """Return the gains at an answer, which must be allowed and individually rational."""
    ((outcome, _),) = answer[0]
    assert problem.broken_by(outcome) == ()
    utilities = problem.evaluate(outcome)
    assert (utilities >= problem.disagreement_point).all()
    return utilities - problem.disagreement_point


def lexicographic_best(rows):
    """Return the largest row, by its first entry, then the next."""
    return np.array(max(map(tuple, np.round(rows, 9))))


@SOME
@given(st.integers(2, 4).flatmap(formed_problems))
def test_ideal_gains_and_the_largest_sum_are_those_of_all_outcomes(problem):
    found, gains = program_set(problem)
    if found is None:
        return
    np.testing.assert_array_equal(found.ideal_gains(), gains.max(axis=0))
    best = gains_of(problem, found.best_sum())
    assert best.sum() == gains.sum(axis=1).max()


@SOME
@given(st.integers(2, 4).flatmap(formed_problems))
def test_the_least_gains_are_as_large_as_they_can_be_one_after_the_other(problem):
    found, gains = program_set(problem)
    if found is None:
        return
    n = problem.n_parties
    even = gains_of(problem, found.best_minimum(np.ones(n)))
    np.testing.assert_array_equal(np.sort(even), lexicographic_best(np.sort(gains, axis=1)))
    ideal = found.ideal_gains()
    able = ideal > 0
    if able.any():
        shares = gains_of(problem, found.best_minimum(ideal))[able] / ideal[able]
        wanted = lexicographic_best(np.sort(gains[:, able] / ideal[able], axis=1))
        np.testing.assert_allclose(np.sort(shares), wanted, atol=1e-8)


@SOME
@given(
    st.integers(2, 4).flatmap(formed_problems),
    st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(lambda w: sum(w[:2]) > 0),
)
def test_the_product_is_the_largest_of_all_also_where_it_is_zero(problem, drawn):
    found, gains = program_set(problem)
    if found is None:
        return
    weights = np.array(drawn[: problem.n_parties], dtype=float)
    weights /= weights.sum()
    lottery, certificate = found.best_product(weights)
    best = gains_of(problem, (lottery, certificate))
    counted = weights > 0
    able = gains[:, counted]
    winners = (able > 0).sum(axis=1)
    shares = able / np.where(able.max(axis=0) > 0, able.max(axis=0), 1.0)
    logs = np.where(able > 0, np.log(np.where(able > 0, shares, 1.0)), 0.0) @ weights[counted]
    assert (best[counted] > 0).sum() == winners.max()
    own = best[counted] / np.where(able.max(axis=0) > 0, able.max(axis=0), 1.0)
    reached = np.log(own[own > 0]) @ weights[counted][own > 0]
    wanted = logs[winners == winners.max()].max()
    assert reached == pytest.approx(wanted, abs=1e-9)
    assert (winners.max() < counted.sum()) == ("degenerate" in certificate.note)
    # nobody could have had more for nothing
    assert not ((gains >= best).all(axis=1) & (gains > best).any(axis=1)).any()


def test_where_only_some_can_gain_the_weights_as_given_decide_who():
    # of the ideal gains the first outcome gives the two that gain all, the second 3/4 and all
    problem = one_choice([[4, 3, 0, 0], [3, 0, 0, 4]])
    weights = np.array([1 / 6, 1 / 2, 0, 1 / 3])
    (((outcome, _),), certificate) = ProgramSet(problem).best_product(weights)
    assert problem.evaluate(outcome).tolist() == [4, 3, 0, 0]
    assert "the most parties that can gain together are 2" in certificate.note


@SOME
@given(formed_problems(), st.booleans())
def test_the_frontier_is_every_efficient_outcome_in_exact_numbers(problem, rational):
    utilities = allowed_utilities(problem)
    if len(utilities) == 0:
        with pytest.raises(InfeasibleProblemError):
            program_frontier(problem, individually_rational=rational)
        return
    if rational:
        utilities = utilities[(utilities >= problem.disagreement_point).all(axis=1)]
        if len(utilities) == 0:
            with pytest.raises(NoAgreementZoneError):
                program_frontier(problem)
            return
    frontier = program_frontier(problem, individually_rational=rational)
    wanted = utilities[efficient_rows(utilities)]
    np.testing.assert_array_equal(frontier.utilities, wanted)
    assert frontier.certificate.kind == "exact"
    for outcome, own in zip(frontier.outcomes, frontier.utilities, strict=True):
        assert problem.broken_by(outcome) == ()
        np.testing.assert_array_equal(problem.evaluate(outcome), own)


REALS = st.floats(-1, 2).map(lambda x: round(x, 9))


@FEW
@given(st.integers(2, 3).flatmap(lambda n: formed_problems(n, worth=REALS, max_size=3)))
def test_with_worths_of_any_size_the_proven_gap_holds(problem):
    found, gains = program_set(problem)
    if found is None:
        return
    n = problem.n_parties
    lottery, certificate = found.best_sum()
    reached = gains_of(problem, (lottery, certificate)).sum()
    assert gains.sum(axis=1).max() - reached <= certificate.gap + 1e-12
    if (gains > 0).all(axis=1).any():
        lottery, certificate = found.best_product(np.ones(n) / n)
        best = gains_of(problem, (lottery, certificate))
        everybody = gains[(gains > 1e-8).all(axis=1)]
        if len(everybody):
            wanted = np.log(everybody).mean(axis=1).max()
            assert wanted - np.log(best).mean() <= certificate.gap + 1e-12


def test_an_answer_that_the_solver_takes_back_by_a_hair_is_found_with_looser_rows():
    # one outcome is best for both: HiGHS returns it, then calls it 2e-6 infeasible and gives up
    issue = bg.Issue.integer("i", 0, 1)
    worths = {"a": {0: 0.1, 1: 0.6}, "b": {0: 0.1, 1: 0.5}}
    utilities = {name: bg.AdditiveUtility({"i": table}) for name, table in worths.items()}
    constraint = bg.Implication({"i": {"at_most": 0}}, {"i": 1})
    problem = bg.BargainingProblem(
        [issue], utilities, disagreement_point=(0.1, 0.1), constraints=[constraint]
    )
    answer = ProgramSet(problem).best_product(np.array([0.5, 0.5]))
    assert gains_of(problem, answer) == pytest.approx([0.5, 0.4])
    assert answer[1].gap < 1e-5


def test_an_outcome_that_is_known_is_not_argued_away_by_the_solver():
    # HiGHS called this product's program infeasible, and a worse outcome passed for proven
    issues = [bg.Issue.integer("a", 0, 3), bg.Issue.integer("b", 0, 1), bg.Issue.integer("c", 0, 1)]
    worths = [
        ((0, 2, 2, 2), (0, 1), (1, 1)),
        ((1, 2, 1, 2), (2, 2), (1, 1)),
        ((2, 1, 2, 2), (0, 1), (2, 1)),
        ((1, 2, 2, 2), (2, 0), (2, 1)),
    ]
    utilities = {
        f"p{i}": bg.AdditiveUtility(
            {
                issue.name: dict(enumerate(map(float, table)))
                for issue, table in zip(issues, tables, strict=True)
            }
        )
        for i, tables in enumerate(worths)
    }
    problem = bg.BargainingProblem(issues, utilities, disagreement_point=(3, 3, 2, 1))
    answer = ProgramSet(problem).best_product(np.full(4, 0.25))
    assert rational_gains(problem).prod(axis=1).max() == 18
    assert gains_of(problem, answer).prod() == 18


def test_infeasible_is_not_believed_where_an_outcome_is_known(monkeypatch):
    program = IntegerProgram()
    pick = program.binary()
    refusal = SimpleNamespace(status=2, x=None, fun=None, mip_dual_bound=None)
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: refusal)
    assert program.maximize(pick * 3.0 + 1.0, time_limit=1.0).status == "infeasible"
    answer = program.maximize(pick * 3.0 + 1.0, time_limit=1.0, is_feasible=True)
    # what the columns' bounds allow is all that is known then
    assert (answer.status, answer.point, answer.bound) == ("stopped", None, 4.0)


def test_what_is_taken_for_infeasible_but_found_afterwards_is_an_agreement(monkeypatch):
    """HiGHS may say so of an outcome that gives everybody just its disagreement utility."""
    solve, answers = IntegerProgram.maximize, [Answer("infeasible", None, -np.inf)]
    monkeypatch.setattr(
        IntegerProgram,
        "maximize",
        lambda *args, **named: answers.pop() if answers else solve(*args, **named),
    )
    utilities = {name: bg.AdditiveUtility({"x": {"a": 1, "b": 0}}) for name in ("one", "two")}
    problem = bg.BargainingProblem(
        [bg.Issue.choice("x", ["a", "b"])], utilities, disagreement_point=(1, 1)
    )
    (((outcome, _),), _) = ProgramSet(problem).best_sum()
    assert outcome["x"] == "a"
