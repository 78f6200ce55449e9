"""What the concepts pick on a two-party frontier with smooth arcs, and how that is proven.

Every answer comes with prices p >= 0 at which its place on the frontier is the best there is. For
every outcome o, p . u(o) <= M, the sum over the issues of the most each can add at these prices:
the weak half of Lagrange duality, true whatever the prices are. What a concept maximises is bounded
by p . g in turn (see each method), so M minus what was reached is the proven gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome, Value
from bargain.solve.arcs import ArcPath, Place
from bargain.solve.certificate import LOGARITHM, Certificate
from bargain.solve.claims import Ideal
from bargain.solve.solution import Lottery, mixture
from bargain.solve.ties import TIE_TOLERANCE

Reals = NDArray[np.float64]

SAMPLING = 1e-4
"""How far, in shares of each party's range on the frontier, straight lines between neighbouring
points of a sampled arc may lie inside it."""


NEARLY_EVEN = 1e-6
"""Edges whose rate is this near to that of equal prices are looked at for ties in the sum."""


class ArcSet:
    """The individually rational part of a walk with arcs; the counterpart of `ChainSet`.

    Parameters
    ----------
    problem : BargainingProblem
    path : ArcPath
    fixed : mapping, optional
        Values of the issues that the walk leaves out.
    offset : ndarray, optional
        What the fixed values are worth, shape (2,).
    ceilings : ndarray, optional
        Utilities above these count as these, shape (2,).
    """

    ideals: tuple[Ideal, ...] = ()

    def __init__(
        self,
        problem: BargainingProblem,
        path: ArcPath,
        *,
        fixed: Mapping[str, Value] | None = None,
        offset: Reals | None = None,
        ceilings: Reals | None = None,
    ) -> None:
        self.problem, self.path, self.fixed = problem, path, dict(fixed or {})
        self.offset = np.zeros(2) if offset is None else offset
        self.ceilings = np.full(2, np.inf) if ceilings is None else ceilings
        self.point = problem.disagreement_point
        first, last = path.first, path.last
        best = np.array([self._total(last)[0], self._total(first)[1]])
        self.ideal = np.minimum(best, self.ceilings)
        start = self._first_reaches(self.point[0], first, last)[1]
        stop = max(start, self._second_falls_to(self.point[1], first, last)[0])
        slack = TIE_TOLERANCE * (np.abs(best) + np.abs(self.point))
        # where the first party reaches its disagreement utility the second has the most it can
        if (self._utilities(start) < self.point - slack).any():
            reach = ", ".join(f"{value:.6g}" for value in self.ideal)
            wanted = ", ".join(f"{value:.6g}" for value in self.point)
            raise NoAgreementZoneError(
                "no agreement zone: nothing on the frontier gives both parties their disagreement "
                f"utilities ({wanted}); the best each can have is ({reach})"
            )
        if np.isfinite(self.ceilings).any():
            # past its ceiling a party gains nothing more, so only the stretch between matters
            until = self._first_reaches(self.ceilings[0], first, last)[1]
            since = self._second_falls_to(self.ceilings[1], first, last)[0]
            start = min(max(start, min(since, until)), stop)
            stop = max(min(stop, until), start)
        self.start, self.stop = start, stop

    def lottery(self, place: Place) -> Lottery:
        """Return what is agreed at a place of the frontier."""
        names = self.problem.space.names
        return mixture(
            (Outcome({name: {**self.fixed, **part}[name] for name in names}), probability)
            for part, probability in self.path.realize(place)
        )

    def gains_at(self, place: Place) -> Reals:
        """Return the gains at a place of the frontier, shape (2,)."""
        gains: Reals = np.maximum(self._utilities(place) - self.point, 0.0)
        return gains

    def ideal_gains(self) -> Reals:
        """Return the largest gain of each party, shape (2,)."""
        return np.array([self.gains_at(self.stop)[0], self.gains_at(self.start)[1]])

    def place_of(self, party: int, gain: float) -> Place:
        """Return where a party gains this much, or the nearest end."""
        return self.place_with(party, float(self.point[party]) + gain)

    def place_with(self, party: int, utility: float) -> Place:
        """Return where a party has this much, or the nearest end."""
        if party == 0:
            return self._first_reaches(utility, self.start, self.stop)[1]
        return self._second_falls_to(utility, self.start, self.stop)[0]

    def search(self, rising: Callable[[Place], float]) -> Place:
        """Return the first place at which a function that never falls has come up to 0."""
        return self.path.search(rising, self.start, self.stop)[1]

    def best_product(self, weights: Reals) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i, where the prices w_i / g_i are those of the place itself.

        log g <= log g* + g / g* - 1, so p . g - p . g* at these prices bounds what is missing.
        """
        weights = weights / weights.sum()
        place, _ = self.product_position(weights)
        gains = self.gains_at(place)
        method = "rates of the frontier"
        if not (gains[weights > 0] > 0).all():
            note = "degenerate: nothing gives both parties a positive gain"
            return self.lottery(place), self._certificate(method, {}, note)
        lottery, utilities = self.agreed(place)
        reached = utilities - self.point
        prices = weights / np.where(reached > 0, reached, 1.0)
        gap = self._most(place, prices) - float(prices @ reached)
        evidence: dict[str, object] = {"supporting_weights": prices.tolist()}
        size = self._size(prices, reached)
        return lottery, self._certificate(method, evidence, "", gap, size, LOGARITHM)

    def product_position(self, weights: Reals) -> tuple[Place, float]:
        """Return where the weighted product is largest, and its logarithm there."""
        w0, w1 = weights / weights.sum()

        def beyond(place: Place) -> float:
            """Return by how much the rate exceeds the one that the product asks for."""
            gains = self.gains_at(place)
            # the limits as a gain or a weight goes to 0: move towards whoever still counts
            if w0 <= 0.0 or (gains[1] <= 0.0 < w1):
                return math.inf
            if w1 <= 0.0 or gains[0] <= 0.0:
                return -math.inf
            asked = math.log(w0) - math.log(gains[0]) - math.log(w1) + math.log(gains[1])
            return self.path.rate(place) - asked - self.path.shift

        place = self.search(beyond)
        gains = self.gains_at(place)
        with np.errstate(divide="ignore"):
            logs = [w * np.log(g) for w, g in zip((w0, w1), gains, strict=True) if w > 0]
        return place, float(sum(logs))

    def best_minimum(self, scales: Reals) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the other: where the two meet, or an end.

        At prices with p . scales = 1, p . g bounds the least gain / scale.
        """
        place = self.minimum_position(scales)
        lottery, utilities = self.agreed(place)
        reached = utilities - self.point
        counted = scales > 0
        note = "" if counted.all() else "degenerate: a party cannot gain anything"
        ratios = reached / np.where(counted, scales, 1.0)
        evidence: dict[str, object] = {"gain_ratios": ratios.tolist()}
        method = "ray through the frontier"
        if not counted.all():
            return lottery, self._certificate(method, evidence, note)
        candidates = [self.path.prices(self.path.rate(place))]
        if place in (self.start, self.stop):
            # at an end of the frontier one party alone can hold the ratio back; which, roundings
            # may hide, and any prices bound it
            candidates += list(np.eye(2))
        candidates = [prices / (prices @ scales) for prices in candidates]
        prices = min(candidates, key=lambda prices: self._most(place, prices))
        gap = self._most(place, prices) - float(ratios.min())
        size = self._size(prices, reached)
        return lottery, self._certificate(method, evidence, note, gap, size, "the least gain ratio")

    def minimum_position(self, scales: Reals) -> Place:
        """Return where gain / scale is the same for both, or the end nearest to it."""
        if scales[0] <= 0.0 or scales[1] <= 0.0:
            return self.start if scales[0] <= 0.0 else self.stop

        def lead(place: Place) -> float:
            gains = self.gains_at(place) / scales
            return float(gains[0] - gains[1])

        return self.search(lead)

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains; along a tied edge, as near to equal gains as it allows."""
        place = self.search(lambda place: self.path.rate(place) - self.path.shift)
        low, high = self._tied(place)
        note = ""
        if low != high:
            place = min(max(self.minimum_position(np.ones(2)), low), high)
            note = "tied along an edge: the point nearest to equal gains"
        lottery, utilities = self.agreed(place)
        reached = utilities - self.point
        evidence: dict[str, object] = {"tied": 1 if low == high else 2}
        method = "rates of the frontier"
        gap = self._most(place, np.ones(2)) - float(reached.sum())
        size = self._size(np.ones(2), reached)
        return lottery, self._certificate(method, evidence, note, gap, size, "the sum of gains")

    def largest_sum(self) -> float:
        """Return the largest sum of gains."""
        place = self.search(lambda place: self.path.rate(place) - self.path.shift)
        return float(self.gains_at(place).sum())

    def _tied(self, place: Place) -> tuple[Place, Place]:
        """Return the first and the last place whose sums of gains tie along straight edges."""
        best = float(self.gains_at(place).sum())
        tied = [place]
        for k in range(self.start.segment, self.stop.segment + 1):
            segment = self.path.segments[k]
            if segment.edge is None or abs(segment.low - self.path.shift) > NEARLY_EVEN:
                continue
            ends = [min(max(Place(k, at), self.start), self.stop) for at in (0.0, 1.0)]
            sums = [float(self.gains_at(end).sum()) for end in ends]
            if ends[0] != ends[1] and min(sums) >= best - TIE_TOLERANCE * abs(best):
                tied += ends
        return min(tied), max(tied)

    def agreed(self, place: Place) -> tuple[Lottery, Reals]:
        """Return what is agreed at a place, and the utilities of the outcomes themselves."""
        lottery = self.lottery(place)
        reached = np.zeros(2)
        for outcome, probability in lottery:
            reached += probability * self.problem.evaluate(outcome)
        return lottery, reached

    def _size(self, prices: Reals, reached: Reals) -> float:
        """Return the magnitude of the priced numbers that a bound is made of."""
        return float(prices @ (np.abs(reached) + 2 * np.abs(self.point) + np.abs(self.offset)))

    def _certificate(
        self,
        method: str,
        evidence: dict[str, object],
        note: str,
        gap: float = 0.0,
        size: float = 0.0,
        unit: str = "",
    ) -> Certificate:
        """Return "exact" for a gap within rounding of the numbers it was computed from."""
        evidence = {"segments": len(self.path.segments), **evidence, "proven_gap": max(gap, 0.0)}
        if gap <= TIE_TOLERANCE * size:
            return Certificate("exact", method, 0.0, evidence, note)
        return Certificate("gap", method, gap, evidence, note, unit=unit)

    def _most(self, place: Place, prices: Reals) -> float:
        """Return a bound on prices . gains, tight where a place is best at the prices.

        Where a place is the best only because a floor or a ceiling ends the frontier there, the
        price of that constraint is added to its party's, or taken from it: for x >= 0,
        p . u <= (p + x) . u - x . floor, and p . u <= (p - x) . u + x . ceiling. And nobody can
        have more than its own best.
        """
        supporting = prices
        rate, own = self.path.rate_of(prices), self.path.rate(place)
        beyond = place == self.stop != self.path.last and rate > own
        short = place == self.start != self.path.first and rate < own
        if beyond or short:
            party = 0 if beyond else 1
            ratio = self.path.prices(own)
            if self._utilities(place)[party] >= self.ceilings[party]:
                supporting = prices[1 - party] * ratio / ratio[1 - party]
            else:
                supporting = prices[party] * ratio / ratio[party]
        extra = supporting - prices
        held = np.where(extra > 0, self.point, np.where(extra < 0, self.ceilings, 0.0))
        most = self.path.most(supporting) + float(supporting @ self.offset) - float(extra @ held)
        ideal = float(prices @ self.ideal)
        return min(most, ideal) - float(prices @ self.point)

    def _total(self, place: Place) -> Reals:
        total: Reals = self.path.utilities(place) + self.offset
        return total

    def _utilities(self, place: Place) -> Reals:
        utilities: Reals = np.minimum(self._total(place), self.ceilings)
        return utilities

    def _first_reaches(self, utility: float, begin: Place, end: Place) -> tuple[Place, Place]:
        return self.path.search(lambda p: float(self._total(p)[0]) - utility, begin, end)

    def _second_falls_to(self, utility: float, begin: Place, end: Place) -> tuple[Place, Place]:
        return self.path.search(lambda p: utility - float(self._total(p)[1]), begin, end)


@dataclass(frozen=True, eq=False)
class SampledArcs:
    """Places along a frontier with arcs, second party's best first.

    utilities (n, 2). gap: the most that straight lines between neighbours fall short of the
    frontier, in shares of each party's range on it.
    """

    feasible: ArcSet
    places: list[Place]
    utilities: Reals
    gap: float

    def lottery(self, position: int) -> Lottery:
        """Return what is agreed at one of the places."""
        return self.feasible.lottery(self.places[position])


def sampled(feasible: ArcSet, share: float = SAMPLING) -> SampledArcs:
    """Return the corners of a frontier and as many places on its arcs as it takes.

    Between two places the frontier is farthest from their straight line where it has the line's
    own slope. That place is looked at, and taken in if it is farther than `share`.
    """
    path, start, stop = feasible.path, feasible.start, feasible.stop
    ends = feasible.gains_at(start), feasible.gains_at(stop)
    spread = np.abs(ends[1] - ends[0])
    spread = np.where(spread > 0, spread, 1.0)
    places: list[Place] = [start]
    worst = 0.0
    for k in range(start.segment, stop.segment + 1):
        segment = path.segments[k]
        finish = 1.0 if segment.edge is not None else segment.high
        corner = stop if k == stop.segment else Place(k, finish)
        begin = 0.0 if segment.edge is not None else segment.low
        opening = start if k == start.segment else Place(k, begin)
        if segment.edge is None:
            inside, distance = _on_arc(feasible, opening, corner, spread, share)
            worst = max(worst, distance)
            places += inside
        places.append(corner)
    # what the outcomes themselves are worth, so that nobody who asks for it asks a bit too much
    utilities = np.array([feasible.agreed(place)[1] for place in places])
    kept = [0]
    for i in range(1, len(places)):
        # the end of a segment is the beginning of the next
        if utilities[i, 0] > utilities[kept[-1], 0] and utilities[i, 1] < utilities[kept[-1], 1]:
            kept.append(i)
    return SampledArcs(feasible, [places[i] for i in kept], utilities[kept], worst)


def _on_arc(
    feasible: ArcSet, begin: Place, end: Place, spread: Reals, share: float
) -> tuple[list[Place], float]:
    """Return places strictly between two on one arc, and how far lines between all stay inside."""
    inside: list[Place] = []
    worst = 0.0
    waiting = [(begin, end)]
    while waiting:
        low, high = waiting.pop()
        start, stop = (feasible._total(place) / spread for place in (low, high))
        normal = np.array([start[1] - stop[1], stop[0] - start[0]])
        if (normal <= 0).any():
            continue
        rate = feasible.path.rate_of(normal / spread)
        middle = Place(begin.segment, min(max(rate, low.at), high.at))
        distance = float(normal @ (feasible._total(middle) / spread - start) / normal.sum())
        if distance > share and low < middle < high:
            inside.append(middle)
            waiting += [(low, middle), (middle, high)]
        else:
            worst = max(worst, distance)
    return sorted(inside), worst
