"""What a search found."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.artefact import PolicyArtefact
from bargain.play.labels import label
from bargain.play.policy_file import described
from bargain.play.presets import CONCESSIONS
from bargain.search.artefact import Conditions, artefact_of
from bargain.search.given import title_of
from bargain.search.measures import Performance
from bargain.search.objective import Objective

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.search.exploitability import Exploitability

GENERALISES_WITHIN = 0.05
"""How much more of its share than a textbook policy one may lose on what was held out."""

TEXTBOOK = tuple(name for name, _ in CONCESSIONS)
"""The baselines that were made without looking at anything."""


@dataclass(frozen=True)
class Baseline:
    """A policy that nobody searched for, or only at random, on the same opponents.

    Attributes
    ----------
    policy : TimeDependent or Adaptive
    train, held_out : Performance
    """

    policy: Any
    train: Performance
    held_out: Performance

    @property
    def lost(self) -> float:
        """What it loses of its mean share from the search to what was held out."""
        return self.train.share - self.held_out.share


@dataclass(frozen=True, eq=False)
class History:
    """How the search went, in scores: mean shares, unless the objective is another.

    Attributes
    ----------
    best : ndarray, shape (n_generations,)
        Best score that the method had found up to and including a generation, or a preset.
    mean : ndarray, shape (n_generations,)
        Mean score over the candidates of a generation.
    random : ndarray, shape (n_generations,)
        Best score that random search had found by then.
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
    policy : TimeDependent or Adaptive
        The best that was evaluated in the whole search; where there was something to validate on,
        the best there of the 32 best.
    found_by : {"CMA-ES", "differential evolution", "preset", "random search"}
        What came up with it.
    problems : tuple of BargainingProblem
        What was searched on.
    party : str
        Whose policy it is.
    deadlines : tuple of int
    space, method : str
        What was searched, and how.
    objective : Objective
    score : float
        By the objective, in the search.
    train : Performance
        Against the pool.
    validation : Performance or None
        Where the result was chosen among the best.
    held_out : Performance
        Against opponents, and on problems if others were given, that the search never met.
    baselines : mapping from name to Baseline
        The textbook policies boulware, linear, conceder and hardliner, as they are; those that the
        search started from where these are others ("boulware, traded off": its curve, with the
        space's choice among outcomes); and "random search", the best of as many policies drawn
        evenly within the same bounds.
    bound : float
        A mean share in the search that no policy can exceed: what a party would get that knew
        which opponent it faces.
    history : History
    evaluations : int
        Candidates tried. Presets and random search are not counted.
    sessions : int
        Sessions played by those candidates.
    restarts : int
        How often the method converged, or stood still, and started elsewhere.
    seconds : float
        Wall time, random search included, since the search was last taken up.
    stopped : {"budget", "time_limit", "interrupted", "converged"}
        Converged means that the best reached `bound`, so that no policy does better.
    conditions : Conditions
        What else the search was told: opponents, seed, who opens, ...
    """

    policy: Any
    found_by: str
    problems: tuple[BargainingProblem, ...]
    party: str
    deadlines: tuple[int, ...]
    space: str
    method: str
    objective: Objective
    score: float
    train: Performance
    validation: Performance | None
    held_out: Performance
    baselines: Mapping[str, Baseline]
    bound: float
    history: History
    evaluations: int
    sessions: int
    restarts: int
    seconds: float
    stopped: Literal["budget", "time_limit", "interrupted", "converged"]
    conditions: Conditions

    @property
    def problem(self) -> BargainingProblem:
        """The problem that was searched on, the first if there were several."""
        return self.problems[0]

    @property
    def deadline(self) -> int:
        """The deadline, the first if there were several."""
        return self.deadlines[0]

    @property
    def generalises(self) -> bool:
        """Whether little more is lost on what was held out than the best textbook policy loses.

        What was held out may just be harder, for everybody. How much harder says `yardstick`, the
        textbook policy that does best there: the search may lose 0.05 of the share more than that
        one does, or 0.05 if that one loses nothing. False is a warning: the policy may exploit the
        pool rather than play well.
        """
        harder = max(self.baselines[self.yardstick].lost, 0.0)
        return self.lost <= harder + GENERALISES_WITHIN

    @property
    def lost(self) -> float:
        """What the policy loses of its mean share from the search to what was held out."""
        return self.train.share - self.held_out.share

    @property
    def yardstick(self) -> str:
        """The textbook policy that does best on what was held out, of equals the first."""
        return max(TEXTBOOK, key=lambda name: self.baselines[name].held_out.share)

    def artefact(
        self,
        *,
        exploitability: float | Exploitability | None = None,
        command: str | None = None,
    ) -> PolicyArtefact:
        """Return the policy with how it was found, as it is saved.

        Parameters
        ----------
        exploitability : Exploitability or float, optional
            What a best response gains against the policy, >= 0, if you measured that.
        command : str, optional
            What finds it again.

        Raises
        ------
        InvalidArgumentError
            If exploitability is no such number, or that of another policy.
        """
        return artefact_of(self, exploitability, command)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        exploitability: float | Exploitability | None = None,
        command: str | None = None,
    ) -> None:
        """Write the policy and how it was found to a file.

        `load_policy` reads the policy, `load_artefact` all of it.

        Raises
        ------
        InvalidArgumentError
            As `artefact`.
        """
        self.artefact(exploitability=exploitability, command=command).save(path)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the problem as plain dicts, lists and numbers, for JSON."""
        return {
            "problem": self.problem.name,
            "problems": [problem.name for problem in self.problems],
            "party": self.party,
            "deadline": self.deadline,
            "deadlines": list(self.deadlines),
            "policy": described(self.policy),
            "found_by": self.found_by,
            "space": self.space,
            "method": self.method,
            "objective": asdict(self.objective),
            "score": self.score,
            "train": self.train.to_dict(),
            "validation": None if self.validation is None else self.validation.to_dict(),
            "held_out": self.held_out.to_dict(),
            "generalises": self.generalises,
            "lost": self.lost,
            "yardstick": self.yardstick,
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
        lines = [
            self.title,
            "mean share of the attainable gain, with 95 % intervals",
        ]
        found = ("found", self.train, self.held_out)
        others = [(name, one.train, one.held_out) for name, one in self.baselines.items()]
        rows = (found, *others)
        width = max(len(title) for title, _, _ in (*rows, ("upper bound", None, None)))
        heads = (f"{name:>9} {'':<14}{'agreed':>7}" for name in ("search", "held out"))
        lines.append(f"  {'':<{width}}{''.join(heads)}")
        for title, *played in rows:
            cells = (
                f"{one.share:>9.4f} {_span(one):<14}{one.agreement_rate:>7.0%}" for one in played
            )
            lines.append(f"  {title:<{width}}{''.join(cells)}")
        lines.append(f"  {'upper bound':<{width}}{self.bound:>9.4f}")
        return "\n".join([*lines, *self.notes])

    @property
    def title(self) -> str:
        """What was searched for, in one line."""
        return (
            f"{self.party} in {title_of(self.problems, self.deadlines)}, against a pool of "
            f"{len(self.train.against)} (held out: {len(self.held_out.against)})"
        )

    @property
    def notes(self) -> list[str]:
        """What to know about the result, a line each."""
        lines = [
            f"found by {self.found_by}{self._start}: {label(self.policy)}",
            f"{self.evaluations:,} candidates, {self.sessions:,} sessions, {self.seconds:.1f} s, "
            f"stopped: {self.stopped.replace('_', ' ')}",
        ]
        if self.validation is not None:
            lines.append(f"chosen among the best by validation: {self.validation.share:.4f}")
        if not self.objective.is_mean_share:
            lines.append(f"score by the objective: {self.score:.4f}")
        ahead = [name for name in TEXTBOOK if self.baselines[name].train.share > self.train.share]
        if self.objective.is_mean_share and self.validation is None and ahead:
            lines.append(f"not in the space, and better in the search: {', '.join(ahead)}")
        if self.lost > GENERALISES_WITHIN:
            lines.append(self._loss)
        return lines

    @property
    def _start(self) -> str:
        """Which preset was found, if one was."""
        if self.found_by != "preset":
            return ""
        names = (name for name, one in self.baselines.items() if one.policy == self.policy)
        return "".join(f" ({name})" for name in list(names)[:1])

    @property
    def _loss(self) -> str:
        """Say what is lost on what was held out, and whether a textbook policy loses as much."""
        other = self.baselines[self.yardstick].lost
        what = f"loses {other:.3f}" if other >= 0 else f"gains {-other:.3f}"
        beside = f"{self.yardstick}, the best textbook policy there, {what}"
        lost = f"{self.lost:.3f} of the share is lost on what it was not searched on"
        if self.generalises:
            return f"{lost}, which is harder: {beside}"
        return f"warning: {lost}; {beside}"

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


def _span(performance: Performance) -> str:
    if performance.share_interval is None:
        return ""
    low, high = performance.share_interval
    return f"[{low:.2f}, {high:.2f}]"
