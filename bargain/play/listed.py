"""Sessions over spaces too large to lay out: only what the policies will offer is listed.

What a policy offers that does not look at the other side is known beforehand, and so is what
MiCRO offers, but for when. All of it is collected; rows are then places in that list, and play is
the same as over any other space.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import TooLargeError, UnsupportedProblemError
from bargain.model.outcomes import Outcome
from bargain.model.problem import ENUMERATION_LIMIT, BargainingProblem
from bargain.model.space import rows_at
from bargain.play.anything import Anything
from bargain.play.micro import MiCRO
from bargain.play.mixture import Mixture
from bargain.play.models.values import IssueValues
from bargain.play.scripted import Scripted
from bargain.play.sums import Sums, best_positions
from bargain.play.time_based import TimeBased
from bargain.play.view import PartyView, targets_at
from bargain.solve.structure import is_enumerable, is_separable

Positions = NDArray[np.int64]


def views_of(
    problem: BargainingProblem, policies: Sequence[Sequence[Any]], times: NDArray[np.float64]
) -> list[PartyView]:
    """Return what the party in each seat sees of a problem.

    Parameters
    ----------
    problem : BargainingProblem
    policies : sequence of policies, one a seat
        All that sit there in some session.
    times : ndarray, shape (n_rounds,)

    Raises
    ------
    UnsupportedProblemError
        For continuous issues; beyond the enumeration limit, for a policy whose offers cannot be
        listed.
    InfeasibleProblemError
        If no outcome meets the constraints.
    TooLargeError
        Beyond the enumeration limit, unless utilities are additive, without constraints.
    """
    if not must_list(problem):
        return [PartyView.of(problem, seat) for seat in range(problem.n_parties)]
    if not is_separable(problem):
        raise TooLargeError.at(
            "a session",
            f"at most {ENUMERATION_LIMIT // problem.n_parties} outcomes, or additive utilities "
            "without constraints or ceilings",
            problem.space.size,
        )
    return list(_listed(problem, [listable(seat) for seat in policies], times))


def must_list(problem: BargainingProblem) -> bool:
    """Whether a finite problem has too many outcomes to lay out."""
    return problem.space.is_finite and not is_enumerable(problem)


@dataclass(frozen=True, eq=False, kw_only=True)
class ListedView(PartyView):
    """One party's side of the outcomes that are listed, in the order of the space's rows.

    Attributes
    ----------
    values : IssueValues
        Of the outcomes listed.
    in_space : ndarray, shape (n_listed,)
        The row of each in the space: int64 where the rows of the space fit, else Python ints.
    targets : ndarray, shape (n_targets,)
        What the party's policies hold out for, increasing.
    answers : ndarray of int64, shape (n_targets,)
        What to offer then.
    best_rows : ndarray of int64
        The party's best outcomes of the whole space, as many as a session can need.
    """

    values: IssueValues
    in_space: NDArray[Any]
    targets: NDArray[np.float64]
    answers: NDArray[np.int64]
    best_rows: NDArray[np.int64]

    @cached_property
    def issue_values(self) -> IssueValues:
        """The values of the outcomes listed."""
        return self.values

    @cached_property
    def ranking(self) -> NDArray[np.int64]:
        """The party's best outcomes, the best first: as many as a session can need."""
        return self.best_rows

    def rows_at(self, aspirations: ArrayLike) -> NDArray[np.int64]:
        """Return what to offer at each aspiration that the list was made for.

        The row with the smallest own utility found at or above the target: see `sums.Sums`.
        """
        shares = np.asarray(aspirations, dtype=np.float64)
        if not self.has_rational_outcome:
            return np.full(shares.shape, -1, dtype=np.int64)
        asked = targets_at(shares, self.reservation, self.best)
        return np.asarray(self.answers[np.searchsorted(self.targets, asked)])

    def row(self, outcome: Any) -> int:
        """Return the place of an outcome that is listed."""
        return int(np.searchsorted(self.in_space, self._known_space.row(outcome)))

    def outcome(self, row: int) -> Outcome:
        """Return the outcome at a place."""
        return self._known_space.outcome(int(self.in_space[row]))

    def space_rows(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return the rows of the space at some places."""
        return self.in_space[rows]


def _listed(
    problem: BargainingProblem, policies: Sequence[Sequence[Any]], times: NDArray[np.float64]
) -> list[ListedView]:
    ranks = any(isinstance(policy, MiCRO) for seat in policies for policy in seat)
    asked: list[NDArray[np.float64]] = []
    answers: list[Positions] = []
    best: list[Positions] = []
    scripts: list[Positions] = [np.empty((0, len(problem.space.issues)), dtype=np.int64)]
    for seat, here in enumerate(policies):
        best.append(best_positions(_worths(problem, seat), len(times) + 1 if ranks else 1))
        curves = [policy.aspiration(times) for policy in here if isinstance(policy, TimeBased)]
        most = float(_utilities(problem, best[seat][:1])[0, seat])
        reservation = float(problem.disagreement_point[seat])
        shares = np.unique(np.concatenate([np.empty(0), *curves]))
        asked.append(np.unique(targets_at(shares, reservation, most)))
        answers.append(_nearest(problem, seat, asked[seat], best[seat][0], most))
        for policy in here:
            if isinstance(policy, Scripted):
                scripts.append(_scripted(problem, policy))
    positions, rows = _in_order(problem, np.concatenate([*answers, *best, *scripts]))
    utilities = _utilities(problem, positions)
    values = IssueValues.at(problem.space, positions)

    def places(of: Positions) -> NDArray[np.int64]:
        found = np.searchsorted(rows, rows_at(problem.space, of))
        return np.asarray(found, dtype=np.int64)

    views = []
    for seat, party in enumerate(problem.parties):
        own = np.ascontiguousarray(utilities[:, seat])
        order = np.argsort(own, kind="stable").astype(np.int64)
        view = ListedView(
            party=party,
            utilities=own,
            reservation=float(problem.disagreement_point[seat]),
            order=order,
            ascending=own[order],
            space=problem.space,
            values=values,
            in_space=rows,
            targets=asked[seat],
            answers=places(answers[seat]),
            best_rows=places(best[seat]),
        )
        views.append(view)
    return views


def listable(policies: Iterable[Any]) -> list[Any]:
    """Return policies that are no mixtures, or raise where one's offers cannot be listed.

    Who looks at the other side may come to offer any outcome, and what it looks at, such as what
    an outcome is worth to an estimate of the other, is looked up for all of them.

    Raises
    ------
    UnsupportedProblemError
        Naming the policy.
    """
    parts: list[Any] = []
    for policy in policies:
        pure = policy.pure if isinstance(policy, Mixture) else [(policy, 1.0)]
        parts += [part for part, _ in pure]
    for part in parts:
        follows_curve = isinstance(part, TimeBased) and (
            type(part).plan is TimeBased.plan and type(part).offer is TimeBased.offer
        )
        # of `Anything` nothing is ever offered
        if not (follows_curve or isinstance(part, MiCRO | Scripted | Anything)):
            raise UnsupportedProblemError.at(
                "a session over outcomes too many to enumerate",
                "concessions by time alone, scripts, MiCRO or mixtures of these, whose offers are "
                "known beforehand",
                part,
            )
    return parts


def _nearest(
    problem: BargainingProblem,
    seat: int,
    targets: NDArray[np.float64],
    best: Positions,
    most: float,
) -> Positions:
    """Return what to offer at each target, never worth less than the reservation."""
    if not targets.size:
        return np.empty((0, len(problem.space.issues)), dtype=np.int64)
    sums = _sums(problem, seat)
    positions = sums.at_least(targets)
    reservation = float(problem.disagreement_point[seat])
    if targets[0] <= reservation and not sums.is_exact:
        # nothing may be left to agree on but what is worth the reservation to the last bit
        whole = _whole_sums(problem, seat)
        if whole is not None:
            positions[0] = whole.at_least(targets[:1])[0]
    # the best are known beyond the sums that are kept; numbers too small to scale come to nothing
    missed = (positions[:, 0] < 0) | (targets >= most)
    missed |= _utilities(problem, positions)[:, seat] < reservation
    positions[missed] = best
    return positions


@lru_cache(maxsize=8)
def _sums(problem: BargainingProblem, seat: int) -> Sums:
    return Sums.of(_worths(problem, seat))


@lru_cache(maxsize=8)
def _whole_sums(problem: BargainingProblem, seat: int) -> Sums | None:
    return Sums.whole(_worths(problem, seat))


def _worths(problem: BargainingProblem, seat: int) -> list[NDArray[np.float64]]:
    return [term.worths for term in problem.terms[seat]]


def _utilities(problem: BargainingProblem, positions: Positions) -> NDArray[np.float64]:
    """Return what outcomes are worth, as `problem.evaluate` has it, shape (n, n_parties)."""
    total = np.zeros((len(positions), problem.n_parties))
    for seat, terms in enumerate(problem.terms):
        for j, term in enumerate(terms):
            total[:, seat] += term.worths[positions[:, j]]
    return total


def _scripted(problem: BargainingProblem, policy: Scripted) -> Positions:
    outcomes = policy.outcomes_in(problem.space)
    issues = problem.space.issues
    indices = [[issue.index(outcome[issue.name]) for issue in issues] for outcome in outcomes]
    return np.array(indices, dtype=np.int64)


def _in_order(problem: BargainingProblem, positions: Positions) -> tuple[Positions, NDArray[Any]]:
    """Return each outcome once, in the order of rows, and its row in the space."""
    rows, first = np.unique(rows_at(problem.space, positions), return_index=True)
    rows.setflags(write=False)
    return positions[first], rows
