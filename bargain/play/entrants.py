"""Who enters a tournament: problems and policies by name, and who meets whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import perm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    InfeasibleProblemError,
    InvalidArgumentError,
    TooLargeError,
    UnsupportedProblemError,
)
from bargain.model.problem import ENUMERATION_LIMIT, BargainingProblem
from bargain.play.labels import label
from bargain.play.listed import listable, must_list
from bargain.play.presets import as_policy
from bargain.solve.agreeable import agreeable_rows
from bargain.solve.structure import is_enumerable, is_separable


def named_problems(given: Any) -> dict[str, BargainingProblem]:
    """Return problems by name, each of which can be played.

    Parameters
    ----------
    given : problem, sequence or mapping from name
        Problems, or what `load` takes: packaged names and paths.

    Raises
    ------
    InvalidArgumentError
        If there is none, or two of a name.
    UnsupportedProblemError, TooLargeError, InfeasibleProblemError
        Naming the problem that cannot be played.
    """
    if isinstance(given, BargainingProblem | str):
        given = [given]
    expected = "a problem, a sequence of problems or a mapping from name to problem"
    found: dict[str, BargainingProblem] = {}
    for i, (name, problem) in enumerate(_pairs("problems", given, expected)):
        where = f"problems[{i}]" if name is None else f"problems[{name!r}]"
        if isinstance(problem, str):
            from bargain.files.load import load

            problem = load(problem)
        if not isinstance(problem, BargainingProblem):
            raise InvalidArgumentError.at(where, "a problem", problem)
        if name is None:
            name = problem.name or f"problem {i + 1}"
        if name in found:
            raise InvalidArgumentError.at(
                where, "a name of its own (a mapping can give it one)", name
            )
        check_playable(f"problems[{i}] ({name})", problem)
        found[name] = problem
    return found


def check_playable(where: str, problem: BargainingProblem) -> None:
    """Refuse a problem over which nothing can be played, naming it.

    Raises
    ------
    UnsupportedProblemError, TooLargeError, InfeasibleProblemError
    """
    if not problem.space.is_finite:
        raise UnsupportedProblemError.at(
            where, "a finite outcome space (use bargain.discretized(problem, points=...))", problem
        )
    if not is_enumerable(problem):
        if is_separable(problem):
            return
        limit = ENUMERATION_LIMIT // problem.n_parties
        raise TooLargeError.at(
            where,
            f"at most {limit} outcomes, or additive utilities without constraints or ceilings",
            problem.space.size,
        )
    try:
        agreeable_rows(problem)
    except InfeasibleProblemError as error:
        raise InfeasibleProblemError(f"{where}: {error}") from error


def check_listable(problems: Mapping[str, BargainingProblem], policies: Iterable[Any]) -> None:
    """Refuse policies that cannot play over one of the problems because it is too large.

    Raises
    ------
    UnsupportedProblemError
        Naming the problem and the policy.
    """
    for name, problem in problems.items():
        if must_list(problem):
            try:
                listable(policies)
            except UnsupportedProblemError as error:
                raise UnsupportedProblemError(f"problems[{name!r}]: {error}") from error


def named_policies(where: str, given: Any) -> dict[str, Any]:
    """Return policies by name, given as names, policies or a mapping from name.

    Raises
    ------
    InvalidArgumentError
        If there is none, one is something else, or two have the same name.
    """
    expected = "a sequence of policies or their names, or a mapping from name to policy"
    found: dict[str, Any] = {}
    for i, (name, policy) in enumerate(_pairs(where, given, expected)):
        place = f"{where}[{i}]" if name is None else f"{where}[{name!r}]"
        chosen = as_policy(place, policy)
        if name is None:
            name = policy if isinstance(policy, str) else label(policy)
        if name in found:
            raise InvalidArgumentError.at(
                place, "a name of its own (a mapping can give it one)", name
            )
        found[name] = chosen
    return found


def _pairs(where: str, given: Any, expected: str) -> list[tuple[str | None, Any]]:
    """Return names, None where none is given, and what has them."""
    pairs: list[tuple[str | None, Any]]
    if isinstance(given, Mapping):
        for name in given:
            if not isinstance(name, str) or not name:
                raise InvalidArgumentError.at(where, "names that are text", name)
        pairs = list(given.items())
    elif isinstance(given, Sequence) and not isinstance(given, str | bytes):
        pairs = [(None, one) for one in given]
    else:
        raise InvalidArgumentError.at(where, expected, given)
    if not pairs:
        raise InvalidArgumentError.at(where, expected, given)
    return pairs


def draws(policy: Any) -> bool:
    """Whether a policy may play differently another time.

    Policies of the library say so themselves (`LibraryPolicy.draws`), and your own may, by an
    attribute `draws`. One that doesn't is taken to draw if it looks at the other side.
    """
    says = getattr(policy, "draws", None)
    return says if isinstance(says, bool) else hasattr(policy, "act")


def count_meetings(n_policies: int, n_pool: int, n_parties: int, *, self_play: bool) -> int:
    """Return how many meetings `meetings` would list, without listing them."""
    if n_pool:
        return n_parties * n_policies * int(n_pool ** (n_parties - 1))
    return int(n_policies**n_parties) if self_play else perm(n_policies, n_parties)


def meetings(n_policies: int, n_pool: int, n_parties: int, *, self_play: bool) -> NDArray[np.int64]:
    """Return who sits where, shape (n_meetings, n_parties).

    A round robin has every way to fill the seats, the last seat varying fastest; without self-play
    only those in which nobody sits twice. Against a pool (players n_policies, n_policies + 1, ...)
    each policy takes each seat in turn, and members of the pool fill the others in every way.
    """
    if n_pool:
        pool = range(n_policies, n_policies + n_pool)
        ways = [
            (*others[:seat], policy, *others[seat:])
            for seat in range(n_parties)
            for policy in range(n_policies)
            for others in product(pool, repeat=n_parties - 1)
        ]
    else:
        ways = [
            seats
            for seats in product(range(n_policies), repeat=n_parties)
            if self_play or len(set(seats)) == n_parties
        ]
    return np.array(ways, dtype=np.int64).reshape(-1, n_parties)
