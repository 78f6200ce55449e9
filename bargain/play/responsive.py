"""What the library's policies have in common, whether or not they look at the other side."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.kernels import sides as codes
from bargain.play.acceptance import Acceptance
from bargain.play.turn import Answer, Turn
from bargain.play.view import PartyView


@dataclass(frozen=True, eq=False)
class Side:
    """A policy in one seat, as the compiled table plays it (`bargain.kernels.table`).

    Attributes
    ----------
    rule, pick : int
        What it offers, and which outcome at its target.
    shares : ndarray, shape (n_rounds,), or None
        Share of its gain that a plan holds out for.
    rows : ndarray of int64, shape (n_rounds,), or None
        What a plan or a script offers.
    least : ndarray, shape (n_rounds,), or None
        What it accepts, where that is known beforehand; of an adaptive side, what its curve holds
        out for.
    program : tuple of (op, a, b)
        Its acceptance condition, where it is not.
    floor, noise, band, reciprocity, matching : float
    delay : int
    stays : int or None
        The round in which it leaves.
    """

    rule: int
    pick: int = codes.CLOSEST
    shares: NDArray[np.float64] | None = None
    rows: NDArray[np.int64] | None = None
    least: NDArray[np.float64] | None = None
    program: tuple[tuple[int, float, float], ...] = ()
    floor: float = 0.0
    noise: float = 0.0
    band: float = 0.0
    reciprocity: float = 0.0
    matching: float = 0.0
    delay: int = 1
    stays: int | None = None

    @property
    def is_path(self) -> bool:
        """Whether its whole course is known beforehand."""
        return self.rule == codes.PLAN and self.pick == codes.CLOSEST and not self.program


class LibraryPolicy(ABC):
    """A policy of the library: what it offers, when it accepts, and both in compiled form."""

    acceptance: Acceptance

    @property
    @abstractmethod
    def draws(self) -> bool:
        """Whether it may answer the same offers in another way another time."""

    @property
    def has_side(self) -> bool:
        """Whether it has a compiled form."""
        return True

    @abstractmethod
    def offer(self, turn: Turn) -> int:
        """Return the row it would offer in round `turn.next_round` after all offers so far."""

    @abstractmethod
    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side | None:
        """Return its compiled form, None if it has none.

        The view has an outcome at or above the reservation.
        """

    def act(self, turn: Turn) -> Answer | int:
        """Propose, accept or reject; walk away where nothing reaches the reservation."""
        if not turn.view.has_rational_outcome:
            return Answer.LEAVE
        if not turn.is_answer:
            return self.offer(turn)
        row = turn.rows[-1]
        if turn.utility(row) < turn.view.reservation:
            return Answer.REJECT
        accepted = self.acceptance.accepts(turn, turn.utility(self.offer(turn)))
        return Answer.ACCEPT if accepted else Answer.REJECT

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the policy to a file that `load_policy` reads back exactly."""
        from bargain.play.policy_file import save_policy

        save_policy(self, path)
