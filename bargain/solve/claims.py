"""What an answer claims, in full: enough to check it again without the method that found it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bargain.model import BargainingProblem
    from bargain.solve.solution import Lottery

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ideal:
    """The most that one party can gain, and what proves it.

    Attributes
    ----------
    lottery : Lottery
        What gives the party that much.
    prices : ndarray, shape (n_parties,)
        At these, in utilities, nothing is worth more than the lottery.
    """

    lottery: Lottery
    prices: Reals


@dataclass(frozen=True, eq=False)
class BestAnswer:
    """That nothing feasible and individually rational reaches a larger objective.

    Attributes
    ----------
    problem : BargainingProblem
    objective : {"product", "minimum", "sum"}
        The weighted product of gains; the least of gain / scale, then the next least, and so on;
        the sum of gains.
    parameters : ndarray or None
        Weights of the product or scales of the minimum, shape (n_parties,); None: the scales are
        the ideal gains. The sum takes none.
    lotteries : bool
        Whether lotteries are feasible too.
    lottery : Lottery
        The answer.
    utilities : ndarray, shape (n_parties,)
        What it is said to be worth.
    ideals : tuple of Ideal
        One a party where the method relied on ideal gains that nobody can read off; else empty.
    vetoes : int
        How many of the last parties only have a veto: see `solve.vetoes`.
    """

    problem: BargainingProblem
    objective: Literal["product", "minimum", "sum"]
    parameters: Reals | None
    lotteries: bool
    lottery: Lottery
    utilities: Reals
    ideals: tuple[Ideal, ...] = ()
    vetoes: int = 0


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """That an answer is what is agreed at once in alternating offers over the convex hull.

    Attributes
    ----------
    problem : BargainingProblem
    shares, costs : ndarray, shape (n_parties,)
        Making the next offer and gaining g by it is worth share g - cost now.
    options : ndarray, shape (n_parties,)
        What a party that refuses can gain at once by leaving, >= 0.
    first : int
        Who makes the first offer.
    horizon : int or None
        How many offers there are; None: no end.
    lottery : Lottery
        The first offer.
    utilities : ndarray, shape (n_parties,)
        What it is said to be worth.
    proposals : tuple of Lottery
        What each party proposes, where three and more parties bargain; else empty.
    """

    problem: BargainingProblem
    shares: Reals
    costs: Reals
    options: Reals
    first: int
    horizon: int | None
    lottery: Lottery
    utilities: Reals
    proposals: tuple[Lottery, ...] = ()


@dataclass(frozen=True, eq=False)
class EfficientPoints:
    """That points are the Pareto frontier.

    Attributes
    ----------
    problem : BargainingProblem
    utilities : ndarray, shape (n, n_parties)
        The points, best for the first party first.
    lottery : callable
        What is agreed at the point of a position.
    is_chain : bool
        Whether the points are corners and the frontier runs straight between neighbours.
    rational : bool
        Whether it is the frontier of what gives everybody its disagreement utility.
    """

    problem: BargainingProblem
    utilities: Reals
    lottery: Callable[[int], Lottery]
    is_chain: bool
    rational: bool


Claim = BestAnswer | Equilibrium | EfficientPoints
