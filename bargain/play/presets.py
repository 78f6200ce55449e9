"""Policies that the literature calls by name."""

from __future__ import annotations

from typing import Any

from bargain.errors import InvalidArgumentError
from bargain.play.policy import Policy
from bargain.play.time_dependent import TimeDependent

PRESETS: tuple[tuple[str, TimeDependent], ...] = (
    ("boulware", TimeDependent(beta=0.2)),
    ("linear", TimeDependent(beta=1.0)),
    ("conceder", TimeDependent(beta=5.0)),
    ("hardliner", TimeDependent(floor=1.0)),
)


def policy_from_name(name: str) -> Policy:
    """Return the policy of a name.

    Parameters
    ----------
    name : {"boulware", "linear", "conceder", "hardliner"}
        Time-dependent with beta 0.2, 1 and 5 and floor 0; a hardliner never concedes (floor 1).

    Raises
    ------
    InvalidArgumentError
        If there is no policy of that name.

    Examples
    --------
    >>> policy_from_name("boulware").beta
    0.2
    """
    presets = dict(PRESETS)
    if not isinstance(name, str) or name not in presets:
        raise InvalidArgumentError.at("policy", f"one of {', '.join(presets)}", name)
    return presets[name]


def as_policy(where: str, given: Any) -> Policy:
    """Return a policy given as itself or by name, or raise an error that names the place."""
    if isinstance(given, str):
        return policy_from_name(given)
    if isinstance(given, type) or not isinstance(given, Policy):
        raise InvalidArgumentError.at(
            where, f"a policy or one of {', '.join(name for name, _ in PRESETS)}", given
        )
    return given
