"""The points of a finite problem that outcomes are measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import NoAgreementZoneError, TooLargeError
from bargain.model.problem import BargainingProblem
from bargain.play.view import attainable_shares
from bargain.play.worths import best_utilities
from bargain.solve.agreeable import agreeable_utilities
from bargain.solve.enumerated import EnumeratedSet
from bargain.solve.frontier import ideal_point, pareto_frontier
from bargain.solve.kalai_smorodinsky import kalai_smorodinsky_solution
from bargain.solve.nash import nash_solution
from bargain.solve.structure import is_enumerable

Reals = NDArray[np.float64]

EPSILON = 1e-3
"""How far the frontier may be off where it is too large to list in full, in parts of ranges."""


def has_zone(problem: BargainingProblem) -> bool:
    """Whether any outcome that may be agreed gives nobody less than its disagreement utility."""
    if is_enumerable(problem):
        table = agreeable_utilities(problem)
        return bool((table >= problem.disagreement_point).all(axis=1).any())
    try:
        ideal_point(problem)
    except NoAgreementZoneError:
        return False
    return True


@dataclass(frozen=True, eq=False)
class Landmarks:
    """What sessions over one problem are measured against.

    Attributes
    ----------
    disagreement : ndarray, shape (n_parties,)
    best : ndarray, shape (n_parties,)
        Each party's largest utility among the outcomes that may be agreed.
    ideal : ndarray, shape (n_parties,)
        The same among those that give nobody less than its disagreement utility.
    nash, kalai_smorodinsky : ndarray, shape (n_parties,)
        Utilities of the solutions, over outcomes, not lotteries.
    frontier : ndarray, shape (n_efficient, n_parties)
        Utilities of the efficient and individually rational outcomes, or of some of them within
        `EPSILON` of all; empty if these are too many, too.
    has_zone : bool
        Whether any outcome gives nobody less than its disagreement utility. Without one `ideal`,
        `nash` and `kalai_smorodinsky` are NaN and `frontier` is empty.
    """

    disagreement: Reals
    best: Reals
    ideal: Reals
    nash: Reals
    kalai_smorodinsky: Reals
    frontier: Reals
    has_zone: bool

    @classmethod
    def of(cls, problem: BargainingProblem) -> Landmarks:
        """Find the points of a finite problem.

        They are enumerated. Where there are too many outcomes and utilities are additive, they
        are found as `nash_solution`, `kalai_smorodinsky_solution` and `pareto_frontier` do.

        Raises
        ------
        UnsupportedProblemError, TooLargeError, InfeasibleProblemError
            If an issue is continuous, there are too many outcomes and they are not additive
            without constraints and ceilings, or none may be agreed.
        """
        d = problem.disagreement_point
        best = best_utilities(problem)
        if not is_enumerable(problem):
            return cls._solved(problem, best)
        try:
            efficient = EnumeratedSet(problem)
        except NoAgreementZoneError:
            return cls._without_zone(problem, best)
        ideals = efficient.ideal_gains()
        # as `nash_solution` and `kalai_smorodinsky_solution` have them, from one enumeration
        _, product = efficient.best_product(np.full(problem.n_parties, 1.0 / problem.n_parties))
        _, minimum = efficient.best_minimum(ideals)
        table = problem.utilities()
        nash, equal = (table[int(found.evidence["row"])] for found in (product, minimum))
        return cls(d, best, d + ideals, nash, equal, efficient.utilities, has_zone=True)

    @classmethod
    def _solved(cls, problem: BargainingProblem, best: Reals) -> Landmarks:
        d = problem.disagreement_point
        try:
            nash = nash_solution(problem).utilities
        except NoAgreementZoneError:
            return cls._without_zone(problem, best)
        equal, ideal = kalai_smorodinsky_solution(problem).utilities, ideal_point(problem)
        try:
            frontier = pareto_frontier(problem, epsilon=EPSILON).utilities
        except TooLargeError:
            frontier = np.empty((0, problem.n_parties))
        return cls(d, best, ideal, nash, equal, frontier, has_zone=True)

    @classmethod
    def _without_zone(cls, problem: BargainingProblem, best: Reals) -> Landmarks:
        unknown = np.full(problem.n_parties, np.nan)
        none = np.empty((0, problem.n_parties))
        d = problem.disagreement_point
        return cls(d, best, unknown, unknown, unknown, none, has_zone=False)

    def scaled(self, utilities: ArrayLike) -> Reals:
        """Return utilities as shares of each party's range, (u - d) / (ideal - d).

        0 is no agreement and 1 the ideal, whatever the unit. A party that can gain nothing in the
        zone of agreement counts 0 everywhere. NaN without a zone.

        Parameters
        ----------
        utilities : array_like, shape (..., n_parties)
        """
        given = np.asarray(utilities, dtype=np.float64)
        if not self.has_zone:
            return np.full(given.shape, np.nan)
        return self._parts(given, self.ideal)

    def shares(self, utilities: ArrayLike) -> Reals:
        """Return utilities as shares of what each party can attain, (u - d) / (best - d).

        As `PartyView.shares`: unlike `scaled` this needs no zone of agreement, and a party's 1 is
        the best outcome there is for it, even one that the others would never agree to.
        """
        return self._parts(np.asarray(utilities, dtype=np.float64), self.best)

    def _parts(self, utilities: Reals, most: Reals) -> Reals:
        """Return (u - d) / (most - d) of each party."""
        columns = [
            attainable_shares(utilities[..., i], float(self.disagreement[i]), float(most[i]))
            for i in range(utilities.shape[-1])
        ]
        return np.stack(columns, axis=-1)

    def distances(self, utilities: ArrayLike) -> tuple[Reals, Reals, Reals]:
        """Return distances to the Nash and the Kalai-Smorodinsky point and to the frontier.

        Euclidean, between utilities scaled as in `scaled`. The distance to the frontier is that to
        the nearest of its outcomes (not to lines between them), NaN if none is listed. NaN without
        a zone.

        Parameters
        ----------
        utilities : array_like, shape (n, n_parties)

        Returns
        -------
        nash, kalai_smorodinsky, frontier : ndarray, shape (n,)
        """
        points = self.scaled(utilities)
        if not self.has_zone:
            nothing = np.full(len(points), np.nan)
            return nothing, nothing, nothing
        to_nash = np.linalg.norm(points - self.scaled(self.nash), axis=-1)
        to_equal = np.linalg.norm(points - self.scaled(self.kalai_smorodinsky), axis=-1)
        return to_nash, to_equal, _nearest(points, self.scaled(self.frontier))

    def fairness(self, utilities: ArrayLike) -> Reals:
        """Return 1 less the widest difference between two parties' scaled utilities, shape (n,).

        1 where all have the same share of their range, as Kalai and Smorodinsky (1975) ask; 0
        where one has its ideal and another nothing.
        """
        points = self.scaled(utilities)
        return np.asarray(1.0 - (points.max(axis=-1) - points.min(axis=-1)))


def _nearest(points: Reals, frontier: Reals) -> Reals:
    """Return each point's distance to the nearest of a frontier, exactly 0 on it."""
    from scipy.spatial import cKDTree

    if not len(points) or not len(frontier):
        return np.full(len(points), np.nan)
    tree: Any = cKDTree(frontier)
    return np.asarray(tree.query(points)[0])
