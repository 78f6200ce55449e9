"""Integer programs on continuous and mixed problems, against chains, convex programs and grids."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InfeasibleProblemError, NoAgreementZoneError, UnsupportedProblemError
from bargain.model import Budget, Forbidden, Implication, Mandatory
from bargain.model.forms import Form, Payment
from bargain.model.utilities import Term
from bargain.solve.chain_set import chain_set
from bargain.solve.convex import ConvexSet
from bargain.solve.mixed import MixedSet
from bargain.solve.program import ProgramSet
from tests.forms import FormUtility, Root, RootTerm
from tests.problems import continuous, continuous_problems

FEW = settings(max_examples=20)


def gains_of(problem, answer):
    """Return the gains at an answer, which must be allowed."""
    ((outcome, _),) = answer[0]
    assert problem.broken_by(outcome) == ()
    utilities = problem.evaluate(outcome)
    return utilities - problem.disagreement_point


def rational_gains_of(problem, answer):
    """Return the gains at an answer of which every party must have at least nothing, exactly."""
    gains = gains_of(problem, answer)
    assert (problem.evaluate(answer[0][0][0]) >= problem.disagreement_point).all()
    return gains


def agree(problem, found, other):
    """Demand that two feasible sets give the same best values."""
    n = problem.n_parties
    ideal = other.ideal_gains()
    for answer in (found.best_sum(), found.best_minimum(np.ones(n)), found.best_minimum(ideal)):
        rational_gains_of(problem, answer)
    scale = np.maximum(ideal, 1.0)
    np.testing.assert_allclose(found.ideal_gains() / scale, ideal / scale, atol=2e-6)
    sums = [gains_of(problem, s.best_sum()).sum() / scale.sum() for s in (found, other)]
    assert sums[0] == pytest.approx(sums[1], abs=2e-6)
    least = [gains_of(problem, s.best_minimum(np.ones(n))).min() for s in (found, other)]
    assert least[0] == pytest.approx(least[1], abs=2e-6 * scale.max())
    if (ideal > 1e-6).all() and least[1] > 1e-3:
        weights = np.ones(n) / n
        logs = [np.log(gains_of(problem, s.best_product(weights))).mean() for s in (found, other)]
        assert logs[0] == pytest.approx(logs[1], abs=2e-6)


@FEW
@given(continuous_problems())
def test_two_parties_and_straight_lines_agree_with_the_chain(problem):
    try:
        chain = chain_set(problem)
    except NoAgreementZoneError:
        with pytest.raises(NoAgreementZoneError):
            ProgramSet(problem)
        return
    agree(problem, ProgramSet(problem), chain)


def random_problem(rng, n_parties, choices, lines, **more):
    """Return a mixed problem with random worths; continuous worths are concave if asked."""
    issues = [bg.Issue.choice(f"c{i}", ["a", "b", "c"]) for i in range(choices)]
    issues += [bg.Issue.continuous(f"x{i}", 0, 10) for i in range(lines)]
    concave = more.pop("concave", True)
    parties = {}
    for party in range(n_parties):
        values = {
            f"c{i}": dict(zip("abc", rng.random(3).tolist(), strict=True)) for i in range(choices)
        }
        for i in range(lines):
            slopes = rng.normal(size=3)
            slopes = np.sort(slopes)[::-1] if concave else slopes
            worths = np.concatenate([[0.0], np.cumsum(slopes * [3, 3, 4])]).tolist()
            values[f"x{i}"] = bg.PiecewiseLinear(zip([0, 3, 6, 10], worths, strict=True))
        parties[f"p{party}"] = bg.AdditiveUtility(values)
    return bg.BargainingProblem(issues, parties, **more)


@pytest.mark.parametrize("seed", range(4))
def test_choices_mixed_with_continuous_issues_agree_with_every_combination_on_its_own(seed):
    problem = random_problem(np.random.default_rng(seed), 2, 3, 2, disagreement_point=[0.1, 0.1])
    agree(problem, ProgramSet(problem), MixedSet(problem))


@pytest.mark.parametrize("seed", range(3))
def test_three_parties_and_continuous_issues_agree_with_convex_programs(seed):
    problem = random_problem(np.random.default_rng(seed), 3, 0, 3, disagreement_point=[-0.5] * 3)
    agree(problem, ProgramSet(problem), ConvexSet(problem))


RULES = (
    Implication({"c0": "a"}, {"x0": {"at_least": 5}}),
    Forbidden({"x0": {"at_least": 2, "at_most": 4}, "c1": "b"}),
    Budget({"x0": 1, "x1": 2}, at_most=15, at_least=3),
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("concave", [True, False])
def test_under_constraints_no_point_of_a_fine_grid_is_better_than_proven(seed, concave):
    rng = np.random.default_rng(seed)
    problem = random_problem(
        rng, 2, 2, 2, concave=concave, disagreement_point=[0.2, 0.2], constraints=RULES
    )
    values = [issue.values for issue in problem.space.issues[:2]]
    grid = np.linspace(0, 10, 21).tolist()
    best = {"sum": -np.inf, "least": -np.inf, "log": -np.inf}
    for point in product(*values, grid, grid):
        if problem.broken_by(point):
            continue
        gains = problem.evaluate(point) - problem.disagreement_point
        if (gains > 0).all():
            best["sum"] = max(best["sum"], gains.sum())
            best["least"] = max(best["least"], gains.min())
            best["log"] = max(best["log"], np.log(gains).mean())
    found = ProgramSet(problem)
    for name, answer in (
        ("sum", found.best_sum()),
        ("least", found.best_minimum(np.ones(2))),
        ("log", found.best_product(np.ones(2) / 2)),
    ):
        gains = rational_gains_of(problem, answer)
        value = {"sum": gains.sum(), "least": gains.min(), "log": np.log(gains).mean()}[name]
        assert value >= best[name] - 1e-9
        assert answer[1].kind == "gap"
        assert answer[1].gap < 1e-4


def test_a_worth_that_is_not_concave_is_solved_without_lotteries():
    # the second party is paid for either end, the first for the middle, by straight lines
    valley = bg.PiecewiseLinear([(0, 1), (0.5, 0), (1, 0.8)])
    hill = bg.PiecewiseLinear([(0, 0), (0.25, 0.1), (0.5, 1), (1, 0)])
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 1)],
        {"a": bg.AdditiveUtility({"x": hill}), "b": bg.AdditiveUtility({"x": valley})},
    )
    nash = bg.nash_solution(problem)
    at = np.linspace(0, 1, 100_001)
    logs = np.interp(at, [0, 0.25, 0.5, 1], [0, 0.1, 1, 0]) * np.interp(
        at, [0, 0.5, 1], [1, 0, 0.8]
    )
    assert nash.gains.prod() == pytest.approx(logs.max(), rel=1e-6)
    assert nash.outcome["x"] == pytest.approx(at[logs.argmax()], abs=1e-4)
    assert nash.certificate.kind == "gap"


def box(worth, low, high, outside=False):
    """Return a utility that falls from 1 to 0, with a worth paid inside or outside bounds."""
    term = Term(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    return FormUtility(Form((term,), payments=(Payment(worth, {}, {0: (low, high)}, outside),)))


@pytest.mark.parametrize(
    ("utility", "best"),
    [
        # paid 0.5 from 0.3 on: 0.7 + 0.5 beats 1
        (box(0.5, 0.3, 0.6), 1.2),
        # charged from 0 to 0.2, ends included: as near beyond 0.2 as can be
        (box(-0.5, 0.0, 0.2), 0.8),
        (box(-0.1, 0.0, 0.2), 0.9),
        # paid outside of 0 to 0.2
        (box(0.5, 0.0, 0.2, outside=True), 1.3),
        (box(-0.5, 0.3, 0.6, outside=True), 0.7),
    ],
)
def test_worths_paid_or_charged_within_ranges_of_a_continuous_issue(utility, best):
    other = bg.AdditiveUtility({})
    problem = bg.BargainingProblem([bg.Issue.continuous("x", 0, 1)], {"a": utility, "b": other})
    lottery, certificate = ProgramSet(problem).best_sum()
    assert rational_gains_of(problem, (lottery, certificate)).sum() == pytest.approx(best, abs=1e-6)
    assert certificate.gap < 1e-5


def test_an_attitude_to_risk_is_followed_by_its_tangents():
    # sqrt(u) for the first: the product sqrt(x) (1 - x) is largest at 1/3
    term = Term(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    careful = FormUtility(Form((term,), shapes=(Root(),)))
    other = bg.AdditiveUtility({"x": bg.Linear(1, 0)})
    problem = bg.BargainingProblem([bg.Issue.continuous("x", 0, 1)], {"a": careful, "b": other})
    nash = bg.nash_solution(problem)
    assert nash.outcome["x"] == pytest.approx(1 / 3, abs=1e-3)
    assert nash.gains.prod() == pytest.approx((1 / 3) ** 0.5 * 2 / 3, rel=2e-6)


def test_a_curve_is_followed_by_its_tangents_also_where_it_is_vertical():
    curved = FormUtility(Form((RootTerm(np.array([0.0, 1.0]), np.array([0.0, 1.0])),)))
    other = bg.AdditiveUtility({"x": bg.Linear(1, 0)})
    issue = bg.Issue.continuous("x", 0, 1)
    problem = bg.BargainingProblem([issue], {"a": curved, "b": other})
    # sqrt(x) + 1 - x is largest at 1/4; sqrt(x) = 1 - x at x = ((sqrt(5) - 1) / 2)^2 ...
    best = bg.utilitarian_solution(problem)
    assert best.gains.sum() == pytest.approx(1.25, abs=1e-6)
    even = bg.egalitarian_solution(problem)
    assert even.gains == pytest.approx([(5**0.5 - 1) / 2] * 2, abs=1e-6)
    # ... and sqrt(x) (1 - x) is largest at 1/3
    nash = bg.nash_solution(problem)
    assert nash.gains.prod() == pytest.approx((1 / 3) ** 0.5 * 2 / 3, rel=2e-6)
    low = bg.BargainingProblem(
        [issue], {"a": curved, "b": other}, constraints=[Mandatory({"x": {"at_most": 1e-4}})]
    )
    assert bg.nash_solution(low).outcome["x"] == pytest.approx(1e-4, abs=1e-9)


def test_an_attitude_that_is_not_concave_is_refused():
    class Convex(Root):
        is_concave = False

    term = Term(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    bold = FormUtility(Form((term,), shapes=(Convex(),)))
    other = bg.AdditiveUtility({"x": bg.Linear(1, 0)})
    problem = bg.BargainingProblem([bg.Issue.continuous("x", 0, 1)], {"a": bold, "b": other})
    with pytest.raises(UnsupportedProblemError, match="concave attitudes"):
        bg.nash_solution(problem)


def pie(point, *constraints):
    up, down = (bg.AdditiveUtility({"x": bg.Linear(*ends)}) for ends in ((0, 1), (1, 0)))
    return bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 1)],
        {"a": up, "b": down},
        disagreement_point=point,
        constraints=constraints,
    )


def test_a_zone_of_one_point_is_met_exactly_or_not_at_all():
    for share in (0.25, 0.3, 1 / 3, 0.7):
        problem = pie([share, 1 - share], Mandatory({"x": {"at_most": 0.9}}))
        try:
            answer = ProgramSet(problem).best_sum()
        except NoAgreementZoneError:
            # 1 - share is rounded: there may be no float that gives both enough
            assert share not in (0.25,)
            continue
        rational_gains_of(problem, answer)


def test_constraints_on_a_continuous_issue_bind_at_their_ends():
    nash = bg.nash_solution(pie([0, 0], Mandatory({"x": {"at_least": 0.8}})))
    assert nash.outcome["x"] == pytest.approx(0.8, abs=1e-9)
    assert nash.outcome["x"] >= 0.8
    two = pie([0, 0], Forbidden({"x": {"at_least": 0.3, "at_most": 0.6}}))
    assert bg.nash_solution(two).outcome["x"] in (pytest.approx(0.6), pytest.approx(0.6))
    with pytest.raises(NoAgreementZoneError, match="of its range short"):
        bg.nash_solution(pie([0.5, 0], Mandatory({"x": {"at_most": 0.3}})))
    with pytest.raises(InfeasibleProblemError, match=r"at most 0\.3; x is at least 0\.5"):
        bg.nash_solution(
            pie([0, 0], Mandatory({"x": {"at_most": 0.3}}), Mandatory({"x": {"at_least": 0.5}}))
        )


@FEW
@given(st.integers(0, 10**6))
def test_the_best_offer_under_constraints_keeps_to_them_and_to_what_i_ask(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 2, 2, 1, constraints=RULES[:2])
    middle = float(problem.evaluate(["b", "a", 7.0])[0])
    offer = bg.best_offer(problem, party="p0", at_least=middle)
    assert problem.broken_by(offer) == ()
    mine, theirs = problem.evaluate(offer)
    assert mine >= middle
    for c0, c1, x in product("abc", "abc", np.linspace(0, 10, 41).tolist()):
        if problem.broken_by([c0, c1, x]):
            continue
        own, other = problem.evaluate([c0, c1, x])
        if own >= middle:
            assert other <= theirs + 1e-5
    with pytest.raises(NoAgreementZoneError, match="no offer: expected at most"):
        bg.best_offer(problem, party="p0", at_least=1e3)


def test_continuous_problems_from_the_shared_builder_still_take_the_chain():
    problem = continuous([[[0, 1], [1, 0]]])
    assert bg.nash_solution(problem).certificate.kind == "exact"
