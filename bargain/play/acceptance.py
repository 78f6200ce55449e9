"""When to accept: conditions from the literature, one class each, joined by `|` and `&`.

None accepts an outcome below the reservation, compared exactly. Shares are of the attainable
gain, (u - r) / (u_max - r), so that conditions do not depend on the scale of utilities.

References
----------
Baarslag, Hindriks and Jonker, "Effective acceptance conditions in real-time automated
negotiation", Decision Support Systems 60 (2014), whose names stand in brackets below.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.model.numbers import finite_number, positive_number, unit_number
from bargain.play.view import PartyView

if TYPE_CHECKING:
    from bargain.play.turn import Turn

Program = tuple[tuple[int, float, float], ...]


class Acceptance(ABC):
    """When a party says yes to an offer that is worth at least its reservation."""

    looks_back: bool = True
    """Whether it depends on the offers so far; if not, `thresholds` says all there is."""

    @abstractmethod
    def accepts(self, turn: Turn, upcoming: float) -> bool:
        """Say whether to accept the offer on the table.

        Parameters
        ----------
        turn : Turn
            A turn to answer.
        upcoming : float
            Own utility of what the party would offer next.
        """

    @abstractmethod
    def program(self) -> Program:
        """Return the condition as the compiled table reads it (`bargain.kernels.sides`)."""

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the least own utility accepted in each round, shape (n_rounds,).

        Parameters
        ----------
        view : PartyView
            The party's own side of the problem.
        times : ndarray, shape (n_rounds,)
        rows : ndarray of int64, shape (n_rounds,)
            The outcome the party would offer in each round, were it the one to propose.

        Raises
        ------
        NotImplementedError
            Where `looks_back`.
        """
        raise NotImplementedError(f"{type(self).__name__} depends on the offers so far")

    def __or__(self, other: Acceptance) -> AcceptAny:
        """Accept when either does."""
        return AcceptAny((self, other))

    def __and__(self, other: Acceptance) -> AcceptAll:
        """Accept when both do."""
        return AcceptAll((self, other))


@dataclass(frozen=True)
class AcceptNext(Acceptance):
    """Accept what is at least as good as what I would offer next [AC_next(scale, offset)].

    In round r an offer worth u to me is accepted if and only if u >= my reservation and

        scale * x + offset >= y,

    with x the share of the offer and y that of my own next offer. My next offer is the one I
    would make in round r + 1; in the last round, which has no next, it is the one I would make in
    that round itself. With scale 1 and offset 0 the utilities themselves are compared exactly,
    otherwise shares in float64. Where there is nothing to gain (u_max equals the reservation),
    every outcome at the reservation is accepted.

    Parameters
    ----------
    scale : float
        Finite, > 0; above 1 accepts sooner.
    offset : float
        Finite, in shares of the attainable gain; above 0 accepts sooner.
    """

    scale: float = 1.0
    offset: float = 0.0

    looks_back = False

    def __post_init__(self) -> None:
        _check_line(self)

    def accepts(self, turn: Turn, upcoming: float) -> bool:
        return _on_line(turn, self.scale, self.offset, upcoming)

    def program(self) -> Program:
        return ((codes.NEXT, self.scale, self.offset),)

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        from bargain.kernels.sessions import accept_next

        least = np.empty(len(times))
        own = view.utilities[rows]
        accept_next(own, view.ascending, view.reservation, self.scale, self.offset, least)
        return least


@dataclass(frozen=True)
class AcceptPrevious(Acceptance):
    """Accept what is at least as good as my own last offer [AC_prev(scale, offset)].

    As `AcceptNext`, with my last offer for the next one. With scale 1 it accepts when the gap
    between the offer and mine is at most `offset` [AC_gap(offset)]. Before my first offer it
    accepts nothing.

    Parameters
    ----------
    scale : float
        Finite, > 0.
    offset : float
        Finite, in shares of the attainable gain.
    """

    scale: float = 1.0
    offset: float = 0.0

    def __post_init__(self) -> None:
        _check_line(self)

    def accepts(self, turn: Turn, upcoming: float) -> bool:
        if not turn.sent:
            return False
        return _on_line(turn, self.scale, self.offset, turn.utility(turn.sent[-1]))

    def program(self) -> Program:
        return ((codes.PREVIOUS, self.scale, self.offset),)


@dataclass(frozen=True)
class AcceptAbove(Acceptance):
    """Accept what gives me at least a share of my attainable gain [AC_const(share)].

    Parameters
    ----------
    share : float
        In [0, 1].
    """

    share: float

    looks_back = False

    def __post_init__(self) -> None:
        _check_unit(self, "share")

    def accepts(self, turn: Turn, upcoming: float) -> bool:
        return turn.share(turn.rows[-1]) >= self.share

    def program(self) -> Program:
        return ((codes.ABOVE, self.share, 0.0),)

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        from bargain.kernels.targets import share_of

        rational = view.ascending[np.searchsorted(view.ascending, view.reservation) :]
        # shares never fall as utilities rise
        met = bisect_left(
            rational, self.share, key=lambda u: share_of(u, view.reservation, view.best)
        )
        return np.full(len(times), rational[met] if met < len(rational) else np.inf)


@dataclass(frozen=True)
class AcceptAfter(Acceptance):
    """Accept anything at or above the reservation from a time on [AC_time(time)].

    Parameters
    ----------
    time : float
        Relative time, in [0, 1].
    """

    time: float

    looks_back = False

    def __post_init__(self) -> None:
        _check_unit(self, "time")

    def accepts(self, turn: Turn, upcoming: float) -> bool:
        return turn.time >= self.time

    def program(self) -> Program:
        return ((codes.AFTER, self.time, 0.0),)

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        return np.where(times >= self.time, view.reservation, np.inf)


@dataclass(frozen=True)
class AcceptBest(Acceptance):
    """Accept what is at least as good for me as the offers received before it.

    Parameters
    ----------
    measure : {"best", "mean"}
        As good as the best of them [MAX], or as their mean, in shares [AVG].
    window : {"all", "remaining"}
        All earlier offers, or those from a window as long as the time that remains: at time t,
        offers made at or after t - (1 - t) [MAX^W, AVG^W]. With none in it the condition holds.
    """

    measure: Literal["best", "mean"] = "best"
    window: Literal["all", "remaining"] = "all"

    def __post_init__(self) -> None:
        for name, allowed in (("measure", ("best", "mean")), ("window", ("all", "remaining"))):
            if getattr(self, name) not in allowed:
                raise InvalidArgumentError.at(
                    name, f"{allowed[0]!r} or {allowed[1]!r}", getattr(self, name)
                )

    def accepts(self, turn: Turn, upcoming: float) -> bool:
        since = 2.0 * turn.time - 1.0 if self.window == "remaining" else -1.0
        earlier = zip(turn.received[:-1], turn.received_rounds, strict=False)
        shares = [turn.share(row) for row, round in earlier if turn.times[round] >= since]
        if not shares:
            return True
        least = max(shares) if self.measure == "best" else _total(shares) / len(shares)
        return turn.share(turn.rows[-1]) >= least

    def program(self) -> Program:
        op = codes.BEST if self.measure == "best" else codes.MEAN
        return ((op, float(self.window == "remaining"), 0.0),)


@dataclass(frozen=True)
class _Joined(Acceptance):
    """Several conditions, at least two, joined by what a subclass says."""

    conditions: tuple[Acceptance, ...]

    _op: ClassVar[int]
    _holds: ClassVar[Callable[[Iterable[bool]], bool]]
    _least: ClassVar[Callable[..., Any]]

    def __post_init__(self) -> None:
        given = self.conditions
        if not isinstance(given, tuple | list) or len(given) < 2:
            raise InvalidArgumentError.at("conditions", "two or more acceptance conditions", given)
        for i, part in enumerate(given):
            if not isinstance(part, Acceptance):
                raise InvalidArgumentError.at(f"conditions[{i}]", "an acceptance condition", part)
        object.__setattr__(self, "conditions", tuple(given))
        length = len(self.program())
        if length > LONGEST_PROGRAM:
            raise InvalidArgumentError.at("conditions", f"at most {LONGEST_PROGRAM} in all", length)

    @property
    def looks_back(self) -> bool:  # type: ignore[override]
        """Whether one of the conditions does."""
        return any(part.looks_back for part in self.conditions)

    def accepts(self, turn: Turn, upcoming: float) -> bool:
        return type(self)._holds(part.accepts(turn, upcoming) for part in self.conditions)

    def program(self) -> Program:
        program = list(self.conditions[0].program())
        for part in self.conditions[1:]:
            program += [*part.program(), (self._op, 0.0, 0.0)]
        return tuple(program)

    def thresholds(
        self, view: PartyView, times: NDArray[np.float64], rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        parts = [part.thresholds(view, times, rows) for part in self.conditions]
        return np.asarray(type(self)._least(parts, axis=0))


@dataclass(frozen=True)
class AcceptAny(_Joined):
    """Accept when one of several conditions does; also written `a | b`.

    Parameters
    ----------
    conditions : sequence of Acceptance
        At least two.
    """

    _op = codes.ANY
    _holds = any
    _least = np.min


@dataclass(frozen=True)
class AcceptAll(_Joined):
    """Accept when all of several conditions do; also written `a & b`.

    Parameters
    ----------
    conditions : sequence of Acceptance
        At least two.
    """

    _op = codes.ALL
    _holds = all
    _least = np.max


def accept_combined(
    time: float,
    *,
    measure: Literal["best", "mean"] = "best",
    window: Literal["all", "remaining"] = "remaining",
    scale: float = 1.0,
    offset: float = 0.0,
) -> AcceptAny:
    """Return AC_combi(time): AC_next at any time, from `time` on also what beats earlier offers.

    Parameters
    ----------
    time : float
        Relative time, in [0, 1].
    measure, window
        As in `AcceptBest`; by default MAX^W, the best of the recommended conditions.
    scale, offset : float
        As in `AcceptNext`.

    Examples
    --------
    >>> accept_combined(0.99).conditions[0]
    AcceptNext(scale=1.0, offset=0.0)
    """
    return AcceptNext(scale, offset) | (AcceptAfter(time) & AcceptBest(measure, window))


def _check_line(condition: Any) -> None:
    scale = positive_number("scale", condition.scale, error=InvalidArgumentError)
    object.__setattr__(condition, "scale", scale)
    offset = finite_number("offset", condition.offset, error=InvalidArgumentError)
    object.__setattr__(condition, "offset", offset)


def _check_unit(condition: Any, name: str) -> None:
    number = unit_number(name, getattr(condition, name), error=InvalidArgumentError)
    object.__setattr__(condition, name, number)


LONGEST_PROGRAM = 31
"""Most conditions in one, those that join counted."""


def _total(shares: list[float]) -> float:
    """Add in order: sum() and numpy round otherwise than the compiled table."""
    total = 0.0
    for share in shares:
        total += share
    return total


def _on_line(turn: Turn, scale: float, offset: float, mine: float) -> bool:
    from bargain.kernels.targets import share_of

    row, view = turn.rows[-1], turn.view
    if view.best <= view.reservation:
        # nothing to gain: the reservation itself is all there is to wait for
        return True
    if scale == 1.0 and offset == 0.0:
        return turn.utility(row) >= mine
    return bool(scale * turn.share(row) + offset >= share_of(mine, view.reservation, view.best))
