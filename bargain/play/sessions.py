"""What many sessions reached, and how to play one of them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number
from bargain.model.outcomes import Outcome
from bargain.model.problem import BargainingProblem
from bargain.play.protocol import played_out
from bargain.play.seeds import SessionSeed, session_key
from bargain.play.session import ENDINGS, Session
from bargain.solve.structure import is_enumerable

RESULT = np.dtype([(name, "i8") for name in ("round", "row", "ended", "left_by")])
"""One session, as `Sessions.results` has it."""

HUGE_RESULT = np.dtype([(name, "O" if name == "row" else "i8") for name in RESULT.names or ()])
"""The same where the rows of the space go beyond 2^63: they are Python ints."""


@dataclass(frozen=True, eq=False, repr=False)
class Sessions:
    """What many sessions over one problem reached.

    `sessions[name]` is a field of `results` and `sessions[i]` what is recorded of session i;
    `sessions.session(i)` plays it again, with all its offers. What is not recorded is worked out
    when it is asked for.

    Attributes
    ----------
    problem : BargainingProblem
    policies : tuple of policies
        As given, names made policies.
    meetings : ndarray of int64, shape (n_sessions, n_parties)
        Position of the policy in each seat.
    openers : ndarray of int64, shape (n_sessions,)
        The seat that proposed in round 0.
    schedule : ndarray, shape (deadline,)
        Relative time of every round.
    breakdown : float
        Chance of a breakdown after a round without an agreement.
    seed : int or SeedSequence
        What gives the same sessions again, also where none was given.
    results : structured ndarray, shape (n_sessions,)
        Field `round`: the last round that was begun, 0 if there was none; `row`: the row agreed
        on, -1 without an agreement (Python ints where the space has rows beyond 2^63); `ended`:
        0 agreement, 1 deadline, 2 walk_away, 3 breakdown; `left_by`: the seat that walked away,
        -1 if none did.
    """

    problem: BargainingProblem
    policies: tuple[Any, ...]
    meetings: NDArray[np.int64]
    openers: NDArray[np.int64]
    schedule: NDArray[np.float64]
    breakdown: float
    seed: int | np.random.SeedSequence
    results: NDArray[Any]

    def __post_init__(self) -> None:
        for array in (self.meetings, self.openers, self.schedule, self.results):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self.results)

    def __getitem__(self, key: Any) -> Any:
        """Return a field of the results by name, or what is recorded of some sessions."""
        return self.results[key]

    def __iter__(self) -> Iterator[Any]:
        """Go through what is recorded of each session."""
        return iter(self.results)

    @property
    def agreed(self) -> NDArray[np.bool_]:
        """Whether each session ended with an agreement, shape (n_sessions,)."""
        return np.asarray(self.results["ended"] == 0)

    @property
    def ended(self) -> NDArray[np.str_]:
        """How each session ended, by name as in `Session.ended`, shape (n_sessions,)."""
        return np.asarray(np.array(ENDINGS)[self.results["ended"]])

    @property
    def counts(self) -> dict[str, int]:
        """How many sessions ended in each way: agreement, deadline, walk_away, breakdown."""
        found = np.bincount(self.results["ended"], minlength=len(ENDINGS))
        return dict(zip(ENDINGS, found.tolist(), strict=True))

    @cached_property
    def agreements(self) -> tuple[Outcome | None, ...]:
        """The outcome that each session agreed on, None without an agreement."""
        rows = self.results["row"].tolist()
        outcomes = {row: self.problem.space.outcome(row) for row in set(rows) if row >= 0}
        return tuple(outcomes.get(row) for row in rows)

    @cached_property
    def utilities(self) -> NDArray[np.float64]:
        """What each party has, as if nobody had waited, shape (n_sessions, n_parties).

        Of the agreement; the disagreement point without one.
        """
        found = np.tile(self.problem.disagreement_point, (len(self), 1))
        agreed = self.agreed
        rows = self.results["row"][agreed]
        if is_enumerable(self.problem):
            found[agreed] = self.problem.utilities()[rows.astype(np.int64)]
        elif rows.size:
            different, places = np.unique(rows, return_inverse=True)
            outcomes = [self.problem.space.outcome(int(row)) for row in different.tolist()]
            found[agreed] = np.array([self.problem.evaluate(one) for one in outcomes])[places]
        found.setflags(write=False)
        return found

    @property
    def gains(self) -> NDArray[np.float64]:
        """Utilities less the disagreement point, undiscounted, shape (n_sessions, n_parties)."""
        return self.utilities - self.problem.disagreement_point

    @cached_property
    def discounted_utilities(self) -> NDArray[np.float64]:
        """The utilities after waiting until the end of each session (`problem.delayed`)."""
        found = np.empty_like(self.utilities)
        for round in np.unique(self.results["round"]).tolist():
            here = self.results["round"] == round
            time = float(self.schedule[round]) if len(self.schedule) else 1.0
            found[here] = self.problem.delayed(self.utilities[here], round=round, time=time)
        found.setflags(write=False)
        return found

    def seed_of(self, index: int) -> SessionSeed:
        """Return the seed with which `alternating_offers` plays exactly session `index`.

        Raises
        ------
        InvalidArgumentError
            If there is no such session.
        """
        return SessionSeed(self.seed, self._checked(index))

    def session(self, index: int) -> Session:
        """Play session `index` again, with all its offers.

        Raises
        ------
        InvalidArgumentError
            If there is no such session.
        """
        at = self._checked(index)
        return played_out(
            self.problem,
            tuple(self.policies[i] for i in self.meetings[at].tolist()),
            self.schedule,
            opener=int(self.openers[at]),
            key=session_key(self.seed_of(at)),
            breakdown=self.breakdown,
        )

    def _checked(self, index: int) -> int:
        at = whole_number("index", index, at_least=0, error=InvalidArgumentError)
        if at >= len(self):
            raise InvalidArgumentError.at("index", f"a session below {len(self)}", index)
        return at

    def summary(self) -> str:
        """Say in a few lines how many there were, how they ended and what parties have."""
        title = f"{self.problem.name}: " if self.problem.name else ""
        names = " | ".join(self.problem.parties)
        lines = [
            f"{title}{names}, {len(self)} sessions, deadline {len(self.schedule)}",
            ", ".join(f"{how} {count}" for how, count in self.counts.items()),
        ]
        if len(self):
            means = zip(self.problem.parties, self.utilities.mean(axis=0).tolist(), strict=True)
            lines.append("mean utility: " + ", ".join(f"{name} {mean:g}" for name, mean in means))
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()

    def __repr__(self) -> str:
        """Show how many ended in which way, in one line."""
        ends = ", ".join(f"{how} {count}" for how, count in self.counts.items() if count)
        return f"Sessions({len(self)}: {ends})" if ends else "Sessions(0)"
