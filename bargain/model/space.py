"""The product of some issues, addressed without ever being enumerated."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    InvalidArgumentError,
    InvalidOutcomeError,
    InvalidProblemError,
    TooLargeError,
    UnsupportedProblemError,
    shown,
)
from bargain.model.issues import Issue, Value
from bargain.model.numbers import whole_number
from bargain.model.outcomes import Outcome

Seed = int | np.random.SeedSequence | np.random.Generator | None


@dataclass(frozen=True)
class OutcomeSpace:
    """The product of some issues: every combination of their values is an outcome.

    In a finite space row i is outcome i, and the last issue varies fastest. Rows are found by
    arithmetic, so a space of 10^40 outcomes costs no more than one of ten.

    Parameters
    ----------
    issues : iterable of Issue
        At least one; names must differ.

    Examples
    --------
    >>> space = OutcomeSpace([Issue.integer("price", 1, 3), Issue.choice("gift", ["no", "yes"])])
    >>> len(space), space.outcome(3), space.row({"price": 2, "gift": "yes"})
    (6, Outcome({'price': 2, 'gift': 'yes'}), 3)
    >>> {"price": 9, "gift": "yes"} in space
    False
    """

    issues: tuple[Issue, ...]

    def __init__(self, issues: Iterable[Issue]) -> None:
        if not isinstance(issues, Iterable):
            raise InvalidProblemError.at("issues", "a sequence of issues", issues)
        issues = tuple(issues)
        if not issues:
            raise InvalidProblemError.at("issues", "at least one issue", issues)
        for position, issue in enumerate(issues):
            if not isinstance(issue, Issue):
                raise InvalidProblemError.at(f"issues[{position}]", "an Issue", issue)
        names = [issue.name for issue in issues]
        for position, name in enumerate(names):
            if name in names[:position]:
                raise InvalidProblemError.at(f"issues[{position}].name", "a new name", name)
        object.__setattr__(self, "issues", issues)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the issues in order."""
        return tuple(issue.name for issue in self.issues)

    @cached_property
    def is_finite(self) -> bool:
        """Whether no issue is continuous."""
        return all(issue.is_finite for issue in self.issues)

    @cached_property
    def sizes(self) -> tuple[int | float, ...]:
        """Number of values of each issue (infinity where continuous)."""
        return tuple(issue.size for issue in self.issues)

    @cached_property
    def size(self) -> int | float:
        """Number of outcomes: an exact int of any magnitude, or infinity."""
        # not the product of all sizes: an int beyond 1e308 times infinity overflows
        return math.prod(self.sizes) if self.is_finite else math.inf

    def __len__(self) -> int:
        """Number of outcomes up to what Python's len() can return; beyond it, see `size`."""
        size = self._finite_size("len()")
        if size > sys.maxsize:
            raise TooLargeError.at("len()", f"at most {sys.maxsize} outcomes (use .size)", size)
        return size

    def __bool__(self) -> bool:
        """Return True: a space is never empty."""
        return True

    def __iter__(self) -> Iterator[Outcome]:
        """Iterate over all outcomes in row order, one at a time."""
        self._finite_size("iteration")
        values = [[issue.value(i) for i in range(int(issue.size))] for issue in self.issues]
        for combination in product(*values):
            yield Outcome(dict(zip(self.names, combination, strict=True)))

    def __contains__(self, outcome: object) -> bool:
        """Whether an outcome gives every issue, and no other, one of its values."""
        try:
            self.validate(outcome)
        except InvalidOutcomeError:
            return False
        return True

    def validate(self, outcome: Any) -> Outcome:
        """Return an outcome in canonical form, or say what is wrong with it.

        Parameters
        ----------
        outcome : mapping from issue names to values, or sequence of values in issue order

        Raises
        ------
        InvalidOutcomeError
            Naming the issue that is missing, unknown or out of range.
        """
        if isinstance(outcome, Mapping):
            unknown = [name for name in outcome if name not in self.names]
            if unknown:
                raise InvalidOutcomeError.at(
                    "outcome", f"only the issues {', '.join(self.names)}", unknown[0]
                )
            missing = [name for name in self.names if name not in outcome]
            if missing:
                raise InvalidOutcomeError.at(
                    "outcome", f"a value for issue {missing[0]!r}", dict(outcome)
                )
            values = [outcome[name] for name in self.names]
        elif _is_sequence(outcome):
            if len(outcome) != len(self.issues):
                raise InvalidOutcomeError.at("outcome", f"{len(self.issues)} values", outcome)
            values = list(outcome)
        else:
            raise InvalidOutcomeError.at("outcome", "a mapping or a sequence of values", outcome)
        pairs = zip(self.issues, values, strict=True)
        return Outcome({issue.name: issue.normalize(value) for issue, value in pairs})

    def row(self, outcome: Any) -> int:
        """Return the row of an outcome in a finite space.

        Raises
        ------
        InvalidOutcomeError
            If the outcome is not in the space.
        UnsupportedProblemError
            If an issue is continuous.
        """
        self._finite_size("row()")
        outcome = self.validate(outcome)
        row = 0
        for issue in self.issues:
            row = row * int(issue.size) + issue.index(outcome[issue.name])
        return row

    def outcome(self, row: int) -> Outcome:
        """Return the outcome at a row, 0 <= row < size, of a finite space."""
        size = self._finite_size("outcome()")
        row = whole_number("row", row, at_least=0, error=InvalidArgumentError)
        if row >= size:
            raise InvalidArgumentError.at("row", f"a row below {shown(size)}", row)
        pairs = zip(self.issues, positions_at(self, row), strict=True)
        return Outcome({issue.name: issue.value(position) for issue, position in pairs})

    def sample(self, count: int, *, seed: Seed = None) -> list[Outcome]:
        """Draw outcomes uniformly and independently, with replacement, from any space.

        Parameters
        ----------
        count : int
            How many, >= 0.
        seed : int, SeedSequence or Generator, optional
            Same seed, same outcomes.
        """
        count = whole_number("count", count, at_least=0, error=InvalidArgumentError)
        generator = generator_from(seed)
        columns = [_draw(issue, count, generator) for issue in self.issues]
        return [
            Outcome(dict(zip(self.names, row, strict=True))) for row in zip(*columns, strict=True)
        ]

    def _finite_size(self, what: str) -> int:
        for issue in self.issues:
            if not issue.is_finite:
                raise UnsupportedProblemError.at(
                    what, "a finite outcome space", f"continuous issue {issue.name!r}"
                )
        return int(self.size)


def _is_sequence(outcome: Any) -> bool:
    if isinstance(outcome, np.ndarray):
        return outcome.ndim > 0
    return isinstance(outcome, Sequence) and not isinstance(outcome, str | bytes)


def _draw(issue: Issue, count: int, generator: np.random.Generator) -> list[Value]:
    if issue.kind == "continuous":
        return [float(x) for x in generator.uniform(*issue.bounds, size=count)]
    return [issue.value(int(i)) for i in generator.integers(int(issue.size), size=count)]


def positions_at(space: OutcomeSpace, row: int) -> list[int]:
    """Return the position of each issue's value at a row of a finite space, in issue order."""
    positions = []
    for issue in reversed(space.issues):
        row, position = divmod(row, int(issue.size))
        positions.append(position)
    return positions[::-1]


def rows_at(space: OutcomeSpace, positions: NDArray[Any]) -> NDArray[Any]:
    """Return the row of each outcome of a finite space, shape (n,).

    Parameters
    ----------
    positions : ndarray of integers, shape (n, n_issues)
        Position of each issue's value.

    Returns
    -------
    ndarray
        Of int64 where the rows of the space fit, else of Python ints.
    """
    fits = space.size <= np.iinfo(np.int64).max
    rows = np.zeros(len(positions), dtype=np.int64 if fits else object)
    for j, issue in enumerate(space.issues):
        rows = rows * int(issue.size) + positions[:, j]
    return rows


def generator_from(seed: Seed) -> np.random.Generator:
    """Return the generator that a seed stands for, or raise."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError.at(
            "seed", "a whole number >= 0, SeedSequence or Generator", seed
        ) from error
