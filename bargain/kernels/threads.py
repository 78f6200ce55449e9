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
    """Call work(start, stop) for slices of range(count), on as many threads as `threads_for`.

    For kernels of one thread that write only at their own index, without numba's parallel loops:
    those took half of the time that compiling takes, and threads that wait here do not spin.
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
