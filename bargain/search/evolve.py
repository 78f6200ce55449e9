"""Search for the policy that does best against a pool of opponents."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, whole_number
from bargain.model.outcomes import FrozenMapping
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play.policy import Policy
from bargain.play.presets import CONCESSIONS
from bargain.play.progress import Report, progress_bar
from bargain.play.seeds import child, seed_sequence
from bargain.play.session import checked_deadline
from bargain.play.time_dependent import TimeDependent
from bargain.search.fitness import Arena, Fitness
from bargain.search.opponents import checked_pool, held_out_from
from bargain.search.optimiser import RestartedCMA
from bargain.search.parameters import (
    TIME_DEPENDENT,
    policy_of,
    values_at,
    values_in_box,
    vector_of,
)
from bargain.search.result import Baseline, History, SearchResult

FoundBy = Literal["CMA-ES", "preset", "random search"]
Stopped = Literal["budget", "time_limit", "interrupted", "converged"]


def evolve(
    problem: BargainingProblem,
    *,
    party: int | str,
    opponents: Iterable[Policy | str],
    deadline: int,
    seed: Seed = None,
    held_out: Iterable[Policy | str] | None = None,
    evaluations: int = 20_000,
    population: int = 16,
    time_limit: float | None = None,
    progress: bool = False,
    first: int | str = "both",
) -> SearchResult:
    """Search time-dependent policies for the one that gains most against a pool.

    A candidate is `TimeDependent` with `AcceptNext`: beta in [0.02, 20] and scale in [0.5, 2] on
    logarithmic scales, floor in [0, 1], k in [0, 0.5], offset in [-0.5, 0.5]. Its score is its
    mean gain as a share of the party's attainable gain, after discounts and costs of waiting,
    over all opponents and both ways to start. CMA-ES (Hansen 2016) starts from the best preset
    and restarts elsewhere when it converges. Random search runs beside it on the same budget,
    for comparison; the result is the best of everything evaluated, presets and random search
    included, and says which of them found it.

    Parameters
    ----------
    problem : BargainingProblem
        Two parties, finite.
    party : int or str
        Position or name of the party to find a policy for.
    opponents : iterable of policies or names
        The pool, at least one; each counts the same.
    deadline : int
        Rounds, from 1 to 10^6.
    seed : int, SeedSequence or Generator, optional
        Same seed, same result to the last bit, whatever the number of threads (unless the time
        limit or an interrupt ends the search).
    held_out : iterable of policies or names, optional
        Opponents to test the result on, none of them in the pool. By default 18 policies that
        were chosen beforehand: beta 0.1, 0.35, 0.75, 1.5, 3 and 8, each with floor 0.1, 0.4 and
        0.65, less those in the pool.
    evaluations : int
        Candidates to try, >= 1. Random search, for comparison, tries as many.
    population : int
        Candidates per generation, >= 4.
    time_limit : float, optional
        Seconds after which no further generation is started.
    progress : bool
        Show a bar on stderr.
    first : "both", int or str
        Who proposes in round 0: each side once, or always the party of this position or name.

    Returns
    -------
    SearchResult
        Ctrl-C during the search keeps the best so far, once there is a generation.

    Raises
    ------
    InvalidArgumentError
        Naming the argument that is wrong.
    UnsupportedProblemError
        If there are more than two parties or an issue is continuous (use
        `bargain.discretized(problem, points=...)`).
    NoAgreementZoneError
        If there is nothing to gain.
    InfeasibleProblemError
        If no outcome meets the constraints.

    References
    ----------
    Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772 (2016).
    """
    deadline = checked_deadline(deadline, at_least=1)
    evaluations = whole_number("evaluations", evaluations, at_least=1, error=InvalidArgumentError)
    population = whole_number("population", population, at_least=4, error=InvalidArgumentError)
    if time_limit is not None:
        time_limit = finite_number("time_limit", time_limit, at_least=0, error=InvalidArgumentError)
    pool = checked_pool("opponents", opponents)
    others = held_out_from(pool, held_out)
    sequence = seed_sequence(seed)

    start = time.perf_counter()
    arena = Arena.of(problem, party, deadline=deadline, first=first)
    fitness = Fitness.against(arena, pool)
    run = _Run(fitness, sequence, population=population, bound=fitness.bound())
    with progress_bar(evaluations, "searching", shown=progress) as report:
        stopped = _search(run, evaluations, start, time_limit, report)

    test = Fitness.against(arena, others)
    baselines = {
        name: Baseline(policy, fitness.performance(policy), test.performance(policy))
        for name, policy in (*CONCESSIONS, ("random search", run.random))
    }
    best, mean, random = np.array(run.history, dtype=np.float64).T.copy()
    chosen, found_by = run.chosen()
    return SearchResult(
        policy=chosen,
        found_by=found_by,
        problem=problem,
        party=problem.parties[arena.index],
        deadline=deadline,
        train=fitness.performance(chosen),
        held_out=test.performance(chosen),
        baselines=FrozenMapping(baselines),
        bound=run.bound,
        history=History(best, mean, random),
        evaluations=run.evaluations,
        sessions=run.evaluations * fitness.sessions_each,
        restarts=run.optimiser.restarts,
        seconds=time.perf_counter() - start,
        stopped=stopped,
    )


@dataclass
class _Run:
    """The state of a search: what it has found so far, consistent after every generation."""

    fitness: Fitness
    sequence: np.random.SeedSequence
    population: int
    bound: float
    optimiser: RestartedCMA = field(init=False)
    best: TimeDependent = field(init=False)
    best_score: float = field(init=False)
    random: TimeDependent = field(init=False)
    random_score: float = -np.inf
    evaluations: int = 0
    history: list[tuple[float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        presets = [policy for _, policy in CONCESSIONS]
        scores = self.fitness.scores(presets)
        leader = int(scores.argmax())
        self.best, self.best_score = presets[leader], float(scores[leader])
        self.optimiser = RestartedCMA(
            vector_of(self.best), population=self.population, sequence=child(self.sequence, 0)
        )

    def chosen(self) -> tuple[TimeDependent, FoundBy]:
        """Return the best policy evaluated at all, and what came up with it."""
        if self.random_score > self.best_score:
            return self.random, "random search"
        presets = [policy for _, policy in CONCESSIONS]
        return self.best, "preset" if self.best in presets else "CMA-ES"

    def generation(self, count: int) -> None:
        """Try the first `count` candidates of a generation, and as many drawn at random."""
        vectors = self.optimiser.ask()
        generator = np.random.default_rng(child(self.sequence, 1, self.optimiser.generation))
        drawn = generator.random((self.population, len(TIME_DEPENDENT)))
        values = np.concatenate([values_at(vectors[:count]), values_in_box(drawn[:count])])
        candidates = [policy_of(row) for row in values]
        scores = self.fitness.scores(candidates)
        mine, random = scores[:count], scores[count:]
        if mine.max() > self.best_score:
            self.best_score = float(mine.max())
            self.best = candidates[int(mine.argmax())]
        if random.max() > self.random_score:
            self.random_score = float(random.max())
            self.random = candidates[count + int(random.argmax())]
        self.evaluations += count
        self.history.append((self.best_score, float(mine.mean()), self.random_score))
        if count == self.population:
            self.optimiser.tell(vectors, mine)


def _search(
    run: _Run,
    evaluations: int,
    start: float,
    time_limit: float | None,
    report: Report,
) -> Stopped:
    try:
        while True:
            run.generation(min(run.population, evaluations - run.evaluations))
            report(run.evaluations, f"best share {run.best_score:.4f}")
            if run.best_score >= run.bound:
                return "converged"
            if run.evaluations == evaluations:
                return "budget"
            if time_limit is not None and time.perf_counter() - start >= time_limit:
                return "time_limit"
    except KeyboardInterrupt:
        if not run.history:
            raise
        return "interrupted"
