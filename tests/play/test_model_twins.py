"""Models against slow twins, which say the same in another way; what counts as an estimate."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

import bargain as bg
from bargain.errors import InvalidArgumentError, UnsupportedProblemError

NEVER = bg.AcceptAbove(1.0)

several_sizes = st.lists(st.integers(1, 5), min_size=1, max_size=4)
seeds = st.integers(0, 2**32)


def numbered(sizes):
    return bg.OutcomeSpace([bg.Issue.integer(f"i{j}", 0, k - 1) for j, k in enumerate(sizes)])


def wandering(sizes, n_offers, steady, seed):
    """Offers in which each issue keeps its value with some chance, the first of several always."""
    generator = np.random.default_rng(seed)
    chances = steady ** np.arange(len(sizes)) if len(sizes) > 1 else steady
    offers = [generator.integers(sizes)]
    while len(offers) < n_offers:
        stays = generator.uniform(size=len(sizes)) < chances
        offers.append((offers[-1] + ~stays * generator.integers(1, np.maximum(sizes, 2))) % sizes)
    return [[int(x) for x in offer] for offer in offers]


def counted(offers, j, size):
    return [sum(offer[j] == x for offer in offers) for x in range(size)]


def slow_hardheaded(sizes, offers):
    """In fractions, and counts at the end."""
    n = len(sizes)
    weights = [Fraction(1, n)] * n
    gain = Fraction(1, 5 * n)
    for before, offer in itertools.pairwise(offers):
        same = [j for j in range(n) if before[j] == offer[j]]
        total = 1 + gain * len(same)
        for j in range(n):
            may_grow = j in same and weights[j] < 1 - n * gain / total
            weights[j] = (weights[j] + (gain if may_grow else 0)) / total
    counts = [[1 + c for c in counted(offers, j, k)] for j, k in enumerate(sizes)]
    worths = [[Fraction(c, max(issue)) for c in issue] for issue in counts]
    return ([Fraction(1)] if n == 1 else weights), worths


def slow_smith(sizes, offers):
    counts = [counted(offers, j, k) for j, k in enumerate(sizes)]
    most = [max(issue) for issue in counts]
    weights = [Fraction(m, sum(most)) for m in most]
    return weights, [[Fraction(c, m) for c in issue] for issue, m in zip(counts, most, strict=True)]


@settings(max_examples=60)
@given(several_sizes, st.integers(1, 60), st.sampled_from([0.0, 0.2, 0.5, 0.9]), seeds)
def test_frequency_models_are_their_rules_in_fractions(sizes, n_offers, steady, seed):
    offers = wandering(sizes, n_offers, steady, seed)
    for form, slow in (("hardheaded", slow_hardheaded), ("smith", slow_smith)):
        found = bg.FrequencyModel(form).estimate(numbered(sizes), offers)
        weights, worths = slow(sizes, offers)
        np.testing.assert_allclose(found.weights, [float(w) for w in weights], rtol=1e-12)
        for mine, theirs in zip(found.worths, worths, strict=True):
            np.testing.assert_allclose(mine, [float(w) for w in theirs], rtol=1e-12)


def slow_windowed(sizes, offers, times, window, gamma, alpha, beta):
    """Window by window, with the test of homogeneity that statistics packages have."""
    n = len(sizes)

    def worths_after(end):
        found = []
        for j, k in enumerate(sizes):
            raw = np.array([1.0 + c for c in counted(offers[:end], j, k)])
            found.append((raw / raw.max()) ** gamma)
        return found

    weights = np.full(n, 1 / n)
    for end in range(2 * window, len(offers) + 1, window):
        worths = worths_after(end)
        unchanged, conceded = [], False
        for j, k in enumerate(sizes):
            table = 1 + np.array(
                [
                    counted(offers[end - 2 * window : end - window], j, k),
                    counted(offers[end - window : end], j, k),
                ]
            )
            if k == 1 or chi2_contingency(table, correction=False).pvalue > 0.05:
                unchanged.append(j)
                continue
            earlier, later = table / table.sum(axis=1, keepdims=True) @ worths[j]
            conceded = conceded or later < earlier - 1e-12
        if conceded:
            weights[unchanged] += alpha * (1 - times[end - 1] ** beta)
            weights /= weights.sum()
    return weights, worths_after(len(offers))


@settings(max_examples=40)
@given(
    sizes=several_sizes,
    window=st.integers(3, 9),
    steady=st.sampled_from([0.0, 0.7, 0.9, 0.97]),
    gamma=st.sampled_from([0.25, 1.0]),
    beta=st.sampled_from([0.5, 5.0]),
    seed=seeds,
)
def test_the_windowed_model_is_a_test_of_homogeneity(sizes, window, steady, gamma, beta, seed):
    offers = wandering(sizes, 40, steady, seed)
    times = np.linspace(0, 1, 40)
    model = bg.WindowedModel(window, gamma, 2.0, beta)
    found = model.estimate(numbered(sizes), offers, times=times)
    weights, worths = slow_windowed(sizes, offers, times, window, gamma, 2.0, beta)
    np.testing.assert_allclose(found.weights, weights, rtol=1e-9)
    for mine, theirs in zip(found.worths, worths, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)


PAIR = bg.OutcomeSpace([bg.Issue.choice("a", ["p", "q"]), bg.Issue.choice("b", ["s", "t"])])
QUARREL = bg.BargainingProblem(
    PAIR,
    {
        "me": bg.AdditiveUtility({"a": {"p": 2}, "b": {"s": 1}}),
        "you": bg.AdditiveUtility({"a": {"q": 1}, "b": {"t": 2}}),
    },
)


class Says:
    """A model that says what it was told to."""

    def __init__(self, answer):
        self.answer = answer

    def estimate(self, space, offers, *, times=None):
        return self.answer


def test_an_estimate_keeps_copies():
    weights, worths = np.array([0.5, 0.5]), [np.array([0.0, 1.0]), [1, 0]]
    found = bg.Estimate(PAIR, weights, worths)
    weights[0], worths[0][0] = 0.0, 1.0
    assert found.utilities().tolist() == [0.5, 0.0, 1.0, 0.5]
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0] = 1.0


@pytest.mark.parametrize(
    ("weights", "worths", "says"),
    [
        ([1.0], [[0, 1], [0, 1]], r"weights: expected shape \(2,\), got \(1,\)"),
        ([0.5, np.nan], [[0, 1], [0, 1]], "weights: expected numbers in"),
        ([0.5, -0.5], [[0, 1], [0, 1]], "weights: expected numbers in"),
        ([0.7, 0.7], [[0, 1], [0, 1]], "weights: expected a sum of at most 1, got 1.4"),
        ("ab", [[0, 1], [0, 1]], "weights: expected 2 numbers"),
        ([0.5, 0.5], [[0, 1]], "worths: expected 2 arrays"),
        ([0.5, 0.5], 3, "worths: expected 2 arrays"),
        ([0.5, 0.5], [[0, 1], [0, 1, 1]], r"worths\[1\]: expected shape \(2,\), got \(3,\)"),
        ([0.5, 0.5], [[0, 1], [0, np.inf]], r"worths\[1\]: expected numbers in"),
        ([0.5, 0.5], [[0, np.nan], [0, 1]], r"worths\[0\]: expected numbers in"),
    ],
)
def test_what_is_no_estimate_is_named(weights, worths, says):
    with pytest.raises(InvalidArgumentError, match=says):
        bg.Estimate(PAIR, weights, worths)


def test_an_estimate_needs_a_finite_space():
    with pytest.raises(UnsupportedProblemError, match="price"):
        bg.Estimate(bg.OutcomeSpace([bg.Issue.continuous("price", 0, 1)]), [1], [[1]])


ELSEWHERE = bg.Estimate(bg.OutcomeSpace([bg.Issue.integer("n", 0, 3)]), [1], [[0, 0, 1, 1]])


@pytest.mark.parametrize(
    ("answer", "says"), [(None, "an Estimate, got None"), (ELSEWHERE, "the space it was given")]
)
def test_what_a_model_of_ones_own_returns_is_checked(answer, says):
    policy = bg.TradeOff(by=Says(answer))
    with pytest.raises(InvalidArgumentError, match=says):
        bg.alternating_offers(QUARREL, ("hardliner", policy), deadline=4)


def test_two_models_in_one_policy_learn_each_by_itself():
    right = Says(bg.Estimate(PAIR, [0.5, 0.5], [[0, 1], [0, 1]]))
    wrong = Says(bg.Estimate(PAIR, [0.5, 0.5], [[1, 0], [1, 0]]))
    whatever = bg.TimeDependent(floor=0)
    asked = []

    class Both:
        """Asks one model, then the other, and offers what the second says."""

        def act(self, turn):
            if turn.is_answer:
                return bg.Answer.REJECT
            asked.append(
                [
                    bg.TradeOff(whatever, by, 1.0).offer(turn) if turn.received else None
                    for by in (right, wrong)
                ]
            )
            return 3

    bg.alternating_offers(QUARREL, ("hardliner", Both()), deadline=12)
    alone = []
    for by in (right, wrong):
        session = bg.alternating_offers(
            QUARREL, ("hardliner", bg.TradeOff(whatever, by, 1.0, NEVER)), deadline=12
        )
        alone.append(session.offer_rows[session.proposers == 1].tolist())
    assert np.array(asked).T.tolist() == alone
    assert alone[0] != alone[1]


def test_a_model_derived_from_a_frequency_model_is_not_taken_for_it():
    class Contrary(bg.FrequencyModel):
        """Believes the opposite."""

        def read(self, space, known):
            found = super().read(space, known)
            return bg.Estimate(space, found.weights, [1 - worths for worths in found.worths])

    for policy in (bg.TradeOff(bg.TimeDependent(), Contrary(), 1.0), bg.TradeOff(by=Contrary())):
        session = bg.alternating_offers(QUARREL, ("conceder", policy), deadline=30)
        at_once = bg.play_sessions(QUARREL, ["conceder", policy], [[0, 1]], deadline=30)
        assert at_once["row"][0] == session.offer_rows[-1]
        assert at_once["round"][0] == len(session.offer_rows) - 1
