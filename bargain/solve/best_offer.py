"""The best reply offer: the most for the others that leaves me what I ask."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, NoAgreementZoneError
from bargain.model import BargainingProblem, Outcome
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number
from bargain.solve.agreeable import agreeable_utilities, original_rows
from bargain.solve.arc_set import ArcSet
from bargain.solve.arcs import Place
from bargain.solve.chain_set import ChainSet, chain_set
from bargain.solve.choices import Choices
from bargain.solve.conflicts import refuse_infeasible
from bargain.solve.feasible import seconds_given
from bargain.solve.mixed_offers import MixedOffers
from bargain.solve.offers_by_choice import OfferSearch, choices_of
from bargain.solve.ranges import utility_ranges, with_point, without_disagreement
from bargain.solve.regret import RegretSet
from bargain.solve.structure import (
    is_enumerable,
    is_on_chain,
    is_separable,
)


def best_offer(
    problem: BargainingProblem,
    *,
    party: int | str,
    at_least: float,
    time_limit: float | None = None,
) -> Outcome:
    """Return the outcome that is best for the others among those that give me enough.

    Only what meets the constraints is offered. "Best" is the other's utility for two parties; for
    more, the least of the others' shares of their utility ranges, then the next least. In spaces
    of every kind a range is that of the sums of a party's worths, whatever constraints leave of it
    (`ranges.utility_ranges`). Of equals for the others, what is best for me, then the lowest row;
    on spaces too large to enumerate what is within `ties.TIE_TOLERANCE` is equal, and any of what
    is equal for all is returned. Whether it is also individually rational for the others is theirs
    to judge. To ask many times, prepare `BestOffers`.

    Parameters
    ----------
    problem : BargainingProblem
        Any. Choices beside continuous issues whose worths are concave, and constraints on these,
        take one convex program a combination of choices, for the few that prices of the others do
        not rule out (`solve.offers_by_choice`); "best" then holds to 1e-9 of the others' ranges.
        Where integer programs are needed it holds to one part in a million.
    party : int or str
        Me, by position or name.
    at_least : float
        The utility I ask, inclusive; compared exactly on finite spaces. On continuous ones it is
        met to float rounding from above where that is possible.
    time_limit : float, optional
        Seconds that programs may take where there are choices beside continuous issues, or
        integer programs; a minute by default.

    Raises
    ------
    NoAgreementZoneError
        If no outcome that may be agreed gives me that much.
    InfeasibleProblemError
        If no outcome meets all constraints.
    UnsupportedProblemError, NotConcaveError, ConvergenceError

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> offer = bg.best_offer(rental, party="tenant", at_least=3100)
    >>> rental.evaluate(offer)
    array([3100., 3100.])
    """
    check_problem(problem)
    me = problem.party_index(party)
    floor = finite_number("at_least", at_least, error=InvalidArgumentError)
    time_limit = seconds_given(time_limit)
    if not problem.space.is_finite and is_on_chain(problem):
        return ChainOffers(problem, me).at_least(floor)
    if not is_enumerable(problem):
        if problem.space.is_finite and is_separable(problem):
            return _on_huge_space(problem, me, floor)
        choices = choices_of(problem)
        if choices is not None:
            return _by_choice(problem, choices, me, floor, time_limit)
        return _by_program(problem, me, floor, time_limit)
    utilities = agreeable_utilities(problem)
    rows = np.flatnonzero(utilities[:, me] >= floor)
    if len(rows) == 0:
        raise _too_much(problem, me, float(utilities[:, me].max()), floor)
    wishes = preferences(problem, utilities, me)
    for column in wishes.T:
        rows = rows[column[rows] == column[rows].max()]
    return problem.space.outcome(int(original_rows(problem, rows)[0]))


def preferences(
    problem: BargainingProblem, utilities: NDArray[np.float64], me: int
) -> NDArray[np.float64]:
    """Return what decides between outcomes that give me enough, first things first.

    The others' shares of their utility ranges, the least first, then my own utility; compared
    exactly. Shape (n_outcomes, n_parties).
    """
    if problem.n_parties == 2:
        return np.column_stack([utilities[:, 1 - me], utilities[:, me]])
    shares = shares_of_others(problem, utilities, me)
    return np.column_stack([np.sort(shares, axis=1), utilities[:, me]])


def shares_of_others(
    problem: BargainingProblem, utilities: NDArray[np.float64], me: int
) -> NDArray[np.float64]:
    """Return the others' utilities as shares of their ranges, shape (n_outcomes, n_parties - 1)."""
    lowest, highest = utility_ranges(problem)
    spread = highest - lowest
    shares = (utilities - lowest) / np.where(spread > 0, spread, 1.0)
    others: NDArray[np.float64] = np.delete(shares, me, axis=1)
    return others


def _too_much(
    problem: BargainingProblem, me: int, most: float, floor: float
) -> NoAgreementZoneError:
    return NoAgreementZoneError(
        f"no offer: expected at most {most:.6g} for {problem.parties[me]}, got at_least {floor:.6g}"
    )


class ChainOffers:
    """The best offers of two parties' continuous issues: their frontier, made once.

    Parameters
    ----------
    problem : BargainingProblem
        As `is_on_chain` says.
    me : int
    """

    def __init__(self, problem: BargainingProblem, me: int) -> None:
        self.problem, self.me = problem, me
        self.points = chain_set(without_disagreement(problem))
        self.end, self.most = _best_end(self.points, me)

    def at_least(self, floor: float) -> Outcome:
        """Return the best offer for the other that is worth a floor to me.

        Raises
        ------
        NoAgreementZoneError
        """
        points, me, end = self.points, self.me, self.end
        if floor > self.most:
            raise _too_much(self.problem, me, self.most, floor)
        if isinstance(points, ArcSet):
            return _on_arcs(points, me, floor, end, self.most)
        column = points.utilities[:, me]
        rising = slice(None) if me == 0 else slice(None, None, -1)
        position = float(np.interp(floor, column[rising], points.positions[rising]))
        # rounding may leave it a hair short: move on until it is not
        for step in (0.0, *4.0 ** np.arange(-26, 0)):
            outcome = points.lottery(position + step * (end - position))[0][0]
            if self.problem.evaluate(outcome)[me] >= floor:
                return outcome
        return points.lottery(end)[0][0]


def _on_arcs(points: ArcSet, me: int, floor: float, end: Place, most: float) -> Outcome:
    # rounding may leave it a hair short: ask for a little more until it is not
    for step in (0.0, *4.0 ** np.arange(-26, 0)):
        asked = floor + step * (most - floor)
        outcome = points.lottery(points.place_with(me, asked))[0][0]
        if points.problem.evaluate(outcome)[me] >= floor:
            return outcome
    return points.lottery(end)[0][0]


def most_for(problem: BargainingProblem, party: int) -> float:
    """Return the most a party can have of a problem that is not enumerated.

    By a program it is to within the program's tolerance.
    """
    if not problem.space.is_finite and is_on_chain(problem):
        return ChainOffers(problem, party).most
    if problem.space.is_finite and is_separable(problem):
        return float(utility_ranges(problem)[1][party])
    choices = choices_of(problem)
    if choices is not None and MixedOffers.is_for(choices):
        return MixedOffers(choices, party).most
    if choices is not None:
        return float(problem.evaluate(_best_by_choice(problem, choices, party))[party])
    from bargain.solve.program import ProgramSet

    return float(ProgramSet(without_disagreement(problem)).most(party))


def _best_end(points: ChainSet | ArcSet, party: int) -> tuple[Any, float]:
    """Return the end of a chain that is best for a party: its position, and what it is worth."""
    end: Any = points.stop if party == 0 else points.start
    return end, float(points.problem.evaluate(points.lottery(end)[0][0])[party])


def _by_choice(
    problem: BargainingProblem, choices: Choices, me: int, floor: float, time_limit: float | None
) -> Outcome:
    if MixedOffers.is_for(choices):
        return mixed_offer(problem, MixedOffers(choices, me), floor)
    point, scales = _floors(problem, me, floor)
    offer = OfferSearch(choices, point, scales, me=me, time_limit=time_limit).run()
    if offer is not None:
        return offer.outcome
    best = _best_by_choice(problem, choices, me, time_limit)
    most = float(problem.evaluate(best)[me])
    if floor > most:
        raise _too_much(problem, me, most, floor)
    # next to nothing is left for the others to want
    return best


def mixed_offer(problem: BargainingProblem, offers: MixedOffers, floor: float) -> Outcome:
    """Return the best of some offers at a floor.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError
    """
    offer = offers.at_least(floor)
    if offer is not None:
        return offer.outcome
    if offers.most == -np.inf:
        refuse_infeasible(problem)
    raise _too_much(problem, offers.me, offers.most, floor)


def _best_by_choice(
    problem: BargainingProblem, choices: Choices, party: int, time_limit: float | None = None
) -> Outcome:
    """Return an outcome that is best for one party."""
    point = without_disagreement(problem).disagreement_point
    scales = np.where(
        np.arange(problem.n_parties) == party, utility_ranges(problem)[1] - point, 0.0
    )
    offer = OfferSearch(choices, point, scales, time_limit=time_limit).run()
    if offer is None:
        refuse_infeasible(problem)
    return offer.outcome


def _by_program(
    problem: BargainingProblem, me: int, floor: float, time_limit: float | None
) -> Outcome:
    from bargain.solve.program import ProgramSet

    point, scales = _floors(problem, me, floor)
    try:
        feasible = ProgramSet(with_point(problem, point), time_limit=time_limit)
    except NoAgreementZoneError:
        point[me] = without_disagreement(problem).disagreement_point[me]
        most = ProgramSet(with_point(problem, point), time_limit=time_limit).most(me)
        raise _too_much(problem, me, most, floor) from None
    return feasible.best_minimum(scales)[0][0][0]


def _floors(
    problem: BargainingProblem, me: int, floor: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what is demanded of an offer, and what the others' utilities are shares of."""
    lowest, highest = utility_ranges(problem)
    spread = highest - lowest
    # the others' least share of their range, then the next; mine is a floor and no share
    scales = spread.copy()
    scales[me] = 0.0
    if not scales.any():
        scales[me] = 1.0
    # what the others have at worst is no limit: rounding must not make it one
    point = lowest - 1e-9 * np.where(spread > 0, spread, np.maximum(np.abs(lowest), 1.0))
    point[me] = floor
    return point, scales


def _on_huge_space(problem: BargainingProblem, me: int, floor: float) -> Outcome:
    highest = utility_ranges(problem)[1]
    if floor > highest[me]:
        raise _too_much(problem, me, float(highest[me]), floor)
    point, scales = _floors(problem, me, floor)
    lottery, _ = RegretSet(with_point(problem, point)).best_minimum(scales, last=me)
    return lottery[0][0]
