"""What a policy sees of a history: which offers it hears, and where they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

import bargain as bg
from bargain.anchor.history import heard
from bargain.anchor.packages import menu
from bargain.anchor.seen import seen
from bargain.model.discretize import discretized
from bargain.model.outcomes import Outcome
from bargain.play.turn import Answer
from tests.problems import one_choice, with_constraints


@dataclass(frozen=True)
class Listener:
    """Ask for the best until anything is heard, then for what was heard last."""

    def act(self, turn):
        if turn.is_answer:
            return Answer.REJECT
        view = turn.view
        return view.outcome(turn.received[-1]) if turn.received else int(view.order[-1])


def pick(problem, row):
    return bg.Offer(problem.parties[1], problem.space.outcome(row))


@pytest.mark.parametrize("policy", [Listener(), bg.TitForTat(), "nice_tit_for_tat", "micro"])
def test_what_a_constraint_forbids_is_not_heard(policy):
    plain = one_choice([(9, 0), (7, 2), (5, 4), (3, 6), (1, 8), (8, 3)])
    forbidden = {"pick": plain.space.outcome(5)["pick"]}
    problem = with_constraints(plain, bg.Forbidden(forbidden))
    anchor = bg.Anchor(problem, party=0, policy=policy, deadline=20)
    mine = bg.Offer(problem.parties[0], problem.space.outcome(0))
    without = [pick(problem, 4), mine, bg.Offer(problem.parties[1], plain.space.outcome(3), 4)]
    between = [pick(problem, 4), mine, pick(problem, 5), without[-1]]
    told, silent = anchor.advise(between), anchor.advise(without)
    assert told.private.target == silent.private.target
    assert told.decision == silent.decision
    last = anchor.advise(between[:3])
    assert last.reasons[0] == "offer_not_allowed"
    unheard = anchor.advise([*between[:2], {"party": problem.parties[1], "outcome": "nothing"}])
    assert last.private.target == unheard.private.target


def price_and_gift():
    issues = [bg.Issue.continuous("price", 0, 10), bg.Issue.choice("gift", ["no", "yes"])]
    seller = bg.AdditiveUtility({"price": bg.Linear(0, 1), "gift": {"no": 0.3}})
    buyer = bg.AdditiveUtility({"price": bg.Linear(1, 0), "gift": {"yes": 0.5}})
    return bg.BargainingProblem(issues, {"seller": seller, "buyer": buyer})


def seen_off_the_grid(prices):
    problem = price_and_gift()
    anchor = bg.Anchor(problem, party="seller", policy="tit_for_tat", deadline=9, grid=5)
    on_grid = discretized(problem, points=5)
    story = heard(problem, [bg.Offer("buyer", {"price": p, "gift": "yes"}) for p in prices])
    return seen(menu(on_grid, 0), on_grid, anchor.guard, story.offers, ranks=0)


def test_offers_that_no_list_has_get_one_row_each():
    view, rows = seen_off_the_grid([1.1, 2.5, 1.2, 1.1, 1.2])
    listed = 10
    assert rows == [listed, view.row((2.5, "yes")), listed + 1, listed, listed + 1]
    assert dict(view.outcome(listed)) == {"price": 1.1, "gift": "yes"}
    assert view.row({"gift": "yes", "price": 1.2}) == listed + 1
    assert view.row(view.outcome(listed)) == listed
    assert len(view.order) == listed
    for unknown in ({"price": 1.3, "gift": "yes"}, {"price": [1.1], "gift": "yes"}, "x", 3):
        with pytest.raises(bg.InvalidOutcomeError):
            view.row(unknown)


def test_looking_up_offers_takes_time_linear_in_their_number(monkeypatch):
    counts = Counter()
    equal, hashed = Outcome.__eq__, Outcome.__hash__

    def counted(name, inner):
        def count(*given):
            counts[name] += 1
            return inner(*given)

        return count

    monkeypatch.setattr(Outcome, "__eq__", counted("equal", equal))
    monkeypatch.setattr(Outcome, "__hash__", counted("hashed", hashed))
    for n in (200, 400):
        counts.clear()
        view, rows = seen_off_the_grid([0.001 + k / 1000 for k in range(n)] * 2)
        assert len(set(rows)) == len(view.added) == n
        assert [view.row(outcome) for outcome in view.added] == rows[:n]
        # each is looked up twice when it is offered, and once when asked for
        assert counts["hashed"] <= 6 * n
        assert counts["equal"] <= 6 * n


def test_a_script_that_the_limits_forbid_is_refused_at_once():
    rental = bg.load("rental")
    script = bg.Scripted([rental.space.outcome(600)])
    limits = bg.Limits(forbidden=[{"length": rental.space.outcome(600)["length"]}])
    with pytest.raises(
        bg.InvalidArgumentError, match=r"^policy: outcomes\[0\]: .* meets the constraints"
    ):
        bg.Anchor(rental, party="tenant", policy=script, deadline=9, limits=limits)
    free = bg.Anchor(rental, party="tenant", policy=script, deadline=9)
    attacks = [a for a in bg.anchor.ATTACKS if a.name in ("one outcome", "forbidden")]
    assert all(result.held for result in bg.redteam(free, attacks))
