"""How good an estimate of the other side is, where the truth is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError, shown
from bargain.model.given import check_problem
from bargain.model.numbers import whole_number
from bargain.model.problem import BargainingProblem
from bargain.model.space import OutcomeSpace, Seed, generator_from, rows_at
from bargain.model.utilities import AdditiveUtility, Utility
from bargain.play.models.estimate import read_offers
from bargain.play.models.model import LearningModel, OpponentModel, check_model, estimated
from bargain.play.offers import Offer

MOST_COMPARED = 20_000
"""Most outcomes compared; of a larger space, this many are drawn."""


@dataclass(frozen=True, eq=False)
class ModelScore:
    """How near a model came to the truth, after some numbers of offers.

    Attributes
    ----------
    n_offers : ndarray of int, shape (n,)
        How many offers the model had seen.
    rank_correlation : ndarray, shape (n,)
        Spearman's, of estimate and truth over the outcomes compared, in [-1, 1]: 1 if they order
        outcomes alike. 0 where either is the same for all outcomes and so orders nothing.
    rmse : ndarray, shape (n,)
        Root of the mean squared difference of estimate and truth, in [0, 1].
    n_outcomes : int
        How many outcomes were compared.
    is_sampled : bool
        Whether these are a sample.
    """

    n_offers: NDArray[np.int64]
    rank_correlation: NDArray[np.float64]
    rmse: NDArray[np.float64]
    n_outcomes: int
    is_sampled: bool

    def __str__(self) -> str:
        """Write the last of them in one line."""
        of = f"{self.n_outcomes} {'sampled outcomes' if self.is_sampled else 'outcomes'}"
        if not len(self.n_offers):
            return f"not scored ({of})"
        correlation, rmse = self.rank_correlation[-1], self.rmse[-1]
        after = f"after {self.n_offers[-1]} offers"
        return f"{after}: rank correlation {correlation:.3f}, RMSE {rmse:.3f} ({of})"


def score_model(
    model: OpponentModel,
    problem: BargainingProblem,
    party: int | str,
    offers: Iterable[Any],
    *,
    times: ArrayLike | None = None,
    after: Sequence[int] | NDArray[np.int64] | None = None,
    seed: Seed = 0,
) -> ModelScore:
    """Compare what a model estimates from a party's offers with what outcomes are worth to it.

    The truth is the party's utility, scaled to [0, 1] by its own least and largest (of the sample
    where it is not additive and a sample is compared); 0 everywhere if they are equal. The
    estimate is taken as it is, in [0, 1]. All outcomes count alike, whether or not they may be
    agreed; from more than `MOST_COMPARED` outcomes that many are drawn, evenly and with
    replacement.

    Why Spearman's correlation: a policy that picks the best of some outcomes uses their order
    alone, estimates have many ties, which it gives their mean rank, and it takes O(n log n).
    The RMSE also says whether the scale is right, which the Nash product depends on.

    Parameters
    ----------
    model : OpponentModel
    problem : BargainingProblem
        Finite, of any size.
    party : int or str
        Whose offers these are.
    offers : iterable of outcomes, rows or offers
        In order: mappings, sequences of values, row numbers, or instances of `Offer` of the party.
    times : array_like of float, shape (n_offers,), optional
        Relative times of the offers; by default what an `Offer` says (`at`), 0 for others.
    after : sequence of int, optional
        After how many offers to score, never falling, from 0 to the number of offers; by default
        after all of them.
    seed : int, SeedSequence or Generator, optional
        Of the sample.

    Raises
    ------
    UnsupportedProblemError, TooLargeError, InvalidOutcomeError, InvalidArgumentError
        As `model.estimate`, and naming the argument that is wrong.

    References
    ----------
    Baarslag, Hendrikx, Hindriks and Jonker, "Measuring the performance of online opponent models
    in automated bilateral negotiation", AI 2012: correlation and difference of estimate and truth
    over all outcomes.

    Examples
    --------
    >>> import bargain as bg
    >>> rental = bg.load("rental")
    >>> session = bg.alternating_offers(rental, ("hardliner", "micro"), deadline=100)
    >>> rows = session.offer_rows[session.proposers == 1]
    >>> print(bg.score_model(bg.BayesianModel(), rental, "tenant", rows))
    after 50 offers: rank correlation 0.953, RMSE 0.056 (625 outcomes)
    """
    check_model("model", model)
    check_problem(problem)
    index = problem.party_index(party)
    space = problem.space
    if isinstance(offers, Iterable) and not isinstance(offers, str | bytes):
        offers = list(offers)
        _check_made_by(problem, index, offers)
    seen, moments = read_offers(space, offers, times)
    counts = _checked_counts(after, len(seen))
    is_sampled = bool(space.size > MOST_COMPARED)
    compared = _compared(space, is_sampled, seed)
    truth = _truth(problem.profiles[index].utility, space, compared, is_sampled)

    known: Any = model.start(space) if isinstance(model, LearningModel) else None
    learned = 0
    correlations, errors = np.zeros(len(counts)), np.zeros(len(counts))
    for k, count in enumerate(counts.tolist()):
        if isinstance(model, LearningModel):
            for i in range(learned, count):
                known = model.learned(known, seen[i].tolist(), moments[i])
            learned = count
            estimate = model.read(space, known)
        else:
            rows = rows_at(space, seen[:count]).tolist()
            estimate = estimated(model, space, rows, list(moments[:count]))
        found = estimate.at(compared)
        correlations[k] = _spearman(found, truth)
        errors[k] = float(np.sqrt(np.mean((found - truth) ** 2)))
    for array in (counts, correlations, errors):
        array.setflags(write=False)
    return ModelScore(counts, correlations, errors, len(compared), is_sampled)


def _check_made_by(problem: BargainingProblem, index: int, offers: list[Any]) -> None:
    for i, offer in enumerate(offers):
        where = f"offers[{i}].party"
        if isinstance(offer, Offer) and problem.party_index(offer.party, where=where) != index:
            raise InvalidArgumentError.at(where, shown(problem.parties[index]), offer.party)


def _outcome(space: OutcomeSpace, positions: Sequence[int]) -> list[Any]:
    return [issue.value(k) for issue, k in zip(space.issues, positions, strict=True)]


def _checked_counts(
    after: Sequence[int] | NDArray[np.int64] | None, n_offers: int
) -> NDArray[np.int64]:
    if after is None:
        return np.array([n_offers], dtype=np.int64)
    expected = f"whole numbers from 0 to {n_offers} that never fall"
    if isinstance(after, str | bytes) or not isinstance(after, Iterable):
        raise InvalidArgumentError.at("after", expected, after)
    found = [
        whole_number(f"after[{i}]", count, at_least=0, error=InvalidArgumentError)
        for i, count in enumerate(after)
    ]
    if any(count > n_offers for count in found) or found != sorted(found):
        raise InvalidArgumentError.at("after", expected, after)
    return np.array(found, dtype=np.int64)


def _compared(space: OutcomeSpace, is_sampled: bool, seed: Seed) -> NDArray[np.int64]:
    """Return positions of the outcomes to compare, shape (n_outcomes, n_issues)."""
    sizes = [int(issue.size) for issue in space.issues]
    if not is_sampled:
        rows = np.arange(int(space.size))
        return np.stack(np.unravel_index(rows, sizes), axis=1).astype(np.int64)
    return generator_from(seed).integers(sizes, size=(MOST_COMPARED, len(sizes)), dtype=np.int64)


def _truth(
    utility: Utility, space: OutcomeSpace, compared: NDArray[np.int64], is_sampled: bool
) -> NDArray[np.float64]:
    """Return what the outcomes compared are worth, scaled to [0, 1], shape (n_outcomes,)."""
    if isinstance(utility, AdditiveUtility):
        terms = [term.worths for term in utility.terms(space)]
        worths = np.zeros(len(compared))
        for j, term in enumerate(terms):
            worths = worths + term[compared[:, j]]
        ends = np.array([sum(float(end(term)) for term in terms) for end in (np.min, np.max)])
        if utility.ceiling is not None:
            worths, ends = np.minimum(worths, utility.ceiling), np.minimum(ends, utility.ceiling)
    else:
        if is_sampled:
            outcomes = (space.validate(_outcome(space, k)) for k in compared.tolist())
            worths = np.array([utility.evaluate(space, outcome) for outcome in outcomes])
        else:
            worths = utility.utilities(space)
        ends = np.array([worths.min(), worths.max()])
    least, most = ends.tolist()
    if least == most:
        return np.zeros(len(worths))
    return np.asarray(np.clip((worths - least) / (most - least), 0.0, 1.0))


def _spearman(found: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    from scipy.stats import spearmanr

    # outcomes that tie in exact arithmetic should not be ordered by rounding
    found, truth = found.round(12), truth.round(12)
    if np.ptp(found) == 0 or np.ptp(truth) == 0:
        return 0.0
    return float(spearmanr(found, truth).statistic)
