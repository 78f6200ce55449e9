"""Many sessions at once: policies, seats and seeds over one problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play.mixture import Mixture
from bargain.play.policy import Policy
from bargain.play.presets import as_policy
from bargain.play.protocol import checked_chance, checked_times
from bargain.play.responsive import Side
from bargain.play.seeds import seed_sequence, session_keys
from bargain.play.session import checked_deadline
from bargain.play.sides import laid_out, seats_of, side_of
from bargain.play.table import MIXTURES, played, seated
from bargain.play.turn import Responsive
from bargain.play.view import PartyView

ENDINGS = ("agreement", "deadline", "walk_away", "breakdown")
"""What the codes in the field `ended` stand for."""

RESULT = np.dtype([("round", "i8"), ("row", "i8"), ("ended", "i1"), ("left_by", "i8")])
"""One session: the last round that was begun; the row agreed on, -1 without an agreement; how it
ended, a position in `ENDINGS`; the seat that walked away, -1 if none did."""

MOST_SESSIONS = 100_000_000
"""Most sessions in one call."""

STEPS_PER_THREAD = 20_000
"""Rounds (sessions times deadline) worth a thread."""


def play_sessions(
    problem: BargainingProblem,
    policies: Sequence[Policy | Responsive | Mixture | str],
    meetings: ArrayLike | None = None,
    *,
    deadline: int,
    first: int | str | ArrayLike = 0,
    seed: Seed = None,
    breakdown: float = 0.0,
    times: ArrayLike | None = None,
) -> NDArray[Any]:
    """Play many sessions of alternating offers over one problem, compiled and on all threads.

    Session i is played as `alternating_offers` would play it: the same rules, offers and
    agreements. The library's policies and plans are compiled; a session with a policy of your own
    that looks at the other side (`Responsive`) is played in Python.

    Parameters
    ----------
    problem : BargainingProblem
        Finite and within the enumeration limit; two parties or more.
    policies : sequence of policies or names
    meetings : array_like of int, shape (n_sessions, n_parties), optional
        Which of the policies sits in each seat in each session; by default every combination
        once, the last seat varying fastest.
    deadline, breakdown, times
        As in `alternating_offers`.
    first : int, str or array_like of int, shape (n_sessions,)
        The seat that proposes in round 0, for all or for each session.
    seed : int, SeedSequence or Generator, optional
        Session i draws from a stream of its own, whatever the number of sessions or threads.

    Returns
    -------
    structured ndarray, shape (n_sessions,)
        Fields round, row, ended and left_by: see `RESULT` and `ENDINGS`.

    Raises
    ------
    UnsupportedProblemError, InfeasibleProblemError, TooLargeError
        As `alternating_offers`.
    InvalidArgumentError
        Naming the argument that is wrong.

    Examples
    --------
    >>> import bargain as bg
    >>> found = bg.play_sessions(bg.load("rental"), ["boulware", "conceder"], deadline=40)
    >>> found["round"].tolist(), found["row"].tolist()
    ([31, 2, 1, 1], [51, 600, 20, 327])
    """
    if isinstance(policies, str) or not isinstance(policies, Sequence) or not policies:
        raise InvalidArgumentError.at("policies", "one policy or more", policies)
    chosen = [as_policy(f"policies[{i}]", policy) for i, policy in enumerate(policies)]
    n_parties = problem.n_parties
    meet = _meetings(meetings, len(chosen), n_parties)
    openers = _openers(problem, first, len(meet))
    deadline = checked_deadline(deadline)
    chance = checked_chance(breakdown)
    schedule = checked_times(times, deadline)
    views = [PartyView.of(problem, seat) for seat in range(n_parties)]
    keys = session_keys(seed_sequence(seed), len(meet))

    pure, meet = _drawn(chosen, meet, keys)
    used = [np.unique(meet[:, seat]) for seat in range(n_parties)]
    sides: list[Side] = []
    position = np.full((n_parties, len(pure)), -1, dtype=np.int64)
    for seat, view in enumerate(views):
        for policy in used[seat]:
            side = side_of(pure[policy], view, schedule)
            if side is not None:
                position[seat, policy] = len(sides)
                sides.append(side)
    results = np.empty((len(meet), 4), dtype=np.int64)
    seats = position[np.arange(n_parties), meet]
    slow = (seats < 0).any(axis=1)
    fast = np.flatnonzero(~slow)
    if fast.size:
        results[fast] = _compiled(
            problem, views, sides, seats[fast], openers[fast], keys[fast], chance, schedule
        )
    for i in np.flatnonzero(slow):
        key = int(keys[i])
        players = [
            seated(pure[policy], seat, views[seat], schedule, key)
            for seat, policy in enumerate(meet[i])
        ]
        course = played(players, views, schedule, first=int(openers[i]), key=key, breakdown=chance)
        row = course.rows[-1] if course.ended == "agreement" else -1
        left = -1 if course.left_by is None else course.left_by
        results[i] = course.round, row, ENDINGS.index(course.ended), left
    found = np.empty(len(meet), dtype=RESULT)
    for column, name in enumerate(("round", "row", "ended", "left_by")):
        found[name] = results[:, column]
    return found


def _compiled(
    problem: BargainingProblem,
    views: Sequence[PartyView],
    sides: Sequence[Side],
    meet: NDArray[np.int64],
    openers: NDArray[np.int64],
    keys: NDArray[np.int64],
    breakdown: float,
    times: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Play sessions of sides that have compiled forms; columns as in `RESULT`."""
    from bargain.kernels.threads import threads_for

    results = np.empty((len(meet), 4), dtype=np.int64)
    with threads_for(len(meet) * len(times), steps_per_thread=STEPS_PER_THREAD):
        if len(views) == 2 and breakdown == 0.0 and all(side.is_path for side in sides):
            _along_paths(problem, sides, meet, openers, results)
        else:
            from bargain.kernels.table import play_table

            seats, policies = seats_of(problem, views), laid_out(sides, len(times))
            kernel: Any = play_table
            kernel(meet, openers, keys, breakdown, times, *seats, *policies, results)
            agreed = results[:, 1] >= 0
            endings = {codes.PLAYED: 1, codes.LEFT: 2, codes.BROKEN: 3}
            ended = np.array([endings[code] for code in range(3)])[results[:, 2]]
            results[:, 2] = np.where(agreed, 0, ended)
    return results


def _along_paths(
    problem: BargainingProblem,
    sides: Sequence[Side],
    meet: NDArray[np.int64],
    openers: NDArray[np.int64],
    results: NDArray[np.int64],
) -> None:
    """Play two parties whose courses are known beforehand; results is modified in place."""
    from bargain.kernels.sessions import play_pairs

    n_rounds = len(sides[0].rows) if sides[0].rows is not None else 0
    rows = np.array([side.rows for side in sides], dtype=np.int64)
    seat = np.zeros(len(sides), dtype=np.int64)
    seat[meet[:, 1]] = 1
    table = problem.utilities()
    stays = np.array([n_rounds if side.stays is None else side.stays for side in sides])
    index = np.arange(len(meet))
    a, b = meet[index, openers], meet[index, 1 - openers]
    met = np.empty((len(meet), 2), dtype=np.int64)
    play_pairs(
        rows,
        table[rows, (1 - seat)[:, None]],
        np.array([side.least for side in sides], dtype=np.float64),
        stays,
        a,
        b,
        met,
    )
    end = np.minimum(stays[a], stays[b])
    agreed, left = met[:, 0] >= 0, end < n_rounds
    # who leaves first: at the same round, who would propose
    speaker = np.where(end % 2 == 0, openers, 1 - openers)
    quits = stays[np.where(end % 2 == 0, a, b)] == end
    leaver = np.where(quits, speaker, 1 - speaker)
    results[:, 0] = np.where(agreed, met[:, 0], np.where(left, end, max(n_rounds - 1, 0)))
    results[:, 1] = met[:, 1]
    results[:, 2] = np.where(agreed, 0, np.where(left, 2, 1))
    results[:, 3] = np.where(~agreed & left, leaver, -1)


def _drawn(
    chosen: Sequence[Any], meet: NDArray[np.int64], keys: NDArray[np.int64]
) -> tuple[list[Any], NDArray[np.int64]]:
    """Return policies that are no mixtures, and the meetings in terms of them."""
    from bargain.kernels.table import uniform

    pure: list[Any] = []
    starts = np.empty(len(chosen), dtype=np.int64)
    for i, policy in enumerate(chosen):
        starts[i] = len(pure)
        pure += [part for part, _ in policy.pure] if isinstance(policy, Mixture) else [policy]
    drawn = starts[meet]
    for i, policy in enumerate(chosen):
        if isinstance(policy, Mixture):
            for session, seat in np.argwhere(meet == i):
                draw = uniform(int(keys[session]), MIXTURES + int(seat), 0)
                drawn[session, seat] += policy.pick(draw)
    return pure, drawn


def _meetings(given: ArrayLike | None, n_policies: int, n_parties: int) -> NDArray[np.int64]:
    if given is None:
        if n_policies**n_parties > MOST_SESSIONS:
            raise InvalidArgumentError.at(
                "meetings", f"at most {MOST_SESSIONS} sessions", n_policies**n_parties
            )
        grid = np.indices((n_policies,) * n_parties)
        return np.ascontiguousarray(grid.reshape(n_parties, -1).T, dtype=np.int64)
    expected = f"whole numbers, shape (n_sessions, {n_parties})"
    try:
        meet = np.asarray(given)
    except ValueError:
        raise InvalidArgumentError.at("meetings", expected, given) from None
    if meet.ndim != 2 or meet.shape[1] != n_parties:
        raise InvalidArgumentError.at("meetings", expected, f"shape {meet.shape}")
    if meet.dtype.kind not in "iu":
        raise InvalidArgumentError.at("meetings", expected, meet.dtype)
    if len(meet) > MOST_SESSIONS:
        raise InvalidArgumentError.at("meetings", f"at most {MOST_SESSIONS} sessions", len(meet))
    if meet.size and not 0 <= meet.min() <= meet.max() < n_policies:
        raise InvalidArgumentError.at("meetings", f"positions from 0 to {n_policies - 1}", given)
    return np.ascontiguousarray(meet, dtype=np.int64)


def _openers(
    problem: BargainingProblem, first: int | str | ArrayLike, n_sessions: int
) -> NDArray[np.int64]:
    if isinstance(first, str) or np.ndim(first) == 0:
        return np.full(n_sessions, problem.party_index(first), dtype=np.int64)  # type: ignore[arg-type]
    given = np.asarray(first)
    if given.shape != (n_sessions,) or given.dtype.kind not in "iu":
        raise InvalidArgumentError.at("first", f"a party or {n_sessions} seats", first)
    if given.size and not 0 <= given.min() <= given.max() < problem.n_parties:
        raise InvalidArgumentError.at("first", f"seats from 0 to {problem.n_parties - 1}", first)
    return np.ascontiguousarray(given, dtype=np.int64)
