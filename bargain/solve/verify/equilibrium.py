"""Whether proposals are an equilibrium of alternating offers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.solve.certificate import Certificate
from bargain.solve.claims import Equilibrium
from bargain.solve.verify.answer import rational_gains, worth_of
from bargain.solve.verify.best_answer import pair_bounds
from bargain.solve.verify.measure import CLOSE, CLOSE_PAIR, Measure
from bargain.solve.verify.pair import PairBounds
from bargain.solve.verify.support import Support
from bargain.solve.verify.verification import Refuted, Verification

HARDLY = 1e-12
"""A price at which a party only decides between what is equally good for the other."""

Reals = NDArray[np.float64]


def verify_equilibrium(certificate: Certificate, claim: Equilibrium) -> Verification:
    """Check the conditions of the equilibrium at the answer, or the induction that leads to it."""
    problem = claim.problem
    measure = Measure.of(problem, CLOSE_PAIR if problem.n_parties == 2 else CLOSE)
    gains = rational_gains(problem, claim.lottery, claim.utilities, measure, lotteries=True)
    if problem.n_parties > 2:
        return _several(certificate, claim, gains, measure)
    frontier = _Frontier(pair_bounds(problem, measure), measure)
    if claim.horizon is None:
        _check_stationary(certificate, claim, gains, frontier)
        checked = "each proposal leaves the other what waiting is worth and takes all the rest"
    else:
        _check_induction(claim, gains, frontier)
        checked = f"induction over {claim.horizon} offers repeated"
    checked += ", on a frontier found by bisected prices"
    return Verification(True, checked, gap=certificate.gap)


class _Frontier:
    """The frontier of two parties as a function, in utilities gained."""

    def __init__(self, bounds: PairBounds, measure: Measure) -> None:
        self.bounds = bounds
        self.scale = measure.scale
        self.slack = 4.0 * measure.slack * measure.scale

    def most(self, party: int, other: float) -> float:
        """Return the most a party can gain where the other gains this much, -inf if it can't."""
        found = float(self.bounds.most(party, other / self.scale[1 - party])[0])
        return found * float(self.scale[party]) if found > -1e3 else -np.inf

    def is_best(self, party: int, gains: Reals, floor: float) -> bool:
        """Whether gains are the best for a party that leave the other at least so much."""
        other, slack = 1 - party, self.slack
        return bool(
            gains[other] >= floor - slack[other]
            and gains[party] >= self.most(party, floor + slack[other]) - slack[party]
            and gains[party] <= self.most(party, floor - slack[other]) + slack[party]
            and gains[other] >= self.most(other, gains[party] + slack[party]) - slack[other]
        )

    def best(self, party: int, floor: float) -> Reals:
        """Return the best gains for a party that leave the other at least so much."""
        other = 1 - party
        prices = np.full(2, HARDLY)
        prices[party] = 1.0
        end: Reals = self.bounds.best(prices[None, :])[0] * self.scale
        if end[other] >= floor - self.slack[other]:
            return end
        # rounding can put the floor just beyond the most that the other can have
        most = self.most(party, floor)
        if most == -np.inf:
            most = self.most(party, floor - self.slack[other])
        gains = np.empty(2)
        gains[other], gains[party] = floor, most
        return gains


def _check_stationary(
    certificate: Certificate, claim: Equilibrium, gains: Reals, frontier: _Frontier
) -> None:
    """Check g_1(y) = delta_1 g_1(x), g_2(x) = delta_2 g_2(y) or the ends of the frontier.

    Each proposal is the proposer's best of what leaves the other at least what waiting is worth.
    """
    problem = claim.problem
    stated = certificate.evidence.get("proposals", {})
    try:
        x, y = (np.array(stated[party], dtype=np.float64) for party in problem.parties)
    except (KeyError, TypeError, ValueError):
        raise Refuted("evidence: expected the gains of both parties' proposals") from None
    if x.shape != (2,) or y.shape != (2,):
        raise Refuted("evidence: expected two gains for each proposal")
    if not (np.abs(gains - (x, y)[claim.first]) <= frontier.slack).all():
        raise Refuted(f"the answer gains {gains.tolist()}, not what the first party proposes")
    for party, mine, theirs in ((0, x, y), (1, y, x)):
        floor = float(_waiting(claim, theirs)[1 - party])
        if not frontier.is_best(party, mine, floor):
            raise Refuted(
                f"{problem.parties[party]}'s proposal is not its best that leaves the "
                f"other {floor:.9g}"
            )


def _waiting(claim: Equilibrium, gains: Reals) -> Reals:
    """Return what refusing is worth to those who gain so much by the next offer, or leave."""
    return np.maximum(claim.shares * gains - claim.costs, claim.options)


def _check_induction(claim: Equilibrium, gains: Reals, frontier: _Frontier) -> None:
    waiting = claim.options
    proposal = waiting
    for offer in reversed(range(claim.horizon or 0)):
        proposer = (claim.first + offer) % 2
        proposal = frontier.best(proposer, float(waiting[1 - proposer]))
        waiting = _waiting(claim, proposal)
    # what rounding does to one offer, the next can enlarge along a steep frontier
    if not (np.abs(gains - proposal) <= CLOSE * frontier.scale).all():
        raise Refuted(f"the first offer gains {proposal.tolist()}, not {gains.tolist()}")


def _several(
    certificate: Certificate, claim: Equilibrium, gains: Reals, measure: Measure
) -> Verification:
    """Check that each proposal is the proposer's best that leaves others what waiting is worth."""
    problem = claim.problem
    support = Support(problem, measure)
    slack = (4.0 * measure.slack + certificate.gap) * measure.scale
    if len(claim.proposals) != problem.n_parties:
        raise Refuted("expected a proposal of each party")
    offers = np.array(
        [
            rational_gains(problem, one, worth_of(problem, one), measure, lotteries=True)
            for one in claim.proposals
        ]
    )
    if not (np.abs(gains - offers[claim.first]) <= slack).all():
        raise Refuted(f"the answer gains {gains.tolist()}, not what the first party proposes")
    own = np.diag(offers)
    stated = certificate.evidence.get("supporting_weights", {})
    for i, party in enumerate(problem.parties):
        floors = _waiting(claim, own)
        floors[i] = 0.0
        if not (offers[i] >= floors - slack).all():
            raise Refuted(f"{party}'s proposal leaves somebody less than waiting is worth")
        try:
            prices = np.array(stated[party], dtype=np.float64)
        except (KeyError, TypeError, ValueError):
            raise Refuted(f"evidence: expected prices for {party}'s proposal") from None
        if prices.shape != own.shape or not ((prices >= 0).all() and prices[i] > 0):
            raise Refuted(f"evidence: expected prices >= 0 for {party}'s proposal")
        bound = (support.most(prices * measure.scale) - prices @ floors) / prices[i]
        limit = support.limits[i] * measure.scale[i]
        lost = float(prices @ slack) / float(prices[i])
        if not min(bound, limit) <= own[i] + lost:
            raise Refuted(f"{party} could propose {bound:.9g} for itself, not only {own[i]:.9g}")
    checked = "each proposal, by the best of every issue at the stated prices"
    return Verification(True, checked, gap=certificate.gap)
