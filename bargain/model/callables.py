"""Utilities that are any function of an outcome's values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidProblemError, TooLargeError, UnsupportedProblemError, shown
from bargain.model.issues import Issue, Value
from bargain.model.numbers import is_number
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import LARGEST_UTILITY, VALUES_LIMIT

SPACES_KEPT = 4
"""Spaces for which what a function says is kept: those of a problem and what is made of it."""


@dataclass(frozen=True, eq=False)
class CallableUtility:
    """What a function of your own says, on spaces that can be enumerated.

    It is called once a space, with everything in it, and what it returns is kept (for the last few
    spaces); so a single outcome is worth to the last bit what its row is. It shows no arithmetic:
    solvers that don't look at every outcome refuse it by name, and so do files.

    Parameters
    ----------
    function : callable
        Called with one array of values per issue, in issue order, each of shape (n_outcomes,):
        numbers as an array of numbers, text as an array of text, truth values as an array of them,
        a mix of these as objects. Returns finite numbers, shape (n_outcomes,). It must be a
        function in the mathematical sense: the same every time. What it raises, and what it
        returns instead, is reported when a problem is made of it, with the name of the party.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace([bg.Issue.integer("lots", 0, 2), bg.Issue.integer("price", 1, 2)])
    >>> bg.CallableUtility(lambda lots, price: lots * price).utilities(space)
    array([0., 0., 1., 2., 2., 4.])
    """

    function: Callable[..., Any]
    # what was said of the last few spaces; it goes when the utility goes
    _said: tuple[tuple[OutcomeSpace, NDArray[np.float64]], ...] = field(
        default=(), init=False, repr=False
    )

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise InvalidProblemError.at("function", "something to call", self.function)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the function, not what it said: arrays would come back writable."""
        return {"function": self.function, "_said": ()}

    def check(self, space: OutcomeSpace) -> None:
        """Raise unless the space can be enumerated and the function answers as it should.

        Raises
        ------
        UnsupportedProblemError
            If an issue is continuous.
        TooLargeError
            If the space has more outcomes than `VALUES_LIMIT`.
        InvalidProblemError
            If the answer is not one finite number an outcome, or the function raises: what it
            raised is the cause.
        """
        self._worths(space)

    def form(self, space: OutcomeSpace) -> None:
        """Return None: there is no arithmetic to show."""
        return

    def utilities(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return the utility of every outcome of a finite space, shape (n_outcomes,)."""
        return self._worths(space)

    def evaluate(self, space: OutcomeSpace, outcome: Mapping[str, Value]) -> float:
        """Return the utility of one outcome that is known to be in the space."""
        return float(self._worths(space)[space.row(outcome)])

    def _worths(self, space: OutcomeSpace) -> NDArray[np.float64]:
        """Return what the function says of a space, from what is kept if that has it."""
        # by identity: spaces of 1 and of True are equal, and a function can tell them apart
        for known, worths in self._said:
            if known is space:
                return worths
        worths = _answer(self.function, space)
        # replaced whole, so that another thread sees what was kept before or what is kept now
        object.__setattr__(self, "_said", ((space, worths), *self._said[: SPACES_KEPT - 1]))
        return worths


def _answer(function: Callable[..., Any], space: OutcomeSpace) -> NDArray[np.float64]:
    """Call the function with all outcomes of a space, and check what it returns."""
    where = f"function {getattr(function, '__name__', shown(function))}"
    if not space.is_finite:
        raise UnsupportedProblemError.at(
            where, "a finite space (see discretized())", "a continuous issue"
        )
    if space.size > VALUES_LIMIT:
        raise TooLargeError.at(where, f"at most {VALUES_LIMIT} outcomes", space.size)
    size, after, columns = int(space.size), int(space.size), []
    for issue in space.issues:
        after //= int(issue.size)
        columns.append(_values(issue)[np.arange(size) // after % int(issue.size)])
    expected = f"an array of shape ({size},), one number an outcome"
    try:
        answer = np.asarray(function(*columns))
    except Exception as error:
        said = _line(f"{type(error).__name__}: {error}", 200)
        names = _line(", ".join(space.names), 80)
        raise InvalidProblemError(
            f"{where}: expected {expected}, got {said} "
            f"(it is called once, with an array of values an issue: {names})"
        ) from error
    if answer.shape != (size,):
        raise InvalidProblemError.at(where, expected, answer.shape)
    if answer.dtype.kind not in "iuf":
        raise InvalidProblemError.at(where, "an array of numbers", answer.dtype)
    worths = answer.astype(np.float64)
    wrong = ~(np.abs(worths) <= LARGEST_UTILITY)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InvalidProblemError.at(
            f"{where} at {shown(dict(space.outcome(row)))}",
            f"a finite number up to {LARGEST_UTILITY:g}",
            float(worths[row]),
        )
    worths.setflags(write=False)
    return worths


def _line(text: str, limit: int) -> str:
    """Return a text in one line that is not too long."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _values(issue: Issue) -> NDArray[Any]:
    """Return the values of a finite issue in an array of their kind."""
    values = [issue.value(i) for i in range(int(issue.size))]
    kinds = {"number" if is_number(value) else type(value).__name__ for value in values}
    return np.array(values) if len(kinds) == 1 else np.array(values, dtype=object)
