"""The bargaining problem: outcomes, what each is worth to each party, and the fallback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import (
    InvalidArgumentError,
    TooLargeError,
    UnsupportedProblemError,
    shown,
)
from bargain.model.arrays import fixed, frozen
from bargain.model.constraints import Constraint
from bargain.model.forms import Form
from bargain.model.issues import Issue
from bargain.model.numbers import counted, discount_factor, is_number, large_number
from bargain.model.parts import fitted_constraints, fitted_parties, listed_parties
from bargain.model.party import Party, with_disagreement, with_each
from bargain.model.rules import Rule, allowed_mask
from bargain.model.space import OutcomeSpace
from bargain.model.utilities import AdditiveUtility, Term, Utility
from bargain.model.waiting import elapsed, waiting_cost

ENUMERATION_LIMIT = 20_000_000
"""Most utilities (outcomes times parties) that are ever laid out as an array (160 MB)."""


@dataclass(frozen=True, eq=False, init=False, repr=False)
class BargainingProblem:
    """A set of outcomes, what each is worth to each party, and what happens without agreement.

    Parameters
    ----------
    space : OutcomeSpace or iterable of Issue
    parties : mapping from name to utility function, or iterable of Party
        At least two.
    disagreement_point : sequence or mapping by party of float, optional
        Utility of each party without an agreement; 0 where nothing is said.
    disagreement : outcome, optional
        The outcome that stands without an agreement, for all parties, instead of a point.
    discount_factors : sequence or mapping by party of float, optional
        One per party, per round, in (0, 1].
    costs : sequence or mapping by party of float, optional
        Fixed costs of waiting, one per party, per round, >= 0.
    constraints : iterable of Mandatory, Forbidden, Implication or Budget, optional
        What may not be agreed. Outcomes that break one keep their row and their utility, and are
        never a solution, an offer or an agreement. A disagreement outcome may break them: it
        stands without being agreed on.
    name, source : str, optional
        What the problem is called and where it comes from.

    Raises
    ------
    InvalidProblemError
        Naming the field that is wrong.

    Examples
    --------
    >>> from bargain import Issue, Linear
    >>> pie = BargainingProblem(
    ...     [Issue.continuous("share", 0, 1)],
    ...     {
    ...         "first": AdditiveUtility({"share": Linear(0, 1)}),
    ...         "second": AdditiveUtility({"share": Linear(1, 0)}),
    ...     },
    ... )
    >>> pie.evaluate({"share": 0.25}), pie.disagreement_point
    (array([0.25, 0.75]), array([0., 0.]))
    """

    space: OutcomeSpace
    profiles: tuple[Party, ...]
    constraints: tuple[Constraint, ...]
    name: str
    source: str

    def __init__(
        self,
        space: OutcomeSpace | Iterable[Issue],
        parties: Mapping[str, Utility] | Iterable[Party],
        *,
        disagreement_point: Sequence[float]
        | NDArray[np.float64]
        | Mapping[str, float]
        | None = None,
        disagreement: Mapping[str, Any] | Sequence[Any] | None = None,
        discount_factors: Sequence[float] | Mapping[str, float] | None = None,
        costs: Sequence[float] | Mapping[str, float] | None = None,
        constraints: Iterable[Constraint] = (),
        name: str = "",
        source: str = "",
    ) -> None:
        if not isinstance(space, OutcomeSpace):
            space = OutcomeSpace(space)
        profiles = listed_parties(parties)
        profiles = with_disagreement(profiles, disagreement_point, disagreement)
        profiles = with_each(
            profiles, "discount_factors", discount_factors, "discount_factor", discount_factor
        )
        profiles = with_each(profiles, "costs", costs, "cost", waiting_cost)
        profiles = fitted_parties(profiles, space)
        constraints = fitted_constraints(constraints, space)
        for field_, value in (
            ("space", space),
            ("profiles", tuple(profiles)),
            ("constraints", constraints),
            ("name", str(name)),
            ("source", str(source)),
        ):
            object.__setattr__(self, field_, value)

    def __repr__(self) -> str:
        """Show name, parties and size in one short line."""
        outcomes = f"{large_number(self.space.size)} outcomes"
        if not self.space.is_finite:
            mixed = any(issue.is_finite for issue in self.space.issues)
            outcomes = "choices and continuous issues" if mixed else "continuous"
        names = " | ".join(self.parties)
        shown_ = [
            *[shown(self.name, 40)] * bool(self.name),
            names if len(names) <= 60 else f"{self.n_parties} parties",
            counted(len(self.space.issues), "issue"),
            outcomes,
            *[counted(len(self.constraints), "constraint")] * bool(self.constraints),
        ]
        return f"BargainingProblem({', '.join(shown_)})"

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what the problem is, not the arrays kept: they would come back writable."""
        return {field_.name: getattr(self, field_.name) for field_ in fields(self)}

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Names of the parties in order."""
        return tuple(profile.name for profile in self.profiles)

    @property
    def n_parties(self) -> int:
        """Number of parties."""
        return len(self.profiles)

    @cached_property
    def disagreement_point(self) -> NDArray[np.float64]:
        """Utility of each party without an agreement, shape (n_parties,)."""
        point = np.empty(self.n_parties)
        for i, profile in enumerate(self.profiles):
            if profile.disagreement is None:
                point[i] = profile.reservation_value or 0.0
            else:
                point[i] = self.evaluate(profile.disagreement)[i]
        return frozen(point)

    @cached_property
    def ceilings(self) -> NDArray[np.float64]:
        """Ceiling of each party's utility, infinity where there is none, shape (n_parties,)."""
        utilities = [profile.utility for profile in self.profiles]
        given = [u.ceiling if isinstance(u, AdditiveUtility) else None for u in utilities]
        return fixed([np.inf if ceiling is None else ceiling for ceiling in given])

    @cached_property
    def discount_factors(self) -> NDArray[np.float64]:
        """Discount factor of each party as given, shape (n_parties,)."""
        return fixed([profile.discount_factor for profile in self.profiles])

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """Cost of waiting of each party as given, shape (n_parties,)."""
        return fixed([profile.cost for profile in self.profiles])

    @property
    def is_patient(self) -> bool:
        """Whether waiting costs nobody anything."""
        return bool((self.discount_factors == 1).all() and (self.costs == 0).all())

    def discounts(self, *, round: int, time: float) -> NDArray[np.float64]:
        """Return what is left of one unit of each party's utility, shape (n_parties,).

        Parameters
        ----------
        round : int
            Rounds gone by, for parties that discount per round.
        time : float
            Relative time in [0, 1], for parties that discount over the session.
        """
        units = [profile.discount_per for profile in self.profiles]
        return self.discount_factors ** elapsed(units, round, time)

    def costs_paid(self, *, round: int, time: float) -> NDArray[np.float64]:
        """Return what each party has paid for waiting, in units of utility, shape (n_parties,).

        Parameters
        ----------
        round : int
            Rounds gone by, for parties that pay per round.
        time : float
            Relative time in [0, 1], for parties that pay over the session.
        """
        units = [profile.cost_per for profile in self.profiles]
        return self.costs * elapsed(units, round, time)

    def delayed(
        self, utilities: Sequence[float] | NDArray[np.float64], *, round: int, time: float
    ) -> NDArray[np.float64]:
        """Return what utilities are worth after waiting.

        That is u d^r or u - c r after r rounds, or u d^t or u - c t at time t where a party's
        factor or cost counts over the session. The same for an agreement and for having none:
        what a party has without an agreement is discounted too, and who has waited has paid. So
        utilities can end below the disagreement point, and below 0.

        Parameters
        ----------
        utilities : array-like, shape (..., n_parties)
        round : int
            Rounds gone by, >= 0.
        time : float
            Relative time in [0, 1].

        Returns
        -------
        ndarray, shape (..., n_parties)

        Examples
        --------
        >>> from bargain import Issue, Linear
        >>> pie = BargainingProblem(
        ...     [Issue.continuous("share", 0, 1)],
        ...     {
        ...         "first": AdditiveUtility({"share": Linear(0, 1)}),
        ...         "second": AdditiveUtility({"share": Linear(1, 0)}),
        ...     },
        ...     discount_factors=[0.5, 1],
        ...     costs=[0, 0.125],
        ... )
        >>> pie.delayed([0.5, 0.5], round=2, time=1)
        array([0.125, 0.25 ])
        """
        left = np.asarray(utilities, dtype=np.float64) * self.discounts(round=round, time=time)
        return left - self.costs_paid(round=round, time=time)

    @cached_property
    def is_additive(self) -> bool:
        """Whether every party's utility is an `AdditiveUtility`, so that `terms` says it all."""
        return all(isinstance(profile.utility, AdditiveUtility) for profile in self.profiles)

    @cached_property
    def terms(self) -> tuple[tuple[Term, ...], ...]:
        """What each issue contributes to each party's utility: terms[party][issue].

        Raises
        ------
        UnsupportedProblemError
            If a utility is not additive.
        """
        terms = []
        for profile in self.profiles:
            if not isinstance(profile.utility, AdditiveUtility):
                raise UnsupportedProblemError.at(
                    f"party {profile.name!r}", "an additive utility", profile.utility
                )
            terms.append(profile.utility.terms(self.space))
        return tuple(terms)

    @cached_property
    def forms(self) -> tuple[Form | None, ...]:
        """The arithmetic of each party's utility; None where it has none to show."""
        return tuple(profile.utility.form(self.space) for profile in self.profiles)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The constraints in their normal form."""
        return tuple(Rule.of(constraint, self.space) for constraint in self.constraints)

    def broken_by(self, outcome: Any) -> tuple[Constraint, ...]:
        """Return the constraints that an outcome of the space breaks; none if it may be agreed.

        Raises
        ------
        InvalidOutcomeError
            If the outcome is not in the space.
        """
        outcome = self.space.validate(outcome)
        return tuple(r.constraint for r in self.rules if not r.holds(self.space, outcome))

    @cached_property
    def allowed_rows(self) -> NDArray[np.intp] | None:
        """Rows of a finite space that break no constraint, increasing; None without constraints.

        Raises
        ------
        TooLargeError
            Where `utilities()` does.
        """
        if not self.constraints:
            return None
        self._check_enumerable()
        return frozen(np.flatnonzero(allowed_mask(self.rules, self.space)))

    def party_index(self, party: int | str, *, where: str = "party") -> int:
        """Return the position of a party given by name or position, or raise at `where`."""
        if isinstance(party, str) and party in self.parties:
            return self.parties.index(party)
        is_whole = isinstance(party, Integral) and is_number(party)
        if is_whole and int(party) in range(self.n_parties):
            return int(party)
        raise InvalidArgumentError.at(where, f"one of {', '.join(self.parties)}", party)

    def evaluate(self, outcome: Any) -> NDArray[np.float64]:
        """Return what an outcome (mapping or sequence of values) is worth, shape (n_parties,).

        Agrees to the last bit with the row of the same outcome in `utilities()`.

        Raises
        ------
        InvalidOutcomeError
            If the outcome is not in the space.
        """
        outcome = self.space.validate(outcome)
        worths = []
        for i, profile in enumerate(self.profiles):
            if isinstance(profile.utility, AdditiveUtility) and self.is_additive:
                # with the terms at hand
                worths.append(profile.utility.evaluate_terms(self.space, self.terms[i], outcome))
            else:
                worths.append(profile.utility.evaluate(self.space, outcome))
        return np.array(worths)

    def utilities(self) -> NDArray[np.float64]:
        """Return the utility of every outcome to every party, shape (n_outcomes, n_parties).

        Row i is `space.outcome(i)`. The array is read-only, computed once and kept. Time and
        memory are linear in its size.

        Raises
        ------
        UnsupportedProblemError
            If an issue is continuous.
        TooLargeError
            If the array would hold more than `ENUMERATION_LIMIT` utilities.
        """
        return self._utilities

    @cached_property
    def _utilities(self) -> NDArray[np.float64]:
        self._check_enumerable()
        table = np.empty((int(self.space.size), self.n_parties))
        for i, profile in enumerate(self.profiles):
            table[:, i] = profile.utility.utilities(self.space)
        return frozen(table)

    def _check_enumerable(self) -> None:
        if not self.space.is_finite:
            raise UnsupportedProblemError(
                "utilities(): expected a finite outcome space, got a continuous issue "
                "(see discretized())"
            )
        if self.space.size * self.n_parties > ENUMERATION_LIMIT:
            raise TooLargeError.at(
                "utilities()",
                f"at most {ENUMERATION_LIMIT // self.n_parties} outcomes",
                self.space.size,
            )
