"""Alternating offers between policies, one session at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.given import check_problem
from bargain.model.numbers import finite_number
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play.listed import views_of
from bargain.play.mixture import Mixture
from bargain.play.policy import Policy
from bargain.play.presets import as_policy
from bargain.play.seeds import SessionSeed, session_key
from bargain.play.session import Session, checked_deadline, round_times
from bargain.play.table import drawn, played, seated
from bargain.play.turn import Responsive


def alternating_offers(
    problem: BargainingProblem,
    policies: Sequence[Policy | Responsive | Mixture | str]
    | Mapping[str, Policy | Responsive | Mixture | str],
    *,
    deadline: int,
    first: int | str = 0,
    seed: Seed | SessionSeed = None,
    breakdown: float = 0.0,
    times: ArrayLike | None = None,
) -> Session:
    """Let policies negotiate by alternating offers, one a party.

    Parameters
    ----------
    problem : BargainingProblem
        Finite; two parties or more. Beyond the enumeration limit utilities must be additive,
        without constraints or ceilings, and policies concede by time alone, follow scripts or are
        MiCRO: what they offer is found without looking at every outcome (see `play.sums`).
    policies : sequence in party order, or mapping from party name
        Policies, or names as in `policy_from_name`: those of the library, your own with a `plan`
        (`Policy`) or with an `act` that looks at the other side (`Responsive`).
    deadline : int
        Number of rounds, from 0 to 10^6; a round is one offer and the answers to it.
    first : int or str
        Position or name of the party that proposes in round 0. The first who refuses an offer
        makes the next.
    seed : int, SeedSequence, Generator or SessionSeed, optional
        For policies that draw and for breakdowns; those that concede with time don't draw. A
        `SessionSeed` is that of one session of `play_sessions`.
    breakdown : float
        Chance in [0, 1) that the session ends after a round without an agreement.
    times : array_like of float, shape (deadline,), optional
        Relative time of every round as policies see it, in [0, 1], never falling, the last above
        0; by default `round_times`.

    Returns
    -------
    Session
        `bargain.play.session` defines rounds, time and the last word precisely.

    Raises
    ------
    UnsupportedProblemError
        If an issue is continuous (use `bargain.discretized(problem, points=...)`), or a policy
        cannot play over a space too large to enumerate.
    TooLargeError
        If a problem too large to enumerate has constraints, ceilings or utilities of another form.
    InfeasibleProblemError
        If no outcome meets the constraints.
    InvalidArgumentError
        Naming the argument that is wrong.

    Examples
    --------
    >>> from bargain import AdditiveUtility, BargainingProblem, Issue, Linear
    >>> from bargain.play import TimeDependent
    >>> pie = BargainingProblem(
    ...     [Issue.integer("slices", 0, 10)],
    ...     {
    ...         "Ann": AdditiveUtility({"slices": Linear(0, 10)}),
    ...         "Bob": AdditiveUtility({"slices": Linear(10, 0)}),
    ...     },
    ... )
    >>> firm, soft = TimeDependent(beta=0.2), TimeDependent(beta=5)
    >>> print(alternating_offers(pie, (firm, soft), deadline=20))
    Ann | Bob, deadline 20, Ann first
    agreement in round 12 (t = 0.63): slices 9
      Ann  9  (gain 9)
      Bob  1  (gain 1)
    """
    check_problem(problem)
    chosen = _policies(problem, policies)
    deadline = checked_deadline(deadline)
    opener = problem.party_index(first, where="first")
    chance = checked_chance(breakdown)
    schedule = checked_times(times, deadline)
    key = session_key(seed)
    return played_out(problem, chosen, schedule, opener=opener, key=key, breakdown=chance)


def played_out(
    problem: BargainingProblem,
    chosen: tuple[Any, ...],
    schedule: NDArray[np.float64],
    *,
    opener: int,
    key: int,
    breakdown: float,
) -> Session:
    """Play one session of policies that were checked; all draws in it derive from `key`."""
    deadline = len(schedule)
    views = views_of(problem, [[policy] for policy in chosen], schedule)
    players = [seated(policy, i, views[i], schedule, key) for i, policy in enumerate(chosen)]
    course = played(players, views, schedule, first=opener, key=key, breakdown=breakdown)
    listed = np.array(course.rows, dtype=np.int64)
    rows = views[0].space_rows(listed)
    proposers = np.array(course.proposers, dtype=np.int64)
    agreed = course.ended == "agreement"
    utilities = problem.disagreement_point
    if agreed:
        utilities = np.array([view.utilities[listed[-1]] for view in views])
    time = float(schedule[course.round]) if deadline else 1.0
    discounted = problem.delayed(utilities, round=course.round, time=time)
    for array in (rows, proposers, utilities, discounted):
        array.setflags(write=False)
    return Session(
        problem=problem,
        policies=tuple(drawn(policy, seat, key) for seat, policy in enumerate(chosen)),
        deadline=deadline,
        first=problem.parties[opener],
        ended=course.ended,
        left_by=None if course.left_by is None else problem.parties[course.left_by],
        agreement=problem.space.outcome(int(rows[-1])) if agreed else None,
        utilities=utilities,
        discounted_utilities=discounted,
        offer_rows=rows,
        proposers=proposers,
        schedule=schedule,
    )


def checked_chance(breakdown: float) -> float:
    """Return the chance of a breakdown after a round, in [0, 1), or raise."""
    chance = finite_number("breakdown", breakdown, error=InvalidArgumentError)
    if not 0 <= chance < 1:
        raise InvalidArgumentError.at("breakdown", "a chance in [0, 1)", breakdown)
    return chance


def checked_times(times: ArrayLike | None, deadline: int) -> NDArray[np.float64]:
    """Return the relative time of every round, by default `round_times`, or raise."""
    if times is None:
        return round_times(deadline)
    try:
        given = np.array(times, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError.at("times", f"{deadline} numbers", times) from None
    if given.shape != (deadline,):
        raise InvalidArgumentError.at("times", f"shape ({deadline},)", given.shape)
    if not ((given >= 0) & (given <= 1)).all() or (np.diff(given) < 0).any():
        raise InvalidArgumentError.at("times", "times from 0 to 1 that never fall", times)
    if deadline and given[-1] == 0:
        raise InvalidArgumentError.at("times", "a last time above 0, as time must pass", times)
    given.setflags(write=False)
    return given


def _policies(
    problem: BargainingProblem, given: Sequence[Any] | Mapping[str, Any]
) -> tuple[Any, ...]:
    expected = f"one policy each for {', '.join(problem.parties)}"
    if isinstance(given, Mapping):
        if set(given) != set(problem.parties):
            raise InvalidArgumentError.at("policies", expected, list(given))
        return tuple(as_policy(f"policies[{name!r}]", given[name]) for name in problem.parties)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InvalidArgumentError.at("policies", expected, given)
    if len(given) != problem.n_parties:
        raise InvalidArgumentError(f"policies: expected {expected}, got {len(given)}")
    return tuple(as_policy(f"policies[{i}]", policy) for i, policy in enumerate(given))
