"""What breaks a constraint is no solution, no frontier and no offer; the rest is as it was.

The twin of a constrained problem is what is left of it, as one choice without constraints; which
outcomes are left is judged in plain Python.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bargain as bg
from tests.problems import (
    additive_problems,
    constrained_problems,
    one_choice,
    whole_utilities,
    with_constraints,
    without_the_forbidden,
)

CONCEPTS = [
    bg.nash_solution,
    bg.kalai_smorodinsky_solution,
    bg.egalitarian_solution,
    bg.utilitarian_solution,
]
concepts = pytest.mark.parametrize("concept", CONCEPTS, ids=lambda f: f.__name__)
few = settings(max_examples=30, deadline=None)


def answers(ask):
    """Return what is answered, or the error that is raised for want of an agreement."""
    try:
        return ask()
    except (bg.NoAgreementZoneError, bg.InfeasibleProblemError) as error:
        return type(error)


def compare(ask, problem, allowed, same):
    """Ask the same of a constrained problem and of what is left of it."""
    found = answers(lambda: ask(problem))
    if not any(allowed):
        assert found is bg.InfeasibleProblemError
        return
    left, rows = without_the_forbidden(problem, allowed)
    expected = answers(lambda: ask(left))
    if isinstance(expected, type):
        assert found is expected
    else:
        same(found, expected, rows)


@concepts
@pytest.mark.parametrize("n_parties", [2, 3])
@few
@given(data=st.data())
def test_solutions_are_those_of_the_outcomes_left(concept, n_parties, data):
    problem, allowed = data.draw(constrained_problems(n_parties))

    def same(found, expected, rows):
        row = problem.space.row(found.outcome)
        assert row == rows[expected.certificate.evidence["row"]]
        assert found.utilities.tolist() == expected.utilities.tolist()
        assert found.certificate.kind == "exact"

    compare(concept, problem, allowed, same)


@few
@given(drawn=constrained_problems())
def test_the_nash_product_is_the_largest_of_the_outcomes_left(drawn):
    problem, allowed = drawn
    gains = problem.utilities()[allowed] - problem.disagreement_point
    gains = gains[(gains >= 0).all(axis=1)]
    assume(len(gains) and gains.prod(axis=1).max() > 0)
    assert bg.nash_solution(problem).gains.prod() == pytest.approx(gains.prod(axis=1).max())


@concepts
@pytest.mark.parametrize("n_parties", [2, 3])
@few
@given(data=st.data())
def test_lotteries_are_over_the_outcomes_left(concept, n_parties, data):
    problem, allowed = data.draw(constrained_problems(n_parties))

    def same(found, expected, rows):
        if concept is bg.utilitarian_solution:
            assert found.gains.sum() == pytest.approx(expected.gains.sum(), abs=1e-6)
        else:
            assert found.gains == pytest.approx(expected.gains, abs=1e-5)
        for outcome, _ in found.lottery:
            assert problem.space.row(outcome) in rows

    compare(lambda asked: concept(asked, lotteries=True), problem, allowed, same)


@pytest.mark.parametrize("horizon", [None, 3])
@few
@given(drawn=constrained_problems())
def test_rubinstein_bargains_over_the_outcomes_left(horizon, drawn):
    def same(found, expected, rows):
        assert found.gains == pytest.approx(expected.gains, abs=1e-9)

    compare(lambda p: bg.rubinstein_solution(p, (0.9, 0.8), horizon=horizon), *drawn, same)


@pytest.mark.parametrize("concept", [bg.raiffa_solution, bg.perles_maschler_solution])
@few
@given(drawn=constrained_problems())
def test_concepts_of_lotteries_alone_walk_along_the_outcomes_left(concept, drawn):
    def same(found, expected, rows):
        assert found.gains == pytest.approx(expected.gains, abs=1e-9)

    compare(lambda p: concept(p, lotteries=True), *drawn, same)


@pytest.mark.parametrize("lotteries", [False, True])
def test_answers_under_constraints_are_proven_again_without_their_solver(lotteries):
    problem = bg.load("framework_contract")
    answers = [concept(problem, lotteries=lotteries) for concept in CONCEPTS]
    for answer in [*answers, bg.pareto_frontier(problem, lotteries=lotteries)]:
        assert answer.verify().holds
    rows = bg.solve_many([problem, problem], "nash").rows
    assert rows.tolist() == [problem.space.row(bg.nash_solution(problem).outcome)] * 2


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"individually_rational": False},
        {"keep_duplicates": True},
        {"individually_rational": False, "keep_duplicates": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("n_parties", [2, 3])
@few
@given(data=st.data())
def test_the_frontier_is_that_of_the_outcomes_left(options, n_parties, data):
    problem, allowed = data.draw(constrained_problems(n_parties))

    def same(found, expected, rows):
        assert found.rows.tolist() == rows[expected.rows].tolist()
        assert found.utilities.tolist() == expected.utilities.tolist()
        assert found.certificate.evidence["outcomes"] == len(problem.space)
        assert found.certificate.evidence.get("allowed", len(problem.space)) == len(rows)

    compare(lambda p: bg.pareto_frontier(p, **options), problem, allowed, same)


@few
@given(drawn=constrained_problems())
def test_the_frontier_with_lotteries_is_that_of_the_outcomes_left(drawn):
    def same(found, expected, rows):
        # as curves: where no constraint is drawn, two issues may share one straight edge
        for one, other in (
            (found.utilities, expected.utilities),
            (expected.utilities, found.utilities),
        ):
            assert one[[0, -1]] == pytest.approx(other[[0, -1]], abs=1e-9)
            on_other = np.interp(one[:, 0], other[::-1, 0], other[::-1, 1])
            assert one[:, 1] == pytest.approx(on_other, abs=1e-9)

    compare(lambda p: bg.pareto_frontier(p, lotteries=True), *drawn, same)


@pytest.mark.parametrize("lotteries", [False, True])
@few
@given(drawn=constrained_problems(3))
def test_the_ideal_point_is_that_of_the_outcomes_left(lotteries, drawn):
    def same(found, expected, rows):
        assert found == pytest.approx(expected, abs=1e-9)

    compare(lambda p: bg.ideal_point(p, lotteries=lotteries), *drawn, same)


@pytest.mark.parametrize("n_parties", [2, 3])
@few
@given(data=st.data())
def test_best_offers_are_among_the_outcomes_left(n_parties, data):
    problem, allowed = data.draw(constrained_problems(n_parties))
    me, floor = data.draw(st.integers(0, n_parties - 1)), data.draw(st.integers(-12, 20))

    # whatever constraints leave, shares are of all that a party could have
    everything = problem.utilities()
    lowest, spread = everything.min(axis=0), np.maximum(np.ptp(everything, axis=0), 1)
    others = [i for i in range(n_parties) if i != me]

    def wish(row):
        shares = ((everything[row] - lowest) / spread)[others]
        return (*sorted(shares.tolist()), everything[row, me], -row)

    def same(found, expected, rows):
        enough = [row for row in rows.tolist() if everything[row, me] >= floor]
        assert problem.space.row(found) == max(enough, key=wish)
        offers = bg.BestOffers(problem, party=me)
        assert offers.at_least(floor) == found
        own = problem.utilities()[rows, me]
        assert offers.levels.tolist() == sorted(own)

    compare(lambda p: bg.best_offer(p, party=me, at_least=floor), problem, allowed, same)


@concepts
@few
@given(problem=additive_problems())
def test_a_constraint_that_allows_everything_changes_nothing(concept, problem):
    issue = problem.space.issues[0]
    loose = with_constraints(problem, bg.Mandatory({issue.name: issue.values}))
    before = answers(lambda: concept(problem))
    after = answers(lambda: concept(loose))
    if isinstance(before, type):
        assert after is before
        return
    assert after.outcome == before.outcome
    assert after.certificate == before.certificate
    lottery = concept(loose, lotteries=True)
    assert lottery.gains == pytest.approx(concept(problem, lotteries=True).gains, abs=1e-9)


@pytest.mark.parametrize("concept", [c for c in CONCEPTS if "kalai" not in c.__name__])
@few
@given(points=whole_utilities(), data=st.data())
def test_forbidding_what_is_not_chosen_changes_nothing(concept, points, data):
    # independence of irrelevant alternatives; the ideal point of Kalai and Smorodinsky depends on
    # them, and so do shares of it where no outcome gives both parties a gain
    problem = one_choice(points)
    chosen = answers(lambda: concept(problem))
    assume(not isinstance(chosen, type))
    assume(not chosen.certificate.note)
    others = [v for v in problem.space.issues[0].values if v != chosen.outcome["pick"]]
    assume(others)
    gone = data.draw(st.lists(st.sampled_from(others), min_size=1, unique=True))
    left = with_constraints(problem, bg.Forbidden({"pick": gone}))
    assert concept(left).outcome == chosen.outcome


def test_forbidding_the_nash_outcome_of_the_rental_moves_it_to_the_best_of_the_rest():
    rental = bg.load("rental")
    first = bg.nash_solution(rental)
    second = bg.nash_solution(with_constraints(rental, bg.Forbidden(first.outcome)))
    gains = rental.utilities() - rental.disagreement_point
    gains[rental.space.row(first.outcome)] = 0
    products = np.where((gains > 0).all(axis=1), gains.prod(axis=1), 0)
    assert second.gains.prod() == products.max()
    assert second.outcome != first.outcome


def test_where_nothing_is_allowed_the_constraints_are_named():
    problem = with_constraints(
        bg.load("rental"),
        bg.Mandatory({"rent": {"at_least": 3700}}, name="the bank asks for 3700"),
        bg.Forbidden({"rent": [3700, 3900]}),
    )
    asked = [
        lambda: bg.nash_solution(problem),
        lambda: bg.nash_solution(problem, lotteries=True),
        lambda: bg.pareto_frontier(problem, individually_rational=False),
        lambda: bg.ideal_point(problem),
        lambda: bg.rubinstein_solution(problem, (0.9, 0.9)),
        lambda: bg.best_offer(problem, party=0, at_least=0),
        lambda: bg.BestOffers(problem, party=0),
        lambda: bg.PartyView.of(problem, 0),
        lambda: bg.alternating_offers(problem, ("linear", "linear"), deadline=5),
        lambda: bg.evolve(problem, party=0, opponents=["linear"], deadline=5),
        lambda: bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=5),
    ]
    for ask in asked:
        with pytest.raises(bg.InfeasibleProblemError, match="the bank asks for 3700; not rent is"):
            ask()


def test_a_message_names_the_fewest_constraints_that_conflict():
    rules = [bg.Forbidden({"rent": rent}) for rent in (3100, 3300, 3500, 3700, 3900)] * 3
    with pytest.raises(bg.InfeasibleProblemError, match=r"together: not rent is 3100; ") as error:
        bg.nash_solution(with_constraints(bg.load("rental"), *rules))
    assert str(error.value).count("not rent is") == 5


@pytest.mark.parametrize("lotteries", [False, True])
@pytest.mark.parametrize("n_parties", [2, 3])
def test_where_what_is_allowed_suits_nobody_it_is_said_how_much_is(lotteries, n_parties):
    points = np.array([[5, 5, 5], [1, 9, 9], [9, 1, 1]])[:, :n_parties]
    problem = one_choice(points, disagreement_point=[2] * n_parties)
    assert bg.nash_solution(problem, lotteries=lotteries).gains.min() > 0
    tight = with_constraints(problem, bg.Forbidden({"pick": ["o0", "o2"]}))
    with pytest.raises(
        bg.NoAgreementZoneError, match=r"1 outcomes that meet the constraints \(3 in all\)"
    ):
        bg.nash_solution(tight, lotteries=lotteries)
    if n_parties == 2:
        with pytest.raises(bg.NoAgreementZoneError, match=r"got none of 1 outcomes that meet"):
            bg.evolve(tight, party=1, opponents=["linear"], deadline=5)


MIXED = bg.OutcomeSpace(
    [
        bg.Issue.continuous("price", 0, 10),
        bg.Issue.choice("colour", ["red", "green", "blue"]),
        bg.Issue.integer("units", 0, 2),
    ]
)


@concepts
@few
@given(
    worths=st.lists(st.integers(-4, 9), min_size=12, max_size=12),
    price=st.sampled_from([(0, 3), (1, 8)]),
    gone=st.lists(
        st.tuples(st.sampled_from(["red", "green", "blue"]), st.integers(0, 2)), unique=True
    ),
    limit=st.sampled_from([2, 1]),
)
def test_constraints_on_choices_hold_beside_continuous_issues(concept, worths, price, gone, limit):
    colours, units = MIXED.issues[1].values, range(3)
    tables = [(worths[:3], worths[3:6]), (worths[6:9], worths[9:])]
    lines = [bg.Linear(*price), bg.Linear(*price[::-1])]

    def parties(values):
        return {f"p{j}": bg.AdditiveUtility(values(j)) for j in range(2)}

    constraints = [bg.Forbidden({"colour": c, "units": u}) for c, u in gone]
    constraints.append(bg.Budget({"units": 1}, at_most=limit))
    problem = bg.BargainingProblem(
        MIXED,
        parties(
            lambda j: {
                "price": lines[j],
                "colour": dict(zip(colours, tables[j][0], strict=True)),
                "units": dict(zip(units, tables[j][1], strict=True)),
            }
        ),
        disagreement_point=(1, 1),
        constraints=constraints,
    )
    pairs = [
        (a, b) for a in range(3) for b in range(3) if (colours[a], b) not in gone and b <= limit
    ]
    if not pairs:
        with pytest.raises(bg.InfeasibleProblemError):
            concept(problem)
        return
    # what is left of the choices as one of them
    merged = bg.BargainingProblem(
        [
            bg.Issue.continuous("price", 0, 10),
            bg.Issue.choice("pair", [f"{a}{b}" for a, b in pairs]),
        ],
        parties(
            lambda j: {
                "price": lines[j],
                "pair": {f"{a}{b}": tables[j][0][a] + tables[j][1][b] for a, b in pairs},
            }
        ),
        disagreement_point=(1, 1),
    )
    expected, found = answers(lambda: concept(merged)), answers(lambda: concept(problem))
    if isinstance(expected, type):
        assert found is expected
        return
    assert found.gains == pytest.approx(expected.gains)
    assert problem.broken_by(found.outcome) == ()


UP, DOWN = bg.Linear(0, 1), bg.Linear(1, 0)
LARGE = bg.Mandatory({"x0": {"at_least": 3}}, name="x0 is large")
MANY = [bg.Issue.integer(f"x{i}", 0, 9) for i in range(12)]
REAL = [bg.Issue.continuous(f"x{i}", 0, 9) for i in range(2)]
COLOUR = bg.Issue.choice("colour", ["red", "green"])


def large(issues, n_parties=2):
    """Return a problem in which the first issue must be large, which the first party dislikes."""
    parties = {
        f"p{j}": bg.AdditiveUtility({i.name: UP if j else DOWN for i in issues if i.is_numeric})
        for j in range(n_parties)
    }
    return bg.BargainingProblem(issues, parties, constraints=[LARGE])


@pytest.mark.parametrize("issues", [MANY, REAL, [*REAL, COLOUR]], ids=["huge", "real", "mixed"])
@pytest.mark.parametrize("n_parties", [2, 3])
def test_what_cannot_be_listed_meets_constraints_too(issues, n_parties):
    problem = large(issues, n_parties)
    for concept in (bg.nash_solution, bg.egalitarian_solution):
        solution = concept(problem)
        assert problem.broken_by(solution.outcome) == ()
    offer = bg.best_offer(problem, party=1, at_least=0.5)
    assert problem.broken_by(offer) == ()
    assert problem.evaluate(offer)[1] >= 0.5


REFUSED = {
    "huge: lotteries": lambda: bg.nash_solution(large(MANY), lotteries=True),
    "huge: three, lotteries": lambda: bg.nash_solution(large(MANY, 3), lotteries=True),
    "continuous: rubinstein": lambda: bg.rubinstein_solution(large(REAL), (0.9, 0.9)),
    "mixed: lotteries": lambda: bg.nash_solution(large([*REAL, COLOUR]), lotteries=True),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED.keys())
def test_a_method_that_cannot_meet_a_constraint_refuses_it_by_name(ask):
    with pytest.raises(bg.UnsupportedProblemError, match="got the constraint 'x0 is large'"):
        ask()


def test_frontiers_that_are_no_chain_are_refused():
    with pytest.raises(bg.UnsupportedProblemError, match="got the constraint 'x0 is large'"):
        bg.pareto_frontier(large(REAL))
