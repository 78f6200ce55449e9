"""The payoffs that a tournament measured, problem by problem."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.play.crosstable import cells
from bargain.play.standings import share_limits
from bargain.play.tournament_result import Tournament
from bargain.search.bimatrix import Reals


def samples_of(tournament: Tournament, *, by_seat: bool) -> dict[str, Any]:
    """Return what `EmpiricalGame.from_samples` takes, as a mapping of its arguments.

    Problems that were not played, as the tournament was interrupted, are left out.

    Raises
    ------
    InvalidArgumentError
        If it is no tournament, some pair never met, or a pool is asked for its seats.
    UnsupportedProblemError
        If a problem has three and more parties.
    """
    if not isinstance(tournament, Tournament):
        raise InvalidArgumentError.at("tournament", "a Tournament", tournament)
    for name, problem in zip(tournament.problem_names, tournament.problems, strict=True):
        if problem.n_parties != 2:
            raise UnsupportedProblemError.at(
                f"an empirical game of {name}", "two parties", problem.n_parties
            )
    results = tournament.results
    pool = len(tournament.players) - len(tournament.policies)
    names = tournament.policies, tournament.opponents
    shape = len(tournament.problems), len(names[0]), len(names[1]), pool
    limits = share_limits(tournament.problems)
    if by_seat:
        if pool:
            raise InvalidArgumentError.at("by_seat", "policies that met each other", "a pool")
        both = _by_seat(results, shape[:3])
        roles = _seats(tournament)
        return {
            "samples": _played(both, names), "names": names, "roles": roles, "limits": limits
        }  # fmt: skip
    own = cells(results, results["shares"], shape)
    if not pool:
        return {"samples": _played(own, names), "names": names[0], "limits": limits}
    # what the other seat got
    others = cells(results, results["shares"][:, ::-1], shape)
    both = np.stack([own, others], axis=-1)
    return {
        "samples": _played(both, names), "names": names, "roles": ("policy", "opponent"),
        "limits": limits,
    }  # fmt: skip


def _by_seat(results: NDArray[Any], box: tuple[int, int, int]) -> Reals:
    """Return mean shares by problem and policies in the first and second seat, shape (*box, 2)."""
    seats = results["policies"]
    cell = np.ravel_multi_index((results["problem"], seats[:, 0], seats[:, 1]), box)
    size = int(np.prod(box))
    weights = np.bincount(cell, weights=results["weight"], minlength=size)
    means = [
        np.bincount(cell, weights=results["weight"] * results["shares"][:, seat], minlength=size)
        / np.where(weights > 0, weights, np.nan)
        for seat in (0, 1)
    ]
    return np.stack(means, axis=-1).reshape(*box, 2)


def _seats(tournament: Tournament) -> tuple[str, str]:
    """Return what the seats are called: by the parties, if all problems call them the same."""
    parties = {tuple(problem.parties) for problem in tournament.problems}
    first, second = parties.pop() if len(parties) == 1 else ("first seat", "second seat")
    return first, second


def _played(samples: Reals, names: tuple[tuple[str, ...], tuple[str, ...]]) -> Reals:
    """Return the samples of problems that were played, if all pairs were."""
    missing = np.isnan(samples)
    played = samples[~missing.reshape(len(samples), -1).all(axis=1)]
    never = np.argwhere(np.isnan(played).any(axis=0)) if len(played) else [(0, 0)]
    if len(never):
        i, j = never[0][:2]
        pair = f"none of {names[0][i]} and {names[1][j]}"
        raise InvalidArgumentError(
            f"tournament: expected every pair to have met (self_play=True), got {pair}"
        )
    return played
