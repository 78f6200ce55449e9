"""What candidates reach against opponents in one seat, all sessions compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.kernels import sides as codes
from bargain.play.labels import label, short_label
from bargain.play.mixture import Mixture
from bargain.play.responsive import Side
from bargain.play.sides import COMPILED, laid_out, scratch_of, seats_of, side_of
from bargain.search.arena import Arena
from bargain.search.candidates import LONGEST_PROGRAM, Candidates

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fitness:
    """Opponents in one seat, laid out once, to play candidates against.

    Attributes
    ----------
    arena : Arena
    labels : tuple of str
    sides : tuple of Side
        One per opponent.
    rows, worth, least : ndarray, shape (n_opponents, n_rounds)
        What those offer whose course is known, what that is worth to the party undiscounted, and
        the least they accept.
    stays : ndarray of int64, shape (n_opponents,)
        Rounds before an opponent walks away.
    keys : ndarray of int64, shape (n_opponents, n_starts, n_repetitions)
        What draws derive from: the same for all candidates.
    """

    arena: Arena
    labels: tuple[str, ...]
    sides: tuple[Side, ...]
    rows: Integers
    worth: Reals
    least: Reals
    stays: Integers
    keys: Integers

    @classmethod
    def against(
        cls,
        arena: Arena,
        opponents: Sequence[Any],
        keys: Integers | None = None,
        *,
        where: str = "opponents",
    ) -> Fitness:
        """Lay opponents out, called `where` in errors; keys are needed where one of them draws.

        Raises
        ------
        InvalidArgumentError
            If one of them cannot be played by compiled code.
        """
        n_opponents, n_rounds = len(opponents), len(arena.times)
        sides = []
        for i, policy in enumerate(opponents):
            side = None
            if not isinstance(policy, Mixture):
                side = side_of(policy, arena.other, arena.times)
            if side is None:
                got = short_label(policy)
                raise InvalidArgumentError(f"{where}[{i}]: expected {COMPILED}, got {got}")
            sides.append(side)
        rows = np.zeros((n_opponents, n_rounds), dtype=np.int64)
        least = np.full((n_opponents, n_rounds), np.inf)
        stays = np.full(n_opponents, n_rounds)
        for i, side in enumerate(sides):
            if side.rows is not None and side.least is not None:
                rows[i], least[i] = side.rows, side.least
            if side.stays is not None:
                stays[i] = side.stays
        if keys is None:
            keys = np.zeros((n_opponents, len(arena.opens), 1), dtype=np.int64)
        labels = tuple(label(policy) for policy in opponents)
        worth = arena.own.utilities[rows]
        return cls(arena, labels, tuple(sides), rows, worth, least, stays, keys)

    @cached_property
    def paths(self) -> Integers:
        """Opponents whose course is known beforehand."""
        return np.flatnonzero([side.is_path for side in self.sides]).astype(np.int64)

    @cached_property
    def micros(self) -> Integers:
        """Opponents that play MiCRO."""
        return np.flatnonzero([side.rule == codes.MICRO for side in self.sides]).astype(np.int64)

    @cached_property
    def others(self) -> Integers:
        """All other opponents."""
        fast = np.concatenate([self.paths, self.micros])
        return np.setdiff1d(np.arange(len(self.sides)), fast)

    @cached_property
    def seats(self) -> tuple[NDArray[Any], ...]:
        """What the two seats are, as `kernels.table` takes it."""
        arena = self.arena
        views = [arena.own, arena.other] if arena.index == 0 else [arena.other, arena.own]
        return seats_of(views, [Side(codes.ADAPTIVE, pick=codes.KNOWN)])

    @cached_property
    def table(self) -> tuple[NDArray[Any], ...]:
        """The opponents, as `kernels.table` takes them, with room for the programs of candidates:
        codes, params, windows, rows, least, ops, args.
        """
        seats = [1 - self.arena.index] * len(self.sides)
        n_rounds = len(self.arena.times)
        laid = laid_out(self.sides, seats, self.seats[0], self.seats[2], n_rounds)
        ops, args = laid[5:]
        missing = max(LONGEST_PROGRAM - ops.shape[1], 0)
        ops = np.pad(ops, ((0, 0), (0, missing)))
        args = np.pad(args, ((0, 0), (0, missing), (0, 0)))
        return (*laid[:5], ops, args)

    @property
    def sessions_each(self) -> int:
        """Sessions that each candidate plays."""
        return self.keys.size

    @cached_property
    def worths(self) -> Reals:
        """Utilities to (own, other) of each row, and of -1, no agreement: the last."""
        own, other = self.arena.own, self.arena.other
        return np.column_stack(
            [
                np.append(own.utilities, own.reservation),
                np.append(other.utilities, other.reservation),
            ]
        )

    @cached_property
    def own_shares(self) -> Reals:
        """Own shares of each row, and of no agreement, where nobody waits for anything."""
        return self.arena.own.shares(self.worths[:, 0])

    def shares(self, results: Integers) -> Reals:
        """Return what sessions were worth after waiting, as shares of the attainable gain."""
        arena, rounds, rows = self.arena, results[..., 0], results[..., 1]
        if arena.is_patient:
            return self.own_shares[rows]
        own = self.worths[:, 0][rows] * arena.discounts[:, 0][rounds] - arena.paid[:, 0][rounds]
        return arena.own.shares(own)

    def utilities(self, results: Integers) -> Reals:
        """Return utilities after waiting of (own, other), shape (*results.shape[:-1], 2)."""
        return self.arena.delayed(self.worths[results[..., 1]], results[..., 0])

    def bound(self, weights: Reals | None = None) -> float:
        """Return a mean share that no policy can exceed against these opponents.

        Weights of the opponents, 1 on average, shape (n_opponents,); equal by default.

        It is what a party would get that knew each opponent: the best, over the rounds, of what
        the opponent accepts when the party proposes, and of what it offers when it does not.
        Against one whose course is not known, the best of all that it may agree to. One policy
        has to serve against all of them, so it is seldom reached.
        O(n_outcomes log n_outcomes + n_opponents deadline log n_outcomes).
        """
        arena = self.arena
        rounds = np.arange(len(arena.times))
        # Best own utility among outcomes worth at least so much to the other.
        best_own = np.maximum.accumulate(arena.own.utilities[arena.other.order][::-1])[::-1]
        best_own = np.append(best_own, -np.inf)
        known = np.array([side.is_path for side in self.sides])[:, None]
        least = np.where(known, self.least, arena.other.reservation)
        asked = best_own[np.searchsorted(arena.other.ascending, least)]
        last = np.minimum(self.stays, len(rounds) - 1)
        # without an agreement: at the end, or at once by walking away
        kept = arena.own.reservation
        left, paid = arena.discounts[:, 0], arena.paid[:, 0]
        nothing = np.maximum(kept * left[last] - paid[last], kept * left[0] - paid[0])
        playable = rounds < self.stays[:, None]
        shares = []
        for opens in arena.opens:
            mine = (rounds % 2 == 0) == opens
            worth = np.where(mine | ~known, asked, self.worth)
            reached = playable & (worth >= arena.own.reservation)
            # after long waiting nothing is left, and 0 times infinity would be no number
            late = np.where(reached, worth, 0.0) * left - paid
            best = np.where(reached, late, -np.inf).max(axis=1)
            shares.append(arena.own.shares(np.maximum(best, nothing)))
        bounds = np.stack(shares, axis=-1)
        if weights is not None:
            bounds = bounds * weights[:, None]
        return float(bounds.reshape(-1).mean())


@dataclass(frozen=True, eq=False)
class Table:
    """Candidates and opponents in their seats, ready to be played, and what comes of it.

    Attributes
    ----------
    results : ndarray of int64, shape (n_candidates, n_opponents, n_starts, n_repetitions, 2)
        The round in which a session ended, and the row agreed on, -1 for no agreement.
    """

    fitness: Fitness
    candidates: Candidates
    aspirations: Reals
    rows: Integers
    least: Reals
    planned: NDArray[np.bool_]
    known: NDArray[np.bool_]
    results: Integers

    @classmethod
    def of(cls, fitness: Fitness, candidates: Candidates, aspirations: Reals) -> Table:
        """Seat candidates; aspirations (n, n_rounds) as from `kernels.adaptive.fill_curves`."""
        n, n_rounds = aspirations.shape
        return cls(
            fitness,
            candidates,
            np.maximum(aspirations, candidates.least[:, None]),
            np.empty((n, n_rounds), dtype=np.int64),
            np.empty((n, n_rounds)),
            candidates.is_planned,
            ~candidates.responds,
            np.empty((n, *fitness.keys.shape, 2), dtype=np.int64),
        )

    def play(self, start: int, stop: int) -> None:
        """Play the candidates from start to stop; `results` is filled in."""
        from bargain.kernels.adaptive import play_ranked
        from bargain.kernels.sessions import play_paths, tabulate

        fitness, candidates, arena = self.fitness, self.candidates, self.fitness.arena
        own, other = arena.own, arena.other
        choices = own.suited if candidates.pick == codes.KNOWN else own.order
        tabulate(
            start,
            stop,
            self.known,
            self.aspirations,
            candidates.scale,
            candidates.offset,
            candidates.accept_above,
            own.ascending,
            choices,
            own.utilities,
            own.reservation,
            self.rows,
            self.least,
        )
        play_paths(
            start,
            stop,
            self.planned,
            self.rows,
            self.least,
            other.utilities,
            fitness.paths,
            fitness.rows,
            fitness.worth,
            fitness.least,
            fitness.stays,
            arena.opens,
            self.results,
        )
        if fitness.micros.size:
            play_ranked(
                start,
                stop,
                self.planned,
                self.rows,
                self.least,
                own.utilities,
                other.ranking,
                other.utilities,
                other.reservation,
                1 - arena.index,
                fitness.micros,
                arena.opens,
                fitness.keys,
                self.results,
            )
        planned = start + np.flatnonzero(self.planned[start:stop])
        rest = start + np.flatnonzero(~self.planned[start:stop])
        everybody = np.arange(len(fitness.sides))
        for some, against in ((planned, fitness.others), (rest, everybody)):
            if some.size and len(against):
                self._play_at_table(some, against)

    def _play_at_table(self, some: Integers, against: Integers) -> None:
        """Play candidates and opponents, given by their places, by `kernels.table`."""
        from bargain.kernels.table import play_table

        fitness, arena, seats = self.fitness, self.fitness.arena, self.fitness.seats
        n_rounds, me, n_opponents = len(arena.times), arena.index, len(fitness.sides)
        pairs = zip(fitness.table, self._laid(some, fitness.table[5].shape[1]), strict=True)
        sides = tuple(np.concatenate(pair) for pair in pairs)
        _, n_starts, n_repetitions = fitness.keys.shape
        grid = np.indices((len(some), len(against), n_starts, n_repetitions)).reshape(4, -1)
        c, (o, s, t) = grid[0], (against[grid[1]], *grid[2:])
        meetings = np.empty((len(c), 2), dtype=np.int64)
        meetings[:, me], meetings[:, 1 - me] = n_opponents + c, o
        firsts = np.where(arena.opens[s], me, 1 - me).astype(np.int64)
        n_worths = 2 * seats[7][-1] + len(seats[8])
        scratch = scratch_of(sides[0], n_rounds, len(arena.own.utilities), 2, n_worths)
        met = np.empty((len(c), 4), dtype=np.int64)
        given = (meetings, firsts, fitness.keys[o, s, t], 0.0, arena.times)
        kernel: Any = play_table
        kernel(0, len(c), *given, *seats, *sides, *scratch, met)
        self.results[some[c], o, s, t] = met[:, :2]

    def _laid(self, some: Integers, longest: int) -> tuple[NDArray[Any], ...]:
        """Return candidates as `Fitness.table` has opponents."""
        candidates, n_rounds, n = self.candidates, self.aspirations.shape[1], len(some)
        numbers, params = np.zeros((n, 8), dtype=np.int64), np.zeros((n, 5))
        responds, planned = ~self.known[some], self.planned[some]
        lengths, programs, numbers_of = (part[some] for part in candidates.programs())
        numbers[:, codes.RULE] = np.where(responds, codes.ADAPTIVE, codes.PLAN)
        numbers[:, codes.PICK] = np.where(responds, candidates.pick, codes.CLOSEST)
        numbers[:, codes.STAYS] = n_rounds
        numbers[:, codes.N_OPS] = np.where(planned, 0, lengths)
        numbers[:, codes.LOOKS_AHEAD] = ~planned
        window = candidates.accept_from[some] < 1.0
        numbers[:, codes.LOOKS_BACK] = window | (candidates.reciprocity[some] > 0)
        numbers[:, codes.COUNTS] = candidates.matching[some] > 0
        params[:, codes.FLOOR] = candidates.least[some]
        params[:, codes.BAND] = candidates.band[some]
        params[:, codes.RECIPROCITY] = candidates.reciprocity[some]
        params[:, codes.MATCHING] = candidates.matching[some]
        windows = np.zeros((n, n_rounds, 2), dtype=np.int64)
        rows = np.where(responds[:, None], 0, self.rows[some])
        least = np.where(planned[:, None], self.least[some], self.aspirations[some])
        ops, args = np.zeros((n, longest), dtype=np.int64), np.zeros((n, longest, 2))
        ops[:, :LONGEST_PROGRAM], args[:, :LONGEST_PROGRAM] = programs, numbers_of
        return numbers, params, windows, rows, least, ops, args
