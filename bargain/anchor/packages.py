"""Several packages worth the same to me, each as good as possible for the other side (MESO)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    BargainError,
    NoAgreementZoneError,
    NotConcaveError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.model import (
    BargainingProblem,
    Constraint,
    Forbidden,
    Issue,
    Mandatory,
    Outcome,
    Value,
)
from bargain.play import PartyView
from bargain.play.sums import best_positions
from bargain.solve import BestOffers, best_offer
from bargain.solve.best_offer import mixed_offer, most_for, shares_of_others
from bargain.solve.choices import Choices
from bargain.solve.conflicts import refuse_infeasible
from bargain.solve.mixed_offers import MixedOffers
from bargain.solve.offers_by_choice import choices_of
from bargain.solve.structure import is_enumerable, is_on_chain, is_separable, sum_bounds
from bargain.solve.ties import TIE_TOLERANCE

BAND = 0.02
"""Packages offered together differ by at most this share of my attainable gain."""

LISTED = 2_000
"""Best outcomes of a problem that is not enumerated whose worths are the levels at the top."""

NEAR = 0.75
"""What a package beside the first must leave the others of what the first leaves them, at least."""

ROUNDING = 1e-9
"""Share of what is above a target by which the best offer at it may be worth more by rounding."""

LADDER = 100_001
"""Levels of own utility that stand for a problem that is not enumerated when a policy is asked.

What a policy asks is rounded up to one of them, and a policy that goes on from its own last offer,
such as tit-for-tat, would concede nothing to concessions smaller than a step.
"""

DIFFERENT = 0.05
"""Share of the range of a numeric issue by which packages of real numbers differ, at least."""

CANDIDATES = 64
"""Most outcomes looked at for diversity."""


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
        low, high = _band(self.view, own[first], target)
        rows = np.flatnonzero((own >= low) & (own <= high))
        rows = rows[np.argsort(-self.worth_to_others[rows], kind="stable")]
        # what is much worse for the others is no alternative to them
        near = self.worth_to_others[rows] >= NEAR * self.worth_to_others[first]
        options = [self.problem.space.outcome(int(row)) for row in rows[near][:CANDIDATES]]
        return _diverse([best], options, count)

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
        self.view = _ladder(problem, party, self.offers.most)

    def best(self, target: float) -> Outcome:
        """Return the best outcome for the other at or above the target."""
        return self.offers.at_least(target)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the best for the other at or above the target, then others in the band."""
        first = self.offers.position(target)
        levels = self.offers.levels
        _, top = _band(self.view, levels[first], target)
        stop = int(np.searchsorted(levels, top, side="right"))
        picks = np.unique(np.linspace(first, max(stop - 1, first), CANDIDATES).astype(int))
        options = [self.offers.outcome(int(pick)) for pick in picks]
        return _diverse(options[:1], options, count)


class ContinuousMenu:
    """The frontier of a continuous two-party problem."""

    looks = 8

    def __init__(self, problem: BargainingProblem, party: int) -> None:
        self.problem, self.party = problem, party
        self.view = _ladder(problem, party, most_for(problem, party))

    def best(self, target: float) -> Outcome:
        """Return the efficient outcome worth the target."""
        return best_offer(self.problem, party=self.party, at_least=target)

    def packages(self, target: float, count: int) -> list[Outcome]:
        """Return the efficient package worth the target, then some with an issue moved."""
        first = self.best(target)
        return [first, *_moved(self, first, target, count - 1)]


class MixedMenu:
    """Two parties' choices beside continuous issues, with one frontier for all choices."""

    looks = 8

    def __init__(self, choices: Choices, party: int) -> None:
        self.problem, self.party = choices.problem, party
        self.offers = MixedOffers(choices, party)
        if self.offers.most == -np.inf:
            refuse_infeasible(self.problem)
        self.view = _ladder(self.problem, party, self.offers.most)

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
        low, high, enough = _room(self, self.problem, self.party, first, target)
        least = float(enough[1 - self.party])
        chosen = [first]
        for beaten in (False, True):
            found = self.offers.others(low, enough=least, count=CANDIDATES, beaten=beaten)
            options = [each.outcome for each in found if each.mine <= high]
            chosen = _diverse(chosen, options, count, self._distance)
        if len(chosen) < count:
            kept = {each.name: first[each.name] for each in self._issues if each.is_finite}
            chosen += _moved(self, first, target, count - len(chosen), kept=kept)
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
        self.view = _ladder(problem, party, most_for(problem, party))

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
            return options + _moved(self, options[0], target, count - 1)
        worth = float(self.problem.evaluate(options[0])[self.party])
        _, top = _band(self.view, worth, target)
        for level in np.linspace(worth, min(top, self.view.best), count)[1:].tolist():
            if level > worth:
                option = self.best(level)
                if self.problem.evaluate(option)[self.party] <= top:
                    options.append(option)
        return _diverse(options[:1], options, count)

    def _at(self, level: float) -> Outcome:
        return best_offer(self.problem, party=self.party, at_least=level)


def _moved(
    menu_: Menu,
    first: Outcome,
    target: float,
    count: int,
    *,
    kept: Mapping[str, Value] | None = None,
) -> list[Outcome]:
    """Return packages beside the first in which one issue is settled elsewhere.

    A continuous issue is moved half-way to the farther end of its range, a choice to another
    value, and the rest is again the best for the others that is worth as much as the first, but
    for `BAND`; each is left out unless it leaves the others `NEAR` of their gains in the first.
    Issues are tried in their order until there are enough packages: each takes a program or more.

    Parameters
    ----------
    menu_ : Menu
    first : Outcome
    target : float
    count : int
        Most packages to return.
    kept : mapping, optional
        Issues that stay as they are, with their values.
    """
    problem, party, kept = menu_.problem, menu_.party, kept or {}
    low, high, enough = _room(menu_, problem, party, first, target)
    least = problem.disagreement_point
    gains = np.where(enough > least, problem.evaluate(first) - least, np.inf)
    others = np.arange(problem.n_parties) != party
    found: dict[Outcome, float] = {}
    for issue in problem.space.issues:
        if len(found) == count:
            break
        if issue.name in kept or issue.size == 1:
            continue
        settled: list[Constraint] = [_elsewhere(issue, first[issue.name])]
        settled += [Mandatory(kept)] if kept else []
        moved = BargainingProblem(
            problem.space, problem.profiles, constraints=(*problem.constraints, *settled)
        )
        try:
            outcome = best_offer(moved, party=party, at_least=low)
        except BargainError:
            continue
        worths = problem.evaluate(outcome)
        if low <= worths[party] <= high and (worths >= enough)[others].all():
            found.setdefault(outcome, float(((worths - least) / gains)[others].min()))
    return sorted(found, key=lambda outcome: -found[outcome])


def _elsewhere(issue: Issue, value: Any) -> Constraint:
    """Return the constraint that an issue is settled elsewhere."""
    if issue.is_finite:
        return Forbidden({issue.name: value})
    left, right = issue.bounds
    at = float(value)
    end = right if right - at >= at - left else left
    return Mandatory({issue.name: at + 0.5 * (end - at)})


def _room(
    menu_: Menu, problem: BargainingProblem, party: int, first: Outcome, target: float
) -> tuple[float, float, NDArray[np.float64]]:
    """Return the least and most for me, and the least for all, of what stands beside the first."""
    worths, least = problem.evaluate(first), problem.disagreement_point
    low, high = _band(menu_.view, float(worths[party]), target)
    # exactly the target where the first one is, too
    is_sharp = worths[party] - target <= ROUNDING * (menu_.view.best - target)
    enough = np.where(worths > least, least + NEAR * (worths - least), worths)
    return target if is_sharp else low, high, enough


def _ladder(problem: BargainingProblem, party: int, best: float) -> PartyView:
    """Return even levels of own utility, up to the best, as the view that a policy plans by.

    They begin at the reservation, or where the worths that a utility is made of begin. At the top
    they are what the best `LISTED` outcomes are worth, where these can be named.
    """
    reservation, form = float(problem.disagreement_point[party]), problem.forms[party]
    least = reservation if form is None else max(reservation, sum_bounds(form)[0])
    levels = np.linspace(min(least, best), best, LADDER)
    if can_rank(problem):
        # there are few at the top, and none is asked for between two of them
        top = np.unique(best_worths(problem, party, LISTED))
        top = top[top >= least]
        levels = np.concatenate([levels[levels < top[0]], top]) if len(top) else levels
    levels.setflags(write=False)
    return PartyView(problem.parties[party], levels, reservation, np.arange(len(levels)), levels)


def can_rank(problem: BargainingProblem) -> bool:
    """Whether a party's best outcomes can be named without listing all."""
    return problem.space.is_finite and is_separable(problem)


def best_worths(problem: BargainingProblem, party: int, count: int) -> NDArray[np.float64]:
    """Return what a party's best outcomes are worth to it, the best first."""
    terms = problem.terms[party]
    positions = best_positions([term.worths for term in terms], count)
    total = np.zeros(len(positions))
    for j, term in enumerate(terms):
        total += term.worths[positions[:, j]]
    return total


def _band(view: PartyView, first: float, target: float) -> tuple[float, float]:
    """Return the least and the most that a package beside the first may be worth to me.

    The first is worth more than the target where more for me costs the others nothing; what is
    worth the target only would then be worse for me and no better for them.
    """
    width = BAND * (view.best - view.reservation)
    return max(target, float(first) - width), max(float(first), target) + width


def _distance(a: Outcome, b: Outcome) -> float:
    return sum(a[issue] != b[issue] for issue in a)


def _diverse(
    chosen: Sequence[Outcome],
    options: Sequence[Outcome],
    count: int,
    distance: Callable[[Outcome, Outcome], float] = _distance,
) -> list[Outcome]:
    """Return what was chosen and options that differ from all before in the most issues."""
    chosen = list(chosen)
    while len(chosen) < count:
        distances = [min(distance(option, taken) for taken in chosen) for option in options]
        farthest = int(np.argmax(distances)) if distances else 0
        if not distances or distances[farthest] == 0:
            break
        chosen.append(options[farthest])
    return chosen
