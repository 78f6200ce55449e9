"""The best offer where worths are concave on continuous issues: convex programs, choice by choice.

The combination that prices promise the most is solved first; its own prices then bound all others,
and the search ends where none is promised more than is known. So of many combinations few are
solved, each by a few linear programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError
from bargain.model import BargainingProblem, Outcome, Value
from bargain.solve.choices import ALTERNATIVES, Choices
from bargain.solve.convex import RESOLUTION, ConvexSet
from bargain.solve.program_search import TIME_LIMIT
from bargain.solve.structure import combinations_of_choices, is_concave_for_choices
from bargain.solve.vetoes import with_vetoes

Reals = NDArray[np.float64]

CHOICE_LIMIT = 50_000
"""Most combinations of choices that are bounded one by one."""

CLOSE = 1e-9
"""Least shares that differ by no more, of ranges, tie: programs know them to about 1e-10."""

ASKED_AGAIN = 30
"""Times that a little more is asked where a program left an offer a hair short."""


def choices_of(problem: BargainingProblem) -> Choices | None:
    """Return a problem's combinations of choices if it is one for this module, else None."""
    if not is_concave_for_choices(problem) or combinations_of_choices(problem) > CHOICE_LIMIT:
        return None
    choices = Choices(problem)
    return choices if choices.alternatives <= ALTERNATIVES else None


@dataclass(frozen=True, eq=False)
class Offer:
    """An offer, and what it gives the others: shares of their scales, the least first."""

    outcome: Outcome
    shares: tuple[float, ...]


class OfferSearch:
    """The search for the offer whose least share of `scales` is largest, then the next least.

    Parameters
    ----------
    choices : Choices
    demands : ndarray, shape (n_parties,)
        Utilities that an offer must give. The first is met exactly where `me` is given.
    scales : ndarray, shape (n_parties,)
        What utilities above the demands are shares of; who has 0 only has its demand.
    me : int, optional
        Whose demand is met to the last bit.
    time_limit : float, optional
        Seconds; a minute by default.
    """

    def __init__(
        self,
        choices: Choices,
        demands: Reals,
        scales: Reals,
        *,
        me: int | None = None,
        time_limit: float | None = None,
    ) -> None:
        self.choices, self.problem = choices, choices.problem
        self.point, self.scales, self.me = demands, scales, me
        self.demands = choices.demands(demands)
        self.everybody = np.concatenate([scales, np.zeros(len(self.demands) - len(scales))])
        self.deadline = monotonic() + (TIME_LIMIT if time_limit is None else time_limit)
        self.bounds = np.where(choices.allowed, np.inf, -np.inf)
        self.best: Offer | None = None
        self._common: ConvexSet | None = None
        for i in range(len(self.demands)):
            self._bound(np.eye(len(self.demands))[i])

    def run(self) -> Offer | None:
        """Return the best offer, or None if there is none.

        Raises
        ------
        ConvergenceError
            If the time was over before there was an offer or a proof that there is none.
        """
        offsets = self.choices.offsets
        # of combinations that promise the same, what leaves me most; then the lowest row
        mine = np.zeros(len(offsets)) if self.me is None else offsets[:, self.me]
        while True:
            most = float(self.bounds.max())
            if most == -np.inf or self._is_enough(most):
                return self.best
            if monotonic() > self.deadline:
                if self.best is None:
                    raise ConvergenceError(
                        "expected an offer or a proof that there is none within the time limit, "
                        "got neither; allow more time (time_limit)"
                    )
                return self.best
            rows = np.flatnonzero(self.bounds >= most - CLOSE * max(1.0, abs(most)))
            row = int(rows[np.argmax(mine[rows])])
            for offer in self._offers(row):
                if self.best is None or _is_better(offer.shares, self.best.shares):
                    self.best = offer
            self.bounds[row] = -np.inf
            if self.choices.is_common:
                # whoever has no more of anything can offer no more
                self.bounds[(offsets <= offsets[row]).all(axis=1)] = -np.inf

    def _is_enough(self, most: float) -> bool:
        """Whether a least share of at most so much is no reason to go on."""
        if self.best is None:
            return False
        reached, several = self.best.shares[0], len(self.best.shares) > 1
        # where the least shares tie, the next least may be larger elsewhere
        room = CLOSE * max(1.0, abs(reached))
        return most < reached - room if several else most <= reached + room

    def _bound(self, prices: Reals) -> None:
        """Let prices of gains bound what each combination can offer."""
        totals = self.choices.bounds(prices, self.demands)
        each = float(prices @ self.everybody)
        if each > 0.0:
            # the least share t, priced: prices . scales t is at most what all gains come to
            self.bounds = np.minimum(self.bounds, totals / each)
        size = float(prices @ self.choices.sizes)
        self.bounds[totals < -RESOLUTION * size] = -np.inf

    def _offers(self, row: int) -> Iterator[Offer]:
        """Yield the best offers of the alternatives that a combination leaves."""
        picks = self.choices.picks(row)
        for feasible, point in self._sets(row):
            if feasible.shortage > RESOLUTION:
                self._learn(feasible.short_of / feasible.scale)
                continue
            found = self._met(feasible, point, picks)
            if found is not None:
                yield found

    def _sets(self, row: int) -> Iterator[tuple[ConvexSet, Reals]]:
        """Yield the convex sets that a combination leaves, and what is demanded there."""
        if self.choices.is_common:
            # the choices only shift what everybody has
            point = self.demands - self.choices.offsets[row]
            if self._common is None:
                self._common = ConvexSet(_asking(self.choices.common, point), may_be_empty=True)
            else:
                self._common = self._common.demanding(point)
            yield self._common, point
            return
        for problem in self.choices.settled(row):
            among = with_vetoes(problem)
            if among is not None:
                # the vetoes are those of all combinations, less what is used up
                vetoes = among.disagreement_point[len(self.point) :]
                point = np.concatenate([self.point, vetoes])
                yield ConvexSet(_asking(among, point), may_be_empty=True), point

    def _met(self, feasible: ConvexSet, point: Reals, picks: dict[str, Value]) -> Offer | None:
        """Return the best offer of a convex set, with my demand met to the last bit."""
        asked, more = point.copy(), 0.0
        for attempt in range(ASKED_AGAIN):
            try:
                weights, certificate = feasible.least_first(self.everybody)
            except ConvergenceError:
                # next to nothing is left for the others to want
                return None
            if attempt == 0 and "supporting_weights" in certificate.evidence:
                self._learn(np.array(certificate.evidence["supporting_weights"]))
            outcome = self._outcome(feasible, weights, picks)
            utilities = self.problem.evaluate(outcome)
            me = 0 if self.me is None else self.me
            short = 0.0 if self.me is None else float(self.point[me] - utilities[me])
            if short <= 0.0:
                if self.problem.broken_by(outcome):
                    return None
                counted = self.scales > 0
                gains = (utilities - self.point)[counted] / self.scales[counted]
                return Offer(outcome, tuple(np.sort(gains).tolist()))
            # programs may leave it a hair short: ask for as much more, and ever more
            more = max(2.0 * more, 2.0 * short, float(np.spacing(abs(point[me]))))
            asked[me] = point[me] + more
            feasible = feasible.demanding(asked)
            if feasible.shortage > RESOLUTION:
                return None
        return None

    def _learn(self, prices: Reals) -> None:
        """Bound all combinations by the prices of one."""
        if np.isfinite(prices).all():
            self._bound(np.maximum(prices, 0.0))

    def _outcome(self, feasible: ConvexSet, weights: Reals, picks: dict[str, Value]) -> Outcome:
        ((found, _),) = feasible.lottery(weights)
        return Outcome(
            {
                issue.name: picks[issue.name] if issue.is_finite else float(found[issue.name])
                for issue in self.problem.space.issues
            }
        )


def _asking(problem: BargainingProblem, point: Reals) -> BargainingProblem:
    utilities = [profile.utility for profile in problem.profiles]
    named = dict(zip(problem.parties, utilities, strict=True))
    return BargainingProblem(problem.space, named, disagreement_point=point)


def _is_better(shares: tuple[float, ...], than: tuple[float, ...]) -> bool:
    """Whether the least share is larger, or it ties and the next least is."""
    for one, other in zip(shares, than, strict=True):
        if abs(one - other) > CLOSE * max(1.0, abs(other)):
            return one > other
    return False
