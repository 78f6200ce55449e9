"""The command line application: what all commands share."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Collection
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec

import typer

from bargain.errors import (
    BargainError,
    ConvergenceError,
    InfeasibleProblemError,
    NoAgreementZoneError,
    TooLargeError,
    UnsupportedProblemError,
)

app = typer.Typer(
    name="bargain",
    help="Compute what a deal should be and how to get there.\n\n"
    "A PROBLEM is a packaged name (rental, employment, supply_contract, ...), a JSON or YAML "
    "file, or the domain and profile files of GENIUS, GeniusWeb or NegoLog.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

P = ParamSpec("P")

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def reported(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what goes wrong into one line on stderr and an exit status.

    Status 2 is bad input; 1 is a computation that failed, such as no agreement zone.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("default", UserWarning)
                warnings.showwarning = _show_warning
                command(*args, **kwargs)
        except BargainError as error:
            hint = ""
            if isinstance(error, UnsupportedProblemError) or str(error).startswith("grid: "):
                hint = _ways_out(str(error), signature(command).parameters)
            if isinstance(error, TooLargeError) and "epsilon" in str(error):
                hint = " [--epsilon on the command line]"
            typer.echo(f"bargain: {error}{hint}", err=True)
            failed = isinstance(
                error, ConvergenceError | InfeasibleProblemError | NoAgreementZoneError
            )
            raise typer.Exit(FAILED if failed else BAD_INPUT) from None
        except KeyboardInterrupt:
            typer.echo("bargain: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None

    return run


def _ways_out(text: str, options: Collection[str]) -> str:
    """Return how a command that has these options is told what the library advises."""
    ways = []
    if "lotteries=True" in text and "lotteries" in options:
        ways.append("--lotteries")
    if ("discretized(" in text or "grid" in text) and "grid" in options:
        ways.append("--grid POINTS")
    return f" [on the command line: {' or '.join(ways)}]" if ways else ""


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    print(f"bargain: warning: {message}", file=sys.stderr)


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        from bargain import __version__

        typer.echo(f"bargain {__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: bool = typer.Option(
        False, "--version", callback=show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Hold the options that stand before a command."""
