"""The objectives of the solution concepts, straight from their definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Objective:
    """What is maximised: numbers that are compared one after the other.

    Attributes
    ----------
    kind : {"product", "minimum", "sum"}
    parameters : ndarray, shape (n_parties,)
        Weights of the product, scales of the minimum; for the sum 1 for who counts, else 0.
    ideals : ndarray, shape (n_parties,)
        Largest gains; they matter where no product is positive.
    """

    kind: Literal["product", "minimum", "sum"]
    parameters: Reals
    ideals: Reals

    def columns(self, gains: Reals) -> Reals:
        """Return what is compared, the most important first, shape (k, m).

        product: how many weighted parties gain; the sum of weights times logarithms, of gains
        where all of them gain and of shares of the ideal gains where not. minimum: gain / scale,
        the least first. sum: the sum; the gains, the least first.
        """
        counted = self.parameters > 0
        if self.kind == "minimum":
            return np.sort(gains[:, counted] / self.parameters[counted], axis=1)
        if self.kind == "sum":
            return np.column_stack([gains[:, counted].sum(axis=1), np.sort(gains, axis=1)])
        mine, weights = gains[:, counted], self.parameters[counted]
        positive = mine > 0
        winners = positive.sum(axis=1)
        ideals = np.where(self.ideals[counted] > 0, self.ideals[counted], 1.0)
        measure = np.where((winners < len(weights))[:, None], mine / ideals, mine)
        logs = np.log(np.where(positive, measure, 1.0)) @ weights
        return np.column_stack([winners.astype(np.float64), logs])

    def value(self, gains: Reals) -> float:
        """Return the number that bounds are about; -inf for a product of 0."""
        first = self.columns(gains[None, :])[0]
        if self.kind != "product":
            return float(first[0]) if len(first) else 0.0
        everybody = first[0] == np.count_nonzero(self.parameters > 0)
        return float(first[1]) if everybody else -np.inf

    def least_sum(self, value: float, prices: Reals) -> float:
        """Return what prices . gains is at least where the objective reaches a value.

        product: the inequality of weighted arithmetic and geometric means; minimum: every gain is
        at least value times scale; sum: no price is below the least and no gain below 0.
        """
        if self.kind == "minimum":
            return value * float(prices @ np.where(self.parameters > 0, self.parameters, 0.0))
        if self.kind == "sum":
            return value * float(prices[self.parameters > 0].min())
        weights, total = self.parameters, float(self.parameters.sum())
        counted = weights > 0
        if not (prices[counted] > 0).all():
            return -np.inf
        shares = weights[counted] / total
        return float(np.exp(value / total - shares @ np.log(shares / prices[counted])))

    def bound(self, total: float, prices: Reals) -> float:
        """Return the largest value at which prices . gains can be `total`: its inverse."""
        if self.kind == "minimum":
            scales = float(prices @ np.where(self.parameters > 0, self.parameters, 0.0))
            return total / scales if scales > 0 else np.inf
        if self.kind == "sum":
            least = float(prices[self.parameters > 0].min())
            return total / least if least > 0 else np.inf
        weights, mass = self.parameters, float(self.parameters.sum())
        counted = weights > 0
        if total <= 0 or not (prices[counted] > 0).all():
            return -np.inf if total <= 0 else np.inf
        shares = weights[counted] / mass
        return mass * float(np.log(total) + shares @ np.log(shares / prices[counted]))

    def slack(self, gains: Reals, each: Reals) -> float:
        """Return how much the value can be off where each gain can be by so much."""
        counted = self.parameters > 0
        if self.kind == "minimum":
            return float((each[counted] / self.parameters[counted]).max(initial=0.0))
        if self.kind == "sum":
            return float(each[counted].sum())
        return float(self.parameters[counted] @ (each[counted] / gains[counted]))

    def surplus(self, bound: float, gains: Reals, each: Reals) -> float:
        """Return by how much a bound exceeds the value, where each gain can be off by so much.

        Finite where somebody gains nothing: a product of 0 is close to no other.
        """
        if self.kind == "product":
            return bound - self.value(np.maximum(gains, 0.0) + each)
        return bound - self.value(gains) - self.slack(gains, each)


def beaten_by(columns: Reals, mine: Reals, slack: Reals) -> NDArray[np.bool_]:
    """Mark the rows that beat one: clearly larger in the first entry that is not tied.

    Clearly is by more than twice the slack and tied within half of it; what lies in between
    decides nothing, as it may have been a tie or not for whoever chose.
    """
    beaten = np.zeros(len(columns), dtype=np.bool_)
    tied = np.ones(len(columns), dtype=np.bool_)
    for column in range(columns.shape[1]):
        lead = columns[:, column] - mine[column]
        beaten |= tied & (lead > 2.0 * slack[column])
        tied &= np.abs(lead) <= 0.5 * slack[column]
    return beaten
