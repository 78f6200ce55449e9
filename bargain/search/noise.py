"""How large a regret may be when payoffs are estimates.

A deviation to i from a profile (x, y) gains sum_j y_j sum_k x_k (A_ij - A_kj): a mean of
differences between two payoffs against the same opponent. So a bound on all those differences
that holds with probability `level` at once is one for every deviation from every profile at once,
also for profiles that were picked because they look like equilibria:

    gain_i <= estimate_i + q sum_j y_j sum_k x_k s_ikj

with s_ikj the standard error of A_ij - A_kj. By Bonferroni's inequality q is the quantile at
1 - (1 - level) / K of the standard normal distribution, K the number of differences that there
are: n (n - 1) m for each role, once in a symmetric game. Nothing is assumed about which errors are
independent. With samples, s_ikj is that of the paired differences, and the quantile is of
Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.model.numbers import inner_number
from bargain.search.bimatrix import Bimatrix, Reals, by_role


@dataclass(frozen=True, eq=False)
class Noise:
    """What is known about the errors of payoffs.

    Attributes
    ----------
    errors : pair of ndarray, shape (n, m)
        Standard errors of the payoffs of the row and of the column role.
    samples : pair of ndarray, shape (n_samples, n, m), or None
        The payoffs that were averaged, of each role.
    largest : float
        What no difference of payoffs exceeds, so no regret either.
    """

    errors: tuple[Reals, Reals]
    samples: tuple[Reals, Reals] | None = None
    largest: float = np.inf

    def regret_bound(self, game: Bimatrix, x: Reals, y: Reals, *, level: float) -> float:
        """Return the regret that a profile has at most, with a probability of at least `level`."""
        quantile = self.quantile(game, level)
        worst = 0.0
        for role, gains in enumerate(game.gains(x, y)):
            own, other = (x, y) if role == 0 else (y, x)
            reach = quantile * self._deviation_errors(role, own, other)
            worst = max(worst, float((gains + reach).max()))
        # payoffs may be beyond what they can be by rounding
        return min(worst, max(self.largest, game.regret(x, y)))

    def quantile(self, game: Bimatrix, level: float) -> float:
        """Return q, 0 if there is nothing to deviate to."""
        from scipy.special import ndtri, stdtrit

        n, m = game.shape
        count = n * (n - 1) * m + (0 if game.symmetric else m * (m - 1) * n)
        if count == 0:
            return 0.0
        # of the lower tail, which has the digits
        tail = (1.0 - level) / count
        if self.samples is None:
            return -float(ndtri(tail))
        return -float(stdtrit(len(self.samples[0]) - 1, tail))

    def _deviation_errors(self, role: int, own: Reals, other: Reals) -> Reals:
        """Return sum_j y_j sum_k x_k s_ikj for each strategy i of a role."""
        against = np.flatnonzero(other)
        total = np.zeros(len(own))
        for k in np.flatnonzero(own):
            total += own[k] * (self._difference_errors(role, int(k))[:, against] @ other[against])
        return total

    def _difference_errors(self, role: int, k: int) -> Reals:
        """Return s_ikj for all strategies i of a role and j of the other one."""
        if self.samples is not None:
            samples = self.samples[role] if role == 0 else self.samples[role].transpose(0, 2, 1)
            differences = samples - samples[:, k : k + 1]
            return np.asarray(spread(differences) / np.sqrt(len(samples)))
        errors = self.errors[role] if role == 0 else self.errors[role].T
        found = np.hypot(errors, errors[k])
        found[k] = 0.0
        return np.asarray(found)


def spread(samples: Reals) -> Reals:
    """Return the standard deviation over the first axis, of numbers up to 1.6e308."""
    # squares of large numbers would overflow, those of small ones vanish
    scale = np.abs(samples).max(axis=0)
    parts = samples / np.where(scale > 0, scale, 1.0)
    return np.asarray(scale * parts.std(axis=0, ddof=1))


def bound_of(game: Bimatrix, x: Reals, y: Reals, *, noise: Noise | None, level: float) -> float:
    """Return what a regret is at most, NaN if nothing is known about the noise."""
    return np.nan if noise is None else noise.regret_bound(game, x, y, level=level)


def noise_of(
    payoffs: Reals,
    errors: Reals | None,
    samples: Reals | None,
    limits: tuple[float, float],
) -> Noise | None:
    """Return what standard errors, and the samples if there are any, say of a game's payoffs.

    Parameters
    ----------
    payoffs, errors : ndarray, shape (n, n) in a symmetric game, (n, m, 2) otherwise
    samples : ndarray, shape (k, n, n) or (k, n, m, 2)
    limits : pair of float
        What a payoff can be at least and at most.
    """
    if errors is None:
        return None
    symmetric = payoffs.ndim == 2
    # what a policy of one's own threw away may be beyond the limits
    least, most = min(limits[0], float(payoffs.min())), max(limits[1], float(payoffs.max()))
    drawn = None if samples is None else by_role(samples, symmetric=symmetric)
    return Noise(by_role(errors, symmetric=symmetric), drawn, most - least)


def checked_level(level: float) -> float:
    """Return a level of confidence, a number between 0 and 1."""
    return inner_number("level", level, error=InvalidArgumentError)
