"""Every attack on anchors of every kind: what must never happen does not; and would be seen."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import bargain as bg
from bargain.anchor import ATTACKS
from bargain.anchor.guard import Guard
from bargain.cli import app
from tests.problems import one_choice, with_constraints

NAMES = [attack.name for attack in ATTACKS]


def rental_under_limits():
    limits = bg.Limits(
        floor=1800, forbidden=[{"length": "2 years"}], largest_concession=900, approval_below=2000
    )
    return bg.Anchor(
        bg.load("rental"), party="tenant", policy=bg.TimeDependent(), deadline=9, limits=limits
    )


def rental_by_the_clock():
    clock = bg.Clock.lasting("2026-03-02T09:00:00+01:00", skew=60, respond_within=3600)
    return bg.Anchor(bg.load("rental"), party="landlord", policy=bg.TimeDependent(), clock=clock)


def unknown_other():
    problem = bg.load("employment")
    return bg.Anchor(problem, party=0, policy=bg.TimeDependent(), deadline=9, other="unknown")


def price_and_days():
    problem = bg.load("supply_contract")
    policy = bg.policy_from_name("conceder")
    return bg.Anchor(problem, party="supplier", policy=policy, deadline=6, packages=1)


def ties_at_the_line():
    points = [(3, 1), (3, 2), (np.nextafter(3, 0), 9), (np.nextafter(3, 9), 0), (5, 5), (0, 9)]
    problem = one_choice(points, disagreement_point=(3, 0))
    greedy = bg.TimeDependent(beta=20, acceptance=bg.AcceptNext(offset=1e9))
    return bg.Anchor(problem, party=0, policy=greedy, deadline=5)


def forbidden_by_the_problem():
    problem = with_constraints(bg.load("rental"), bg.Forbidden({"rent": 3100, "deposit": 500}))
    return bg.Anchor(problem, party="tenant", policy=bg.TimeDependent(), deadline=4)


CASES = [rental_under_limits, rental_by_the_clock, unknown_other, price_and_days,
         ties_at_the_line, forbidden_by_the_problem]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
@pytest.mark.parametrize("make", CASES, ids=[make.__name__ for make in CASES])
def test_what_must_never_happen_does_not(make, attack):
    (result,) = bg.redteam(make(), [attack])
    assert result.violations == ()
    assert result.tries > 0 or attack.name in ("one outcome", "first proposal")


def only_a_little():
    problem = one_choice([(1, 9), (2, 6), (5, 4), (6, 3), (9, 0)])
    issue = problem.space.issues[0]
    limits = bg.Limits(allowed={issue.name: list(issue.values[:2])})
    return bg.Anchor(problem, party=0, policy="linear", deadline=6, limits=limits)


def nothing_to_agree_on():
    problem = one_choice([(1, 9), (2, 6), (5, 4), (6, 3), (9, 0)], disagreement_point=(10, 0))
    return bg.Anchor(problem, party=0, policy="linear", deadline=6)


@pytest.mark.parametrize("make", [only_a_little, nothing_to_agree_on])
def test_limits_and_problems_that_leave_little_or_nothing_hold_too(make):
    assert [result for result in bg.redteam(make()) if not result.held] == []


def test_a_hostile_domain_gives_hostile_names_no_way_in():
    name = "price\u202e\x1b[31m {{reservation}}"
    space = [bg.Issue.choice(name, ["a\u200b", "b\n", "[bold]c"]), bg.Issue.choice("x", ["y", "z"])]
    parties = {
        "me": bg.AdditiveUtility({name: {"a\u200b": 3, "b\n": 2}, "x": {"y": 1}}),
        "you": bg.AdditiveUtility({name: {"[bold]c": 3, "b\n": 2}, "x": {"z": 1}}),
    }
    problem = bg.BargainingProblem(space, parties, disagreement_point=(1, 0))
    anchor = bg.Anchor(problem, party="me", policy=bg.TimeDependent(), deadline=6)
    assert [r.name for r in bg.redteam(anchor) if not r.held] == []
    history = [bg.Offer("me", ("a\u200b", "y")), bg.Offer("you", ("[bold]c", "z"))]
    public = anchor.advise(history).public
    for text in [fact.text for fact in public.facts] + [q.text for q in public.questions]:
        assert text.isprintable()


# a suite that cannot fail proves nothing: break the anchor, and see it found


def failed(monkeypatch, make, change, name):
    change(monkeypatch)
    attack = [each for each in ATTACKS if each.name == name]
    return {result.name for result in bg.redteam(make(), attack) if not result.held}


def no_line(monkeypatch):
    monkeypatch.setattr(Guard, "reservation", property(lambda self: -1e9))
    monkeypatch.setattr(bg.anchor.limits.Limits, "line", lambda self, problem, party: -1e9)


def no_limits(monkeypatch):
    monkeypatch.setattr(Guard, "limits_broken_by", lambda self, outcome: ())
    monkeypatch.setattr(bg.anchor.anchor, "bound", lambda problem, party, limits: problem)


def no_deadline(monkeypatch):
    over = property(lambda self: False)
    monkeypatch.setattr(bg.anchor.report.Timing, "is_over", over)


def no_memory(monkeypatch):
    monkeypatch.setattr(bg.anchor.anchor, "contradiction", lambda *given: None)


def no_discretion(monkeypatch):
    from bargain.anchor import report

    open_ = report._public

    def public(case, move):
        shown = open_(case, move)
        last = case.last
        said = "" if last is None else repr(last.said)
        asked = bg.anchor.advice.Question("state_every_issue", (), said)
        return bg.anchor.advice.PublicAdvice(shown.decision, shown.packages, questions=(asked,))

    monkeypatch.setattr(report, "_public", public)


def no_constraints(monkeypatch):
    monkeypatch.setattr(Guard, "broken_by", lambda self, outcome: ())


def no_largest_concession(monkeypatch):
    monkeypatch.setattr(Guard, "least_after", lambda self, last: -np.inf)


def no_approval(monkeypatch):
    monkeypatch.setattr(Guard, "needs_approval", lambda self, outcome: False)


def no_skew(monkeypatch):
    monkeypatch.setattr(bg.Clock, "last", property(lambda self: self.closes))


def no_doubt(monkeypatch):
    monkeypatch.setattr(bg.Anchor, "_impossible", lambda self, story, now: None)


def no_policy(monkeypatch):
    monkeypatch.setattr(bg.anchor.report.Case, "stands", lambda self, outcome: True)


def no_withdrawals(monkeypatch):
    monkeypatch.setattr(bg.anchor.decide, "_withdrawn", lambda case, target: ())


def no_target(monkeypatch):
    def worst(case, target):
        made = [each.outcome for each in case.story.offers[:-1] if each.party != case.party]
        return min((each for each in made if each), key=case.guard.worth, default=None)

    monkeypatch.setattr(bg.anchor.decide, "_their_best", worst)


def no_secrecy(monkeypatch):
    from dataclasses import replace

    from bargain.anchor import report

    open_ = report._public

    def public(case, move):
        return replace(open_(case, move), respond_by=move.reasons[0])

    monkeypatch.setattr(report, "_public", public)


def no_questions(monkeypatch):
    class Anything:
        outcome = type("Same", (), {"__eq__": lambda self, other: True, "__hash__": None})()

    monkeypatch.setattr(bg.anchor.history, "_latest", lambda offers, party: [Anything])


def no_reading(monkeypatch):
    from bargain.anchor import message

    monkeypatch.setattr(message, "_prose", lambda *given: [])


@pytest.mark.parametrize(
    ("make", "change", "found"),
    [
        (forbidden_by_the_problem, no_constraints, "forbidden"),
        (rental_under_limits, no_largest_concession, "large step"),
        (rental_under_limits, no_approval, "no approval"),
        (rental_by_the_clock, no_skew, "past deadline"),
        (rental_by_the_clock, no_doubt, "state tampering"),
        (rental_under_limits, no_policy, "extreme anchor"),
        (rental_under_limits, no_withdrawals, "retraction"),
        (rental_by_the_clock, no_target, "retraction"),
        (rental_by_the_clock, no_secrecy, "below the line"),
        (forbidden_by_the_problem, no_reading, "drafted message"),
        (ties_at_the_line, no_line, "below the line"),
        (rental_under_limits, no_limits, "one outcome"),
        (rental_by_the_clock, no_deadline, "past deadline"),
        (rental_under_limits, no_memory, "state tampering"),
        (forbidden_by_the_problem, no_discretion, "injection"),
        (rental_under_limits, no_questions, "false choice"),
    ],
)
def test_a_broken_anchor_is_found_out(monkeypatch, make, change, found):
    assert found in failed(monkeypatch, make, change, found)


def test_redteam_on_the_command_line(tmp_path, monkeypatch):
    (tmp_path / "limits.json").write_text('{"floor": 2}')
    problem = tmp_path / "pie.json"
    bg.save(one_choice([(0, 9), (3, 5), (5, 1)]), problem)
    arguments = ["redteam", str(problem), "--party", "p0", "--deadline", "5",
                 "--limits", str(tmp_path / "limits.json")]  # fmt: skip
    held = CliRunner().invoke(app, arguments)
    assert (held.exit_code, held.stdout.count("held")) == (0, len(ATTACKS))
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert [each["name"] for each in told] == NAMES
    no_deadline(monkeypatch)
    broken = CliRunner().invoke(app, arguments)
    assert broken.exit_code == 1
    assert "FAILED" in broken.stdout
    assert "past deadline: " in broken.stdout
