"""Trade-offs: among outcomes that are worth the same to me, what suits the other side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.kernels import sides as codes
from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.estimates import estimate_at
from bargain.play.models import FrequencyModel, OpponentModel
from bargain.play.models.model import is_model
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.time_based import TimeBased, check_acceptance, keep_shares
from bargain.play.time_dependent import TimeDependent
from bargain.play.turn import Turn
from bargain.play.view import PartyView

CANDIDATES = 64
"""Most outcomes looked at for one offer; as in `bargain.kernels.targets`."""

_PICKS = {"similarity": codes.SIMILAR, "hardheaded": codes.HARDHEADED, "smith": codes.SMITH}
_MODELS: dict[str, OpponentModel] = {
    "hardheaded": FrequencyModel("hardheaded"),
    "smith": FrequencyModel("smith"),
}


@dataclass(frozen=True)
class TradeOff(LibraryPolicy):
    """Concede along a curve, and offer what suits the other side best at each level.

    At the share that `curve` holds out for it looks at the outcomes from there to `band` above
    the least of them, at most 64, and offers the one that is most like the last offer received
    (`IssueValues.likeness`), or the best for the other side by a model of it; of equals the one
    that is worth least to itself, then the lowest row. Before it has received an offer it offers
    what the curve does.

    Parameters
    ----------
    curve : TimeDependent or another concession by time
        What it holds out for, by default as boulware does; its acceptance condition is not used.
    by : {"similarity", "hardheaded", "smith"} or OpponentModel
        The other two names are forms of `FrequencyModel`. Sessions with any other model are
        played in Python, also by `play_sessions`.
    band : float
        Width of the level, as a share of the attainable gain, in [0, 1].
    acceptance : Acceptance
        When it says yes.

    References
    ----------
    Faratin, Sierra and Jennings, "Using similarity criteria to make issue trade-offs in automated
    negotiations", Artificial Intelligence 142 (2002), with equal weights for the issues.
    """

    curve: TimeBased = field(default_factory=lambda: TimeDependent(beta=0.2))
    by: Literal["similarity", "hardheaded", "smith"] | OpponentModel = "similarity"
    band: float = 0.05
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        if not isinstance(self.curve, TimeBased):
            raise InvalidArgumentError.at(
                "curve", "a concession by time such as TimeDependent(beta=0.2)", self.curve
            )
        is_known = self.by in _PICKS if isinstance(self.by, str) else is_model(self.by)
        if not is_known:
            expected = f"an opponent model or one of {', '.join(_PICKS)}"
            raise InvalidArgumentError.at("by", expected, self.by)
        keep_shares(self, "band")
        check_acceptance(self.acceptance)

    @property
    def draws(self) -> bool:
        return False

    @property
    def has_side(self) -> bool:
        return self._built_in is not None

    @property
    def _built_in(self) -> str | None:
        """Which of the models that are compiled it goes by, if any."""
        # not a subclass, which may learn otherwise
        by = self.by.form if type(self.by) is FrequencyModel else self.by
        return by if isinstance(by, str) else None

    def offer(self, turn: Turn) -> int:
        view = turn.view
        rank = int(np.searchsorted(view.ascending, view.utilities[self.curve.offer(turn)]))
        return best_in_band(turn, rank, self.by, self.band)

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side | None:
        if view.space is None:
            raise UnsupportedProblemError.at("a trade-off", "a view of outcomes", "levels")
        by = self._built_in
        if by is None:
            return None
        return Side(
            codes.PLAN,
            pick=_PICKS[by],
            shares=self.curve.aspiration(times),
            program=self.acceptance.program(),
            band=self.band,
        )


def best_in_band(turn: Turn, rank: int, by: str | OpponentModel, band: float) -> int:
    """Return the row to offer from a rank on: see `TradeOff`."""
    view = turn.view
    if not turn.received:
        return int(view.order[rank])
    if view.space is None:
        raise UnsupportedProblemError.at("a trade-off", "a view of outcomes", "levels")
    top = turn.share(int(view.order[rank])) + band
    level = [int(view.order[rank])]
    for row in view.order[rank + 1 : rank + CANDIDATES]:
        if turn.share(int(row)) > top:
            break
        level.append(int(row))
    values = view.issue_values
    if by == "similarity":
        liking = np.array([values.likeness(row, turn.received[-1]) for row in level])
    else:
        model = _MODELS[by] if isinstance(by, str) else by
        liking = estimate_at(turn, model).at(values.digits[level])
    return level[int(np.argmax(liking))]
