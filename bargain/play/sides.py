"""Policies in seats laid out for the compiled table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels import sides as codes
from bargain.model.problem import BargainingProblem
from bargain.play.models.values import IssueValues
from bargain.play.policy import plan_of
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.view import PartyView


def side_of(policy: Any, view: PartyView, times: NDArray[np.float64]) -> Side | None:
    """Return a policy in a seat as the compiled table plays it; None where it can't."""
    if isinstance(policy, LibraryPolicy):
        if not view.has_rational_outcome:
            return _gone(len(times))
        return policy.side(view, times)
    if hasattr(policy, "act"):
        return None
    plan = plan_of(policy, view, times)
    rows, least = np.maximum(plan.rows, 0), plan.thresholds
    return Side(codes.PLAN, rows=rows, least=least, stays=plan.stays)


def _gone(n_rounds: int) -> Side:
    least = np.full(n_rounds, np.inf)
    return Side(codes.PLAN, rows=np.zeros(n_rounds, dtype=np.int64), least=least, stays=0)


def laid_out(sides: Sequence[Side], n_rounds: int) -> tuple[NDArray[Any], ...]:
    """Return codes, params, shares, rows, least, ops, args as `kernels.table` takes them."""
    n = len(sides)
    longest = max((len(side.program) for side in sides), default=0)
    numbers = np.zeros((n, 6), dtype=np.int64)
    params = np.zeros((n, 3))
    shares, least = np.zeros((n, n_rounds)), np.zeros((n, n_rounds))
    rows = np.zeros((n, n_rounds), dtype=np.int64)
    ops = np.zeros((n, longest), dtype=np.int64)
    args = np.zeros((n, longest, 2))
    for i, side in enumerate(sides):
        numbers[i, codes.RULE], numbers[i, codes.PICK] = side.rule, side.pick
        numbers[i, codes.STAYS] = n_rounds if side.stays is None else side.stays
        numbers[i, codes.DELAY], numbers[i, codes.N_OPS] = side.delay, len(side.program)
        numbers[i, codes.LOOKS_AHEAD] = any(op == codes.NEXT for op, _, _ in side.program)
        params[i, codes.FLOOR], params[i, codes.NOISE] = side.floor, side.noise
        params[i, codes.BAND] = side.band
        for table, given in ((shares, side.shares), (rows, side.rows), (least, side.least)):
            if given is not None:
                table[i] = given
        for k, (op, first, second) in enumerate(side.program):
            ops[i, k] = op
            args[i, k] = first, second
    return numbers, params, shares, rows, least, ops, args


def seats_of(problem: BargainingProblem, views: Sequence[PartyView]) -> tuple[NDArray[Any], ...]:
    """Return ends, utilities, ascending, order, ranking, digits, offsets, spans of the seats."""
    values = IssueValues.of(problem.space)
    return (
        np.array([[view.best, view.reservation] for view in views]),
        np.array([view.utilities for view in views]),
        np.array([view.ascending for view in views]),
        np.array([view.order for view in views]),
        np.array([view.ranking for view in views]),
        values.digits,
        values.offsets,
        values.spans,
    )
