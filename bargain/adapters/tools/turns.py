"""Who may work on a record just now: one process at a time, as a lock of the operating system.

Such a lock goes with the process that holds it, however it ends, so that none is ever left behind.
The file that it is on is: it is empty, and may be deleted when nobody serves.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bargain.errors import FileFormatError
from bargain.files.text import reason

PATIENCE = 60.0
"""Seconds that are waited for another process; a move rarely takes one."""

PAUSE = 0.02
"""Seconds between two tries."""


@contextmanager
def one_at_a_time(path: Path, patience: float | None = None) -> Iterator[None]:
    """Hold a file while a block runs: no other process, and no other thread, holds it then.

    Parameters
    ----------
    path : Path
        Created where it is missing; never removed, as others may be waiting for it.
    patience : float, optional
        Seconds to wait for whoever holds it; `PATIENCE` by default.

    Raises
    ------
    FileFormatError
        If it cannot be opened or locked, or somebody holds it for longer than that.
    """
    patience = PATIENCE if patience is None else patience
    try:
        file = open(path, "ab")  # noqa: SIM115 - closed below, which also gives the lock back
    except OSError as error:
        expected = "a file to lock while a call is answered"
        raise FileFormatError(f"{path.name}: expected {expected}, got {reason(error)}") from None
    with file:
        end = time.monotonic() + patience
        while not _taken(file.fileno(), path):
            if time.monotonic() >= end:
                raise FileFormatError(
                    f"{path.name}: expected the other process that answers a call for this case "
                    f"to end within {patience:g} seconds, got no end"
                )
            time.sleep(PAUSE)
        yield


def _taken(handle: int, path: Path) -> bool:
    """Lock an open file, if nobody else holds it."""
    try:
        _lock(handle)
    except (BlockingIOError, PermissionError):
        # what is refused for now; Windows says that permission is denied
        return False
    except OSError as error:
        expected = "a folder of records on a disk that can lock files"
        raise FileFormatError(f"{path.name}: expected {expected}, got {reason(error)}") from None
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        # the first byte, whether it is there or not
        import os

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
