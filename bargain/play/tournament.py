"""Tournaments: policies against each other, over problems, seats, openings and seeds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import starmap
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError, NoAgreementZoneError, shown
from bargain.model.numbers import whole_number
from bargain.model.problem import BargainingProblem
from bargain.model.space import Seed
from bargain.play import checkpoint as checkpoints
from bargain.play.batch import ENDINGS
from bargain.play.entrants import check_listable, named_policies, named_problems
from bargain.play.landmarks import has_zone
from bargain.play.mixture import Mixture
from bargain.play.policy import Policy
from bargain.play.progress import progress_bar
from bargain.play.protocol import checked_chance
from bargain.play.seeds import seed_sequence
from bargain.play.session import checked_deadline
from bargain.play.tournament_blocks import Arena, Player
from bargain.play.tournament_result import Tournament
from bargain.play.turn import Responsive
from bargain.play.workers import ExecutorGiven, Workers, workers_of

MOST_SESSIONS = 10_000_000
"""Most sessions in a tournament; one takes about 180 bytes for two parties."""

SAVE_EVERY = 5.0
"""Seconds between two checkpoints."""

Entry = Policy | Responsive | Mixture | str
Entries = Sequence[Entry] | Mapping[str, Entry]


def tournament(
    problems: BargainingProblem
    | str
    | Sequence[BargainingProblem | str]
    | Mapping[str, BargainingProblem | str],
    policies: Entries,
    *,
    deadline: int | Sequence[int],
    against: Entries | None = None,
    repetitions: int = 1,
    self_play: bool = True,
    first: int | Literal["each"] = "each",
    breakdown: float = 0.0,
    without_zone: Literal["keep", "skip"] = "keep",
    seed: Seed = None,
    progress: bool = False,
    checkpoint: str | os.PathLike[str] | None = None,
    executor: ExecutorGiven | None = None,
) -> Tournament:
    """Let policies meet in every way, over every problem.

    Every way to fill the seats of a problem is a meeting: ordered pairs for two parties, so that
    each policy sits in both seats. Each meeting is played for each deadline, with each party
    opening, all of a problem in one compiled call (`play_sessions`) on all threads: batches over
    problems, pairs of policies and seeds (`repetitions`).

    Parameters
    ----------
    problems : problem, sequence or mapping from name
        Finite, with any number of parties; or what `load` takes. Every name may occur once.
        Beyond the enumeration limit as in `alternating_offers`.
    policies : sequence, or mapping from name
        Policies or their names. Every name may occur once.
    deadline : int or sequence of int
        Rounds, at least 1: without a round nobody could do better than anybody else. Several
        deadlines count alike.
    against : sequence, or mapping from name, optional
        A pool: the policies then meet only members of it, in every seat, and not each other.
    repetitions : int
        Sessions per meeting, deadline and opening where somebody draws. Where nobody does (and
        `breakdown` is 0) they would all be the same, and one is played. A policy of your own with
        `act` counts as drawing unless it has an attribute `draws` that is False.
    self_play : bool
        Whether a policy also meets itself. Without, nobody sits in two seats of one session.
    first : int or "each"
        Position of the party that opens, or each in turn.
    breakdown : float
        As in `alternating_offers`.
    without_zone : {"keep", "skip"}
        Whether problems are played in which no outcome gives everybody what it has without an
        agreement. Nobody gains there, and where waiting costs, one of them can outweigh all
        others in the means. Skipped, they are as if they had not been given; `left_out` names
        them.
    seed : int, SeedSequence or Generator, optional
        Same seed, same results, whatever the number of threads.
    progress : bool
        Show a bar on stderr.
    checkpoint : path, optional
        A file that keeps what is finished. If it exists, the tournament goes on from there, to the
        same results; one of another tournament or another version is refused. Needs a seed.
        Policies of your own are told apart by their representation or their attributes.
    executor : executor, client of dask.distributed, or function that makes one, optional
        Whose workers play, each a problem with a deadline at a time; as in `evolve`. Policies of
        your own must be such as pickle can send.

    Returns
    -------
    Tournament
        Ctrl-C ends it with the problems and deadlines that are finished; `stopped` says so.
        A problem without a zone of agreement is played and counted like the others unless it is
        skipped: distances are NaN there, nobody gains (and who waits may lose), and
        `without_zone` names it.

    Raises
    ------
    UnsupportedProblemError, TooLargeError, InfeasibleProblemError
        Before anything is played, naming the problem that cannot be.
    NoAgreementZoneError
        If all problems are skipped.
    InvalidArgumentError
        Naming the argument that is wrong, or saying how a checkpoint's tournament differs.
    FileFormatError
        If the checkpoint is no checkpoint, is damaged, or can't be written.
    LostWorkersError
        If workers of the executor died and cannot be replaced.

    Examples
    --------
    >>> import bargain as bg
    >>> found = bg.tournament(["rental", "employment"], ["boulware", "conceder"], deadline=40)
    >>> found.payoffs.round(2)
    array([[0.66, 0.98],
           [0.31, 0.6 ]])
    """
    named, left_out = _kept(named_problems(problems), without_zone)
    entered = named_policies("policies", policies)
    pool = {} if against is None else named_policies("against", against)
    deadlines = _deadlines(deadline)
    times = whole_number("repetitions", repetitions, at_least=1, error=InvalidArgumentError)
    if not isinstance(self_play, bool | np.bool_):
        raise InvalidArgumentError.at("self_play", "True or False", self_play)
    check_listable(named, (*entered.values(), *pool.values()))
    chance = checked_chance(breakdown)
    sequence = seed_sequence(seed)
    arena = Arena(
        tuple(named.values()),
        (*entered.values(), *pool.values()),
        len(entered),
        deadlines,
        times,
        bool(self_play),
        _opener(first, named),
        chance,
        sequence,
    )
    _check_size(arena, named)
    total = arena.n_sessions
    if total > MOST_SESSIONS:
        raise InvalidArgumentError.at("tournament", f"at most {MOST_SESSIONS} sessions", total)

    target = None if checkpoint is None else checkpoints.check_target(checkpoint)
    if target is not None and seed is None:
        raise InvalidArgumentError.at(
            "seed", "a seed, so that a checkpoint can be gone on from", seed
        )
    of = {} if target is None else _description(arena, named, entered, pool)
    blocks = [] if target is None else checkpoints.load(target, of, arena.empty)
    player = Player(arena)
    with workers_of(executor, player) as workers:
        blocks, stopped = _play(player, workers, blocks, target, of, progress=progress)
    return Tournament(
        problems=arena.problems,
        problem_names=tuple(named),
        policies=tuple(entered),
        opponents=tuple(pool) if pool else tuple(entered),
        players=arena.players,
        deadlines=deadlines,
        repetitions=times,
        breakdown=chance,
        results=_joined(blocks),
        without_zone=tuple(
            name
            for i, name in enumerate(named)
            if any(block["problem"][0] == i and not block["has_zone"][0] for block in blocks)
        ),
        left_out=left_out,
        stopped=stopped,
        sequence=sequence,
    )


def _kept(
    named: dict[str, BargainingProblem], without_zone: str
) -> tuple[dict[str, BargainingProblem], tuple[str, ...]]:
    """Return the problems to play, and the names of the others."""
    if without_zone not in ("keep", "skip"):
        raise InvalidArgumentError.at("without_zone", "'keep' or 'skip'", without_zone)
    if without_zone == "keep":
        return named, ()
    kept = {name: problem for name, problem in named.items() if has_zone(problem)}
    if not kept:
        raise NoAgreementZoneError(
            f"problems: expected one with a zone of agreement, got none: {shown(', '.join(named))}"
        )
    return kept, tuple(name for name in named if name not in kept)


def _play(
    player: Player,
    workers: Workers | None,
    blocks: list[NDArray[Any]],
    target: Path | None,
    of: dict[str, Any],
    *,
    progress: bool,
) -> tuple[list[NDArray[Any]], Literal["complete", "interrupted"]]:
    """Play the blocks that are not finished yet."""
    blocks = list(blocks)
    stopped: Literal["complete", "interrupted"] = "complete"
    saved, saved_at = len(blocks), monotonic()
    parts = player.arena.blocks
    left = parts[len(blocks) :]
    played = starmap(player, left) if workers is None else workers.results(left)
    try:
        with progress_bar(len(parts), "playing", shown=progress) as advance:
            advance(len(blocks))
            for block in played:
                blocks.append(block)
                advance(len(blocks))
                if target is not None and monotonic() - saved_at > SAVE_EVERY:
                    checkpoints.save(target, of, blocks)
                    saved, saved_at = len(blocks), monotonic()
    except KeyboardInterrupt:
        if not blocks:
            raise
        stopped = "interrupted"
    if target is not None and len(blocks) > saved:
        checkpoints.save(target, of, blocks)
    return blocks, stopped


def _joined(blocks: list[NDArray[Any]]) -> NDArray[Any]:
    results = np.concatenate(blocks)
    results.setflags(write=False)
    return results


def _deadlines(given: Any) -> tuple[int, ...]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        found = tuple(checked_deadline(one, at_least=1) for one in given)
        if not found or len(set(found)) < len(found):
            raise InvalidArgumentError.at("deadline", "one or more, each once", given)
        return found
    return (checked_deadline(given, at_least=1),)


def _opener(first: Any, named: Mapping[str, BargainingProblem]) -> int | None:
    if isinstance(first, str) and first == "each":
        return None
    fewest = min(problem.n_parties for problem in named.values())
    expected = f"'each' or a position from 0 to {fewest - 1}"
    if isinstance(first, str):
        raise InvalidArgumentError.at("first", expected, first)
    opener = whole_number("first", first, at_least=0, error=InvalidArgumentError)
    if opener >= fewest:
        raise InvalidArgumentError.at("first", expected, first)
    return opener


def _check_size(arena: Arena, named: Mapping[str, BargainingProblem]) -> None:
    """Refuse a tournament in which nobody could meet."""
    for name, problem in named.items():
        if arena.n_meetings(problem) == 0:
            raise InvalidArgumentError.at(
                "policies",
                f"at least {problem.n_parties} without self-play, for {shown(name)}",
                arena.n_policies,
            )


def _description(
    arena: Arena,
    named: Mapping[str, BargainingProblem],
    entered: Mapping[str, Any],
    pool: Mapping[str, Any],
) -> dict[str, Any]:
    """Return all that results depend on, as plain text and numbers."""
    # by name: the package itself imports this
    version = import_module("bargain").__version__
    seeds = [int(one) for one in np.ravel(np.array(arena.sequence.entropy, dtype=object))]
    return {
        "problems": {n: checkpoints.problem_digest(p) for n, p in named.items()},
        "policies": {
            n: checkpoints.policy_digest(f"policies[{n!r}]", p) for n, p in entered.items()
        },
        "opponents": {n: checkpoints.policy_digest(f"against[{n!r}]", p) for n, p in pool.items()},
        "deadlines": list(arena.deadlines),
        "repetitions": arena.repetitions,
        "seeds": [seeds, list(arena.sequence.spawn_key), arena.sequence.pool_size],
        "self-play settings": arena.self_play,
        "openers": "each" if arena.first is None else arena.first,
        "chances of a breakdown": arena.breakdown,
        "versions of bargain": version,
        "endings": list(ENDINGS),
    }
