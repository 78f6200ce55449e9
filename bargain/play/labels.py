"""What to call policies in tables and pictures."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bargain.play.acceptance import (
    AcceptAbove,
    AcceptAfter,
    AcceptAll,
    AcceptAny,
    AcceptBest,
    AcceptNext,
)
from bargain.play.adaptive import Adaptive
from bargain.play.packaged import packaged_policies
from bargain.play.presets import PRESETS, packaged_policy
from bargain.play.time_dependent import TimeDependent

LONGEST = 60
"""Characters of a policy in an error."""


def label(policy: Any) -> str:
    """Return what to call a policy in a table: its name, or what sets it apart."""
    for name, preset in PRESETS:
        if policy == preset:
            return name
    if isinstance(policy, Adaptive):
        # those that ship learn what they offer from the other side's offers
        if policy.by == "smith":
            for name in packaged_policies():
                if policy == packaged_policy(name):
                    return name
        return _adaptive(policy)
    return _by_fields(policy)


def short_label(policy: Any) -> str:
    """Return what to call a policy in an error: `label`, cut where it is long."""
    said = label(policy)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 3]}..."


def described_by_fields(policy: Any) -> str:
    """Return what sets a policy apart, also where it has a name."""
    return _adaptive(policy) if isinstance(policy, Adaptive) else _by_fields(policy)


def _by_fields(policy: Any) -> str:
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
    if isinstance(acceptance, AcceptAll):
        return " and ".join(_acceptance(part) for part in acceptance.conditions)
    if isinstance(acceptance, AcceptAfter):
        return f"after time {acceptance.time:.4g}"
    if isinstance(acceptance, AcceptBest):
        return f"what is {acceptance.measure} in the window {acceptance.window}"
    return repr(acceptance)
