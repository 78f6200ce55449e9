"""What a best response is, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model.outcomes import Outcome
from bargain.model.problem import BargainingProblem
from bargain.play.view import PartyView
from bargain.search.steps import Step
from bargain.solve.certificate import Certificate

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class BestResponse:
    """The policy that does best against what is known of the other side.

    Attributes
    ----------
    problem : BargainingProblem
    party : str
        Whose policy it is.
    deadline : int
    first : str or None
        Who proposes in round 0; None where the party makes all offers.
    value : float
        Expected own utility after waiting; no policy has more.
    policy : policy
        What plays it. Against the pool that it was found for, in sessions with the same deadline,
        first proposer, times and breakdown, its mean utility is `value`. Where the party makes
        all offers it makes the next of them at each own turn, whatever is said in between.
    steps : tuple of Step
        All turns that can come up, in order of rounds.
    opponents : tuple of str
        The types that were told apart; empty where opponents have none.
    chances : ndarray, shape (n_opponents,)
        Of each, before the first round.
    certificate : Certificate
    """

    problem: BargainingProblem
    party: str
    deadline: int
    first: str | None
    value: float
    policy: Any
    steps: tuple[Step, ...]
    opponents: tuple[str, ...]
    chances: Reals
    certificate: Certificate

    @property
    def gain(self) -> float:
        """Value less what the party has without an agreement, undiscounted."""
        return self.value - float(self.problem.disagreement_point[self._index])

    @cached_property
    def share(self) -> float:
        """The gain as a share of the attainable gain, as in `Encounter`."""
        return float(PartyView.of(self.problem, self._index).shares(self.value))

    @cached_property
    def path(self) -> tuple[Step, ...]:
        """The turns of the longest course: as long as what the party offers is refused.

        Where opponents give themselves away by what they offer, courses differ: this is the
        longest, among equals the most likely. `steps` has all.
        """
        if not self.steps:
            return ()
        place: int | None = max(
            range(len(self.steps)), key=lambda i: (self.steps[i].round, self.steps[i].reached, -i)
        )
        turns = []
        while place is not None:
            turns.append(self.steps[place])
            place = self.steps[place].previous
        return tuple(reversed(turns))

    @property
    def offer_rows(self) -> tuple[int, ...]:
        """The party's offers along `path`, by row."""
        return tuple(
            step.row for step in self.path if step.decision == "offer" and step.row is not None
        )

    @property
    def offers(self) -> tuple[Outcome, ...]:
        """The party's offers along `path`, in order."""
        return tuple(self.problem.space.outcome(row) for row in self.offer_rows)

    @property
    def acceptance_thresholds(self) -> Reals:
        """Least own utility to accept in each round along `path`, shape (deadline,).

        Undiscounted: what refusing is worth (optimal stopping). NaN where the party proposes, and
        after the end of the path.
        """
        least = np.full(self.deadline, np.nan)
        for step in self.path:
            least[step.round] = step.least
        return least

    @property
    def beliefs(self) -> Reals:
        """Chance of each opponent at each turn along `path`, shape (n_turns, n_opponents).

        Before the party proposes, or after it was made the offer that it answers.
        """
        beliefs = np.zeros((len(self.path), len(self.chances)))
        for row, step in zip(beliefs, self.path, strict=True):
            row[step.possible] = self.chances[step.possible]
        totals = beliefs.sum(axis=1, keepdims=True)
        return np.asarray(beliefs / np.where(totals > 0, totals, 1.0))

    @property
    def _index(self) -> int:
        return self.problem.party_index(self.party)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the problem as plain dicts, lists and numbers, for JSON."""
        return {
            "problem": self.problem.name,
            "party": self.party,
            "deadline": self.deadline,
            "first": self.first,
            "value": self.value,
            "gain": self.gain,
            "share": self.share,
            "offers": [dict(outcome) for outcome in self.offers],
            "acceptance_thresholds": [
                None if np.isnan(least) else least for least in self.acceptance_thresholds.tolist()
            ],
            "opponents": list(self.opponents),
            "chances": self.chances.tolist(),
            "steps": [
                {
                    "round": step.round,
                    "decision": step.decision,
                    "row": step.row,
                    "value": step.value,
                    "reached": step.reached,
                    "possible": step.possible.tolist(),
                    "previous": step.previous,
                }
                for step in self.steps
            ],
            "certificate": self.certificate.to_dict(),
        }

    def summary(self, longest: int = 12) -> str:
        """Say what it is worth and what to do along `path`, in at most so many turns."""
        name = f" in {self.problem.name}" if self.problem.name else ""
        who = "makes all offers" if self.first is None else f"{self.first} first"
        lines = [
            f"{self.party}{name}, deadline {self.deadline}, {who}",
            f"expected utility {self.value:.6g}, share {self.share:.4f} of the attainable gain",
        ]
        for step in self.path[:longest]:
            lines.append(f"  round {step.round:>3}  {self._said(step)}")
        if len(self.path) > longest:
            lines.append(f"  ... {len(self.path) - longest} more turns")
        return "\n".join([*lines, str(self.certificate)])

    def _said(self, step: Step) -> str:
        shown = ""
        if step.row is not None:
            outcome = self.problem.space.outcome(step.row)
            shown = " " + ", ".join(f"{issue} {value}" for issue, value in outcome.items())
        if step.decision in ("answer", "settle"):
            shown = f" yes from {step.least:.6g}"
        return f"{step.decision}{shown} (reached {step.reached:.0%}, worth {step.value:.6g})"

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()

    def __repr__(self) -> str:
        """Show what it is worth in one line."""
        return f"BestResponse({self.party}: {self.value:.6g}, share {self.share:.4f})"
