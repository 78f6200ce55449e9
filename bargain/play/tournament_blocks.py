"""The parts of a tournament: all sessions over one problem with one deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.anything import Anything
from bargain.play.batch import play_sessions
from bargain.play.entrants import count_meetings, draws, meetings
from bargain.play.landmarks import Landmarks
from bargain.play.seeds import child
from bargain.play.session import round_times
from bargain.play.tournament_rows import result_type
from bargain.play.worths import utilities_at

MEASURED = (
    "utilities",
    "discounted_utilities",
    "gains",
    "shares",
    "joint_gain",
    "nash_distance",
    "kalai_smorodinsky_distance",
    "frontier_distance",
    "fairness",
)
"""Fields that follow from how a session ended."""


@dataclass(frozen=True, eq=False)
class Arena:
    """A tournament as it is played: in blocks of one problem and one deadline."""

    problems: tuple[BargainingProblem, ...]
    players: tuple[Any, ...]
    n_policies: int
    deadlines: tuple[int, ...]
    repetitions: int
    self_play: bool
    first: int | None
    breakdown: float
    sequence: np.random.SeedSequence

    @property
    def n_pool(self) -> int:
        return len(self.players) - self.n_policies

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Problem and deadline of each block, by position."""
        both = (len(self.problems), len(self.deadlines))
        return [(problem, deadline) for problem, deadline in np.ndindex(both)]

    @property
    def empty(self) -> NDArray[Any]:
        n_seats = max(problem.n_parties for problem in self.problems)
        largest = max(problem.space.size for problem in self.problems)
        return np.empty(0, dtype=result_type(n_seats, n_rows=largest))

    def openers(self, problem: BargainingProblem) -> list[int]:
        return list(range(problem.n_parties)) if self.first is None else [self.first]

    def n_meetings(self, problem: BargainingProblem) -> int:
        return count_meetings(
            self.n_policies, self.n_pool, problem.n_parties, self_play=self.self_play
        )

    @property
    def n_sessions(self) -> int:
        """Sessions there are at most."""
        each = sum(self.n_meetings(p) * len(self.openers(p)) for p in self.problems)
        return each * len(self.deadlines) * self.repetitions

    def play(self, problem: int, deadline: int, marks: Landmarks) -> NDArray[Any]:
        """Play a block and measure it."""
        one, rounds = self.problems[problem], self.deadlines[deadline]
        n = one.n_parties
        found = self._schedule(one)
        found["problem"], found["deadline"] = problem, rounds
        found["has_zone"] = marks.has_zone
        meet = np.ascontiguousarray(found["policies"][:, :n])
        options: dict[str, Any] = {
            "deadline": rounds,
            "first": found["first"].astype(np.int64),
            "seed": child(self.sequence, problem, deadline),
        }
        met = play_sessions(one, self.players, meet, breakdown=self.breakdown, **options)
        for name in ("round", "row", "ended", "left_by"):
            found[name] = met[name]
        _measure(found, one, marks, rounds)
        _open(found, one, marks, self.players, meet, options)
        return found

    def _schedule(self, problem: BargainingProblem) -> NDArray[Any]:
        """Return the sessions of a block, with who plays them and nothing else yet."""
        n = problem.n_parties
        meet = meetings(self.n_policies, self.n_pool, n, self_play=self.self_play)
        drawing = np.array([draws(player) for player in self.players])
        again = drawing[meet].any(axis=1) | (self.breakdown > 0)
        repetitions = np.where(again, self.repetitions, 1)
        openers = np.array(self.openers(problem))
        # by meeting, then by who opens, then by repetition
        each = np.repeat(repetitions, len(openers))
        n_sessions = int(each.sum())
        starts = np.repeat(np.cumsum(each) - each, each)
        found = np.zeros(n_sessions, dtype=self.empty.dtype)
        found["policies"] = -1
        found["policies"][:, :n] = np.repeat(np.repeat(meet, len(openers), axis=0), each, axis=0)
        found["first"] = np.repeat(np.tile(openers, len(meet)), each)
        found["repetition"] = np.arange(n_sessions) - starts
        found["weight"] = 1.0 / np.repeat(each, each)
        return found


def _measure(
    found: NDArray[Any], problem: BargainingProblem, marks: Landmarks, deadline: int
) -> None:
    """Fill in what sessions reached; found is modified in place.

    Many end alike, with the same outcome in the same round: each kind is measured once.
    """
    rows, places = np.unique(found["row"], return_inverse=True)
    _, first, kinds = np.unique(
        found["round"] * len(rows) + places, return_index=True, return_inverse=True
    )
    alike = found[first]
    _measure_each(alike, problem, marks, deadline)
    for name in MEASURED:
        found[name] = alike[name][kinds]


def _measure_each(
    found: NDArray[Any], problem: BargainingProblem, marks: Landmarks, deadline: int
) -> None:
    n = problem.n_parties
    agreed = found["row"] >= 0
    d = problem.disagreement_point
    worth = np.where(agreed[:, None], utilities_at(problem, np.maximum(found["row"], 0)), d)
    schedule = round_times(deadline)
    late = np.empty_like(worth)
    for r in np.unique(found["round"]):
        here = found["round"] == r
        time = float(schedule[r]) if deadline else 1.0
        late[here] = problem.delayed(worth[here], round=int(r), time=time)
    for name, values in (
        ("utilities", worth),
        ("discounted_utilities", late),
        ("gains", worth - d),
        ("shares", marks.shares(late)),
    ):
        found[name] = np.nan
        found[name][:, :n] = values
    found["joint_gain"] = (worth - d).sum(axis=1)
    distances = marks.distances(worth)
    for name, distance in zip(
        ("nash_distance", "kalai_smorodinsky_distance", "frontier_distance"), distances, strict=True
    ):
        found[name] = distance
    found["fairness"] = np.where(agreed, marks.fairness(worth), np.nan)


def _open(
    found: NDArray[Any],
    problem: BargainingProblem,
    marks: Landmarks,
    players: Sequence[Any],
    meet: NDArray[np.int64],
    options: dict[str, Any],
) -> None:
    """Fill in first offers; found is modified in place.

    They are what each opener agrees on with a party that accepts anything: its draws are the same
    as in the session, since they come from the session's key and its own seat.
    """
    openers = found["first"].astype(np.int64)
    seats = np.full_like(meet, len(players))
    index = np.arange(len(meet))
    seats[index, openers] = meet[index, openers]
    first = play_sessions(problem, [*players, Anything()], seats, **options)["row"]
    found["first_offer"] = first
    worth = utilities_at(problem, np.maximum(first, 0))
    shares = marks.shares(worth)[index, openers]
    found["first_offer_share"] = np.where(first >= 0, shares, np.nan)


class Player:
    """Plays blocks of a tournament, and keeps the landmarks of the last problem."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self._marks: tuple[int, Landmarks] | None = None

    def __call__(self, problem: int, deadline: int) -> NDArray[Any]:
        """Play a block."""
        marks = self._marks
        if marks is None or marks[0] != problem:
            self._marks = marks = problem, Landmarks.of(self.arena.problems[problem])
        return self.arena.play(problem, deadline, marks[1])
