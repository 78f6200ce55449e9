"""The fewest constraints that conflict, against a search of all subsets."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InfeasibleProblemError
from bargain.model import Budget, Forbidden, Implication, Mandatory
from bargain.solve.conflicts import refuse_conflicts, smallest_conflict
from tests.forms import constraints


def problem(issues, rules):
    parties = {"a": bg.AdditiveUtility({}), "b": bg.AdditiveUtility({})}
    return bg.BargainingProblem(issues, parties, constraints=rules)


ISSUES = [bg.Issue.integer("i0", 0, 2), bg.Issue.integer("i1", 0, 3)]


@settings(max_examples=60)
@given(st.lists(constraints(ISSUES), min_size=1, max_size=6))
def test_the_smallest_conflict_is_no_larger_than_any_found_by_trying_all_subsets(rules):
    at_odds = problem(ISSUES, rules)
    found = smallest_conflict(at_odds)

    def can_be_met(subset):
        return any(
            all(rule.holds(at_odds.space, outcome) for rule in subset) for outcome in at_odds.space
        )

    sizes = [
        size
        for size in range(1, len(rules) + 1)
        if any(not can_be_met(subset) for subset in combinations(at_odds.rules, size))
    ]
    assert len(found) == (min(sizes) if sizes else 0)
    if found:
        chosen = [rule for rule in at_odds.rules if any(rule.constraint is c for c in found)]
        assert not can_be_met(chosen)


def test_a_conflict_is_found_among_many_constraints_of_a_huge_space():
    issues = [bg.Issue.integer(f"i{k}", 0, 9) for k in range(40)]
    chain = [Implication({f"i{k}": 9}, {f"i{k + 1}": 9}) for k in range(10)]
    harmless = [Forbidden({f"i{k}": 0, f"i{k + 1}": 0}) for k in range(20, 39)]
    ends = [Mandatory({"i0": 9}), Mandatory({"i3": {"at_most": 5}}), Mandatory({"i10": 0})]
    found = smallest_conflict(problem(issues, [*chain, *harmless, *ends]))
    # i0 = 9 leads to i3 = 9 in three steps; i10 = 0 would take ten
    assert set(found) == {*chain[:3], ends[0], ends[1]}


def test_a_conflict_with_a_continuous_issue_and_a_budget_is_named_in_words():
    issues = [bg.Issue.continuous("price", 80, 120), bg.Issue.integer("units", 1, 10)]
    rules = [
        Mandatory({"price": {"at_least": 100}}),
        Budget({"price": 1, "units": 10}, at_most=150),
        Mandatory({"units": {"at_least": 3}}),
        Mandatory({"units": {"at_least": 6}}),
    ]
    at_odds = problem(issues, rules)
    assert smallest_conflict(at_odds) == (rules[0], rules[1], rules[3])
    with pytest.raises(
        InfeasibleProblemError,
        match=r"these constraints together: price is at least 100; 1 price .* at most 150; units",
    ):
        refuse_conflicts(at_odds)
    assert smallest_conflict(problem(issues, rules[:3])) == ()
    refuse_conflicts(problem(issues, rules[:3]))


def test_one_constraint_that_cannot_be_met_is_named_alone():
    impossible = Budget({"i0": 1, "i1": 1}, at_least=6)
    with pytest.raises(InfeasibleProblemError, match="meets this constraint: 1 i0"):
        refuse_conflicts(problem(ISSUES, [Forbidden({"i0": 1}), impossible]))
