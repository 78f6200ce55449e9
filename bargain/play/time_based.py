"""What policies share that hold out for a share of their gain by the time alone."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.model.numbers import positive_number, unit_number
from bargain.play.policy import Plan
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.turn import Turn
from bargain.play.view import PartyView


class TimeBased(LibraryPolicy):
    """A policy whose offers follow its `aspiration`, whatever the other side does."""

    @abstractmethod
    def aspiration(self, time: Any) -> Any:
        """Return the share of its attainable gain it holds out for at relative times."""

    @property
    def draws(self) -> bool:
        return False

    @property
    def is_planned(self) -> bool:
        """Whether its acceptance, too, is known beforehand."""
        return not getattr(self.acceptance, "looks_back", False)

    def plan(self, view: PartyView, times: NDArray[np.float64]) -> Plan:
        """Say what to offer and what to accept in each round.

        Raises
        ------
        InvalidArgumentError
            If its acceptance condition depends on the offers so far.
        """
        if not self.is_planned:
            raise InvalidArgumentError.at(
                "plan", "an acceptance condition that does not look back", self.acceptance
            )
        if not view.has_rational_outcome:
            return Plan.to_leave(len(times))
        rows = view.rows_at(self.aspiration(times))
        return Plan(rows, self.acceptance.thresholds(view, times, rows))

    def offer(self, turn: Turn) -> int:
        shares = np.array([self.aspiration(float(turn.times[turn.next_round]))])
        return int(turn.view.rows_at(shares)[0])

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side:
        shares = self.aspiration(times)
        rows = view.rows_at(shares)
        if self.is_planned:
            least = self.acceptance.thresholds(view, times, rows)
            return Side(codes.PLAN, shares=shares, rows=rows, least=least)
        return Side(codes.PLAN, shares=shares, rows=rows, program=self.acceptance.program())


def relative_times(time: ArrayLike) -> NDArray[np.float64]:
    """Return relative times as an array, or raise."""
    times = np.asarray(time, dtype=np.float64)
    if times.size and not (times.min() >= 0 and times.max() <= 1):
        raise InvalidArgumentError.at("time", "relative time in [0, 1]", time)
    return times


def keep_shares(policy: Any, *names: str) -> None:
    """Keep fields of a frozen policy as floats in [0, 1], or raise an error that names one."""
    for name in names:
        share = unit_number(name, getattr(policy, name), error=InvalidArgumentError)
        object.__setattr__(policy, name, share)


def keep_positive(policy: Any, *names: str) -> None:
    """Keep fields of a frozen policy as floats above 0, or raise an error that names one."""
    for name in names:
        number = positive_number(name, getattr(policy, name), error=InvalidArgumentError)
        object.__setattr__(policy, name, number)


def check_acceptance(acceptance: Any) -> None:
    """Raise unless it is an acceptance condition."""
    if isinstance(acceptance, type) or not hasattr(acceptance, "thresholds"):
        raise InvalidArgumentError.at(
            "acceptance", "an acceptance condition such as AcceptNext()", acceptance
        )
