"""Equilibria of alternating offers between two parties, on a chain of straight edges.

Everything that makes a party agree sooner has one form here. Gains are counted over what the
party has when it leaves the table (no agreement, or a better outside option), and refusing an
offer to make the next one, which gains the party g, is worth

    w(g) = max(share g - cost, 0)

now: the share is what discounting and the risk that talks break down leave of a gain, the cost
is the fixed cost of a round, and nobody has to do worse than by leaving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError
from bargain.solve.chain_set import ChainSet
from bargain.solve.ties import TIE_TOLERANCE

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Game:
    """Two parties who take turns to offer a point of the frontier.

    Attributes
    ----------
    positions : ndarray, shape (m,)
        Corners of the frontier as positions on its chain, the second party's best first.
    gains : ndarray, shape (m, 2)
        What each corner gains the parties over leaving.
    shares, costs : ndarray, shape (2,)
        Of waiting for one's own next offer (see above); shares in (0, 1], costs >= 0.
    """

    positions: Reals
    gains: Reals
    shares: Reals
    costs: Reals

    @classmethod
    def on(cls, feasible: ChainSet, shares: Reals, costs: Reals, options: Reals) -> Game:
        """Set up the game.

        Parameters
        ----------
        feasible : ChainSet
        shares, costs : ndarray, shape (2,)
            Of gains over the disagreement point.
        options : ndarray, shape (2,)
            What a party that refuses can leave with, as gains >= 0 over the disagreement point.

        Raises
        ------
        NoAgreementZoneError
            If no agreement is worth leaving to neither: somebody leaves.
        """
        positions, gains = _worth_staying(feasible, options)
        # max(share g - cost, option), counted from the option; the same bits where that is 0
        return cls(positions, gains, shares, costs + (1.0 - shares) * options)

    def refused(self, party: int, gain: Reals | float) -> Reals:
        """Return what refusing is worth to a party that gains so much by its own next offer."""
        worth: Reals = np.maximum(self.shares[party] * gain - self.costs[party], 0.0)
        return worth

    def left_for(self, party: int, gain: Reals) -> Reals:
        """Return the most a party can gain when the other gains at least this much."""
        own, other = self.gains[:, party], self.gains[:, 1 - party]
        return np.interp(gain, other, own) if party else np.interp(gain, other[::-1], own[::-1])

    def where(self, party: int, gain: float) -> float:
        """Return the position of the frontier where a party gains this much."""
        own = self.gains[:, party]
        if party:
            return float(np.interp(gain, own[::-1], self.positions[::-1]))
        return float(np.interp(gain, own, self.positions))

    def stationary(self) -> list[tuple[float, float]]:
        """Return the stationary equilibria, one, or the two ends where there is a stretch of them.

        Returns
        -------
        list of (float, float)
            Positions of both parties' proposals (x, y) with g_1(y) = w_1(g_1(x)) and
            g_2(x) = w_2(g_2(y)); where there are two, the one that the first party likes least
            comes first. Every subgame perfect equilibrium lies between them.

        Notes
        -----
        With phi the frontier, x solves f(a) = phi(a) - w_2(phi(w_1(a))) = 0 for a = g_1(x), or
        is the first party's best point where f stays positive. f never increases: phi is
        concave and w_1(a) <= a, so w_2(phi(w_1(a))) never falls faster than phi(a). It is
        straight between the corners of phi(a) and phi(w_1(a)), so its root is found exactly. The
        corner of w_2 does not matter: where w_2 is 0, f is phi, which is 0 at the best point only.

        Where somebody discounts, f falls strictly and the root is the only equilibrium (Rubinstein
        1982; Osborne & Rubinstein 1990, ch. 4). With fixed costs alone, f(a) = phi(a) -
        phi(a - c_1) + c_2 is 0 along a straight stretch of slope -c_2 / c_1 longer than c_1: an
        interval of equilibria, as in a dollar with equal costs. The bounds of Shaked & Sutton 1984
        on all equilibria are the least and the greatest root: the best that the first proposer can
        hope for solves a <= T(a), T(a) = phi^-1(w_2(phi(w_1(a)))) rising, the worst a >= T(a).
        """
        ends = self._tied_stretch() or [self._root()]
        pairs = []
        for gain in ends:
            answer = float(self.refused(0, gain))
            pairs.append((self.where(0, gain), self.where(0, answer)))
        return pairs

    def backward(self, leader: int, horizon: int) -> tuple[float, float]:
        """Return the last two proposals reached by backward induction, by party, as positions.

        Who refuses the last offer leaves, without another round to pay for.
        """
        proposals = [float(self.positions[-1]), float(self.positions[0])]
        waiting = [0.0, 0.0]
        for offer in reversed(range(horizon)):
            proposer = (leader + offer) % 2
            responder = 1 - proposer
            proposals[proposer] = self.where(responder, waiting[responder])
            waiting = [
                float(self.refused(i, np.interp(proposals[proposer], self.positions, gains)))
                for i, gains in enumerate(self.gains.T)
            ]
        return proposals[0], proposals[1]

    def _root(self) -> float:
        first = np.concatenate([[0.0], self.gains[:, 0]])
        # a quotient too large to be a gain is none
        with np.errstate(over="ignore"):
            corners = np.concatenate([first, (first + self.costs[0]) / self.shares[0]])
        corners = np.unique(np.clip(corners, 0.0, first[-1]))
        answers = self.left_for(1, self.refused(0, corners))
        excess = self.left_for(1, corners) - self.refused(1, answers)
        # rounding must not make a falling function rise
        return float(np.interp(0.0, np.maximum.accumulate(-excess), corners))

    def _tied_stretch(self) -> list[float]:
        """Return the ends of an interval of equilibria, as first gains, or nothing."""
        if (self.shares < 1).any() or (self.costs <= 0).any():
            return []
        steps = np.abs(np.diff(self.gains, axis=0))
        # slope -c_2 / c_1, up to the tolerance; in shares of the costs, which may be tiny or huge
        ratio = self.costs / self.costs.max()
        sides = np.column_stack([ratio[1] * steps[:, 0], ratio[0] * steps[:, 1]])
        larger = sides.max(axis=1)
        near = np.abs(sides[:, 0] - sides[:, 1]) <= TIE_TOLERANCE * larger
        tied = np.flatnonzero(near & (larger > 0))
        if not len(tied):
            return []
        low, high = self.gains[tied[0], 0], self.gains[tied[-1] + 1, 0]
        if high - low <= self.costs[0]:
            return []
        return [float(low + self.costs[0]), float(high)]


def _worth_staying(feasible: ChainSet, options: Reals) -> tuple[Reals, Reals]:
    """Return corners of the part of the frontier that nobody would rather leave, and its gains."""
    positions, gains = feasible.positions, feasible.gains
    if not options.any():
        return positions, gains
    start = np.interp(options[0], gains[:, 0], positions)
    stop = np.interp(options[1], gains[::-1, 1], positions[::-1])
    slack = TIE_TOLERANCE * (gains.max(axis=0) + options)
    if (feasible.gains_at(float(start)) < options - slack).any():
        wanted = ", ".join(f"{value:.6g}" for value in options)
        raise NoAgreementZoneError(
            "outside_options: expected an agreement worth as much to both parties as leaving "
            f"(gains of {wanted}), got none"
        )
    inner = positions[(positions > start) & (positions < stop)]
    kept = np.unique(np.concatenate([[start], inner, [max(start, stop)]]))
    columns = [np.interp(kept, positions, gains[:, i]) - options[i] for i in range(2)]
    return kept, np.maximum(np.column_stack(columns), 0.0)
