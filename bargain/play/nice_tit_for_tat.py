"""Nice tit-for-tat: concede towards the Nash outcome as far as the other side does."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.estimates import estimate_at
from bargain.play.models import BayesianModel, OpponentModel
from bargain.play.models.model import check_model
from bargain.play.responsive import LibraryPolicy, Side
from bargain.play.time_based import check_acceptance, keep_shares
from bargain.play.turn import Turn
from bargain.play.view import PartyView


@dataclass(frozen=True)
class NiceTitForTat(LibraryPolicy):
    """Go as large a part of the way to the Nash outcome as the other side has gone.

    Everything is measured in shares of the party's own attainable gain, where what is below its
    reservation counts as 0. It opens with its best outcome. After the offers y_1, ..., y_m, let

    - v be what the model estimates each outcome that may be agreed to be worth to the other side,
      scaled to [0, 1] by the least and the largest of them;
    - n be the party's share at the outcome with the largest x v, x its own share; of equals
      the largest x. It is the Nash outcome, as if the other side had nothing without an
      agreement; 1 where no outcome is worth anything to both, or the model sees no difference;
    - y be the best of y_1, ..., y_m, and f = min((y - y_1) / (n - y_1), 1), or 1 where it opened
      with n or more: the part of the way to n that the other side has gone.

    It holds out for the target 1 - f (1 - n). Near the deadline it adds a bonus: from the time
    t_b = `bonus_from` on, the target comes nearer to the best offer received, to

        target - b (target - y),  b = bonus (t - t_b) / (1 - t_b), if y < target.

    The target is cut to [floor, 1]. It offers, among the outcomes from the least at or above the
    target to `band` above it, the one that the model says is best for the other side; of equals
    the one that is worth least to itself, then the lowest row. With more than two parties the
    others are taken for one. Sessions with it are played in Python, also by `play_sessions`.

    Parameters
    ----------
    model : OpponentModel
    bonus : float
        Part of the way to the best offer received that it goes by the deadline, in [0, 1].
    bonus_from : float
        Relative time, in [0, 1]; with 1 there is no bonus.
    band : float
        Width of the level it picks from, as a share of the attainable gain, in [0, 1].
    floor : float
        Share of the attainable gain it always demands, in [0, 1].
    acceptance : Acceptance
        When it says yes; `accept_combined` has what is closest to the original.

    References
    ----------
    Baarslag, Hindriks and Jonker, "A tit for tat negotiation strategy for real-time bilateral
    negotiations", Complex Automated Negotiations: Theories, Models, and Software Competitions
    (2013), pages 229-233: the Nash outcome by a Bayesian model, the answer to the other's part of
    the way, a bonus that grows near the deadline, and an outcome that is good for the other at the
    target. We use the first offer alone for where the other side began, the share at the estimated
    Nash outcome as it is, a straight line for the bonus, towards the best offer received, and a
    level of fixed width.

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> print(bg.alternating_offers(rental, ("linear", bg.NiceTitForTat()), deadline=40))
    rental: landlord | tenant, deadline 40, landlord first
    agreement in round 8 (t = 0.21): rent 3100 USD/month, deposit 2500 USD, start May 1,
      length 1 month
      landlord  3100  (gain 3100)
      tenant    2600  (gain 2600)
    """

    model: OpponentModel = field(default_factory=BayesianModel)
    bonus: float = 0.5
    bonus_from: float = 0.9
    band: float = 0.05
    floor: float = 0.0
    acceptance: Acceptance = field(default_factory=AcceptNext)

    def __post_init__(self) -> None:
        check_model("model", self.model)
        keep_shares(self, "bonus", "bonus_from", "band", "floor")
        check_acceptance(self.acceptance)

    @property
    def draws(self) -> bool:
        return False

    @property
    def has_side(self) -> bool:
        return False

    def aspiration(self, turn: Turn) -> float:
        """Return the share of its attainable gain it would hold out for next."""
        if not turn.received:
            return 1.0
        nash, _ = self._looked_at(turn)
        view = turn.view
        left = np.maximum(view.shares(view.utilities[turn.received]), 0.0)
        first, best = float(left[0]), float(left.max())
        gone = min((best - first) / (nash - first), 1.0) if first < nash else 1.0
        target = 1.0 - gone * (1.0 - nash)
        time = float(turn.times[turn.next_round])
        if time > self.bonus_from and best < target:
            grown = self.bonus * (time - self.bonus_from) / (1.0 - self.bonus_from)
            target -= grown * (target - best)
        return min(max(target, self.floor), 1.0)

    def _looked_at(self, turn: Turn) -> tuple[float, NDArray[np.float64]]:
        """Return the share at the Nash outcome, and the other side's estimates in `view.order`."""
        estimate = estimate_at(turn, self.model)
        kept = turn.memory.get("nash")
        if kept is not None and kept[0] is estimate:
            return kept[1], kept[2]
        view = turn.view
        liking = estimate.utilities()[view.order]
        least, most = float(liking.min()), float(liking.max())
        scaled = (liking - least) / (most - least) if most > least else np.zeros(len(liking))
        shares = view.shares(view.ascending)
        product = np.maximum(shares, 0.0) * scaled
        nash = float(shares[product == product.max()].max())
        turn.memory["nash"] = (estimate, nash, liking)
        return nash, liking

    def offer(self, turn: Turn) -> int:
        view = turn.view
        row = int(view.rows_at(np.array([self.aspiration(turn)]))[0])
        if not turn.received:
            return row
        _, liking = self._looked_at(turn)
        rank = int(np.searchsorted(view.ascending, view.utilities[row]))
        shares = view.shares(view.ascending[rank:])
        end = rank + int(np.searchsorted(shares, shares[0] + self.band, side="right"))
        return int(view.order[rank + int(np.argmax(liking[rank:end]))])

    def side(self, view: PartyView, times: NDArray[np.float64]) -> Side | None:
        return None
