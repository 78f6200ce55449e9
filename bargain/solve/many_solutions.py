"""The answers to many problems at once, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.solve.many_problems import Reals
from bargain.solve.solution import Solution


@dataclass(frozen=True, eq=False)
class ManySolutions:
    """The answers of one concept to many problems, as arrays in the problems' order.

    Attributes
    ----------
    concept : str
    utilities, gains : ndarray, shape (n_problems, n_parties)
        NaN for a problem that was not solved, and for parties that it does not have. Gains are
        what the values themselves are worth, less the disagreement point, and nothing is clipped:
        where that point lies within 1e-10 of the frontier (relative to its numbers), a gain on
        `CurvedIssues` can be so much below 0.
    rows : ndarray of int, shape (n_problems,)
        The outcome's row where every outcome was looked at; -1 for all others.
    values : ndarray, shape (n_problems, n_issues), or None
        For `LinearIssues` and `CurvedIssues`: what is agreed on every issue; NaN where there is
        none.
    gaps : ndarray, shape (n_problems,)
        Proven gap of each answer: 0 where it is exact; NaN without a proof or an answer.
    degenerate : ndarray of bool, shape (n_problems,)
        Where the certificate of the ordinary function would say "degenerate".
    errors : tuple of str
        Why a problem has no answer; empty where it has one.
    solutions : tuple of (Solution or None)
        For problems, the answers in full; empty for arrays.
    """

    concept: str
    utilities: Reals
    gains: Reals
    rows: NDArray[np.int64]
    values: Reals | None
    gaps: Reals
    degenerate: NDArray[np.bool_]
    errors: tuple[str, ...]
    solutions: tuple[Solution | None, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.utilities, self.gains, self.rows, self.values, self.gaps):
            if array is not None:
                array.setflags(write=False)
        self.degenerate.setflags(write=False)

    def __len__(self) -> int:
        """Count the problems."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Say how many were solved."""
        return f"<{self.concept}: {int(self.solved.sum())} of {len(self)} problems solved>"

    @property
    def solved(self) -> NDArray[np.bool_]:
        """Which problems have an answer, shape (n_problems,)."""
        return np.array([not error for error in self.errors], dtype=np.bool_)

    def columns(self) -> dict[str, Any]:
        """Return one column a quantity, as `pandas.DataFrame` takes them."""
        columns: dict[str, Any] = {"row": self.rows}
        for name, array in (("utility", self.utilities), ("gain", self.gains)):
            columns |= {f"{name}_{i}": column for i, column in enumerate(array.T)}
        if self.values is not None:
            columns |= {f"value_{j}": column for j, column in enumerate(self.values.T)}
        return columns | {"gap": self.gaps, "degenerate": self.degenerate, "error": self.errors}
