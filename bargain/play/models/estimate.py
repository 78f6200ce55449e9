"""What a model makes of the other side's offers: an additive utility, issue by issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import (
    InvalidArgumentError,
    TooLargeError,
    UnsupportedProblemError,
    shown,
)
from bargain.model.numbers import unit_number
from bargain.model.problem import ENUMERATION_LIMIT
from bargain.model.space import OutcomeSpace, positions_at
from bargain.model.utilities import AdditiveUtility
from bargain.play.offers import Offer, outcome_in, row_given

MOST_VALUES = 100_000
"""Most values of one issue that a model learns about."""

ROUNDING = 1e-9
"""How far weights and worths may be above 1."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimated utility of the other side: the sum over issues of weight times worth.

    It is in [0, 1], to within rounding.

    Parameters
    ----------
    space : OutcomeSpace
        Finite, of any size.
    weights : array_like, shape (n_issues,)
        >= 0, adding up to at most 1, to within 1e-9. Kept as a read-only copy.
    worths : sequence of array_like, one an issue, shape (size of the issue,)
        What each value is worth before the weight, in [0, 1], to within 1e-9. Kept as a tuple of
        read-only copies.

    Raises
    ------
    InvalidArgumentError
        Naming the field that is of another shape, out of range, or not a number.
    UnsupportedProblemError, TooLargeError
        If an issue is continuous, or has more than `MOST_VALUES` values.
    """

    space: OutcomeSpace
    weights: NDArray[np.float64]
    worths: tuple[NDArray[np.float64], ...]

    def __post_init__(self) -> None:
        check_learnable(self.space)
        n = len(self.space.issues)
        weights = _kept("weights", self.weights, n)
        if not weights.sum() <= 1.0 + ROUNDING:
            raise InvalidArgumentError.at("weights", "a sum of at most 1", float(weights.sum()))
        if not isinstance(self.worths, Sequence | np.ndarray) or len(self.worths) != n:
            raise InvalidArgumentError.at("worths", f"{n} arrays, one an issue", self.worths)
        pairs = enumerate(zip(self.worths, self.space.issues, strict=True))
        worths = tuple(_kept(f"worths[{j}]", given, int(issue.size)) for j, (given, issue) in pairs)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "worths", worths)

    @cached_property
    def terms(self) -> tuple[NDArray[np.float64], ...]:
        """What each value of each issue adds, weight included; one array an issue."""
        pairs = zip(self.weights.tolist(), self.worths, strict=True)
        return tuple(weight * worths for weight, worths in pairs)

    @cached_property
    def utility(self) -> AdditiveUtility:
        """The estimate as a utility function, for problems, solvers and policies."""
        names, weights = self.space.names, self.weights.tolist()
        tables = {
            issue.name: {issue.value(k): worth for k, worth in enumerate(worths.tolist())}
            for issue, worths in zip(self.space.issues, self.worths, strict=True)
        }
        return AdditiveUtility(tables, dict(zip(names, weights, strict=True)))

    def at(self, positions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what outcomes are estimated to be worth, shape (n,).

        Parameters
        ----------
        positions : ndarray of int, shape (n, n_issues)
            Position of each issue's value.
        """
        total = np.zeros(len(positions))
        for j, added in enumerate(self.terms):
            total = total + added[positions[:, j]]
        return total

    def utilities(self) -> NDArray[np.float64]:
        """Return what every outcome is estimated to be worth, by row, shape (n_outcomes,).

        Raises
        ------
        TooLargeError
            If there are more than `ENUMERATION_LIMIT` outcomes: `at` and `utility` need no list.
        """
        if self.space.size > ENUMERATION_LIMIT:
            raise TooLargeError.at(
                "utilities()", f"at most {ENUMERATION_LIMIT} outcomes", self.space.size
            )
        total = np.zeros(1)
        for added in self.terms:
            total = np.add.outer(total, added).ravel()
        return total


def _kept(where: str, given: Any, size: int) -> NDArray[np.float64]:
    """Return a read-only copy of numbers in [0, 1], or raise an error that names the place."""
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError.at(where, f"{size} numbers in [0, 1]", given) from None
    if array.shape != (size,):
        raise InvalidArgumentError.at(where, f"shape ({size},)", array.shape)
    # also false where one is not a number
    if not (array.min() >= 0.0 and array.max() <= 1.0 + ROUNDING):
        raise InvalidArgumentError.at(where, "numbers in [0, 1]", given)
    array.setflags(write=False)
    return array


def check_learnable(space: OutcomeSpace) -> None:
    """Raise unless every issue has values that can be counted.

    Raises
    ------
    InvalidArgumentError
        If it is no outcome space.
    UnsupportedProblemError
        If an issue is continuous.
    TooLargeError
        If an issue has more than `MOST_VALUES` values.
    """
    if not isinstance(space, OutcomeSpace):
        raise InvalidArgumentError.at("space", "an OutcomeSpace", space)
    for issue in space.issues:
        if not issue.is_finite:
            raise UnsupportedProblemError.at(
                f"issue {issue.name!r}",
                "a finite issue (use bargain.discretized(problem, points=...))",
                issue.kind,
            )
        if issue.size > MOST_VALUES:
            raise TooLargeError.at(
                f"issue {issue.name!r}", f"at most {MOST_VALUES} values", issue.size
            )


def read_offers(
    space: OutcomeSpace, offers: Iterable[Any], times: ArrayLike | None
) -> tuple[NDArray[np.int64], Sequence[float]]:
    """Return positions of values and relative times of one party's offers.

    Parameters
    ----------
    space : OutcomeSpace
        Finite, of any size: nothing is enumerated.
    offers : iterable of outcomes, rows or offers
        Mappings, sequences of values in issue order, row numbers or instances of `Offer`, in any
        mixture.
    times : array_like of float, shape (n_offers,), or None
        By default what an `Offer` says (`at`), 0 for others.

    Returns
    -------
    positions : ndarray of int64, shape (n_offers, n_issues)
        Position of each issue's value in each offer.
    times : sequence of float

    Raises
    ------
    InvalidArgumentError, InvalidOutcomeError
        Naming the offer that is not in the space or another party's, or the time.
    """
    check_learnable(space)
    if isinstance(offers, str | bytes) or not isinstance(offers, Iterable):
        raise InvalidArgumentError.at("offers", "a sequence of outcomes, rows or offers", offers)
    given = list(offers)
    _check_one_party(given)
    found = [_positions(space, f"offers[{i}]", offer) for i, offer in enumerate(given)]
    positions = np.array(found, dtype=np.int64).reshape(len(found), len(space.issues))
    if times is not None:
        return positions, checked_times(times, len(given))
    return positions, [_moment(f"offers[{i}]", offer) for i, offer in enumerate(given)]


def _check_one_party(offers: list[Any]) -> None:
    """Raise unless offers that say whose they are are one party's: one's own teach nothing."""
    said = [(i, offer.party) for i, offer in enumerate(offers) if isinstance(offer, Offer)]
    for i, party in said:
        if party != said[0][1]:
            expected = f"offers of one party, here {shown(said[0][1])}"
            raise InvalidArgumentError.at(f"offers[{i}]", expected, party)


def _positions(space: OutcomeSpace, where: str, offer: Any) -> list[int]:
    row = row_given(where, offer)
    if row is None:
        outcome = outcome_in(space, where, offer)
        return [issue.index(outcome[issue.name]) for issue in space.issues]
    if row >= space.size:
        raise InvalidArgumentError.at(where, f"a row below {shown(space.size)}", row)
    return positions_at(space, row)


def _moment(where: str, offer: Any) -> float:
    if not isinstance(offer, Offer) or offer.at is None:
        return 0.0
    return unit_number(f"{where}.at", offer.at, error=InvalidArgumentError)


def checked_times(times: ArrayLike, n_offers: int) -> Sequence[float]:
    """Return the relative time of each offer, or raise."""
    try:
        given = np.asarray(times, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError.at("times", f"{n_offers} numbers in [0, 1]", times) from None
    if given.shape != (n_offers,):
        raise InvalidArgumentError.at("times", f"shape ({n_offers},)", given.shape)
    if not ((given >= 0) & (given <= 1)).all():
        raise InvalidArgumentError.at("times", "relative times in [0, 1]", times)
    found: list[float] = given.tolist()
    return found
