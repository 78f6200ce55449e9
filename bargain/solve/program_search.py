"""Best outcomes by integer programs, each answer evaluated again by the problem itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError
from bargain.model import BargainingProblem, Outcome
from bargain.solve.encoding import Encoding
from bargain.solve.integer_program import Affine, Hood
from bargain.solve.steps import common_step
from bargain.solve.structure import sum_bounds

TIME_LIMIT = 60.0
"""Seconds that integer programs may take for an answer, where nobody says."""

RELIABLE = 1e-6
"""The least gap that is ever stated: HiGHS takes rows as met, and whole numbers as whole, to within
this, so its bounds can be wrong by as much. Gains are counted in shares of a party's range."""

CLOSE = 1e-7
"""Gap at which tangents are good enough."""

INSIDE = 1e-9
"""Share of a range by which the linear program over continuous issues stays above a floor, so that
rounding does not take the outcome below it."""

PASSED = 1e-8
"""Excess over a curve from which on it gets another tangent."""

STALL, PATIENCE = 1e-9, 3
"""Where neither bound nor outcome improves by so much, so many times, tangents no longer help."""

ROUNDS = 500
"""Most programs for one answer."""

Score = Callable[[NDArray[np.float64]], float]


@dataclass(frozen=True, eq=False)
class Known:
    """An outcome that breaks no constraint and no floor, with its exact utilities."""

    outcome: Outcome
    utilities: NDArray[np.float64]
    gains: NDArray[np.float64]
    point: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Found:
    """What a maximisation ended with.

    Attributes
    ----------
    best : Known or None
        The best outcome found, this time.
    bound : float
        No outcome scores more, to within `RELIABLE`; -inf where there is none.
    is_done : bool
        Whether the search ended by itself, with best close to bound, or with a proof that there
        is nothing.
    """

    best: Known | None
    bound: float
    is_done: bool


class ProgramSearch:
    """A problem as an integer program in gains, shares of each party's range.

    Attributes
    ----------
    gains : list of Affine
        One column a party; its lower bound is the party's floor.
    scale : ndarray, shape (n_parties,)
        Utilities per share.
    highest : ndarray, shape (n_parties,)
        Bounds on the gains from above.
    steps : ndarray, shape (n_parties,)
        What different utilities of a party differ by at least; infinity where that is not known.
    known : list of Known
        All that was found, individually rational at the floors of that time.
    """

    def __init__(self, problem: BargainingProblem, *, time_limit: float | None = None) -> None:
        self.problem = problem
        self.deadline = monotonic() + (TIME_LIMIT if time_limit is None else time_limit)
        self.encoding = Encoding.of(problem)
        self.program = self.encoding.program
        n = problem.n_parties
        self.scale, lowest, self.highest = np.ones(n), np.zeros(n), np.zeros(n)
        self.gains: list[Affine] = []
        self.floors = np.full(n, -np.inf)
        for i in range(n):
            utility = self.encoding.utility(i)
            low, high = sum_bounds(self.encoding.forms[i])
            if high > low:
                self.scale[i] = high - low
            elif high != 0.0:
                self.scale[i] = abs(high)
            point = float(problem.disagreement_point[i])
            # bounds are sums in another order than the program's: room for rounding
            room = INSIDE * max(1.0, abs(low) / self.scale[i], abs(high) / self.scale[i])
            lowest[i] = (low - point) / self.scale[i] - room
            self.highest[i] = (high - point) / self.scale[i] + room
            gain = self.program.column(lowest[i], self.highest[i])
            self.program.row((utility - point) * (1.0 / self.scale[i]) - gain, at_least=0.0)
            self.gains.append(gain)
        self._lowest = lowest
        steps = [
            common_step(form) if problem.space.is_finite else None for form in self.encoding.forms
        ]
        self.steps = np.array([np.inf if step is None else step for step in steps])
        self.known: list[Known] = []
        self.programs = 0

    @property
    def time_left(self) -> float:
        """Seconds until the deadline; 0 afterwards."""
        return max(self.deadline - monotonic(), 0.0)

    def ask(self, floors: NDArray[np.float64]) -> None:
        """Demand utilities of at least so much, exactly; -inf where nothing is demanded."""
        self.floors = floors
        gains = (floors - self.problem.disagreement_point) / self.scale
        for i, lower in enumerate(np.maximum(gains, self._lowest).tolist()):
            (column,) = self.gains[i].parts
            self.program.lower[column] = min(lower, self.program.upper[column] + 1.0)

    def beyond(self, known: Known) -> bool:
        """Demand that somebody has more than at an outcome; False if steps are not known."""
        if not np.isfinite(self.steps).all():
            return False
        better = []
        for gain, own, half in zip(
            self.gains, known.gains, self.steps / self.scale / 2.0, strict=True
        ):
            (column,) = gain.parts
            lower = self.program.lower[column]
            if own + half > self.program.upper[column]:
                continue
            more = self.program.binary()
            self.program.row(gain - more * (own + half - lower), at_least=lower)
            better.append((more, 1.0))
        self.program.row(Affine.total(better), at_least=1.0)
        return True

    def undecided(self) -> ConvergenceError:
        """Return the error for a search that ended with neither an outcome nor a proof."""
        return ConvergenceError(
            "expected an outcome or a proof that there is none within the time limit, got "
            "neither; allow more time (time_limit)"
        )

    def is_out_of_reach(self) -> bool:
        """Whether a floor is above what its party can have at all."""
        columns = [next(iter(gain.parts)) for gain in self.gains]
        return any(self.program.lower[c] > self.program.upper[c] for c in columns)

    def maximize(
        self,
        objective: Affine,
        score: Score,
        *,
        hoods: Sequence[Hood] = (),
        share: float = 1.0,
        enough: float = -np.inf,
        is_feasible: bool = False,
    ) -> Found:
        """Maximise a non-decreasing function of the gains.

        Parameters
        ----------
        objective : Affine
            At most the score, once curves have enough tangents.
        score : callable
            The exact value of an outcome's gains.
        hoods : sequence of Hood
            Curves that the objective adds to the encoding's.
        share : float
            Of the time left that may be taken.
        enough : float
            Stop as soon as the bound is proven to be below.
        is_feasible : bool
            Whether an outcome that meets everything that is asked is known.
        """
        if self.is_out_of_reach():
            return Found(None, -np.inf, True)
        deadline = monotonic() + share * self.time_left
        curves = [*self.encoding.hoods, *hoods]
        best, value, bound = None, -np.inf, np.inf
        stalled = 0
        for _ in range(ROUNDS):
            answer = self.program.maximize(
                objective, time_limit=deadline - monotonic(), is_feasible=is_feasible
            )
            self.programs += 1
            if answer.status == "infeasible":
                # but for what was excluded, which is counted already
                return Found(best, value, True)
            stalled = stalled + 1 if answer.bound > bound - STALL else 0
            bound = max(min(bound, answer.bound), value)
            if bound < enough:
                return Found(best, bound, True)
            if answer.point is None:
                return Found(best, bound, False)
            point = self._settled(answer.point, objective, curves)
            known = self._judged(point)
            bent = self._bend(curves, point) | self._bend(curves, answer.point)
            if known is None:
                if not bent:
                    is_feasible = False
                    if not self.encoding.exclude(point):
                        return Found(best, bound, False)
            elif score(known.gains) > value:
                stalled = stalled if score(known.gains) < value + STALL else 0
                best, value = known, score(known.gains)
            if value > -np.inf and bound - value <= CLOSE * max(1.0, abs(value)):
                return Found(best, bound, True)
            if answer.status == "stopped" or monotonic() > deadline:
                return Found(best, bound, False)
            if known is not None and (not bent or stalled >= PATIENCE):
                # the program and the outcome differ by the solver's tolerance only
                return Found(best, bound, bound - value <= RELIABLE * max(1.0, abs(value)))
        return Found(best, bound, False)

    def _settled(
        self, point: NDArray[np.float64], objective: Affine, curves: Sequence[Hood]
    ) -> NDArray[np.float64]:
        """Return the point with what is continuous chosen again, to the last digits."""
        if self.problem.space.is_finite:
            return point
        columns = [next(iter(gain.parts)) for gain in self.gains]
        before = [self.program.lower[column] for column in columns]
        found = None
        for margin in (INSIDE, PASSED * (1 + len(curves)), 0.0):
            tried = None
            for column, lower in zip(columns, before, strict=True):
                self.program.lower[column] = min(lower + margin, self.program.upper[column])
            for _ in range(ROUNDS):
                moved = self.program.maximize_around(objective, point)
                if moved is None:
                    break
                tried = moved
                if not self._bend(curves, tried):
                    break
            if tried is not None and (found is None or self._meets(tried)):
                found = tried
            if found is not None and self._meets(found):
                # what passes a curve by less than `PASSED` may be as much below a floor
                break
        for column, lower in zip(columns, before, strict=True):
            self.program.lower[column] = lower
        return point if found is None else found

    def _meets(self, point: NDArray[np.float64]) -> bool:
        """Whether the outcome at a point meets the floors and the constraints."""
        outcome = self.encoding.outcome(point)
        is_enough = (self.problem.evaluate(outcome) >= self.floors).all()
        return bool(is_enough and not self.problem.broken_by(outcome))

    def _bend(self, curves: Sequence[Hood], point: NDArray[np.float64]) -> bool:
        """Add tangents where a point passes curves."""
        passed = [curve for curve in curves if curve.excess(point) > PASSED]
        for curve in passed:
            curve.bend(self.program, point)
        return bool(passed)

    def _judged(self, point: NDArray[np.float64]) -> Known | None:
        """Return the outcome at a point, or None if it breaks a constraint or a floor."""
        outcome = self.encoding.outcome(point)
        utilities = self.problem.evaluate(outcome)
        if self.problem.broken_by(outcome) or not (utilities >= self.floors).all():
            return None
        gains = (utilities - self.problem.disagreement_point) / self.scale
        known = Known(outcome, utilities, gains, point)
        self.known.append(known)
        return known
