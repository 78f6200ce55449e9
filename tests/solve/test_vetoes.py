"""Continuous problems under convex constraints, against an independent convex solver."""

from __future__ import annotations

from dataclasses import replace

import cvxpy
import numpy as np
import pytest

import bargain as bg
from bargain.solve.best_offer import most_for
from bargain.solve.narrowed import narrowed
from bargain.solve.veto_set import VetoSet

CONCEPTS = {
    "Nash": bg.nash_solution,
    "Kalai-Smorodinsky": bg.kalai_smorodinsky_solution,
    "egalitarian": bg.egalitarian_solution,
    "utilitarian": bg.utilitarian_solution,
}


def constrained(seed, parties, *, curved=False, issues=4):
    """Return a random problem under budgets and a range, and its parts as numbers."""
    rng = np.random.default_rng(seed)
    space = [bg.Issue.continuous(f"x{j}", 0, 1) for j in range(issues)]
    worths = rng.random((parties, issues)) * 4
    up = rng.random((parties, issues)) < 0.5
    roots = rng.choice([0.5, 0.8], (parties, issues)) if curved else np.ones((parties, issues))
    utilities = {}
    for i in range(parties):
        values = {}
        for j in range(issues):
            low, high = (0.0, worths[i, j]) if up[i, j] else (worths[i, j], 0.0)
            root = float(roots[i, j])
            values[f"x{j}"] = bg.Linear(low, high) if root == 1 else bg.Power(low, high, root)
        utilities[f"p{i}"] = bg.AdditiveUtility(values)
    uses = rng.random((2, issues)) + 0.2
    limits = uses.sum(axis=1) * np.array([0.4, 0.5])
    constraints = [
        bg.Budget({f"x{j}": uses[0, j] for j in range(issues)}, at_most=limits[0]),
        bg.Budget({f"x{j}": uses[1, j] for j in range(issues)}, at_least=limits[1] * 0.5),
        bg.Mandatory({"x0": {"at_most": 0.7}}),
    ]
    problem = bg.BargainingProblem(
        space, utilities, disagreement_point=[0.5] * parties, constraints=constraints
    )
    return problem, (worths, up, roots, uses, limits)


def by_cvxpy(numbers, concept, *, ideal=None, weights=None):
    """Return the gains that a general convex solver finds."""
    worths, up, roots, uses, limits = numbers
    parties, issues = worths.shape
    x = cvxpy.Variable(issues)
    gains = []
    for i in range(parties):
        terms = []
        for j in range(issues):
            share = x[j] if up[i, j] else 1 - x[j]
            rising = share if roots[i, j] == 1 else cvxpy.power(share, roots[i, j])
            terms.append(worths[i, j] * rising)
        gains.append(cvxpy.sum(cvxpy.hstack(terms)) - 0.5)
    gains = cvxpy.hstack(gains)
    rules = [x >= 0, x <= 1, x[0] <= 0.7, gains >= 0]
    rules += [uses[0] @ x <= limits[0], uses[1] @ x >= 0.5 * limits[1]]
    objective = {
        "Nash": lambda: (np.ones(parties) if weights is None else weights) @ cvxpy.log(gains),
        "Kalai-Smorodinsky": lambda: cvxpy.min(gains / ideal),
        "egalitarian": lambda: cvxpy.min(gains),
        "utilitarian": lambda: cvxpy.sum(gains),
        **{i: (lambda i=i: gains[i]) for i in range(parties)},
    }[concept]()
    program = cvxpy.Problem(cvxpy.Maximize(objective), rules)
    program.solve(solver=cvxpy.CLARABEL)
    assert program.status == "optimal"
    return program.value


def objective_of(concept, gains, ideal):
    """Return what a concept maximises."""
    return {
        "Nash": lambda: np.log(gains).sum(),
        "Kalai-Smorodinsky": lambda: (gains / ideal).min(),
        "egalitarian": lambda: gains.min(),
        "utilitarian": lambda: gains.sum(),
    }[concept]()


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("parties", [2, 3, 4])
@pytest.mark.parametrize("seed", range(3))
def test_a_general_convex_solver_finds_nothing_better(seed, parties, curved):
    problem, numbers = constrained(seed, parties, curved=curved)
    ideal = np.array([by_cvxpy(numbers, i) for i in range(parties)])
    for name, concept in CONCEPTS.items():
        found = concept(problem)
        assert problem.broken_by(found.outcome) == ()
        assert (found.gains >= -1e-9).all()
        assert found.certificate.kind == "gap"
        assert found.certificate.gap <= 1e-9
        expected = by_cvxpy(numbers, name, ideal=ideal)
        reached = objective_of(name, found.gains, ideal)
        assert reached == pytest.approx(expected, rel=1e-6, abs=1e-6), name
        assert bool(found.verify()), name


@pytest.mark.parametrize("seed", range(3))
def test_weights_count_under_constraints(seed):
    problem, numbers = constrained(seed, 3)
    weights = np.array([1.0, 2.0, 3.0])
    found = bg.nash_solution(problem, weights=weights)
    expected = by_cvxpy(numbers, "Nash", weights=weights)
    assert weights @ np.log(found.gains) == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert bool(found.verify())


def test_who_has_no_weight_still_has_a_veto():
    problem, _ = constrained(1, 3)
    found = bg.nash_solution(problem, weights=[1, 1, 0])
    assert found.gains[2] >= -1e-9
    assert found.certificate.gap <= 1e-9
    assert bool(found.verify())


def test_a_convex_set_has_nothing_to_draw_lots_for():
    problem, _ = constrained(2, 2)
    plain, drawn = bg.nash_solution(problem), bg.nash_solution(problem, lotteries=True)
    assert drawn.outcome is not None
    np.testing.assert_allclose(plain.gains, drawn.gains, rtol=1e-9)


def dollars(*constraints):
    """Return two dollars to divide, the second worth more to the first party."""
    space = [bg.Issue.continuous(name, 0, 1) for name in ("one", "two")]
    first = bg.AdditiveUtility({"one": bg.Linear(0, 1), "two": bg.Linear(0, 2)})
    second = bg.AdditiveUtility({"one": bg.Linear(1, 0), "two": bg.Linear(1, 0)})
    parties = {"first": first, "second": second}
    return bg.BargainingProblem(space, parties, constraints=constraints)


def test_a_range_moves_the_least_gain_to_its_end():
    """x + 0.8 = (1 - x) + 0.6 gives x = 0.4, and there both gain 1.2."""
    found = bg.egalitarian_solution(dollars(bg.Mandatory({"two": {"at_most": 0.4}})))
    np.testing.assert_allclose(found.gains, [1.2, 1.2], atol=1e-9)
    assert found.outcome["two"] <= 0.4


def test_a_budget_that_binds_has_a_price():
    """With x + y <= 1/2 the product 2y (2 - y) grows up to y = 1/2, though it wants y = 1."""
    found = bg.nash_solution(dollars(bg.Budget({"one": 1, "two": 1}, at_most=0.5)))
    np.testing.assert_allclose(found.gains, [1.0, 1.5], atol=1e-9)
    prices = found.certificate.evidence["supporting_weights"]
    assert len(prices) == 3
    # d/dy (log 2y + log (2 - y)) / 2 at 1/2 is (2 - 2/3) / 2
    assert prices[2] == pytest.approx(2 / 3, rel=1e-6)


def test_a_mandatory_value_is_met_to_the_last_bit():
    problem = dollars(bg.Mandatory({"two": 0.3}))
    for concept in CONCEPTS.values():
        assert concept(problem).outcome["two"] == 0.3


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("by", ["values", "budgets"])
def test_constraints_that_leave_one_outcome_leave_one_answer(by, seed, parties, curved):
    problem, _ = constrained(seed, parties, curved=curved)
    only = bg.egalitarian_solution(problem).outcome
    pins = [
        bg.Mandatory({name: value})
        if by == "values"
        else bg.Budget({name: 2.0}, at_least=2.0 * value, at_most=2.0 * value)
        for name, value in only.items()
    ]
    for point in (problem.evaluate(only), problem.evaluate(only) - 0.25):
        pinned = bg.BargainingProblem(
            problem.space,
            {party.name: party.utility for party in problem.profiles},
            disagreement_point=point,
            constraints=[*problem.constraints, *pins],
        )
        for concept in CONCEPTS.values():
            found = concept(pinned)
            assert dict(found.outcome) == pytest.approx(dict(only), abs=1e-15)
            assert found.certificate.gap <= 1e-9
            assert bool(found.verify())


@pytest.mark.parametrize("parties", [2, 3])
def test_half_of_the_issues_settled_leaves_a_smaller_problem(parties):
    """Against a problem in which what is settled was never an issue."""
    problem, (worths, up, roots, uses, limits) = constrained(3, parties, curved=True)
    only = bg.egalitarian_solution(problem).outcome
    pins = [bg.Mandatory({name: only[name]}) for name in ("x0", "x1")]
    settled = bg.BargainingProblem(
        problem.space, problem.profiles, constraints=[*problem.constraints, *pins]
    )
    x = np.array([only["x0"], only["x1"]])
    utilities, point = {}, []
    for i in range(parties):
        values = dict(problem.profiles[i].utility.values)
        share = np.where(up[i, :2], x, 1 - x)
        point.append(0.5 - float((worths[i, :2] * share ** roots[i, :2]).sum()))
        utilities[f"p{i}"] = bg.AdditiveUtility({name: values[name] for name in ("x2", "x3")})
    smaller = bg.BargainingProblem(
        problem.space.issues[2:],
        utilities,
        disagreement_point=point,
        constraints=[
            bg.Budget({"x2": uses[0, 2], "x3": uses[0, 3]}, at_most=limits[0] - uses[0, :2] @ x),
            bg.Budget(
                {"x2": uses[1, 2], "x3": uses[1, 3]}, at_least=0.5 * limits[1] - uses[1, :2] @ x
            ),
        ],
    )
    for concept in CONCEPTS.values():
        np.testing.assert_allclose(concept(settled).gains, concept(smaller).gains, atol=1e-6)


def test_a_range_bends_nothing():
    """Every curve keeps its worths where a range leaves a part of it."""
    issue = bg.Issue.continuous("x", 2, 12)
    curves = [
        bg.Power(0, 1, 0.5),
        bg.Power(1, 0, 0.3),
        bg.Logarithmic(0, 2, 9),
        bg.Exponential(3, 1, 2),
        bg.Quadratic(0, 1, 0.2),
        bg.PiecewiseLinear([(2, 0), (5, 2), (9, 3), (12, 3.5)]),
        bg.Linear(1, 2),
    ]
    for curve in curves:
        problem = bg.BargainingProblem(
            [issue],
            {who: bg.AdditiveUtility({"x": curve}, weights={"x": 0.7}) for who in ("one", "two")},
            constraints=[bg.Mandatory({"x": {"at_least": 4.1, "at_most": 10.3}})],
        )
        whole, part = problem.terms[0][0], narrowed(problem).terms[0][0]
        x = np.linspace(4.1, 10.3, 101)
        np.testing.assert_allclose(part.at(x), whole.at(x), rtol=1e-15)
        slopes = [[term.slope(value) for value in x[1:-1]] for term in (part, whole)]
        np.testing.assert_allclose(*slopes, rtol=1e-9)
        assert part.worths.max() == pytest.approx(whole.at(np.linspace(4.1, 10.3, 9999)).max())


def test_constraints_that_conflict_are_named():
    problem = dollars(
        bg.Budget({"one": 1, "two": 1}, at_most=0.5, name="cap"),
        bg.Mandatory({"one": {"at_least": 0.8}}, name="floor"),
        bg.Mandatory({"two": {"at_most": 0.9}}, name="idle"),
    )
    with pytest.raises(bg.InfeasibleProblemError, match=r"cap(?s:.)*floor"):
        bg.nash_solution(problem)


def test_constraints_that_leave_no_zone_are_told_from_those_that_conflict():
    problem = dollars(bg.Budget({"one": 1, "two": 1}, at_most=0.5))
    poor = bg.BargainingProblem(problem.space, problem.profiles, constraints=problem.constraints)
    rich = bg.BargainingProblem(
        poor.space,
        {p.name: p.utility for p in poor.profiles},
        disagreement_point=(1.5, 0.0),
        constraints=poor.constraints,
    )
    with pytest.raises(bg.NoAgreementZoneError, match="meets the constraints"):
        bg.nash_solution(rich)


def test_a_worse_answer_is_refuted():
    found = bg.nash_solution(dollars(bg.Budget({"one": 1, "two": 1}, at_most=0.5)))
    problem = dollars(bg.Budget({"one": 1, "two": 1}, at_most=0.5))
    other = problem.space.validate([0.25, 0.25])
    worse = replace(found, lottery=((other, 1.0),), utilities=problem.evaluate(other))
    assert not worse.verify()
    broken = problem.space.validate([0.5, 0.5])
    passed = replace(found, lottery=((broken, 1.0),), utilities=problem.evaluate(broken))
    assert not passed.verify()


def test_an_implication_is_no_convex_constraint():
    rule = bg.Implication({"one": {"at_least": 0.5}}, {"two": {"at_most": 0.5}})
    found = bg.nash_solution(dollars(rule))
    assert "integer programs" in found.certificate.method


def test_a_party_that_cannot_gain_is_said_so():
    first = bg.AdditiveUtility({"one": bg.Linear(0, 1)})
    second = bg.AdditiveUtility({"one": bg.Linear(1, 0)})
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("one", 0, 1)],
        {"first": first, "second": second},
        disagreement_point=(0.0, 0.5),
        constraints=[bg.Mandatory({"one": {"at_least": 0.5}})],
    )
    found = bg.nash_solution(problem)
    np.testing.assert_allclose(found.utilities, [0.5, 0.5], atol=1e-9)
    assert "degenerate" in found.certificate.note
    assert VetoSet(problem).ideal_gains() == pytest.approx([0.5, 0.0], abs=1e-9)


@pytest.mark.parametrize("curved", [False, True])
@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("seed", range(2))
def test_the_best_offer_under_budgets_against_a_general_solver(seed, parties, curved):
    """The least share of the others' ranges is the largest, and I get what I ask to the bit."""
    problem, (worths, up, roots, uses, limits) = constrained(seed, parties, curved=curved)
    most = most_for(problem, 0)
    for share in (0.3, 0.8, 0.99):
        asked = share * most
        offer = bg.best_offer(problem, party=0, at_least=asked)
        assert problem.broken_by(offer) == ()
        worth = problem.evaluate(offer)
        assert worth[0] >= asked
        x = cvxpy.Variable(worths.shape[1])
        gains = []
        for i in range(parties):
            parts = [x[j] if up[i, j] else 1 - x[j] for j in range(worths.shape[1])]
            bent = [
                part if root == 1 else cvxpy.power(part, root)
                for part, root in zip(parts, roots[i], strict=True)
            ]
            gains.append(worths[i] @ cvxpy.hstack(bent))
        rules = [x >= 0, x <= 1, x[0] <= 0.7, gains[0] >= asked]
        rules += [uses[0] @ x <= limits[0], uses[1] @ x >= 0.5 * limits[1]]
        ranges = worths.sum(axis=1)
        least = cvxpy.minimum(*(gains[i] / ranges[i] for i in range(1, parties)), 1e9)
        program = cvxpy.Problem(cvxpy.Maximize(least), rules)
        program.solve(solver=cvxpy.CLARABEL)
        reached = (worth[1:] / ranges[1:]).min()
        assert reached == pytest.approx(program.value, abs=1e-6)
        assert reached >= program.value - 1e-7


def test_more_than_budgets_leave_is_no_offer():
    problem = dollars(bg.Budget({"one": 1, "two": 1}, at_most=0.5))
    most = bg.best_offer(problem, party="first", at_least=1.0)
    assert problem.evaluate(most) == pytest.approx([1.0, 1.5])
    with pytest.raises(bg.NoAgreementZoneError, match="expected at most 1 for first"):
        bg.best_offer(problem, party="first", at_least=1.001)


@pytest.mark.parametrize("budget", [True, False])
@pytest.mark.parametrize("share", [0.0, 1e-15, 1e-12, 1e-10, 1e-9, 1e-6])
def test_who_gains_next_to_nothing_where_all_could_gain_is_no_best_product(budget, share):
    worths = [
        {"x": bg.Linear(0, 2), "y": bg.Linear(0, 1)},
        {"x": bg.Linear(1, 0), "y": bg.Linear(0, 3)},
        {"x": bg.Linear(0, 1)},
    ]
    problem = bg.BargainingProblem(
        [bg.Issue.continuous("x", 0, 1), bg.Issue.continuous("y", 0, 1)],
        {f"p{i}": bg.AdditiveUtility(values) for i, values in enumerate(worths)},
        disagreement_point=[0.1, 0.1, 0.0],
        constraints=[bg.Budget({"x": 1, "y": 1}, at_most=1)] if budget else [],
    )
    found = bg.nash_solution(problem)
    assert bool(found.verify())
    outcome = bg.Outcome({"x": share, "y": 0.5})
    utilities = problem.evaluate(outcome)
    worse = replace(found, lottery=((outcome, 1.0),), utilities=utilities)
    assert not worse.verify()
    assert worse.verify().status == "refuted"


def test_programs_that_fail_after_the_least_is_found_leave_it_proven(monkeypatch):
    """The least gain is the same; who gains more may have been left with less."""
    problem, _ = constrained(0, 3, curved=False)
    expected = bg.egalitarian_solution(problem)

    def fail(*_):
        raise bg.ConvergenceError("no optimum")

    monkeypatch.setattr("bargain.solve.convex.ConvexSet.maximize", fail)
    found = bg.egalitarian_solution(problem)
    assert found.gains.min() == pytest.approx(expected.gains.min(), abs=1e-9)
    assert found.certificate.gap <= 1e-9
    assert bool(found.verify())
    # two more linear programs were needed to settle the others
    assert found.certificate.note == "the least gain ratio is settled, the next least perhaps not"
