"""The Kalai-Smorodinsky solution: equal shares of what each could have at best."""

from __future__ import annotations

from functools import partial

from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.solve.claims import BestAnswer
from bargain.solve.feasible import feasible_set
from bargain.solve.solution import Solution, make_solution


def kalai_smorodinsky_solution(
    problem: BargainingProblem, *, lotteries: bool = False, time_limit: float | None = None
) -> Solution:
    """Return the outcome whose least ratio of gain to ideal gain is largest.

    The ideal gain is the most a party can gain when nobody falls below its disagreement utility.
    On a convex set this is where the line from the disagreement point to the ideal point meets
    the frontier (Kalai & Smorodinsky 1975, Other Solutions to Nash's Bargaining Problem). On
    finite sets and with three or more parties ties in the least ratio are broken by the next
    least, and so on (Imai 1983, Individual Monotonicity and Lexicographic Maxmin Solution).

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
        Remaining ties go to the lowest row. A party that can gain nothing anywhere is left out
        and the certificate's note says so.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError, NotConcaveError, TooLargeError,
    UnsupportedProblemError, ConvergenceError

    Examples
    --------
    >>> import bargain as bg
    >>> bg.kalai_smorodinsky_solution(bg.load("rental")).utilities
    array([3100., 3100.])
    """
    check_problem(problem)
    feasible = feasible_set(problem, lotteries=lotteries, time_limit=time_limit)
    lottery, certificate = feasible.best_minimum(feasible.ideal_gains())
    claim = partial(BestAnswer, problem, "minimum", None, lotteries, ideals=feasible.ideals)
    return make_solution(problem, "Kalai-Smorodinsky", lottery, certificate, claim)
