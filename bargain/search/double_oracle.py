"""Grow a game by best responses to its equilibrium, until nothing gains any more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from bargain.errors import InvalidArgumentError, UnsupportedProblemError
from bargain.model.numbers import finite_number, whole_number
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play.entrants import named_policies
from bargain.play.mixture import Mixture
from bargain.play.progress import Report, progress_bar
from bargain.play.seeds import child, seed_sequence
from bargain.play.tournament import Entries
from bargain.search.evolve import evolve
from bargain.search.exploitability import DRAWN
from bargain.search.given import checked_deadlines, checked_problems
from bargain.search.meetings import Table, swapped
from bargain.search.optimiser import Method
from bargain.search.oracle_result import DoubleOracle, Ended, OracleStep
from bargain.search.population import Population
from bargain.search.spaces import PolicySpace

START = ("boulware", "linear", "conceder")

ROUNDING = 1e-12
"""Gains up to this are rounding: what has them is not taken up."""


def double_oracle(
    problem: BargainingProblem | Iterable[BargainingProblem],
    *,
    deadline: int | Sequence[int],
    roles: Literal["seats", "symmetric"] = "seats",
    start: Entries | tuple[Entries, Entries] = START,
    tolerance: float = 0.01,
    rounds: int = 20,
    first: int | str = "both",
    seed: Seed = None,
    space: str | PolicySpace = "curve",
    method: Method = "de",
    evaluations: int = 3_000,
    repetitions: int = 1,
    time_limit: float | None = None,
    progress: bool = False,
) -> DoubleOracle:
    """Find policies that hold against each other, and against best responses to them.

    A game starts with a few policies. In each round an equilibrium of the game is computed
    (`EmpiricalGame.equilibria`, the first), a best response to it is searched for each role
    (`evolve`, against the mixture that the other role plays), and what gains is taken into the
    game. When no role's response gains more than the tolerance, it is searched once more, from
    another seed and twice as long; if that gains no more either, the equilibrium stands.

    How sure that is: a search finds a lower bound on what can be gained, within its space. Where
    the mixture's policies have a known course, as those of the space "curve" have,
    `exploitability(found.policy[0], ...)` computes what any policy can gain.

    Parameters
    ----------
    problem : BargainingProblem or iterable of them
        Two parties, finite. Of several each counts the same.
    deadline : int or sequence of int
        Rounds, from 1 to 10^6. Of several each counts the same.
    roles : {"seats", "symmetric"}
        A population for each seat, or one that sits in either seat by chance.
    start : sequence, or mapping from name, or a tuple of two of these
        Policies or their names to start with; a tuple of two for each seat its own. No mixtures.
    tolerance : float
        Mean share of the attainable gain, >= 0.
    rounds : int
        >= 1. A search that confirms an equilibrium after the last of them comes on top.
    first : "both", int or str
        Who proposes in round 0: each side once, or always the party of this position or name
        (of this name, if symmetric).
    seed : int, SeedSequence or Generator, optional
        Same seed, same result, unless the time limit or an interrupt ends it.
    space, method, repetitions
        Of the searches, as in `evolve`.
    evaluations : int
        Candidates of each search, >= 1.
    time_limit : float, optional
        Seconds after which a search ends, and everything with it.
    progress : bool
        Show a bar on stderr.

    Returns
    -------
    DoubleOracle
        If it did not converge, the equilibrium that is exploited least by all that was found.
        Ctrl-C keeps what there is, once a first round is over.

    Raises
    ------
    InvalidArgumentError
        Naming the argument that is wrong.
    UnsupportedProblemError, NoAgreementZoneError, InfeasibleProblemError
        As `evolve`.

    Notes
    -----
    In a finite game the double oracle ends at an equilibrium, if in the worst case with all
    policies taken up (McMahan, Gordon and Blum 2003). Policies here are a continuum and responses
    are searched: it mostly ends after a few rounds, but that is no theorem.

    References
    ----------
    McMahan, Gordon and Blum, "Planning in the presence of cost functions controlled by an
    adversary", ICML 2003; Lanctot et al., "A unified game-theoretic approach to multiagent
    reinforcement learning", NeurIPS 2017 (policy-space response oracles); Wellman, "Methods for
    empirical game-theoretic analysis", AAAI 2006.

    Examples
    --------
    >>> import bargain as bg
    >>> found = bg.double_oracle(bg.load("rental"), deadline=8, evaluations=300, seed=1)
    >>> found.stopped
    'converged'
    """
    begun = time.perf_counter()
    problems = checked_problems("problem", problem)
    deadlines = checked_deadlines(deadline)
    if roles not in ("seats", "symmetric"):
        raise InvalidArgumentError.at("roles", "'seats' or 'symmetric'", roles)
    symmetric = roles == "symmetric"
    least = finite_number("tolerance", tolerance, at_least=0, error=InvalidArgumentError)
    most = whole_number("rounds", rounds, at_least=1, error=InvalidArgumentError)
    tries = whole_number("evaluations", evaluations, at_least=1, error=InvalidArgumentError)
    if time_limit is not None:
        time_limit = finite_number("time_limit", time_limit, at_least=0, error=InvalidArgumentError)
    for one in problems:
        if one.n_parties != 2:
            raise UnsupportedProblemError.at("double_oracle", "two parties", one.n_parties)
    if symmetric and not isinstance(first, str):
        raise InvalidArgumentError.at("first", "'both' or a name, if symmetric", first)
    entered = _entered(start, symmetric=symmetric)
    sequence = seed_sequence(seed)
    table = Table(problems, deadlines, first, DRAWN, child(sequence, 0))
    searched = problems
    if symmetric:
        searched = (*problems, *(swapped(one) for one in problems))
    options: dict[str, Any] = {
        "deadline": deadlines, "space": space, "method": method, "first": first,
        "repetitions": repetitions,
    }  # fmt: skip

    population = Population.of(table, entered, symmetric=symmetric)
    history: list[OracleStep] = []
    stopped: Ended = "rounds"
    n_roles = 1 if symmetric else 2
    confirms = False
    with progress_bar(most, "best responses", shown=progress) as report:
        try:
            turn = -1
            # a search that confirms is no further round
            while turn + 1 < most or confirms:
                turn += 1
                equilibrium = population.equilibrium()
                found = []
                for role in range(n_roles):
                    left = None
                    if time_limit is not None:
                        left = max(time_limit - (time.perf_counter() - begun), 0.0)
                    asked = 2 * tries if confirms else tries
                    result = evolve(
                        searched,
                        party=role,
                        opponents=[population.mixture(equilibrium, 1 - role)],
                        seed=child(sequence, 1, turn, role),
                        evaluations=asked,
                        time_limit=left,
                        progress=_part_of(report, turn + role / n_roles, asked * n_roles),
                        **options,
                    )
                    found.append(result)
                    if result.stopped == "interrupted":
                        break
                ended = {result.stopped for result in found}
                if len(found) < len(population.roles):
                    # the other role's response is not known
                    raise KeyboardInterrupt
                responses = tuple(result.policy for result in found)
                larger = population.extended(f"found {turn + 1}", responses)
                gains = larger.gains(equilibrium)
                bounds = tuple(
                    max(result.bound - equilibrium.payoffs[role], 0.0)
                    for role, result in enumerate(found)
                )
                done = all(gain.value <= least for gain in gains)
                takes = [
                    not done and gain.value > ROUNDING and response not in population.policies[role]
                    for role, (gain, response) in enumerate(zip(gains, responses, strict=True))
                ]
                added = tuple(f"found {turn + 1}" if take else None for take in takes)
                history.append(
                    OracleStep(equilibrium, gains, bounds, responses, added, confirms)
                )  # fmt: skip
                population = larger.without_last([not take for take in takes])
                report(turn + 1, f"exploitability {history[-1].exploitability:.4f}")
                if done and confirms:
                    stopped = "converged"
                    break
                if "interrupted" in ended:
                    stopped = "interrupted"
                    break
                if time_limit is not None and time.perf_counter() - begun >= time_limit:
                    stopped = "time_limit"
                    break
                confirms = done
        except KeyboardInterrupt:
            if not history:
                raise
            stopped = "interrupted"

    game = population.game
    exploited = [
        max(step.exploitability, game.regret(population.profile(step.equilibrium)))
        for step in history
    ]
    # of equals the latest
    at = len(history) - 1 - int(np.argmin(exploited[::-1]))
    if stopped == "converged":
        at = len(history) - 1
    return DoubleOracle(
        problems=problems,
        deadlines=deadlines,
        symmetric=symmetric,
        policies=population.policies,
        game=game,
        equilibrium=history[at].equilibrium,
        exploitability=exploited[at],
        standard_error=history[at].standard_error,
        history=tuple(history),
        tolerance=least,
        stopped=stopped,
        seconds=time.perf_counter() - begun,
    )


def _part_of(report: Report, start: float, evaluations: int) -> Report:
    """Return what a search reports to: a part of a round, which begins at `start`."""

    def advance(done: float, said: str | None = None) -> None:
        report(start + done / evaluations)

    return advance


def _entered(start: Any, *, symmetric: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the policies of each seat to start with, by name."""
    apart = (
        isinstance(start, tuple)
        and len(start) == 2
        and all(isinstance(part, Sequence | dict) and not isinstance(part, str) for part in start)
    )
    if apart and symmetric:
        raise InvalidArgumentError.at("start", "one population, if symmetric", start)
    given = start if apart else (start, start)
    where = ("start[0]", "start[1]") if apart else ("start", "start")
    first, second = (named_policies(place, part) for place, part in zip(where, given, strict=True))
    for place, part in zip(where, (first, second), strict=True):
        for name, policy in part.items():
            if isinstance(policy, Mixture):
                raise InvalidArgumentError.at(f"{place}: {name}", "no mixture", policy)
            if name.startswith("found "):
                raise InvalidArgumentError.at(place, "names that don't begin with 'found '", name)
    return first, second
