"""What an advice is measured against: chances, what waiting is worth, theory's solutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bargain.anchor.advice import OpponentEstimate
from bargain.anchor.aspirations import Aspirations
from bargain.anchor.belief import Belief, time_of
from bargain.anchor.history import Story
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
    """How likely the others accept, given what they offered and turned down themselves.

    Each is taken to ask for some share of the most it can gain, which may fall with time
    (`Aspirations`). What it has offered itself it takes; where its utility is exact, also what is
    worth as much to it as something it has offered. A guess, and what it is worth depends on
    how well its wants are known: `benchmarks/README.md` has how near such chances come.

    Parameters
    ----------
    belief : Belief
    party : int
        Who asks.
    story : Story
    times : ndarray
        Relative time of each round.
    most : ndarray or None
        The most each can have, as believed.
    """

    def __init__(
        self,
        belief: Belief,
        party: int,
        story: Story,
        times: NDArray[np.float64],
        most: NDArray[np.float64] | None,
    ) -> None:
        self.belief, self.times = belief, times
        self.others = [i for i in range(belief.problem.n_parties) if i != party]
        self.known = most is not None and belief.heard_from >= set(self.others)
        self.aspirations: dict[int, Aspirations] = {}
        self.enough = dict.fromkeys(self.others, np.inf)
        if most is None:
            return
        self.point = belief.problem.disagreement_point
        self.gains = most - self.point
        self.offered = {
            i: {offer.outcome for offer in story.offers if offer.party == i} for i in self.others
        }
        for i in self.others:
            if i in belief.heard_from:
                self.aspirations[i] = self._learned(i, story)

    def of(self, outcome: Outcome, number: int) -> float | None:
        """Return the chance that all others accept, in [0, 1]; None where nothing is known.

        Parameters
        ----------
        outcome : Outcome
        number : int
            The round it is offered in; it is answered in the next.
        """
        if not self.known:
            return None
        shares, chance = self._shares(outcome), 1.0
        for k, i in enumerate(self.others):
            if outcome not in self.offered[i] and not shares[i] >= self.enough[i]:
                if shares[i] < 0:
                    return 0.0
                time = time_of(self.times, number + 1 + k)
                chance *= self.aspirations[i].chance(float(shares[i]), time)
        return chance

    def opponents(self) -> dict[str, OpponentEstimate]:
        """Return what the others are taken to want, with what they have without an agreement."""
        found = dict(self.belief.opponents)
        for i, aspirations in self.aspirations.items():
            name = self.belief.problem.parties[i]
            if found[name].kind == "learned":
                mean, error = aspirations.reservation
                found[name] = replace(found[name], reservation=mean, reservation_error=error)
        return found

    def _learned(self, i: int, story: Story) -> Aspirations:
        """Weigh how one of the others concedes by what it offered and what it turned down."""
        offered: list[tuple[float, float]] = []
        refused: list[tuple[float, float]] = []
        standing: Outcome | None = None
        for offer in story.offers:
            time = time_of(self.times, offer.round)
            if offer.party == i:
                # who offers what stands has not turned it down
                if standing not in (None, offer.outcome):
                    refused.append((self._share(i, standing), time))
                if offer.outcome is not None:
                    offered.append((self._share(i, offer.outcome), time))
                standing = None
            else:
                standing = offer.agreeable
        kind = self.belief.opponents[self.belief.problem.parties[i]].kind
        if kind == "exact" and offered:
            self.enough[i] = max(min(share for share, _ in offered), 0.0)
        return Aspirations.learned(offered, refused, knows_reservation=kind != "learned")

    def _share(self, i: int, outcome: Outcome) -> float:
        return float(self._shares(outcome)[i])

    def _shares(self, outcome: Outcome) -> NDArray[np.float64]:
        gained = self.belief.worths(outcome) - self.point
        gains = np.where(self.gains > 0, self.gains, 1.0)
        shares = np.where(self.gains > 0, gained / gains, np.sign(gained))
        return np.asarray(np.clip(shares, -1.0, 1.0))


def continuation(
    menu: Menu,
    chances: Chances,
    problem: BargainingProblem,
    party: int,
    turns: Sequence[tuple[float, int, float]],
    number: int,
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
    number : int
        The round to speak in.
    line : float
        The least own utility to agree to.
    """
    if not turns:
        return None
    total, taken = 0.0, 0.0
    for target, rounds, time in turns:
        outcome = menu.best(max(target, line))
        chance = chances.of(outcome, number + rounds)
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
