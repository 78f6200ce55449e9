"""Several packages worth the same to me, each as good as possible for the other side (MESO)."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import UnsupportedProblemError
from bargain.model import BargainingProblem, Outcome
from bargain.play import PartyView
from bargain.solve import best_offer
from bargain.solve.best_offer import most_for

BAND = 0.02
"""Packages offered together differ by at most this share of my attainable gain."""

LADDER = 1001
"""Levels of own utility that stand for a continuous problem when a policy is asked."""


class Menu(Protocol):
    """The outcomes a party can offer, sorted by what they are worth to it."""

    view: PartyView

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return up to `count` outcomes worth at least `target` to the party, best one first."""
        ...


def menu(problem: BargainingProblem, party: int) -> Menu:
    """Return what a party can offer, by the problem's structure.

    Raises
    ------
    UnsupportedProblemError
        For choices mixed with continuous issues, or continuous with three and more parties.
    """
    if problem.space.is_finite:
        return FiniteMenu(problem, party)
    if problem.n_parties > 2 or any(issue.is_finite for issue in problem.space.issues):
        raise UnsupportedProblemError.at(
            "an anchor",
            "a finite problem, or two parties and continuous issues only (see discretized())",
            problem,
        )
    return ContinuousMenu(problem, party)


class FiniteMenu:
    """Every outcome of a finite problem."""

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        self.view = PartyView.of(problem, party)
        others = np.delete(problem.utilities(), party, axis=1)
        spread = np.ptp(others, axis=0)
        shares = (others - others.min(axis=0)) / np.where(spread > 0, spread, 1.0)
        self.worth_to_others: NDArray[np.float64] = shares.min(axis=1)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the best for the others at or above the target, then others in the band.

        The first is `best_offer`. The next ones are worth to me between the target and `BAND`
        above the first package, and differ from every package before in as many issues as can
        be had, at least one; among those the best for the others come first.
        """
        own = self.view.utilities
        first = self.problem.space.row(best_offer(self.problem, party=self.party, at_least=target))
        width = BAND * (self.view.best - self.view.reservation)
        limit = max(float(own[first]), target) + width
        rows = np.flatnonzero((own >= target) & (own <= limit))
        rows = rows[np.argsort(-self.worth_to_others[rows], kind="stable")]
        # what is much worse for the others is no alternative to them
        near = self.worth_to_others[rows] >= 0.75 * self.worth_to_others[first]
        rows = rows[near][:CANDIDATES]
        chosen = [first]
        outcomes = {int(row): self.problem.space.outcome(int(row)) for row in [first, *rows]}
        while len(chosen) < count:
            distances = {
                row: min(_distance(outcomes[row], outcomes[taken]) for taken in chosen)
                for row in map(int, rows)
            }
            row = max(distances, key=distances.__getitem__, default=first)
            if distances.get(row, 0) == 0:
                break
            chosen.append(row)
        return [outcomes[row] for row in chosen]


CANDIDATES = 64
"""Most outcomes looked at for diversity."""


class ContinuousMenu:
    """The frontier of a continuous two-party problem."""

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        best = most_for(problem, party)
        reservation = float(problem.disagreement_point[party])
        levels = np.linspace(min(reservation, best), best, LADDER)
        levels.setflags(write=False)
        order = np.arange(LADDER)
        self.view = PartyView(problem.parties[party], levels, reservation, order, levels)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the one efficient package worth the target: no other is as good for both."""
        return [best_offer(self.problem, party=self.party, at_least=target)]


def _distance(a: Outcome, b: Outcome) -> int:
    return sum(a[issue] != b[issue] for issue in a)
