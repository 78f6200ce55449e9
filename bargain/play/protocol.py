"""Alternating offers between two policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play.policy import Policy, plan_of
from bargain.play.presets import as_policy
from bargain.play.seeds import seed_sequence
from bargain.play.session import Session, checked_deadline, proposer_in, round_times
from bargain.play.view import PartyView


def alternating_offers(
    problem: BargainingProblem,
    policies: Sequence[Policy | str] | Mapping[str, Policy | str],
    *,
    deadline: int,
    first: int | str = 0,
    seed: Seed = None,
) -> Session:
    """Let two policies negotiate by alternating offers.

    Parameters
    ----------
    problem : BargainingProblem
        Two parties, finite.
    policies : pair in party order, or mapping from party name
        Policies, or names as in `policy_from_name`.
    deadline : int
        Number of rounds, from 0 to 10^6; a round is one offer and its answer.
    first : int or str
        Position or name of the party that proposes in round 0; proposers alternate.
    seed : int, SeedSequence or Generator, optional
        For policies that draw; those that concede with time don't.

    Returns
    -------
    Session
        `bargain.play.session` defines rounds, time and the last word precisely.

    Raises
    ------
    UnsupportedProblemError
        If there are more than two parties or an issue is continuous (use
        `bargain.discretized(problem, points=...)`).
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
    from bargain.kernels.sessions import meeting_round

    chosen = _policies(problem, policies)
    deadline = checked_deadline(deadline)
    opener = problem.party_index(first)
    seed_sequence(seed)

    times = round_times(deadline)
    plans = [plan_of(policy, PartyView.of(problem, i), times) for i, policy in enumerate(chosen)]
    table = problem.utilities()
    # What a side offers, as the other side values it; rows after it has left are never reached.
    worth = [np.ascontiguousarray(table[plan.rows, 1 - i]) for i, plan in enumerate(plans)]
    stays = [deadline if plan.stays is None else plan.stays for plan in plans]
    a, b = opener, 1 - opener
    agreed = int(
        meeting_round(worth[a], plans[a].thresholds, worth[b], plans[b].thresholds, min(stays))
    )

    ended: Literal["agreement", "deadline", "walk_away"]
    left_by: int | None = None
    if agreed >= 0:
        ended, n_offers, spent = "agreement", agreed + 1, agreed
    elif min(stays) < deadline:
        ended, spent = "walk_away", min(stays)
        speaker = proposer_in(spent, first=opener)
        left_by = speaker if stays[speaker] == spent else 1 - speaker
        n_offers = spent + (left_by != speaker)
    else:
        ended, n_offers, spent = "deadline", deadline, max(deadline - 1, 0)
    turns = proposer_in(np.arange(n_offers), first=opener)
    rows = np.where(turns == 0, plans[0].rows[:n_offers], plans[1].rows[:n_offers])
    utilities = table[rows[-1]].copy() if ended == "agreement" else problem.disagreement_point
    time = float(times[spent]) if deadline else 1.0
    discounted = problem.delayed(utilities, round=spent, time=time)
    for array in (rows, utilities, discounted):
        array.setflags(write=False)
    return Session(
        problem=problem,
        policies=chosen,
        deadline=deadline,
        first=problem.parties[opener],
        ended=ended,
        left_by=None if left_by is None else problem.parties[left_by],
        agreement=problem.space.outcome(int(rows[-1])) if ended == "agreement" else None,
        utilities=utilities,
        discounted_utilities=discounted,
        offer_rows=rows,
    )


def _policies(
    problem: BargainingProblem, given: Sequence[Policy | str] | Mapping[str, Policy | str]
) -> tuple[Policy, ...]:
    if problem.n_parties != 2:
        raise UnsupportedProblemError.at(
            "alternating_offers", "two parties", f"{problem.n_parties}"
        )
    expected = f"one policy each for {' and '.join(problem.parties)}"
    if isinstance(given, Mapping):
        if set(given) != set(problem.parties):
            raise InvalidArgumentError.at("policies", expected, list(given))
        return tuple(as_policy(f"policies[{name!r}]", given[name]) for name in problem.parties)
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise InvalidArgumentError.at("policies", expected, given)
    return tuple(as_policy(f"policies[{i}]", policy) for i, policy in enumerate(given))
