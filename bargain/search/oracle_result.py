"""What a double oracle came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bargain.errors import InvalidArgumentError
from bargain.model.problem import BargainingProblem
from bargain.play.labels import label
from bargain.play.mixture import Mixture
from bargain.search.equilibrium import Equilibrium
from bargain.search.game import EmpiricalGame
from bargain.search.given import title_of
from bargain.search.meetings import MeanShare

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Ended = Literal["converged", "rounds", "time_limit", "interrupted"]


@dataclass(frozen=True, eq=False, repr=False)
class OracleStep:
    """One round of a double oracle.

    Attributes
    ----------
    equilibrium : Equilibrium
        Of the game so far.
    gains : tuple of MeanShare
        What the best response that was found gains against it, for each population: a lower bound
        on its regret over all policies.
    gains_at_most : tuple of float
        What no policy gains more than, up to the noise.
    responses : tuple of policies
        What was found.
    added : tuple of str or None
        What each is called in the game; None where it was not taken up.
    confirms : bool
        Whether it was the longer search before the end.
    """

    equilibrium: Equilibrium
    gains: tuple[MeanShare, ...]
    gains_at_most: tuple[float, ...]
    responses: tuple[Any, ...]
    added: tuple[str | None, ...]
    confirms: bool

    def __repr__(self) -> str:
        """Show what was gained and taken up in one line."""
        said = [f"exploitability {self.exploitability:.4f}"]
        names = list(dict.fromkeys(name for name in self.added if name is not None))
        said += [f"added {', '.join(names)}"] if names else []
        said += ["confirms"] if self.confirms else []
        return f"OracleStep({', '.join(said)})"

    @property
    def exploitability(self) -> float:
        """The largest of the gains, at least 0."""
        return max(0.0, *(gain.value for gain in self.gains))

    @property
    def standard_error(self) -> float:
        """Of the largest of the gains."""
        return max(self.gains, key=lambda gain: gain.value).standard_error


@dataclass(frozen=True, eq=False, repr=False)
class DoubleOracle:
    """A game that grew by best responses, and the equilibrium that they came to.

    Attributes
    ----------
    problems : tuple of BargainingProblem
    deadlines : tuple of int
    symmetric : bool
        Whether one population sits in both seats.
    policies : tuple of tuple of policies
        Those of each role, in the order of `game.names`; the same twice if symmetric.
    game : EmpiricalGame
        Their payoffs, in mean shares of the attainable gain.
    equilibrium : Equilibrium
        The one of `history` that is exploited least by all that was found; the last if it
        converged.
    exploitability : float
        The most that a role gains against this equilibrium by what was found for it, or by any
        policy of the game: a lower bound on its regret over all policies.
    standard_error : float
        Of what was found against it.
    history : tuple of OracleStep
    tolerance : float
    stopped : {"converged", "rounds", "time_limit", "interrupted"}
    seconds : float
    """

    problems: tuple[BargainingProblem, ...]
    deadlines: tuple[int, ...]
    symmetric: bool
    policies: tuple[tuple[Any, ...], tuple[Any, ...]]
    game: EmpiricalGame
    equilibrium: Equilibrium
    exploitability: float
    standard_error: float
    history: tuple[OracleStep, ...]
    tolerance: float
    stopped: Ended
    seconds: float

    @property
    def policy(self) -> tuple[Mixture, Mixture]:
        """What each role plays in the equilibrium, as a policy that can sit at a table."""
        first, second = (
            self.equilibrium.policy(dict(zip(names, policies, strict=True)), role=role)
            for role, (names, policies) in enumerate(
                zip(self.game.names, self.policies, strict=True)
            )
        )
        return first, second

    @property
    def roles(self) -> tuple[str, ...]:
        """The populations: one for both seats, or one for each."""
        return ("both seats",) if self.symmetric else self.game.roles

    def to_dict(self) -> dict[str, Any]:
        """Return everything but problems and policies as plain values, for JSON."""
        return {
            "problems": [problem.name for problem in self.problems],
            "deadlines": list(self.deadlines),
            "symmetric": self.symmetric,
            "policies": [[label(policy) for policy in part] for part in self.policies],
            "game": self.game.to_dict(),
            "equilibrium": self.equilibrium.to_dict(),
            "exploitability": self.exploitability,
            "standard_error": self.standard_error,
            "history": [
                {
                    "equilibrium": step.equilibrium.to_dict(),
                    "gains": [gain.value for gain in step.gains],
                    "standard_errors": [gain.standard_error for gain in step.gains],
                    "gains_at_most": list(step.gains_at_most),
                    "added": list(step.added),
                    "confirms": step.confirms,
                }
                for step in self.history
            ],
            "tolerance": self.tolerance,
            "stopped": self.stopped,
            "seconds": self.seconds,
        }

    def summary(self) -> str:
        """Say in a few lines what it came to."""
        lines = [
            f"double oracle in {title_of(self.problems, self.deadlines)}: "
            f"{len(self.history)} rounds, {self.seconds:.1f} s, "
            f"stopped: {self.stopped.replace('_', ' ')}",
            f"nothing that was found gains more than {self.exploitability:.4f} against the "
            f"equilibrium (tolerance {self.tolerance:g})",
        ]
        for role, name in enumerate(self.roles):
            played = self.equilibrium.support[role]
            lines.append(
                f"{name}: mean share {self.equilibrium.payoffs[role]:.4f}, plays {len(played)} of "
                f"{len(self.policies[role])} policies"
            )
            known = dict(zip(self.game.names[role], self.policies[role], strict=True))
            for policy, chance in played.items():
                said = label(known[policy])
                shown = policy if said == policy else f"{policy}: {said}"
                lines.append(f"  {chance:.3f} {shown}")
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the summary."""
        return self.summary()

    def __repr__(self) -> str:
        """Show how it ended in one line."""
        counts = " x ".join(str(len(part)) for part in self.policies)
        exploited = f"exploitability {self.exploitability:.4f}"
        return f"DoubleOracle({counts} policies, {exploited}, {self.stopped})"

    def plot(
        self,
        kind: Literal["exploitability", "population"] = "exploitability",
        *,
        role: int = 0,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the exploitability over the rounds, or what a role played in them.

        Parameters
        ----------
        kind : {"exploitability", "population"}
        role : int
            Whose population.
        ax : matplotlib Axes, optional
        """
        from bargain.plot import plot_oracle, plot_oracle_population

        if kind not in ("exploitability", "population"):
            raise InvalidArgumentError.at("kind", "'exploitability' or 'population'", kind)
        if kind == "population":
            return plot_oracle_population(self, role=role, ax=ax)
        return plot_oracle(self, ax=ax)
