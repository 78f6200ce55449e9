"""Attacks on anchors whose policies look at the other side: what is checked instead, and found."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest
from typer.testing import CliRunner

import bargain as bg
from bargain.anchor import ATTACKS, follow
from bargain.anchor.attack_replay import Replay
from bargain.anchor.report import Case
from bargain.cli import app
from bargain.play.turn import Answer
from tests.problems import one_choice

RENTAL = bg.load("rental")
BY_OFFERS = ("budget probing", "extreme anchor", "repeat-five staller", "first proposal")
BELOW = "offers move the target, but never below the line"
AT_TABLE = f"{BELOW}, nor below what the policy asks at the table"
AGAIN = "offers move the target, but the same again no more than once"
ACCEPTED = "accepted, first or later, where the policy accepts it at the table"


def anchored(policy, problem=RENTAL, party="tenant", **options):
    return bg.Anchor(problem, party=party, policy=policy, deadline=9, **options)


def attacked(anchor, names=BY_OFFERS):
    return {r.name: r for r in bg.redteam(anchor, [a for a in ATTACKS if a.name in names])}


@dataclass(frozen=True)
class Echo:
    """Ask for what was heard last."""

    def act(self, turn):
        if turn.is_answer:
            return Answer.REJECT
        return turn.received[-1] if turn.received else int(turn.view.order[-1])


LOOKING_BACK = bg.TimeDependent(acceptance=bg.accept_combined(0.5))


@pytest.mark.parametrize(
    ("policy", "weaker"),
    [
        ("linear", ((), (), (), ())),
        (LOOKING_BACK, ((), (), (), (ACCEPTED,))),
        ("tit_for_tat", ((), (), (AGAIN,), (ACCEPTED,))),
        ("micro", ((), (), (AGAIN,), (ACCEPTED,))),
        (bg.Adaptive(floor=1, matching=2), ((), (), (AGAIN,), (ACCEPTED,))),
        ("nice_tit_for_tat", ((AT_TABLE,), (AT_TABLE,), (AT_TABLE,), (ACCEPTED,))),
        (Echo(), ((AT_TABLE,), (AT_TABLE,), (AT_TABLE,), (ACCEPTED,))),
    ],
    ids=["linear", "looking_back", "tit_for_tat", "micro", "matching", "nice", "own"],
)
def test_attacks_say_what_they_check_of_a_policy_that_looks_at_offers(policy, weaker):
    results = attacked(anchored(policy))
    assert tuple(results[name].weaker for name in BY_OFFERS) == weaker
    assert all(result.held for result in results.values()), results
    others = [result for name, result in results.items() if name not in BY_OFFERS]
    assert not any(result.weaker for result in others)


def test_where_the_table_says_nothing_the_line_is_checked():
    problem = bg.load("supply_contract")
    names = ("extreme anchor", "first proposal")
    results = attacked(anchored("trade_off", problem, "buyer", packages=1), names)
    assert results["extreme anchor"].weaker == (BELOW,)
    assert results["first proposal"].weaker != (ACCEPTED,)
    assert all(result.held for result in results.values())


def asking(change):
    """Return a change of what an anchor asks, from its target and the case."""
    asked = Case.target

    def target(self, number):
        return change(asked(self, number), self)

    return lambda monkeypatch: monkeypatch.setattr(Case, "target", target)


less = asking(lambda target, case: target - 1)
more_for_more_offers = asking(lambda target, case: target - 100 + len(case.story.offers))
by_the_last_offer = asking(
    lambda target, case: (
        target if case.last is None else target - 1900 + case.guard.worth(case.last.outcome) / 2
    )
)


def taking(answer):
    caught_up = follow._caught_up

    def change(monkeypatch):
        def answering(shadow, offers, *given):
            return answer and bool(offers), caught_up(shadow, offers, *given)[1]

        monkeypatch.setattr(follow, "_caught_up", answering)

    return change


def leaving(monkeypatch):
    monkeypatch.setattr(Case, "leaves", 0)


@pytest.mark.parametrize(
    ("policy", "change", "name", "found"),
    [
        ("nice_tit_for_tat", less, "budget probing", "less is asked than by the policy"),
        (Echo(), less, "extreme anchor", "less is asked than by the policy"),
        ("linear", less, "extreme anchor", "less is asked than by the policy"),
        ("tit_for_tat", by_the_last_offer, "extreme anchor", "first offer moved the target"),
        ("micro", by_the_last_offer, "budget probing", "how far an offer is below the line"),
        ("micro", more_for_more_offers, "repeat-five staller", "repeating an offer moved"),
        (LOOKING_BACK, by_the_last_offer, "extreme anchor", "first offer moved the target"),
        (Echo(), leaving, "extreme anchor", "talks are left that the policy goes on with"),
        ("tit_for_tat", taking(True), "first proposal", "that the policy does not accept"),
        ("tit_for_tat", taking(False), "first proposal", "refused that the policy accepts"),
    ],
)
def test_an_anchor_that_does_otherwise_than_its_policy_is_found_out(
    monkeypatch, policy, change, name, found
):
    anchor = anchored(policy, limits=bg.Limits(floor=1500))
    change(monkeypatch)
    violations = attacked(anchor, [name])[name].violations
    assert any(found in violation for violation in violations), violations


@pytest.mark.parametrize("policy", ["tit_for_tat", "micro", "nice_tit_for_tat", "trade_off"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_replay_says_what_was_played(policy, first):
    anchor = anchored(policy)
    session = bg.alternating_offers(RENTAL, ("linear", policy), deadline=9, first=first, seed=3)
    replay = Replay.of(anchor, 1)
    for i, offer in enumerate(session.offers):
        if offer.party != "tenant":
            continue
        said = replay.after(session.offers[:i])
        assert not said.accepts
        worth = RENTAL.evaluate(offer.outcome)[1]
        assert said.target == worth or (policy == "micro" and said.target <= worth)
    if session.agreement is not None and session.offers[-1].party == "landlord":
        assert replay.after(session.offers).accepts


def test_there_is_no_replay_where_a_table_would_not_say_what_is_played():
    clock = bg.Clock.lasting("2026-03-01T09:00:00Z", hours=10)
    anchor = anchored("micro")
    assert Replay.of(replace(anchor, clock=clock), 1) is None
    assert Replay.of(replace(anchor, grid=3), 1) is None
    assert Replay.of(anchored("linear", bg.load("supply_contract"), "buyer"), 0) is None


def test_the_command_line_says_what_was_checked_instead(tmp_path):
    problem = tmp_path / "pie.json"
    bg.save(one_choice([(0, 9), (3, 5), (5, 1)]), problem)
    arguments = ["redteam", str(problem), "--policy", "micro", "--deadline", "4"]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0
    assert f"repeat-five staller, checked instead: {AGAIN}" in " ".join(told.stdout.split())
    shown = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    found = {each["name"]: each["weaker"] for each in shown if each["weaker"]}
    assert found == {"repeat-five staller": [AGAIN], "first proposal": [ACCEPTED]}
