"""The Bayesian model: hypotheses about weights and value shapes, weighed by each offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import finite_number, unit_number
from bargain.model.space import OutcomeSpace
from bargain.play.models.estimate import Estimate
from bargain.play.models.model import LearningModel

MOST_PEAKS = 48
"""Most triangular shapes of one issue; beyond it peaks are spread evenly over the values."""


@dataclass(frozen=True, eq=False)
class Belief:
    """What a Bayesian model knows: logarithms of probabilities, each largest one 0.

    Attributes
    ----------
    shapes : tuple of ndarray, one an issue
        The shapes of `value_shapes`.
    of_shapes : tuple of ndarray, one an issue, shape (n_shapes,)
    of_ranks : ndarray, shape (n_issues, n_issues)
        Row i: of issue i having rank 1, ..., n_issues.
    seen : frozenset of tuple of int
        Positions of the outcomes offered so far.
    """

    shapes: tuple[NDArray[np.float64], ...]
    of_shapes: tuple[NDArray[np.float64], ...]
    of_ranks: NDArray[np.float64]
    seen: frozenset[tuple[int, ...]]


@dataclass(frozen=True)
class BayesianModel(LearningModel):
    """Weigh hypotheses about each issue by how well they explain a steady concession.

    Hypotheses about an issue of k values at positions 0, ..., k - 1 (the order of a choice is the
    one it was declared in):

    - its weight is 2 r / (n (n + 1)) for a rank r from 1 to the number of issues n, so that the
      n ranks together have weight 1;
    - its values are worth x / (k - 1) (uphill), 1 - x / (k - 1) (downhill), or rise evenly from 0
      at the first to 1 at a peak p between the ends and fall evenly to 0 at the last
      (triangular), for each p, or 48 of them spread evenly.

    All are equally likely at first. The m-th new outcome that the other side offers is assumed to
    be worth v = max(1 - concession (m - 1), 0) to it, so nothing after about 1 / concession new
    outcomes: long sessions on large spaces need a smaller concession. Outcomes offered before
    teach nothing. The scalable form looks at each issue by itself, with the expectations of what
    it knew before the offer, weights W_j (made to add up to 1) and worths E_j, for the others:

        P(h | offer) is proportional to P(h) exp(-(u_h - v)^2 / (2 spread^2)),

    where u_h = s(x_i) W_i + R for a shape s, and u_h = w E_i(x_i) + (1 - w) R / (1 - W_i) for a
    weight w, with R = sum over j != i of W_j E_j(x_j). The estimate is the expected weights, made
    to add up to 1, and the expected worths. Learning an offer takes O(n_issues^2 + number of
    shapes), and a copy of the list of outcomes seen.

    Parameters
    ----------
    concession : float
        What each new outcome is assumed to give up, in [0, 1].
    spread : float
        Standard deviation around that, finite and > 0.

    References
    ----------
    Hindriks and Tykhonov, "Opponent modelling in automated multi-issue negotiation using Bayesian
    learning", AAMAS 2008, pages 331-338: hypotheses about weights and value shapes, the normal
    likelihood around an assumed concession, and learning issue by issue in its scalable form. We
    use ranks for the weights, all equally likely; a concession of 0.003 and a spread of 0.25, as
    other implementations do; the distance from v as it is, not as a part of v; weights that take
    their share from the others; and we leave out outcomes offered before.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.OutcomeSpace([bg.Issue.integer("a", 0, 2), bg.Issue.integer("b", 0, 2)])
    >>> found = bg.BayesianModel().estimate(space, [[2, 0], [2, 1], [2, 2]])
    >>> found.weights.round(2), found.worths[0].round(2)
    (array([0.65, 0.35]), array([0. , 0.5, 1. ]))
    """

    concession: float = 0.003
    spread: float = 0.25

    def __post_init__(self) -> None:
        concession = unit_number("concession", self.concession, error=InvalidArgumentError)
        object.__setattr__(self, "concession", concession)
        spread = finite_number("spread", self.spread, error=InvalidArgumentError)
        # its square must be a number to divide by
        if not 1e-100 <= spread <= 1e100:
            raise InvalidArgumentError.at("spread", "a number from 1e-100 to 1e100", self.spread)
        object.__setattr__(self, "spread", spread)

    def start(self, space: OutcomeSpace) -> Belief:
        n = len(space.issues)
        shapes = tuple(value_shapes(int(issue.size)) for issue in space.issues)
        of_shapes = tuple(np.zeros(len(issue_shapes)) for issue_shapes in shapes)
        return Belief(shapes, of_shapes, np.zeros((n, n)), frozenset())

    def learned(self, known: Belief, positions: Sequence[int], time: float) -> Belief:
        outcome = tuple(positions)
        if outcome in known.seen:
            return known
        assumed = max(1.0 - self.concession * len(known.seen), 0.0)
        n = len(outcome)
        at = [shapes[:, x] for shapes, x in zip(known.shapes, outcome, strict=True)]
        expected = np.array(
            [_probabilities(log) @ s for log, s in zip(known.of_shapes, at, strict=True)]
        )
        weights = expected_weights(known.of_ranks)
        rest = float(weights @ expected) - weights * expected
        of_shapes = tuple(
            self._weighed(log, weights[i] * at[i] + rest[i], assumed)
            for i, log in enumerate(known.of_shapes)
        )
        ranks = rank_weights(n)
        # with one issue there is one weight, 1, and nothing left for others
        left = np.maximum(1.0 - weights, np.finfo(float).tiny)
        others = rest / left
        told = ranks * expected[:, None] + (1.0 - ranks) * others[:, None]
        of_ranks = self._weighed(known.of_ranks, told, assumed)
        return Belief(known.shapes, of_shapes, of_ranks, known.seen | {outcome})

    def _weighed(
        self, log: NDArray[np.float64], told: NDArray[np.float64], assumed: float
    ) -> NDArray[np.float64]:
        weighed = log - 0.5 * ((told - assumed) / self.spread) ** 2
        return np.asarray(weighed - weighed.max(axis=-1, keepdims=True))

    def read(self, space: OutcomeSpace, known: Belief) -> Estimate:
        pairs = zip(known.of_shapes, known.shapes, strict=True)
        worths = tuple(np.minimum(_probabilities(log) @ shapes, 1.0) for log, shapes in pairs)
        return Estimate(space, expected_weights(known.of_ranks), worths)


def _probabilities(log: NDArray[np.float64]) -> NDArray[np.float64]:
    likely = np.exp(log)
    return np.asarray(likely / likely.sum(axis=-1, keepdims=True), dtype=np.float64)


def rank_weights(n: int) -> NDArray[np.float64]:
    """Return the weights of the ranks 1, ..., n, adding up to 1: 2 r / (n (n + 1))."""
    return np.arange(1.0, n + 1.0) * (2.0 / (n * (n + 1)))


def expected_weights(of_ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the expected weight of each issue, made to add up to 1, shape (n_issues,)."""
    expected = _probabilities(of_ranks) @ rank_weights(len(of_ranks))
    return np.asarray(expected / expected.sum(), dtype=np.float64)


@lru_cache(maxsize=64)
def value_shapes(size: int) -> NDArray[np.float64]:
    """Return what each hypothesis says the values of an issue are worth, (n_shapes, size).

    Uphill, downhill, then the triangles by peak. A single value is worth 1.
    """
    if size == 1:
        shapes = np.ones((1, 1))
    else:
        x = np.arange(size, dtype=np.float64)
        last = size - 1
        inner = np.arange(1, last)
        if len(inner) > MOST_PEAKS:
            inner = np.unique(np.linspace(1, last - 1, MOST_PEAKS).round().astype(np.int64))
        rows = [x / last, 1.0 - x / last]
        rows += [np.minimum(x / peak, (last - x) / (last - peak)) for peak in inner.tolist()]
        shapes = np.array(rows)
    shapes.setflags(write=False)
    return shapes
