"""Several packages worth the same to me, each as good as possible for the other side (MESO)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.beside import CANDIDATES, NEAR, band, diverse, moved, room
from bargain.anchor.levels import ladder
from bargain.errors import (
    NoAgreementZoneError,
    NotConcaveError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.model import BargainingProblem, Issue, Outcome
from bargain.play import PartyView
from bargain.solve import BestOffers, best_offer
from bargain.solve.best_offer import ChainOffers, mixed_offer, most_for, shares_of_others
from bargain.solve.choices import Choices
from bargain.solve.conflicts import refuse_infeasible
from bargain.solve.mixed_offers import MixedOffers
from bargain.solve.offers_by_choice import choices_of
from bargain.solve.structure import is_enumerable, is_on_chain, is_separable
from bargain.solve.ties import TIE_TOLERANCE

DIFFERENT = 0.05
"""Share of the range of a numeric issue by which packages of real numbers differ, at least."""


class Menu(Protocol):
    """The outcomes a party can offer, sorted by what they are worth to it."""

    problem: BargainingProblem
    party: int
    view: PartyView
    looks: int
    """How many levels may be asked about in one advice: each costs a search where it is hard."""

    def best(self, target: float) -> Outcome:
        """Return the best outcome for the others that is worth at least `target` to the party."""
        ...

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return up to `count` outcomes worth at least `target` to the party, best one first."""
        ...


def menu(problem: BargainingProblem, party: int, *, is_fleeting: bool = False) -> Menu:
    """Return what a party can offer, by the problem's structure.

    Parameters
    ----------
    problem : BargainingProblem
    party : int
    is_fleeting : bool
        Whether it is asked about once only, so that a frontier does not pay.

    Raises
    ------
    UnsupportedProblemError
        Where no best offer can be had: it takes a grid.
    TooLargeError
        For a frontier with too many labels, beyond enumeration.
    """
    if problem.space.is_finite:
        if is_enumerable(problem):
            return EnumeratedMenu(problem, party)
        is_listed = is_separable(problem) and problem.n_parties == 2 and not is_fleeting
        return FrontierMenu(problem, party) if is_listed else SearchMenu(problem, party)
    if is_on_chain(problem):
        return ContinuousMenu(problem, party)
    try:
        choices = choices_of(problem)
        if choices is not None and MixedOffers.is_for(choices):
            return MixedMenu(choices, party)
        return SearchMenu(problem, party)
    except (UnsupportedProblemError, NotConcaveError, TooLargeError) as error:
        raise UnsupportedProblemError(
            f"an anchor: expected a problem that best_offer can solve, or a grid (grid=), got one "
            f"it refuses: {error}"
        ) from None


class EnumeratedMenu:
    """Every outcome of a finite problem that may be agreed."""

    looks = 32

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        self.view = PartyView.of(problem, party)
        self.offers = BestOffers(problem, party=party)
        rows = self.view.order
        shares = shares_of_others(problem, problem.utilities()[rows], party)
        # like the view's own utilities, minus infinity where a constraint is broken
        self.worth_to_others: NDArray[np.float64] = np.full(len(self.view.utilities), -np.inf)
        self.worth_to_others[rows] = shares.min(axis=1)

    def best(self, target: float) -> Outcome:
        """Return the best outcome for the others at or above the target."""
        return self.offers.at_least(target)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the best for the others at or above the target, then others in the band.

        The next ones are worth to me what the first one is, but for `BAND`, and at least the
        target, and differ from every package before in as many issues as can be had, at least
        one; among those the best for the others come first.
        """
        own = self.view.utilities
        best = self.offers.at_least(target)
        first = self.problem.space.row(best)
        low, high = band(self.view, own[first], target)
        rows = np.flatnonzero((own >= low) & (own <= high))
        rows = rows[np.argsort(-self.worth_to_others[rows], kind="stable")]
        # what is much worse for the others is no alternative to them
        near = self.worth_to_others[rows] >= NEAR * self.worth_to_others[first]
        options = [self.problem.space.outcome(int(row)) for row in rows[near][:CANDIDATES]]
        return diverse([best], options, count)

    def equals(self, outcome: Outcome, target: float) -> Iterator[Outcome]:
        """Yield the outcomes worth the same to all, but for rounding, and the target to me."""
        utilities, own = self.problem.utilities(), self.view.utilities
        row = self.problem.space.row(outcome)
        same = np.isfinite(own) & (own >= target)
        for column in utilities.T:
            same &= np.abs(column - column[row]) <= TIE_TOLERANCE * abs(column[row])
        for each in np.flatnonzero(same).tolist():
            yield self.problem.space.outcome(each)


class FrontierMenu:
    """The frontier of two parties' finite problem that is too large to enumerate."""

    looks = 32

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        self.offers = BestOffers(problem, party=party)
        self.view = ladder(problem, party, self.offers.most)

    def best(self, target: float) -> Outcome:
        """Return the best outcome for the other at or above the target."""
        return self.offers.at_least(target)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the best for the other at or above the target, then others in the band."""
        first = self.offers.position(target)
        levels = self.offers.levels
        _, top = band(self.view, levels[first], target)
        stop = int(np.searchsorted(levels, top, side="right"))
        picks = np.unique(np.linspace(first, max(stop - 1, first), CANDIDATES).astype(int))
        options = [self.offers.outcome(int(pick)) for pick in picks]
        return diverse(options[:1], options, count)


class ContinuousMenu:
    """The frontier of a continuous two-party problem."""

    looks = 8

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        self.offers = ChainOffers(problem, party)
        self.view = ladder(problem, party, self.offers.most)

    def best(self, target: float) -> Outcome:
        """Return the efficient outcome worth the target."""
        return self.offers.at_least(target)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the efficient package worth the target, then some with an issue moved."""
        first = self.best(target)
        return [first, *moved(self, first, target, count - 1)]


class MixedMenu:
    """Two parties' choices beside continuous issues, with one frontier for all choices."""

    looks = 8

    def __init__(self, choices: Choices, party: int) -> None:
        self.problem, self.party = choices.problem, party
        self.offers = MixedOffers(choices, party)
        if self.offers.most == -np.inf:
            refuse_infeasible(self.problem)
        self.view = ladder(self.problem, party, self.offers.most)

    def best(self, target: float) -> Outcome:
        """Return the best outcome for the other at or above the target."""
        return mixed_offer(self.problem, self.offers, target)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the best for the other at or above the target, then others in the band.

        The next ones settle the choices otherwise and the rest as is best for the other then; how
        much they differ is counted in ranges of numeric issues. Choices of which others are better
        for both come last, then a continuous issue is moved.
        """
        first = self.best(target)
        if count == 1:
            return [first]
        low, high, enough = room(self, self.problem, self.party, first, target)
        least = float(enough[1 - self.party])
        chosen = [first]
        for beaten in (False, True):
            found = self.offers.others(low, enough=least, count=CANDIDATES, beaten=beaten)
            options = [each.outcome for each in found if each.mine <= high]
            chosen = diverse(chosen, options, count, self._distance)
        if len(chosen) < count:
            kept = {each.name: first[each.name] for each in self._issues if each.is_finite}
            chosen += moved(self, first, target, count - len(chosen), kept=kept)
        return chosen

    def _distance(self, a: Outcome, b: Outcome) -> float:
        """Return in how many issues outcomes differ, numeric ones by the share of their range."""
        total = 0.0
        for issue in self._issues:
            if issue.kind == "choice":
                total += a[issue.name] != b[issue.name]
            else:
                low, high = issue.bounds
                total += abs(float(a[issue.name]) - float(b[issue.name])) / ((high - low) or 1.0)
        return total if total >= DIFFERENT else 0.0

    @property
    def _issues(self) -> tuple[Issue, ...]:
        return self.problem.space.issues


class SearchMenu:
    """A problem whose best offers are searched for one at a time, by `best_offer`."""

    looks = 2

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        self.view = ladder(problem, party, most_for(problem, party))

    def best(self, target: float) -> Outcome:
        """Return the best outcome for the others at or above the target.

        Raises
        ------
        NoAgreementZoneError
            If no outcome is worth the target, by more than the rounding of programs.
        """
        gain = self.view.best - self.view.reservation
        outcome: Outcome | None = None
        # programs meet a floor to within their tolerance, and so does the most they know of
        for step in (0.0, 1e-9, 1e-6, -1e-9, -1e-6):
            try:
                outcome = self._at(target + step * gain)
            except NoAgreementZoneError:
                continue
            if float(self.problem.evaluate(outcome)[self.party]) >= target:
                return outcome
        if outcome is None:
            return self._at(target)
        return outcome

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the best at the target, then others: with an issue moved, or at other levels."""
        options = [self.best(target)]
        if not self.problem.space.is_finite:
            return options + moved(self, options[0], target, count - 1)
        worth = float(self.problem.evaluate(options[0])[self.party])
        _, top = band(self.view, worth, target)
        for level in np.linspace(worth, min(top, self.view.best), count)[1:].tolist():
            if level > worth:
                option = self.best(level)
                if self.problem.evaluate(option)[self.party] <= top:
                    options.append(option)
        return diverse(options[:1], options, count)

    def _at(self, level: float) -> Outcome:
        return best_offer(self.problem, party=self.party, at_least=level)
