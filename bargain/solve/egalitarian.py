"""The egalitarian solution: the party that gains least gains as much as it can."""

from __future__ import annotations

from functools import partial

import numpy as np

from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.solve.claims import BestAnswer
from bargain.solve.feasible import feasible_set
from bargain.solve.solution import Solution, make_solution


def egalitarian_solution(
    problem: BargainingProblem, *, lotteries: bool = False, time_limit: float | None = None
) -> Solution:
    """Return the outcome with the largest least gain, then the largest next least, and so on.

    The proportional solution of Kalai (1977, Proportional Solutions to Bargaining Situations)
    with equal proportions; the lexicographic step keeps it efficient where equal gains are not.
    It compares utilities between parties, so it depends on their scale.

    Parameters
    ----------
    problem : BargainingProblem
    lotteries : bool
        Choose over the convex hull: the answer may be a lottery.
    time_limit : float, optional
        Seconds that integer programs may take, where it comes to them; a minute by default. Out of
        time, the best outcome found is returned with its proven gap.

    Returns
    -------
    Solution
        Remaining ties go to the lowest row.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError, NotConcaveError, TooLargeError,
    UnsupportedProblemError, ConvergenceError

    Examples
    --------
    >>> import bargain as bg
    >>> bg.egalitarian_solution(bg.load("bill_and_jack")).gains
    array([8., 6.])
    """
    check_problem(problem)
    feasible = feasible_set(problem, lotteries=lotteries, time_limit=time_limit)
    equal = np.ones(problem.n_parties)
    lottery, certificate = feasible.best_minimum(equal)
    claim = partial(BestAnswer, problem, "minimum", equal, lotteries)
    return make_solution(problem, "egalitarian", lottery, certificate, claim)
