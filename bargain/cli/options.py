"""Arguments and options that several commands share, and how their text is read."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bargain.errors import FileFormatError, InvalidArgumentError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bargain.model import BargainingProblem
    from bargain.play import Policy

ProblemArgument = Annotated[
    list[str], typer.Argument(metavar="PROBLEM", help="A packaged name, or problem files.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
VerifyOption = Annotated[
    bool, typer.Option("--verify", help="Check the proof again, without the method that found it.")
]
LotteriesOption = Annotated[
    bool, typer.Option("--lotteries", help="Choose over the convex hull of the outcomes.")
]
PlotOption = Annotated[
    str | None, typer.Option("--plot", metavar="FILE", help="Draw into a .png, .svg or .pdf file.")
]
PartyOption = Annotated[str, typer.Option("--party", help="Name or position of the party.")]
DeadlineOption = Annotated[int, typer.Option("--deadline", help="Rounds there are.")]
GridOption = Annotated[
    int | None,
    typer.Option("--grid", metavar="POINTS", help="Values per continuous issue, evenly spaced."),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", help="Of integer programs; a minute by default."
    ),
]
LimitsOption = Annotated[
    str | None,
    typer.Option("--limits", metavar="FILE", help="Limits as JSON: floor, allowed, forbidden, ..."),
]
OtherOption = Annotated[
    str,
    typer.Option(
        "--other",
        help="What is known of the others' utilities: exact, believed, unknown, or learned by "
        "frequency, bayesian or windowed.",
    ),
]
PolicyOption = Annotated[str, typer.Option(help="A preset's name or a policy file.")]
ClosesOption = Annotated[
    str | None,
    typer.Option(
        "--closes", metavar="TIME", help="When talks close, as 2026-03-04T09:00:00+01:00."
    ),
]
OpensOption = Annotated[
    str | None, typer.Option("--opens", metavar="TIME", help="When they opened; 48 hours before.")
]
SkewOption = Annotated[
    float, typer.Option("--skew", metavar="SECONDS", help="How far clocks may differ.")
]
BlurOption = Annotated[
    str | None,
    typer.Option(
        "--blur",
        metavar="FILE",
        help="Draw offers by chance, so that they tell less: JSON with a private seed, and perhaps "
        "schedule, band and loss.",
    ),
]
PackagesOption = Annotated[int, typer.Option(min=1, max=3, help="Most packages to offer.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Same seed, same result.")]

FIGURES = (".png", ".svg", ".pdf")
"""How files end that pictures are drawn into."""


def problem_given(paths: list[str], grid: int | None = None) -> BargainingProblem:
    """Load a problem and, if asked to, put its continuous issues on a grid."""
    import bargain as bg

    problem = bg.load(*paths)
    if grid is not None:
        return bg.discretized(problem, points=grid)
    return problem


def party_given(text: str) -> int | str:
    """Read a party given by name, or by position."""
    return int(text) if text.isdecimal() else text


def whole_numbers_given(option: str, text: str) -> list[int]:
    """Read whole numbers separated by commas."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InvalidArgumentError.at(option, "whole numbers by commas", text) from None


def numbers_given(option: str, text: str | None) -> list[float] | None:
    """Read numbers separated by commas."""
    if text is None:
        return None
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InvalidArgumentError.at(option, "numbers separated by commas", text) from None


def rounds_given(text: str) -> list[int]:
    """Read deadlines separated by commas."""
    return whole_numbers_given("--deadline", text)


def policy_given(text: str, where: str = "policy") -> Any:
    """Read a policy given by its name, perhaps with fields, or by a policy file."""
    from bargain.play import load_policy
    from bargain.play.presets import as_policy

    if is_policy_file(text):
        return load_policy(text)
    if ":" in text:
        from bargain.cli.policy_fields import policy_with_fields

        return policy_with_fields(text, where)
    return as_policy(where, text)


def json_given(path: str, kind: type) -> Any:
    """Read a JSON file that holds a list or an object."""
    from bargain.errors import FileFormatError
    from bargain.files.syntax import parse_json
    from bargain.files.text import read_text

    data = parse_json(read_text(path), path)
    if not isinstance(data, kind):
        raise FileFormatError.at(path, "a list" if kind is list else "an object", data)
    return data


def limits_given(path: str | None) -> Any:
    """Read the limits of an anchor."""
    import bargain as bg

    return bg.Limits() if path is None else bg.Limits.from_dict(json_given(path, dict))


def other_given(text: str) -> Any:
    """Read what is known of the others: a word of `Anchor`, or the name of a model."""
    from bargain.anchor.belief import known_of_others

    return known_of_others(text)


def clock_given(opens: str | None, closes: str | None, skew: float) -> Any:
    """Return the clock that talks go by; None where it is not said when they close."""
    if closes is None:
        return None
    import bargain as bg
    from bargain.anchor.clock import moment, span

    end = moment("--closes", closes)
    start = end - timedelta(hours=48) if opens is None else moment("--opens", opens)
    return bg.Clock(start, end, skew=span("--skew", skew))


def blur_given(path: str | None) -> Any:
    """Read how offers are drawn by chance; None without a file."""
    if path is None:
        return None
    import bargain as bg
    from bargain.errors import FileFormatError

    data = json_given(path, dict)
    names = ("seed", "schedule", "band", "loss")
    for name in data:
        if name not in names:
            raise FileFormatError.at(path, f"only the fields {', '.join(names)}", name)
    if "seed" not in data:
        raise FileFormatError.at(path, "a seed", None)
    try:
        return bg.Blur(**data)
    except InvalidArgumentError as error:
        raise FileFormatError(f"{path}: {error}") from None


def anchor_given(
    problem: list[str],
    party: str,
    policy: str,
    deadline: int,
    packages: int,
    grid: int | None,
    limits: str | None,
    other: str,
    opens: str | None,
    closes: str | None,
    skew: float,
    blur: str | None,
) -> Any:
    """Return the anchor that the options of advise and redteam ask for."""
    import bargain as bg

    return bg.Anchor(
        bg.load(*problem),
        party=party_given(party),
        policy=policy_given(policy),
        deadline=deadline,
        packages=packages,
        grid=grid,
        limits=limits_given(limits),
        other=other_given(other),
        clock=clock_given(opens, closes, skew),
        blur=blur_given(blur),
    )


def is_policy_file(text: str) -> bool:
    """Whether a policy is given by a file, not by the name of a preset."""
    return os.path.sep in text or text.endswith(".json")


def policies_given(text: str) -> list[Any]:
    """Read policies separated by commas."""
    return [policy_given(part.strip(), f"policies[{i}]") for i, part in enumerate(text.split(","))]


def default_pool(problem: BargainingProblem, party: int | str) -> list[Policy]:
    """Return nine opponents of a party: three concession rates, each down to three floors.

    Their floors are a quarter, a half and three quarters of what an opponent can gain when the
    party falls below its disagreement utility nowhere, so that all of them can be agreed with.
    """
    import bargain as bg

    other = 1 - problem.party_index(party)
    gain = bg.ideal_point(problem)[other] - problem.disagreement_point[other]
    attainable = bg.PartyView.of(problem, other).best - problem.disagreement_point[other]
    share = gain / attainable if attainable > 0 else 0.0
    return [
        bg.TimeDependent(beta=beta, floor=float(floor * share))
        for beta in (0.2, 1.0, 5.0)
        for floor in (0.25, 0.5, 0.75)
    ]


def text_given(path: str) -> tuple[str, str]:
    """Return the text of a file, or of standard input for "-", and what to call it."""
    from bargain.files.text import read_text

    if path != "-":
        return read_text(path), path
    if sys.stdin is None or sys.stdin.isatty():
        return "", "standard input"
    try:
        return sys.stdin.read(), "standard input"
    except UnicodeDecodeError:
        raise FileFormatError("standard input: expected UTF-8 text") from None


def check_target(option: str, path: str | None, suffix: str = "") -> None:
    """Refuse a file that could not be written, before any work is done for it."""
    if path is None:
        return
    if not path.endswith(suffix):
        raise InvalidArgumentError.at(option, f"a file ending in {suffix}", path)
    folder = Path(path).parent
    if not folder.is_dir() or Path(path).is_dir():
        raise InvalidArgumentError.at(option, "a file in a folder that exists", path)


def check_plot(path: str | None) -> None:
    """Refuse a file that nothing could be drawn into, before any work is done for it."""
    if path is None:
        return
    if Path(path).suffix.lower() not in FIGURES:
        raise InvalidArgumentError.at("--plot", "a file ending in .png, .svg or .pdf", path)
    check_target("--plot", path)


def print_json(answer: Any) -> None:
    """Print plain values as JSON."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))


def save_figure(ax: Axes, path: str | Path) -> None:
    """Draw into a file by way of a temporary name, so that it is never half-written."""
    import matplotlib.pyplot as plt

    from bargain.files.text import write_bytes

    target = Path(path)
    figure: Any = ax.figure
    buffer = BytesIO()
    figure.savefig(buffer, format=target.suffix[1:].lower(), dpi=150)
    plt.close(figure)
    write_bytes(target, buffer.getvalue())


def without_display() -> None:
    """Draw without a window: the command line only writes files."""
    import matplotlib as mpl

    mpl.use("Agg")
