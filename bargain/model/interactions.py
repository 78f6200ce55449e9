"""Worths of two issues together, on top of what each is worth alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError, TooLargeError, shown
from bargain.model.forms import Ceiling, Form, Pair
from bargain.model.issues import Issue, Value
from bargain.model.numbers import finite_number
from bargain.model.outcomes import FrozenMapping
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import LARGEST_UTILITY, VALUES_LIMIT, AdditiveUtility, checked_ceiling


@dataclass(frozen=True)
class Interaction:
    """What the values of two finite issues add together, beside what each adds alone.

    Parameters
    ----------
    first, second : str
        Names of two different issues, choices or whole numbers.
    worths : mapping from (value of first, value of second) to float
        A combination that is not listed adds 0.
    """

    first: str
    second: str
    worths: Mapping[tuple[Value, Value], float]

    def __post_init__(self) -> None:
        for field_, name in (("first", self.first), ("second", self.second)):
            if not isinstance(name, str):
                raise InvalidProblemError.at(field_, "the name of an issue", name)
        if self.first == self.second:
            raise InvalidProblemError.at("second", "another issue than the first", self.second)
        if not isinstance(self.worths, Mapping):
            raise InvalidProblemError.at(
                "worths", "a mapping from pairs of values to worths", self.worths
            )
        worths = {}
        for pair, worth in self.worths.items():
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise InvalidProblemError.at("worths", "pairs of values", pair)
            worths[pair] = finite_number(f"worths[{shown(pair)}]", worth)
        object.__setattr__(self, "worths", FrozenMapping(worths))

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless every listed value is one of its issue's."""
        sizes = 1
        for name in (self.first, self.second):
            if name not in space.names:
                raise InvalidProblemError.at(
                    "interaction", f"only the issues {', '.join(space.names)}", name
                )
            issue = space.issues[space.names.index(name)]
            if not issue.is_finite:
                raise InvalidProblemError.at(
                    f"issue {name!r}", "a finite issue in an interaction", "a continuous one"
                )
            sizes *= int(issue.size)
        if sizes > VALUES_LIMIT:
            raise TooLargeError.at(
                f"interaction of {self.first!r} and {self.second!r}",
                f"at most {VALUES_LIMIT} combinations",
                sizes,
            )
        for pair in self.worths:
            for issue, value in zip(self._issues(space), pair, strict=True):
                if value not in issue:
                    raise InvalidProblemError.at(f"issue {issue.name!r}", issue.describe(), value)

    def table(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return all worths, shape (size of first, size of second)."""
        first, second = self._issues(space)
        table = np.zeros((int(first.size), int(second.size)))
        for (one, other), worth in self.worths.items():
            table[first.index(one), second.index(other)] = worth
        return table

    def pair(self, space: OutcomeSpace) -> Pair:
        """Return the worths by positions of the issues, the one that comes first first."""
        first, second = space.names.index(self.first), space.names.index(self.second)
        table = self.table(space)
        return Pair(first, second, table) if first < second else Pair(second, first, table.T)

    def _issues(self, space: OutcomeSpace) -> tuple[Issue, Issue]:
        first, second = (
            space.issues[space.names.index(name)] for name in (self.first, self.second)
        )
        return first, second


@dataclass(frozen=True)
class InteractionUtility:
    """An additive utility and what pairs of issues add to it.

    u(outcome) = additive utility + sum of what each interaction adds, in their order, cut off at
    `ceiling` if there is one: the two-additive case of generalised additive independence
    (Fishburn 1967, "Interdependence and additivity in multivariate, unidimensional expected
    utility theory", International Economic Review 8).

    Parameters
    ----------
    additive : AdditiveUtility
        Without a ceiling, which would stand below the interactions.
    interactions : iterable of Interaction
        Any number; two of the same issues add up.
    ceiling : float, optional
        Largest utility.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace([bg.Issue.choice(n, ["no", "yes"]) for n in ("parts", "repairs")])
    >>> alone = bg.AdditiveUtility({"parts": {"yes": 2}, "repairs": {"yes": 3}})
    >>> both = bg.Interaction("parts", "repairs", {("yes", "yes"): -1})
    >>> bg.InteractionUtility(alone, [both]).utilities(space)
    array([0., 3., 2., 4.])
    """

    additive: AdditiveUtility
    interactions: tuple[Interaction, ...]
    ceiling: float | None = None

    def __init__(
        self,
        additive: AdditiveUtility,
        interactions: Iterable[Interaction],
        *,
        ceiling: float | None = None,
    ) -> None:
        if not isinstance(additive, AdditiveUtility):
            raise InvalidProblemError.at("additive", "an AdditiveUtility", additive)
        if additive.ceiling is not None:
            raise InvalidProblemError.at(
                "additive", "no ceiling below the interactions", additive.ceiling
            )
        if not isinstance(interactions, Iterable):
            raise InvalidProblemError.at("interactions", "some Interaction", interactions)
        interactions = tuple(interactions)
        for i, each in enumerate(interactions):
            if not isinstance(each, Interaction):
                raise InvalidProblemError.at(f"interactions[{i}]", "an Interaction", each)
        ceiling = checked_ceiling(ceiling)
        object.__setattr__(self, "additive", additive)
        object.__setattr__(self, "interactions", interactions)
        object.__setattr__(self, "ceiling", ceiling)

    def check(self, space: OutcomeSpace) -> None:
        """Raise InvalidProblemError unless the utility fits the space."""
        self.additive.check(space)
        for interaction in self.interactions:
            interaction.check(space)
        largest = sum(float(np.abs(term.worths).max()) for term in self.additive.terms(space))
        for interaction in self.interactions:
            largest += max((abs(worth) for worth in interaction.worths.values()), default=0.0)
        if not largest <= LARGEST_UTILITY:
            raise InvalidProblemError.at(
                "interactions", f"utilities up to {LARGEST_UTILITY:g}", largest
            )

    def form(self, space: OutcomeSpace) -> Form:
        """Return the terms, the pairs and the ceiling."""
        shapes = () if self.ceiling is None else (Ceiling(self.ceiling),)
        pairs = tuple(interaction.pair(space) for interaction in self.interactions)
        return Form(self.additive.terms(space), pairs=pairs, shapes=shapes)

    def utilities(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return the utility of every outcome of a finite space, shape (n_outcomes,)."""
        total = self.additive.utilities(space)
        sizes = [int(size) for size in space.sizes]
        for interaction in self.interactions:
            pair = interaction.pair(space)
            first, second = pair.first, pair.second
            before, between = int(np.prod(sizes[:first])), int(np.prod(sizes[first + 1 : second]))
            blocks = total.reshape(before, sizes[first], between, sizes[second], -1)
            total = (blocks + pair.worths[None, :, None, :, None]).ravel()
        return total if self.ceiling is None else np.minimum(total, self.ceiling)

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        """Return the utility of one outcome that is known to be in the space."""
        total = self.additive.evaluate(space, outcome)
        for interaction in self.interactions:
            values = outcome[interaction.first], outcome[interaction.second]
            total += interaction.worths.get(values, 0.0)
        return total if self.ceiling is None else min(total, self.ceiling)
