"""The frontier of additive problems that are too large to enumerate, and of small ones that way."""

from __future__ import annotations

import time

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.solve import frontier, labels, thinning
from bargain.solve.additive_frontier import folded_frontier
from tests import reference
from tests.problems import additive_problems

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="minutes if not compiled")
KINDS = ["random", "opposed", "nearly zero-sum", "zero-sum"]


def problem_of(worths, disagreement_point=None, ceilings=(None,) * 4):
    """Return a problem: worths[issue] has shape (values, n_parties)."""
    issues = [bg.Issue.integer(f"i{i}", 0, len(w) - 1) for i, w in enumerate(worths)]
    parties = {
        f"p{j}": bg.AdditiveUtility(
            {f"i{i}": dict(enumerate(w[:, j].tolist())) for i, w in enumerate(worths)},
            ceiling=ceilings[j],
        )
        for j in range(worths[0].shape[1])
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=disagreement_point)


def drawn(kind, n_issues, seed=0, n_values=10):
    """Draw the worths of two parties, utilities from 0 to 1."""
    generator = np.random.default_rng(seed)
    values = generator.random((2, n_issues, n_values))
    weights = generator.dirichlet(np.ones(n_issues), size=2)
    if kind == "opposed":
        values = np.stack([np.sort(values[0]), np.sort(values[1])[:, ::-1]])
    elif kind != "random":
        values[1] = 1 - values[0]
        noise = 0.1 * generator.uniform(-1, 1, n_issues) * (kind == "nearly zero-sum")
        weights[1] = weights[0] * (1 + noise)
    return np.moveaxis(weights[:, :, None] * values, 0, -1)


def folded(problem, *, individually_rational=True, epsilon=None, max_labels=None):
    return folded_frontier(
        problem,
        individually_rational=individually_rational,
        epsilon=epsilon,
        max_labels=max_labels,
    )


def enumerated(problem, individually_rational=True):
    """Return the utilities of the frontier from the definition, or None for no agreement zone."""
    point = problem.disagreement_point.tolist()
    pairs = {tuple(problem.evaluate(o).tolist()) for o in reference.outcomes(problem.space)}
    if individually_rational:
        pairs = {p for p in pairs if all(u >= d for u, d in zip(p, point, strict=True))}

    def dominated(p):
        return any(q != p and all(b >= a for a, b in zip(p, q, strict=True)) for q in pairs)

    return sorted((p for p in pairs if not dominated(p)), reverse=True) or None


def assert_same_as_enumerated(problem, individually_rational=True):
    expected = enumerated(problem, individually_rational)
    if expected is None:
        with pytest.raises(bg.NoAgreementZoneError):
            folded(problem)
        return
    found = folded(problem, individually_rational=individually_rational)
    assert [tuple(pair) for pair in found.utilities.tolist()] == expected
    assert found.certificate.kind == "exact"
    for i, utilities in enumerate(found.utilities.tolist()):
        assert problem.evaluate(found.outcome(problem, i)).tolist() == utilities
        assert problem.space.row(found.outcome(problem, i)) == found.rows(problem)[i]


@given(additive_problems(), st.booleans())
def test_folding_finds_what_enumeration_finds_on_whole_numbers(problem, individually_rational):
    assert_same_as_enumerated(problem, individually_rational)


@given(additive_problems(n_parties=3, max_values=3))
def test_so_it_does_for_three_parties(problem):
    assert_same_as_enumerated(problem)


REALS = st.one_of(
    st.sampled_from([0.1, 0.2, 0.3, 0.7, -0.1, 1 / 3, 0.0, 1e-17, 1e16]), st.floats(-1, 1)
)


@st.composite
def float_problems(draw):
    """Draw problems whose sums are rounded; d may be an outcome's utility to the last bit."""
    scale = draw(st.sampled_from([1.0, 1e-300, 1e-310, 1e290]))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    worths = []
    for size in sizes:
        cells = draw(st.lists(REALS, min_size=2 * size, max_size=2 * size))
        worths.append(np.array(cells).reshape(size, 2) * scale)
    problem = problem_of(worths)
    row = draw(st.integers(0, problem.space.size - 1))
    d = problem.evaluate(problem.space.outcome(row))
    towards = draw(st.sampled_from([-np.inf, None, np.inf]))
    if towards is not None:
        d = np.nextafter(d, towards)
    if draw(st.booleans()):
        d[draw(st.integers(0, 1))] = -scale
    ceilings = draw(st.sampled_from([(None, None), (0.3 * scale, None), (0.25 * scale, scale)]))
    return problem_of(worths, d, ceilings)


@given(float_problems())
def test_folding_finds_what_enumeration_finds_to_the_last_bit(problem):
    assert_same_as_enumerated(problem)


def test_d_on_the_frontier_leaves_what_is_there():
    worths = [np.array([[0.1, 0.0], [0.0, 0.1]])] * 3
    d = problem_of(worths).evaluate([0, 0, 1])
    assert folded(problem_of(worths, d)).utilities.tolist() == [d.tolist()]
    with pytest.raises(bg.NoAgreementZoneError, match="none of 8 outcomes"):
        folded(problem_of(worths, np.nextafter(d, 1)))


@compiled
@pytest.mark.parametrize("kind", KINDS[:3])
def test_forty_issues_of_ten_values(kind):
    worths = drawn(kind, 40, seed=1)
    problem = problem_of(worths)
    bg.pareto_frontier(problem_of(drawn(kind, 8)))  # compiled, and terms laid out
    start = time.perf_counter()
    found = bg.pareto_frontier(problem)
    # 2 ms, 15 ms and 0.3 s on a quiet core
    assert time.perf_counter() - start < 5
    assert found.certificate.kind == "exact"
    assert found.certificate.evidence["outcomes"] == 10**40
    assert found.rows is None
    assert (np.diff(found.utilities[:, 0]) < 0).all()
    assert (np.diff(found.utilities[:, 1]) > 0).all()
    best = worths.max(axis=1).sum(axis=0)
    assert [found.utilities[0, 0], found.utilities[-1, 1]] == pytest.approx(best, rel=1e-14)
    positions = np.unique(np.linspace(0, len(found) - 1, 300).astype(int))
    for position in positions.tolist():
        outcome = found.outcomes[position]
        assert problem.evaluate(outcome).tolist() == found.utilities[position].tolist()


@compiled
@pytest.mark.parametrize("kind", KINDS[:2])
def test_no_point_lies_above_the_lottery_frontier_and_its_corners_are_found(kind):
    problem = problem_of(drawn(kind, 40, seed=2), (0.4, 0.4))
    found = bg.pareto_frontier(problem).utilities
    hull = bg.pareto_frontier(problem, lotteries=True).utilities
    highest = np.interp(found[:, 0], hull[::-1, 0], hull[::-1, 1])
    assert (found[:, 1] <= highest + 1e-12).all()
    # the first and the last may be lotteries, where d cuts an edge
    for corner in hull[1:-1]:
        assert np.abs(found - corner).max(axis=1).min() < 1e-12


def test_all_points_of_a_large_frontier_evaluate_to_their_utilities():
    problem = problem_of(drawn("opposed", 12, seed=3), (0.3, 0.3))
    found = bg.pareto_frontier(problem)
    assert found.certificate.method.startswith("issues folded")
    assert [problem.evaluate(o).tolist() for o in found.outcomes] == found.utilities.tolist()
    assert [problem.space.row(o) for o in found.outcomes[:50]] == found.rows[:50].tolist()
    assert (found.gains >= 0).all()
    assert found.to_dict()["points"][0]["outcome"] == dict(found.outcomes[0])


def test_large_and_small_spaces_agree(monkeypatch):
    problem = problem_of(drawn("opposed", 6, n_values=5), (0.3, 0.3))
    expected = bg.pareto_frontier(problem)
    monkeypatch.setattr(frontier, "is_enumerable", lambda _: False)
    found = bg.pareto_frontier(problem)
    assert "enumeration" in expected.certificate.method
    assert "folded" in found.certificate.method
    assert found.utilities.tolist() == expected.utilities.tolist()
    assert found.rows.tolist() == expected.rows.tolist()


def uncovered(exact, points, lost):
    """Return how far beyond what may be lost the worst covered point of the frontier is."""
    short = exact[:, None, :] - points[None, :, :] - lost
    return short.max(axis=2).min(axis=1).max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("point", [None, (0.2, 0.2), (0.47, 0.1), (0.1, 0.47)])
@pytest.mark.parametrize("epsilon", [1e-3, 0.03, 0.2])
@pytest.mark.parametrize("individually_rational", [True, False])
def test_epsilon_frontier_covers_the_frontier(kind, point, epsilon, individually_rational):
    worths = drawn(kind, 5, seed=4, n_values=5)
    problem = problem_of(worths, point)
    options = {"individually_rational": individually_rational}
    exact = folded(problem, **options).utilities
    found = folded(problem, epsilon=epsilon, max_labels=1, **options)
    assert found.certificate.kind == "gap"
    assert found.certificate.gap == epsilon
    assert len(found.utilities) <= 2 * (5 / epsilon + 2)
    if individually_rational:
        assert (found.utilities >= problem.disagreement_point).all()
    for i in range(len(found.utilities)):
        assert problem.evaluate(found.outcome(problem, i)).tolist() == found.utilities[i].tolist()
    lost = epsilon * np.ptp(worths, axis=1).sum(axis=0)
    assert uncovered(exact, found.utilities, lost) <= 1e-14


@given(additive_problems(), st.sampled_from([0.01, 0.1, 0.5]), st.integers(1, 20))
def test_epsilon_frontier_covers_the_frontier_of_whole_numbers(problem, epsilon, max_labels):
    exact = enumerated(problem)
    try:
        found = folded(problem, epsilon=epsilon, max_labels=max_labels)
    except bg.NoAgreementZoneError:
        assert exact is None
        return
    except bg.TooLargeError:  # too large to tell
        return
    lost = epsilon * np.ptp(problem.utilities(), axis=0)
    assert uncovered(np.array(exact), found.utilities, lost) <= 1e-12


@compiled
def test_exactly_zero_sum_needs_an_epsilon():
    problem = problem_of(drawn("zero-sum", 20), (0.2, 0.2))
    with pytest.raises(bg.TooLargeError, match=r"1000 labels.*epsilon=.*lotteries=True"):
        bg.pareto_frontier(problem, max_labels=1000)
    found = bg.pareto_frontier(problem, epsilon=1e-3)
    assert found.certificate.kind == "gap"
    assert "share of the distance between" in found.certificate.method
    assert problem.evaluate(found.outcomes[7]).tolist() == found.utilities[7].tolist()
    # the frontier is the line u1 + u2 = 1 between 0.2 and 0.8
    assert -np.diff(found.utilities[:, 0]).min() < 1e-3
    assert found.utilities[[0, -1], [0, 1]] == pytest.approx([0.8, 0.8], abs=1e-3)


def test_epsilon_is_not_used_where_the_frontier_is_found_without():
    problem = problem_of(drawn("random", 20))
    found = bg.pareto_frontier(problem, epsilon=0.5)
    assert found.certificate.kind == "exact"
    assert found.utilities.tolist() == bg.pareto_frontier(problem).utilities.tolist()


@pytest.mark.parametrize("epsilon", [0, 1, -0.1, np.nan, "1e-3", True])
def test_epsilon_outside_0_to_1_is_refused(epsilon):
    with pytest.raises(bg.InvalidArgumentError, match="epsilon"):
        bg.pareto_frontier(bg.load("bill_and_jack"), epsilon=epsilon)


@pytest.mark.parametrize("max_labels", [0, -1, 1.5, "7", np.inf])
def test_a_label_cap_that_is_none_is_refused(max_labels):
    with pytest.raises(bg.InvalidArgumentError, match="max_labels"):
        bg.pareto_frontier(bg.load("bill_and_jack"), max_labels=max_labels)


@compiled
def test_no_agreement_zone_in_a_large_space():
    problem = problem_of(drawn("zero-sum", 30), (0.6, 0.6))
    with pytest.raises(bg.NoAgreementZoneError, match="outcomes gives every party"):
        bg.pareto_frontier(problem, epsilon=1e-3)
    with pytest.raises(bg.NoAgreementZoneError):
        bg.pareto_frontier(problem_of(drawn("random", 30), (1.1, 0.0)))


@compiled
def test_a_zone_smaller_than_epsilon_may_be_too_small_to_tell():
    problem = problem_of(drawn("zero-sum", 20), (0.6 + 1e-7, 0.4 - 2e-7))
    with pytest.raises(bg.TooLargeError, match=r"epsilon=0\.1 is too large to tell"):
        bg.pareto_frontier(problem, epsilon=0.1, max_labels=100)


def test_thinned_labels_tell_that_there_is_no_zone_or_that_they_cannot_tell():
    worths = drawn("zero-sum", 4, n_values=4)
    with pytest.raises(bg.NoAgreementZoneError, match="none of 256 outcomes"):
        folded(problem_of(worths, (0.6, 0.6)), epsilon=0.01, max_labels=1)
    with pytest.raises(bg.TooLargeError, match="too large to tell"):
        folded(problem_of(worths, (0.51, 0.51)), epsilon=0.2, max_labels=1)


def test_duplicates_of_a_large_space_are_refused():
    with pytest.raises(bg.TooLargeError):
        bg.pareto_frontier(problem_of(drawn("random", 20)), keep_duplicates=True)


def test_three_parties_in_a_large_space():
    generator = np.random.default_rng(5)
    worths = generator.random((10, 6, 3)) / 10
    problem = problem_of(worths, (0.6, 0.6, 0.6))
    found = bg.pareto_frontier(problem)
    assert found.certificate.kind == "exact"
    assert problem.evaluate(found.outcomes[3]).tolist() == found.utilities[3].tolist()
    nash = bg.nash_solution(problem, lotteries=True).gains
    assert found.gains.prod(axis=1).max() <= nash.prod() * (1 + 1e-9)
    with pytest.raises(bg.TooLargeError, match=r"try a larger max_labels, epsilon="):
        bg.pareto_frontier(problem, max_labels=10)


@pytest.mark.parametrize("individually_rational", [True, False])
@pytest.mark.parametrize(("parties", "most"), [(3, 8), (3, 20), (4, 30), (4, 40)])
def test_thinned_labels_cover_the_frontier_of_several_parties(
    monkeypatch, parties, most, individually_rational
):
    monkeypatch.setattr(thinning, "LABELS_AT_ONCE", most)
    worths = np.random.default_rng(most).random((6, 4, parties))
    problem = problem_of(worths, (1.2,) * parties)
    options = {"individually_rational": individually_rational}
    exact = folded(problem, **options).utilities
    found = folded(problem, epsilon=0.99, max_labels=1, **options)
    gap = found.certificate.gap
    assert found.certificate.kind == "gap"
    assert 0 < gap < 0.99
    for i in range(len(found.utilities)):
        assert problem.evaluate(found.outcome(problem, i)).tolist() == found.utilities[i].tolist()
    lost = gap * np.ptp(worths, axis=1).sum(axis=0)
    if individually_rational:
        assert (found.utilities >= 1.2).all()
        exact = exact[(exact >= 1.2 + lost).all(axis=1)]
    assert len(exact) > 0
    assert uncovered(exact, found.utilities, lost) <= 1e-12


def test_an_epsilon_that_several_parties_cannot_have_is_refused(monkeypatch):
    monkeypatch.setattr(thinning, "LABELS_AT_ONCE", 3)
    problem = problem_of(np.random.default_rng(0).random((5, 4, 3)))
    with pytest.raises(bg.TooLargeError, match=r"epsilon: expected more than .* got 0\.01"):
        folded(problem, epsilon=0.01, max_labels=1)


def test_more_sums_than_are_laid_out_at_a_time_are_refused(monkeypatch):
    monkeypatch.setattr(labels, "MOST_SUMS", 10)
    with pytest.raises(bg.TooLargeError, match="max_labels"):
        folded(problem_of([np.eye(3)] * 3))


def test_an_issue_of_many_values():
    line = np.linspace(0, 1, 1001)
    worths = [np.column_stack([line, 1 - line**2]), *drawn("opposed", 10, seed=6)]
    found = bg.pareto_frontier(problem_of(worths, (0.9, 0.9)))
    best = max(w + u for w, u in worths[0]) + drawn("opposed", 10, seed=6).sum(axis=2).max(1).sum()
    assert found.utilities.sum(axis=1).max() == pytest.approx(best)


@compiled
def test_a_large_frontier_can_be_drawn():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    ax = bg.pareto_frontier(problem_of(drawn("opposed", 40), (0.2, 0.2))).plot()
    assert "outcomes" in ax.get_legend_handles_labels()[1][0]
    pyplot.close(ax.figure)
