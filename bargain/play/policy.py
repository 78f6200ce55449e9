"""What a session needs of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.play.view import PartyView


@dataclass(frozen=True, eq=False)
class Plan:
    """What a party will do in each round, whatever the other side does.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_rounds,)
        The outcome it offers in a round if it is the one to propose.
    thresholds : ndarray of float64, shape (n_rounds,)
        The least own utility it accepts in a round if it is the one to answer; infinity accepts
        nothing.
    stays : int or None
        The round in which it walks away at its first turn to speak; None if it never does.
    """

    rows: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    stays: int | None = None

    @classmethod
    def to_leave(cls, n_rounds: int) -> Plan:
        """Make the plan of a party that walks away at once: nothing can be gained."""
        rows = np.full(n_rounds, -1, dtype=np.int64)
        return cls(rows, np.full(n_rounds, np.inf), stays=0)


@runtime_checkable
class Policy(Protocol):
    """A policy that does not look at the other side: its whole course is known beforehand.

    Write your own as a frozen object with this one method. It must not change by being asked,
    and must answer the same for the same view and times.
    """

    def plan(self, view: PartyView, times: NDArray[np.float64]) -> Plan:
        """Say what to offer and what to accept in each round.

        Parameters
        ----------
        view : PartyView
            The party's own side of the problem.
        times : ndarray, shape (n_rounds,)
            Relative time of each round, from 0 to 1, as `round_times` has it.
        """
        ...


def plan_of(policy: Policy, view: PartyView, times: NDArray[np.float64]) -> Plan:
    """Ask a policy for its plan and check that it can be played.

    `stays` is filled in, and rows from there on are -1.

    Raises
    ------
    InvalidArgumentError
        If the plan has the wrong length, offers a row that does not exist or that breaks a
        constraint, or holds NaN.
    """
    plan = policy.plan(view, times)
    where = f"plan of {view.party} by {type(policy).__name__}"
    if not isinstance(plan, Plan):
        raise InvalidArgumentError.at(where, "a Plan", plan)
    n_rounds = len(times)
    stays = n_rounds
    if plan.stays is not None:
        left = whole_number(f"{where}: stays", plan.stays, at_least=0, error=InvalidArgumentError)
        stays = min(left, n_rounds)
    rows = _array(f"{where}: rows", plan.rows, np.int64, n_rounds)
    thresholds = _array(f"{where}: thresholds", plan.thresholds, np.float64, n_rounds)
    offered = rows[:stays]
    if offered.size and not (offered.min() >= 0 and offered.max() < len(view.utilities)):
        raise InvalidArgumentError.at(
            f"{where}: rows", f"rows from 0 to {len(view.utilities) - 1}", offered
        )
    forbidden = offered[np.isneginf(view.utilities[offered])]
    if forbidden.size:
        raise InvalidArgumentError.at(
            f"{where}: rows", "outcomes that meet the constraints", forbidden
        )
    if np.isnan(thresholds).any():
        raise InvalidArgumentError.at(f"{where}: thresholds", "no NaN", thresholds)
    return Plan(np.where(np.arange(n_rounds) < stays, rows, -1), thresholds, stays)


def _array(where: str, given: Any, dtype: type, length: int) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.ascontiguousarray(given).astype(
            dtype, casting="same_kind", copy=False
        )
    except TypeError:
        raise InvalidArgumentError.at(where, f"{np.dtype(dtype)} numbers", given) from None
    if array.shape != (length,):
        raise InvalidArgumentError.at(where, f"shape ({length},)", array.shape)
    return array
