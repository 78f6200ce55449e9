"""Before the talks: what lint finds in a problem."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings

import bargain as bg
from tests.problems import additive_problems, constrained_problems


def problem_of(first, second, point=(0, 0), constraints=(), values=("a", "b", "c")):
    """Return a problem of two choice issues from tables of worths by issue."""
    issues = [bg.Issue.choice(name, list(values)) for name in first]
    parties = {
        name: bg.AdditiveUtility(
            {i: dict(zip(values, worths, strict=True)) for i, worths in table.items()}
        )
        for name, table in (("x", first), ("y", second))
    }
    return bg.BargainingProblem(issues, parties, disagreement_point=point, constraints=constraints)


FINE = ({"p": (0, 2, 4), "q": (0, 3, 5)}, {"p": (5, 3, 0), "q": (4, 2, 0)})


def found(*arguments, **options):
    report = bg.lint(problem_of(*arguments, **options), sensitivity=False)
    return {(finding.code, finding.level, finding.path) for finding in report.findings}


def test_a_problem_without_fault_has_nothing_to_report():
    assert found(*FINE) == set()
    assert str(bg.lint(problem_of(*FINE), sensitivity=False)) == "nothing to report"


@pytest.mark.parametrize(
    ("arguments", "code", "level", "path"),
    [
        ((*FINE, (10, 0)), "reservation_unreachable", "error", "parties[0].reservation_value"),
        ((*FINE, (7, 7)), "empty_zone", "error", "parties"),
        ((*FINE, (0, 9)), "nothing_to_gain", "warning", "parties[0].reservation_value"),
        ((*FINE, (-1, 0)), "reservation_below_everything", "warning",
         "parties[0].reservation_value"),
        (({"p": (1, 1, 1), "q": (2, 2, 2)}, FINE[1]), "indifferent", "warning",
         "parties[0].utility"),
        (({"p": (0, 2, 4), "q": (1, 1, 1)}, {"p": (5, 3, 0), "q": (2, 2, 2)}), "ignored_issue",
         "warning", "issues[1]"),
        (({"p": (0, 2, 4), "q": (1, 1, 1)}, FINE[1]), "weight_without_effect", "warning",
         "parties[0].utility.additive.q"),
        (({"p": (0, 200, 400), "q": (0, 1, 2)}, FINE[1]), "hardly_matters", "warning",
         "parties[0].utility.additive.q"),
        (({"p": (0, 2, 40), "q": (0, 3, 5), "r": (0, 1, 2)}, {**FINE[1], "r": (2, 1, 0)}),
         "one_issue_decides", "warning", "parties[0].utility.additive.p"),
        (({"p": (0, 2, 4), "q": (0, 3, 5)}, {"p": (5, 3, 0), "q": (4, -1, 0)}),
         "dominated_value", "warning", "issues[1].values[1]"),
        (({"p": (0, 2, 4), "q": (0, 3, 5)}, {"p": (5, 3, 0), "q": (0, 1, 2)}), "no_conflict",
         "info", "issues[1]"),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_place(arguments, code, level, path):
    assert (code, level, path) in found(*arguments)
    assert bg.lint(problem_of(*arguments)).ok == (level != "error")


def test_constraints_that_leave_nothing_are_an_error():
    constraints = [bg.Mandatory({"p": ["a"]}), bg.Forbidden({"p": ["a"]})]
    assert ("infeasible", "error", "constraints") in found(*FINE, constraints=constraints)


def test_an_issue_that_only_a_constraint_is_about_is_not_ignored():
    tables = ({"p": (0, 2, 4), "q": (1, 1, 1)}, {"p": (5, 3, 0), "q": (2, 2, 2)})
    constraints = [bg.Implication({"p": ["c"]}, {"q": ["a"]})]
    codes = {code for code, _, _ in found(*tables, constraints=constraints)}
    assert "ignored_issue" not in codes


@settings(max_examples=40)
@given(additive_problems())
def test_errors_are_reported_exactly_where_there_is_no_zone(problem):
    table, d = problem.utilities(), problem.disagreement_point
    report = bg.lint(problem, sensitivity=False)
    assert report.ok == bool((table >= d).all(axis=1).any())
    unreachable = [i for i in range(2) if not (table[:, i] >= d[i]).any()]
    assert [f.path for f in report.findings if f.code == "reservation_unreachable"] == [
        f"parties[{i}].reservation_value" for i in unreachable
    ]
    json.dumps(report.to_dict(), allow_nan=False)


@settings(max_examples=40)
@given(additive_problems())
def test_dominated_values_are_in_no_efficient_outcome(problem):
    table = problem.utilities()
    efficient = [
        problem.space.outcome(row)
        for row in range(len(table))
        if not ((table >= table[row]).all(axis=1) & (table > table[row]).any(axis=1)).any()
    ]
    for finding in bg.lint(problem, sensitivity=False).findings:
        if finding.code == "dominated_value":
            k, j = (int(part.split("]")[0]) for part in finding.path.split("[")[1:])
            issue = problem.space.issues[k]
            assert all(outcome[issue.name] != issue.value(j) for outcome in efficient)


@settings(max_examples=15)
@given(constrained_problems())
def test_any_problem_can_be_linted(drawn):
    problem, allowed = drawn
    report = bg.lint(problem)
    d = problem.disagreement_point
    zone = (problem.utilities() >= d).all(axis=1) & np.array(allowed)
    assert report.ok == bool(zone.any())
    levels = [finding.level for finding in report.findings]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


def test_sensitivity_is_what_solving_again_gives():
    problem = bg.load("supply_contract")
    report = bg.lint(problem, change=0.2)
    (entry,) = [
        e for e in report.sensitivity
        if e.path == "parties[0].utility.additive.payment.weight" and e.change > 0
    ]  # fmt: skip
    buyer = problem.profiles[0].utility
    changed = bg.AdditiveUtility(buyer.values, {**buyer.weights, "payment": 0.2 * 1.2})
    again = bg.BargainingProblem(
        problem.space,
        [bg.Party("buyer", changed, reservation_value=0.42), problem.profiles[1]],
    )
    before = problem.evaluate(bg.nash_solution(problem).outcome)
    after = problem.evaluate(bg.nash_solution(again).outcome)
    spread = bg.ideal_point(problem) - problem.disagreement_point
    assert entry.moved == pytest.approx(np.abs((after - before) / spread).max())
    moves = [e.moved for e in report.sensitivity]
    assert moves == sorted(moves, reverse=True)


def test_a_solution_that_hangs_on_what_is_believed_is_reported():
    dollar = bg.load("divide_the_dollar")
    codes = bg.lint(dollar, change=0.3).codes
    assert "hangs_on_belief" in codes
    assert "hangs_on_belief" not in bg.lint(dollar, change=0.1).codes


def test_time_for_sensitivity_is_kept_to():
    report = bg.lint(bg.load("supply_contract"), seconds=0)
    assert "sensitivity_not_known" in report.codes
    assert len(report.sensitivity) < 28


def test_a_space_too_large_to_list_is_linted():
    issues = [bg.Issue.choice(f"i{k}", ["a", "b"]) for k in range(60)]
    first = bg.AdditiveUtility({f"i{k}": {"a": 1.0 + k % 7} for k in range(60)})
    second = bg.AdditiveUtility({f"i{k}": {"b": 1.0 + k % 5} for k in range(59)})
    problem = bg.BargainingProblem(issues, {"one": first, "other": second})
    report = bg.lint(problem, sensitivity=False)
    conflicts = [finding.path for finding in report.findings if finding.code == "no_conflict"]
    assert conflicts == ["issues[59]"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"change": 0}, r"change: expected a share in \(0, 1\)"),
        ({"change": 1}, r"change: expected a share in \(0, 1\)"),
        ({"seconds": -1}, "seconds: expected a finite number >= 0"),
    ],
)
def test_what_is_out_of_range_is_refused(options, message):
    with pytest.raises(bg.InvalidArgumentError, match=message):
        bg.lint(problem_of(*FINE), **options)
