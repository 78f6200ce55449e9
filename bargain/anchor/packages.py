"""Several packages worth the same to me, each as good as possible for the other side (MESO)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bargain.errors import BargainError, NoAgreementZoneError, UnsupportedProblemError
from bargain.model import BargainingProblem, Mandatory, Outcome
from bargain.play import PartyView
from bargain.play.sums import best_positions
from bargain.solve import BestOffers, best_offer
from bargain.solve.best_offer import most_for, shares_of_others
from bargain.solve.structure import is_enumerable, is_on_chain, is_separable, sum_bounds

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

CANDIDATES = 64
"""Most outcomes looked at for diversity."""


class Menu(Protocol):
    """The outcomes a party can offer, sorted by what they are worth to it."""

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
        For choices mixed with continuous issues, or continuous issues with three and more parties
        or with utilities that are not additive: they need a grid.
    TooLargeError
        For a frontier with too many labels, beyond enumeration.
    """
    if problem.space.is_finite:
        if is_enumerable(problem):
            return EnumeratedMenu(problem, party)
        is_listed = is_separable(problem) and problem.n_parties == 2 and not is_fleeting
        return FrontierMenu(problem, party) if is_listed else SearchMenu(problem, party)
    if problem.n_parties > 2 or any(issue.is_finite for issue in problem.space.issues):
        raise UnsupportedProblemError.at(
            "an anchor",
            "a finite problem, two parties and continuous issues only, or a grid (grid=)",
            problem,
        )
    if not problem.is_additive:
        raise UnsupportedProblemError.at(
            "an anchor",
            "a finite problem, additive utilities on continuous issues, or a grid (grid=)",
            problem,
        )
    return ContinuousMenu(problem, party) if is_on_chain(problem) else SearchMenu(problem, party)


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
        return _diverse(best, options, count)


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
        return _diverse(options[0], options, count)


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
        return _moved(self, self.problem, self.party, target, count)


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
        if not self.problem.space.is_finite:
            return _moved(self, self.problem, self.party, target, count)
        options = [self.best(target)]
        worth = float(self.problem.evaluate(options[0])[self.party])
        _, top = _band(self.view, worth, target)
        for level in np.linspace(worth, min(top, self.view.best), count)[1:].tolist():
            if level > worth:
                option = self.best(level)
                if self.problem.evaluate(option)[self.party] <= top:
                    options.append(option)
        return _diverse(options[0], options, count)

    def _at(self, level: float) -> Outcome:
        return best_offer(self.problem, party=self.party, at_least=level)


def _moved(
    menu_: Menu, problem: BargainingProblem, party: int, target: float, count: int
) -> list[Outcome]:
    """Return the best package, then packages in which one issue is settled elsewhere.

    The issue is moved half-way to the farther end of its range, and the rest is again the best
    for the other that is worth as much as the first, but for `BAND`; each is left out unless it
    leaves the other `NEAR` of its gain in the first. Issues are tried in their order until there
    are enough packages: each takes a linear program or more.
    """
    first = menu_.best(target)
    found: list[tuple[float, Outcome]] = []
    least = float(problem.disagreement_point[1 - party])
    worth, most = (float(problem.evaluate(first)[i]) for i in (party, 1 - party))
    low, high = _band(menu_.view, worth, target)
    # exactly the target where the first one is, too
    low = target if worth - target <= ROUNDING * (menu_.view.best - target) else low
    enough = least + NEAR * (most - least) if most > least else most
    for issue in problem.space.issues:
        if len(found) == count - 1:
            break
        left, right = issue.bounds
        value = float(first[issue.name])
        end = right if right - value >= value - left else left
        settled = Mandatory({issue.name: value + 0.5 * (end - value)})
        constraints = (*problem.constraints, settled)
        moved = BargainingProblem(problem.space, problem.profiles, constraints=constraints)
        try:
            outcome = best_offer(moved, party=party, at_least=low)
        except BargainError:
            continue
        worths = problem.evaluate(outcome)
        if low <= worths[party] <= high and worths[1 - party] >= enough:
            found.append((-float(worths[1 - party]), outcome))
    others = [outcome for _, outcome in sorted(found, key=lambda pair: pair[0])]
    return [first, *others][:count]


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


def _diverse(first: Outcome, options: Sequence[Outcome], count: int) -> list[Outcome]:
    """Return the first outcome and options that differ from all before in the most issues."""
    chosen = [first]
    while len(chosen) < count:
        distances = [min(_distance(option, taken) for taken in chosen) for option in options]
        farthest = int(np.argmax(distances)) if distances else 0
        if not distances or distances[farthest] == 0:
            break
        chosen.append(options[farthest])
    return chosen


def _distance(a: Outcome, b: Outcome) -> int:
    return sum(a[issue] != b[issue] for issue in a)
