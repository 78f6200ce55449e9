"""Best offers of two parties who settle choices beside continuous issues: one frontier for all.

Utilities add up, so each combination of choices shifts one and the same frontier of the continuous
issues. What that leaves the other side at any level of mine bounds all combinations at once, and
the few that may be the best are looked at with the exact method.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import Outcome
from bargain.solve.arc_set import ArcSet
from bargain.solve.chain_set import ChainSet, chain_set
from bargain.solve.choices import Choices
from bargain.solve.mixed import undominated
from bargain.solve.ranges import utility_ranges, without_disagreement

Reals = NDArray[np.float64]

CLOSE = 1e-9
"""Share of the other's range within which two offers are equal for it."""

RATES = np.linspace(-6.0, 6.0, 49)
"""Logarithms of ratios of prices, in shares of ranges, at which a curved frontier is touched before
anything is asked; beyond them next to nothing of one party's range is left."""

MOST_TIED = 64
"""Most combinations that are looked at for the one that leaves me most."""

STEPS = (0.0, *(4.0 ** np.arange(-26, 0)).tolist())
"""How much of the way to my best more is asked, in turn, where rounding leaves an offer short."""


@dataclass(frozen=True, eq=False)
class MixedOffer:
    """An offer, and what it is worth to me and to the other."""

    outcome: Outcome
    mine: float
    theirs: float


class MixedOffers:
    """What a party can offer at any level of its own utility: prepared once, asked many times.

    Parameters
    ----------
    choices : Choices
        Of two parties. See `is_for`.
    me : int

    Attributes
    ----------
    most : float
        The most I can have.

    Raises
    ------
    NotConcaveError
    """

    def __init__(self, choices: Choices, me: int) -> None:
        self.choices, self.problem, self.me = choices, choices.problem, me
        self._mine = choices.offsets[:, me]
        self._theirs = choices.offsets[:, 1 - me]
        spread = np.subtract(*utility_ranges(self.problem)[::-1])
        self._room = CLOSE * float(spread[1 - me])
        points = chain_set(without_disagreement(choices.common))
        self._frontier = _Curved(points, me) if isinstance(points, ArcSet) else _Lines(points, me)
        self.most = max((self._at_best(row).mine for row in self._best_rows()), default=-np.inf)

    @staticmethod
    def is_for(choices: Choices) -> bool:
        """Whether combinations differ only in what they are worth to two parties."""
        return choices.is_common and choices.problem.n_parties == choices.offsets.shape[1] == 2

    def at_least(self, level: float) -> MixedOffer | None:
        """Return the best offer for the other that is worth a level to me; None if there is none.

        Of what is within `CLOSE` for the other, the one that leaves me most, then the lowest row.
        """
        bounds = self._bounds(level)
        mine = self._mine + np.maximum(level - self._mine, self._frontier.least)
        best: MixedOffer | None = None
        while True:
            most = float(bounds.max())
            if most == -np.inf or (best is not None and most <= best.theirs + self._room):
                return best
            rows = np.flatnonzero(bounds >= most - self._room)
            row = int(rows[np.argmax(mine[rows])])
            offer = self._offer(row, level)
            bounds[row] = -np.inf
            if offer is None:
                continue
            is_level = best is not None and abs(offer.theirs - best.theirs) <= self._room
            if best is None or (offer.mine > best.mine if is_level else offer.theirs > best.theirs):
                best = offer

    def others(
        self, level: float, *, enough: float, count: int, beaten: bool = False
    ) -> list[MixedOffer]:
        """Return the best offers of other combinations, one each, the best for the other first.

        Parameters
        ----------
        level : float
            The least for me.
        enough : float
            The least for the other.
        count : int
            Most to return.
        beaten : bool
            Whether to keep combinations that another one beats.
        """
        bounds = self._bounds(level)
        open_ = np.flatnonzero(bounds >= enough)
        if not beaten:
            open_ = open_[undominated(self.choices.offsets[open_])]
        rows = open_[np.argsort(-bounds[open_], kind="stable")][:count]
        found = [self._offer(int(row), level) for row in rows]
        offers = [each for each in found if each is not None and each.theirs >= enough]
        return sorted(offers, key=lambda each: -each.theirs)

    def _bounds(self, level: float) -> Reals:
        """Return the most that each combination can leave the other, shape (n_combinations,)."""
        asked = level - self._mine
        # at the very end rounding decides, and the offer itself says what it is worth
        slack = 1e-9 * max(abs(level), self._frontier.size)
        open_ = self.choices.allowed & (asked <= self._frontier.most + slack)
        bounds: Reals = np.where(open_, self._frontier.bound(asked) + self._theirs, -np.inf)
        return bounds

    def _best_rows(self) -> Iterator[int]:
        """Yield the combinations that may be my best, for rounding perhaps several."""
        allowed = np.flatnonzero(self.choices.allowed)
        if len(allowed):
            mine = self._mine[allowed]
            tied = mine >= mine.max() - 1e-12 * np.abs(mine).max()
            yield from allowed[tied][:MOST_TIED].tolist()

    def _at_best(self, row: int) -> MixedOffer:
        return self._made(row, self._frontier.most)

    def _offer(self, row: int, level: float) -> MixedOffer | None:
        """Return the best offer of one combination, with the level met to the last bit."""
        asked = level - float(self._mine[row])
        room = max(self._frontier.most - asked, 0.0)
        for step in STEPS:
            offer = self._made(row, asked + step * room)
            if offer.mine >= level:
                return offer
        offer = self._at_best(row)
        return offer if offer.mine >= level else None

    def _made(self, row: int, asked: float) -> MixedOffer:
        settled = {**self.choices.picks(row), **self._frontier.outcome(asked)}
        names = self.problem.space.names
        outcome = Outcome({name: settled[name] for name in names})
        worths = self.problem.evaluate(outcome)
        return MixedOffer(outcome, float(worths[self.me]), float(worths[1 - self.me]))


class _Lines:
    """The frontier of continuous issues as straight lines, by what I have there."""

    def __init__(self, points: ChainSet, me: int) -> None:
        rising = slice(None) if me == 0 else slice(None, None, -1)
        self._points = points
        self._positions = points.positions[rising]
        self._mine, self._theirs = points.utilities[rising, me], points.utilities[rising, 1 - me]
        self.least, self.most = float(self._mine[0]), float(self._mine[-1])
        self.size = max(abs(self.least), abs(self.most))

    def bound(self, asked: Reals) -> Reals:
        """Return what is left to the other where I have so much: exactly, but for rounding."""
        return np.interp(asked, self._mine, self._theirs)

    def outcome(self, asked: float) -> Outcome:
        """Return where I have so much, or the nearest end."""
        return self._points.lottery(float(np.interp(asked, self._mine, self._positions)))[0][0]


class _Curved:
    """The frontier of continuous issues with arcs, by what I have there."""

    def __init__(self, points: ArcSet, me: int) -> None:
        self._points, self._me = points, me
        begin, end = points.start, points.stop
        places = (begin, end) if me == 0 else (end, begin)
        ends = [points.path.utilities(place) for place in places]
        self.least, self.most = float(ends[0][me]), float(ends[1][me])
        self._theirs_at_most = float(ends[0][1 - me])
        self.size = max(abs(self.least), abs(self.most))
        # priced utilities come to no more than the most at these prices anywhere: tangents
        path, lines = points.path, []
        for rate in np.union1d(RATES, [segment.low for segment in path.segments]).tolist():
            prices = path.prices(rate)
            if prices[1 - me] > 0.0:
                with np.errstate(over="ignore"):
                    line = np.array([path.most(prices), prices[me]]) / prices[1 - me]
                    is_finite = np.isfinite([*line, line[1] * self.size]).all()
                # prices beyond float64 say nothing
                if is_finite:
                    lines.append(line)
        self._lines = np.array(lines).reshape(-1, 2)

    def bound(self, asked: Reals) -> Reals:
        """Return at least what is left to the other where I have so much."""
        bounds = np.full(len(asked), self._theirs_at_most)
        asked = np.clip(asked, self.least, self.most)
        for total, slope in self._lines:
            # where a line is steep, what cancels may be much more than what is left
            rounding = 1e-13 * (abs(total) + np.abs(slope * asked))
            bounds = np.minimum(bounds, total - slope * asked + rounding)
        return bounds

    def outcome(self, asked: float) -> Outcome:
        """Return where I have so much, or the nearest end."""
        return self._points.lottery(self._points.place_with(self._me, asked))[0][0]
