"""A side of the table, and what is said of all sides at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from bargain.errors import InvalidProblemError
from bargain.model.numbers import discount_factor, finite_number, per_party
from bargain.model.outcomes import Outcome
from bargain.model.utilities import LARGEST_UTILITY, Utility
from bargain.model.waiting import waiting_cost


@dataclass(frozen=True)
class Party:
    """A side of the table: what it wants and what it has if there is no agreement.

    Attributes
    ----------
    name : str
    utility : Utility
    reservation_value : float or None
        Utility without an agreement. With neither this nor `disagreement`, it is 0.
    disagreement : Outcome or None
        The outcome that stands without an agreement (a status quo contract), instead of a value.
    discount_factor : float
        What is left of a utility after waiting, in (0, 1]; 1 means all of it.
    discount_per : {"round", "session"}
        Whether the factor applies once a round, or once over the whole session (u * d^t with t
        from 0 to 1, as the GENIUS formats have it).
    cost : float
        What waiting takes off every utility, in units of utility from 0 to 1e300: the
        fixed bargaining cost of Rubinstein 1982. A party has a discount factor or a cost.
    cost_per : {"round", "session"}
        Whether the cost is paid for each round gone by (u - c r), or in proportion to the time
        (u - c t with t from 0 to 1).
    """

    name: str
    utility: Utility
    reservation_value: float | None = None
    disagreement: Outcome | None = None
    discount_factor: float = 1.0
    discount_per: Literal["round", "session"] = "round"
    cost: float = 0.0
    cost_per: Literal["round", "session"] = "round"

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise InvalidProblemError.at("party name", "a non-empty string", self.name)
        if not isinstance(self.utility, Utility):
            raise InvalidProblemError.at(
                f"party {self.name!r}: utility", "a utility function", self.utility
            )
        if self.reservation_value is not None:
            if self.disagreement is not None:
                raise InvalidProblemError.at(
                    f"party {self.name!r}",
                    "a reservation value or a disagreement outcome",
                    "both",
                )
            value = finite_number(f"party {self.name!r}: reservation_value", self.reservation_value)
            if abs(value) > LARGEST_UTILITY:
                raise InvalidProblemError.at(
                    f"party {self.name!r}: reservation_value",
                    f"a utility up to {LARGEST_UTILITY:g}",
                    value,
                )
            object.__setattr__(self, "reservation_value", value)
        factor = discount_factor(f"party {self.name!r}: discount_factor", self.discount_factor)
        object.__setattr__(self, "discount_factor", factor)
        object.__setattr__(self, "cost", waiting_cost(f"party {self.name!r}: cost", self.cost))
        for field_, unit in (("discount_per", self.discount_per), ("cost_per", self.cost_per)):
            if unit not in ("round", "session"):
                raise InvalidProblemError.at(
                    f"party {self.name!r}: {field_}", "'round' or 'session'", unit
                )
        if self.discount_factor < 1 and self.cost > 0:
            raise InvalidProblemError.at(
                f"party {self.name!r}", "a discount factor or a cost of waiting", "both"
            )


def with_disagreement(profiles: list[Party], point: Any, outcome: Any) -> list[Party]:
    """Return the parties with a disagreement point or outcome given for all of them."""
    if point is not None and outcome is not None:
        raise InvalidProblemError.at(
            "disagreement", "a disagreement point or a disagreement outcome", "both"
        )
    if point is None and outcome is None:
        return profiles
    for i, profile in enumerate(profiles):
        if profile.reservation_value is not None or profile.disagreement is not None:
            raise InvalidProblemError.at(
                f"parties[{i}]", "no disagreement of its own beside the problem's", profile.name
            )
    if outcome is not None:
        return [replace(profile, disagreement=outcome) for profile in profiles]
    return with_each(profiles, "disagreement_point", point, "reservation_value", finite_number)


def with_each(
    profiles: list[Party],
    where: str,
    values: Any,
    attribute: str,
    checked: Callable[[str, Any], float],
) -> list[Party]:
    """Return the parties with an attribute given for all of them, in order or by name.

    `checked` takes where a value stands and the value. None for `values` leaves the parties alone.
    """
    if values is None:
        return profiles
    listed = per_party(where, values, [profile.name for profile in profiles])
    given: list[dict[str, Any]] = [
        {attribute: checked(f"{where}[{i}]", value)} for i, value in enumerate(listed)
    ]
    return [replace(profile, **fields) for profile, fields in zip(profiles, given, strict=True)]
