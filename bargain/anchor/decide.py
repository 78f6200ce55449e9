"""The decision itself, and the guard that every decision passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from bargain.anchor.advice import Decision, Reason
from bargain.anchor.beside import BAND
from bargain.anchor.history import Heard
from bargain.anchor.report import Case, Move
from bargain.anchor.rotation import rotated
from bargain.errors import NoAgreementZoneError
from bargain.model import Outcome

NOTICEABLE = 1e-6
"""Share of the attainable gain by which an own offer must be too low to be withdrawn: programs
meet a target to within their tolerance only."""


def decided(case: Case, *, count: int, approved: frozenset[Outcome]) -> Move:
    """Return what to do: what the policy wants, as far as the guard lets it pass.

    Parameters
    ----------
    case : Case
    count : int
        Most packages to offer.
    approved : frozenset of Outcome
        What a person has approved.
    """
    return guarded(case, _wanted(case, count, approved), count, approved)


def guarded(case: Case, move: Move, count: int, approved: frozenset[Outcome]) -> Move:
    """Let only what the guard allows pass: every decision comes through here."""
    if move.decision not in ("accept", "counter"):
        return Move(move.decision, move.reasons)
    guard = case.guard
    allowed = [each for each in move.packages if guard.allows(each, after=case.own_last)]
    if not allowed:
        return Move("walk", (*move.reasons, "nothing_within_limits"))
    free = [each for each in allowed if each in approved or not guard.needs_approval(each)]
    decision: Decision = move.decision
    if not free:
        kind: Any = decision
        return Move(
            "escalate",
            (*move.reasons, "needs_approval"),
            target=move.target,
            pending=tuple(allowed[:count]),
            pending_decision=kind,
        )
    return Move(decision, move.reasons, tuple(free[:count]), move.target, move.withdraws)


def _wanted(case: Case, count: int, approved: frozenset[Outcome]) -> Move:
    timing, last = case.timing, case.last
    if case.conflict is not None:
        return Move("escalate", ("history_conflict",))
    if not case.menu.view.has_rational_outcome:
        return Move("walk", ("nothing_at_or_above_reservation",))
    if timing.is_over:
        taken = None if timing.is_late else _own_returned(case, last)
        if taken is not None:
            # who takes what stands uses up no round
            return Move("accept", ("returns_own_offer",), (taken,), case.guard.worth(taken))
        return Move("walk", ("deadline_passed",))
    if last is not None and last.party == case.party:
        if timing.is_last_answer:
            return Move("walk", ("deadline_passed",))
        return Move("hold", ("awaiting_answer",))
    reason: Reason = "opening"
    if last is not None:
        reason, least = _answer(case, last)
        if last.outcome is not None and least is not None:
            return Move("accept", (reason,), (last.outcome,), least)
    if timing.is_last_answer:
        return Move("walk", (reason, "last_round_refused"))
    if timing.number >= case.leaves:
        return Move("walk", (reason, "policy_walks_away"))
    return _counter(case, reason, count, approved)


def _own_returned(case: Case, last: Heard | None) -> Outcome | None:
    """Return what the party offered last, if the other side says it in the round after."""
    if last is None or last.party == case.party or last.outcome is None:
        return None
    own = [offer.round for offer in case.story.offers if offer.party == case.party]
    if not own or last.round != own[-1] + 1 or not case.stands(last.outcome):
        return None
    refusal = case.guard.refusal(last.outcome, after=case.own_last)
    return last.outcome if refusal is None else None


def _answer(case: Case, last: Heard) -> tuple[Reason, float | None]:
    """Say whether the standing offer is taken: why, and the least that was enough, if it is."""
    guard, worth = case.guard, case.guard.worth(last.outcome)
    refusal = guard.refusal(last.outcome, after=case.own_last)
    if refusal is not None:
        return refusal, None
    if case.course is None or worth is None or last.round >= case.leaves:
        return "offer_below_policy", None
    least = max(case.course.least, guard.reservation)
    if worth >= least:
        return "offer_meets_policy", least
    if last.outcome is not None and case.stands(last.outcome):
        # what one offered last still stands, whatever the policy asks
        return "returns_own_offer", worth
    return "offer_below_policy", None


def _counter(case: Case, reason: Reason, count: int, approved: frozenset[Outcome]) -> Move:
    guard = case.guard
    reasons: list[Reason] = [reason]
    target, least = case.target(case.timing.number), guard.least_after(case.own_last)
    if least > target:
        target = least
        reasons.append("largest_concession_reached")
    try:
        target, offers = _packages(case, target, least, count)
    except NoAgreementZoneError:
        return Move("escalate", (*reasons, "nothing_within_limits"))
    earlier = _their_best(case, target)
    if earlier is not None and not _is_beaten(case, earlier, offers[0]):
        # what they have offered before they will hardly refuse
        offers = [earlier, *_beside(case, earlier, least, count)][:count]
        reasons.append("returns_their_earlier_offer")
    if case.references is None:
        # as the others are believed to be: talking on may still show that they are not so
        reasons.append("no_agreement_zone")
    if all(guard.needs_approval(each) and each not in approved for each in offers):
        # packages change as time goes by; what was approved and is good enough will do
        enough = [each for each in approved if (guard.worth(each) or -np.inf) >= target]
        offers = [*sorted(enough, key=repr), *offers]
    withdrawn = _withdrawn(case, target)
    if withdrawn:
        reasons.append("withdraws_own_offer")
    return Move("counter", tuple(reasons), tuple(offers), target, withdrawn)


def _packages(case: Case, target: float, least: float, count: int) -> tuple[float, list[Outcome]]:
    """Return what to offer at a target, by chance if the case has a blur, and the target then."""
    if case.blur is not None:
        moved, offers = case.blur.drawn(
            case.belief.problem, case.party, target, count, case.story.offers
        )
        if not case.blur.band:
            # the target alone moves: what is offered at it is as always
            offers = case.menu.packages(moved, count)
        allowed = [each for each in offers if case.guard.allows(each, after=case.own_last)]
        if allowed and moved >= least:
            # what is drawn within a band has its own chance
            return moved, allowed if case.blur.band else _rotated(case, allowed, moved)
    return target, _rotated(case, case.menu.packages(target, count), target)


def _rotated(case: Case, packages: list[Outcome], target: float) -> list[Outcome]:
    own = {
        offer.outcome
        for offer in case.story.offers
        if offer.party == case.party and offer.outcome is not None
    }
    return rotated(packages, case.menu, case.guard, own, target=target, after=case.own_last)


def _their_best(case: Case, target: float) -> Outcome | None:
    """Return the best earlier offer of the others that is allowed and worth the target."""
    guard = case.guard
    worths = {
        entry.outcome: worth
        for entry in case.story.offers[:-1]
        if entry.party != case.party and entry.outcome is not None
        if (worth := guard.worth(entry.outcome)) is not None and worth >= target
        if guard.allows(entry.outcome, after=case.own_last)
    }
    return max(worths, key=worths.__getitem__, default=None)


def _beside(case: Case, earlier: Outcome, least: float, count: int) -> list[Outcome]:
    """Return packages worth what an earlier offer of theirs is, but for the band, and no less.

    What is worth the target only would give away what the earlier offer is worth beyond it.
    """
    worth, view = float(case.guard.worth(earlier) or 0.0), case.menu.view
    gain = max(view.best - view.reservation, 0.0)
    low, high = worth - NOTICEABLE * gain, worth + (BAND + NOTICEABLE) * gain
    try:
        _, offers = _packages(case, worth, least, count)
    except NoAgreementZoneError:
        # made of anything in the space, it may be worth more than what packages are made of
        return []
    worths = [case.guard.worth(offer) for offer in offers]
    return [
        offer
        for offer, own in zip(offers, worths, strict=True)
        if offer != earlier and own is not None and low <= own <= high
    ]


def _is_beaten(case: Case, earlier: Outcome, offer: Outcome) -> bool:
    """Whether an offer is better for me than an earlier one of theirs and known as good for all."""
    if any(estimate.kind != "exact" for estimate in case.belief.opponents.values()):
        return False
    before, now = case.belief.worths(earlier), case.belief.worths(offer)
    return bool((now >= before).all() and now[case.party] > before[case.party])


def _withdrawn(case: Case, target: float) -> tuple[Outcome, ...]:
    """Return own earlier offers that do not stand any more beside a target."""
    view = case.menu.view
    enough = target - NOTICEABLE * max(view.best - view.reservation, 0.0)
    found: dict[Outcome, None] = {}
    for offer in case.story.offers:
        if offer.party == case.party and offer.outcome is not None:
            worth = case.guard.worth(offer.outcome)
            if worth is None or worth < enough or not case.guard.allows(offer.outcome):
                found[offer.outcome] = None
    return tuple(found)
