"""Many policies as columns of numbers, for the kernels that play them all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels import sides as codes
from bargain.play.adaptive import PICKS

Reals = NDArray[np.float64]

LONGEST_PROGRAM = 7
"""Most conditions of a candidate, those that join counted."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Policies of the form of `Adaptive`, one a row.

    Attributes
    ----------
    curves : ndarray, shape (n, 5 + n_knots)
        Columns as in `kernels.adaptive`.
    scale, offset, accept_above, accept_from : ndarray, shape (n,)
        `AcceptNext`; a share that is accepted; the time from which the best of a window is. The
        last two are 1 for policies that accept in no such way.
    reciprocity, matching, least, band : ndarray, shape (n,)
    pick : int
        Which outcome they offer at their target: see `kernels.sides`.
    """

    curves: Reals
    scale: Reals
    offset: Reals
    accept_above: Reals
    accept_from: Reals
    reciprocity: Reals
    matching: Reals
    least: Reals
    band: Reals
    pick: int

    @classmethod
    def of_curves(cls, curves: Reals, *, by: str = "closest", **columns: Reals) -> Candidates:
        """Make them of curves and what else they have; the rest is as in `Adaptive`."""
        defaults = {"scale": 1.0, "accept_above": 1.0, "accept_from": 1.0}
        names = (
            "scale",
            "offset",
            "accept_above",
            "accept_from",
            "reciprocity",
            "matching",
            "least",
            "band",
        )
        full: dict[str, Any] = {
            name: np.ascontiguousarray(
                columns.get(name, np.full(len(curves), defaults.get(name, 0.0)))
            )
            for name in names
        }
        return cls(np.ascontiguousarray(curves), pick=PICKS[by], **full)

    def __len__(self) -> int:
        """Return the number of policies."""
        return len(self.curves)

    @cached_property
    def responds(self) -> NDArray[np.bool_]:
        """Whether what they offer depends on the other side's offers, shape (n,)."""
        if self.pick > codes.KNOWN:
            return np.ones(len(self), dtype=bool)
        return np.asarray((self.reciprocity > 0) | (self.matching > 0))

    @cached_property
    def is_planned(self) -> NDArray[np.bool_]:
        """Whether their whole course is known beforehand, shape (n,)."""
        return ~self.responds & (self.accept_from >= 1.0)

    def programs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Reals]:
        """Return their acceptance conditions as `kernels.table` reads them: lengths, ops, args."""
        n = len(self)
        above, since = self.accept_above < 1.0, self.accept_from < 1.0
        ops = np.zeros((n, LONGEST_PROGRAM), dtype=np.int64)
        args = np.zeros((n, LONGEST_PROGRAM, 2))
        ops[:, 0] = codes.NEXT
        args[:, 0, 0], args[:, 0, 1] = self.scale, self.offset
        ops[above, 1], ops[above, 2] = codes.ABOVE, codes.ANY
        args[above, 1, 0] = self.accept_above[above]
        lengths = np.where(above, 3, 1)
        for i in np.flatnonzero(since):
            end = lengths[i]
            ops[i, end : end + 4] = codes.AFTER, codes.BEST, codes.ALL, codes.ANY
            args[i, end, 0], args[i, end + 1, 0] = self.accept_from[i], 1.0
        return np.where(since, lengths + 4, lengths), ops, args
