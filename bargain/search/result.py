"""What a search found."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.labels import label
from bargain.play.policy_file import described, save_policy
from bargain.play.time_dependent import TimeDependent
from bargain.search.measures import Performance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GENERALISES_WITHIN = 0.05
"""How much of its share a policy may lose against held-out opponents and still generalise."""


@dataclass(frozen=True)
class Baseline:
    """A policy that nobody searched for, or only at random, on the same opponents.

    Attributes
    ----------
    policy : TimeDependent
    train, held_out : Performance
    """

    policy: TimeDependent
    train: Performance
    held_out: Performance


@dataclass(frozen=True, eq=False)
class History:
    """How the search went.

    Attributes
    ----------
    best : ndarray, shape (n_generations,)
        Best mean share that CMA-ES had found up to and including a generation, or a preset.
    mean : ndarray, shape (n_generations,)
        Mean share over the candidates of a generation.
    random : ndarray, shape (n_generations,)
        Best mean share that random search had found by then.
    """

    best: NDArray[np.float64]
    mean: NDArray[np.float64]
    random: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of generations."""
        return len(self.best)


@dataclass(frozen=True, eq=False, repr=False)
class SearchResult:
    """The best policy found against a pool, and how it compares.

    Attributes
    ----------
    policy : TimeDependent
        The best that was evaluated on the pool in the whole search.
    found_by : {"CMA-ES", "preset", "random search"}
        What came up with it.
    problem : BargainingProblem
    party : str
        Whose policy it is.
    deadline : int
    train : Performance
        Against the pool.
    held_out : Performance
        Against opponents that the search never met.
    baselines : mapping from name to Baseline
        The presets (boulware, linear, conceder, hardliner) and "random search", the best of as
        many policies drawn uniformly within the same bounds.
    bound : float
        A mean share against the pool that no policy can exceed: what a party would get that knew
        which opponent it faces.
    history : History
    evaluations : int
        Candidates tried. Presets and random search are not counted.
    sessions : int
        Sessions played by those candidates.
    restarts : int
        How often the optimiser converged and started elsewhere.
    seconds : float
        Wall time, random search included.
    stopped : {"budget", "time_limit", "interrupted", "converged"}
        Converged means that the best reached `bound`, so that no policy does better.
    """

    policy: TimeDependent
    found_by: Literal["CMA-ES", "preset", "random search"]
    problem: BargainingProblem
    party: str
    deadline: int
    train: Performance
    held_out: Performance
    baselines: Mapping[str, Baseline]
    bound: float
    history: History
    evaluations: int
    sessions: int
    restarts: int
    seconds: float
    stopped: Literal["budget", "time_limit", "interrupted", "converged"]

    @property
    def generalises(self) -> bool:
        """Whether the mean share on held-out opponents is at most 0.05 below that on the pool.

        False is a warning: the policy may exploit the pool rather than play well. Held-out
        opponents can also just be tougher; compare with the baselines.
        """
        return self.held_out.share >= self.train.share - GENERALISES_WITHIN

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the policy to a file that `load_policy` reads."""
        save_policy(self.policy, path)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the problem as plain dicts, lists and numbers, for JSON."""
        return {
            "problem": self.problem.name,
            "party": self.party,
            "deadline": self.deadline,
            "policy": described(self.policy),
            "found_by": self.found_by,
            "train": self.train.to_dict(),
            "held_out": self.held_out.to_dict(),
            "generalises": self.generalises,
            "baselines": {
                name: {
                    "policy": described(baseline.policy),
                    "train": baseline.train.to_dict(),
                    "held_out": baseline.held_out.to_dict(),
                }
                for name, baseline in self.baselines.items()
            },
            "bound": self.bound,
            "history": {
                "best": self.history.best.tolist(),
                "mean": self.history.mean.tolist(),
                "random": self.history.random.tolist(),
            },
            "evaluations": self.evaluations,
            "sessions": self.sessions,
            "restarts": self.restarts,
            "seconds": self.seconds,
            "stopped": self.stopped,
        }

    def summary(self) -> str:
        """Say in a dozen lines what was found and what it is worth."""
        name = f" in {self.problem.name}" if self.problem.name else ""
        lines = [
            f"{self.party}{name}, deadline {self.deadline}, against a pool of "
            f"{len(self.train.against)} (held out: {len(self.held_out.against)})",
            f"{self.evaluations:,} candidates, {self.sessions:,} sessions, {self.seconds:.1f} s, "
            f"stopped: {self.stopped.replace('_', ' ')}",
            f"found by {self.found_by}: {label(self.policy)}",
            "mean share of the attainable gain",
            f"  {'':<14} {'pool':>8} {'held out':>9} {'agreed':>7}",
        ]
        found = ("found", self.train, self.held_out)
        others = [(name, one.train, one.held_out) for name, one in self.baselines.items()]
        for title, train, held_out in (found, *others):
            lines.append(
                f"  {title:<14} {train.share:>8.4f} {held_out.share:>9.4f} "
                f"{train.agreement_rate:>7.0%}"
            )
        lines.append(f"  {'upper bound':<14} {self.bound:>8.4f}")
        if not self.generalises:
            lines.append(
                f"warning: {self.train.share - self.held_out.share:.3f} of the share is lost "
                f"against opponents it was not searched against"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()

    def __repr__(self) -> str:
        """Show the policy and its mean shares in one line."""
        return (
            f"SearchResult({label(self.policy)}; pool {self.train.share:.4f}, "
            f"held out {self.held_out.share:.4f})"
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how the search went (see `bargain.plot.plot_search`)."""
        from bargain.plot import plot_search

        return plot_search(self, ax=ax)
