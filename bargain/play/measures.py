"""What a session reached, measured against what theory says.

Two units, told apart by their names. A *share* is a gain as a part of what the party could attain
in any outcome, (u - d) / (u_max - d), after waiting. A *scaled* utility is one as a part of the
party's range between no agreement and its ideal, (u - d) / (ideal - d), as if nobody had waited;
distances are Euclidean between scaled utilities, so they do not depend on anybody's unit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError, shown
from bargain.play.landmarks import Landmarks
from bargain.play.session import Session
from bargain.play.sessions import Sessions


@dataclass(frozen=True)
class Measures:
    """What one session reached. Without an agreement its outcome is the disagreement point.

    Attributes
    ----------
    agreed : bool
    rounds : int
        Rounds in which an offer was made.
    gains : tuple of float
        Utility less disagreement utility of each party, as if nobody had waited.
    joint_gain : float
        Sum of the gains. It means something only where parties count in the same unit.
    shares : tuple of float
        Utility of each party after waiting, less its disagreement utility, as a share of what it
        could attain: (u - d) / (u_max - d), with u_max its best outcome that may be agreed; 0
        where that is no gain. Neither d nor u_max is discounted here: they are what the party has
        and could have without waiting, as `evolve` counts, too. Without an agreement u is what d
        is worth at the end of the session (`BargainingProblem.delayed`). So a share is below 0
        where waiting has cost more than was gained: in a session that ends in round r without
        an agreement it is -d (1 - f^r) / (u_max - d) for a discount factor f, which is above 0 if
        d < 0, and -c r / (u_max - d) for a cost c.
    nash_distance : float
        Euclidean distance to the Nash solution, utilities scaled to each party's range from
        disagreement to ideal. NaN without a zone of agreement, as are the others below.
    kalai_smorodinsky_distance : float
        The same to the Kalai-Smorodinsky solution.
    frontier_distance : float
        The same to the nearest outcome that is efficient and individually rational; 0 on it. Of
        a space too large to enumerate, where the frontier is too large as well, to within 0.001
        by `pareto_frontier(epsilon=0.001)`, or NaN if that takes too much.
    fairness : float
        1 less the widest difference between two parties' scaled utilities: 1 for equal shares of
        the ranges. NaN without an agreement: there is nothing to be fair about.
    first_offer_share : float
        What the first offer would have given its proposer, as a share of what it could attain; NaN
        if no offer was made.
    """

    agreed: bool
    rounds: int
    gains: tuple[float, ...]
    joint_gain: float
    shares: tuple[float, ...]
    nash_distance: float
    kalai_smorodinsky_distance: float
    frontier_distance: float
    fairness: float
    first_offer_share: float

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain values, None for NaN, for JSON."""
        found = asdict(self)
        for name, value in found.items():
            if isinstance(value, tuple):
                found[name] = list(value)
            elif isinstance(value, float) and np.isnan(value):
                found[name] = None
        return found


def session_measures(session: Session) -> Measures:
    """Return what a session reached, measured against what theory says.

    Examples
    --------
    >>> import bargain as bg
    >>> session = bg.alternating_offers(bg.load("rental"), ["boulware", "boulware"], deadline=40)
    >>> reached = bg.session_measures(session)
    >>> reached.agreed, reached.rounds, reached.gains, reached.fairness
    (True, 32, (2525.0, 2675.0), 0.96)
    """
    if not isinstance(session, Session):
        hint = "; of many sessions, sessions.session(i) plays one again"
        raise InvalidArgumentError(
            f"session: expected a Session, got {shown(session)}"
            + (hint if isinstance(session, Sessions) else "")
        )
    marks = Landmarks.of(session.problem)
    agreed = session.agreement is not None
    here = session.utilities[None]
    nash, equal, frontier = (float(distance[0]) for distance in marks.distances(here))
    opening = np.nan
    if session.rounds:
        opener = int(session.proposers[0])
        opening = float(marks.shares(session.offer_utilities[0])[opener])
    return Measures(
        agreed=agreed,
        rounds=session.rounds,
        gains=tuple(session.gains.tolist()),
        joint_gain=float(session.gains.sum()),
        shares=tuple(marks.shares(session.discounted_utilities).tolist()),
        nash_distance=nash,
        kalai_smorodinsky_distance=equal,
        frontier_distance=frontier,
        fairness=float(marks.fairness(here)[0]) if agreed else np.nan,
        first_offer_share=opening,
    )


@dataclass(frozen=True)
class FirstOfferEffect:
    """How far outcomes follow first offers.

    Attributes
    ----------
    correlation : float
        Pearson's r between first offers and outcomes, in [-1, 1].
    slope : float
        Of the least-squares line: what an outcome moves by for each unit of first offer. 0 says
        that opening high gains nothing, 1 that all of it is kept.
    n : int
        Sessions counted.

    Correlation and slope are NaN where fewer than two sessions count or first offers do not
    differ; the correlation also where outcomes do not.
    """

    correlation: float
    slope: float
    n: int


def first_offer_effect(
    first_offers: ArrayLike, outcomes: ArrayLike, groups: ArrayLike | None = None
) -> FirstOfferEffect:
    """Return how far outcomes follow first offers, by correlation and regression.

    The measure of the literature on anchoring: the correlation of first offers with final
    outcomes (Orr and Guthrie 2006, "Anchoring, Information, Expertise, and Negotiation: New
    Insights from Meta-Analysis", Ohio State Journal on Dispute Resolution 21; Galinsky and
    Mussweiler 2001, "First Offers as Anchors"). It says what goes together, not what causes it: a
    policy that opens high may also concede late.

    Parameters
    ----------
    first_offers, outcomes : array_like, shape (n,)
        What the first offer would have given its proposer, and what the proposer got: in the same
        unit, such as shares. Pairs with NaN (no offer, no agreement) are left out.
    groups : array_like, shape (n,), optional
        Such as the problem of each session. Means of groups are taken off first, so that
        differences between groups count as no effect.

    Raises
    ------
    InvalidArgumentError
        If shapes differ or a number is infinite.

    Examples
    --------
    >>> first_offer_effect([0.5, 0.75, 1.0], [0.25, 0.375, 0.5])
    FirstOfferEffect(correlation=1.0, slope=0.5, n=3)
    """
    first, last = _series("first_offers", first_offers), _series("outcomes", outcomes)
    if first.shape != last.shape:
        raise InvalidArgumentError.at("outcomes", f"shape {first.shape}", last.shape)
    member = np.zeros(len(first), dtype=np.int64)
    if groups is not None:
        member = np.unique(np.asarray(groups), return_inverse=True)[1]
        if member.shape != first.shape:
            raise InvalidArgumentError.at("groups", f"shape {first.shape}", member.shape)
    known = ~(np.isnan(first) | np.isnan(last))
    member = np.unique(member[known], return_inverse=True)[1]
    x, y = _centred(first[known], member), _centred(last[known], member)
    xx, yy, xy = float(x @ x), float(y @ y), float(x @ y)
    # differences that are rounding and nothing else say nothing
    size = 1e-12 * max(1.0, len(x))
    x_varies = xx > size**2 * max(1.0, float(np.abs(first[known]).max(initial=0.0)) ** 2)
    y_varies = yy > size**2 * max(1.0, float(np.abs(last[known]).max(initial=0.0)) ** 2)
    slope = xy / xx if x_varies else np.nan
    correlation = np.nan
    if x_varies and y_varies:
        correlation = float(np.clip(xy / (np.sqrt(xx) * np.sqrt(yy)), -1.0, 1.0))
    return FirstOfferEffect(correlation, slope, len(x))


def _series(where: str, given: ArrayLike) -> NDArray[np.float64]:
    try:
        series = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError.at(where, "numbers", given) from None
    if series.ndim != 1:
        raise InvalidArgumentError.at(where, "shape (n,)", series.shape)
    if np.isinf(series).any():
        raise InvalidArgumentError.at(where, "finite numbers or NaN", given)
    return series


def _centred(values: NDArray[np.float64], member: NDArray[np.int64]) -> NDArray[np.float64]:
    if not len(values):
        return values
    means = np.bincount(member, weights=values) / np.bincount(member)
    return np.asarray(values - means[member])
