"""What can be agreed as weights on the corners of every issue, and the prices that bound it.

Where value functions are curved there is a corner everywhere; those that prices ask for join the
ones known so far.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.model import BargainingProblem, Outcome, Value
from bargain.solve.blocks import blocks_of
from bargain.solve.solution import Lottery, mixture

NO_WEIGHT = 1e-14
"""A corner with no more probability than this is left out."""


class CornerSet:
    """The Minkowski sum of the issues' hulls; utilities in shares of each party's range.

    Attributes
    ----------
    matrix : ndarray, shape (n_parties, n_corners)
        What each corner adds, over the least its issue can add.
    owner : ndarray, shape (n_corners,)
        Which issue a corner is of.
    parts : list of dict
        What a corner settles.
    lowest, scale, point, limits : ndarray, shape (n_parties,)
        The least utilities; the ranges; the disagreement point over the least, and the ceilings
        over the disagreement point, on that scale.
    curved : list of int
        The issues with a corner everywhere.
    closed : ndarray of bool
        Corners that a program may not use; shorter than n_corners where the rest is open.
    """

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        self.blocks = blocks_of(problem)
        lowest = np.sum([block.worths.min(axis=0) for block in self.blocks], axis=0)
        highest = np.sum([block.worths.max(axis=0) for block in self.blocks], axis=0)
        # every party's gains are counted in shares of its own range, to keep programs well scaled
        spread = highest - lowest
        self.scale = np.where(spread > 0, spread, np.maximum(np.abs(highest), 1.0))
        # and from each block's least worth, so that a large constant costs no digits
        self.bases = [block.worths.min(axis=0) for block in self.blocks]
        centred = [block.worths - base for block, base in zip(self.blocks, self.bases, strict=True)]
        self.matrix = np.concatenate(centred).T / self.scale[:, None]
        self.parts = [part for block in self.blocks for part in block.parts]
        # corners that prices ask for join later, at the end
        sizes = [len(block.worths) for block in self.blocks]
        self.owner = np.repeat(np.arange(len(self.blocks)), sizes)
        self.curved = [j for j, block in enumerate(self.blocks) if block.curved is not None]
        self.closed = np.zeros(0, dtype=bool)
        self.lowest = lowest
        self.point = (problem.disagreement_point - lowest) / self.scale
        # in a finite space whole outcomes were cut off already: see blocks_of
        limits = np.inf if problem.space.is_finite else problem.ceilings
        self.limits = (limits - problem.disagreement_point) / self.scale

    def gains(self, corner_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gains of weights on the corners, in shares of the parties' ranges.

        Where a curved issue's values are averaged it is the average that counts: it is worth at
        least as much to everybody as its parts.
        """
        shares = self.padded(corner_weights)
        total = (
            self.matrix[:, ~np.isin(self.owner, self.curved)]
            @ (shares[~np.isin(self.owner, self.curved)])
        )
        for j in self.curved:
            way = self.blocks[j].curved
            if way is not None:
                total = total + self.worths_of(j, self.average(j, shares))
        gains: NDArray[np.float64] = np.minimum(total - self.point, self.limits)
        return gains

    def average(self, block: int, corner_weights: NDArray[np.float64]) -> float:
        """Return the mean value of a continuous issue."""
        name = str(self.blocks[block].blend)
        used = np.flatnonzero((self.owner == block) & (self.padded(corner_weights) > 0))
        values = np.array([self.parts[k][name] for k in used], dtype=np.float64)
        mean = float(corner_weights[used] @ values)
        return min(max(mean, float(values.min())), float(values.max()))

    def bound(self, prices: NDArray[np.float64]) -> float:
        """Return the largest sum of gains at given prices, from each issue's best value.

        Curved issues are asked for their best value, found exactly, whether or not it is a corner
        yet: so this bounds everything that can be agreed.
        """
        best = np.full(len(self.blocks), -np.inf)
        np.maximum.at(best, self.owner, prices @ self.matrix)
        for j in self.curved:
            best[j] = max(best[j], self.asked(j, prices)[1])
        return float(best.sum() - prices @ self.point)

    def add_asked(self, prices: NDArray[np.float64]) -> float:
        """Add the values that prices ask for as corners; return how much more they are worth.

        Rounding may have left prices a little below 0; they count as 0.
        """
        prices = np.maximum(prices, 0.0)
        known = np.full(len(self.blocks), -np.inf)
        np.maximum.at(known, self.owner, prices @ self.matrix)
        more = 0.0
        held = set(self.owner[: len(self.closed)][self.closed].tolist())
        for j in (j for j in self.curved if j not in held):
            value, worth = self.asked(j, prices)
            name = self.blocks[j].blend
            if worth > known[j] and {name: value} not in self.parts:
                more += worth - known[j]
                self.add_corner(j, value)
        return float(more)

    def add_corner(self, block: int, value: float) -> int:
        """Add a value of a curved issue as a corner, and return its column."""
        way, name = self.blocks[block].curved, self.blocks[block].blend
        if way is not None and name is not None:
            self.matrix = np.column_stack([self.matrix, self.worths_of(block, value)])
            self.owner = np.append(self.owner, block)
            self.parts.append({name: value})
        return len(self.parts) - 1

    def worths_of(self, block: int, value: float) -> NDArray[np.float64]:
        """Return what a value of a curved issue is worth, on the scale of the matrix."""
        way = self.blocks[block].curved
        worths = np.zeros(len(self.scale)) if way is None else way.worths(value)
        scaled: NDArray[np.float64] = (worths - self.bases[block]) / self.scale
        return scaled

    def piece_of(
        self, block: int, prices: NDArray[np.float64], value: float
    ) -> tuple[float, float] | None:
        """Return the corners around the best value at some prices; None if it is one itself."""
        way = self.blocks[block].curved
        best = self.asked(block, prices)[0]
        if way is None or best in way.corners:
            return None
        after = int(np.searchsorted(way.corners, best))
        return float(way.corners[after - 1]), float(way.corners[after])

    def slopes_of(
        self, block: int, value: float, low: float, high: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return slopes and second derivatives of a curved issue between two of its corners."""
        way = self.blocks[block].curved
        if way is None:
            return np.zeros(len(self.scale)), np.zeros(len(self.scale))
        # a difference of exact slopes is enough: it only decides how fast the steps converge
        reach = 1e-5 * min(value - low, high - value)
        if reach <= 0.0:
            return np.full(len(self.scale), np.inf), np.zeros(len(self.scale))
        ends = [way.slopes(value + side, low, high) for side in (-reach, reach)]
        bend = (ends[1] - ends[0]) / (2.0 * reach)
        return way.slopes(value, low, high) / self.scale, bend / self.scale

    def asked(self, block: int, prices: NDArray[np.float64]) -> tuple[float, float]:
        """Return the best value of a curved issue at some prices, and what it is worth there."""
        way = self.blocks[block].curved
        if way is None:
            return 0.0, -np.inf
        value = way.best(prices / self.scale)
        return value, float(prices @ self.worths_of(block, value))

    def padded(self, corner_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return weights with zeros for the corners that have joined since."""
        more = self.matrix.shape[1] - len(corner_weights)
        return np.concatenate([corner_weights, np.zeros(more)])

    def totals(self) -> NDArray[np.float64]:
        """Return which corners belong to which block, shape (n_blocks, n_corners)."""
        blocks = np.arange(len(self.blocks))
        mask: NDArray[np.float64] = (self.owner[None, :] == blocks[:, None]).astype(np.float64)
        return mask

    def normalized(self, corner_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return weights for every corner that sum to 1 in each block, the negligible left out."""
        shares = self.padded(corner_weights)
        cleaned = np.where(shares > NO_WEIGHT, shares, 0.0)
        sums = np.bincount(self.owner, weights=cleaned, minlength=len(self.blocks))
        normal: NDArray[np.float64] = cleaned / sums[self.owner]
        return normal

    def lottery(self, corner_weights: NDArray[np.float64]) -> Lottery:
        """Turn weights on the corners of every issue into outcomes with probabilities.

        Continuous issues take their average value. The draws of the others are coupled through
        one common uniform number, so at most (corners with weight - issues + 1) outcomes occur.
        """
        corner_weights = self.normalized(corner_weights)
        fixed: dict[str, Value] = {}
        draws: list[tuple[NDArray[np.float64], list[dict[str, Value]]]] = []
        positive = np.flatnonzero(corner_weights > 0)
        positive = positive[np.argsort(self.owner[positive], kind="stable")]
        edges = np.searchsorted(self.owner[positive], np.arange(len(self.blocks) + 1))
        for j, block in enumerate(self.blocks):
            used = positive[edges[j] : edges[j + 1]]
            if block.blend is not None:
                fixed[block.blend] = self.average(j, corner_weights)
                continue
            if len(used) == 1:
                fixed.update(self.parts[used[0]])
                continue
            ends = np.cumsum(corner_weights[used])
            ends[-1] = 1.0
            draws.append((ends, [self.parts[k] for k in used]))
        cuts = np.unique(np.concatenate([[1.0], *(ends for ends, _ in draws)]))
        parts, start = [], 0.0
        for cut in cuts:
            outcome = dict(fixed)
            for ends, options in draws:
                outcome.update(options[int(np.searchsorted(ends, cut))])
            names = self.problem.space.names
            parts.append((Outcome({name: outcome[name] for name in names}), float(cut - start)))
            start = float(cut)
        return mixture(parts)
