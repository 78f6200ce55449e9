"""What two parties can agree on along a chain: the part that both prefer to no agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome, Value
from bargain.solve.agreeable import outcomes_counted
from bargain.solve.certificate import Certificate
from bargain.solve.chain import Chain, additive_chain, enumerated_chain
from bargain.solve.claims import Ideal
from bargain.solve.refusals import refuse_lotteries
from bargain.solve.solution import Lottery, mixture
from bargain.solve.structure import is_listed_for_lotteries
from bargain.solve.ties import TIE_TOLERANCE, ties_with_best

if TYPE_CHECKING:
    from bargain.solve.arc_set import ArcSet


def chain_set(problem: BargainingProblem) -> ChainSet | ArcSet:
    """Return the convex feasible set of a two-party problem; with arcs where values are curved.

    A ceiling or a constraint couples the issues, so lotteries are then over whole outcomes.
    """
    if is_listed_for_lotteries(problem):
        return ChainSet(problem, enumerated_chain(problem))
    refuse_lotteries(problem)
    # arcs build on chains, and are loaded only where something is curved
    curved = has_curves(problem)
    if np.isinf(problem.ceilings).all():
        if curved:
            return _arc_set(problem)
        return ChainSet(problem, additive_chain(problem, problem.space.issues))
    if problem.space.is_finite:
        return ChainSet(problem, enumerated_chain(problem))
    if curved:
        return _arc_set(problem)
    chain = additive_chain(problem, problem.space.issues)
    return ChainSet(problem, chain, ceilings=problem.ceilings)


def has_curves(problem: BargainingProblem) -> bool:
    """Whether some party's value function on a continuous issue is curved."""
    if problem.space.is_finite:
        return False
    return any(term.is_curved for terms in problem.terms for term in terms)


def _arc_set(problem: BargainingProblem) -> ArcSet:
    from bargain.solve.arc_set import ArcSet
    from bargain.solve.arcs import ArcPath

    path = ArcPath(problem, problem.space.issues)
    return ArcSet(problem, path, ceilings=problem.ceilings)


class ChainSet:
    """The individually rational part of a chain, and what the concepts pick on it.

    Parameters
    ----------
    problem : BargainingProblem
    chain : Chain
    fixed : mapping, optional
        Values of the issues that the chain leaves out.
    offset : ndarray, optional
        What the fixed values are worth, shape (2,).
    ceilings : ndarray, optional
        Utilities above these count as these, shape (2,).
    """

    ideals: tuple[Ideal, ...] = ()

    def __init__(
        self,
        problem: BargainingProblem,
        chain: Chain,
        *,
        fixed: Mapping[str, Value] | None = None,
        offset: NDArray[np.float64] | None = None,
        ceilings: NDArray[np.float64] | None = None,
    ) -> None:
        self.problem, self.chain, self.fixed = problem, chain, dict(fixed or {})
        points = chain.points if offset is None else chain.points + offset
        point = problem.disagreement_point
        start, stop = _reached(points, point)
        found = _between(points, np.array([start]))[0]
        slack = TIE_TOLERANCE * (np.abs(points).max(axis=0) + np.abs(point))
        if ceilings is not None:
            found = np.minimum(found, ceilings)
        # where the first party reaches its disagreement utility the second has the most it can
        if (found < point - slack).any():
            best = ", ".join(f"{value:.6g}" for value in points.max(axis=0))
            wanted = ", ".join(f"{value:.6g}" for value in point)
            among = ""
            if problem.constraints and problem.space.is_finite:
                among = f" of {outcomes_counted(problem)}"
            raise NoAgreementZoneError(
                f"no agreement zone: nothing on the frontier{among} gives both parties their "
                f"disagreement utilities ({wanted}); the best each can have is ({best})"
            )
        stop = max(start, stop)
        if ceilings is not None:
            until, since = _reached(points, ceilings)
            # past its ceiling a party gains nothing more, so only the stretch between matters
            start, stop = np.clip([min(since, until), until], start, stop).tolist()
        marks = np.arange(len(points), dtype=np.float64)
        inner = marks[(marks > start) & (marks < stop)]
        self.positions = np.unique(np.concatenate([[start], inner, [stop]]))
        self.utilities = _between(points, self.positions)
        if ceilings is not None:
            self.utilities = np.minimum(self.utilities, ceilings)
        self.gains = np.maximum(self.utilities - point, 0.0)

    def lottery(self, position: float) -> Lottery:
        """Return what is agreed at a position of the chain."""
        parts = self.chain.realize(position)
        names = self.problem.space.names
        return mixture(
            (Outcome({name: {**self.fixed, **part}[name] for name in names}), probability)
            for part, probability in parts
        )

    @property
    def start(self) -> float:
        """Position of the second party's best."""
        return float(self.positions[0])

    @property
    def stop(self) -> float:
        """Position of the first party's best."""
        return float(self.positions[-1])

    def place_of(self, party: int, gain: float) -> float:
        """Return the position where a party gains this much, or the nearest end."""
        rising = slice(None) if party == 0 else slice(None, None, -1)
        return float(np.interp(gain, self.gains[rising, party], self.positions[rising]))

    def gains_at(self, position: float) -> NDArray[np.float64]:
        """Return the gains at a position of the chain, shape (2,)."""
        columns = [np.interp(position, self.positions, self.gains[:, i]) for i in range(2)]
        return np.array(columns)

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party, shape (2,)."""
        ideal: NDArray[np.float64] = self.gains.max(axis=0)
        return ideal

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i, in closed form on every edge."""
        position, value = self.product_position(weights)
        gains = self.gains_at(position)
        note = ""
        evidence: dict[str, object] = {}
        if (gains[weights > 0] > 0).all():
            slopes = weights / weights.sum() / np.where(gains > 0, gains, 1.0)
            evidence = {"log_product": value, "supporting_weights": slopes.tolist()}
        else:
            note = "degenerate: nothing gives both parties a positive gain"
        return self._pick(position, "closed form on every edge of the frontier", evidence, note)

    def product_position(self, weights: NDArray[np.float64]) -> tuple[float, float]:
        """Return where the weighted product is largest, and its logarithm there."""
        w0, w1 = weights / weights.sum()
        gains, positions = self.gains, self.positions
        shares = np.zeros(1)
        if len(positions) > 1:
            steps = np.diff(gains, axis=0)
            # d/ds of w0 log(a + s dx) + w1 log(b - s dy) = 0 at s = w0 b / dy - w1 a / dx
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                shares = w0 * gains[:-1, 1] / -steps[:, 1] - w1 * gains[:-1, 0] / steps[:, 0]
            # an edge too short to divide by is one point
            shares = np.clip(np.nan_to_num(shares, nan=0.0), 0.0, 1.0)
            lengths = np.diff(positions)
            candidates = np.concatenate([positions[:-1] + shares * lengths, positions[-1:]])
        else:
            candidates = positions
        values = self._log_product(candidates, np.array([w0, w1]))
        best = int(np.argmax(values))
        return float(candidates[best]), float(values[best])

    def _log_product(
        self, positions: NDArray[np.float64], weights: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        total = np.zeros(len(positions))
        for i in np.flatnonzero(weights > 0):
            gains = np.interp(positions, self.positions, self.gains[:, i])
            with np.errstate(divide="ignore"):
                total += weights[i] * np.log(gains)
        return total

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the other: where the two meet, or an end."""
        position = self.minimum_position(scales)
        gains = self.gains_at(position)
        note = "" if (scales > 0).all() else "degenerate: a party cannot gain anything"
        evidence = {"gain_ratios": (gains / np.where(scales > 0, scales, 1.0)).tolist()}
        return self._pick(position, "ray through the frontier", evidence, note)

    def minimum_position(self, scales: NDArray[np.float64]) -> float:
        """Return where gain / scale is the same for both, or the end nearest to it."""
        if scales[0] <= 0.0 or scales[1] <= 0.0:
            return float(self.positions[0 if scales[0] <= 0.0 else -1])
        lead = self.gains[:, 0] / scales[0] - self.gains[:, 1] / scales[1]
        return float(np.interp(0.0, lead, self.positions))

    def largest_sum(self) -> float:
        """Return the largest sum of gains."""
        return float(self.gains.sum(axis=1).max())

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains; along a tied edge, as near to equal gains as it allows."""
        sums = self.gains.sum(axis=1)
        tied = self.positions[ties_with_best(sums)]
        even = self.minimum_position(np.ones(2))
        position = float(np.clip(even, tied[0], tied[-1]))
        note = "" if len(tied) == 1 else "tied along an edge: the point nearest to equal gains"
        return self._pick(position, "best corner of the frontier", {"tied": len(tied)}, note)

    def _pick(
        self, position: float, method: str, evidence: dict[str, object], note: str
    ) -> tuple[Lottery, Certificate]:
        evidence = {"corners": len(self.positions), **evidence}
        return self.lottery(position), Certificate("exact", method, 0.0, evidence, note)


def _reached(points: NDArray[np.float64], limits: NDArray[np.float64]) -> tuple[float, float]:
    """Return where the first party comes up to its limit and the second comes down to its."""
    marks = np.arange(len(points), dtype=np.float64)
    first = np.interp(limits[0], points[:, 0], marks)
    second = np.interp(limits[1], points[::-1, 1], marks[::-1])
    # between subnormal utilities the slope itself can overflow
    ends = np.clip(np.nan_to_num([first, second], nan=0.0), 0.0, len(points) - 1.0)
    return float(ends[0]), float(ends[1])


def _between(points: NDArray[np.float64], positions: NDArray[np.float64]) -> NDArray[np.float64]:
    marks = np.arange(len(points), dtype=np.float64)
    columns = [np.interp(positions, marks, points[:, i]) for i in range(2)]
    return np.column_stack(columns)
