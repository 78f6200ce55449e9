"""What the issues weigh, from choices between packages and from swings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import ConvergenceError, InvalidArgumentError
from bargain.model import AdditiveUtility, Issue, OutcomeSpace
from bargain.model.numbers import finite_number
from bargain.model.utilities import Term
from bargain.model.values import ValueFunction

Reals = NDArray[np.float64]

CLEAR = 0.05
"""Least difference that a choice should make, in parts of the whole, as far as answers allow."""

TOLERANCE = 1e-6
"""What counts as no contradiction, in parts of the whole."""


@dataclass(frozen=True)
class Contradiction:
    """A choice that the weights found do not explain.

    Attributes
    ----------
    choice : its position
    by : how much more the package not chosen is worth, in parts of the whole
    """

    choice: int
    by: float


@dataclass(frozen=True)
class ElicitedWeights:
    """Weights that explain the answers as well as can be.

    Attributes
    ----------
    utility : the values with the weights found: 0 for the worst of everything less the offset that
        the values have, and 1 more for the best
    shares : how much of the whole each issue moves, from its worst to its best value; sum to 1
    ranges : least and largest share that explains the choices as well, by issue; (0, 1) says that
        they do not tell. Swings are not counted in.
    inconsistency : least sum, over all choices, of what contradicts them, in parts of the whole: 0
        if some weights explain every choice
    contradictions : the choices that are not explained by the weights found
    swings_contradict : positions of choices that the swings alone would decide otherwise
    """

    utility: AdditiveUtility
    shares: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    inconsistency: float
    contradictions: tuple[Contradiction, ...]
    swings_contradict: tuple[int, ...]

    @property
    def weights(self) -> dict[str, float]:
        """The weight of each issue, as `AdditiveUtility` takes it."""
        return dict(self.utility.weights)

    @property
    def is_consistent(self) -> bool:
        """Whether some weights explain every choice, and the swings do not contradict any."""
        return self.inconsistency == 0 and not self.swings_contradict

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "weights": self.weights,
            "shares": dict(self.shares),
            "ranges": {name: list(ends) for name, ends in self.ranges.items()},
            "inconsistency": self.inconsistency,
            "contradictions": [asdict(entry) for entry in self.contradictions],
            "swings_contradict": list(self.swings_contradict),
        }

    def __str__(self) -> str:
        """Show shares with their ranges, and what contradicts."""
        lines = [
            f"{name}: {share:.1%} of the whole (from {low:.1%} to {high:.1%})"
            for (name, share), (low, high) in zip(
                self.shares.items(), self.ranges.values(), strict=True
            )
        ]
        lines += [
            f"choice {entry.choice} is contradicted by {entry.by:.1%} of the whole"
            for entry in self.contradictions
        ]
        lines += [f"choice {choice} contradicts the swings" for choice in self.swings_contradict]
        return "\n".join(lines)


def elicit_weights(
    issues: OutcomeSpace | Iterable[Issue],
    values: Mapping[str, ValueFunction | Mapping[Any, float]],
    *,
    choices: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]] = (),
    swings: Mapping[str, float] | None = None,
) -> ElicitedWeights:
    """Return weights of issues that explain a party's answers as well as can be.

    Two kinds of answers. *Choices*: of two packages, which is preferred; those say something that
    are hard to make. *Swings* (von Winterfeldt and Edwards 1986): with everything at its worst,
    how many points is it worth to bring one issue to its best, 100 for the most important.

    Choices are explained with the least total error, as in UTA (Jacquet-Lagreze and Siskos 1982,
    "Assessing a set of additive utility functions for multicriteria decision-making", European
    Journal of Operational Research 10); among the weights that do, those are taken that make
    every explained choice a clear one, up to half of what is possible, and are nearest to the
    swings, or to equal shares without swings. Three small convex programs, and two linear ones an
    issue for the ranges.

    Parameters
    ----------
    issues : OutcomeSpace or iterable of Issue
    values : mapping from issue name to value function
        What the values of each issue are worth among themselves, as for `AdditiveUtility`.
    choices : sequence of (preferred, other)
        Mappings from issues to values, both over the same issues; the other issues are the same
        in both, whatever they are.
    swings : mapping from issue name to points, optional
        Finite, >= 0, one for each issue whose values differ.

    Raises
    ------
    InvalidArgumentError, InvalidOutcomeError, InvalidProblemError
        Naming the answer that is wrong.
    ConvergenceError
        If a solver fails.

    Examples
    --------
    >>> import bargain as bg
    >>> issues = [bg.Issue.continuous("price", 80, 120), bg.Issue.integer("payment", 30, 90)]
    >>> values = {"price": bg.Linear(1, 0), "payment": bg.Linear(0, 1)}
    >>> bg.elicit_weights(issues, values, swings={"price": 100, "payment": 25}).shares
    {'price': 0.8, 'payment': 0.2}
    >>> found = bg.elicit_weights(
    ...     issues,
    ...     values,
    ...     choices=[
    ...         ({"price": 100, "payment": 30}, {"price": 110, "payment": 60}),
    ...     ],
    ... )
    >>> [round(end, 3) for end in found.ranges["price"]]
    [0.667, 1.0]
    """
    space = issues if isinstance(issues, OutcomeSpace) else OutcomeSpace(issues)
    plain = AdditiveUtility(values)
    plain.check(space)
    terms = plain.terms(space)
    spans = np.array([float(np.ptp(term.worths)) for term in terms])
    asked = [k for k, span in enumerate(spans) if span > 0]
    if not asked:
        raise InvalidArgumentError.at("values", "an issue whose values differ", dict(values))
    names = [space.issues[k].name for k in asked]
    rows = [
        _difference(space, terms, spans, f"choices[{i}]", choice)
        for i, choice in enumerate(choices)
    ]
    differences = np.reshape(rows, (-1, len(spans)))[:, asked]
    target, told = _target(names, swings)
    shares, inconsistency, ranges = _fitted(differences, target)
    worths = differences @ shares
    swung = differences @ target if told else np.empty(0)
    weights = {issue.name: 0.0 for issue in space.issues}
    weights |= {
        name: float(share / spans[k]) for name, share, k in zip(names, shares, asked, strict=True)
    }
    return ElicitedWeights(
        utility=AdditiveUtility(values, weights),
        shares={name: float(share) for name, share in zip(names, shares, strict=True)},
        ranges=dict(zip(names, ranges, strict=True)),
        inconsistency=inconsistency,
        contradictions=tuple(
            Contradiction(int(i), float(-worths[i])) for i in np.flatnonzero(worths < -TOLERANCE)
        ),
        swings_contradict=tuple(int(i) for i in np.flatnonzero(swung < -TOLERANCE)),
    )


def _difference(
    space: OutcomeSpace, terms: Sequence[Term], spans: Reals, where: str, choice: Any
) -> Reals:
    """Return what speaks for the preferred package, issue by issue, in parts of each span."""
    pair = isinstance(choice, Sequence) and not isinstance(choice, str) and len(choice) == 2
    if not pair or not all(isinstance(package, Mapping) for package in choice):
        raise InvalidArgumentError.at(where, "two packages, (preferred, other)", choice)
    preferred, other = choice
    if set(preferred) != set(other):
        raise InvalidArgumentError.at(where, "two packages over the same issues", choice)
    unknown = set(preferred) - set(space.names)
    if unknown:
        raise InvalidArgumentError.at(
            where, f"only the issues {', '.join(space.names)}", min(unknown, key=str)
        )
    row = np.zeros(len(spans))
    for k, (issue, term) in enumerate(zip(space.issues, terms, strict=True)):
        if issue.name in preferred and spans[k] > 0:
            better, worse = (_worth(issue, term, package[issue.name]) for package in choice)
            row[k] = (better - worse) / spans[k]
    return row


def _worth(issue: Issue, term: Term, value: Any) -> float:
    if issue.is_finite:
        return float(term.worths[issue.index(value)])
    return float(term.at(np.array(issue.normalize(value), dtype=np.float64)))


def _target(names: Sequence[str], swings: Mapping[str, float] | None) -> tuple[Reals, bool]:
    """Return the shares that swings say, and whether there are any; equal ones otherwise."""
    if swings is None:
        return np.full(len(names), 1.0 / len(names)), False
    if not isinstance(swings, Mapping) or set(swings) != set(names):
        raise InvalidArgumentError.at("swings", f"points for {', '.join(names)}", swings)
    points = np.array(
        [
            finite_number(f"swings[{name!r}]", swings[name], at_least=0, error=InvalidArgumentError)
            for name in names
        ]
    )
    if not points.max() > 0:
        raise InvalidArgumentError.at("swings", "points above 0 for some issue", dict(swings))
    points = points / points.max()
    return points / points.sum(), True


def _fitted(differences: Reals, target: Reals) -> tuple[Reals, float, list[tuple[float, float]]]:
    """Return the shares, the least total error, and the range of each share."""
    n = len(target)
    if not len(differences):
        return target, 0.0, [(0.0, 1.0)] * n
    import cvxpy as cp

    shares = cp.Variable(n, nonneg=True)
    errors = cp.Variable(len(differences), nonneg=True)
    is_whole = [cp.sum(shares) == 1]
    explained = differences @ shares + errors
    least = _solved(cp.Problem(cp.Minimize(cp.sum(errors)), [*is_whole, explained >= 0]))
    inconsistency = 0.0 if least < TOLERANCE else least
    # rounding of the first program must not make the next ones infeasible
    kept = [*is_whole, cp.sum(errors) <= inconsistency + TOLERANCE / 10]
    margin = cp.Variable()
    clear = [*kept, explained >= margin, margin <= CLEAR]
    most = max(_solved(cp.Problem(cp.Maximize(margin), clear)), 0.0)
    nearest = cp.Minimize(cp.sum_squares(shares - target))
    _solved(cp.Problem(nearest, [*kept, explained >= most / 2]))
    found = np.maximum(np.asarray(shares.value), 0.0)
    ranges = []
    for k in range(n):
        ends = (
            _solved(cp.Problem(end(shares[k]), [*kept, explained >= 0]))
            for end in (cp.Minimize, cp.Maximize)
        )
        low, high = (float(np.clip(end, 0.0, 1.0)) for end in ends)
        ranges.append((min(low, high), max(low, high)))
    return found / found.sum(), inconsistency, ranges


def _solved(program: Any) -> float:
    """Return the optimum of a convex program."""
    import cvxpy as cp

    try:
        program.solve(solver=cp.CLARABEL)
    except cp.SolverError as error:
        raise ConvergenceError(f"elicit_weights: {error}") from error
    if program.status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
        raise ConvergenceError.at("elicit_weights", "an optimum", program.status)
    return float(program.value)
