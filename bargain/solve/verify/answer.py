"""The answer itself: in the space, allowed, rational, and worth what it is said to be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidOutcomeError
from bargain.model import BargainingProblem
from bargain.solve.solution import Lottery
from bargain.solve.verify.measure import Measure
from bargain.solve.verify.verification import Refuted


def worth_of(problem: BargainingProblem, lottery: Lottery) -> NDArray[np.float64]:
    """Return the expected utilities of a lottery, shape (n_parties,), or refute that it is one."""
    if len(lottery) == 0:
        raise Refuted("there is no outcome")
    probabilities = np.array([probability for _, probability in lottery], dtype=np.float64)
    if not ((probabilities > 0).all() and abs(probabilities.sum() - 1.0) <= 1e-12 * len(lottery)):
        raise Refuted(f"the probabilities are not positive or sum to {probabilities.sum():.12g}")
    total = np.zeros(problem.n_parties)
    for outcome, probability in lottery:
        try:
            total += probability * problem.evaluate(outcome)
        except InvalidOutcomeError as error:
            raise Refuted(f"an outcome is not in the space: {error}") from None
        if problem.broken_by(outcome):
            raise Refuted(f"an outcome breaks a constraint: {problem.broken_by(outcome)[0]}")
    return total


def rational_gains(
    problem: BargainingProblem,
    lottery: Lottery,
    utilities: NDArray[np.float64],
    measure: Measure,
    *,
    lotteries: bool,
) -> NDArray[np.float64]:
    """Return the gains of an answer, shape (n_parties,), or refute that it can be agreed.

    One outcome of a finite space is compared with the disagreement point exactly; what lies
    between outcomes is rounded, so there the measure's slack is allowed for.
    """
    worth = worth_of(problem, lottery)
    if len(lottery) > 1 and not lotteries:
        raise Refuted(f"a lottery over {len(lottery)} outcomes where lotteries are not allowed")
    if np.shape(utilities) != worth.shape:
        raise Refuted(f"expected {len(worth)} utilities, got {np.shape(utilities)}")
    if not (np.abs(worth - utilities) <= 1e-12 * np.maximum(measure.scale, np.abs(worth))).all():
        raise Refuted(f"the answer is worth {worth.tolist()}, not {np.asarray(utilities).tolist()}")
    gains: NDArray[np.float64] = worth - problem.disagreement_point
    exact = problem.space.is_finite and not lotteries
    slack = np.zeros(len(gains)) if exact else measure.slack * measure.scale
    if not (gains >= -slack).all():
        raise Refuted(f"not individually rational: the gains are {gains.tolist()}")
    return gains
