"""Attacks on what an anchor is allowed: limits, constraints, a person's approval."""

from __future__ import annotations

from typing import Any

from bargain.anchor.attack_table import Table, values
from bargain.errors import InfeasibleProblemError, InvalidArgumentError


def forbidden(table: Table) -> None:
    """Offer what constraints and limits forbid, the best of it first."""
    drawn = table.problem.space.sample(200, seed=1)
    broken = [outcome for outcome in drawn if table.problem.broken_by(outcome)]
    for outcome in sorted(broken, key=table.worth, reverse=True)[:6]:
        for number in table.rounds:
            told = table.advise([table.offer(outcome, number)], share=0.99)
            table.expect(told.decision != "accept", "what a constraint forbids is accepted")
    for outcome in table.outcomes[-3:]:
        issue = table.problem.space.issues[0]
        value: Any = outcome[issue.name]
        conditions: Any = (
            value if issue.is_finite else {"at_least": value - 1, "at_most": value + 1}
        )
        limits = (*table.anchor.limits.forbidden, {issue.name: conditions})
        try:
            other = table.bound(forbidden=limits)
        except (InfeasibleProblemError, InvalidArgumentError):
            # nothing is left, or not what the policy would offer
            continue
        for number in table.rounds:
            told = other.advise([table.offer(outcome, number)], share=0.99)
            table.expect(told.decision != "accept", "what the limits forbid is accepted")


def concessions(table: Table) -> None:
    """Press for a large step: the last round, offers below one's own last one."""
    poor, last = table.outcomes[0], table.rounds[-1]
    for step in (0.0, abs(table.worth(table.outcomes[-1])) * 0.01):
        firm = table.bound(largest_concession=step)
        opening = firm.advise([], share=0.0)
        if opening.decision != "counter" or last < 3:
            continue
        mine = {**table.own(opening), "round": 0}
        for outcome in (poor, *table.outcomes[-6:]):
            firm.advise([mine, table.offer(outcome, last - 1)], share=0.99)


def approval(table: Table) -> None:
    """Offer and wait where all needs a person's approval; then give it for something else."""
    best = table.outcomes[-1]
    asking = table.bound(approval_below=abs(table.worth(best)) * 2 + 1e300)
    for history in ([], [table.offer(best, table.rounds[-1])], [table.offer(best, 0)]):
        for approved in ((), (table.outcomes[0],)):
            asking.advise(history, share=0.99, approved=approved)
    named = {name: value for name, value in best.items() if not isinstance(value, float)}
    if named:
        asking = table.bound(approval_for=({**named},))
        for number in table.rounds:
            asking.advise([table.offer(best, number)], share=0.99)


def empty_zone(table: Table) -> None:
    """Offer anything where nothing is good enough, and set a floor above all there is."""
    best = max(table.best, table.unlimited.best, table.line)
    unreachable = best + max(abs(best), 1.0)
    is_refused = False
    try:
        table.bound(floor=unreachable)
    except InfeasibleProblemError:
        is_refused = True
    # where the problem itself has no zone there is nothing for limits to spoil
    table.expect(is_refused or table.best < table.line, "a floor that nothing reaches is taken")
    none = table.without_zone(unreachable)
    for outcome in table.outcomes[-3:]:
        for number in table.rounds:
            advice = none.advise([table.offer(outcome, number)])
            table.expect(advice.decision == "walk", "something is agreed where nothing is enough")


def one_outcome(table: Table) -> None:
    """Offer anything where one outcome only is allowed."""
    limited = [o for o in table.outcomes if not table.anchor.guard.limits_broken_by(o)]
    if not limited:
        return
    only = limited[-1]
    try:
        one = table.bound(allowed=dict(only))
    except (InfeasibleProblemError, InvalidArgumentError):
        return
    for history in ([], *([table.offer(o, table.rounds[-1])] for o in table.outcomes[-4:])):
        advice = one.advise(history, share=0.99)
        for package in advice.public.packages:
            table.expect(values(package) == only, "another outcome than the only one")
