"""Two parties settling choices and continuous issues together, without lotteries.

Utilities are additive, so each combination of choices shifts one and the same chain of the
continuous issues (a walk with arcs, where values are curved). Each combination is looked at with
the exact method for it, but for those that another one beats whatever the continuous issues are:
of random choices all but a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import NoAgreementZoneError, TooLargeError, UnsupportedProblemError
from bargain.model import BargainingProblem, OutcomeSpace
from bargain.model.rules import allowed_mask
from bargain.solve.arc_set import ArcSet
from bargain.solve.arcs import ArcPath
from bargain.solve.certificate import Certificate
from bargain.solve.chain import additive_chain
from bargain.solve.chain_set import ChainSet, has_curves
from bargain.solve.claims import Ideal
from bargain.solve.conflicts import refuse_infeasible
from bargain.solve.solution import Lottery
from bargain.solve.structure import COMBINATION_LIMIT
from bargain.solve.ties import TIE_TOLERANCE, lexicographic_best

CLEARLY = 1e-9
"""Share of what choices are worth by which one combination beats another, not by rounding."""


class MixedSet:
    """The individually rational part of a mixed two-party space, one chain per combination.

    Attributes
    ----------
    members : list of ChainSet or ArcSet
        Of the combinations that no other one beats.
    """

    ideals: tuple[Ideal, ...] = ()

    def __init__(self, problem: BargainingProblem) -> None:
        issues = problem.space.issues
        self.choices = OutcomeSpace([issue for issue in issues if issue.is_finite])
        if self.choices.size > COMBINATION_LIMIT:
            raise TooLargeError.at(
                "choices",
                f"at most {COMBINATION_LIMIT} combinations beside continuous issues "
                "(or lotteries=True)",
                self.choices.size,
            )
        self.problem = problem
        self.allowed = self._allowed()
        if not self.allowed.any():
            refuse_infeasible(problem)
        self.members: list[Any] = list(self._members())
        if not self.members:
            counted = f"{self.choices.size} combinations of choices"
            if not self.allowed.all():
                counted = (
                    f"{self.allowed.sum()} combinations of choices that meet the constraints "
                    f"({self.choices.size} in all)"
                )
            raise NoAgreementZoneError(
                f"no agreement zone: none of {counted} leaves room for both parties' "
                "disagreement utilities"
            )

    def _allowed(self) -> NDArray[np.bool_]:
        """Return which combinations of choices meet the constraints, shape (n_combinations,)."""
        issues = self.problem.space.issues
        finite = [position for position, issue in enumerate(issues) if issue.is_finite]
        places = {position: place for place, position in enumerate(finite)}
        for rule in self.problem.rules:
            if not rule.issues <= places.keys():
                raise UnsupportedProblemError(
                    "choices mixed with continuous issues: expected constraints on choices only, "
                    f"got {rule.constraint} (see discretized())"
                )
        return allowed_mask([rule.moved(places) for rule in self.problem.rules], self.choices)

    def _members(self) -> Iterator[ChainSet | ArcSet]:
        problem, issues = self.problem, self.problem.space.issues
        continuous = [issue for issue in issues if not issue.is_finite]
        member: Callable[..., ChainSet | ArcSet]
        if has_curves(problem):
            path = ArcPath(problem, continuous)
            reach, member = path.reach, partial(ArcSet, problem, path)
        else:
            chain = additive_chain(problem, continuous)
            reach, member = chain.reach, partial(ChainSet, problem, chain)
        limits = problem.ceilings if np.isfinite(problem.ceilings).any() else None
        totals = [np.zeros(1), np.zeros(1)]
        for party, terms in enumerate(problem.terms):
            for issue, term in zip(issues, terms, strict=True):
                if issue.is_finite:
                    totals[party] = np.add.outer(totals[party], term.worths).ravel()
        offsets = np.column_stack(totals)
        reach = reach + offsets
        # sums in another order than evaluate() makes them: the chain itself decides what is enough
        point = problem.disagreement_point
        slack = TIE_TOLERANCE * (np.abs(reach) + np.abs(point))
        rows = np.flatnonzero(self.allowed & (reach >= point - slack).all(axis=1))
        if limits is None:
            rows = rows[undominated(offsets[rows])]
        for row in rows:
            fixed = self.choices.outcome(int(row))
            try:
                yield member(fixed=fixed, offset=offsets[row], ceilings=limits)
            except NoAgreementZoneError:
                continue

    def ideal_gains(self) -> NDArray[np.float64]:
        """Return the largest gain of each party, shape (2,)."""
        ideals = [member.ideal_gains() for member in self.members]
        ideal: NDArray[np.float64] = np.max(ideals, axis=0)
        return ideal

    def best_product(self, weights: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise sum w_i log g_i over all combinations.

        Where the product is 0 everywhere the most parties gain, as in `EnumeratedSet`; parties
        of weight 0 count last.
        """
        positions = [member.product_position(weights)[0] for member in self.members]
        gains = np.array([m.gains_at(p) for m, p in zip(self.members, positions, strict=True)])
        ideal = self.ideal_gains()
        shares = gains / np.where(ideal > 0, ideal, 1.0)
        positive = (gains > 0) & (weights > 0)
        logs = np.where(positive, np.log(np.where(positive, shares, 1.0)), 0.0) @ weights
        rest = shares[:, weights == 0].sum(axis=1)
        values = np.column_stack([positive.sum(axis=1), logs, rest])
        return self._pick(values, lambda member: member.best_product(weights))

    def best_minimum(self, scales: NDArray[np.float64]) -> tuple[Lottery, Certificate]:
        """Maximise the least gain / scale, then the other, over all combinations."""
        divisors = np.where(scales > 0, scales, 1.0)
        rows = []
        for member in self.members:
            gains = member.gains_at(member.minimum_position(scales)) / divisors
            rows.append(np.concatenate([np.sort(gains[scales > 0]), gains[scales <= 0]]))
        return self._pick(np.array(rows), lambda member: member.best_minimum(scales))

    def best_sum(self) -> tuple[Lottery, Certificate]:
        """Maximise the sum of gains over all combinations."""
        values = np.array([[member.largest_sum()] for member in self.members])
        return self._pick(values, lambda member: member.best_sum())

    def _pick(
        self,
        values: NDArray[np.float64],
        answer: Callable[[Any], tuple[Lottery, Certificate]],
    ) -> tuple[Lottery, Certificate]:
        # of those that tie, the lowest row of choices
        best = int(np.flatnonzero(lexicographic_best(values))[0])
        lottery, certificate = answer(self.members[best])
        evidence = {"combinations": self.choices.size, "undominated": len(self.members)}
        return lottery, replace(
            certificate,
            method=f"every combination of choices; {certificate.method}",
            evidence={**certificate.evidence, **evidence},
        )


def undominated(offsets: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the rows that no other row beats, in their order; rows that tie are kept.

    Parameters
    ----------
    offsets : ndarray, shape (n, 2)
        A row is beaten by one that is as much for both and clearly more for one.
    """
    if len(offsets) == 0:
        return np.empty(0, dtype=np.intp)
    first, second = offsets.T
    more = CLEARLY * np.abs(offsets).max(axis=0)
    order = np.argsort(first, kind="stable")
    # the most that the second party has where the first has at least as much
    most = np.append(np.maximum.accumulate(second[order][::-1])[::-1], -np.inf)
    at_least = most[np.searchsorted(first[order], first)]
    above = most[np.searchsorted(first[order], first + more[0])]
    beaten = (at_least > second + more[1]) | ((above >= second) & (more[0] > 0))
    return np.flatnonzero(~beaten)
