"""Problems to and from NegMAS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.adapters.negmas.needed import negmas
from bargain.errors import (
    InvalidArgumentError,
    InvalidProblemError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.model import AdditiveUtility, BargainingProblem, Issue, OutcomeSpace, Party
from bargain.model.forms import Form
from bargain.model.issues import Value
from bargain.model.numbers import finite_number

MOST_OUTCOMES = 1_000_000
"""Most outcomes that are translated one by one."""


@dataclass(frozen=True, eq=False)
class ListedUtility:
    """What every outcome of a finite space is worth, one by one.

    Attributes
    ----------
    worths : ndarray, shape (n_outcomes,)
        By row, finite.
    """

    worths: NDArray[np.float64]

    def check(self, space: OutcomeSpace) -> None:
        if self.worths.shape != (len(space),):
            raise InvalidProblemError.at("worths", f"shape ({len(space)},)", self.worths.shape)
        if not np.isfinite(self.worths).all():
            raise InvalidProblemError.at("worths", "finite numbers", self.worths)

    def utilities(self, space: OutcomeSpace) -> NDArray[np.float64]:
        return self.worths

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        return float(self.worths[space.row(outcome)])

    def form(self, space: OutcomeSpace) -> Form | None:
        return None


def to_negmas(problem: BargainingProblem, *, additive: bool = False) -> tuple[Any, list[Any]]:
    """Return NegMAS's outcome space and a utility function for each party.

    Outcomes keep their order and utilities are the same to the last bit: they are listed one by
    one (`MappingUtilityFunction`). Reservation values are kept; a disagreement outcome becomes its
    value. What waiting costs is left out: NegMAS's mechanism does not count it.

    Parameters
    ----------
    problem : BargainingProblem
        Finite, up to 10^6 outcomes, without constraints.
    additive : bool
        Make linear additive utility functions instead: its tournaments fail on listed ones.
        Utilities are then the same up to the rounding of a sum.

    Returns
    -------
    outcome_space : negmas.CartesianOutcomeSpace
    ufuns : list of utility functions of NegMAS, in party order

    Raises
    ------
    UnsupportedProblemError
        If an issue is continuous, there are constraints, or `additive` and utilities are not.
    TooLargeError
    """
    space = negmas_space(problem.space)
    if problem.allowed_rows is not None:
        raise UnsupportedProblemError.at("NegMAS", "a problem without constraints", problem)
    if additive:
        return space, _linear_additive(problem, space)
    columns = problem.utilities().T
    reservations = problem.disagreement_point.tolist()
    ufuns = [
        negmas_utility(space, worths, reservation, name)
        for worths, reservation, name in zip(columns, reservations, problem.parties, strict=True)
    ]
    return space, ufuns


def negmas_space(space: OutcomeSpace) -> Any:
    """Return a finite outcome space as NegMAS has it, outcomes in the same order."""
    if not space.is_finite:
        raise UnsupportedProblemError.at(
            "NegMAS", "finite issues (use bargain.discretized(problem, points=...))", space
        )
    if space.size > MOST_OUTCOMES:
        raise TooLargeError.at("NegMAS", f"at most {MOST_OUTCOMES} outcomes", space.size)
    return negmas().make_os([_negmas_issue(issue) for issue in space.issues])


def negmas_utility(
    space: Any, worths: NDArray[np.float64], reservation: float, name: str | None = None
) -> Any:
    """Return utilities by row as a utility function of NegMAS."""
    listed = dict(zip(space.enumerate(), worths.tolist(), strict=True))
    return negmas().MappingUtilityFunction(
        listed, outcome_space=space, reserved_value=reservation, name=name
    )


def _linear_additive(problem: BargainingProblem, space: Any) -> list[Any]:
    """Return additive utilities as NegMAS has them, weights included in the worths."""
    if not problem.is_additive or np.isfinite(problem.ceilings).any():
        raise UnsupportedProblemError.at("additive", "additive utilities without ceilings", problem)
    ufuns = []
    for name, reservation, terms in zip(
        problem.parties, problem.disagreement_point.tolist(), problem.terms, strict=True
    ):
        worths = {
            issue.name: {issue.value(i): worth for i, worth in enumerate(term.worths.tolist())}
            for issue, term in zip(problem.space.issues, terms, strict=True)
        }
        ufuns.append(
            negmas().LinearAdditiveUtilityFunction(
                values=worths,
                weights=dict.fromkeys(worths, 1.0),
                outcome_space=space,
                reserved_value=reservation,
                name=name,
            )
        )
    return ufuns


def from_negmas(
    outcome_space: Any, ufuns: Sequence[Any], *, parties: Sequence[str] | None = None
) -> BargainingProblem:
    """Return a problem of ours from an outcome space and utility functions of NegMAS.

    Linear additive utility functions stay additive: utilities are the same up to the rounding of
    a sum. Others are evaluated outcome by outcome and stay the same to the last bit. A
    reservation value of minus infinity, NegMAS's default, becomes the worst utility.

    Parameters
    ----------
    outcome_space : negmas.OutcomeSpace or sequence of negmas.Issue
        Finite issues whose values are text, numbers or true/false; up to 10^6 outcomes.
    ufuns : sequence of negmas.BaseUtilityFunction
        One a party. Discounts of NegMAS are not translated.
    parties : sequence of str, optional
        Names; by default those of the utility functions.

    Raises
    ------
    UnsupportedProblemError
        If an issue is continuous, or utilities change with time.
    InvalidProblemError
        If a value or utility can't be ours: not text or a number, NaN, infinite.
    TooLargeError
    InvalidArgumentError
        If the number of names is not that of utility functions.
    """
    peer = negmas()
    given = getattr(outcome_space, "issues", outcome_space)
    if not isinstance(given, Iterable):
        raise InvalidArgumentError.at("outcome_space", "an outcome space or issues", given)
    issues = list(given)
    space = OutcomeSpace([_our_issue(issue) for issue in issues])
    if space.size > MOST_OUTCOMES:
        raise TooLargeError.at("NegMAS", f"at most {MOST_OUTCOMES} outcomes", space.size)
    names = [str(ufun.name) for ufun in ufuns] if parties is None else list(parties)
    if len(names) != len(ufuns):
        raise InvalidArgumentError.at("parties", f"{len(ufuns)} names", names)
    profiles = []
    for name, ufun in zip(names, ufuns, strict=True):
        where = f"utility function of {name!r}"
        if not ufun.is_stationary():
            raise UnsupportedProblemError.at(where, "utilities that do not change", ufun)
        utility = (
            _additive(ufun, space)
            if isinstance(ufun, peer.LinearAdditiveUtilityFunction)
            else _listed(where, ufun, space)
        )
        profiles.append(Party(name, utility, _reservation(where, ufun, utility, space)))
    return BargainingProblem(space, profiles)


def _negmas_issue(issue: Issue) -> Any:
    peer = negmas()
    if issue.kind == "integer" and issue.step == 1 and issue.size > 1:
        return peer.make_issue((issue.low, issue.high), issue.name)
    values = [issue.value(i) for i in range(int(issue.size))]
    return peer.CategoricalIssue(values, issue.name)


def _our_issue(issue: Any) -> Issue:
    if not issue.is_discrete():
        raise UnsupportedProblemError.at(
            f"issue {issue.name!r}", "a finite issue (use issue.to_discrete(n))", issue
        )
    values = list(issue.all)
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    if whole and values == list(range(values[0], values[-1] + 1)):
        return Issue.integer(issue.name, values[0], values[-1])
    return Issue.choice(issue.name, values)


def _additive(ufun: Any, space: OutcomeSpace) -> AdditiveUtility:
    worths = {
        issue.name: {
            value: float(function(value))
            for value in (issue.value(i) for i in range(int(issue.size)))
        }
        for issue, function in zip(space.issues, ufun.values, strict=True)
    }
    return AdditiveUtility(worths, dict(zip(space.names, map(float, ufun.weights), strict=True)))


def _listed(where: str, ufun: Any, space: OutcomeSpace) -> ListedUtility:
    worths = [
        finite_number(f"{where}, outcome {i}", float(ufun(tuple(outcome.values()))))
        for i, outcome in enumerate(space)
    ]
    return ListedUtility(np.array(worths))


def _reservation(where: str, ufun: Any, utility: Any, space: OutcomeSpace) -> float:
    value = float(ufun.reserved_value)
    if value == -np.inf:
        return float(utility.utilities(space).min())
    return finite_number(f"{where}: reserved_value", value)
