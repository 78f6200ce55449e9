"""A bar that shows how far long work is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Report(Protocol):
    """What work in progress calls."""

    def __call__(self, done: float, said: str | None = None) -> None:
        """Show how much is done and, if anything, say something new beside it."""


STEPS = 500
"""In how many steps a bar moves at most: drawing must not cost more than the work."""


def silent(done: float, said: str | None = None) -> None:
    """Show nothing."""


@contextmanager
def progress_bar(total: int | None, said: str, *, shown: bool | Report) -> Iterator[Report]:
    """Show a bar on stderr, or nothing, while work reports to what is yielded.

    Without a total the bar only shows that work goes on, and for how long. If `shown` is itself
    a report, work reports to that: it is part of longer work.
    """
    if not isinstance(shown, bool):
        yield shown
        return
    if not shown:
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = ()
    if total is None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(said, total=total)
        drawn = 0.0

        def update(done: float, said: str | None = None) -> None:
            nonlocal drawn
            small = total is not None and 0 <= done - drawn < total / STEPS and done < total
            if small and said is None:
                return
            drawn = done
            bar.update(task, completed=done, description=said)

        yield update
