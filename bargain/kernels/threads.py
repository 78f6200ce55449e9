"""How many threads get the work of a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import numba

SLICES_PER_THREAD = 8
"""Slices that each thread takes in turn, as some take longer than others."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Use one thread: there are others who work beside this one."""
    allowed = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(allowed)


def in_slices(
    work: Callable[[int, int], object],
    count: int,
    *,
    steps: int,
    steps_per_thread: int,
    slices_per_thread: int = SLICES_PER_THREAD,
) -> None:
    """Call work(start, stop) for slices of range(count), one thread for so many steps.

    At least one thread and at most all allowed: for less than about a millisecond of work a
    second one costs more than it gives. For kernels of one thread that write only at their own
    index, without numba's parallel loops: those took up to half of the time that compiling takes,
    and threads that wait here do not spin.
    """
    n_threads = min(numba.get_num_threads(), steps // steps_per_thread, count)
    if n_threads <= 1:
        work(0, count)
        return
    n_slices = min(count, n_threads * slices_per_thread)
    ends = [count * i // n_slices for i in range(n_slices + 1)]
    with ThreadPoolExecutor(n_threads) as pool:
        for finished in [pool.submit(work, *pair) for pair in pairwise(ends)]:
            finished.result()
