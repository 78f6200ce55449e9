"""The utilitarian solution: the largest sum of gains."""

from __future__ import annotations

from bargain.model import BargainingProblem
from bargain.solve.feasible import feasible_set
from bargain.solve.solution import Solution, make_solution


def utilitarian_solution(problem: BargainingProblem, *, lotteries: bool = False) -> Solution:
    """Return the individually rational outcome with the largest sum of gains.

    It compares utilities between parties, so it depends on their scale (Moulin 1988, Axioms of
    Cooperative Decision Making, ch. 2; there without the condition of individual rationality).

    Parameters
    ----------
    problem : BargainingProblem
    lotteries : bool
        Choose over the convex hull: the answer may be a lottery.

    Returns
    -------
    Solution
        Ties go to the lowest row; along a tied edge of a two-party frontier to the point nearest
        to equal gains. The certificate's evidence counts what tied.

    Raises
    ------
    NoAgreementZoneError, NotConcaveError, TooLargeError, UnsupportedProblemError

    Examples
    --------
    >>> import bargain as bg
    >>> best = bg.utilitarian_solution(bg.load("bill_and_jack"))
    >>> best.gains.sum(), best.certificate.evidence["tied"]
    (np.float64(18.0), 3)
    """
    lottery, certificate = feasible_set(problem, lotteries=lotteries).best_sum()
    return make_solution(problem, "utilitarian", lottery, certificate)
