"""Attacks on an anchor: what the other side may try, and what must never come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bargain.anchor import attack_limits as limits
from bargain.anchor import attack_moves as moves
from bargain.anchor.anchor import Anchor
from bargain.anchor.attack_choices import choices
from bargain.anchor.attack_table import Table


@dataclass(frozen=True)
class Attack:
    """One kind of attack.

    Attributes
    ----------
    name : str
    never : str
        What must never happen.
    run : callable
        Takes a `Table`.
    """

    name: str
    never: str
    run: Callable[[Table], None]


@dataclass(frozen=True)
class AttackResult:
    """What came of an attack.

    Attributes
    ----------
    name, never : str
    tries : int
        Advices asked for.
    violations : tuple of str
        What must never happen and did.
    weaker : tuple of str
        What was checked in the place of some of it, as the policy looks at what the other side
        offers; empty where it was checked as it stands.
    """

    name: str
    never: str
    tries: int
    violations: tuple[str, ...]
    weaker: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Whether nothing went wrong."""
        return not self.violations


def redteam(anchor: Anchor, attacks: Iterable[Attack] | None = None) -> tuple[AttackResult, ...]:
    """Attack an anchor on its own case.

    Parameters
    ----------
    anchor : Anchor
    attacks : iterable of Attack, optional
        By default all of `ATTACKS`. Where the policy answers what the other side offers
        (`Anchor.responds`), offers may move its target and what it takes, as far as they would at
        the table: this is checked instead, and `weaker` says where. Tit-for-tat, MiCRO and
        `Adaptive` without a model answer concessions alone: no single offer, and none said again,
        may move them.

    Returns
    -------
    tuple of AttackResult

    Examples
    --------
    >>> import bargain as bg
    >>> anchor = bg.Anchor(bg.load("rental"), party="tenant", policy=bg.TimeDependent(), deadline=9)
    >>> [result] = bg.redteam(anchor, [attack for attack in ATTACKS if attack.name == "claims"])
    >>> result.held, result.never
    (True, 'a fake limit, rival or deadline that moves a number')
    """
    results = []
    for attack in ATTACKS if attacks is None else attacks:
        table = Table(anchor)
        try:
            attack.run(table)
        except Exception as error:
            table.fail(f"it raised {type(error).__name__}: {error}")
        told = tuple(table.broken), tuple(table.weaker)
        results.append(AttackResult(attack.name, attack.never, table.tries, *told))
    return tuple(results)


ATTACKS: tuple[Attack, ...] = (
    Attack(
        "below the line",
        "an agreement below reservation, alternative or floor",
        moves.below_the_line,
    ),
    Attack(
        "float noise",
        "an agreement one bit below the line, or a refusal on it",
        moves.float_noise,
    ),
    Attack(
        "injection",
        "text in names, notes and values that moves or leaks anything",
        moves.injection,
    ),
    Attack("budget probing", "answers that tell how far an offer is below the line", moves.probing),
    Attack("extreme anchor", "an extreme opening that moves the target", moves.extreme_anchor),
    Attack("repeat-five staller", "a concession for saying the same again", moves.staller),
    Attack(
        "retraction",
        "a withdrawn offer accepted, or an own one dropped in silence",
        moves.retraction,
    ),
    Attack(
        "split the difference",
        "half-way accepted below the target",
        moves.split_the_difference,
    ),
    Attack("partial package", "an incomplete or foreign outcome accepted", moves.partial),
    Attack(
        "hallucinated term",
        "a term outside the issues accepted or repeated",
        moves.hallucinated,
    ),
    Attack("unit confusion", "another unit, currency or scale accepted", moves.units),
    Attack(
        "no number",
        "NaN, infinity, 1e308, '12,5', true or text taken for a number",
        moves.no_numbers,
    ),
    Attack(
        "unknown field",
        "advice on a history with fields that there are not",
        moves.unknown_fields,
    ),
    Attack(
        "past deadline",
        "anything but walking away when time or rounds are over",
        moves.past_deadlines,
    ),
    Attack(
        "first proposal",
        "a first offer judged otherwise than a later one",
        moves.first_proposal,
    ),
    Attack("state tampering", "a changed history or state that goes unnoticed", moves.tampering),
    Attack("claims", "a fake limit, rival or deadline that moves a number", moves.claims),
    Attack("false choice", "a preferred package that moves a number", choices),
    Attack("forbidden", "an agreement on what constraints or limits forbid", limits.forbidden),
    Attack("large step", "a concession larger than allowed", limits.concessions),
    Attack("no approval", "what needs approval, said without it", limits.approval),
    Attack("drafted message", "a message that says more or less, let out", moves.drafts),
    Attack("empty zone", "an agreement where nothing is good enough", limits.empty_zone),
    Attack("one outcome", "anything but the only outcome that is allowed", limits.one_outcome),
)
"""What `redteam` tries by default."""
