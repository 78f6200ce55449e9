"""A population of policies for each seat, and the game that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bargain.errors import ConvergenceError
from bargain.play.mixture import Mixture
from bargain.play.standings import share_limits
from bargain.search.equilibria import Found
from bargain.search.equilibrium import Equilibrium, equilibria_of
from bargain.search.game import EmpiricalGame
from bargain.search.lemke_howson import symmetric_lemke_howson
from bargain.search.meetings import MeanShare, Meetings, Table

TIME_FOR_EQUILIBRIA = 60.0
"""Seconds: far beyond what a population takes, so that the result does not depend on the clock."""


@dataclass(frozen=True, eq=False)
class Population:
    """The policies so far, and what they reached with each other.

    Attributes
    ----------
    policies, names : pair of tuples
        Of the first and the second seat; the same twice if symmetric.
    meetings : Meetings
    """

    table: Table
    policies: tuple[tuple[Any, ...], tuple[Any, ...]]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    meetings: Meetings
    symmetric: bool

    @classmethod
    def of(
        cls, table: Table, entered: tuple[dict[str, Any], dict[str, Any]], *, symmetric: bool
    ) -> Population:
        first, second = (tuple(part.values()) for part in entered)
        names = tuple(entered[0]), tuple(entered[1])
        return cls(table, (first, second), names, table.play(first, second, 0), symmetric)

    @property
    def roles(self) -> tuple[int, ...]:
        return (0,) if self.symmetric else (0, 1)

    def extended(self, name: str, responses: tuple[Any, ...]) -> Population:
        """Return the population with a response more for each seat, the same one if symmetric."""
        mine, other = responses[0], responses[-1]
        rows, columns = self.policies
        key = len(rows) + len(columns)
        bottom = self.table.play([mine], columns, 1, key)
        right = self.table.play([*rows, mine], [other], 2, key)
        parts = (
            np.concatenate([np.concatenate([old, below], axis=1), beside], axis=2)
            for old, below, beside in (
                (self.meetings.means, bottom.means, right.means),
                (self.meetings.variances, bottom.variances, right.variances),
            )
        )
        return replace(
            self,
            policies=((*rows, mine), (*columns, other)),
            names=((*self.names[0], name), (*self.names[1], name)),
            meetings=Meetings(*parts),
        )

    def without_last(self, leaves: list[bool]) -> Population:
        """Return the population without the last policy of some roles."""
        n, m = (
            len(part) - int(leaves[role if role in self.roles else 0])
            for role, part in enumerate(self.policies)
        )
        met = self.meetings
        return replace(
            self,
            policies=(self.policies[0][:n], self.policies[1][:m]),
            names=(self.names[0][:n], self.names[1][:m]),
            meetings=Meetings(met.means[:, :n, :m], met.variances[:, :n, :m]),
        )

    @property
    def by_role(self) -> Meetings:
        """What each role has: if symmetric, the mean over both seats."""
        if not self.symmetric:
            return self.meetings
        means, variances = self.meetings.means, self.meetings.variances
        mean = 0.5 * (means[..., 0] + means[..., 1].transpose(0, 2, 1))
        # who meets itself has both shares of the same sessions: at most twice the variance
        shared = 1.0 + np.eye(mean.shape[1])
        variance = 0.25 * shared * (variances[..., 0] + variances[..., 1].transpose(0, 2, 1))
        return Meetings(
            np.stack([mean, mean.transpose(0, 2, 1)], axis=-1),
            np.stack([variance, variance.transpose(0, 2, 1)], axis=-1),
        )

    @property
    def game(self) -> EmpiricalGame:
        """The empirical game; problems are its samples where there are several."""
        met, names = self.by_role, self.names[0] if self.symmetric else self.names
        means, errors = met.means, np.sqrt(met.variances)
        if self.symmetric:
            means, errors = means[..., 0], errors[..., 0]
        seats = self.table.problems[0].parties
        alike = all(problem.parties == seats for problem in self.table.problems)
        roles = (seats[0], seats[1]) if alike else ("first seat", "second seat")
        limits = share_limits(self.table.problems)
        if len(means) > 1:
            return EmpiricalGame.from_samples(means, names, roles=roles, limits=limits)
        return EmpiricalGame(means[0], names, errors[0], roles=roles, limits=limits)

    def equilibrium(self) -> Equilibrium:
        """Return the equilibrium to respond to: the first, if symmetric the first symmetric."""
        game = self.game
        for one in game.equilibria(time_limit=TIME_FOR_EQUILIBRIA):
            if one.symmetric or not self.symmetric:
                return one
        n = len(game.names[0])
        alone = [[i] for i in range(n)]
        for label in range(n):
            both = symmetric_lemke_howson(game.bimatrix, label)
            if both is not None:
                found = Found([(*both, "Lemke-Howson")], (alone, alone), False, np.inf)
                return equilibria_of(game.bimatrix, found, game.names, noise=None, level=0.95)[0]
        raise ConvergenceError.at("double_oracle", "a symmetric equilibrium", "none")

    def mixture(self, equilibrium: Equilibrium, role: int) -> Mixture:
        """Return what a role plays in an equilibrium of this population or a smaller one."""
        named = dict(zip(self.names[role], self.policies[role], strict=True))
        return equilibrium.policy(named, role=role)

    def profile(self, equilibrium: Equilibrium) -> Any:
        """Return an equilibrium of a smaller population as a profile of this one."""
        first, second = equilibrium.support
        return dict(first) if self.symmetric else (dict(first), dict(second))

    def gains(self, equilibrium: Equilibrium) -> tuple[MeanShare, ...]:
        """Return what the last policy of each role gains against an equilibrium of the others."""
        met = self.by_role
        chances = []
        for role in (0, 1):
            played = equilibrium.support[role]
            chances.append(np.array([played.get(name, 0.0) for name in self.names[role]]))
        least, most = share_limits(self.table.problems)
        gains = []
        for role in self.roles:
            change = [one.copy() for one in chances]
            change[role] = -change[role]
            change[role][-1] += 1.0
            gains.append(MeanShare.of(*met.mixed(*change, seat=role), (least - most, most - least)))
        return tuple(gains)
