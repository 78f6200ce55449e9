"""An equilibrium of an empirical game, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bargain.errors import ConvergenceError, InvalidArgumentError
from bargain.model.arrays import frozen
from bargain.model.numbers import positive_number, whole_number
from bargain.model.outcomes import FrozenMapping
from bargain.play.mixture import Mixture
from bargain.search.bimatrix import Bimatrix, Reals
from bargain.search.eliminate import Elimination
from bargain.search.equilibria import DISTINCT, Found, Method, find_equilibria
from bargain.search.noise import Noise, bound_of, checked_level
from bargain.search.profiles import Names


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium:
    """A profile in which nobody gains by playing another policy.

    Attributes
    ----------
    probabilities : tuple of ndarray
        Of each role's policies, read-only.
    names : tuple of tuple of str
        The policies of each role.
    payoffs : tuple of float
        What each role gets.
    regret : float
        The most that a role gains by deviating alone, in units of payoff: 0 to rounding.
    regret_bound : float
        What `regret` may be given the noise in the payoffs, with a probability of at least
        `level` for all profiles at once (`EmpiricalGame.regret_bound`); NaN if nothing is known
        about the noise.
    level : float
    method : {"pure", "vertex enumeration", "Lemke-Howson", "nashpy"}
        What found it. The regret is computed afresh, whatever the method.
    symmetric : bool
        Both roles do the same, in a symmetric game.
    interchangeable : tuple of tuple of tuple of str
        For each role: groups of policies, the first of them played, that have the same payoffs to
        both roles. The probability of the first may be split among its group in any way.
    """

    probabilities: tuple[Reals, Reals]
    names: tuple[Names, Names]
    payoffs: tuple[float, float]
    regret: float
    regret_bound: float
    level: float
    method: Method
    symmetric: bool
    interchangeable: tuple[tuple[Names, ...], tuple[Names, ...]]

    @property
    def support(self) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """For each role, the policies that are played, with their probabilities."""
        first, second = (
            FrozenMapping({name: float(p) for name, p in zip(names, chances, strict=True) if p > 0})
            for names, chances in zip(self.names, self.probabilities, strict=True)
        )
        return first, second

    @property
    def is_pure(self) -> bool:
        """Whether each role plays one policy."""
        return all(len(played) == 1 for played in self.support)

    def policy(self, policies: Mapping[str, Any] | Sequence[Any], *, role: int = 0) -> Mixture:
        """Return what a role plays as a policy that can sit at a table.

        Parameters
        ----------
        policies : mapping from name, or sequence
            The policies of the role, as themselves or by the name of a preset; a sequence in the
            order of `names[role]`, such as `Tournament.players`.
        role : int
            0 or 1.

        Raises
        ------
        InvalidArgumentError
            If a policy that is played is not there.
        """
        at = whole_number("role", role, at_least=0, error=InvalidArgumentError)
        if at > 1:
            raise InvalidArgumentError.at("role", "0 or 1", role)
        names, played = self.names[at], self.support[at]
        if isinstance(policies, Mapping):
            known = dict(policies)
        elif isinstance(policies, Sequence) and len(policies) == len(names):
            known = dict(zip(names, policies, strict=True))
        else:
            raise InvalidArgumentError.at(
                "policies", f"a mapping by name, or a sequence of {len(names)}", policies
            )
        for name in played:
            if name not in known:
                raise InvalidArgumentError.at("policies", f"one named {name}", list(known))
        return Mixture([known[name] for name in played], list(played.values()))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values, None for NaN, for JSON."""
        return {
            "support": [dict(played) for played in self.support],
            "payoffs": list(self.payoffs),
            "regret": self.regret,
            "regret_bound": None if np.isnan(self.regret_bound) else self.regret_bound,
            "level": self.level,
            "method": self.method,
            "symmetric": self.symmetric,
            "interchangeable": [[list(group) for group in role] for role in self.interchangeable],
        }

    def __str__(self) -> str:
        """Say who plays what, and how sure it is, in one line."""
        sides = [self.played(0)] if self.symmetric else [self.played(0), self.played(1)]
        payoffs = ", ".join(f"{payoff:.4g}" for payoff in self.payoffs[: len(sides)])
        bound = "" if np.isnan(self.regret_bound) else f" (up to {self.regret_bound:.2g})"
        # what is shown leaves out rounding
        return f"{' | '.join(sides)}: payoff {payoffs}, regret {round(self.regret, 12):.2g}{bound}"

    def played(self, role: int) -> str:
        """Say what a role plays, policies that are the same with an equals sign."""
        parts = []
        for name, chance in self.support[role].items():
            alike = next((g for g in self.interchangeable[role] if g[0] == name), (name,))
            parts.append((" = ".join(alike), chance))
        if len(parts) == 1:
            return parts[0][0]
        return " + ".join(f"{chance:.3f} {name}" for name, chance in parts)

    def __repr__(self) -> str:
        """Show it in one line."""
        return f"Equilibrium({self})"


class Equilibria(tuple[Equilibrium, ...]):
    """The equilibria that were found, a tuple, the one to look at first in front.

    Attributes
    ----------
    complete : bool
        All extreme equilibria are there: every other one is a mixture of them. False where the
        game is too large for that, or time was up.
    """

    complete: bool

    def __new__(cls, found: Iterable[Equilibrium], *, complete: bool) -> Equilibria:
        """Hold equilibria in the order given."""
        self = super().__new__(cls, tuple(found))
        self.complete = complete
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Pickle by value."""
        return (tuple(self),), {"complete": self.complete}

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        return {"complete": self.complete, "equilibria": [one.to_dict() for one in self]}

    def summary(self) -> str:
        """Say in a line each what was found."""
        count = f"{len(self)} equilibri{'um' if len(self) == 1 else 'a'}"
        every = "all extreme ones" if self.complete else "there may be more"
        return "\n".join([f"{count} ({every})", *(f"  {one}" for one in self)])

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()


def named_equilibria(
    game: Bimatrix,
    gone: list[Elimination],
    names: tuple[Names, Names],
    *,
    method: Literal["auto", "nashpy"],
    time_limit: float,
    noise: Noise | None,
    level: float,
) -> Equilibria:
    """Look for equilibria of a game without what was eliminated (`EmpiricalGame.equilibria`).

    Raises
    ------
    InvalidArgumentError
    ConvergenceError
        If none was found.
    """
    limit = positive_number("time_limit", time_limit, error=InvalidArgumentError)
    chance = checked_level(level)
    if method not in ("auto", "nashpy"):
        raise InvalidArgumentError.at("method", "'auto' or 'nashpy'", method)
    found = find_equilibria(game, gone=gone, time_limit=limit, method=method)
    if not found.profiles:
        raise ConvergenceError.at(
            "equilibria()",
            "an equilibrium within the time and the accuracy",
            f"none; the least regret was {found.least_regret:.1e} of the range",
        )
    return equilibria_of(game, found, names, noise=noise, level=chance)


def equilibria_of(
    game: Bimatrix,
    found: Found,
    names: tuple[Names, Names],
    *,
    noise: Noise | None,
    level: float,
) -> Equilibria:
    """Return what was found with names, regrets and bounds, in the order that is documented."""
    scale = max(game.ranges) or 1.0

    def made(x: Reals, y: Reals, method: Method) -> Equilibrium:
        first, second = (
            tuple(
                tuple(own[i] for i in group)
                for group in classes
                if len(group) > 1 and chances[group[0]] > 0
            )
            for own, classes, chances in zip(names, found.classes, (x, y), strict=True)
        )
        return Equilibrium(
            probabilities=(frozen(x), frozen(y)),
            names=names,
            payoffs=game.payoffs(x, y),
            regret=game.regret(x, y),
            regret_bound=bound_of(game, x, y, noise=noise, level=level),
            level=level,
            method=method,
            symmetric=game.symmetric and bool(np.abs(x - y).max() <= DISTINCT),
            interchangeable=(first, second),
        )

    def order(one: Equilibrium) -> tuple[Any, ...]:
        chances = np.concatenate(one.probabilities)
        welfare = sum(payoff / scale for payoff in one.payoffs)
        places = (-np.round(chances, 7)).tolist()
        return not one.symmetric, -round(welfare, 9), int((chances > 0).sum()), places

    equilibria = [made(*profile) for profile in found.profiles]
    return Equilibria(sorted(equilibria, key=order), complete=found.complete)
