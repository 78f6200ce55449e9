"""Many sessions at once: policies, seats and seeds over one problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.model.given import check_problem
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play.listed import ListedView, views_of
from bargain.play.mixture import Mixture
from bargain.play.policy import Policy
from bargain.play.presets import as_policy
from bargain.play.protocol import checked_chance, checked_times
from bargain.play.responsive import Side
from bargain.play.seeds import plain_seed, seed_sequence, session_keys, uniforms
from bargain.play.session import ENDINGS as ENDINGS
from bargain.play.session import checked_deadline
from bargain.play.sessions import HUGE_RESULT, RESULT, Sessions
from bargain.play.sides import laid_out, paths_of, scratch_of, seats_of, sides_of
from bargain.play.table import MIXTURES, played, seated
from bargain.play.turn import Responsive
from bargain.play.view import PartyView

MOST_SESSIONS = 100_000_000
"""Most sessions in one call."""

STEPS_PER_THREAD = 20_000
"""Rounds (sessions times deadline) worth a thread."""

PATHS_PER_THREAD = 20_000
"""Sessions between policies whose courses are known worth a thread."""

MEETINGS_PER_THREAD = 200_000
"""Meetings whose policies are to be noted worth a thread."""


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
) -> Sessions:
    """Play many sessions of alternating offers over one problem, compiled and on all threads.

    For batches over several problems see `tournament`: every pair of policies over each problem,
    deadline and seed, each problem in one such call.

    Session i is played as `alternating_offers` would play it: the same rules, offers and
    agreements; where something is drawn, with the seed `sessions.seed_of(i)`. The library's
    policies and plans are compiled; a session with a policy of your own that looks at the other
    side (`Responsive`) is played in Python.

    Parameters
    ----------
    problem : BargainingProblem
        As in `alternating_offers`.
    policies : sequence of policies or names
    meetings : array_like of int, shape (n_sessions, n_parties), optional
        Which of the policies sits in each seat in each session; by default every combination
        once, the last seat varying fastest.
    deadline, breakdown, times
        As in `alternating_offers`.
    first : int, str or array_like of int, shape (n_sessions,)
        The seat that proposes in round 0, for all or for each session.
    seed : int, SeedSequence or Generator, optional
        Session i draws from a stream of its own, whatever the number of sessions or threads:
        that of `SessionSeed(seed, i)`.

    Returns
    -------
    Sessions
        What each reached: how it ended, the agreement, utilities; as arrays over the sessions.

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
    >>> found.ended.tolist(), found["round"].tolist()
    (['agreement', 'agreement', 'agreement', 'agreement'], [31, 2, 1, 1])
    >>> found.utilities[0], dict(found.agreements[0])["rent"]
    (array([2525., 2675.]), 3100)
    """
    check_problem(problem)
    if isinstance(policies, str) or not isinstance(policies, Sequence) or not policies:
        raise InvalidArgumentError.at("policies", "a sequence of one policy or more", policies)
    chosen = [as_policy(f"policies[{i}]", policy) for i, policy in enumerate(policies)]
    n_parties = problem.n_parties
    wanted = _meetings(meetings, len(chosen), n_parties)
    openers = np.empty(len(wanted), dtype=np.int64)
    opener = _openers(problem, first, len(wanted))
    deadline = checked_deadline(deadline)
    chance = checked_chance(breakdown)
    schedule = checked_times(times, deadline)
    sequence = seed_sequence(seed)
    # made only where somebody draws
    keys = partial(session_keys, sequence, len(wanted))

    meet, left = np.empty(wanted.shape, dtype=np.int64), np.empty(len(wanted), dtype=np.int64)

    def take(start: int, stop: int) -> None:
        meet[start:stop] = wanted[start:stop]
        openers[start:stop] = opener if isinstance(opener, int) else opener[start:stop]
        left[start:stop] = np.arange(start, stop)

    # new pages of memory take longer than what is written there, so threads share them too
    used = _used(meet, len(chosen), take)
    views = views_of(problem, [[chosen[i] for i in here] for here in used], schedule)
    pure, met = chosen, meet
    if any(isinstance(policy, Mixture) for policy in chosen):
        pure, meet = _drawn(chosen, meet, keys())
        used = _used(meet, len(pure))
    sides: list[Side] = []
    seats: list[int] = []
    shares: dict[int, NDArray[np.float64]] = {}
    places = np.full((n_parties, len(pure)), -1, dtype=np.int64)
    slow = np.empty(0, dtype=np.int64)
    for seat, view in enumerate(views):
        found = sides_of({i: pure[i] for i in used[seat]}, view, schedule, shares)
        for i, side in found.items():
            if side is not None:
                places[seat, i] = len(sides)
                sides.append(side)
                seats.append(seat)
        if None in found.values():
            slow = np.union1d(slow, np.flatnonzero(places[seat][meet[:, seat]] < 0))
    if slow.size:
        left = np.delete(left, slow)
    results = np.empty((len(meet), 4), dtype=np.int64)
    game = _Game(views, sides, seats, chance, schedule)
    if n_parties == 2 and chance == 0.0:
        left = game.play_along_paths(left, meet, places, openers, results)
    if left.size:
        seated_sides = np.column_stack([at[meet[:, seat]] for seat, at in enumerate(places)])
        game.play_at_table(left, seated_sides, openers, keys(), results)
    for i in slow.tolist():
        key = int(keys()[i])
        players = [
            seated(pure[policy], seat, views[seat], schedule, key)
            for seat, policy in enumerate(meet[i])
        ]
        course = played(players, views, schedule, first=int(openers[i]), key=key, breakdown=chance)
        row = course.rows[-1] if course.ended == "agreement" else -1
        gone = -1 if course.left_by is None else course.left_by
        results[i] = course.round, row, ENDINGS.index(course.ended), gone
    return Sessions(
        problem=problem,
        policies=tuple(chosen),
        meetings=met,
        openers=openers,
        schedule=schedule,
        breakdown=chance,
        seed=plain_seed(sequence),
        results=_told(results, views[0]),
    )


def _told(results: NDArray[np.int64], view: PartyView) -> NDArray[Any]:
    """Return results as `RESULT` has them; rows of the space for those of the view."""
    agreed = np.flatnonzero(results[:, 1] >= 0) if isinstance(view, ListedView) else None
    told: NDArray[Any] = results.view(RESULT)[:, 0]
    if agreed is None:
        return told
    rows = view.space_rows(results[agreed, 1])
    if rows.dtype != np.int64:
        told = told.astype(HUGE_RESULT)
    told["row"][agreed] = rows
    return told


@dataclass(frozen=True, eq=False)
class _Game:
    """What the sessions of one call share."""

    views: Sequence[PartyView]
    sides: Sequence[Side]
    seats: Sequence[int]
    breakdown: float
    times: NDArray[np.float64]

    def play_along_paths(
        self,
        which: NDArray[np.int64],
        meetings: NDArray[np.int64],
        places: NDArray[np.int64],
        openers: NDArray[np.int64],
        results: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Play those of two parties whose courses are known beforehand, as far as they are.

        meetings are of policies, places (2, n_policies) say which side each is in each seat.
        results is modified in place; columns as in `RESULT`. Returns the sessions that are left.
        """
        from bargain.kernels.sessions import play_pairs
        from bargain.kernels.threads import in_slices

        kernel: Any = play_pairs

        is_path = np.array([side.is_path for side in self.sides], dtype=bool)
        ranks = np.array([side.rule == codes.MICRO for side in self.sides], dtype=bool)
        left = which[:0]
        whole = len(which) == len(meetings)
        if not (is_path.all() or ranks.all()):
            a, b = places[0][meetings[which, 0]], places[1][meetings[which, 1]]
            known = (is_path[a] & is_path[b]) | (ranks[a] & ranks[b])
            if not known.all():
                whole, which, left = False, which[known], which[~known]
        if not which.size:
            return left
        n_rounds = len(self.times)
        paths = paths_of(self.sides, self.seats, self.views, n_rounds)

        def play(start: int, stop: int) -> None:
            kernel(start, stop, which, meetings, places, openers, *paths, results)

        in_slices(play, len(which), steps=len(which), steps_per_thread=PATHS_PER_THREAD)
        if ranks.any():
            ended = results[:, 2] if whole else results[which, 2]
            left = np.concatenate([left, which[ended == codes.UNKNOWN]])
        return left

    def play_at_table(
        self,
        which: NDArray[np.int64],
        meetings: NDArray[np.int64],
        openers: NDArray[np.int64],
        keys: NDArray[np.int64],
        results: NDArray[np.int64],
    ) -> None:
        """Play some sessions of any sides; results is modified in place."""
        from bargain.kernels.table import play_table
        from bargain.kernels.threads import in_slices

        kernel: Any = play_table

        whole = len(which) == len(meetings)
        met = results if whole else np.empty((len(which), 4), dtype=np.int64)
        given = (meetings, openers, keys)
        if not whole:
            given = (meetings[which], openers[which], keys[which])
        n_rounds = len(self.times)
        seats = seats_of(self.views, self.sides)
        sides = laid_out(self.sides, self.seats, seats[0], seats[2], n_rounds)

        n_outcomes, n_worths = len(self.views[0].utilities), 2 * seats[7][-1] + len(seats[8])

        def play(start: int, stop: int) -> None:
            scratch = scratch_of(sides[0], n_rounds, n_outcomes, len(self.views), n_worths)
            shared = (self.breakdown, self.times, *seats, *sides)
            kernel(start, stop, *given, *shared, *scratch, met)

        in_slices(play, len(which), steps=len(which) * n_rounds, steps_per_thread=STEPS_PER_THREAD)
        if not whole:
            results[which] = met


def _drawn(
    chosen: Sequence[Any], meet: NDArray[np.int64], keys: NDArray[np.int64]
) -> tuple[list[Any], NDArray[np.int64]]:
    """Return policies that are no mixtures, and the meetings in terms of them."""
    pure: list[Any] = []
    starts = np.empty(len(chosen), dtype=np.int64)
    for i, policy in enumerate(chosen):
        starts[i] = len(pure)
        pure += [part for part, _ in policy.pure] if isinstance(policy, Mixture) else [policy]
    drawn = starts[meet]
    for i, policy in enumerate(chosen):
        if isinstance(policy, Mixture):
            for seat in range(meet.shape[1]):
                sessions = np.flatnonzero(meet[:, seat] == i)
                draws = uniforms(keys[sessions], MIXTURES + seat, 0)
                drawn[sessions, seat] += policy.picks(draws)
    return pure, drawn


def _used(
    meet: NDArray[np.int64], n_policies: int, take: Callable[[int, int], None] | None = None
) -> list[list[int]]:
    """Return the policies that sit in each seat in some session, or raise if one is none.

    `take` fills in the meetings from one position to another beforehand.
    """
    from bargain.kernels.sessions import note_used
    from bargain.kernels.threads import in_slices

    kernel: Any = note_used
    # the last column is for what is no policy
    found = np.zeros((meet.shape[1], n_policies + 1), dtype=bool)

    def note(start: int, stop: int) -> None:
        if take is not None:
            take(start, stop)
        kernel(start, stop, meet, found)

    in_slices(note, len(meet), steps=len(meet), steps_per_thread=MEETINGS_PER_THREAD)
    if found[:, -1].any():
        raise InvalidArgumentError.at("meetings", f"positions from 0 to {n_policies - 1}", meet)
    return [np.flatnonzero(here).tolist() for here in found]


def _meetings(given: ArrayLike | None, n_policies: int, n_parties: int) -> NDArray[np.integer]:
    """Return meetings, checked but for what policies there are; perhaps the caller's own array."""
    if given is None:
        if n_policies**n_parties > MOST_SESSIONS:
            raise InvalidArgumentError.at(
                "meetings", f"at most {MOST_SESSIONS} sessions", n_policies**n_parties
            )
        grid = np.indices((n_policies,) * n_parties)
        return np.asarray(grid.reshape(n_parties, -1).T)
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
    return meet


def _openers(
    problem: BargainingProblem, first: int | str | ArrayLike, n_sessions: int
) -> int | NDArray[np.integer]:
    """Return the seat that opens all sessions, or that of each, perhaps the caller's own array."""
    if isinstance(first, str) or np.ndim(first) == 0:
        return problem.party_index(first, where="first")  # type: ignore[arg-type]
    given = np.asarray(first)
    if given.shape != (n_sessions,) or given.dtype.kind not in "iu":
        raise InvalidArgumentError.at(
            "first", f"a party, or a seat for each of {n_sessions} sessions", first
        )
    if given.size and not 0 <= given.min() <= given.max() < problem.n_parties:
        raise InvalidArgumentError.at("first", f"seats from 0 to {problem.n_parties - 1}", first)
    return given
