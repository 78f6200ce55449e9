"""Rubinstein's alternating offers: what impatience makes of the frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.numbers import discount_factor, per_party, whole_number
from bargain.solve.certificate import Certificate
from bargain.solve.chain import ChainSet, chain_set
from bargain.solve.convex import ConvexSet
from bargain.solve.solution import Solution, make_solution
from bargain.solve.stationary import stationary_proposal


def rubinstein_solution(
    problem: BargainingProblem,
    discount_factors: Sequence[float] | Mapping[str, float] | None = None,
    *,
    first: int | str = 0,
    horizon: int | None = None,
    lotteries: bool = True,
) -> Solution:
    """Return what impatient parties agree on at once when they take turns to offer.

    With an infinite horizon, the first proposer's offer in the only subgame perfect equilibrium:
    the pair (x, y) on the frontier with g_1(y) = delta_1 g_1(x) and g_2(x) = delta_2 g_2(y), where
    x is what party 1 proposes and y what party 2 proposes (Rubinstein 1982, Perfect Equilibrium in
    a Bargaining Model; on general frontiers Osborne & Rubinstein 1990, ch. 4). With a horizon,
    backward induction: the last proposer takes all that individual rationality leaves, and every
    earlier one offers the other what waiting is worth to it (Stahl 1972).

    With three and more parties, all of whom must agree, there are many equilibria; this is the
    stationary one in which whoever refuses proposes next (Osborne & Rubinstein 1990, 3.13).

    Parameters
    ----------
    problem : BargainingProblem
        Finite (over the hull) or continuous and concave. It is the gains over the
        disagreement point that are discounted: waiting for ever is worth the disagreement point.
    discount_factors : sequence or mapping by party of float, optional
        One per party, per round, each in (0, 1]; not all 1 unless there is a horizon. By default
        the problem's.
    first : int or str
        Party that makes the first offer, by position or name.
    horizon : int, optional
        Number of offers there is time for, >= 1 (two parties); without it there is no end.
    lotteries : bool
        The theory needs a convex set, so a finite problem is solved over its hull and the answer
        may be a lottery. With False a finite problem is refused.

    Returns
    -------
    Solution
        For two parties the certificate's evidence holds both proposals' gains as "proposals".

    Raises
    ------
    InvalidArgumentError
        For a discount factor outside (0, 1], or all 1 without a horizon.
    UnsupportedProblemError
        For lotteries=False on a space with choices, or a horizon for three and more parties.
    ConvergenceError
        If the equilibrium of three and more parties is not found.
    NoAgreementZoneError, NotConcaveError, TooLargeError

    Examples
    --------
    >>> import bargain as bg
    >>> dollar = bg.load("divide_the_dollar")
    >>> bg.rubinstein_solution(dollar, (0.9, 0.8)).utilities.round(6)
    array([0.714286, 0.285714])
    >>> bg.rubinstein_solution(dollar, (0.9, 0.9), horizon=3).utilities.round(6)
    array([0.91, 0.09])
    """
    if not lotteries and any(issue.is_finite for issue in problem.space.issues):
        raise UnsupportedProblemError(
            "rubinstein_solution: expected a continuous problem or lotteries=True, got choices "
            "without lotteries, where the equilibrium need not be unique"
        )
    leader = problem.party_index(first)
    if horizon is not None:
        horizon = whole_number("horizon", horizon, at_least=1, error=InvalidArgumentError)
    deltas = _discounts(problem, discount_factors, horizon)
    if problem.n_parties > 2:
        if horizon is not None:
            raise UnsupportedProblemError.at(
                "rubinstein_solution: horizon", "two parties", problem.n_parties
            )
        found = stationary_proposal(ConvexSet(problem), deltas, leader)
        return make_solution(problem, "Rubinstein", *found)
    feasible = chain_set(problem)
    if horizon is None:
        proposals = _stationary(feasible, deltas)
        method = "stationary equilibrium, exact on the frontier's edges"
    else:
        proposals = _backward(feasible, deltas, leader, horizon)
        method = f"backward induction over {horizon} offers"
    position = proposals[leader]
    evidence = {
        "discount_factors": deltas.tolist(),
        "first": problem.parties[leader],
        "proposals": {
            party: feasible.gains_at(at).tolist()
            for party, at in zip(problem.parties, proposals, strict=True)
        },
    }
    certificate = Certificate("exact", method, 0.0, evidence)
    return make_solution(problem, "Rubinstein", feasible.lottery(position), certificate)


def _discounts(problem: BargainingProblem, given: Any, horizon: int | None) -> NDArray[np.float64]:
    if given is None:
        if any(p.discount_factor < 1 and p.discount_per == "session" for p in problem.profiles):
            raise InvalidArgumentError.at(
                "discount_factors", "factors per round, as the problem's are per session", None
            )
        given = problem.discount_factors.tolist()
    listed = per_party("discount_factors", given, problem.parties, error=InvalidArgumentError)
    deltas = [
        discount_factor(f"discount_factors[{i}]", delta, error=InvalidArgumentError)
        for i, delta in enumerate(listed)
    ]
    if horizon is None and min(deltas) == 1.0:
        raise InvalidArgumentError.at(
            "discount_factors", "at least one below 1 (or a horizon)", listed
        )
    return np.array(deltas)


def _best_for_second(feasible: ChainSet, gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the most the second party can gain when the first gains at least this much."""
    return np.interp(gain, feasible.gains[:, 0], feasible.gains[:, 1])


def _position_for_first(feasible: ChainSet, gain: float) -> float:
    return float(np.interp(gain, feasible.gains[:, 0], feasible.positions))


def _position_for_second(feasible: ChainSet, gain: float) -> float:
    return float(np.interp(gain, feasible.gains[::-1, 1], feasible.positions[::-1]))


def _stationary(feasible: ChainSet, deltas: NDArray[np.float64]) -> tuple[float, float]:
    """Return both parties' proposals as positions on the chain.

    f(x) = phi(x) - delta_2 phi(delta_1 x), phi the frontier, falls in x and is straight between
    the corners of phi(x) and phi(delta_1 x), so its root is found exactly.
    """
    top = float(feasible.gains[-1, 0])
    corners = np.concatenate([[0.0], feasible.gains[:, 0], feasible.gains[:, 0] / deltas[0]])
    corners = np.unique(np.clip(corners, 0.0, top))
    excess = _best_for_second(feasible, corners) - deltas[1] * _best_for_second(
        feasible, deltas[0] * corners
    )
    gain = float(np.interp(0.0, -excess, corners))
    first = _position_for_first(feasible, gain)
    return first, _position_for_first(feasible, deltas[0] * gain)


def _backward(
    feasible: ChainSet, deltas: NDArray[np.float64], leader: int, horizon: int
) -> tuple[float, float]:
    """Return the last two proposals reached by backward induction, by party, as positions."""
    proposals = [float(feasible.positions[-1]), float(feasible.positions[0])]
    waiting = np.zeros(2)
    for offer in reversed(range(horizon)):
        proposer = (leader + offer) % 2
        if proposer == 0:
            proposals[0] = _position_for_second(feasible, waiting[1])
        else:
            proposals[1] = _position_for_first(feasible, waiting[0])
        waiting = deltas * feasible.gains_at(proposals[proposer])
    return proposals[0], proposals[1]
