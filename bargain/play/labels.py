"""What to call policies in tables and pictures."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bargain.play.acceptance import AcceptAbove, AcceptAny, AcceptNext
from bargain.play.adaptive import Adaptive
from bargain.play.presets import PRESETS
from bargain.play.time_dependent import TimeDependent


def label(policy: Any) -> str:
    """Return what to call a policy in a table: its name, or what sets it apart."""
    for name, preset in PRESETS:
        if policy == preset:
            return name
    if isinstance(policy, Adaptive):
        return _adaptive(policy)
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


def _adaptive(policy: Adaptive) -> str:
    """Say how it differs from one that has only its defaults, in four digits."""
    parts = []
    for field in fields(policy):
        value = getattr(policy, field.name)
        if field.name == "acceptance" or value == field.default:
            continue
        if isinstance(value, tuple):
            value = "/".join(f"{share:.3g}" for share in value)
        shown = f"{value:.4g}" if isinstance(value, float) else str(value)
        parts.append(f"{field.name} {shown}")
    if policy.acceptance != AcceptNext():
        parts.append(_acceptance(policy.acceptance))
    return f"adaptive: {', '.join(parts)}" if parts else "adaptive"


def _acceptance(acceptance: Any) -> str:
    if isinstance(acceptance, AcceptNext):
        return f"accepts {acceptance.scale:.4g} x {acceptance.offset:+.4g}"
    if isinstance(acceptance, AcceptAbove):
        return f"above {acceptance.share:.4g}"
    if isinstance(acceptance, AcceptAny):
        return " or ".join(_acceptance(part) for part in acceptance.conditions)
    return repr(acceptance)
