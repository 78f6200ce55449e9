"""Problems with continuous issues, one combination of choices at a time.

Once the choices are made, constraints leave the continuous issues a convex set or, where they allow
alternatives, a few. What is common to all combinations is one convex set over the continuous
issues alone, with a veto for each budget: the choices only shift what everybody has, and what
budgets have used up. So prices, whichever combination they come from, bound all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bargain.model import (
    BargainingProblem,
    Budget,
    Constraint,
    Issue,
    Mandatory,
    OutcomeSpace,
    Party,
    Value,
)
from bargain.model.rules import Line, Literal, allowed_mask
from bargain.model.utilities import Term
from bargain.solve.corners import CornerSet
from bargain.solve.narrowed import NarrowedUtility
from bargain.solve.vetoes import with_vetoes

Reals = NDArray[np.float64]

ALTERNATIVES = 64
"""Most ways to meet the constraints on continuous issues that are tried for one combination."""


class Choices:
    """The combinations of a problem's choices.

    Parameters
    ----------
    problem : BargainingProblem
        Additive, with concave worths on its continuous issues and no ceilings.

    Attributes
    ----------
    common : BargainingProblem
        The continuous issues alone, as far as constraints always leave them, with a veto for each
        side of each budget.
    allowed : ndarray of bool, shape (n_combinations,)
        Which combinations meet the constraints that are on choices alone.
    offsets : ndarray, shape (n_combinations, n_parties + n_vetoes)
        What the choices are worth to each party, and what they use up of each budget, in its
        veto's counting.
    sizes : ndarray, shape (n_parties + n_vetoes,)
        About the length of each one's range.
    is_common : bool
        Whether combinations differ by their offsets alone.
    """

    def __init__(self, problem: BargainingProblem) -> None:
        self.problem = problem
        issues = problem.space.issues
        self.finite = [at for at, issue in enumerate(issues) if issue.is_finite]
        self.continuous = [at for at, issue in enumerate(issues) if not issue.is_finite]
        self.space = OutcomeSpace([issues[at] for at in self.finite]) if self.finite else None
        self.size = int(self.space.size) if self.space else 1
        self._sort_rules()
        self.common = self._common()
        self._whole = CornerSet(self.common)
        self.offsets = self._offsets()
        self.sizes = self._whole.scale + np.ptp(self.offsets, axis=0)
        self.is_common = not self._clauses and not self._ranges

    def _sort_rules(self) -> None:
        """Tell apart what is about choices alone and what touches continuous issues."""
        places = {at: place for place, at in enumerate(self.finite)}
        alone = []
        self._always: list[Literal] = []
        self._clauses: list[tuple[Literal, ...]] = []
        self._budgets: list[Line] = []
        self._ranges: list[Line] = []
        for rule in self.problem.rules:
            clauses = tuple(c for c in rule.clauses if all(lit.issue in places for lit in c))
            for clause in rule.clauses:
                if len(clause) == 1 and clause[0].issue not in places:
                    self._always.append(clause[0])
                elif clause not in clauses:
                    self._clauses.append(clause)
            lines = []
            for line in rule.lines:
                touched = [at for at in self.continuous if line.uses.get(at, 0.0) != 0.0]
                used = {at: use for at, use in line.uses.items() if at in places or at in touched}
                line = replace(line, uses=used)
                if not touched:
                    lines.append(line)
                elif len(touched) == 1:
                    self._ranges.append(line)
                else:
                    self._budgets.append(line)
            alone.append(replace(rule, clauses=clauses, lines=tuple(lines)).moved(places))
        if self.space is None:
            met = all(line.low <= 0.0 <= line.high for rule in alone for line in rule.lines)
            self.allowed = np.array([met])
        else:
            self.allowed = allowed_mask(alone, self.space)
        self._limits = [_range(self.problem.space.issues[lit.issue], lit) for lit in self._always]
        self.used = [self._sums(line) for line in (*self._ranges, *self._budgets)]

    def _sums(self, line: Line) -> Reals:
        """Return what each combination uses up, shape (n_combinations,)."""
        per_issue = [
            np.asarray(line.uses.get(at, np.zeros(int(self.problem.space.issues[at].size))))
            for at in self.finite
        ]
        return _summed(per_issue)

    def _common(self) -> BargainingProblem:
        budgets = [_budget(line, self.problem, 0.0) for line in self._budgets]
        parties = [
            Party(name, NarrowedUtility(tuple(terms[at] for at in self.continuous)), 0.0)
            for name, terms in zip(self.problem.parties, self.problem.terms, strict=True)
        ]
        space = OutcomeSpace([self.problem.space.issues[at] for at in self.continuous])
        limited: list[Constraint] = [*budgets, *self._limits]
        unlimited: list[Constraint] = [*budgets]
        for constraints in (limited, unlimited):
            among = with_vetoes(BargainingProblem(space, parties, constraints=constraints))
            if among is not None:
                return among
            # limits that leave an issue nothing: what is common then no longer counts
            self.allowed = np.zeros_like(self.allowed)
        return BargainingProblem(space, parties)

    def _offsets(self) -> Reals:
        columns = [
            _summed([terms[at].worths for at in self.finite]) for terms in self.problem.terms
        ]
        for line, used in zip(self._budgets, self.used[len(self._ranges) :], strict=True):
            columns += [sign * used for sign, limit in _sides(line) if np.isfinite(limit)]
        return np.column_stack(columns)

    def demands(self, point: Reals) -> Reals:
        """Return the least that parties and vetoes put up with, from the parties' least."""
        n = self.problem.n_parties
        return np.concatenate([point, self.common.disagreement_point[n:]])

    def bounds(self, prices: Reals, demands: Reals) -> Reals:
        """Return the most that gains can come to at some prices, for each combination.

        Gains are over `demands`; prices, >= 0, are per unit of utility.
        """
        whole = self._whole
        most = whole.bound(prices * whole.scale)
        common = float(prices @ (self.common.disagreement_point - demands))
        total: Reals = most + common + self.offsets @ prices
        return total

    def picks(self, row: int) -> dict[str, Value]:
        """Return the choices of a combination, by issue."""
        return {} if self.space is None else dict(self.space.outcome(row))

    def settled(self, row: int) -> Iterator[BargainingProblem]:
        """Yield the problems that are left of a combination, each convex; parties ask for 0."""
        problem = self.problem
        picks = self.picks(row)
        issues, terms = [], []
        for at, issue in enumerate(problem.space.issues):
            if not issue.is_finite:
                issues.append(issue)
                terms.append([mine[at] for mine in problem.terms])
                continue
            value = picks[issue.name]
            k = issue.index(value)
            issues.append(Issue.choice(issue.name, [value]))
            terms.append([Term(mine[at].worths[k : k + 1]) for mine in problem.terms])
        parties = [
            Party(name, NarrowedUtility(tuple(mine)), 0.0)
            for name, mine in zip(problem.parties, zip(*terms, strict=True), strict=True)
        ]
        space = OutcomeSpace(issues)
        constraints: list[Constraint] = [
            _budget(line, problem, float(used[row]))
            for line, used in zip((*self._ranges, *self._budgets), self.used, strict=True)
        ]
        constraints += self._limits
        for ranges in self._alternatives(picks):
            yield BargainingProblem(space, parties, constraints=[*constraints, *ranges])

    def _alternatives(self, picks: dict[str, Value]) -> Iterator[list[Mandatory]]:
        """Yield the ways to meet the clauses that the choices leave open."""
        issues = self.problem.space.issues
        still_open = []
        for clause in self._clauses:
            there = [lit for lit in clause if lit.allowed is not None]
            if not any(
                lit.holds(issues[lit.issue], picks[issues[lit.issue].name]) for lit in there
            ):
                still_open.append([lit for lit in clause if lit.allowed is None])
        for ways in product(*still_open):
            yield [_range(issues[lit.issue], lit) for lit in ways]

    @property
    def alternatives(self) -> int:
        """The most ways to meet constraints that a combination may leave open."""
        counts = [sum(lit.allowed is None for lit in clause) for clause in self._clauses]
        return int(np.prod(np.array([max(count, 1) for count in counts], dtype=np.float64)))


def _summed(per_issue: list[Reals]) -> Reals:
    total = np.zeros(1)
    for worths in per_issue:
        total = np.add.outer(total, worths).ravel()
    return total


def _sides(line: Line) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the sides of a budget as vetoes count them: see `vetoes`."""
    return (1.0, line.low), (-1.0, -line.high)


def _budget(line: Line, problem: BargainingProblem, used: float) -> Budget:
    """Return what a budget leaves to the continuous issues."""
    issues = problem.space.issues
    return Budget(
        {
            issues[at].name: float(use)
            for at, use in line.uses.items()
            if not issues[at].is_finite and not isinstance(use, np.ndarray)
        },
        at_least=line.low - used if np.isfinite(line.low) else None,
        at_most=line.high - used if np.isfinite(line.high) else None,
    )


def _range(issue: Issue, literal: Literal) -> Mandatory:
    low, high = issue.bounds
    return Mandatory(
        {issue.name: {"at_least": max(low, literal.low), "at_most": min(high, literal.high)}}
    )
