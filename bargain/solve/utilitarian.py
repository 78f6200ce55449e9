"""The utilitarian solution: the largest sum of gains."""

from __future__ import annotations

from functools import partial

from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.solve.claims import BestAnswer
from bargain.solve.feasible import feasible_set
from bargain.solve.solution import Solution, make_solution


def utilitarian_solution(
    problem: BargainingProblem, *, lotteries: bool = False, time_limit: float | None = None
) -> Solution:
    """Return the individually rational outcome with the largest sum of gains.

    It compares utilities between parties, so it depends on their scale (Moulin 1988, Axioms of
    Cooperative Decision Making, ch. 2; there without the condition of individual rationality).

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
        Where several outcomes tie, the one whose least gain is largest (on a tied edge of a
        two-party frontier, the point nearest to equal gains), then the lowest row. The
        certificate's note says so and its evidence counts what tied.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError, NotConcaveError, TooLargeError,
    UnsupportedProblemError, ConvergenceError

    Examples
    --------
    >>> import bargain as bg
    >>> best = bg.utilitarian_solution(bg.load("bill_and_jack"))
    >>> best.gains, best.certificate.evidence["tied"]
    (array([14.,  4.]), 3)
    """
    check_problem(problem)
    lottery, certificate = feasible_set(
        problem, lotteries=lotteries, time_limit=time_limit
    ).best_sum()
    claim = partial(BestAnswer, problem, "sum", None, lotteries)
    return make_solution(problem, "utilitarian", lottery, certificate, claim)
