"""Problems drawn at random, by size, opposition and reservation, and how to share them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bargain.errors import InvalidArgumentError
from bargain.model.issues import Issue
from bargain.model.numbers import finite_number, whole_number
from bargain.model.party import Party
from bargain.model.problem import ENUMERATION_LIMIT, BargainingProblem
from bargain.model.space import Seed
from bargain.model.utilities import AdditiveUtility
from bargain.play.seeds import child, seed_sequence

Reals = NDArray[np.float64]
T = TypeVar("T")
Range = float | tuple[float, float]

ATTEMPTS = 200
"""How often a problem is drawn anew where there is nothing to agree on."""


def random_problem(
    *,
    sizes: Sequence[int] = (5, 5, 5),
    opposition: Range = 0.5,
    reservation: Range = (0.1, 0.5),
    discount_factor: Range = 1.0,
    seed: Seed = None,
) -> BargainingProblem:
    """Draw a problem of two parties with additive utilities from 0 to 1.

    Weights are drawn evenly (Dirichlet with all parameters 1), and so are the worths of values,
    which are then stretched to [0, 1] in each issue (the one value of an issue that has no other is
    worth 1 to both sides). With opposition w > 0 the other side's weights
    and worths are (1 - w) times some drawn anew plus w times the first side's weights and one less
    its worths: 0 are interests that have nothing to do with each other, 1 is a strict conflict.
    With w < 0 its worths go towards the first side's: -1 is the same interest. The problem is
    drawn again until an outcome is worth more than the reservation to both.

    Parameters
    ----------
    sizes : sequence of int
        Number of values of each issue, at least 1 each; not more outcomes in all than are ever
        enumerated.
    opposition : float or (low, high)
        In [-1, 1]. Of a pair, a number is drawn evenly between.
    reservation : float or (low, high)
        Utility without an agreement, of each party; in [0, 1).
    discount_factor : float or (low, high)
        Per round, of each party; in (0, 1].
    seed : int, SeedSequence or Generator, optional

    Raises
    ------
    InvalidArgumentError
        Naming the argument that is wrong, or where both parties' reservations leave nothing to
        agree on in 200 draws.

    Examples
    --------
    >>> problem = random_problem(sizes=(3, 4), seed=7)
    >>> problem.parties, len(problem.space)
    (('a', 'b'), 12)
    """
    if isinstance(sizes, str) or not isinstance(sizes, Sequence | np.ndarray) or len(sizes) == 0:
        raise InvalidArgumentError.at("sizes", "the number of values of each issue", sizes)
    counts = [
        whole_number(f"sizes[{j}]", size, at_least=1, error=InvalidArgumentError)
        for j, size in enumerate(sizes)
    ]
    # Python ints do not overflow
    total = int(np.prod(np.array(counts, dtype=object)))
    if total > ENUMERATION_LIMIT // 2:
        raise InvalidArgumentError.at("sizes", f"at most {ENUMERATION_LIMIT // 2} outcomes", total)
    conflict = _range("opposition", opposition, -1.0, 1.0)
    floors = _range("reservation", reservation, 0.0, 1.0)
    factors = _range("discount_factor", discount_factor, 0.0, 1.0)
    if floors[1] >= 1:
        raise InvalidArgumentError.at("reservation", "numbers below 1", reservation)
    if factors[0] <= 0:
        raise InvalidArgumentError.at("discount_factor", "numbers above 0", discount_factor)
    sequence = seed_sequence(seed)
    issues = [
        Issue.choice(f"issue {j + 1}", [f"v{k + 1}" for k in range(size)])
        for j, size in enumerate(counts)
    ]
    for attempt in range(ATTEMPTS):
        generator = np.random.default_rng(child(sequence, attempt))
        weights, worths = _sides(generator, counts, float(generator.uniform(*conflict)))
        parties = [
            Party(
                name,
                AdditiveUtility(
                    {
                        issue.name: dict(zip(issue.values, (w * worth).tolist(), strict=True))
                        for issue, w, worth in zip(issues, weights[i], worths[i], strict=True)
                    }
                ),
                reservation_value=float(generator.uniform(*floors)),
                discount_factor=float(generator.uniform(*factors)),
            )
            for i, name in enumerate("ab")
        ]
        problem = BargainingProblem(issues, parties)
        if (problem.utilities() > problem.disagreement_point).all(axis=1).any():
            return problem
    raise InvalidArgumentError.at(
        "reservation", f"values that leave something to agree on in {ATTEMPTS} draws", reservation
    )


def random_problems(count: int, *, seed: Seed = None, **options: Any) -> list[BargainingProblem]:
    """Draw several problems with the same options, as `random_problem`.

    Parameters
    ----------
    count : int
        At least 1. Problem i is the same whatever the count.
    seed : int, SeedSequence or Generator, optional
    **options
        As in `random_problem`.

    Examples
    --------
    >>> len(random_problems(3, sizes=(2, 2), seed=1))
    3
    """
    count = whole_number("count", count, at_least=1, error=InvalidArgumentError)
    sequence = seed_sequence(seed)
    return [random_problem(seed=child(sequence, i), **options) for i in range(count)]


class Split(NamedTuple):
    """What to search on, what to choose on, and what to report on."""

    train: list[Any]
    validation: list[Any]
    held_out: list[Any]


def split(
    items: Iterable[T], *, shares: tuple[float, float, float] = (0.6, 0.2, 0.2), seed: Seed = None
) -> Split:
    """Share out problems or opponents at random, each to one of three parts.

    Parameters
    ----------
    items : iterable
        At least one for each part whose share is above 0.
    shares : (train, validation, held_out)
        Each >= 0, the first above 0; they need not add up to 1. A part whose share is above 0 gets
        at least one.
    seed : int, SeedSequence or Generator, optional

    Examples
    --------
    >>> split(range(5), seed=1)
    Split(train=[0, 1, 4], validation=[2], held_out=[3])
    """
    if not isinstance(items, Iterable):
        raise InvalidArgumentError.at("items", "problems or opponents to share out", items)
    listed = list(items)
    expected = "three numbers, the first above 0"
    if isinstance(shares, str) or not isinstance(shares, Sequence | np.ndarray):
        raise InvalidArgumentError.at("shares", expected, shares)
    parts = [
        finite_number(f"shares[{i}]", share, at_least=0, error=InvalidArgumentError)
        for i, share in enumerate(shares)
    ]
    if len(parts) != 3 or parts[0] == 0:
        raise InvalidArgumentError.at("shares", expected, shares)
    # scaled first, so that no sum overflows
    wanted = np.array(parts) / max(parts)
    wanted = wanted / wanted.sum()
    least = (np.array(parts) > 0).astype(np.int64)
    if len(listed) < least.sum():
        raise InvalidArgumentError.at("items", f"at least {least.sum()}", len(listed))
    counts = np.maximum(np.floor(wanted * len(listed) + 1e-9).astype(np.int64), least)
    # what is left over, or missing, is the first part's
    counts[0] = len(listed) - counts[1:].sum()
    while counts[0] < 1:
        counts[1 + int(counts[1:].argmax())] -= 1
        counts[0] += 1
    order = np.random.default_rng(seed_sequence(seed)).permutation(len(listed))
    ends = np.cumsum(counts)
    pieces = np.split(order, ends[:-1])
    return Split(*([listed[i] for i in sorted(piece.tolist())] for piece in pieces))


def _sides(
    generator: np.random.Generator, sizes: Sequence[int], conflict: float
) -> tuple[list[Reals], list[list[Reals]]]:
    """Return weights (n_issues,) and worths of the values of each issue, of both sides."""
    weights = [generator.dirichlet(np.ones(len(sizes))) for _ in range(2)]
    worths = [[_stretched(generator.random(size)) for size in sizes] for _ in range(2)]
    part = abs(conflict)
    weights[1] = (1.0 - part) * weights[1] + part * weights[0]
    for j, mine in enumerate(worths[0]):
        towards = 1.0 - mine if conflict > 0 else mine
        worths[1][j] = _stretched((1.0 - part) * worths[1][j] + part * towards)
    return weights, worths


def _stretched(worths: Reals) -> Reals:
    span = worths.max() - worths.min()
    return (worths - worths.min()) / span if span > 0 else np.ones(len(worths))


def _range(where: str, given: Any, low: float, high: float) -> tuple[float, float]:
    ends = given if isinstance(given, tuple | list) else (given, given)
    expected = f"a number in [{low:g}, {high:g}] or two, the lower first"
    numbers = [finite_number(where, end, error=InvalidArgumentError) for end in ends]
    if len(numbers) != 2 or not low <= numbers[0] <= numbers[1] <= high:
        raise InvalidArgumentError.at(where, expected, given)
    return numbers[0], numbers[1]
