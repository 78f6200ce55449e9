"""How each side moved: concessions and other steps between its successive offers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.play.landmarks import Landmarks
from bargain.play.session import Session

MOVES = ("concession", "selfish", "unfortunate", "fortunate", "nice", "silent")
"""Kinds of moves, in the order in which they are counted."""

MOVE_TOLERANCE = 1e-9
"""How much of a party's attainable gain a change must exceed to be one."""

# by (sign of the change to oneself + 1, sign of the change to the other + 1)
_KINDS = np.array([[2, 0, 0], [2, 5, 4], [1, 1, 3]])


@dataclass(frozen=True, eq=False)
class Moves:
    """What kind of move each offer was, compared with the same party's offer before it.

    Attributes
    ----------
    kinds : tuple of str
        One per offer that has a predecessor, in the order of the offers.
    proposers : ndarray of int64, shape (n_moves,)
        Position of the party that made each.
    counts : ndarray of int64, shape (2, 6)
        How many of each kind each party made, kinds in the order of `MOVES`.
    """

    kinds: tuple[str, ...]
    proposers: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def rates(self) -> NDArray[np.float64]:
        """The share of each kind in each party's moves, shape (2, 6); NaN if it made none."""
        total = self.counts.sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, self.counts / np.maximum(total, 1), np.nan))


def concession_moves(session: Session) -> Moves:
    """Classify the moves of a session of two parties.

    A move leads from a party's offer to its next. With S what it changes for the party itself and
    O what it changes for the other, in true utilities:

    ============  ========  ========
    kind          S         O
    ============  ========  ========
    concession    S < 0     O >= 0
    selfish       S > 0     O <= 0
    unfortunate   S <= 0    O < 0
    fortunate     S > 0     O > 0
    nice          S = 0     O > 0
    silent        S = 0     O = 0
    ============  ========  ========

    A change counts as 0 up to 1e-9 of the party's attainable gain (`MOVE_TOLERANCE`; up to 1e-9 of
    its largest utility in magnitude where it has nothing to gain), so only rounding is passed
    over. Every move is of one kind.

    Raises
    ------
    UnsupportedProblemError
        For three and more parties.
    InvalidArgumentError
        If it is no session.

    References
    ----------
    Hindriks, Jonker and Tykhonov, "Analysis of Negotiation Dynamics", Cooperative Information
    Agents XI (CIA 2007), LNCS 4676; and "Negotiation Dynamics: Analysis, Concession Tactics, and
    Outcomes", IAT 2007.

    Examples
    --------
    >>> import bargain as bg
    >>> session = bg.alternating_offers(bg.load("rental"), ["linear", "hardliner"], deadline=10)
    >>> concession_moves(session).counts
    array([[2, 0, 0, 0, 0, 0],
           [0, 0, 0, 0, 0, 2]])
    """
    if not isinstance(session, Session):
        raise InvalidArgumentError.at("session", "a Session", session)
    problem = session.problem
    if problem.n_parties != 2:
        raise UnsupportedProblemError.at("concession moves", "two parties", problem.n_parties)
    marks = Landmarks.of(problem)
    span = marks.best - marks.disagreement
    size = np.where(span > 0, span, np.maximum(np.abs(marks.best), np.abs(marks.disagreement)))
    offers, proposers = session.offer_utilities, session.proposers
    kinds = np.full(len(offers), -1)
    for seat in (0, 1):
        own = np.flatnonzero(proposers == seat)
        changes = np.diff(offers[own], axis=0)
        signs = np.where(np.abs(changes) <= MOVE_TOLERANCE * size, 0, np.sign(changes)).astype(int)
        kinds[own[1:]] = _KINDS[signs[:, seat] + 1, signs[:, 1 - seat] + 1]
    moved = kinds >= 0
    counts = np.zeros((2, len(MOVES)), dtype=np.int64)
    np.add.at(counts, (proposers[moved], kinds[moved]), 1)
    return Moves(tuple(MOVES[kind] for kind in kinds[moved]), proposers[moved], counts)
