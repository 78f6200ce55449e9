"""Opponents as plans: what they offer and accept in each round, whatever the party does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number
from bargain.play.labels import short_label
from bargain.play.mixture import Mixture
from bargain.play.policy import Plan, Policy, plan_of
from bargain.play.presets import as_policy
from bargain.play.scripted import Scripted
from bargain.play.view import PartyView

MOST_OPPONENTS = 10_000

Reals = NDArray[np.float64]


def pool_of(given: Any, weights: Sequence[float] | None) -> tuple[list[Any], Reals]:
    """Return policies that are no mixtures, and the chance of each, > 0, adding up to 1.

    Parameters
    ----------
    given : policy, name, or iterable of them
    weights : sequence of float, optional
        One each, finite, >= 0, not all 0; equal by default.

    Raises
    ------
    InvalidArgumentError
        Naming the opponent or the weight that is wrong.
    """
    if isinstance(given, str | Mixture | Policy) or hasattr(given, "act"):
        given = [given]
    if not isinstance(given, Iterable):
        raise InvalidArgumentError.at("opponents", "policies, their names or a responder", given)
    listed = [as_policy(f"opponents[{i}]", policy) for i, policy in enumerate(given)]
    if not listed:
        raise InvalidArgumentError.at("opponents", "at least one policy", listed)
    pairs: list[tuple[Any, float]] = []
    for policy, weight in zip(listed, _weights(weights, len(listed)), strict=True):
        parts = policy.pure if isinstance(policy, Mixture) else [(policy, 1.0)]
        pairs += [(part, weight * chance) for part, chance in parts if weight * chance > 0]
    if len(pairs) > MOST_OPPONENTS:
        raise InvalidArgumentError.at("opponents", f"at most {MOST_OPPONENTS}", len(pairs))
    chances = np.array([chance for _, chance in pairs])
    return [policy for policy, _ in pairs], np.asarray(chances / chances.sum())


def _weights(given: Sequence[float] | None, n: int) -> list[float]:
    try:
        listed = [1.0] * n if given is None else list(given)
    except TypeError:
        raise InvalidArgumentError.at("weights", f"{n} numbers", given) from None
    if len(listed) != n:
        raise InvalidArgumentError.at("weights", f"{n} numbers", given)
    numbers = [
        finite_number(f"weights[{i}]", weight, at_least=0, error=InvalidArgumentError)
        for i, weight in enumerate(listed)
    ]
    largest = max(numbers)
    if largest == 0:
        raise InvalidArgumentError.at("weights", "at least one above 0", given)
    # scaled first, so that no sum overflows
    return [number / largest for number in numbers]


def plan_in_seat(
    where: str, policy: Any, view: PartyView, times: Reals, proposes: NDArray[np.bool_]
) -> Plan:
    """Return what an opponent does in each round, whatever the party does.

    Parameters
    ----------
    where : str
        What to call it in an error.
    policy : policy
    view : PartyView
        Its own side.
    times : ndarray, shape (n_rounds,)
    proposes : ndarray of bool, shape (n_rounds,)
        Whether it is the one to propose.

    Raises
    ------
    InvalidArgumentError
        If what it does depends on the party's offers, or on chance.
    """
    if not has_known_course(policy):
        expected = "a policy that neither looks at the party's offers nor draws"
        raise InvalidArgumentError(f"{where}: expected {expected}, got {short_label(policy)}")
    if isinstance(policy, Scripted):
        return _scripted(policy, view, times, proposes)
    return plan_of(policy, view, times)


def has_known_course(policy: Any) -> bool:
    """Whether what a policy does depends neither on the party's offers nor on chance."""
    if isinstance(policy, Scripted):
        return not getattr(policy.acceptance, "looks_back", False)
    return isinstance(policy, Policy) and bool(getattr(policy, "is_planned", True))


def _scripted(policy: Scripted, view: PartyView, times: Reals, proposes: NDArray[np.bool_]) -> Plan:
    n_rounds = len(times)
    if not view.has_rational_outcome:
        return Plan.to_leave(n_rounds)
    script = np.array(policy.rows(view), dtype=np.int64)
    made: NDArray[np.int64] = np.cumsum(proposes) - proposes
    rows = script[np.minimum(made, len(script) - 1)]
    return Plan(rows, policy.acceptance.thresholds(view, times, rows), stays=n_rounds)
