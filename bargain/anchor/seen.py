"""What a policy sees of a history: offers as rows of its view, also those that no list has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.belief import nearest
from bargain.anchor.guard import Guard
from bargain.anchor.history import Heard
from bargain.anchor.levels import best_worths, can_rank
from bargain.anchor.packages import Menu
from bargain.errors import UnsupportedProblemError
from bargain.model import BargainingProblem, Outcome
from bargain.play import PartyView
from bargain.play.models import IssueValues


@dataclass(frozen=True, eq=False, kw_only=True)
class SeenView(PartyView):
    """A view with rows at its end for outcomes that were offered and that it does not list.

    They are worth what they are worth, but are never chosen: `order` and `ascending` are those of
    the list.

    Attributes
    ----------
    listed : int
        Rows of the list.
    ranked : ndarray of int64 or None
        On levels of utility: rows of the party's best outcomes, the best first, as many as are
        needed; None where outcomes cannot be ranked.
    added : tuple of Outcome
        What the last rows stand for.
    near : ndarray of int64, shape (n_added,)
        The rows of the list that are nearest to them, for models; empty on levels.
    """

    listed: int
    ranked: NDArray[np.int64] | None
    added: tuple[Outcome, ...]
    near: NDArray[np.int64]

    @cached_property
    def ranking(self) -> NDArray[np.int64]:
        """Rows that may be agreed, from the best down, as far as they are needed."""
        if self.space is not None:
            return self._list.ranking
        if self.ranked is None:
            raise UnsupportedProblemError.at("a ranking", "a view of outcomes", "levels")
        return self.ranked

    def rank_below_best(self, places: float) -> int:
        """Return the rank of the outcome so many places below the best, on levels its level.

        Where outcomes cannot be ranked there are more of them beside the best than can be counted.
        """
        if self.space is not None:
            return super().rank_below_best(places)
        top = len(self.ascending) - 1
        if self.ranked is None:
            return top
        worth = self.utilities[self.ranked[min(int(places), len(self.ranked) - 1)]]
        return min(int(np.searchsorted(self.ascending, worth)), top)

    @cached_property
    def issue_values(self) -> IssueValues:
        """The values of the outcomes listed, and the nearest of those that were added."""
        values = self._list.issue_values
        return replace(values, digits=np.concatenate([values.digits, values.digits[self.near]]))

    def row(self, outcome: Any) -> int:
        """Return the row of an outcome that is listed or was offered."""
        place = None
        if self.added and isinstance(outcome, Mapping):
            with suppress(TypeError):
                # a value that cannot be hashed is one of no issue
                place = self._places.get(Outcome(outcome))
        return super().row(outcome) if place is None else self._first_added + place

    def outcome(self, row: int) -> Outcome:
        """Return the outcome at a row."""
        first = self._first_added
        return self.added[row - first] if row >= first else super().outcome(row)

    def space_rows(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return where rows stand in the space, the nearest for those that were added."""
        known = np.concatenate([np.arange(self.listed), self.near])
        return np.asarray(known[rows])

    @property
    def _first_added(self) -> int:
        """The row of the first outcome that was added."""
        return len(self.utilities) - len(self.added)

    @cached_property
    def _places(self) -> dict[Outcome, int]:
        """Where each outcome that was added stands among them."""
        return {outcome: place for place, outcome in enumerate(self.added)}

    @cached_property
    def _list(self) -> PartyView:
        """The list alone."""
        return PartyView(
            self.party,
            self.utilities[: self.listed],
            self.reservation,
            self.order,
            self.ascending,
            self.space,
        )


def seen(
    menu: Menu, problem: BargainingProblem, guard: Guard, offers: Sequence[Heard], *, ranks: int
) -> tuple[PartyView, list[int | None]]:
    """Return what a party sees, and the row of each offer of the others.

    Parameters
    ----------
    menu : Menu
        What the party can offer.
    problem : BargainingProblem
        What the menu is made of.
    guard : Guard
    offers : sequence of Heard
    ranks : int
        How many of its best outcomes have to be ranked on levels, where they can be.

    Returns
    -------
    view : PartyView
    rows : list
        None for its own offers, and for what it may not agree to: what is no outcome, or breaks a
        constraint or a limit.
    """
    view, party = menu.view, guard.party
    rows: list[int | None] = []
    places: dict[Outcome, int] = {}
    added: list[float] = []
    ranked = None
    best: NDArray[np.float64] = np.empty(0)
    if view.space is None and ranks and can_rank(problem):
        best = best_worths(problem, party, ranks)
        ranked = np.arange(len(best)) + len(view.utilities)
    first = len(view.utilities) + len(best)
    for offer in offers:
        worth = None if offer.party == party else _worth(guard, offer)
        if worth is None or offer.outcome is None:
            rows.append(None)
        elif view.space is not None and offer.outcome in view.space:
            rows.append(view.row(offer.outcome))
        else:
            place = places.setdefault(offer.outcome, len(places))
            if place == len(added):
                added.append(worth)
            rows.append(first + place)
    if not added and not len(best):
        return view, rows
    near = np.empty(0, dtype=np.int64)
    theirs = view.theirs
    if view.space is not None:
        space = view.space
        near = np.array([view.row(nearest(space, each)) for each in places], dtype=np.int64)
        theirs = None if theirs is None else np.concatenate([theirs, theirs[near]])
    utilities = np.concatenate([view.utilities, best, added])
    utilities.setflags(write=False)
    wider = SeenView(
        party=view.party,
        utilities=utilities,
        reservation=view.reservation,
        order=view.order,
        ascending=view.ascending,
        space=view.space,
        theirs=theirs,
        listed=len(view.utilities),
        ranked=ranked,
        added=tuple(places),
        near=near,
    )
    return wider, rows


def _worth(guard: Guard, offer: Heard) -> float | None:
    """Return what an offer is worth; None if it is nothing that may be agreed at any price."""
    worth = guard.worth(offer.outcome)
    if worth is None or guard.broken_by(offer.outcome) or guard.limits_broken_by(offer.outcome):
        return None
    return worth
