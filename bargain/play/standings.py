"""Who did best in a tournament, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.model.problem import BargainingProblem
from bargain.play.crosstable import Reals, standard_error
from bargain.play.seeds import seed_sequence

Ends = tuple[float, float]

TIE = 1e-12
"""How far scores may differ that count as equal."""

RESAMPLES = 10_000
"""Resamples of the bootstrap."""

_AT_ONCE = 1_000


@dataclass(frozen=True)
class Standing:
    """How one policy did. Means give every problem, and in it every opponent, the same weight.

    Attributes
    ----------
    rank : int
        1 is best; of equal scores all have the best rank.
    best_rank, worst_rank : int
        What the rank over all such problems may be (`Tournament.ranking`).
    policy : str
    score : float
        Mean share of what the party could attain (see `Measures`).
    low, high : float
        Interval for the score, by Student's t over problems, cut to what shares can be; NaN for
        one problem.
    standard_error : float
        Standard deviation of the policy's means per problem, over the root of the number of
        problems; NaN for one problem.
    first : float
        In which part of resamples of the problems it had the best score, ties shared; NaN for one
        problem.
    agreement_rate : float
    others_share : float
        Mean share of those it played with.
    nash_distance, frontier_distance, fairness : float
        Means where they are known (see `Measures`).
    rounds : float
        Mean number of the last round that was begun, from 1.
    """

    rank: int
    best_rank: int
    worst_rank: int
    policy: str
    score: float
    low: float
    high: float
    standard_error: float
    first: float
    agreement_rate: float
    others_share: float
    nash_distance: float
    frontier_distance: float
    fairness: float
    rounds: float

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain values, None for NaN, for JSON."""
        return {
            name: None if isinstance(value, float) and np.isnan(value) else value
            for name, value in asdict(self).items()
        }


def intervals(scores: Reals, *, level: float) -> tuple[Reals, Reals]:
    """Return intervals for mean scores over problems, by Student's t.

    Problems, each with all its sessions, are what a tournament is a sample of. Of five problems an
    interval at 95 % covers 95 % if scores per problem are normal and 93 % if they are skewed
    (Beta(6, 1.5)); a percentile bootstrap, which was tried, covers 83 % and 82 %, and of three
    problems 74 %. Intervals of few problems may reach beyond what a share can be: see
    `share_limits`.

    Parameters
    ----------
    scores : ndarray, shape (n_problems, n_policies)
    level : float
        In (0, 1).

    Returns
    -------
    low, high : ndarray, shape (n_policies,)
        NaN for fewer than two problems.
    """
    reach = _quantile(0.5 + 0.5 * level, len(scores)) * standard_error(scores)
    means = scores.mean(axis=0)
    return means - reach, means + reach


def share_limits(problems: Iterable[BargainingProblem]) -> tuple[float, float]:
    """Return what shares in problems like these can be at least and at most.

    From 0 to 1 where waiting costs nothing (and nobody agrees on less than it has without an
    agreement). Where it costs, a share may be below 0 by any amount (`Measures`), and at most 1
    still if no disagreement utility is negative.
    """
    least, most = 0.0, 1.0
    for problem in problems:
        if not problem.is_patient:
            least = -np.inf
            if (problem.disagreement_point < 0).any():
                most = np.inf
    return least, most


def cut(interval: Ends, limits: Ends, value: float) -> Ends:
    """Return an interval for a mean cut to what the mean can be, but nothing that was observed."""
    low, high = max(interval[0], min(limits[0], value)), min(interval[1], max(limits[1], value))
    return low, high


def rank_intervals(scores: Reals, *, level: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst rank that each policy may have over all such problems.

    A policy ranks below those that beat it and above those that it beats, by Student's t on the
    differences per problem, at a level divided by the number of other policies (Bonferroni): each
    policy's true rank is between the two with at least the level's chance (Mogstad, Romano, Shaikh
    and Wilhelm 2024, "Inference for Ranks with Applications to Mobility across Neighbourhoods and
    Academic Achievement across Countries", Review of Economic Studies 91). As wide as can be for
    fewer than two problems.

    Parameters
    ----------
    scores : ndarray, shape (n_problems, n_policies)
    level : float
        In (0, 1).

    Returns
    -------
    best, worst : ndarray of int64, shape (n_policies,)
    """
    n_problems, n_policies = scores.shape
    best = np.ones(n_policies, dtype=np.int64)
    worst = np.full(n_policies, n_policies, dtype=np.int64)
    if n_problems < 2 or n_policies < 2:
        return best, worst
    quantile = _quantile(1.0 - 0.5 * (1.0 - level) / (n_policies - 1), n_problems)
    for policy in range(n_policies):
        ahead = scores - scores[:, policy : policy + 1]
        # differences that are rounding and nothing else beat nobody
        reach = np.maximum(quantile * standard_error(ahead), TIE)
        best[policy] += int((ahead.mean(axis=0) > reach).sum())
        worst[policy] -= int((ahead.mean(axis=0) < -reach).sum())
    return best, worst


def chances_to_be_first(scores: Reals, *, seed: int) -> Reals:
    """Return how often each policy has the best mean over resampled problems.

    The bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 6): problems
    are drawn with replacement, each with all its sessions, for all policies together. Of few
    problems it is too sure.

    Parameters
    ----------
    scores : ndarray, shape (n_problems, n_policies)
    seed : int

    Returns
    -------
    ndarray, shape (n_policies,)
        Adds up to 1, ties shared; NaN for fewer than two problems.
    """
    n_problems, n_policies = scores.shape
    if n_problems < 2:
        return np.full(n_policies, np.nan)
    generator = np.random.default_rng(seed_sequence(seed))
    means = np.empty((RESAMPLES, n_policies))
    for start in range(0, RESAMPLES, _AT_ONCE):
        drawn = generator.integers(n_problems, size=(_AT_ONCE, n_problems))
        for policy in range(n_policies):
            means[start : start + _AT_ONCE, policy] = scores[drawn, policy].mean(axis=1)
    best = means >= means.max(axis=1, keepdims=True) - TIE
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def ranked(scores: Reals) -> list[int]:
    """Return the rank of each score, 1 for the best, ties to within `TIE` the best of theirs."""
    return [1 + int((scores > score + TIE).sum()) for score in scores]


def _quantile(chance: float, n_problems: int) -> float:
    """Return the quantile of Student's t for the mean of some problems, NaN for one."""
    from scipy.special import stdtrit

    return float(stdtrit(n_problems - 1, chance)) if n_problems > 1 else np.nan
