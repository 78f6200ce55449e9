"""The Nash solution: the largest product of gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number, per_party
from bargain.solve.claims import BestAnswer
from bargain.solve.feasible import feasible_set
from bargain.solve.solution import Solution, make_solution


def nash_solution(
    problem: BargainingProblem,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    *,
    lotteries: bool = False,
    time_limit: float | None = None,
) -> Solution:
    """Return the outcome with the largest product of gains, prod_i (u_i - d_i)^w_i.

    The only solution that is efficient, symmetric, invariant to the scale of utilities and
    independent of irrelevant alternatives (Nash 1950, The Bargaining Problem, Econometrica 18);
    with unequal weights, all of these but symmetry (Kalai 1977, Nonsymmetric Nash Solutions).

    Parameters
    ----------
    problem : BargainingProblem
    weights : sequence or mapping by party of float, optional
        Bargaining power, finite, >= 0, not all 0; equal by default. Only their ratios matter.
    lotteries : bool
        Choose over the convex hull: the answer may be a lottery.
    time_limit : float, optional
        Seconds that integer programs may take, where it comes to them; a minute by default. Out of
        time, the best outcome found is returned with its proven gap.

    Returns
    -------
    Solution
        Ties go to the lowest row. If no outcome gives every party a positive gain the product is
        0 everywhere: the certificate's note says "degenerate", and the largest number of parties
        gain, by the largest product among them.

    Raises
    ------
    InfeasibleProblemError
        If no outcome meets the constraints.
    NoAgreementZoneError
        If nothing gives every party its disagreement utility.
    InfeasibleProblemError
        If no outcome meets all constraints; it names the fewest that conflict.
    NotConcaveError, TooLargeError, UnsupportedProblemError, ConvergenceError

    Examples
    --------
    Nash's own example: Bill gives book, whip, ball and bat for Jack's pen, toy and knife.

    >>> import bargain as bg
    >>> nash = bg.nash_solution(bg.load("bill_and_jack"))
    >>> nash.gains
    array([12.,  5.])
    >>> [good for good, owner in nash.outcome.items() if owner == "Jack"]
    ['book', 'whip', 'ball', 'bat', 'hat']
    """
    check_problem(problem)
    checked = _weights(problem, weights)
    feasible = feasible_set(problem, lotteries=lotteries, time_limit=time_limit)
    lottery, certificate = feasible.best_product(checked)
    concept = "Nash" if weights is None else "weighted Nash"
    claim = partial(BestAnswer, problem, "product", checked, lotteries, ideals=feasible.ideals)
    return make_solution(problem, concept, lottery, certificate, claim)


def _weights(problem: BargainingProblem, weights: Any) -> NDArray[np.float64]:
    if weights is None:
        return np.ones(problem.n_parties) / problem.n_parties
    listed = per_party("weights", weights, problem.parties, error=InvalidArgumentError)
    checked = np.array(
        [
            finite_number(f"weights[{i}]", weight, at_least=0, error=InvalidArgumentError)
            for i, weight in enumerate(listed)
        ]
    )
    largest = checked.max()
    if largest == 0:
        raise InvalidArgumentError.at("weights", "at least one above 0", listed)
    # first by the largest, since the sum of weights near 1e308 would overflow
    checked /= largest
    checked /= checked.sum()
    return checked
