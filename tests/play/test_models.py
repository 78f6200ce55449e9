"""What models make of offers: worked by hand, against slow twins, on spaces of any size."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import (
    InvalidArgumentError,
    InvalidOutcomeError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.play.models import IssueValues
from bargain.play.models.bayesian import value_shapes
from bargain.play.models.windowed import same_shares

MODELS = (
    bg.FrequencyModel(),
    bg.FrequencyModel("smith"),
    bg.BayesianModel(),
    bg.WindowedModel(window=4),
)
each_model = pytest.mark.parametrize("model", MODELS, ids=repr)


@pytest.fixture
def pairs():
    """Two issues of two values."""
    return bg.OutcomeSpace([bg.Issue.choice("a", ["p", "q"]), bg.Issue.choice("b", ["s", "t"])])


def test_hardheaded_model_by_hand(pairs):
    found = bg.FrequencyModel().estimate(pairs, [["p", "s"], ["p", "t"], ["p", "s"]])
    # weights .5, .5; a repeats twice, each time .1 more, then made to add up to 1
    once = np.array([0.6, 0.5]) / 1.1
    twice = (once + np.array([0.1, 0])) / 1.1
    np.testing.assert_allclose(found.weights, twice)
    # counts start at 1: a has 4 and 1, b has 3 and 2
    np.testing.assert_allclose(found.worths[0], [1, 1 / 4])
    np.testing.assert_allclose(found.worths[1], [1, 2 / 3])


def test_hardheaded_weight_stops_growing_at_its_cap(pairs):
    offers = [["p", "st"[i % 2]] for i in range(40)]
    weight, others, reached = 0.5, 0.5, []
    for _ in offers[1:]:
        # n = 2, g = .1, q = 1, S = 1.1: the cap is 1 - .2 / 1.1
        weight = (weight + 0.1) / 1.1 if weight < 1 - 0.2 / 1.1 else weight / 1.1
        others /= 1.1
        reached.append(weight)
    assert max(reached) < 0.85  # without the cap it would come to 1 - .5 / 1.1^39 = .99
    found = bg.FrequencyModel().estimate(pairs, offers)
    np.testing.assert_allclose(found.weights, [weight, others])


def test_a_single_issue_has_all_the_weight():
    space = bg.OutcomeSpace([bg.Issue.integer("n", 0, 4)])
    for model in MODELS:
        assert model.estimate(space, [4] * 50).weights.tolist() == [1]


def test_smith_model_orders_outcomes_as_equal_weights_and_shares_of_offers_do(pairs):
    offers = [["p", "s"], ["p", "t"], ["p", "s"], ["q", "s"], ["p", "s"]]
    found = bg.FrequencyModel("smith").estimate(pairs, offers).utilities()
    shares = {"p": 4 / 5, "q": 1 / 5, "s": 4 / 5, "t": 1 / 5}
    plain = np.array([(shares[o["a"]] + shares[o["b"]]) / 2 for o in pairs])
    np.testing.assert_allclose(found / found.max(), plain / plain.max())
    assert found.max() == 1


def kernel_estimate(pick, space, rows):
    """The compiled table's model after some offers: what each value adds, numbered through."""
    from bargain.kernels import sides as codes
    from bargain.kernels.models import learn

    values = IssueValues.of(space)
    n_values, n_issues = int(values.offsets[-1]), len(space.issues)
    model = np.full((1, 2 * n_values + n_issues), 1.0 if pick == codes.HARDHEADED else 0.0)
    model[0, 2 * n_values :] = 1.0 / n_issues
    last = -1
    for row in rows:
        learn(pick, 0, row, last, values.digits, values.offsets, model)
        last = row
    return model[0, n_values : 2 * n_values]


@settings(max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    data=st.data(),
    steady=st.floats(0, 1),
)
def test_the_compiled_frequency_models_are_these_to_the_last_bit(sizes, data, steady):
    from bargain.kernels import sides as codes

    space = bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, k - 1) for j, k in enumerate(sizes)])
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    digits = np.zeros((60, len(sizes)), dtype=int)
    for i in range(1, 60):  # often the same value again, so that weights come to the cap
        anew = generator.integers(sizes)
        digits[i] = np.where(generator.uniform(size=len(sizes)) < steady, digits[i - 1], anew)
    rows = np.ravel_multi_index(digits.T, sizes).tolist()
    for form, pick in (("hardheaded", codes.HARDHEADED), ("smith", codes.SMITH)):
        slow = np.concatenate(bg.FrequencyModel(form).estimate(space, rows).terms)
        assert kernel_estimate(pick, space, rows).tolist() == slow.tolist()


def test_value_shapes_are_uphill_downhill_and_a_triangle_for_each_inner_peak():
    np.testing.assert_allclose(
        value_shapes(4),
        [[0, 1 / 3, 2 / 3, 1], [1, 2 / 3, 1 / 3, 0], [0, 1, 0.5, 0], [0, 0.5, 1, 0]],
    )
    assert value_shapes(1).tolist() == [[1]]
    assert value_shapes(2).tolist() == [[0, 1], [1, 0]]
    many = value_shapes(1000)
    assert many.shape == (50, 1000)
    assert (many.max(axis=1) == 1).all()
    assert (many.min(axis=1) == 0).all()


def slow_bayesian(sizes, offers, concession, spread):
    """The Bayesian model hypothesis by hypothesis, with probabilities as they are."""
    n = len(sizes)
    shapes = []
    for size in sizes:
        last = size - 1
        of_issue = [lambda x, m=last: x / m, lambda x, m=last: 1 - x / m]
        if size == 1:
            of_issue = [lambda x: 1.0]
        for p in range(1, last):
            of_issue.append(lambda x, p=p, m=last: x / p if x <= p else (m - x) / (m - p))
        shapes.append(of_issue)
    ranks = [2 * r / (n * (n + 1)) for r in range(1, n + 1)]
    of_shapes = [[1 / len(s)] * len(s) for s in shapes]
    of_ranks = [[1 / n] * n for _ in sizes]

    def expectations():
        raw = [sum(p * w for p, w in zip(of_ranks[i], ranks, strict=True)) for i in range(n)]
        worths = [
            [
                sum(p * s(x) for p, s in zip(of_shapes[i], shapes[i], strict=True))
                for x in range(sizes[i])
            ]
            for i in range(n)
        ]
        return [w / sum(raw) for w in raw], worths

    seen = []
    for offer in offers:
        if offer in seen:
            continue
        weights, worths = expectations()
        value = max(1 - concession * len(seen), 0)
        seen.append(offer)

        def likely(u, value=value):
            return math.exp(-((u - value) ** 2) / (2 * spread**2))

        for i in range(n):
            rest = sum(weights[j] * worths[j][offer[j]] for j in range(n) if j != i)
            mine = worths[i][offer[i]]
            new = [
                p * likely(s(offer[i]) * weights[i] + rest)
                for p, s in zip(of_shapes[i], shapes[i], strict=True)
            ]
            of_shapes[i] = [p / sum(new) for p in new]
            new = [
                p * likely(w * mine + ((1 - w) * rest / (1 - weights[i]) if n > 1 else 0))
                for p, w in zip(of_ranks[i], ranks, strict=True)
            ]
            of_ranks[i] = [p / sum(new) for p in new]
    return expectations()


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    concession=st.sampled_from([0.0, 0.003, 0.2]),
    spread=st.sampled_from([0.1, 0.25]),
    seed=st.integers(0, 2**32),
)
def test_the_bayesian_model_is_bayes_rule_issue_by_issue(sizes, concession, spread, seed):
    space = bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, k - 1) for j, k in enumerate(sizes)])
    offers = np.random.default_rng(seed).integers(sizes, size=(12, len(sizes))).tolist()
    found = bg.BayesianModel(concession, spread).estimate(space, offers)
    weights, worths = slow_bayesian(sizes, offers, concession, spread)
    np.testing.assert_allclose(found.weights, weights, atol=1e-12)
    for mine, slow in zip(found.worths, worths, strict=True):
        np.testing.assert_allclose(mine, slow, atol=1e-12)


def test_the_bayesian_model_knows_nothing_before_it_learns():
    space = bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, 1) for j in range(5)])
    found = bg.BayesianModel().estimate(space, [])
    np.testing.assert_allclose(found.weights, 0.2)
    np.testing.assert_allclose(found.utilities(), 0.5)


def test_an_outcome_offered_again_teaches_the_bayesian_model_nothing(pairs):
    once = bg.BayesianModel().estimate(pairs, [0, 1])
    again = bg.BayesianModel().estimate(pairs, [0, 0, 1, 0, 1])
    assert once.utilities().tolist() == again.utilities().tolist()


def test_a_bayesian_model_that_is_nearly_sure_still_gives_numbers(pairs):
    found = bg.BayesianModel(spread=1e-100).estimate(pairs, [0, 3, 1, 2])
    assert np.isfinite(found.utilities()).all()


def test_windows_by_hand(pairs):
    # a as before; b from s 8, t 0 to s 2, t 6: statistic 36 / 12 + 36 / 8 = 7.5, p = .006
    offers = [["p", "s"]] * 10 + [["p", "t"]] * 6
    assert same_shares(np.array([8, 0]), np.array([2, 6])) == pytest.approx(
        math.erfc(math.sqrt(7.5 / 2))
    )
    model = bg.WindowedModel(window=8)
    times = np.linspace(0, 0.5, 16)
    found = model.estimate(pairs, offers, times=times)
    gained = 10 * (1 - 0.5**5)
    np.testing.assert_allclose(found.weights, np.array([0.5 + gained, 0.5]) / (1 + gained))
    np.testing.assert_allclose(found.worths[0], [1, (1 / 17) ** 0.25])
    np.testing.assert_allclose(found.worths[1], [1, (7 / 11) ** 0.25])
    # without two whole windows nothing is compared
    assert model.estimate(pairs, offers[:15]).weights.tolist() == [0.5, 0.5]
    # at the deadline nothing is gained any more
    assert model.estimate(pairs, offers, times=[1] * 16).weights.tolist() == [0.5, 0.5]


def test_a_window_that_asks_for_more_is_no_concession(pairs):
    # b moves to what has been offered most in all: its expected worth rises
    model = bg.WindowedModel(window=8)
    offers = [["p", "t"]] * 6 + [["p", "s"]] * 10
    assert model.estimate(pairs, offers).weights.tolist() == [0.5, 0.5]


def test_values_drawn_alike_are_seldom_taken_for_changed():
    generator = np.random.default_rng(3)
    p_values = [
        same_shares(generator.multinomial(48, [0.4, 0.3, 0.3]), counts)
        for counts in generator.multinomial(48, [0.4, 0.3, 0.3], size=2000)
    ]
    # smoothing makes the test cautious: at most the 5 % it is set to
    assert 0.02 < np.mean(np.array(p_values) <= 0.05) < 0.06


@each_model
def test_an_estimate_is_a_utility_like_any_other(model):
    space = bg.OutcomeSpace([bg.Issue.integer("n", 2, 6, 2), bg.Issue.choice("c", ["x", "y"])])
    found = model.estimate(space, [{"n": 4, "c": "y"}, [6, "y"], 1, np.int64(3)])
    utilities = found.utilities()
    assert (utilities >= 0).all()
    assert (utilities <= 1 + 1e-12).all()
    assert found.weights.sum() <= 1 + 1e-12
    assert found.utility.utilities(space).tolist() == utilities.tolist()
    assert found.at(IssueValues.of(space).digits).tolist() == utilities.tolist()
    mine = bg.AdditiveUtility({"n": bg.Linear(0, 1)})
    problem = bg.BargainingProblem(space, {"me": mine, "you": found.utility})
    assert bg.pareto_frontier(problem).utilities.shape[1] == 2


@each_model
def test_models_are_not_changed_by_use(model, pairs):
    offers = [[0, 1, 1, 2], [3, 3], [0]]
    alone = [model.estimate(pairs, rows).utilities().tolist() for rows in offers]
    assert [model.estimate(pairs, rows).utilities().tolist() for rows in offers] == alone
    assert offers == [[0, 1, 1, 2], [3, 3], [0]]
    known = model.start(pairs)
    first = model.learned(known, [0, 1], 0.0)
    model.learned(first, [1, 1], 0.5)
    assert (
        model.read(pairs, first).utilities().tolist()
        == model.estimate(pairs, [1]).utilities().tolist()
    )


@each_model
def test_a_space_of_10_to_the_60_is_learned_issue_by_issue(model):
    space = bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, 9) for j in range(60)])
    assert space.size == 10**60
    best = [9] * 60
    offers = [best] * 3 + [[*best[:-1], k] for k in (8, 7, 6)] + [space.row(best)]
    found = model.estimate(space, offers)
    assert found.utility.evaluate(space, space.outcome(10**60 - 1)) > found.utility.evaluate(
        space, space.outcome(0)
    )
    with pytest.raises(TooLargeError, match="utilities"):
        found.utilities()


@each_model
def test_one_outcome_and_no_offers_are_fine(model):
    space = bg.OutcomeSpace([bg.Issue.choice("only", ["this"])])
    assert model.estimate(space, []).weights.tolist() == [1]
    assert model.estimate(space, [0, ["this"]]).utilities().tolist() == [1]


@each_model
def test_what_a_party_always_asks_for_is_thought_best(model):
    space = bg.OutcomeSpace([bg.Issue.integer("a", 0, 4), bg.Issue.integer("b", 0, 4)])
    found = model.estimate(space, [space.row([4, k]) for k in (0, 1, 0, 2, 1, 0, 3, 2)])
    assert np.argmax(found.worths[0]) == 4
    assert found.utilities().argmax() // 5 == 4


@each_model
@pytest.mark.parametrize(
    ("offers", "error", "says"),
    [
        ("ps", InvalidArgumentError, "offers"),
        (7, InvalidArgumentError, "offers"),
        ([4], InvalidArgumentError, r"offers\[0\]: expected a row below 4"),
        ([0, -1], InvalidArgumentError, r"offers\[1\]"),
        ([0, ["p", "x"]], InvalidOutcomeError, r"offers\[1\].*'b'"),
        ([{"a": "p"}], InvalidOutcomeError, r"offers\[0\]"),
        ([float("nan")], InvalidOutcomeError, r"offers\[0\]"),
        ([None], InvalidOutcomeError, r"offers\[0\]"),
    ],
)
def test_wrong_offers_are_named(model, pairs, offers, error, says):
    with pytest.raises(error, match=says):
        model.estimate(pairs, offers)


@pytest.mark.parametrize(
    "times", [[0], [0, 2], [0, float("nan")], "ab", [[0, 1]], [0, float("inf")]]
)
def test_wrong_times_are_named(pairs, times):
    with pytest.raises(InvalidArgumentError, match="times"):
        bg.WindowedModel().estimate(pairs, [0, 1], times=times)


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(UnsupportedProblemError, match="price"):
        bg.FrequencyModel().estimate(bg.OutcomeSpace([bg.Issue.continuous("price", 0, 1)]), [])
    with pytest.raises(TooLargeError, match="price"):
        bg.BayesianModel().estimate(bg.OutcomeSpace([bg.Issue.integer("price", 0, 10**6)]), [])
    with pytest.raises(InvalidArgumentError, match="space"):
        bg.BayesianModel().estimate([bg.Issue.integer("price", 0, 10)], [])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: bg.FrequencyModel("often"), "form"),
        *[
            (lambda name=name, bad=bad: bg.BayesianModel(**{name: bad}), name)
            for name, bad in itertools.product(
                ("concession", "spread"), (-0.1, math.nan, math.inf, "much", 1e200)
            )
        ],
        (lambda: bg.BayesianModel(spread=0), "spread"),
        (lambda: bg.WindowedModel(window=0), "window"),
        (lambda: bg.WindowedModel(window=2.5), "window"),
        (lambda: bg.WindowedModel(gamma=0), "gamma"),
        (lambda: bg.WindowedModel(gamma=1.5), "gamma"),
        (lambda: bg.WindowedModel(alpha=math.inf), "alpha"),
        (lambda: bg.WindowedModel(beta=math.nan), "beta"),
        (lambda: bg.WindowedModel(beta=0), "beta"),
    ],
)
def test_parameters_out_of_range_are_named(make, says):
    with pytest.raises(InvalidArgumentError, match=says):
        make()


@pytest.mark.parametrize(
    "model", [bg.FrequencyModel("smith"), bg.BayesianModel(), bg.WindowedModel(window=4)]
)
def test_models_learn_from_the_offers_of_a_session_as_from_their_rows(model):
    rental = bg.load("rental")
    session = bg.alternating_offers(rental, ("hardliner", "micro"), deadline=60)
    own = [offer for offer in session.offers if offer.party == "tenant"]
    made = session.proposers == 1
    rows, times = session.offer_rows[made], session.times[made]
    expected = model.estimate(rental.space, rows, times=times).utilities()
    assert (model.estimate(rental.space, own).utilities() == expected).all()
    given = bg.score_model(model, rental, "tenant", own)
    assert str(given) == str(bg.score_model(model, rental, 1, rows, times=times))


def test_a_party_learns_nothing_from_its_own_offers():
    rental = bg.load("rental")
    session = bg.alternating_offers(rental, ("hardliner", "micro"), deadline=6)
    says = r"^offers\[1\]: expected offers of one party, here 'landlord', got 'tenant'"
    with pytest.raises(InvalidArgumentError, match=says):
        bg.BayesianModel().estimate(rental.space, session.offers)
    own = [offer for offer in session.offers if offer.party == "tenant"]
    with pytest.raises(InvalidArgumentError, match=r"^offers\[0\].party: expected 'landlord', got"):
        bg.score_model(bg.BayesianModel(), rental, "landlord", own)
    late = [bg.Offer("tenant", own[0].outcome, at=3.5)]
    with pytest.raises(
        InvalidArgumentError, match=r"^offers\[0\].at: expected a number in \[0, 1\]"
    ):
        bg.BayesianModel().estimate(rental.space, late)
    nowhere = [bg.Offer("tenant", {"rent": 1})]
    with pytest.raises(bg.InvalidOutcomeError, match=r"^offers\[0\]: outcome: "):
        bg.BayesianModel().estimate(rental.space, nowhere)
