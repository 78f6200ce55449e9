"""Raiffa's solutions: step by step towards the frontier, half of what each could still gain."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, InvalidArgumentError, UnsupportedProblemError
from bargain.model import BargainingProblem
from bargain.model.given import check_problem
from bargain.solve.certificate import Certificate
from bargain.solve.chain_set import ChainSet, chain_set
from bargain.solve.convex import RESOLUTION, ConvexSet
from bargain.solve.refusals import ON_A_GRID, refuse_lotteries
from bargain.solve.solution import Lottery, Solution, make_solution

STEPS = 200
"""What is left to gain at least halves in a step: after about 60 float64 holds no more of it."""

LONGEST = 50.0
"""Time after which a path is at its limit: e^-50 of what there was to gain is left."""


def raiffa_solution(
    problem: BargainingProblem,
    *,
    kind: Literal["discrete", "continuous"] = "discrete",
    lotteries: bool = True,
) -> Solution:
    """Return where step by step concessions from the disagreement point end.

    Discrete: from d_0 = d, each d_{k+1} is the mean over the parties i of d_k with i's utility
    raised to the most that leaves the others what d_k gives them; the solution is the limit
    (Raiffa 1953, Arbitration Schemes for Generalized Two-Person Games; Luce & Raiffa 1957,
    Games and Decisions, section 6.10). Continuous: the same with infinitely small steps. From d
    the path follows dy/dx = (h_2(x) - y) / (h_1(y) - x), where h_2(x) is the most the second
    party can have while the first has x, and h_1 the other way round, until it meets the
    frontier. Both are efficient, symmetric and free of the scale of utilities.

    Parameters
    ----------
    problem : BargainingProblem
        Finite (over the hull) or continuous and concave.
    kind : {"discrete", "continuous"}
        Steps of half the way, or a smooth path (two parties only).
    lotteries : bool
        True by default, unlike in `nash_solution`: each step is to a mean of feasible points,
        which single outcomes do not hold, so they do not define the solution. A finite problem
        is solved over its hull, and the answer may be a lottery; with False it is refused. For
        continuous issues it makes no difference.

    Returns
    -------
    Solution
        For two parties exact; the certificate's evidence holds the gains of the steps (discrete)
        or at the corners of the path (continuous) as "path". For three and more, proven to
        within a gap: no party's share of its range is further from the limit. Where a party can
        gain nothing the other has all it can, and the certificate's note says "degenerate".

    Raises
    ------
    UnsupportedProblemError
        For lotteries=False on a space with choices, or a continuous path of more parties.
    NoAgreementZoneError, NotConcaveError, TooLargeError, ConvergenceError

    Examples
    --------
    >>> import bargain as bg
    >>> dollar = bg.load("divide_the_dollar")
    >>> bg.raiffa_solution(dollar).utilities
    array([0.5, 0.5])
    >>> contract = bg.load("supply_contract")
    >>> bg.raiffa_solution(contract).utilities.round(3)
    array([0.691, 0.658])
    >>> bg.raiffa_solution(contract, kind="continuous").utilities.round(3)
    array([0.684, 0.666])
    """
    check_problem(problem)
    if kind not in ("discrete", "continuous"):
        raise InvalidArgumentError.at("kind", "'discrete' or 'continuous'", kind)
    refuse_choices(problem, "raiffa_solution", lotteries=lotteries)
    concept = "Raiffa" if kind == "discrete" else "continuous Raiffa"
    if problem.n_parties > 2:
        if kind == "continuous":
            raise UnsupportedProblemError.at(
                "raiffa_solution: kind='continuous'", "two parties", problem.n_parties
            )
        refuse_lotteries(problem, "raiffa_solution")
        return make_solution(problem, concept, *_mean_steps(ConvexSet(problem)))
    feasible = straight_frontier(problem, "raiffa_solution")
    ideal = feasible.ideal_gains()
    if not (ideal > 0).all():
        return make_solution(problem, concept, *nothing_to_gain(feasible))
    corners, positions = outline(feasible)
    if kind == "discrete":
        mark, path = _half_steps(corners)
        method = "half steps to the frontier, then the middle of its last edge"
    else:
        mark, path = _smooth_path(corners)
        method = "closed form between the corners of the frontier"
    evidence = {"path": (np.array(path) * ideal).tolist(), "corners": len(feasible.positions)}
    position = float(np.interp(mark, np.arange(len(corners)), positions))
    certificate = Certificate("exact", method, 0.0, evidence)
    return make_solution(problem, concept, feasible.lottery(position), certificate)


def straight_frontier(problem: BargainingProblem, concept: str) -> ChainSet:
    """Return a two-party frontier of straight edges, on which these concepts are exact."""
    refuse_lotteries(problem, concept)
    feasible = chain_set(problem)
    if not isinstance(feasible, ChainSet):
        raise UnsupportedProblemError(
            f"{concept}: expected a frontier of straight edges, got a curved one; try {ON_A_GRID}"
        )
    return feasible


def refuse_choices(problem: BargainingProblem, concept: str, *, lotteries: bool) -> None:
    """Refuse choices without lotteries, for a concept that needs a convex set."""
    if not lotteries and any(issue.is_finite for issue in problem.space.issues):
        raise UnsupportedProblemError(
            f"{concept}: expected a continuous problem or lotteries=True, got choices without "
            "lotteries, where the concept is not defined: it needs a convex set"
        )


def nothing_to_gain(feasible: ChainSet) -> tuple[Lottery, Certificate]:
    """Return the answer where a party can gain nothing: the other has all it can."""
    lottery, certificate = feasible.best_minimum(feasible.ideal_gains())
    method = "end of the frontier"
    return lottery, Certificate("exact", method, 0.0, {}, certificate.note)


def outline(feasible: ChainSet) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the frontier from axis to axis, and where each corner lies on the chain.

    Returns
    -------
    corners : ndarray, shape (k, 2)
        Gains in shares of the ideal gains, so that neither scale nor size of utilities matters.
        Before a frontier that starts off the axis comes the level way to it, (0, 1); behind one
        that ends off the axis the drop from it, (1, 0).
    positions : ndarray, shape (k,)
    """
    corners = feasible.gains / feasible.ideal_gains()
    positions = feasible.positions
    if corners[0, 0] > 0:
        corners = np.concatenate([[[0.0, corners[0, 1]]], corners])
        positions = np.concatenate([positions[:1], positions])
    if corners[-1, 1] > 0:
        corners = np.concatenate([corners, [[corners[-1, 0], 0.0]]])
        positions = np.concatenate([positions, positions[-1:]])
    return corners, positions


def _marks(corners: NDArray[np.float64], x: float, y: float) -> tuple[float, float]:
    """Return where on the outline the first party has x, and where the second has y."""
    marks = np.arange(len(corners), dtype=np.float64)
    left = float(np.interp(x, corners[:, 0], marks))
    return left, float(np.interp(y, corners[::-1, 1], marks[::-1]))


def _half_steps(corners: NDArray[np.float64]) -> tuple[float, list[tuple[float, float]]]:
    """Return the limit of the discrete steps as a mark on the outline, and the steps.

    The steps rise, and the limit lies between the marks of (x, h_2(x)) and (h_1(y), y). Once
    both are on one edge the next step is their middle, on the frontier. Where that never happens
    the limit is a corner, which both marks approach by half at every step.
    """
    marks = np.arange(len(corners), dtype=np.float64)
    x = y = 0.0
    path = [(x, y)]
    left, right = _marks(corners, x, y)
    for _ in range(STEPS):
        best_second = float(np.interp(left, marks, corners[:, 1]))
        best_first = float(np.interp(right, marks, corners[:, 0]))
        step = (x + best_first) / 2, (y + best_second) / 2
        done = right <= math.floor(left) + 1 or not (step[0] > x or step[1] > y)
        x, y = max(x, step[0]), max(y, step[1])
        if (x, y) != path[-1]:
            path.append((x, y))
        if done:
            break
        left, right = _marks(corners, x, y)
    return (left + right) / 2, path


def _smooth_path(corners: NDArray[np.float64]) -> tuple[float, list[tuple[float, float]]]:
    """Return where the continuous path ends as a mark on the outline, and its corners.

    While x lies under edge i of the outline and y beside edge j, h_2 and h_1 are straight, with
    slopes -b and -e. In a time t that runs like dx/dt = h_1(y) - x, dy/dt = h_2(x) - y the path
    solves a linear system (`_moved`). It is followed until x or y comes to the end of its edge.
    Once both are on one edge the rest is a straight line to the middle of what is left of it.
    """
    x = y = 0.0
    path = [(x, y)]
    i, j = 0, len(corners) - 2
    while i < j:
        end_x, end_y = float(corners[i + 1, 0]), float(corners[j, 1])
        if x >= end_x or y >= end_y:
            i, j = i + int(x >= end_x), j - int(y >= end_y)
            continue
        b, e = _slope(corners[i], corners[i + 1]), _slope(corners[j + 1, ::-1], corners[j, ::-1])
        u = float(corners[j + 1, 0]) - e * (y - float(corners[j + 1, 1])) - x
        v = float(corners[i, 1]) - b * (x - float(corners[i, 0])) - y

        def beyond(
            t: float,
            start: tuple[float, float] = (x, y),
            line: tuple[float, float, float, float] = (u, v, b, e),
            end: tuple[float, float] = (end_x, end_y),
        ) -> float:
            dx, dy = _moved(t, *line)
            return max(start[0] + dx - end[0], start[1] + dy - end[1])

        turn = _turning(u, v, b, e)
        limit = beyond(turn) < 0
        dx, dy = _moved(turn if limit else _first_crossing(beyond, turn), u, v, b, e)
        x, y = min(x + dx, end_x), min(y + dy, end_y)
        path.append((x, y))
        if limit:
            break
    left, right = _marks(corners, x, y)
    middle = (left + right) / 2
    marks = np.arange(len(corners), dtype=np.float64)
    path.append((float(np.interp(middle, marks, corners[:, 0])),
                 float(np.interp(middle, marks, corners[:, 1]))))  # fmt: skip
    return middle, path


def _slope(start: NDArray[np.float64], stop: NDArray[np.float64]) -> float:
    """Return how much the second coordinate falls per unit that the first one rises."""
    return float((start[1] - stop[1]) / (stop[0] - start[0]))


def _moved(t: float, u: float, v: float, b: float, e: float) -> tuple[float, float]:
    """Return how far x and y have gone after a time t, with u = h_1(y) - x, v = h_2(x) - y.

    u' = -u - e v and v' = -v - b u, so with r = sqrt(b e) <= 1 (the frontier is concave)
    u(t) = exp(-t) (u cosh rt - e v sinh(rt) / r), and v(t) likewise. Integrated: x goes
    u C - e v S and y goes v C - b u S, where C and S are the integrals from 0 to t of
    exp(-t) cosh rt and exp(-t) sinh(rt) / r.
    """
    r = math.sqrt(min(b * e, 1.0))
    if r > 0.5:
        slow = t if r == 1.0 else -math.expm1(-(1.0 - r) * t) / (1.0 - r)
        fast = -math.expm1(-(1.0 + r) * t) / (1.0 + r)
        even, odd = (slow + fast) / 2, (slow - fast) / (2 * r)
    else:
        # by parts, since slow - fast would lose all digits for small r
        sine = math.sinh(r * t) / r if r > 0 else t
        even = (1.0 - math.exp(-t) * (math.cosh(r * t) + r * r * sine)) / (1.0 - r * r)
        odd = even - math.exp(-t) * sine
    return u * even - e * v * odd, v * even - b * u * odd


def _turning(u: float, v: float, b: float, e: float) -> float:
    """Return when u or v comes to 0, that is tanh(rt) / r = u / (e v) or v / (b u).

    Until then x and y rise; one of them passes its corner, unless the path leads to the corner
    itself, where it arrives only after infinite time.
    """
    if u <= 0 or v <= 0:
        return 0.0
    r = math.sqrt(min(b * e, 1.0))
    least = min(u / (e * v) if e * v > 0 else math.inf, v / (b * u) if b * u > 0 else math.inf)
    if r * least >= 1 or least >= LONGEST:
        return LONGEST
    return min(math.atanh(r * least) / r if r > 0 else least, LONGEST)


def _first_crossing(beyond: Callable[[float], float], stop: float) -> float:
    """Return the time from which on a rising value is >= 0, by bisection from 0 to `stop`."""
    low, high = 0.0, stop
    while low < (middle := (low + high) / 2) < high:
        if beyond(middle) < 0:
            low = middle
        else:
            high = middle
    return high


def _mean_steps(feasible: ConvexSet) -> tuple[Lottery, Certificate]:
    """Take the discrete steps of three and more parties, one linear program a party.

    The limit lies between d_k and the most each party can have above d_k. That difference
    shrinks by 1 - 1/n at every step, and it bounds how far the answer is from the limit.
    """
    n = feasible.problem.n_parties
    point, path = np.zeros(n), [[0.0] * n]
    # e^-25 of what there is to gain is less than the programs resolve
    for _ in range(25 * n):
        found = [feasible.maximize(party, point)[:2] for party in np.eye(n)]
        best = np.maximum([value for value, _ in found], point)
        # curved issues may have got more corners on the way
        plan = np.mean([feasible.padded(weights) for _, weights in found], axis=0)
        gap = float((best - point).max())
        point = point + (best - point) / n
        path.append((point * feasible.scale).tolist())
        if gap <= RESOLUTION:
            break
    else:
        raise ConvergenceError(f"Raiffa's steps: expected {RESOLUTION:g}, got {gap:.1e}")
    note = "" if (best > RESOLUTION).all() else "degenerate: a party cannot gain anything"
    method = "linear programs (HiGHS), one a step and party"
    # the programs themselves may be this far off
    certificate = Certificate(
        "gap", method, gap + RESOLUTION, {"path": path}, note, unit="shares of a party's range"
    )
    return feasible.lottery(plan), certificate
