"""What HiGHS prints whatever it is told, kept off standard output.

HiGHS 1.12 has a print statement left in its integer programs, which no option turns off: a large
search prints its line hundreds of times, past `sys.stdout`.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LEFT_IN = b"HighsMipSolverData::"
"""How the lines begin that are dropped; all else that was printed meanwhile is passed on."""

_lock = threading.Lock()
_inside = 0
_restore = -1
_kept = -1


@contextmanager
def without_stray_lines() -> Iterator[None]:
    """Hold back what is printed to standard output, and pass on all but the stray lines.

    File descriptors are the process's, so threads share one redirection: the first to come in
    makes it and the last to leave ends it. Where there is no standard output nothing is done.
    """
    global _inside
    with _lock:
        if _inside == 0:
            _hold_back()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _pass_on()


def _hold_back() -> None:
    global _restore, _kept
    _flush()
    try:
        _restore = os.dup(1)
    except OSError:
        # closed by whoever called
        _restore = -1
        return
    with tempfile.TemporaryFile() as file:
        _kept = os.dup(file.fileno())
    os.dup2(_kept, 1)


def _pass_on() -> None:
    global _restore
    if _restore < 0:
        return
    _flush()
    os.dup2(_restore, 1)
    os.close(_restore)
    _restore = -1
    with open(_kept, "rb") as file:
        file.seek(0)
        lines = [line for line in file if not line.startswith(LEFT_IN)]
    rest = b"".join(lines)
    while rest:
        rest = rest[os.write(1, rest) :]


def _flush() -> None:
    """Flush what C has buffered; where there is no such library it is not known how."""
    import ctypes

    try:
        ctypes.CDLL(None).fflush(None)
    except (TypeError, OSError, AttributeError):
        return
