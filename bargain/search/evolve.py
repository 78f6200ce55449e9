"""Search for the policy that does best against a pool of opponents."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, whole_number
from bargain.model.outcomes import FrozenMapping
from bargain.model.space import Seed
from bargain.play.checkpoint import check_target
from bargain.play.mixture import Mixture
from bargain.play.policy import Policy
from bargain.play.progress import Report, progress_bar
from bargain.play.seeds import seed_sequence
from bargain.play.turn import Responsive
from bargain.play.workers import ExecutorGiven, workers_of
from bargain.search import checkpoint as checkpoints
from bargain.search.artefact import Conditions, Field
from bargain.search.given import Problems, checked_problems
from bargain.search.loop import Loop
from bargain.search.measures import Performance
from bargain.search.objective import Objective
from bargain.search.opponents import held_out_from, weighed_apart, weighed_pool
from bargain.search.optimiser import METHODS, Method
from bargain.search.result import Baseline, History, SearchResult
from bargain.search.run import Run
from bargain.search.scoring import Scoring
from bargain.search.setting import Setting
from bargain.search.spaces import PolicySpace, TimeDependentSpace, policy_space
from bargain.search.trials import Trials

Opponents = Iterable[Policy | Responsive | Mixture | str]


def evolve(
    problem: Problems,
    *,
    party: int | str,
    opponents: Opponents,
    weights: Sequence[float] | None = None,
    deadline: int | Sequence[int],
    seed: Seed = None,
    space: str | PolicySpace = "curve",
    method: Method = "de",
    objective: str | Objective = "mean",
    reservations: Sequence[float] = (0.0,),
    held_out: Opponents | None = None,
    held_out_problems: Problems | None = None,
    validation: Opponents | None = None,
    validation_problems: Problems | None = None,
    evaluations: int | None = None,
    population: int | None = None,
    time_limit: float | None = None,
    progress: bool | Report = False,
    first: int | str = "both",
    repetitions: int = 1,
    checkpoint: str | os.PathLike[str] | None = None,
    executor: ExecutorGiven | None = None,
) -> SearchResult:
    """Search for the policy that gains most against a pool of opponents.

    A candidate's score is, by default, its mean gain as a share of the party's attainable gain,
    after discounts and costs of waiting, over all opponents, problems, deadlines, reservations of
    the other side and both ways to start; every candidate plays the same sessions, with the same
    draws. The method starts from the best preset of the space (the curves of boulware, linear,
    conceder or hardliner, with the space's own choice among outcomes) and, whenever it has
    converged, somewhere else. Random search runs beside it on the same budget, for comparison; the
    result is the best of all that was evaluated in the space, presets and random search included,
    and says which of them found it. The textbook policies themselves play beside it.

    Parameters
    ----------
    problem : BargainingProblem or iterable of them
        Two parties, finite. Of several each counts the same.
    party : int or str
        Position or name of the party to find a policy for, in every problem.
    opponents : iterable of policies or names
        The pool, at least one; each counts the same. Any that compiled code can play: policies
        whose course is known, MiCRO, tit-for-tat, random offers, trade-offs and `Adaptive` with
        a built-in model. `NiceTitForTat` and others that run in Python are refused. A `Mixture`
        is taken apart, here and below: its policies share what it counts by their weights.
    weights : sequence of float, optional
        What each of the opponents counts: finite, >= 0, not all 0. Weights and mixtures are for
        objectives that are means.
    deadline : int or sequence of int
        Rounds, from 1 to 10^6. Of several each counts the same.
    seed : int, SeedSequence or Generator, optional
        Same seed, same result to the last bit, whatever the number of threads (unless the time
        limit or an interrupt ends the search).
    space : {"curve", "time_dependent", "adaptive"} or PolicySpace
        What is searched: `Adaptive` with a curve of 6 knots that offers what suits the other side
        best as the problem has it (14 numbers); `TimeDependent` with `AcceptNext` (5 numbers); the
        first with 4 knots, reciprocity and all (16 numbers). `AdaptiveSpace` makes others; with a
        model of the other side, such as `by="smith"`, there is one number more.
    method : {"de", "cma", "random"}
        Differential evolution, CMA-ES with restarts, or random search alone. On curves against
        populations whose best reply is known the first came closer to it in the same time: scores
        are constant in pieces, and it costs less beside the sessions.
    objective : {"mean", "worst", "cvar"} or Objective
        What is made as large as it can.
    reservations : sequence of float
        How much the other side may ask at least, when that is not known: shares, in [0, 1), of the
        way from its reservation to its best outcome. Each counts the same.
    held_out : iterable of policies or names, optional
        Opponents to test the result on, none of them in the pool. By default 18 policies that
        were chosen beforehand: beta 0.1, 0.35, 0.75, 1.5, 3 and 8, each with floor 0.1, 0.4 and
        0.65, less those in the pool.
    held_out_problems : BargainingProblem or iterable of them, optional
        Problems to test the result on. By default those that were searched on.
    validation, validation_problems : optional
        Opponents and problems, others than the ones before, on which the result is chosen among
        the 32 best candidates: so less of what is found is chance. Where one of the two is left
        out, those that were searched on stand in.
    evaluations : int, optional
        Candidates to try, >= 1; by default 40,000, or no end with a time limit. Random search, for
        comparison, tries as many.
    population : int, optional
        Candidates per generation, >= 4; by default 64, and 16 for CMA-ES.
    time_limit : float, optional
        Seconds after which no further generation is started.
    progress : bool or function
        Show a bar on stderr. Or a function, which is called after every generation with the number
        of candidates so far and the best score in words.
    first : "both", int or str
        Who proposes in round 0: each side once, or always the party of this position or name.
    repetitions : int
        Sessions of each kind where an opponent draws, such as MiCRO.
    checkpoint : path, optional
        A file in which the search keeps what it knows, every few seconds and at its end, and from
        which it goes on: to the same result, to the last bit, as if it had not stopped.
    executor : executor, client of dask.distributed, or function that makes one, optional
        Whose workers play generations, in parts: a `ProcessPoolExecutor`, say. The result is the
        same to the last bit with any number of them and with none. A worker that dies is replaced
        and its part played again, by dask itself, and of other pools where a function makes them:
        `executor=lambda: ProcessPoolExecutor(2)`. Generations of less than about 10 ms stay here.

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
    FileFormatError
        If the file at `checkpoint` is none.
    LostWorkersError
        If workers of the executor died and cannot be replaced.

    References
    ----------
    Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772 (2016); Storn and Price,
    "Differential evolution", Journal of Global Optimization 11 (1997).
    """
    start = time.perf_counter()
    searched = policy_space(space)
    goal = Objective.given(objective)
    if not isinstance(method, str) or method not in METHODS:
        raise InvalidArgumentError.at("method", f"one of {', '.join(METHODS)}", method)
    if population is None:
        population = 16 if method == "cma" else 64
    population = whole_number("population", population, at_least=4, error=InvalidArgumentError)
    if time_limit is not None:
        time_limit = finite_number("time_limit", time_limit, at_least=0, error=InvalidArgumentError)
    if evaluations is None:
        evaluations = 40_000 if time_limit is None else 10**12
    evaluations = whole_number("evaluations", evaluations, at_least=1, error=InvalidArgumentError)
    target = None if checkpoint is None else check_target(checkpoint)
    given = Setting.of(
        problem, party, deadline, first, reservations, repetitions, seed_sequence(seed)
    )
    pool, counts = weighed_pool("opponents", opponents, weights)
    others, other_counts = held_out_from(pool, held_out)
    tested = given.problems
    if held_out_problems is not None:
        tested = checked_problems("held_out_problems", held_out_problems)
    validated_on = None
    if validation is not None or validation_problems is not None:
        chosen_on, kept = pool, counts
        if validation is not None:
            chosen_on, kept = weighed_apart("validation", validation, (pool, others))
        where = given.problems
        if validation_problems is not None:
            where = checked_problems("validation_problems", validation_problems)
        validated_on = Field(where, chosen_on, kept)
    trials = given.trials("opponents", given.problems, pool, counts)
    test = given.trials("held_out", tested, others, other_counts)
    validating = None
    if validated_on is not None:
        validating = given.trials(
            "validation", validated_on.problems, validated_on.opponents, validated_on.weights
        )
    for field in (trials, validating):
        if field is not None and field.weights is not None and goal.measure != "mean":
            expected = "a mean, where opponents have weights"
            raise InvalidArgumentError.at("objective", expected, goal.measure)

    told, state = dict[str, Any](), None
    if target is not None:
        told = given.told(pool, counts, searched, method, goal, population)
        state = checkpoints.load(target, told)
    bound = trials.bound()
    with workers_of(executor, Scoring(trials, searched, goal)) as workers:
        run = Run(
            trials,
            searched,
            goal,
            method,
            population=population,
            sequence=given.sequence,
            workers=workers,
        )
        if state is not None:
            run.restore(state)
        loop = Loop(
            run,
            evaluations,
            bound if goal.is_mean_share else np.inf,
            None if time_limit is None else start + time_limit,
            target,
            told,
        )
        with progress_bar(
            evaluations if time_limit is None else None, "searching", shown=progress
        ) as report:
            stopped = loop.run_to_the_end(report)

    def performance(policy: Any, where: Trials, among: PolicySpace = searched) -> Performance:
        return where.performance(among.candidates(among.vector(policy)[None]))

    textbook = TimeDependentSpace()
    policies: dict[str, tuple[Any, PolicySpace]] = {
        name: (policy, textbook) for name, policy in textbook.presets.items()
    }
    for name, policy in searched.presets.items():
        policies.setdefault(name, (policy, searched))
    if run.drawn is not None:
        policies["random search"] = searched.policy(run.drawn.vector), searched
    baselines = {
        name: Baseline(policy, performance(policy, trials, of), performance(policy, test, of))
        for name, (policy, of) in policies.items()
    }
    chosen, found_by = run.chosen(validating)
    policy = searched.policy(chosen.vector)
    best, mean, random = np.array(run.history, dtype=np.float64).reshape(-1, 3).T.copy()
    return SearchResult(
        policy=policy,
        found_by=found_by,
        problems=given.problems,
        party=given.problems[0].parties[given.problems[0].party_index(party)],
        deadlines=given.deadlines,
        space=searched.name,
        method=METHODS[method],
        objective=goal,
        score=chosen.score,
        train=performance(policy, trials),
        validation=None if validating is None else performance(policy, validating),
        held_out=performance(policy, test),
        baselines=FrozenMapping(baselines),
        bound=bound,
        history=History(best, mean, random),
        evaluations=run.evaluations,
        sessions=run.evaluations * trials.sessions_each,
        restarts=run.method.restarts,
        seconds=time.perf_counter() - start,
        stopped=stopped,
        conditions=Conditions(
            first=first if isinstance(first, str) else int(first),
            reservations=given.reservations,
            repetitions=given.repetitions,
            population=population,
            sequence=given.sequence,
            train=Field(given.problems, pool, counts),
            validation=validated_on,
            held_out=Field(tested, others, other_counts),
        ),
    )
