"""What stands beside the first package: worth the same to me, and as good as can be for others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import BargainError
from bargain.model import (
    BargainingProblem,
    Constraint,
    Forbidden,
    Issue,
    Mandatory,
    Outcome,
    Value,
)
from bargain.play import PartyView
from bargain.solve import best_offer

if TYPE_CHECKING:
    from bargain.anchor.packages import Menu

BAND = 0.02
"""Packages offered together differ by at most this share of my attainable gain."""

NEAR = 0.75
"""What a package beside the first must leave the others of what the first leaves them, at least."""

ROUNDING = 1e-9
"""Share of what is above a target by which the best offer at it may be worth more by rounding."""

CANDIDATES = 64
"""Most outcomes looked at for diversity."""


def moved(
    menu_: Menu,
    first: Outcome,
    target: float,
    count: int,
    *,
    kept: Mapping[str, Value] | None = None,
) -> list[Outcome]:
    """Return packages beside the first in which one issue is settled elsewhere.

    A continuous issue is moved half-way to the farther end of its range, a choice to another
    value, and the rest is again the best for the others that is worth as much as the first, but
    for `BAND`; each is left out unless it leaves the others `NEAR` of their gains in the first.
    Issues are tried in their order until there are enough packages: each takes a program or more.

    Parameters
    ----------
    menu_ : Menu
    first : Outcome
    target : float
    count : int
        Most packages to return.
    kept : mapping, optional
        Issues that stay as they are, with their values.
    """
    problem, party, kept = menu_.problem, menu_.party, kept or {}
    low, high, enough = room(menu_, problem, party, first, target)
    least = problem.disagreement_point
    gains = np.where(enough > least, problem.evaluate(first) - least, np.inf)
    others = np.arange(problem.n_parties) != party
    found: dict[Outcome, float] = {}
    for issue in problem.space.issues:
        if len(found) == count:
            break
        if issue.name in kept or issue.size == 1:
            continue
        settled: list[Constraint] = [_elsewhere(issue, first[issue.name])]
        settled += [Mandatory(kept)] if kept else []
        other = BargainingProblem(
            problem.space, problem.profiles, constraints=(*problem.constraints, *settled)
        )
        try:
            outcome = best_offer(other, party=party, at_least=low)
        except BargainError:
            continue
        worths = problem.evaluate(outcome)
        if low <= worths[party] <= high and (worths >= enough)[others].all():
            found.setdefault(outcome, float(((worths - least) / gains)[others].min()))
    return sorted(found, key=lambda outcome: -found[outcome])


def _elsewhere(issue: Issue, value: Any) -> Constraint:
    """Return the constraint that an issue is settled elsewhere."""
    if issue.is_finite:
        return Forbidden({issue.name: value})
    left, right = issue.bounds
    at = float(value)
    end = right if right - at >= at - left else left
    return Mandatory({issue.name: at + 0.5 * (end - at)})


def room(
    menu_: Menu, problem: BargainingProblem, party: int, first: Outcome, target: float
) -> tuple[float, float, NDArray[np.float64]]:
    """Return the least and most for me, and the least for all, of what stands beside the first."""
    worths, least = problem.evaluate(first), problem.disagreement_point
    low, high = band(menu_.view, float(worths[party]), target)
    # exactly the target where the first one is, too
    is_sharp = worths[party] - target <= ROUNDING * (menu_.view.best - target)
    enough = np.where(worths > least, least + NEAR * (worths - least), worths)
    return target if is_sharp else low, high, enough


def band(view: PartyView, first: float, target: float) -> tuple[float, float]:
    """Return the least and the most that a package beside the first may be worth to me.

    The first is worth more than the target where more for me costs the others nothing; what is
    worth the target only would then be worse for me and no better for them.
    """
    width = BAND * (view.best - view.reservation)
    return max(target, float(first) - width), max(float(first), target) + width


def _distance(a: Outcome, b: Outcome) -> float:
    return sum(a[issue] != b[issue] for issue in a)


def diverse(
    chosen: Sequence[Outcome],
    options: Sequence[Outcome],
    count: int,
    distance: Callable[[Outcome, Outcome], float] = _distance,
) -> list[Outcome]:
    """Return what was chosen and options that differ from all before in the most issues."""
    chosen = list(chosen)
    while len(chosen) < count:
        distances = [min(distance(option, taken) for taken in chosen) for option in options]
        farthest = int(np.argmax(distances)) if distances else 0
        if not distances or distances[farthest] == 0:
            break
        chosen.append(options[farthest])
    return chosen
