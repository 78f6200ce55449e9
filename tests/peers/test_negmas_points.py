"""NegMAS, where it is installed, as an independent judge of enumerated problems.

Its words differ: its `kalai_points` are the largest least gain, our egalitarian solution. Its
points are only right on a frontier filtered for individual rationality, so that is what it gets.
A reservation value below the worst outcome is raised to it unless ranges that hold it are given.
It has no Kalai-Smorodinsky point to compare with: `ks_points` minimises the spread of ratios.
"""

from __future__ import annotations

import numpy as np
import pytest

import bargain as bg

negmas = pytest.importorskip("negmas", reason="NegMAS, an optional peer, is not installed")

SHAPES = [(4, 4, 4, 4), (7, 3), (2,) * 8, (30,), (5, 5, 5)]


def both(seed: int, sizes: tuple[int, ...], reservations: tuple[float, float]):
    """Return one random problem as ours and as the peer's utility functions."""
    generator = np.random.default_rng(seed)
    names = [f"issue {i}" for i in range(len(sizes))]
    values = {name: [f"v{k}" for k in range(size)] for name, size in zip(names, sizes, strict=True)}
    ours, theirs = [], []
    space = negmas.make_os([negmas.make_issue(values[name], name) for name in names])
    for i, reservation in enumerate(reservations):
        weights = generator.random(len(sizes)) + 0.1
        weights /= weights.sum()
        worths = {
            name: dict(zip(values[name], generator.random(len(values[name])), strict=True))
            for name in names
        }
        utility = bg.AdditiveUtility(worths, dict(zip(names, weights, strict=True)))
        ours.append(bg.Party(f"party {i}", utility, reservation_value=reservation))
        theirs.append(
            negmas.LinearAdditiveUtilityFunction(
                values=[worths[name] for name in names],
                weights=weights.tolist(),
                outcome_space=space,
                reserved_value=reservation,
            )
        )
    issues = [bg.Issue.choice(name, values[name]) for name in names]
    return bg.BargainingProblem(issues, ours), theirs, space


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize("reservations", [(0.0, 0.0), (0.45, 0.3)], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_frontier_nash_and_egalitarian_are_the_peers(seed, sizes, reservations):
    from negmas.preferences import ops

    problem, theirs, space = both(seed, sizes, reservations)
    outcomes = list(space.enumerate_or_sample())
    points = np.array([[float(utility(outcome)) for utility in theirs] for outcome in outcomes])
    np.testing.assert_allclose(points, problem.utilities(), atol=1e-12)

    efficient = points[ops.pareto_frontier_numpy(points)]
    rational = efficient[(efficient >= reservations).all(axis=1)]
    rational = rational[np.argsort(-rational[:, 0])]
    np.testing.assert_allclose(bg.pareto_frontier(problem).utilities, rational, atol=1e-12)

    frontier = [tuple(point) for point in rational]
    nash = ops.nash_points(theirs, frontier, ranges=[(0.0, 1.0)] * 2)
    np.testing.assert_allclose(bg.nash_solution(problem).utilities, nash[0][0], atol=1e-9)
    kalai = ops.kalai_points(theirs, frontier, ranges=[(0.0, 1.0)] * 2)
    np.testing.assert_allclose(bg.egalitarian_solution(problem).utilities, kalai[0][0], atol=1e-9)
