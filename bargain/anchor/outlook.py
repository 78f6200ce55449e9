"""What an advice is measured against: chances, what waiting is worth, theory's solutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.belief import Belief
from bargain.anchor.history import Heard
from bargain.anchor.packages import Menu
from bargain.errors import BargainError, NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome
from bargain.solve import (
    egalitarian_solution,
    kalai_smorodinsky_solution,
    nash_solution,
    rubinstein_solution,
)
from bargain.solve.agreeable import agreeable_utilities
from bargain.solve.structure import is_enumerable, shown_forms, sum_bounds

SOLUTIONS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("nash", nash_solution),
    ("kalai_smorodinsky", kalai_smorodinsky_solution),
    ("egalitarian", egalitarian_solution),
)


def references(problem: BargainingProblem, party: int) -> dict[str, float] | None:
    """Return own utility at the solutions; None without a zone, less where they can't be had."""
    found: dict[str, float] = {}
    solutions = list(SOLUTIONS)
    if not problem.is_patient:
        solutions.append(("rubinstein", rubinstein_solution))
    for name, solution in solutions:
        try:
            found[name] = float(solution(problem).utilities[party])  # type: ignore[attr-defined]
        except NoAgreementZoneError:
            return None
        except BargainError:
            continue
    return found


def most_of_each(problem: BargainingProblem) -> NDArray[np.float64] | None:
    """Return the largest utility of each party; None where it takes a search to know."""
    if problem.space.is_finite and is_enumerable(problem):
        return np.asarray(agreeable_utilities(problem).max(axis=0))
    try:
        return np.array([sum_bounds(form)[1] for form in shown_forms(problem)])
    except BargainError:
        return None


class Chances:
    """How likely the others accept, given what they offered themselves.

    Each is taken to accept from some share of its attainable gain on, equally likely anywhere
    from 0 to the least share that its own offers have left it: what it has offered it would take.
    Before its first offer that is anywhere from 0 to 1. A guess, but one that needs no more than
    the offers.
    """

    def __init__(
        self,
        belief: Belief,
        party: int,
        offers: Sequence[Heard],
        most: NDArray[np.float64] | None,
    ) -> None:
        self.belief = belief
        self.others = [i for i in range(belief.problem.n_parties) if i != party]
        self.known = most is not None and belief.heard_from >= set(self.others)
        if not self.known or most is None:
            return
        self.point = belief.problem.disagreement_point
        self.gains = most - self.point
        self.ceilings = np.ones(belief.problem.n_parties)
        for offer in offers:
            if offer.party != party and offer.outcome is not None:
                own = self._shares(offer.outcome)[offer.party]
                self.ceilings[offer.party] = min(self.ceilings[offer.party], own)

    def of(self, outcome: Outcome) -> float | None:
        """Return the chance that all others accept, in [0, 1]; None where nothing is known."""
        if not self.known:
            return None
        shares, chance = self._shares(outcome), 1.0
        for i in self.others:
            if shares[i] < 0:
                return 0.0
            if shares[i] < self.ceilings[i]:
                chance *= float(shares[i] / self.ceilings[i])
        return chance

    def _shares(self, outcome: Outcome) -> NDArray[np.float64]:
        gained = self.belief.worths(outcome) - self.point
        shares = np.where(self.gains > 0, gained / np.where(self.gains > 0, self.gains, 1.0), 0.0)
        return np.asarray(np.clip(shares, -1.0, 1.0))


def continuation(
    menu: Menu,
    chances: Chances,
    problem: BargainingProblem,
    party: int,
    turns: Sequence[tuple[float, int, float]],
    line: float,
) -> float | None:
    """Return what going on is worth: the sum over turns of (chance that they accept there).

    The others accept the first package that is good enough, so with p_k the largest chance of the
    first k packages and v_k their worths, it is sum_k (p_k - p_(k-1)) v_k + (1 - p_last) d, each
    worth less what waiting for it costs.

    Parameters
    ----------
    turns : sequence of (target, rounds from now, relative time from now)
        Own turns to come, this one first.
    line : float
        The least own utility to agree to.
    """
    if not turns:
        return None
    total, taken = 0.0, 0.0
    for target, rounds, time in turns:
        outcome = menu.best(max(target, line))
        chance = chances.of(outcome)
        if chance is None:
            return None
        if chance > taken:
            worth = _later(problem, problem.evaluate(outcome), party, rounds, time)
            total += (chance - taken) * worth
            taken = chance
    _, rounds, time = turns[-1]
    without = _later(problem, problem.disagreement_point, party, rounds, time)
    return total + (1.0 - taken) * without


def _later(
    problem: BargainingProblem,
    utilities: NDArray[np.float64],
    party: int,
    rounds: int,
    time: float,
) -> float:
    if problem.is_patient:
        return float(utilities[party])
    return float(problem.delayed(utilities, round=rounds, time=time)[party])


def gap(menu: Menu, belief: Belief, party: int, outcome: Outcome) -> float | None:
    """Return how much more the other of two could have, as believed, if the party had as much.

    None with three and more parties, or where nothing that can be offered is worth as much.
    """
    if belief.problem.n_parties > 2:
        return None
    worths = belief.worths(outcome)
    try:
        best = menu.best(float(worths[party]))
    except BargainError:
        return None
    return max(float(belief.worths(best)[1 - party] - worths[1 - party]), 0.0)
