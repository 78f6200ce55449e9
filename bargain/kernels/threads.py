"""How many threads a parallel kernel gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numba


@contextmanager
def threads_for(steps: int, *, steps_per_thread: int) -> Iterator[None]:
    """Use one thread for each so many steps of work, at least one and at most all allowed.

    Threads wait for each other at the end of every parallel call, busily. For less than about a
    millisecond of work that costs more than a second thread gives, and on a loaded machine ten
    times the work itself.
    """
    allowed = numba.get_num_threads()
    numba.set_num_threads(max(1, min(allowed, steps // steps_per_thread)))
    try:
        yield
    finally:
        numba.set_num_threads(allowed)
