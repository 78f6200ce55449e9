"""A policy with everything that a search may turn: curve, reciprocity, trade-offs, acceptance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.kernels import sides as codes
from bargain.model.numbers import finite_number, unit_number, whole_number
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.policy import Plan
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.session import LONGEST_DEADLINE
from bargain.play.time_based import check_acceptance, keep_positive, keep_shares, relative_times
from bargain.play.trade_off import best_in_band
from bargain.play.turn import Turn
from bargain.play.view import PartyView

MOST_KNOTS = 64
"""Most knots of a curve."""

PICKS = {
    "closest": codes.CLOSEST,
    "known": codes.KNOWN,
    "similarity": codes.SIMILAR,
    "hardheaded": codes.HARDHEADED,
    "smith": codes.SMITH,
}


@dataclass(frozen=True)
class Adaptive(LibraryPolicy):
    """Concede along a curve of knots, return the other side's concessions, trade off.

    The curve. At relative time t, with s = t^(1/beta), the part G(s) of what may be conceded is
    conceded: G is linear between its knots, 0 at s = 0, `conceded[i]` at s = (i + 1) / (n + 1) and
    1 at s = 1. The curve holds out for the share

        c(t) = floor + (1 - floor) (1 - k) (1 - G(s)),

    so it opens at 1 - k (1 - floor) and ends at `floor`; in the last `patience` rounds of a
    session it holds out for `final` at most.

    The other side. Let x_1 and x_n be the shares of the first and the last offer received, and D
    the number of different ones, or of its own offers if that is less. The target is

        a = min(c(t) - reciprocity max(x_n - x_1, 0), the share of the outcome ranked M),

    with M = floor(matching D) counted from its best outcome, which has rank 0, and without the
    second term where `matching` is 0. It lies between `least` and 1, and never below the
    reservation.

    The offer. `by` says which outcome at the target is offered:

    - "closest": the one with the smallest own utility at or above it, as `TimeDependent`;
    - "known": of all at or above it the best for the other side as the problem has it, of equals
      the best for itself, then the lowest row (two parties only);
    - "similarity", "hardheaded", "smith": of those up to `band` above it, at most 64, as
      `TradeOff`.

    So it is `TimeDependent` where `conceded` is empty or ((1 / (n + 1)), (2 / (n + 1)), ...) and
    the rest is left as it is; tit-for-tat in absolute form where floor and reciprocity are 1 (in
    the limit of many outcomes, as it counts in targets, not in what was offered); and MiCRO,
    except that it repeats its last offer rather than any earlier one, where floor and matching
    are 1.

    Parameters
    ----------
    beta : float
        Concession rate, finite and > 0, as in `TimeDependent`: at which times the knots lie.
    floor : float
        Share of the attainable gain that the curve still demands at the deadline, in [0, 1].
    k : float
        Share of what the curve may concede that it concedes at once, in [0, 1].
    conceded : sequence of float
        Share of the rest conceded by each knot, in [0, 1], never falling; at most 64.
    patience : int
        Rounds before the deadline, its last ones, in which the curve is at most `final`.
    final : float
        Share of the attainable gain, in [0, 1].
    reciprocity : float
        Part of the other side's concession that is returned, in own gain for own gain, >= 0.
    matching : float
        Outcomes of the own ranking conceded for each new outcome received, >= 0; 0 for none.
    least : float
        Share below which it never goes whatever it returns, in [0, 1].
    by : {"closest", "known", "similarity", "hardheaded", "smith"}
    band : float
        Width of the level at the target, as a share of the attainable gain, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    Raises
    ------
    InvalidArgumentError
        Naming the parameter out of range.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents", Robotics
    and Autonomous Systems 24 (1998), for curves and imitation; the same, "Using similarity
    criteria to make issue trade-offs in automated negotiations", Artificial Intelligence 142
    (2002); de Jonge, "An analysis of the linear bilateral ANAC domains using the MiCRO benchmark
    strategy", IJCAI 2022.

    Examples
    --------
    >>> Adaptive(floor=0.2, conceded=(0.1, 0.25, 0.5)).aspiration([0, 0.25, 0.5, 0.75, 1])
    array([1.  , 0.92, 0.8 , 0.6 , 0.2 ])
    """

    beta: float = 1.0
    floor: float = 0.0
    k: float = 0.0
    conceded: tuple[float, ...] = ()
    patience: int = 0
    final: float = 0.0
    reciprocity: float = 0.0
    matching: float = 0.0
    least: float = 0.0
    by: Literal["closest", "known", "similarity", "hardheaded", "smith"] = "closest"
    band: float = 0.05
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        keep_positive(self, "beta")
        keep_shares(self, "floor", "k", "final", "least", "band")
        object.__setattr__(self, "conceded", _knots(self.conceded))
        patience = whole_number("patience", self.patience, at_least=0, error=InvalidArgumentError)
        object.__setattr__(self, "patience", min(patience, LONGEST_DEADLINE))
        for name in ("reciprocity", "matching"):
            number = finite_number(
                name, getattr(self, name), at_least=0, error=InvalidArgumentError
            )
            object.__setattr__(self, name, number)
        if not isinstance(self.by, str) or self.by not in PICKS:
            raise InvalidArgumentError.at("by", f"one of {', '.join(PICKS)}", self.by)
        check_acceptance(self.acceptance)

    @property
    def opening(self) -> float:
        """Share of its attainable gain that it holds out for at the start."""
        return 1.0 - self.k * (1.0 - self.floor)

    @property
    def draws(self) -> bool:
        return False

    @property
    def responds(self) -> bool:
        """Whether what it offers depends on the other side's offers."""
        return self.reciprocity > 0 or self.matching > 0 or PICKS[self.by] > codes.KNOWN

    @property
    def is_planned(self) -> bool:
        """Whether its whole course is known beforehand."""
        return not (self.responds or getattr(self.acceptance, "looks_back", False))

    def aspiration(self, time: Any) -> Any:
        """Return what the curve holds out for at relative times, before the last rounds."""
        times = relative_times(time)
        shares = self._curve(np.ascontiguousarray(times.ravel()), patience=0)
        return float(shares[0]) if times.ndim == 0 else shares.reshape(times.shape)

    def aspirations(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the curve holds out for in every round, the last ones included."""
        return self._curve(times, patience=self.patience)

    def plan(self, view: PartyView, times: NDArray[np.float64]) -> Plan:
        """Say what to offer and what to accept in each round.

        Raises
        ------
        InvalidArgumentError
            If that depends on the offers so far.
        """
        if not self.is_planned:
            raise InvalidArgumentError.at(
                "plan", "a policy and an acceptance condition that do not look back", self
            )
        if not view.has_rational_outcome:
            return Plan.to_leave(len(times))
        rows = self._rows(view, times)
        return Plan(rows, self.acceptance.thresholds(view, times, rows))

    def offer(self, turn: Turn) -> int:
        view = turn.view
        rank = self._rank(turn)
        if self.by == "known":
            return int(view.suited[rank])
        if self.by == "closest" or not turn.received:
            return int(view.order[rank])
        return best_in_band(turn, rank, self.by, self.band)

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side:
        if PICKS[self.by] > codes.KNOWN and view.space is None:
            raise UnsupportedProblemError.at("a trade-off", "a view of outcomes", "levels")
        if self.by == "known":
            view.suited  # noqa: B018 - refuses more than two parties
        if not self.responds:
            rows = self._rows(view, times)
            if self.is_planned:
                least = self.acceptance.thresholds(view, times, rows)
                return Side(codes.PLAN, rows=rows, least=least)
            return Side(codes.PLAN, rows=rows, program=self.acceptance.program())
        return Side(
            codes.ADAPTIVE,
            pick=PICKS[self.by],
            least=self.aspirations(times),
            program=self.acceptance.program(),
            floor=self.least,
            band=self.band,
            reciprocity=self.reciprocity,
            matching=self.matching,
        )

    def _curve(self, times: NDArray[np.float64], *, patience: int) -> NDArray[np.float64]:
        from bargain.kernels.adaptive import fill_curves

        given = (self.beta, self.k, self.floor, self.final, float(patience), *self.conceded)
        shares = np.empty((1, len(times)))
        fill_curves(np.array([given]), times, shares)
        return np.asarray(shares[0])

    def _rows(self, view: PartyView, times: NDArray[np.float64]) -> NDArray[np.int64]:
        rows = view.rows_at(np.maximum(self.aspirations(times), self.least))
        if self.by == "closest":
            return rows
        return view.suited[np.searchsorted(view.ascending, view.utilities[rows])]

    def _rank(self, turn: Turn) -> int:
        share = float(self.aspirations(turn.times)[turn.next_round])
        if self.reciprocity > 0 and turn.received:
            first, last = turn.share(turn.received[0]), turn.share(turn.received[-1])
            share -= self.reciprocity * max(last - first, 0.0)
        rank = _rank_at(turn.view, min(max(share, self.least), 1.0))
        if self.matching > 0:
            new = min(len(set(turn.received)), len(turn.sent))
            matched = turn.view.rank_below_best(self.matching * new)
            if matched < rank:
                rank = max(matched, _rank_at(turn.view, self.least))
        return rank


def _rank_at(view: PartyView, share: float) -> int:
    row = view.rows_at(np.array([share]))[0]
    return int(np.searchsorted(view.ascending, view.utilities[row]))


def _knots(given: Any) -> tuple[float, ...]:
    expected = f"at most {MOST_KNOTS} numbers in [0, 1], never falling"
    if isinstance(given, str) or not isinstance(given, tuple | list | np.ndarray):
        raise InvalidArgumentError.at("conceded", expected, given)
    knots = tuple(
        unit_number(f"conceded[{i}]", share, error=InvalidArgumentError)
        for i, share in enumerate(given)
    )
    if len(knots) > MOST_KNOTS or list(knots) != sorted(knots):
        raise InvalidArgumentError.at("conceded", expected, given)
    return knots
