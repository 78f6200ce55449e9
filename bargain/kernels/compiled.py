"""How kernels are compiled: the flags, once.

Results must not depend on the flags, so there is no `fastmath` (it breaks tests for NaN and lets
sums differ between machines). Compiled code is kept on disk beside the package, or in the user's
cache directory where the package cannot be written (`NUMBA_CACHE_DIR` names another place);
where nothing can be written, each process compiles anew. What was kept counts only while no file
of this folder has changed, since a kernel holds compiled copies of those that it calls, and numba
itself looks at no file but the kernel's own.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def digest(folder: Path) -> str:
    """Return a digest of the Python files in a folder."""
    whole = sha256()
    for path in sorted(folder.glob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


SOURCES = digest(Path(__file__).parent)
"""Digest of all kernels."""


def compiled(function: F) -> F:
    """Compile a kernel for one thread when it is first called."""
    return _compile(function)


def uncounted(function: F) -> F:
    """Compile a kernel of one thread that counts no references to arrays.

    numba counts the references to each array at each call, also between kernels, which can take
    ten times longer than the work where many arrays are handed on in an innermost loop (copying
    the functions into one, `inline="always"`, leaves most of the counting in). Nothing is lost:
    the caller holds all arrays. But such a kernel can neither make an array nor return one.
    """
    return _compile(function, _nrt=False)


def merged(function: F) -> F:
    """As `uncounted`, made part of every such kernel that calls it.

    Handing on an array takes seven numbers, which where there are many costs more than the work.
    """
    return _compile(function, _nrt=False, forceinline=True)


def _compile(function: F, **flags: Any) -> F:
    flags = {"nogil": True, "error_model": "numpy", **flags}
    njit: Any = numba.njit
    try:
        kernel: F = njit(cache=True, **flags)(function)
    except RuntimeError as error:
        # Nowhere to write the cache.
        if "locator" not in str(error):
            raise
        kernel = njit(**flags)(function)
    else:
        if not _stamped(kernel):
            kernel = njit(**flags)(function)
    return kernel


def _stamped(kernel: Any) -> bool:
    """Bind what is kept of a kernel to the sources of all; returns whether numba lets us.

    numba has no public way: a release that does this otherwise compiles anew in each process,
    rather than running what may be stale.
    """
    try:
        file = kernel._cache._cache_file
        file._source_stamp = (file._source_stamp, SOURCES)
    except AttributeError:
        return False
    return True
