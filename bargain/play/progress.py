"""A bar that shows how far long work is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Report(Protocol):
    """What work in progress calls."""

    def __call__(self, done: int, said: str | None = None) -> None:
        """Show how much is done and, if anything, say something new beside it."""


@contextmanager
def progress_bar(total: int | None, said: str, *, shown: bool) -> Iterator[Report]:
    """Show a bar on stderr, or nothing, while work reports to what is yielded.

    Without a total the bar only shows that work goes on, and for how long.
    """

    def report(done: int, said: str | None = None) -> None:
        pass

    if not shown:
        yield report
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = ()
    if total is None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(said, total=total)

        def update(done: int, said: str | None = None) -> None:
            bar.update(task, completed=done, description=said)

        yield update
