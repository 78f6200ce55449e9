"""What a model of the other side is, and what the library's own have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from bargain.errors import InvalidArgumentError
from bargain.model.space import OutcomeSpace
from bargain.play.models.estimate import Estimate, read_offers


@runtime_checkable
class OpponentModel(Protocol):
    """Anything that estimates a utility from offers. Write your own with this one method."""

    def estimate(
        self, space: OutcomeSpace, offers: Iterable[Any], *, times: ArrayLike | None = None
    ) -> Estimate:
        """Return an estimate of what outcomes are worth to who made these offers.

        Parameters
        ----------
        space : OutcomeSpace
            Finite.
        offers : iterable of outcomes or rows
            The other side's offers, in order; policies and `score_model` give rows.
        times : array_like of float, shape (n_offers,), optional
            Relative time of each offer, in [0, 1].
        """
        ...


class LearningModel(ABC):
    """A model that learns offer by offer. The model is never changed: what it knows is passed on.

    `estimate` is `read(space, known)`, with `known` what `learned` has made of `start(space)` and
    each offer in turn. Nothing of a space is enumerated but the values of each issue.
    """

    @abstractmethod
    def start(self, space: OutcomeSpace) -> Any:
        """Return what is known before the first offer."""

    @abstractmethod
    def learned(self, known: Any, positions: Sequence[int], time: float) -> Any:
        """Return what is known after one more offer; `known` itself stays as it is.

        Parameters
        ----------
        known
            What `start` or `learned` returned.
        positions : sequence of int, shape (n_issues,)
            Position of the value of each issue in the offer.
        time : float
            Relative time of the offer, in [0, 1].
        """

    @abstractmethod
    def read(self, space: OutcomeSpace, known: Any) -> Estimate:
        """Return the estimate that follows from what is known."""

    def estimate(
        self, space: OutcomeSpace, offers: Iterable[Any], *, times: ArrayLike | None = None
    ) -> Estimate:
        """Return an estimate of what outcomes are worth to who made these offers.

        Parameters
        ----------
        space : OutcomeSpace
            Finite, of any size.
        offers : iterable of outcomes, rows or offers
            The other side's offers, in order: mappings, sequences of values, row numbers, or
            instances of `Offer`, all of one party.
        times : array_like of float, shape (n_offers,), optional
            Relative time of each offer, in [0, 1]; by default what an `Offer` says (`at`), 0 for
            others. Only the windowed model looks at it.

        Raises
        ------
        UnsupportedProblemError
            If an issue is continuous.
        TooLargeError
            If an issue has more than `MOST_VALUES` values.
        InvalidArgumentError, InvalidOutcomeError
            Naming the offer or the time that is wrong.
        """
        seen, moments = read_offers(space, offers, times)
        known = self.start(space)
        for positions, time in zip(seen.tolist(), moments, strict=True):
            known = self.learned(known, positions, time)
        return self.read(space, known)


def estimated(
    model: OpponentModel, space: OutcomeSpace, rows: list[int], times: list[float]
) -> Estimate:
    """Return what a model of any kind makes of these offers, or raise unless it is an estimate.

    The model gets copies, which it may keep or change.
    """
    given = model.estimate(space, list(rows), times=np.array(times, dtype=np.float64))
    if not isinstance(given, Estimate):
        raise InvalidArgumentError.at("what an opponent model returns", "an Estimate", given)
    if given.space != space:
        raise InvalidArgumentError.at(
            "what an opponent model returns", "an Estimate on the space it was given", given.space
        )
    return given


def is_model(given: Any) -> bool:
    """Whether something is a model of the other side, and not the class of one."""
    return not isinstance(given, type) and isinstance(given, OpponentModel)


def check_model(where: str, given: Any) -> None:
    """Raise unless it is a model of the other side."""
    if not is_model(given):
        raise InvalidArgumentError.at(where, "an opponent model such as FrequencyModel()", given)
