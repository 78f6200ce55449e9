"""What a tournament found, in words and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bargain.play.standings import share_limits

if TYPE_CHECKING:
    from bargain.play.tournament_result import Tournament

Reals = NDArray[np.float64]


def summary(tournament: Tournament) -> str:
    """Say in a few lines who did how well."""
    lines = [tournament.title]
    width = max(len(name) for name in tournament.policies)
    for one in tournament.ranking():
        said = f"  {one.rank}  {one.policy:<{width}}  {one.score:.3f}"
        if not np.isnan(one.low):
            said += f"  [{one.low:.3f}, {one.high:.3f}]  rank {one.best_rank} to {one.worst_rank}"
        lines.append(said)
    return "\n".join([*lines, *tournament.notes])


def title(tournament: Tournament) -> str:
    """Say in a line what was played."""
    rounds = ", ".join(str(deadline) for deadline in tournament.deadlines)
    several = "s" if len(tournament.deadlines) > 1 else ""
    policies = _counted(len(tournament.policies), "policy")
    problems = _counted(len(tournament.problem_names), "problem")
    sessions = _counted(len(tournament), "session")
    return f"{policies}, {problems}, deadline{several} {rounds}: {sessions}"


def notes(tournament: Tournament, shares: Reals) -> list[str]:
    """Say in a line each what a reader of the numbers should know.

    shares (n_problems,): the mean share in each problem.
    """
    found = []
    if tournament.stopped == "interrupted":
        done = len(np.unique(tournament.results[["problem", "deadline"]]))
        whole = len(tournament.problems) * len(tournament.deadlines)
        found.append(f"interrupted: {done} of {whole} blocks (problem, deadline) are finished")
    if tournament.without_zone:
        names = ", ".join(tournament.without_zone)
        found.append(
            f"no zone of agreement in {len(tournament.without_zone)} of "
            f"{_counted(len(tournament.problem_names), 'problem')}, which count in all means "
            f"though nobody gains there (without_zone='skip' leaves them out): {names}"
        )
    if tournament.left_out:
        names = ", ".join(tournament.left_out)
        found.append(
            f"left out, as there is no zone of agreement: {names} ({len(tournament.left_out)} of "
            f"{_counted(len(tournament.problem_names) + len(tournament.left_out), 'problem')})"
        )
    named = zip(tournament.problem_names, shares, strict=True)
    lost = [f"{name} (mean share {score:.2f})" for name, score in named if score < 0]
    if lost:
        found.append(f"waiting cost more than was gained: {', '.join(lost)}")
    if len(np.unique(tournament.results["problem"])) < 2:
        found.append("one problem: nothing is known about others, so there are no intervals")
    return found


def plain_tournament(tournament: Tournament) -> dict[str, Any]:
    """Return the ranking and the payoffs as plain values, None for what is not a finite number."""
    effect = tournament.first_offer_effect()
    return {
        "problems": list(tournament.problem_names),
        "without_zone": list(tournament.without_zone),
        "left_out": list(tournament.left_out),
        "policies": list(tournament.policies),
        "opponents": list(tournament.opponents),
        "deadlines": list(tournament.deadlines),
        "repetitions": tournament.repetitions,
        "sessions": len(tournament),
        "stopped": tournament.stopped,
        "ranking": [standing.to_dict() for standing in tournament.ranking()],
        "share_limits": [
            end if np.isfinite(end) else None for end in share_limits(tournament.problems)
        ],
        "payoffs": _plain(tournament.payoffs),
        "payoff_errors": _plain(tournament.payoff_errors),
        "first_offer_effect": {
            "correlation": None if np.isnan(effect.correlation) else effect.correlation,
            "slope": None if np.isnan(effect.slope) else effect.slope,
            "n": effect.n,
        },
    }


def _counted(count: int, what: str) -> str:
    several = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{count:,} {what if count == 1 else several}"


def _plain(values: Reals) -> Any:
    """Return numbers as nested lists, None for NaN."""
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    return plain.tolist()
