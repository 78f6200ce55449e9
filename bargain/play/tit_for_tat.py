"""Tit-for-tat: concede as the other side does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.model.numbers import finite_number, whole_number
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.session import LONGEST_DEADLINE
from bargain.play.time_based import check_acceptance, keep_shares
from bargain.play.turn import Turn
from bargain.play.view import PartyView

_FORMS = {
    "relative": codes.RELATIVE,
    "absolute": codes.ABSOLUTE,
    "averaged": codes.AVERAGED,
}


@dataclass(frozen=True)
class TitForTat(LibraryPolicy):
    """Answer the other side's concessions with concessions of the same size.

    Everything is measured in the party's own utility, as shares of its attainable gain. Let y_1,
    ..., y_m be what the others' offers would leave it, and x its own last offer. It holds out for

    - relative: x (1 - y_{m - delay + 1}) / (1 - y_{m - delay}): what it demands shrinks by the
      same fraction as what the other held back from it `delay` offers ago;
    - absolute: x - (y_{m - delay + 1} - y_{m - delay}) + noise: by the same amount, with a noise
      drawn evenly from [-noise, noise];
    - averaged: x (1 - y_m) / (1 - y_{m - delay}), or from y_1 while m <= delay: by the fraction of
      the last `delay` steps together;

    cut to [floor, 1]. So it takes back a concession when the other does. It opens with its best
    outcome and repeats its last demand while there are too few offers to compare. It offers the
    outcome with the least own utility at or above what it holds out for, ties by the lowest row.

    Parameters
    ----------
    form : {"relative", "absolute", "averaged"}
    delay : int
        delta, or gamma of the averaged form: from 1.
    noise : float
        Of the absolute form, in shares, >= 0; 0 with the others, which have none.
    floor : float
        Share of the attainable gain it always demands, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    References
    ----------
    Faratin, Sierra and Jennings, "Negotiation decision functions for autonomous agents",
    Robotics and Autonomous Systems 24 (1998), section 4.3: relative, random absolute and averaged
    tit-for-tat. There issues are imitated one by one; here the utility of the whole offer is, and
    the fraction is of what is held back, which falls when a side concedes whatever the scale.
    """

    form: Literal["relative", "absolute", "averaged"] = "relative"
    delay: int = 1
    noise: float = 0.0
    floor: float = 0.0
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        if not isinstance(self.form, str) or self.form not in _FORMS:
            raise InvalidArgumentError.at("form", f"one of {', '.join(_FORMS)}", self.form)
        delay = whole_number("delay", self.delay, at_least=1, error=InvalidArgumentError)
        if delay > LONGEST_DEADLINE:
            raise InvalidArgumentError.at("delay", f"at most {LONGEST_DEADLINE}", delay)
        object.__setattr__(self, "delay", delay)
        noise = finite_number("noise", self.noise, error=InvalidArgumentError)
        if noise < 0:
            raise InvalidArgumentError.at("noise", "a finite number >= 0", self.noise)
        if noise > 0 and self.form != "absolute":
            raise InvalidArgumentError.at(
                "noise", f"0 with form {self.form!r} (only 'absolute' has noise)", self.noise
            )
        object.__setattr__(self, "noise", noise)
        keep_shares(self, "floor")
        check_acceptance(self.acceptance)

    def aspiration(self, turn: Turn) -> float:
        """Return the share of its attainable gain it would hold out for next."""
        own = turn.share(turn.sent[-1]) if turn.sent else 1.0
        held = self._imitated(own, [turn.share(row) for row in turn.received], turn)
        return min(max(held, self.floor), 1.0)

    def _imitated(self, own: float, left: list[float], turn: Turn) -> float:
        needed = 2 if self.form == "averaged" else self.delay + 1
        if len(left) < needed:
            return own
        if self.form == "averaged":
            before, after = left[max(len(left) - 1 - self.delay, 0)], left[-1]
        else:
            before, after = left[-1 - self.delay], left[len(left) - self.delay]
        if self.form == "absolute":
            held = own - (after - before)
            return held + self.noise * (2.0 * turn.draw() - 1.0) if self.draws else held
        return own if before >= 1.0 else own * ((1.0 - after) / (1.0 - before))

    @property
    def draws(self) -> bool:
        return self.form == "absolute" and self.noise > 0

    def offer(self, turn: Turn) -> int:
        return int(turn.view.rows_at(np.array([self.aspiration(turn)]))[0])

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side:
        return Side(
            _FORMS[self.form],
            program=self.acceptance.program(),
            floor=self.floor,
            noise=self.noise,
            delay=self.delay,
        )
