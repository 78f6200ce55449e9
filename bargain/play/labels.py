"""What to call policies in tables and pictures."""

from __future__ import annotations

from typing import Any

from bargain.play.acceptance import AcceptNext
from bargain.play.presets import PRESETS
from bargain.play.time_dependent import TimeDependent


def label(policy: Any) -> str:
    """Return what to call a policy in a table: its name, or what sets it apart."""
    for name, preset in PRESETS:
        if policy == preset:
            return name
    if not isinstance(policy, TimeDependent):
        # an address in memory would be another in the next run
        plain = getattr(type(policy), "__repr__", None) is object.__repr__
        return type(policy).__name__ if plain else repr(policy)
    parts = [f"beta {policy.beta:.4g}"]
    if policy.floor:
        parts.append(f"floor {policy.floor:.4g}")
    if policy.k:
        parts.append(f"k {policy.k:.4g}")
    if policy.acceptance != AcceptNext():
        parts.append(_acceptance(policy.acceptance))
    return ", ".join(parts)


def _acceptance(acceptance: Any) -> str:
    if isinstance(acceptance, AcceptNext):
        return f"accepts {acceptance.scale:.4g} x {acceptance.offset:+.4g}"
    return repr(acceptance)
