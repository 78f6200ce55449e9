"""Integer programs where nothing else comes near: huge spaces under constraints, boxes of worth."""

from __future__ import annotations

import warnings
from time import monotonic

import numpy as np
import pytest

import bargain as bg
from bargain.errors import ConvergenceError, InfeasibleProblemError
from bargain.files import FileFormatWarning
from bargain.model import Budget, Forbidden, Implication, Mandatory
from bargain.solve.integer_program import Answer, IntegerProgram
from bargain.solve.program import ProgramSet
from bargain.solve.program_frontier import program_frontier
from bargain.solve.regret import RegretSet


@pytest.fixture(scope="module")
def thirty_issues(shared_data):
    """Return a domain of 10^30 outcomes and its frontier."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FileFormatWarning)
        problem = bg.load(shared_data / "genius" / "30issuesdiscounted")
    # far more than it takes, so that a busy machine gets there too
    return problem, bg.pareto_frontier(problem, time_limit=600)


def test_the_frontier_of_thirty_issues_has_the_26_points_that_exact_solving_gives(thirty_issues):
    problem, frontier = thirty_issues
    assert len(frontier) == 26
    assert frontier.rows is None
    assert frontier.utilities.prod(axis=1).max() == pytest.approx(0.848669, abs=5e-7)
    assert frontier.certificate.kind == "exact"
    nash = bg.nash_solution(problem, time_limit=600)
    assert nash.utilities.prod() == pytest.approx(0.848669, abs=5e-7)
    assert nash.certificate.kind == "exact"


def test_what_an_epsilon_leaves_out_is_stated_and_matched_to_within_the_gap(thirty_issues):
    problem, whole = thirty_issues
    frontier = bg.pareto_frontier(problem, epsilon=0.05)
    certificate = frontier.certificate
    assert certificate.kind == "gap"
    assert certificate.gap <= 0.05 + 1e-9
    assert certificate.evidence["open_boxes"] > 0
    assert "not settled" in certificate.note
    # every point of the exact frontier is matched to within the gap
    exact = whole.utilities
    assert len(frontier) < len(exact)
    short = (exact[:, None, :] - frontier.utilities[None, :, :]).max(axis=2).min(axis=1)
    # the gap is a share of what all worths sum up to, which is at most 1 here
    assert short.max() <= certificate.gap


def additive(seed, issues, parties, *, rules=()):
    """Return an additive problem with worths of two digits."""
    rng = np.random.default_rng(seed)
    space = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(issues)]
    utilities = {
        f"p{party}": bg.AdditiveUtility(
            {issue.name: dict(enumerate(rng.integers(0, 100, 10).tolist())) for issue in space}
        )
        for party in range(parties)
    }
    return bg.BargainingProblem(space, utilities, constraints=rules)


def implications(count, issues):
    return [
        Implication({f"i{k}": {"at_least": 5}}, {f"i{(k + 7) % issues}": {"at_most": 4}})
        for k in range(count)
    ]


@pytest.mark.parametrize("parties", [2, 3])
def test_without_constraints_the_answers_are_those_of_the_regret_budget(parties):
    problem = additive(7, 20, parties)
    weights = np.ones(parties) / parties
    for answer in (
        lambda s: s.best_product(weights),
        lambda s: s.best_minimum(np.ones(parties)),
        lambda s: s.best_sum(),
    ):
        gains = []
        for kind in (ProgramSet, RegretSet):
            lottery, certificate = answer(kind(problem))
            gains.append(problem.evaluate(lottery[0][0]))
            assert certificate.gap <= 1e-4
        np.testing.assert_allclose(np.log(gains[0]).sum(), np.log(gains[1]).sum(), atol=1e-6)


def test_constraints_on_twenty_issues_are_kept_and_cost_something():
    rules = [*implications(6, 20), Budget({f"i{k}": 1 for k in range(20)}, at_most=60)]
    problem = additive(3, 20, 2, rules=rules)
    nash = bg.nash_solution(problem)
    assert problem.broken_by(nash.outcome) == ()
    free = bg.nash_solution(additive(3, 20, 2))
    assert free.problem.broken_by(free.outcome) == ()
    assert problem.broken_by(free.outcome) != ()
    assert nash.gains.prod() < free.gains.prod()
    assert nash.certificate.gap <= 1.1e-6
    # no exchange of one or two values that is allowed does better
    best = dict(nash.outcome)
    for k in range(20):
        for value in range(10):
            other = {**best, f"i{k}": value}
            if not problem.broken_by(other):
                assert problem.evaluate(other).prod() <= nash.gains.prod() * (1 + 1e-9)


def test_constraints_that_cannot_be_met_are_named_also_in_a_huge_space():
    rules = [Mandatory({"i0": 9}), Forbidden({"i0": {"at_least": 5}}), *implications(5, 20)]
    with pytest.raises(InfeasibleProblemError, match="i0 is 9; not i0 is at least 5"):
        bg.nash_solution(additive(1, 20, 2, rules=rules))


def test_a_time_limit_is_kept_and_the_gap_says_what_is_not_proven():
    rules = [*implications(30, 100), Budget({f"i{k}": 1 for k in range(100)}, at_most=250)]
    problem = additive(5, 100, 6, rules=rules)
    start = monotonic()
    even = bg.egalitarian_solution(problem, time_limit=5.0)
    # what is found first, and the building of programs, take longer on a busy machine
    assert monotonic() - start < 15.0
    assert problem.broken_by(even.outcome) == ()
    assert even.certificate.kind == "gap"
    # nobody can have more than its best values sum up to: the gap is that of a real bound
    assert 1e-3 < even.certificate.gap < 100 * 99
    with pytest.raises(bg.InvalidArgumentError, match="time_limit"):
        bg.egalitarian_solution(problem, time_limit=0)


def test_nothing_found_and_nothing_proven_in_time_is_an_error_that_says_so(monkeypatch):
    out_of_time = Answer("stopped", None, np.inf)
    monkeypatch.setattr(IntegerProgram, "maximize", lambda *_, **__: out_of_time)
    problem = additive(5, 20, 2, rules=[Mandatory({"i0": 1})])
    for solve in (bg.nash_solution, bg.pareto_frontier):
        with pytest.raises(ConvergenceError, match=r"allow more time \(time_limit\)"):
            solve(problem)


def test_the_ends_of_an_interrupted_frontier_are_still_efficient_outcomes_found():
    rules = [Budget({f"i{k}": 1 for k in range(30)}, at_most=90)]
    problem = additive(5, 30, 2, rules=rules)
    frontier = program_frontier(problem, time_limit=2.0)
    certificate = frontier.certificate
    assert certificate.kind == "gap"
    assert len(frontier.outcomes) >= 2
    assert (np.diff(frontier.utilities[:, 0]) < 0).all()
    assert (np.diff(frontier.utilities[:, 1]) > 0).all()
    assert all(not problem.broken_by(outcome) for outcome in frontier.outcomes)


def test_a_huge_space_with_a_ceiling_has_the_frontier_of_folding_and_of_programs_alike():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(10)]
    rng = np.random.default_rng(2)
    tables = rng.integers(0, 30, (2, 10, 10))
    limits = (None, 200)
    parties = {
        f"p{i}": bg.AdditiveUtility(
            {f"i{k}": dict(enumerate(tables[i, k].tolist())) for k in range(10)},
            ceiling=limits[i],
        )
        for i in range(2)
    }
    problem = bg.BargainingProblem(issues, parties)
    folded = bg.pareto_frontier(problem)
    programmed = program_frontier(problem)
    np.testing.assert_array_equal(folded.utilities, programmed.utilities)
    assert programmed.certificate.kind == "exact"
    nash = bg.nash_solution(problem)
    assert nash.gains.prod() == folded.gains.prod(axis=1).max()
    assert nash.certificate.kind == "exact"


def test_frontiers_that_are_neither_lists_nor_chains_are_refused_by_name():
    price = bg.Issue.continuous("price", 0, 1)
    up, down = (bg.AdditiveUtility({"price": bg.Linear(*ends)}) for ends in ((0, 1), (1, 0)))
    capped = bg.BargainingProblem(
        [price], {"a": up, "b": down}, constraints=[Mandatory({"price": {"at_most": 0.5}})]
    )
    with pytest.raises(bg.UnsupportedProblemError, match="no constraints over continuous issues"):
        bg.pareto_frontier(capped)
    three = additive(1, 20, 3, rules=[Mandatory({"i0": 1})])
    with pytest.raises(bg.UnsupportedProblemError, match="no constraints"):
        bg.nash_solution(three, lotteries=True)
    with pytest.raises(bg.UnsupportedProblemError, match="two parties, or no constraints"):
        bg.pareto_frontier(three)


def test_best_offers_are_looked_up_on_the_frontier_of_a_constrained_huge_space():
    rules = [*implications(4, 8), Budget({f"i{k}": 1 for k in range(8)}, at_most=20)]
    problem = additive(4, 8, 2, rules=rules)
    offers = bg.BestOffers(problem, party="p0")
    floor = 0.9 * offers.most
    once = bg.best_offer(problem, party="p0", at_least=floor)
    many = offers.at_least(floor)
    assert problem.broken_by(many) == ()
    np.testing.assert_array_equal(problem.evaluate(once), problem.evaluate(many))
    with pytest.raises(bg.NoAgreementZoneError, match="no offer: expected at most"):
        bg.best_offer(problem, party="p0", at_least=offers.most + 1)


def test_verifying_an_integer_program_checks_the_answer_and_says_that_it_goes_no_further():
    rules = [*implications(4, 8), Budget({f"i{k}": 1 for k in range(8)}, at_most=20)]
    constrained = additive(4, 8, 2, rules=rules)
    checked = bg.nash_solution(constrained).verify()
    assert not checked
    assert checked.failed == ""
    assert "integer program" in checked.checked
    points = bg.pareto_frontier(constrained, epsilon=0.2).verify()
    assert points.failed == ""
    assert "too many outcomes" in points.checked
