"""What a party's own offers give away of its reservation value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.history import offers_heard
from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number
from bargain.play import Offer, Session, round_times
from bargain.play.session import checked_deadline
from bargain.solve.agreeable import agreeable_utilities
from bargain.solve.structure import is_enumerable, shown_forms, sum_bounds

Reals = NDArray[np.float64]

RATES = np.exp(np.linspace(np.log(0.05), np.log(20.0), 61))
"""Concession rates that the estimator considers, evenly spaced by their logarithm."""

STARTS = np.linspace(0.0, 0.5, 11)
"""Shares conceded at once that the estimator considers."""

LEVELS = 401
"""Reservation values that the estimator considers, evenly spaced."""

NOISE = 0.005
"""Least standard deviation of offers about the curve that it assumes, in parts of the range:
outcomes do not hit a target exactly."""


@dataclass(frozen=True)
class Leakage:
    """What an observer of a party's offers would believe of its reservation value.

    In the party's own units.

    Attributes
    ----------
    party : whose offers
    offers : how many there were
    reservation : the truth
    estimate : median of what the observer believes
    interval : central interval in which it believes it with probability `level`
    level : that probability
    prior : the interval in which everything was as likely before the first offer
    error : estimate less truth
    error_share : size of the error in parts of the prior interval
    narrowed : how much narrower the interval is than before the first offer, from 0 (nothing was
        learnt) to 1 (all of it); it can be below 0 where offers are worse than they say
    contains_truth : whether the interval holds the truth: if not, the offers mislead
    bits : information gained, by how much the belief differs from the one before (the
        Kullback-Leibler divergence to base 2)
    rate : concession rate that fits best, or None with less than two offers
    """

    party: str
    offers: int
    reservation: float
    estimate: float
    interval: tuple[float, float]
    level: float
    prior: tuple[float, float]
    error: float
    error_share: float
    narrowed: float
    contains_truth: bool
    bits: float
    rate: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        found = asdict(self)
        return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()}

    def __str__(self) -> str:
        """Say it in a few lines."""
        low, high = self.interval
        return "\n".join(
            [
                f"{self.offers} offers of {self.party} say: reservation {self.estimate:.6g} "
                f"({self.level:.0%}: {low:.6g} to {high:.6g})",
                f"  truth {self.reservation:.6g}: off by {self.error_share:.1%} of what was "
                "possible at first",
                f"  interval narrowed by {self.narrowed:.0%}, {self.bits:.2f} bits learnt",
            ]
        )


def leakage(
    history: Session | Iterable[Offer | Mapping[str, Any]],
    problem: BargainingProblem,
    *,
    party: int | str,
    deadline: int | None = None,
    level: float = 0.9,
) -> Leakage:
    """Return how well a standard estimator recovers a party's reservation value from its offers.

    The observer is a strong one: it knows the party's utility function, the deadline, and that
    offers follow the time-dependent family of Faratin, Sierra and Jennings (1998),

        u(t) = u_max - (u_max - r) F(t),   F(t) = k + (1 - k) t^(1/beta),

    with unknown r, beta and k, about which they scatter. It holds every r between the worst
    outcome and the worst of the party's offers so far to be as likely at first, every log(beta)
    from 0.05 to 20 and every k from 0 to 0.5, and learns by Bayes' rule on a grid; the size of the
    scatter is unknown, too (with the prior 1/sigma it drops out and leaves a likelihood of
    (sum of squares)^(-n/2), here with the least scatter `NOISE`). Learning reservation values
    from offers by Bayes' rule is as in Zeng and Sycara (1998); fitting this family by least
    squares as in Hou (2004). What a policy keeps back at the deadline (`floor`) the observer
    takes for reservation; what the other's offers tell is not counted.

    Parameters
    ----------
    history : Session, or iterable of Offer or of mappings with its fields
    problem : BargainingProblem
        With the party's own utility.
    party : int or str
        Whose offers and reservation value.
    deadline : int, optional
        Rounds there are; needed unless the history is a session.
    level : float
        Probability of the interval, in (0, 1).

    Raises
    ------
    InvalidArgumentError
        Naming what is wrong; also if an offer is in a round past the deadline.
    UnsupportedProblemError
        If a space that is not enumerated has a utility that does not show its arithmetic.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents", Robotics
    and Autonomous Systems 24 (1998). Zeng and Sycara, "Bayesian learning in negotiation",
    International Journal of Human-Computer Studies 48 (1998). Hou, "Predicting agents tactics in
    automated negotiation", IAT 2004.

    Examples
    --------
    >>> import bargain as bg
    >>> pie = bg.BargainingProblem(
    ...     [bg.Issue.integer("slices", 0, 200)],
    ...     {
    ...         "me": bg.AdditiveUtility({"slices": bg.Linear(0, 1)}),
    ...         "other": bg.AdditiveUtility({"slices": bg.Linear(1, 0)}),
    ...     },
    ...     disagreement_point=(0.4, 0),
    ... )
    >>> for policy in ("boulware", "linear"):
    ...     session = bg.alternating_offers(pie, [policy, "hardliner"], deadline=40)
    ...     half = bg.leakage(session.offers[:20], pie, party="me", deadline=40)
    ...     print(f"{policy}: off by {half.error:.2f}, {half.bits:.1f} bits")
    boulware: off by 0.23, 0.3 bits
    linear: off by 0.01, 4.4 bits
    """
    check_problem(problem)
    me = problem.party_index(party)
    level = finite_number("level", level, error=InvalidArgumentError)
    if not 0 < level < 1:
        raise InvalidArgumentError.at("level", "a probability in (0, 1)", level)
    times, utilities = _own_offers(history, problem, me, deadline)
    worst, best = _range(problem, me)
    if not worst < best:
        raise InvalidArgumentError.at(
            f"parties[{me}].utility", "outcomes of different worth", f"{worst:g} for all"
        )
    levels = np.linspace(worst, best, LEVELS)
    belief, rate = _belief(times, utilities, levels, best)
    low, median, high = _quantiles(levels, belief, [(1 - level) / 2, 0.5, (1 + level) / 2])
    truth = float(problem.disagreement_point[me])
    before = level * (best - worst)
    informed = belief[belief > 0]
    return Leakage(
        party=problem.parties[me],
        offers=len(times),
        reservation=truth,
        estimate=median,
        interval=(low, high),
        level=level,
        prior=(worst, best),
        error=median - truth,
        error_share=abs(median - truth) / (best - worst),
        narrowed=1.0 - (high - low) / before,
        contains_truth=low <= truth <= high,
        bits=max(float((informed * np.log2(informed * LEVELS)).sum()), 0.0),
        rate=rate,
    )


def _own_offers(
    history: Any, problem: BargainingProblem, me: int, deadline: int | None
) -> tuple[Reals, Reals]:
    """Return time and own utility of each of a party's offers that are outcomes."""
    if isinstance(history, Session):
        deadline, history = history.deadline, history.offers
    if deadline is None:
        raise InvalidArgumentError.at("deadline", "how many rounds there are", None)
    schedule = round_times(checked_deadline(deadline, at_least=1))
    times, utilities = [], []
    for i, entry in enumerate(offers_heard(problem, history)):
        if entry.round >= len(schedule):
            raise InvalidArgumentError.at(
                f"history[{i}].round", f"a round before {deadline}", entry.round
            )
        if entry.party == me and entry.outcome is not None:
            times.append(float(schedule[entry.round]))
            utilities.append(float(problem.evaluate(entry.outcome)[me]))
    return np.array(times), np.array(utilities)


def _range(problem: BargainingProblem, me: int) -> tuple[float, float]:
    if is_enumerable(problem):
        column = agreeable_utilities(problem)[:, me]
        return float(column.min()), float(column.max())
    return sum_bounds(shown_forms(problem)[me])


def _belief(
    times: Reals, utilities: Reals, levels: Reals, best: float
) -> tuple[Reals, float | None]:
    """Return the probability of each level, and the concession rate that fits best."""
    scale = best - levels[0]
    belief = np.ones(len(levels))
    if len(utilities):
        # nobody offers what is worse than its reservation
        belief[levels > utilities.min() + 1e-9 * scale] = 0.0
    if not belief.any():
        belief[0] = 1.0
    if len(utilities) < 2:
        return belief / belief.sum(), None
    with np.errstate(divide="ignore"):
        powers = times[None, :] ** (1.0 / RATES[:, None])
    conceded = STARTS[None, :, None] + (1.0 - STARTS[None, :, None]) * powers[:, None, :]
    target, drop = (best - utilities) / scale, (best - levels) / scale
    # |target - drop * conceded|^2, opened up so that no array has all four axes
    a = float(target @ target)
    b = conceded @ target
    c = (conceded**2).sum(axis=-1)
    squares = a - 2.0 * drop * b[..., None] + drop**2 * c[..., None]
    squares = np.maximum(squares, 0.0) + len(times) * NOISE**2
    log = -0.5 * len(times) * np.log(squares)
    log[..., belief == 0.0] = -np.inf
    weights = np.exp(log - log.max())
    rate = float(RATES[int(weights.sum(axis=(1, 2)).argmax())])
    belief = weights.sum(axis=(0, 1))
    return belief / belief.sum(), rate


def _quantiles(levels: Reals, belief: Reals, wanted: list[float]) -> list[float]:
    """Return quantiles of a belief, each level standing for the strip around it."""
    half = (levels[1] - levels[0]) / 2
    edges = np.concatenate([levels - half, [levels[-1] + half]])
    below = np.concatenate([[0.0], np.cumsum(belief)])
    found = np.interp(wanted, below, edges)
    return [float(value) for value in np.clip(found, levels[0], levels[-1])]
