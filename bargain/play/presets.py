"""Policies that the literature calls by name."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from bargain.errors import InvalidArgumentError, shown
from bargain.play.micro import MiCRO
from bargain.play.mixture import Mixture
from bargain.play.nice_tit_for_tat import NiceTitForTat
from bargain.play.packaged import packaged_policies
from bargain.play.policy import Policy
from bargain.play.random_offers import RandomOffers
from bargain.play.responsive import LibraryPolicy
from bargain.play.time_dependent import TimeDependent
from bargain.play.tit_for_tat import TitForTat
from bargain.play.trade_off import TradeOff
from bargain.play.turn import Responsive

CONCESSIONS: tuple[tuple[str, TimeDependent], ...] = (
    ("boulware", TimeDependent(beta=0.2)),
    ("linear", TimeDependent(beta=1.0)),
    ("conceder", TimeDependent(beta=5.0)),
    ("hardliner", TimeDependent(floor=1.0)),
)
"""Those that concede with time alone."""

PRESETS: tuple[tuple[str, LibraryPolicy], ...] = (
    *CONCESSIONS,
    ("tit_for_tat", TitForTat()),
    ("micro", MiCRO()),
    ("random", RandomOffers()),
    ("trade_off", TradeOff()),
    ("nice_tit_for_tat", NiceTitForTat()),
)


def policy_from_name(name: str) -> LibraryPolicy:
    """Return the policy of a name.

    Parameters
    ----------
    name : str
        boulware, linear, conceder, hardliner, tit_for_tat, micro, random, trade_off or
        nice_tit_for_tat.
        The first four are time-dependent, with beta 0.2, 1 and 5 and floor 0; a hardliner never
        concedes (floor 1). The others are `TitForTat()`, `MiCRO()`, `RandomOffers()`,
        `TradeOff()` and `NiceTitForTat()`. Or one of `packaged_policies`.

    Raises
    ------
    InvalidArgumentError
        If there is no policy of that name.

    Examples
    --------
    >>> policy_from_name("boulware").beta
    0.2
    """
    return _named("name", name)


def _named(where: str, name: Any) -> LibraryPolicy:
    presets = dict(PRESETS)
    if isinstance(name, str) and name in presets:
        return presets[name]
    if isinstance(name, str) and name in packaged_policies():
        return packaged_policy(name)
    close = get_close_matches(str(name), (*presets, *packaged_policies()), n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    expected = f"one of {', '.join(presets)} or of packaged_policies()"
    raise InvalidArgumentError(f"{where}: expected {expected}, got {shown(name)}{hint}")


@cache
def packaged_policy(name: str) -> LibraryPolicy:
    """Return one of `packaged_policies`, read once."""
    # the reader of files knows mixtures, which know names
    from bargain.play.policy_file import load_policy

    found: LibraryPolicy = load_policy(name)
    return found


def as_policy(where: str, given: Any) -> Any:
    """Return a policy given as itself or by name, or raise an error that names the place."""
    if isinstance(given, str):
        return _named(where, given)
    if isinstance(given, type) or not isinstance(given, Policy | Responsive | Mixture):
        raise InvalidArgumentError.at(
            where, f"a policy or one of {', '.join(name for name, _ in PRESETS)}", given
        )
    return given


def as_planned(where: str, given: Any) -> Any:
    """Return a policy whose course is known beforehand, or raise an error that names the place."""
    policy = as_policy(where, given)
    if not isinstance(policy, Policy) or not getattr(policy, "is_planned", True):
        # by name: labels are of the presets here
        from bargain.play.labels import short_label

        expected = "a policy that does not look at the other side"
        raise InvalidArgumentError(f"{where}: expected {expected}, got {short_label(policy)}")
    return policy
