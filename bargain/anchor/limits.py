"""What a principal allows its agent, beside what the problem says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from bargain.errors import InfeasibleProblemError, InvalidArgumentError, InvalidProblemError
from bargain.model import BargainingProblem, Constraint, Forbidden, Mandatory
from bargain.model.numbers import finite_number
from bargain.model.outcomes import FrozenMapping

Conditions = Mapping[str, Any]


@dataclass(frozen=True)
class Limits:
    """How far an anchor may go, and what a person has to approve.

    Utilities are in the party's own units. Conditions are those of constraints: a value, several
    values, or a range {"at_least", "at_most"} of each issue named.

    Parameters
    ----------
    reservation, alternative, floor : float, optional
        The party's reservation value, what its best alternative is worth and what it was told not
        to go below. The largest of them, and of what the problem says it has without an
        agreement, is the line below which nothing is offered or accepted.
    allowed : mapping from issues to conditions
        The concessions that are allowed: nothing outside is offered or accepted.
    forbidden : iterable of mappings from issues to conditions
        Combinations that are never offered or accepted, each as in `Forbidden`.
    largest_concession : float, optional
        The most that one offer of one's own may be worth less than the one before, >= 0. An offer
        of the other side that is worth less than that allows is not accepted either.
    approval_below : float, optional
        What is worth less needs a person's approval, both to offer and to accept.
    approval_for : iterable of mappings from issues to conditions
        Combinations that need a person's approval, whatever they are worth.

    Raises
    ------
    InvalidArgumentError
        Naming the field that is wrong.

    Examples
    --------
    >>> limits = Limits(floor=3100, forbidden=[{"length": "2 years"}], approval_below=3300)
    >>> [str(constraint) for constraint in limits.constraints]
    ['the limit forbidden[0]']
    """

    reservation: float | None = None
    alternative: float | None = None
    floor: float | None = None
    allowed: Conditions = field(default_factory=dict)
    forbidden: tuple[Conditions, ...] = ()
    largest_concession: float | None = None
    approval_below: float | None = None
    approval_for: tuple[Conditions, ...] = ()

    def __post_init__(self) -> None:
        for name in ("reservation", "alternative", "floor", "approval_below"):
            self._keep_number(name)
        self._keep_number("largest_concession", at_least=0.0)
        if not isinstance(self.allowed, Mapping):
            raise InvalidArgumentError.at("limits: allowed", "a mapping by issue", self.allowed)
        object.__setattr__(self, "allowed", FrozenMapping(self.allowed))
        for name in ("forbidden", "approval_for"):
            given = getattr(self, name)
            if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
                expected = "a sequence of mappings by issue"
                raise InvalidArgumentError.at(f"limits: {name}", expected, given)
            listed = list(given)
            for i, conditions in enumerate(listed):
                if not isinstance(conditions, Mapping):
                    where = f"limits: {name}[{i}]"
                    raise InvalidArgumentError.at(where, "a mapping by issue", conditions)
            object.__setattr__(self, name, tuple(FrozenMapping(each) for each in listed))
        # conditions that are none are refused now
        _ = self.constraints, self.approvals

    def _keep_number(self, name: str, at_least: float = float("-inf")) -> None:
        given = getattr(self, name)
        if given is not None:
            where = f"limits: {name}"
            number = finite_number(where, given, at_least=at_least, error=InvalidArgumentError)
            object.__setattr__(self, name, number)

    @classmethod
    def from_dict(cls, data: Any) -> Limits:
        """Return limits from plain values, such as JSON has.

        Raises
        ------
        InvalidArgumentError
            Also for fields that there are not.
        """
        if not isinstance(data, Mapping):
            raise InvalidArgumentError.at("limits", "a mapping of fields", data)
        names = [each.name for each in fields(cls)]
        for name in data:
            if name not in names:
                raise InvalidArgumentError.at("limits", f"only the fields {', '.join(names)}", name)
        return cls(**data)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """What is allowed and forbidden, as constraints of the problem."""
        allowed: tuple[Constraint, ...] = ()
        if self.allowed:
            with _at("allowed"):
                allowed = (Mandatory(self.allowed, name="the limit allowed"),)
        return (*allowed, *self._forbidding("forbidden"))

    @cached_property
    def approvals(self) -> tuple[Constraint, ...]:
        """What needs approval, as constraints that such an outcome breaks."""
        return tuple(self._forbidding("approval_for"))

    def _forbidding(self, field_: str) -> Iterator[Constraint]:
        for i, conditions in enumerate(getattr(self, field_)):
            with _at(f"{field_}[{i}]"):
                if not conditions:
                    raise InvalidProblemError("expected conditions on some issue, got none")
                found = Forbidden(conditions, name=f"the limit {field_}[{i}]")
            yield found

    def check(self, problem: BargainingProblem) -> None:
        """Raise unless what the limits name is in the problem.

        Raises
        ------
        InvalidArgumentError
            Naming the limit, and the issue that there is not, or that has not the value.
        """
        for constraint in (*self.constraints, *self.approvals):
            with _at(constraint.name.removeprefix("the limit ")):
                constraint.check(problem.space)

    def line(self, problem: BargainingProblem, party: int) -> float:
        """Return the least utility a party may offer or accept."""
        given = (self.reservation, self.alternative, self.floor)
        without = float(problem.disagreement_point[party])
        return max([without, *(value for value in given if value is not None)])

    def nothing_left(
        self, problem: BargainingProblem, party: int, best: float
    ) -> InfeasibleProblemError:
        """Return the error that names the limit that is worth more than the best they leave."""
        line, name = self.line(problem, party), problem.parties[party]
        left = f"{float(best)!r}, the most that {name} can get"
        if self.constraints:
            left += " of what the limits leave"
        for field_ in ("floor", "alternative", "reservation"):
            if getattr(self, field_) == line:
                where = f"limits: {field_}"
                return InfeasibleProblemError.at(where, f"at most {left}", line)
        where = "limits: " + " and ".join(n for n in ("allowed", "forbidden") if getattr(self, n))
        expected = f"to leave something worth {line!r} to {name}, what it has without an agreement"
        return InfeasibleProblemError(f"{where}: expected {expected}, got {float(best)!r} at most")


def bound(problem: BargainingProblem, party: int, limits: Limits) -> BargainingProblem:
    """Return the problem as a party under limits sees it: they bind like constraints.

    Raises
    ------
    InvalidArgumentError
        If a limit names no issue or no value of the problem.
    """
    limits.check(problem)
    line = limits.line(problem, party)
    if not limits.constraints and line == problem.disagreement_point[party]:
        return problem
    profiles = list(problem.profiles)
    profiles[party] = replace(profiles[party], reservation_value=line, disagreement=None)
    return BargainingProblem(
        problem.space,
        profiles,
        constraints=(*problem.constraints, *limits.constraints),
        name=problem.name,
        source=problem.source,
    )


@contextmanager
def _at(field_: str) -> Iterator[None]:
    """Say in which limit conditions are wrong."""
    try:
        yield
    except InvalidProblemError as error:
        raise InvalidArgumentError(f"limits: {field_}: {error}") from None
