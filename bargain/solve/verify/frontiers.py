"""Whether points are the Pareto frontier."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.solve.certificate import Certificate
from bargain.solve.claims import EfficientPoints
from bargain.solve.verify.answer import worth_of
from bargain.solve.verify.best_answer import pair_bounds
from bargain.solve.verify.enumeration import outcome_blocks
from bargain.solve.verify.measure import CLOSE_PAIR, Measure
from bargain.solve.verify.pair import PairBounds
from bargain.solve.verify.support import upper_right_rows
from bargain.solve.verify.verification import Refuted, Unchecked, Verification

MOST_NAMED = 2_000
"""Points whose outcomes are evaluated one by one, and that are compared pair by pair; of more,
so many evenly spaced ones."""

MOST_COMPARISONS = 2_000_000_000
"""Comparisons of an outcome with a point that are worth while, about ten seconds' worth."""

DRAWN = 2_000
"""Outcomes drawn at random, and prices, where a space is too large to look at everything."""

Reals = NDArray[np.float64]


def verify_frontier(certificate: Certificate, claim: EfficientPoints) -> Verification:
    """Check points one by one, and that nothing is missing as far as that can be told."""
    problem, points = claim.problem, np.asarray(claim.utilities, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != problem.n_parties or len(points) == 0:
        raise Refuted(f"expected points of {problem.n_parties} parties, got {points.shape}")
    measure = Measure.of(problem, CLOSE_PAIR)
    _check_named(claim, points, measure)
    if claim.is_chain:
        _check_chain(problem, points, measure)
        checked = f"{len(points)} corners and the edges between them supported by prices"
        return Verification(True, checked, gap=certificate.gap)
    if claim.rational and not (points >= problem.disagreement_point).all():
        raise Refuted("a point gives somebody less than without an agreement")
    _check_undominated(points)
    if problem.space.size * problem.n_parties <= ENUMERATION_LIMIT:
        seen = _check_all_covered(claim, points)
        checked = f"{len(points)} points, none dominated, and all {seen} outcomes covered by them"
        return Verification(True, checked, gap=certificate.gap)
    if problem.constraints or not problem.is_additive:
        raise Unchecked("too many outcomes to look at all of them, and no prices to go by")
    seen = _check_best_covered(claim, points, measure, certificate.gap)
    checked = (
        f"{len(points)} points, none dominated, and {seen} outcomes covered by them that are best "
        "at some prices or drawn at random; not that no other point is missing"
    )
    return Verification(True, checked, gap=certificate.gap)


def _check_named(claim: EfficientPoints, points: Reals, measure: Measure) -> None:
    problem = claim.problem
    for k in _spread(len(points)):
        lottery = claim.lottery(k)
        if len(lottery) > 1 and not claim.is_chain:
            raise Refuted(f"point {k} is a lottery")
        worth = worth_of(problem, lottery)
        slack = measure.slack * measure.scale if claim.is_chain else 0.0
        if not (np.abs(worth - points[k]) <= slack).all():
            raise Refuted(f"point {k} is worth {worth.tolist()}, not {points[k].tolist()}")
    if claim.is_chain:
        slack = measure.slack * measure.scale
        if not (points >= problem.disagreement_point - slack).all():
            raise Refuted("a corner gives somebody less than without an agreement")


def _check_undominated(points: Reals) -> None:
    if points.shape[1] == 2:
        steps = np.diff(points, axis=0)
        # best for the first party first; equal points are duplicates that were asked for
        strict = (steps[:, 0] < 0) & (steps[:, 1] > 0)
        if not (strict | (steps == 0).all(axis=1)).all():
            raise Refuted("one point dominates another, or they are out of order")
        return
    for k in _spread(len(points)):
        over = (points >= points[k]).all(axis=1) & (points > points[k]).any(axis=1)
        if over.any():
            raise Refuted(f"point {int(np.flatnonzero(over)[0])} dominates point {k}")


def _check_all_covered(claim: EfficientPoints, points: Reals) -> int:
    problem, seen = claim.problem, 0
    cover = _Cover(points)
    for rows, utilities in outcome_blocks(problem):
        if claim.rational:
            allowed = (utilities >= problem.disagreement_point).all(axis=1)
            rows, utilities = rows[allowed], utilities[allowed]
        seen += len(rows)
        missing = cover.missing(utilities)
        if len(missing):
            row = int(rows[missing[0]])
            raise Refuted(f"no point is at least as good for everybody as the outcome of row {row}")
    return seen


def _check_best_covered(claim: EfficientPoints, points: Reals, measure: Measure, gap: float) -> int:
    """Check outcomes that are best at prices, each a point that can't be missing, and others."""
    problem = claim.problem
    generator = np.random.default_rng(0)
    prices = generator.dirichlet(np.ones(problem.n_parties), DRAWN)
    if problem.n_parties == 2:
        prices = np.concatenate([prices, _normals(points / measure.scale)])
    chosen = np.zeros((len(prices) + DRAWN, problem.n_parties))
    for j, issue in enumerate(problem.space.issues):
        worths = np.column_stack([terms[j].worths for terms in problem.terms])
        picks = ((worths / measure.scale) @ prices.T).argmax(axis=0)
        drawn = generator.integers(int(issue.size), size=DRAWN)
        chosen += worths[np.concatenate([picks, drawn])]
    chosen = np.minimum(chosen, problem.ceilings)
    if claim.rational:
        chosen = chosen[(chosen >= problem.disagreement_point).all(axis=1)]
    lost = gap * measure.scale * (1.0 + 1e-9) + measure.slack * measure.scale if gap else 0.0
    missing = _Cover(points + lost).missing(chosen)
    if len(missing):
        raise Refuted(f"an outcome worth {chosen[missing[0]].tolist()} is not covered by any point")
    return len(chosen)


class _Cover:
    """Tells what no point is at least as good as for everybody."""

    def __init__(self, points: Reals) -> None:
        if points.shape[1] == 2:
            points = points[upper_right_rows(points)]
        else:
            points = points[np.argsort(-points.sum(axis=1), kind="stable")]
        self.points = points
        self.compared = 0

    def missing(self, utilities: Reals) -> NDArray[np.intp]:
        """Return the rows that are not covered."""
        points = self.points
        if points.shape[1] == 2:
            # the last of the points that are good enough for the first party is best for the other
            last = np.searchsorted(-points[:, 0], -utilities[:, 0], side="right") - 1
            good = (last >= 0) & (points[np.maximum(last, 0), 1] >= utilities[:, 1])
            return np.flatnonzero(~good)
        rows = np.arange(len(utilities))
        for start in range(0, len(points), 16):
            if len(rows) == 0:
                break
            some = points[start : start + 16]
            self.compared += len(rows) * len(some)
            if self.compared > MOST_COMPARISONS:
                raise Unchecked("too many outcomes and points to compare them all")
            covered = np.any((utilities[rows, None, :] <= some).all(axis=2), axis=1)
            rows = rows[~covered]
        return rows


def _check_chain(problem: BargainingProblem, points: Reals, measure: Measure) -> None:
    """Check that each edge lies on a line that nothing crosses, and that both ends are reached."""
    bounds = pair_bounds(problem, measure)
    gains = (points - problem.disagreement_point) / measure.scale
    slack = 4.0 * measure.slack
    if not ((np.diff(gains, axis=0)[:, 0] < 0) & (np.diff(gains, axis=0)[:, 1] > 0)).all():
        raise Refuted("the corners are out of order, or one dominates another")
    for i, end in ((0, gains[0]), (1, gains[-1])):
        if float(bounds.most(i, slack[1 - i])[0]) > end[i] + slack[i]:
            raise Refuted(f"the frontier does not end where {problem.parties[i]} gains {end[i]}")
    steps = np.diff(gains, axis=0)
    normals = np.column_stack([steps[:, 1], -steps[:, 0]])
    normals = normals / normals.sum(axis=1, keepdims=True)
    over = ((bounds.support.best(normals) - gains[:-1]) * normals).sum(axis=1)
    doubtful = np.flatnonzero(over > slack.min()) if len(steps) else np.zeros(0, dtype=np.intp)
    # the direction of a very short edge, or of one that a limit cut, proves nothing
    middles = 0.5 * (gains[:-1] + gains[1:])[doubtful]
    tested = np.concatenate([middles, gains[doubtful], gains[doubtful + 1], gains[:1], gains[-1:]])
    for start in range(0, len(tested), 512):
        some = tested[start : start + 512]
        each = PairBounds(bounds.support, np.zeros((len(some), 2)))
        for i in range(2):
            more = each.most(i, some[:, 1 - i] + slack[1 - i]) > some[:, i] + slack[i]
            if more.any():
                found = some[int(np.flatnonzero(more)[0])] * measure.scale
                raise Refuted(f"the frontier lies beyond the gains {found.tolist()}")


def _normals(points: Reals) -> Reals:
    """Return prices that support the edges of the hull of two parties' points, shape (k, 2)."""
    hull: list[int] = []
    for i, (x, y) in enumerate(points):
        while len(hull) >= 2:
            (x0, y0), (x1, y1) = points[hull[-2]], points[hull[-1]]
            if (x0 - x1) * (y - y1) < (y1 - y0) * (x1 - x):
                break
            hull.pop()
        hull.append(i)
    steps = np.abs(np.diff(points[hull], axis=0))[:DRAWN, ::-1]
    steps = steps[steps.sum(axis=1) > 0]
    prices: Reals = steps / steps.sum(axis=1, keepdims=True)
    return prices


def _spread(count: int) -> list[int]:
    return [int(k) for k in np.linspace(0, count - 1, min(count, MOST_NAMED))]
