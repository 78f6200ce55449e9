"""Problems that a command draws at random instead of loading them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from bargain.cli.options import numbers_given, problem_given, whole_numbers_given
from bargain.errors import InvalidArgumentError
from bargain.model.numbers import whole_number

RandomOption = Annotated[
    int | None,
    typer.Option(
        "--random",
        metavar="COUNT",
        help="Instead of a problem: draw so many of each size, and keep a fifth to choose on and "
        "a fifth to report on. Their parties are a and b.",
    ),
]
SizesOption = Annotated[
    list[str] | None,
    typer.Option(help="With --random, how many values each issue has, by commas; may be repeated."),
]
OppositionOption = Annotated[
    str | None,
    typer.Option(
        metavar="LOW,HIGH", help="With --random, from -1 (same interests) to 1 (strict conflict)."
    ),
]
DisagreementOption = Annotated[
    str | None,
    typer.Option(
        metavar="LOW,HIGH", help="With --random, what either has without an agreement; best is 1."
    ),
]


@dataclass(frozen=True)
class Problems:
    """What to search on, what to choose on and what to report on.

    Attributes
    ----------
    train : tuple of BargainingProblem
    validation, held_out : tuple of BargainingProblem or None
    """

    train: tuple[Any, ...]
    validation: tuple[Any, ...] | None = None
    held_out: tuple[Any, ...] | None = None


def problems_given(
    paths: list[str] | None,
    grid: int | None,
    count: int | None,
    *,
    sizes: list[str] | None,
    opposition: str | None,
    disagreement: str | None,
    seed: int,
) -> Problems:
    """Load the problem or draw some; everything drawn derives from the seed."""
    drawn = {"--sizes": sizes, "--opposition": opposition, "--disagreement": disagreement}
    if count is None:
        for option, value in drawn.items():
            if value:
                raise InvalidArgumentError.at(option, "--random COUNT beside it", value)
        if not paths:
            raise InvalidArgumentError("PROBLEM: expected a name, files or --random, got nothing")
        return Problems((problem_given(paths, grid),))
    if paths:
        raise InvalidArgumentError.at("PROBLEM", "none beside --random", " ".join(paths))
    if grid is not None:
        raise InvalidArgumentError.at("--grid", "none beside --random", grid)
    return _drawn(count, sizes, opposition, disagreement, seed)


def _drawn(
    count: int, sizes: list[str] | None, opposition: str | None, disagreement: str | None, seed: int
) -> Problems:
    import bargain as bg
    from bargain.play.seeds import child, seed_sequence

    # three parts of each size, none of them empty
    count = whole_number("--random", count, at_least=3, error=InvalidArgumentError)
    options: dict[str, Any] = {}
    if opposition is not None:
        options["opposition"] = _pair("--opposition", opposition)
    if disagreement is not None:
        options["reservation"] = _pair("--disagreement", disagreement)
    shapes = [whole_numbers_given("--sizes", one) for one in sizes or ["5,5,5"]]
    parts: list[list[Any]] = [[], [], []]
    for i, shape in enumerate(shapes):
        sequence = seed_sequence(seed)
        problems = bg.random_problems(count, seed=child(sequence, 10, i), sizes=shape, **options)
        shared_out = bg.split(problems, seed=child(sequence, 11, i))
        for part, some in zip(parts, shared_out, strict=True):
            part += some
    return Problems(*(tuple(part) for part in parts))


def _pair(option: str, text: str) -> tuple[float, float]:
    numbers = numbers_given(option, text) or []
    if len(numbers) > 2:
        raise InvalidArgumentError.at(option, "a number or two, the lower first", text)
    return numbers[0], numbers[-1]
