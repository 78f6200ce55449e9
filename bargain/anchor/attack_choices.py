"""How an anchor is attacked by what the other side says it likes best of several packages."""

from __future__ import annotations

from typing import Any

from bargain.anchor.attack_moves import TEXTS, numbers
from bargain.anchor.attack_table import Table, values


def choices(table: Table) -> None:
    """Say what one prefers, truly or not, and prefer what was never offered."""
    packages = [values(package) for package in table.advise([], share=0.0).public.packages]
    if not packages:
        return
    own = {"party": table.problem.parties[table.me], "outcome": packages[0]}
    ask = table.outcomes[0]
    plain = table.advise([own, table.offer(ask)])
    likes: list[Any] = [*packages, *table.outcomes[::8], *TEXTS, float("nan"), None, {}, [packages]]
    for said in likes:
        chosen = table.offer(ask, prefers=said, among=packages)
        advice = table.advise([own, chosen])
        table.expect(
            (advice.decision, numbers(advice)) == (plain.decision, numbers(plain)),
            "a choice among packages moved the decision or a target",
        )
    foreign = [dict(outcome) for outcome in table.outcomes if dict(outcome) not in packages]
    for outcome in foreign[:3]:
        advice = table.advise([own, table.offer(ask, prefers=outcome, among=[outcome])])
        told = advice.decision == "escalate" and "history_conflict" in advice.reasons
        table.expect(told, "a choice among packages that nobody offered goes unnoticed")
