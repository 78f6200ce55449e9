"""Convex constraints on continuous issues, met as parties that only have a veto.

A budget sum a_j x_j <= b is what a party with utility -sum a_j x_j and reservation value -b asks
for: an outcome meets the constraint where it is individually rational for this party. So a problem
whose constraints are budgets and ranges is one without constraints among more parties, of which
the last have weight 0, and all that is known of the convex set carries over: its programs, and the
prices that prove an answer, which for a veto are the multiplier of its constraint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bargain.model import AdditiveUtility, BargainingProblem, Linear, Party
from bargain.solve.claims import BestAnswer


def with_vetoes(problem: BargainingProblem) -> BargainingProblem:
    """Return the problem without constraints, and a party with a veto for each side of each.

    For problems of which `structure.is_convex_under_constraints` says yes. The vetoes come last.
    """
    vetoes = [
        Party(f"veto {k} of {_named(problem)}", AdditiveUtility(lines), floor)
        for k, (lines, floor) in enumerate(_vetoes(problem))
    ]
    return BargainingProblem(problem.space, [*problem.profiles, *vetoes])


def _named(problem: BargainingProblem) -> str:
    return " and ".join(problem.parties)


def _vetoes(problem: BargainingProblem) -> Iterator[tuple[dict[str, Linear], float]]:
    """Yield what each veto counts, as lines over issues, and the least it puts up with."""
    for rule in problem.rules:
        for (literal,) in rule.clauses:
            yield from _sides(problem, {literal.issue: 1.0}, literal.low, literal.high)
        for line in rule.lines:
            uses = {position: float(use) for position, use in line.uses.items()}
            yield from _sides(problem, uses, line.low, line.high)


def _sides(
    problem: BargainingProblem, uses: dict[int, float], low: float, high: float
) -> Iterator[tuple[dict[str, Linear], float]]:
    for sign, limit in ((1.0, low), (-1.0, -high)):
        if np.isfinite(limit):
            issues = [(problem.space.issues[j], sign * use) for j, use in uses.items()]
            lines = {i.name: Linear(u * i.bounds[0], u * i.bounds[1]) for i, u in issues}
            yield lines, limit


def vetoed(claim: BestAnswer) -> BestAnswer:
    """Return a claim about a constrained problem as one about the parties and their vetoes."""
    n = claim.problem.n_parties
    problem = with_vetoes(claim.problem)
    vetoes = problem.n_parties - n
    ((outcome, _),) = claim.lottery
    given = claim.parameters
    return replace(
        claim,
        problem=problem,
        vetoes=vetoes,
        parameters=None if given is None else np.concatenate([given, np.zeros(vetoes)]),
        lotteries=True,
        utilities=np.concatenate([claim.utilities, problem.evaluate(outcome)[n:]]),
    )
