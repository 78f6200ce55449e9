"""Convex constraints on continuous issues, met as parties that only have a veto.

A budget sum a_j x_j <= b is what a party with utility -sum a_j x_j and reservation value -b asks
for: an outcome meets the constraint where it is individually rational for this party. So a problem
whose constraints are budgets and ranges is one without constraints over the ranges, among more
parties, of which the last have weight 0; and all that is known of the convex set carries over: its
programs, and the prices that prove an answer, which for a veto are the multiplier of its budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bargain.model import AdditiveUtility, BargainingProblem, Linear, Party
from bargain.model.values import Table
from bargain.solve.claims import BestAnswer
from bargain.solve.narrowed import is_range, narrowed


def with_vetoes(problem: BargainingProblem) -> BargainingProblem | None:
    """Return the problem without constraints, and a party with a veto for each side of each budget.

    For problems of which `structure.is_convex_under_constraints` says yes. The vetoes come last.
    None if a range leaves no value of its issue.
    """
    ranged = narrowed(problem)
    if ranged is None:
        return None
    named = " and ".join(problem.parties)
    vetoes = [
        Party(f"veto {k} of {named}", AdditiveUtility(worths), floor)
        for k, (worths, floor) in enumerate(_vetoes(problem, ranged))
    ]
    return BargainingProblem(ranged.space, [*ranged.profiles, *vetoes])


def _vetoes(
    problem: BargainingProblem, ranged: BargainingProblem
) -> Iterator[tuple[dict[str, Linear | Table], float]]:
    """Yield what each veto counts on each issue, and the least it puts up with."""
    for rule in problem.rules:
        for line in rule.lines:
            if is_range(line):
                continue
            for sign, limit in ((1.0, line.low), (-1.0, -line.high)):
                if np.isfinite(limit):
                    worths: dict[str, Linear | Table] = {}
                    for position, use in line.uses.items():
                        issue, each = ranged.space.issues[position], sign * float(use)
                        ends = issue.values if issue.is_finite else issue.bounds
                        at = [each * float(end) for end in ends]
                        worths[issue.name] = (
                            Table({ends[0]: at[0]}) if issue.is_finite else Linear(*at)
                        )
                    yield worths, limit


def vetoed(claim: BestAnswer) -> BestAnswer | None:
    """Return a claim about a constrained problem as one about the parties and their vetoes.

    For an answer that meets the constraints; None if a range leaves no value of its issue.
    """
    problem = with_vetoes(claim.problem)
    if problem is None:
        return None
    vetoes = problem.n_parties - claim.problem.n_parties
    ((outcome, _),) = claim.lottery
    given = claim.parameters
    return replace(
        claim,
        problem=problem,
        vetoes=vetoes,
        parameters=None if given is None else np.concatenate([given, np.zeros(vetoes)]),
        lotteries=True,
        utilities=problem.evaluate(outcome),
    )
