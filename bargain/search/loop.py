"""A search from its first generation to its end: when it stops, and what it keeps meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bargain.play.progress import Report
from bargain.search import checkpoint as checkpoints
from bargain.search.run import Run

Stopped = Literal["budget", "time_limit", "interrupted", "converged"]

SAVE_EVERY = 5.0
"""Seconds between two checkpoints."""


@dataclass(frozen=True, eq=False)
class Loop:
    """When a search stops, and where it keeps what it knows.

    Attributes
    ----------
    run : Run
    evaluations : int
        Candidates to try.
    bound : float
        A score that cannot be exceeded: where the best has it, nothing is left to find.
    until : float or None
        The `time.perf_counter` after which no further generation is started.
    target : Path or None
        The checkpoint.
    told : dict
        What tells the search from others, for the checkpoint.
    """

    run: Run
    evaluations: int
    bound: float
    until: float | None
    target: Path | None
    told: dict[str, Any]

    def run_to_the_end(self, report: Report) -> Stopped:
        """Try generation after generation; Ctrl-C ends it once there is one."""
        run = self.run
        saved = time.perf_counter()
        try:
            while True:
                if run.history and run.best.score >= self.bound:
                    stopped: Stopped = "converged"
                    break
                left = self.evaluations - run.evaluations
                if left <= 0:
                    stopped = "budget"
                    break
                now = time.perf_counter()
                if run.history and self.until is not None and now >= self.until:
                    stopped = "time_limit"
                    break
                if left < run.population or now - saved >= SAVE_EVERY:
                    # a generation that is not whole teaches nothing: what is kept is before it
                    self._save()
                    saved = now
                run.generation(min(run.population, left))
                report(run.evaluations, f"best score {run.best.score:.4f}")
        except KeyboardInterrupt:
            if not run.history:
                raise
            stopped = "interrupted"
        self._save()
        return stopped

    def _save(self) -> None:
        if self.target is not None and self.run.is_whole and self.run.history:
            checkpoints.save(self.target, self.told, self.run.state())
