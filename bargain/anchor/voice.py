"""What may be said beside the packages: it follows from offers that both sides know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bargain.anchor.advice import Fact, Question, harmless
from bargain.anchor.history import Heard
from bargain.model import BargainingProblem, Issue, Outcome

LONGEST_NAME = 60


def facts(
    problem: BargainingProblem, party: int, offers: Sequence[Heard], packages: Sequence[Outcome]
) -> tuple[Fact, ...]:
    """Say how packages differ from one's own last offer, seen from the other's last offer.

    What is said holds for each of them. No utility is looked at: nearer to what they asked is a
    step towards them.
    """
    own = _last(offers, party, is_own=True)
    theirs = _last(offers, party, is_own=False)
    if theirs is None:
        return ()
    found: list[Fact] = []
    if own is not None:
        gives, gets, keeps, may_get = [], [], [], False
        for issue in problem.space.issues:
            name = issue.name
            before = _distance(issue, own[name], theirs[name])
            after = [_distance(issue, each[name], theirs[name]) for each in packages]
            may_get = may_get or max(after) > before
            if max(after) < before:
                gives.append(name)
            elif min(after) > before:
                gets.append(name)
            elif min(after) == max(after) == before > 0:
                keeps.append(name)
        if gives and gets:
            text = f"We give on {_listed(gives)} to get on {_listed(gets)}."
            found.append(Fact("gives_to_get", tuple(gives), tuple(gets), text))
        elif gives and not may_get:
            text = f"We move towards you on {_listed(gives)}."
            found.append(Fact("moves_towards_you", tuple(gives), (), text))
        if keeps:
            text = f"We stay where we are on {_listed(keeps)}."
            found.append(Fact("keeps", (), tuple(keeps), text))
    same = [n for n in problem.space.names if all(each[n] == theirs[n] for each in packages)]
    if same:
        found.append(Fact("agrees_on", tuple(same), (), f"We agree on {_listed(same)}."))
    return tuple(found)


def questions(
    problem: BargainingProblem,
    party: int,
    offers: Sequence[Heard],
    packages: Sequence[Outcome],
) -> tuple[Question, ...]:
    """Say what is worth asking."""
    found: list[Question] = []
    names = problem.space.names
    last = offers[-1] if offers else None
    if last is not None and last.party != party and last.outcome is None:
        unclear = _unclear(problem, last.said)
        text = f"What exactly do you offer on {_listed(unclear)}?"
        found.append(Question("state_every_issue", unclear, text))
    if len(packages) > 1:
        apart = tuple(n for n in names if any(p[n] != packages[0][n] for p in packages))
        text = "Which of these packages is closest to what you need?"
        found.append(Question("which_package", apart, text))
    made = [o.outcome for o in offers if o.party != party and o.outcome is not None]
    if len(made) > 1 and packages:
        # what they held and what they gave on, where the two sides still stand apart
        moves = {n: sum(a[n] != b[n] for a, b in pairwise(made)) for n in names}
        apart_now = [n for n in names if packages[0][n] != made[-1][n]]
        held = [n for n in apart_now if moves[n] == 0]
        moved = [n for n in names if moves[n] > 0]
        if held and moved:
            most = max(moved, key=moves.__getitem__)
            text = f"Does {_name(held[0])} matter more to you than {_name(most)}?"
            found.append(Question("which_issue_matters_more", (held[0], most), text))
    return tuple(found)


def _last(offers: Sequence[Heard], party: int, *, is_own: bool) -> Outcome | None:
    for offer in reversed(offers):
        if (offer.party == party) == is_own and offer.outcome is not None:
            return offer.outcome
    return None


def _distance(issue: Issue, a: Any, b: Any) -> float:
    if issue.is_numeric:
        return abs(float(a) - float(b))
    return float(a != b)


def _unclear(problem: BargainingProblem, said: Any) -> tuple[str, ...]:
    """Return the issues that an offer gives no value of theirs; all where it says nothing."""
    try:
        values = dict(said)
    except (TypeError, ValueError):
        return problem.space.names
    unclear = [i.name for i in problem.space.issues if i.name not in values]
    unclear += [i.name for i in problem.space.issues if i.name in values and _bad(i, values)]
    return tuple(n for n in problem.space.names if n in unclear) or problem.space.names


def _bad(issue: Issue, values: Any) -> bool:
    try:
        return values[issue.name] not in issue
    except TypeError:
        return True


def _listed(names: Sequence[str]) -> str:
    shown = [_name(name) for name in names[:5]]
    if len(names) > 5:
        shown.append(f"{len(names) - 5} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _name(name: str) -> str:
    return harmless(name.replace("_", " "), LONGEST_NAME)
