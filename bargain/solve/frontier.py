"""The Pareto frontier: what nobody can improve on without somebody losing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem, Outcome
from bargain.model.arrays import frozen
from bargain.model.given import check_problem
from bargain.model.numbers import inner_number, whole_number
from bargain.solve.additive_frontier import FoldedFrontier, folded_frontier
from bargain.solve.agreeable import agreeable_utilities, original_rows, outcome_counts
from bargain.solve.arc_set import ArcSet, SampledArcs, sampled
from bargain.solve.certificate import RANGES, Certificate
from bargain.solve.chain_set import ChainSet, chain_set
from bargain.solve.claims import EfficientPoints
from bargain.solve.enumerated import efficient_rows, rational_rows
from bargain.solve.feasible import feasible_set, seconds_given
from bargain.solve.program_frontier import ProgramFrontier, program_frontier
from bargain.solve.refusals import refuse_chain, refuse_frontier
from bargain.solve.solution import Lottery, Solution, certain
from bargain.solve.structure import is_enumerable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.solve.verify import Verification

Source = NDArray[np.intp] | ChainSet | SampledArcs | FoldedFrontier | ProgramFrontier


@dataclass(frozen=True, eq=False, repr=False)
class Frontier:
    """The efficient, individually rational part of what can be agreed.

    Attributes
    ----------
    utilities : ndarray, shape (n, n_parties)
        Best for the first party first. When `is_chain`, these are the corners of a frontier that
        runs straight between neighbours, and of curved value functions points so near to one
        another that straight lines between them are as good for each party to within the
        certificate's gap, a share of its range on the frontier; otherwise they are all there is.
    is_chain : bool
        Whether everything between neighbouring points can be agreed too (continuous issues, or
        lotteries).
    problem : BargainingProblem
    certificate : Certificate
    """

    utilities: NDArray[np.float64]
    is_chain: bool
    problem: BargainingProblem
    certificate: Certificate
    _source: Source

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.utilities)

    def __repr__(self) -> str:
        """Show the size and the parties."""
        what = "corners" if self.is_chain else "outcomes"
        what = "points" if isinstance(self._source, SampledArcs) else what
        return f"<Frontier: {len(self)} {what}; {' | '.join(self.problem.parties)}>"

    def __str__(self) -> str:
        """Show the first points as a table."""
        shown = 12
        width = [max(len(name), 12) for name in self.problem.parties]
        rows = [[name.rjust(w) for name, w in zip(self.problem.parties, width, strict=True)]]
        for point in self.utilities[:shown]:
            rows.append([f"{u:{w}.6g}" for u, w in zip(point, width, strict=True)])
        lines = [repr(self)[1:-1], *("  ".join(row) for row in rows)]
        if len(self) > shown:
            lines.append(f"... {len(self) - shown} more")
        return "\n".join(lines)

    @property
    def gains(self) -> NDArray[np.float64]:
        """Utilities minus the disagreement point, shape (n, n_parties)."""
        return self.utilities - self.problem.disagreement_point

    @property
    def rows(self) -> NDArray[np.intp] | None:
        """Rows of the outcomes in a finite space without lotteries; None otherwise.

        None too where the space has more rows than an int64 can count.
        """
        if isinstance(self._source, FoldedFrontier | ProgramFrontier):
            return self._source.rows(self.problem)
        return self._source if isinstance(self._source, np.ndarray) else None

    @property
    def lotteries(self) -> Sequence[Lottery]:
        """What is agreed at each point, as lotteries, made when asked for."""
        return _Lazy(self)

    @property
    def outcomes(self) -> Sequence[Outcome | None]:
        """The outcome at each point, made when asked for; None where it takes a lottery."""
        return _LazyOutcomes(self)

    def plot(self, *solutions: Solution, ax: Axes | None = None) -> Axes:
        """Draw the frontier of two parties, with solutions marked; needs matplotlib."""
        from bargain.plot import plot_frontier

        return plot_frontier(self, solutions, ax=ax)

    def verify(self) -> Verification:
        """Check the points and, as far as that can be told, that none is missing.

        See `Certificate.verify`; the points checked are the ones held here.
        """
        claim = self.certificate.claim
        if isinstance(claim, EfficientPoints):
            claim = replace(claim, problem=self.problem, utilities=self.utilities)
        return replace(self.certificate, claim=claim).verify()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        outcomes = [None if outcome is None else dict(outcome) for outcome in self.outcomes]
        return {
            "parties": list(self.problem.parties),
            "is_chain": self.is_chain,
            "points": [
                {"utilities": utilities, "outcome": outcome}
                for utilities, outcome in zip(self.utilities.tolist(), outcomes, strict=True)
            ],
            "certificate": self.certificate.to_dict(),
        }

    def _lottery(self, position: int) -> Lottery:
        return _lottery_at(self.problem, self._source, position)


class _Lazy(Sequence[Lottery]):
    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier

    def __len__(self) -> int:
        return len(self._frontier)

    @overload
    def __getitem__(self, index: int) -> Lottery: ...
    @overload
    def __getitem__(self, index: slice) -> list[Lottery]: ...
    def __getitem__(self, index: int | slice) -> Lottery | list[Lottery]:
        if isinstance(index, slice):
            return [self._frontier._lottery(i) for i in range(len(self))[index]]
        return self._frontier._lottery(range(len(self))[index])


class _LazyOutcomes(Sequence["Outcome | None"]):
    def __init__(self, frontier: Frontier) -> None:
        self._lotteries = frontier.lotteries

    def __len__(self) -> int:
        return len(self._lotteries)

    @overload
    def __getitem__(self, index: int) -> Outcome | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[Outcome | None]: ...
    def __getitem__(self, index: int | slice) -> Outcome | list[Outcome | None] | None:
        if isinstance(index, slice):
            return [_certain_outcome(lottery) for lottery in self._lotteries[index]]
        return _certain_outcome(self._lotteries[index])


def _lottery_at(problem: BargainingProblem, source: Source, position: int) -> Lottery:
    if isinstance(source, ChainSet):
        return source.lottery(float(source.positions[::-1][position]))
    if isinstance(source, SampledArcs):
        return source.lottery(len(source.places) - 1 - position)
    if isinstance(source, FoldedFrontier | ProgramFrontier):
        return certain(source.outcome(problem, position))
    return certain(problem.space.outcome(int(source[position])))


def _certain_outcome(lottery: Lottery) -> Outcome | None:
    return lottery[0][0] if len(lottery) == 1 else None


def pareto_frontier(
    problem: BargainingProblem,
    *,
    lotteries: bool = False,
    individually_rational: bool = True,
    keep_duplicates: bool = False,
    epsilon: float | None = None,
    max_labels: int | None = None,
    time_limit: float | None = None,
) -> Frontier:
    """Return the Pareto frontier: efficient outcomes that give everybody its disagreement utility.

    An outcome is feasible if it breaks no constraint, and efficient if no feasible outcome is at
    least as good for every party and better for one. Utilities are compared exactly in float64:
    two outcomes that differ in the last bit are different.

    Parameters
    ----------
    problem : BargainingProblem
        Finite (any number of parties), or continuous with two parties and concave value functions.
    lotteries : bool
        Take the frontier of the convex hull (two parties): its corners, straight in between.
    individually_rational : bool
        Leave out what gives somebody less than its disagreement utility. False only for finite
        problems without lotteries.
    keep_duplicates : bool
        Keep all outcomes with the same utilities instead of the lowest row (finite problems
        that can be enumerated, without lotteries).
    epsilon : float, optional
        In (0, 1). What to be content with where a finite space is too large both to enumerate
        and for `max_labels`: outcomes such that each individually rational outcome is matched by
        one that gives each party at most epsilon less, as a share of the distance between the
        party's best and worst utility. With three and more parties this holds for the outcomes
        that give everybody at least so much more than its disagreement utility. The certificate
        says so (kind "gap"); otherwise the frontier is exact.
    max_labels : int, optional
        Most labels, over all issues, that the exact frontier of a space too large to enumerate
        may take, about 5 bytes each. By default 50 million; 3 million with epsilon; 500,000 with
        three and more parties.
    time_limit : float, optional
        Seconds that integer programs may take: finite spaces of two parties too large to
        enumerate with constraints, ceilings, or worths of several issues together. A minute by
        default. Out of time, what was found is returned, and the certificate says what is not
        proven; with `epsilon` they stop as soon as that is reached.

    Returns
    -------
    Frontier

    Raises
    ------
    NoAgreementZoneError
        If nothing is individually rational.
    InfeasibleProblemError
        If no outcome meets the constraints.
    UnsupportedProblemError
        For a frontier that is not a list of points or a chain: continuous issues or lotteries
        with three and more parties, and choices mixed with continuous issues without lotteries.
    TooLargeError
        If more than `max_labels` are needed and no epsilon is given, or none helps.
    NotConcaveError

    Notes
    -----
    Finite: O(n log n) for two parties. Up to 20 million utilities (outcomes times parties) all
    outcomes are enumerated, and of outcomes with equal utilities the lowest row is named. Beyond,
    issues are folded one by one and what is dominated so far is dropped, so where the frontier
    is small a space of 10^40 outcomes takes milliseconds. The utilities are the same to the last
    bit; of outcomes with equal utilities one is named, always the same. Continuous or lotteries:
    the corners of the issues, sorted by slope, so a space of 10^400 outcomes takes milliseconds.
    Curved value functions: corners are exact, and arcs are sampled until straight lines between
    neighbouring points lie within 1e-4 of each party's range of the frontier; the certificate
    holds the largest distance, which is proven.

    Examples
    --------
    >>> import bargain as bg
    >>> frontier = bg.pareto_frontier(bg.load("bill_and_jack"))
    >>> frontier.gains.tolist()
    [[18.0, 0.0], [16.0, 2.0], [14.0, 4.0], [12.0, 5.0], [8.0, 6.0], [6.0, 7.0], [2.0, 8.0]]
    """
    check_problem(problem)
    if epsilon is not None:
        epsilon = inner_number("epsilon", epsilon, error=InvalidArgumentError)
    if max_labels is not None:
        max_labels = whole_number("max_labels", max_labels, at_least=1, error=InvalidArgumentError)
    time_limit = seconds_given(time_limit)
    refuse_chain(
        problem,
        lotteries=lotteries,
        individually_rational=individually_rational,
        duplicates=keep_duplicates,
    )
    refuse_frontier(problem, lotteries=lotteries)
    if problem.space.is_finite and not lotteries:
        if is_enumerable(problem):
            return _enumerated(problem, individually_rational, keep_duplicates)
        # folding takes ceilings too: they never decrease
        if problem.constraints or not problem.is_additive:
            programmed = program_frontier(
                problem,
                individually_rational=individually_rational,
                epsilon=epsilon or 0.0,
                time_limit=time_limit,
            )
            certificate = programmed.certificate
            points = programmed.utilities
            return _claimed(
                problem, points, certificate, programmed, rational=individually_rational
            )
        folded = folded_frontier(
            problem,
            individually_rational=individually_rational,
            epsilon=epsilon,
            max_labels=max_labels,
        )
        return _claimed(
            problem, folded.utilities, folded.certificate, folded, rational=individually_rational
        )
    feasible = chain_set(problem)
    if isinstance(feasible, ArcSet):
        arcs = sampled(feasible)
        method = "corners, and points on arcs"
        kind: Literal["exact", "gap"] = "gap" if arcs.gap > 0 else "exact"
        certificate = Certificate(
            kind,
            method,
            arcs.gap,
            {"points": len(arcs.places)},
            unit=f"{RANGES}, of lines between neighbours",
        )
        return Frontier(_contiguous(arcs.utilities[::-1]), True, problem, certificate, arcs)
    certificate = Certificate(
        "exact", "hull edges sorted by slope", 0.0, {"corners": len(feasible.positions)}
    )
    return _claimed(problem, feasible.utilities[::-1], certificate, feasible)


def ideal_point(
    problem: BargainingProblem, *, lotteries: bool = False, time_limit: float | None = None
) -> NDArray[np.float64]:
    """Return each party's best utility among individually rational outcomes, shape (n_parties,).

    Kalai & Smorodinsky (1975) take the best each party can have when nobody gets less than its
    disagreement utility; so it is here. `time_limit` is what integer programs may take, as in
    `nash_solution`.

    Raises
    ------
    NoAgreementZoneError, InfeasibleProblemError, NotConcaveError, TooLargeError,
    UnsupportedProblemError, ConvergenceError

    Examples
    --------
    >>> import bargain as bg
    >>> bg.ideal_point(bg.load("bill_and_jack"))
    array([30., 14.])
    """
    check_problem(problem)
    gains = feasible_set(problem, lotteries=lotteries, time_limit=time_limit).ideal_gains()
    return _contiguous(problem.disagreement_point + gains)


def _enumerated(
    problem: BargainingProblem, individually_rational: bool, keep_duplicates: bool
) -> Frontier:
    utilities = problem.utilities()
    if individually_rational:
        candidates = rational_rows(problem)
        rows = candidates[efficient_rows(utilities[candidates], keep_duplicates=keep_duplicates)]
    else:
        agreeable = agreeable_utilities(problem)
        rows = efficient_rows(agreeable, keep_duplicates=keep_duplicates)
        rows = original_rows(problem, rows)
    evidence = {**outcome_counts(problem), "efficient": len(rows)}
    certificate = Certificate("exact", "enumeration of all outcomes", 0.0, evidence)
    return _claimed(problem, utilities[rows], certificate, rows, rational=individually_rational)


def _claimed(
    problem: BargainingProblem,
    utilities: NDArray[np.float64],
    certificate: Certificate,
    source: Source,
    *,
    rational: bool = True,
) -> Frontier:
    """Return the frontier, with what is claimed of it in its certificate."""
    is_chain = isinstance(source, ChainSet)
    points = _contiguous(utilities)
    at = partial(_lottery_at, problem, source)
    claim = EfficientPoints(problem, points, at, is_chain, rational)
    return Frontier(points, is_chain, problem, replace(certificate, claim=claim), source)


def _contiguous(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return frozen(np.ascontiguousarray(array))
