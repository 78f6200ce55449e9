"""bargain serve."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bargain.cli.app import BAD_INPUT, INTERRUPTED, app, reported
from bargain.cli.options import JsonOption, print_json
from bargain.errors import FileFormatError

if TYPE_CHECKING:
    from bargain.adapters.tools.cases import Cases


@app.command()
@reported
def serve(
    folder: Annotated[
        str, typer.Argument(metavar="CASES_DIR", help="A folder of files ID.case.yaml or .json.")
    ],
    case: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="ID", help="Only this case; may be given again."),
    ] = None,
    records: Annotated[
        str | None,
        typer.Option(
            "--records",
            metavar="FOLDER",
            help="Keep there how far negotiations have come, to go on after a restart; private, "
            "and may be shared by servers.",
        ),
    ] = None,
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="Also return utilities, limits and reasons: to a model of yours."
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Read the cases, say what is wrong, and stop.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Serve cases to a language model: tools over the Model Context Protocol, on standard streams.

    \b
    Needs the extra agents: pip install 'bargain-solver[agents]'. A broken case is reported, and the
    others are served; --check reads ID.approved.json too, and exits with 2 if anything is broken.
    --json is for --check.
    Example:
      bargain serve cases/ --case flat-12 --records records/
      bargain serve cases/ --check
    """
    import bargain as bg
    from bargain import server

    if not check:
        server.check_mcp()
    cases = bg.load_cases(folder, only=case or None, records=records, strict=False)
    broken = dict(cases.broken)
    if check:
        broken |= _unreadable_approvals(cases)
        good = sorted(set(cases) - set(broken))
        if as_json:
            print_json({"cases": good, "broken": broken})
        else:
            for name in good:
                typer.echo(f"{name}: ok")
    for reason in broken.values():
        typer.echo(f"bargain: {reason}", err=True)
    if not check:
        _report_to_whoever_runs_it()
        typer.echo(f"bargain: serving {', '.join(cases)} on standard streams", err=True)
        # what waits for a line of input in a thread would only stop after that line
        signal.signal(signal.SIGINT, _stop)
        server.serve(cases, private=private)
    elif broken:
        raise typer.Exit(BAD_INPUT)


def _unreadable_approvals(cases: Cases) -> dict[str, str]:
    """Return what is wrong with files of approvals; they are read again at every move."""
    found = {}
    for name, case in cases.items():
        try:
            case.approved()
        except FileFormatError as error:
            found[name] = str(error)
    return found


def _report_to_whoever_runs_it() -> None:
    """Print what the tools log to standard error, which no model sees."""
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("bargain: %(message)s"))
    logging.getLogger("bargain").addHandler(handler)


def _stop(*_: Any) -> NoReturn:
    """End at once: answers are flushed and records are written whole, so nothing is lost."""
    os.write(2, b"bargain: interrupted\n")
    os._exit(INTERRUPTED)
