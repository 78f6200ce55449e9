"""Continuous issues of which constraints leave a part: the same worths over a shorter range.

A range or a mandatory value on one issue needs no program: the issue becomes as short as it says,
and one that is left a single value is a choice of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.model import AdditiveUtility, BargainingProblem, Issue, OutcomeSpace, Party
from bargain.model.curves import Curve
from bargain.model.rules import Line
from bargain.model.utilities import Term

Reals = NDArray[np.float64]


def narrowed(problem: BargainingProblem) -> BargainingProblem | None:
    """Return the problem with ranges as issues and no constraints; None if a range is empty.

    For problems of which `structure.is_convex_under_constraints` says yes, and those that have
    choices of one value besides.
    """
    ends = [(0.0, 0.0) if i.is_finite else i.bounds for i in problem.space.issues]
    low, high = np.array(ends).T
    for rule in problem.rules:
        for (literal,) in rule.clauses:
            low[literal.issue] = max(low[literal.issue], literal.low)
            high[literal.issue] = min(high[literal.issue], literal.high)
        for line in rule.lines:
            if is_range(line):
                ((position, use),) = line.uses.items()
                least, most = sorted((line.low / float(use), line.high / float(use)))
                low[position] = max(low[position], least)
                high[position] = min(high[position], most)
    if (low > high).any():
        return None
    issues = [
        _between(issue, least, most)
        for issue, least, most in zip(
            problem.space.issues, low.tolist(), high.tolist(), strict=True
        )
    ]
    parties = [
        Party(name, NarrowedUtility(terms), least)
        for name, terms, least in zip(
            problem.parties, problem.terms, problem.disagreement_point.tolist(), strict=True
        )
    ]
    return BargainingProblem(OutcomeSpace(issues), parties)


def is_range(line: Line) -> bool:
    """Whether a budget is about one issue only."""
    return len(line.uses) == 1 and all(use != 0.0 for use in line.uses.values())


def _between(issue: Issue, low: float, high: float) -> Issue:
    if issue.is_finite:
        return issue
    if low == high:
        return Issue.choice(issue.name, [low])
    return issue if issue.bounds == (low, high) else Issue.continuous(issue.name, low, high)


class NarrowedUtility(AdditiveUtility):
    """An additive utility without a ceiling, over parts of its issues.

    Parameters
    ----------
    whole : tuple of Term
        What each whole issue contributes; of a choice, its one value.
    """

    whole: tuple[Term, ...]

    def __init__(self, whole: tuple[Term, ...]) -> None:
        super().__init__({})
        object.__setattr__(self, "whole", whole)

    def check(self, space: OutcomeSpace) -> None:
        """Do nothing: the whole was checked."""

    def terms(self, space: OutcomeSpace) -> tuple[Term, ...]:
        """Return what each issue contributes, weight included, in issue order."""
        return tuple(
            _narrowed_term(term, issue)
            for term, issue in zip(self.whole, space.issues, strict=True)
        )


def _narrowed_term(term: Term, issue: Issue) -> Term:
    whole = term.positions
    if whole is None:
        return term
    if issue.is_finite:
        return Term(term.at(np.array(issue.values, dtype=np.float64)))
    low, high = issue.bounds
    if (whole[0], whole[-1]) == (low, high):
        return term
    positions = np.array([low, *whole[(whole > low) & (whole < high)], high])
    if term.curve is None:
        return Term(term.at(positions), positions)
    curve = _Part(term.curve, float(whole[0]), float(whole[-1]), (low, high))
    return Term(term.at(positions), positions, curve, term.weight)


@dataclass(frozen=True)
class _Part:
    """A part of a curve, which goes by the range of the whole."""

    whole: Curve
    low: float
    high: float
    part: tuple[float, float]

    @property
    def is_concave(self) -> bool:
        return self.whole.is_concave

    @property
    def is_straight(self) -> bool:
        return self.whole.is_straight

    def check(self, issue: Issue) -> None:
        self.whole.check(issue)

    def at(self, issue: Issue) -> Reals:
        return self.worth(issue.numbers(), *issue.bounds)

    def worth(self, values: Reals, low: float, high: float) -> Reals:
        return self.whole.worth(values, self.low, self.high)

    def slope(self, value: float, low: float, high: float) -> float:
        return self.whole.slope(value, self.low, self.high)

    def turn(self, low: float, high: float) -> float | None:
        turn = self.whole.turn(self.low, self.high)
        return turn if turn is not None and low < turn < high else None

    def ends(self) -> tuple[float, float]:
        at_low, at_high = self.worth(np.array(self.part), *self.part).tolist()
        return at_low, at_high
