"""What the other side is taken to want, and what follows from it."""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg
from bargain.anchor.aspirations import Aspirations
from bargain.anchor.opposed import SPREAD, OpposedModel, chance_opposed, own_worths
from tests.problems import with_constraints

PATIENT = bg.TimeDependent(floor=0.65)


@pytest.fixture(scope="module")
def rental():
    return bg.load("rental")


def landlord_offers(rental, count=16):
    session = bg.alternating_offers(rental, ("boulware", "hardliner"), deadline=40)
    return [offer for offer in session.offers if offer.party == "landlord"][:count]


def outcomes(packages):
    return [{term.issue: term.value for term in package.terms} for package in packages]


def blind(rental):
    """Return the lease as a tenant has it who knows nothing of the landlord."""
    utilities = {"landlord": bg.AdditiveUtility({}), "tenant": rental.profiles[1].utility}
    return bg.BargainingProblem(rental.space, utilities)


@pytest.mark.parametrize("other", ["unknown", bg.BayesianModel(), bg.WindowedModel(window=4)])
def test_an_unknown_landlord_is_learned_and_traded_with(rental, other):
    offers = landlord_offers(rental)
    anchor = bg.Anchor(blind(rental), party="tenant", policy=PATIENT, deadline=41, other=other)
    advice = anchor.advise(offers)
    (estimate,) = advice.private.opponents.values()
    assert (estimate.kind, estimate.n_offers) == ("learned", len(offers))
    assert sum(estimate.weights.values()) == pytest.approx(1)
    assert set(estimate.weight_errors) == set(rental.space.names)
    # what it says is best for the landlord is nearly so in truth
    (first, *_) = outcomes(advice.public.packages)
    mine, theirs = rental.evaluate(first)[1], rental.evaluate(first)[0]
    best = rental.evaluate(bg.best_offer(rental, party="tenant", at_least=mine))[0]
    blindly = bg.Anchor(blind(rental), party="tenant", policy=PATIENT, deadline=41, packages=1)
    (naive,) = outcomes(blindly.advise(offers).public.packages)
    assert theirs > rental.evaluate(naive)[0]
    assert theirs >= 0.75 * best


def test_what_the_problem_says_of_an_unknown_party_is_not_looked_at(rental):
    offers = landlord_offers(rental)
    anchors = [
        bg.Anchor(problem, party="tenant", policy=bg.TimeDependent(), deadline=41, other="unknown")
        for problem in (rental, blind(rental))
    ]
    assert len({anchor.advise(offers).to_json() for anchor in anchors}) == 1


def test_nothing_is_known_before_the_first_offer(rental):
    anchor = bg.Anchor(
        rental, party="tenant", policy=bg.TimeDependent(), deadline=9, other="unknown"
    )
    private = anchor.advise().private
    assert private.acceptance == (None,) * len(private.package_values)
    assert private.continuation is None
    assert private.opponents["landlord"].weight_errors is None


def test_chances_gaps_and_the_worth_of_going_on(rental):
    anchor = bg.Anchor(
        rental, party="tenant", policy=bg.TimeDependent(), deadline=11, other="exact"
    )
    low = {"rent": 3900, "deposit": 2500, "start": "May 1", "length": "2 years"}
    private = anchor.advise([bg.Offer("landlord", low, round=4)]).private
    for value, chance in zip(private.other_values["landlord"], private.acceptance, strict=True):
        # the landlord would take what is worth what it has offered, 3400, and perhaps less
        assert chance == 1 if value >= 3400 else 0 < chance < 1
    assert private.gaps[0] == 0
    frontier = [
        rental.evaluate(bg.best_offer(rental, party="tenant", at_least=worth))[0]
        for worth in private.package_values
    ]
    assert np.allclose(np.array(frontier) - private.other_values["landlord"], private.gaps)
    assert private.opponents["landlord"].kind == "exact"
    assert 0 < private.continuation < private.best
    assert list(private.next_targets) == sorted(private.next_targets, reverse=True)
    assert private.target > private.next_targets[0]


def test_going_on_is_worth_the_sum_over_the_turns_to_come():
    # the other side gains 10 - x of 10, this side x; two turns at 8 and 4, no offer heard
    problem = bg.BargainingProblem(
        [bg.Issue.integer("x", 0, 10)],
        {"a": bg.AdditiveUtility({"x": bg.Linear(0, 10)}),
         "b": bg.AdditiveUtility({"x": bg.Linear(10, 0)})},
    )  # fmt: skip

    class Steps:
        def plan(self, view, times):
            return bg.Plan(np.array([8, 8, 4]), np.array([8.0, 8.0, 4.0]))

    advice = bg.Anchor(problem, party="a", policy=Steps(), deadline=3).advise()
    first = Aspirations.learned([], [], knows_reservation=True)
    soon, late = first.chance(0.2, 0.5), first.chance(0.6, 1.0)
    assert advice.private.acceptance == (pytest.approx(soon),)
    assert advice.private.continuation == pytest.approx(soon * 8 + (late - soon) * 4)
    impatient = bg.BargainingProblem(
        problem.space, problem.profiles, discount_factors={"a": 0.5, "b": 0.5}
    )
    private = bg.Anchor(impatient, party="a", policy=Steps(), deadline=3).advise().private
    assert private.continuation == pytest.approx(soon * 8 + (late - soon) * 4 * 0.25)
    rubinstein = bg.rubinstein_solution(impatient).utilities[0]
    assert private.references["rubinstein"] == pytest.approx(rubinstein)


def test_a_price_is_learned_about_on_a_grid():
    problem = bg.load("supply_contract")
    common = {"party": "buyer", "policy": bg.TimeDependent(), "deadline": 7, "other": "unknown"}
    with pytest.raises(bg.InvalidArgumentError, match="grid"):
        bg.Anchor(problem, **common)
    anchor = bg.Anchor(problem, grid=5, **common)
    history = [bg.Offer("supplier", offer) for offer in problem.space.sample(2, seed=0)]
    advice = anchor.advise(history)
    assert advice.private.opponents["supplier"].kind == "learned"
    assert advice.decision == "counter"


def test_an_unknown_side_of_a_huge_contract_is_traded_with():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(20)]
    names = [issue.name for issue in issues]
    weights = np.arange(1, 21)
    mine = bg.AdditiveUtility(
        {n: bg.Linear(0, float(w)) for n, w in zip(names, weights, strict=True)}
    )
    problem = bg.BargainingProblem(issues, {"me": mine, "you": bg.AdditiveUtility({})})
    anchor = bg.Anchor(problem, party="me", policy=PATIENT, deadline=9, other="unknown")
    # they never give way on the last issue, and often on the first
    said = [[k % 10] + [0] * 19 for k in range(4)]
    history = [bg.Offer("you", offer, round=2 * k) for k, offer in enumerate(said)]
    advice = anchor.advise(history)
    assert advice.decision == "counter"
    assert min(advice.private.package_values) >= advice.private.target


def test_a_continuous_contract_under_a_budget_is_advised_on():
    problem = bg.load("supply_contract")
    issue = problem.space.issues[0]
    middle = sum(issue.bounds) / 2
    limited = with_constraints(problem, bg.Budget({issue.name: 1}, at_most=middle))
    anchor = bg.Anchor(limited, party="supplier", policy=bg.TimeDependent(), deadline=5)
    advice = anchor.advise([bg.Offer("buyer", problem.space.sample(1, seed=1)[0], round=1)])
    assert advice.decision == "counter"
    for outcome in outcomes(advice.public.packages):
        assert outcome[issue.name] <= middle + 1e-6
        assert limited.evaluate(outcome)[1] >= limited.disagreement_point[1]


@pytest.mark.parametrize("other", ["guessed", None, bg.BayesianModel, 3])
def test_others_that_are_none_are_refused(rental, other):
    with pytest.raises(bg.InvalidArgumentError, match="other"):
        bg.Anchor(rental, party=0, policy=bg.TimeDependent(), deadline=3, other=other)


def lattice(seed, opposition):
    """Return four issues of five values, of which the two sides want the opposite or not."""
    rng = np.random.default_rng(seed)
    names = [f"issue {j}" for j in range(4)]
    weights = rng.dirichlet(np.full(4, 3.0), size=2)
    mine = rng.random((4, 5))
    theirs = opposition * (1 - mine) + (1 - opposition) * rng.random((4, 5))
    utilities = {
        party: bg.AdditiveUtility(
            {name: dict(enumerate(row)) for name, row in zip(names, worths.tolist(), strict=True)},
            dict(zip(names, weights[i].tolist(), strict=True)),
        )
        for i, (party, worths) in enumerate((("me", mine), ("other", theirs)))
    }
    return bg.BargainingProblem([bg.Issue.integer(name, 0, 4) for name in names], utilities)


def recovered(model_of, opposition, seeds=range(6), count=5):
    """Return the mean rank correlation of what I believe of the other with what it wants."""
    found = []
    for seed in seeds:
        problem = lattice(seed, opposition)
        for policy in ("linear", "boulware", "micro"):
            session = bg.alternating_offers(
                problem, ("boulware", policy), deadline=30, first=1, seed=seed
            )
            rows = session.offer_rows[session.proposers == 1][:count]
            score = bg.score_model(model_of(problem), problem, "other", rows)
            found.append(float(score.rank_correlation[-1]))
    return float(np.mean(found))


def opposed(problem):
    return OpposedModel.of(problem, 0)


class DeafModel(OpposedModel):
    """Learns nothing: what the update would be if it were broken."""

    def learned(self, known, positions, time):
        return known


class ConfusedModel(OpposedModel):
    """Counts another value than the one that was offered."""

    def learned(self, known, positions, time):
        wrong = [4 - position for position in positions]
        return super().learned(known, wrong, time)


@pytest.mark.parametrize(("opposition", "margin"), [(0.0, 0.3), (0.5, 0.05)])
def test_what_is_learned_beats_the_prior_and_an_update_that_is_broken(opposition, margin):
    # a uniform prior orders nothing: 0
    found = recovered(opposed, opposition)
    assert found > 0.45
    for broken in (DeafModel, ConfusedModel):
        wrong = recovered(lambda problem, kind=broken: kind.of(problem, 0), opposition)
        assert found > wrong + margin


def test_who_wants_the_opposite_is_believed_to_before_and_after_its_offers():
    before = recovered(opposed, 0.9, count=0)
    assert before > 0.8
    assert recovered(opposed, 0.9) > recovered(lambda problem: bg.FrequencyModel(), 0.9) + 0.1


def test_an_issue_both_want_the_same_of_is_learned_from_the_first_offer():
    space = [bg.Issue.choice("colour", ["red", "blue"]), bg.Issue.choice("price", ["low", "high"])]
    mine = bg.AdditiveUtility({"colour": {"red": 1}, "price": {"low": 1}})
    problem = bg.BargainingProblem(space, {"me": mine, "other": bg.AdditiveUtility({})})
    model = OpposedModel.of(problem, 0)
    for offers, liked in (([], "blue"), ([("red", "high")], "red")):
        colour, price = model.estimate(problem.space, offers).worths
        assert problem.space.issues[0].value(int(np.argmax(colour))) == liked
        assert np.argmax(price) == 1
    # exp(-1 / (2 SPREAD^2)) beside the mean of that and 1
    asked = np.array([1.0, 0.0])
    odds = np.exp(-0.5 / SPREAD**2)
    assert chance_opposed(np.array([1.0, 0.0]), asked) == pytest.approx(
        odds / (odds + (1 + odds) / 2)
    )
    assert chance_opposed(np.zeros(2), asked) == 0.0


def test_what_does_not_add_up_is_opposed_by_its_means():
    space = [bg.Issue.integer("a", 0, 1), bg.Issue.integer("b", 0, 1)]
    both = bg.CallableUtility(lambda a, b: a * b + a)
    problem = bg.BargainingProblem(space, {"me": both, "other": bg.AdditiveUtility({})})
    worths = own_worths(problem, 0)
    np.testing.assert_allclose(worths, [[0, 1.5], [0.5, 1.0]])
    model = OpposedModel.of(problem, 0)
    np.testing.assert_allclose(model.own, [[0, 1], [0, 1]])


def test_nothing_is_opposed_to_a_party_that_does_not_care():
    space = [bg.Issue.integer("a", 0, 2)]
    problem = bg.BargainingProblem(
        space, {"me": bg.AdditiveUtility({}), "other": bg.AdditiveUtility({})}
    )
    (worths,) = OpposedModel.of(problem, 0).estimate(problem.space, [[2]]).worths
    np.testing.assert_allclose(worths, [0.5, 0.5, 1.0])
