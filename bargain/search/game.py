"""The empirical game: policies as the actions, mean payoffs as the payoffs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.arrays import frozen
from bargain.model.space import Seed
from bargain.play.seeds import seed_sequence
from bargain.search.bimatrix import Bimatrix, Reals, by_role
from bargain.search.correlated import CorrelatedEquilibrium, checked_weights, correlated
from bargain.search.eliminate import (
    Dominated,
    Elimination,
    Groups,
    dominated,
    eliminations,
    named_duplicates,
    remaining,
)
from bargain.search.equilibrium import Equilibria, Equilibrium, named_equilibria
from bargain.search.noise import Noise, bound_of, checked_level, noise_of, spread
from bargain.search.profiles import (
    UNLIMITED,
    Names,
    checked_limits,
    checked_names,
    checked_profile,
    checked_roles,
    error_array,
    payoff_array,
    sample_array,
)
from bargain.search.replicator import Basin, ReplicatorPath, basins, path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.play.tournament_result import Tournament

Played = str | Mapping[str, float] | Sequence[float] | NDArray[np.float64]
Profile = Equilibrium | Played | tuple[Played, Played]


@dataclass(frozen=True, eq=False, repr=False, init=False)
class EmpiricalGame:
    """A game whose actions are policies and whose payoffs were measured.

    Parameters
    ----------
    payoffs : array_like, shape (n, n) or (n, m, 2), or a tuple of two of shape (n, m)
        (n, n) is a symmetric game: the payoff of the row's policy where it meets the column's.
        Otherwise the game has two roles: the payoffs of the row role and of the column role.
        Finite, up to 8e307.
    names : sequence of str, or a pair of such, optional
        Of the policies; of a game with two roles those of the rows and those of the columns. By
        default "0", "1", ...
    standard_errors : as payoffs, optional
        Of the payoffs, >= 0. Without them nothing is known about the noise.
    roles : pair of str
        What the roles are called.
    limits : pair of float
        What a payoff can be at least and at most, such as (0, 1) for shares where waiting costs
        nothing; by default nothing is known of that. No regret is more than these are apart.

    Attributes
    ----------
    payoffs : ndarray, shape (n, n) in a symmetric game, (n, m, 2) otherwise
    names : tuple of tuple of str
        The policies of each role, the same twice in a symmetric game.
    standard_errors : ndarray or None
        Shape as `payoffs`.
    samples : ndarray or None
        What `payoffs` are the mean of, shape (k, n, n) or (k, n, m, 2); see `from_samples`.
    roles : tuple of str

    Raises
    ------
    InvalidArgumentError
        Naming what is wrong with an argument.

    Examples
    --------
    >>> game = EmpiricalGame([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], ["rock", "paper", "scissors"])
    >>> print(game.equilibria())
    1 equilibrium (all extreme ones)
      0.333 rock + 0.333 paper + 0.333 scissors: payoff 0, regret 0
    """

    payoffs: Reals
    names: tuple[Names, Names]
    standard_errors: Reals | None
    samples: Reals | None
    roles: tuple[str, str]
    limits: tuple[float, float]

    def __init__(
        self,
        payoffs: ArrayLike | tuple[ArrayLike, ArrayLike],
        names: Sequence[str] | Sequence[Sequence[str]] | None = None,
        standard_errors: ArrayLike | tuple[ArrayLike, ArrayLike] | None = None,
        *,
        roles: tuple[str, str] = ("row", "column"),
        limits: tuple[float, float] = UNLIMITED,
    ) -> None:
        array = payoff_array("payoffs", payoffs)
        errors = None
        if standard_errors is not None:
            errors = error_array("standard_errors", standard_errors, array.shape)
        shape = (array.shape[0], array.shape[1])
        for name, value in (
            ("payoffs", array),
            ("names", checked_names(names, shape, symmetric=array.ndim == 2)),
            ("standard_errors", errors),
            ("samples", None),
            ("roles", checked_roles(roles)),
            ("limits", checked_limits(limits)),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def from_samples(
        cls,
        samples: ArrayLike,
        names: Sequence[str] | Sequence[Sequence[str]] | None = None,
        *,
        roles: tuple[str, str] = ("row", "column"),
        limits: tuple[float, float] = UNLIMITED,
    ) -> EmpiricalGame:
        """Make the game of mean payoffs, with the noise that the samples show.

        Parameters
        ----------
        samples : array_like, shape (k, n, n) or (k, n, m, 2)
            Payoffs in each of k independent draws, such as problems. Policies are compared draw by
            draw, so what makes a draw good or bad for all of them is no noise. Of one draw nothing
            is known about the noise.
        names, roles, limits
            As in `EmpiricalGame`.
        """
        array = sample_array("samples", samples)
        # not a mean of the sum, which may overflow
        means = (array / len(array)).sum(axis=0)
        game = cls(means, names, roles=roles, limits=limits)
        if len(array) > 1:
            errors = frozen(spread(array) / np.sqrt(len(array)))
            object.__setattr__(game, "samples", array)
            object.__setattr__(game, "standard_errors", errors)
        return game

    @classmethod
    def of(cls, tournament: Tournament, *, by_seat: bool = False) -> EmpiricalGame:
        """Make the game that a tournament of two-party problems measured.

        Payoffs are mean shares of what a party could attain (`Measures`); problems are the
        samples.

        Parameters
        ----------
        tournament : Tournament
            If policies met each other, the game is symmetric: each sits in either seat by chance.
            If they met a pool, policies and pool are two roles, which sit in either seat.
        by_seat : bool
            Make the seats the roles instead: a policy chooses what to be in the first seat, and
            another what to be in the second. For policies that met each other.

        Raises
        ------
        InvalidArgumentError
            If some pair never met, as with `self_play=False`, or a pool is asked for its seats.
        UnsupportedProblemError
            If a problem has three and more parties.
        """
        from bargain.search.tournament_game import samples_of

        return cls.from_samples(**samples_of(tournament, by_seat=by_seat))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> EmpiricalGame:
        """Read a game from a payoff table or from what `bargain tournament` wrote.

        Parameters
        ----------
        path : path
            A .csv file with payoffs as a square table or as a list of pairs; sessions written by
            `bargain tournament --csv`; or .json, as `to_dict` or `bargain tournament --json` has
            it.

        Raises
        ------
        FileFormatError
            Naming the place.
        """
        from bargain.search.game_file import read_game

        return read_game(path)

    @property
    def symmetric(self) -> bool:
        """Whether both roles have the same policies and payoffs."""
        return self.payoffs.ndim == 2

    @cached_property
    def bimatrix(self) -> Bimatrix:
        """The payoffs as one matrix for each role."""
        return Bimatrix(*by_role(self.payoffs, symmetric=self.symmetric), self.symmetric)

    @cached_property
    def _noise(self) -> Noise | None:
        return noise_of(self.payoffs, self.standard_errors, self.samples, self.limits)

    def _profile(self, profile: Profile) -> tuple[Reals, Reals]:
        return checked_profile("profile", profile, self.names, symmetric=self.symmetric)

    def regret(self, profile: Profile) -> float:
        """Return the most that a role gains by deviating alone from a profile, >= 0.

        Parameters
        ----------
        profile : Equilibrium, pair, or in a symmetric game what both roles play
            What a role plays is a name, a mapping from names to probabilities, or an array.
        """
        return self.bimatrix.regret(*self._profile(profile))

    def regret_bound(self, profile: Profile, *, level: float = 0.95) -> float:
        """Return what the regret of a profile is at most, given the noise in the payoffs.

        With a probability of at least `level` it holds for all profiles at once, so also for one
        that was picked by looking at the payoffs. It is at most what `limits` are apart. The theory
        page on empirical games has the formula.

        Returns
        -------
        float
            NaN if nothing is known about the noise.
        """
        chance = checked_level(level)
        return bound_of(self.bimatrix, *self._profile(profile), noise=self._noise, level=chance)

    @cached_property
    def _eliminations(self) -> list[Elimination]:
        return eliminations(self.bimatrix.scaled)

    @cached_property
    def dominated(self) -> tuple[Dominated, ...]:
        """Policies that iterated elimination of strictly dominated ones takes away, in order."""
        roles = ("both", "both") if self.symmetric else self.roles
        return dominated(self._eliminations, self.bimatrix, self.names, roles)

    @cached_property
    def reduced(self) -> EmpiricalGame:
        """The game of the policies that are not dominated: it has the same equilibria."""
        rows, columns = remaining(self.bimatrix, self._eliminations)
        names = tuple(self.names[0][i] for i in rows), tuple(self.names[1][j] for j in columns)
        given = names[0] if self.symmetric else names
        here = np.ix_(rows, columns)
        if self.samples is not None:
            kept = self.samples[:, here[0], here[1]]
            return EmpiricalGame.from_samples(kept, given, roles=self.roles, limits=self.limits)
        errors = None if self.standard_errors is None else self.standard_errors[here]
        return EmpiricalGame(
            self.payoffs[here], given, errors, roles=self.roles, limits=self.limits
        )

    @cached_property
    def duplicates(self) -> tuple[Groups, Groups]:
        """For each role, groups of two and more policies that have the same payoffs to both."""
        return named_duplicates(self.bimatrix, self.names)

    def equilibria(
        self,
        *,
        time_limit: float = 10.0,
        level: float = 0.95,
        method: Literal["auto", "nashpy"] = "auto",
    ) -> Equilibria:
        """Return Nash equilibria, each with its regret.

        Strictly dominated policies are taken away and duplicates put together. Then all pure
        equilibria are found, and where up to 8 policies a side are left all extreme mixed ones (of
        which all others are mixtures), or else those that Lemke and Howson's paths from all
        policies reach. Every regret is computed afresh and is at most 1e-9 of the payoff range.

        Parameters
        ----------
        time_limit : float
            Seconds after which no further equilibrium is looked for. 50 policies take about two.
        level : float
            Of `regret_bound`, in (0, 1).
        method : {"auto", "nashpy"}
            "nashpy" asks that package instead, for a second opinion on up to 6 policies a side that
            are neither dominated nor duplicates.

        Returns
        -------
        Equilibria
            A tuple. In a symmetric game those in which both roles do the same come first; then
            those with the larger sum of payoffs; then those with fewer policies; then those with
            earlier policies.

        Raises
        ------
        ConvergenceError
            If none was found.
        """
        return named_equilibria(
            self.bimatrix,
            self._eliminations,
            self.names,
            method=method,
            time_limit=time_limit,
            noise=self._noise,
            level=level,
        )

    def correlated_equilibrium(
        self, *, weights: tuple[float, float] = (1.0, 1.0)
    ) -> CorrelatedEquilibrium:
        """Return the correlated equilibrium with the largest weighted sum of payoffs.

        A mediator draws a pair of policies and tells each role its own; nobody gains by doing
        something else. It is found by one linear program. 50 policies take a second, or ten where
        what one role gains the other mostly loses; as two roles, forty seconds then. In a
        symmetric game with equal weights it treats both roles alike.

        Parameters
        ----------
        weights : pair of float
            >= 0, not both 0.

        Raises
        ------
        ConvergenceError
            If the solver fails.
        """
        both = checked_weights(weights)
        return correlated(
            self.bimatrix, remaining(self.bimatrix, self._eliminations), both, self.names
        )

    def replicator(
        self, start: Profile | None = None, *, duration: float = 100.0, points: int = 201
    ) -> ReplicatorPath:
        """Return how the shares of policies develop that grow as they do better than the mean.

        Parameters
        ----------
        start : as the profile of `regret`, optional
            Where the populations start, all policies with equal shares by default. A policy that
            is not there never comes.
        duration : float
            In units of one over the payoff range, up to 10^6.
        points : int
            Evenly spaced times to keep, >= 2.
        """
        given = None if start is None else self._profile(start)
        if given is not None and self.symmetric and not np.array_equal(*given):
            raise InvalidArgumentError.at("start", "one population, in a symmetric game", start)
        return path(self.bimatrix, given, duration, points, names=self.names, roles=self.roles)

    def basins(
        self, starts: int = 100, *, seed: Seed = None, duration: float = 500.0
    ) -> tuple[Basin, ...]:
        """Return where the replicator dynamics leads from starts drawn at random.

        Starts are uniform over all shares. An equilibrium with a large basin is one that a
        population finds; one without a basin is lost by the smallest disturbance.

        Parameters
        ----------
        starts : int
            >= 1.
        seed : int, SeedSequence or Generator, optional
            Same seed, same basins.
        duration : float
            As in `replicator`; longer where differences of payoffs are small beside their range.

        Returns
        -------
        tuple of Basin
            The largest first; what did not settle is one group, and comes last.
        """
        return basins(self.bimatrix, starts, seed_sequence(seed), duration, names=self.names)

    def to_dict(self) -> dict[str, Any]:
        """Return the game as plain values, for JSON; `load` reads it."""
        from bargain.search.game_file import plain_game

        return plain_game(self)

    def plot(
        self,
        kind: Literal["payoffs", "flow"] = "payoffs",
        *,
        role: int = 0,
        policies: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the payoffs of a role, or how a population of three policies flows.

        Parameters
        ----------
        kind : {"payoffs", "flow"}
            See `bargain.plot.plot_game` and `bargain.plot.plot_flow`.
        role : int
            Whose payoffs.
        policies : sequence of str, optional
            The three of the flow; the three of a game of three by default.
        ax : matplotlib Axes, optional
        """
        from bargain.plot import plot_flow, plot_game

        if kind not in ("payoffs", "flow"):
            raise InvalidArgumentError.at("kind", "'payoffs' or 'flow'", kind)
        if kind == "flow":
            return plot_flow(self, policies, ax=ax)
        return plot_game(self, role=role, ax=ax)

    def __repr__(self) -> str:
        """Show the kind and the size in one line."""
        n, m = self.bimatrix.shape
        if self.symmetric:
            return f"EmpiricalGame(symmetric, {n} policies)"
        return f"EmpiricalGame({self.roles[0]}: {n} policies, {self.roles[1]}: {m})"
