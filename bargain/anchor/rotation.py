"""Packages that were not offered yet, in the place of ones that are the same to everybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bargain.anchor.guard import Guard
from bargain.anchor.packages import EnumeratedMenu, Menu
from bargain.model import Outcome


def rotated(
    packages: Sequence[Outcome],
    menu: Menu,
    guard: Guard,
    offered: Collection[Outcome],
    *,
    target: float,
    after: float | None,
) -> list[Outcome]:
    """Return packages, with those offered before replaced where another is the same to all.

    Another outcome takes the place of a package that was offered if it was not, is worth as much
    to everybody as believed, but for rounding, and at least the target to the party, and the guard
    lets it pass as it does the package. The lowest row comes first; a package that stands further
    back changes places with the one offered. Who answers new offers only (`MiCRO`) is so given
    one, at no cost to anybody. Only where outcomes are listed: elsewhere what is the same to all is
    not known.

    Parameters
    ----------
    packages : sequence of Outcome
    menu : Menu
    guard : Guard
    offered : collection of Outcome
        What the party has offered so far.
    target : float
        The least for the party.
    after : float, optional
        As `Guard.refusal` takes it.
    """
    found = list(packages)
    if not isinstance(menu, EnumeratedMenu):
        return found
    for k, package in enumerate(found):
        if package not in offered:
            continue
        for other in menu.equals(package, target):
            if other in offered or other in found[:k]:
                continue
            if not guard.allows(other, after=after):
                continue
            if guard.needs_approval(other) and not guard.needs_approval(package):
                continue
            if other in found:
                found[found.index(other)] = package
            found[k] = other
            break
    return found
