"""Policies in seats laid out for the compiled table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.play.labels import short_label
from bargain.play.policy import plan_of
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.time_based import TimeBased
from bargain.play.view import PartyView

COMPILED = (
    "a policy that compiled code plays (concessions with time, scripts, MiCRO, tit-for-tat, random "
    "offers, trade-offs and Adaptive with a built-in model)"
)


def check_compiled(where: str, policy: Any) -> None:
    """Raise an error that names the place if compiled code cannot play a policy.

    Raises
    ------
    InvalidArgumentError
    """
    runs_in_python = hasattr(policy, "act") and not isinstance(policy, LibraryPolicy)
    if runs_in_python or not getattr(policy, "has_side", True):
        raise InvalidArgumentError(f"{where}: expected {COMPILED}, got {short_label(policy)}")


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


def sides_of(
    policies: Mapping[int, Any],
    view: PartyView,
    times: NDArray[np.float64],
    shares: dict[int, NDArray[np.float64]],
) -> dict[int, Side | None]:
    """Return `side_of` of many policies, those that concede by time alone together.

    shares keeps what each of these holds out for, by its number: the same in all seats.
    """
    curves = [i for i, policy in policies.items() if _is_curve(policy)]
    found: dict[int, Side | None] = {}
    if curves and view.has_rational_outcome:
        for i in curves:
            if i not in shares:
                shares[i] = policies[i].aspiration(times)
        rows = view.rows_at(np.array([shares[i] for i in curves]))
        for i, offers in zip(curves, rows, strict=True):
            least = policies[i].acceptance.thresholds(view, times, offers)
            found[i] = Side(codes.PLAN, shares=shares[i], rows=offers, least=least)
    for i, policy in policies.items():
        if i not in found:
            found[i] = side_of(policy, view, times)
    return found


def _is_curve(policy: Any) -> bool:
    """Whether a policy's plan is that of its aspirations."""
    return (
        isinstance(policy, TimeBased)
        and policy.is_planned
        and type(policy).side is TimeBased.side
        and type(policy).plan is TimeBased.plan
    )


def _gone(n_rounds: int) -> Side:
    least = np.full(n_rounds, np.inf)
    return Side(codes.PLAN, rows=np.zeros(n_rounds, dtype=np.int64), least=least, stays=0)


def laid_out(
    sides: Sequence[Side],
    seats: Sequence[int],
    ends: NDArray[np.float64],
    ascending: NDArray[np.float64],
    n_rounds: int,
) -> tuple[NDArray[Any], ...]:
    """Return codes, params, windows, rows, least, ops, args as `kernels.table` takes them.

    seats says where each side sits; ends and ascending are of the seats, as from `seats_of`.
    """
    from bargain.kernels.targets import fill_windows

    n = len(sides)
    longest = max((len(side.program) for side in sides), default=0)
    numbers = np.zeros((n, 8), dtype=np.int64)
    params = np.zeros((n, 5))
    windows = np.zeros((n, n_rounds, 2), dtype=np.int64)
    rows, least = np.zeros((n, n_rounds), dtype=np.int64), np.zeros((n, n_rounds))
    ops = np.zeros((n, longest), dtype=np.int64)
    args = np.zeros((n, longest, 2))
    for i, (side, seat) in enumerate(zip(sides, seats, strict=True)):
        asked = {op for op, _, _ in side.program}
        numbers[i, codes.RULE], numbers[i, codes.PICK] = side.rule, side.pick
        numbers[i, codes.STAYS] = n_rounds if side.stays is None else side.stays
        numbers[i, codes.DELAY], numbers[i, codes.N_OPS] = side.delay, len(side.program)
        numbers[i, codes.LOOKS_AHEAD] = codes.NEXT in asked
        imitates = side.rule in (codes.RELATIVE, codes.ABSOLUTE, codes.AVERAGED)
        imitates = imitates or side.reciprocity > 0
        numbers[i, codes.LOOKS_BACK] = imitates or bool(asked & {codes.BEST, codes.MEAN})
        numbers[i, codes.COUNTS] = side.rule == codes.MICRO or side.matching > 0
        params[i, codes.FLOOR], params[i, codes.NOISE] = side.floor, side.noise
        params[i, codes.BAND] = side.band
        params[i, codes.RECIPROCITY], params[i, codes.MATCHING] = side.reciprocity, side.matching
        if side.rule == codes.RANDOM:
            fill_windows(seat, np.full(n_rounds, side.floor), 0.0, ends, ascending, windows[i])
        elif side.pick != codes.CLOSEST and side.shares is not None:
            fill_windows(seat, side.shares, side.band, ends, ascending, windows[i])
        for table, given in ((rows, side.rows), (least, side.least)):
            if given is not None:
                table[i] = given
        for k, (op, first, second) in enumerate(side.program):
            ops[i, k] = op
            args[i, k] = first, second
    return numbers, params, windows, rows, least, ops, args


def seats_of(views: Sequence[PartyView], sides: Sequence[Side]) -> tuple[NDArray[Any], ...]:
    """Return ends, utilities, ascending, order, suited, ranking, digits, offsets, spans of the
    seats.
    """
    values = views[0].issue_values
    orders = [view.order for view in views]
    known = any(side.pick == codes.KNOWN for side in sides)
    suited = [view.suited for view in views] if known else orders
    return (
        np.array([[view.best, view.reservation] for view in views]),
        np.array([view.utilities for view in views]),
        np.array([view.ascending for view in views]),
        np.array(orders),
        np.array(suited),
        np.array([view.ranking for view in views]),
        values.digits,
        values.offsets,
        values.spans,
    )


def scratch_of(
    numbers: NDArray[np.int64], n_rounds: int, n_outcomes: int, n_parties: int, n_worths: int
) -> tuple[NDArray[Any], ...]:
    """Return counters, seen, received, moments, model: what one thread of the table writes on.

    numbers are the codes of the sides, n_worths the numbers that a model keeps.
    """
    counts = bool(numbers[:, codes.COUNTS].any())
    looks_back = bool(numbers[:, codes.LOOKS_BACK].any())
    models = bool((numbers[:, codes.PICK] >= codes.HARDHEADED).any())
    n_kept = n_rounds if looks_back else 0
    return (
        np.empty((n_parties, 8), dtype=np.int64),
        np.zeros((n_parties, n_outcomes if counts else 0), dtype=np.int64),
        np.empty((n_parties, n_kept)),
        np.empty((n_parties, n_kept)),
        np.empty((n_parties, n_worths if models else 0)),
    )


def paths_of(
    sides: Sequence[Side], seats: Sequence[int], views: Sequence[PartyView], n_rounds: int
) -> tuple[NDArray[Any], ...]:
    """Return rows, worth, least, stays, turns as `kernels.sessions.play_pairs` takes them.

    Of two parties; nothing is filled in for sides that are no paths. MiCRO is one as long as it
    meets MiCRO and something is left to concede: each new offer brings the next.
    """
    n = len(sides)
    rows, least = np.zeros((n, n_rounds), dtype=np.int64), np.full((n, n_rounds), np.inf)
    stays, turns = np.full(n, n_rounds), np.full(n, n_rounds)
    for i, (side, seat) in enumerate(zip(sides, seats, strict=True)):
        if side.rule == codes.MICRO:
            rows[i], least[i], turns[i] = _ranked(views[seat], n_rounds)
        elif side.rows is not None and side.least is not None:
            rows[i], least[i] = side.rows, side.least
        if side.stays is not None:
            stays[i] = side.stays
    worth = np.empty((n, n_rounds))
    for seat in (0, 1):
        here = np.flatnonzero(np.asarray(seats) == seat)
        worth[here] = views[1 - seat].utilities[rows[here]]
    return rows, worth, least, stays, turns


def _ranked(view: PartyView, n_rounds: int) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Return what MiCRO offers and accepts in each round against MiCRO, and how many offers."""
    ranking = view.ranking[: n_rounds // 2 + 1]
    own = view.utilities[ranking]
    n_rational = int(np.count_nonzero(own >= view.reservation))
    rounds = np.arange(n_rounds)
    rows = ranking[np.minimum(rounds // 2, len(ranking) - 1)]
    # it answers by its next offer, and takes the reservation when there is none
    upcoming = np.append(own[:n_rational], view.reservation)
    least = upcoming[np.minimum((rounds + 1) // 2, n_rational)]
    return rows, least, n_rational
