"""The Perles-Maschler solution: both walk along the frontier, paying each other equally."""

from __future__ import annotations

import numpy as np

from bargain.errors import UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.solve.certificate import Certificate
from bargain.solve.raiffa import nothing_to_gain, outline, refuse_choices, straight_frontier
from bargain.solve.solution import Solution, make_solution


def perles_maschler_solution(problem: BargainingProblem, *, lotteries: bool = True) -> Solution:
    """Return where two parties meet who concede along the frontier at equal rates.

    From its own best end of the individually rational frontier each party moves towards the
    other's. Along a stretch on which one gives up dx and the other receives dy, the rate counts
    sqrt(dx dy), so that no unit of utility matters; the solution has the same

    integral of sqrt(-du_1 du_2)

    on both sides (Perles & Maschler 1981, The Super-Additive Solution for the Nash Bargaining
    Game, International Journal of Game Theory 10). On sets whose feasible gains are all
    individually rational it is the only efficient, symmetric, continuous rule, free of scale,
    under which nobody loses when two problems are settled together instead of apart:
    f(S + T) >= f(S) + f(T). Only gains count: the disagreement point is the origin, and what lies
    below it plays no part. Level stretches, on which only one party's utility changes, count 0.

    Parameters
    ----------
    problem : BargainingProblem
        Two parties; finite (over the hull) or continuous and concave.
    lotteries : bool
        True by default, unlike in `nash_solution`: both walk along a connected frontier, which
        single outcomes do not have, so they do not define the solution. A finite problem is
        solved over its hull, and the answer may be a lottery; with False it is refused. For
        continuous issues it makes no difference.

    Returns
    -------
    Solution
        Exact on straight edges. Where a party can gain nothing the other has all it can, and the
        certificate's note says "degenerate"; where there is only one efficient point, that.

    Raises
    ------
    UnsupportedProblemError
        For three and more parties, or lotteries=False on a space with choices.
    InfeasibleProblemError, NoAgreementZoneError, NotConcaveError, TooLargeError

    Examples
    --------
    >>> import bargain as bg
    >>> bg.perles_maschler_solution(bg.load("divide_the_dollar")).utilities
    array([0.5, 0.5])
    """
    check_problem(problem)
    if problem.n_parties > 2:
        raise UnsupportedProblemError.at(
            "perles_maschler_solution", "two parties", problem.n_parties
        )
    refuse_choices(problem, "perles_maschler_solution", lotteries=lotteries)
    feasible = straight_frontier(problem, "perles_maschler_solution")
    ideal = feasible.ideal_gains()
    if not (ideal > 0).all():
        return make_solution(problem, "Perles-Maschler", *nothing_to_gain(feasible))
    corners, positions = outline(feasible)
    steps = np.abs(np.diff(corners, axis=0))
    walked = np.concatenate([[0.0], np.cumsum(np.sqrt(steps[:, 0] * steps[:, 1]))])
    # level stretches count nothing; np.interp takes their far end, which is the same position
    position = float(np.interp(walked[-1] / 2, walked, positions))
    # of shares of the ideal gains, so that the product of the ideal gains cannot overflow
    half = float(walked[-1] / 2 * np.sqrt(ideal[0]) * np.sqrt(ideal[1]))
    evidence = {"corners": len(feasible.positions), "each_side": half}
    method = "closed form on the frontier's edges"
    certificate = Certificate("exact", method, 0.0, evidence)
    return make_solution(problem, "Perles-Maschler", feasible.lottery(position), certificate)
