"""NegMAS: its problems, its own strategies exactly, and guests in both directions.

What asks NegMAS itself needs version 0.16 or newer (`pip install 'negmas>=0.16'`); the page
`docs/how-to/play-with-negmas.md` shows all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bargain.adapters.negmas.guest import Guest
from bargain.adapters.negmas.problems import ListedUtility, from_negmas, to_negmas
from bargain.adapters.negmas.time_based import SAOTimeBased
from bargain.adapters.negmas.times import sao_times
from bargain.adapters.negmas.tit_for_tat import SAOTitForTat

if TYPE_CHECKING:
    from bargain.adapters.negmas.seat import AnchorNegotiator as AnchorNegotiator
    from bargain.adapters.negmas.seat import PolicyNegotiator as PolicyNegotiator

__all__ = [
    "AnchorNegotiator",
    "Guest",
    "ListedUtility",
    "PolicyNegotiator",
    "SAOTimeBased",
    "SAOTitForTat",
    "from_negmas",
    "sao_times",
    "to_negmas",
]


def __getattr__(name: str) -> Any:
    """Import NegMAS only for what is one of its negotiators."""
    if name in ("AnchorNegotiator", "PolicyNegotiator"):
        from bargain.adapters.negmas import seat

        return getattr(seat, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
