"""Offers that give less away: chance within the schedule and among outcomes of the same worth."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.history import Heard
from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem, Outcome
from bargain.model.numbers import finite_number, whole_number
from bargain.solve import best_offer
from bargain.solve.agreeable import agreeable_utilities, original_rows
from bargain.solve.structure import is_enumerable

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Blur:
    """How an anchor's offers are drawn by chance, so that they tell less of its reservation.

    What is drawn follows from the seed and the offers so far, so that the same history gives the
    same advice. Who knows the seed knows the draws: keep it, and take another in each negotiation.

    Parameters
    ----------
    seed : int
        Private, >= 0.
    schedule, band : float
        How far the target moves, and how wide the set is that packages are drawn from, in parts
        of the gain the party can attain, in [0, 1]. With a band of 0 packages are those that are
        best for the others, at the target that moved: what a band costs bought nothing where it
        was measured, against an observer who knows what the party wants.
    loss : float
        What others may lose by the draw within the band, in parts of their utility ranges, in
        [0, 1].

    Raises
    ------
    InvalidArgumentError
        Naming the parameter out of range.
    """

    seed: int = field(repr=False)
    schedule: float = 0.1
    band: float = 0.0
    loss: float = 0.1

    def __post_init__(self) -> None:
        seed = whole_number("seed", self.seed, at_least=0, error=InvalidArgumentError)
        object.__setattr__(self, "seed", seed)
        for name in ("schedule", "band", "loss"):
            object.__setattr__(self, name, checked_share(name, getattr(self, name)))

    def drawn(
        self,
        problem: BargainingProblem,
        party: int,
        target: float,
        count: int,
        offers: Sequence[Heard],
    ) -> tuple[float, list[Outcome]]:
        """Return the target after chance, and up to `count` packages drawn at it.

        Raises
        ------
        NoAgreementZoneError
            If no outcome that may be agreed is worth the target.
        """
        # offers alone: what somebody merely says must not draw again
        said = [[o.party, o.round, None if o.outcome is None else repr(o.outcome)] for o in offers]
        digest = hashlib.sha256(repr(said).encode()).digest()
        seeds = np.random.SeedSequence([self.seed, *digest]).spawn(count if self.band else 1)
        first = blurred_offer(
            problem,
            party,
            target,
            schedule=self.schedule,
            band=self.band,
            loss=self.loss,
            seed=seeds[0],
        )
        found = {first.outcome: None}
        for seed in seeds[1:]:
            more = blurred_offer(
                problem, party, first.target, band=self.band, loss=self.loss, seed=seed
            )
            found[more.outcome] = None
        return first.target, list(found)


@dataclass(frozen=True)
class BlurredOffer:
    """An offer drawn by chance, and what that costs.

    Attributes
    ----------
    outcome : what to offer
    target : the utility asked, after the schedule was moved by chance
    worth : what it is worth to the party
    price : what the party gives up by chance: worth of the sharp offer less that of this one; below
        0 where chance asked for more
    price_to_others : what each party loses against the sharp offer, by position; the party's own
        entry is `price`. Positive entries make the offer less likely to be taken.
    """

    outcome: Outcome
    target: float
    worth: float
    price: float
    price_to_others: tuple[float, ...]


def blurred_offer(
    problem: BargainingProblem,
    party: int | str,
    target: float,
    *,
    schedule: float = 0.0,
    band: float = 0.0,
    loss: float = 0.1,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> BlurredOffer:
    """Return an offer at about a target, drawn by chance, with its price.

    First the target moves by up to `schedule` of the gain the party can attain, up or down with
    equal chance, never below its reservation value and never above its best. Then one of the
    outcomes is drawn that are worth to the party at least that, and at most `band` of the same
    gain more: its own iso-utility set, without those that cost somebody else more than `loss` of
    its utility range, against the best for the others. Where outcomes are not enumerated, it is
    the best offer for the others at the target. The sharp offer that prices are measured against
    is the best for the others at the target as it was given.

    A pure function of its arguments and the seed.

    Parameters
    ----------
    problem : BargainingProblem
    party : int or str
    target : float
        The utility asked; raised to the reservation value if below.
    schedule, band : float
        In parts of the gain from the reservation value to the best outcome, in [0, 1].
    loss : float
        What others may lose by the draw, in parts of their utility ranges, in [0, 1].
    seed : int, SeedSequence or Generator

    Raises
    ------
    InvalidArgumentError
        If a share is outside [0, 1].
    NoAgreementZoneError
        If no outcome that may be agreed is worth the target.
    """
    me = problem.party_index(party)
    given = (("schedule", schedule), ("band", band), ("loss", loss))
    shares = [checked_share(name, share) for name, share in given]
    rng = np.random.default_rng(seed)
    reservation = float(problem.disagreement_point[me])
    asked = max(finite_number("target", target, error=InvalidArgumentError), reservation)
    sharp = problem.evaluate(best_offer(problem, party=me, at_least=asked))
    best = _best(problem, me)
    gain = max(best - reservation, 0.0)
    # drawn in any case, so that one option does not change what the other draws
    move, draw = rng.uniform(-1.0, 1.0), rng.random()
    moved = min(max(asked + shares[0] * gain * move, reservation), best)
    outcome = _drawn(problem, me, moved, shares[1] * gain, shares[2], draw)
    worths = problem.evaluate(outcome)
    return BlurredOffer(
        outcome=outcome,
        target=moved,
        worth=float(worths[me]),
        price=float(sharp[me] - worths[me]),
        price_to_others=tuple(float(lost) for lost in sharp - worths),
    )


def checked_share(name: str, share: float) -> float:
    """Return a share as a float in [0, 1], or raise."""
    number = finite_number(name, share, at_least=0, error=InvalidArgumentError)
    if number > 1:
        raise InvalidArgumentError.at(name, "a share in [0, 1]", share)
    return number


def _best(problem: BargainingProblem, me: int) -> float:
    from bargain.solve.best_offer import most_for

    if is_enumerable(problem):
        return float(agreeable_utilities(problem)[:, me].max())
    return float(most_for(problem, me))


def _drawn(
    problem: BargainingProblem, me: int, target: float, width: float, loss: float, draw: float
) -> Outcome:
    """Return one of the outcomes worth the target to the party, and at most the width more."""
    best = best_offer(problem, party=me, at_least=target)
    if width <= 0 or not is_enumerable(problem):
        return best
    utilities = agreeable_utilities(problem)
    least = problem.evaluate(best) - loss * np.ptp(utilities, axis=0)
    least[me] = target
    fits = (utilities >= least).all(axis=1) & (utilities[:, me] <= target + width)
    rows = np.flatnonzero(fits)
    if len(rows) == 0:
        return best
    row = rows[min(int(draw * len(rows)), len(rows) - 1)]
    return problem.space.outcome(int(original_rows(problem, np.array([row]))[0]))
