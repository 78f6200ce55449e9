"""How a policy did against some opponents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Encounter:
    """How a policy did against one opponent, averaged over who proposes first.

    Attributes
    ----------
    opponent : str
    share : float
        Own gain as a share of the party's attainable gain, (u - r) / (u_max - r), with u the
        utility after waiting of the agreement or of having none. If waiting is free, 0 to 1.
    utility : float
        Own utility after waiting, discounts and costs taken off.
    agreement_rate : float
        Share of sessions that ended in an agreement.
    joint_gain : float
        Sum over both parties of utility after waiting less the disagreement point.
    """

    opponent: str
    share: float
    utility: float
    agreement_rate: float
    joint_gain: float


@dataclass(frozen=True)
class Performance:
    """How a policy did against a set of opponents: means over opponents and who starts.

    Attributes
    ----------
    share, utility, agreement_rate, joint_gain : float
        As in `Encounter`.
    against : tuple of Encounter
        One per opponent, in the order given.
    """

    share: float
    utility: float
    agreement_rate: float
    joint_gain: float
    against: tuple[Encounter, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain dicts and lists, for JSON."""
        return {**asdict(self), "against": [asdict(one) for one in self.against]}
