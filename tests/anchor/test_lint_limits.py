"""Before the talks: what lint finds in the limits of an anchor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.anchor.explain import standing_at
from tests.anchor.test_lint import FINE, problem_of
from tests.problems import additive_problems

RENTAL = bg.load("rental")
BEST = {"rent": 3100, "deposit": 500, "start": "July 1", "length": "1 month"}
LONG = {"length": "2 years"}


def found(problem=RENTAL, party="tenant", **limits):
    report = bg.lint(problem, party=party, limits=bg.Limits(**limits), sensitivity=False)
    of_limits = [each for each in report.findings if each.path.startswith("limits")]
    return {(each.code, each.path): each.message for each in of_limits}


def idle(field):
    return ("limit_without_effect", f"limits.{field}")


@pytest.mark.parametrize(
    ("limits", "code", "path", "says"),
    [
        ({"floor": 9000}, "limit_unreachable", "limits.floor", "at most 3900 to tenant, and 9000"),
        ({"alternative": 9000}, "limit_unreachable", "limits.alternative", "at most 3900"),
        ({"floor": 3500, "allowed": LONG}, "limit_unreachable", "limits.floor",
         "what the limits leave is worth at most 3400"),
        ({"allowed": LONG, "forbidden": [LONG]}, "limits_leave_nothing", "limits", "no outcome"),
        ({"allowed": BEST}, "one_outcome_left", "limits", "that tenant may agree to: rent 3100"),
        ({"allowed": BEST}, "solutions_ruled_out", "limits", "gives 3900 to tenant, not 3100"),
        ({"floor": -5}, *idle("floor"), "-5 is no more than the 0 that tenant has without a deal"),
        ({"floor": 0}, *idle("floor"), "0 is no more than the 0"),
        ({"floor": 1500, "alternative": 1600}, *idle("floor"), "1500 is below the alternative, 16"),
        ({"reservation": 1500, "floor": 1600}, *idle("reservation"), "1500 is below the floor"),
        ({"floor": 1200}, *idle("floor"), "every outcome that is left is worth 1200 or more"),
        ({"allowed": {"rent": [3100, 3300, 3500, 3700, 3900]}}, *idle("allowed"), "no outcome"),
        ({"forbidden": [LONG, {**LONG, "rent": 3900}]}, *idle("forbidden[1]"), "ruled out already"),
        ({"largest_concession": 2600}, *idle("largest_concession"), "no two packages are further"),
        ({"largest_concession": 0}, "concession_too_small", "limits.largest_concession",
         "never take tenant below its best, 3900: the next is worth 3"),
        ({"approval_below": 1600, "floor": 1600}, *idle("approval_below"), "nobody is asked"),
        ({"approval_below": 1200}, *idle("approval_below"), "worth 1200 or more"),
        ({"approval_for": [LONG], "forbidden": [LONG]}, *idle("approval_for[0]"), "of that kind"),
        ({"approval_below": 4000}, "approval_always", "limits", "every outcome"),
        ({"approval_for": [{"rent": 3100}, {"rent": {"at_least": 3300}}]}, "approval_always",
         "limits", "every outcome"),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_place(limits, code, path, says):
    assert says in found(**limits)[code, path]


def test_a_concession_may_stop_on_the_way():
    worths = (0, 1, 9)
    problem = problem_of({"p": worths, "q": (0, 0, 1)}, {"p": worths[::-1], "q": (1, 0, 0)})
    # x has 10, 9, 2, 1 or 0
    text = found(problem, "x", largest_concession=1)
    assert text["concession_too_small", "limits.largest_concession"] == (
        "steps of 1 never take x from its best, 10, below 9: the next is worth 2"
    )
    assert ("concession_too_small", "limits.largest_concession") not in found(
        problem, "x", largest_concession=7
    )


def test_limits_without_fault_have_nothing_to_report():
    assert found() == {}
    assert found(floor=2000, forbidden=[LONG], largest_concession=400, approval_below=2500) == {}


def test_a_floor_that_the_others_cannot_meet_is_an_error():
    # y has 6 or more at (a, a), (a, b) and (b, a), where x has 0, 3 and 2
    problem = problem_of(*FINE, point=(0, 6))
    assert found(problem, "x", floor=9)["no_zone_within_limits", "limits.floor"].endswith(
        "worth 9 to x; 3 is the most"
    )
    assert found(problem, "x", floor=3)["one_outcome_left", "limits"].startswith(
        "one outcome is left that everybody may agree to: p a, q b"
    )
    # what the problem itself lacks is not held against limits
    hopeless = problem_of(*FINE, point=(7, 7))
    assert not any("zone" in code for code, _ in found(hopeless, "x", floor=8))


def test_a_space_too_large_to_list_is_looked_at_by_solving():
    contract = bg.load("supply_contract")
    unreachable = found(contract, "buyer", floor=9000)
    assert list(unreachable) == [("limit_unreachable", "limits.floor")]
    buyer = contract.party_index("buyer")
    best = float(bg.ideal_point(contract)[buyer])
    assert found(contract, "buyer", floor=0.99 * best).keys() <= {("solutions_ruled_out", "limits")}
    # what the buyer could have if nobody else had a say
    above = float(bg.ideal_point(standing_at(contract, np.array([0.0, 0.0]) - 1e3))[buyer])
    assert above > best
    zone = found(contract, "buyer", floor=(best + above) / 2)
    assert list(zone) == [("no_zone_within_limits", "limits.floor")]
    assert list(found(contract, "buyer", floor=-1e6)) == [idle("floor")]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_limits_are_without_effect_exactly_where_nothing_changes_without_them(data):
    problem = data.draw(additive_problems())
    issue = problem.space.issues[0]
    some = st.lists(st.sampled_from(list(issue.values)), min_size=1)
    number = st.one_of(st.none(), st.integers(-6, 12))
    limits = bg.Limits(
        floor=data.draw(number),
        alternative=data.draw(number),
        allowed={issue.name: data.draw(some)},
        forbidden=[{issue.name: data.draw(some)} for _ in range(data.draw(st.integers(0, 2)))],
    )

    def allowed(limits):
        guard = bg.anchor.guard.Guard(problem, 0, limits)
        return [guard.allows(outcome) for outcome in problem.space]

    now = allowed(limits)
    seen = found(problem, 0, **vars_of(limits))
    if not any(now):
        codes = {code for code, _ in seen}
        has_hope = any(
            problem.evaluate(o)[0] >= problem.disagreement_point[0] for o in problem.space
        )
        errors = {"limits_leave_nothing", "limit_unreachable", "no_zone_within_limits"}
        assert bool(codes & errors) == has_hope
        return
    if any(code == "no_zone_within_limits" for code, _ in seen):
        return
    zone = bg.lint(problem, sensitivity=False).codes
    if {"empty_zone", "reservation_unreachable"} & set(zone):
        return
    assert (idle("allowed") in seen) == (allowed(replace(limits, allowed={})) == now)
    for i in range(len(limits.forbidden)):
        rest = [each for k, each in enumerate(limits.forbidden) if k != i]
        assert (idle(f"forbidden[{i}]") in seen) == (
            allowed(replace(limits, forbidden=rest)) == now
        )
    if limits.floor is not None and limits.floor != limits.alternative:
        assert (idle("floor") in seen) == (allowed(replace(limits, floor=None)) == now)


def vars_of(limits):
    return {
        name: getattr(limits, name) for name in ("floor", "alternative", "allowed", "forbidden")
    }


@pytest.mark.parametrize("name", ["one", "two"])
def test_what_lint_calls_unreachable_an_anchor_refuses(name):
    limits = bg.Limits(floor={"one": 3901, "two": 3900}[name])
    report = bg.lint(RENTAL, party="tenant", limits=limits, sensitivity=False)
    if name == "two":
        assert report.ok
        bg.Anchor(RENTAL, party="tenant", policy="linear", deadline=5, limits=limits)
        return
    assert not report.ok
    with pytest.raises(bg.InfeasibleProblemError, match="limits: floor"):
        bg.Anchor(RENTAL, party="tenant", policy="linear", deadline=5, limits=limits)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"limits": bg.Limits()}, "party: expected the party whose limits they are, got None"),
        ({"limits": {"floor": 3}, "party": 0}, "limits: expected Limits"),
        ({"party": "cat"}, "party: expected one of landlord, tenant"),
        ({"limits": bg.Limits(forbidden=[{"rnt": 1}]), "party": 0}, r"limits: forbidden\[0\]: "),
    ],
)
def test_limits_of_nobody_and_of_nothing_are_refused(options, match):
    with pytest.raises(bg.InvalidArgumentError, match=match):
        bg.lint(RENTAL, **options)
