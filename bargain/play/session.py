"""A session of alternating offers: what rounds, proposers and time are, and what is recorded.

The definition, for the whole library:

- A round is one offer by one party and the answers to it, in the same round. Rounds are numbered
  0, 1, ..., deadline - 1.
- The party at position `first` proposes in round 0. The others answer in order of their seats
  from the proposer's on, until one refuses: the first who does proposes in the next round. When
  nobody does, that is the agreement. (For three and more parties this is the stacked alternating
  offers protocol of Aydogan, Festen, Hindriks and Jonker 2017.)
- So proposers of two parties alternate: in round r it is party (first + r) % 2. The last offer, in
  round deadline - 1, is made by `first` if the deadline is odd and by the other party if it is
  even. The other side can still accept it.
- Relative time in round r is t = r / (deadline - 1): 0 in the first round and 1 in the last.
  With deadline 1 the only round is the last, and t = 1. Other times may be given.
- With deadline 0 no round is played and there is no agreement.
- A party that walks away does so at its first turn to speak: instead of proposing if it is its
  turn to propose, instead of answering if it is the other's.
- After each round without an agreement the session may break down, with a chance that is given.

For discounts and costs of waiting, an agreement in round r has r rounds and time t behind it. A
session that runs out has deadline - 1 rounds (0 for deadline 0) and the time of the last behind
it, and one that is left or breaks down in round r has r rounds and that round's time. What has
been waited counts in the same way without an agreement: the disagreement point is discounted like
an agreement, and costs of waiting are paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.issues import Value
from bargain.model.numbers import whole_number
from bargain.model.outcomes import Outcome
from bargain.model.problem import BargainingProblem
from bargain.play.offers import Offer
from bargain.play.worths import utilities_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDINGS = ("agreement", "deadline", "walk_away", "breakdown")
"""How sessions end. Where results hold a code, it is the position here."""

LONGEST_DEADLINE = 1_000_000
"""Most rounds that a session may have."""


def checked_deadline(deadline: int, *, at_least: int = 0) -> int:
    """Return a deadline as an int from `at_least` to `LONGEST_DEADLINE`, or raise."""
    rounds = whole_number("deadline", deadline, at_least=at_least, error=InvalidArgumentError)
    if rounds > LONGEST_DEADLINE:
        raise InvalidArgumentError.at("deadline", f"at most {LONGEST_DEADLINE} rounds", deadline)
    return rounds


def round_times(deadline: int) -> NDArray[np.float64]:
    """Return the relative time of every round, shape (deadline,).

    Examples
    --------
    >>> round_times(5), round_times(1)
    (array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([1.]))
    """
    rounds = checked_deadline(deadline)
    if rounds == 1:
        return np.ones(1)
    return np.arange(rounds) / max(rounds - 1, 1)


@overload
def proposer_in(round: int, *, first: int = 0) -> int: ...
@overload
def proposer_in(round: NDArray[np.int64], *, first: int = 0) -> NDArray[np.int64]: ...
def proposer_in(round: Any, *, first: int = 0) -> Any:
    """Return which of two parties proposes in a round, or in each of some rounds."""
    return (first + round) % 2


@dataclass(frozen=True, eq=False, repr=False)
class Session:
    """What happened at the table.

    Attributes
    ----------
    problem : BargainingProblem
    policies : tuple of policies
        In party order, as they played: of a `Mixture`, the one that was drawn.
    deadline : int
    first : str
        The party that proposed in round 0.
    ended : {"agreement", "deadline", "walk_away", "breakdown"}
    left_by : str or None
        The party that walked away.
    agreement : Outcome or None
    utilities : ndarray, shape (n_parties,)
        Of the agreement, as if nobody had waited; the disagreement point if there is none.
    discounted_utilities : ndarray, shape (n_parties,)
        The same after waiting until the end of the session, discounts and costs taken off
        (`problem.delayed`).
    offer_rows : ndarray of int64, shape (n_offers,)
        The row of each offer, in order; offer i was made in round i. Python ints where the space
        has rows beyond 2^63.
    proposers : ndarray of int64, shape (n_offers,)
        Position of the party that made each offer.
    schedule : ndarray, shape (deadline,)
        Relative time of every round.
    """

    problem: BargainingProblem
    policies: tuple[Any, ...]
    deadline: int
    first: str
    ended: Literal["agreement", "deadline", "walk_away", "breakdown"]
    left_by: str | None
    agreement: Outcome | None
    utilities: NDArray[np.float64]
    discounted_utilities: NDArray[np.float64]
    offer_rows: NDArray[Any]
    proposers: NDArray[np.int64]
    schedule: NDArray[np.float64]

    @property
    def rounds(self) -> int:
        """Number of rounds in which an offer was made."""
        return len(self.offer_rows)

    @property
    def gains(self) -> NDArray[np.float64]:
        """Utilities less the disagreement point, undiscounted, shape (n_parties,)."""
        return self.utilities - self.problem.disagreement_point

    @cached_property
    def times(self) -> NDArray[np.float64]:
        """Relative time of each offer, shape (n_offers,)."""
        times = self.schedule[: self.rounds]
        times.setflags(write=False)
        return times

    @cached_property
    def offer_utilities(self) -> NDArray[np.float64]:
        """What each offer was worth to each party, undiscounted, shape (n_offers, n_parties)."""
        worth = utilities_at(self.problem, self.offer_rows)
        worth.setflags(write=False)
        return worth

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer in order, with the name of its party, its round and its time."""
        outcomes = {row: self.problem.space.outcome(row) for row in set(self.offer_rows.tolist())}
        return tuple(
            Offer(self.problem.parties[seat], outcomes[row], r, time)
            for r, (row, seat, time) in enumerate(
                zip(
                    self.offer_rows.tolist(),
                    self.proposers.tolist(),
                    self.times.tolist(),
                    strict=True,
                )
            )
        )

    def summary(self) -> str:
        """Say in a few lines how it ended and what each party has."""
        names = " | ".join(self.problem.parties)
        title = f"{self.problem.name}: " if self.problem.name else ""
        lines = [f"{title}{names}, deadline {self.deadline}, {self.first} first", self._ending()]
        width = max(len(name) for name in self.problem.parties)
        for i, name in enumerate(self.problem.parties):
            gain = f"gain {self.gains[i]:g}"
            lines.append(f"  {name:<{width}}  {self.utilities[i]:g}  ({gain})")
        return "\n".join(lines)

    def _ending(self) -> str:
        if self.agreement is not None:
            terms = [
                f"{issue.name} {_shown(self.agreement[issue.name])} {issue.unit or ''}".rstrip()
                for issue in self.problem.space.issues
            ]
            moment = f"round {self.rounds - 1} (t = {self.times[-1]:.2f})"
            return f"agreement in {moment}: {', '.join(terms)}"
        if self.left_by is not None:
            return f"no agreement: {self.left_by} walked away after {self.rounds} offers"
        how = "it broke down" if self.ended == "breakdown" else "the deadline passed"
        return f"no agreement: {how} after {self.rounds} offers"

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()

    def __repr__(self) -> str:
        """Show how it ended, in one line."""
        return f"Session({self._ending()})"

    def to_dict(self) -> dict[str, Any]:
        """Return everything that was recorded as plain lists, text and numbers, for JSON."""
        from bargain.play.policy_file import described

        parties = self.problem.parties
        return {
            "problem": self.problem.name,
            "parties": list(parties),
            "policies": [described(policy) for policy in self.policies],
            "deadline": self.deadline,
            "first": self.first,
            "ended": self.ended,
            "left_by": self.left_by,
            "rounds": self.rounds,
            "agreement": None if self.agreement is None else dict(self.agreement),
            "utilities": self.utilities.tolist(),
            "discounted_utilities": self.discounted_utilities.tolist(),
            "gains": self.gains.tolist(),
            "offers": [
                {
                    "party": offer.party,
                    "outcome": dict(offer.outcome),
                    "round": offer.round,
                    "at": offer.at,
                    "utilities": worth,
                }
                for offer, worth in zip(self.offers, self.offer_utilities.tolist(), strict=True)
            ],
        }

    def plot(
        self, ax: Axes | None = None, *, kind: Literal["rounds", "utilities"] = "rounds"
    ) -> Axes:
        """Draw the offers over the rounds, or in the plane of utilities (see `bargain.plot`)."""
        from bargain.plot import plot_offers, plot_session

        if kind not in ("rounds", "utilities"):
            raise InvalidArgumentError.at("kind", "'rounds' or 'utilities'", kind)
        return (plot_session if kind == "rounds" else plot_offers)(self, ax=ax)


def _shown(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
