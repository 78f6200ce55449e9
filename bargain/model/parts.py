"""The parts of a problem, each checked against its outcome space."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bargain.errors import (
    InvalidOutcomeError,
    InvalidProblemError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.model.constraints import Constraint
from bargain.model.party import Party
from bargain.model.space import OutcomeSpace


def listed_parties(given: Any) -> list[Party]:
    """Return parties given as a mapping from name to utility function, or as themselves.

    Raises
    ------
    InvalidProblemError
        If it is neither, two have one name, or there are fewer than two.
    """
    if isinstance(given, Mapping):
        parties = [Party(name, utility) for name, utility in given.items()]
    elif isinstance(given, Iterable):
        parties = list(given)
    else:
        raise InvalidProblemError.at("parties", "a mapping or a sequence of parties", given)
    for i, party in enumerate(parties):
        if not isinstance(party, Party):
            raise InvalidProblemError.at(f"parties[{i}]", "a Party", party)
        if party.name in [earlier.name for earlier in parties[:i]]:
            raise InvalidProblemError.at(f"parties[{i}].name", "a new name", party.name)
    if len(parties) < 2:
        raise InvalidProblemError.at("parties", "at least two parties", len(parties))
    return parties


def fitted_parties(parties: list[Party], space: OutcomeSpace) -> list[Party]:
    """Return the parties with disagreement outcomes of the space.

    Raises
    ------
    InvalidProblemError
        If a utility function or a disagreement outcome is not one on the space.
    UnsupportedProblemError, TooLargeError
        As the utility functions raise them.
    """
    fitted = []
    for i, party in enumerate(parties):
        where = f"parties[{i}] ({party.name})"
        _checked(f"{where}.utility", party.utility.check, space)
        if party.disagreement is not None:
            outcome = _checked(f"{where}.disagreement", space.validate, party.disagreement)
            party = replace(party, disagreement=outcome)
        fitted.append(party)
    return fitted


def fitted_constraints(given: Any, space: OutcomeSpace) -> tuple[Constraint, ...]:
    """Return the constraints, all of them on the space.

    Raises
    ------
    InvalidProblemError
        If something is no constraint, or speaks of what is not in the space.
    UnsupportedProblemError, TooLargeError
        As the constraints raise them.
    """
    if not isinstance(given, Iterable):
        raise InvalidProblemError.at("constraints", "a sequence of constraints", given)
    constraints = tuple(given)
    for i, constraint in enumerate(constraints):
        if not isinstance(constraint, Constraint):
            raise InvalidProblemError.at(
                f"constraints[{i}]", "Mandatory, Forbidden, Implication or Budget", constraint
            )
        _checked(f"constraints[{i}] ({constraint})", constraint.check, space)
    return constraints


def _checked(where: str, check: Any, argument: Any) -> Any:
    try:
        return check(argument)
    except (UnsupportedProblemError, TooLargeError) as error:
        raise type(error)(f"{where}: {error}") from error
    except (InvalidProblemError, InvalidOutcomeError) as error:
        raise InvalidProblemError(f"{where}: {error}") from error
