"""The best reply offer: the most for the others that leaves me what I ask."""

from __future__ import annotations

import numpy as np

from bargain.errors import InvalidArgumentError, NoAgreementZoneError, UnsupportedProblemError
from bargain.model import BargainingProblem, Outcome
from bargain.model.numbers import finite_number
from bargain.solve.chain import chain_set
from bargain.solve.ties import ties_with_best


def best_offer(problem: BargainingProblem, *, party: int | str, at_least: float) -> Outcome:
    """Return the outcome that is best for the others among those that give me enough.

    "Best" is the other's utility for two parties; for more, the least of the others' gains as a
    share of their utility range, then the next least. Whether it is also individually rational
    for the others is theirs to judge.

    Parameters
    ----------
    problem : BargainingProblem
        Finite, or two parties and continuous.
    party : int or str
        Me, by position or name.
    at_least : float
        The utility I ask, inclusive; compared exactly on finite spaces. On continuous ones it is
        met to float rounding from above where that is possible.

    Raises
    ------
    NoAgreementZoneError
        If no outcome gives me that much.
    UnsupportedProblemError
        For choices mixed with continuous issues, or continuous with three and more parties.

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> offer = bg.best_offer(rental, party="tenant", at_least=3100)
    >>> rental.evaluate(offer)
    array([3100., 3100.])
    """
    me = problem.party_index(party)
    floor = finite_number("at_least", at_least, error=InvalidArgumentError)
    if not problem.space.is_finite:
        return _on_chain(problem, me, floor)
    utilities = problem.utilities()
    rows = np.flatnonzero(utilities[:, me] >= floor)
    if len(rows) == 0:
        raise NoAgreementZoneError(
            f"no offer: expected at most {utilities[:, me].max():.6g} for "
            f"{problem.parties[me]}, got at_least {floor:.6g}"
        )
    others = np.delete(utilities, me, axis=1)
    spread = np.ptp(others, axis=0)
    shares = (others[rows] - others.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    shares = np.sort(shares, axis=1)
    tied = np.ones(len(rows), dtype=bool)
    for column in range(shares.shape[1]):
        tied &= ties_with_best(np.where(tied, shares[:, column], -np.inf))
    # of equals for the others, what is best for me; then the lowest row
    best = np.flatnonzero(tied)
    return problem.space.outcome(int(rows[best[np.argmax(utilities[rows[best], me])]]))


def _on_chain(problem: BargainingProblem, me: int, floor: float) -> Outcome:
    if problem.n_parties != 2 or any(issue.is_finite for issue in problem.space.issues):
        raise UnsupportedProblemError(
            "best_offer: expected a finite problem, or two parties and continuous issues only, "
            f"got {problem!r} (see discretized())"
        )
    points = chain_set(_without_disagreement(problem))
    column = points.utilities[:, me]
    if floor > column.max():
        raise NoAgreementZoneError(
            f"no offer: expected at most {column.max():.6g} for {problem.parties[me]}, "
            f"got at_least {floor:.6g}"
        )
    rising = slice(None) if me == 0 else slice(None, None, -1)
    position = float(np.interp(floor, column[rising], points.positions[rising]))
    outcome = points.lottery(position)[0][0]
    # rounding may leave it a hair short: move on until it is not
    end = float(points.positions[-1 if me == 0 else 0])
    for step in 4.0 ** np.arange(-26, 1):
        if problem.evaluate(outcome)[me] >= floor:
            return outcome
        outcome = points.lottery(position + step * (end - position))[0][0]
    return points.lottery(end)[0][0]


def _without_disagreement(problem: BargainingProblem) -> BargainingProblem:
    """Return the problem with a disagreement point below everything."""
    utilities = [profile.utility for profile in problem.profiles]
    lowest = [sum(float(term.worths.min()) for term in terms) - 1.0 for terms in problem.terms]
    return BargainingProblem(
        problem.space,
        dict(zip(problem.parties, utilities, strict=True)),
        disagreement_point=lowest,
    )
